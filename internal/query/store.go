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
	Account string // 12 digits: a name of the one catalog
	Region  string // of the results' buckets
	// Keep is how long executions are remembered; 0: 45 days, as Athena does.
	Keep time.Duration
	// AsOf finds what a call of the table function as_of gives. An *AsOfError says which argument is wrong. nil: there is
	// no such function.
	AsOf func(ctx context.Context, r AsOfRequest) (*AsOfJoin, error)
	Now  func() time.Time // nil: time.Now
	Log  *slog.Logger     // nil: nothing is logged
}

// maxPlanned is how many statements may be planned at a time, and so hold a snapshot: those that run and
// those that wait for the engine. The others wait as they came.
const maxPlanned = 16

// A Store carries out statements. It is safe for concurrent use.
type Store struct {
	executions Catalog
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
func New(executions Catalog, tables *table.Store, offline table.Offline, buckets *bucket.Store, engine Engine, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Keep <= 0 {
		o.Keep = 45 * 24 * time.Hour
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

// ErrCutoff ends a plan that reads more bytes than it may.
var ErrCutoff = errors.New("more bytes than its work group allows")

// Recover ends the executions that an earlier process left QUEUED or RUNNING as FAILED.
func (s *Store) Recover(ctx context.Context) error {
	ids, err := s.executions.Unfinished(ctx)
	if err != nil {
		return fmt.Errorf("find unfinished executions: %w", err)
	}
	for _, id := range ids {
		_, err := s.executions.Update(ctx, id, func(e *Execution) {
			e.State, e.Completed = Failed, s.now()
			e.Failure = &Failure{Reason: "The server ended before the query did; run it again", Category: categorySystem, Type: typeInternal, Retryable: true}
		}, Effect{})
		if err != nil && feature.KindOf(err) != feature.Conflict {
			return fmt.Errorf("end execution %s: %w", id, err)
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
