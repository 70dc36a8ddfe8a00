package columnar

import (
	"strings"

	"github.com/larder-dev/larder/internal/arrow"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/parquet"
)

// rows makes records of the rows of batches: their values as the texts that an import would make of them.
type rows struct {
	columns []bound
	size    int // bytes of texts since the last reset
	texts   arena
	scratch []byte
	fields  []feature.Field // since the last reset
}

// bound is a column that is the values of a feature.
type bound struct {
	ingest.Column
	def             *feature.Definition
	id, eventTime   bool
	list, valueless bool
}

// newRows finds the feature of each column, by the rules of an import. Invalid.
func newRows(g *feature.Group, columns []arrow.Column) (*rows, error) {
	names := make([]string, len(columns))
	for i := range columns {
		names[i] = columns[i].Name
	}
	found, err := ingest.ColumnsOf(g, nil, names)
	if err != nil {
		return nil, err
	}
	r := &rows{}
	for _, c := range found {
		d, from := &g.Definitions[c.Ordinal], &columns[c.At]
		valueless := from.Untyped && !from.List
		if !valueless {
			if err := ingest.Suits(&from.Field, d); err != nil {
				return nil, err
			}
		}
		r.columns = append(r.columns, bound{
			Column: c, def: d, id: d.Name == g.RecordIdentifier, eventTime: d.Name == g.EventTime, list: from.List, valueless: valueless,
		})
	}
	return r, nil
}

// full tells whether what was taken is to be put before more is.
func (r *rows) full() bool { return r.size >= writeBytes || len(r.fields) >= writeFields }

// reset says that what was taken is used no more.
func (r *rows) reset() { r.size, r.fields = 0, r.fields[:0] }

// take makes the record of a row. Its fields are good until the next reset.
func (r *rows) take(b *arrow.Batch, row int) rowIn {
	if cap(r.fields)-len(r.fields) < len(r.columns) {
		r.fields = make([]feature.Field, 0, max(2*cap(r.fields), 16*len(r.columns)))
	}
	var in rowIn
	from, before := len(r.fields), r.size
	for i := range r.columns {
		c := &r.columns[i]
		f := feature.Field{Name: c.def.Name}
		var err error
		switch {
		case c.valueless || b.Null(c.At, row):
			f.Null = true
		case c.list:
			err = r.takeList(&f, c, b, row, before)
		default:
			e := b.Value(c.At, row)
			if f.Null = ingest.NoValue(&e); !f.Null {
				f.Text, err = r.text(c, &e, before)
			}
		}
		if err != nil && in.wrong == nil {
			in.wrong = err // the identifier may be behind
		}
		if c.id {
			in.id = f.Text
		}
		r.fields = append(r.fields, f)
	}
	in.fields = r.fields[from:len(r.fields):len(r.fields)]
	return in
}

// text makes a text of a value. Of a row that began at a size it makes no more than a record may have: many rows of a
// dictionary may name one long text.
func (r *rows) text(c *bound, e *parquet.Element, began int) (string, error) {
	if r.size-began+len(e.Text) > feature.MaxRecordBytes {
		if c.id {
			return shortened(string(e.Text[:min(len(e.Text), 2*shownID)])), errLong
		}
		return "", errLong
	}
	r.scratch = ingest.AppendElement(r.scratch[:0], e, c.def, c.eventTime)
	r.size += len(r.scratch)
	return r.texts.keep(r.scratch), nil
}

// shownID is how many bytes are shown of an identifier that is too long.
const shownID = 64

// shortened is the beginning of an identifier that is too long.
func shortened(id string) string {
	return strings.ToValidUTF8(id[:min(len(id), shownID)], "") + "…"
}

var errLong = feature.Errorf(feature.Invalid, "the record has more than %d bytes (350 KB) of feature names and values, which is the most", feature.MaxRecordBytes)

func (r *rows) takeList(f *feature.Field, c *bound, b *arrow.Batch, row, began int) error {
	from, to := b.List(c.At, row)
	if n := to - from; n > feature.MaxElements {
		return feature.Errorf(feature.Invalid, "the value of the feature %q has %d elements; the most is %d", c.def.Name, n, feature.MaxElements)
	}
	f.Listed = true
	for e := from; e < to; e++ {
		if b.ElementNull(c.At, e) {
			return feature.Errorf(feature.Invalid, "the list of the feature %q has a null among its elements; leave it out", c.def.Name)
		}
		value := b.Element(c.At, e)
		text, err := r.text(c, &value, began)
		if err != nil {
			return err
		}
		f.List = append(f.List, text)
	}
	return nil
}
