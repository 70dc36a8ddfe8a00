package backendtest

import (
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
)

// Datasets tests a dataset.Datasets, together with the index and the records of its backend.
func Datasets(t *testing.T, open Open) {
	t.Run("VersionsCountUp", func(t *testing.T) { datasetsVersions(t, open(t)) })
	t.Run("AsOfIsBetweenWrites", func(t *testing.T) { datasetsAsOf(t, open(t)) })
	t.Run("UpdateIsWholeOrNothing", func(t *testing.T) { datasetsUpdate(t, open(t)) })
	t.Run("UnfinishedAreThoseThatRun", func(t *testing.T) { datasetsUnfinished(t, open(t)) })
	t.Run("TheFileIsKeptWhileItIsNamed", func(t *testing.T) { datasetsFile(t, open(t)) })
	t.Run("TheTrailKeepsEverything", func(t *testing.T) { datasetsReads(t, open(t)) })
}

func newDataset(t tester, s Stores, name dataset.Name) *dataset.Dataset {
	t.Helper()
	d := &dataset.Dataset{Name: name, Status: dataset.Running, Started: noon, By: "me"}
	must(t, s.Datasets.Create(t.Context(), d))
	return d
}

func all[T any](t tester, seq iter.Seq2[*T, error]) []*T {
	t.Helper()
	var every []*T
	for v, err := range seq {
		must(t, err)
		every = append(every, v)
	}
	return every
}

func datasetsVersions(t *testing.T, s Stores) {
	b1, a1, b2 := newDataset(t, s, "b"), newDataset(t, s, "a"), newDataset(t, s, "b")
	longer := newDataset(t, s, "b-2") // begins like another
	for _, c := range []struct {
		name string
		d    *dataset.Dataset
		want int64
	}{{"first of b", b1, 1}, {"first of a", a1, 1}, {"second of b", b2, 2}, {"first of b-2", longer, 1}} {
		if c.d.Version != c.want {
			t.Errorf("%s: version %d, want %d", c.name, c.d.Version, c.want)
		}
		got, err := s.Datasets.Get(t.Context(), c.d.Ref())
		must(t, err)
		wantSame(t, "Get of "+c.name, c.d, got)
	}
	newest, err := s.Datasets.Get(t.Context(), dataset.Ref{Name: "b"})
	must(t, err)
	wantSame(t, "Get of the newest", b2, newest)
	wantSame(t, "List of all", []*dataset.Dataset{a1, b2, b1, longer}, all(t, s.Datasets.List(t.Context(), "")))
	wantSame(t, "List of b", []*dataset.Dataset{b2, b1}, all(t, s.Datasets.List(t.Context(), "b")))
	wantSame(t, "List of nothing", 0, len(all(t, s.Datasets.List(t.Context(), "c"))))
	_, err = s.Datasets.Get(t.Context(), dataset.Ref{Name: "b", Version: 3})
	wantKind(t, "Get of a version that is not there", err, feature.NotFound)
	_, err = s.Datasets.Get(t.Context(), dataset.Ref{Name: "c"})
	wantKind(t, "Get of a name that is not there", err, feature.NotFound)
}

// datasetsAsOf says that what was put before a dataset was created has an earlier write time, and what is put
// later a later one.
func datasetsAsOf(t *testing.T, s Stores) {
	g := newGroup(t, s, "g")
	put(t, s, g, record("1", 1, "1"))
	d := newDataset(t, s, "d")
	put(t, s, g, record("1", 2, "2"))
	snap, err := s.Offline.Snapshot(t.Context())
	must(t, err)
	var at []feature.Position
	for e, err := range snap.Entries(g.ID) {
		must(t, err)
		at = append(at, e.Position)
	}
	must(t, snap.Close())
	if len(at) != 2 || at[0] >= d.AsOf || at[1] <= d.AsOf {
		t.Errorf("as of %d between writes at %v", d.AsOf, at)
	}
	asked := &dataset.Dataset{Name: "d", Status: dataset.Running, Started: noon, AsOf: 5}
	must(t, s.Datasets.Create(t.Context(), asked))
	if asked.AsOf != 5 {
		t.Errorf("as of %d, and 5 was asked for", asked.AsOf)
	}
}

