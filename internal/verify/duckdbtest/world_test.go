package duckdbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/duckdb/worker"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
	"github.com/larder-dev/larder/internal/verify"
)

// TestMain lets the test binary be the engine's worker too.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		if err := worker.Main(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

const (
	account = "123456789012"
	region  = "us-east-1"
	role    = "arn:aws:iam::123456789012:role/larder"
)

// A world is a feature store on a disk, and a verifier of it.
type world struct {
	*featurestore.Store
	t       testing.TB
	db      *embedded.Store
	buckets *bucket.Store
	tables  *table.Store
	engine  *duckdb.Pool
	clock   *clock
	// bend, if set, is how the verifier sees the store.
	bend func(table.Snapshot) table.Snapshot
}

// A clock stands still unless it is told to go on.
type clock struct {
	mu  sync.Mutex // guards now
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// noon is when every world begins.
var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

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

// openEngine opens an engine that several worlds may share.
func openEngine(t testing.TB) *duckdb.Pool {
	t.Helper()
	pool := must(duckdb.Open(duckdb.Options{Command: []string{must(os.Executable())(t), "worker"}, Scratch: t.TempDir() + "/scratch"}))(t)
	t.Cleanup(func() { check(t, pool.Close()) })
	return pool
}

func newWorld(t testing.TB, engine *duckdb.Pool) *world {
	t.Helper()
	w := &world{t: t, engine: engine, clock: &clock{now: noon}}
	dir := t.TempDir()
	w.db = must(embedded.Open(dir+"/db", vfs.Default, embedded.Options{Now: w.clock.Now, Fatal: func(err error) { panic(err) }}))(t)
	t.Cleanup(func() { check(t, w.db.Close()) })
	blobs := must(blob.Open(dir+"/blobs", vfs.Default))(t)
	w.buckets = bucket.New(w.db.Objects(), blobs, bucket.Options{Account: account, Region: region, Now: w.clock.Now})
	w.tables = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{Now: w.clock.Now})
	w.Store = featurestore.New(w.db.Groups(), w.db.Records(), w.tables, w.buckets,
		featurestore.Options{Account: account, Region: region, Extensions: true, Now: w.clock.Now})
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	return w
}

// asked is a group with both stores, of every type of feature.
func asked() *feature.Group {
	return &feature.Group{
		Name: "g", RecordIdentifier: "id", EventTime: "At",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "n", Type: feature.Integral}, {Name: "At", Type: feature.String},
			{Name: "X", Type: feature.Fractional}, {Name: "s", Type: feature.String}, {Name: "tags", Type: feature.String, Collection: feature.List},
			{Name: "v", Type: feature.Fractional, Collection: feature.Vector, Dimension: 2}},
		Online: &feature.Online{StorageType: feature.InMemory}, Offline: &feature.Offline{S3URI: "s3://lake/fs"}, RoleARN: role,
	}
}

func (w *world) create(g *feature.Group) *feature.Group {
	w.t.Helper()
	return must(w.CreateGroup(w.t.Context(), g))(w.t)
}

// second is the text of an event time, seconds before noon.
func second(n int) string { return noon.Add(time.Duration(n) * time.Second).Format(time.RFC3339) }

func scalar(name, text string) feature.Field {
	return feature.Field{Name: feature.Name(name), Text: text}
}

func list(name string, texts ...string) feature.Field {
	return feature.Field{Name: feature.Name(name), List: texts, Listed: true}
}

const both = feature.Stores(0)

func (w *world) put(id, at string, stores feature.Stores, ttl int64, more ...feature.Field) {
	w.t.Helper()
	p := &featurestore.Put{Group: "g", Fields: append([]feature.Field{scalar("id", id), scalar("At", at)}, more...), Stores: stores, Accepted: w.clock.Now()}
	if ttl > 0 {
		p.TTL = &feature.TTL{Unit: feature.Seconds, Value: ttl}
	}
	check(w.t, w.Put(w.t.Context(), p))
}

func (w *world) remove(id, at string, mode feature.DeleteMode, stores feature.Stores) {
	w.t.Helper()
	check(w.t, w.tryRemove(id, at, mode, stores))
}

func (w *world) tryRemove(id, at string, mode feature.DeleteMode, stores feature.Stores) error {
	return w.Delete(w.t.Context(), &featurestore.Delete{Group: "g", ID: id, EventTime: at, Mode: mode, Stores: stores, Accepted: w.clock.Now()})
}

func (w *world) expire() {
	w.t.Helper()
	must(w.Expire(w.t.Context()))(w.t)
}

func (w *world) flush() {
	w.t.Helper()
	check(w.t, w.tables.FlushNow(w.t.Context()))
}

// verify compares the stores of g.
func (w *world) verify() *verify.Report {
	w.t.Helper()
	return w.verifyWith(verify.Options{})
}

