package parquet

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

var byText = SortKey{Column: "id", Compare: func(a, b Cell) int { return bytes.Compare(a.Text, b.Text) }}
var byTime = SortKey{Column: "write_time", Compare: func(a, b Cell) int { return cmp.Compare(a.Int, b.Int) }}

// sourceOf is a file of rows.
func sourceOf(t testing.TB, name string, columns []Column, rows [][]any) Source {
	t.Helper()
	var out bytes.Buffer
	write(t, NewWriter(&out, schemaOf(t, columns)), rows)
	return Source{Name: name, Reader: bytes.NewReader(out.Bytes()), Size: int64(out.Len())}
}

func TestMergeIsTheSortedUnion(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for round := range 40 {
		whole := []Column{{Name: "id", Type: Text}}
		for i := range rng.IntN(6) {
			whole = append(whole, Column{Name: fmt.Sprintf("c%d", i), Type: Type(1 + rng.IntN(5)), List: rng.IntN(3) == 0})
		}
		whole = append(whole, Column{Name: "write_time", Type: Instant})
		clock := 0
		var want [][]any
		var sources []Source
		for f := range rng.IntN(10) {
			// Older files lack columns that came later.
			columns := []Column{whole[0]}
			var kept []int
			for i, c := range whole {
				if i == 0 || i == len(whole)-1 || rng.IntN(4) > 0 {
					kept = append(kept, i)
					if i > 0 {
						columns = append(columns, c)
					}
				}
			}
			var rows [][]any
			for range []int{0, 1, 5, mergeBatch, 3*mergeBatch + 1}[rng.IntN(5)] {
				clock++
				row := make([]any, len(whole))
				row[0], row[len(row)-1] = fmt.Sprintf("%03d", rng.IntN(50)), time.UnixMicro(int64(clock)).UTC()
				for _, i := range kept[1 : len(kept)-1] {
					row[i] = randomCell(rng, whole[i], 2)
				}
				rows = append(rows, row)
			}
			slices.SortFunc(rows, lessRow)
			want = append(want, rows...)
			var narrow [][]any
			for _, row := range rows {
				var n []any
				for _, i := range kept {
					n = append(n, row[i])
				}
				narrow = append(narrow, n)
			}
			sources = append(sources, sourceOf(t, fmt.Sprint(f), columns, narrow))
		}
		slices.SortFunc(want, lessRow)
		var out bytes.Buffer
		n, err := Merge(t.Context(), &out, schemaOf(t, whole), sources, []SortKey{byText, byTime}, func() {})
		if err != nil || n != int64(len(want)) {
			t.Fatalf("round %d: %d rows of %d: %v", round, n, len(want), err)
		}
		if diff := gocmp.Diff(want, read(t, out.Bytes(), whole)); diff != "" {
			t.Fatalf("round %d (-want +got):\n%s", round, diff)
		}
	}
}

func lessRow(a, b []any) int {
	return cmp.Or(strings.Compare(a[0].(string), b[0].(string)), a[len(a)-1].(time.Time).Compare(b[len(b)-1].(time.Time)))
}

// A file of several row groups is merged, and makes several, none larger than it may be.
func TestMergeOfSeveralRowGroups(t *testing.T) {
	columns := []Column{{Name: "id", Type: Text}, {Name: "s", Type: Text}, {Name: "write_time", Type: Instant}}
	const n = rowGroup + 1000
	files := make([][][]any, 2)
	for f := range files {
		for i := range n {
			files[f] = append(files[f], []any{fmt.Sprintf("%08d", i), strings.Repeat("x", 200), time.UnixMicro(int64(2*i + f)).UTC()})
		}
	}
	var out bytes.Buffer
	rows, err := Merge(t.Context(), &out, schemaOf(t, columns),
		[]Source{sourceOf(t, "a", columns, files[0]), sourceOf(t, "b", columns, files[1])}, []SortKey{byText, byTime}, func() {})
	if err != nil || rows != 2*n {
		t.Fatalf("%d rows: %v", rows, err)
	}
	for i, row := range read(t, out.Bytes(), columns) {
		if want := time.UnixMicro(int64(i)).UTC(); !row[2].(time.Time).Equal(want) {
			t.Fatalf("row %d was written at %v, want %v", i, row[2], want)
		}
	}
	for i, g := range open(t, out.Bytes()).Metadata().RowGroups {
		if g.TotalByteSize > mergeRowGroup+1<<20 {
			t.Errorf("row group %d has %d bytes", i, g.TotalByteSize)
		}
	}
}

