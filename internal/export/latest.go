package export

import (
	"cmp"
	"context"
	"hash/maphash"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// The newest rows are found by two readings. The first remembers of each identifier where its newest row
// is, the second exports those rows. If there are more identifiers than memory for them, both are done for
// one share of the identifiers after the other: whenever a share is too large it is halved, and the other
// half waits.

// A share is the identifiers whose hash leaves the rest when it is divided by of, a power of two.
type share struct{ of, rest uint64 }

func (s share) has(hash uint64) bool { return hash&(s.of-1) == s.rest }

// halve returns the halves of a share.
func (s share) halve() (share, share) {
	return share{2 * s.of, s.rest}, share{2 * s.of, s.rest + s.of}
}

// identifierCost is about how much memory an identifier takes beside its bytes.
const identifierCost = 200

// latest yields the newest row of each identifier, in the columns of out. A row is good for the call.
func (in *input) latest(ctx context.Context, memory int64, use func(row []any) error) error {
	seed := maphash.MakeSeed()
	waiting := []share{{of: 1}}
	for len(waiting) > 0 {
		part := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		found := newest{seed: seed, part: part, rows: map[identifier]place{}, memory: memory}
		if err := in.find(ctx, &found); err != nil {
			return err
		}
		waiting = append(waiting, found.later...)
		if err := in.pick(ctx, found.places(len(in.files)+1), use); err != nil {
			return err
		}
	}
	return nil
}

// An identifier is what tells rows apart: "007" and "7" of an Integral identifier are one number.
type identifier struct {
	text string
	null bool
}

func identifierOf(cell any) identifier {
	switch v := cell.(type) {
	case string:
		return identifier{text: v}
	case int64:
		return identifier{text: strconv.FormatInt(v, 10)}
	case float64:
		if v == 0 {
			v = 0 // not -0
		}
		return identifier{text: strconv.FormatFloat(v, 'g', -1, 64)}
	}
	return identifier{null: true}
}

// A place is where a row is, and how recent it is. Null times are the least recent.
type place struct {
	known            bool              // whether it has an event time
	at               feature.EventTime // of a String event time
	number           float64           // of a Fractional one
	invoked, written int64             // microseconds
	source           int
	n                int64
	deleted          bool
}

// setEventTime reads the cell of an event time. What is none somebody else wrote.
func (p *place) setEventTime(cell any) {
	switch at := cell.(type) {
	case string:
		t, err := feature.ParseEventTime(feature.String, at)
		if p.known = err == nil; p.known {
			p.at = t
		}
	case float64:
		if p.known = !math.IsNaN(at); p.known {
			p.number = at
		}
	}
}

// compare is the order of contract §7: event time, invocation time, write time.
func (p *place) compare(q *place) int {
	if p.known != q.known {
		if p.known {
			return 1
		}
		return -1
	}
	return cmp.Or(p.at.Compare(q.at), cmp.Compare(p.number, q.number), cmp.Compare(p.invoked, q.invoked), cmp.Compare(p.written, q.written))
}

// newest finds the newest row of each identifier of a share.
type newest struct {
	seed   maphash.Seed
	part   share
	rows   map[identifier]place
	memory int64
	held   int64
	later  []share // what was given up
}

// find reads the keys of all rows.
func (in *input) find(ctx context.Context, found *newest) error {
	g := in.group
	columns := []int{g.Ordinal(g.RecordIdentifier), g.Ordinal(g.EventTime), in.invoked(), in.writeTime(), in.deleted()}
	return in.each(ctx, columns, func(source int, n int64, row []any) error {
		id := identifierOf(row[0])
		if !found.part.has(maphash.String(found.seed, id.text)) {
			return nil
		}
		p := place{invoked: micros(row[2]), written: micros(row[3]), source: source, n: n, deleted: row[4] == true}
		p.setEventTime(row[1])
		found.add(id, p)
		return nil
	})
}

func micros(cell any) int64 {
	if at, ok := cell.(time.Time); ok {
		return at.UnixMicro()
	}
	return math.MinInt64
}

func (f *newest) add(id identifier, p place) {
	held, ok := f.rows[id]
	if ok {
		if p.compare(&held) > 0 {
			f.rows[id] = p
		}
		return
	}
	f.rows[id] = p
	f.held += identifierCost + int64(len(id.text))
	for f.held > f.memory && len(f.rows) > 1 && f.part.of < 1<<32 {
		f.giveUpHalf()
	}
}

func (f *newest) giveUpHalf() {
	kept, later := f.part.halve()
	f.part, f.later = kept, append(f.later, later)
	// A map keeps its memory when it shrinks.
	rows := map[identifier]place{}
	f.held = 0
	for id, p := range f.rows {
		if kept.has(maphash.String(f.seed, id.text)) {
			rows[id] = p
			f.held += identifierCost + int64(len(id.text))
		}
	}
	f.rows = rows
}

// places returns the rows to export of each source, in their order.
func (f *newest) places(sources int) [][]int64 {
	all := make([][]int64, sources)
	for _, p := range f.rows {
		if !p.deleted {
			all[p.source] = append(all[p.source], p.n)
		}
	}
	for _, rows := range all {
		slices.Sort(rows)
	}
	return all
}

// pick yields the rows at their places.
func (in *input) pick(ctx context.Context, all [][]int64, use func(row []any) error) error {
	columns := places(len(in.out))
	for source, rows := range all {
		if len(rows) == 0 {
			continue
		}
		err := in.source(ctx, source, columns, func(_ int, n int64, row []any) error {
			if len(rows) == 0 || n != rows[0] {
				return nil
			}
			rows = rows[1:]
			return use(row)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
