// Package blob holds named bytes in a directory of the local disk, through a file-system
// interface, so that tests can crash it between any two operations. It knows no bucket and no
// key: a blob has a name of its own that is never used again, and its bytes never change.
package blob

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"iter"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// The layout is in docs/formats/blobs.md.
const (
	staging  = "staging"
	fanOut   = 256
	ownerOwn = 0o700
	category = vfs.DiskWriteCategory("larder-blob")
	// chunk is how much is read and written at a time. A small body costs one read and one write.
	chunk = 256 << 10
)

// A Store is a directory of blobs. It is safe for concurrent use, by one process at a time.
type Store struct {
	dir     string
	fs      vfs.FS
	buffers sync.Pool // of *[]byte, chunk long
}

var _ bucket.Blobs = (*Store)(nil)

// Open opens the directory, makes it if it is not there, and removes what a crash left half
// made. Directories are readable by their owner only, and so is all below them.
func Open(dir string, fs vfs.FS) (*Store, error) {
	s := &Store{dir: dir, fs: fs}
	s.buffers.New = func() any { b := make([]byte, chunk); return &b }
	if err := s.makeDirs(); err != nil {
		return nil, fmt.Errorf("make directories of blobs in %s: %w", dir, err)
	}
	half, err := fs.List(s.staging())
	if err != nil {
		return nil, fmt.Errorf("list half-made blobs: %w", err)
	}
	for _, name := range half {
		if err := fs.Remove(fs.PathJoin(s.staging(), name)); err != nil {
			return nil, fmt.Errorf("remove half-made blob: %w", err)
		}
	}
	return s, nil
}

// makeDirs makes every directory that Create needs, durably, so that Create makes none.
func (s *Store) makeDirs() error {
	// The directory that holds the first one made must be synced too, or a crash forgets them all.
	above := s.fs.PathDir(s.dir)
	for at := above; ; at = s.fs.PathDir(at) {
		if _, err := s.fs.Stat(at); err == nil || at == s.fs.PathDir(at) {
			break
		}
		above = s.fs.PathDir(at)
	}
	if err := s.fs.MkdirAll(s.dir, ownerOwn); err != nil {
		return err
	}
	have := map[string]bool{}
	names, err := s.fs.List(s.dir)
	if err != nil {
		return err
	}
	for _, name := range names {
		have[name] = true
	}
	want := []string{staging}
	for i := range fanOut {
		want = append(want, hex.EncodeToString([]byte{byte(i)}))
	}
	for _, name := range want {
		if have[name] {
			continue
		}
		if err := s.fs.MkdirAll(s.fs.PathJoin(s.dir, name), ownerOwn); err != nil {
			return err
		}
	}
	// Directories that were there may still be unsynced: the start that made them may have crashed.
	for at := s.dir; ; at = s.fs.PathDir(at) {
		if err := s.syncDir(at); err != nil || at == above || at == s.fs.PathDir(at) {
			return err
		}
	}
}

func (s *Store) staging() string { return s.fs.PathJoin(s.dir, staging) }

// Create stores all of r, and returns when it is durable. If r fails, or ctx ends, nothing is
// stored and the error is r's, or ctx's. Unavailable if the disk is full, and nothing is stored.
func (s *Store) Create(ctx context.Context, r io.Reader) (bucket.BlobPart, error) {
	id := newID()
	private := s.fs.PathJoin(s.staging(), string(id))
	size, err := s.write(ctx, private, r)
	if err == nil {
		err = s.publish(private, id)
	}
	if err != nil {
		// What is left is removed at the next Open if not here.
		return bucket.BlobPart{}, errors.Join(explain(err), s.unlessMissing(s.fs.Remove(private)))
	}
	return bucket.BlobPart{ID: id, Size: size}, nil
}

// write writes and syncs a file under its private name.
func (s *Store) write(ctx context.Context, name string, r io.Reader) (size int64, err error) {
	if err := s.room(); err != nil {
		return 0, err
	}
	f, err := s.fs.Create(name, category)
	if err != nil {
		return 0, fmt.Errorf("create blob: %w", err)
	}
	defer func() {
		if closeErr := f.Close(); err == nil && closeErr != nil {
			err = fmt.Errorf("close blob: %w", closeErr)
		}
	}()
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	for chunks := 1; ; chunks++ {
		if err := ctx.Err(); err != nil {
			return size, err
		}
		if chunks%looked == 0 {
			if err := s.room(); err != nil {
				return size, err
			}
		}
		n, readErr := fill(r, *buffer)
		if n > 0 {
			if _, err := f.Write((*buffer)[:n]); err != nil {
				return size, fmt.Errorf("write blob: %w", err)
			}
		}
		size += int64(n)
		if readErr == io.EOF {
			break
		}
		if readErr != nil {
			return size, readErr
		}
	}
	if err := f.Sync(); err != nil {
		return size, fmt.Errorf("sync blob: %w", err)
	}
	return size, nil
}