func datasetsUpdate(t *testing.T, s Stores) {
	d := newDataset(t, s, "d")
	got, err := s.Datasets.Update(t.Context(), d.Ref(), func(d *dataset.Dataset) error {
		d.Name, d.Version, d.By, d.Started, d.AsOf, d.Spec.Labels.Time = "x", 7, "you", noon.Add(time.Hour), 1, "t"
		d.Status, d.Rows = dataset.Ready, 3
		return nil
	})
	must(t, err)
	want := *d
	want.Status, want.Rows = dataset.Ready, 3
	wantSame(t, "Update", &want, got)
	refusal := errors.New("no")
	_, err = s.Datasets.Update(t.Context(), d.Ref(), func(d *dataset.Dataset) error {
		d.Status = dataset.Failed
		return refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("Update that is refused: %v", err)
	}
	got, err = s.Datasets.Get(t.Context(), d.Ref())
	must(t, err)
	wantSame(t, "Get after an Update that was refused", &want, got)
	_, err = s.Datasets.Update(t.Context(), dataset.Ref{Name: "c", Version: 1}, func(*dataset.Dataset) error { return nil })
	wantKind(t, "Update of what is not there", err, feature.NotFound)
}

// datasetsUnfinished says that Unfinished knows what is Running, and nothing that has ended, changed or not.
func datasetsUnfinished(t *testing.T, s Stores) {
	b1, a1, b2 := newDataset(t, s, "b"), newDataset(t, s, "a"), newDataset(t, s, "b")
	made := &dataset.Dataset{Name: "a", Status: dataset.Ready, Started: noon}
	must(t, s.Datasets.Create(t.Context(), made))
	for _, c := range []struct {
		name string
		d    *dataset.Dataset
		as   dataset.Status
		want []dataset.Ref
	}{
		{"nothing", b1, dataset.Running, []dataset.Ref{a1.Ref(), b2.Ref(), b1.Ref()}},
		{"the end of one", b1, dataset.Ready, []dataset.Ref{a1.Ref(), b2.Ref()}},
		{"the end of another", b2, dataset.Failed, []dataset.Ref{a1.Ref()}},
		{"a change of one that has ended", b1, dataset.Deleted, []dataset.Ref{a1.Ref()}},
		{"the end of all", a1, dataset.Cancelled, nil},
	} {
		_, err := s.Datasets.Update(t.Context(), c.d.Ref(), func(d *dataset.Dataset) error {
			d.Status = c.as
			return nil
		})
		must(t, err)
		got, err := s.Datasets.Unfinished(t.Context())
		must(t, err)
		wantSame(t, "Unfinished after "+c.name, c.want, got)
	}
}

func datasetsFile(t *testing.T, s Stores) {
	d := newDataset(t, s, "d")
	file := &bucket.Object{Blobs: []bucket.BlobPart{{ID: "rows", Size: 4}}, Size: 4, ETag: "e", Modified: noon}
	named := func(want bool) {
		t.Helper()
		got, err := s.Objects.Retired(t.Context(), time.Now().Add(time.Hour), 10)
		must(t, err)
		if retired := len(got) == 1; retired == want {
			t.Errorf("retired blobs: %v, and the dataset names its file: %v", got, want)
		}
	}
	_, err := s.Datasets.Update(t.Context(), d.Ref(), func(d *dataset.Dataset) error { d.File = file; return nil })
	must(t, err)
	_, err = s.Datasets.Update(t.Context(), d.Ref(), func(d *dataset.Dataset) error { d.Rows = 1; return nil })
	must(t, err)
	named(true)
	_, err = s.Datasets.Update(t.Context(), d.Ref(), func(d *dataset.Dataset) error { d.File = nil; return nil })
	must(t, err)
	named(false)
}

func datasetsReads(t *testing.T, s Stores) {
	first, second, other := newDataset(t, s, "d"), newDataset(t, s, "d"), newDataset(t, s, "e")
	var want []*dataset.Read
	for i, d := range []*dataset.Dataset{first, first, second, other} {
		r := &dataset.Read{Name: d.Name, Version: d.Version, At: noon.Add(time.Duration(i)), By: "me", What: dataset.Download, Format: dataset.Arrow}
		must(t, s.Datasets.Note(t.Context(), r))
		want = append(want, r)
	}
	wantSame(t, "Reads of a version", want[:2], all(t, s.Datasets.Reads(t.Context(), first.Ref())))
	wantSame(t, "Reads of a name", want[:3], all(t, s.Datasets.Reads(t.Context(), dataset.Ref{Name: "d"})))
	wantSame(t, "Reads of all", want, all(t, s.Datasets.Reads(t.Context(), dataset.Ref{})))
}
