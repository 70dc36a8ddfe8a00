package ingest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/larder-dev/larder/internal/feature"
)

// read reads all sources into what sorts them.
func (s *Store) read(ctx context.Context, w *work, i *Import, g *feature.Group, sorted *sorting) (*intake, error) {
	refused, err := createErrorFile(s.options.FS, s.errorsName(i.ID))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	full, free := make(chan *chunk), make(chan *chunk, 2)
	in := &intake{
		ctx: ctx, group: g, columns: i.Columns, idAt: g.Ordinal(g.RecordIdentifier), size: int(s.options.Memory / 8),
		loader: s.loader, errors: refused, full: full, free: free, chunk: &chunk{}, most: -1,
	}
	if i.MaxErrors != nil {
		in.most = *i.MaxErrors
	}
	free <- &chunk{}
	var work sync.WaitGroup
	work.Go(func() {
		for c := range full {
			if err := sorted.add(c); err != nil {
				cancel(err)
			}
			c.reset()
			free <- c
		}
	})
	w.bytes.Store(0)
	w.begin(phaseReading, 0)
	err = s.readAll(ctx, w, i, in)
	if err == nil && len(in.chunk.refs) > 0 {
		err = in.pass()
	}
	close(full)
	work.Wait()
	if failed := context.Cause(ctx); failed != nil {
		err = failed
	}
	if closed := refused.close(); err == nil && closed != nil {
		err = fmt.Errorf("write the file of refused rows: %w", closed)
	}
	if err != nil {
		// How far it came tells its caller what was wrong.
		_, noted := s.imports.Update(context.WithoutCancel(ctx), i.ID, func(i *Import) error {
			i.Read, i.Refused = in.read.Load(), in.refused.Load()
			i.Taken = i.Read - i.Refused
			return nil
		})
		return nil, errors.Join(err, noted)
	}
	return in, nil
}

func (s *Store) readAll(ctx context.Context, w *work, i *Import, in *intake) error {
	for n := range i.Sources {
		before := w.bytes.Load()
		if err := s.readSource(ctx, w, i, &i.Sources[n], in); err != nil {
			return aboutSource(i.Sources[n].URI, err)
		}
		w.bytes.Store(before + i.Sources[n].Size)
	}
	return nil
}

// aboutSource says which source an error is about.
func aboutSource(uri string, err error) error {
	var e *feature.Error
	if errors.As(err, &e) {
		return &feature.Error{Kind: e.Kind, Text: uri + ": " + e.Text}
	}
	return fmt.Errorf("%s: %w", uri, err)
}

func (s *Store) readSource(ctx context.Context, w *work, i *Import, from *Source, in *intake) error {
	bytes, err := s.Open(ctx, from.URI)
	if err != nil {
		return err
	}
	defer bytes.Close() // it was only read
	if bytes.Size != from.Size || bytes.Version != from.Version {
		return errChanged(from.URI)
	}
	format, err := formatOf(i.Format, from.URI)
	if err != nil {
		return err
	}
	in.source, in.row = from.URI, 0
	before := w.bytes.Load()
	counted := &countingReader{in: io.NewSectionReader(bytes, 0, bytes.Size), count: func(n int) {
		w.bytes.Add(int64(n))
		w.rows.Store(in.read.Load())
	}}
	var text io.Reader = counted
	if zipped(from.URI) && format != Parquet {
		if text, err = unzip(bufio.NewReaderSize(counted, 64<<10), func() int64 { return w.bytes.Load() - before }); err != nil {
			return err
		}
	}
	switch format {
	case Parquet:
		err = readParquet(bytes, bytes.Size, in, func(rows, of int64) {
			w.bytes.Store(before + int64(float64(from.Size)*float64(rows)/float64(max(of, 1))))
			w.rows.Store(in.read.Load())
		})
	case CSV:
		err = readCSV(text, in)
	case JSONL:
		err = readJSONL(text, in)
	}
	changed, statErr := bytes.Changed()
	if statErr == nil && changed {
		return errChanged(from.URI)
	}
	return errors.Join(err, statErr)
}

// A countingReader tells how much is read.
type countingReader struct {
	in    io.Reader
	count func(n int)
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.count(n)
	return n, err
}
