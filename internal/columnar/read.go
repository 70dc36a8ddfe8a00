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
	// those before. The largest records are 350 KB each.
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
		some := rest[:min(next, len(rest))]
		rest = rest[len(some):]
		found := make([]*featurestore.Found, len(some))
		b := s.groups.Get(ctx, &featurestore.Want{Group: r.Group, IDs: some, Names: r.Names}, func(i int, f *featurestore.Found) {
			kept := *f
			kept.Values = slices.Clone(f.Values)
			found[i] = &kept
		})
		if b.Err != nil {
			return b.Err
		}
		if b.Refused != nil {
			for _, err := range b.Refused {
				if err != nil {
					return err
				}
			}
		}
		size, err := f.write(w, some, found)
		if err != nil {
			return err
		}
		next = max(fewestRead, min(mostRead, readBytes/(size/len(some)+1)))
	}
	return w.Close()
}

// A frame is the columns of a read, and the values of some rows.
type frame struct {
	group    *feature.Group
	ordinals []int // of the columns, ascending
	columns  []parquet.Column
	vectors  []*parquet.Vector
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

// write writes the rows of some records, and tells how many bytes their texts have.
func (f *frame) write(w *arrow.Writer, ids []string, found []*featurestore.Found) (size int, err error) {
	rows, since := 0, 0
	for i, id := range ids {
		n, err := f.add(id, found[i])
		if err != nil {
			return 0, fmt.Errorf("record %q of the feature group %s: %w", id, f.group.Name, err)
		}
		rows, size = rows+1, size+n
		if size-since < readBytes && i < len(ids)-1 {
			continue
		}
		if err := w.Write(rows, f.vectors); err != nil {
			return 0, err
		}
		rows, since = 0, size
		for _, v := range f.vectors {
			v.Reset()
		}
	}
	return size, nil
}

// add adds a row. found is nil if there is no record.
func (f *frame) add(id string, found *featurestore.Found) (size int, err error) {
	var values []feature.Value
	if found != nil {
		if found.Group.ID != f.group.ID {
			return 0, feature.Errorf(feature.NotFound, "the feature group was deleted, and made anew, while it was read")
		}
		values = found.Values
	}
	key := feature.Value{Text: id}
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
			size += value.Size()
		}
		if err := add(f.vectors[c], &f.columns[c], value); err != nil {
			return 0, fmt.Errorf("feature %q: %w", f.columns[c].Name, err)
		}
	}
	return size, nil
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
