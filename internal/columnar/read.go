package columnar

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/arrow"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/parquet"
)

// A Read is some records of one group.
type Read struct {
	Group feature.GroupRef
	IDs   []string
	Names []feature.Name // none for all features
}

const (
	// fewest and mostRead are how many records are read at a time: as many as have about readBytes of texts, going by
	// those before, and at most four times as many bytes. The largest records are 350 KB each.
	fewestRead = 64
	mostRead   = 1024
	readBytes  = 8 << 20
)

// Read writes the records to out, as a stream: a row for each of IDs, in their order, and a column for each feature
// asked for and for the identifier, in the order of the definitions. Of a record that is not held (see
// featurestore.Get) the row has the identifier alone. Nothing is written before the first records have been read. It
// is what featurestore.Get shows of them a thousand at a time, each time as things stand then. Invalid;
// NotFound; Conflict; Throttled.
func (s *Store) Read(ctx context.Context, r *Read, out io.Writer) error {
	if n := len(r.IDs); n < 1 || n > MaxRows {
		return feature.Errorf(feature.Invalid, "the call has %d identifiers; it must have 1 to %d", n, MaxRows)
	}
	g, err := s.groups.Group(ctx, r.Group)
	if err != nil {
		return err
	}
	f, err := newFrame(g, r.Names)
	if err != nil {
		return err
	}
	if err := f.checkIDs(r.IDs); err != nil {
		return err
	}
	w, err := arrow.NewWriter(out, f.columns)
	if err != nil {
		return err
	}
	for rest, next := r.IDs, fewestRead; len(rest) > 0; {
		f.begin(rest[:min(next, len(rest))])
		b := s.groups.Get(ctx, &featurestore.Want{Group: r.Group, IDs: f.ids, Names: r.Names}, f.show)
		if refused := slices.IndexFunc(b.Refused, func(err error) bool { return err != nil }); refused >= 0 {
			return b.Refused[refused]
		}
		if b.Err != nil {
			return b.Err
		}
		if err := f.end(); err != nil {
			return err
		}
		if err := w.Write(f.rows, f.vectors); err != nil {
			return err
		}
		rest = rest[f.rows:]
		next = max(fewestRead, min(mostRead, readBytes/(f.size/f.rows+1)))
	}
	return w.Close()
}

// A frame is the columns of a read, and the values of some rows.
type frame struct {
	group    *feature.Group
	ordinals []int // of the columns, ascending
	columns  []parquet.Column
	vectors  []*parquet.Vector

	ids   []string // those that are asked for
	rows  int      // of the first ids
	size  int      // bytes of their texts
	wrong error    // why no more rows are taken
}

func newFrame(g *feature.Group, names []feature.Name) (*frame, error) {
	chosen := make([]bool, len(g.Definitions))
	for _, name := range names {
		at := g.Ordinal(name)
		if at < 0 {
			return nil, feature.Errorf(feature.Invalid, "the feature group %s has no feature %q; feature names are case-sensitive", g.Name, name)
		}
		chosen[at] = true
	}
	f := &frame{group: g}
	for i, d := range g.Definitions {
		if len(names) > 0 && !chosen[i] && d.Name != g.RecordIdentifier {
			continue
		}
		c := parquet.Column{Name: string(d.Name), Type: typeOf(&d), List: d.Collection != feature.Scalar}
		if d.Name == g.RecordIdentifier && d.Type == feature.Fractional {
			c.Type = parquet.Text // 1 and 1.0 are two identifiers, and one number
		}
		f.ordinals = append(f.ordinals, i)
		f.columns = append(f.columns, c)
		f.vectors = append(f.vectors, &parquet.Vector{Kind: c.Type.KindOf()})
	}
	return f, nil
}

func typeOf(d *feature.Definition) parquet.Type {
	switch d.Type {
	case feature.Integral:
		return parquet.Int64
	case feature.Fractional:
		return parquet.Float64
	}
	return parquet.Text
}

