package backendtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// Records tests a feature.Records, together with the catalog and the journal of its backend.
func Records(t *testing.T, open Open) {
	t.Run("HeldRecordIsRead", func(t *testing.T) { recordsHeld(t, open(t)) })
	t.Run("OutcomesDoWhatTheySay", func(t *testing.T) { recordsOutcomes(t, open(t)) })
	t.Run("RefusedDecisionWritesNothing", func(t *testing.T) { recordsRefused(t, open(t)) })
	t.Run("OddTextsAreKept", func(t *testing.T) { recordsOdd(t, open(t)) })
	t.Run("PositionsIncrease", func(t *testing.T) { recordsPositions(t, open(t)) })
	t.Run("ManyWritersOfOneIdentifierKeepTheRule", func(t *testing.T) { recordsRace(t, open(t)) })
	t.Run("StepsOfManyWritersKeepTheRule", func(t *testing.T) { recordsStepsRace(t, open(t)) })
	t.Run("StepsOfOneCallAreSeenTogether", func(t *testing.T) { recordsTogether(t, open(t)) })
	t.Run("CancelledContextWritesNothing", func(t *testing.T) { recordsCancelled(t, open(t)) })
	t.Run("ListsAreKept", func(t *testing.T) { recordsLists(t, open(t)) })
	t.Run("HeldRecordRemembersItsEntry", func(t *testing.T) { recordsRemembered(t, open(t)) })
	t.Run("ScanYieldsWhatIsHeld", func(t *testing.T) { recordsScan(t, open(t)) })
	t.Run("ScanBesideWritersIsWhole", func(t *testing.T) { recordsScanRace(t, open(t)) })
	t.Run("ScanEndsWithItsContext", func(t *testing.T) { recordsScanCancelled(t, open(t)) })
	t.Run("ExpiredAreTheEarliestFirst", func(t *testing.T) { recordsExpired(t, open(t)) })
	t.Run("ExpiredFollowsWhatIsHeld", func(t *testing.T) { recordsExpiredMoves(t, open(t)) })
	t.Run("ExpiredIsJournaledFirst", func(t *testing.T) { recordsExpiredMarker(t, open(t)) })
	t.Run("Model", func(t *testing.T) { recordsModel(t, open(t)) })
}

func recordsHeld(t *testing.T, s Stores) {
	g, other := newGroup(t, s, "a"), newGroup(t, s, "b")
	wantRecords(t, s, g.ID, []string{"1", "2"}, nil, nil)
	put(t, s, g, record("1", 10, "5"))
	put(t, s, g, record("3", 11, "6"))
	put(t, s, other, record("1", 12, "7"))
	wantRecords(t, s, g.ID, []string{"3", "2", "1", "3"}, record("3", 11, "6"), nil, record("1", 10, "5"), record("3", 11, "6"))
	put(t, s, g, record("1", 9, "4"))
	wantRecords(t, s, g.ID, []string{"1"}, record("1", 10, "5"))
	put(t, s, g, record("1", 10, "8"))
	wantRecords(t, s, g.ID, []string{"1"}, record("1", 10, "8"))
	got, err := Held(t.Context(), s.Records, g.ID, nil)
	must(t, err)
	if len(got) != 0 {
		t.Errorf("Get of no identifiers returned %d", len(got))
	}
}

