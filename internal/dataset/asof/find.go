package asof

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

const (
	bestSize   = 40
	winnerSize = 12
	// keyRows is how many rows of keys are decoded at a time.
	keyRows = 1024
	// unknown stands for a time that a row does not have: it is before all others.
	unknown = math.MinInt64
)

// A best is the newest row of those that have one slot as their first.
type best struct {
	sec, invoked, written int64
	nsec                  int32
	file                  int32
	row                   uint32
	state                 state
}

type state uint8

const (
	nothing state = iota
	record
	marker
)

// compare orders rows of one identifier: the greater is the one to be known.
func (b *best) compare(c *best) int {
	switch {
	case b.sec != c.sec:
		return cmp.Compare(b.sec, c.sec)
	case b.nsec != c.nsec:
		return cmp.Compare(b.nsec, c.nsec)
	case b.invoked != c.invoked:
		return cmp.Compare(b.invoked, c.invoked)
	case b.written != c.written:
		return cmp.Compare(b.written, c.written)
	case b.file != c.file:
		return cmp.Compare(b.file, c.file)
	}
	return cmp.Compare(b.row, c.row)
}

// A winner is the row of a source that a label gets.
type winner struct {
	file  int32
	row   uint32
	label uint32 // of the block
}

// winners are those of a block, in the order of their rows.
type winners struct {
	source *source
	list   []winner
}

