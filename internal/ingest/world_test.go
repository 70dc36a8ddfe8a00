package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/parquet/parquettest"
	"github.com/larder-dev/larder/internal/table"
)

const (
	account = "123456789012"
	region  = "us-east-1"
	role    = "arn:aws:iam::123456789012:role/larder"
)

// A world is the embedded stores and imports, on a file system in memory.
type world struct {
	*ingest.Store
	t       testing.TB
	fs      vfs.FS
	db      *embedded.Store
	groups  *featurestore.Store
	buckets *bucket.Store
	tables  *table.Store
}

// epoch is when every world's time stands still.
var epoch = time.Unix(1_700_000_000, 123_456_000)

func now() time.Time { return epoch }

// open opens the stores of fs. memory is that of ingest.Options.
func open(t testing.TB, fs vfs.FS, memory int64) *world {
	t.Helper()
	return openFaulty(t, fs, memory, nil)
}

// openFaulty is open, with imports that fail as faults say.
func openFaulty(t testing.TB, fs vfs.FS, memory int64, faults *faults) *world {
	t.Helper()
	return openIn(t, fs, "data", ingest.Options{Memory: memory, LocalFiles: true}, faults)
}

// openIn opens the stores in a directory of fs.
func openIn(t testing.TB, fs vfs.FS, dir string, o ingest.Options, faults *faults) *world {
	t.Helper()
	w := &world{t: t, fs: fs}
	w.db = must(embedded.Open(dir+"/db", fs, embedded.Options{Now: now, Fatal: func(err error) { panic(err) }}))(t)
	blobs := must(blob.Open(dir+"/blobs", fs))(t)
	w.buckets = bucket.New(w.db.Objects(), blobs, bucket.Options{Account: account, Region: region, Now: now})
	w.tables = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{Now: now})
	w.groups = featurestore.New(w.db.Groups(), w.db.Records(), w.tables, w.buckets, featurestore.Options{Account: account, Region: region, Extensions: true, Now: now})
	imports := &faultyImports{w.db.Imports(), faults}
	o.Dir, o.FS, o.Now, o.Retry = dir+"/imports", fs, now, time.Nanosecond
	w.Store = ingest.New(w.groups, imports, imports, w.tables, w.buckets, o)
	return w
}

func (w *world) close() {
	w.t.Helper()
	check(w.t, w.Store.Close())
	check(w.t, w.db.Close())
}

// newWorld is a world with the bucket "lake".
func newWorld(t testing.TB) *world {
	t.Helper()
	w := open(t, vfs.NewMem(), 1<<20)
	t.Cleanup(w.close)
	check(t, w.Resume(t.Context()))
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	return w
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// group makes a group with both stores, whose features are id, at, N (Integral), x (Fractional) and s.
func (w *world) group(name string, change func(*feature.Group)) *feature.Group {
	w.t.Helper()
	asked := &feature.Group{
		Name: feature.GroupName(name), RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String},
			{Name: "N", Type: feature.Integral}, {Name: "x", Type: feature.Fractional}, {Name: "s", Type: feature.String}},
		Online: &feature.Online{}, Offline: &feature.Offline{S3URI: "s3://lake/fs"}, RoleARN: role,
	}
	if change != nil {
		change(asked)
	}
	return must(w.groups.CreateGroup(w.t.Context(), asked))(w.t)
}

// put puts a record of the texts of the definitions of g; "-" is null.
func (w *world) put(g *feature.Group, texts ...string) error {
	var fields []feature.Field
	for i, text := range texts {
		if text != "-" {
			fields = append(fields, feature.Field{Name: g.Definitions[i].Name, Text: text})
		}
	}
	return w.groups.Put(w.t.Context(), &featurestore.Put{Group: feature.GroupRef(g.Name), Fields: fields, Accepted: now()})
}

func (w *world) delete(g *feature.Group, id, at string, mode feature.DeleteMode) error {
	return w.groups.Delete(w.t.Context(), &featurestore.Delete{Group: feature.GroupRef(g.Name), ID: id, EventTime: at, Mode: mode, Accepted: now()})
}

