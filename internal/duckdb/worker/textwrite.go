package worker

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	duck "github.com/duckdb/duckdb-go-bindings"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/larder-dev/larder/internal/duckdb/frame"
	"github.com/larder-dev/larder/internal/serde"
)

const (
	// textBytes is about how long a file of text gets before the next is begun.
	textBytes = 256 << 20
	// mostFolders is how many folders a plan may write into (Athena's limit of partitions).
	mostFolders = 100
)

// writeText writes the result of a statement as lines of text into files of p.out.
func (p *plan) writeText(statement duck.PreparedStatement, w *frame.Write, done *frame.Done) error {
	if p.out == "" {
		return errors.New("a plan writes that was not prepared for it")
	}
	var result duck.Result
	defer duck.DestroyResult(&result)
	if duck.ExecutePreparedStreaming(statement, &result) == duck.StateError {
		return errors.New(duck.ResultError(&result))
	}
	t := &textWriter{dir: p.out, w: w, files: map[string]*textFile{}, row: make([]serde.Value, len(w.Columns))}
	for i := range w.Columns {
		t.cells = append(t.cells, newCell(&w.Columns[i].Type))
	}
	if w.Folders {
		t.cells = append(t.cells, newCell(&serde.Type{Kind: serde.String}))
	}
	if n := int(duck.ColumnCount(&result)); n != len(t.cells) {
		return fmt.Errorf("the result has %d columns, the plan %d", n, len(t.cells))
	}
	err := t.all(&result)
	if err = errors.Join(err, t.close()); err != nil {
		return errors.New(failure(err))
	}
	if done.Rows = t.rows; t.rows == 0 {
		return nil
	}
	return p.list(done)
}

// A textWriter writes lines into a file for each folder.
type textWriter struct {
	dir   string
	w     *frame.Write
	cells []*cell // of the columns, and of the folder if there is one
	files map[string]*textFile
	made  int
	rows  int64
	row   []serde.Value
	line  []byte
}

// A textFile is one that is being written.
type textFile struct {
	file *os.File
	zip  io.WriteCloser // nil: it is not compressed
	out  *bufio.Writer
	size int64 // of its lines
}

func (t *textWriter) all(result *duck.Result) error {
	for {
		chunk := duck.FetchChunk(*result)
		if chunk.Ptr == nil {
			break
		}
		err := t.chunk(chunk)
		duck.DestroyDataChunk(&chunk)
		if err != nil {
			return err
		}
	}
	if text := duck.ResultError(result); text != "" {
		return errors.New(text)
	}
	return nil
}

func (t *textWriter) chunk(chunk duck.DataChunk) error {
	for i, c := range t.cells {
		c.bind(duck.DataChunkGetVector(chunk, duck.IdxT(i)))
	}
	for row := range int(duck.DataChunkGetSize(chunk)) {
		for i := range t.row {
			t.cells[i].get(row, &t.row[i])
		}
		var err error
		if t.line, err = t.w.Text.AppendRow(t.line[:0], t.w.Columns, t.row); err != nil {
			return err
		}
		var folder serde.Value
		if t.w.Folders {
			t.cells[len(t.row)].get(row, &folder)
		}
		file, err := t.of(string(folder.Bytes))
		if err != nil {
			return err
		}
		if _, err := file.out.Write(t.line); err != nil {
			return err
		}
		file.size += int64(len(t.line))
		t.rows++
	}
	return nil
}

// of returns the file of a folder, which it begins if there is none, or the last is long enough.
func (t *textWriter) of(folder string) (*textFile, error) {
	file := t.files[folder]
	if file != nil && file.size < textBytes {
		return file, nil
	}
	dir := t.dir
	switch {
	case file != nil:
		if err := file.close(); err != nil {
			return nil, err
		}
	case len(t.files) == mostFolders:
		return nil, &serde.Error{Code: "HIVE_TOO_MANY_OPEN_PARTITIONS", Text: fmt.Sprintf("Exceeded limit of %d open writers for partitions", mostFolders)}
	}
	if t.w.Folders {
		dir = filepath.Join(dir, "folder="+folder)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(filepath.Join(dir, "part-"+strconv.Itoa(t.made)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	t.made++
	file = &textFile{file: f}
	if file.zip, err = compressor(f, t.w.Compression); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	file.out = bufio.NewWriterSize(f, 64<<10)
	if file.zip != nil {
		file.out.Reset(file.zip)
	}
	t.files[folder] = file
	return file, nil
}

// compressor compresses what is written to a file; nil if nothing is to be compressed.
func compressor(f io.Writer, compression string) (io.WriteCloser, error) {
	switch compression {
	case "gzip":
		return gzip.NewWriter(f), nil
	case "zstd":
		return zstd.NewWriter(f, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true), zstd.WithWindowSize(1<<20))
	}
	return nil, nil
}

// close ends all files.
func (t *textWriter) close() error {
	var err error
	for _, f := range t.files {
		err = errors.Join(err, f.close())
	}
	return err
}

func (f *textFile) close() error {
	err := f.out.Flush()
	if f.zip != nil {
		err = errors.Join(err, f.zip.Close())
	}
	return errors.Join(err, f.file.Close())
}
