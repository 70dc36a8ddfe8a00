package table

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// StageRows writes a data file of g as a flush does, but leaves it out of the table until somebody
// commits the object (see bucket.Store.Stage). fill writes rows of one event hour, in the columns of
// the definitions of g and then EndRow's; rows says which they are. different are the ordinals of String features
// whose values are mostly different.
func (s *Store) StageRows(ctx context.Context, g *feature.Group, rows bucket.Rows, different []int, fill func(w *parquet.Writer) error) (*bucket.Object, error) {
	columns := fileColumns(g)
	for _, ordinal := range different {
		columns[ordinal].Plain = true
	}
	schema, err := parquet.NewSchema(columns)
	if err != nil {
		return nil, fmt.Errorf("schema of the data files: %w", err)
	}
	suffix, err := s.suffix()
	if err != nil {
		return nil, err
	}
	name, prefix := g.Offline.Location()
	object := bucket.ObjectRef{Bucket: name, Key: prefix + "/" + fileKey(rows.LastEventTime, suffix)}
	out, in := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := write(in, schema, fill)
		in.CloseWithError(err) // nil is the end
		written <- err
	}()
	content := bucket.Content{Headers: map[string]string{"Content-Type": "binary/octet-stream"}}
	o, err := s.buckets.Stage(ctx, object, out, content, &rows)
	out.CloseWithError(errStaged) // the writer must not wait for a reader that is gone
	if failed := <-written; err == nil && failed != nil {
		s.buckets.Discard(context.WithoutCancel(ctx), o)
		return nil, failed
	}
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", object.Key, err)
	}
	return o, nil
}

// errStaged is what the writer of a file sees when nobody reads it any more.
var errStaged = errors.New("the file is not wanted any more")

func write(out io.Writer, schema *parquet.Schema, fill func(w *parquet.Writer) error) error {
	w := parquet.NewWriter(out, schema)
	if err := fill(w); err != nil {
		return err
	}
	return w.Close()
}

// EndRow adds the columns after the features to a row of StageRows, and ends it.
func EndRow(row *parquet.Row, at feature.Position, accepted int64) error {
	row.Instant(int64(at))
	row.Instant(accepted)
	row.Boolean(false)
	return row.End()
}
