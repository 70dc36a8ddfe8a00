package backendtest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// A recordsOracle is what one group should hold, kept as simply as can be.
type recordsOracle struct {
	s       Stores
	g       *feature.Group
	held    map[string]*feature.Record
	journal []feature.Entry // without positions
	flushes int
}

// recordsModel compares random histories of a group with the oracle.
func recordsModel(t *testing.T, s Stores) {
	must(t, s.Objects.CreateBucket(t.Context(), bucket.Bucket{Name: "lake"}))
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		m := &recordsOracle{s: s, g: newGroup(rt, s, feature.GroupName(fmt.Sprint("g", n))), held: map[string]*feature.Record{}}
		rt.Repeat(map[string]func(*rapid.T){
			"do":      m.do,
			"do all":  m.doAll,
			"get":     m.get,
			"flush":   m.flush,
			"expired": m.expired,
			"":        m.check,
		})
	})
}

func drawRecord(rt *rapid.T, id string) *feature.Record {
	r := &feature.Record{
		ID:        id,
		EventTime: feature.EventTime{Sec: rapid.Int64Range(-62167219200, 253402300799).Draw(rt, "sec"), Nsec: rapid.Int32Range(0, 999_999_999).Draw(rt, "nsec")},
		Deleted:   rapid.Bool().Draw(rt, "deleted"),
		TTL:       rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(1, 1000), rapid.Int64Range(1, 400_000_000_000)).Draw(rt, "ttl"),
	}
	if rapid.Bool().Draw(rt, "about now") {
		r.EventTime.Sec = noon.Unix() + rapid.Int64Range(-1000, 1000).Draw(rt, "from now")
	}
	for i, texts := range rapid.SliceOfN(rapid.SliceOfN(rapid.String(), 0, 3), 0, 4).Draw(rt, "values") {
		v := feature.Value{Ordinal: i * 3}
		if rapid.Bool().Draw(rt, "list") && len(texts) > 0 {
			v.List = texts
		} else {
			v.Text = strings.Join(texts, "")
		}
		r.Values = append(r.Values, v)
	}
	if rapid.Bool().Draw(rt, "identifier among the values") {
		r.Values = append(r.Values, feature.Value{Ordinal: 100, Text: id})
	}
	return r
}

func (m *recordsOracle) id(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"", "a", "a\x00", "b"}).Draw(rt, "id")
}

// A drawnStep is a decision, or why there is none.
type drawnStep struct {
	id      string
	d       feature.Decision
	refusal error
}

// draw makes a step. Whether something is held that may have expired the caller says.
func (m *recordsOracle) draw(rt *rapid.T, holds func(id string) bool) (s drawnStep) {
	s.id = m.id(rt)
	s.d = feature.Decision{
		Outcome:  feature.Outcome(rapid.IntRange(int(feature.OnlineUntouched), int(feature.OnlineStale)).Draw(rt, "outcome")),
		Record:   drawRecord(rt, s.id),
		Journal:  rapid.Bool().Draw(rt, "journal"),
		Accepted: noon.Add(time.Duration(rapid.IntRange(0, 1e9).Draw(rt, "accepted")) * time.Microsecond),
	}
	moves := s.d.Outcome == feature.OnlineWritten || s.d.Outcome == feature.OnlineRemoved
	if holds(s.id) && moves && rapid.IntRange(0, 3).Draw(rt, "expires") == 0 {
		s.d.Expired = drawRecord(rt, s.id)
	}
	if rapid.IntRange(0, 9).Draw(rt, "refused") == 0 {
		s.refusal = errors.New("refused")
	}
	return s
}

func (m *recordsOracle) do(rt *rapid.T) {
	s := m.draw(rt, func(id string) bool { return m.held[id] != nil })
	err := m.s.Records.Do(rt.Context(), m.g, s.id, func(held *feature.Record) (feature.Decision, error) {
		wantSame(rt, "held", m.held[s.id], held)
		return s.d, s.refusal
	})
	m.done(rt, []drawnStep{s}, []error{err})
}

// doAll takes steps in one call. What a step is given is what those before it left.
func (m *recordsOracle) doAll(rt *rapid.T) {
	held := maps.Clone(m.held)
	drawn := make([]drawnStep, rapid.IntRange(0, 6).Draw(rt, "steps"))
	steps := make([]feature.Step, len(drawn))
	for i := range drawn {
		s := m.draw(rt, func(id string) bool { return held[id] != nil })
		drawn[i] = s
		given := headOf(held[s.id])
		steps[i] = feature.Step{Group: m.g, ID: s.id, Decide: func(held *feature.Record) (feature.Decision, error) {
			if diff := cmp.Diff(given, held); diff != "" {
				rt.Errorf("held of %q (-want +got):\n%s", s.id, diff)
			}
			return s.d, s.refusal
		}}
		switch {
		case s.refusal != nil:
		case s.d.Outcome == feature.OnlineWritten:
			held[s.id] = s.d.Record
		case s.d.Outcome == feature.OnlineRemoved:
			delete(held, s.id)
		}
	}
	m.done(rt, drawn, m.s.Records.DoAll(rt.Context(), steps))
}

// headOf is of a record what a step is given.
func headOf(r *feature.Record) *feature.Record {
	if r == nil {
		return nil
	}
	return &feature.Record{ID: r.ID, EventTime: r.EventTime, Deleted: r.Deleted, TTL: r.TTL}
}

