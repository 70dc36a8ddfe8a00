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
	heldSize   = 56
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

// A held is a slot, and the newest row of those that have it as their first.
type held struct {
	slot
	best
}

// find finds the row for each label of a block. Beside that it makes the index of the next source.
//
// One pass over the rows of the group in any order is enough: a row goes to the first label of its
// identifier that is not before it, where the newest stays. Then each label in the order of time inherits
// what the one before it has, unless its own is newer.
func (j *join) find(ctx context.Context, at, first, last int) (*winners, error) {
	s, x := j.sources[at], j.index(at, first, last)
	var finders []*finder
	if x.times.some {
		finders = make([]*finder, j.engine.options.Threads)
		for i := range finders {
			finders[i] = newFinder(s, x)
		}
	}
	err := j.share(ctx, len(s.files)+2, func(ctx context.Context, worker, unit int) error {
		switch {
		case unit == 0:
			if at+1 < len(j.sources) {
				j.index(at+1, first, last)
			}
			return nil
		case finders == nil:
			return nil
		}
		rows, err := finders[worker].file(ctx, unit-1)
		j.counter.add(rows)
		return err
	})
	if err != nil || finders == nil {
		return &winners{source: s}, err
	}
	all := finders[0].slots
	for _, f := range finders {
		j.stats.RowsScanned += f.scanned
		j.stats.FilesSkipped += f.skipped
	}
	for _, f := range finders[1:] {
		for i := range f.slots {
			if b := &f.slots[i].best; b.state != nothing && (all[i].state == nothing || b.compare(&all[i].best) > 0) {
				all[i].best = *b
			}
		}
		f.slots = nil
	}
	return j.judge(ctx, s, x, all)
}

// index returns the index of the labels of a block for a source: that of one before, if its identifiers are the
// same.
func (j *join) index(at, first, last int) *index {
	if j.indexes[at] != nil {
		return j.indexes[at]
	}
	s := j.sources[at]
	typ := typeOf(s, s.Group.Group.RecordIdentifier)
	same := func(o *source) bool { return o.IDs == s.IDs && typeOf(o, o.Group.Group.RecordIdentifier) == typ }
	x := newIndex(&j.request.Labels, s.IDs, typ, first, last)
	for i := at; i < len(j.sources); i++ {
		if same(j.sources[i]) {
			j.indexes[i] = x
		}
	}
	return x
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
	drained := make(chan struct{}) // closed when nobody will find work any more
	drain := sync.OnceFunc(func() { close(drained) })
	var all sync.WaitGroup
	for worker := range j.engine.options.Threads {
		all.Go(func() {
			j.engine.options.Gently(func() {
				for ctx.Err() == nil {
					if j.engine.rests(worker) {
						select {
						case <-time.After(rest):
							continue
						case <-drained:
						case <-ctx.Done():
						}
						return
					}
					at := int(next.Add(1)) - 1
					if at >= n {
						drain()
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

// judge returns the rows that labels get, of what was found for each slot.
func (j *join) judge(ctx context.Context, s *source, x *index, all []held) (*winners, error) {
	list := make([]winner, 0, len(x.slots))
	ends := make([]uint32, len(s.files)+1) // of the winners of each file
	for n := range len(x.keys) - 1 {
		var known best
		for at := x.keys[n].first; at < x.keys[n+1].first; at++ {
			h := &all[at]
			if h.state != nothing && (known.state == nothing || h.compare(&known) > 0) {
				known = h.best
			}
			if known.state == record && !tooOld(&known, &h.slot, s.LookBack) {
				list = append(list, winner{file: known.file, row: known.row, label: h.label})
				ends[known.file]++
			}
		}
	}
	w := &winners{source: s, list: make([]winner, len(list))}
	begin := uint32(0)
	for file, n := range ends {
		ends[file] = begin
		begin += n
	}
	for _, won := range list {
		w.list[ends[won.file]] = won
		ends[won.file]++
	}
	err := j.share(ctx, len(ends), func(_ context.Context, _, file int) error {
		begin := uint32(0)
		if file > 0 {
			begin = ends[file-1]
		}
		slices.SortFunc(w.list[begin:ends[file]], func(a, b winner) int {
			if a.row != b.row {
				return cmp.Compare(a.row, b.row)
			}
			return cmp.Compare(a.label, b.label)
		})
		return nil
	})
	return w, err
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
	slots   []held
	clock   clock
	scanned int64
	skipped int64

	// Of the rows that are looked up:
	ids     *parquet.Vector
	numbers []byte // the keys, of identifiers that are numbers
	again   []bool // the key is that of the row before
	hashes  []uint32
	found   []int32 // numbers of keys
	touched uint32  // of no meaning: what is loaded for later is of use to somebody
}

func newFinder(s *source, x *index) *finder {
	f := &finder{
		source: s, index: x, clock: clock{typ: typeOf(s, s.Group.Group.EventTime)}, slots: make([]held, len(x.slots)),
		found: make([]int32, keyRows), hashes: make([]uint32, keyRows), again: make([]bool, keyRows),
	}
	for i := range x.slots {
		f.slots[i].slot = x.slots[i]
	}
	return f
}

// file looks at the rows of a file, and returns how many it has if it says so.
func (f *finder) file(ctx context.Context, n int) (rows int64, err error) {
	if n == len(f.files) {
		return 0, f.unflushed(ctx)
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
	for i, n := range f.found[:rows] {
		if n == none || ids.Null[i] || times.Null[i] {
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
		f.offer(n, at, &b)
	}
	return nil
}

// lookUp finds the numbers of the keys of so many rows, none for a row that no label names.
//
// The index of many labels is in no cache, and what it says of a row is in five places that are to be waited
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
			touched += uint32(x.table[f.hashes[i]&mask])
		}
	}
	for i := range rows {
		if f.again[i] {
			continue
		}
		n := x.candidate(f.hashes[i])
		if n != none {
			touched += x.keys[n].at
		}
		f.found[i] = n
	}
	for i, n := range f.found[:rows] {
		if !f.again[i] && n != none {
			k, end := x.keys[n], x.keys[n+1].first
			touched += uint32(x.text[k.at]) + f.slots[k.first].label + f.slots[end-1].row
		}
	}
	for i, n := range f.found[:rows] {
		switch {
		case f.again[i]:
			f.found[i] = f.found[i-1]
		case n != none && !bytes.Equal(x.textOf(n), f.key(i)):
			f.found[i] = x.find(f.key(i))
		}
	}
	f.touched = touched
}

// spread brings the keys of rows together, and sees which are that of the row before.
func (f *finder) spread(ids *parquet.Vector, rows int) {
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

// offer gives a row of a key to the first label that it may be known to.
func (f *finder) offer(n int32, at feature.EventTime, b *best) {
	if b.state == marker && f.SkipDeletes {
		return
	}
	low, end := f.index.keys[n].first, f.index.keys[n+1].first
	for high := end; low < high; {
		middle := low + (high-low)/2
		if f.slots[middle].time().Compare(at) < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == end {
		return
	}
	b.sec, b.nsec = at.Sec, at.Nsec
	if h := &f.slots[low].best; h.state == nothing || b.compare(h) > 0 {
		*h = *b
	}
}

// unflushed looks at the rows of the journal, the file behind the last one.
func (f *finder) unflushed(ctx context.Context) error {
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
		n := f.index.find(key)
		b := best{file: int32(len(f.files)), row: uint32(row), state: record}
		b.written, b.invoked = cells[f.writeTime()].(time.Time).UnixMicro(), cells[f.invoked()].(time.Time).UnixMicro()
		if n == none {
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
		f.offer(n, t, &b)
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
