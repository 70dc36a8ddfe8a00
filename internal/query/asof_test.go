package query_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// joins is a world whose calls of as_of have a feature spent, and are made as a test says.
type joins struct {
	*world
	made, closed atomic.Int64
	work         func(ctx context.Context, labels func(context.Context, func(io.Reader) error) error, read func(int64)) error
}

func newJoins(t *testing.T) *joins {
	t.Helper()
	w := &joins{world: newWorld(t, vfs.NewMem())}
	w.Store = query.New(w.db.Executions(), w.tables, w.db.Offline(), w.buckets, w.engine, query.Options{AsOf: func(context.Context, query.AsOfRequest) (*query.AsOfJoin, error) {
		return &query.AsOfJoin{Columns: []query.AsOfColumn{{Name: "spent", HiveType: "double"}}, Make: w.run}, nil
	}})
	t.Cleanup(w.close)
	return w
}

func (w *joins) run(ctx context.Context, _ table.Snapshot, labels func(context.Context, func(io.Reader) error) error, read func(int64)) (*query.AsOfRows, error) {
	w.made.Add(1)
	if w.work != nil {
		if err := w.work(ctx, labels, read); err != nil {
			return nil, err
		}
	}
	return &query.AsOfRows{Path: "/the/rows", Size: 7, Rows: 1, Close: func() error { w.closed.Add(1); return nil }}, nil
}

const joined = "SELECT spent FROM TABLE(as_of(TABLE(SELECT '1' AS id, DATE '2024-01-01' AS at), DESCRIPTOR(at), ARRAY['customers']))"

func TestLabelsRunBeforeTheirStatementAndTheRowsAreItsFile(t *testing.T) {
	w := newJoins(t)
	w.work = func(ctx context.Context, labels func(context.Context, func(io.Reader) error) error, read func(int64)) error {
		read(100)
		return labels(ctx, func(io.Reader) error { return nil })
	}
	e := w.succeed(joined)
	plans := w.engine.plans
	if len(plans) != 2 || plans[0].Write == nil || !plans[0].Write.Single || plans[1].Write != nil {
		t.Fatalf("plans %+v", plans)
	}
	if files := plans[1].Relations[0].Files; len(files) != 1 || files[0].Path != "/the/rows" || files[0].Size != 7 {
		t.Errorf("files %+v", files)
	}
	if e.Scanned != 100 || w.made.Load() != 1 || w.closed.Load() != 1 {
		t.Errorf("scanned %d, made %d, closed %d", e.Scanned, w.made.Load(), w.closed.Load())
	}
}

func TestRowsOfACallAreRemovedWhenTheStatementFails(t *testing.T) {
	w := newJoins(t)
	w.engine.run = func(_ context.Context, _ *query.Plan, started func(), _ func([][]*string) error) error {
		started()
		return &query.EngineError{Code: "DIVISION_BY_ZERO", Message: "Division by zero"}
	}
	if f := w.fail(joined); f.Reason != "DIVISION_BY_ZERO: Division by zero" || w.closed.Load() != 1 {
		t.Errorf("%+v, closed %d", f, w.closed.Load())
	}
}

func TestExplainAndViewsRunNoCall(t *testing.T) {
	w := newJoins(t)
	w.succeed("EXPLAIN " + joined)
	w.succeed("EXPLAIN (TYPE IO) " + joined)
	w.succeed("CREATE DATABASE IF NOT EXISTS sagemaker_featurestore")
	w.succeed("CREATE VIEW v AS " + joined)
	if n := w.made.Load(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestResultsOfCallsAreNotReused(t *testing.T) {
	w := newJoins(t)
	for range 2 {
		id := must(w.Start(t.Context(), query.Request{SQL: joined, OutputFolder: "s3://" + theBucket + "/out/", Reuse: &query.Reuse{Enabled: true, MaxAge: 60}}))(t)
		if e := w.end(id); e.State != query.Succeeded || e.Reused != "" {
			t.Errorf("%s, reused %q: %+v", e.State, e.Reused, e.Failure)
		}
	}
	if n := w.made.Load(); n != 2 {
		t.Errorf("%d calls", n)
	}
}

func TestACallEndsWhenItsStatementIsStopped(t *testing.T) {
	w := newJoins(t)
	begun := make(chan struct{})
	w.work = func(ctx context.Context, _ func(context.Context, func(io.Reader) error) error, _ func(int64)) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	}
	id := w.start(joined)
	<-begun
	if err := w.Stop(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if e := w.end(id); e.State != query.Cancelled || e.Failure.Reason != "Query cancelled by user" {
		t.Errorf("%s %+v", e.State, e.Failure)
	}
}

func TestACallThatReadsMoreThanItsWorkGroupAllowsIsCancelled(t *testing.T) {
	w := newJoins(t)
	if err := w.CreateWorkGroup(t.Context(), &query.WorkGroup{Name: "thrifty", Output: "s3://" + theBucket + "/", Cutoff: 10_000_000}); err != nil {
		t.Fatal(err)
	}
	for name, end := range map[string]func(context.Context) error{
		"while it reads": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"at its end":     func(context.Context) error { return nil },
	} {
		w.work = func(ctx context.Context, _ func(context.Context, func(io.Reader) error) error, read func(int64)) error {
			read(6_000_000)
			read(6_000_000)
			return end(ctx)
		}
		closed := w.closed.Load()
		e := w.end(must(w.Start(t.Context(), query.Request{SQL: joined, WorkGroup: "thrifty"}))(t))
		if e.State != query.Cancelled || !strings.Contains(e.Failure.Reason, "Bytes scanned limit was exceeded") || e.Scanned != 12_000_000 {
			t.Errorf("%s: %s %+v, scanned %d", name, e.State, e.Failure, e.Scanned)
		}
		if name == "at its end" && w.closed.Load() != closed+1 {
			t.Errorf("%s: the rows stay", name)
		}
	}
}

func TestErrorsOfCallsHaveNames(t *testing.T) {
	w := newJoins(t)
	for _, c := range []struct {
		err  error
		want string
	}{
		{feature.Errorf(feature.Invalid, "row 2 of the labels: no"), "INVALID_FUNCTION_ARGUMENT: line 1:31: Invalid argument LABELS: row 2 of the labels: no"},
		{feature.Errorf(feature.Conflict, "a file is damaged"), "HIVE_CURSOR_ERROR: a file is damaged"},
		{&vfsError{syscall.ENOSPC}, "GENERIC_INSUFFICIENT_RESOURCES: The disk of the server is full"},
		{errors.New("secret"), "GENERIC_INTERNAL_ERROR: The query failed by a fault of the server"},
	} {
		w.work = func(context.Context, func(context.Context, func(io.Reader) error) error, func(int64)) error {
			return c.err
		}
		if f := w.fail(joined); !strings.HasPrefix(f.Reason, c.want) {
			t.Errorf("%v: %s", c.err, f.Reason)
		}
	}
	plain := newWorld(t, vfs.NewMem())
	defer plain.close()
	if f := plain.fail(joined); f.Reason != "NOT_SUPPORTED: line 1:31: as_of is not supported by this server" {
		t.Errorf("without calls: %s", f.Reason)
	}
}

// A vfsError is what a file system says.
type vfsError struct{ err error }

func (e *vfsError) Error() string { return "write /the/rows: " + e.err.Error() }

func (e *vfsError) Unwrap() error { return e.err }
