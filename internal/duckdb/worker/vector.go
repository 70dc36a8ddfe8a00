package worker

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
	"unsafe"

	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/larder-dev/larder/internal/serde"
)

// A printer prints the values of one vector, and of the vectors inside it. It is made once for a
// column of the result, and bound to the vector of each chunk.
type printer struct {
	kind     duck.Type
	physical duck.Type // of decimals and enums
	scale    int       // of decimals
	layout   layout    // what the type does not say
	enum     []string
	names    []string // of a struct's fields
	children []*printer
	size     int // of fixed-size arrays

	data  unsafe.Pointer
	valid unsafe.Pointer // nil: no value is NULL
}

// The layouts of DuckDB's C interface.
type (
	hugeint  struct{ lower, upper uint64 }
	interval struct {
		months, days int32
		micros       int64
	}
	listEntry struct{ offset, length uint64 }
)

// newPrinter returns a printer for a type. It does not take t over.
func newPrinter(t duck.LogicalType, l layout) (*printer, error) {
	p := &printer{kind: duck.GetTypeId(t), layout: l}
	switch p.kind {
	case duck.TypeBoolean, duck.TypeTinyInt, duck.TypeSmallInt, duck.TypeInteger, duck.TypeBigInt,
		duck.TypeUTinyInt, duck.TypeUSmallInt, duck.TypeUInteger, duck.TypeUBigInt, duck.TypeHugeInt, duck.TypeUHugeInt,
		duck.TypeFloat, duck.TypeDouble, duck.TypeVarchar, duck.TypeBlob, duck.TypeUUID, duck.TypeSQLNull,
		duck.TypeDate, duck.TypeTime, duck.TypeInterval,
		duck.TypeTimestamp, duck.TypeTimestampS, duck.TypeTimestampMS, duck.TypeTimestampNS, duck.TypeTimestampTZ:
	case duck.TypeDecimal:
		p.scale = int(duck.DecimalScale(t))
		p.physical = duck.DecimalInternalType(t)
	case duck.TypeEnum:
		p.physical = duck.EnumInternalType(t)
		for i := range duck.EnumDictionarySize(t) {
			p.enum = append(p.enum, duck.EnumDictionaryValue(t, duck.IdxT(i)))
		}
	case duck.TypeList:
		return p, p.add(duck.ListTypeChildType(t), l.at(0))
	case duck.TypeArray:
		p.size = int(duck.ArrayTypeArraySize(t))
		return p, p.add(duck.ArrayTypeChildType(t), l.at(0))
	case duck.TypeMap:
		if err := p.add(duck.MapTypeKeyType(t), l.at(0)); err != nil {
			return nil, err
		}
		return p, p.add(duck.MapTypeValueType(t), l.at(1))
	case duck.TypeStruct:
		for i := range duck.StructTypeChildCount(t) {
			name := duck.StructTypeChildName(t, i)
			if int(i) < len(l.names) {
				name = l.names[i]
			}
			p.names = append(p.names, name)
			if err := p.add(duck.StructTypeChildType(t, i), l.at(int(i))); err != nil {
				return nil, err
			}
		}
	default:
		return nil, fmt.Errorf("LARDER:NOT_SUPPORTED:a result of this type cannot be printed (engine type %d)", p.kind)
	}
	return p, nil
}

// add makes a printer for a type inside p's, and destroys the type.
func (p *printer) add(t duck.LogicalType, l layout) error {
	defer duck.DestroyLogicalType(&t)
	child, err := newPrinter(t, l)
	p.children = append(p.children, child)
	return err
}

// bind points p at a vector, which must outlive the use of p.
func (p *printer) bind(v duck.Vector) {
	p.data = duck.VectorGetData(v)
	p.valid = duck.VectorGetValidity(v)
	switch p.kind {
	case duck.TypeList:
		p.children[0].bind(duck.ListVectorGetChild(v))
	case duck.TypeArray:
		p.children[0].bind(duck.ArrayVectorGetChild(v))
	case duck.TypeMap: // a list of structs of a key and a value
		entries := duck.ListVectorGetChild(v)
		for i, c := range p.children {
			c.bind(duck.StructVectorGetChild(entries, duck.IdxT(i)))
		}
	case duck.TypeStruct:
		for i, c := range p.children {
			c.bind(duck.StructVectorGetChild(v, duck.IdxT(i)))
		}
	}
}

