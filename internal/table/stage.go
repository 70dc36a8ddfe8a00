package table

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// stepRows are put into a file between two calls of step.
const stepRows = 64

// stageAll writes files, several at a time because each waits for the disk, and returns them when
// all are durable. If one fails the others are removed.
func (s *Store) stageAll(ctx context.Context, g *feature.Group, files []dataFile, pace func() (step func())) ([]*bucket.Object, error) {
	schema, err := parquet.NewSchema(fileColumns(g))
	if err != nil {
		return nil, fmt.Errorf("schema of the data files: %w", err)
	}
	staging, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	objects := make([]*bucket.Object, len(files))
	var next atomic.Int64
	var stagers sync.WaitGroup
	for range min(s.options.Stagers, len(files)) {
		stagers.Go(func() {
			var out bytes.Buffer
			step := pace()
			for staging.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(files) {
					return
				}
				o, err := s.stage(staging, g, schema, &files[i], &out, step)
				if err != nil {
					cancel(fmt.Errorf("write %s: %w", files[i].object.Key, err))
					return
				}
				objects[i] = o
			}
		})
	}
	stagers.Wait()
	if staging.Err() == nil {
		return objects, nil
	}
	for _, o := range objects {
		if o != nil {
			s.buckets.Discard(context.WithoutCancel(ctx), o)
		}
	}
	return nil, context.Cause(staging)
}

// stage writes one file. It is made in out first: most files are small, and a disk likes one write.
func (s *Store) stage(ctx context.Context, g *feature.Group, schema *parquet.Schema, f *dataFile, out *bytes.Buffer, step func()) (*bucket.Object, error) {
	out.Reset()
	w := parquet.NewWriter(out, schema)
	row := make([]any, len(g.Definitions)+technical)
	for i, e := range f.entries {
		if i%stepRows == 0 {
			step()
		}
		if err := fillRow(row, g, e); err != nil {
			return nil, err
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	step()
	if err := w.Close(); err != nil {
		return nil, err
	}
	content := bucket.Content{Headers: dataHeaders()}
	return s.buckets.Stage(ctx, f.object, bytes.NewReader(out.Bytes()), content, &f.rows)
}
