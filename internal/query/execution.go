package query

import (
	"context"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// Final reports whether an execution in this state will not change any more.
func (s State) Final() bool { return s == Succeeded || s == Failed || s == Cancelled }

// Get returns an execution. If it runs, Get waits until it is final, but not longer than wait:
// a client that asks right after Start then need not ask again. NotFound.
func (s *Store) Get(ctx context.Context, id string, wait time.Duration) (*Execution, error) {
	if l := s.alive(id); l != nil && wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-l.done:
		case <-timer.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	e, err := s.executions.Get(ctx, id)
	if feature.KindOf(err) == feature.NotFound {
		return nil, feature.Errorf(feature.NotFound, "QueryExecution %s was not found", id)
	}
	return e, err
}

// Stop cancels an execution and returns when it is final. One that is final stays as it is.
// NotFound.
func (s *Store) Stop(ctx context.Context, id string) error {
	if l := s.alive(id); l != nil {
		l.cancel(errStopped)
		select {
		case <-l.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	_, err := s.Get(ctx, id, 0)
	return err
}

// alive returns the execution if this process carries it out.
func (s *Store) alive(id string) *live {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live[id]
}
