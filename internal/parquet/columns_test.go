package parquet

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// What Gather gives of some rows is what Read gives of all, for every type, with pages that are left out and without.
func TestGatherGivesTheRowsThatReadGives(t *testing.T) {
	seed := uint64(time.Now().UnixNano()) % 1e9
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	data, rows := randomFile(t, rng)
	for _, open := range []func(*bytes.Reader) (*Reader, error){
		func(r *bytes.Reader) (*Reader, error) { return OpenReader(r, r.Size()) },
		func(r *bytes.Reader) (*Reader, error) { return OpenOwn(r, r.Size()) },
	} {
		r, err := open(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		fields := make([]int, len(r.Fields))
		for i := range fields {
			fields[i] = i
		}
		var all []string
		if err := r.Read(fields, 777, func(n int, columns []*Vector) error {
			all = append(all, said(n, columns)...)
			return nil
		}); err != nil || len(all) != rows {
			t.Fatalf("%d rows were read of %d: %v", len(all), rows, err)
		}
		for _, share := range []int{1, 3, 5000} {
			var want, got []string
			var places []int64
			for i := range rows {
				for rng.IntN(share) == 0 && rng.IntN(4) > 0 {
					places, want = append(places, int64(i)), append(want, all[i])
				}
			}
			if err := r.Gather(fields, places, func(n int, columns []*Vector) error {
				got = append(got, said(n, columns)...)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("one in %d: %d rows, want %d, or others", share, len(got), len(want))
			}
		}
		if err := r.Gather(fields, []int64{int64(rows)}, func(int, []*Vector) error { return nil }); err == nil {
			t.Error("a row behind the last one was there")
		}
	}
}

// The bounds of row groups hold their values, and a row group that is not wanted is not read.
func TestRowGroupsAreChosenByTheirBounds(t *testing.T) {
	var out bytes.Buffer
	s, err := NewSchema([]Column{{Name: "id", Type: Text}, {Name: "n", Type: Int64}})
	if err != nil {
		t.Fatal(err)
	}
	w := NewWriter(&out, s)
	for i := range 30 {
		if err := w.Write([]any{fmt.Sprintf("a rather long identifier %02d", i), int64(i)}); err != nil {
			t.Fatal(err)
		}
		if i%10 == 9 {
			if err := w.EndRowGroup(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := OpenOwn(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var firsts []int64
	err = r.ReadGroups([]int{0, 1}, 4, func(g *RowGroup) bool {
		least, greatest, ok := g.Bounds(0)
		low, high, known := g.Bounds(1)
		if want := fmt.Sprintf("a rather long identifier %02d", g.First); !ok || !known || string(least.Text) != want || low.Int != g.First || high.Int != g.First+9 || !bytes.HasSuffix(greatest.Text, []byte("9")) {
			t.Errorf("row group at %d is from %s to %s, %d to %d", g.First, least.Text, greatest.Text, low.Int, high.Int)
		}
		return g.First == 10
	}, func(first int64, rows int, columns []*Vector) error {
		firsts = append(firsts, first)
		if columns[1].Ints[0] != first {
			t.Errorf("row %d is said to be row %d", columns[1].Ints[0], first)
		}
		return nil
	})
	if err != nil || !slices.Equal(firsts, []int64{10, 14, 18}) {
		t.Errorf("rows from %v were read: %v", firsts, err)
	}
}

// randomFile writes a file of all types in several row groups of several pages.
func randomFile(t *testing.T, rng *rand.Rand) (data []byte, rows int) {
	t.Helper()
	var out bytes.Buffer
	s, err := NewSchema([]Column{{Name: "text", Type: Text}, {Name: "plain", Type: Text, Plain: true}, {Name: "n", Type: Int64}, {Name: "x", Type: Float64},
		{Name: "b", Type: Boolean}, {Name: "at", Type: Instant}, {Name: "list", Type: Text, List: true}, {Name: "whole", Type: Float64}})
	if err != nil {
		t.Fatal(err)
	}
	w := NewWriter(&out, s)
	for range 3 {
		n := 1 + rng.IntN(20_000)
		for range n {
			row := []any{fmt.Sprint("text ", rng.IntN(50)), fmt.Sprint(rng.Uint64()), rng.Int64() - rng.Int64(), rng.NormFloat64(), rng.IntN(2) == 0,
				time.UnixMicro(rng.Int64N(4e15) - 2e15).UTC(), []any{"one", fmt.Sprint(rng.IntN(9))}[:rng.IntN(3)], rng.Float64()}
			for i := range row[:7] {
				if rng.IntN(6) == 0 {
					row[i] = nil
				}
			}
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.EndRowGroup(); err != nil {
			t.Fatal(err)
		}
		rows += n
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), rows
}

// said writes each row of some vectors as text.
func said(rows int, columns []*Vector) []string {
	all := make([]string, rows)
	for i := range all {
		for _, v := range columns {
			start, end := i, i+1
			if v.Ends != nil {
				start, end = v.List(i)
				all[i] += fmt.Sprint(v.Present[i])
			}
			for e := start; e < end; e++ {
				switch {
				case v.Null[e]:
					all[i] += "null,"
				case v.Kind == OfText:
					all[i] += string(v.TextOf(e)) + ","
				case v.Kind == OfDouble:
					all[i] += fmt.Sprint(v.Floats[e], ",")
				case v.Kind == OfInstant:
					all[i] += fmt.Sprint(v.Ints[e], ".", v.Nanos[e], ",")
				default:
					all[i] += fmt.Sprint(v.Ints[e], ",")
				}
			}
			all[i] += "|"
		}
	}
	return all
}
