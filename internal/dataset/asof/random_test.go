package asof_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

var (
	cases     = flag.Int("cases", 1200, "how many random joins are held against the oracle")
	firstSeed = flag.Uint64("seed", 0, "of the first history; 0: drawn")
)

const (
	// joinsOfHistory is how many joins of a history are tried.
	joinsOfHistory = 20
	// groupsOfWorld is how many histories the same stores have: what is due is looked for in all of them.
	groupsOfWorld = 100
)

// Each join has what the oracle says, for any history: late rows, ties, deletes, rows of others, in the journal, in
// files of hours and in runs.
func TestJoinIsWhatTheOracleSays(t *testing.T) {
	seed := *firstSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano()) % 1e9
	}
	t.Logf("seed %d; again: go test -tags pebblegozstd -count=1 ./internal/dataset/asof -run '^%s$' -args -seed %d -cases %d", seed, t.Name(), seed, *cases)
	var next, joins, labels, matches atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		w := newWorld(t)
		all.Go(func() {
			for {
				n := next.Add(1) - 1
				if n*joinsOfHistory >= int64(*cases) || t.Failed() {
					return
				}
				if w.groups == groupsOfWorld {
					w = newWorld(t)
				}
				h := newHistory(w, seed+uint64(n))
				for range joinsOfHistory {
					l, m := h.join()
					joins.Add(1)
					labels.Add(int64(l))
					matches.Add(int64(m))
				}
				h.close()
			}
		})
	}
	all.Wait()
	t.Logf("%d joins of %d labels, of which %d found a record", joins.Load(), labels.Load(), matches.Load())
	if matches.Load() == 0 {
		t.Error("no label found a record: the histories are of no use")
	}
}

// A history is a group with random rows, and what they are.
type history struct {
	*world
	seed uint64
	rng  *rand.Rand
	g    *feature.Group
	rows []*row
	base int64 // seconds: where most event times are
	ids  []string
	snap table.Snapshot
}

func newHistory(w *world, seed uint64) *history {
	h := &history{world: w, seed: seed, rng: rand.New(rand.NewPCG(seed, 1))}
	types := []feature.Type{feature.String, feature.Integral, feature.Fractional}
	typ := types[h.rng.IntN(3)]
	h.ids = map[feature.Type][]string{
		feature.String: {"a", "b", "aa", "ä", "A", " a", "0"}, feature.Integral: {"0", "7", "007", "-5", "9223372036854775807", "+1", "1"},
		feature.Fractional: {"0", "-0", "7", "7.50", "7.5", "1e3", "-0.1"},
	}[typ]
	h.base = []int64{1_700_000_000, 1_699_999_999, -62167219200 + 7200, 253402300799 - 7200, 0}[h.rng.IntN(5)]
	h.g = w.group(typ, []feature.Type{feature.String, feature.Fractional}[h.rng.IntN(2)])
	for range 1 + h.rng.IntN(4) {
		h.write()
	}
	h.snap = w.snapshot()
	return h
}

func (h *history) close() { check(h.t, h.snap.Close()) }

// write adds some rows, and moves them to where rows may be.
func (h *history) write() {
	for range h.rng.IntN(12) {
		r := h.newRow()
		h.add(h.g, r)
		h.rows = append(h.rows, r)
	}
	positions := h.waiting(h.g)
	for i, p := range positions {
		h.rows[len(h.rows)-len(positions)+i].written = int64(p)
	}
	switch h.rng.IntN(6) {
	case 0:
	case 1:
		h.flush()
		h.addForeign()
	case 2:
		h.flush()
		h.merge()
	default:
		h.flush()
	}
}

func (h *history) flush() { check(h.t, h.FlushNow(h.t.Context())) }

// nanoseconds that event times differ by.
var nanoseconds = []int64{0, 0, 1, 999_999_999, 500_000_000, 123_456_000}

// when draws an instant: few are there, so that many are equal.
func (h *history) when() feature.EventTime {
	steps := []int64{0, 1, 1, 2, 60, 3600, 7199}
	at := feature.EventTime{Sec: h.base + []int64{1, -1}[h.rng.IntN(2)]*steps[h.rng.IntN(len(steps))], Nsec: int32(nanoseconds[h.rng.IntN(len(nanoseconds))])}
	return at
}

// text writes an instant in one of the ways in which it can be.
func (h *history) text(at feature.EventTime) string {
	if h.g.Definitions[1].Type == feature.Fractional {
		return feature.EpochText(at)
	}
	hours := h.rng.IntN(5) - 2
	local := at.Time().Add(time.Duration(hours) * time.Hour)
	switch {
	case hours != 0 && local.Year() > 0 && local.Year() < 9999:
		return local.Format("2006-01-02T15:04:05.999999999") + fmt.Sprintf("%+03d:00", hours)
	case h.rng.IntN(3) == 0:
		return at.Time().Format("2006-01-02T15:04:05.000000000Z")
	case h.rng.IntN(4) == 0:
		return feature.EpochText(at)
	}
	return at.String()
}

