package backendtest

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// hold makes r what is held, in the online store alone.
func hold(t tester, s Stores, g *feature.Group, r *feature.Record) {
	t.Helper()
	do(t, s, g, r.ID, feature.Decision{Outcome: feature.OnlineWritten, Record: r, Accepted: noon})
}

// do carries out a decision whatever is held.
func do(t tester, s Stores, g *feature.Group, id string, d feature.Decision) {
	t.Helper()
	must(t, s.Records.Do(t.Context(), g, id, func(*feature.Record) (feature.Decision, error) { return d, nil }))
}

// lasting makes a record that expires.
func lasting(id string, at feature.EventTime, ttl int64) *feature.Record {
	r := record(id, 0, "5")
	r.EventTime, r.TTL = at, ttl
	return r
}

func expired(t tester, s Stores, g *feature.Group, by time.Time, limit int) []string {
	t.Helper()
	ids, err := s.Records.Expired(t.Context(), g.ID, by, limit)
	must(t, err)
	return ids
}

func recordsExpired(t *testing.T, s Stores) {
	g, other := newGroup(t, s, "a"), newGroup(t, s, "b")
	const year = 365 * 24 * 3600
	hold(t, s, other, lasting("elsewhere", feature.EventTime{Sec: 1}, 1))
	hold(t, s, g, lasting("never", feature.EventTime{Sec: -62167219200}, 0))
	hold(t, s, g, lasting("late", feature.EventTime{Sec: 253402300799, Nsec: 999_999_999}, 1))
	hold(t, s, g, lasting("epoch and a bit", feature.EventTime{Nsec: 1}, 10))
	hold(t, s, g, lasting("epoch", feature.EventTime{}, 10))
	hold(t, s, g, lasting("before 1970", feature.EventTime{Sec: -20}, 10))
	hold(t, s, g, lasting("first", feature.EventTime{Sec: -62167219200}, 1))
	hold(t, s, g, lasting("before the first century is over", feature.EventTime{Sec: -62167219200}, 50*year))
	hold(t, s, g, lasting("just before 1970", feature.EventTime{Sec: -11, Nsec: 999_999_999}, 10))
	deleted := tombstone("tombstone", 5)
	deleted.TTL = 6
	hold(t, s, g, deleted)
	inOrder := []string{"first", "before the first century is over", "before 1970", "just before 1970", "epoch", "epoch and a bit", "tombstone", "late"}

	for _, c := range []struct {
		name  string
		by    time.Time
		limit int
		want  []string
	}{
		{"all", time.Unix(253402300799, 999_999_999), 100, inOrder},
		{"as many as asked for", time.Unix(253402300799, 999_999_999), 3, inOrder[:3]},
		{"far beyond the last", time.Unix(math.MaxInt64>>1, 0), 100, inOrder},
		{"none asked for", noon, 0, nil},
		{"before the first", time.Unix(-62167219200, 999_999_999), 100, nil},
		{"at the first", time.Unix(-62167219199, 0), 100, inOrder[:1]},
		{"just before 1970", time.Unix(-1, 999_999_999), 100, inOrder[:4]},
		{"a nanosecond before an expiry", time.Unix(9, 999_999_999), 100, inOrder[:4]},
		{"at an expiry", time.Unix(10, 0), 100, inOrder[:5]},
		{"a nanosecond after", time.Unix(10, 1), 100, inOrder[:6]},
		{"now", noon, 100, inOrder[:7]},
		{"in another zone", time.Unix(10, 1).In(time.FixedZone("", 3600)), 100, inOrder[:6]},
	} {
		wantSame(t, "Expired: "+c.name, c.want, expired(t, s, g, c.by, c.limit))
	}
	wantSame(t, "Expired of the other group", []string{"elsewhere"}, expired(t, s, other, noon, 10))
}

