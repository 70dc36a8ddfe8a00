package worker

import (
	"unsafe"

	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/larder-dev/larder/internal/serde"
)

// A cell moves values of one column between package serde and a vector of the engine's, and those of the vectors
// inside it. It is made once for a column, and bound to the vector of each chunk.
type cell struct {
	t        *serde.Type
	children []*cell // of a map: its keys and its values

	vector duck.Vector
	data   unsafe.Pointer
	valid  unsafe.Pointer // nil as long as no value is NULL

	used, room int // elements of lists: how many there are, and how many there is room for
}

func newCell(t *serde.Type) *cell {
	c := &cell{t: t}
	for i := range t.Elements {
		c.children = append(c.children, newCell(&t.Elements[i]))
	}
	return c
}

// bind points c at a vector of a new chunk.
func (c *cell) bind(v duck.Vector) {
	c.reset()
	c.point(v)
}

// reset forgets the lists of the chunk before, at every depth: the engine takes their room back with the chunk.
func (c *cell) reset() {
	c.used, c.room = 0, 0
	for _, child := range c.children {
		child.reset()
	}
}

// point finds out where a vector keeps what it holds: that may have moved.
func (c *cell) point(v duck.Vector) {
	c.vector, c.data, c.valid = v, duck.VectorGetData(v), duck.VectorGetValidity(v)
	switch c.t.Kind {
	case serde.Array:
		c.children[0].point(duck.ListVectorGetChild(v))
	case serde.Map: // a list of structs of a key and a value
		entries := duck.ListVectorGetChild(v)
		for i, child := range c.children {
			child.point(duck.StructVectorGetChild(entries, duck.IdxT(i)))
		}
	case serde.Struct:
		for i, child := range c.children {
			child.point(duck.StructVectorGetChild(v, duck.IdxT(i)))
		}
	}
}

// logical is the engine's type; the caller destroys it.
func logical(t *serde.Type) duck.LogicalType {
	inside := make([]duck.LogicalType, len(t.Elements))
	for i := range inside {
		inside[i] = logical(&t.Elements[i])
		defer duck.DestroyLogicalType(&inside[i])
	}
	switch t.Kind {
	case serde.Decimal:
		return duck.CreateDecimalType(uint8(t.Length), uint8(t.Scale))
	case serde.Array:
		return duck.CreateListType(inside[0])
	case serde.Map:
		return duck.CreateMapType(inside[0], inside[1])
	case serde.Struct:
		return duck.CreateStructType(inside, t.Names)
	}
	return duck.CreateLogicalType(map[serde.Kind]duck.Type{
		serde.String: duck.TypeVarchar, serde.Varchar: duck.TypeVarchar, serde.Char: duck.TypeVarchar, serde.Boolean: duck.TypeBoolean,
		serde.Tinyint: duck.TypeTinyInt, serde.Smallint: duck.TypeSmallInt, serde.Int: duck.TypeInteger, serde.Bigint: duck.TypeBigInt,
		serde.Float: duck.TypeFloat, serde.Double: duck.TypeDouble, serde.Date: duck.TypeDate, serde.Timestamp: duck.TypeTimestamp, serde.Binary: duck.TypeBlob,
	}[t.Kind])
}

// valueAt is where the value of a row is.
func valueAt[T any](c *cell, row int) *T {
	var zero T
	return (*T)(unsafe.Add(c.data, row*int(unsafe.Sizeof(zero))))
}

// setNull makes the value of a row NULL, and what is inside it.
func (c *cell) setNull(row int) {
	if c.valid == nil {
		duck.VectorEnsureValidityWritable(c.vector)
		c.valid = duck.VectorGetValidity(c.vector)
	}
	*(*uint64)(unsafe.Add(c.valid, row/64*8)) &^= 1 << (row % 64)
	switch c.t.Kind {
	case serde.Array, serde.Map:
		*valueAt[listEntry](c, row) = listEntry{offset: uint64(c.used)}
	case serde.Struct:
		for _, child := range c.children {
			child.setNull(row)
		}
	}
}

// set stores a value. It reports whether there was room for it.
func (c *cell) set(row int, v *serde.Value) bool {
	if v.Null {
		c.setNull(row)
		return true
	}
	switch c.t.Kind {
	case serde.String, serde.Varchar, serde.Char, serde.Binary:
		c.setBytes(row, v.Bytes)
	case serde.Boolean, serde.Tinyint:
		*valueAt[int8](c, row) = int8(v.Int)
	case serde.Smallint:
		*valueAt[int16](c, row) = int16(v.Int)
	case serde.Int, serde.Date:
		*valueAt[int32](c, row) = int32(v.Int)
	case serde.Bigint, serde.Timestamp:
		*valueAt[int64](c, row) = v.Int
	case serde.Float:
		*valueAt[float32](c, row) = float32(v.Float)
	case serde.Double:
		*valueAt[float64](c, row) = v.Float
	case serde.Decimal:
		c.setDecimal(row, v)
	case serde.Struct:
		for i, child := range c.children {
			if !child.set(row, &v.Items[i]) {
				return false
			}
		}
	default:
		return c.setList(row, v)
	}
	return true
}

