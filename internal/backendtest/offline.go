package backendtest

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// Offline tests a table.Offline, together with the catalog, the records and the index of its
// backend.
func Offline(t *testing.T, open Open) {
	t.Run("SnapshotStandsStill", func(t *testing.T) { offlineSnapshot(t, open(t)) })
	t.Run("FlushForgetsWhatItWrote", func(t *testing.T) { offlineFlush(t, open(t)) })
	t.Run("RefusedFlushForgetsNothing", func(t *testing.T) { offlineRefused(t, open(t)) })
	t.Run("PendingTellsWhatWaits", func(t *testing.T) { offlinePending(t, open(t)) })
	t.Run("DeletedGroupIsFlushed", func(t *testing.T) { offlineDeleted(t, open(t)) })
	t.Run("DeletedGroupStaysForItsReaders", func(t *testing.T) { offlineDeletedPinned(t, open(t)) })
	t.Run("SnapshotHoldsBackGarbage", func(t *testing.T) { offlineGarbage(t, open(t)) })
	t.Run("SnapshotShowsWhatIsHeld", func(t *testing.T) { offlineRecords(t, open(t)) })
	t.Run("RecordsAgreeWithEntries", func(t *testing.T) { offlineAgree(t, open(t)) })
	t.Run("EveryRowIsSeenOnce", func(t *testing.T) { offlineOnce(t, open(t)) })
}

func snapshot(t tester, s Stores) table.Snapshot {
	t.Helper()
	sn, err := s.Offline.Snapshot(t.Context())
	must(t, err)
	return sn
}

// prices returns the texts of feature 2 of the entries of g, in order.
func prices(t tester, sn table.Snapshot, g feature.GroupID) []string {
	t.Helper()
	var all []string
	for e, err := range sn.Entries(g) {
		must(t, err)
		all = append(all, e.Record.Values[2].Text)
	}
	return all
}

func offlineSnapshot(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	g, other := newGroup(t, s, "a"), newGroup(t, s, "other")
	empty := snapshot(t, s)
	put(t, s, g, record("1", 1, "5"))
	put(t, s, other, record("1", 1, "x"))
	put(t, s, g, record("2", 1, "6"))
	commit(t, s, object("b", "k", "1"))
	full := snapshot(t, s)
	must(t, s.Offline.CommitFlush(t.Context(), g.ID, full.Settled(), []*bucket.Object{object("b", "flushed", "2")}))
	put(t, s, g, record("3", 1, "7"))
	commit(t, s, object("b", "k", "3"))
	late := snapshot(t, s)

	cases := []struct {
		name    string
		sn      table.Snapshot
		entries []string
		objects []*bucket.Object
	}{
		{"before everything", empty, nil, nil},
		{"before the flush", full, []string{"5", "6"}, []*bucket.Object{object("b", "k", "1")}},
		{"after the flush", late, []string{"7"}, []*bucket.Object{object("b", "flushed", "2"), object("b", "k", "3")}},
	}
	for _, c := range cases {
		wantSame(t, "entries of the snapshot "+c.name, c.entries, prices(t, c.sn, g.ID))
		wantSame(t, "objects of the snapshot "+c.name, c.objects, collect(t, c.sn.Objects("b", "")))
	}
	wantSame(t, "objects under a prefix", []*bucket.Object{object("b", "flushed", "2")}, collect(t, late.Objects("b", "f")))
	if all := collect(t, late.Objects("none", "")); len(all) != 0 {
		t.Errorf("%d objects of no bucket", len(all))
	}
	wantSame(t, "entries of another group", []string{"x"}, prices(t, late, other.ID))
	if empty.Settled() > full.Settled() || full.Settled() > late.Settled() {
		t.Errorf("settled positions %d, %d, %d go back", empty.Settled(), full.Settled(), late.Settled())
	}
	for range full.Entries(g.ID) {
		break
	}
	for _, c := range cases {
		must(t, c.sn.Close())
	}
}

func offlineFlush(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	g, other := newGroup(t, s, "a"), newGroup(t, s, "other")
	put(t, s, g, record("1", 1, "5"))
	put(t, s, other, record("1", 1, "x"))
	sn := snapshot(t, s)
	put(t, s, g, record("1", 2, "6"))
	for e, err := range sn.Entries(g.ID) {
		must(t, err)
		if e.Position > sn.Settled() {
			t.Errorf("the entry at %d, acknowledged before the snapshot, is after its settled position %d", e.Position, sn.Settled())
		}
	}
	must(t, s.Offline.CommitFlush(t.Context(), g.ID, sn.Settled(), []*bucket.Object{object("b", "1", "1"), object("b", "2", "2")}))
	must(t, sn.Close())

	sn = snapshot(t, s)
	defer func() { must(t, sn.Close()) }()
	wantSame(t, "entries after the flush", []string{"6"}, prices(t, sn, g.ID))
	wantSame(t, "entries of another group", []string{"x"}, prices(t, sn, other.ID))
	wantSame(t, "keys", []string{"1", "2"}, keys(t, s, "b", "", ""))
	wantRecords(t, s, g.ID, []string{"1"}, record("1", 2, "6"))
}

