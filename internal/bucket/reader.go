package bucket

import "context"

// Open reads the bytes of an object, all its blobs in order. It stays readable until closed,
// also if the object is deleted meanwhile.
func (s *Store) Open(ctx context.Context, o *Object) (ReadSeekCloser, error) { return nil, nil }