// fill reads until b is full or r ends or fails. Unlike io.ReadFull it returns r's own error.
func fill(r io.Reader, b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = r.Read(b[n:])
		n += m
	}
	return n, err
}

// publish gives a synced file its name. The private name need not be synced away: if a crash
// brings it back, the next Open removes it.
func (s *Store) publish(private string, id bucket.BlobID) error {
	final := s.Path(id)
	if err := s.fs.Rename(private, final); err != nil {
		return fmt.Errorf("name blob: %w", err)
	}
	if err := s.syncDir(s.fs.PathDir(final)); err != nil {
		// Nobody will learn the name, so the file goes; a start removes it if this does not.
		return errors.Join(fmt.Errorf("sync directory of blob: %w", err), s.fs.Remove(final))
	}
	return nil
}

func (s *Store) syncDir(name string) error {
	d, err := s.fs.OpenDir(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Path is where the engine finds the blob as a local file; "" for what is no BlobID.
func (s *Store) Path(id bucket.BlobID) string {
	if !valid(id) {
		return ""
	}
	return s.fs.PathJoin(s.dir, string(id[:2]), string(id))
}

// Open reads a blob. It stays readable until closed, even if it is removed meanwhile.
func (s *Store) Open(ctx context.Context, id bucket.BlobID) (bucket.ReadSeekCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !valid(id) {
		return nil, feature.Errorf(feature.NotFound, "no blob %q", id)
	}
	f, err := s.fs.Open(s.Path(id))
	if isMissing(err) {
		return nil, feature.Errorf(feature.NotFound, "no blob %q", id)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &file{File: f, section: io.NewSectionReader(f, 0, info.Size())}, nil
}

// file is a vfs.File that can seek.
type file struct {
	vfs.File
	section *io.SectionReader
}

// Read implements io.Reader.
func (f *file) Read(p []byte) (int, error) { return f.section.Read(p) }

// ReadAt implements io.ReaderAt.
func (f *file) ReadAt(p []byte, at int64) (int, error) { return f.section.ReadAt(p, at) }

// Seek implements io.Seeker.
func (f *file) Seek(offset int64, whence int) (int64, error) { return f.section.Seek(offset, whence) }

// Remove removes a blob; of one that is not there it is no error. The removal need not survive a
// crash: a blob that comes back is one that nothing names, and the next start removes it.
func (s *Store) Remove(ctx context.Context, id bucket.BlobID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !valid(id) {
		return nil
	}
	return s.unlessMissing(s.fs.Remove(s.Path(id)))
}

// All yields every blob and when it was made, in no order. A blob that is made or removed
// meanwhile may be yielded or not.
func (s *Store) All(ctx context.Context) iter.Seq2[bucket.BlobInfo, error] {
	return func(yield func(bucket.BlobInfo, error) bool) {
		for i := range fanOut {
			dir := s.fs.PathJoin(s.dir, hex.EncodeToString([]byte{byte(i)}))
			names, err := s.fs.List(dir)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(bucket.BlobInfo{}, err)
				return
			}
			for _, name := range names {
				if !valid(bucket.BlobID(name)) { // not ours: leave it alone
					continue
				}
				info, err := s.fs.Stat(s.fs.PathJoin(dir, name))
				if isMissing(err) {
					continue
				}
				if err != nil {
					yield(bucket.BlobInfo{}, err)
					return
				}
				b := bucket.BlobInfo{BlobPart: bucket.BlobPart{ID: bucket.BlobID(name), Size: info.Size()}, Made: info.ModTime()}
				if !yield(b, nil) {
					return
				}
			}
		}
	}
}

func isMissing(err error) bool { return errors.Is(err, iofs.ErrNotExist) }

func (s *Store) unlessMissing(err error) error {
	if isMissing(err) {
		return nil
	}
	return err
}

// newID returns a name of 128 random bits, never given before. The first two characters spread
// evenly over the directories.
func newID() bucket.BlobID {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program if it cannot
	return bucket.BlobID(hex.EncodeToString(b[:]))
}

// valid keeps anything but our own names from becoming a path.
func valid(id bucket.BlobID) bool {
	if len(id) != 32 {
		return false
	}
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
