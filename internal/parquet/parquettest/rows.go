// Package parquettest reads data files for tests, with the library alone: what it says does not depend on the code
// that is tested.
package parquettest

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

// Rows reads the rows of a data file, as a View's Rows gives them: a string, an int64, a float64, a bool or nil a column,
// and times for write_time and api_invocation_time. Of a list it has the last element.
func Rows(t testing.TB, data []byte) [][]any {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	columns := f.Root().Columns()
	var rows [][]any
	for _, group := range f.RowGroups() {
		r := group.Rows()
		for {
			var buf [100]parquet.Row
			n, err := r.ReadRows(buf[:])
			for _, row := range buf[:n] {
				out := make([]any, len(columns))
				for _, v := range row {
					out[v.Column()] = value(columns[v.Column()], v)
				}
				rows = append(rows, out)
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return rows
}

func value(c *parquet.Column, v parquet.Value) any {
	if v.IsNull() {
		return nil
	}
	switch c.Type().Kind() {
	case parquet.ByteArray:
		return string(v.ByteArray())
	case parquet.Double:
		return v.Double()
	case parquet.Boolean:
		return v.Boolean()
	}
	if c.Name() == "write_time" || c.Name() == "api_invocation_time" {
		return time.UnixMicro(v.Int64()).UTC()
	}
	return v.Int64()
}
