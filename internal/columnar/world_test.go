package columnar_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/columnar"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// A world is a Store over an embedded store in memory.
type world struct {
	t      testing.TB
	groups *featurestore.Store
	*columnar.Store
}

func now() time.Time { return time.Unix(1_700_000_000, 0) }

func newWorld(t testing.TB, o featurestore.Options) *world {
	t.Helper()
	db, err := embedded.Open("db", vfs.NewMem(), embedded.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	o.Account, o.Region, o.Now, o.Extensions = "123456789012", "us-east-1", now, true
	w := &world{t: t, groups: featurestore.New(db.Groups(), db.Records(), nil, nil, o)}
	w.Store = columnar.New(w.groups)
	return w
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// group makes the group "g" of an online store, of the features id, at (Fractional) and f000 to so many, of which the
// types take turns.
func (w *world) group(features int, change func(*feature.Group)) {
	w.t.Helper()
	g := &feature.Group{
		Name: "g", RecordIdentifier: "id", EventTime: "at", Online: &feature.Online{StorageType: feature.InMemory},
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.Fractional}},
	}
	for i := range features {
		g.Definitions = append(g.Definitions, feature.Definition{
			Name: feature.Name(fmt.Sprintf("f%03d", i)), Type: [...]feature.Type{feature.Integral, feature.String, feature.Fractional}[i%3],
		})
	}
	if change != nil {
		change(g)
	}
	_, err := w.groups.CreateGroup(w.t.Context(), g)
	w.check(err)
}

// rows writes a stream of one batch of so many records of the group "g".
func rows(t testing.TB, n, features int) []byte {
	t.Helper()
	fields := []arrow.Field{{Name: "id", Type: arrow.BinaryTypes.String}, {Name: "at", Type: arrow.PrimitiveTypes.Float64}}
	for i := range features {
		fields = append(fields, arrow.Field{
			Name: fmt.Sprintf("f%03d", i), Type: [...]arrow.DataType{arrow.PrimitiveTypes.Int64, arrow.BinaryTypes.String, arrow.PrimitiveTypes.Float64}[i%3],
		})
	}
	return stream(t, fields, func(b *array.RecordBuilder) {
		for r := range n {
			b.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("entity-%08d", r))
			b.Field(1).(*array.Float64Builder).Append(1_700_000_000)
			for i := range features {
				switch f := b.Field(2 + i).(type) {
				case *array.Int64Builder:
					f.Append(int64(r * i))
				case *array.StringBuilder:
					f.Append(fmt.Sprintf("segment-%d", i))
				case *array.Float64Builder:
					f.Append(float64(r) / 8)
				}
			}
		}
	})
}

func stream(t testing.TB, fields []arrow.Field, fill func(*array.RecordBuilder)) []byte {
	t.Helper()
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	fill(b)
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	if err := errors.Join(w.Write(b.NewRecordBatch()), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func ids(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("entity-%08d", i)
	}
	return all
}
