package dataset_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// A world is a Store of datasets over the stores on one file system in memory, with a group of customers. SQL is not
// linked here: the suite of the Python environment data has labels of queries.
type world struct {
	*dataset.Store
	t       *testing.T
	fs      vfs.FS
	db      *embedded.Store
	buckets *bucket.Store
	tables  *table.Store
	groups  *featurestore.Store
	imports *ingest.Store
	joiner  *dataset.Joiner
	queries *query.Store
	engine  query.Engine // nil if there is no SQL
}

func newWorld(t *testing.T, o dataset.Options) *world {
	t.Helper()
	return newWorldOn(t, vfs.NewMem(), nil, o)
}

// newWorldOn is newWorld on a file system, with an engine for labels of queries.
func newWorldOn(t *testing.T, fs vfs.FS, engine query.Engine, o dataset.Options) *world {
	t.Helper()
	w := &world{t: t, fs: fs, engine: engine}
	w.open(o)
	t.Cleanup(func() { w.close() })
	w.check(w.buckets.CreateBucket(t.Context(), "lake"))
	_, err := w.groups.CreateGroup(t.Context(), &feature.Group{
		Name: "customers", RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String}, {Name: "spent", Type: feature.Fractional}, {Name: "city", Type: feature.String}},
		Offline:     &feature.Offline{S3URI: "s3://lake/features"}, RoleARN: "arn:aws:iam::123456789012:role/features",
	})
	w.check(err)
	return w
}

func (w *world) open(o dataset.Options) {
	w.t.Helper()
	var err error
	w.db, err = embedded.Open("data/db", w.fs, embedded.Options{Fatal: func(err error) { panic(err) }})
	w.check(err)
	blobs, err := blob.Open("data/blobs", w.fs)
	w.check(err)
	w.buckets = bucket.New(w.db.Objects(), blobs, bucket.Options{Account: "123456789012", Region: "us-east-1"})
	w.tables = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{Groups: w.db.Groups().List})
	w.groups = featurestore.New(w.db.Groups(), w.db.Records(), w.tables, w.buckets, featurestore.Options{Account: "123456789012", Region: "us-east-1"})
	w.imports = ingest.New(w.groups, w.db.Imports(), w.db.Imports(), w.tables, w.buckets, ingest.Options{Dir: "data/imports", FS: w.fs})
	w.check(w.imports.Resume(context.Background()))
	w.queries = query.New(w.db.Executions(), w.tables, w.db.Offline(), w.buckets, w.engine, query.Options{Account: "123456789012", Region: "us-east-1"})
	o.Dir, o.FS, o.Release = "data/datasets", w.fs, "test"
	w.joiner = dataset.NewJoiner(w.groups, asof.New(w.buckets, asof.Options{}), o)
	w.Store = dataset.New(dataset.Parts{
		Datasets: w.db.Datasets(), Offline: w.db.Offline(), Tables: w.tables, Buckets: w.buckets, Imports: w.imports, Joiner: w.joiner, Queries: w.queries,
	})
	w.check(w.Resume(context.Background()))
}

func (w *world) close() {
	w.t.Helper()
	w.check(errors.Join(w.Store.Close(), w.queries.Close(), w.imports.Close(), w.db.Close()))
}

// restart ends the process in order and begins another.
func (w *world) restart() {
	w.t.Helper()
	w.close()
	w.open(dataset.Options{})
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) put(id, at, spent string) {
	w.t.Helper()
	w.check(w.groups.Put(w.t.Context(), &featurestore.Put{
		Group: "customers", Fields: []feature.Field{{Name: "id", Text: id}, {Name: "at", Text: at}, {Name: "spent", Text: spent}}, Accepted: time.Now(),
	}))
}

// upload puts a CSV file of labels into the bucket.
func (w *world) upload(text string) string {
	w.t.Helper()
	_, err := w.buckets.Put(w.t.Context(), bucket.ObjectRef{Bucket: "lake", Key: "labels.csv"}, strings.NewReader(text), bucket.Content{}, nil)
	w.check(err)
	return "s3://lake/labels.csv"
}

func spec(source string) dataset.Spec {
	return dataset.Spec{Labels: dataset.Labels{Source: source, Time: "when"}, Groups: []dataset.GroupSpec{{Group: "customers"}}}
}

// ready makes a dataset that must be Ready.
func (w *world) ready(name dataset.Name, s dataset.Spec) *dataset.Dataset {
	w.t.Helper()
	d, err := w.Start(w.t.Context(), name, s, "me")
	w.check(err)
	d, err = w.Wait(w.t.Context(), d.Ref())
	w.check(err)
	if d.Status != dataset.Ready {
		w.t.Fatalf("dataset %s is %s: %s", d.Ref(), d.Status, d.Failure)
	}
	return d
}

// csv downloads a dataset.
func (w *world) csv(r dataset.Ref) string {
	w.t.Helper()
	var out strings.Builder
	w.check(w.Download(w.t.Context(), r, dataset.CSV, "me", func(*dataset.Dataset) (io.Writer, error) { return &out, nil }))
	return out.String()
}

func collect[T any](t *testing.T, all iter.Seq2[*T, error]) []*T {
	t.Helper()
	var every []*T
	for v, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		every = append(every, v)
	}
	return every
}

func stamp(i int) string {
	return time.Unix(1_700_000_000+int64(i), 0).UTC().Format(time.RFC3339)
}

// manyLabels are rows for identifiers 0 to 9, one a second.
func manyLabels(rows int) string {
	var b strings.Builder
	b.WriteString("id,when,label\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,%s,%d\n", i%10, stamp(i), i)
	}
	return b.String()
}
