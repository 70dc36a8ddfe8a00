package parquet

import (
	"fmt"
	"slices"
	"strings"
)

// A Fit reads a file as if it had been written with the columns that somebody wants of it. It is for one goroutine.
type Fit struct {
	ToRead []int // fields of the file
	wanted []Column
	from   []int // of each wanted column: where it is among ToRead, -1 for one that the file lacks
	column []*Vector
	made   []Vector // of columns whose values are not those of the file
}

// Fit finds columns in a file: by their names, else by their names whatever their case. An error names the field whose
// values cannot be those of the column.
func (r *Reader) Fit(columns []Column) (*Fit, error) {
	f := &Fit{wanted: columns, column: make([]*Vector, len(columns)), made: make([]Vector, len(columns))}
	for _, c := range columns {
		place := slices.IndexFunc(r.Fields, func(h Field) bool { return h.Name == c.Name })
		if place < 0 {
			place = slices.IndexFunc(r.Fields, func(h Field) bool { return strings.EqualFold(h.Name, c.Name) })
		}
		if place < 0 {
			f.from = append(f.from, -1)
			continue
		}
		if h := &r.Fields[place]; !c.holds(h) {
			return nil, fmt.Errorf("its column %q is %s, which is not the type of the table's", h.Name, h.Type)
		}
		known := slices.Index(f.ToRead, place)
		if known < 0 {
			known = len(f.ToRead)
			f.ToRead = append(f.ToRead, place)
		}
		f.from = append(f.from, known)
	}
	return f, nil
}

// holds tells whether the values of a field can be those of a column. Somebody else may have written them.
func (c *Column) holds(h *Field) bool {
	if c.List != h.List {
		return false
	}
	switch c.Type {
	case Text:
		return h.Kind == OfText
	case Int64:
		return h.Kind == OfInt || h.Kind == OfUnsigned
	case Float64:
		return h.Kind == OfDouble || h.Kind == OfSingle || h.Kind == OfInt
	case Boolean:
		return h.Kind == OfBoolean
	case Instant:
		return h.Kind == OfInstant
	}
	return false
}

// Field returns the place among the file's fields of a column, by its place among those that were wanted; not ok: the
// file lacks it.
func (f *Fit) Field(column int) (at int, ok bool) {
	if f.from[column] < 0 {
		return 0, false
	}
	return f.ToRead[f.from[column]], true
}

// Columns returns the values of each wanted column, of the kind of its type, out of those of ToRead; nil for a column
// that the file lacks. They are good until the next call, or until the vectors are overwritten. An error names a
// value that the column cannot have.
func (f *Fit) Columns(vectors []*Vector) ([]*Vector, error) {
	for i, from := range f.from {
		if from < 0 {
			continue
		}
		v := vectors[from]
		switch c := &f.wanted[i]; {
		case c.Type == Int64 && v.Kind == OfUnsigned:
			for at, n := range v.Ints {
				if n < 0 && !v.Null[at] {
					return nil, fmt.Errorf("its column %q: %d is larger than a whole number of the table can be", c.Name, uint64(n))
				}
			}
			v = f.as(i, v, OfInt)
		case c.Type == Float64 && v.Kind == OfSingle:
			v = f.as(i, v, OfDouble)
		case c.Type == Float64 && v.Kind == OfInt:
			ints := v.Ints
			v = f.as(i, v, OfDouble)
			for _, n := range ints {
				v.Floats = append(v.Floats, float64(n))
			}
		}
		f.column[i] = v
	}
	return f.column, nil
}

// as returns a vector with the values of v as those of another kind, and an empty Floats to append to if it has none.
func (f *Fit) as(column int, v *Vector, kind Kind) *Vector {
	made := &f.made[column]
	floats := made.Floats[:0]
	*made = *v
	made.Kind = kind
	if v.Kind == OfInt {
		made.Floats = floats
	}
	return made
}
