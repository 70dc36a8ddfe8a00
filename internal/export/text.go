package export

import (
	"bufio"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// A csvFile is RFC 4180 with a header line. A null is nothing between the commas, an empty text is "".
type csvFile struct {
	out  *bufio.Writer
	line []byte
}

func newCSVFile(out *bufio.Writer, columns []parquet.Column) (*csvFile, error) {
	names := make([]any, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	f := &csvFile{out: out}
	return f, f.row(names)
}

func (f *csvFile) row(row []any) error {
	b := f.line[:0]
	for i, v := range row {
		if i > 0 {
			b = append(b, ',')
		}
		switch v := v.(type) {
		case nil:
		case string:
			b = appendField(b, v)
		case float64:
			if !math.IsNaN(v) { // a data frame's null
				b = feature.AppendDouble(b, v, 64)
			}
		default:
			b = appendPlain(b, v)
		}
	}
	f.line = append(b, '\n')
	_, err := f.out.Write(f.line)
	return err
}

func (f *csvFile) close() error { return f.out.Flush() }

// appendField writes a text so that it reads as it is.
func appendField(b []byte, s string) []byte {
	if s != "" && !strings.ContainsAny(s, "\",\r\n") && s[0] != ' ' {
		return append(b, s...)
	}
	b = append(b, '"')
	b = append(b, strings.ReplaceAll(s, `"`, `""`)...)
	return append(b, '"')
}

// appendPlain writes what needs no quotes in CSV.
func appendPlain(b []byte, v any) []byte {
	switch v := v.(type) {
	case int64:
		return strconv.AppendInt(b, v, 10)
	case bool:
		return strconv.AppendBool(b, v)
	case time.Time:
		return v.UTC().AppendFormat(b, "2006-01-02T15:04:05.000000Z")
	}
	return b
}

// A jsonlFile has one JSON object a line, with a member for each column.
type jsonlFile struct {
	out     *bufio.Writer
	columns []parquet.Column
	names   [][]byte // what comes before each value
	line    []byte
}

func newJSONLFile(out *bufio.Writer, columns []parquet.Column) (*jsonlFile, error) {
	f := &jsonlFile{out: out, columns: columns}
	for i, c := range columns {
		name, err := json.Marshal(c.Name)
		if err != nil {
			return nil, err
		}
		begin := "{"
		if i > 0 {
			begin = ","
		}
		f.names = append(f.names, append(append([]byte(begin), name...), ':'))
	}
	return f, nil
}

func (f *jsonlFile) row(row []any) (err error) {
	b := f.line[:0]
	for i, v := range row {
		b = append(b, f.names[i]...)
		if b, err = appendJSON(b, v); err != nil {
			return feature.Errorf(feature.Conflict, "a row has %.64q in the column %q, and %v; export as parquet or csv", v, f.columns[i].Name, err)
		}
	}
	f.line = append(b, '}', '\n')
	_, err = f.out.Write(f.line)
	return err
}

func (f *jsonlFile) close() error { return f.out.Flush() }

func appendJSON(b []byte, v any) (_ []byte, err error) {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case string:
		return appendString(b, v)
	case float64:
		switch {
		case math.IsNaN(v):
			return append(b, "null"...), nil // a data frame's null
		case math.IsInf(v, 0):
			return append(feature.AppendDouble(append(b, '"'), v, 64), '"'), nil
		}
		return feature.AppendDouble(b, v, 64), nil
	case time.Time:
		return append(appendPlain(append(b, '"'), v), '"'), nil
	case []any:
		b = append(b, '[')
		for i, e := range v {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendJSON(b, e); err != nil {
				return b, err
			}
		}
		return append(b, ']'), nil
	}
	return appendPlain(b, v), nil
}

var errNotUTF8 = errors.New("JSON has no text that is not UTF-8")

// appendString writes a text. One that is no UTF-8, which only another writer's file can have, would be
// another text in JSON.
func appendString(b []byte, s string) ([]byte, error) {
	plain := true
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if plain {
		return append(append(append(b, '"'), s...), '"'), nil
	}
	if !utf8.ValidString(s) {
		return b, errNotUTF8
	}
	text, err := json.Marshal(s)
	return append(b, text...), err
}
