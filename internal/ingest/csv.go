package ingest

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/feature"
)

// maxText is the most bytes of one record of a text source. A quote that is never closed would else take
// the whole file into memory.
const maxText = 16 << 20

// errRecordTooLong is why a text source is read no further.
var errRecordTooLong = errors.New("a record is too long")

// tooLong says which record of a text source is too long.
func tooLong(row int64) error {
	return feature.Errorf(feature.Invalid, "row %d of the source has more than %d MiB; a quote or a line is not closed, or the source has another format", row, maxText>>20)
}

// wrongLines says what is wrong with a record of CSV, and in which lines it is: a quote may reach over many.
func wrongLines(e *csv.ParseError) string {
	if e.StartLine < e.Line {
		return fmt.Sprintf("lines %d to %d, column %d of the last: %v", e.StartLine, e.Line, e.Column, e.Err)
	}
	return fmt.Sprintf("line %d, column %d: %v", e.Line, e.Column, e.Err)
}

// A CSVReader reads RFC 4180 with a header line, and never more of it into memory than a record may have.
type CSVReader struct {
	Names   []string // of the columns
	bounded *boundedReader
	in      *csv.Reader
}

// NewCSVReader reads the header line. Invalid: there is none, or it is wrong.
func NewCSVReader(in io.Reader) (*CSVReader, error) {
	bounded := &boundedReader{in: in, left: maxText}
	buffered := bufio.NewReaderSize(bounded, 256<<10)
	if err := skipMark(buffered); err != nil {
		return nil, err
	}
	r := csv.NewReader(buffered)
	r.ReuseRecord = true
	header, err := r.Read()
	switch {
	case err == io.EOF:
		return nil, feature.Errorf(feature.Invalid, "the source is empty; a CSV source begins with a line that names its columns")
	case err == errRecordTooLong:
		return nil, tooLong(1)
	case err != nil:
		return nil, malformed(err)
	}
	names := append([]string(nil), header...)
	for _, name := range names {
		if !utf8.ValidString(name) {
			return nil, feature.Errorf(feature.Invalid, "the first line of the source, %q, is not UTF-8", name)
		}
	}
	return &CSVReader{Names: names, bounded: bounded, in: r}, nil
}

// Next returns the fields of the next record, which are good until the next call; io.EOF after the last. What is
// wrong with the record of a row, from 1, is Invalid.
func (c *CSVReader) Next(row int64) ([]string, error) {
	record, wrong, err := c.next(row)
	if wrong != "" {
		return nil, feature.Errorf(feature.Invalid, "row %d of the source: %s", row, wrong)
	}
	return record, err
}

// next is Next, but what is wrong with one record alone is a text.
func (c *CSVReader) next(row int64) (record []string, wrong string, err error) {
	c.bounded.left = maxText
	record, err = c.in.Read()
	var parse *csv.ParseError
	switch {
	case errors.Is(err, csv.ErrFieldCount):
		return nil, fmt.Sprintf("it has %d fields, and the first line of the source names %d columns", len(record), len(c.Names)), nil
	case errors.As(err, &parse):
		return nil, wrongLines(parse), nil
	case err == errRecordTooLong:
		return nil, "", tooLong(row)
	}
	return record, "", err
}

// readCSV reads the rows of a CSV source. An empty field is no value.
func readCSV(in io.Reader, out *intake) error {
	r, err := NewCSVReader(in)
	if err != nil {
		return err
	}
	columns, err := ColumnsOf(out.group, out.columns, r.Names)
	if err != nil {
		return err
	}
	fields := make([]feature.Field, len(columns))
	for i, c := range columns {
		d := &out.group.Definitions[c.Ordinal]
		if d.Collection != feature.Scalar {
			return feature.Errorf(feature.Invalid, "the feature %q is a %s, and CSV has no lists; leave the column out, or use Parquet or JSON lines", d.Name, d.Collection)
		}
		fields[i].Name = d.Name
	}
	for {
		record, wrong, err := r.next(out.row + 1)
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case wrong != "":
			err = out.refuse(wrong)
		default:
			for i, c := range columns {
				fields[i].Text, fields[i].Null = record[c.At], record[c.At] == ""
			}
			err = out.fields(fields)
		}
		if err != nil {
			return err
		}
	}
}

// skipMark passes over the mark that some programs for Windows begin UTF-8 with.
func skipMark(in *bufio.Reader) error {
	const mark = "\xef\xbb\xbf"
	if first, _ := in.Peek(len(mark)); string(first) != mark { // an error comes again
		return nil
	}
	_, err := in.Discard(len(mark))
	return err
}

func malformed(err error) error {
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return feature.Errorf(feature.Invalid, "the source is no CSV: line %d, column %d: %v", wrong.Line, wrong.Column, wrong.Err)
	}
	return err
}

// boundedReader refuses to read more than left bytes until somebody sets left again.
type boundedReader struct {
	in   io.Reader
	left int
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errRecordTooLong
	}
	n, err := b.in.Read(p)
	b.left -= n
	return n, err
}
