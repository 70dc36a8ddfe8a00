package bucket

import (
	"context"
	"fmt"
	"time"
)

// Retention is how long the bytes of an object that was replaced or deleted stay: a reader that
// has listed it, and an engine that has its path, can still open it.
const Retention = time.Hour

// sweepBatch is how many blobs one step of a sweep takes.
const sweepBatch = 1000

// Sweep removes blobs until ctx ends: once the orphans, which a crash before this start left and
// nothing names; and at every interval those that were retired longer than Retention ago. What
// fails is logged and tried again at the next interval, an orphan at the next start.
func (s *Store) Sweep(ctx context.Context) {
	if err := s.sweepOrphans(ctx); err != nil && ctx.Err() == nil {
		s.options.Log.Warn("the sweep of blobs that nothing names did not end; the next start tries again", "error", err)
	}
	tick := time.NewTicker(s.options.SweepEvery)
	defer tick.Stop()
	for {
		if err := s.sweepRetired(ctx); err != nil && ctx.Err() == nil {
			s.options.Log.Warn("retired blobs could not be removed; the next sweep tries again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweepRetired removes what nobody can reach any more. The file goes before its line in the
// index: a crash between leaves a line whose blob is gone, which the next sweep forgets.
func (s *Store) sweepRetired(ctx context.Context) error {
	for {
		ids, err := s.index.Retired(ctx, s.options.Now().Add(-Retention), sweepBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := s.blobs.Remove(ctx, id); err != nil {
				return fmt.Errorf("remove blob %s: %w", id, err)
			}
		}
		if err := s.index.Forget(ctx, ids); err != nil {
			return err
		}
		if len(ids) < sweepBatch {
			return nil
		}
	}
}

// sweepOrphans removes the blobs that nothing names and that are older than this start. Blobs of
// this process are left alone whatever the clock says: they may be staged for a commit to come.
func (s *Store) sweepOrphans(ctx context.Context) error {
	defer s.forgetMade()
	var batch []BlobID
	for b, err := range s.blobs.All(ctx) {
		if err != nil {
			return err
		}
		if !b.Made.Before(s.started) {
			continue
		}
		if batch = append(batch, b.ID); len(batch) == sweepBatch {
			if err := s.removeOrphans(ctx, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	return s.removeOrphans(ctx, batch)
}

func (s *Store) removeOrphans(ctx context.Context, ids []BlobID) error {
	named, err := s.index.Named(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if named[id] || s.isMade(id) {
			continue
		}
		if err := s.blobs.Remove(ctx, id); err != nil {
			return fmt.Errorf("remove blob %s: %w", id, err)
		}
	}
	return nil
}

// remember notes a blob of this process.
func (s *Store) remember(id BlobID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made != nil {
		s.made[id] = struct{}{}
	}
}

func (s *Store) isMade(id BlobID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.made[id]
	return ok
}

func (s *Store) forgetMade() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made = nil
}
