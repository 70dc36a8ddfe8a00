package embedded

import (
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// at is a clock that stands still.
func at(t time.Time) func() time.Time { return func() time.Time { return t } }

func mustNew(t testing.TB, s *Store, name feature.GroupName) *feature.Group {
	t.Helper()
	g := &feature.Group{Name: name, Status: feature.Created}
	if err := s.Groups().Create(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	return g
}

func mustBucket(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Objects().CreateBucket(t.Context(), bucket.Bucket{Name: "b"}); err != nil {
		t.Fatal(err)
	}
}

// accept writes text under id in both stores.
func accept(id, text string) func(*feature.Record) (feature.Decision, error) {
	return func(*feature.Record) (feature.Decision, error) {
		r := &feature.Record{ID: id, Values: []feature.Value{{Ordinal: 0, Text: id}, {Ordinal: 1, Text: text}}}
		return feature.Decision{Outcome: feature.OnlineWritten, Record: r, Journal: true, Accepted: noon}, nil
	}
}

// acceptFor writes text under id in both stores, for so many seconds after 1970.
func acceptFor(id, text string, ttl int64) func(*feature.Record) (feature.Decision, error) {
	return func(held *feature.Record) (feature.Decision, error) {
		d, err := accept(id, text)(held)
		d.Record.TTL = ttl
		return d, err
	}
}

func mustDo(t testing.TB, s *Store, g *feature.Group, id, text string) {
	t.Helper()
	if err := s.Records().Do(t.Context(), g, id, accept(id, text)); err != nil {
		t.Fatal(err)
	}
}

// waitingOf returns what waits of g, and the settled position.
func waitingOf(t testing.TB, s *Store, g feature.GroupID) (entries []*feature.Entry, settled feature.Position) {
	t.Helper()
	sn, err := s.Offline().Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range sn.Entries(g) {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	if err := sn.Close(); err != nil {
		t.Fatal(err)
	}
	return entries, sn.Settled()
}

func TestPositionsIncreaseThoughTheWallClockStandsOrGoesBack(t *testing.T) {
	wall := noon
	s := reopen(t, vfs.NewMem(), Options{Now: func() time.Time { return wall }})
	g := mustNew(t, s, "a")
	for i, step := range []time.Duration{0, 0, time.Second, -time.Hour, 0, 2 * time.Hour} {
		wall = wall.Add(step)
		mustDo(t, s, g, fmt.Sprint(i), "")
	}
	entries, settled := waitingOf(t, s, g.ID)
	var last feature.Position
	for i, e := range entries {
		if e.Position <= last {
			t.Errorf("entry %d has position %d after %d", i, e.Position, last)
		}
		last = e.Position
	}
	if want := feature.Position(wall.UnixMicro()); last != want {
		t.Errorf("the last position is %d, want the wall clock's %d", last, want)
	}
	if settled != last {
		t.Errorf("settled is %d, want the last position %d", settled, last)
	}
}

func TestPositionsIncreaseThroughRestartsThoughTheWallClockGoesBack(t *testing.T) {
	mem := vfs.NewMem()
	var last feature.Position
	for round := range 6 {
		s, err := Open("", mem, Options{Now: at(noon.Add(-time.Duration(round) * time.Hour))})
		if err != nil {
			t.Fatal(err)
		}
		if round == 0 {
			mustNew(t, s, "a")
			mustBucket(t, s)
		}
		g, err := s.Groups().Get(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		mustDo(t, s, g, "1", "")
		entries, settled := waitingOf(t, s, g.ID)
		if got := entries[len(entries)-1].Position; got <= last {
			t.Errorf("round %d: position %d after %d", round, got, last)
		} else {
			last = got
		}
		// In every second round the journal, which would tell the position, is trimmed.
		if round%2 == 0 {
			if err := s.Offline().CommitFlush(t.Context(), g.ID, settled, nil); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A commit that was stamped before a snapshot and applied after it must outlive the flush of that
// snapshot, though later stamps are in it.
func TestFlushKeepsWhatWasStampedBeforeAndAppliedAfterItsSnapshot(t *testing.T) {
	s := openMem(t)
	g := mustNew(t, s, "a")
	mustDo(t, s, g, "1", "settled")

	// What Do does, stopped between its stamp and its commit.
	late := s.clock.stamp()
	mustDo(t, s, g, "2", "stamped later, applied earlier")
	sn, err := s.Offline().Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := sn.Settled(); got != late-1 {
		t.Errorf("settled is %d while %d is in flight, want %d", got, late, late-1)
	}
	b := s.db.NewBatch()
	r := feature.Record{ID: "3", Values: []feature.Value{{Ordinal: 1, Text: "late"}}}
	set(b, journalKey(g.ID, late), encodeEntry(&feature.Entry{Record: r, Accepted: noon, Outcome: feature.OnlineStale}))
	c := s.apply(b)
	s.clock.land(late)
	s.finish(c)

	if err := s.Offline().CommitFlush(t.Context(), g.ID, sn.Settled(), nil); err != nil {
		t.Fatal(err)
	}
	if err := sn.Close(); err != nil {
		t.Fatal(err)
	}
	var left []string
	entries, settled := waitingOf(t, s, g.ID)
	for _, e := range entries {
		left = append(left, e.Record.ID)
	}
	if fmt.Sprint(left) != "[3 2]" {
		t.Fatalf("entries of %v are left, want those of 3, which the snapshot missed, and 2, which is after its settled position", left)
	}
	if settled < entries[1].Position {
		t.Errorf("settled is %d with nothing in flight, want at least %d", settled, entries[1].Position)
	}
}
