package bucket

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// EndedFor is how long a completion of an upload can be repeated.
const EndedFor = time.Hour

// uploadsEvery is how often Sweep looks for uploads that are too old.
const uploadsEvery = time.Hour

// lapseSlack is how much longer than Retention a replaced object stays: a page of a listing that
// was within Retention when it began finds all that it needs.
const lapseSlack = 5 * time.Minute

// sweepBatch is how many blobs one step of a sweep takes.
const sweepBatch = 1000

// Sweep removes blobs until ctx ends: once the orphans, which a crash before this start left and
// nothing names; and at every interval what was replaced and those that were retired longer than
// Retention ago; and uploads that nobody completed. What fails is logged and tried again at the
// next interval, an orphan at the next start.
func (s *Store) Sweep(ctx context.Context) {
	if err := s.sweepOrphans(ctx); err != nil && ctx.Err() == nil {
		s.options.Log.Warn("the sweep of blobs that nothing names did not end; the next start tries again", "error", err)
	}
	tick := time.NewTicker(s.options.SweepEvery)
	defer tick.Stop()
	var uploads time.Time // when they were looked at
	for {
		if err := s.sweepRetired(ctx); err != nil && ctx.Err() == nil {
			s.options.Log.Warn("retired blobs could not be removed; the next sweep tries again", "error", err)
		}
		if now := s.options.Now(); now.Sub(uploads) >= uploadsEvery {
			uploads = now
			if err := s.sweepUploads(ctx); err != nil && ctx.Err() == nil {
				s.options.Log.Warn("old multipart uploads could not be ended; a later sweep tries again", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// SweepNow is one round of all that Sweep does. It is for one caller at a time, and not beside Sweep.
func (s *Store) SweepNow(ctx context.Context) error {
	return errors.Join(s.sweepOrphans(ctx), s.sweepRetired(ctx), s.sweepUploads(ctx))
}

// sweepUploads aborts the uploads that are too old, and forgets those that were completed.
func (s *Store) sweepUploads(ctx context.Context) error {
	now := s.options.Now()
	if err := s.index.ForgetEnded(ctx, now.Add(-EndedFor)); err != nil {
		return err
	}
	if s.options.UploadAge < 0 {
		return nil
	}
	buckets, err := s.index.Buckets(ctx)
	if err != nil {
		return err
	}
	for _, b := range buckets {
		uploads, err := s.index.ListUploads(ctx, b.Name)
		if err != nil {
			return err
		}
		for _, u := range uploads {
			if now.Sub(u.Started) < s.options.UploadAge {
				continue
			}
			// NotFound: its owner ended it meanwhile.
			if err := s.index.Commit(ctx, Change{EndUpload: u.ID}); err != nil && feature.KindOf(err) != feature.NotFound {
				return fmt.Errorf("end upload %s of %s: %w", u.ID, b.Name, err)
			}
		}
	}
	return nil
}

// sweepReplaced forgets the objects that were replaced too long ago; their blobs are garbage then.
func (s *Store) sweepReplaced(ctx context.Context) error {
	for {
		n, err := s.index.LapseReplaced(ctx, s.options.Now().Add(-s.options.Retention-lapseSlack), sweepBatch)
		if err != nil || n < sweepBatch {
			return err
		}
	}
}

// sweepRetired removes what nobody can reach any more. The file goes before its line in the
// index: a crash between leaves a line whose blob is gone, which the next sweep forgets.
func (s *Store) sweepRetired(ctx context.Context) error {
	if err := s.sweepReplaced(ctx); err != nil {
		return err
	}
	for {
		ids, err := s.index.Retired(ctx, s.options.Now().Add(-s.options.Retention), sweepBatch)
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
