package bucket

import "context"

// Delete removes objects of one bucket in one commit; a key that is not there is no error.
// only, if not nil, is asked for the first key. BucketMissing.
func (s *Store) Delete(ctx context.Context, bucket string, keys []string, only func(held *Object) error) error {
	if len(keys) == 0 {
		_, err := s.Bucket(ctx, bucket)
		return err
	}
	refs := make([]ObjectRef, len(keys))
	for i, key := range keys {
		refs[i] = ObjectRef{Bucket: bucket, Key: key}
	}
	if err := s.index.Commit(ctx, Change{Delete: refs, Condition: only}); err != nil {
		return s.missing(ctx, ObjectRef{Bucket: bucket}, err)
	}
	return nil
}
