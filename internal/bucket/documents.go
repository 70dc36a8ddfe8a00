package bucket

import (
	"context"
	"maps"

	"github.com/larder-dev/larder/internal/feature"
)

// A Document is a text of the caller's that is kept with a bucket: its policy, its tags.
type Document struct {
	Bucket, Name string
	Text         string // "" for none
}

// Document reads a document of a bucket, "" if it has none of that name. BucketMissing.
func (s *Store) Document(ctx context.Context, bucket, name string) (string, error) {
	b, err := s.Bucket(ctx, bucket)
	return b.Documents[name], err
}

// SetDocument keeps a document with its bucket, in place of the one of that name; an empty one is
// forgotten. BucketMissing.
func (s *Store) SetDocument(ctx context.Context, d Document) error {
	if err := s.index.Commit(ctx, Change{Documents: []Document{d}}); err != nil {
		return s.missing(ctx, ObjectRef{Bucket: d.Bucket}, err)
	}
	return nil
}

// SetHeader replaces one of the headers of an object, "" removes it; its bytes, its ETag and its
// time stay. BucketMissing, KeyMissing.
func (s *Store) SetHeader(ctx context.Context, ref ObjectRef, name, value string) error {
	for try := 1; ; try++ {
		held, err := s.index.Get(ctx, ref) // what was replaced keeps the headers that it had
		if err != nil {
			return s.missing(ctx, ref, err)
		}
		o := *held
		if o.Headers = maps.Clone(held.Headers); o.Headers == nil {
			o.Headers = map[string]string{}
		}
		if o.Headers[name] = value; value == "" {
			delete(o.Headers, name)
		}
		err = s.index.Commit(ctx, Change{Put: []*Object{&o}, Condition: unchanged(held)})
		if !reasoned(err) && feature.KindOf(err) == feature.Conflict && try < attempts {
			continue // somebody changed it meanwhile: look again
		}
		if err != nil {
			return s.missing(ctx, ref, err)
		}
		return nil
	}
}

// unchanged is the condition that an object is still as it was read. Its Conflict has no reason.
func unchanged(read *Object) func(held *Object) error {
	return func(held *Object) error {
		if held == nil || held.ETag != read.ETag || !held.Modified.Equal(read.Modified) || !maps.Equal(held.Headers, read.Headers) ||
			len(held.Blobs) != len(read.Blobs) || len(held.Blobs) > 0 && held.Blobs[0] != read.Blobs[0] {
			return feature.Errorf(feature.Conflict, "the object %q was changed meanwhile", read.Key)
		}
		return nil
	}
}
