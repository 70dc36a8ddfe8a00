package backendtest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
)

// Imports tests an ingest.Imports and an ingest.Loader, together with the records and the index of
// their backend.
func Imports(t *testing.T, open Open) {
	t.Run("CreatedOnceForAToken", func(t *testing.T) { importsCreate(t, open(t)) })
	t.Run("ListBeginsWithTheNewest", func(t *testing.T) { importsList(t, open(t)) })
	t.Run("ReservedWriteTimesAreNobodyElses", func(t *testing.T) { importsReserve(t, open(t)) })
	t.Run("CommitIsWholeOrNothing", func(t *testing.T) { importsCommit(t, open(t)) })
	t.Run("ApplyMovesTheImportWithTheRecords", func(t *testing.T) { importsApply(t, open(t)) })
	t.Run("ApplyBesidePutsLetsTheNewestWin", func(t *testing.T) { importsRace(t, open(t)) })
}

func newImport(id, token string, g feature.GroupID, started time.Time) *ingest.Import {
	return &ingest.Import{
		ID: id, Token: token, Group: "g", GroupID: g, Sources: []ingest.Source{{URI: "s3://b/a.csv", Size: 1, Version: "v"}},
		Format: ingest.CSV, Stores: feature.OnlineStore | feature.OfflineStore, Status: ingest.Staging, Started: started,
	}
}

func status(s ingest.Status) func(*ingest.Import) error {
	return func(i *ingest.Import) error {
		i.Status = s
		return nil
	}
}