// What is held decides, not what was.
func recordsExpiredMoves(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	steps := []struct {
		name     string
		decision feature.Decision
		want     []string
	}{
		{"a TTL", feature.Decision{Outcome: feature.OnlineWritten, Record: lasting("1", feature.EventTime{Sec: 10}, 5)}, []string{"1"}},
		{"the same again", feature.Decision{Outcome: feature.OnlineWritten, Record: lasting("1", feature.EventTime{Sec: 10}, 5)}, []string{"1"}},
		{"the same instant by another way", feature.Decision{Outcome: feature.OnlineWritten, Record: lasting("1", feature.EventTime{Sec: 11}, 4)}, []string{"1"}},
		{"stale", feature.Decision{Outcome: feature.OnlineStale, Record: lasting("1", feature.EventTime{Sec: 1}, 0), Journal: true}, []string{"1"}},
		{"untouched", feature.Decision{Outcome: feature.OnlineUntouched, Record: lasting("1", feature.EventTime{Sec: 1}, 99), Journal: true}, []string{"1"}},
		{"a later expiry", feature.Decision{Outcome: feature.OnlineWritten, Record: lasting("1", feature.EventTime{Sec: 11}, 6)}, nil},
		{"an earlier expiry", feature.Decision{Outcome: feature.OnlineWritten, Record: lasting("1", feature.EventTime{Sec: 11}, 3)}, []string{"1"}},
		{"no TTL", feature.Decision{Outcome: feature.OnlineWritten, Record: lasting("1", feature.EventTime{Sec: 11}, 0)}, nil},
		{"a TTL again", feature.Decision{Outcome: feature.OnlineWritten, Record: lasting("1", feature.EventTime{Sec: 11}, 1)}, []string{"1"}},
		{"a tombstone", feature.Decision{Outcome: feature.OnlineWritten, Record: tombstone("1", 12)}, nil},
		{"a TTL after the tombstone", feature.Decision{Outcome: feature.OnlineWritten, Record: lasting("1", feature.EventTime{Sec: 13}, 1)}, []string{"1"}},
		{"removed", feature.Decision{Outcome: feature.OnlineRemoved}, nil},
	}
	for _, step := range steps {
		step.decision.Accepted = noon
		do(t, s, g, "1", step.decision)
		wantSame(t, "Expired at 15 after: "+step.name, step.want, expired(t, s, g, time.Unix(15, 0), 10))
	}
	for i := range 100 {
		hold(t, s, g, lasting(fmt.Sprint(i), feature.EventTime{Sec: 1}, 1))
	}
	must(t, s.Groups.Delete(t.Context(), "a"))
	wantSame(t, "Expired of a deleted group", []string(nil), expired(t, s, g, noon, 1000))
	again := newGroup(t, s, "a")
	wantSame(t, "Expired of the next group of its name", []string(nil), expired(t, s, again, noon, 1000))
}

// The marker of what has expired is an entry of its own, before that of the record.
func recordsExpiredMarker(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	old, next, marker := lasting("1", feature.EventTime{Sec: 10}, 5), record("1", 3, "6"), tombstone("1", 15)
	entry := func(r *feature.Record, o feature.Outcome) feature.Entry {
		return feature.Entry{Record: *r, Accepted: noon, Outcome: o}
	}
	steps := []struct {
		name     string
		decision feature.Decision
		held     *feature.Record
		entries  []feature.Entry
	}{
		{"written to both", feature.Decision{Outcome: feature.OnlineWritten, Record: next, Expired: marker, Journal: true}, next,
			[]feature.Entry{entry(marker, feature.OnlineRemoved), entry(next, feature.OnlineWritten)}},
		{"written online", feature.Decision{Outcome: feature.OnlineWritten, Record: next, Expired: marker}, next,
			[]feature.Entry{entry(marker, feature.OnlineRemoved)}},
		{"removed from both", feature.Decision{Outcome: feature.OnlineRemoved, Record: tombstone("1", 3), Expired: marker, Journal: true}, nil,
			[]feature.Entry{entry(marker, feature.OnlineRemoved), entry(tombstone("1", 3), feature.OnlineRemoved)}},
		{"removed online", feature.Decision{Outcome: feature.OnlineRemoved, Expired: marker}, nil,
			[]feature.Entry{entry(marker, feature.OnlineRemoved)}},
	}
	var want []feature.Entry
	for _, step := range steps {
		hold(t, s, g, old)
		step.decision.Accepted = noon
		do(t, s, g, "1", step.decision)
		want = append(want, step.entries...)
		var got []feature.Entry
		var last feature.Position
		for _, e := range entries(t, s, g.ID) {
			if e.Position <= last {
				t.Errorf("%s: position %d after %d", step.name, e.Position, last)
			}
			last, e.Position = e.Position, 0
			got = append(got, *e)
		}
		wantSame(t, "journal: "+step.name, want, got)
		wantRecords(t, s, g.ID, []string{"1"}, step.held)
		wantSame(t, "Expired: "+step.name, []string(nil), expired(t, s, g, noon, 10))
		if step.held != nil && step.decision.Journal {
			wantPosition(t, s, g, "1", last)
		}
	}
	hold(t, s, g, old)
	for _, outcome := range []feature.Outcome{feature.OnlineStale, feature.OnlineUntouched} {
		d := feature.Decision{Outcome: outcome, Record: next, Expired: marker, Journal: true, Accepted: noon}
		err := s.Records.Do(t.Context(), g, "1", func(*feature.Record) (feature.Decision, error) { return d, nil })
		if err == nil {
			t.Errorf("a decision of outcome %d leaves what it says has expired", outcome)
		}
	}
	if n := len(entries(t, s, g.ID)); n != len(want) {
		t.Errorf("%d entries after refused decisions, want %d", n, len(want))
	}
}

