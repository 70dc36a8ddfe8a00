package dataset

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/parquet"
)

// randomColumn makes rows of a type, with a null in four, and the canonical bytes of its cells as the page
// docs/formats/dataset.md has them.
func randomColumn(rng *rand.Rand, t Type, list bool, rows int) (*parquet.Vector, []byte) {
	v, want := &parquet.Vector{Kind: t.columnType().KindOf()}, []byte{}
	for range rows {
		if !list {
			want = append(want, randomCell(rng, v, t)...)
			continue
		}
		n := rng.IntN(4)
		present := n > 0 || rng.IntN(2) == 0
		v.Present = append(v.Present, present)
		if present {
			want = append(want, 1, byte(n))
		} else {
			want = append(want, 0)
		}
		for range n {
			want = append(want, randomCell(rng, v, t)...)
		}
		v.Ends = append(v.Ends, len(v.Null))
	}
	return v, want
}

func randomCell(rng *rand.Rand, v *parquet.Vector, t Type) []byte {
	null := rng.IntN(4) == 0
	v.Null = append(v.Null, null)
	n := rng.Int64N(100) - 50
	var cell []byte
	switch t {
	case Text:
		text := fmt.Sprintf("é%d", n)
		if !null {
			v.Text = append(v.Text, text...)
		}
		v.Offsets = append(v.Offsets, len(v.Text))
		cell = append([]byte{1, byte(len(text))}, text...)
	case Double:
		x := []float64{float64(n) / 7, math.NaN(), math.Float64frombits(0x7ff8000000000abc), math.Inf(-1), math.Copysign(0, -1)}[rng.IntN(5)]
		v.Floats = append(v.Floats, x)
		bits := math.Float64bits(x)
		if x != x {
			bits = 0x7ff8000000000000
		}
		cell = binary.BigEndian.AppendUint64([]byte{1}, bits)
	case Boolean:
		v.Ints = append(v.Ints, n&1)
		cell = []byte{1, byte(n & 1)}
	case Micros, Nanos:
		nanos := int32(rng.IntN(1000)) * 1000
		v.Ints, v.Nanos = append(v.Ints, n), append(v.Nanos, nanos)
		cell = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64([]byte{1}, uint64(n)), uint32(nanos))
	default:
		v.Ints = append(v.Ints, n)
		cell = binary.BigEndian.AppendUint64([]byte{1}, uint64(n))
	}
	if null {
		return []byte{0}
	}
	return cell
}

var allTypes = []Type{Text, Integer, Double, Boolean, Micros, Nanos}

func TestTheHashOfAColumnIsThatOfItsCanonicalBytes(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for _, typ := range allTypes {
		for _, list := range []bool{false, true} {
			const rows = 20_000
			v, cells := randomColumn(rng, typ, list, rows)
			sum := sha256.Sum256(cells)
			want := hex.EncodeToString(sum[:])
			whole := newColumnHash(list)
			whole.add(rows, v)
			parts := newColumnHash(list)
			for from := 0; from < rows; {
				to := min(rows, from+1+rng.IntN(5000))
				part := &parquet.Vector{Kind: v.Kind}
				part.Append(v, from, to)
				parts.add(to-from, part)
				from = to
			}
			if whole.hash() != want || parts.hash() != want {
				t.Errorf("%s, list %v: %s as a whole, %s in parts, want %s", typ, list, whole.hash(), parts.hash(), want)
			}
		}
	}
}

// The hash of a dataset is in other people's papers: it must not change.
func TestTheHashOfADatasetStaysWhatItIs(t *testing.T) {
	h := newColumnHash(false)
	v := &parquet.Vector{Kind: parquet.OfText, Null: []bool{false, true}, Text: []byte("a"), Offsets: []int{1, 1}}
	h.add(2, v)
	columns := []Column{{Name: "label", Type: Text, Hash: h.hash()}, {Name: "n", Type: Integer, List: true, Hash: newColumnHash(true).hash()}}
	const want = "v1:4031e5d5dc2953cc917facceb27bf8fa04d815d9044b2a2dac32923f01add80b"
	if got := hashOf(2, columns); got != want {
		t.Errorf("hash %s, want %s", got, want)
	}
	for name, other := range map[string]string{
		"rows":  hashOf(3, columns),
		"name":  hashOf(2, []Column{{Name: "labels", Type: Text, Hash: columns[0].Hash}, columns[1]}),
		"type":  hashOf(2, []Column{columns[0], {Name: "n", Type: Micros, List: true, Hash: columns[1].Hash}}),
		"list":  hashOf(2, []Column{columns[0], {Name: "n", Type: Integer, Hash: columns[1].Hash}}),
		"order": hashOf(2, []Column{columns[1], columns[0]}),
	} {
		if other == want {
			t.Errorf("another %s makes the same hash", name)
		}
	}
}

