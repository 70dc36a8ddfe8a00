package dataset

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/arrow"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// Download writes the rows of a dataset to what begin returns, which is asked for when all is checked and the
// audit trail has it. Parquet is the file that the dataset has. After an error what was written is of no use.
// Invalid: the format, or CSV of lists; NotFound; Conflict: the dataset is not Ready.
func (s *Store) Download(ctx context.Context, r Ref, f Format, by string, begin func(*Dataset) (io.Writer, error)) error {
	ctx, cancel, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer s.running.Done()
	defer cancel(nil)
	d, err := s.exportable(ctx, r, f)
	if err != nil {
		return err
	}
	if err := s.note(ctx, &Read{Name: d.Name, Version: d.Version, By: by, What: Download, Format: f}); err != nil {
		return err
	}
	out, err := begin(d)
	if err != nil {
		return err
	}
	err = s.write(ctx, d, f, out)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return err
}

// Export writes the rows of a dataset to the object of this server that a URI, s3://bucket/key, names, in place of
// what was there. Invalid: the format, CSV of lists, or a target in the location of a feature group; NotFound: the
// dataset or the bucket; Conflict: the dataset is not Ready.
func (s *Store) Export(ctx context.Context, r Ref, f Format, target, by string) (*Dataset, *bucket.Object, error) {
	ctx, cancel, err := s.begin(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer s.running.Done()
	defer cancel(nil)
	d, err := s.exportable(ctx, r, f)
	if err != nil {
		return nil, nil, err
	}
	ref, err := s.target(ctx, target)
	if err != nil {
		return nil, nil, err
	}
	if err := s.note(ctx, &Read{Name: d.Name, Version: d.Version, By: by, What: Export, Format: f, Target: target}); err != nil {
		return nil, nil, err
	}
	out, in := io.Pipe()
	written := make(chan error, 1)
	go func() { // received below
		err := s.write(ctx, d, f, in)
		in.CloseWithError(err) // nil is the end of the object
		written <- err
	}()
	o, err := s.buckets.Put(ctx, ref, out, bucket.Content{Headers: map[string]string{"Content-Type": f.ContentType()}}, nil)
	out.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // who writes must not wait for a reader that has given up
	if failed := <-written; failed != nil && (err == nil || !errors.Is(failed, io.ErrClosedPipe)) {
		err = failed
	}
	return d, o, err
}

// target reads a URI of an object that may be written.
func (s *Store) target(ctx context.Context, uri string) (bucket.ObjectRef, error) {
	rest, ok := strings.CutPrefix(uri, "s3://")
	name, key, _ := strings.Cut(rest, "/")
	ref := bucket.ObjectRef{Bucket: name, Key: key}
	if !ok || name == "" || key == "" || strings.HasSuffix(key, "/") {
		return ref, feature.Errorf(feature.Invalid, "the target %q names no object; its form is s3://BUCKET/KEY", uri)
	}
	owner, err := s.tables.GroupAt(ctx, uri)
	if err == nil && owner != "" {
		err = feature.Errorf(feature.Invalid, "the target %q is in the own location of the feature group %s: the rows would be rows of its table; name another", uri, owner)
	}
	return ref, err
}

// exportable returns a dataset that can be written in a format.
func (s *Store) exportable(ctx context.Context, r Ref, f Format) (*Dataset, error) {
	if f != Parquet && f != CSV && f != Arrow {
		return nil, feature.Errorf(feature.Invalid, "the format %q is not one of parquet, csv, arrow", f)
	}
	d, err := s.ready(ctx, r)
	if err != nil {
		return nil, err
	}
	if at := slices.IndexFunc(d.Columns, func(c Column) bool { return c.List }); f == CSV && at >= 0 {
		return nil, feature.Errorf(feature.Invalid, "the column %q has lists, and CSV has none; export as parquet or arrow", d.Columns[at].Name)
	}
	return d, nil
}

func (s *Store) write(ctx context.Context, d *Dataset, f Format, out io.Writer) (err error) {
	in, err := s.buckets.Open(ctx, d.File)
	if err != nil {
		return fmt.Errorf("open the rows of dataset %s: %w", d.Ref(), err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if f == Parquet {
		_, err := io.Copy(out, &interrupted{ctx, in})
		return err
	}
	buffered := bufio.NewWriterSize(out, 256<<10)
	var rows rowsWriter = &csvWriter{out: buffered}
	if f == Arrow {
		if rows, err = arrow.NewWriter(buffered, fileColumns(d.Columns)); err != nil {
			return err
		}
	} else {
		writeHeader(buffered, d.Columns)
	}
	r, err := parquet.OpenReader(in, d.File.Size)
	if err != nil {
		return fmt.Errorf("the rows of dataset %s: %w", d.Ref(), err)
	}
	fields := make([]int, len(d.Columns))
	for i := range fields {
		fields[i] = i
	}
	err = r.Read(fields, blockRows, func(n int, vectors []*parquet.Vector) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return rows.Write(n, vectors)
	})
	if err == nil {
		err = rows.Close()
	}
	if err == nil {
		err = buffered.Flush()
	}
	return err
}

// A rowsWriter writes rows in a format.
type rowsWriter interface {
	Write(rows int, vectors []*parquet.Vector) error
	Close() error
}

// An interrupted is a reader that ends when its context does.
type interrupted struct {
	ctx context.Context
	in  io.Reader
}

func (r *interrupted) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.in.Read(p)
}

// A csvWriter writes RFC 4180. A null is nothing between the commas, an empty text is "".
type csvWriter struct {
	out  *bufio.Writer
	line []byte
}

// writeHeader writes the line of the names. An error of out comes again.
func writeHeader(out *bufio.Writer, columns []Column) {
	var line []byte
	for i, c := range columns {
		if i > 0 {
			line = append(line, ',')
		}
		line = appendText(line, c.Name)
	}
	_, _ = out.Write(append(line, '\n'))
}

func (w *csvWriter) Write(rows int, vectors []*parquet.Vector) error {
	for r := range rows {
		b := w.line[:0]
		for i, v := range vectors {
			if i > 0 {
				b = append(b, ',')
			}
			if !v.Null[r] {
				b = appendValue(b, v, r)
			}
		}
		w.line = append(b, '\n')
		if _, err := w.out.Write(w.line); err != nil {
			return err
		}
	}
	return nil
}

// Close does nothing: the last line has ended.
func (w *csvWriter) Close() error { return nil }

func appendValue(b []byte, v *parquet.Vector, i int) []byte {
	switch v.Kind {
	case parquet.OfText:
		return appendText(b, string(v.TextOf(i)))
	case parquet.OfDouble:
		if math.IsNaN(v.Floats[i]) {
			return b // a data frame's null
		}
		return feature.AppendDouble(b, v.Floats[i], 64)
	case parquet.OfBoolean:
		return strconv.AppendBool(b, v.Ints[i] != 0)
	case parquet.OfInstant:
		return time.Unix(v.Ints[i], int64(v.Nanos[i])).UTC().AppendFormat(b, "2006-01-02T15:04:05.999999999Z")
	}
	return strconv.AppendInt(b, v.Ints[i], 10)
}

// appendText writes a text so that it reads as it is.
func appendText(b []byte, s string) []byte {
	if s != "" && !strings.ContainsAny(s, "\",\r\n") && s[0] != ' ' {
		return append(b, s...)
	}
	b = append(b, '"')
	b = append(b, strings.ReplaceAll(s, `"`, `""`)...)
	return append(b, '"')
}
