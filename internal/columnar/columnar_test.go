package columnar_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/larder-dev/larder/internal/columnar"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

func metered(read, write int64) func(*feature.Group) {
	return func(g *feature.Group) {
		g.Online.StorageType = feature.Standard
		g.Throughput = &feature.Throughput{Mode: feature.Provisioned, Read: &read, Write: &write}
	}
}

func TestARowBeyondTheUnitsIsRefusedAndSoAreLaterOnesOfItsIdentifier(t *testing.T) {
	w := newWorld(t, featurestore.Options{Throttle: true})
	w.group(0, metered(100, 400)) // and so five seconds' worth
	const most = 2000
	in := stream(t, []arrow.Field{{Name: "id", Type: arrow.BinaryTypes.String}, {Name: "at", Type: arrow.PrimitiveTypes.Float64}}, func(b *array.RecordBuilder) {
		for r := range most + 100 {
			id := fmt.Sprint("e", r)
			if r == most+99 {
				id = fmt.Sprint("e", most) // the first that is beyond, in another commit than that
			}
			b.Field(0).(*array.StringBuilder).Append(id)
			b.Field(1).(*array.Float64Builder).Append(float64(r))
		}
	})
	done, err := w.Write(t.Context(), &columnar.Write{Group: "g", Stream: in, Accepted: now()})
	w.check(err)
	if done.Taken != most || done.Refused != 100 || len(done.Refusals) != 100 {
		t.Fatalf("%d taken, %d refused, %d named", done.Taken, done.Refused, len(done.Refusals))
	}
	for i, r := range done.Refusals {
		if r.Row != most+1+i || feature.KindOf(r.Err) != feature.Throttled {
			t.Fatalf("refusal %d is of row %d: %v", i, r.Row, r.Err)
		}
	}
}

func TestAReadBeyondTheUnitsIsThrottled(t *testing.T) {
	w := newWorld(t, featurestore.Options{Throttle: true})
	w.group(0, metered(1, 100))
	var out bytes.Buffer
	err := w.Read(t.Context(), &columnar.Read{Group: "g", IDs: ids(10)}, &out)
	if feature.KindOf(err) != feature.Throttled || out.Len() != 0 {
		t.Errorf("%v, and %d bytes of an answer", err, out.Len())
	}
}

