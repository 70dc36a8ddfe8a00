package featurestore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

const (
	// expiryPause is between two rounds.
	expiryPause = time.Second
	// expiryRound is how many records of a group a round removes at most, so that no group waits
	// long for another's.
	expiryRound = 10_000
	// expiryWriters is how many are removed at a time. Each waits for a sync, which they share.
	expiryWriters = 32
)

// Run removes records that have expired, until ctx ends, by the rounds of Expire. Nobody sees them
// before that either. It returns nil.
func (s *Store) Run(ctx context.Context) error {
	tick := time.NewTicker(expiryPause)
	defer tick.Stop()
	failing := false
	for {
		removed, err := s.Expire(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !failing:
			s.log.Error("records that have expired cannot be removed; nobody sees them, and it is tried again", "error", err)
		case err == nil && failing:
			s.log.Info("records that have expired are removed again")
		}
		failing = err != nil
		if err == nil && removed >= expiryRound {
			continue // a group may have more
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Expire removes records that have expired by now, and writes their markers to the offline history
// (contract §3.5). Of each group it removes a bounded number; it returns how many of all. What
// fails in one group does not keep it from the others.
func (s *Store) Expire(ctx context.Context) (removed int, err error) {
	var errs []error
	live := map[feature.GroupID]bool{}
	for g, err := range s.groups.List(ctx) {
		if err != nil {
			return removed, errors.Join(append(errs, fmt.Errorf("list groups: %w", err))...)
		}
		live[g.ID] = true
		if g.Online == nil {
			continue
		}
		n, err := s.expire(ctx, g)
		removed += n
		if err != nil {
			errs = append(errs, fmt.Errorf("expire records of group %s: %w", g.Name, err))
		}
		if ctx.Err() != nil {
			return removed, errors.Join(errs...)
		}
	}
	s.meter.keep(live)
	return removed, errors.Join(errs...)
}

// expire does a round on one group. Its error is one of those that it met.
func (s *Store) expire(ctx context.Context, g *feature.Group) (removed int, err error) {
	by := s.now()
	ids, err := s.records.Expired(ctx, g.ID, by, expiryRound)
	if err != nil {
		return 0, err
	}
	var done atomic.Int64
	var failure atomic.Pointer[error]
	severally(expiryWriters, len(ids), func(i int) {
		err := s.records.Do(ctx, g, ids[i], func(held *feature.Record) (feature.Decision, error) {
			return feature.DecideExpire(g, held, by)
		})
		switch {
		case err == nil:
			done.Add(1)
		case feature.KindOf(err) != feature.NotFound: // someone else wrote or removed it, or the group
			failure.Store(&err)
		}
	})
	if e := failure.Load(); e != nil {
		err = *e
	}
	return int(done.Load()), err
}

// severally calls do for 0 to n-1, at most so many at a time, and returns when all are done.
func severally(atATime, n int, do func(i int)) {
	if n == 1 {
		do(0)
		return
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(atATime, n) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	workers.Wait()
}
