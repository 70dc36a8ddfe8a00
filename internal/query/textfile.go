package query

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/larder-dev/larder/internal/bucket"
)

// A textFormat is how LazySimpleSerDe writes a row.
type textFormat struct {
	delimiter string // one character
	null      string
	escaped   *strings.Replacer // nil if there is no escape
}

// newTextFormat is the format of these parts.
func newTextFormat(delimiter, escape, null string) textFormat {
	f := textFormat{delimiter: delimiter, null: null}
	if escape != "" {
		f.escaped = strings.NewReplacer(escape, escape+escape, delimiter, escape+delimiter)
	}
	return f
}

// line appends a row without its end.
func (f textFormat) line(b []byte, row []*string) []byte {
	for i, v := range row {
		if i > 0 {
			b = append(b, f.delimiter...)
		}
		switch {
		case v == nil:
			b = append(b, f.null...)
		case f.escaped == nil:
			b = append(b, *v...)
		default:
			b = append(b, f.escaped.Replace(*v)...)
		}
	}
	return b
}

// writeText writes the rows of a plan as text, each partition into a file.
func (s *Store) writeText(ctx context.Context, e *Execution, p *planned, w *sink, o *outcome, stem string, started func()) (err error) {
	plan := *p.plan
	plan.SQL = p.translation.Rows(w.targets)
	plan.Columns, plan.Layouts = nil, nil
	for _, t := range w.targets {
		plan.addColumn(t.Name, t.Type)
	}
	files := &textFiles{ctx: ctx, s: s, e: e, w: w, stem: stem, open: map[string]*textFile{}}
	defer func() {
		// Whatever becomes of the plan, the goroutines that stage end, and what they staged is in o.
		objects, closeErr := files.close(err)
		o.objects = append(o.objects, objects...)
		if err == nil || errors.Is(err, io.ErrClosedPipe) {
			err = errors.Join(closeErr, err)
		}
	}()
	return s.runEngine(ctx, e, &plan, o, started, func(batch [][]*string) error {
		o.rows += int64(len(batch))
		return files.rows(batch)
	})
}

// textFiles are the files that a plan writes. They are of one goroutine; each has one that stages it.
type textFiles struct {
	ctx  context.Context
	s    *Store
	e    *Execution
	w    *sink
	stem string
	open map[string]*textFile // by the values of the keys
	line []byte
}

// A textFile is a file on its way into the bucket.
type textFile struct {
	in   *io.PipeWriter
	out  *bufio.Writer
	zip  *gzip.Writer // nil if it is not compressed
	done chan staged  // gets one
}

type staged struct {
	object *bucket.Object
	err    error
}

func (f *textFiles) rows(batch [][]*string) error {
	columns := len(f.w.targets) - f.w.keys
	for _, row := range batch {
		file, err := f.of(row[columns:])
		if err != nil {
			return err
		}
		f.line = append(f.w.text.line(f.line[:0], row[:columns]), '\n')
		if _, err := file.out.Write(f.line); err != nil {
			return err
		}
	}
	return nil
}

// of returns the file of a partition, which it begins if there is none.
func (f *textFiles) of(keys []*string) (*textFile, error) {
	var name strings.Builder
	for _, k := range keys {
		if k != nil {
			name.WriteString(*k)
		}
		name.WriteByte(0)
	}
	if file := f.open[name.String()]; file != nil {
		return file, nil
	}
	uri, err := f.w.file(keys, f.stem)
	if err != nil {
		return nil, err
	}
	out, in := io.Pipe()
	file := &textFile{in: in, done: make(chan staged, 1)}
	go func() {
		object, err := f.s.stage(f.ctx, f.e, uri, out)
		file.done <- staged{object, err}
	}()
	var to io.Writer = in
	if f.w.compression == "GZIP" {
		file.zip = gzip.NewWriter(in)
		to = file.zip
	}
	file.out = bufio.NewWriterSize(to, 64<<10)
	f.open[name.String()] = file
	return file, nil
}

// close ends the files, with an error if there was one, and returns what was staged.
func (f *textFiles) close(cause error) (objects []*bucket.Object, err error) {
	for _, file := range f.open {
		end := cause
		if end == nil {
			end = file.out.Flush()
		}
		if end == nil && file.zip != nil {
			end = file.zip.Close()
		}
		file.in.CloseWithError(end) // nil is the end of the file
		done := <-file.done
		if done.object != nil {
			objects = append(objects, done.object)
		}
		err = errors.Join(err, stageError(done.err))
	}
	return objects, err
}