// setBytes stores bytes; few are kept where the value is.
func (c *cell) setBytes(row int, b []byte) {
	const inline = 12
	if len(b) > inline {
		duck.VectorAssignStringElementLen(c.vector, duck.IdxT(row), b)
		return
	}
	s := struct {
		n    uint32
		text [inline]byte
	}{n: uint32(len(b))}
	copy(s.text[:], b)
	*(*struct {
		n    uint32
		text [inline]byte
	})(unsafe.Add(c.data, row*int(unsafe.Sizeof(s)))) = s
}

func (c *cell) setDecimal(row int, v *serde.Value) {
	switch n := c.t.Length; {
	case n <= 4:
		*valueAt[int16](c, row) = int16(v.Int)
	case n <= 9:
		*valueAt[int32](c, row) = int32(v.Int)
	case n <= 18:
		*valueAt[int64](c, row) = v.Int
	default:
		*valueAt[hugeint](c, row) = hugeint{lower: uint64(v.Int), upper: uint64(v.High)}
	}
}

// setList stores the elements of an array, or the entries of a map.
func (c *cell) setList(row int, v *serde.Value) bool {
	each := len(c.children) // values of one element
	n := len(v.Items) / each
	if c.used+n > c.room {
		c.room = max(c.used+n, 2*c.room, 2048)
		if duck.ListVectorReserve(c.vector, duck.IdxT(c.room)) == duck.StateError {
			return false
		}
		c.point(c.vector)
	}
	at := c.used
	*valueAt[listEntry](c, row) = listEntry{offset: uint64(at), length: uint64(n)}
	c.used += n
	for i := range v.Items {
		if !c.children[i%each].set(at+i/each, &v.Items[i]) {
			return false
		}
	}
	return true
}

// finish tells the engine how many elements its lists have.
func (c *cell) finish() bool {
	if c.t.Kind == serde.Array || c.t.Kind == serde.Map {
		if duck.ListVectorSetSize(c.vector, duck.IdxT(c.used)) == duck.StateError {
			return false
		}
	}
	for _, child := range c.children {
		if !child.finish() {
			return false
		}
	}
	return true
}

// get reads the value of a row. Its bytes are the engine's.
func (c *cell) get(row int, v *serde.Value) {
	v.Null = c.valid != nil && *(*uint64)(unsafe.Add(c.valid, row/64*8))&(1<<(row%64)) == 0
	if v.Null {
		return
	}
	switch c.t.Kind {
	case serde.String, serde.Varchar, serde.Char, serde.Binary:
		v.Bytes = bytesAt(c.data, row)
	case serde.Boolean:
		v.Int = int64(*valueAt[int8](c, row) & 1)
	case serde.Tinyint:
		v.Int = int64(*valueAt[int8](c, row))
	case serde.Smallint:
		v.Int = int64(*valueAt[int16](c, row))
	case serde.Int, serde.Date:
		v.Int = int64(*valueAt[int32](c, row))
	case serde.Bigint, serde.Timestamp:
		v.Int = *valueAt[int64](c, row)
	case serde.Float:
		v.Float = float64(*valueAt[float32](c, row))
	case serde.Double:
		v.Float = *valueAt[float64](c, row)
	case serde.Decimal:
		c.getDecimal(row, v)
	case serde.Struct:
		v.Resize(len(c.children))
		for i, child := range c.children {
			child.get(row, &v.Items[i])
		}
	default:
		entry, each := *valueAt[listEntry](c, row), len(c.children)
		v.Resize(int(entry.length) * each)
		for i := range v.Items {
			c.children[i%each].get(int(entry.offset)+i/each, &v.Items[i])
		}
	}
}

func (c *cell) getDecimal(row int, v *serde.Value) {
	switch n := c.t.Length; {
	case n <= 4:
		v.Int = int64(*valueAt[int16](c, row))
	case n <= 9:
		v.Int = int64(*valueAt[int32](c, row))
	case n <= 18:
		v.Int = *valueAt[int64](c, row)
	default:
		h := *valueAt[hugeint](c, row)
		v.Int, v.High = int64(h.lower), int64(h.upper)
		return
	}
	v.High = v.Int >> 63
}
