package export

import (
	"bufio"
	"io"

	"github.com/larder-dev/larder/internal/parquet"
)

// An output writes rows to files, one after the other.
type output struct {
	next   func() (io.Writer, error)
	open   func(io.Writer) (encoder, error)
	most   int64   // rows of a file, 0 for any number
	file   encoder // nil before the first
	inFile int64
	rows   int64
	files  int
}

// An encoder writes one file. Close ends it, and does not close what it is written to.
type encoder interface {
	row(row []any) error
	close() error
}

func newOutput(r *Request, columns []parquet.Column, next func() (io.Writer, error)) (*output, error) {
	out := &output{next: next, most: r.FileRows}
	switch r.Format {
	case CSV:
		out.open = func(w io.Writer) (encoder, error) { return newCSVFile(bufio.NewWriterSize(w, buffer), columns) }
	case JSONL:
		out.open = func(w io.Writer) (encoder, error) { return newJSONLFile(bufio.NewWriterSize(w, buffer), columns) }
	default:
		schema, err := parquet.NewSchema(columns)
		if err != nil {
			return nil, err
		}
		out.open = func(w io.Writer) (encoder, error) { return newParquetFile(bufio.NewWriterSize(w, buffer), schema), nil }
	}
	return out, nil
}

// buffer is how much of a file is written at a time.
const buffer = 64 << 10

func (o *output) row(row []any) error {
	if o.file == nil || o.most > 0 && o.inFile == o.most {
		if err := o.begin(); err != nil {
			return err
		}
	}
	o.inFile++
	o.rows++
	return o.file.row(row)
}

// begin ends the file, if there is one, and begins the next.
func (o *output) begin() error {
	if o.file != nil {
		if err := o.file.close(); err != nil {
			return err
		}
	}
	w, err := o.next()
	if err != nil {
		return err
	}
	o.files, o.inFile = o.files+1, 0
	o.file, err = o.open(w)
	return err
}

// close ends the last file. A table without rows is a file without them.
func (o *output) close() error {
	if o.file == nil {
		if err := o.begin(); err != nil {
			return err
		}
	}
	return o.file.close()
}

// rowGroup is the most bytes of values of a row group, which are in memory until it ends.
const rowGroup = 32 << 20

// A parquetFile is a file like those of the table.
type parquetFile struct {
	out   *bufio.Writer
	w     *parquet.Writer
	bytes int64 // of values in the row group
}

func newParquetFile(out *bufio.Writer, s *parquet.Schema) *parquetFile {
	return &parquetFile{out: out, w: parquet.NewExport(out, s)}
}

func (f *parquetFile) row(row []any) error {
	if err := f.w.Write(row); err != nil {
		return err
	}
	for _, v := range row {
		f.bytes += sizeOf(v)
	}
	if f.bytes < rowGroup {
		return nil
	}
	f.bytes = 0
	return f.w.EndRowGroup()
}

// sizeOf is about how much of a row group a value takes.
func sizeOf(v any) int64 {
	switch v := v.(type) {
	case string:
		return int64(8 + len(v))
	case []any:
		n := int64(8)
		for _, e := range v {
			n += sizeOf(e)
		}
		return n
	}
	return 8
}

func (f *parquetFile) close() error {
	if err := f.w.Close(); err != nil {
		return err
	}
	return f.out.Flush()
}
