package dataset

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"

	"github.com/larder-dev/larder/internal/parquet"
)

// The bytes that are hashed are in docs/formats/dataset.md. They do not depend on how rows are kept.

// hashVersion begins the hash of every dataset; it grows with the page.
const hashVersion = "v1:"

// A columnHash takes the values of a column, in the order of the rows.
type columnHash struct {
	sum    hash.Hash
	buffer []byte
	list   bool
}

func newColumnHash(list bool) *columnHash { return &columnHash{sum: sha256.New(), list: list} }

// hashBytes is how much is hashed at a time.
const hashBytes = 32 << 10

// add takes the values of so many rows.
func (h *columnHash) add(rows int, v *parquet.Vector) {
	b := h.buffer[:0]
	for r := range rows {
		if len(b) > hashBytes {
			h.sum.Write(b) // never fails
			b = b[:0]
		}
		if !h.list {
			b = appendCell(b, v, r)
			continue
		}
		if !v.Present[r] {
			b = append(b, 0)
			continue
		}
		start, end := v.List(r)
		b = binary.AppendUvarint(append(b, 1), uint64(end-start))
		for e := start; e < end; e++ {
			b = appendCell(b, v, e)
		}
	}
	h.sum.Write(b)
	h.buffer = b
}

func (h *columnHash) hash() string { return hex.EncodeToString(h.sum.Sum(nil)) }

// appendCell appends the canonical form of an element.
func appendCell(b []byte, v *parquet.Vector, i int) []byte {
	if v.Null[i] {
		return append(b, 0)
	}
	b = append(b, 1)
	switch v.Kind {
	case parquet.OfText:
		text := v.TextOf(i)
		return append(binary.AppendUvarint(b, uint64(len(text))), text...)
	case parquet.OfDouble:
		return binary.BigEndian.AppendUint64(b, doubleBits(v.Floats[i]))
	case parquet.OfBoolean:
		return append(b, byte(v.Ints[i]))
	case parquet.OfInstant:
		b = binary.BigEndian.AppendUint64(b, uint64(v.Ints[i]))
		return binary.BigEndian.AppendUint32(b, uint32(v.Nanos[i]))
	}
	return binary.BigEndian.AppendUint64(b, uint64(v.Ints[i]))
}

// doubleBits gives every NaN the same bits.
func doubleBits(x float64) uint64 {
	if math.IsNaN(x) {
		return 0x7ff8000000000000
	}
	return math.Float64bits(x)
}

// hashOf returns the hash of a dataset of columns that have their own hashes.
func hashOf(rows int64, columns []Column) string {
	b := binary.AppendUvarint([]byte("larder dataset 1\n"), uint64(rows))
	b = binary.AppendUvarint(b, uint64(len(columns)))
	for _, c := range columns {
		b = appendString(appendString(b, c.Name), string(c.Type))
		list := byte(0)
		if c.List {
			list = 1
		}
		b = appendString(append(b, list), c.Hash)
	}
	sum := sha256.Sum256(b)
	return hashVersion + hex.EncodeToString(sum[:])
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
