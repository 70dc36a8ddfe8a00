package table

import (
	"context"
	"errors"
	"iter"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// GroupView returns the columns and the data files of g as they stand in snap, by what the group
// itself says: whatever became of its table in the catalog. Its Rows are nil; see FillRow. The
// caller closes the view before the snapshot.
func (s *Store) GroupView(ctx context.Context, snap Snapshot, g *feature.Group) (*View, error) {
	t := &Table{Name: string(g.Name), Storage: Storage{Columns: tableColumns(g), Location: g.Offline.Resolved}, Group: g.ID}
	v := &View{buckets: s.buckets}
	var err error
	if v.Columns, err = viewColumns(t); err != nil {
		return nil, err
	}
	if err := s.addFiles(ctx, snap, t, v); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

// FillRow makes of an entry the row that it is, or will be, in a data file of g. row is as long as the
// columns of GroupView.
func FillRow(row []any, g *feature.Group, e *feature.Entry) error { return fillRow(row, g, e) }

// FileColumns are the columns of the data files of g, which are those of FillRow too.
func FileColumns(g *feature.Group) []parquet.Column { return fileColumns(g) }

// GroupFiles yields the data files of g as they stand in snap: each of its rows that is flushed is in one
// of them, once. They are readable until the snapshot is closed.
func GroupFiles(snap Snapshot, g *feature.Group) iter.Seq2[*bucket.Object, error] {
	return func(yield func(*bucket.Object, error) bool) {
		at, err := parseLocation(g.Offline.Resolved)
		if err != nil {
			yield(nil, err)
			return
		}
		t := &Table{Group: g.ID}
		for o, err := range under(snap, at) {
			if err == nil && !isTableData(o, at, t) {
				continue
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}
