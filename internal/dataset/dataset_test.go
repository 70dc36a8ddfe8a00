package dataset_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
)

func TestADatasetHasOneRowForEachLabelInTheirOrder(t *testing.T) {
	w := newWorld(t, dataset.Options{})
	w.put("7", "2024-01-01T00:00:00Z", "1.5")
	w.put("7", "2024-02-01T00:00:00Z", "2.5")
	w.put("007", "2024-01-01T00:00:00Z", "9")
	source := w.upload("when,id,label\n2024-03-01,7,a\n2024-01-15 00:00:00,7,b\n2023-01-01,7,c\n,7,d\n2024-03-01,,e\n2024-03-01,007,f\n2024-03-01,8,g\n")
	d := w.ready("churn", spec(source))
	want := `when,id,label,at,spent,city
2024-03-01,7,a,2024-02-01T00:00:00Z,2.5,
2024-01-15 00:00:00,7,b,2024-01-01T00:00:00Z,1.5,
2023-01-01,7,c,,,
,7,d,,,
2024-03-01,,e,,,
2024-03-01,007,f,2024-01-01T00:00:00Z,9.0,
2024-03-01,8,g,,,
`
	if diff := cmp.Diff(want, w.csv(d.Ref())); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if d.Version != 1 || d.Rows != 7 || d.Groups[0].Rows != 3 || d.Groups[0].Schema() != 4 || d.By != "me" || d.Ended.Before(d.Started) || d.Scratch == 0 {
		t.Errorf("dataset %+v", d)
	}
	if left, err := w.fs.List("data/datasets"); err != nil || len(left) != 0 {
		t.Errorf("scratch that is left: %v, %v", left, err)
	}
	if acts := w.acts(d.Ref()); !slices.Equal(acts, []dataset.Act{dataset.Create, dataset.Download}) {
		t.Errorf("the audit trail has %v", acts)
	}
}

// acts are those of the audit trail of a dataset.
func (w *world) acts(r dataset.Ref) (acts []dataset.Act) {
	w.t.Helper()
	reads, err := w.Reads(w.t.Context(), r)
	w.check(err)
	for _, r := range collect(w.t, reads) {
		acts = append(acts, r.What)
	}
	return acts
}

func TestTheTrailHasOneDeletionHoweverOftenItIsAsked(t *testing.T) {
	w := newWorld(t, dataset.Options{})
	d := w.ready("churn", spec(w.upload("id,when\n7,2024-06-01\n")))
	for range 2 {
		d, err := w.Delete(t.Context(), d.Ref(), "me")
		if err != nil || d.Status != dataset.Deleted {
			t.Fatalf("%+v, %v", d, err)
		}
	}
	if acts := w.acts(d.Ref()); !slices.Equal(acts, []dataset.Act{dataset.Create, dataset.Delete}) {
		t.Errorf("the audit trail has %v", acts)
	}
}

// What is in memory at a time does not show in the rows, nor in the bytes of the file.
func TestLabelsThatDoNotFitIntoMemoryMakeTheSameDataset(t *testing.T) {
	files := map[string]bool{}
	hashes := map[string]bool{}
	for _, memory := range []int64{1, 4 << 20, 0} {
		w := newWorld(t, dataset.Options{Memory: memory})
		for i := range 30 {
			w.put(string(rune('0'+i%10)), stamp(i*5000), "0.5")
		}
		d := w.ready("many", spec(w.upload(manyLabels(17*dataset.BlockRows+77))))
		files[d.FileHash], hashes[d.Hash] = true, true
		if d.Rows != 17*dataset.BlockRows+77 {
			t.Errorf("%d rows", d.Rows)
		}
	}
	if len(files) != 1 || len(hashes) != 1 {
		t.Errorf("files %v, hashes %v", files, hashes)
	}
}

func TestAVerificationTellsHowFarItIs(t *testing.T) {
	w := newWorld(t, dataset.Options{})
	d := w.ready("churn", spec(w.upload("id,when\n7,2024-06-01\n")))
	w.Hold()
	ctx, cancel := context.WithCancel(t.Context())
	verified := make(chan error, 1)
	go func() {
		_, err := w.Verify(ctx, d.Ref(), "me")
		verified <- err
	}()
	phase := func() string {
		p, err := w.Get(t.Context(), d.Ref())
		w.check(err)
		return p.Phase
	}
	for phase() != "waiting" {
		runtime.Gosched()
	}
	cancel()
	if err := <-verified; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if p := phase(); p != "" {
		t.Errorf("phase %q of what has ended", p)
	}
}

