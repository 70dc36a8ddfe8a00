package parquet

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
)

// A foreign is a row that another program writes.
type foreign struct {
	Amount  float32 `parquet:"amount"`
	Count   uint64  `parquet:"count"`
	Whole   int64   `parquet:"WHOLE"`
	Both    int64   `parquet:"Both"`
	Exactly int64   `parquet:"both"`
}

func fitted(t *testing.T, rows []foreign, columns []Column) ([]*Vector, error) {
	t.Helper()
	var out bytes.Buffer
	if err := parquet.Write(&out, rows); err != nil {
		t.Fatal(err)
	}
	r, err := OpenReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := r.Fit(columns)
	if err != nil {
		return nil, err
	}
	var got []*Vector
	err = r.Read(f.ToRead, 2, func(_ int, vectors []*Vector) error { // the second call has what the first one left
		got, err = f.Columns(vectors)
		return err
	})
	return got, err
}

func TestForeignFilesAreReadInTheTypesOfTheColumns(t *testing.T) {
	rows := []foreign{{}, {}, {Amount: 0.5, Count: 7, Whole: 3, Both: 1, Exactly: 2}}
	got, err := fitted(t, rows, []Column{
		{Name: "amount", Type: Float64}, {Name: "count", Type: Int64}, {Name: "whole", Type: Float64}, {Name: "both", Type: Int64},
		{Name: "missing", Type: Text}, {Name: "whole", Type: Int64},
	})
	if err != nil {
		t.Fatal(err)
	}
	var kinds []Kind
	for _, v := range got {
		if v == nil {
			kinds = append(kinds, 0)
		} else {
			kinds = append(kinds, v.Kind)
		}
	}
	if want := []Kind{OfDouble, OfInt, OfDouble, OfInt, 0, OfInt}; !cmp.Equal(kinds, want) {
		t.Fatalf("kinds %v, want %v", kinds, want)
	}
	if got[0].Floats[0] != 0.5 || got[1].Ints[0] != 7 || got[2].Floats[0] != 3 || len(got[2].Floats) != 1 || got[3].Ints[0] != 2 || got[5].Ints[0] != 3 {
		t.Errorf("values %v %v %v %v %v", got[0].Floats, got[1].Ints, got[2].Floats, got[3].Ints, got[5].Ints)
	}
}

func TestForeignValuesThatAColumnCannotHaveAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		row    foreign
		column Column
		says   string
	}{
		"whole numbers beyond the largest": {foreign{Count: math.MaxInt64 + 1}, Column{Name: "count", Type: Int64}, "9223372036854775808 is larger"},
		"fractions in a whole column":      {foreign{}, Column{Name: "amount", Type: Int64}, `"amount" is FLOAT`},
		"numbers in a text":                {foreign{}, Column{Name: "count", Type: Text}, `"count" is`},
		"one value in a list":              {foreign{}, Column{Name: "count", Type: Int64, List: true}, `"count" is`},
	} {
		if _, err := fitted(t, []foreign{c.row}, []Column{c.column}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want one with %q", name, err, c.says)
		}
	}
}
