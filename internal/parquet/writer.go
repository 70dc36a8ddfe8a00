package parquet

import (
	"fmt"
	"io"
	"time"

	"github.com/parquet-go/parquet-go"
)

const (
	// rowGroup is the most rows of a row group: an engine reads row groups side by side.
	rowGroup = 128 << 10
	// dictionary is the most bytes of a column's dictionary; after it values are written plain.
	dictionary = 1 << 20
	// batch is how many rows are handed on at a time.
	batch = 64
)

// A Writer writes one file. It is for one goroutine. It is not reused for a second file: after its
// Reset, parquet-go (v0.32.0) writes column chunks without their paths.
type Writer struct {
	columns []Column
	file    *parquet.GenericWriter[any]
	values  []parquet.Value // of rows, one after the other
	rows    []parquet.Row
}

// NewWriter returns a writer of a file of that schema to out.
func NewWriter(out io.Writer, s *Schema) *Writer { return newWriter(out, s, "flush") }

// NewExport returns a writer of a file that is no table's, or not yet.
func NewExport(out io.Writer, s *Schema) *Writer { return newWriter(out, s, "export") }

// newWriter says in the file who made it.
func newWriter(out io.Writer, s *Schema, by string) *Writer {
	return &Writer{
		columns: s.columns,
		file: parquet.NewGenericWriter[any](out, s.schema,
			parquet.Compression(&parquet.Snappy),
			parquet.DataPageVersion(1),
			// The bounds are in the row groups and the page index already.
			parquet.DataPageStatistics(false),
			parquet.MaxRowsPerRowGroup(rowGroup),
			parquet.DictionaryMaxBytes(dictionary),
			parquet.CreatedBy("larder", "1", by),
			// Who needs a buffer has one: most files are written to memory.
			parquet.WriteBufferSize(0),
		),
	}
}

// Write adds a row: one value a column, of the Go type of its Type, or nil for null; of a List
// column []any of such values. It does not keep row; a string in it is read until Close.
func (w *Writer) Write(row []any) error {
	if len(row) != len(w.columns) {
		return fmt.Errorf("row of %d values for %d columns", len(row), len(w.columns))
	}
	start := len(w.values)
	for i, v := range row {
		if w.columns[i].List {
			if err := w.writeList(i, v); err != nil {
				w.values = w.values[:start]
				return err
			}
			continue
		}
		value, err := valueOf(w.columns[i], v)
		if err != nil {
			w.values = w.values[:start]
			return err
		}
		// The definition level is 1 for a value and 0 for null.
		level := 1
		if v == nil {
			level = 0
		}
		w.values = append(w.values, value.Level(0, level, i))
	}
	w.rows = append(w.rows, w.values[start:len(w.values):len(w.values)])
	if len(w.rows) == batch {
		return w.flush()
	}
	return nil
}

// The definition levels of a list column: how much of the way to an element is there.
const (
	listNull = iota
	listEmpty
	elementNull
	elementThere
)

// writeList adds the values of column i, which has a list. A list that is null or empty is one
// value; of the others the first has the repetition level 0, and those after it 1.
func (w *Writer) writeList(i int, v any) error {
	list, ok := v.([]any)
	switch {
	case v == nil:
		w.values = append(w.values, parquet.NullValue().Level(0, listNull, i))
		return nil
	case !ok:
		return fmt.Errorf("column %q of lists cannot hold a %T", w.columns[i].Name, v)
	case len(list) == 0:
		w.values = append(w.values, parquet.NullValue().Level(0, listEmpty, i))
		return nil
	}
	repetition := 0
	for _, e := range list {
		value, err := valueOf(w.columns[i], e)
		if err != nil {
			return err
		}
		level := elementThere
		if e == nil {
			level = elementNull
		}
		w.values = append(w.values, value.Level(repetition, level, i))
		repetition = 1
	}
	return nil
}

func (w *Writer) flush() error {
	_, err := w.file.WriteRows(w.rows)
	w.values, w.rows = w.values[:0], w.rows[:0]
	return err
}

// EndRowGroup ends the row group, which the writer has in memory until then.
func (w *Writer) EndRowGroup() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.file.Flush()
}

// Close ends the file; out is not closed.
func (w *Writer) Close() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.file.Close()
}

func valueOf(c Column, v any) (parquet.Value, error) {
	switch v := v.(type) {
	case nil:
		return parquet.NullValue(), nil
	case string:
		if c.Type == Text {
			return parquet.ByteArrayValue([]byte(v)), nil
		}
	case int64:
		if c.Type == Int64 {
			return parquet.Int64Value(v), nil
		}
	case float64:
		if c.Type == Float64 {
			return parquet.DoubleValue(v), nil
		}
	case bool:
		if c.Type == Boolean {
			return parquet.BooleanValue(v), nil
		}
	case time.Time:
		if c.Type == Instant {
			return parquet.Int64Value(v.UnixMicro()), nil
		}
	}
	return parquet.Value{}, fmt.Errorf("column %q cannot hold a %T", c.Name, v)
}
