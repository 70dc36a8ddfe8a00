package embedded

import (
	"slices"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// runsOf returns the runs of a group as a snapshot shows them.
func runsOf(t *testing.T, s *Store, g feature.GroupID) []*table.Run {
	t.Helper()
	sn, err := s.Offline().Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []*table.Run
	for r, err := range sn.Runs(g) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if err := sn.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

func folders(runs []*table.Run) []string {
	var all []string
	for _, r := range runs {
		all = append(all, r.Folder)
	}
	return all
}

// retired returns the blobs that nobody needs any more.
func retired(t *testing.T, s *Store) []bucket.BlobID {
	t.Helper()
	ids, err := s.Objects().Retired(t.Context(), time.Now().Add(time.Hour), 100)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	return ids
}

const january = "year=2026/month=01/"

// withRuns is a store with two groups that have runs, of a month and of days; the first has a table.
func withRuns(t *testing.T) (s *Store, first, second *feature.Group) {
	t.Helper()
	s = reopen(t, vfs.NewMem(), Options{})
	first, second = sampleGroup("first"), sampleGroup("second")
	for _, g := range []*feature.Group{first, second} {
		if err := s.Groups().Create(t.Context(), g); err != nil {
			t.Fatal(err)
		}
	}
	tb := &table.Table{Database: table.FeatureStoreDatabase, Name: "first", Group: first.ID}
	if err := s.Tables().CreateTable(t.Context(), tb); err != nil {
		t.Fatal(err)
	}
	for _, r := range []*table.Run{
		sampleRun(first.ID, january, "a"),
		sampleRun(first.ID, "year=2026/month=02/day=01/", "b"), sampleRun(first.ID, "year=2026/month=02/day=02/", "c"),
		sampleRun(second.ID, january, "d"),
	} {
		commitRun(t, s, r)
	}
	return s, first, second
}

func commitRun(t *testing.T, s *Store, r *table.Run) {
	t.Helper()
	if err := s.Offline().CommitRun(t.Context(), r); err != nil {
		t.Fatal(err)
	}
}

func TestRunTakesThePlaceOfThoseOfItsFolder(t *testing.T) {
	s, g, other := withRuns(t)
	commitRun(t, s, sampleRun(g.ID, january, "e"))                      // the same folder
	commitRun(t, s, sampleRun(g.ID, "year=2026/month=02/", "f"))        // that of the days
	commitRun(t, s, sampleRun(g.ID, "year=2026/month=01/day=31/", "g")) // a day of the month
	if diff := cmp.Diff([]string{"year=2026/month=01/day=31/", "year=2026/month=02/"}, folders(runsOf(t, s, g.ID))); diff != "" {
		t.Errorf("folders (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]bucket.BlobID{"a", "b", "c", "e"}, retired(t, s)); diff != "" {
		t.Errorf("blobs that are needed no more (-want +got):\n%s", diff)
	}
	if n := len(runsOf(t, s, other.ID)); n != 1 {
		t.Errorf("the other group has %d runs", n)
	}
}

func TestRunsGoWithTheirGroup(t *testing.T) {
	s, g, other := withRuns(t)
	if err := s.Groups().Delete(t.Context(), g.Name); err != nil {
		t.Fatal(err)
	}
	if n, m := len(runsOf(t, s, g.ID)), len(runsOf(t, s, other.ID)); n != 0 || m != 1 {
		t.Errorf("%d runs of the group that was deleted, %d of the other", n, m)
	}
	if diff := cmp.Diff([]bucket.BlobID{"a", "b", "c"}, retired(t, s)); diff != "" {
		t.Errorf("blobs that are needed no more (-want +got):\n%s", diff)
	}
	err := s.Offline().CommitRun(t.Context(), sampleRun(g.ID, january, "late"))
	if feature.KindOf(err) != feature.NotFound {
		t.Errorf("a run of a group that was deleted: %v", err)
	}
	if named, err := s.Objects().Named(t.Context(), []bucket.BlobID{"late"}); err != nil || named["late"] {
		t.Errorf("its blob is named: %v", err)
	}
}

func TestRunsGoWithTheirTable(t *testing.T) {
	for name, drop := range map[string]func(s *Store) error{
		"table":    func(s *Store) error { return s.Tables().DeleteTable(t.Context(), table.FeatureStoreDatabase, "first") },
		"database": func(s *Store) error { return s.Tables().DeleteDatabase(t.Context(), table.FeatureStoreDatabase) },
	} {
		s, g, other := withRuns(t)
		if err := drop(s); err != nil {
			t.Fatal(err)
		}
		if n, m := len(runsOf(t, s, g.ID)), len(runsOf(t, s, other.ID)); n != 0 || m != 1 {
			t.Errorf("after the end of the %s: %d runs of its group, %d of the other", name, n, m)
		}
	}
}

func TestDropRunsLeavesAnotherRunOfTheFolder(t *testing.T) {
	s, g, _ := withRuns(t)
	old := runsOf(t, s, g.ID)
	commitRun(t, s, sampleRun(g.ID, january, "new"))
	if err := s.Offline().DropRuns(t.Context(), old[:2]); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{january, "year=2026/month=02/day=02/"}, folders(runsOf(t, s, g.ID))); diff != "" {
		t.Errorf("folders (-want +got):\n%s", diff)
	}
	if err := s.Offline().DropRuns(t.Context(), old); err != nil { // once more
		t.Fatal(err)
	}
	if diff := cmp.Diff([]bucket.BlobID{"a", "b", "c"}, retired(t, s)); diff != "" {
		t.Errorf("blobs that are needed no more (-want +got):\n%s", diff)
	}
}

// The bytes of a run stay for a snapshot that shows it.
func TestSnapshotKeepsTheBlobsOfItsRuns(t *testing.T) {
	s, g, _ := withRuns(t)
	sn, err := s.Offline().Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Groups().Delete(t.Context(), g.Name); err != nil {
		t.Fatal(err)
	}
	if ids := retired(t, s); len(ids) != 0 {
		t.Errorf("%q may go while a snapshot shows them", ids)
	}
	n := 0
	for _, err := range sn.Runs(g.ID) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if err := sn.Close(); err != nil {
		t.Fatal(err)
	}
	if ids := retired(t, s); n != 3 || len(ids) != 3 {
		t.Errorf("the snapshot shows %d runs; then %q may go", n, ids)
	}
}

// Nothing that names buckets and objects can come upon a run.
func TestRunsAreInNoBucket(t *testing.T) {
	s, _, _ := withRuns(t)
	ctx := t.Context()
	if all, err := s.Objects().Buckets(ctx); err != nil || len(all) != 0 {
		t.Errorf("buckets %v, %v", all, err)
	}
	sn, err := s.Offline().Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := sn.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, name := range []string{"", "R", ".runs", "b", "\x00"} {
		for o, err := range sn.Objects(name, "") {
			t.Errorf("the bucket %q has %v, %v", name, o, err)
		}
		for o, err := range s.Objects().ListReplaced(ctx, name, "") {
			t.Errorf("the bucket %q had %v, %v", name, o, err)
		}
		for _, err := range s.Objects().List(ctx, name, "", "") {
			if feature.KindOf(err) != feature.NotFound {
				t.Errorf("the bucket %q is there: %v", name, err)
			}
		}
		for _, key := range []string{"", january, "a"} {
			if o, err := s.Objects().Get(ctx, bucket.ObjectRef{Bucket: name, Key: key}); feature.KindOf(err) != feature.NotFound {
				t.Errorf("the bucket %q has %v, %v", name, o, err)
			}
		}
	}
}
