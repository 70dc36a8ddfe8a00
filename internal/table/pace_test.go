package table_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// paced flushes n rows of one hour and returns how many pieces of work were begun, and their steps.
func paced(t *testing.T, n int, o table.Options) (pieces, steps int64) {
	var begun, stepped atomic.Int64
	o.Pace = func() func() {
		begun.Add(1)
		return func() { stepped.Add(1) }
	}
	w := open(t, vfs.NewMem(), o)
	check(t, w.buckets.CreateBucket(t.Context(), theBucket))
	g := w.group("weather", feature.String)
	for i := range n {
		check(t, w.tryPut(t.Context(), g, fmt.Sprintf("station-%04d", i), "2026-11-23T10:00:00Z", "39", "26.06", "clear"))
	}
	check(t, w.FlushNow(t.Context()))
	w.close()
	return begun.Load(), stepped.Load()
}

func TestAFlushMayRestBetweenRows(t *testing.T) {
	const rows = 300
	// Each row is read twice: to find the last, and to be flushed.
	if _, steps := paced(t, rows, table.Options{}); steps < 2*rows+rows/64 {
		t.Errorf("%d steps of a flush of %d rows", steps, rows)
	}
}

func TestAFlushThatLeavesRowsBehindDoesNotRestInItsFiles(t *testing.T) {
	// One row is a flush: reading and sorting them are two pieces, the look for the last is one, and the file of the last
	// flush may be one.
	if pieces, _ := paced(t, 5, table.Options{FlushBytes: 1}); pieces > 5*2+2 {
		t.Errorf("%d pieces of work that may rest", pieces)
	}
}
