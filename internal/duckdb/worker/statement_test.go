package worker

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// A world is all that is behind Athena, with DuckDB as the engine.
type world struct {
	*query.Store
	t       testing.TB
	db      *embedded.Store
	buckets *bucket.Store
	tables  *table.Store
	groups  *featurestore.Store
	joiner  *dataset.Joiner
	scratch string // the directory of the joiner
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldWith(t, duckdb.Options{})
}

func newWorldWith(t testing.TB, o duckdb.Options) *world {
	t.Helper()
	w := &world{t: t}
	var err error
	check := func() {
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	w.db, err = embedded.Open(dir+"/db", vfs.Default, embedded.Options{Fatal: func(err error) { panic(err) }})
	check()
	blobs, err := blob.Open(dir+"/blobs", vfs.Default)
	check()
	w.buckets = bucket.New(w.db.Objects(), blobs, bucket.Options{Account: "123456789012", Region: "us-east-1"})
	w.tables = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{Groups: w.db.Groups().List})
	w.groups = featurestore.New(w.db.Groups(), w.db.Records(), w.tables, w.buckets, featurestore.Options{Account: "123456789012", Region: "us-east-1"})
	w.scratch = dir + "/datasets"
	w.joiner = dataset.NewJoiner(w.groups, asof.New(w.buckets, asof.Options{}), dataset.Options{Dir: w.scratch, FS: vfs.Default})
	w.Store = query.New(w.db.Executions(), w.tables, w.db.Offline(), w.buckets, openPool(t, o), query.Options{Account: "123456789012", Region: "us-east-1", AsOf: w.joiner.AsOf})
	err = w.buckets.CreateBucket(t.Context(), "lake")
	check()
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if err := w.db.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// sql runs a statement and returns its result file.
func (w *world) sql(text string) string {
	w.t.Helper()
	id, err := w.Start(w.t.Context(), query.Request{SQL: text, Database: table.FeatureStoreDatabase, OutputFolder: "s3://lake/out"})
	if err != nil {
		w.t.Fatal(err)
	}
	e, err := w.Get(w.t.Context(), id, time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	if e.State != query.Succeeded {
		w.t.Fatalf("%s: %s %+v", text, e.State, e.Failure)
	}
	o, err := w.buckets.Get(w.t.Context(), bucket.ObjectRef{Bucket: "lake", Key: strings.TrimPrefix(e.Output, "s3://lake/")})
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := w.buckets.Open(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// customers makes a group with an offline store and returns it.
func (w *world) customers() *feature.Group {
	w.t.Helper()
	asked := &feature.Group{
		Name: "customers", RecordIdentifier: "customer_id", EventTime: "event_time",
		Definitions: []feature.Definition{{Name: "customer_id", Type: feature.String}, {Name: "event_time", Type: feature.String},
			{Name: "Purchases", Type: feature.Integral}, {Name: "spent", Type: feature.Fractional}},
		Offline: &feature.Offline{S3URI: "s3://lake/base"}, RoleARN: "arn:aws:iam::123456789012:role/r",
	}
	return w.create(asked, false)
}

// create makes a group and its table.
func (w *world) create(asked *feature.Group, extensions bool) *feature.Group {
	w.t.Helper()
	g, err := feature.NewGroup(asked, feature.Place{Account: "123456789012", Region: "us-east-1"}, time.Now(), extensions)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.db.Groups().Create(w.t.Context(), g); err != nil {
		w.t.Fatal(err)
	}
	if err := w.tables.Define(w.t.Context(), g); err != nil {
		w.t.Fatal(err)
	}
	return g
}

func (w *world) put(g *feature.Group, texts ...string) {
	w.t.Helper()
	var fields []feature.Field
	for i, text := range texts {
		fields = append(fields, feature.Field{Name: g.Definitions[i].Name, Text: text, Null: text == "-"})
	}
	w.putFields(g, fields)
}

func (w *world) putFields(g *feature.Group, fields []feature.Field) {
	w.t.Helper()
	r, err := g.Check(fields)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.db.Records().Do(w.t.Context(), g, r.ID, func(held *feature.Record) (feature.Decision, error) {
		return feature.DecidePut(g, held, r, feature.OfflineStore, time.Now()), nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestStatementSeesEveryRowOnceFlushedOrNot(t *testing.T) {
	w := newWorld(t)
	g := w.customers()
	w.put(g, "a", "2024-01-01T00:00:00Z", "1", "0.5")
	w.put(g, "b", "1704067201", "-", "1e10")
	from := fmt.Sprintf(` FROM "%s" `, g.Offline.Table.Table)
	rows := "SELECT customer_id, event_time, Purchases, spent, is_deleted" + from + "ORDER BY customer_id"
	want := `"customer_id","event_time","Purchases","spent","is_deleted"
"a","2024-01-01T00:00:00Z","1","0.5","false"
"b","1704067201",,"1.0E10","false"
`
	if diff := cmp.Diff(want, w.sql(rows)); diff != "" {
		t.Errorf("not flushed (-want +got):\n%s", diff)
	}
	if err := w.tables.FlushNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, w.sql(rows)); diff != "" {
		t.Errorf("flushed (-want +got):\n%s", diff)
	}
	w.put(g, "c", "2024-01-01T00:00:00Z", "3", "-")
	if diff := cmp.Diff(want+"\"c\",\"2024-01-01T00:00:00Z\",\"3\",,\"false\"\n", w.sql(rows)); diff != "" {
		t.Errorf("both (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("\"_col0\"\n\"3\"\n", w.sql("SELECT count(*)"+from+"WHERE write_time <= current_timestamp")); diff != "" {
		t.Errorf("write time (-want +got):\n%s", diff)
	}
}

// A collection is an array in SQL, whether its row is in a file or not.
func TestStatementSeesCollectionsAsArrays(t *testing.T) {
	w := newWorld(t)
	asked := &feature.Group{
		Name: "baskets", RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.Fractional},
			{Name: "Items", Type: feature.String, Collection: feature.List}, {Name: "sizes", Type: feature.Integral, Collection: feature.Set},
			{Name: "v", Type: feature.Fractional, Collection: feature.Vector, Dimension: 2}},
		Online: &feature.Online{StorageType: feature.InMemory}, Offline: &feature.Offline{S3URI: "s3://lake/base"}, RoleARN: "arn:aws:iam::123456789012:role/r",
	}
	g := w.create(asked, true)
	for _, fields := range [][]feature.Field{
		{{Name: "id", Text: "a"}, {Name: "at", Text: "1"}, {Name: "Items", List: []string{"tea", "", "milk, 2"}, Listed: true}, {Name: "sizes", List: []string{"2", "1", "2"}, Listed: true}, {Name: "v", List: []string{"1", "-0.5"}, Listed: true}},
		{{Name: "id", Text: "b"}, {Name: "at", Text: "2"}, {Name: "Items", List: []string{}, Listed: true}},
		{{Name: "id", Text: "c"}, {Name: "at", Text: "3"}, {Name: "Items", List: []string{"tea"}, Listed: true}},
	} {
		w.putFields(g, fields)
	}
	from := fmt.Sprintf(` FROM "%s" `, g.Offline.Table.Table)
	for range 2 {
		for _, c := range []struct{ sql, want string }{
			{"SELECT id, items, sizes, v" + from + "ORDER BY id", "\"id\",\"items\",\"sizes\",\"v\"\n\"a\",\"[tea, , milk, 2]\",\"[2, 1]\",\"[1.0, -0.5]\"\n\"b\",,,\n\"c\",\"[tea]\",,\n"},
			{"SELECT cardinality(items), contains(items, 'milk, 2'), element_at(sizes, -1), v[2]" + from + "WHERE sizes IS NOT NULL",
				"\"_col0\",\"_col1\",\"_col2\",\"_col3\"\n\"3\",\"true\",\"1\",\"-0.5\"\n"},
			{"SELECT items, count(*)" + from + "GROUP BY items HAVING items = ARRAY['tea']", "\"items\",\"_col1\"\n\"[tea]\",\"1\"\n"},
		} {
			if diff := cmp.Diff(c.want, w.sql(c.sql)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.sql, diff)
			}
		}
		if err := w.tables.FlushNow(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPointInTimeStatementOverLabelsOfText(t *testing.T) {
	w := newWorld(t)
	g := w.customers()
	w.put(g, "a", "2024-01-01T06:00:00Z", "1", "0.5")
	w.put(g, "a", "2024-01-02T06:00:00Z", "2", "0.6")
	if _, err := w.buckets.Put(t.Context(), bucket.ObjectRef{Bucket: "lake", Key: "labels/l.csv"},
		strings.NewReader("a,1,2024-01-01 12:00:00\nb,0,2024-01-01 12:00:00.000\n"), bucket.Content{}, nil); err != nil {
		t.Fatal(err)
	}
	w.sql(`CREATE EXTERNAL TABLE labels_table (customer_id STRING, Bought INT, event_timestamp TIMESTAMP)
		ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' WITH SERDEPROPERTIES ("separatorChar" = ",") LOCATION 's3://lake/labels'`)
	got := w.sql(`SELECT labels.customer_id, labels.Bought, labels.event_timestamp, features.Purchases
		FROM labels_table AS labels LEFT JOIN "` + g.Offline.Table.Table + `" AS features
		ON labels.customer_id = features.customer_id AND features.event_time <= labels.event_timestamp
		AND features.event_time >= labels.event_timestamp - INTERVAL '24' HOUR ORDER BY labels.customer_id`)
	want := `"customer_id","Bought","event_timestamp","Purchases"
"a","1","2024-01-01 12:00:00.000","1"
"b","0","2024-01-01 12:00:00.000",
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("training set (-want +got):\n%s", diff)
	}
}

// DuckDB 1.5.6 fails to plan these: an assertion of the optimizer that makes an aggregate of the window.
func TestNewestRowsWithinARange(t *testing.T) {
	w := newWorld(t)
	const rows = "(VALUES (1, 1), (1, 2), (1, 9), (2, 1), (2, 3), (3, 7)) AS t (id, v)"
	for _, where := range []string{"v BETWEEN 1 AND 5", "v >= 1 AND v <= 5", "abs(v) > 0 AND abs(v) < 6"} {
		for _, newest := range []string{"= 1", "<= 1"} {
			text := "SELECT id, v FROM (SELECT id, v, row_number() OVER (PARTITION BY id ORDER BY v DESC) AS r FROM " + rows +
				" WHERE " + where + ") WHERE r " + newest + " ORDER BY id"
			if diff := cmp.Diff("\"id\",\"v\"\n\"1\",\"2\"\n\"2\",\"3\"\n", w.sql(text)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", text, diff)
			}
		}
	}
}
