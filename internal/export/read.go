package export

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// batch is how many rows of a data file are decoded at a time.
const batch = 1024

// An input is the rows of a group in a snapshot: those of each data file, then those of the journal. The
// rows of a source, and the sources, come in the same order each time they are read.
type input struct {
	buckets *bucket.Store
	snap    table.Snapshot
	group   *feature.Group
	files   []*bucket.Object
	columns []parquet.Column // of the table
	out     []parquet.Column // of what is exported: the first ones
	until   feature.Position
	markers bool // delete markers are exported too
}

// open finds the data files of a group that may have rows for a request.
func (s *Store) open(snap table.Snapshot, g *feature.Group, r *Request) (*input, error) {
	in := &input{buckets: s.buckets, snap: snap, group: g, columns: table.FileColumns(g), until: r.until(), markers: !r.FeaturesOnly && !r.Latest}
	in.out = in.columns
	if r.FeaturesOnly {
		in.out = in.columns[:len(g.Definitions)]
	}
	for o, err := range table.GroupFiles(snap, g) {
		if err != nil {
			return nil, fmt.Errorf("list the data files: %w", err)
		}
		if o.Rows == nil || o.Rows.FirstPosition <= int64(in.until) {
			in.files = append(in.files, o)
		}
	}
	return in, nil
}

// The places of the columns after the features.
func (in *input) writeTime() int { return len(in.group.Definitions) }
func (in *input) invoked() int   { return len(in.group.Definitions) + 1 }
func (in *input) deleted() int   { return len(in.group.Definitions) + 2 }

// all yields every row that is exported, in the columns of out. A row is good for the call. Rows of one
// identifier and event time come in the order of their writes.
func (in *input) all(ctx context.Context, use func(row []any) error) error {
	n := len(in.out)
	columns := append(places(n), in.deleted(), in.writeTime())
	taken := func(row []any) error {
		if !in.markers && row[n] == true {
			return nil
		}
		return use(row[:n])
	}
	each := func(_ int, _ int64, row []any) error { return taken(row) }
	key := rowKey{id: in.group.Ordinal(in.group.RecordIdentifier), at: in.group.Ordinal(in.group.EventTime), written: n + 1}
	for _, sources := range in.clusters() {
		var err error
		if len(sources) == 1 {
			err = in.source(ctx, sources[0], columns, each)
		} else {
			err = in.merge(ctx, sources, columns, key, taken)
		}
		if err != nil {
			return err
		}
	}
	return in.journal(ctx, len(in.files), columns, each)
}

// places are the numbers below n.
func places(n int) []int {
	all := make([]int, n, n+2)
	for i := range all {
		all[i] = i
	}
	return all
}

// each yields some columns of the rows of all sources that were written in time; see source.
func (in *input) each(ctx context.Context, columns []int, use func(source int, n int64, row []any) error) error {
	for source := range len(in.files) + 1 {
		if err := in.source(ctx, source, columns, use); err != nil {
			return err
		}
	}
	return nil
}

// source yields some columns of the rows of a source that were written in time, with the source and the
// number of the row in it, from 0. A row is good for the call.
func (in *input) source(ctx context.Context, source int, columns []int, use func(source int, n int64, row []any) error) error {
	if source == len(in.files) {
		return in.journal(ctx, source, columns, use)
	}
	return in.file(ctx, source, columns, use)
}

func (in *input) journal(ctx context.Context, source int, columns []int, use func(source int, n int64, row []any) error) error {
	whole := make([]any, len(in.columns))
	row := make([]any, len(columns))
	n := int64(0)
	for e, err := range in.snap.Entries(in.group.ID) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("read the journal: %w", err)
		}
		if e.Position <= in.until {
			if err := table.FillRow(whole, in.group, e); err != nil {
				return fmt.Errorf("read the journal: %w", err)
			}
			for i, at := range columns {
				row[i] = whole[at]
			}
			if err := use(source, n, row); err != nil {
				return err
			}
		}
		n++
	}
	return nil
}

func (in *input) file(ctx context.Context, source int, columns []int, use func(source int, n int64, row []any) error) (err error) {
	o := in.files[source]
	bytes, err := in.buckets.Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bytes.Close()) }()
	r, err := parquet.OpenReader(bytes, o.Size)
	if err != nil {
		return unreadable(o, err)
	}
	timely := columns
	if in.until != math.MaxInt64 {
		timely = append(slices.Clone(columns), in.writeTime())
	}
	wanted := make([]parquet.Column, len(timely))
	for i, at := range timely {
		wanted[i] = in.columns[at]
	}
	f, err := r.Fit(wanted)
	if err != nil {
		return unreadable(o, err)
	}
	n := int64(0)
	row := make([]any, len(timely))
	err = r.Read(f.ToRead, batch, func(rows int, vectors []*parquet.Vector) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		values, err := f.Columns(vectors)
		if err != nil {
			return unreadable(o, err)
		}
		for i := range rows {
			fill(row, values, wanted, i)
			if len(timely) == len(columns) || in.inTime(row[len(columns)]) {
				if err := use(source, n, row[:len(columns)]); err != nil {
					return err
				}
			}
			n++
		}
		return nil
	})
	switch {
	case errors.Is(err, parquet.ErrDamaged):
		return unreadable(o, err)
	case err == nil && o.Rows != nil && n != o.Rows.Count:
		return unreadable(o, fmt.Errorf("it has %d rows, and %d were written", n, o.Rows.Count))
	}
	return err
}

// inTime tells whether a write time is not after the one that was asked for. Who cannot tell, is not.
func (in *input) inTime(cell any) bool {
	at, ok := cell.(time.Time)
	return ok && at.UnixMicro() <= int64(in.until)
}

// unreadable says which data file stops an export. Clients may put any file there, and only they can tell
// what becomes of it.
func unreadable(o *bucket.Object, err error) error {
	if errors.As(err, new(*feature.Error)) {
		return err
	}
	return feature.Errorf(feature.Conflict, "the data file s3://%s/%s cannot be read, so the table cannot be exported: %v", o.Bucket, o.Key, err)
}

// fill takes row i out of the columns of a file.
func fill(row []any, values []*parquet.Vector, columns []parquet.Column, i int) {
	for at, v := range values {
		switch {
		case v == nil:
			row[at] = nil
		case columns[at].List:
			row[at] = list(v, i)
		default:
			row[at] = cell(v, i)
		}
	}
}

// list returns the list of row i as []any, or nil.
func list(v *parquet.Vector, i int) any {
	if !v.Present[i] {
		return nil
	}
	start, end := v.List(i)
	elements := make([]any, 0, end-start)
	for e := start; e < end; e++ {
		elements = append(elements, cell(v, e))
	}
	return elements
}

// cell returns element i of a vector, in the Go type of its column's Type.
func cell(v *parquet.Vector, i int) any {
	if v.Null[i] {
		return nil
	}
	switch v.Kind {
	case parquet.OfText:
		return string(v.TextOf(i))
	case parquet.OfInt:
		return v.Ints[i]
	case parquet.OfDouble:
		return v.Floats[i]
	case parquet.OfBoolean:
		return v.Ints[i] != 0
	}
	return time.Unix(v.Ints[i], int64(v.Nanos[i])).UTC()
}
