package asof_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// A world is the embedded stores on a file system in memory.
type world struct {
	*table.Store
	t       testing.TB
	db      *embedded.Store
	buckets *bucket.Store
	fs      *vfs.MemFS
	ahead   atomic.Int64 // of the clock
	groups  int
}

const theBucket = "features"

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, fs: vfs.NewMem()}
	w.db = must(embedded.Open("data/db", w.fs, embedded.Options{Fatal: func(err error) { panic(err) }}))(t)
	t.Cleanup(func() { check(t, w.db.Close()) })
	now := func() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }
	w.buckets = bucket.New(w.db.Objects(), must(blob.Open("data/blobs", w.fs))(t), bucket.Options{Account: "123456789012", Region: "us-east-1", Now: now})
	w.Store = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{
		Now: now, Runs: table.Runs{Files: 2},
		Groups: func(ctx context.Context) iter.Seq2[*feature.Group, error] { return w.db.Groups().List(ctx) },
	})
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

// group makes a group whose features are id, at, N (Integral), x (Fractional), s and a list of texts.
func (w *world) group(id, at feature.Type) *feature.Group {
	w.t.Helper()
	w.groups++
	asked := &feature.Group{
		Name: feature.GroupName(fmt.Sprintf("g%d", w.groups)), RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: id}, {Name: "at", Type: at}, {Name: "N", Type: feature.Integral},
			{Name: "x", Type: feature.Fractional}, {Name: "s", Type: feature.String}, {Name: "list", Type: feature.String, Collection: feature.List}},
		Online:  &feature.Online{StorageType: feature.InMemory},
		Offline: &feature.Offline{S3URI: "s3://" + theBucket + "/base"}, RoleARN: "arn:aws:iam::123456789012:role/r",
	}
	g := must(feature.NewGroup(asked, feature.Place{Account: "123456789012", Region: "us-east-1"}, time.Now(), true))(w.t)
	check(w.t, w.db.Groups().Create(w.t.Context(), g))
	check(w.t, w.Define(w.t.Context(), g))
	return g
}

// add puts a row, or deletes, as a call that came in at some time.
func (w *world) add(g *feature.Group, r *row) {
	w.t.Helper()
	ctx := w.t.Context()
	accepted := time.UnixMicro(r.invoked)
	if r.deleted {
		tombstone := must(g.Tombstone(r.id, r.at))(w.t)
		check(w.t, w.db.Records().Do(ctx, g, tombstone.ID, func(held *feature.Record) (feature.Decision, error) {
			return feature.DecideDelete(g, held, tombstone, feature.SoftDelete, feature.OfflineStore, accepted)
		}))
		return
	}
	put := must(g.Check(r.fields()))(w.t)
	check(w.t, w.db.Records().Do(ctx, g, put.ID, func(held *feature.Record) (feature.Decision, error) {
		return feature.DecidePut(g, held, put, feature.OfflineStore, accepted), nil
	}))
}

// waiting returns the positions of the entries that wait in the journal.
func (w *world) waiting(g *feature.Group) []feature.Position {
	w.t.Helper()
	snap := w.snapshot()
	var all []feature.Position
	for e, err := range snap.Entries(g.ID) {
		check(w.t, err)
		all = append(all, e.Position)
	}
	check(w.t, snap.Close())
	return all
}

func (w *world) snapshot() table.Snapshot {
	w.t.Helper()
	return must(w.db.Offline().Snapshot(w.t.Context()))(w.t)
}

// merge merges what can be merged, and makes runs of what is quiet.
func (w *world) merge() {
	w.t.Helper()
	for range 2 {
		w.ahead.Add(int64(7 * time.Hour))
		check(w.t, w.CompactDue(w.t.Context()))
	}
}

// foreign puts a file of somebody else into a folder of the group.
func (w *world) foreign(g *feature.Group, name string, columns []parquet.Column, rows [][]any) *bucket.Object {
	w.t.Helper()
	var file bytes.Buffer
	to := parquet.NewExport(&file, must(parquet.NewSchema(columns))(w.t))
	for _, row := range rows {
		check(w.t, to.Write(row))
	}
	check(w.t, to.Close())
	_, prefix := g.Offline.Location()
	ref := bucket.ObjectRef{Bucket: theBucket, Key: prefix + "/" + name}
	return must(w.buckets.Put(w.t.Context(), ref, &file, bucket.Content{}, nil))(w.t)
}