// null reports whether the value of a row is NULL.
func (p *printer) null(row int) bool {
	if p.kind == duck.TypeSQLNull {
		return true
	}
	return p.valid != nil && *(*uint64)(unsafe.Add(p.valid, row/64*8))&(1<<(row%64)) == 0
}

// at reads the value of a row, for a fixed-size type.
func at[T any](p *printer, row int) T {
	var zero T
	return *(*T)(unsafe.Add(p.data, row*int(unsafe.Sizeof(zero))))
}

// append prints the value of a row, which is not NULL.
func (p *printer) append(b []byte, row int) []byte {
	switch p.kind {
	case duck.TypeBoolean:
		return strconv.AppendBool(b, at[byte](p, row) != 0)
	case duck.TypeTinyInt:
		return strconv.AppendInt(b, int64(at[int8](p, row)), 10)
	case duck.TypeSmallInt:
		return strconv.AppendInt(b, int64(at[int16](p, row)), 10)
	case duck.TypeInteger:
		return strconv.AppendInt(b, int64(at[int32](p, row)), 10)
	case duck.TypeBigInt:
		return strconv.AppendInt(b, at[int64](p, row), 10)
	case duck.TypeUTinyInt:
		return strconv.AppendUint(b, uint64(at[uint8](p, row)), 10)
	case duck.TypeUSmallInt:
		return strconv.AppendUint(b, uint64(at[uint16](p, row)), 10)
	case duck.TypeUInteger:
		return strconv.AppendUint(b, uint64(at[uint32](p, row)), 10)
	case duck.TypeUBigInt:
		return strconv.AppendUint(b, at[uint64](p, row), 10)
	case duck.TypeHugeInt, duck.TypeUHugeInt:
		h := at[hugeint](p, row)
		if p.kind == duck.TypeUHugeInt && int64(h.upper) < 0 {
			return unsignedBig(h).Append(b, 10)
		}
		return serde.AppendDecimal(b, int64(h.upper), h.lower, 0)
	case duck.TypeDecimal:
		upper, lower := p.decimal(row)
		return serde.AppendDecimal(b, upper, lower, p.scale)
	case duck.TypeFloat:
		return serde.AppendReal(b, at[float32](p, row))
	case duck.TypeDouble:
		return serde.AppendDouble(b, at[float64](p, row))
	case duck.TypeVarchar:
		return p.appendText(b, p.bytes(row))
	case duck.TypeBlob:
		return appendBinary(b, p.bytes(row))
	case duck.TypeUUID:
		h := at[hugeint](p, row)
		return appendUUID(b, h.upper^(1<<63), h.lower)
	case duck.TypeEnum:
		return append(b, p.enum[p.enumIndex(row)]...)
	case duck.TypeList, duck.TypeArray, duck.TypeMap, duck.TypeStruct:
		return p.appendNested(b, row)
	}
	return p.appendInstant(b, row)
}

// appendText prints a text; a char with the blanks at its end.
func (p *printer) appendText(b, text []byte) []byte {
	b = append(b, text...)
	if p.layout.word == "char" {
		for n := utf8.RuneCount(text); n < p.layout.digits; n++ {
			b = append(b, ' ')
		}
	}
	return b
}

// appendInstant prints dates, times, timestamps and intervals.
func (p *printer) appendInstant(b []byte, row int) []byte {
	digits := max(p.layout.digits, 3)
	switch p.kind {
	case duck.TypeDate:
		return serde.AppendDate(b, int64(at[int32](p, row)))
	case duck.TypeTime:
		return serde.AppendTime(b, at[int64](p, row), digits)
	case duck.TypeTimestamp, duck.TypeTimestampTZ:
		return p.appendTimestamp(b, at[int64](p, row), digits)
	case duck.TypeTimestampS:
		return serde.AppendTimestamp(b, at[int64](p, row)*microsPerSecond, digits)
	case duck.TypeTimestampMS:
		return serde.AppendTimestamp(b, at[int64](p, row)*1000, digits)
	case duck.TypeTimestampNS:
		nanos := at[int64](p, row)
		micros := nanos / 1000
		if nanos%1000 < 0 {
			micros--
		}
		return serde.AppendTimestamp(b, micros, digits)
	}
	v := at[interval](p, row)
	if p.layout.word == "interval year to month" {
		return appendMonthInterval(b, int64(v.months))
	}
	return appendDayInterval(b, int64(v.days)+int64(v.months)*30, v.micros)
}

