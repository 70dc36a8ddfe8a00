package parquet

import (
	"bytes"
	"testing"

	"github.com/parquet-go/parquet-go"
)

func TestRowGroupsEndWhereTheyAreTold(t *testing.T) {
	s, err := NewSchema([]Column{{Name: "n", Type: Int64}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := NewExport(&out, s)
	for n := range int64(5) {
		if err := w.Write([]any{n}); err != nil {
			t.Fatal(err)
		}
		if n == 1 || n == 4 {
			if err := w.EndRowGroup(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var rows []int64
	for _, g := range f.RowGroups() {
		rows = append(rows, g.NumRows())
	}
	if len(rows) != 2 || rows[0] != 2 || rows[1] != 3 {
		t.Errorf("the row groups have %v rows, want 2 and 3", rows)
	}
}
