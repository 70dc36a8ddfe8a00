package table_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet/parquettest"
	"github.com/larder-dev/larder/internal/table"
)

// A world is the embedded stores on a file system in memory.
type world struct {
	*table.Store
	t       testing.TB
	db      *embedded.Store
	buckets *bucket.Store
	fs      vfs.FS
	ahead   atomic.Int64 // of the clock that flushes go by

	theGroup *feature.Group // of tests that have one
}

const theBucket = "features"

// open opens the stores of fs, made by an earlier world or not at all.
func open(t testing.TB, fs vfs.FS, o table.Options) *world {
	t.Helper()
	w := &world{t: t, fs: fs}
	w.db = must(embedded.Open("data/db", fs, embedded.Options{Fatal: func(err error) { panic(err) }}))(t)
	blobs := must(blob.Open("data/blobs", fs))(t)
	o.Now = func() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }
	w.buckets = bucket.New(w.db.Objects(), blobs, bucket.Options{Account: "123456789012", Region: "us-east-1", Now: o.Now})
	w.Store = table.New(w.db.Tables(), w.db.Offline(), w.buckets, o)
	return w
}

func (w *world) close() {
	w.t.Helper()
	if err := w.db.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// newWorld is a world with a bucket.
func newWorld(t testing.TB, o table.Options) *world {
	t.Helper()
	w := open(t, vfs.NewMem(), o)
	t.Cleanup(w.close)
	check(t, w.buckets.CreateBucket(t.Context(), theBucket))
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

// group makes a group and its table. Its features are id, at, N (Integral), x (Fractional), s.
func (w *world) group(name string, eventTime feature.Type) *feature.Group {
	w.t.Helper()
	asked := &feature.Group{
		Name: feature.GroupName(name), RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: eventTime},
			{Name: "N", Type: feature.Integral}, {Name: "x", Type: feature.Fractional}, {Name: "s", Type: feature.String}},
		Offline: &feature.Offline{S3URI: "s3://" + theBucket + "/base"}, RoleARN: "arn:aws:iam::123456789012:role/r",
	}
	g := must(feature.NewGroup(asked, feature.Place{Account: "123456789012", Region: "us-east-1"}, time.Now(), false))(w.t)
	check(w.t, w.db.Groups().Create(w.t.Context(), g))
	check(w.t, w.Define(w.t.Context(), g))
	return g
}

// put puts a record of the texts of id, at, N, x and s; "-" is null.
func (w *world) put(g *feature.Group, texts ...string) {
	w.t.Helper()
	check(w.t, w.tryPut(w.t.Context(), g, texts...))
}

func (w *world) tryPut(ctx context.Context, g *feature.Group, texts ...string) error {
	var fields []feature.Field
	for i, text := range texts {
		fields = append(fields, feature.Field{Name: g.Definitions[i].Name, Text: text, Null: text == "-"})
	}
	r, err := g.Check(fields)
	if err != nil {
		return err
	}
	return w.db.Records().Do(ctx, g, r.ID, func(held *feature.Record) (feature.Decision, error) {
		return feature.DecidePut(g, held, r, feature.OfflineStore, time.Now()), nil
	})
}

// remove appends a delete marker.
func (w *world) remove(g *feature.Group, id, at string) {
	w.t.Helper()
	r := must(g.Tombstone(id, at))(w.t)
	check(w.t, w.db.Records().Do(w.t.Context(), g, id, func(held *feature.Record) (feature.Decision, error) {
		return feature.DecideDelete(g, held, r, feature.SoftDelete, feature.OfflineStore, time.Now())
	}))
}

// objects returns the objects under a group's location, without their folder's marker.
func (w *world) objects(g *feature.Group) []*bucket.Object {
	w.t.Helper()
	name, prefix := g.Offline.Location()
	var all []*bucket.Object
	for o, err := range w.buckets.List(w.t.Context(), name, prefix+"/", "") {
		if feature.KindOf(err) == feature.NotFound {
			return nil // the bucket
		}
		check(w.t, err)
		all = append(all, o)
	}
	return all
}

// keys returns the keys of the objects below the location.
func (w *world) keys(g *feature.Group) []string {
	w.t.Helper()
	_, prefix := g.Offline.Location()
	var keys []string
	for _, o := range w.objects(g) {
		keys = append(keys, strings.TrimPrefix(o.Key, prefix+"/"))
	}
	return keys
}

// bytes returns the content of an object.
func (w *world) bytes(o *bucket.Object) []byte {
	w.t.Helper()
	r := must(w.buckets.Open(w.t.Context(), o))(w.t)
	data := must(io.ReadAll(r))(w.t)
	check(w.t, r.Close())
	return data
}

// fileRows reads the rows of a Parquet object, as a View's Rows would give them.
func (w *world) fileRows(o *bucket.Object) [][]any {
	w.t.Helper()
	return w.parquetRows(w.bytes(o))
}

// parquetRows reads the rows of a data file.
func (w *world) parquetRows(data []byte) [][]any {
	w.t.Helper()
	return parquettest.Rows(w.t, data)
}

// logTo logs to l.
func logTo(l *lines) *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// view opens a snapshot and the view of g's table in it.
func (w *world) view(g *feature.Group) (*table.View, table.Snapshot) {
	w.t.Helper()
	snap := must(w.db.Offline().Snapshot(w.t.Context()))(w.t)
	t := must(snap.Table(g.Offline.Table.Database, g.Offline.Table.Table))(w.t)
	return must(w.View(w.t.Context(), snap, t))(w.t), snap
}

// rows returns every row of g's table, in write-time order: those in files and those that wait.
func (w *world) rows(g *feature.Group) (flushed, waiting [][]any) {
	w.t.Helper()
	v, snap := w.view(g)
	for _, f := range v.Files {
		flushed = append(flushed, w.parquetRows(w.content(f))...)
	}
	if v.Rows != nil {
		for row, err := range v.Rows {
			check(w.t, err)
			waiting = append(waiting, slices.Clone(row))
		}
	}
	check(w.t, v.Close())
	check(w.t, snap.Close())
	byWriteTime(flushed)
	return flushed, waiting
}

func byWriteTime(rows [][]any) {
	slices.SortFunc(rows, func(a, b []any) int { return a[len(a)-3].(time.Time).Compare(b[len(b)-3].(time.Time)) })
}

// ids returns the identifiers of rows, sorted.
func ids(rows ...[][]any) []string {
	var all []string
	for _, rows := range rows {
		for _, row := range rows {
			all = append(all, row[0].(string))
		}
	}
	slices.Sort(all)
	return all
}

func numbers(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%06d", i))
	}
	return all
}

func epoch(i int) string { return strconv.Itoa(1_700_000_000 + i) }