// checkIDs holds that the column of the identifiers can show each of them as it is.
func (f *frame) checkIDs(ids []string) error {
	whole := f.group.Definitions[f.group.Ordinal(f.group.RecordIdentifier)].Type == feature.Integral
	for i, id := range ids {
		if !utf8.ValidString(id) {
			return feature.Errorf(feature.Invalid, "identifier %d is not valid UTF-8", i+1)
		}
		if !whole {
			continue
		}
		if n, err := strconv.ParseInt(id, 10, 64); err != nil || strconv.FormatInt(n, 10) != id {
			return feature.Errorf(feature.Invalid, "identifier %d is %.64q, and the identifiers of the feature group %s come as whole numbers, which have one text each; read this one with GetRecord", i+1, id, f.group.Name)
		}
	}
	return nil
}

// begin begins anew, with no rows.
func (f *frame) begin(ids []string) {
	f.ids, f.rows, f.size, f.wrong = ids, 0, 0, nil
	for _, v := range f.vectors {
		v.Reset()
	}
}

// full tells whether the rest of the records is to be asked for again, because the first of them were so much larger
// than those before.
func (f *frame) full() bool { return f.size >= 4*readBytes }

// show takes the record of an identifier, and that those before it have none.
func (f *frame) show(i int, found *featurestore.Found) {
	for f.wrong == nil && !f.full() && f.rows < i {
		f.add(nil)
	}
	switch {
	case f.wrong != nil || f.full():
	case found.Group.ID != f.group.ID:
		f.wrong = feature.Errorf(feature.NotFound, "the feature group %s was deleted, and made anew, while it was read", f.group.Name)
	default:
		f.add(found.Values)
	}
}

// end takes that the identifiers after the last that was shown have no record.
func (f *frame) end() error {
	for f.wrong == nil && !f.full() && f.rows < len(f.ids) {
		f.add(nil)
	}
	return f.wrong
}

// add adds a row. values is nil if there is no record.
func (f *frame) add(values []feature.Value) {
	key := feature.Value{Text: f.ids[f.rows]}
	for c, ordinal := range f.ordinals {
		for len(values) > 0 && values[0].Ordinal < ordinal {
			values = values[1:]
		}
		var value *feature.Value
		switch {
		case f.group.Definitions[ordinal].Name == f.group.RecordIdentifier:
			value = &key
		case len(values) > 0 && values[0].Ordinal == ordinal:
			value = &values[0]
			f.size += value.Size()
		}
		if err := add(f.vectors[c], &f.columns[c], value); err != nil {
			f.wrong = fmt.Errorf("record %q of the feature group %s: feature %q: %w", key.Text, f.group.Name, f.columns[c].Name, err)
			return
		}
	}
	f.rows++
}

// add adds a value to a column, nil for none.
func add(v *parquet.Vector, c *parquet.Column, value *feature.Value) error {
	if !c.List {
		if value == nil {
			addNull(v)
			return nil
		}
		return addText(v, value.Text)
	}
	v.Present = append(v.Present, value != nil)
	if value != nil {
		for _, text := range value.List {
			if err := addText(v, text); err != nil {
				return err
			}
		}
	}
	v.Ends = append(v.Ends, len(v.Null))
	return nil
}

func addNull(v *parquet.Vector) {
	v.Null = append(v.Null, true)
	switch v.Kind {
	case parquet.OfInt:
		v.Ints = append(v.Ints, 0)
	case parquet.OfDouble:
		v.Floats = append(v.Floats, 0)
	default:
		v.Offsets = append(v.Offsets, len(v.Text))
	}
}

// addText adds an element. Its text was checked when it was put.
func addText(v *parquet.Vector, text string) error {
	switch v.Kind {
	case parquet.OfInt:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		v.Ints = append(v.Ints, n)
	case parquet.OfDouble:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return err
		}
		v.Floats = append(v.Floats, x)
	default:
		v.Text = append(v.Text, text...)
		v.Offsets = append(v.Offsets, len(v.Text))
	}
	v.Null = append(v.Null, false)
	return nil
}
