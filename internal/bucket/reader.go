package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
)

// Open reads the bytes of an object, all its blobs in order. It stays readable until closed,
// also if the object is deleted meanwhile. A blob that is not as long as the index says is a fault.
func (s *Store) Open(ctx context.Context, o *Object) (ReadSeekCloser, error) {
	r := &reader{size: o.Size}
	end := int64(0)
	for _, part := range o.Blobs {
		end += part.Size
		r.ends = append(r.ends, end)
		if err := s.openPart(ctx, r, part); err != nil {
			return nil, errors.Join(fmt.Errorf("object %s of bucket %s: %w", o.Key, o.Bucket, err), r.Close())
		}
	}
	if end != o.Size {
		return nil, errors.Join(fmt.Errorf("object %s of bucket %s: %d bytes in blobs, %d in the index", o.Key, o.Bucket, end, o.Size), r.Close())
	}
	return r, nil
}

// openPart appends a blob to r. A kind of the blob store must not reach a caller: that a named
// blob is not there is our fault, not a missing key.
func (s *Store) openPart(ctx context.Context, r *reader, part BlobPart) error {
	b, err := s.blobs.Open(ctx, part.ID)
	if err != nil {
		return fmt.Errorf("open blob %s: %v", part.ID, err)
	}
	r.parts = append(r.parts, b)
	size, err := b.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("size of blob %s: %v", part.ID, err)
	}
	if size != part.Size {
		return fmt.Errorf("blob %s has %d bytes, the index says %d", part.ID, size, part.Size)
	}
	return nil
}

// A reader reads several blobs as one.
type reader struct {
	parts []ReadSeekCloser
	ends  []int64 // ends[i] is where parts[i] ends in the object
	size  int64
	at    int64
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	n, err := r.readAt(p, r.at)
	r.at += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

// ReadAt implements io.ReaderAt.
func (r *reader) ReadAt(p []byte, at int64) (int, error) {
	done := 0
	for done < len(p) {
		n, err := r.readAt(p[done:], at+int64(done))
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// readAt reads from one part, so it may read less than len(p) without an error.
func (r *reader) readAt(p []byte, at int64) (int, error) {
	switch {
	case at < 0:
		return 0, fmt.Errorf("read at %d: before the beginning", at)
	case len(p) == 0:
		return 0, nil
	case at >= r.size:
		return 0, io.EOF
	}
	i := sort.Search(len(r.ends), func(i int) bool { return r.ends[i] > at })
	begin := int64(0)
	if i > 0 {
		begin = r.ends[i-1]
	}
	p = p[:min(int64(len(p)), r.ends[i]-at)]
	n, err := r.parts[i].ReadAt(p, at-begin)
	if n == len(p) {
		return n, nil
	}
	if err == nil || err == io.EOF { // shorter than it was when it was opened
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Seek implements io.Seeker.
func (r *reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, fmt.Errorf("seek to %d: before the beginning", offset)
	}
	r.at = offset
	return offset, nil
}

// Close implements io.Closer.
func (r *reader) Close() error {
	var errs []error
	for _, part := range r.parts {
		errs = append(errs, part.Close())
	}
	r.parts = nil
	return errors.Join(errs...)
}
