package dataset

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// convert makes labels of a CSV text.
func convert(t testing.TB, text string, texts ...string) (*labelFile, error) {
	t.Helper()
	keep := map[string]bool{}
	for _, name := range texts {
		keep[name] = true
	}
	var file bytes.Buffer
	err := convertCSV(t.Context(), func() io.Reader { return strings.NewReader(text) }, keep, &file)
	if err != nil {
		return nil, err
	}
	return openLabelFile(bytes.NewReader(file.Bytes()), int64(file.Len()), -1)
}

func TestCSVThatChangesBetweenItsReadingsIsAConflict(t *testing.T) {
	texts := []string{"a,b,c\n1,2,3\n", "a\n1\n"}
	err := convertCSV(t.Context(), func() io.Reader {
		text := texts[0]
		texts = texts[1:]
		return strings.NewReader(text)
	}, nil, io.Discard)
	if feature.KindOf(err) != feature.Conflict {
		t.Errorf("error %v", err)
	}
}

func TestLabelsOfTooManyColumnsAreRefusedAtTheirHeader(t *testing.T) {
	names := make([]string, maxColumns+1)
	for i := range names {
		names[i] = fmt.Sprint("c", i)
	}
	if _, err := convert(t, strings.Join(names, ",")+"\n"); feature.KindOf(err) != feature.Invalid {
		t.Errorf("error %v", err)
	}
}

func TestColumnsOfCSVHaveTheTypeThatFitsAllValues(t *testing.T) {
	for _, c := range []struct {
		values string
		want   Type
	}{
		{"1,-2,0", Integer}, {"1,,3", Integer}, {"9223372036854775807", Integer}, {"9223372036854775808", Double},
		{"1,2.5", Double}, {"1e-05,2", Double}, {"-0.5", Double}, {"007", Text}, {"7,007", Text}, {"00.5", Text}, {"+1", Text},
		{"1_000", Text}, {"0x10", Text}, {"NaN", Text}, {"Infinity", Text}, {"1 ", Text}, {".5", Text}, {"-", Text}, {"1,x", Text},
		{"true,False,TRUE", Boolean}, {"true,1", Text}, {"", Text}, {"2024-01-01", Text},
	} {
		l, err := convert(t, "a,b\n"+strings.ReplaceAll(c.values, ",", ",1\n")+",1\n")
		if err != nil {
			t.Errorf("%q: %v", c.values, err)
			continue
		}
		if got := l.columns[0].Type; got != c.want {
			t.Errorf("%q is %s, want %s", c.values, got, c.want)
		}
	}
	l, err := convert(t, "Key,n\n1,2\n", "key")
	if err != nil || l.columns[0].Type != Text || l.columns[1].Type != Integer {
		t.Errorf("a column that is to stay text: %+v, %v", l, err)
	}
}

func TestLabelsThatAreNoCSVAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "a field too many": "a\n1,2\n", "a quote that is not closed": "a\n\"x\n", "no UTF-8": "a\n\xff\n",
		"a name that is there twice": "a,a\n1,2\n", "names that differ in case": "a,A\n1,2\n", "no name": "a,\n1,2\n",
	} {
		if _, err := convert(t, text); feature.KindOf(err) != feature.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzCSVLabels(f *testing.F) {
	for _, seed := range []string{"a,b\n1,x\n,2.5\n", "\xef\xbb\xbfa\ntrue\n", "a\n\"x\ny\"\n", "a,a\n", "a\n\xff\n", "é\n007\n1e400\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := convert(t, string(text))
		if err != nil {
			if feature.KindOf(err) != feature.Invalid {
				t.Fatalf("an error without a kind: %v", err)
			}
			return
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
		records, err := r.ReadAll()
		if err != nil {
			t.Fatalf("it was taken, and is no CSV: %v", err)
		}
		if int(l.rows) != len(records)-1 || len(l.columns) != len(records[0]) {
			t.Fatalf("%d rows of %d columns of %d records", l.rows, len(l.columns), len(records))
		}
		row := 0
		for b, err := range l.blocks(t.Context(), []int{0}) {
			if err != nil {
				t.Fatal(err)
			}
			for i := range b.rows {
				row++
				if null := records[row][0] == ""; null != b.vectors[0].Null[i] {
					t.Fatalf("row %d is %q, and null: %v", row, records[row][0], b.vectors[0].Null[i])
				}
				if l.columns[0].Type == Text && string(b.vectors[0].TextOf(i)) != records[row][0] {
					t.Fatalf("row %d is %q, and was %q", row, b.vectors[0].TextOf(i), records[row][0])
				}
			}
		}
		if row != len(records)-1 {
			t.Fatalf("%d rows are read of %d", row, len(records)-1)
		}
	})
}

func TestLabelTimesInEveryForm(t *testing.T) {
	noon := feature.EventTime{Sec: 1704110400}
	text := func(s string) *parquet.Vector {
		return &parquet.Vector{Kind: parquet.OfText, Null: []bool{false}, Text: []byte(s), Offsets: []int{len(s)}}
	}
	for _, c := range []struct {
		name string
		v    *parquet.Vector
		want feature.EventTime
	}{
		{"ISO", text("2024-01-01T12:00:00Z"), noon},
		{"a space for the T", text("2024-01-01 12:00:00"), noon},
		{"a zone", text("2024-01-01 13:00:00+01:00"), noon},
		{"a zone to the west", text("2024-01-01T07:00:00-05:00"), noon},
		{"no zone", text("2024-01-01T12:00:00"), noon},
		{"a fraction", text("2024-01-01 12:00:00.123456789"), feature.EventTime{Sec: noon.Sec, Nsec: 123456789}},
		{"a date", text("2024-01-01"), feature.EventTime{Sec: noon.Sec - 43200}},
		{"Unix time as text", text("1704110400.5"), feature.EventTime{Sec: noon.Sec, Nsec: 5e8}},
		{"a whole number", &parquet.Vector{Kind: parquet.OfInt, Null: []bool{false}, Ints: []int64{noon.Sec}}, noon},
		{"a double", &parquet.Vector{Kind: parquet.OfDouble, Null: []bool{false}, Floats: []float64{1704110400.25}}, feature.EventTime{Sec: noon.Sec, Nsec: 25e7}},
		{"an instant", &parquet.Vector{Kind: parquet.OfInstant, Null: []bool{false}, Ints: []int64{noon.Sec}, Nanos: []int32{7}}, feature.EventTime{Sec: noon.Sec, Nsec: 7}},
	} {
		got, none, err := readTimes(nil, nil, c.v, 1)
		if err != nil || none[0] || got[0] != c.want {
			t.Errorf("%s: %v, %v, %v; want %v", c.name, got, none, err, c.want)
		}
	}
	for _, wrong := range []string{"soon", "2024-01-01x", "2024-13-01", "2024-01-01 25:00:00", "20240101", ""} {
		if _, _, err := readTimes(nil, nil, text(wrong), 1); err == nil {
			t.Errorf("%q is taken for a time", wrong)
		}
	}
}

func TestIdentifiersInEveryForm(t *testing.T) {
	text := parquet.Vector{Kind: parquet.OfText, Null: []bool{false, false, true}, Text: []byte("7"), Offsets: []int{1, 1, 1}}
	doubles := parquet.Vector{Kind: parquet.OfDouble, Null: []bool{false}, Floats: []float64{7}}
	for _, c := range []struct {
		name string
		v    parquet.Vector
		t    feature.Type
		want []string // "null" for none
	}{
		{"text", text, feature.String, []string{"7", "null", "null"}},
		{"text of numbers", text, feature.Integral, []string{"7", "null", "null"}},
		{"whole numbers as text", parquet.Vector{Kind: parquet.OfInt, Null: []bool{false}, Ints: []int64{-7}}, feature.String, []string{"-7"}},
		{"doubles that are whole", doubles, feature.Integral, []string{"7"}},
		{"doubles", doubles, feature.Fractional, []string{"7.0"}},
	} {
		ids := &parquet.Vector{}
		if err := readIDs(ids, &c.v, c.t, len(c.v.Null)); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for i := range ids.Null {
			if got = append(got, string(ids.TextOf(i))); ids.Null[i] {
				got[i] = "null"
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	half := parquet.Vector{Kind: parquet.OfDouble, Null: []bool{false}, Floats: []float64{7.5}}
	if err := readIDs(&parquet.Vector{}, &half, feature.Integral, 1); err == nil {
		t.Error("7.5 is taken for a whole number")
	}
}

func TestBlocksHaveAllRowsInOrder(t *testing.T) {
	var batches []batch
	n := int64(0)
	for _, rows := range []int{0, 5, blockRows, 1, blockRows - 6, 3 * blockRows, 7} {
		v := &parquet.Vector{Kind: parquet.OfInt}
		for range rows {
			v.Ints, v.Null = append(v.Ints, n), append(v.Null, false)
			n++
		}
		batches = append(batches, batch{rows, []*parquet.Vector{v}})
	}
	next := int64(0)
	last := false
	for b, err := range blocks(func(yield func(batch, error) bool) {
		for _, b := range batches {
			if !yield(b, nil) {
				return
			}
		}
	}) {
		if err != nil || last {
			t.Fatalf("a block after one that is not full, or %v", err)
		}
		last = b.rows != blockRows
		for i := range b.rows {
			if b.vectors[0].Ints[i] != next {
				t.Fatalf("row %d is %d", next, b.vectors[0].Ints[i])
			}
			next++
		}
	}
	if next != n {
		t.Errorf("%d rows of %d", next, n)
	}
}

func TestReadingStopsWithItsContext(t *testing.T) {
	l, err := convert(t, "a\n"+strings.Repeat("1\n", 3*blockRows))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range l.blocks(ctx, []int{0}) {
		if err != context.Canceled {
			t.Errorf("%v", err)
		}
	}
}