func recordsOutcomes(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	first, marker := record("1", 10, "5"), tombstone("1", 20)
	steps := []struct {
		name     string
		decision feature.Decision
		held     *feature.Record // what the next step must be given
	}{
		{"nothing is held at first", feature.Decision{}, nil},
		{"OnlineWritten holds the record", feature.Decision{Outcome: feature.OnlineWritten, Record: first}, first},
		{"OnlineStale changes nothing", feature.Decision{Outcome: feature.OnlineStale, Record: record("1", 1, "1"), Journal: true}, first},
		{"OnlineUntouched changes nothing", feature.Decision{Outcome: feature.OnlineUntouched, Record: record("1", 99, "1"), Journal: true}, first},
		{"OnlineWritten holds a tombstone", feature.Decision{Outcome: feature.OnlineWritten, Record: marker, Journal: true}, marker},
		{"OnlineRemoved holds nothing", feature.Decision{Outcome: feature.OnlineRemoved, Record: tombstone("1", 30), Journal: true}, nil},
		{"OnlineRemoved of nothing", feature.Decision{Outcome: feature.OnlineRemoved, Record: tombstone("1", 30)}, nil},
	}
	accepted := noon.Add(123456 * time.Microsecond)
	var held *feature.Record
	for _, step := range steps {
		step.decision.Accepted = accepted
		must(t, s.Records.Do(t.Context(), g, "1", func(got *feature.Record) (feature.Decision, error) {
			wantSame(t, "held before: "+step.name, held, got)
			return step.decision, nil
		}))
		held = step.held
	}
	var want, got []feature.Entry
	for _, step := range steps {
		if step.decision.Journal {
			want = append(want, feature.Entry{Record: *step.decision.Record, Accepted: accepted, Outcome: step.decision.Outcome})
		}
	}
	for _, e := range entries(t, s, g.ID) {
		e.Position = 0
		got = append(got, *e)
	}
	wantSame(t, "journal", want, got)
}