// appendTimestamp prints a timestamp, and if it has a time zone what the clocks there show, and its name.
func (p *printer) appendTimestamp(b []byte, micros int64, digits int) []byte {
	if p.layout.word != "timestamp with time zone" && p.kind != duck.TypeTimestampTZ {
		return serde.AppendTimestamp(b, micros, digits)
	}
	if p.layout.zone == nil {
		return append(serde.AppendTimestamp(b, micros, digits), " UTC"...)
	}
	_, offset := time.UnixMicro(micros).In(p.layout.zone).Zone()
	b = serde.AppendTimestamp(b, micros+int64(offset)*microsPerSecond, digits)
	return append(append(b, ' '), p.layout.zone.String()...)
}

// appendNested prints arrays as [a, b], maps as {k=v} and rows as {f=v}.
func (p *printer) appendNested(b []byte, row int) []byte {
	switch p.kind {
	case duck.TypeStruct:
		b = append(b, '{')
		for i, c := range p.children {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(append(b, p.names[i]...), '=')
			b = c.appendOrNull(b, row)
		}
		return append(b, '}')
	case duck.TypeMap:
		entry := at[listEntry](p, row)
		b = append(b, '{')
		for i := range int(entry.length) {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = p.children[0].appendOrNull(b, int(entry.offset)+i)
			b = p.children[1].appendOrNull(append(b, '='), int(entry.offset)+i)
		}
		return append(b, '}')
	}
	entry := listEntry{offset: uint64(row * p.size), length: uint64(p.size)}
	if p.kind == duck.TypeList {
		entry = at[listEntry](p, row)
	}
	b = append(b, '[')
	for i := range int(entry.length) {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = p.children[0].appendOrNull(b, int(entry.offset)+i)
	}
	return append(b, ']')
}

// appendOrNull prints a value inside another.
func (p *printer) appendOrNull(b []byte, row int) []byte {
	if p.null(row) {
		return append(b, "null"...)
	}
	return p.append(b, row)
}

// bytes returns the bytes of a string, which belong to the vector.
func (p *printer) bytes(row int) []byte { return bytesAt(p.data, row) }

// bytesAt returns the bytes of a string of a vector, which belong to it.
func bytesAt(data unsafe.Pointer, row int) []byte {
	// A string is 16 bytes: its length, then up to 12 bytes of its own or, at 8, a pointer.
	const inline, inlineAt, pointerAt, size = 12, 4, 8, 16
	s := unsafe.Add(data, row*size)
	n := *(*uint32)(s)
	if n <= inline {
		return unsafe.Slice((*byte)(unsafe.Add(s, inlineAt)), n)
	}
	return unsafe.Slice(*(**byte)(unsafe.Add(s, pointerAt)), n)
}

// decimal reads the unscaled value of a decimal, sign-extended to two halves.
func (p *printer) decimal(row int) (upper int64, lower uint64) {
	var v int64
	switch p.physical {
	case duck.TypeSmallInt:
		v = int64(at[int16](p, row))
	case duck.TypeInteger:
		v = int64(at[int32](p, row))
	case duck.TypeBigInt:
		v = at[int64](p, row)
	default:
		h := at[hugeint](p, row)
		return int64(h.upper), h.lower
	}
	return v >> 63, uint64(v)
}

func (p *printer) enumIndex(row int) int {
	switch p.physical {
	case duck.TypeUTinyInt:
		return int(at[uint8](p, row))
	case duck.TypeUSmallInt:
		return int(at[uint16](p, row))
	}
	return int(at[uint32](p, row))
}