func (h *history) newRow() *row {
	r := &row{id: h.ids[h.rng.IntN(len(h.ids))], invoked: 1_700_000_000_000_000 + int64(h.rng.IntN(3)), features: map[feature.Name]any{}}
	at := h.when()
	for r.at = h.text(at); isDate(r.at); {
		r.at = h.text(at)
	}
	if r.deleted = h.rng.IntN(6) == 0; r.deleted {
		return r
	}
	if h.rng.IntN(5) > 0 {
		r.features["N"] = h.rng.Int64N(1000) - 500
	}
	if h.rng.IntN(5) > 0 {
		r.features["x"] = float64(h.rng.IntN(1000)) / 8
	}
	if h.rng.IntN(5) > 0 {
		r.features["s"] = strings.Repeat("é", h.rng.IntN(30)) + strconv.Itoa(h.rng.IntN(100))
	}
	if h.rng.IntN(2) > 0 {
		r.features["list"] = []string{"one", "", strconv.Itoa(h.rng.IntN(9))}[:1+h.rng.IntN(3)]
	}
	return r
}

// isDate tells of a text that is refused as an event time: a number that reads as a date.
func isDate(text string) bool {
	_, err := feature.ParseEventTime(feature.String, text)
	_, number := strconv.ParseFloat(text, 64)
	return err != nil && number == nil && !strings.Contains(text, ".") && len(text) >= 8 && len(text) <= 12 && text[0] != '-' && (strings.HasPrefix(text, "19") || strings.HasPrefix(text, "20"))
}

// fields are those of a put of the row.
func (r *row) fields() []feature.Field {
	fields := []feature.Field{{Name: "id", Text: r.id}, {Name: "at", Text: r.at}}
	for name, v := range r.features {
		f := feature.Field{Name: name}
		switch v := v.(type) {
		case []string:
			f.List, f.Listed = v, true
		default:
			f.Text = fmt.Sprint(v)
		}
		fields = append(fields, f)
	}
	return fields
}

// addForeign puts a file of another writer: rows of its own, or a copy of rows that are there.
func (h *history) addForeign() {
	columns := table.FileColumns(h.g)
	kept := []int{0, 1} // of the columns
	for i := 2; i < len(columns); i++ {
		if h.rng.IntN(4) > 0 {
			kept = append(kept, i)
		}
	}
	has := func(name string) bool {
		return slices.ContainsFunc(kept, func(i int) bool { return columns[i].Name == name })
	}
	var rows []*row
	for range 1 + h.rng.IntN(8) {
		r := h.newRow()
		if others := append(rows, h.rows...); len(others) > 0 && h.rng.IntN(3) == 0 {
			other := others[h.rng.IntN(len(others))]
			r.id, r.at, r.invoked, r.written = other.id, other.at, other.invoked, other.written
			if len(rows) > 0 && h.rng.IntN(2) == 0 { // one of this file
				r.id, r.at = rows[0].id, rows[0].at
			}
		} else {
			r.written = 1_700_000_000_000_000 + int64(h.rng.IntN(3))
		}
		r.deleted = r.deleted && has("is_deleted")
		if r.deleted {
			r.features = nil
		}
		for name := range r.features {
			if !has(string(name)) {
				delete(r.features, name)
			}
		}
		if !has("api_invocation_time") || h.rng.IntN(4) == 0 {
			r.invoked = noTime
		}
		if !has("write_time") || h.rng.IntN(4) == 0 {
			r.written = noTime
		}
		rows = append(rows, r)
	}
	var schema []parquet.Column
	var cells [][]any
	for _, i := range kept {
		schema = append(schema, columns[i])
	}
	for _, r := range rows {
		whole := r.cells(h.g)
		var out []any
		for _, i := range kept {
			out = append(out, whole[i])
		}
		cells = append(cells, out)
	}
	// Rows of others lose against rows of ours that are equal, so they have places below zero: the order of keys,
	// then of rows.
	number := len(h.rows)
	o := h.foreign(h.g, fmt.Sprintf("year=2023/from-spark-%06d.parquet", number), schema, cells)
	for i, r := range rows {
		if r.written == noTime {
			r.written = o.Modified.UnixMicro()
		}
		r.place = -1_000_000_000 + number*1000 + i
	}
	// Rows that wait have their positions by how many they are: these come before them.
	h.rows = append(rows, h.rows...)
}

// cells are the row in a data file.
func (r *row) cells(g *feature.Group) []any {
	out := make([]any, len(g.Definitions)+3)
	for i, d := range g.Definitions {
		text, there := any(nil), false
		switch d.Name {
		case "id":
			text, there = r.id, true
		case "at":
			text, there = r.at, true
		default:
			out[i] = r.features[d.Name]
			if list, ok := out[i].([]string); ok {
				var all []any
				for _, e := range list {
					all = append(all, e)
				}
				out[i] = all
			}
		}
		if !there {
			continue
		}
		switch d.Type {
		case feature.Integral:
			out[i], _ = strconv.ParseInt(text.(string), 10, 64)
		case feature.Fractional:
			out[i], _ = strconv.ParseFloat(text.(string), 64)
		default:
			out[i] = text
		}
	}
	n := len(g.Definitions)
	if r.written != noTime {
		out[n] = time.UnixMicro(r.written).UTC()
	}
	if r.invoked != noTime {
		out[n+1] = time.UnixMicro(r.invoked).UTC()
	}
	out[n+2] = r.deleted
	return out
}