func recordsRefused(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	put(t, s, g, record("1", 10, "5"))
	refused := errors.New("refused")
	err := s.Records.Do(t.Context(), g, "1", func(*feature.Record) (feature.Decision, error) {
		return feature.Decision{Outcome: feature.OnlineWritten, Record: record("1", 20, "6"), Journal: true}, refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("Do returned %v, want what decide returned", err)
	}
	wantRecords(t, s, g.ID, []string{"1"}, record("1", 10, "5"))
	if n := len(entries(t, s, g.ID)); n != 1 {
		t.Errorf("%d entries, want the first alone", n)
	}
	unknown := &feature.Group{ID: g.ID + 1000, Name: "b"}
	wantKind(t, "Do on no group", s.Records.Do(t.Context(), unknown, "1", newestWins(record("1", 1, "1"))), feature.NotFound)
}

func recordsOdd(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	long := string(make([]byte, 300_000))
	for _, id := range []string{"", " ", "\x00", "\x00\x00", "a\x00b", "\xff", "ünï", "a/b", long[:2000]} {
		want := &feature.Record{
			ID:        id,
			EventTime: feature.EventTime{Sec: -62167219200, Nsec: 999_999_999},
			Values:    []feature.Value{{Ordinal: 0, Text: "not the identifier"}, {Ordinal: 2, Text: ""}, {Ordinal: 2499, Text: long}},
		}
		put(t, s, g, want)
		wantRecords(t, s, g.ID, []string{id}, want)
	}
	for _, e := range entries(t, s, g.ID) {
		if e.Record.Values[2].Text != long {
			t.Errorf("the entry of %q lost its long text", e.Record.ID)
		}
	}
}

func recordsPositions(t *testing.T, s Stores) {
	a, b := newGroup(t, s, "a"), newGroup(t, s, "b")
	for i := range 20 {
		put(t, s, []*feature.Group{a, b}[i%2], record("1", int64(i), "1"))
	}
	var last feature.Position
	of := [][]*feature.Entry{entries(t, s, a.ID), entries(t, s, b.ID)}
	for i := range 20 {
		e := of[i%2][i/2]
		if e.Record.EventTime.Sec != int64(i) || e.Position <= last {
			t.Errorf("entry %d is of event time %d at position %d, the one before at %d", i, e.Record.EventTime.Sec, e.Position, last)
		}
		last = e.Position
	}
}

func recordsRace(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	const writers, writes = 16, 40
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var wg sync.WaitGroup
	for w := range writers {
		rng := rand.New(rand.NewPCG(seed, uint64(w)))
		wg.Go(func() {
			for i := range writes {
				id := []string{"hot", "warm"}[rng.IntN(2)]
				r := record(id, rng.Int64N(1000), fmt.Sprint(w, i))
				if err := s.Records.Do(t.Context(), g, id, newestWins(r)); err != nil {
					t.Error(err)
				}
				// An own write is seen, or a newer one.
				got, err := Held(t.Context(), s.Records, g.ID, []string{id})
				if err != nil || got[0] == nil || got[0].EventTime.Compare(r.EventTime) < 0 {
					t.Errorf("Get after a put at %v: %v, %v", r.EventTime, got, err)
				}
			}
		})
	}
	wg.Wait()

	replayed(t, s, g, writers*writes)
}

// replayed says that the journal, replayed one after the other, is what every writer was told, and that so much
// is in it.
func replayed(t *testing.T, s Stores, g *feature.Group, n int) {
	held := map[string]*feature.Record{}
	all := entries(t, s, g.ID)
	var last feature.Position
	for _, e := range all {
		d, _ := newestWins(&e.Record)(held[e.Record.ID])
		if d.Outcome != e.Outcome {
			t.Errorf("entry %d has outcome %d, replayed %d", e.Position, e.Outcome, d.Outcome)
		}
		if d.Outcome == feature.OnlineWritten {
			held[e.Record.ID] = &e.Record
		}
		if e.Position <= last {
			t.Errorf("position %d after %d", e.Position, last)
		}
		last = e.Position
	}
	if len(all) != n {
		t.Errorf("%d entries, want %d", len(all), n)
	}
	for id, r := range held {
		wantRecords(t, s, g.ID, []string{id}, r)
	}
}

// recordsStepsRace has writers that take several identifiers at once, in any order, and some twice.
func recordsStepsRace(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	const writers, calls, most = 8, 30, 6
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var wg sync.WaitGroup
	for w := range writers {
		rng := rand.New(rand.NewPCG(seed, uint64(w)))
		wg.Go(func() {
			for i := range calls {
				steps := make([]feature.Step, most)
				for n := range steps {
					r := record(fmt.Sprint(rng.IntN(8)), rng.Int64N(1000), fmt.Sprint(w, i, n))
					steps[n] = feature.Step{Group: g, ID: r.ID, Decide: newestWins(r)}
				}
				if err := errors.Join(s.Records.DoAll(t.Context(), steps)...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	replayed(t, s, g, writers*calls*most)
}

// recordsTogether snapshots beside calls of several steps: each is seen whole or not at all.
func recordsTogether(t *testing.T, s Stores) {
	a, b := newGroup(t, s, "a"), newGroup(t, s, "b")
	const calls = 40
	var left atomic.Int64
	left.Store(calls)
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		for i := range calls {
			r := record("1", int64(i), "1")
			steps := []feature.Step{{Group: a, ID: "1", Decide: newestWins(r)}, {Group: b, ID: "1", Decide: newestWins(r)}, {Group: a, ID: "2", Decide: newestWins(record("2", int64(i), "1"))}}
			if err := errors.Join(s.Records.DoAll(t.Context(), steps)...); err != nil {
				t.Error(err)
			}
			left.Add(-1)
		}
	})
	for left.Load() > 0 {
		sn, err := s.Offline.Snapshot(t.Context())
		must(t, err)
		count := func(g feature.GroupID) (n int) {
			for _, err := range sn.Entries(g) {
				must(t, err)
				n++
			}
			return n
		}
		inA, inB := count(a.ID), count(b.ID)
		must(t, sn.Close())
		if inA != 2*inB {
			t.Fatalf("a snapshot has %d and %d entries of calls that write 2 and 1", inA, inB)
		}
	}
}

func recordsCancelled(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Records.Do(ctx, g, "1", newestWins(record("1", 1, "1"))); !errors.Is(err, context.Canceled) {
		t.Errorf("Do returned %v, want context.Canceled", err)
	}
	steps := []feature.Step{{Group: g, ID: "1", Decide: newestWins(record("1", 1, "1"))}, {Group: g, ID: "2", Decide: newestWins(record("2", 1, "1"))}}
	for i, err := range s.Records.DoAll(ctx, steps) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("step %d returned %v, want context.Canceled", i, err)
		}
	}
	wantRecords(t, s, g.ID, []string{"1", "2"}, nil, nil)
	if n := len(entries(t, s, g.ID)); n != 0 {
		t.Errorf("%d entries, want none", n)
	}
}

// entries returns what waits of g.
func entries(t tester, s Stores, g feature.GroupID) []*feature.Entry {
	t.Helper()
	sn, err := s.Offline.Snapshot(t.Context())
	must(t, err)
	defer func() { must(t, sn.Close()) }()
	var all []*feature.Entry
	for e, err := range sn.Entries(g) {
		must(t, err)
		all = append(all, e)
	}
	return all
}
