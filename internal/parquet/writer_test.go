package parquet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

var columns = []Column{
	{Name: "zeta", Type: Text}, {Name: "Alpha", Type: Int64}, {Name: "mid-dle", Type: Float64}, {Name: "write_time", Type: Instant}, {Name: "is_deleted", Type: Boolean},
}

func write(t testing.TB, w *Writer, rows [][]any) {
	t.Helper()
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func schemaOf(t testing.TB, columns []Column) *Schema {
	t.Helper()
	s, err := NewSchema(columns)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t testing.TB, data []byte) *parquet.File {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// read returns the rows of a file as Write takes them.
func read(t testing.TB, data []byte, columns []Column) [][]any {
	t.Helper()
	var rows [][]any
	for _, group := range open(t, data).RowGroups() {
		r := group.Rows()
		buf := make([]parquet.Row, 10)
		for {
			n, err := r.ReadRows(buf)
			for _, row := range buf[:n] {
				out := make([]any, len(columns))
				for _, v := range row {
					c := columns[v.Column()]
					if !c.List {
						out[v.Column()] = goValue(c.Type, v)
						continue
					}
					list, _ := out[v.Column()].([]any)
					switch v.DefinitionLevel() {
					case listNull:
						continue
					case listEmpty:
						list = []any{}
					default:
						list = append(list, goValue(c.Type, v))
					}
					out[v.Column()] = list
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

func goValue(typ Type, v parquet.Value) any {
	if v.IsNull() {
		return nil
	}
	switch typ {
	case Text:
		return string(v.ByteArray())
	case Int64:
		return v.Int64()
	case Float64:
		return v.Double()
	case Boolean:
		return v.Boolean()
	}
	return time.UnixMicro(v.Int64()).UTC()
}

func TestColumnsKeepTheirOrder(t *testing.T) {
	var out bytes.Buffer
	write(t, NewWriter(&out, schemaOf(t, columns)), nil)
	var got []string
	for _, f := range open(t, out.Bytes()).Root().Columns() {
		got = append(got, f.Name())
		if !f.Optional() {
			t.Errorf("%s is not optional", f.Name())
		}
	}
	if diff := cmp.Diff([]string{"zeta", "Alpha", "mid-dle", "write_time", "is_deleted"}, got); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
}

func TestInstantHasTheOlderAnnotationAlone(t *testing.T) {
	var out bytes.Buffer
	write(t, NewWriter(&out, schemaOf(t, columns)), nil)
	var e format.SchemaElement
	for _, s := range open(t, out.Bytes()).Metadata().Schema {
		if s.Name == "write_time" {
			e = s
		}
	}
	if e.LogicalType.Value != nil || !e.ConvertedType.Valid || e.ConvertedType.V != deprecated.TimestampMicros {
		t.Errorf("write_time is annotated %v, %v", e.LogicalType.Value, e.ConvertedType)
	}
}

func TestRowsComeBackAsTheyWere(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 0, 0, 123456000, time.UTC)
	old := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	rows := [][]any{
		{"a", int64(1), 1.5, at, true},
		{"", int64(0), 0.0, old, false}, // zero is zero
		{nil, nil, nil, nil, nil},       // null is null
		{"ü\x00\n", int64(math.MinInt64), math.SmallestNonzeroFloat64, at, nil},
		{"z", int64(math.MaxInt64), math.MaxFloat64, at, false},
		{"-0", int64(-1), math.Copysign(0, -1), at, false},
	}
	var out bytes.Buffer
	write(t, NewWriter(&out, schemaOf(t, columns)), rows)
	got := read(t, out.Bytes(), columns)
	if diff := cmp.Diff(rows, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if !math.Signbit(got[5][2].(float64)) {
		t.Error("-0.0 came back as 0.0")
	}
}

func TestBoundsAreInTheFooter(t *testing.T) {
	var out bytes.Buffer
	write(t, NewWriter(&out, schemaOf(t, columns)), [][]any{
		{"b", int64(7), nil, time.UnixMicro(5), false}, {"a", int64(-3), nil, time.UnixMicro(9), false}, {"c", nil, nil, nil, true},
	})
	type bounds struct {
		Min, Max string
		Nulls    int64
	}
	var got []bounds
	for _, c := range open(t, out.Bytes()).Metadata().RowGroups[0].Columns {
		s := c.MetaData.Statistics
		kind := parquet.Kind(c.MetaData.Type)
		b := bounds{Nulls: s.NullCount}
		if s.MinValue != nil {
			b.Min, b.Max = kind.Value(s.MinValue).String(), kind.Value(s.MaxValue).String()
		}
		got = append(got, b)
	}
	want := []bounds{{"a", "c", 0}, {"-3", "7", 1}, {"", "", 3}, {"5", "9", 1}, {"false", "true", 0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bounds (-want +got):\n%s", diff)
	}
}

// Readers of ten years ago know these.
func TestFileIsPlainParquet(t *testing.T) {
	var rows [][]any
	for i := range 2 * rowGroup {
		rows = append(rows, []any{fmt.Sprintf("some text that is not there twice %d", i), int64(i), 0.5, time.UnixMicro(int64(i)), false})
	}
	var out bytes.Buffer
	write(t, NewWriter(&out, schemaOf(t, columns)), rows)
	groups := open(t, out.Bytes()).Metadata().RowGroups
	if len(groups) != 2 {
		t.Errorf("%d row groups", len(groups))
	}
	for _, c := range groups[0].Columns {
		if c.MetaData.Codec != format.Snappy {
			t.Errorf("%s is %s", c.MetaData.PathInSchema, c.MetaData.Codec)
		}
		for _, e := range c.MetaData.Encoding {
			if e != format.Plain && e != format.RLE && e != format.RLEDictionary {
				t.Errorf("%s is encoded %s", c.MetaData.PathInSchema, e)
			}
		}
		for _, s := range c.MetaData.EncodingStats {
			if s.PageType == format.DataPageV2 {
				t.Errorf("%s has pages of version 2", c.MetaData.PathInSchema)
			}
		}
	}
}

func TestRandomRowsComeBack(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	var out bytes.Buffer
	for round := range 30 {
		columns := make([]Column, 1+rng.IntN(12))
		for i := range columns {
			columns[i] = Column{Name: fmt.Sprintf("c%d", (i*7)%100), Type: Type(1 + rng.IntN(5)), List: rng.IntN(4) == 0}
		}
		rows := make([][]any, []int{0, 1, 63, 64, 65, 1000}[rng.IntN(6)])
		nulls := rng.IntN(4)
		for i := range rows {
			for _, c := range columns {
				rows[i] = append(rows[i], randomCell(rng, c, nulls))
			}
		}
		out.Reset()
		write(t, NewWriter(&out, schemaOf(t, columns)), rows)
		got := read(t, out.Bytes(), columns)
		if len(rows) == 0 {
			rows = nil
		}
		if diff := cmp.Diff(rows, got); diff != "" {
			t.Fatalf("round %d (-want +got):\n%s", round, diff)
		}
	}
}

func randomCell(rng *rand.Rand, c Column, nulls int) any {
	if !c.List {
		return randomValue(rng, c.Type, nulls)
	}
	if rng.IntN(4) < nulls {
		return nil
	}
	list := make([]any, rng.IntN(6))
	for i := range list {
		list[i] = randomValue(rng, c.Type, nulls)
	}
	return list
}

func randomValue(rng *rand.Rand, typ Type, nulls int) any {
	if rng.IntN(4) < nulls {
		return nil
	}
	switch typ {
	case Text:
		b := make([]byte, rng.IntN(rng.IntN(40)+1))
		for i := range b {
			b[i] = byte(rng.IntN(256))
		}
		return string(b)
	case Int64:
		return int64(rng.Uint64()) >> rng.IntN(64)
	case Float64:
		return math.Trunc(rng.NormFloat64()*100) / 8
	case Boolean:
		return rng.IntN(2) == 0
	}
	return time.UnixMicro(int64(rng.Uint64()) >> (10 + rng.IntN(50))).UTC()
}

// The three levels are what every reader of lists knows; an older one takes fewer for another thing.
func TestListHasThreeLevels(t *testing.T) {
	var out bytes.Buffer
	write(t, NewWriter(&out, schemaOf(t, []Column{{Name: "tags", Type: Text, List: true}, {Name: "id", Type: Int64}})), nil)
	got := open(t, out.Bytes()).Schema().String()
	want := `message record {
	optional group tags (LIST) {
		repeated group list {
			optional binary element (STRING);
		}
	}
	optional int64 id (INT(64,true));
}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
	for _, e := range open(t, out.Bytes()).Metadata().Schema {
		if e.Name == "tags" && (!e.ConvertedType.Valid || e.ConvertedType.V != deprecated.List) {
			t.Errorf("tags is annotated %v", e.ConvertedType)
		}
	}
}

func TestListsComeBackAsTheyWere(t *testing.T) {
	columns := []Column{{Name: "tags", Type: Text, List: true}, {Name: "id", Type: Int64}, {Name: "vector", Type: Float64, List: true}}
	rows := [][]any{
		{[]any{"a", "", "a"}, int64(1), []any{0.0, -1.5}},
		{nil, int64(2), nil},
		{[]any{}, nil, []any{nil}},
		{[]any{nil, "x", nil}, int64(4), []any{1.0}},
	}
	var out bytes.Buffer
	write(t, NewWriter(&out, schemaOf(t, columns)), rows)
	if diff := cmp.Diff(rows, read(t, out.Bytes(), columns)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	for _, row := range [][]any{{"a", int64(1), nil}, {[]any{int64(1)}, int64(1), nil}, {[]any{[]any{"a"}}, int64(1), nil}, {nil, []any{int64(1)}, nil}} {
		if err := NewWriter(io.Discard, schemaOf(t, columns)).Write(row); err == nil {
			t.Errorf("%v was taken", row)
		}
	}
}

func TestWriteRefusesTheWrongType(t *testing.T) {
	for _, row := range [][]any{
		{"a", int64(1), 1.0, time.Now()},            // too few
		{"a", 1, 1.0, time.Now(), true},             // int
		{int64(1), int64(1), 1.0, time.Now(), true}, // int64 in Text
	} {
		if err := NewWriter(io.Discard, schemaOf(t, columns)).Write(row); err == nil {
			t.Errorf("%v was taken", row)
		}
	}
}

func TestNewSchemaRefuses(t *testing.T) {
	for name, columns := range map[string][]Column{
		"no columns":   nil,
		"no name":      {{Type: Text}},
		"a name twice": {{Name: "a", Type: Text}, {Name: "a", Type: Int64}},
		"no type":      {{Name: "a"}},
	} {
		if _, err := NewSchema(columns); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// BenchmarkSmallFile is one file of three rows, as a history of years makes thousands.
func BenchmarkSmallFile(b *testing.B) {
	benchmarkFile(b, 3)
}

func BenchmarkLargeFile(b *testing.B) {
	benchmarkFile(b, 100_000)
}

func benchmarkFile(b *testing.B, n int) {
	var columns []Column
	for i := range 10 {
		columns = append(columns, Column{Name: fmt.Sprintf("c%d", i), Type: []Type{Text, Int64, Float64}[i%3]})
	}
	columns = append(columns, Column{Name: "write_time", Type: Instant}, Column{Name: "api_invocation_time", Type: Instant}, Column{Name: "is_deleted", Type: Boolean})
	rng := rand.New(rand.NewPCG(1, 2))
	rows := make([][]any, n)
	for i := range rows {
		for j, c := range columns {
			v := randomValue(rng, c.Type, 0)
			if j == 0 {
				v = fmt.Sprintf("customer-%06d", i)
			} else if c.Type == Text {
				v = []string{"red", "green", "blue", "yellow"}[rng.IntN(4)]
			}
			rows[i] = append(rows[i], v)
		}
	}
	var out bytes.Buffer
	s := schemaOf(b, columns)
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		write(b, NewWriter(&out, s), rows)
	}
	b.ReportMetric(float64(out.Len()), "bytes/file")
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