// find finds the row for each label of a block.
//
// One pass over the rows of the group in any order is enough: a row goes to the first label of its
// identifier that is not before it, where the newest stays. Then each label in the order of time inherits
// what the one before it has, unless its own is newer.
func (j *join) find(ctx context.Context, s *source, first, last int) (*winners, error) {
	x := j.index(s, first, last)
	if !x.times.some {
		return &winners{source: s}, nil
	}
	finders := make([]*finder, j.engine.options.Threads)
	for i := range finders {
		finders[i] = &finder{source: s, index: x, best: make([]best, len(x.slots)), clock: clock{typ: typeOf(s, s.Group.Group.EventTime)}}
	}
	err := j.share(ctx, len(s.files)+1, func(ctx context.Context, worker, file int) error {
		f := finders[worker]
		rows, err := f.file(ctx, file)
		j.counter.add(rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	all := finders[0].best
	for _, f := range finders {
		j.stats.RowsScanned += f.scanned
		j.stats.FilesSkipped += f.skipped
	}
	for _, f := range finders[1:] {
		for i := range f.best {
			if b := &f.best[i]; b.state != nothing && (all[i].state == nothing || b.compare(&all[i]) > 0) {
				all[i] = *b
			}
		}
		f.best = nil
	}
	return x.judge(s, all), nil
}

// index returns the index of the labels of a block for a group: that of the group before, if its identifiers are
// the same.
func (j *join) index(s *source, first, last int) *index {
	typ := typeOf(s, s.Group.Group.RecordIdentifier)
	if j.last.index == nil || j.last.ids != s.IDs || j.last.first != first || j.last.index.typ != typ {
		j.last.index = nil // which is free to go while the next one is made
		j.last.index, j.last.ids, j.last.first = newIndex(&j.request.Labels, s.IDs, typ, first, last), s.IDs, first
	}
	return j.last.index
}

func typeOf(s *source, name feature.Name) feature.Type {
	return s.Group.Group.Definitions[s.Group.Group.Ordinal(name)].Type
}

// share runs work on all numbers below n, with as many goroutines as the engine has threads, and returns
// when they have ended. The context ends with the first error.
func (j *join) share(ctx context.Context, n int, work func(ctx context.Context, worker, at int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var all sync.WaitGroup
	for worker := range j.engine.options.Threads {
		all.Go(func() {
			j.engine.options.Gently(func() {
				for ctx.Err() == nil {
					at := int(next.Add(1)) - 1
					if at >= n {
						return
					}
					if err := work(ctx, worker, at); err != nil {
						cancel(err)
						return
					}
				}
			})
		})
	}
	all.Wait()
	return context.Cause(ctx)
}

// judge returns the rows that labels get.
func (x *index) judge(s *source, all []best) *winners {
	w := &winners{source: s, list: make([]winner, 0, len(x.slots))}
	for i := range x.table {
		e := &x.table[i]
		var held best
		for at := e.first; at < e.first+e.count; at++ {
			if b := &all[at]; b.state != nothing && (held.state == nothing || b.compare(&held) > 0) {
				held = *b
			}
			if held.state == record && !tooOld(&held, &x.slots[at], s.LookBack) {
				w.list = append(w.list, winner{file: held.file, row: held.row, label: x.slots[at].label})
			}
		}
	}
	slices.SortFunc(w.list, func(a, b winner) int {
		if a.file != b.file {
			return cmp.Compare(a.file, b.file)
		}
		if a.row != b.row {
			return cmp.Compare(a.row, b.row)
		}
		return cmp.Compare(a.label, b.label)
	})
	return w
}

// tooOld tells whether a record is older than a look-back, if there is one, lets it be.
func tooOld(b *best, at *slot, lookBack time.Duration) bool {
	if lookBack == 0 {
		return false
	}
	edge := before(at.time(), lookBack)
	return feature.EventTime{Sec: b.sec, Nsec: b.nsec}.Compare(edge) < 0
}

// before returns the instant that is so long before another.
func before(t feature.EventTime, d time.Duration) feature.EventTime {
	t.Sec -= int64(d / time.Second)
	if t.Nsec -= int32(d % time.Second); t.Nsec < 0 {
		t.Sec, t.Nsec = t.Sec-1, t.Nsec+1e9
	}
	return t
}

// A finder looks for the rows of labels in some files of a source. It is for one goroutine.
type finder struct {
	*source
	index   *index
	best    []best
	clock   clock
	scanned int64
	skipped int64

	// Of the rows that are looked up:
	ids     *parquet.Vector
	numbers []byte // the keys, of identifiers that are numbers
	again   []bool // the key is that of the row before
	hashes  []uint32
	entries []*entry
	touched uint32 // of no meaning: what is loaded for later is of use to somebody
}

// file looks at the rows of a file, and returns how many it has if it says so.
func (f *finder) file(ctx context.Context, n int) (rows int64, err error) {
	if n == len(f.files) {
		return 0, f.unflushed(ctx, n)
	}
	file := f.files[n]
	if o := file.Object; o.Rows != nil {
		rows = o.Rows.Count
	}
	if f.isNeedless(file) {
		f.skipped++
		return rows, nil
	}
	g := f.Group.Group
	o, err := f.openFile(ctx, file, []int{g.Ordinal(g.RecordIdentifier), g.Ordinal(g.EventTime), f.writeTime(), f.invoked(), f.deleted()})
	if err != nil {
		return rows, err
	}
	defer func() { err = errors.Join(err, o.bytes.Close()) }()
	id, known := o.Field(0)
	if _, timed := o.Field(1); !known || !timed {
		f.skipped++
		return rows, nil // rows without an identifier, or an event time, are nobody's
	}
	err = o.ReadGroups(o.ToRead, keyRows, func(g *parquet.RowGroup) bool { return f.mayHave(file, g, id) },
		func(first int64, rows int, vectors []*parquet.Vector) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			f.scanned += int64(rows)
			columns, err := o.Columns(vectors)
			if err != nil {
				return err
			}
			return f.rows(int32(n), first, rows, columns, file.Object.Modified)
		})
	if err != nil {
		return rows, f.unreadable(file, err)
	}
	return rows, nil
}

// doubt is how far the event times that the index has of a file may be from those in it: they are of the texts
// that were put, and a file may have the nearest doubles.
const doubt = time.Second

// isNeedless tells that no row of a file can be of use, by what the index says of it.
func (f *finder) isNeedless(file table.DataFile) bool {
	r := file.Object.Rows
	if r == nil || !file.Own {
		return false
	}
	if r.FirstPosition > int64(f.asOf) || instantOf(r.FirstEventTime.Add(-doubt)).Compare(f.index.times.last) > 0 {
		return true
	}
	return f.LookBack != 0 && instantOf(r.LastEventTime.Add(doubt)).Compare(before(f.index.times.first, f.LookBack)) < 0
}

func instantOf(t time.Time) feature.EventTime {
	return feature.EventTime{Sec: t.Unix(), Nsec: int32(t.Nanosecond())}
}

// mayHave tells whether rows of a row group may be of use, by the bounds of its field of identifiers: of a file of
// ours, whose bounds are believed.
func (f *finder) mayHave(file table.DataFile, g *parquet.RowGroup, id int) bool {
	if !file.Own {
		return true
	}
	least, greatest, ok := g.Bounds(id)
	return !ok || f.index.within(least, greatest)
}

// rows looks at rows of a file, of which it has the columns that file reads.
func (f *finder) rows(file int32, first int64, rows int, columns []*parquet.Vector, came time.Time) error {
	ids, times, written, invoked, deleted := columns[0], columns[1], columns[2], columns[3], columns[4]
	f.lookUp(ids, rows)
	for i, e := range f.entries[:rows] {
		if e == nil || ids.Null[i] || times.Null[i] {
			continue
		}
		b := best{written: microsOf(written, i), invoked: microsOf(invoked, i), file: file, row: uint32(first + int64(i)), state: record}
		if b.written == unknown {
			b.written = came.UnixMicro()
		}
		if b.written > int64(f.asOf) {
			continue
		}
		if deleted != nil && !deleted.Null[i] && deleted.Ints[i] != 0 {
			b.state = marker
		}
		at, err := f.clock.read(times, i)
		if err != nil {
			return fmt.Errorf("its row %d: %w", b.row, text(err))
		}
		f.offer(e, at, &b)
	}
	return nil
}

// lookUp finds the entries of so many rows, nil for a row that no label names.
//
// The index of many labels is in no cache, and what it says of a row is in four places that are to be waited
// for. So each step is done for all rows before the next one: loads that do not wait for each other come
// together (docs/decisions/as-of-join.md).
func (f *finder) lookUp(ids *parquet.Vector, rows int) {
	x := f.index
	f.spread(ids, rows)
	touched := uint32(0)
	mask := uint32(len(x.table) - 1)
	for i := range rows {
		if !f.again[i] {
			f.hashes[i] = uint32(maphash.Bytes(x.seed, f.key(i)))
			touched += x.table[f.hashes[i]&mask].first
		}
	}
	for i := range rows {
		if f.again[i] {
			continue
		}
		if e := x.candidate(f.hashes[i]); e != nil {
			touched += uint32(x.text[e.at]) + x.slots[e.first].label + uint32(f.best[e.first].nsec)
			f.entries[i] = e
		} else {
			f.entries[i] = nil
		}
	}
	for i := range rows {
		if f.again[i] {
			f.entries[i] = f.entries[i-1]
		} else if e := f.entries[i]; e != nil {
			f.entries[i] = x.from(e, f.hashes[i], f.key(i))
		}
	}
	f.touched = touched
}

// spread brings the keys of rows together, and sees which are that of the row before.
func (f *finder) spread(ids *parquet.Vector, rows int) {
	if len(f.entries) < rows {
		f.entries, f.hashes, f.again = make([]*entry, keyRows), make([]uint32, keyRows), make([]bool, keyRows)
	}
	f.ids = ids
	if ids.Kind != parquet.OfText {
		f.numbers = f.numbers[:0]
		for i := range rows {
			if ids.Kind == parquet.OfInt {
				f.numbers = intKey(f.numbers, ids.Ints[i])
			} else {
				f.numbers = doubleKey(f.numbers, ids.Floats[i])
			}
		}
	}
	for i := range rows {
		f.again[i] = i > 0 && bytes.Equal(f.key(i), f.key(i-1))
	}
}

// key is that of row i.
func (f *finder) key(i int) []byte {
	if f.ids.Kind == parquet.OfText {
		return f.ids.TextOf(i)
	}
	return f.numbers[8*i : 8*i+8]
}

// text is an error without its kind, which is that of an input of the caller.
func text(err error) error { return errors.New(err.Error()) }

// microsOf returns an instant in microseconds; unknown: the row has none.
func microsOf(v *parquet.Vector, i int) int64 {
	if v == nil || v.Null[i] {
		return unknown
	}
	return v.Ints[i]*1e6 + int64(v.Nanos[i])/1e3
}

// offer gives a row of an identifier to the first label that it may be known to.
func (f *finder) offer(e *entry, at feature.EventTime, b *best) {
	if b.state == marker && f.SkipDeletes {
		return
	}
	slot, ok := f.index.first(e, at)
	if !ok {
		return
	}
	b.sec, b.nsec = at.Sec, at.Nsec
	if held := &f.best[slot]; held.state == nothing || b.compare(held) > 0 {
		*held = *b
	}
}

// unflushed looks at the rows of the journal, which is file n.
func (f *finder) unflushed(ctx context.Context, n int) error {
	g := f.Group.Group
	id, at := g.Ordinal(g.RecordIdentifier), g.Ordinal(g.EventTime)
	return f.journal(ctx, func(row int64, cells []any) error {
		f.read(cellBytes(cells))
		f.scanned++
		var key []byte
		switch v := cells[id].(type) {
		case string:
			key = []byte(v)
		case int64:
			key = intKey(nil, v)
		case float64:
			key = doubleKey(nil, v)
		}
		e := f.index.find(key)
		b := best{file: int32(n), row: uint32(row), state: record}
		b.written, b.invoked = cells[f.writeTime()].(time.Time).UnixMicro(), cells[f.invoked()].(time.Time).UnixMicro()
		if e == nil {
			return nil
		}
		if cells[f.deleted()] == true {
			b.state = marker
		}
		var t feature.EventTime
		var err error
		switch v := cells[at].(type) {
		case string:
			t, err = f.clock.text([]byte(v))
		case float64:
			t, err = feature.EventTimeOf(v)
		}
		if err != nil {
			return fmt.Errorf("the event time of entry %d: %w", b.written, text(err))
		}
		f.offer(e, t, &b)
		return nil
	})
}

// cellBytes is about how many bytes a row of the journal has.
func cellBytes(cells []any) int64 {
	n := int64(0)
	for _, c := range cells {
		if text, ok := c.(string); ok {
			n += int64(len(text))
			continue
		}
		n += 8
	}
	return n
}
