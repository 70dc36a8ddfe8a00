package parquet

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func vectorColumns() []Column {
	return []Column{
		{Name: "text", Type: Text}, {Name: "int", Type: Int64}, {Name: "double", Type: Float64}, {Name: "boolean", Type: Boolean},
		{Name: "micros", Type: Instant}, {Name: "nanos", Type: InstantNanos}, {Name: "texts", Type: Text, List: true}, {Name: "ints", Type: Int64, List: true},
	}
}

// randomVectors makes rows with a null in four.
func randomVectors(rng *rand.Rand, columns []Column, rows int) []*Vector {
	vectors := make([]*Vector, len(columns))
	for i, c := range columns {
		v := &Vector{Kind: c.Type.KindOf()}
		for range rows {
			elements := 1
			if c.List {
				elements = rng.IntN(4)
				v.Present = append(v.Present, elements > 0 || rng.IntN(2) == 0)
			}
			for range elements {
				v.addRandom(rng, c.Type)
			}
			if c.List {
				v.Ends = append(v.Ends, len(v.Null))
			}
		}
		vectors[i] = v
	}
	return vectors
}

func (v *Vector) addRandom(rng *rand.Rand, t Type) {
	null := rng.IntN(4) == 0
	v.Null = append(v.Null, null)
	n := rng.Int64N(1000) - 500
	if null {
		n = 0
	}
	switch v.Kind {
	case OfText:
		if !null {
			v.Text = fmt.Appendf(v.Text, "text %d", n)
		}
		v.Offsets = append(v.Offsets, len(v.Text))
	case OfDouble:
		v.Floats = append(v.Floats, float64(n)/3)
	case OfBoolean:
		v.Ints = append(v.Ints, n&1)
	case OfInstant:
		v.Ints, v.Nanos = append(v.Ints, n), append(v.Nanos, 0)
		if t == InstantNanos && !null {
			v.Nanos[len(v.Nanos)-1] = 123_456_789
		}
	default:
		v.Ints = append(v.Ints, n)
	}
}

// part returns some rows of a vector as a caller would hand them over.
func part(v *Vector, of Column, from, to int) *Vector {
	p := &Vector{Kind: v.Kind}
	first, last := from, to
	if of.List {
		first = 0
		if from > 0 {
			first = v.Ends[from-1]
		}
		last = v.Ends[to-1]
		p.Present = v.Present[from:to]
		for _, e := range v.Ends[from:to] {
			p.Ends = append(p.Ends, e-first)
		}
	}
	p.Null = v.Null[first:last]
	switch v.Kind {
	case OfText:
		for e := first; e < last; e++ {
			p.Text = append(p.Text, v.TextOf(e)...)
			p.Offsets = append(p.Offsets, len(p.Text))
		}
	case OfDouble:
		p.Floats = v.Floats[first:last]
	case OfInstant:
		p.Ints, p.Nanos = v.Ints[first:last], v.Nanos[first:last]
	default:
		p.Ints = v.Ints[first:last]
	}
	return p
}

// writeVectors writes rows, so many at a time, the first by one thread, the second by two, and so on up to three.
func writeVectors(t *testing.T, columns []Column, vectors []*Vector, rows, batch int) []byte {
	t.Helper()
	schema, err := NewSchema(columns)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	threads := 0
	w := NewVectorWriter(&file, schema, func() int {
		threads = threads%3 + 1
		return threads
	})
	for from := 0; from < rows; from += batch {
		to := min(rows, from+batch)
		some := make([]*Vector, len(columns))
		for i := range columns {
			some[i] = part(vectors[i], columns[i], from, to)
		}
		if err := w.Write(to-from, some); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestVectorsAreReadAsTheyWereWritten(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng, columns := rand.New(rand.NewPCG(seed, 0)), vectorColumns()
	const rows = rowGroup + 5000
	want := randomVectors(rng, columns, rows)
	file := writeVectors(t, columns, want, rows, rows)
	for _, batch := range []int{BatchRows, 3 * BatchRows, rowGroup} {
		if !bytes.Equal(file, writeVectors(t, columns, want, rows, batch)) {
			t.Errorf("batches of %d rows make another file", batch)
		}
	}
	r, err := OpenReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	if r.Rows() != rows || !r.Fields[5].Nanos || r.Fields[4].Nanos {
		t.Errorf("%d rows, fields %+v", r.Rows(), r.Fields)
	}
	at := 0
	err = r.Read([]int{0, 1, 2, 3, 4, 5, 6, 7}, 1000, func(n int, got []*Vector) error {
		for i, c := range columns {
			if diff := cmp.Diff(part(want[i], c, at, at+n), part(got[i], c, 0, n)); diff != "" {
				return fmt.Errorf("column %s, rows from %d (-want +got):\n%s", c.Name, at, diff)
			}
		}
		at += n
		return nil
	})
	if err != nil || at != rows {
		t.Errorf("%d rows read, %v", at, err)
	}
}

func TestVectorsOfAnotherKindAreRefused(t *testing.T) {
	schema, err := NewSchema([]Column{{Name: "a", Type: Text}})
	if err != nil {
		t.Fatal(err)
	}
	w := NewVectorWriter(&bytes.Buffer{}, schema, nil)
	if err := w.Write(1, []*Vector{{Kind: OfInt, Ints: []int64{1}, Null: []bool{false}}}); err == nil {
		t.Error("a vector of numbers is taken for texts")
	}
	if err := w.Write(1, nil); err == nil {
		t.Error("no vectors are taken for one")
	}
}

func BenchmarkVectorWriter(b *testing.B) {
	columns := []Column{{Name: "a", Type: Float64}, {Name: "b", Type: Int64}, {Name: "c", Type: Text}}
	vectors := randomVectors(rand.New(rand.NewPCG(1, 2)), columns, rowGroup)
	schema, err := NewSchema(columns)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var file bytes.Buffer
		w := NewVectorWriter(&file, schema, nil)
		if err := w.Write(rowGroup, vectors); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*3*rowGroup/b.Elapsed().Seconds()/1e6, "Mcells/s")
}
