package parquet

import (
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// A form is how the values of a page get into a vector without one call for each. 0: they do not.
type form uint8

const (
	textForm form = iota + 1
	intForm
	doubleForm
	bitForm
	microForm // instants in microseconds
)

// formOf tells the form of a column that is no list.
func formOf(t parquet.Type, k Kind) form {
	switch {
	case k == OfText && t.Kind() == parquet.ByteArray:
		return textForm
	case (k == OfInt || k == OfUnsigned) && t.Kind() == parquet.Int64:
		return intForm
	case k == OfDouble:
		return doubleForm
	case k == OfBoolean:
		return bitForm
	case k == OfInstant && t.Kind() == parquet.Int64 && inMicros(t):
		return microForm
	}
	return 0
}

func inMicros(t parquet.Type) bool {
	if l := t.LogicalType(); l != nil && l.Value != nil {
		at, ok := l.Value.(*format.TimestampType)
		if !ok {
			return false
		}
		_, ok = at.Unit.Value.(*format.MicroSeconds)
		return ok
	}
	c := t.ConvertedType()
	return c != nil && *c == deprecated.TimestampMicros
}

// A leaf is a page that was read, of a column that has a form. The library's slices are used as they are, so
// what a damaged page lacks is a panic of an index.
type leaf struct {
	form form
	rows int
	// values has, of each row, where its value is, -1 for null; nil: each row has the value of its number.
	values []int32
	index  []int32 // of a page with a dictionary, where in it each value is; else nil

	ints    []int64
	doubles []float64
	bits    []byte
	text    []byte
	offsets []uint32
}

// set makes l the view of a page.
func (l *leaf) set(page parquet.Page, f *Field) {
	levels := page.DefinitionLevels()
	*l = leaf{form: f.form, rows: int(page.NumRows()), values: l.values[:0]}
	whole := true
	for _, level := range levels {
		if int(level) != f.maxDef {
			whole = false
			break
		}
	}
	if whole {
		l.values = nil
	} else {
		at := int32(0)
		for _, level := range levels {
			if int(level) != f.maxDef {
				l.values = append(l.values, -1)
				continue
			}
			l.values = append(l.values, at)
			at++
		}
	}
	data := page.Data()
	if d := page.Dictionary(); d != nil {
		l.index = data.Int32()
		data = d.Page().Data()
	}
	l.load(data)
}

func (l *leaf) load(data encoding.Values) {
	switch l.form {
	case textForm:
		l.text, l.offsets = data.ByteArray()
	case intForm, microForm:
		l.ints = data.Int64()
	case doubleForm:
		l.doubles = data.Double()
	case bitForm:
		l.bits = data.Boolean()
	}
}

// add appends n rows of the page, from row at on.
func (l *leaf) add(v *Vector, at, n int) {
	if l.values == nil {
		for range n {
			v.Null = append(v.Null, false)
		}
		l.addValues(v, at, n)
		return
	}
	for _, value := range l.values[at : at+n] {
		if value < 0 {
			l.addNull(v)
			continue
		}
		v.Null = append(v.Null, false)
		l.addValues(v, int(value), 1)
	}
}

func (l *leaf) addNull(v *Vector) {
	v.Null = append(v.Null, true)
	switch l.form {
	case textForm:
		v.Offsets = append(v.Offsets, len(v.Text))
	case doubleForm:
		v.Floats = append(v.Floats, 0)
	case microForm:
		v.Ints, v.Nanos = append(v.Ints, 0), append(v.Nanos, 0)
	default:
		v.Ints = append(v.Ints, 0)
	}
}

// addValues appends n values of the page, from the one at on.
func (l *leaf) addValues(v *Vector, at, n int) {
	if l.index != nil {
		for _, i := range l.index[at : at+n] {
			l.addPlain(v, int(i), 1)
		}
		return
	}
	l.addPlain(v, at, n)
}

func (l *leaf) addPlain(v *Vector, at, n int) {
	switch l.form {
	case textForm:
		from := int(l.offsets[at])
		shift := len(v.Text) - from
		v.Text = append(v.Text, l.text[from:l.offsets[at+n]]...)
		for _, end := range l.offsets[at+1 : at+n+1] {
			v.Offsets = append(v.Offsets, int(end)+shift)
		}
	case intForm:
		v.Ints = append(v.Ints, l.ints[at:at+n]...)
	case doubleForm:
		v.Floats = append(v.Floats, l.doubles[at:at+n]...)
	case bitForm:
		for i := at; i < at+n; i++ {
			v.Ints = append(v.Ints, int64(l.bits[i>>3]>>(i&7)&1))
		}
	case microForm:
		for _, micros := range l.ints[at : at+n] {
			sec, rest := micros/1e6, micros%1e6
			if rest < 0 {
				sec, rest = sec-1, rest+1e6
			}
			v.Ints = append(v.Ints, sec)
			v.Nanos = append(v.Nanos, int32(rest*1e3))
		}
	}
}
