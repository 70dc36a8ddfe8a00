package bucket

import (
	"bytes"
	"context"
	"io"
	"maps"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/feature"
)

// Limits of S3.
const (
	MaxKey    = 1024    // bytes
	MaxPut    = 5 << 30 // bytes of one PUT, one part or one copy
	MaxObject = 5 << 40 // bytes of an object of parts
	MinPart   = 5 << 20 // bytes of every part but the last
	MaxParts  = 10000
)

// Content says how a body is kept. The zero value keeps the bytes and nothing else.
type Content struct {
	// Headers are given back to readers as they are (see Object.Headers). They are not changed.
	Headers map[string]string
	// Checksums are the algorithms to compute.
	Checksums []string
}

// Put stores body under a key, replacing what was there. The index changes only after body has
// returned io.EOF; an error of body is returned as it is and nothing is stored. only, if not
// nil, is asked under the index's lock with what is held at the key, nil for nothing; its error
// is returned and nothing is stored. BucketMissing, BadKey, KeyTooLong, RequestRefused,
// EntityTooLarge.
func (s *Store) Put(ctx context.Context, ref ObjectRef, body io.Reader, c Content, only func(held *Object) error) (*Object, error) {
	if err := s.checkPut(ctx, ref); err != nil {
		return nil, err
	}
	o, err := s.stage(ctx, ref, body, c)
	if err != nil {
		return nil, err
	}
	if err := s.commitPut(ctx, ref, o, Change{Put: []*Object{o}, Condition: only}); err != nil {
		return nil, err
	}
	return o, nil
}

// Stage stores body as Put does, but leaves the index alone: the object becomes visible when
// somebody commits it, table.Offline.CommitFlush or query.Executions.Update. If that commit did
// not happen, Discard the object. Nobody removes a staged object's bytes before the next start.
func (s *Store) Stage(ctx context.Context, ref ObjectRef, body io.Reader, c Content, rows *Rows) (*Object, error) {
	if err := s.checkPut(ctx, ref); err != nil {
		return nil, err
	}
	o, err := s.stage(ctx, ref, body, c)
	if err != nil {
		return nil, err
	}
	o.Rows = rows
	return o, nil
}

// StageNameless stores body as Stage does, for an object that will have no bucket and no key: whoever
// keeps it elsewhere than in the buckets commits it there.
func (s *Store) StageNameless(ctx context.Context, body io.Reader, rows *Rows) (*Object, error) {
	o, err := s.stage(ctx, ObjectRef{}, body, Content{})
	if err != nil {
		return nil, err
	}
	o.Rows = rows
	return o, nil
}

// Discard removes the bytes of staged objects that were certainly not committed. After an error
// that leaves open whether they were, leave them: the next start removes what is not named.
func (s *Store) Discard(ctx context.Context, staged ...*Object) {
	for _, o := range staged {
		for _, part := range o.Blobs {
			if err := s.blobs.Remove(ctx, part.ID); err != nil {
				s.options.Log.Warn("a blob that nothing names could not be removed; the next start tries again", "blob", part.ID, "error", err)
			}
		}
	}
}

func (s *Store) checkPut(ctx context.Context, ref ObjectRef) error {
	if err := checkKey(ref.Key); err != nil {
		return err
	}
	_, err := s.Bucket(ctx, ref.Bucket)
	return err
}

func checkKey(key string) error {
	switch {
	case key == "":
		return failf(BadKey, feature.Invalid, "An object needs a key.")
	case len(key) > MaxKey:
		return failf(KeyTooLong, feature.Invalid, "Your key is too long: it has %d bytes of UTF-8, the limit is %d.", len(key), MaxKey)
	case !utf8.ValidString(key):
		return failf(BadKey, feature.Invalid, "Couldn't parse the specified URI: the key %q is not UTF-8.", key)
	}
	return nil
}

// stage writes the blob and describes the object that it would be. Without bytes there is no blob.
func (s *Store) stage(ctx context.Context, ref ObjectRef, body io.Reader, c Content) (*Object, error) {
	d, err := newDigest(body, c.Checksums)
	if err != nil {
		return nil, err
	}
	var blobs []BlobPart
	first, err := firstBytes(d)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if err == nil {
		blob, err := s.create(ctx, io.MultiReader(bytes.NewReader(first), d))
		if err != nil {
			return nil, err
		}
		blobs = []BlobPart{blob}
	}
	return &Object{
		Bucket: ref.Bucket, Key: ref.Key, Blobs: blobs, Size: d.size, ETag: d.etag(), Modified: s.now(),
		Headers: maps.Clone(c.Headers), Checksums: d.checksums(),
	}, nil
}

// create makes a blob that the sweep of orphans leaves alone.
func (s *Store) create(ctx context.Context, body io.Reader) (BlobPart, error) {
	blob, err := s.blobs.Create(ctx, body)
	if err == nil {
		s.remember(blob.ID)
	}
	return blob, err
}

// firstBytes reads until there is a byte. io.EOF: there is none.
func firstBytes(r io.Reader) ([]byte, error) {
	b := make([]byte, 512)
	for {
		n, err := r.Read(b)
		if n > 0 && (err == nil || err == io.EOF) {
			return b[:n], nil // r returns io.EOF again
		}
		if err != nil {
			return nil, err
		}
	}
}

// commitPut commits a change that puts o, and removes o's bytes if that certainly did not happen.
func (s *Store) commitPut(ctx context.Context, ref ObjectRef, o *Object, c Change) error {
	err := s.index.Commit(ctx, c)
	if err == nil {
		return nil
	}
	if feature.KindOf(err) == feature.Fault {
		return err
	}
	s.Discard(ctx, o)
	return s.missing(ctx, ref, err)
}
