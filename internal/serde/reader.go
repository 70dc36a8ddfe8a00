package serde

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// A Reader reads the rows of one file. It is for one goroutine.
type Reader struct {
	format  *Format
	columns []Column
	place   []int // of each column in a row, -1: it is not wanted
	row     []Value
	name    string
	in      source
	lines   *lines
	close   func()

	line  []byte // the one that is read
	at    int    // where in it, of JSON
	field int    // the column that is read, for errors
	texts []byte // what had to be unescaped, of one row
	csv   []byte // a field on its way
	// Of JSON: the columns by the names of their members.
	members map[string]int
}

// NewReader begins to read a file, whose name is for errors. wanted are the columns whose values rows have, in their
// order; the others are not converted. Close must be called. *Error.
func NewReader(f *Format, columns []Column, wanted []int, in io.Reader, name, compression string) (*Reader, error) {
	r := &Reader{format: f, columns: columns, name: name, in: source{in: in}, lines: &lines{}, close: func() {}, row: make([]Value, len(wanted)), place: make([]int, len(columns))}
	for i := range r.place {
		r.place[i] = -1
	}
	for i, c := range wanted {
		r.place[c] = i
	}
	r.members = make(map[string]int, len(columns))
	for i, c := range columns {
		r.members[r.member(c.Name)] = i
	}
	text, closing, err := decompressed(&r.in, compression)
	if err != nil {
		return nil, r.failed(err)
	}
	r.close = closing
	if r.lines, err = newLines(text, f.Header, f.Footer); err != nil && err != io.EOF {
		closing()
		return nil, r.failed(err)
	}
	return r, nil
}

// Close ends reading. It does not close the file.
func (r *Reader) Close() { r.close() }

// Size is how long the line is that was read last.
func (r *Reader) Size() int { return len(r.line) }

// Next returns the next row, one value for each column that is wanted, good until the row after. io.EOF: there is
// none. *Error: the line is none, or cannot be read; nothing can be read after that.
func (r *Reader) Next() ([]Value, error) {
	var err error
	if r.line, err = r.lines.next(); err != nil {
		if err == io.EOF {
			return nil, err
		}
		return nil, r.failed(err)
	}
	for i := range r.row {
		r.row[i].Null = true
	}
	r.texts = r.texts[:0]
	switch r.format.Form {
	case HiveJSON, OpenXJSON:
		err = r.readJSON()
	case Lazy:
		err = r.readLazy()
	default:
		err = r.readCSV()
	}
	return r.row, err
}

// failed says what kept the lines from being read. An error of the file itself stays what it is.
func (r *Reader) failed(err error) error {
	switch {
	case r.in.err != nil:
		return fmt.Errorf("read %s: %w", r.name, r.in.err)
	case errors.Is(err, errLongLine):
		return r.fail(badData, "Line too long in text file: a row may have %d MB", mostLine>>20)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return r.fail(cursorError, "Failed to read file: it is compressed with a window larger than %d MB, or its compression is broken; compress it with --long=27 at most", mostWindow>>20)
	}
	return r.fail(cursorError, "Failed to read file: its compression is broken, or ends too early: %s", err)
}

// valid holds that the text of a value is UTF-8.
func (r *Reader) valid(text []byte) error {
	if utf8.Valid(text) {
		return nil
	}
	return r.fail(badData, "The text of field %d is not UTF-8: '%s'", r.field, shown(text))
}

// member is the name of the member that is a column or a field.
func (r *Reader) member(name string) string {
	own, ok := r.format.Names[name]
	switch {
	case !ok:
		return name
	case !r.format.CaseSensitive:
		return strings.ToLower(own)
	}
	return own
}
