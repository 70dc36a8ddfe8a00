// Package arrow turns vectors into the IPC stream of Apache Arrow, which pyarrow, pandas and polars read as it
// comes. It knows no dataset and no HTTP.
package arrow

import (
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/larder-dev/larder/internal/parquet"
)

// A Writer writes one stream. It is for one goroutine.
type Writer struct {
	columns []parquet.Column
	schema  *arrow.Schema
	out     *ipc.Writer
	build   *array.RecordBuilder
	most    int // bytes of text in a batch
}

// mostText is how many bytes the texts of a column may have in one batch: Arrow counts them with 31 bits.
const mostText = 1 << 30

// NewWriter returns a writer of a stream of those columns, all of which may have nulls, to out. The schema is
// written with the first batch, or by Close.
func NewWriter(out io.Writer, columns []parquet.Column) (*Writer, error) {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		t, err := typeOf(c)
		if err != nil {
			return nil, err
		}
		fields[i] = arrow.Field{Name: c.Name, Type: t, Nullable: true}
	}
	schema := arrow.NewSchema(fields, nil)
	return &Writer{
		columns: columns, schema: schema, most: mostText,
		out:   ipc.NewWriter(out, ipc.WithSchema(schema)),
		build: array.NewRecordBuilder(memory.DefaultAllocator, schema),
	}, nil
}

func typeOf(c parquet.Column) (arrow.DataType, error) {
	var t arrow.DataType
	switch c.Type {
	case parquet.Text:
		t = arrow.BinaryTypes.String
	case parquet.Int64:
		t = arrow.PrimitiveTypes.Int64
	case parquet.Float64:
		t = arrow.PrimitiveTypes.Float64
	case parquet.Boolean:
		t = arrow.FixedWidthTypes.Boolean
	case parquet.Instant:
		t = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	case parquet.InstantNanos:
		t = &arrow.TimestampType{Unit: arrow.Nanosecond, TimeZone: "UTC"}
	default:
		return nil, fmt.Errorf("column %q has no type", c.Name)
	}
	if c.List {
		t = arrow.ListOf(t)
	}
	return t, nil
}

// Write adds rows, as a batch or as several: a vector for each column, of the kind of its type. It keeps none of
// them.
func (w *Writer) Write(rows int, vectors []*parquet.Vector) error {
	if len(vectors) != len(w.columns) {
		return fmt.Errorf("%d vectors for %d columns", len(vectors), len(w.columns))
	}
	return w.batches(vectors, 0, rows)
}

// batches writes rows in halves for as long as they have too much text.
func (w *Writer) batches(vectors []*parquet.Vector, from, to int) error {
	if middle := (from + to) / 2; middle > from && w.tooLong(vectors, from, to) {
		if err := w.batches(vectors, from, middle); err != nil {
			return err
		}
		return w.batches(vectors, middle, to)
	}
	for i, v := range vectors {
		if err := w.column(i, v, from, to); err != nil {
			return err
		}
	}
	batch := w.build.NewRecordBatch()
	defer batch.Release()
	return w.out.Write(batch)
}

func (w *Writer) tooLong(vectors []*parquet.Vector, from, to int) bool {
	for _, v := range vectors {
		if v.Kind == parquet.OfText && len(v.Text) > w.most {
			first, last := elements(v, from, to)
			if textEnd(v, last)-textEnd(v, first) > w.most {
				return true
			}
		}
	}
	return false
}

// elements tells where the elements of rows are.
func elements(v *parquet.Vector, from, to int) (first, last int) {
	if v.Ends == nil || from == to {
		return from, to
	}
	first, _ = v.List(from)
	_, last = v.List(to - 1)
	return first, last
}

// textEnd is where the texts before an element end.
func textEnd(v *parquet.Vector, element int) int {
	if element == 0 {
		return 0
	}
	return v.Offsets[element-1]
}

func (w *Writer) column(i int, v *parquet.Vector, from, to int) error {
	if want := w.columns[i].Type.KindOf(); v.Kind != want {
		return fmt.Errorf("column %q cannot hold a vector of kind %d; it takes %d", w.columns[i].Name, v.Kind, want)
	}
	b := w.build.Field(i)
	if !w.columns[i].List {
		add(b, v, w.columns[i].Type, from, to)
		return nil
	}
	lists := b.(*array.ListBuilder)
	for r := from; r < to; r++ {
		lists.Append(v.Present[r])
		start, end := v.List(r)
		add(lists.ValueBuilder(), v, w.columns[i].Type, start, end)
	}
	return nil
}

// add appends elements to the builder of their type.
func add(b array.Builder, v *parquet.Vector, t parquet.Type, from, to int) {
	b.Reserve(to - from)
	for e := from; e < to; e++ {
		if v.Null[e] {
			b.AppendNull()
			continue
		}
		switch b := b.(type) {
		case *array.StringBuilder:
			b.BinaryBuilder.Append(v.TextOf(e))
		case *array.Int64Builder:
			b.UnsafeAppend(v.Ints[e])
		case *array.Float64Builder:
			b.UnsafeAppend(v.Floats[e])
		case *array.BooleanBuilder:
			b.UnsafeAppend(v.Ints[e] != 0)
		case *array.TimestampBuilder:
			at := v.Ints[e]*1e6 + int64(v.Nanos[e])/1e3
			if t == parquet.InstantNanos {
				at = v.Ints[e]*1e9 + int64(v.Nanos[e])
			}
			b.UnsafeAppend(arrow.Timestamp(at))
		}
	}
}

// Close ends the stream; what it is written to is not closed.
func (w *Writer) Close() error {
	w.build.Release()
	return w.out.Close()
}