// file writes a source into the bucket and returns its URI.
func (w *world) file(name string, content []byte) string {
	w.t.Helper()
	ref := bucket.ObjectRef{Bucket: "lake", Key: "in/" + name}
	must(w.buckets.Put(w.t.Context(), ref, bytes.NewReader(content), bucket.Content{}, nil))(w.t)
	return "s3://lake/in/" + name
}

// load imports sources and waits for the end.
func (w *world) load(r ingest.Request, uris ...string) *ingest.Import {
	w.t.Helper()
	for _, uri := range uris {
		r.Sources = append(r.Sources, ingest.Source{URI: uri})
	}
	i := must(w.Start(w.t.Context(), &r))(w.t)
	return must(w.Wait(w.t.Context(), i.ID))(w.t)
}

// loaded is load of what must be Done.
func (w *world) loaded(g *feature.Group, uris ...string) *ingest.Import {
	w.t.Helper()
	i := w.load(ingest.Request{Group: feature.GroupRef(g.Name)}, uris...)
	if i.Status != ingest.Done {
		w.t.Fatalf("the import is %s: %s", i.Status, i.Failure)
	}
	return i
}

// held returns what is held online of g, by identifier: texts in order of definition.
func (w *world) held(g *feature.Group) map[string]string {
	w.t.Helper()
	all := map[string]string{}
	for r, err := range w.db.Records().Scan(w.t.Context(), g.ID, "") {
		check(w.t, err)
		text := fmt.Sprintf("%v %d %v", r.EventTime, r.TTL, r.Deleted)
		for _, v := range r.Values {
			text += fmt.Sprintf(" %d=%q%q", v.Ordinal, v.Text, v.List)
		}
		all[r.ID] = text
	}
	return all
}

// positions returns the positions that what is held remembers.
func (w *world) positions(g *feature.Group) map[string]feature.Position {
	w.t.Helper()
	all := map[string]feature.Position{}
	for r, err := range w.db.Records().Scan(w.t.Context(), g.ID, "") {
		check(w.t, err)
		all[r.ID] = r.Position
	}
	return all
}

// rows returns the rows of g's table, in files and in the journal, in the order of their write times.
func (w *world) rows(g *feature.Group) [][]any {
	w.t.Helper()
	snap := must(w.db.Offline().Snapshot(w.t.Context()))(w.t)
	defer func() { check(w.t, snap.Close()) }()
	t := must(snap.Table(g.Offline.Table.Database, g.Offline.Table.Table))(w.t)
	v := must(w.tables.View(w.t.Context(), snap, t))(w.t)
	defer func() { check(w.t, v.Close()) }()
	var all [][]any
	for _, f := range v.Files {
		all = append(all, w.fileRows(f.Path)...)
	}
	if v.Rows != nil {
		for row, err := range v.Rows {
			check(w.t, err)
			all = append(all, slices.Clone(row))
		}
	}
	slices.SortFunc(all, func(a, b []any) int { return writeTime(a).Compare(writeTime(b)) })
	return all
}

func writeTime(row []any) time.Time { return row[len(row)-3].(time.Time) }

// features is rows without the write and invocation times.
func features(rows [][]any) []string {
	all := []string{}
	for _, row := range rows {
		n := len(row) - 3
		all = append(all, fmt.Sprintf("%#v %v", row[:n], row[n+2]))
	}
	return all
}

func (w *world) fileRows(name string) [][]any {
	w.t.Helper()
	in := must(w.fs.Open(name))(w.t)
	data := must(io.ReadAll(in))(w.t)
	check(w.t, in.Close())
	return parquettest.Rows(w.t, data)
}

// refused returns the lines of the refused rows.
func (w *world) refused(i *ingest.Import) []string {
	w.t.Helper()
	r := must(w.Errors(context.Background(), i.ID))(w.t)
	text := string(must(io.ReadAll(r))(w.t))
	check(w.t, r.Close())
	return slices.DeleteFunc(strings.Split(text, "\n"), func(s string) bool { return s == "" })
}