func offlineRefused(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	g := newGroup(t, s, "a")
	put(t, s, g, record("1", 1, "5"))
	sn := snapshot(t, s)
	defer func() { must(t, sn.Close()) }()
	err := s.Offline.CommitFlush(t.Context(), g.ID, sn.Settled(), []*bucket.Object{object("b", "1", "1"), object("none", "2", "2")})
	wantKind(t, "CommitFlush into no bucket", err, feature.NotFound)
	err = s.Offline.CommitFlush(t.Context(), g.ID, math.MaxInt64-1, nil)
	if err == nil {
		t.Error("CommitFlush forgets what no snapshot can have shown")
	}
	if n := len(entries(t, s, g.ID)); n != 1 {
		t.Errorf("%d entries after refused flushes, want 1", n)
	}
	if k := keys(t, s, "b", "", ""); len(k) != 0 {
		t.Errorf("a refused flush put %v", k)
	}
}

func offlinePending(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	idle, a, b := newGroup(t, s, "idle"), newGroup(t, s, "a"), newGroup(t, s, "b")
	put(t, s, a, record("1", 1, "5"))
	for i := range 10 {
		put(t, s, b, record("1", int64(i), "0123456789"))
	}
	put(t, s, a, record("1", 2, "6"))
	pending, err := s.Offline.Pending(t.Context())
	must(t, err)
	found := map[feature.GroupID]table.Pending{}
	for _, p := range pending {
		found[p.Group] = p
	}
	if _, waits := found[idle.ID]; waits || len(found) != 2 {
		t.Errorf("pending: %v, want the two groups with entries", pending)
	}
	for _, g := range []*feature.Group{a, b} {
		if want := entries(t, s, g.ID)[0].Position; found[g.ID].Since != want {
			t.Errorf("group %s waits since %d, want its first entry's %d", g.Name, found[g.ID].Since, want)
		}
	}
	if pa, pb := found[a.ID].Bytes, found[b.ID].Bytes; pa <= 0 || pb <= pa {
		t.Errorf("%d bytes wait of 2 entries and %d of 10", pa, pb)
	}
	sn := snapshot(t, s)
	must(t, s.Offline.CommitFlush(t.Context(), b.ID, sn.Settled(), nil))
	must(t, sn.Close())
	pending, err = s.Offline.Pending(t.Context())
	must(t, err)
	wantSame(t, "Pending after the flush", []table.Pending{found[a.ID]}, pending)
}

func offlineDeleted(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	g, idle := newGroup(t, s, "a"), newGroup(t, s, "idle")
	got, err := s.Offline.Group(t.Context(), g.ID)
	must(t, err)
	wantSame(t, "Group while it lives", g, got)
	put(t, s, g, record("1", 1, "5"))
	must(t, s.Groups.Delete(t.Context(), "a"))
	must(t, s.Groups.Delete(t.Context(), "idle"))
	_, err = s.Offline.Group(t.Context(), idle.ID)
	wantKind(t, "Group that had no entries", err, feature.NotFound)

	again := newGroup(t, s, "a")
	put(t, s, again, record("1", 1, "6"))
	got, err = s.Offline.Group(t.Context(), g.ID)
	must(t, err)
	wantSame(t, "Group after it was deleted", g, got)
	pending, err := s.Offline.Pending(t.Context())
	must(t, err)
	if len(pending) != 2 {
		t.Errorf("pending: %v, want the deleted group and the new one", pending)
	}
	sn := snapshot(t, s)
	wantSame(t, "entries of the deleted group", []string{"5"}, prices(t, sn, g.ID))
	must(t, s.Offline.CommitFlush(t.Context(), g.ID, sn.Settled(), []*bucket.Object{object("b", "1", "1")}))
	must(t, sn.Close())
	_, err = s.Offline.Group(t.Context(), g.ID)
	wantKind(t, "Group after its last entry was flushed", err, feature.NotFound)
	if n := len(entries(t, s, again.ID)); n != 1 {
		t.Errorf("%d entries of the new group, want 1", n)
	}
}

