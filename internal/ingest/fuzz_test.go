package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

func fuzzGroup() *feature.Group {
	return &feature.Group{
		Name: "g", RecordIdentifier: "id", EventTime: "at", Online: &feature.Online{StorageType: feature.InMemory},
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String},
			{Name: "N", Type: feature.Integral}, {Name: "x", Type: feature.Fractional}, {Name: "l", Type: feature.String, Collection: feature.List}},
	}
}

// counter gives out write times.
type counter struct {
	Loader
	last feature.Position
}

func (c *counter) Reserve(n int64) feature.Position {
	first := c.last + 1
	c.last += feature.Position(n)
	return first
}

// takeAll reads a source and returns the rows that it takes as records, and how many it refuses.
func takeAll(t *testing.T, g *feature.Group, read func(*intake) error) ([]*feature.Record, int64, error) {
	t.Helper()
	refused, err := createErrorFile(vfs.NewMem(), "errors")
	if err != nil {
		t.Fatal(err)
	}
	in := &intake{ctx: context.Background(), group: g, idAt: g.Ordinal(g.RecordIdentifier), size: math.MaxInt, loader: &counter{}, errors: refused, chunk: &chunk{}, most: -1}
	err = read(in)
	if len(in.chunk.refs)+int(in.refused.Load()) != int(in.read.Load()) {
		t.Errorf("%d taken and %d refused of %d read", len(in.chunk.refs), in.refused.Load(), in.read.Load())
	}
	var all []*feature.Record
	var made recorder
	for _, r := range in.chunk.refs {
		rec := made.record(in.chunk.row(r), in.idAt, 0)
		rec.Position = 0
		all = append(all, rec)
	}
	return all, in.refused.Load(), err
}

// checkAll holds that what was taken is what a put would have let in.
func checkAll(t *testing.T, g *feature.Group, records []*feature.Record) {
	t.Helper()
	for _, r := range records {
		var fields []feature.Field
		for _, v := range r.Values {
			fields = append(fields, feature.Field{Name: g.Definitions[v.Ordinal].Name, Text: v.Text, List: v.List, Listed: v.List != nil})
		}
		want, err := g.Check(fields)
		if err != nil {
			t.Errorf("%v was taken, and a put refuses it: %v", r.Values, err)
		} else if diff := cmp.Diff(want, r); diff != "" {
			t.Errorf("taken (-put +import):\n%s", diff)
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("id,at,N,x\na,2023-11-14T20:00:00Z,1,2.5\n\"b\"\"\",2023-11-14T20:00:00Z,,\n"))
	f.Add([]byte("\xef\xbb\xbfat,id\r\n\"2023-11-14T20:00:00Z\n\",x\r\n1700000000,\"y\"z\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		g := fuzzGroup()
		records, _, err := takeAll(t, g, func(in *intake) error { return readCSV(bytes.NewReader(content), in) })
		if err != nil && feature.KindOf(err) != feature.Invalid {
			t.Errorf("the source is at fault, and the error is %v", err)
		}
		checkAll(t, g, records)
	})
}

// FuzzJSONL holds that an object is read as encoding/json reads it.
func FuzzJSONL(f *testing.F) {
	f.Add([]byte(`{"id":"a","at":"2023-11-14T20:00:00Z","N":1,"x":2.50,"l":["a","b",3]}`))
	f.Add([]byte("{ \"id\" : \"\\u00e9\\\"\" ,\t\"at\":1700000000 , \"N\" : null , \"x\":-1e-7, \"l\":[ ] }\n{}\n[]"))
	f.Add([]byte(`{"id":true,"at":"x\ud800","l":[[1]],"N":{"a":1}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		g := fuzzGroup()
		records, _, err := takeAll(t, g, func(in *intake) error { return readJSONL(bytes.NewReader(content), in) })
		if err != nil {
			t.Errorf("every line is a row, and the error is %v", err)
		}
		checkAll(t, g, records)
		d := newObjectDecoder(g, nil)
		for line := range bytes.Lines(content) {
			line = bytes.TrimSpace(line)
			if len(line) == 0 {
				continue
			}
			fields, err := d.decode(line)
			var want map[string]any
			decoder := json.NewDecoder(bytes.NewReader(line))
			decoder.UseNumber()
			if decoder.Decode(&want) != nil || want == nil || !json.Valid(line) {
				if err == nil {
					t.Errorf("%q is no object and is read as %v", line, fields)
				}
				continue
			}
			if err != nil {
				continue // not every object is a row
			}
			for _, f := range fields {
				if text, ok := want[string(f.Name)].(string); ok && text != strings.ToValidUTF8(f.Text, "\ufffd") && !twice(fields, f.Name) && len(text) == len(f.Text) {
					t.Errorf("%q: the feature %s is %q, want %q", line, f.Name, f.Text, text)
				}
				if n, ok := want[string(f.Name)].(json.Number); ok && string(n) != f.Text && !twice(fields, f.Name) {
					t.Errorf("%q: the feature %s is %q, want %q", line, f.Name, f.Text, n)
				}
			}
		}
	})
}

func twice(fields []feature.Field, name feature.Name) bool {
	n := 0
	for _, f := range fields {
		if f.Name == name {
			n++
		}
	}
	return n > 1
}

func FuzzParquet(f *testing.F) {
	schema, err := parquet.NewSchema([]parquet.Column{{Name: "id", Type: parquet.Text}, {Name: "at", Type: parquet.Instant}, {Name: "N", Type: parquet.Int64}, {Name: "x", Type: parquet.Float64}, {Name: "l", Type: parquet.Text, List: true}})
	if err != nil {
		f.Fatal(err)
	}
	var whole bytes.Buffer
	w := parquet.NewWriter(&whole, schema)
	for i := range 20 {
		if err := w.Write([]any{"id" + strconv.Itoa(i), nil, int64(i), float64(i), []any{"a", "b"}}); err != nil {
			f.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 1<<16 {
			return
		}
		g := fuzzGroup()
		records, _, err := takeAll(t, g, func(in *intake) error {
			return readParquet(bytes.NewReader(content), int64(len(content)), in, func(int64, int64) {})
		})
		if err != nil && feature.KindOf(err) != feature.Invalid {
			t.Errorf("the source is at fault, and the error is %v", err)
		}
		checkAll(t, g, records)
	})
}

// FuzzOnline holds that no bytes of the file of online records make a reader fall over.
func FuzzOnline(f *testing.F) {
	fs := vfs.NewMem()
	if _, err := writeOnline(fs, "f", func(yield func(row) error) error {
		b := appendRecord(nil, 0, &feature.Record{ID: "a", Values: []feature.Value{{Ordinal: 0, Text: "a"}, {Ordinal: 1, Text: "b"}}})
		endRow(b, 0, feature.EventTime{Sec: 1}, 2)
		return yield(b)
	}); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(onlineMagic))
	f.Fuzz(func(t *testing.T, content []byte) {
		fs := vfs.NewMem()
		file, err := fs.Create("f", category)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(bytes.Clone(content)); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := openOnline(fs, "f", 0)
		for err == nil {
			_, err = r.next()
		}
	})
}
