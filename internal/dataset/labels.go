package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// A labelFile is the labels of a dataset as a Parquet file: the source itself, what a query made, what a CSV file
// was turned into, or the dataset that is made again. Its columns are read as those that a dataset has.
type labelFile struct {
	in      io.ReaderAt
	size    int64
	rows    int64
	columns []Column
	fields  []int // of each column in the file
	close   func() error
	changed func() (bool, error) // whether the source is no longer what it was
	carry   bool                 // the values are made those that the result of as_of has, and not those of a dataset
}

// unchanged is the changed of a file that nobody can change.
func unchanged() (bool, error) { return false, nil }

// openLabelFile reads the schema of a file, of which the first most columns are labels, or all if that is negative.
// Invalid.
func openLabelFile(in io.ReaderAt, size int64, most int) (*labelFile, error) {
	r, err := parquet.OpenReader(in, size)
	if err != nil {
		return nil, unreadable(err)
	}
	l := &labelFile{in: in, size: size, rows: r.Rows(), changed: unchanged, close: func() error { return nil }}
	seen := map[string]bool{}
	for i, f := range r.Fields {
		if most >= 0 && i >= most {
			break
		}
		t, ok := typeOf(&f)
		name := strings.ToLower(f.Name)
		switch {
		case !ok:
			return nil, feature.Errorf(feature.Invalid, "the label column %q is %s, which a dataset cannot hold; leave it out, or make it text, number, boolean, timestamp or a list of these", f.Name, f.Type)
		case f.Name == "":
			return nil, feature.Errorf(feature.Invalid, "label column %d has no name; give it one", i+1)
		case seen[name]:
			return nil, feature.Errorf(feature.Invalid, "two label columns are named %q, case apart; rename one", f.Name)
		}
		seen[name] = true
		l.columns, l.fields = append(l.columns, Column{Name: f.Name, Type: t, List: f.List}), append(l.fields, i)
	}
	return l, nil
}

// unreadable says of labels that cannot be read that their caller brought them.
func unreadable(err error) error {
	if errors.Is(err, parquet.ErrDamaged) || errors.Is(err, parquet.ErrUnread) {
		return feature.Errorf(feature.Invalid, "the labels cannot be read: %v", err)
	}
	return err
}

// typeOf is the type of a column of a file in a dataset.
func typeOf(f *parquet.Field) (Type, bool) {
	switch f.Kind {
	case parquet.OfBoolean:
		return Boolean, true
	case parquet.OfInt, parquet.OfUnsigned:
		return Integer, true
	case parquet.OfSingle, parquet.OfDouble, parquet.OfDecimal:
		return Double, true
	case parquet.OfText:
		return Text, true
	case parquet.OfInstant:
		if f.Nanos {
			return Nanos, true
		}
		return Micros, true
	case parquet.OfDay:
		return Micros, true
	}
	return "", false
}

// column returns the place of a column by its name, or by its name but for case.
func (l *labelFile) column(name string) (int, bool) {
	at := slices.IndexFunc(l.columns, func(c Column) bool { return c.Name == name })
	if at < 0 {
		at = slices.IndexFunc(l.columns, func(c Column) bool { return strings.EqualFold(c.Name, name) })
	}
	return at, at >= 0
}

// names lists the columns for people.
func (l *labelFile) names() string {
	var names []string
	for _, c := range l.columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// blocks yields some columns of the labels in the types of a dataset. It may be run several times, also beside
// itself.
func (l *labelFile) blocks(ctx context.Context, columns []int) iter.Seq2[block, error] {
	return blocks(func(yield func(batch, error) bool) {
		r, err := parquet.OpenReader(l.in, l.size)
		if err != nil {
			yield(batch{}, unreadable(err))
			return
		}
		fields := make([]int, len(columns))
		for i, c := range columns {
			if fields[i] = l.fields[c]; fields[i] >= len(r.Fields) {
				yield(batch{}, errLabels)
				return
			}
		}
		row, enough := int64(0), errors.New("enough")
		err = r.Read(fields, blockRows, func(rows int, vectors []*parquet.Vector) error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			for i, v := range vectors {
				c := l.columns[columns[i]]
				if l.carry {
					v.Kind = carriedKind(v.Kind)
					continue
				}
				if err := normalise(v, c.Type); err != nil {
					return labelError(v, err, row, c.Name)
				}
			}
			row += int64(rows)
			if !yield(batch{rows, vectors}, nil) {
				return enough
			}
			// The kinds are what the file has, for the next rows.
			for i, v := range vectors {
				v.Kind = r.Fields[fields[i]].Kind
			}
			return nil
		})
		if err != nil && err != enough {
			yield(batch{}, unreadable(err))
		}
	})
}

// A cellError is what is wrong with an element of a vector.
type cellError struct {
	element int
	text    string
}

func (e *cellError) Error() string { return e.text }

// labelError says in which row a wrong value is, if the first of the vector is row first, from 0.
func labelError(v *parquet.Vector, err error, first int64, column string) error {
	var wrong *cellError
	if !errors.As(err, &wrong) {
		return err
	}
	row := wrong.element
	if v.Ends != nil {
		row, _ = slices.BinarySearch(v.Ends, wrong.element+1)
	}
	return feature.Errorf(feature.Invalid, "row %d of the labels, column %q: %s", first+int64(row)+1, column, wrong.text)
}

// done closes the file, and returns err.
func (l *labelFile) done(err error) error {
	if closeErr := l.close(); closeErr != nil {
		return errors.Join(err, fmt.Errorf("close the labels: %w", closeErr))
	}
	return err
}