// join joins random labels, and compares.
func (h *history) join() (labels, matches int) {
	n := h.rng.IntN(40)
	all := make([]label, n)
	ids := &parquet.Vector{Kind: parquet.OfText}
	in := asof.Labels{Times: make([]feature.EventTime, n)}
	if h.rng.IntN(2) == 0 {
		in.NoTime = make([]bool, n)
	}
	lookBacks := []time.Duration{0, 0, 1, time.Second, time.Second - 1, time.Minute, time.Hour, 3 * time.Hour}
	g := asof.Group{Group: h.g, IDs: ids, LookBack: lookBacks[h.rng.IntN(len(lookBacks))], SkipDeletes: h.rng.IntN(2) == 0}
	for i := range all {
		if id := append(h.ids, "8", "x", "")[h.rng.IntN(len(h.ids)+3)]; h.rng.IntN(10) > 0 {
			all[i].id = &id
			ids.Text = append(ids.Text, id...)
		}
		ids.Null, ids.Offsets = append(ids.Null, all[i].id == nil), append(ids.Offsets, len(ids.Text))
		at := h.when()
		if h.rng.IntN(4) == 0 {
			at.Sec += g.LookBack.Nanoseconds() / 1e9
		}
		in.Times[i] = at
		if in.NoTime != nil && h.rng.IntN(10) == 0 {
			in.NoTime[i] = true
		} else {
			all[i].time = &at
		}
	}
	for _, name := range []feature.Name{"N", "s", "list", "id", "x", "at", "N"} {
		if h.rng.IntN(3) > 0 {
			g.Features = append(g.Features, name)
		}
	}
	asOf := int64(0)
	if h.rng.IntN(2) == 0 && len(h.rows) > 0 {
		asOf = h.rows[h.rng.IntN(len(h.rows))].written
	}
	memory := []int64{0, 1, 700, 5000}[h.rng.IntN(4)]
	e := asof.New(h.buckets, asof.Options{Memory: memory, Threads: 1 + h.rng.IntN(3)})
	got := must(joined(h, e, &asof.Request{Labels: in, Groups: []asof.Group{g, g}, AsOf: feature.Position(asOf)}))(h.t)
	if len(got) != n {
		h.t.Errorf("seed %d: %d rows for %d labels", h.seed, len(got), n)
		return n, 0
	}
	for i, l := range all {
		r := newest(h.g, h.rows, l, g.LookBack, g.SkipDeletes, asOf)
		want := ""
		for range 2 {
			for _, name := range g.Features {
				want += r.said(h.g, name) + "|"
			}
		}
		if r != nil {
			matches++
		}
		if got[i] != want {
			h.t.Errorf("seed %d: label %d (%v at %v), look-back %v, skip deletes %v, as of %d, memory %d:\n got %s\nwant %s",
				h.seed, i, deref(l.id), in.Times[i], g.LookBack, g.SkipDeletes, asOf, memory, got[i], want)
		}
	}
	return n, matches
}

func deref(s *string) string {
	if s == nil {
		return "NULL"
	}
	return strconv.Quote(*s)
}

// said is a feature of a row, as joined says it.
func (r *row) said(g *feature.Group, name feature.Name) string {
	if r == nil {
		return "NULL"
	}
	v := r.cells(g)[g.Ordinal(name)]
	if list, ok := v.([]any); ok {
		v = fmt.Sprintf("%q", list)
	}
	if v == nil {
		return "NULL"
	}
	return fmt.Sprint(v)
}

// joined carries out a join, and writes each row of it as text.
func joined(h *history, e *asof.Engine, r *asof.Request) (rows []string, err error) {
	_, err = e.Join(h.t.Context(), h.snap, r, nil, func(first, n int, columns []*parquet.Vector) error {
		if first != len(rows) {
			return fmt.Errorf("row %d comes after %d", first, len(rows))
		}
		for i := range n {
			text := ""
			for _, v := range columns {
				text += said(v, i) + "|"
			}
			rows = append(rows, text)
		}
		return nil
	})
	return rows, err
}

func said(v *parquet.Vector, i int) string {
	if v.Present == nil && v.Ends == nil {
		return element(v, i)
	}
	if !v.Present[i] {
		return "NULL"
	}
	start := 0
	if i > 0 {
		start = v.Ends[i-1]
	}
	var all []string
	for e := start; e < v.Ends[i]; e++ {
		all = append(all, element(v, e))
	}
	return fmt.Sprintf("%q", all)
}

func element(v *parquet.Vector, i int) string {
	switch {
	case v.Null[i]:
		return "NULL"
	case v.Kind == parquet.OfText:
		return string(v.TextOf(i))
	case v.Kind == parquet.OfInt:
		return fmt.Sprint(v.Ints[i])
	}
	return fmt.Sprint(v.Floats[i])
}
