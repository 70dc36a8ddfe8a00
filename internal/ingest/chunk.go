package ingest

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
)

// A chunk is rows in memory, to be sorted. A ref knows enough of its row to tell most rows apart.
type chunk struct {
	data   []byte
	refs   []ref
	spare  []ref  // of the same length, to sort into
	common []byte // that all identifiers begin with
}

type ref struct {
	prefix uint64 // bytes of the identifier after those that all of the chunk have in common
	hour   int32
	at     uint32 // in data
}

// full tells whether a chunk has no room for one more row.
func (c *chunk) full(size int) bool { return len(c.data) >= size }

// end ends the row that began at a place.
func (c *chunk) end(at int) {
	c.refs = append(c.refs, ref{hour: int32(row(c.data[at:]).hour()), at: uint32(at)})
}

func (c *chunk) row(r ref) row { return rowAt(c.data, int(r.at)) }

func (c *chunk) reset() { c.data, c.refs = c.data[:0], c.refs[:0] }

// sortByHour sorts the refs as byHour sorts rows.
func (c *chunk) sortByHour() {
	c.refs, c.spare, c.common = sortRefs(c.refs, c.spare, c.row, byHour)
}

// each yields the rows in the order of the refs.
func (c *chunk) each(yield func(row) error) error {
	for _, r := range c.refs {
		if err := yield(c.row(r)); err != nil {
			return err
		}
	}
	return nil
}

// sortRefs makes the prefixes of refs and sorts them by hour, prefix and compare, which has that order too; refs
// without hours have all the same. It returns the sorted ones, those that it used beside them, and what all
// identifiers begin with.
func sortRefs(refs, spare []ref, row func(ref) row, compare func(a, b row) int) (sorted, other []ref, common []byte) {
	if len(refs) == 0 {
		return refs, spare, nil
	}
	// Identifiers mostly begin alike, and where they differ decides.
	common = row(refs[0]).id()
	for _, r := range refs {
		common = inCommon(common, row(r).id())
	}
	common = bytes.Clone(common)
	for i := range refs {
		refs[i].prefix = prefixOf(row(refs[i]).id(), len(common))
	}
	sorted, other = radix(refs, slices.Grow(spare[:0], len(refs))[:len(refs)])
	for i := 0; i < len(sorted); {
		end := i + 1
		for end < len(sorted) && sorted[end].hour == sorted[i].hour && sorted[end].prefix == sorted[i].prefix {
			end++
		}
		if end > i+1 {
			slices.SortFunc(sorted[i:end], func(a, b ref) int { return compare(row(a), row(b)) })
		}
		i = end
	}
	return sorted, other, common
}

// inCommon returns what two identifiers begin with.
func inCommon(a, b []byte) []byte {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

// prefixOf orders identifiers as their bytes after skip do, as far as it can tell.
func prefixOf(id []byte, skip int) uint64 {
	if len(id) >= skip+8 {
		return binary.BigEndian.Uint64(id[skip:])
	}
	var prefix [8]byte
	copy(prefix[:], id[min(skip, len(id)):])
	return binary.BigEndian.Uint64(prefix[:])
}

// radix sorts refs by hour and prefix, from the last byte to the first; a byte in which all are the same
// costs nothing but a look. Few are sorted by comparing.
func radix(refs, spare []ref) (sorted, other []ref) {
	const few = 256
	if len(refs) <= few {
		slices.SortFunc(refs, func(a, b ref) int {
			return cmp.Or(cmp.Compare(a.hour, b.hour), cmp.Compare(a.prefix, b.prefix))
		})
		return refs, spare
	}
	const digits = 12
	digit := func(r *ref, n int) byte {
		if n < 8 {
			return byte(r.prefix >> (8 * n))
		}
		return byte((uint32(r.hour) ^ 1<<31) >> (8 * (n - 8)))
	}
	var differs ref // has a bit wherever two of them differ
	for i := range refs {
		differs.prefix |= refs[i].prefix ^ refs[0].prefix
		differs.hour |= refs[i].hour ^ refs[0].hour
	}
	for n := range digits {
		if n < 8 && byte(differs.prefix>>(8*n)) == 0 || n >= 8 && byte(uint32(differs.hour)>>(8*(n-8))) == 0 {
			continue
		}
		var at [256]int
		for i := range refs {
			at[digit(&refs[i], n)]++
		}
		sum := 0
		for d, count := range at {
			at[d] = sum
			sum += count
		}
		for i := range refs {
			d := digit(&refs[i], n)
			spare[at[d]] = refs[i]
			at[d]++
		}
		refs, spare = spare, refs
	}
	return refs, spare
}
