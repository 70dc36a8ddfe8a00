package backendtest

import (
	"errors"
	"fmt"
	"testing"
	"time"

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
			"do":    m.do,
			"get":   m.get,
			"flush": m.flush,
			"":      m.check,
		})
	})
}

func drawRecord(rt *rapid.T, id string) *feature.Record {
	r := &feature.Record{
		ID:        id,
		EventTime: feature.EventTime{Sec: rapid.Int64Range(-62167219200, 253402300799).Draw(rt, "sec"), Nsec: rapid.Int32Range(0, 999_999_999).Draw(rt, "nsec")},
		Deleted:   rapid.Bool().Draw(rt, "deleted"),
	}
	for i, text := range rapid.SliceOfN(rapid.String(), 0, 4).Draw(rt, "texts") {
		r.Values = append(r.Values, feature.Value{Ordinal: i * 3, Text: text})
	}
	if rapid.Bool().Draw(rt, "identifier among the values") {
		r.Values = append(r.Values, feature.Value{Ordinal: 100, Text: id})
	}
	return r
}

func (m *recordsOracle) id(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"", "a", "a\x00", "b"}).Draw(rt, "id")
}

func (m *recordsOracle) do(rt *rapid.T) {
	id := m.id(rt)
	d := feature.Decision{
		Outcome:  feature.Outcome(rapid.IntRange(int(feature.OnlineUntouched), int(feature.OnlineStale)).Draw(rt, "outcome")),
		Record:   drawRecord(rt, id),
		Journal:  rapid.Bool().Draw(rt, "journal"),
		Accepted: noon.Add(time.Duration(rapid.IntRange(0, 1e9).Draw(rt, "accepted")) * time.Microsecond),
	}
	var refusal error
	if rapid.IntRange(0, 9).Draw(rt, "refused") == 0 {
		refusal = errors.New("refused")
	}
	err := m.s.Records.Do(rt.Context(), m.g, id, func(held *feature.Record) (feature.Decision, error) {
		wantSame(rt, "held", m.held[id], held)
		return d, refusal
	})
	if !errors.Is(err, refusal) {
		rt.Fatalf("Do returned %v, want %v", err, refusal)
	}
	if refusal != nil {
		return
	}
	switch d.Outcome {
	case feature.OnlineWritten:
		m.held[id] = d.Record
	case feature.OnlineRemoved:
		delete(m.held, id)
	}
	if d.Journal {
		m.journal = append(m.journal, feature.Entry{Record: *d.Record, Accepted: d.Accepted, Outcome: d.Outcome})
	}
}

func (m *recordsOracle) get(rt *rapid.T) {
	ids := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "a\x00", "b", "never"}), 0, 6).Draw(rt, "ids")
	want := make([]*feature.Record, len(ids))
	for i, id := range ids {
		if r := m.held[id]; r != nil && !r.Deleted {
			want[i] = r
		}
	}
	got, err := m.s.Records.Get(rt.Context(), m.g.ID, ids)
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

// check compares the journal.
func (m *recordsOracle) check(rt *rapid.T) {
	var got []feature.Entry
	for _, e := range entries(rt, m.s, m.g.ID) {
		e.Position = 0
		got = append(got, *e)
	}
	wantSame(rt, "journal", m.journal, got)
}
