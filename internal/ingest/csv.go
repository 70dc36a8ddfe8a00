package ingest

import (
	"bufio"
	"bytes"
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

// errRecordTooLong is what a record of a text source is refused with.
var errRecordTooLong = feature.Errorf(feature.Invalid, "a record of the source has more than %d MiB; a quote or a line is not closed, or the source has another format", maxText>>20)

// readCSV reads RFC 4180 with a header line. An empty field is no value.
func readCSV(in io.Reader, out *intake) error {
	bounded := &boundedReader{in: in, left: maxText}
	buffered := bufio.NewReaderSize(bounded, 256<<10)
	if first, _ := buffered.Peek(3); bytes.Equal(first, []byte("\xef\xbb\xbf")) {
		if _, err := buffered.Discard(3); err != nil {
			return err
		}
	}
	r := csv.NewReader(buffered)
	r.ReuseRecord = true
	header, err := r.Read()
	switch {
	case err == io.EOF:
		return feature.Errorf(feature.Invalid, "the source is empty; a CSV source begins with a line that names its columns")
	case err != nil:
		return malformed(err)
	}
	names := append([]string(nil), header...)
	for _, name := range names {
		if !utf8.ValidString(name) {
			return feature.Errorf(feature.Invalid, "the first line of the source, %q, is not UTF-8", name)
		}
	}
	columns, err := columnsOf(out.group, out.columns, names)
	if err != nil {
		return err
	}
	fields := make([]feature.Field, len(columns))
	for i, c := range columns {
		d := &out.group.Definitions[c.ordinal]
		if d.Collection != feature.Scalar {
			return feature.Errorf(feature.Invalid, "the feature %q is a %s, and CSV has no lists; leave the column out, or use Parquet or JSON lines", d.Name, d.Collection)
		}
		fields[i].Name = d.Name
	}
	for {
		bounded.left = maxText
		record, err := r.Read()
		var wrong *csv.ParseError
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, csv.ErrFieldCount):
			err = out.refuse(fmt.Sprintf("it has %d fields, and the first line of the source names %d columns", len(record), len(names)))
		case errors.As(err, &wrong):
			err = out.refuse(fmt.Sprintf("line %d, column %d: %v", wrong.Line, wrong.Column, wrong.Err))
		case err != nil:
			return err
		default:
			for i, c := range columns {
				fields[i].Text, fields[i].Null = record[c.at], record[c.at] == ""
			}
			err = out.fields(fields)
		}
		if err != nil {
			return err
		}
	}
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
