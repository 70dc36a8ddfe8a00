package arrow

import (
	"encoding/binary"
	"math"
	"math/big"
	"strings"

	"github.com/larder-dev/larder/internal/parquet"
)

// A Batch is some rows of a stream.
type Batch struct {
	Rows    int
	columns []*values
}

// Null tells whether a row has no value.
func (b *Batch) Null(column, row int) bool { return b.columns[column].null(row) }

// Value returns the value of a row that has one, in a column without lists. Its text shares the memory of the stream.
func (b *Batch) Value(column, row int) parquet.Element { return b.columns[column].element(row) }

// List tells where the elements of a row are that has a list.
func (b *Batch) List(column, row int) (from, to int) { return b.columns[column].elements(row) }

// ElementNull tells whether an element of a list is none.
func (b *Batch) ElementNull(column, element int) bool { return b.columns[column].below.null(element) }

// Element returns an element of a list that is one.
func (b *Batch) Element(column, element int) parquet.Element {
	return b.columns[column].below.element(element)
}

// values is an array whose every place has been looked at.
type values struct {
	*kind
	rows    int
	valid   []byte // a bit a row; nil: all have a value
	data    []byte // bits, or fixed values, or offsets, or views
	text    []byte
	buffers [][]byte // of views
	below   *values  // elements
	numbers *values  // of a dictionary: the values that data has the numbers of
}

func (v *values) null(i int) bool {
	return v.shape == shapeNone || v.valid != nil && !bit(v.valid, i) || v.numbers != nil && v.numbers.null(v.number(i))
}

func bit(b []byte, i int) bool { return b[i>>3]>>(i&7)&1 != 0 }

// number returns the place in the dictionary of a row.
func (v *values) number(i int) int { return int(v.index.integer(v.data, i)) }

// integer reads one of shapeFixed.
func (k *kind) integer(data []byte, i int) int64 {
	at := data[i*k.width:]
	switch {
	case k.width == 1 && k.plain:
		return int64(at[0])
	case k.width == 1:
		return int64(int8(at[0]))
	case k.width == 2 && k.plain:
		return int64(binary.LittleEndian.Uint16(at))
	case k.width == 2:
		return int64(int16(binary.LittleEndian.Uint16(at)))
	case k.width == 4 && k.plain:
		return int64(binary.LittleEndian.Uint32(at))
	case k.width == 4:
		return int64(int32(binary.LittleEndian.Uint32(at)))
	}
	return int64(binary.LittleEndian.Uint64(at))
}

// offset reads one of shapeText or shapeList.
func (v *values) offset(i int) int {
	if v.width == 4 {
		return int(int32(binary.LittleEndian.Uint32(v.data[4*i:])))
	}
	return int(int64(binary.LittleEndian.Uint64(v.data[8*i:])))
}

func (v *values) elements(i int) (from, to int) {
	if v.shape == shapeSized {
		return i * v.width, (i + 1) * v.width
	}
	return v.offset(i), v.offset(i + 1)
}

func (v *values) element(i int) parquet.Element {
	if v.numbers != nil {
		return v.numbers.element(v.number(i))
	}
	e := parquet.Element{Kind: v.of}
	switch v.of {
	case parquet.OfBoolean:
		if bit(v.data, i) {
			e.Int = 1
		}
	case parquet.OfInt, parquet.OfUnsigned:
		e.Int = v.integer(v.data, i)
	case parquet.OfSingle:
		e.Float = float64(math.Float32frombits(binary.LittleEndian.Uint32(v.data[4*i:])))
	case parquet.OfDouble:
		e.Float = math.Float64frombits(binary.LittleEndian.Uint64(v.data[8*i:]))
	case parquet.OfText:
		e.Text = v.bytes(i)
	case parquet.OfDecimal:
		e.Text = decimalText(v.data[i*v.width:(i+1)*v.width], v.scale)
	case parquet.OfInstant:
		var part int64
		e.Int, part = floored(v.integer(v.data, i), v.unit)
		e.Nanos = int32(part * (1e9 / v.unit))
	case parquet.OfDay:
		e.Int, _ = floored(v.integer(v.data, i), v.unit)
	}
	return e
}

// floored divides, and what is left is never negative.
func floored(n, by int64) (whole, left int64) {
	whole, left = n/by, n%by
	if left < 0 {
		whole, left = whole-1, left+by
	}
	return whole, left
}

// bytes returns the text of a row.
func (v *values) bytes(i int) []byte {
	if v.shape == shapeText {
		return v.text[v.offset(i):v.offset(i+1)]
	}
	w := v.view(i)
	if w.buffer < 0 {
		return v.data[w.at : w.at+w.size]
	}
	return v.buffers[w.buffer][w.at : w.at+w.size]
}

// viewBytes is the size of a view: a length, and a text of up to 12 bytes or its first 4, its buffer and its place.
const viewBytes = 16

// A view says where a text is; buffer -1 is among the views themselves.
type view struct{ size, buffer, at int }

func (v *values) view(i int) view {
	b := v.data[viewBytes*i:]
	w := view{size: int(int32(binary.LittleEndian.Uint32(b))), buffer: -1, at: viewBytes*i + 4}
	if w.size > viewBytes-4 {
		w.buffer, w.at = int(int32(binary.LittleEndian.Uint32(b[8:]))), int(int32(binary.LittleEndian.Uint32(b[12:])))
	}
	return w
}

// decimalText writes a whole number in two's complement, little end first, with a point before so many digits.
func decimalText(b []byte, scale int) []byte {
	turned := make([]byte, len(b))
	for i := range b {
		turned[len(b)-1-i] = b[i]
	}
	n := new(big.Int).SetBytes(turned)
	if turned[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	if scale == 0 {
		return n.Append(nil, 10)
	}
	var text []byte
	if n.Sign() < 0 {
		text = append(text, '-')
	}
	digits := n.Abs(n).String()
	if missing := scale + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	point := len(digits) - scale
	text = append(append(text, digits[:point]...), '.')
	return append(text, digits[point:]...)
}
