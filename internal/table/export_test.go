package table

import (
	"context"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
)

// FlushDue is one beat of Run.
func (s *Store) FlushDue(ctx context.Context) { s.flushDue(ctx) }

// Visits tells how many hours the compactor will look at again.
func (s *Store) Visits() int {
	s.compactor.mu.Lock()
	defer s.compactor.mu.Unlock()
	return len(s.compactor.visits)
}

// Choose is the policy, with the defaults.
func (c Compaction) Choose(files []*bucket.Object, now time.Time) (merge []*bucket.Object, again time.Time) {
	return c.withDefaults().choose(files, 20, now)
}
