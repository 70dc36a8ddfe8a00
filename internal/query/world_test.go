package query_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// A world is a query store over the embedded stores on a file system in memory, with an engine
// that does what a test says. DuckDB is not linked here: package duckdb/worker has the tests of
// statements that really run.
type world struct {
	*query.Store
	t       testing.TB
	db      *embedded.Store
	buckets *bucket.Store
	tables  *table.Store
	engine  *scripted
}

const theBucket = "results"

// newWorld is a world with a bucket, over the stores on fs.
func newWorld(t testing.TB, fs vfs.FS) *world {
	t.Helper()
	w := &world{t: t, engine: &scripted{}}
	w.db = must(embedded.Open("data/db", fs, embedded.Options{Fatal: func(err error) { panic(err) }}))(t)
	blobs := must(blob.Open("data/blobs", fs))(t)
	w.buckets = bucket.New(w.db.Objects(), blobs, bucket.Options{Account: "123456789012", Region: "us-east-1"})
	w.tables = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{})
	w.Store = query.New(w.db.Executions(), w.tables, w.db.Offline(), w.buckets, w.engine, query.Options{Account: "123456789012", Region: "us-east-1"})
	if err := w.buckets.CreateBucket(t.Context(), theBucket); err != nil && feature.KindOf(err) != feature.Exists {
		t.Fatal(err)
	}
	return w
}

func (w *world) close() {
	w.t.Helper()
	if err := w.Close(); err != nil {
		w.t.Error(err)
	}
	if err := w.db.Close(); err != nil {
		w.t.Error(err)
	}
}

// start starts a statement in the feature store's database.
func (w *world) start(sql string) string {
	w.t.Helper()
	return must(w.Start(w.t.Context(), query.Request{SQL: sql, Database: table.FeatureStoreDatabase, OutputFolder: "s3://" + theBucket + "/out/"}))(w.t)
}

// end waits until an execution is final.
func (w *world) end(id string) *query.Execution {
	w.t.Helper()
	e := must(w.Get(w.t.Context(), id, time.Minute))(w.t)
	if !e.State.Final() {
		w.t.Fatalf("execution %s is %s", id, e.State)
	}
	return e
}

// succeed runs a statement that must SUCCEED.
func (w *world) succeed(sql string) *query.Execution {
	w.t.Helper()
	e := w.end(w.start(sql))
	if e.State != query.Succeeded {
		w.t.Fatalf("%s is %s: %+v", sql, e.State, e.Failure)
	}
	return e
}

// fail runs a statement that must be FAILED and returns why.
func (w *world) fail(sql string) query.Failure {
	w.t.Helper()
	e := w.end(w.start(sql))
	if e.State != query.Failed || e.Failure == nil {
		w.t.Fatalf("%s is %s: %+v", sql, e.State, e.Failure)
	}
	return *e.Failure
}

// object reads an object, and reports whether it is there.
func (w *world) object(uri string) (string, bool) {
	w.t.Helper()
	name, key, _ := strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
	o, err := w.buckets.Get(w.t.Context(), bucket.ObjectRef{Bucket: name, Key: key})
	if feature.KindOf(err) == feature.NotFound {
		return "", false
	}
	if err != nil {
		w.t.Fatal(err)
	}
	r := must(w.buckets.Open(w.t.Context(), o))(w.t)
	defer r.Close()
	return string(must(io.ReadAll(r))(w.t)), true
}

// A scripted engine does what a test says.
type scripted struct {
	mu    sync.Mutex // guards plans
	plans []*query.Plan
	// run stands in for Run; nil gives no rows.
	run func(ctx context.Context, p *query.Plan, started func(), rows func([][]*string) error) error
}

var _ query.Engine = (*scripted)(nil)

// Run implements query.Engine.
func (e *scripted) Run(ctx context.Context, p *query.Plan, started func(), rows func([][]*string) error) error {
	e.mu.Lock()
	e.plans = append(e.plans, p)
	e.mu.Unlock()
	if e.run == nil {
		started()
		return nil
	}
	return e.run(ctx, p, started, rows)
}

// Close implements query.Engine.
func (e *scripted) Close() error { return nil }

// gives makes an engine give rows; "<null>" is NULL.
func gives(result ...[]string) func(context.Context, *query.Plan, func(), func([][]*string) error) error {
	return func(_ context.Context, _ *query.Plan, started func(), rows func([][]*string) error) error {
		started()
		for _, texts := range result {
			row := make([]*string, len(texts))
			for i := range texts {
				if texts[i] != "<null>" {
					row[i] = &texts[i]
				}
			}
			if err := rows([][]*string{row}); err != nil {
				return err
			}
		}
		return nil
	}
}

// hangs makes an engine run until it is cancelled. What is sent on the channel says that it
// has begun.
func hangs(begun chan<- struct{}) func(context.Context, *query.Plan, func(), func([][]*string) error) error {
	return func(ctx context.Context, _ *query.Plan, started func(), _ func([][]*string) error) error {
		started()
		begun <- struct{}{}
		<-ctx.Done()
		return fmt.Errorf("cancelled: %w", ctx.Err())
	}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
