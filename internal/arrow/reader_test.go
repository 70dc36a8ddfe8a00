package arrow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/decimal128"
	"github.com/apache/arrow-go/v18/arrow/decimal256"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/larder-dev/larder/internal/parquet"
)

// readable are types that are read.
func readable() []arrow.DataType {
	text := arrow.BinaryTypes.String
	all := []arrow.DataType{
		arrow.PrimitiveTypes.Int8, arrow.PrimitiveTypes.Int16, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64,
		arrow.PrimitiveTypes.Uint8, arrow.PrimitiveTypes.Uint16, arrow.PrimitiveTypes.Uint32, arrow.PrimitiveTypes.Uint64,
		arrow.PrimitiveTypes.Float32, arrow.PrimitiveTypes.Float64, arrow.FixedWidthTypes.Boolean,
		text, arrow.BinaryTypes.LargeString, arrow.BinaryTypes.StringView,
		&arrow.TimestampType{Unit: arrow.Second}, &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: "Europe/Zurich"},
		&arrow.TimestampType{Unit: arrow.Microsecond}, &arrow.TimestampType{Unit: arrow.Nanosecond, TimeZone: "UTC"},
		arrow.FixedWidthTypes.Date32, arrow.FixedWidthTypes.Date64, arrow.Null,
		&arrow.Decimal128Type{Precision: 20, Scale: 3}, &arrow.Decimal128Type{Precision: 20, Scale: 0}, &arrow.Decimal256Type{Precision: 50, Scale: 5},
		&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: text},
		&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint16, ValueType: arrow.PrimitiveTypes.Int64},
		arrow.FixedSizeListOf(3, arrow.PrimitiveTypes.Float32), arrow.LargeListOf(text),
	}
	for _, t := range all[:15] {
		all = append(all, arrow.ListOf(t))
	}
	return all
}