// Many rows of a dictionary may name one long text, and a stream of 300 KB is then records of gigabytes.
func TestALongTextOfADictionaryIsNoBomb(t *testing.T) {
	w := newWorld(t, featurestore.Options{})
	w.group(60, nil)
	word := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}
	fields := []arrow.Field{{Name: "id", Type: arrow.BinaryTypes.String}, {Name: "at", Type: arrow.PrimitiveTypes.Float64}}
	for i := 1; i < 60; i += 3 {
		fields = append(fields, arrow.Field{Name: fmt.Sprintf("f%03d", i), Type: word})
	}
	in := stream(t, fields, func(b *array.RecordBuilder) {
		for r := range 300 {
			b.Field(0).(*array.StringBuilder).Append(fmt.Sprint("e", r))
			b.Field(1).(*array.Float64Builder).Append(1)
			for i := 2; i < len(fields); i++ {
				if err := b.Field(i).(*array.BinaryDictionaryBuilder).AppendString(strings.Repeat("x", 300_000)); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
	done, err := w.Write(t.Context(), &columnar.Write{Group: "g", Stream: in, Accepted: now()})
	w.check(err)
	if done.Taken != 0 || done.Refused != 300 {
		t.Fatalf("%d of 1.8 GB were taken", done.Taken)
	}
	if text := done.Refusals[99].Err.Error(); done.Refusals[99].ID != "e99" || !strings.Contains(text, "350 KB") {
		t.Errorf("%s: %s", done.Refusals[99].ID, text)
	}
}

func TestALongIdentifierIsRefusedAndShownInShort(t *testing.T) {
	w := newWorld(t, featurestore.Options{})
	w.group(0, nil)
	in := stream(t, []arrow.Field{{Name: "id", Type: arrow.BinaryTypes.String}, {Name: "at", Type: arrow.PrimitiveTypes.Float64}}, func(b *array.RecordBuilder) {
		for _, n := range []int{2048, 2049, 400_000} {
			b.Field(0).(*array.StringBuilder).Append(strings.Repeat("x", n))
			b.Field(1).(*array.Float64Builder).Append(1)
		}
	})
	done, err := w.Write(t.Context(), &columnar.Write{Group: "g", Stream: in, Accepted: now()})
	w.check(err)
	if done.Taken != 1 || done.Refused != 2 {
		t.Fatalf("%+v", done)
	}
	for i, r := range done.Refusals {
		if r.Row != i+2 || r.ID != strings.Repeat("x", 64)+"…" {
			t.Errorf("row %d, %.100q: %v", r.Row, r.ID, r.Err)
		}
	}
}

func TestAWriteWhoseCallerHasGoneEnds(t *testing.T) {
	w := newWorld(t, featurestore.Options{})
	w.group(1, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if done, err := w.Write(ctx, &columnar.Write{Group: "g", Stream: rows(t, 10, 1), Accepted: now()}); !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v", done, err)
	}
}

// A stopper is a client that does something when it has got so many bytes.
type stopper struct {
	bytes.Buffer
	after int
	do    func() error
}

func (s *stopper) Write(p []byte) (int, error) {
	if s.after -= len(p); s.after < 0 && s.do != nil {
		if err := s.do(); err != nil {
			return 0, err
		}
		s.do = nil
	}
	return s.Buffer.Write(p)
}

func (w *world) filled(n, features int) {
	w.t.Helper()
	w.group(features, nil)
	done, err := w.Write(w.t.Context(), &columnar.Write{Group: "g", Stream: rows(w.t, n, features), Accepted: now()})
	w.check(err)
	if done.Taken != n {
		w.t.Fatalf("%d taken of %d: %v", done.Taken, n, done.Refusals)
	}
}

func TestAReadOfAGroupThatIsDeletedMeanwhileEndsWithAnError(t *testing.T) {
	for _, again := range []bool{false, true} {
		t.Run(fmt.Sprintf("and made again: %v", again), func(t *testing.T) {
			w := newWorld(t, featurestore.Options{})
			w.filled(3000, 1)
			out := &stopper{after: 10_000, do: func() error {
				err := w.groups.DeleteGroup(t.Context(), "g")
				if again {
					w.filled(3000, 1)
				}
				return err
			}}
			err := w.Read(t.Context(), &columnar.Read{Group: "g", IDs: ids(3000)}, out)
			if feature.KindOf(err) != feature.NotFound {
				t.Fatal(err)
			}
			r, err := ipc.NewReader(&out.Buffer)
			w.check(err)
			read := int64(0)
			for r.Next() {
				read += r.RecordBatch().NumRows()
			}
			if read == 0 || read == 3000 {
				t.Errorf("%d rows came before it", read)
			}
		})
	}
}

func TestAReadOfAGroupThatGrowsMeanwhileHasTheFeaturesOfItsBeginning(t *testing.T) {
	w := newWorld(t, featurestore.Options{})
	w.filled(3000, 1)
	out := &stopper{after: 10_000, do: func() error {
		more := []feature.Definition{{Name: "later", Type: feature.String}}
		if _, err := w.groups.UpdateGroup(t.Context(), "g", &feature.GroupUpdate{Additions: more}); err != nil {
			return err
		}
		return w.groups.Put(t.Context(), &featurestore.Put{Group: "g", Accepted: now(), Fields: []feature.Field{
			{Name: "id", Text: "entity-00002999"}, {Name: "at", Text: "1700000001"}, {Name: "later", Text: "x"}}})
	}}
	w.check(w.Read(t.Context(), &columnar.Read{Group: "g", IDs: ids(3000)}, out))
	r, err := ipc.NewReader(&out.Buffer)
	w.check(err)
	var last float64
	for r.Next() {
		times := r.RecordBatch().Column(1).(*array.Float64)
		last = times.Value(times.Len() - 1)
	}
	if err := r.Err(); err != nil || r.Schema().NumFields() != 3 || last != 1_700_000_001 {
		t.Errorf("%v; %v, the last event time is %v", err, r.Schema(), last)
	}
}

func TestAClientThatGoesAwayEndsTheRead(t *testing.T) {
	w := newWorld(t, featurestore.Options{})
	w.filled(3000, 1)
	gone := errors.New("gone")
	if err := w.Read(t.Context(), &columnar.Read{Group: "g", IDs: ids(3000)}, &stopper{after: 10_000, do: func() error { return gone }}); !errors.Is(err, gone) {
		t.Error(err)
	}
}

// However small the records before them are: large ones are not gathered by the thousand.
func TestLargeRecordsComeInSmallBatches(t *testing.T) {
	w := newWorld(t, featurestore.Options{})
	w.group(2, nil)
	const small, large, size = 1500, 200, 300_000
	put := func(id, text string) {
		w.check(w.groups.Put(t.Context(), &featurestore.Put{Group: "g", Accepted: now(), Fields: []feature.Field{
			{Name: "id", Text: id}, {Name: "at", Text: "1"}, {Name: "f001", Text: text}}}))
	}
	for _, id := range ids(small + large)[small:] {
		put(id, strings.Repeat("x", size))
	}
	put("entity-00000000", "small")
	in, out := io.Pipe()
	go func() {
		out.CloseWithError(w.Read(t.Context(), &columnar.Read{Group: "g", IDs: ids(small + large)}, out))
	}()
	r, err := ipc.NewReader(in)
	w.check(err)
	seen, held, most := int64(0), 0, 0
	for r.Next() {
		batch := r.RecordBatch()
		seen += batch.NumRows()
		texts := batch.Column(3).(*array.String)
		held += texts.Len() - texts.NullN()
		most = max(most, len(texts.ValueBytes()))
	}
	if r.Err() != nil || seen != small+large || held != large+1 || most > 34<<20 || most < 30<<20 {
		t.Errorf("%d rows, %d held, up to %d bytes a batch: %v", seen, held, most, r.Err())
	}
}

// A counter counts bytes.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func BenchmarkRead(b *testing.B) {
	w := newWorld(b, featurestore.Options{})
	const n = 10_000
	w.filled(n, 48)
	asked := &columnar.Read{Group: "g", IDs: ids(n)}
	b.ReportAllocs()
	for b.Loop() {
		var out counter
		w.check(w.Read(b.Context(), asked, &out))
	}
	b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkWrite(b *testing.B) {
	w := newWorld(b, featurestore.Options{})
	const n = 10_000
	w.group(8, nil)
	in := &columnar.Write{Group: "g", Stream: rows(b, n, 8), Accepted: now()}
	b.ReportAllocs()
	for b.Loop() {
		done, err := w.Write(b.Context(), in)
		w.check(err)
		if done.Taken != n {
			b.Fatal(done)
		}
	}
	b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "records/s")
}
