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
	columns  []frame.Column
	appender duck.Appender
	types    []duck.LogicalType
	chunk    duck.DataChunk
	rows     int // in chunk
}

// columnTypes are the types that tables for rows have.
var columnTypes = map[string]duck.Type{
	"BOOLEAN": duck.TypeBoolean, "BIGINT": duck.TypeBigInt, "DOUBLE": duck.TypeDouble,
	"VARCHAR": duck.TypeVarchar, "TIMESTAMP": duck.TypeTimestamp,
}

// newLoader makes a table.
func newLoader(db *database, t frame.Table) (*loader, error) {
	l := &loader{columns: t.Columns}
	definitions := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		kind, ok := columnTypes[c.Type]
		if !ok {
			l.close()
			return nil, fmt.Errorf("column %s of %s has type %s", c.Name, t.Name, c.Type)
		}
		definitions[i] = identifier(c.Name) + " " + c.Type
		l.types = append(l.types, duck.CreateLogicalType(kind))
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

// reset empties the chunk. The validity of a vector has to be made writable each time.
func (l *loader) reset() {
	duck.DataChunkReset(l.chunk)
	l.rows = 0
	for i := range l.columns {
		duck.VectorEnsureValidityWritable(duck.DataChunkGetVector(l.chunk, duck.IdxT(i)))
	}
}

// append appends all rows of r.
func (l *loader) append(r *frame.Rows) error {
	vectors := make([]duck.Vector, len(l.columns))
	data := make([]unsafe.Pointer, len(l.columns))
	valid := make([]unsafe.Pointer, len(l.columns))
	point := func() { // into the chunk; a reset may move what it holds
		for i := range l.columns {
			vectors[i] = duck.DataChunkGetVector(l.chunk, duck.IdxT(i))
			data[i] = duck.VectorGetData(vectors[i])
			valid[i] = duck.VectorGetValidity(vectors[i])
		}
	}
	point()
	capacity := int(duck.VectorSize())
	for r.More() {
		for i := range l.columns {
			v, err := r.Next()
			if err != nil {
				return err
			}
			if v.Kind == frame.Null {
				word := (*uint64)(unsafe.Add(valid[i], l.rows/64*8))
				*word &^= 1 << (l.rows % 64)
				continue
			}
			if err := l.set(i, v, vectors[i], data[i]); err != nil {
				return err
			}
		}
		if l.rows++; l.rows == capacity {
			if err := l.flush(); err != nil {
				return err
			}
			point()
		}
	}
	return nil
}

// set stores a value in the current row of the chunk.
func (l *loader) set(column int, v frame.Value, vector duck.Vector, data unsafe.Pointer) error {
	switch c := l.columns[column]; {
	case c.Type == "VARCHAR" && v.Kind == frame.String:
		if !utf8.Valid(v.Bytes) {
			return fmt.Errorf("LARDER:HIVE_BAD_DATA:a value of column '%s' is not UTF-8", c.Name)
		}
		duck.VectorAssignStringElementLen(vector, duck.IdxT(l.rows), v.Bytes)
	case c.Type == "BIGINT" && v.Kind == frame.Int, c.Type == "TIMESTAMP" && v.Kind == frame.Time:
		*(*int64)(unsafe.Add(data, l.rows*8)) = v.Int
	case c.Type == "DOUBLE" && v.Kind == frame.Float:
		*(*float64)(unsafe.Add(data, l.rows*8)) = v.Float
	case c.Type == "BOOLEAN" && v.Kind == frame.Bool:
		*(*bool)(unsafe.Add(data, l.rows)) = v.Bool
	default:
		return fmt.Errorf("a value of kind %d for column %s of type %s", v.Kind, c.Name, c.Type)
	}
	return nil
}

// flush hands the chunk to the table.
func (l *loader) flush() error {
	if l.rows == 0 {
		return nil
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
