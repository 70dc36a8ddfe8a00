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
	placeSize = 8
	keySize   = 8
	slotSize  = 16
	// maxLabels is the most labels of a block: numbers of keys, and places of slots and of text, have 32 bits.
	maxLabels = 1 << 28
)

// An index finds, by an identifier and an event time, the first label that the row may be known to. It is
// built once, and then safe for concurrent use.
type index struct {
	typ   feature.Type // of the identifier
	seed  maphash.Seed
	table []uint64 // open addressing; a power of two: the hash of a key, then 1 + its number; 0: free
	keys  []key    // in their order, and one more: the end of the last one
	text  []byte   // keys, one after the other
	slots []slot   // of each key, by time
	times span     // from the first label's time to the last one's
}

// A key is an identifier that labels name: where its text and its slots begin. They end where those of the next
// one begin.
type key struct{ at, first uint32 }

// none is the number of no key.
const none = -1

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
	x := &index{typ: typ, seed: maphash.MakeSeed()}
	b := builder{index: x, table: make([]uint64, 16), of: make([]uint32, last-first)}
	var text []byte
	for i := first; i < last; i++ {
		if ids.Null[i] || l.NoTime != nil && l.NoTime[i] {
			continue
		}
		var ok bool
		if text, ok = x.keyOf(text[:0], ids.TextOf(i)); ok {
			b.add(i-first, text)
			x.times.widen(l.Times[i])
		}
	}
	b.finish(l.Times[first:last])
	return x
}

// A builder collects the identifiers of an index, in the order in which they come.
type builder struct {
	*index
	table []uint64 // of the index, but with 1 + the place in keys
	keys  []collected
	text  []byte
	of    []uint32 // of each label 1 + the place in keys
}

type collected struct {
	hash, at, length, count uint32
}

func (b *builder) textOf(key uint32) []byte {
	c := &b.keys[key]
	return b.text[c.at : c.at+c.length]
}

func (b *builder) add(label int, text []byte) {
	if 2*len(b.keys) >= len(b.table) {
		b.grow()
	}
	hash := uint32(maphash.Bytes(b.seed, text))
	mask := uint32(len(b.table) - 1)
	i := hash & mask
	for ; b.table[i] != 0; i = (i + 1) & mask {
		at := uint32(b.table[i])
		if uint32(b.table[i]>>32) == hash && bytes.Equal(b.textOf(at-1), text) {
			b.keys[at-1].count++
			b.of[label] = at
			return
		}
	}
	b.keys = append(b.keys, collected{hash: hash, at: uint32(len(b.text)), length: uint32(len(text)), count: 1})
	b.text = append(b.text, text...)
	b.of[label] = uint32(len(b.keys))
	b.table[i] = uint64(hash)<<32 | uint64(len(b.keys))
}

func (b *builder) grow() {
	b.table = make([]uint64, 2*len(b.table))
	for at := range b.keys {
		place(b.table, b.keys[at].hash, uint32(at+1))
	}
}

// place puts a number into a free place of a table.
func place(table []uint64, hash, number uint32) {
	mask := uint32(len(table) - 1)
	i := hash & mask
	for table[i] != 0 {
		i = (i + 1) & mask
	}
	table[i] = uint64(hash)<<32 | uint64(number)
}

// finish puts the keys into their order, and gives each its slots: a file that is sorted by identifiers then goes
// through keys, text and slots in one direction.
func (b *builder) finish(times []feature.EventTime) {
	x := b.index
	next := make([]uint32, len(b.keys))
	x.keys, x.text = make([]key, 0, len(b.keys)+1), make([]byte, 0, len(b.text))
	clear(b.table)
	x.table = b.table
	all := uint32(0)
	for _, ranked := range b.sort() {
		c := &b.keys[ranked.key]
		x.keys = append(x.keys, key{uint32(len(x.text)), all})
		x.text = append(x.text, b.textOf(ranked.key)...)
		place(x.table, c.hash, uint32(len(x.keys)))
		next[ranked.key] = all
		all += c.count
	}
	x.keys = append(x.keys, key{uint32(len(x.text)), all})
	x.slots = make([]slot, all)
	for label, at := range b.of {
		if at != 0 {
			x.slots[next[at-1]] = slot{sec: times[label].Sec, nsec: times[label].Nsec, label: uint32(label)}
			next[at-1]++
		}
	}
	for n := range len(b.keys) {
		if own := x.slots[x.keys[n].first:x.keys[n+1].first]; len(own) > 1 {
			slices.SortFunc(own, func(a, b slot) int { return a.time().Compare(b.time()) })
		}
	}
}

// A rank is a key as it is sorted: by eight bytes of it, which most often differ, then by all.
type rank struct {
	prefix uint64
	key    uint32
}

// sort returns the keys in the order of what they stand for.
func (b *builder) sort() []rank {
	ranks := make([]rank, len(b.keys))
	common := b.common()
	for i := range ranks {
		ranks[i] = rank{b.prefix(b.textOf(uint32(i)), common), uint32(i)}
	}
	slices.SortFunc(ranks, func(x, y rank) int {
		if c := cmp.Compare(x.prefix, y.prefix); c != 0 {
			return c
		}
		return bytes.Compare(b.textOf(x.key), b.textOf(y.key))
	})
	return ranks
}

// common is how many bytes all keys begin with.
func (b *builder) common() int {
	if len(b.keys) == 0 {
		return 0
	}
	shared := b.textOf(0)
	for i := range b.keys {
		text := b.textOf(uint32(i))
		n := 0
		for n < len(shared) && n < len(text) && shared[n] == text[n] {
			n++
		}
		shared = shared[:n]
	}
	return len(shared)
}

// prefix orders keys as far as eight bytes can, which is wholly if they are numbers.
func (x *index) prefix(text []byte, common int) uint64 {
	switch x.typ {
	case feature.Integral:
		return binary.LittleEndian.Uint64(text) ^ 1<<63
	case feature.Fractional:
		bits := binary.LittleEndian.Uint64(text)
		if bits>>63 != 0 {
			return ^bits
		}
		return bits | 1<<63
	}
	var first [8]byte
	copy(first[:], text[common:])
	return binary.BigEndian.Uint64(first[:])
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
	all := len(x.keys) - 1
	at := sort.Search(all, func(n int) bool { return x.compare(x.textOf(int32(n)), low) >= 0 })
	return at < all && x.compare(x.textOf(int32(at)), high) <= 0
}

// textOf returns the bytes of a key.
func (x *index) textOf(n int32) []byte { return x.text[x.keys[n].at:x.keys[n+1].at] }

// find returns the number of a key, none if no label names it.
func (x *index) find(text []byte) int32 {
	hash := uint32(maphash.Bytes(x.seed, text))
	mask := uint32(len(x.table) - 1)
	for i := hash & mask; x.table[i] != 0; i = (i + 1) & mask {
		if n := int32(uint32(x.table[i]) - 1); uint32(x.table[i]>>32) == hash && bytes.Equal(x.textOf(n), text) {
			return n
		}
	}
	return none
}

// candidate returns the number of the first key that has a hash, none if there is none.
func (x *index) candidate(hash uint32) int32 {
	mask := uint32(len(x.table) - 1)
	for i := hash & mask; x.table[i] != 0; i = (i + 1) & mask {
		if uint32(x.table[i]>>32) == hash {
			return int32(uint32(x.table[i]) - 1)
		}
	}
	return none
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