func TestStatisticsAreThoseOfTheValues(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	v := &parquet.Vector{Kind: parquet.OfInt}
	var values []int64
	sum := 0.0
	nulls := int64(0)
	for range 100_000 {
		n, null := rng.Int64N(20_000)-10_000, rng.IntN(10) == 0
		v.Ints, v.Null = append(v.Ints, n), append(v.Null, null)
		if null {
			nulls++
			continue
		}
		values = append(values, n)
		sum += float64(n)
	}
	s := &statistician{}
	s.add(len(v.Null), v)
	got := s.statistics()
	mean := sum / float64(len(values))
	want := Statistics{Values: int64(len(values)), Nulls: nulls, Distinct: got.Distinct, Min: fmt.Sprint(slices.Min(values)), Max: fmt.Sprint(slices.Max(values)), Mean: &mean}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	slices.Sort(values)
	if distinct := float64(len(slices.Compact(values))); math.Abs(float64(got.Distinct)/distinct-1) > 0.05 {
		t.Errorf("%d distinct values, and there are %v", got.Distinct, distinct)
	}
}

func TestStatisticsOfEveryType(t *testing.T) {
	mean := func(x float64) *float64 { return &x }
	for _, c := range []struct {
		name string
		list bool
		v    parquet.Vector
		want Statistics
	}{
		{"texts", false, parquet.Vector{Kind: parquet.OfText, Null: []bool{false, false, true}, Text: []byte("bab"), Offsets: []int{1, 3, 3}}, Statistics{Values: 2, Nulls: 1, Distinct: 2, Min: "ab", Max: "b"}},
		{"doubles with NaN and infinity", false, parquet.Vector{Kind: parquet.OfDouble, Null: make([]bool, 4), Floats: []float64{1.5, math.NaN(), math.Inf(1), 2.5}}, Statistics{Values: 4, Distinct: 4, Min: "1.5", Max: "Infinity", Mean: mean(2)}},
		{"nothing but NaN", false, parquet.Vector{Kind: parquet.OfDouble, Null: make([]bool, 1), Floats: []float64{math.NaN()}}, Statistics{Values: 1, Distinct: 1}},
		{"no values", false, parquet.Vector{Kind: parquet.OfInt, Null: []bool{true}, Ints: []int64{0}}, Statistics{Nulls: 1}},
		{"booleans", false, parquet.Vector{Kind: parquet.OfBoolean, Null: make([]bool, 2), Ints: []int64{1, 0}}, Statistics{Values: 2, Distinct: 2, Min: "false", Max: "true"}},
		{"instants", false, parquet.Vector{Kind: parquet.OfInstant, Null: make([]bool, 2), Ints: []int64{-1, -1}, Nanos: []int32{5, 0}}, Statistics{Values: 2, Distinct: 2, Min: "1969-12-31T23:59:59Z", Max: "1969-12-31T23:59:59.000000005Z"}},
		{"lists", true, parquet.Vector{Kind: parquet.OfInt, Null: make([]bool, 2), Ints: []int64{1, 2}, Present: []bool{true, false, true}, Ends: []int{2, 2, 2}}, Statistics{Values: 2, Nulls: 1}},
		{"a long text", false, parquet.Vector{Kind: parquet.OfText, Null: make([]bool, 1), Text: bytes.Repeat([]byte("é"), 65), Offsets: []int{130}}, Statistics{Values: 1, Distinct: 1, Min: long(63), Max: long(63)}},
	} {
		rows := len(c.v.Null)
		if c.list {
			rows = len(c.v.Ends)
		}
		s := &statistician{list: c.list}
		s.add(rows, &c.v)
		if diff := cmp.Diff(c.want, s.statistics()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func long(n int) string { return string(bytes.Repeat([]byte("é"), n)) + "…" }
