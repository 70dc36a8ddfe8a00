package export_test

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/export"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/table"
)

const (
	account = "123456789012"
	region  = "us-east-1"
	role    = "arn:aws:iam::123456789012:role/larder"
)

// A world is the embedded stores, imports and exports, on a file system in memory. It has the bucket
// "lake", and every reading of its clock is a second later.
type world struct {
	*export.Store
	t       testing.TB
	db      *embedded.Store
	groups  *featurestore.Store
	blobs   *blob.Store
	buckets *bucket.Store
	tables  *table.Store
	imports *ingest.Store
	clock   atomic.Int64
	faults  atomic.Pointer[func(op errorfs.Op) error] // of the blobs
}

func (w *world) now() time.Time { return time.Unix(1_700_000_000+w.clock.Add(1), 0).UTC() }

func newWorld(t testing.TB, memory int64) *world {
	t.Helper()
	w := &world{t: t}
	mem := vfs.NewMem()
	faulty := errorfs.Wrap(mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if f := w.faults.Load(); f != nil {
			return (*f)(op)
		}
		return nil
	}))
	w.db = must(embedded.Open("data/db", mem, embedded.Options{Now: w.now, Fatal: func(err error) { panic(err) }}))(t)
	w.blobs = must(blob.Open("data/blobs", faulty))(t)
	w.buckets = bucket.New(w.db.Objects(), w.blobs, bucket.Options{Account: account, Region: region, Now: w.now})
	w.tables = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{Groups: w.db.Groups().List, Now: w.now})
	w.groups = featurestore.New(w.db.Groups(), w.db.Records(), w.tables, w.buckets, featurestore.Options{Account: account, Region: region, Extensions: true, Now: w.now})
	w.imports = ingest.New(w.groups, w.db.Imports(), w.db.Imports(), w.tables, w.buckets, ingest.Options{Dir: "data/imports", FS: mem, Memory: 1 << 20, Now: w.now})
	check(t, w.imports.Resume(t.Context()))
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	w.Store = export.New(w.groups, w.tables, w.db.Offline(), w.buckets, export.Options{Memory: memory, Now: w.now})
	t.Cleanup(func() {
		check(t, w.Store.Close())
		check(t, w.imports.Close())
		check(t, w.db.Close())
	})
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

// definitions of the groups of most tests.
var definitions = []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String},
	{Name: "N", Type: feature.Integral}, {Name: "x", Type: feature.Fractional}, {Name: "s", Type: feature.String}}

// group makes a group with both stores.
func (w *world) group(name string, definitions []feature.Definition, change func(*feature.Group)) *feature.Group {
	w.t.Helper()
	asked := &feature.Group{
		Name: feature.GroupName(name), RecordIdentifier: "id", EventTime: "at", Definitions: definitions,
		Online: &feature.Online{}, Offline: &feature.Offline{S3URI: "s3://lake/fs"}, RoleARN: role,
	}
	if change != nil {
		change(asked)
	}
	return must(w.groups.CreateGroup(w.t.Context(), asked))(w.t)
}

// put puts a record of the texts of the definitions of g; "-" is null.
func (w *world) put(g *feature.Group, texts ...string) {
	w.t.Helper()
	var fields []feature.Field
	for i, text := range texts {
		if text != "-" {
			fields = append(fields, feature.Field{Name: g.Definitions[i].Name, Text: text})
		}
	}
	check(w.t, w.groups.Put(w.t.Context(), &featurestore.Put{Group: feature.GroupRef(g.Name), Fields: fields, Accepted: w.now()}))
}

func (w *world) remove(g *feature.Group, id, at string) {
	w.t.Helper()
	check(w.t, w.groups.Delete(w.t.Context(), &featurestore.Delete{Group: feature.GroupRef(g.Name), ID: id, EventTime: at, Accepted: w.now()}))
}

// files carries out an export and returns its files.
func (w *world) files(r *export.Request) ([]string, *export.Result) {
	w.t.Helper()
	var all []*bytes.Buffer
	result, err := w.Write(w.t.Context(), r, func() (io.Writer, error) {
		all = append(all, &bytes.Buffer{})
		return all[len(all)-1], nil
	})
	check(w.t, err)
	texts := make([]string, len(all))
	for i := range all {
		texts[i] = all[i].String()
	}
	if result.Files != len(texts) {
		w.t.Fatalf("%d files were made, the result is %+v", len(texts), result)
	}
	return texts, result
}

// text is the one file of an export.
func (w *world) text(r *export.Request) string {
	w.t.Helper()
	files, _ := w.files(r)
	if len(files) != 1 {
		w.t.Fatalf("%d files, want one", len(files))
	}
	return files[0]
}

// object puts an object into the bucket.
func (w *world) object(key, content string) {
	w.t.Helper()
	must(w.buckets.Put(w.t.Context(), bucket.ObjectRef{Bucket: "lake", Key: key}, bytes.NewReader([]byte(content)), bucket.Content{}, nil))(w.t)
}

// read returns the bytes of an object of the bucket.
func (w *world) read(key string) string {
	w.t.Helper()
	o := must(w.buckets.Get(w.t.Context(), bucket.ObjectRef{Bucket: "lake", Key: key}))(w.t)
	r := must(w.buckets.Open(w.t.Context(), o))(w.t)
	text := must(io.ReadAll(r))(w.t)
	check(w.t, r.Close())
	return string(text)
}

// keys are those of the bucket that begin so.
func (w *world) keys(prefix string) []string {
	w.t.Helper()
	all := []string{}
	for o, err := range w.buckets.List(w.t.Context(), "lake", prefix, "") {
		check(w.t, err)
		all = append(all, o.Key)
	}
	return all
}

// load imports a file into a group.
func (w *world) load(g *feature.Group, name, content string) *ingest.Import {
	w.t.Helper()
	w.object(name, content)
	i := must(w.imports.Start(w.t.Context(), &ingest.Request{Group: feature.GroupRef(g.Name), Sources: []ingest.Source{{URI: "s3://lake/" + name}}}))(w.t)
	return must(w.imports.Wait(w.t.Context(), i.ID))(w.t)
}

// held returns what is held online of g, by identifier.
func (w *world) held(g *feature.Group) map[string]string {
	w.t.Helper()
	all := map[string]string{}
	for r, err := range w.db.Records().Scan(w.t.Context(), g.ID, "") {
		check(w.t, err)
		text := fmt.Sprintf("%v %v", r.EventTime, r.Deleted)
		for _, v := range r.Values {
			text += fmt.Sprintf(" %d=%q%q", v.Ordinal, v.Text, v.List)
		}
		all[r.ID] = text
	}
	return all
}
