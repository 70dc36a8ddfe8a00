package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
)

// faults say how often calls fail, from the next one on.
type faults struct {
	mu sync.Mutex // guards what follows

	committed int // Commits that are carried out, and whose caller is told a fault
	updates   int // Updates that are not carried out
	undone    int // Updates that are carried out, and whose caller is told a fault
	applies   int // Applies that are not carried out
}

var errFault = errors.New("a fault that the test asked for")

func (f *faults) take(left *int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if *left == 0 {
		return false
	}
	*left--
	return true
}

// faultyImports fails as its faults say; nil for never.
type faultyImports struct {
	*embedded.Imports
	*faults
}

func (x *faultyImports) Commit(ctx context.Context, id string, objects []*bucket.Object, change func(*ingest.Import) error) (*ingest.Import, error) {
	i, err := x.Imports.Commit(ctx, id, objects, change)
	if err == nil && x.faults != nil && x.take(&x.committed) {
		return nil, errFault
	}
	return i, err
}

func (x *faultyImports) Update(ctx context.Context, id string, change func(*ingest.Import) error) (*ingest.Import, error) {
	if x.faults != nil && x.take(&x.updates) {
		return nil, errFault
	}
	i, err := x.Imports.Update(ctx, id, change)
	if err == nil && x.faults != nil && x.take(&x.undone) {
		return nil, errFault
	}
	return i, err
}

func (x *faultyImports) Apply(ctx context.Context, id string, g *feature.Group, records []*feature.Record,
	decide func(held *feature.Record, i int) feature.Decision, change func(*ingest.Import) error,
) error {
	if x.faults != nil && x.take(&x.applies) {
		return errFault
	}
	return x.Imports.Apply(ctx, id, g, records, decide, change)
}

// Whatever call fails with a fault, an import ends, and each of its rows is there once. What its commit
// left for the online store is not removed while the import may be committed.
func TestImportEndsWhateverCallsFail(t *testing.T) {
	tests := map[string]*faults{
		"a commit of which nobody hears":                               {committed: 1},
		"a commit of which nobody hears, and nothing can be noted":     {committed: 1, updates: 3},
		"records are not applied":                                      {applies: 9},
		"records are not applied, and nothing can be noted":            {applies: 2, updates: 2},
		"the end cannot be noted":                                      {updates: 1},
		"the end is noted, and nobody hears of it":                     {undone: 1},
		"a commit of which nobody hears, records that are not applied": {committed: 1, applies: 3, updates: 1},
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			rows := randomRows(rand.New(rand.NewPCG(4, 4)), 500)
			want := newWorld(t)
			g := want.group("g", nil)
			want.loaded(g, want.file("a.csv", asCSV(rows)))

			fs := vfs.NewMem()
			w := openFaulty(t, fs, 16<<10, f)
			defer w.close()
			check(t, w.Resume(t.Context()))
			check(t, w.buckets.CreateBucket(t.Context(), "lake"))
			g = w.group("g", nil)
			if i := w.loaded(g, w.file("a.csv", asCSV(rows))); i.Failure != "" || i.Taken != 500 || i.Applied != i.Online {
				t.Errorf("it has taken %d rows and applied %d of %d records: %s", i.Taken, i.Applied, i.Online, i.Failure)
			}
			if diff := cmp.Diff(features(want.rows(g)), features(w.rows(g))); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(want.held(g), w.held(g)); diff != "" {
				t.Errorf("held (-want +got):\n%s", diff)
			}
			if names := must(fs.List("data/imports"))(t); len(names) != 1 {
				t.Errorf("left in the directory: %v", names)
			}
		})
	}
}

// A failed import whose failure cannot be noted is read again, and fails again until it can be.
func TestImportThatFailsIsFailedWhenThatCanBeNoted(t *testing.T) {
	w := openFaulty(t, vfs.NewMem(), 16<<10, &faults{updates: 5})
	defer w.close()
	check(t, w.Resume(t.Context()))
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	g := w.group("g", nil)
	i := w.load(ingest.Request{Group: "g"}, w.file("a.parquet", []byte("none")))
	if i.Status != ingest.Failed || !strings.Contains(i.Failure, "damaged") || len(w.rows(g)) != 0 {
		t.Errorf("the import is %s: %s", i.Status, i.Failure)
	}
}

// While records cannot be applied, the import says so, others go on, and the next start ends it.
func TestImportThatCannotBeAppliedHoldsNobodyUp(t *testing.T) {
	fs := vfs.NewMem()
	f := &faults{applies: 1 << 40}
	w := openFaulty(t, fs, 16<<10, f)
	check(t, w.Resume(t.Context()))
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	g, other := w.group("g", nil), w.group("other", func(g *feature.Group) { g.Online = nil })
	content := "id,at\n"
	for i := range 3000 {
		content += fmt.Sprintf("id-%05d,2023-11-14T20:00:00Z\n", i)
	}
	stuck := w.start(ingest.Request{Group: "g"}, w.file("a.csv", []byte(content)))
	w.loaded(other, w.file("b.csv", []byte(content)))
	p := must(w.Get(t.Context(), stuck.ID))(t)
	if p.Status != ingest.Applying || !strings.Contains(p.Failure, "tries again") || len(w.rows(g)) != 3000 || len(w.held(g)) != 0 {
		t.Errorf("the import is %s (%s) with %d rows and %d records", p.Status, p.Failure, len(w.rows(g)), len(w.held(g)))
	}
	w.close()
	w = open(t, fs, 16<<10)
	defer w.close()
	check(t, w.Resume(t.Context()))
	ended := must(w.Wait(t.Context(), stuck.ID))(t)
	if ended.Status != ingest.Done || ended.Failure != "" || len(w.rows(g)) != 3000 || len(w.held(g)) != 3000 {
		t.Errorf("after a start it is %s (%s) with %d rows and %d records", ended.Status, ended.Failure, len(w.rows(g)), len(w.held(g)))
	}
}