func offlineDeletedPinned(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	g := newGroup(t, s, "a")
	put(t, s, g, record("1", 1, "5"))
	reader, flusher := snapshot(t, s), snapshot(t, s)
	must(t, s.Groups.Delete(t.Context(), "a"))
	must(t, s.Offline.CommitFlush(t.Context(), g.ID, flusher.Settled(), []*bucket.Object{object("b", "1", "1")}))
	must(t, flusher.Close())
	wantSame(t, "entries of an old snapshot", []string{"5"}, prices(t, reader, g.ID))
	got, err := s.Offline.Group(t.Context(), g.ID)
	must(t, err)
	wantSame(t, "Group of an old snapshot's entries", g, got)
	must(t, reader.Close())
	_, err = s.Offline.Group(t.Context(), g.ID)
	wantKind(t, "Group after the last reader", err, feature.NotFound)
}

func offlineGarbage(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	commit(t, s, object("b", "k", "1"))
	commit(t, s, object("b", "k", "2"))
	first := snapshot(t, s)
	commit(t, s, object("b", "k", "3"))
	second := snapshot(t, s)
	commit(t, s, object("b", "k", "4"))
	wantSame(t, "garbage with both open", []bucket.BlobID{"1"}, garbage(t, s))
	must(t, first.Close())
	wantSame(t, "garbage with the second open", []bucket.BlobID{"1", "2"}, garbage(t, s))
	must(t, second.Close())
	wantSame(t, "garbage with none open", []bucket.BlobID{"1", "2", "3"}, garbage(t, s))
}

// offlineOnce has writers, flushes and readers at the same time. A row is a price that is put
// once; the object of a flush carries its rows in its header. Every snapshot must show every row
// that was acknowledged before it, and none twice.
func offlineOnce(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	g := newGroup(t, s, "a")
	const writers, writes = 8, 150
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var mu sync.Mutex // guards acknowledged
	acknowledged := map[string]bool{}

	check := func() {
		mu.Lock()
		want := make([]string, 0, len(acknowledged))
		for row := range acknowledged {
			want = append(want, row)
		}
		mu.Unlock()
		sn := snapshot(t, s)
		defer func() { must(t, sn.Close()) }()
		seen := map[string]int{}
		for _, row := range prices(t, sn, g.ID) {
			seen[row]++
		}
		for o, err := range sn.Objects("b", "") {
			must(t, err)
			for row := range o.Headers {
				seen[row]++
			}
		}
		for _, row := range want {
			if seen[row] == 0 {
				t.Errorf("row %s was acknowledged and is not in the snapshot", row)
			}
		}
		for row, n := range seen {
			if n > 1 {
				t.Errorf("row %s is %d times in one snapshot", row, n)
			}
		}
	}
	var writing, working sync.WaitGroup
	done := make(chan struct{})
	for w := range writers {
		rng := rand.New(rand.NewPCG(seed, uint64(w)))
		writing.Go(func() {
			for i := range writes {
				row := fmt.Sprint(w, "-", i)
				r := record(fmt.Sprint(rng.IntN(20)), rng.Int64N(100), row)
				if err := s.Records.Do(t.Context(), g, r.ID, newestWins(r)); err != nil {
					t.Error(err)
				}
				mu.Lock()
				acknowledged[row] = true
				mu.Unlock()
			}
		})
	}
	working.Go(func() {
		for n := 0; ; n++ {
			if err := flushRows(t, s, g, fmt.Sprint("flush", n)); err != nil {
				t.Error(err)
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for range 2 {
		working.Go(func() {
			for {
				check()
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	writing.Wait()
	close(done)
	working.Wait()
	must(t, flushRows(t, s, g, "last"))
	check()
	if n := len(entries(t, s, g.ID)); n != 0 {
		t.Errorf("%d entries after the last flush", n)
	}
}

// flushRows moves the settled entries of g into an object whose header has one member a row.
func flushRows(t tester, s Stores, g *feature.Group, key string) error {
	sn, err := s.Offline.Snapshot(t.Context())
	if err != nil {
		return err
	}
	o := object("b", key, bucket.BlobID(key))
	o.Headers = map[string]string{}
	for e, err := range sn.Entries(g.ID) {
		if err != nil {
			return errors.Join(err, sn.Close())
		}
		if e.Position <= sn.Settled() {
			o.Headers[e.Record.Values[2].Text] = ""
		}
	}
	return errors.Join(s.Offline.CommitFlush(t.Context(), g.ID, sn.Settled(), []*bucket.Object{o}), sn.Close())
}
