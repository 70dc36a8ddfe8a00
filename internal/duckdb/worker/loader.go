package worker

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
	"unsafe"

	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/larder-dev/larder/internal/duckdb/frame"
)

// A loader fills a temporary table with rows.
type loader struct {
	columns  []place
	appender duck.Appender
	types    []duck.LogicalType
	chunk    duck.DataChunk
	rows     int // in chunk
	elements int // of the lists in chunk
}

// A place is where values go: a vector of the chunk, or the elements of one that has lists.
type place struct {
	column   string // for errors
	kind     duck.Type
	vector   duck.Vector
	data     unsafe.Pointer
	valid    unsafe.Pointer // nil in elements as long as none is NULL
	elements *place         // nil unless kind is TypeList
	used     int            // how many elements there are
}

// mostElements is how many elements of lists a chunk gets before the table takes it: lists may be
// much longer than rows are many.
const mostElements = 64 << 10

// columnTypes are the types that tables for rows have.
var columnTypes = map[string]duck.Type{
	"BOOLEAN": duck.TypeBoolean, "BIGINT": duck.TypeBigInt, "DOUBLE": duck.TypeDouble,
	"VARCHAR": duck.TypeVarchar, "TIMESTAMP": duck.TypeTimestamp,
}

// newPlace returns the place for a column and its type, which the caller destroys.
func newPlace(c frame.Column) (place, duck.LogicalType, error) {
	element, list := strings.CutSuffix(c.Type, "[]")
	kind, ok := columnTypes[element]
	if !ok {
		return place{}, duck.LogicalType{}, fmt.Errorf("column %s has type %s", c.Name, c.Type)
	}
	t := duck.CreateLogicalType(kind)
	p := place{column: c.Name, kind: kind}
	if !list {
		return p, t, nil
	}
	defer duck.DestroyLogicalType(&t)
	return place{column: c.Name, kind: duck.TypeList, elements: &p}, duck.CreateListType(t), nil
}

// newLoader makes a table.
func newLoader(db *database, t frame.Table) (*loader, error) {
	l := &loader{}
	definitions := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		p, typ, err := newPlace(c)
		if err != nil {
			l.close()
			return nil, fmt.Errorf("table %s: %w", t.Name, err)
		}
		definitions[i] = identifier(c.Name) + " " + c.Type
		l.columns = append(l.columns, p)
		l.types = append(l.types, typ)
	}
	if err := db.exec("CREATE TEMP TABLE " + identifier(t.Name) + " (" + strings.Join(definitions, ", ") + ")"); err != nil {
		l.close()
		return nil, err
	}
	if duck.AppenderCreateExt(db.conn, "temp", "main", t.Name, &l.appender) == duck.StateError {
		err := errors.New(duck.AppenderError(l.appender))
		l.close()
		return nil, err
	}
	l.chunk = duck.CreateDataChunk(l.types)
	l.reset()
	return l, nil
}

// reset empties the chunk, and finds out where it keeps what it holds: that may have moved. The
// validity of a vector has to be made writable each time.
func (l *loader) reset() {
	duck.DataChunkReset(l.chunk)
	l.rows, l.elements = 0, 0
	for i := range l.columns {
		p := &l.columns[i]
		p.vector = duck.DataChunkGetVector(l.chunk, duck.IdxT(i))
		duck.VectorEnsureValidityWritable(p.vector)
		p.point()
		if p.elements != nil {
			p.used = 0
			p.elements.vector = duck.ListVectorGetChild(p.vector)
		}
	}
}

func (p *place) point() {
	p.data = duck.VectorGetData(p.vector)
	p.valid = duck.VectorGetValidity(p.vector)
}

