package ingest

import (
	"errors"
	"io"
	"math"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// batch is how many rows of a Parquet source are decoded at a time.
const batch = 1024

// readParquet reads the columns of a Parquet source. Their values become the text that the SDK would
// send of them; NaN is no value.
func readParquet(in io.ReaderAt, size int64, out *intake, progress func(rows, of int64)) error {
	r, err := parquet.OpenReader(in, size)
	if err != nil {
		return damaged(err)
	}
	names := make([]string, len(r.Fields))
	for i := range r.Fields {
		names[i] = r.Fields[i].Name
	}
	columns, err := ColumnsOf(out.group, out.columns, names)
	if err != nil {
		return err
	}
	t := taker{intake: out}
	places := make([]int, len(columns))
	for i, c := range columns {
		f, d := &r.Fields[c.At], &out.group.Definitions[c.Ordinal]
		if err := Suits(f, d); err != nil {
			return err
		}
		places[i] = c.At
		t.columns = append(t.columns, taken{ordinal: c.Ordinal, def: d, list: f.List, time: d.Name == out.group.EventTime})
	}
	t.idType = out.group.Definitions[out.idAt].Type
	t.timeAt = out.group.Ordinal(out.group.EventTime)
	t.timeType = out.group.Definitions[t.timeAt].Type
	for _, d := range out.group.Definitions {
		t.names += len(d.Name)
	}
	done := int64(0)
	return damaged(r.Read(places, batch, func(rows int, columns []*parquet.Vector) error {
		for i := range columns {
			t.columns[i].v = columns[i]
		}
		for i := range rows {
			if err := t.take(i); err != nil {
				return err
			}
		}
		done += int64(rows)
		progress(done, r.Rows())
		return nil
	}))
}

// damaged says of a file that cannot be read that its caller brought it.
func damaged(err error) error {
	if errors.Is(err, parquet.ErrDamaged) || errors.Is(err, parquet.ErrUnread) {
		return feature.Errorf(feature.Invalid, "%v", err)
	}
	return err
}

// A taker takes rows out of vectors.
type taker struct {
	*intake
	columns  []taken
	idType   feature.Type
	timeAt   int
	timeType feature.Type
	names    int // bytes of the names of all features
	id, text []byte
	few      []feature.Field
}

// taken is a column that is the values of a feature.
type taken struct {
	ordinal int
	def     *feature.Definition
	list    bool
	time    bool // it is the event time
	v       *parquet.Vector
}

// take takes row i of the vectors. Most rows are right and go the short way; for the others the rules
// of a put find the words.
func (t *taker) take(i int) error {
	at := len(t.chunk.data)
	when, ok := t.short(i)
	if ok {
		t.count()
		return t.end(at, when)
	}
	t.chunk.data = t.chunk.data[:at]
	t.few = t.few[:0]
	for c := range t.columns {
		f, ok := t.columns[c].field(i)
		if !ok {
			return t.refuse("the list of the feature \"" + string(f.Name) + "\" has a null among its elements; leave it out")
		}
		t.few = append(t.few, f)
	}
	return t.fields(t.few)
}

// short appends a row that certainly keeps every rule. If it cannot tell, what it appended is to be cut.
func (t *taker) short(i int) (when feature.EventTime, ok bool) {
	b, size := t.chunk.data, t.names
	defer func() { t.chunk.data = b }()
	t.id = t.id[:0]
	for c := range t.columns {
		if t.columns[c].ordinal == t.idAt && !t.columns[c].v.Null[i] {
			t.id = t.columns[c].appendCell(t.id, i)
		}
	}
	if len(t.id) == 0 || len(t.id) > feature.MaxIdentifierBytes || t.idType != feature.String || !utf8.Valid(t.id) {
		return when, false
	}
	b = beginRow(b, t.id)
	for c := range t.columns {
		k := &t.columns[c]
		if k.list {
			return when, false
		}
		if k.v.Null[i] {
			continue
		}
		switch {
		case k.ordinal == t.idAt:
			if k.ordinal == t.timeAt {
				return when, false
			}
		case k.ordinal == t.timeAt:
			t.text = k.appendCell(t.text[:0], i)
			var err error
			if when, err = feature.ParseEventTime(t.timeType, string(t.text)); err != nil {
				return when, false
			}
			b = appendText(b, k.ordinal, t.text)
			ok = true
		default:
			before := len(b)
			if b = k.appendValue(b, i); b == nil {
				b = t.chunk.data
				return when, false
			}
			size += len(b) - before + 24 // a number as text
		}
	}
	return when, ok && size+len(t.id) < feature.MaxRecordBytes
}

// appendValue appends a value that keeps the rules of its feature; nil if it may not.
func (k *taken) appendValue(b []byte, i int) []byte {
	switch k.def.Type {
	case feature.Integral:
		if k.v.Kind == parquet.OfInt {
			return appendInt(b, k.ordinal, k.v.Ints[i])
		}
	case feature.Fractional:
		switch k.v.Kind {
		case parquet.OfDouble:
			if x := k.v.Floats[i]; !math.IsNaN(x) && !math.IsInf(x, 0) {
				return appendFloat(b, k.ordinal, x)
			} else if math.IsNaN(x) {
				return b
			}
		case parquet.OfInt:
			return appendInt(b, k.ordinal, k.v.Ints[i])
		}
	case feature.String:
		if k.v.Kind == parquet.OfText {
			if text := k.v.TextOf(i); len(text) <= feature.MaxValueChars && utf8.Valid(text) {
				return appendText(b, k.ordinal, text)
			}
		}
	}
	return nil
}

// field returns a value as a put would bring it. It is not ok if a put could not.
func (k *taken) field(i int) (f feature.Field, ok bool) {
	f.Name = k.def.Name
	if !k.list {
		f.Null = k.null(i)
		if !f.Null {
			f.Text = string(k.appendCell(nil, i))
		}
		return f, true
	}
	if f.Null = !k.v.Present[i]; f.Null {
		return f, true
	}
	start := 0
	if i > 0 {
		start = k.v.Ends[i-1]
	}
	f.Listed, f.List = true, []string{}
	for e := start; e < k.v.Ends[i]; e++ {
		if k.v.Null[e] {
			return f, false
		}
		f.List = append(f.List, string(k.appendCell(nil, e)))
	}
	return f, true
}

// null tells whether there is no value.
func (k *taken) null(i int) bool {
	if k.v.Null[i] {
		return true
	}
	e := k.v.Element(i)
	return NoValue(&e)
}

// appendCell appends a value as text.
func (k *taken) appendCell(b []byte, i int) []byte {
	e := k.v.Element(i)
	return AppendElement(b, &e, k.def, k.time)
}