func TestVerifyFindsTheSameAfterLaterWrites(t *testing.T) {
	w := newWorld(t, dataset.Options{})
	w.put("7", "2024-01-01T00:00:00Z", "1")
	d := w.ready("churn", spec(w.upload("id,when\n7,2024-06-01\n")))
	w.put("7", "2024-05-01T00:00:00Z", "2") // late: before the label
	w.put("7", "2024-01-01T00:00:00Z", "3") // again
	w.check(w.tables.FlushNow(t.Context()))
	w.restart()
	d, err := w.Verify(t.Context(), d.Ref(), "you")
	w.check(err)
	if v := d.Verified; v.Outcome != dataset.Same || v.By != "you" || v.SameFile == nil || !*v.SameFile || v.Hash != d.Hash || v.Rows != 1 {
		t.Errorf("verification %+v", v)
	}
	now := w.ready("churn", spec("s3://lake/labels.csv"))
	if now.Hash == d.Hash || now.Version != 2 {
		t.Errorf("version %d has the hash %s", now.Version, now.Hash)
	}
	held, err := w.db.Datasets().Update(t.Context(), now.Ref(), func(d *dataset.Dataset) error {
		d.Hash, d.Columns[4].Hash = "v1:0", "0"
		return nil
	})
	w.check(err)
	held, err = w.Verify(t.Context(), held.Ref(), "you")
	w.check(err)
	if v := held.Verified; v.Outcome != dataset.Differs || v.Reason != "the values of city differ" {
		t.Errorf("verification of another hash: %+v", v)
	}
}

func TestWhatAnEarlierProcessWasMakingHasFailed(t *testing.T) {
	w := newWorld(t, dataset.Options{})
	d := &dataset.Dataset{Name: "churn", Status: dataset.Running, Started: time.Now().UTC()}
	w.check(w.db.Datasets().Create(t.Context(), d))
	w.check(w.fs.MkdirAll("data/datasets/churn-1", 0o700))
	w.restart()
	got, err := w.Get(t.Context(), d.Ref())
	w.check(err)
	if got.Status != dataset.Failed || got.Failure != dataset.ErrStopped.Text || got.Ended.IsZero() {
		t.Errorf("dataset %+v", got)
	}
	if left, err := w.fs.List("data/datasets"); err != nil || len(left) != 0 {
		t.Errorf("scratch that is left: %v, %v", left, err)
	}
}

func TestADatasetThatWaitsCanBeCancelledAndIsFailedByClose(t *testing.T) {
	w := newWorld(t, dataset.Options{})
	source := w.upload("id,when\n7,2024-06-01\n")
	w.Hold()
	d, err := w.Start(t.Context(), "churn", spec(source), "me")
	w.check(err)
	if _, err := w.Verify(t.Context(), d.Ref(), "me"); feature.KindOf(err) != feature.Conflict {
		t.Errorf("verify of one that is Running: %v", err)
	}
	if _, err := w.Delete(t.Context(), d.Ref(), "me"); feature.KindOf(err) != feature.Conflict {
		t.Errorf("delete of one that is Running: %v", err)
	}
	if acts := w.acts(d.Ref()); len(acts) > 0 {
		t.Errorf("the audit trail of one that waits has %v", acts)
	}
	d, err = w.Cancel(t.Context(), d.Ref())
	if err != nil || d.Status != dataset.Cancelled {
		t.Errorf("cancel: %+v, %v", d, err)
	}
	if _, err := w.Cancel(t.Context(), d.Ref()); feature.KindOf(err) != feature.Conflict {
		t.Errorf("cancel again: %v", err)
	}
	second, err := w.Start(t.Context(), "churn", spec(source), "me")
	w.check(err)
	w.check(w.Store.Close())
	got, err := w.Get(t.Context(), second.Ref())
	w.check(err)
	if got.Status != dataset.Failed || got.Failure != dataset.ErrStopped.Text {
		t.Errorf("after Close it is %s: %s", got.Status, got.Failure)
	}
	if _, err := w.Start(t.Context(), "churn", spec(source), "me"); !errors.Is(err, dataset.ErrStopped) {
		t.Errorf("start after Close: %v", err)
	}
}

func TestOnlyWhatWasWrittenUpToAsOfCounts(t *testing.T) {
	w := newWorld(t, dataset.Options{})
	w.put("7", "2024-01-01T00:00:00Z", "1")
	first := w.ready("churn", spec(w.upload("id,when\n7,2024-06-01\n")))
	w.put("7", "2024-02-01T00:00:00Z", "2")
	w.check(w.tables.FlushNow(t.Context()))
	asked := spec("s3://lake/labels.csv")
	asked.AsOf = first.AsOf.Time()
	if again := w.ready("churn", asked); again.Hash != first.Hash || again.Groups[0].Rows != 1 {
		t.Errorf("as of the first: %+v", again)
	}
	if now := w.ready("churn", spec("s3://lake/labels.csv")); now.Hash == first.Hash || now.Groups[0].Rows != 2 {
		t.Errorf("now: %+v", now)
	}
}
