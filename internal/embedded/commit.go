package embedded

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"
)

// A commit is a batch that is visible. It is durable when the channel is closed.
type commit struct {
	batch   *pebble.Batch
	durable chan struct{}
}

// A latch guards a set of keys: one identifier's stripe, the index, the tables, the executions.
//
// A writer holds mu while it reads, decides and applies, but not while the disk syncs: one sync
// then serves many writers. A batch is therefore visible before it is durable. A reader settles
// after it has read and before it answers, so nobody learns what a power failure could take back
// (docs/decisions/durable-reads.md). The log is one file in order, so a newer commit of the
// latch that is durable makes the older ones durable too.
type latch struct {
	mu    sync.Mutex
	heads *heads                 // guarded by mu; only those of records have any
	last  atomic.Pointer[commit] // the newest commit applied under mu; nil once it is durable
	// writes counts the commits applied under mu, twice each: before it is visible, and after. While it is odd, one
	// may be visible or not.
	writes atomic.Uint64
}

// settle returns when all that could be read under the latch before the call is durable.
func (l *latch) settle(ctx context.Context) error {
	c := l.last.Load()
	if c == nil {
		return nil
	}
	select {
	case <-c.durable:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refused is settle before an answer that is an error: why a write was refused may rest on what it
// was shown.
func (l *latch) refused(ctx context.Context, err error) error {
	if settle := l.settle(ctx); settle != nil {
		return settle
	}
	return err
}

// apply makes b visible. The caller holds mu of the latches, releases them and calls finish.
func (s *Store) apply(b *pebble.Batch, latches ...*latch) *commit {
	// A batch that could not be written leaves the database in pieces, and Pebble panics with its
	// own lock held. A recover further up, as in net/http, would keep such a server alive.
	defer func() {
		if r := recover(); r != nil {
			s.die(fmt.Errorf("commit: %v", r))
		}
	}()
	c := &commit{batch: b, durable: make(chan struct{})}
	// Before the batch is visible, so that whoever reads it finds the commit.
	for _, l := range latches {
		l.last.Store(c)
		l.writes.Add(1)
	}
	if err := s.db.ApplyNoSyncWait(b, pebble.Sync); err != nil {
		s.die(fmt.Errorf("commit: %w", err))
	}
	for _, l := range latches {
		l.writes.Add(1)
	}
	return c
}

// finish returns when c is durable.
func (s *Store) finish(c *commit, latches ...*latch) {
	if err := c.batch.SyncWait(); err != nil {
		s.die(fmt.Errorf("sync the log: %w", err))
	}
	close(c.durable)
	for _, l := range latches {
		l.last.CompareAndSwap(c, nil)
	}
	discard(c.batch)
}

// die ends the process: the batch may be visible and is not durable, and the log takes no more.
func (s *Store) die(err error) {
	s.fatal(err)
	panic("embedded: Options.Fatal returned")
}

// discard gives back the memory of a batch. The error could only say that it was closed twice.
func discard(b *pebble.Batch) { _ = b.Close() }
