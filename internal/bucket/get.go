package bucket

import (
	"context"
	"iter"

	"github.com/larder-dev/larder/internal/feature"
)

// Get reads what is known of an object. One that a compaction replaced is no longer listed, but
// found for Options.Retention by who listed it before. BucketMissing, KeyMissing. The object is
// shared: it must not be changed.
func (s *Store) Get(ctx context.Context, ref ObjectRef) (*Object, error) {
	o, err := s.index.Get(ctx, ref)
	if feature.KindOf(err) == feature.NotFound {
		if replaced, err := s.index.GetReplaced(ctx, ref); feature.KindOf(err) != feature.NotFound || err == nil {
			return replaced, err
		}
	}
	if err != nil {
		return nil, s.missing(ctx, ref, err)
	}
	return o, nil
}

// Paths returns where the engine finds the bytes of an object as local files, in order.
func (s *Store) Paths(o *Object) []string {
	paths := make([]string, len(o.Blobs))
	for i, part := range o.Blobs {
		paths[i] = s.blobs.Path(part.ID)
	}
	return paths
}

// List yields the objects of a bucket whose key has the prefix and sorts after after, in byte
// order of the keys, as they stand at one moment. BucketMissing.
func (s *Store) List(ctx context.Context, bucket, prefix, after string) iter.Seq2[*Object, error] {
	return func(yield func(*Object, error) bool) {
		for o, err := range s.index.List(ctx, bucket, prefix, after) {
			if err != nil {
				err = s.missing(ctx, ObjectRef{Bucket: bucket}, err)
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}
