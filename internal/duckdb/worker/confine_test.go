package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/query"
)

func TestPlanReadsNothingButItsFiles(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	mine, other := parquet(t, "SELECT 'mine' AS id"), parquet(t, "SELECT 'secret' AS id")
	otherText := text(t, "secret")
	written := filepath.Join(t.TempDir(), "written")
	for _, sql := range []string{
		"SELECT id FROM " + literal(other.Path),
		"SELECT id FROM read_parquet(" + literal(other.Path) + ")",
		"SELECT id FROM read_parquet(" + literal(filepath.Join(filepath.Dir(mine.Path), "..", "*")) + ")",
		"SELECT * FROM read_csv(" + literal(otherText.Path) + ")",
		"SELECT content FROM read_text(" + literal(otherText.Path) + ")",
		"SELECT content FROM read_blob('/proc/self/environ')",
		"SELECT file FROM glob('/etc/*')",
		"COPY (SELECT 1) TO " + literal(written),
		"COPY (SELECT 1) TO " + literal(mine.Path),
		"EXPORT DATABASE " + literal(written),
		"ATTACH " + literal(written),
		"ATTACH ':memory:' AS x",
		"INSTALL httpfs",
		"LOAD httpfs",
		"LOAD " + literal(written),
		"SET enable_external_access=true",
		"SET lock_configuration=false",
		"SET memory_limit='100GB'",
		"PRAGMA enable_profiling",
		"CREATE TABLE x (i INTEGER)",
		"DROP VIEW r0",
		"SELECT 1; SELECT 2",
		"SELECT 1; COPY (SELECT 1) TO " + literal(written),
		"",
	} {
		plan := selectPlan(sql, 1)
		plan.Relations = []query.Relation{{Name: "r0", Columns: []query.RelationColumn{{Name: "id", Type: "VARCHAR"}}, Files: []query.File{mine}}}
		got, err := run(t.Context(), p, plan)
		if err == nil && len(got) > 0 {
			t.Errorf("%s gave %v", sql, got)
		}
		if strings.HasPrefix(sql, "SELECT file FROM glob") {
			continue // no rows is as good as an error
		}
		var e *query.EngineError
		if !errors.As(err, &e) {
			t.Errorf("%s: error %v", sql, err)
		}
	}
	if _, err := os.Stat(written); err == nil {
		t.Error("a plan wrote a file")
	}
	got, err := run(t.Context(), p, all(query.Relation{Columns: []query.RelationColumn{{Name: "id", Type: "VARCHAR"}}, Files: []query.File{mine}}))
	if diff := cmp.Diff([][]string{{"mine"}}, got); err != nil || diff != "" {
		t.Errorf("its own file: %v (-want +got):\n%s", err, diff)
	}
}

// hungry is a plan that wants more memory than any budget here, and no disk helps.
const hungry = "SELECT length(string_agg(repeat('x', 1000) || range::VARCHAR, '')) FROM range(3000000)"

func TestPlanThatEatsAllMemoryFailsAlone(t *testing.T) {
	p := openPool(t, duckdb.Options{Slots: 2, Memory: 512 << 20})
	beside := make(chan error, 1)
	go func() {
		for range 20 {
			got, err := run(context.Background(), p, selectPlan("SELECT count(*) FROM range(1000000)", 1))
			if err == nil && !cmp.Equal(got, [][]string{{"1000000"}}) {
				err = fmt.Errorf("got %v", got)
			}
			if err != nil {
				beside <- err
				return
			}
		}
		beside <- nil
	}()
	_, err := run(t.Context(), p, selectPlan(hungry, 1))
	var e *query.EngineError
	if !errors.As(err, &e) || e.Error() != "EXCEEDED_LOCAL_MEMORY_LIMIT: Query exceeded per-node memory limit of 256MB" {
		t.Errorf("the hungry plan: %v", err)
	}
	if err := <-beside; err != nil {
		t.Errorf("the plans beside it: %v", err)
	}
}

// endless is a plan that runs until somebody ends it.
const endless = "SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range + b.range = -1"

func TestCancelledPlanEndsSoonAndTheNextRuns(t *testing.T) {
	p := openPool(t, duckdb.Options{Slots: 1})
	for _, sql := range []string{endless, "SELECT range FROM range(100000000000)", "SELECT 1 FROM range(100000000) ORDER BY random()"} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		began := time.Now()
		_, err := run(ctx, p, selectPlan(sql, 1))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", sql, err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s took %v to end", sql, took)
		} else {
			t.Logf("%s ended %v after the cancel", sql, took-300*time.Millisecond)
		}
		if _, err := run(t.Context(), p, selectPlan("SELECT 1", 1)); err != nil {
			t.Error(err)
		}
	}
}

func TestErrorOfTheReaderEndsThePlan(t *testing.T) {
	p := openPool(t, duckdb.Options{Slots: 1})
	full := errors.New("disk is full")
	err := p.Run(t.Context(), selectPlan("SELECT range FROM range(100000000000)", 1), func() {}, func([][]*string) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if _, err := run(t.Context(), p, selectPlan("SELECT 1", 1)); err != nil {
		t.Error(err)
	}
}
