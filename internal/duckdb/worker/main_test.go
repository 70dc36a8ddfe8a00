package worker

import (
	"context"
	"fmt"
	"iter"
	"os"
	"testing"

	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/query"
)

// TestMain lets the test binary be the worker too: this is the one test package that links
// DuckDB.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		if err := Main(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// openPool opens a pool over this binary.
func openPool(t testing.TB, o duckdb.Options) *duckdb.Pool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o.Command = []string{exe, "worker"}
	o.Scratch = t.TempDir() + "/scratch"
	p, err := duckdb.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// run runs a plan and returns its result; NULL is "<null>".
func run(ctx context.Context, p *duckdb.Pool, plan *query.Plan) ([][]string, error) {
	var all [][]string
	err := p.Run(ctx, plan, func() {}, func(batch [][]*string) error {
		for _, row := range batch {
			texts := make([]string, len(row))
			for i, v := range row {
				if texts[i] = "<null>"; v != nil {
					texts[i] = *v
				}
			}
			all = append(all, texts)
		}
		return nil
	})
	return all, err
}

// selectPlan is a plan without relations whose columns are all of one type.
func selectPlan(sql string, columns int) *query.Plan {
	p := &query.Plan{SQL: sql}
	for i := range columns {
		p.Columns = append(p.Columns, query.Column{Name: fmt.Sprintf("_col%d", i), Type: "varchar"})
	}
	return p
}

// rowsOf yields rows that are given.
func rowsOf(rows ...[]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}
