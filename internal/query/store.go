package query

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// Options set what surrounds executions.
type Options struct {
	Account string           // 12 digits: a name of the one catalog
	Region  string           // of the results' buckets
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: nothing is logged
}

// maxPlanned is how many statements may be planned at a time, and so hold a snapshot: those that run and
// those that wait for the engine. The others wait as they came.
const maxPlanned = 16

// A Store carries out statements. It is safe for concurrent use.
type Store struct {
	executions Executions
	tables     *table.Store
	offline    table.Offline
	buckets    *bucket.Store
	engine     Engine
	o          Options

	planned chan struct{} // holds one for each statement that is planned
	running sync.WaitGroup

	mu     sync.Mutex // guards closed and live
	closed bool
	live   map[string]*live
}

// live is an execution that this process carries out.
type live struct {
	cancel context.CancelCauseFunc
	done   chan struct{} // closed when the execution is final
}

// New returns a Store. Recover is to be called before the first Start.
func New(executions Executions, tables *table.Store, offline table.Offline, buckets *bucket.Store, engine Engine, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Store{
		executions: executions, tables: tables, offline: offline, buckets: buckets, engine: engine, o: o,
		planned: make(chan struct{}, maxPlanned), live: map[string]*live{},
	}
}

// The reasons for which an execution is cancelled.
var (
	errStopped = errors.New("stopped by its client")
	errClosing = errors.New("the server is shutting down")
)

// Recover ends the executions that an earlier process left QUEUED or RUNNING as FAILED.
func (s *Store) Recover(ctx context.Context) error {
	for e, err := range s.executions.List(ctx) {
		if err != nil {
			return fmt.Errorf("list executions: %w", err)
		}
		if e.State.Final() {
			continue
		}
		_, err := s.executions.Update(ctx, e.ID, func(e *Execution) {
			e.State, e.Completed = Failed, s.now()
			e.Failure = &Failure{Reason: "The server ended before the query did; run it again", Category: categorySystem, Type: typeInternal, Retryable: true}
		})
		if err != nil && feature.KindOf(err) != feature.Conflict {
			return fmt.Errorf("end execution %s: %w", e.ID, err)
		}
	}
	return nil
}

// Close cancels what runs and waits for it. Executions that were not final are FAILED.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	for _, l := range s.live {
		l.cancel(errClosing)
	}
	s.mu.Unlock()
	s.running.Wait()
	return nil
}

// now is the time as executions carry it.
func (s *Store) now() time.Time { return s.o.Now().UTC().Truncate(time.Millisecond) }
