package parquet

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/parquet-go/parquet-go"
)

// A VectorWriter writes a file from vectors, many rows at a time. It is for one goroutine.
type VectorWriter struct {
	columns []Column
	file    *parquet.GenericWriter[any]
	threads func() int
	values  [][]parquet.Value // of one column, of each thread
	inGroup int               // rows
}

// NewVectorWriter returns a writer of a file that is no table's to out, in row groups of 128 Ki rows. threads says, at
// each Write, how many goroutines may encode columns; nil: one.
func NewVectorWriter(out io.Writer, s *Schema, threads func() int) *VectorWriter {
	if threads == nil {
		threads = func() int { return 1 }
	}
	return &VectorWriter{columns: s.columns, file: newWriter(out, s, "dataset").file, threads: threads}
}

// kinds are how a vector has the values of a column.
var kinds = [...]Kind{Text: OfText, Int64: OfInt, Float64: OfDouble, Boolean: OfBoolean, Instant: OfInstant, InstantNanos: OfInstant}

// KindOf is the kind of the vectors of columns of a type.
func (t Type) KindOf() Kind { return kinds[t] }

// BatchRows divides the rows of each Write but the last one.
const BatchRows = 1 << 10

// Write adds rows: a vector for each column of the schema, of the Kind of its Type. It keeps none of them. It ends
// a row group when that has 128 Ki rows. Every call but the last has a multiple of BatchRows rows, so that the
// same rows make the same file however they are dealt out.
func (w *VectorWriter) Write(rows int, vectors []*Vector) error {
	switch {
	case len(vectors) != len(w.columns):
		return fmt.Errorf("%d vectors for %d columns", len(vectors), len(w.columns))
	case w.inGroup%BatchRows != 0:
		return fmt.Errorf("rows after a batch that is no multiple of %d", BatchRows)
	}
	for from := 0; from < rows; {
		to := min(rows, from+rowGroup-w.inGroup)
		if err := w.encode(vectors, from, to); err != nil {
			return err
		}
		w.inGroup += to - from
		from = to
		if w.inGroup == rowGroup {
			if err := w.file.Flush(); err != nil {
				return err
			}
			w.inGroup = 0
		}
	}
	return nil
}

// encode adds rows of all columns, each thread those of some. What a column's writer of the library has is its own
// until the row group ends (docs/decisions/parquet-go.md).
func (w *VectorWriter) encode(vectors []*Vector, from, to int) error {
	threads := max(1, min(w.threads(), len(vectors)))
	for len(w.values) < threads {
		w.values = append(w.values, nil)
	}
	failed := make([]error, threads)
	var all sync.WaitGroup
	for t := range threads {
		all.Go(func() {
			for i := t; i < len(vectors) && failed[t] == nil; i += threads {
				failed[t] = w.column(&w.values[t], i, vectors[i], from, to)
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

// column adds rows of one column. A page may end after each BatchRows of them.
func (w *VectorWriter) column(values *[]parquet.Value, i int, v *Vector, from, to int) error {
	if want := w.columns[i].Type.KindOf(); v.Kind != want {
		return fmt.Errorf("column %q cannot hold a vector of kind %d; it takes %d", w.columns[i].Name, v.Kind, want)
	}
	out := w.file.ColumnWriters()[i]
	for at := from; at < to; {
		end := min(to, at+BatchRows)
		if *values = (*values)[:0]; w.columns[i].List {
			*values = w.addLists(*values, i, v, at, end)
		} else {
			*values = w.addCells(*values, i, v, at, end)
		}
		if _, err := out.WriteRowValues(*values); err != nil {
			return fmt.Errorf("column %q: %w", w.columns[i].Name, err)
		}
		at = end
	}
	return nil
}

func (w *VectorWriter) addCells(values []parquet.Value, i int, v *Vector, from, to int) []parquet.Value {
	for r := from; r < to; r++ {
		if v.Null[r] {
			values = append(values, parquet.NullValue().Level(0, 0, i))
		} else {
			values = append(values, v.value(r, w.columns[i].Type).Level(0, 1, i))
		}
	}
	return values
}

// addLists adds lists as writeList does.
func (w *VectorWriter) addLists(values []parquet.Value, i int, v *Vector, from, to int) []parquet.Value {
	for r := from; r < to; r++ {
		start, end := v.List(r)
		switch {
		case !v.Present[r]:
			values = append(values, parquet.NullValue().Level(0, listNull, i))
			continue
		case start == end:
			values = append(values, parquet.NullValue().Level(0, listEmpty, i))
			continue
		}
		repetition := 0
		for e := start; e < end; e++ {
			value, level := parquet.NullValue(), elementNull
			if !v.Null[e] {
				value, level = v.value(e, w.columns[i].Type), elementThere
			}
			values = append(values, value.Level(repetition, level, i))
			repetition = 1
		}
	}
	return values
}

// List tells where the elements of the list of a row are.
func (v *Vector) List(row int) (start, end int) {
	if row > 0 {
		start = v.Ends[row-1]
	}
	return start, v.Ends[row]
}

// Append adds copies of rows of a vector of the same Kind, which is a list if v is one or is empty.
func (v *Vector) Append(of *Vector, from, to int) {
	if from == to {
		return
	}
	first, last := from, to
	if of.Ends != nil {
		first, _ = of.List(from)
		_, last = of.List(to - 1)
		shift := len(v.Null) - first
		for _, e := range of.Ends[from:to] {
			v.Ends = append(v.Ends, e+shift)
		}
		v.Present = append(v.Present, of.Present[from:to]...)
	}
	v.Null = append(v.Null, of.Null[first:last]...)
	switch of.Kind {
	case OfText, OfDecimal:
		start := 0
		if first > 0 {
			start = of.Offsets[first-1]
		}
		shift := len(v.Text) - start
		for _, e := range of.Offsets[first:last] {
			v.Offsets = append(v.Offsets, e+shift)
		}
		if last > first {
			v.Text = append(v.Text, of.Text[start:of.Offsets[last-1]]...)
		}
	case OfSingle, OfDouble:
		v.Floats = append(v.Floats, of.Floats[first:last]...)
	case OfInstant:
		v.Ints = append(v.Ints, of.Ints[first:last]...)
		v.Nanos = append(v.Nanos, of.Nanos[first:last]...)
	default:
		v.Ints = append(v.Ints, of.Ints[first:last]...)
	}
}

// value returns an element that is not null. A text shares the memory of v.
func (v *Vector) value(i int, t Type) parquet.Value {
	switch t {
	case Text:
		return parquet.ByteArrayValue(v.TextOf(i))
	case Float64:
		return parquet.DoubleValue(v.Floats[i])
	case Boolean:
		return parquet.BooleanValue(v.Ints[i] != 0)
	case Instant:
		return parquet.Int64Value(v.Ints[i]*1e6 + int64(v.Nanos[i])/1e3)
	case InstantNanos:
		return parquet.Int64Value(v.Ints[i]*1e9 + int64(v.Nanos[i]))
	}
	return parquet.Int64Value(v.Ints[i])
}

// Close ends the file; out is not closed.
func (w *VectorWriter) Close() error { return w.file.Close() }