// done notes what steps of one call did.
func (m *recordsOracle) done(rt *rapid.T, steps []drawnStep, errs []error) {
	if len(errs) != len(steps) {
		rt.Fatalf("%d errors of %d steps", len(errs), len(steps))
	}
	before := len(m.journal)
	entryOf := map[*feature.Record]int{} // the place of its entry
	for i, s := range steps {
		if !errors.Is(errs[i], s.refusal) {
			rt.Fatalf("step %d returned %v, want %v", i, errs[i], s.refusal)
		}
		if s.refusal != nil {
			continue
		}
		if s.d.Expired != nil {
			m.journal = append(m.journal, feature.Entry{Record: *s.d.Expired, Accepted: s.d.Accepted, Outcome: feature.OnlineRemoved})
		}
		if s.d.Journal {
			entryOf[s.d.Record] = len(m.journal)
			m.journal = append(m.journal, feature.Entry{Record: *s.d.Record, Accepted: s.d.Accepted, Outcome: s.d.Outcome})
		}
		switch s.d.Outcome {
		case feature.OnlineWritten:
			m.held[s.id] = s.d.Record
		case feature.OnlineRemoved:
			delete(m.held, s.id)
		}
	}
	if len(m.journal) == before {
		return
	}
	all := entries(rt, m.s, m.g.ID)
	if len(all) != len(m.journal) {
		rt.Fatalf("%d entries, want %d", len(all), len(m.journal))
	}
	for r, at := range entryOf {
		r.Position = all[at].Position
	}
}

// expired asks for what expires by an instant, which may be that of an expiry.
func (m *recordsOracle) expired(rt *rapid.T) {
	type lapse struct {
		at feature.EventTime
		id string
	}
	var lapses []lapse
	for _, r := range m.scan() {
		if at, ok := r.Expiry(); ok {
			lapses = append(lapses, lapse{at, r.ID})
		}
	}
	by := noon.Add(time.Duration(rapid.Int64Range(-3000, 3000).Draw(rt, "by")) * time.Second)
	if len(lapses) > 0 && rapid.Bool().Draw(rt, "exactly") {
		by = rapid.SampledFrom(lapses).Draw(rt, "lapse").at.Time().Add(time.Duration(rapid.IntRange(-1, 1).Draw(rt, "nanosecond")))
	}
	slices.SortStableFunc(lapses, func(a, b lapse) int { return a.at.Compare(b.at) })
	var want []string
	for _, l := range lapses {
		if !l.at.Time().After(by) {
			want = append(want, l.id)
		}
	}
	limit := rapid.IntRange(0, 4).Draw(rt, "limit")
	got, err := m.s.Records.Expired(rt.Context(), m.g.ID, by, limit)
	if err != nil {
		rt.Fatal(err)
	}
	// Those of one instant come in any order.
	atOf := func(id string) feature.EventTime {
		at, _ := m.held[id].Expiry()
		return at
	}
	if len(got) != min(limit, len(want)) {
		rt.Fatalf("Expired by %v, at most %d: %q, want of %q", by, limit, got, want)
	}
	for i, id := range got {
		if !slices.Contains(want, id) || slices.Contains(got[:i], id) || atOf(id) != atOf(want[i]) {
			rt.Errorf("Expired by %v: %q, want %q", by, got, want)
		}
	}
}

// scan returns what should be held, in the order of the identifiers.
func (m *recordsOracle) scan() []*feature.Record {
	var all []*feature.Record
	for _, id := range slices.Sorted(maps.Keys(m.held)) {
		all = append(all, m.held[id])
	}
	return all
}

func (m *recordsOracle) get(rt *rapid.T) {
	ids := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "a\x00", "b", "never"}), 0, 6).Draw(rt, "ids")
	want := make([]*feature.Record, len(ids))
	for i, id := range ids {
		if r := m.held[id]; r != nil && !r.Deleted {
			want[i] = r
		}
	}
	got, err := Held(rt.Context(), m.s.Records, m.g.ID, ids)
	if err != nil {
		rt.Fatal(err)
	}
	wantSame(rt, "Get", want, got)
}

func (m *recordsOracle) flush(rt *rapid.T) {
	sn, err := m.s.Offline.Snapshot(rt.Context())
	if err != nil {
		rt.Fatal(err)
	}
	m.flushes++
	o := &bucket.Object{Bucket: "lake", Key: fmt.Sprint(m.g.ID, "/", m.flushes)}
	err = errors.Join(m.s.Offline.CommitFlush(rt.Context(), m.g.ID, sn.Settled(), []*bucket.Object{o}), sn.Close())
	if err != nil {
		rt.Fatal(err)
	}
	m.journal = nil
}

// check compares the journal and what is held, positions and all.
func (m *recordsOracle) check(rt *rapid.T) {
	var scanned []*feature.Record
	for r, err := range m.s.Records.Scan(rt.Context(), m.g.ID, "") {
		must(rt, err)
		scanned = append(scanned, r)
	}
	if diff := cmp.Diff(m.scan(), scanned); diff != "" {
		rt.Errorf("held (-want +got):\n%s", diff)
	}
	var got []feature.Entry
	for _, e := range entries(rt, m.s, m.g.ID) {
		e.Position = 0
		got = append(got, *e)
	}
	wantSame(rt, "journal", m.journal, got)
}
