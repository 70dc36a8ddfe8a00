package query

import (
	"context"
	"log/slog"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/table"
)

// Options set what surrounds executions.
type Options struct {
	Account string
	Region  string
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: nothing is logged
}

// A Store carries out statements. It is safe for concurrent use.
type Store struct{}

// New returns a Store. Recover is to be called before the first Start.
func New(executions Executions, tables *table.Store, offline table.Offline, buckets *bucket.Store, engine Engine, o Options) *Store {
	return &Store{}
}

// Recover ends the executions that an earlier process left QUEUED or RUNNING as FAILED.
func (s *Store) Recover(ctx context.Context) error { return nil }

// Close cancels what runs and waits for it. Executions that were not final are FAILED.
func (s *Store) Close() error { return nil }
