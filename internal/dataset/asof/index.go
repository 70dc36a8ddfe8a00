package asof

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
	"sort"
	"strconv"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

const (
	entrySize = 20
	slotSize  = 16
	// maxLabels is the most labels of a block: slots have 32 bits, as places of text have.
	maxLabels = 1 << 28
)

// An index finds, by an identifier and an event time, the first label that the row may be known to. It is
// built once, and then safe for concurrent use.
type index struct {
	typ   feature.Type // of the identifier
	seed  maphash.Seed
	table []entry  // open addressing; a power of two
	text  []byte   // keys, one after the other, sorted
	slots []slot   // of each identifier, by time
	times span     // from the first label's time to the last one's
	ends  []uint32 // of each key in text, where they are sorted
}

// An entry is an identifier that labels name.
type entry struct {
	hash         uint32
	at, length   uint32 // of the key
	first, count uint32 // slots; count 0: the entry is free
}

// A slot is a label that has an identifier and a time.
type slot struct {
	sec   int64
	nsec  int32
	label uint32
}

func (s *slot) time() feature.EventTime { return feature.EventTime{Sec: s.sec, Nsec: s.nsec} }

// A span is the instants from first to last.
type span struct {
	first, last feature.EventTime
	some        bool // there is one
}

func (s *span) widen(t feature.EventTime) {
	if !s.some || t.Compare(s.first) < 0 {
		s.first = t
	}
	if !s.some || t.Compare(s.last) > 0 {
		s.last = t
	}
	s.some = true
}

// newIndex makes the index of the labels first ≤ i < last by identifiers of a type.
func newIndex(l *Labels, ids *parquet.Vector, typ feature.Type, first, last int) *index {
	x := &index{typ: typ, seed: maphash.MakeSeed(), table: make([]entry, 16)}
	b := builder{index: x, places: make([]uint32, 16), of: make([]uint32, last-first)}
	var key []byte
	for i := first; i < last; i++ {
		if ids.Null[i] || l.NoTime != nil && l.NoTime[i] {
			continue
		}
		var ok bool
		if key, ok = x.keyOf(key[:0], ids.TextOf(i)); ok {
			b.add(i-first, key)
			x.times.widen(l.Times[i])
		}
	}
	b.finish(l.Times[first:last])
	return x
}

// A builder collects the identifiers of an index.
type builder struct {
	*index
	keys   []entry
	places []uint32 // open addressing: 1 + the place in keys
	of     []uint32 // of each label 1 + the place in keys
}

func (b *builder) add(label int, key []byte) {
	if 2*len(b.keys) >= len(b.places) {
		b.grow()
	}
	hash := uint32(maphash.Bytes(b.seed, key))
	mask := uint32(len(b.places) - 1)
	i := hash & mask
	for ; b.places[i] != 0; i = (i + 1) & mask {
		e := &b.keys[b.places[i]-1]
		if e.hash == hash && bytes.Equal(b.text[e.at:e.at+e.length], key) {
			e.count++
			b.of[label] = b.places[i]
			return
		}
	}
	b.keys = append(b.keys, entry{hash: hash, at: uint32(len(b.text)), length: uint32(len(key)), count: 1})
	b.text = append(b.text, key...)
	b.places[i] = uint32(len(b.keys))
	b.of[label] = b.places[i]
}

func (b *builder) grow() {
	b.places = make([]uint32, 2*len(b.places))
	mask := uint32(len(b.places) - 1)
	for at := range b.keys {
		i := b.keys[at].hash & mask
		for b.places[i] != 0 {
			i = (i + 1) & mask
		}
		b.places[i] = uint32(at + 1)
	}
}

// finish gives each identifier its slots, and the index its table.
func (b *builder) finish(times []feature.EventTime) {
	next := make([]uint32, len(b.keys))
	all := uint32(0)
	for _, i := range b.sort() {
		b.keys[i].first, next[i] = all, all
		all += b.keys[i].count
	}
	b.slots = make([]slot, all)
	for label, at := range b.of {
		if at != 0 {
			b.slots[next[at-1]] = slot{sec: times[label].Sec, nsec: times[label].Nsec, label: uint32(label)}
			next[at-1]++
		}
	}
	b.table = make([]entry, len(b.places))
	for i, at := range b.places {
		if at == 0 {
			continue
		}
		e := b.keys[at-1]
		b.table[i] = e
		slices.SortFunc(b.slots[e.first:e.first+e.count], func(a, b slot) int { return a.time().Compare(b.time()) })
	}
}

