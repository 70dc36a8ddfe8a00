package arrow

import (
	"fmt"

	"github.com/larder-dev/larder/internal/parquet"
)

// The types of Arrow's format, by the numbers that its schema gives them.
const (
	typeNull = iota + 1
	typeInt
	typeFloat
	typeBinary
	typeText
	typeBool
	typeDecimal
	typeDate
	typeTime
	typeTimestamp
	typeInterval
	typeList
	typeStruct
	typeUnion
	typeFixedBinary
	typeFixedList
	typeMap
	typeDuration
	typeLargeBinary
	typeLargeText
	typeLargeList
	typeRunEnds
	typeBinaryView
	typeTextView
	typeListView
	typeLargeListView
)

// A shape is how the buffers of an array lie.
type shape uint8

const (
	shapeNone  shape = iota // no buffers: every value is null
	shapeBits               // a bit a value
	shapeFixed              // so many bytes a value
	shapeText               // offsets of 4 or 8 bytes, and bytes
	shapeViews              // views of 16 bytes, and any number of buffers of bytes
	shapeList               // offsets of 4 or 8 bytes, and the elements
	shapeSized              // so many elements a value
)

// A kind is the type of an array, as far as reading it needs it.
type kind struct {
	name  string       // in words, for people
	of    parquet.Kind // of the values, or of the elements of a list; 0: not read
	shape shape
	width int   // of a value or an offset, in bytes; of shapeSized elements a value
	unit  int64 // of instants: how many are a second; of days: milliseconds if it is 1000
	scale int   // of decimals
	plain bool  // of integers: without a sign

	inner *kind // of the elements of lists
	dict  *dictionary
	index *kind // of dictionary
}

// A dictionary is the values that an array names by their number.
type dictionary struct {
	id     int64
	kind   *kind
	values *values // nil until they came
}

func (k *kind) list() bool { return k.shape == shapeList || k.shape == shapeSized }

// kindOf reads the type of a field of a schema.
func (r *Reader) kindOf(field flatTable, depth int) *kind {
	k := plainKind(field.byte(2), field.table(3))
	if k.list() {
		k.inner = r.elementKind(field, depth)
		k.name = fmt.Sprintf("%s<%s>", k.name, k.inner.name)
		if k.of = k.inner.of; k.inner.list() {
			k.of = 0
		}
	}
	encoding := field.table(4)
	if encoding.at == 0 {
		return k
	}
	index := &kind{name: "int32", of: parquet.OfInt, shape: shapeFixed, width: 4}
	if t := encoding.table(1); t.at != 0 {
		index = plainKind(typeInt, t)
	}
	if k.list() || index.of == 0 {
		return &kind{name: "dictionary<" + k.name + ">"}
	}
	d := r.dictionaries[encoding.int64(0)]
	if d == nil {
		d = &dictionary{id: encoding.int64(0), kind: k}
		r.dictionaries[d.id] = d
	} else if *d.kind != *k {
		field.f.bad = true // two fields share it, and do not agree on what it has
	}
	return &kind{name: "dictionary<" + k.name + ">", of: k.of, shape: index.shape, width: index.width, dict: d, index: index}
}

func (r *Reader) elementKind(field flatTable, depth int) *kind {
	at, count := field.vector(5, 4)
	if count != 1 || depth > 0 {
		return &kind{name: "…"}
	}
	return r.kindOf(flatTable{field.f, field.f.forward(at)}, depth+1)
}

// plainKind reads a type without its elements.
func plainKind(id int, t flatTable) *kind {
	switch id {
	case typeNull:
		return &kind{name: "null", of: parquet.OfText, shape: shapeNone}
	case typeInt:
		return intKind(t.int32(0, 0), t.byte(1) != 0)
	case typeFloat:
		switch t.int16(0, 0) {
		case 1:
			return &kind{name: "float", of: parquet.OfSingle, shape: shapeFixed, width: 4}
		case 2:
			return &kind{name: "double", of: parquet.OfDouble, shape: shapeFixed, width: 8}
		}
		return &kind{name: "halffloat"}
	case typeText:
		return &kind{name: "string", of: parquet.OfText, shape: shapeText, width: 4}
	case typeLargeText:
		return &kind{name: "large_string", of: parquet.OfText, shape: shapeText, width: 8}
	case typeTextView:
		return &kind{name: "string_view", of: parquet.OfText, shape: shapeViews, width: viewBytes}
	case typeBool:
		return &kind{name: "bool", of: parquet.OfBoolean, shape: shapeBits}
	case typeDecimal:
		return decimalKind(t)
	case typeDate:
		if t.int16(0, 1) == 0 {
			return &kind{name: "date32", of: parquet.OfDay, shape: shapeFixed, width: 4, unit: 1}
		}
		return &kind{name: "date64", of: parquet.OfDay, shape: shapeFixed, width: 8, unit: 86_400_000}
	case typeTimestamp:
		if unit := t.int16(0, 0); unit >= 0 && unit < 4 {
			return &kind{
				name: "timestamp[" + [...]string{"s", "ms", "us", "ns"}[unit] + "]", of: parquet.OfInstant,
				shape: shapeFixed, width: 8, unit: [...]int64{1, 1e3, 1e6, 1e9}[unit],
			}
		}
	case typeList:
		return &kind{name: "list", shape: shapeList, width: 4}
	case typeLargeList:
		return &kind{name: "large_list", shape: shapeList, width: 8}
	case typeFixedList:
		return &kind{name: "fixed_size_list", shape: shapeSized, width: t.int32(0, 0)}
	}
	return &kind{name: otherName(id)}
}

func intKind(bits int, signed bool) *kind {
	k := &kind{name: fmt.Sprintf("int%d", bits), of: parquet.OfInt, shape: shapeFixed, width: bits / 8, plain: !signed}
	if !signed {
		k.name = "u" + k.name
	}
	switch {
	case bits != 8 && bits != 16 && bits != 32 && bits != 64:
		k.of = 0
	case !signed && bits == 64:
		k.of = parquet.OfUnsigned
	}
	return k
}

func decimalKind(t flatTable) *kind {
	bits, scale := t.int32(2, 128), t.int32(1, 0)
	k := &kind{name: fmt.Sprintf("decimal%d(%d, %d)", bits, t.int32(0, 0), scale), shape: shapeFixed, width: bits / 8, scale: scale}
	if (bits == 32 || bits == 64 || bits == 128 || bits == 256) && scale >= 0 && scale <= 76 {
		k.of = parquet.OfDecimal
	}
	return k
}

// otherName names a type that is not read.
func otherName(id int) string {
	names := map[int]string{
		typeBinary: "binary", typeTime: "time", typeInterval: "interval", typeStruct: "struct", typeUnion: "union",
		typeFixedBinary: "fixed_size_binary", typeMap: "map", typeDuration: "duration", typeLargeBinary: "large_binary",
		typeRunEnds: "run_end_encoded", typeBinaryView: "binary_view", typeListView: "list_view", typeLargeListView: "large_list_view",
		typeTimestamp: "timestamp",
	}
	if name, ok := names[id]; ok {
		return name
	}
	return fmt.Sprintf("of the type %d", id)
}