func (w *world) verifyWith(o verify.Options) *verify.Report {
	w.t.Helper()
	o.Now = w.clock.Now
	v := verify.New(w.db.Groups(), w.tables, bent{w.db.Offline(), w.bend}, w.engine, o)
	return must(v.Group(w.t.Context(), "g", 10))(w.t)
}

// bent is a store that shows what is not there.
type bent struct {
	table.Offline
	bend func(table.Snapshot) table.Snapshot
}

func (b bent) Snapshot(ctx context.Context) (table.Snapshot, error) {
	s, err := b.Offline.Snapshot(ctx)
	if err == nil && b.bend != nil {
		s = b.bend(s)
	}
	return s, err
}

// bentRecords is a snapshot that holds other records.
type bentRecords struct {
	table.Snapshot
	change func([]*feature.Record) []*feature.Record
}

func (b bentRecords) Records(g feature.GroupID) iter.Seq2[*feature.Record, error] {
	return changed(b.Snapshot.Records(g), b.change)
}

// bentEntries is a snapshot with another journal.
type bentEntries struct {
	table.Snapshot
	change func([]*feature.Entry) []*feature.Entry
}

func (b bentEntries) Entries(g feature.GroupID) iter.Seq2[*feature.Entry, error] {
	return changed(b.Snapshot.Entries(g), b.change)
}

func changed[T any](all iter.Seq2[T, error], change func([]T) []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var list []T
		for v, err := range all {
			if err != nil {
				yield(v, err)
				return
			}
			list = append(list, v)
		}
		for _, v := range change(list) {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func (w *world) bendRecords(change func([]*feature.Record) []*feature.Record) {
	w.bend = func(s table.Snapshot) table.Snapshot { return bentRecords{s, change} }
}

func (w *world) bendEntries(change func([]*feature.Entry) []*feature.Entry) {
	w.bend = func(s table.Snapshot) table.Snapshot { return bentEntries{s, change} }
}

// flushChanged flushes what waits, and then changes the rows of the file with the first of them.
func (w *world) flushChanged(g *feature.Group, change func(rows [][]any) [][]any) {
	w.t.Helper()
	snap := must(w.db.Offline().Snapshot(w.t.Context()))(w.t)
	columns := must(w.tables.GroupView(w.t.Context(), snap, g))(w.t)
	var rows [][]any
	for e, err := range snap.Entries(g.ID) {
		check(w.t, err)
		row := make([]any, len(columns.Columns))
		check(w.t, table.FillRow(row, g, e))
		rows = append(rows, row)
	}
	check(w.t, errors.Join(columns.Close(), snap.Close()))
	w.flush()
	name, prefix := g.Offline.Location()
	for o, err := range w.buckets.List(w.t.Context(), name, prefix+"/", "") {
		check(w.t, err)
		if o.Rows == nil {
			continue
		}
		in := slices.DeleteFunc(slices.Clone(rows), func(row []any) bool {
			at := row[len(row)-3].(time.Time).UnixMicro()
			return at < o.Rows.FirstPosition || at > o.Rows.LastPosition
		})
		if int64(len(in)) != o.Rows.Count {
			w.t.Fatalf("%d rows are in the file, and %d were found for it", o.Rows.Count, len(in))
		}
		w.replace(g, o, columns.Columns, change(in))
		return
	}
	w.t.Fatal("there is no file")
}

// replace puts rows in the place of those of a file, behind everybody's back.
func (w *world) replace(g *feature.Group, o *bucket.Object, columns []table.ViewColumn, rows [][]any) {
	w.t.Helper()
	types := map[string]parquet.Type{"VARCHAR": parquet.Text, "BIGINT": parquet.Int64, "DOUBLE": parquet.Float64, "TIMESTAMP": parquet.Instant, "BOOLEAN": parquet.Boolean}
	var file []parquet.Column
	for _, c := range columns {
		element, isList := cutList(c.Type)
		file = append(file, parquet.Column{Name: c.Name, Type: types[element], List: isList})
	}
	var out bytes.Buffer
	pw := parquet.NewWriter(&out, must(parquet.NewSchema(file))(w.t))
	for _, row := range rows {
		check(w.t, pw.Write(row))
	}
	check(w.t, pw.Close())
	staged := must(w.buckets.Stage(w.t.Context(), bucket.ObjectRef{Bucket: o.Bucket, Key: o.Key}, &out, bucket.Content{}, o.Rows))(w.t)
	check(w.t, w.db.Offline().CommitFlush(w.t.Context(), g.ID, 0, []*bucket.Object{staged}))
}

func cutList(t string) (string, bool) {
	if n := len(t) - 2; n > 0 && t[n:] == "[]" {
		return t[:n], true
	}
	return t, false
}
