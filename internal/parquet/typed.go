package parquet

import "github.com/parquet-go/parquet-go"

// A row can be added value by value, in the order of the columns, without an allocation: one call of
// Null, Text, Int64, Float64, Boolean, Instant or Texts and so on a column, then EndRow. Whoever calls
// them keeps to the types of the schema.

// A Row is one row on its way into a Writer.
type Row struct {
	w     *Writer
	start int
	at    int // of the next column
}

// BeginRow begins a row. Nothing else is written until its End.
func (w *Writer) BeginRow() Row { return Row{w: w, start: len(w.values)} }

func (r *Row) add(v parquet.Value, level int) {
	r.w.values = append(r.w.values, v.Level(0, level, r.at))
	r.at++
}

// Null adds a null, of a List column too.
func (r *Row) Null() { r.add(parquet.NullValue(), 0) }

// Text adds a value of a Text column; text is read until the writer is closed.
func (r *Row) Text(text []byte) { r.add(parquet.ByteArrayValue(text), 1) }

// Int64 adds a value of an Int64 column.
func (r *Row) Int64(n int64) { r.add(parquet.Int64Value(n), 1) }

// Float64 adds a value of a Float64 column.
func (r *Row) Float64(x float64) { r.add(parquet.DoubleValue(x), 1) }

// Boolean adds a value of a Boolean column.
func (r *Row) Boolean(b bool) { r.add(parquet.BooleanValue(b), 1) }

// Instant adds a value of an Instant column, in microseconds since 1970.
func (r *Row) Instant(micros int64) { r.add(parquet.Int64Value(micros), 1) }

// List adds a value of a List column, as Writer.Write takes it.
func (r *Row) List(list []any) error {
	err := r.w.writeList(r.at, list)
	r.at++
	return err
}

// End ends the row.
func (r *Row) End() error {
	w := r.w
	w.rows = append(w.rows, w.values[r.start:len(w.values):len(w.values)])
	if len(w.rows) == batch {
		return w.flush()
	}
	return nil
}
