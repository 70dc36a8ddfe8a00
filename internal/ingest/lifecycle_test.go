package ingest_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/parquet"
)

// start begins an import and does not wait for it.
func (w *world) start(r ingest.Request, uris ...string) *ingest.Import {
	w.t.Helper()
	for _, uri := range uris {
		r.Sources = append(r.Sources, ingest.Source{URI: uri})
	}
	return must(w.Start(w.t.Context(), &r))(w.t)
}

func TestImportsWaitInTheOrderOfTheirStartAndCanBeCancelled(t *testing.T) {
	w := newWorld(t)
	g, other := w.group("g", nil), w.group("other", nil)
	rows := asCSV(randomRows(rand.New(rand.NewPCG(5, 5)), 20_000))
	first := w.start(ingest.Request{Group: "g"}, w.file("1.csv", rows))
	second := w.start(ingest.Request{Group: "other"}, w.file("2.csv", rows))
	cancelled := must(w.Cancel(t.Context(), second.ID))(t)
	if cancelled.Status != ingest.Cancelled {
		t.Errorf("cancelled, the import is %s", cancelled.Status)
	}
	ended := must(w.Wait(t.Context(), first.ID))(t)
	if ended.Status != ingest.Done || len(w.rows(g)) != 20_000 {
		t.Errorf("the first import is %s and has %d rows", ended.Status, len(w.rows(g)))
	}
	ended = must(w.Wait(t.Context(), second.ID))(t)
	if ended.Status != ingest.Cancelled || len(w.rows(other)) != 0 {
		t.Errorf("the second import is %s and has %d rows", ended.Status, len(w.rows(other)))
	}
	if _, err := w.Cancel(t.Context(), first.ID); feature.KindOf(err) != feature.Conflict {
		t.Errorf("to cancel what is done: %v, want a Conflict", err)
	}
	var ids []string
	for i, err := range w.List(t.Context()) {
		check(t, err)
		ids = append(ids, i.ID)
	}
	if len(ids) != 2 {
		t.Errorf("listed: %q", ids)
	}
	// What was cancelled does not keep its token.
	again := w.loaded(other, "s3://lake/in/2.csv")
	if again.ID == second.ID || len(w.rows(other)) != 20_000 {
		t.Errorf("again: %s, %d rows", again.Status, len(w.rows(other)))
	}
}

func TestImportThatIsStoppedGoesOnAtTheNextStart(t *testing.T) {
	fs := vfs.NewMem()
	w := open(t, fs, 64<<10)
	check(t, w.Resume(t.Context()))
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	g := w.group("g", nil)
	i := w.start(ingest.Request{Group: "g"}, w.file("1.csv", asCSV(randomRows(rand.New(rand.NewPCG(5, 5)), 20_000))))
	w.close()
	w = open(t, fs, 64<<10)
	defer w.close()
	check(t, w.Resume(t.Context()))
	ended := must(w.Wait(t.Context(), i.ID))(t)
	if ended.Status != ingest.Done || len(w.rows(g)) != 20_000 {
		t.Errorf("the import is %s (%s) and has %d rows", ended.Status, ended.Failure, len(w.rows(g)))
	}
	p := must(w.Get(t.Context(), i.ID))(t)
	if diff := cmp.Diff(*ended, p.Import); diff != "" || p.Phase != "" {
		t.Errorf("Get in the phase %q (-Wait +Get):\n%s", p.Phase, diff)
	}
}

func TestImportOfASourceThatChangedFails(t *testing.T) {
	fs := vfs.NewMem()
	w := open(t, fs, 64<<10)
	defer w.close()
	check(t, fs.MkdirAll("data/imports", 0o700))
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	g := w.group("g", nil)
	// Nothing works before Resume, so the source changes between the two.
	i := w.start(ingest.Request{Group: "g"}, w.file("1.csv", []byte("id,at\na,2023-11-14T20:00:00Z\n")))
	w.file("1.csv", []byte("id,at\nb,2023-11-14T20:00:00Z\n"))
	check(t, w.Resume(t.Context()))
	ended := must(w.Wait(t.Context(), i.ID))(t)
	if ended.Status != ingest.Failed || !strings.Contains(ended.Failure, "changed after the import began") || len(w.rows(g)) != 0 {
		t.Errorf("the import is %s (%s) and has %d rows", ended.Status, ended.Failure, len(w.rows(g)))
	}
}

func TestImportIntoAGroupThatIsDeletedMeanwhileFails(t *testing.T) {
	w := open(t, vfs.NewMem(), 64<<10)
	defer w.close()
	check(t, w.fs.MkdirAll("data/imports", 0o700))
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	w.group("g", nil)
	i := w.start(ingest.Request{Group: "g"}, w.file("1.csv", []byte("id,at\na,2023-11-14T20:00:00Z\n")))
	check(t, w.groups.DeleteGroup(t.Context(), "g"))
	w.group("g", nil)
	check(t, w.Resume(t.Context()))
	ended := must(w.Wait(t.Context(), i.ID))(t)
	if ended.Status != ingest.Failed || !strings.Contains(ended.Failure, "was deleted") {
		t.Errorf("the import is %s: %s", ended.Status, ended.Failure)
	}
}

func TestImportOfTimestampsListsAndWholeDoubles(t *testing.T) {
	w := newWorld(t)
	g := w.group("g", func(g *feature.Group) {
		g.Online.StorageType = feature.InMemory
		g.Definitions = append(g.Definitions, feature.Definition{Name: "l", Type: feature.Integral, Collection: feature.List})
	})
	schema := must(parquet.NewSchema([]parquet.Column{
		{Name: "id", Type: parquet.Int64}, {Name: "at", Type: parquet.Instant}, {Name: "N", Type: parquet.Float64},
		{Name: "x", Type: parquet.Int64}, {Name: "s", Type: parquet.Boolean}, {Name: "l", Type: parquet.Int64, List: true},
	}))(t)
	var out strings.Builder
	p := parquet.NewWriter(&out, schema)
	at := time.Date(2023, 11, 14, 20, 0, 0, 250_000_000, time.UTC)
	for _, row := range [][]any{
		{int64(1), at, 7.0, int64(3), true, []any{int64(1), int64(2)}},
		{int64(2), at, nil, nil, nil, []any{}},
		{int64(3), at, 7.5, nil, nil, nil},                  // no whole number
		{int64(4), nil, nil, nil, nil, nil},                 // no event time
		{int64(5), at, nil, nil, nil, []any{int64(1), nil}}, // a null in a list
	} {
		check(t, p.Write(row))
	}
	check(t, p.Close())
	i := w.loaded(g, w.file("a.parquet", []byte(out.String())))
	want := map[string]string{
		"1": `2023-11-14T20:00:00.25Z 0 false 0="1"[] 1="2023-11-14T20:00:00.25Z"[] 2="7"[] 3="3"[] 4="true"[] 5=""["1" "2"]`,
		"2": `2023-11-14T20:00:00.25Z 0 false 0="2"[] 1="2023-11-14T20:00:00.25Z"[]`,
	}
	if diff := cmp.Diff(want, w.held(g)); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	if i.Refused != 3 {
		t.Errorf("refused: %q", w.refused(i))
	}
	_, prefix := g.Offline.Location()
	rows := int64(0)
	for o, err := range w.buckets.List(t.Context(), "lake", prefix, "") {
		check(t, err)
		if o.Rows != nil {
			rows += o.Rows.Count
		}
	}
	if rows != 2 {
		t.Errorf("the files have %d rows, want 2", rows)
	}
}
