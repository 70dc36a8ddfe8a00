package table

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// A merge is files of one event hour of a group that are to become one.
type merge struct {
	group   *feature.Group
	files   []*bucket.Object
	readers []bucket.ReadSeekCloser // of files
}

// open opens the files of a merge; all or none.
func (m *merge) open(ctx context.Context, buckets *bucket.Store) error {
	for _, o := range m.files {
		r, err := buckets.Open(ctx, o)
		if err != nil {
			return errors.Join(err, m.close())
		}
		m.readers = append(m.readers, r)
	}
	return nil
}

func (m *merge) close() error {
	var errs []error
	for _, r := range m.readers {
		errs = append(errs, r.Close())
	}
	m.readers = nil
	return errors.Join(errs...)
}

// merge makes one file of several and puts it in their place, in one commit. Every row keeps all that
// it has, its write time too. Conflict, and nothing changed: one of the files is not what it was. It
// closes the files.
func (s *Store) merge(ctx context.Context, m *merge) (err error) {
	defer func() { err = errors.Join(err, m.close()) }()
	made, err := s.stageMerge(ctx, m)
	if err != nil {
		return fmt.Errorf("merge %d files of %s: %w", len(m.files), folderOf(m.files[0].Key), err)
	}
	if err := s.buckets.Exchange(ctx, made, m.files); err != nil {
		return fmt.Errorf("commit the merge of %d files of %s: %w", len(m.files), folderOf(made.Key), err)
	}
	s.count(func(n *Stats) {
		n.FilesMerged += int64(len(m.files))
		n.FilesCompacted++
		n.BytesCompacted += made.Size
		n.RowsCompacted += made.Rows.Count
	})
	s.options.Log.Debug("files merged", "group", m.group.Name, "files", len(m.files), "rows", made.Rows.Count, "bytes", made.Size, "key", made.Key)
	return nil
}

// stageMerge writes the one file and returns it when it is durable. It is written while it is made:
// it may be larger than memory should be.
func (s *Store) stageMerge(ctx context.Context, m *merge) (*bucket.Object, error) {
	schema, err := parquet.NewSchema(fileColumns(m.group))
	if err != nil {
		return nil, fmt.Errorf("schema of the data files: %w", err)
	}
	rows := together(m.files)
	suffix, err := s.suffix()
	if err != nil {
		return nil, err
	}
	name, prefix := m.group.Offline.Location()
	ref := bucket.ObjectRef{Bucket: name, Key: prefix + "/" + fileKey(rows.LastEventTime, suffix)}
	sources := make([]parquet.Source, len(m.files))
	for i, o := range m.files {
		sources[i] = parquet.Source{Name: o.Key, Reader: m.readers[i], Size: o.Size}
	}
	keys := sortKeys(m.group)
	body, out := io.Pipe()
	merging, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.options.Gently(func() {
			n, err := parquet.Merge(merging, out, schema, sources, keys, s.options.Pace())
			if err == nil && n != rows.Count {
				err = fmt.Errorf("%d rows are in the files, the index says %d", n, rows.Count)
			}
			out.CloseWithError(err) // nil is the end of the file
		})
	}()
	made, err := s.buckets.Stage(ctx, ref, body, bucket.Content{Headers: dataHeaders()}, &rows)
	cancel()
	body.CloseWithError(errMerged)
	<-ended
	return made, err
}

// errMerged ends a merge that nobody reads any more.
var errMerged = errors.New("the file is staged, or cannot be")

// dataHeaders are the headers of every data file.
func dataHeaders() map[string]string { return map[string]string{"Content-Type": "binary/octet-stream"} }

// together returns the Rows of all files.
func together(files []*bucket.Object) bucket.Rows {
	all := *files[0].Rows
	for _, o := range files[1:] {
		r := o.Rows
		all.Count += r.Count
		if r.FirstEventTime.Before(all.FirstEventTime) {
			all.FirstEventTime = r.FirstEventTime
		}
		if r.LastEventTime.After(all.LastEventTime) {
			all.LastEventTime = r.LastEventTime
		}
		all.FirstPosition = min(all.FirstPosition, r.FirstPosition)
		all.LastPosition = max(all.LastPosition, r.LastPosition)
	}
	return all
}

// sortKeys are what the rows of g's data files are sorted by: the text of the identifier, the event
// time, the write time (docs/formats/offline-table.md). A file has numbers where the text was one, so
// texts of one number ("7", "007") are equal here, and rows of such identifiers may be mixed.
func sortKeys(g *feature.Group) []parquet.SortKey {
	return []parquet.SortKey{
		{Column: string(g.RecordIdentifier), Compare: compareText(typeOf(g, g.RecordIdentifier))},
		{Column: string(g.EventTime), Compare: compareTimes(typeOf(g, g.EventTime))},
		{Column: writeTime, Compare: func(a, b parquet.Cell) int { return cmp.Compare(a.Int, b.Int) }},
	}
}

func typeOf(g *feature.Group, name feature.Name) feature.Type {
	if i := g.Ordinal(name); i >= 0 {
		return g.Definitions[i].Type
	}
	return feature.String
}

func compareText(t feature.Type) func(a, b parquet.Cell) int {
	switch t {
	case feature.Integral:
		return func(a, b parquet.Cell) int {
			var x, y [20]byte
			return bytes.Compare(strconv.AppendInt(x[:0], a.Int, 10), strconv.AppendInt(y[:0], b.Int, 10))
		}
	case feature.Fractional:
		return func(a, b parquet.Cell) int {
			var x, y [32]byte
			return bytes.Compare(strconv.AppendFloat(x[:0], a.Float, 'g', -1, 64), strconv.AppendFloat(y[:0], b.Float, 'g', -1, 64))
		}
	}
	return func(a, b parquet.Cell) int { return bytes.Compare(a.Text, b.Text) }
}

func compareTimes(t feature.Type) func(a, b parquet.Cell) int {
	if t == feature.Fractional {
		return func(a, b parquet.Cell) int { return cmp.Compare(a.Float, b.Float) }
	}
	return func(a, b parquet.Cell) int {
		x, errX := feature.ParseEventTime(t, string(a.Text))
		y, errY := feature.ParseEventTime(t, string(b.Text))
		if errX != nil || errY != nil {
			return bytes.Compare(a.Text, b.Text) // no flush wrote this; any order will do
		}
		return x.Compare(y)
	}
}
