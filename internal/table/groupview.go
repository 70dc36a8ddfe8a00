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
	t := &Table{Name: string(g.Name), Storage: Storage{Columns: tableColumns(g), Location: g.Offline.Resolved, InputFormat: parquetInput, SerDe: parquetSerDe}, Group: g.ID}
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

// A DataFile is a file of rows of a group: a data file, or a run in the place of several. Own: this server wrote
// it, and its object has Rows. The object of a run has no bucket and no key.
type DataFile struct {
	Object *bucket.Object
	Own    bool
	Name   string // for people
	uri    string // of a run that of its folder
}

// GroupData is GroupFiles for readers who want few files: a run that stands for data files as they are in snap
// comes in their place.
func GroupData(snap Snapshot, g *feature.Group) iter.Seq2[DataFile, error] {
	return func(yield func(DataFile, error) bool) {
		runs, err := runsOf(snap, g.ID)
		if err != nil {
			yield(DataFile{}, err)
			return
		}
		groupData(snap, g, runs)(yield)
	}
}

// groupData is GroupData with the runs that are given. It is the one way from runs to rows: queries and joins read
// the same files.
func groupData(snap Snapshot, g *feature.Group, runs []*Run) iter.Seq2[DataFile, error] {
	return func(yield func(DataFile, error) bool) {
		_, prefix := g.Offline.Location()
		root := prefix + "/"
		var m *month // that of the last file of ours
		for o, err := range GroupFiles(snap, g) {
			if err != nil {
				yield(DataFile{}, err)
				return
			}
			if !isOurs(o, prefix) {
				uri := uriOf(o)
				if !yield(DataFile{Object: o, Name: uri, uri: uri}, nil) {
					return
				}
				continue
			}
			if folder := monthOf(root, o.Key); m == nil || m.folder != folder {
				if !m.yield(yield) {
					return
				}
				m = newMonth(root, folder, runs)
			}
			m.files = append(m.files, o)
		}
		m.yield(yield)
	}
}

// yield yields the files of a month, or runs in their place; m may be nil.
func (m *month) yield(yield func(DataFile, error) bool) bool {
	if m == nil {
		return true
	}
	runs, beside := m.settle()
	for _, r := range runs {
		if !yield(DataFile{Object: r.File, Own: true, Name: "the sorted run of " + r.Folder, uri: "s3://" + m.files[0].Bucket + "/" + m.root + r.Folder}, nil) {
			return false
		}
	}
	for _, o := range beside {
		uri := uriOf(o)
		if !yield(DataFile{Object: o, Own: true, Name: uri, uri: uri}, nil) {
			return false
		}
	}
	return true
}

func uriOf(o *bucket.Object) string { return "s3://" + o.Bucket + "/" + o.Key }
