package arrow

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/parquet"
)

func columns() []parquet.Column {
	return []parquet.Column{
		{Name: "text", Type: parquet.Text}, {Name: "int", Type: parquet.Int64}, {Name: "double", Type: parquet.Float64},
		{Name: "boolean", Type: parquet.Boolean}, {Name: "micros", Type: parquet.Instant}, {Name: "nanos", Type: parquet.InstantNanos},
		{Name: "texts", Type: parquet.Text, List: true},
	}
}

// random makes rows, and the text that each cell is to be read as.
func random(rng *rand.Rand, c parquet.Column, rows int) (*parquet.Vector, []string) {
	v := &parquet.Vector{Kind: c.Type.KindOf()}
	var want []string
	for range rows {
		elements := 1
		if c.List {
			elements = rng.IntN(3)
			v.Present = append(v.Present, elements > 0 || rng.IntN(2) == 0)
		}
		var texts []string
		for range elements {
			texts = append(texts, element(rng, v, c.Type))
		}
		switch {
		case !c.List:
			want = append(want, texts[0])
		case !v.Present[len(v.Present)-1]:
			want = append(want, "null")
		default:
			want = append(want, fmt.Sprint(texts))
		}
		if c.List {
			v.Ends = append(v.Ends, len(v.Null))
		}
	}
	return v, want
}

func element(rng *rand.Rand, v *parquet.Vector, t parquet.Type) string {
	null := rng.IntN(4) == 0
	v.Null = append(v.Null, null)
	n := rng.Int64N(2000) - 1000
	text := fmt.Sprint(n)
	switch t {
	case parquet.Text:
		if !null {
			v.Text = append(v.Text, text...)
		}
		v.Offsets = append(v.Offsets, len(v.Text))
	case parquet.Float64:
		v.Floats = append(v.Floats, float64(n))
	case parquet.Boolean:
		v.Ints = append(v.Ints, n&1)
		text = fmt.Sprint(n&1 == 1)
	case parquet.Instant:
		v.Ints, v.Nanos = append(v.Ints, n), append(v.Nanos, 5000)
		text = fmt.Sprint(n*1e6 + 5)
	case parquet.InstantNanos:
		v.Ints, v.Nanos = append(v.Ints, n), append(v.Nanos, 7)
		text = fmt.Sprint(n*1e9 + 7)
	default:
		v.Ints = append(v.Ints, n)
	}
	if null {
		return "null"
	}
	return text
}

func textOf(a arrow.Array, i int) string {
	if a.IsNull(i) {
		return "null"
	}
	switch a := a.(type) {
	case *array.String:
		return a.Value(i)
	case *array.Int64:
		return fmt.Sprint(a.Value(i))
	case *array.Float64:
		return fmt.Sprint(a.Value(i))
	case *array.Boolean:
		return fmt.Sprint(a.Value(i))
	case *array.Timestamp:
		return fmt.Sprint(int64(a.Value(i)))
	case *array.List:
		var texts []string
		start, end := a.ValueOffsets(i)
		for e := start; e < end; e++ {
			texts = append(texts, textOf(a.ListValues(), int(e)))
		}
		return fmt.Sprint(texts)
	}
	return "unread"
}

func TestAStreamIsReadAsItWasWritten(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for _, c := range []struct {
		name          string
		rows, batches int
		most          int
	}{
		{"no rows", 0, 1, mostText},
		{"no batches", 0, 0, mostText},
		{"one batch", 1000, 1, mostText},
		{"several batches", 100, 7, mostText},
		{"batches with more text than one may have", 1000, 3, 100},
	} {
		t.Run(c.name, func(t *testing.T) { roundTrip(t, rand.New(rand.NewPCG(seed, 0)), c.rows, c.batches, c.most) })
	}
}

func roundTrip(t *testing.T, rng *rand.Rand, rows, batches, most int) {
	var stream bytes.Buffer
	w, err := NewWriter(&stream, columns())
	if err != nil {
		t.Fatal(err)
	}
	w.most = most
	want, got := make([][]string, len(columns())), make([][]string, len(columns()))
	for range batches {
		vectors := make([]*parquet.Vector, len(columns()))
		for i, c := range columns() {
			var texts []string
			vectors[i], texts = random(rng, c, rows)
			want[i] = append(want[i], texts...)
		}
		if err := w.Write(rows, vectors); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := ipc.NewReader(&stream)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	for r.Next() {
		for i, a := range r.RecordBatch().Columns() {
			for row := range a.Len() {
				got[i] = append(got[i], textOf(a, row))
			}
		}
	}
	if diff := cmp.Diff(want, got); r.Err() != nil || diff != "" {
		t.Errorf("%v; columns (-want +got):\n%s", r.Err(), diff)
	}
	if zone := r.Schema().Field(4).Type.(*arrow.TimestampType).TimeZone; zone != "UTC" {
		t.Errorf("timestamps are of the zone %q", zone)
	}
}

func TestVectorsOfAnotherKindAreRefused(t *testing.T) {
	w, err := NewWriter(&bytes.Buffer{}, []parquet.Column{{Name: "a", Type: parquet.Text}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(1, []*parquet.Vector{{Kind: parquet.OfInt, Ints: []int64{1}, Null: []bool{false}}}); err == nil {
		t.Error("numbers are taken for texts")
	}
	if err := w.Write(1, nil); err == nil {
		t.Error("no vectors are taken for one")
	}
	if _, err := NewWriter(&bytes.Buffer{}, []parquet.Column{{Name: "a"}}); err == nil {
		t.Error("a column without a type is taken")
	}
}