// recordsRemembered: what is held knows the entry that wrote it.
func recordsRemembered(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	put(t, s, g, record("other", 1, "1"))
	put(t, s, g, record("1", 10, "5"))
	first := entries(t, s, g.ID)[1].Position
	wantPosition(t, s, g, "1", first)
	put(t, s, g, record("1", 9, "4")) // stale
	wantPosition(t, s, g, "1", first)
	claims := record("1", 11, "5")
	claims.Position = 77 // not read
	put(t, s, g, claims)
	all := entries(t, s, g.ID)
	second := all[3].Position
	wantPosition(t, s, g, "1", second)
	for _, e := range all {
		if e.Record.Position != 0 && e.Record.Position != e.Position {
			t.Errorf("the record of the entry at %d says %d", e.Position, e.Record.Position)
		}
	}
	hold(t, s, g, claims)
	wantPosition(t, s, g, "1", 0)
	put(t, s, g, tombstone("1", 12))
	all = entries(t, s, g.ID)
	wantPosition(t, s, g, "1", all[4].Position)
}

// wantPosition says so if what is held of id, tombstones too, is not of that position.
func wantPosition(t tester, s Stores, g *feature.Group, id string, want feature.Position) {
	t.Helper()
	check := func(where string, r *feature.Record) {
		t.Helper()
		if r == nil || r.Position != want {
			t.Errorf("%s shows %+v, want position %d", where, r, want)
		}
	}
	must(t, s.Records.Do(t.Context(), g, id, func(held *feature.Record) (feature.Decision, error) {
		check("Do", held)
		return feature.Decision{Outcome: feature.OnlineStale}, nil
	}))
	for r, err := range s.Records.Scan(t.Context(), g.ID, "") {
		must(t, err)
		if r.ID == id {
			check("Scan", r)
		}
	}
	sn := snapshot(t, s)
	defer func() { must(t, sn.Close()) }()
	for r, err := range sn.Records(g.ID) {
		must(t, err)
		if r.ID == id {
			check("a snapshot", r)
		}
	}
	got, err := Held(t.Context(), s.Records, g.ID, []string{id})
	must(t, err)
	if got[0] != nil {
		check("Get", got[0])
	}
}

// Collections are kept as they are given.
func recordsLists(t *testing.T, s Stores) {
	g := newGroup(t, s, "a")
	long := make([]string, 8192)
	for i := range long {
		long[i] = fmt.Sprint(float64(i) / 7)
	}
	for _, lists := range [][][]string{
		{{"a"}}, {{""}}, {{"", ""}}, {{"b", "a", "b"}}, {long}, {nil, {"x"}, nil}, {{"1"}, {"2", "3"}}, {{"\x00", "ü\xff", "id"}},
	} {
		want := record("id", 1, "")
		want.Values = want.Values[:2]
		for i, list := range lists {
			want.Values = append(want.Values, feature.Value{Ordinal: 2 + i, List: list})
		}
		put(t, s, g, want)
		wantRecords(t, s, g.ID, []string{"id"}, want)
		all := entries(t, s, g.ID)
		wantSame(t, "entry", *want, all[len(all)-1].Record)
	}
	// The identifier is not taken for a value that has no text.
	empty := &feature.Record{Values: []feature.Value{{Ordinal: 0, List: []string{"x"}}, {Ordinal: 1}}}
	put(t, s, g, empty)
	wantRecords(t, s, g.ID, []string{""}, empty)
}
