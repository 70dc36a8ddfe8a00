// Package duckdb is the query engine: it runs plans in worker processes, a few at a time, and
// outlives every one of them. It links no DuckDB itself; package duckdb/worker does.
package duckdb

import (
	"context"
	"errors"
	"log/slog"

	"github.com/larder-dev/larder/internal/query"
)

// Options say how a Pool runs its workers.
type Options struct {
	Command []string     // starts a worker: {executable, "worker"}
	Slots   int          // how many plans run at a time; 0: 2
	Memory  int64        // bytes for all workers together; 0: 2 GiB
	Scratch string       // directory for what does not fit into memory; emptied by Open
	Log     *slog.Logger // nil: nothing is logged
}

// A Pool is a query.Engine over worker processes. It is safe for concurrent use.
type Pool struct{}

var _ query.Engine = (*Pool)(nil)

// Open starts a pool.
func Open(o Options) (*Pool, error) { return &Pool{}, nil }

// Run implements query.Engine.
func (p *Pool) Run(ctx context.Context, plan *query.Plan, started func(), rows func(batch [][]*string) error) error {
	return errors.New("not written yet")
}

// Close ends every worker and waits for them.
func (p *Pool) Close() error { return nil }
