package bucket

import (
	"context"

	"github.com/larder-dev/larder/internal/feature"
)

// PutStaged puts staged objects, in place of what is held at their keys, in one commit: whoever sees one
// of them sees all. They are discarded if that certainly did not happen. BucketMissing.
func (s *Store) PutStaged(ctx context.Context, staged []*Object) error {
	if len(staged) == 0 {
		return nil
	}
	err := s.index.Commit(ctx, Change{Put: staged})
	if err == nil || feature.KindOf(err) == feature.Fault {
		return err
	}
	s.Discard(context.WithoutCancel(ctx), staged...)
	return s.missing(ctx, ObjectRef{Bucket: staged[0].Bucket, Key: staged[0].Key}, err)
}