func TestMergeRefuses(t *testing.T) {
	columns := []Column{{Name: "id", Type: Text}, {Name: "n", Type: Int64}, {Name: "write_time", Type: Instant}}
	row := []any{"a", int64(1), time.UnixMicro(1).UTC()}
	good := sourceOf(t, "good", columns, [][]any{row})
	damaged := func(at int64) Source {
		data := make([]byte, good.Size)
		if _, err := good.Reader.ReadAt(data, 0); err != nil {
			t.Fatal(err)
		}
		data[at] ^= 1
		return Source{Name: "bad", Reader: bytes.NewReader(data), Size: int64(len(data))}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		bad  Source
	}{
		{"a column that the table has not", t.Context(), sourceOf(t, "bad", append(slices.Clone(columns), Column{Name: "more", Type: Text}), nil)},
		{"a column of another type", t.Context(), sourceOf(t, "bad", []Column{{Name: "n", Type: Text}}, nil)},
		{"a column of lists", t.Context(), sourceOf(t, "bad", []Column{{Name: "n", Type: Int64, List: true}}, nil)},
		{"no Parquet", t.Context(), Source{Name: "bad", Reader: strings.NewReader("text"), Size: 4}},
		{"nothing", t.Context(), Source{Name: "bad", Reader: strings.NewReader(""), Size: 0}},
		{"a page of another checksum", t.Context(), damaged(firstPage(t, good))},
		{"a magic of another kind", t.Context(), damaged(good.Size - 1)},
		{"the end of the context", over, good},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			if n, err := Merge(c.ctx, &out, schemaOf(t, columns), []Source{good, c.bad}, []SortKey{byText}, func() {}); err == nil {
				t.Errorf("%d rows were merged", n)
			}
		})
	}
}

// firstPage returns where the last byte of the first column chunk of a file is.
func firstPage(t testing.TB, s Source) int64 {
	t.Helper()
	data := make([]byte, s.Size)
	if _, err := s.Reader.ReadAt(data, 0); err != nil {
		t.Fatal(err)
	}
	c := open(t, data).Metadata().RowGroups[0].Columns[0].MetaData
	return c.DataPageOffset + c.TotalCompressedSize - 1 - max(0, c.DataPageOffset-c.DictionaryPageOffset)
}

func BenchmarkMerge(b *testing.B) {
	columns := []Column{{Name: "id", Type: Text}, {Name: "at", Type: Text}, {Name: "a", Type: Float64}, {Name: "b", Type: Float64}, {Name: "n", Type: Int64},
		{Name: "m", Type: Int64}, {Name: "s", Type: Text}, {Name: "write_time", Type: Instant}, {Name: "api_invocation_time", Type: Instant}, {Name: "is_deleted", Type: Boolean}}
	rng := rand.New(rand.NewPCG(1, 0))
	var sources []Source
	const rows = 20_000
	for f := range 8 {
		var all [][]any
		for i := range rows {
			at := time.UnixMicro(int64(f*rows + i)).UTC()
			all = append(all, []any{fmt.Sprintf("customer-%06d", i*10+rng.IntN(10)), at.Format(time.RFC3339Nano), rng.Float64(), rng.Float64(), rng.Int64(),
				int64(rng.IntN(100)), []string{"clear", "rain", "snow"}[rng.IntN(3)], at, at, false})
		}
		sources = append(sources, sourceOf(b, "s", columns, all))
	}
	for b.Loop() {
		var out bytes.Buffer
		if _, err := Merge(b.Context(), &out, schemaOf(b, columns), sources, []SortKey{byText, {Column: "write_time", Compare: byTime.Compare}}, func() {}); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(out.Len()))
	}
	b.ReportMetric(8*rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
