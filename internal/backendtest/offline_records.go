package backendtest

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// heldIn returns what a snapshot shows as held, and says so if it is out of order.
func heldIn(t tester, sn table.Snapshot, g feature.GroupID) map[string]*feature.Record {
	t.Helper()
	held, last := map[string]*feature.Record{}, ""
	for r, err := range sn.Records(g) {
		must(t, err)
		if len(held) > 0 && r.ID <= last {
			t.Errorf("Records yields %q after %q", r.ID, last)
		}
		held[r.ID], last = r, r.ID
	}
	return held
}

func offlineRecords(t *testing.T, s Stores) {
	g, other := newGroup(t, s, "a"), newGroup(t, s, "b")
	empty := snapshot(t, s)
	put(t, s, other, record("elsewhere", 1, "1"))
	for i, id := range oddIDs {
		put(t, s, g, record(id, int64(i), "5"))
	}
	put(t, s, g, tombstone("a", 100))
	expired := lasting("b", feature.EventTime{Sec: 100}, 1)
	hold(t, s, g, expired)
	full := snapshot(t, s)
	do(t, s, g, "A", feature.Decision{Outcome: feature.OnlineRemoved})
	put(t, s, g, record("a", 200, "6"))
	must(t, s.Groups.Delete(t.Context(), "a"))
	gone := snapshot(t, s)

	held := heldIn(t, full, g.ID)
	if len(held) != len(oddIDs) {
		t.Errorf("the snapshot shows %d records, want %d", len(held), len(oddIDs))
	}
	wantSame(t, "what a later write replaced", tombstone("a", 100), held["a"])
	wantSame(t, "what has expired", expired, held["b"])
	wantSame(t, "what a later write removed", record("A", 10, "5"), held["A"])
	for range full.Records(g.ID) {
		break
	}
	for name, sn := range map[string]table.Snapshot{"before": empty, "after the group was deleted": gone} {
		if held := heldIn(t, sn, g.ID); len(held) != 0 {
			t.Errorf("a snapshot from %s shows %d records", name, len(held))
		}
	}
	for _, sn := range []table.Snapshot{empty, full, gone} {
		must(t, sn.Close())
	}
}

// Both stores of a snapshot are of one moment: what is held is what its entries, one after the
// other, leave.
func offlineAgree(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	const writers, writes = 8, 200
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var writing sync.WaitGroup
	done := make(chan struct{})
	for w := range writers {
		rng := rand.New(rand.NewPCG(seed, uint64(w)))
		writing.Go(func() {
			for i := range writes {
				id := fmt.Sprint(rng.IntN(10))
				r := record(id, rng.Int64N(100), fmt.Sprint(w, "-", i))
				r.TTL = rng.Int64N(3)
				n := rng.IntN(4)
				err := s.Records.Do(t.Context(), g, id, func(held *feature.Record) (feature.Decision, error) {
					d, err := newestWins(r)(held)
					if n == 0 && d.Outcome == feature.OnlineWritten {
						d.Outcome = feature.OnlineRemoved
					}
					if n == 1 && held != nil && d.Outcome == feature.OnlineWritten {
						d.Expired = tombstone(id, 1)
					}
					return d, err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	go func() { writing.Wait(); close(done) }()
	for last := false; !last; {
		select {
		case <-done:
			last = true
		default:
		}
		sn := snapshot(t, s)
		want := map[string]*feature.Record{}
		for e, err := range sn.Entries(g.ID) {
			must(t, err)
			switch e.Outcome {
			case feature.OnlineWritten:
				want[e.Record.ID] = &e.Record
				e.Record.Position = e.Position
			case feature.OnlineRemoved:
				delete(want, e.Record.ID)
			}
		}
		if diff := cmp.Diff(want, heldIn(t, sn, g.ID)); diff != "" {
			t.Errorf("what is held (-by the entries +by Records):\n%s", diff)
		}
		must(t, sn.Close())
	}
}