// stream writes batches of random rows, with nulls.
func stream(t testing.TB, rng *rand.Rand, types []arrow.DataType, batches ...int) []byte {
	t.Helper()
	var fields []arrow.Field
	for i, dt := range types {
		fields = append(fields, arrow.Field{Name: fmt.Sprintf("c%d", i), Type: dt, Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	for _, rows := range batches {
		b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
		for i := range types {
			for range rows {
				fill(t, rng, b.Field(i))
			}
		}
		if err := w.Write(b.NewRecordBatch()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// fill appends a random value.
func fill(t testing.TB, rng *rand.Rand, b array.Builder) {
	t.Helper()
	if rng.IntN(4) == 0 {
		b.AppendNull()
		return
	}
	text := strings.Repeat("aé", rng.IntN(12))
	at := arrow.Timestamp(rng.Int64N(4e12) - 2e12)
	switch b := b.(type) {
	case *array.ListBuilder:
		b.Append(true)
		for range rng.IntN(4) {
			fill(t, rng, b.ValueBuilder())
		}
	case *array.LargeListBuilder:
		b.Append(true)
		for range rng.IntN(4) {
			fill(t, rng, b.ValueBuilder())
		}
	case *array.FixedSizeListBuilder:
		b.Append(true)
		for range 3 {
			fill(t, rng, b.ValueBuilder())
		}
	case *array.TimestampBuilder:
		b.Append(at)
	case *array.Date32Builder:
		b.Append(arrow.Date32(rng.IntN(40_000) - 20_000))
	case *array.Date64Builder:
		b.Append(arrow.Date64((rng.Int64N(40_000) - 20_000) * 86_400_000))
	case *array.Decimal128Builder:
		b.Append(decimal128.FromI64(rng.Int64N(2e6) - 1e6))
	case *array.Decimal256Builder:
		b.Append(decimal256.FromI64(rng.Int64() - 1<<62))
	case *array.NullBuilder:
		b.AppendNull()
	case *array.StructBuilder:
		b.Append(true)
	case *array.Time32Builder:
		b.Append(arrow.Time32(rng.IntN(1000)))
	case *array.BooleanBuilder:
		b.Append(rng.IntN(2) == 0)
	case *array.Float32Builder:
		b.Append(float32(rng.NormFloat64()))
	case *array.Float64Builder:
		b.Append(rng.NormFloat64())
	case *array.StringBuilder:
		b.Append(text)
	case *array.LargeStringBuilder:
		b.Append(text)
	case *array.StringViewBuilder:
		b.Append(text)
	case *array.BinaryDictionaryBuilder:
		if err := b.AppendString(text); err != nil {
			t.Fatal(err)
		}
	default:
		if err := b.AppendValueFromString(fmt.Sprint(rng.IntN(100))); err != nil {
			t.Fatalf("%s: %v", b.Type(), err)
		}
	}
}

// library is what the library says of a value; null as "null".
func library(t *testing.T, a arrow.Array, i int) string {
	t.Helper()
	if a.IsNull(i) || a.DataType().ID() == arrow.NULL {
		return "null"
	}
	switch a := a.(type) {
	case array.ListLike:
		from, to := a.ValueOffsets(i)
		var texts []string
		for e := from; e < to; e++ {
			texts = append(texts, library(t, a.ListValues(), int(e)))
		}
		return fmt.Sprint(texts)
	case *array.Dictionary:
		return library(t, a.Dictionary(), a.GetValueIndex(i))
	case *array.Timestamp:
		at := a.Value(i).ToTime(a.DataType().(*arrow.TimestampType).Unit)
		return fmt.Sprintf("%d.%09d", at.Unix(), at.Nanosecond())
	case *array.Decimal128:
		return fixed(a.Value(i).BigInt(), a.DataType().(arrow.DecimalType).GetScale())
	case *array.Decimal256:
		return fixed(a.Value(i).BigInt(), a.DataType().(arrow.DecimalType).GetScale())
	case *array.Date32:
		return fmt.Sprint(a.Value(i).ToTime().Unix() / 86400)
	case *array.Date64:
		return fmt.Sprint(a.Value(i).ToTime().Unix() / 86400)
	case *array.Float32:
		return fmt.Sprint(float64(a.Value(i)))
	case *array.Float64:
		return fmt.Sprint(a.Value(i))
	case *array.StringView:
		return fmt.Sprintf("%q", a.Value(i))
	case array.StringLike:
		return fmt.Sprintf("%q", a.Value(i))
	}
	return a.ValueStr(i)
}

// fixed writes a decimal with all its digits.
func fixed(n *big.Int, scale int32) string {
	of := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)
	return new(big.Rat).SetFrac(n, of).FloatString(int(scale))
}

// shown writes a value as library does.
func shown(e parquet.Element) string {
	switch e.Kind {
	case parquet.OfBoolean:
		return fmt.Sprint(e.Int != 0)
	case parquet.OfUnsigned:
		return fmt.Sprint(uint64(e.Int))
	case parquet.OfSingle, parquet.OfDouble:
		return fmt.Sprint(e.Float)
	case parquet.OfText:
		return fmt.Sprintf("%q", e.Text)
	case parquet.OfDecimal:
		return string(e.Text)
	case parquet.OfInstant:
		return fmt.Sprintf("%d.%09d", e.Int, e.Nanos)
	}
	return fmt.Sprint(e.Int)
}

// cell writes a value of a batch as library does.
func cell(r *Reader, b *Batch, column, row int) string {
	switch {
	case b.Null(column, row):
		return "null"
	case !r.Columns[column].List:
		return shown(b.Value(column, row))
	}
	var texts []string
	for from, to := b.List(column, row); from < to; from++ {
		if b.ElementNull(column, from) {
			texts = append(texts, "null")
		} else {
			texts = append(texts, shown(b.Element(column, from)))
		}
	}
	return fmt.Sprint(texts)
}

// load reads a stream whole.
func load(stream []byte) (*Reader, error) {
	r, err := NewReader(stream)
	if err == nil {
		err = r.Load(1000)
	}
	return r, err
}

func TestAStreamReadsAsTheLibraryReadsIt(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 30 {
		in := stream(t, rng, readable(), rng.IntN(40), rng.IntN(3), rng.IntN(40))
		got, err := load(in)
		if err != nil {
			t.Fatal(err)
		}
		want, err := ipc.NewReader(bytes.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range got.Batches {
			if !want.Next() {
				t.Fatalf("the library has fewer batches: %v", want.Err())
			}
			batch := want.RecordBatch()
			if int64(b.Rows) != batch.NumRows() {
				t.Fatalf("%d rows, the library has %d", b.Rows, batch.NumRows())
			}
			for c := range got.Columns {
				for row := range b.Rows {
					if g, w := cell(got, b, c, row), library(t, batch.Column(c), row); g != w {
						t.Fatalf("row %d of a column of %s is %s; the library reads %s", row, got.Columns[c].Type, g, w)
					}
				}
			}
		}
		if want.Next() {
			t.Fatal("the library has another batch")
		}
	}
}

func TestWhatTheWriterWritesTheReaderReads(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var vectors []*parquet.Vector
	for _, c := range columns() {
		v, _ := random(rng, c, 50)
		vectors = append(vectors, v)
	}
	var out bytes.Buffer
	w, err := NewWriter(&out, columns())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(50, vectors), w.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := load(out.Bytes())
	if err != nil || r.Rows != 50 {
		t.Fatal(r, err)
	}
	for row := range 50 {
		if null := vectors[0].Null[row]; null != r.Batches[0].Null(0, row) || !null && string(vectors[0].TextOf(row)) != string(r.Batches[0].Value(0, row).Text) {
			t.Errorf("row %d is %s", row, cell(r, r.Batches[0], 0, row))
		}
	}
}

func TestEveryCutOffStreamIsDamaged(t *testing.T) {
	in := stream(t, rand.New(rand.NewPCG(3, 4)), readable(), 9, 7)
	for n := range in {
		if _, err := load(in[:n]); !errors.Is(err, ErrDamaged) {
			t.Fatalf("of %d bytes the first %d read with the error %v", len(in), n, err)
		}
	}
	if _, err := load(append(bytes.Clone(in), 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a byte after the end: %v", err)
	}
}

func TestWhatAStreamMayNotBe(t *testing.T) {
	one := []arrow.DataType{arrow.PrimitiveTypes.Int64}
	rng := rand.New(rand.NewPCG(5, 6))
	var zipped, delta bytes.Buffer
	schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: one[0], Nullable: true}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	b.Field(0).(*array.Int64Builder).AppendValues(make([]int64, 5000), nil)
	w := ipc.NewWriter(&zipped, ipc.WithSchema(schema), ipc.WithZstd())
	if err := errors.Join(w.Write(b.NewRecordBatch()), w.Close()); err != nil {
		t.Fatal(err)
	}
	schema = arrow.NewSchema([]arrow.Field{{Name: "c", Type: &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}}}, nil)
	b = array.NewRecordBuilder(memory.DefaultAllocator, schema)
	w = ipc.NewWriter(&delta, ipc.WithSchema(schema), ipc.WithDictionaryDeltas(true))
	for _, text := range []string{"a", "b"} {
		words := b.Field(0).(*array.BinaryDictionaryBuilder)
		if err := errors.Join(words.AppendString("a"), words.AppendString(text), w.Write(b.NewRecordBatch())); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		in   []byte
		want string
	}{
		{"compressed", zipped.Bytes(), "is compressed"},
		{"an Arrow file", []byte("ARROW1\x00\x00"), "is an Arrow file"},
		{"a delta", delta.Bytes(), "adds to a dictionary"},
		{"empty", nil, "does not begin as a message"},
		{"text", []byte(`{"Identifiers":[]}`), "does not begin as a message"},
		{"a structure", stream(t, rng, []arrow.DataType{arrow.StructOf()}, 1), "is struct"},
		{"half floats", stream(t, rng, []arrow.DataType{arrow.FixedWidthTypes.Float16}, 1), "is halffloat"},
		{"times", stream(t, rng, []arrow.DataType{arrow.FixedWidthTypes.Time32s}, 1), "is time"},
		{"lists of lists", stream(t, rng, []arrow.DataType{arrow.ListOf(arrow.ListOf(one[0]))}, 1), "is list<list<…>>"},
		{"a thousand and one rows", stream(t, rng, one, 500, 501), "more than 1000 rows"},
		{"many columns", stream(t, rng, make2501(), 1), "2501 columns"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := load(test.in); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v; want it to say %q", err, test.want)
			}
		})
	}
}

func make2501() []arrow.DataType {
	types := make([]arrow.DataType, 2501)
	for i := range types {
		types[i] = arrow.Null
	}
	return types
}

// FuzzReader holds that what Load lets in can be read to its end. It changes a word of the stream, so that one which is
// right is wrong in one place.
func FuzzReader(f *testing.F) {
	for i, dt := range readable() {
		f.Add(stream(f, rand.New(rand.NewPCG(uint64(i), 8)), []arrow.DataType{dt}, 3, 0, 9), uint16(0xffff), uint64(0))
	}
	f.Add(stream(f, rand.New(rand.NewPCG(9, 9)), readable(), 5), uint16(1<<10), uint64(1<<31))
	f.Fuzz(func(t *testing.T, in []byte, at uint16, n uint64) {
		if int(at)+8 <= len(in) {
			in = bytes.Clone(in)
			binary.LittleEndian.PutUint64(in[at:], n)
		}
		r, err := load(in)
		if err != nil {
			return
		}
		if seen := readAll(t, r); seen != r.Rows {
			t.Errorf("%d rows of %d", seen, r.Rows)
		}
	})
}

// readAll reads every value, and counts rows.
func readAll(t *testing.T, r *Reader) (rows int) {
	t.Helper()
	for _, b := range r.Batches {
		for c := range r.Columns {
			for row := range b.Rows {
				if cell(r, b, c, row) == "" {
					t.Error("a value is shown as nothing")
				}
			}
		}
		rows += b.Rows
	}
	return rows
}

// A length anywhere in a stream may be anything: nothing is read or made that is not in the stream.
func TestNoNumberOfAStreamIsBelieved(t *testing.T) {
	in := stream(t, rand.New(rand.NewPCG(10, 11)), readable(), 6)
	for at := 0; at+8 <= len(in); at += 4 {
		for _, n := range []uint64{0, 1, 1 << 20, 1 << 31, 1<<31 - 1, 1<<32 - 1, 1 << 40, 1<<63 - 1, 1 << 63, 1<<64 - 8} {
			wrong := bytes.Clone(in)
			binary.LittleEndian.PutUint64(wrong[at:], n)
			r, err := load(wrong)
			if err != nil {
				continue
			}
			readAll(t, r)
		}
	}
}