// append appends all rows of r.
func (l *loader) append(r *frame.Rows) error {
	capacity := int(duck.VectorSize())
	for r.More() {
		for i := range l.columns {
			v, err := r.Next()
			if err != nil {
				return err
			}
			p := &l.columns[i]
			if v.Kind == frame.List && p.elements != nil {
				err = l.setList(p, int(v.Int), r)
			} else {
				err = p.set(l.rows, v)
			}
			if err != nil {
				return err
			}
		}
		if l.rows++; l.rows == capacity || l.elements >= mostElements {
			if err := l.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// setList stores the next n values as a list in the current row.
func (l *loader) setList(p *place, n int, r *frame.Rows) error {
	if duck.ListVectorReserve(p.vector, duck.IdxT(p.used+n)) == duck.StateError {
		return fmt.Errorf("no room for %d elements of column %s", p.used+n, p.column)
	}
	p.elements.point() // what was reserved may be elsewhere
	*(*listEntry)(unsafe.Add(p.data, l.rows*int(unsafe.Sizeof(listEntry{})))) = listEntry{offset: uint64(p.used), length: uint64(n)}
	for range n {
		v, err := r.Next()
		if err != nil {
			return err
		}
		if v.Kind == frame.Null && p.elements.valid == nil {
			duck.VectorEnsureValidityWritable(p.elements.vector)
			p.elements.point()
		}
		if err := p.elements.set(p.used, v); err != nil {
			return err
		}
		p.used++
	}
	l.elements += n
	return nil
}

// set stores a value.
func (p *place) set(row int, v frame.Value) error {
	switch {
	case v.Kind == frame.Null:
		*(*uint64)(unsafe.Add(p.valid, row/64*8)) &^= 1 << (row % 64)
	case p.kind == duck.TypeVarchar && v.Kind == frame.String:
		if !utf8.Valid(v.Bytes) {
			return fmt.Errorf("LARDER:HIVE_BAD_DATA:a value of column '%s' is not UTF-8", p.column)
		}
		duck.VectorAssignStringElementLen(p.vector, duck.IdxT(row), v.Bytes)
	case p.kind == duck.TypeBigInt && v.Kind == frame.Int, p.kind == duck.TypeTimestamp && v.Kind == frame.Time:
		*(*int64)(unsafe.Add(p.data, row*8)) = v.Int
	case p.kind == duck.TypeDouble && v.Kind == frame.Float:
		*(*float64)(unsafe.Add(p.data, row*8)) = v.Float
	case p.kind == duck.TypeBoolean && v.Kind == frame.Bool:
		*(*bool)(unsafe.Add(p.data, row)) = v.Bool
	default:
		return fmt.Errorf("a value of kind %d for column %s of engine type %d", v.Kind, p.column, p.kind)
	}
	return nil
}

// flush hands the chunk to the table.
func (l *loader) flush() error {
	if l.rows == 0 {
		return nil
	}
	for i := range l.columns {
		if p := &l.columns[i]; p.elements != nil && duck.ListVectorSetSize(p.vector, duck.IdxT(p.used)) == duck.StateError {
			return fmt.Errorf("%d elements of column %s", p.used, p.column)
		}
	}
	duck.DataChunkSetSize(l.chunk, duck.IdxT(l.rows))
	if duck.AppendDataChunk(l.appender, l.chunk) == duck.StateError {
		return errors.New(duck.AppenderError(l.appender))
	}
	l.reset()
	return nil
}

// finish hands over the last rows; the table has them all after.
func (l *loader) finish() error {
	if err := l.flush(); err != nil {
		return err
	}
	if duck.AppenderClose(l.appender) == duck.StateError {
		return errors.New(duck.AppenderError(l.appender))
	}
	return nil
}

// close frees what the loader holds; the table stays.
func (l *loader) close() {
	if l.appender.Ptr != nil {
		duck.AppenderDestroy(&l.appender)
	}
	if l.chunk.Ptr != nil {
		duck.DestroyDataChunk(&l.chunk)
	}
	for i := range l.types {
		duck.DestroyLogicalType(&l.types[i])
	}
}
