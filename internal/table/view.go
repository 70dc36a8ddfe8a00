package table

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/serde"
)

// A View is what an engine needs to read a table as it stands in a snapshot. It is good until
// the snapshot or the view is closed.
type View struct {
	Columns []ViewColumn
	// Keys is how many of the columns, the last ones, are in no file: the partition keys.
	Keys  int
	Files []File
	// Rows yields the rows that are in no file yet: nil, bool, int64, float64, string, time.Time
	// (UTC, microseconds) or []any of these, one a column; nil if there can be none. A row that it
	// yields is good until the next one is asked for. It may be run more than once.
	Rows iter.Seq2[[]any, error]

	buckets *bucket.Store
	joined  []*bucket.Object // staged for this view alone
}

// A ViewColumn is a column: its name in the data files, matched without case, and its type in
// the engine's words and as Hive's.
type ViewColumn struct {
	Name, Type string
	Hive       serde.Type
}

// A File is a data file on the local disk, or a run of several.
type File struct {
	Path string
	Size int64
	URI  string // s3://bucket/key; of a run s3://bucket/prefix/, the folder of its files
	Rows int64  // 0 if nobody has counted them
	// Keys are the values of the view's Keys in the rows of this file; nil is NULL.
	Keys []*string
	// Text is how the lines of a file of text are read, which may be otherwise in a partition than in its table; nil:
	// the file is Parquet.
	Text *serde.Format
	// Compression is how a file of text is compressed: "", gzip or zstd.
	Compression string
}

// Close removes what the view made for its reader.
func (v *View) Close() error {
	v.buckets.Discard(context.Background(), v.joined...)
	v.joined = nil
	return nil
}

// View returns what an engine needs to read t as it stands in snap: what is in files, and what of
// the table's group is not flushed yet; no row is in both, none in neither. The caller closes the
// view before the snapshot. Unsupported: a format or a column type that cannot be read.
func (s *Store) View(ctx context.Context, snap Snapshot, t *Table) (*View, error) {
	if err := Readable(t); err != nil {
		return nil, err
	}
	v := &View{buckets: s.buckets, Keys: len(t.PartitionKeys)}
	var err error
	if v.Columns, err = viewColumns(t); err != nil {
		return nil, err
	}
	if t.Group != 0 {
		if v.Rows, err = s.unflushed(ctx, snap, t); err != nil {
			return nil, err
		}
	}
	add := s.addFiles
	switch {
	case len(t.PartitionKeys) > 0:
		add = s.addPartitions
	case t.Group != 0:
		add = s.addGroup
	}
	if err := add(ctx, snap, t, v); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

func viewColumns(t *Table) ([]ViewColumn, error) {
	columns := make([]ViewColumn, len(t.Columns)+len(t.PartitionKeys))
	for i, c := range slices.Concat(t.Columns, t.PartitionKeys) {
		typ, err := serde.ParseType(c.Type)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		columns[i] = ViewColumn{Name: c.Name, Type: engineWord(typ), Hive: typ}
	}
	return columns, nil
}

// unflushed returns the rows of t's group that wait in the journal, in the columns of t.
func (s *Store) unflushed(ctx context.Context, snap Snapshot, t *Table) (iter.Seq2[[]any, error], error) {
	g, err := s.offline.Group(ctx, t.Group)
	if feature.KindOf(err) == feature.NotFound {
		return nil, nil // deleted, and all its entries are in files
	}
	if err != nil {
		return nil, fmt.Errorf("find group of table %s: %w", t.Name, err)
	}
	file := fileColumns(g)
	ordinals := make(map[string]int, len(file))
	for i, c := range file {
		ordinals[strings.ToLower(c.Name)] = i
	}
	sources := make([]int, len(t.Columns)) // of each column in the row of a file, -1 for none
	for i, c := range t.Columns {
		at, ok := ordinals[c.Name]
		if !ok {
			at = -1
		}
		sources[i] = at
	}
	return func(yield func([]any, error) bool) {
		whole := make([]any, len(file))
		row := make([]any, len(sources))
		for e, err := range snap.Entries(g.ID) {
			if err == nil {
				err = fillRow(whole, g, e)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for i, at := range sources {
				row[i] = nil
				if at >= 0 {
					row[i] = whole[at]
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}, nil
}
