package duckdb

import (
	"context"
	"slices"
	"sync"
)

// turns lets a number of callers in at a time; the others wait in the order in which they came.
type turns struct {
	mu      sync.Mutex // guards the rest
	free    int
	waiting []chan struct{} // closed when it is that one's turn
}

func newTurns(n int) *turns { return &turns{free: n} }

// take waits for a turn. If ctx ends first it returns the cause.
func (t *turns) take(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	t.mu.Lock()
	if t.free > 0 {
		t.free--
		t.mu.Unlock()
		return nil
	}
	mine := make(chan struct{})
	t.waiting = append(t.waiting, mine)
	t.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	i := slices.Index(t.waiting, mine)
	if i >= 0 {
		t.waiting = slices.Delete(t.waiting, i, i+1)
	}
	t.mu.Unlock()
	if i < 0 {
		t.give() // the turn came meanwhile
	}
	return context.Cause(ctx)
}

// give hands a turn to who waits longest.
func (t *turns) give() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) == 0 {
		t.free++
		return
	}
	close(t.waiting[0])
	t.waiting = t.waiting[1:]
}
