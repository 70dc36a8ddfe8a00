package bucket

import (
	"context"
	"iter"
	"slices"

	"github.com/larder-dev/larder/internal/feature"
)

// Exchange puts a staged object in the place of others, in one commit: a listing or a table shows the
// one or the others. The others stay readable under their keys for the time of a Replace. Conflict,
// and nothing changed, if one of them is not held as it is given; NotFound if the bucket is gone. In
// both cases the staged object is discarded.
func (s *Store) Exchange(ctx context.Context, staged *Object, others []*Object) error {
	c := Change{Put: []*Object{staged}, Require: slices.Clone(others)}
	for _, o := range others {
		c.Replace = append(c.Replace, ObjectRef{Bucket: o.Bucket, Key: o.Key})
	}
	err := s.index.Commit(ctx, c)
	if err != nil && feature.KindOf(err) != feature.Fault {
		s.Discard(context.WithoutCancel(ctx), staged)
	}
	return err
}

// Replaced yields the objects of a bucket that an Exchange replaced and that are still readable under
// their keys, those whose key has the prefix, in byte order of the keys.
func (s *Store) Replaced(ctx context.Context, bucket, prefix string) iter.Seq2[*Object, error] {
	return s.index.ListReplaced(ctx, bucket, prefix)
}
