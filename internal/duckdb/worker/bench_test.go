package worker

import (
	"testing"

	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/query"
)

// BenchmarkPlan runs the smallest plan on a worker that is used again.
func BenchmarkPlan(b *testing.B) {
	p := openPool(b, duckdb.Options{})
	plan := selectPlan("SELECT 1", 1)
	for b.Loop() {
		if _, err := run(b.Context(), p, plan); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstPlan starts a worker for each plan and ends it.
func BenchmarkFirstPlan(b *testing.B) {
	for b.Loop() {
		p := openPool(b, duckdb.Options{Slots: 1})
		if _, err := run(b.Context(), p, selectPlan("SELECT 1", 1)); err != nil {
			b.Fatal(err)
		}
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkResult streams a million rows of four columns.
func BenchmarkResult(b *testing.B) {
	p := openPool(b, duckdb.Options{})
	plan := selectPlan("SELECT range, range * 0.5::DOUBLE, 'customer-' || range, TIMESTAMP '2024-01-01' + INTERVAL (range) SECOND FROM range(1000000)", 4)
	for b.Loop() {
		rows := 0
		err := p.Run(b.Context(), plan, func() {}, func(batch [][]*string) error {
			rows += len(batch)
			return nil
		})
		if err != nil || rows != 1_000_000 {
			b.Fatal(rows, err)
		}
	}
}

// BenchmarkRows loads 100,000 rows that are in no file.
func BenchmarkRows(b *testing.B) {
	p := openPool(b, duckdb.Options{})
	relation := query.Relation{Name: "r0", Columns: featureColumns, Rows: func(yield func([]any, error) bool) {
		for i := range int64(100_000) {
			if !yield([]any{"customer-0123456789", i, float64(i), nil, false}, nil) {
				return
			}
		}
	}}
	plan := selectPlan("SELECT count(*) FROM r0", 1)
	plan.Relations = []query.Relation{relation}
	for b.Loop() {
		if _, err := run(b.Context(), p, plan); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStatement is a statement from Start to its durable result.
func BenchmarkStatement(b *testing.B) {
	w := newWorld(b)
	g := w.customers()
	w.put(g, "a", "2024-01-01T00:00:00Z", "1", "0.5")
	for b.Loop() {
		w.sql(`SELECT * FROM "` + g.Offline.Table.Table + `"`)
	}
}
