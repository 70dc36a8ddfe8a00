package worker

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/duckdb/frame"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// execute runs a statement to its end, however that is.
func (w *world) execute(text string) *query.Execution {
	w.t.Helper()
	id, err := w.Start(w.t.Context(), query.Request{SQL: text, Database: table.FeatureStoreDatabase, OutputFolder: "s3://lake/out"})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.await(id)
}

// await waits for the end of an execution.
func (w *world) await(id string) *query.Execution {
	w.t.Helper()
	e, err := w.Get(w.t.Context(), id, time.Minute)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

// write runs a statement that writes files, and returns it and the folders that the files are in.
func (w *world) write(text string) (*query.Execution, []string) {
	w.t.Helper()
	e := w.execute(text)
	if e.State != query.Succeeded {
		w.t.Fatalf("%s: %s %+v", text, e.State, e.Failure)
	}
	if e.Manifest != e.Output+"-manifest.csv" || !strings.HasSuffix(e.Output, e.ID) {
		w.t.Errorf("output %s, manifest %s", e.Output, e.Manifest)
	}
	var folders []string
	for line := range strings.Lines(w.read(e.Manifest)) {
		uri := strings.TrimSpace(line)
		w.read(uri)
		folders = append(folders, uri[:strings.LastIndex(uri, "/")+1])
	}
	return e, folders
}

// read reads an object.
func (w *world) read(uri string) string {
	w.t.Helper()
	o, err := w.buckets.Get(w.t.Context(), bucket.ObjectRef{Bucket: "lake", Key: strings.TrimPrefix(uri, "s3://lake/")})
	if err != nil {
		w.t.Fatalf("%s: %v", uri, err)
	}
	r, err := w.buckets.Open(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, r); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

// The rows of an ordered query go into one file after the other: those are given in that order, the tenth behind the ninth.
func TestFilesThatAreWrittenAreListedInTheirOrder(t *testing.T) {
	p := &plan{out: t.TempDir()}
	var want []string
	for _, name := range []string{"folder=a/data_%d.parquet", "folder=b/part-%d"} {
		for i := range 12 {
			want = append(want, fmt.Sprintf(name, i))
		}
	}
	for _, name := range want {
		if err := errors.Join(os.MkdirAll(filepath.Join(p.out, filepath.Dir(name)), 0o700), os.WriteFile(filepath.Join(p.out, name), []byte("x"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	var done frame.Done
	if err := p.list(&done); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range done.Files {
		got = append(got, f.Path)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const everyType = `SELECT true AS b, TINYINT '1' AS t, SMALLINT '2' AS s, 3 AS i, BIGINT '4' AS l, REAL '1.5' AS f, 2.5E0 AS d, DECIMAL '12.34' AS m,
	'it''s,"x"' AS v, CAST('ab' AS varchar(5)) AS vn, CAST('ab' AS char(3)) AS c, DATE '2024-01-31' AS day, TIMESTAMP '2024-01-31 01:02:03.456' AS at,
	ARRAY[1, NULL] AS a, CAST(ROW(1, 'y') AS ROW(x integer, y varchar)) AS r, X'0AFF' AS bin`

func TestTableOfAQueryHasItsRowsAndTypes(t *testing.T) {
	w := newWorld(t)
	e, folders := w.write(`CREATE TABLE made AS ` + everyType + ` UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`)
	if e.Rows != 2 || e.Written == 0 || e.Statement != "DDL" || e.Substatement != "CREATE_TABLE_AS_SELECT" {
		t.Errorf("execution %+v", e)
	}
	if diff := cmp.Diff([]string{"s3://lake/out/tables/" + e.ID + "/"}, folders); diff != "" {
		t.Errorf("folders (-want +got):\n%s", diff)
	}
	if got, want := w.sql("SELECT * FROM made ORDER BY i"), w.sql(everyType+" UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL ORDER BY 4"); got != want {
		t.Errorf("the table:\n%s\nthe query:\n%s", got, want)
	}
	made, err := w.tables.Table(t.Context(), table.FeatureStoreDatabase, "made")
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, c := range made.Columns {
		types = append(types, c.Type)
	}
	want := []string{"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal(4,2)", "string", "varchar(5)", "char(3)", "date", "timestamp", "array<int>", "struct<x:int,y:string>", "binary"}
	types[8] = "string" // whatever length the text has
	if diff := cmp.Diff(want, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
}

func TestPartitionsOfAWrittenTable(t *testing.T) {
	w := newWorld(t)
	for _, format := range []string{"PARQUET", "TEXTFILE"} {
		name := "p_" + strings.ToLower(format)
		_, folders := w.write(`CREATE TABLE ` + name + ` WITH (format = '` + format + `', external_location = 's3://lake/` + name + `', partitioned_by = ARRAY['day', 'k']) AS
			SELECT n, DATE '2024-01-01' + (n % 2) * INTERVAL '1' DAY AS day, CASE n WHEN 3 THEN NULL ELSE 'a/b ' || CAST(n AS varchar) END AS k FROM (VALUES 1, 2, 3) AS v(n)`)
		for i, want := range []string{"day=2024-01-01/k=a%2Fb 2/", "day=2024-01-02/k=__HIVE_DEFAULT_PARTITION__/", "day=2024-01-02/k=a%2Fb 1/"} {
			if !strings.Contains(strings.Join(folders, " "), "s3://lake/"+name+"/"+want) {
				t.Errorf("%s %d: folders %v, want %s", format, i, folders, want)
			}
		}
		if got, want := w.sql("SELECT n, day, k FROM "+name+" WHERE day = DATE '2024-01-02' ORDER BY n"), "\"n\",\"day\",\"k\"\n\"1\",\"2024-01-02\",\"a/b 1\"\n\"3\",\"2024-01-02\",\n"; got != want {
			t.Errorf("%s: got %s, want %s", format, got, want)
		}
		e, _ := w.write("INSERT INTO " + name + " (k, n, day) SELECT 'new', 9, DATE '2024-02-01' UNION ALL SELECT 'a/b 2', 8, DATE '2024-01-01'")
		if e.Rows != 2 || e.Statement != "DML" || e.Substatement != "INSERT" {
			t.Errorf("%s: execution %+v", format, e)
		}
		if got := w.sql("SELECT sum(n), count(DISTINCT k), count(*) FROM " + name); got != "\"_col0\",\"_col1\",\"_col2\"\n\"23\",\"3\",\"5\"\n" {
			t.Errorf("%s: %s", format, got)
		}
	}
}

// manyValues are the numbers below n.
func manyValues(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d, ", i)
	}
	return b.String()
}

func TestInsertWidensAndRefuses(t *testing.T) {
	w := newWorld(t)
	w.sql("CREATE EXTERNAL TABLE t (a BIGINT, b STRING, c DECIMAL(10,2)) STORED AS PARQUET LOCATION 's3://lake/t/'")
	w.write("INSERT INTO t VALUES (1, 'x', DECIMAL '2.00'), (2, NULL, DECIMAL '0.50')")
	w.write("INSERT INTO t (c) SELECT 1.5")
	if got, want := w.sql("SELECT * FROM t ORDER BY c"), "\"a\",\"b\",\"c\"\n\"2\",,\"0.50\"\n,,\"1.50\"\n\"1\",\"x\",\"2.00\"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for sql, want := range map[string]string{
		"INSERT INTO t VALUES (1, 2, 3)":                                                "TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [bigint, varchar, decimal(10,2)], Query: [integer, integer, integer]",
		"INSERT INTO t SELECT 1":                                                        "TYPE_MISMATCH: line 1:1: Insert query has mismatched column types",
		"INSERT INTO t (z) SELECT 1":                                                    "COLUMN_NOT_FOUND: line 1:1: Insert column name does not exist in target table: z",
		"INSERT INTO nothing SELECT 1":                                                  "TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.sagemaker_featurestore.nothing' does not exist",
		"INSERT INTO t SELECT 1 / 0, 'x', DECIMAL '1.00'":                               "DIVISION_BY_ZERO",
		"CREATE TABLE t AS SELECT 1 AS a":                                               "TABLE_ALREADY_EXISTS: line 1:1: Destination table 'awsdatacatalog.sagemaker_featurestore.t' already exists",
		"CREATE TABLE u AS SELECT 1":                                                    "MISSING_COLUMN_NAME: line 1:1: Column name not specified at position 1",
		"CREATE TABLE u AS SELECT now() AS a":                                           "NOT_SUPPORTED: Unsupported Hive type: timestamp(3) with time zone",
		"CREATE TABLE nowhere.u AS SELECT 1 AS a":                                       "SCHEMA_NOT_FOUND: Schema 'nowhere' does not exist",
		"CREATE TABLE u WITH (external_location='s3://lake/t/') AS SELECT 1 AS a":       "HIVE_PATH_ALREADY_EXISTS: Target directory for table",
		"CREATE TABLE u WITH (external_location='s3://none/t/') AS SELECT 1 AS a":       "HIVE_METASTORE_ERROR: the bucket of the location",
		"CREATE TABLE u WITH (external_location='/etc') AS SELECT 1 AS a":               "INVALID_TABLE_PROPERTY: '/etc' is not a location",
		"CREATE TABLE u WITH (format='ORC') AS SELECT 1 AS a":                           "NOT_SUPPORTED: line 1:22: the format ORC is not supported",
		"CREATE TABLE u WITH (bucketed_by=ARRAY['a'], bucket_count=2) AS SELECT 1 AS a": "NOT_SUPPORTED: line 1:",
		"CREATE TABLE u WITH (colour='red') AS SELECT 1 AS a":                           "INVALID_TABLE_PROPERTY: line 1:22: Catalog 'awsdatacatalog' table property 'colour' does not exist",
		"CREATE TABLE u WITH (partitioned_by=ARRAY['b']) AS SELECT 1 AS b, 2 AS a":      "HIVE_COLUMN_ORDER_MISMATCH: line 1:22: Partition keys must be the last columns",
		"CREATE TABLE u WITH (partitioned_by=ARRAY['a']) AS SELECT n, n AS a FROM (VALUES " + strings.TrimSuffix(manyValues(101), ", ") + ") AS x(n)": "HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions",
	} {
		e := w.execute(sql)
		if e.State != query.Failed || !strings.HasPrefix(e.Failure.Reason, want) {
			t.Errorf("%s: %s %+v\nwant %s", sql, e.State, e.Failure, want)
		}
		if o, err := w.buckets.Get(t.Context(), bucket.ObjectRef{Bucket: "lake", Key: strings.TrimPrefix(e.Output, "s3://lake/") + "-manifest.csv"}); err == nil {
			t.Errorf("%s left %v", sql, o.Key)
		}
	}
	if got := w.sql("SELECT count(*) FROM t"); got != "\"_col0\"\n\"3\"\n" {
		t.Errorf("a statement that failed wrote: %s", got)
	}
}

func TestUnloadLeavesFiles(t *testing.T) {
	w := newWorld(t)
	const rows = "SELECT 1 AS a, 'x,y' AS b UNION ALL SELECT NULL, 'z' ORDER BY 2"
	e, folders := w.write("UNLOAD (" + rows + ") TO 's3://lake/csv' WITH (format='TEXTFILE', field_delimiter=',', compression='NONE')")
	if e.Rows != 2 || len(folders) != 1 || e.Statement != "DML" || e.Substatement != "UNLOAD" {
		t.Errorf("execution %+v, folders %v", e, folders)
	}
	if got := w.read(strings.TrimSpace(w.read(e.Manifest))); got != "1,x,y\n\\N,z\n" {
		t.Errorf("text %q", got)
	}
	e, _ = w.write("UNLOAD (" + rows + ") TO 's3://lake/json/' WITH (format='JSON', compression='NONE')")
	if got := w.read(strings.TrimSpace(w.read(e.Manifest))); got != "{\"a\":1,\"b\":\"x,y\"}\n{\"a\":null,\"b\":\"z\"}\n" {
		t.Errorf("JSON %q", got)
	}
	e, _ = w.write("UNLOAD (" + rows + ") TO 's3://lake/parquet/' WITH (format='PARQUET')")
	if got := w.read(strings.TrimSpace(w.read(e.Manifest))); !strings.HasPrefix(got, "PAR1") {
		t.Errorf("Parquet begins with %.4q", got)
	}
	if e, _ = w.write("UNLOAD (SELECT 1 AS a WHERE false) TO 's3://lake/empty/' WITH (format='PARQUET')"); w.read(e.Manifest) != "" || e.Rows != 0 {
		t.Errorf("of no rows: %+v", e)
	}
	if e := w.execute("UNLOAD (" + rows + ") TO 's3://lake/json/' WITH (format='JSON')"); e.State != query.Failed || !strings.HasPrefix(e.Failure.Reason, "HIVE_PATH_ALREADY_EXISTS") {
		t.Errorf("a location that is not empty: %+v", e.Failure)
	}
}

func TestInsertGoesWhereThePartitionIs(t *testing.T) {
	w := newWorld(t)
	group := w.customers()
	w.sql("CREATE EXTERNAL TABLE t (n INT) PARTITIONED BY (k STRING) STORED AS PARQUET LOCATION 's3://lake/t/'")
	w.sql("ALTER TABLE t ADD PARTITION (k='own') LOCATION 's3://lake/elsewhere' PARTITION (k='groups') LOCATION '" + group.Offline.Resolved + "/inside'")
	_, folders := w.write("INSERT INTO t VALUES (1, 'own'), (2, 'new')")
	slices.Sort(folders)
	if diff := cmp.Diff([]string{"s3://lake/elsewhere/", "s3://lake/t/k=new/"}, folders); diff != "" {
		t.Errorf("folders (-want +got):\n%s", diff)
	}
	e := w.execute("INSERT INTO t VALUES (3, 'groups')")
	if want := "NOT_SUPPORTED: the location " + group.Offline.Resolved + "/inside is that of the feature group customers"; e.State != query.Failed || !strings.HasPrefix(e.Failure.Reason, want) {
		t.Errorf("%s %+v, want %s", e.State, e.Failure, want)
	}
	if got := w.sql("SELECT k, n FROM t ORDER BY n"); got != "\"k\",\"n\"\n\"own\",\"1\"\n\"new\",\"2\"\n" {
		t.Errorf("rows %s", got)
	}
}