// sort puts the keys into the order of what they stand for, in text too: a file that is sorted by them then
// goes through text and slots in one direction.
func (b *builder) sort() (order []uint32) {
	order = make([]uint32, len(b.keys))
	for i := range order {
		order[i] = uint32(i)
	}
	key := func(i uint32) []byte { return b.text[b.keys[i].at : b.keys[i].at+b.keys[i].length] }
	slices.SortFunc(order, func(i, j uint32) int { return b.compare(key(i), key(j)) })
	text := make([]byte, 0, len(b.text))
	for _, i := range order {
		e := &b.keys[i]
		at := uint32(len(text))
		text = append(text, key(i)...)
		e.at = at
		b.ends = append(b.ends, uint32(len(text)))
	}
	b.text = text
	return order
}

func (x *index) compare(a, b []byte) int {
	if x.typ == feature.Integral {
		return cmp.Compare(int64(binary.LittleEndian.Uint64(a)), int64(binary.LittleEndian.Uint64(b)))
	}
	return bytes.Compare(a, b)
}

// within tells whether there may be an identifier from least to greatest. Of doubles it cannot tell.
func (x *index) within(least, greatest parquet.Cell) bool {
	low, high := least.Text, greatest.Text
	switch x.typ {
	case feature.Fractional:
		return true
	case feature.Integral:
		low, high = intKey(nil, least.Int), intKey(nil, greatest.Int)
	}
	at := sort.Search(len(x.ends), func(n int) bool { return x.compare(x.sorted(n), low) >= 0 })
	return at < len(x.ends) && x.compare(x.sorted(at), high) <= 0
}

// sorted returns a key by its place in their order.
func (x *index) sorted(n int) []byte {
	begin := uint32(0)
	if n > 0 {
		begin = x.ends[n-1]
	}
	return x.text[begin:x.ends[n]]
}

// find returns the entry of a key, nil if no label names it.
func (x *index) find(key []byte) *entry {
	hash := uint32(maphash.Bytes(x.seed, key))
	if e := x.candidate(hash); e != nil {
		return x.from(e, hash, key)
	}
	return nil
}

// candidate returns the first entry that may be that of a key, nil if there is none.
func (x *index) candidate(hash uint32) *entry {
	mask := uint32(len(x.table) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		e := &x.table[i]
		if e.count == 0 {
			return nil
		}
		if e.hash == hash {
			return e
		}
	}
}

// from returns the entry of a key, which is e or comes after it, nil if no label names it.
func (x *index) from(e *entry, hash uint32, key []byte) *entry {
	if bytes.Equal(x.text[e.at:e.at+e.length], key) {
		return e
	}
	mask := uint32(len(x.table) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		e := &x.table[i]
		if e.count == 0 {
			return nil
		}
		if e.hash == hash && bytes.Equal(x.text[e.at:e.at+e.length], key) {
			return e
		}
	}
}

// first returns the first slot of an identifier whose time is not before t; not ok: there is none.
func (x *index) first(e *entry, t feature.EventTime) (at uint32, ok bool) {
	low, high := e.first, e.first+e.count
	for low < high {
		middle := low + (high-low)/2
		if x.slots[middle].time().Compare(t) < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < e.first+e.count
}

// keyOf appends the key of the text of an identifier: the text, or the number. Not ok: it is no number.
func (x *index) keyOf(key, text []byte) (_ []byte, ok bool) {
	switch x.typ {
	case feature.Integral:
		n, err := strconv.ParseInt(string(text), 10, 64)
		return intKey(key, n), err == nil
	case feature.Fractional:
		f, err := strconv.ParseFloat(string(text), 64)
		return doubleKey(key, f), err == nil
	}
	return append(key, text...), true
}

func intKey(key []byte, n int64) []byte { return binary.LittleEndian.AppendUint64(key, uint64(n)) }

// doubleKey is that of a number: 0 and -0 are one.
func doubleKey(key []byte, f float64) []byte {
	if f == 0 {
		f = 0 // -0 too
	}
	return binary.LittleEndian.AppendUint64(key, math.Float64bits(f))
}