func importsCreate(t *testing.T, s Stores) {
	first := newImport("1", "token", 1, noon)
	got, err := s.Imports.Create(t.Context(), first)
	must(t, err)
	wantSame(t, "Create", first, got)
	got, err = s.Imports.Create(t.Context(), newImport("2", "token", 1, noon.Add(time.Hour)))
	must(t, err)
	wantSame(t, "Create with the same token", first, got)
	_, err = s.Imports.Get(t.Context(), "2")
	wantKind(t, "Get of what was not stored", err, feature.NotFound)
	_, err = s.Imports.Update(t.Context(), "2", status(ingest.Done))
	wantKind(t, "Update of what was not stored", err, feature.NotFound)
	// What failed does not keep its token.
	_, err = s.Imports.Update(t.Context(), "1", status(ingest.Failed))
	must(t, err)
	third := newImport("3", "token", 1, noon.Add(time.Hour))
	got, err = s.Imports.Create(t.Context(), third)
	must(t, err)
	wantSame(t, "Create with the token of one that failed", third, got)
	refusal := errors.New("no")
	_, err = s.Imports.Update(t.Context(), "3", func(i *ingest.Import) error {
		i.Status = ingest.Done
		return refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("Update that is refused: %v", err)
	}
	got, err = s.Imports.Get(t.Context(), "3")
	must(t, err)
	wantSame(t, "Get after an Update that was refused", third, got)
}

func importsList(t *testing.T, s Stores) {
	for i, id := range []string{"b", "c", "a"} {
		_, err := s.Imports.Create(t.Context(), newImport(id, id, 1, noon.Add(time.Duration(i)*time.Second)))
		must(t, err)
	}
	var got []string
	for i, err := range s.Imports.List(t.Context()) {
		must(t, err)
		got = append(got, i.ID)
	}
	wantSame(t, "List", []string{"a", "c", "b"}, got)
}

func importsReserve(t *testing.T, s Stores) {
	g := newGroup(t, s, "g")
	var last feature.Position
	for i := range 5 {
		first := s.Loader.Reserve(1000)
		if first <= last {
			t.Errorf("reserved %d, and %d was given out before", first, last)
		}
		put(t, s, g, record("a", int64(i), "1"))
		e := entries(t, s, g.ID)
		last = e[len(e)-1].Position
		if last < first+1000 {
			t.Errorf("an entry after a reservation of %d to %d has the position %d", first, first+999, last)
		}
	}
}

func importsCommit(t *testing.T, s Stores) {
	g := newGroup(t, s, "g")
	newBucket(t, s, "b")
	_, err := s.Imports.Create(t.Context(), newImport("1", "1", g.ID, noon))
	must(t, err)
	refusal := errors.New("no")
	_, err = s.Loader.Commit(t.Context(), "1", []*bucket.Object{object("b", "x", "blob-1")}, func(*ingest.Import) error { return refusal })
	if !errors.Is(err, refusal) {
		t.Errorf("Commit that is refused: %v", err)
	}
	_, err = s.Loader.Commit(t.Context(), "1", []*bucket.Object{object("b", "x", "blob-1"), object("none", "y", "blob-2")}, status(ingest.Applying))
	wantKind(t, "Commit into a bucket that is not there", err, feature.NotFound)
	wantSame(t, "objects after commits that failed", []string(nil), keys(t, s, "b", "", ""))
	got, err := s.Imports.Get(t.Context(), "1")
	must(t, err)
	if got.Status != ingest.Staging {
		t.Errorf("after commits that failed the import is %s", got.Status)
	}
	got, err = s.Loader.Commit(t.Context(), "1", []*bucket.Object{object("b", "x", "blob-1"), object("b", "y", "blob-2")}, status(ingest.Applying))
	must(t, err)
	wantSame(t, "objects", []string{"x", "y"}, keys(t, s, "b", "", ""))
	if got.Status != ingest.Applying {
		t.Errorf("committed, the import is %s", got.Status)
	}
	must(t, s.Groups.Delete(t.Context(), "g"))
	_, err = s.Loader.Commit(t.Context(), "1", nil, status(ingest.Done))
	wantKind(t, "Commit into a group that was deleted", err, feature.NotFound)
}

func importsApply(t *testing.T, s Stores) {
	g := newGroup(t, s, "g")
	_, err := s.Imports.Create(t.Context(), newImport("1", "1", g.ID, noon))
	must(t, err)
	for _, id := range []string{"held", "gone"} {
		wantGiven(t, s, g, nil, id)
		put(t, s, g, record(id, 5, "5"))
		wantGiven(t, s, g, record(id, 5, "5"), id)
	}
	wantGiven(t, s, g, nil, "new")
	records := []*feature.Record{record("held", 6, "6"), record("new", 6, "6"), record("gone", 6, "6"), record("not", 6, "6")}
	first := s.Loader.Reserve(int64(len(records)))
	seen := map[string]bool{}
	decide := func(held *feature.Record, i int) feature.Decision {
		seen[records[i].ID] = held != nil
		records[i].Position = first + feature.Position(i)
		d := feature.Decision{Outcome: feature.OnlineWritten, Record: records[i], Accepted: noon}
		switch records[i].ID {
		case "gone":
			d.Outcome, d.Expired = feature.OnlineRemoved, tombstone("gone", 5)
		case "not":
			d.Outcome = feature.OnlineStale
		}
		return d
	}
	before := len(entries(t, s, g.ID))
	must(t, s.Loader.Apply(t.Context(), "1", g, records, decide, func(i *ingest.Import) error {
		i.Applied, i.Mark = 4, 77
		return nil
	}))
	wantSame(t, "what was held", map[string]bool{"held": true, "new": false, "gone": true, "not": false}, seen)
	wantGiven(t, s, g, record("held", 6, "6"), "held")
	wantGiven(t, s, g, record("new", 6, "6"), "new")
	wantGiven(t, s, g, nil, "gone")
	found, err := Held(t.Context(), s.Records, g.ID, []string{"held", "new", "gone", "not"})
	must(t, err)
	for i, want := range []bool{true, true, false, false} {
		if (found[i] != nil) != want {
			t.Errorf("held of %s: %v", records[i].ID, found[i])
		}
		if found[i] != nil && found[i].Position != first+feature.Position(i) {
			t.Errorf("%s remembers the position %d, want %d", records[i].ID, found[i].Position, first+feature.Position(i))
		}
	}
	i, err := s.Imports.Get(t.Context(), "1")
	must(t, err)
	if i.Applied != 4 || i.Mark != 77 {
		t.Errorf("the import has applied %d, up to %d", i.Applied, i.Mark)
	}
	all := entries(t, s, g.ID)
	if len(all) != before+1 || !all[before].Record.Deleted {
		t.Errorf("%d entries, want the marker of the expiry after %d", len(all), before)
	}
	must(t, s.Groups.Delete(t.Context(), "g"))
	err = s.Loader.Apply(t.Context(), "1", g, records, decide, status(ingest.Done))
	wantKind(t, "Apply to a group that was deleted", err, feature.NotFound)
}

// wantGiven says of which record held a step of an identifier is given the head.
func wantGiven(t *testing.T, s Stores, g *feature.Group, held *feature.Record, id string) {
	t.Helper()
	errs := s.Records.DoAll(t.Context(), []feature.Step{{Group: g, ID: id, Decide: func(given *feature.Record) (feature.Decision, error) {
		if diff := cmp.Diff(headOf(held), given); diff != "" {
			t.Errorf("held of %q (-want +got):\n%s", id, diff)
		}
		return feature.Decision{Outcome: feature.OnlineStale}, nil
	}}})
	must(t, errs[0])
}

// importsRace has puts and an import write the same identifiers at once.
func importsRace(t *testing.T, s Stores) {
	g := newGroup(t, s, "g")
	_, err := s.Imports.Create(t.Context(), newImport("1", "1", g.ID, noon))
	must(t, err)
	const ids, rounds = 40, 20
	var wg sync.WaitGroup
	for w := range 2 {
		wg.Go(func() {
			for n := range rounds {
				for i := range ids {
					r := record(fmt.Sprint(i), int64(2*n+w), "put")
					if err := s.Records.DoAll(t.Context(), []feature.Step{{Group: g, ID: r.ID, Decide: newestWins(r)}})[0]; err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Go(func() {
		for n := range rounds {
			var records []*feature.Record
			for i := range ids {
				records = append(records, record(fmt.Sprint(i), int64(2*n), "import"))
			}
			if n == rounds-1 {
				records[0] = record("0", 1000, "import")
			}
			decide := func(held *feature.Record, i int) feature.Decision {
				d, err := newestWins(records[i])(held)
				if err != nil {
					t.Error(err)
				}
				d.Journal = false
				return d
			}
			if err := s.Loader.Apply(t.Context(), "1", g, records, decide, func(i *ingest.Import) error { i.Applied++; return nil }); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	for r, err := range s.Records.Scan(t.Context(), g.ID, "") {
		must(t, err)
		want := int64(2*(rounds-1) + 1)
		if r.ID == "0" {
			want = 1000
		}
		if r.EventTime.Sec != want {
			t.Errorf("held of %s is the event time %v, want %d", r.ID, r.EventTime, want)
		}
	}
	i, err := s.Imports.Get(t.Context(), "1")
	must(t, err)
	if i.Applied != rounds {
		t.Errorf("the import has counted %d of %d", i.Applied, rounds)
	}
}
