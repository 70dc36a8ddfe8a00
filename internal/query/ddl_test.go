package query_test

import (
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// lines runs a statement of Hive's and returns what GetQueryResults shows of it.
func (w *world) lines(sql string) []string {
	w.t.Helper()
	e := w.succeed(sql)
	if !strings.HasSuffix(e.Output, ".txt") {
		w.t.Errorf("%s leaves %s", sql, e.Output)
	}
	var lines []string
	for token := ""; ; {
		p := must(w.Results(w.t.Context(), e.ID, token, 2))(w.t)
		for _, row := range p.Rows {
			if len(row) != 1 || row[0] == nil {
				w.t.Fatalf("%s: row %v", sql, row)
			}
			lines = append(lines, *row[0])
		}
		if token = p.Next; token == "" {
			break
		}
	}
	text, ok := w.object(e.Output)
	if want := strings.Join(append(lines, ""), "\n"); !ok || text != want {
		w.t.Errorf("%s: the object is %q, its rows %q", sql, text, want)
	}
	return lines
}

// put stores an object in the world's bucket.
func (w *world) put(key, text string) {
	w.t.Helper()
	must(w.buckets.Put(w.t.Context(), bucket.ObjectRef{Bucket: theBucket, Key: key}, strings.NewReader(text), bucket.Content{}, nil))(w.t)
}

func TestWhatHiveShows(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	for _, sql := range []string{
		"CREATE DATABASE lake COMMENT 'c' LOCATION 's3://results/lake/' WITH DBPROPERTIES ('a'='b')",
		`CREATE EXTERNAL TABLE lake.orders (id STRING COMMENT 'it\'s', n INT) COMMENT 'all' PARTITIONED BY (day DATE, region STRING)
			ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' STORED AS TEXTFILE LOCATION 's3://results/orders' TBLPROPERTIES ('k'='v')`,
		"CREATE EXTERNAL TABLE lake.other (a INT) STORED AS PARQUET LOCATION 's3://results/other/'",
		"CREATE EXTERNAL TABLE lake.deep (s struct<x:int,y:array<map<string,decimal(10,2)>>>) STORED AS PARQUET LOCATION 's3://results/deep/'",
		`CREATE VIEW lake.recent AS SELECT 'x' AS "Id", 1 AS n`,
		"ALTER TABLE lake.orders ADD PARTITION (day=DATE '2024-01-01', region='a/b') PARTITION (region='c', day='2024-01-02') LOCATION 's3://results/elsewhere'",
	} {
		w.succeed(sql)
	}
	for _, c := range []struct {
		sql  string
		want []string
	}{
		{"SHOW DATABASES", []string{"default", "lake", "sagemaker_featurestore"}},
		{"show schemas like 'la*|nothing'", []string{"lake"}},
		{"SHOW TABLES IN lake", []string{"deep", "orders", "other", "recent"}},
		{"SHOW TABLES IN lake '*ther'", []string{"other"}},
		{"SHOW TABLES", nil},
		{"SHOW VIEWS IN lake LIKE 'r.*'", []string{"recent"}},
		{"SHOW COLUMNS IN orders FROM lake", []string{"id                  ", "n                   ", "day                 ", "region              "}},
		{"SHOW PARTITIONS lake.orders", []string{"day=2024-01-01/region=a%2Fb", "day=2024-01-02/region=c"}},
		{"SHOW TBLPROPERTIES lake.orders", []string{"EXTERNAL\tTRUE", "k\tv"}},
		{"SHOW TBLPROPERTIES lake.orders('k')", []string{"k\tv"}},
		{"SHOW CREATE VIEW lake.recent", []string{`CREATE VIEW "lake"."recent" AS`, `SELECT 'x' AS "Id", 1 AS n`}},
		{"DESCRIBE lake.other", []string{"a                   \tint                 \t                    "}},
		{"DESC `lake.orders`", []string{
			"id                  \tstring              \tit's                ", "n                   \tint                 \t                    ",
			"day                 \tdate                \t                    ", "region              \tstring              \t                    ",
			"\t \t ", "# Partition Information\t \t ", "# col_name          \tdata_type           \tcomment             ", "\t \t ",
			"day                 \tdate                \t                    ", "region              \tstring              \t                    ",
		}},
		{"SHOW PARTITIONS lake.orders PARTITION (region='c')", []string{"day=2024-01-02/region=c"}},
		{"SHOW PARTITIONS lake.orders PARTITION (region='nothing')", nil},
		{"DESCRIBE lake.orders id", []string{"id                  \tstring              \tit's                "}},
		{"DESCRIBE FORMATTED lake.orders day", []string{"# col_name          \tdata_type           \tcomment             ", "\t \t ", "day                 \tdate                \t                    "}},
		{"DESCRIBE lake.deep s.y.'$elem$'.'$value$'", []string{"$value$             \tdecimal(10,2)       \tfrom deserializer   "}},
		{"DESCRIBE lake.orders PARTITION (day='2024-01-02', region='c') n", []string{"n                   \tint                 \t                    "}},
		{"SHOW CATALOGS LIKE 'aws%'", []string{"awsdatacatalog"}},
		{"SHOW CATALOGS LIKE 'azure%'", nil},
		{"SHOW CATALOGS", []string{"awsdatacatalog"}},
		{"SHOW FUNCTIONS LIKE 'url_dec%'", []string{"url_decode\tvarchar\tvarchar\tscalar\ttrue\t"}},
		{"SHOW CREATE TABLE lake.orders", []string{
			"CREATE EXTERNAL TABLE `lake.orders`(", "  `id` string COMMENT 'it\\'s', ", "  `n` int)", "COMMENT 'all'",
			"PARTITIONED BY ( ", "  `day` date, ", "  `region` string)",
			"ROW FORMAT SERDE ", "  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe' ", "WITH SERDEPROPERTIES ( ", "  'field.delim'='\\t')",
			"STORED AS INPUTFORMAT ", "  'org.apache.hadoop.mapred.TextInputFormat' ", "OUTPUTFORMAT ", "  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'",
			"LOCATION", "  's3://results/orders'", "TBLPROPERTIES (", "  'EXTERNAL'='TRUE', ", "  'k'='v')",
		}},
	} {
		t.Run(c.sql, func(t *testing.T) {
			if diff := cmp.Diff(c.want, w.lines(c.sql)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	e := w.succeed("DESCRIBE FORMATTED lake.orders")
	if e.Statement != "UTILITY" || len(e.Columns) != 3 || e.Columns[0] != (query.Column{Name: "col_name", Type: "string"}) {
		t.Errorf("execution %+v", e)
	}
	partition := strings.Join(w.lines("DESCRIBE FORMATTED lake.orders PARTITION (day='2024-01-02', region='c')"), "\n")
	for _, want := range []string{"# Detailed Partition Information", "[2024-01-02, c]", "s3://results/elsewhere"} {
		if !strings.Contains(partition, want) {
			t.Errorf("of the partition nothing says %q:\n%s", want, partition)
		}
	}
	if _, err := w.tables.CreatePartitions(t.Context(), "lake", "orders", []*table.Partition{{Values: []string{"2024-01-03", "bare"}}}); err != nil {
		t.Fatal(err)
	}
	if got := w.lines("DESCRIBE lake.orders PARTITION (day='2024-01-03', region='bare')"); len(got) == 0 || !strings.HasPrefix(got[0], "id ") {
		t.Errorf("a partition that Glue was told no columns of has %q", got)
	}
	for sql, want := range map[string]string{
		"DESCRIBE lake.orders nothing":                                  "Invalid column reference nothing",
		"DESCRIBE lake.deep s.z":                                        "Invalid column reference s.z",
		"DESCRIBE lake.orders PARTITION (day='2024-01-02', region='d')": "Partition not found (day=2024-01-02/region=d)",
		"DESCRIBE lake.orders PARTITION (region='d')":                   "names 1 of the 2 partition columns",
		"SHOW PARTITIONS lake.orders PARTITION (id='d')":                "Non-Partition column",
	} {
		if f := w.fail(sql); !strings.Contains(f.Reason, want) {
			t.Errorf("%s: %+v", sql, f)
		}
	}
	// What SHOW CREATE TABLE shows makes the table again.
	shown := strings.Join(w.lines("SHOW CREATE TABLE lake.orders"), "\n")
	before := must(w.tables.Table(t.Context(), "lake", "orders"))(t)
	w.succeed("DROP TABLE lake.orders")
	w.succeed(shown)
	after := must(w.tables.Table(t.Context(), "lake", "orders"))(t)
	after.Created, after.Updated = before.Created, before.Updated
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the table made again (-before +after):\n%s", diff)
	}
}

func TestTablesAreAltered(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.succeed("CREATE EXTERNAL TABLE t (a INT) PARTITIONED BY (k STRING) STORED AS PARQUET LOCATION 's3://results/t/'")
	w.succeed("ALTER TABLE t ADD PARTITION (k='1')")
	if f := w.fail("ALTER TABLE t ADD PARTITION (k='2') PARTITION (k='1')"); !strings.Contains(f.Reason, "AlreadyExistsException(message:Partition already exists: k=1)") {
		t.Errorf("a partition that is there: %+v", f)
	}
	w.succeed("ALTER TABLE t ADD IF NOT EXISTS PARTITION (k='1') PARTITION (k='2')")
	w.succeed("ALTER TABLE t PARTITION (k='2') RENAME TO PARTITION (k='3')")
	w.succeed("ALTER TABLE t PARTITION (k='3') SET LOCATION 's3://results/three'")
	w.succeed("ALTER TABLE t DROP PARTITION (k='1')")
	if f := w.fail("ALTER TABLE t DROP PARTITION (k='1')"); !strings.Contains(f.Reason, "Partition not found (k=1)") {
		t.Errorf("a partition that is gone: %+v", f)
	}
	w.succeed("ALTER TABLE t DROP IF EXISTS PARTITION (k='1'), PARTITION (k='9')")
	p := must(w.tables.Partition(t.Context(), "sagemaker_featurestore", "t", []string{"3"}))(t)
	if p.Location != "s3://results/three" {
		t.Errorf("the partition is at %s", p.Location)
	}
	w.succeed("ALTER TABLE t ADD COLUMNS (b STRING COMMENT 'c')")
	if f := w.fail("ALTER TABLE t ADD COLUMNS (k STRING)"); !strings.Contains(f.Reason, "Duplicate column name: k") {
		t.Errorf("a column that is there: %+v", f)
	}
	for sql, want := range map[string]string{
		"ALTER TABLE t CHANGE COLUMN nothing c INT":  "Invalid column reference nothing",
		"ALTER TABLE t CHANGE a c INT AFTER nothing": "Invalid column reference nothing",
		"ALTER TABLE t CHANGE COLUMN a k INT":        "Duplicate column name: k",
		"ALTER TABLE t CHANGE COLUMN a b INT":        "Duplicate column name: b",
		"ALTER TABLE t TOUCH":                        "Queries of this type are not supported: ALTER TABLE … TOUCH",
		"ALTER VIEW v DIALECT":                       "Queries of this type are not supported",
		"SHOW SESSION":                               "Queries of this type are not supported",
		"DESCRIBE INPUT p":                           "Queries of this type are not supported",
	} {
		if f := w.fail(sql); !strings.Contains(f.Reason, want) {
			t.Errorf("%s: %+v", sql, f)
		}
	}
	columns := func() (names string) {
		for _, c := range must(w.tables.Table(t.Context(), "sagemaker_featurestore", "t"))(t).Columns {
			names += c.Name + " " + c.Type + " " + c.Comment + ", "
		}
		return names
	}
	for _, c := range [][2]string{
		{"ALTER TABLE t ADD COLUMNS (d INT, e INT)", "a int , b string c, d int , e int , "},
		{"ALTER TABLE t CHANGE COLUMN e e BIGINT COMMENT 'wide' FIRST", "e bigint wide, a int , b string c, d int , "},
		{"ALTER TABLE t CHANGE COLUMN e e BIGINT AFTER b", "a int , b string c, e bigint wide, d int , "},
		{"ALTER TABLE t CHANGE b b STRING COMMENT ''", "a int , b string , e bigint wide, d int , "},
		{"ALTER TABLE t CHANGE b b STRING COMMENT 'c'", "a int , b string c, e bigint wide, d int , "},
		{"ALTER TABLE t CHANGE d f INT AFTER a", "a int , f int , b string c, e bigint wide, "},
		{"ALTER TABLE t CHANGE e e BIGINT AFTER e", "a int , f int , b string c, e bigint wide, "},
		{"ALTER TABLE t REPLACE COLUMNS (a INT, b STRING COMMENT 'c')", "a int , b string c, "},
	} {
		if w.succeed(c[0]); columns() != c[1] {
			t.Errorf("%s leaves %s", c[0], columns())
		}
	}
	w.succeed("ALTER TABLE t SET TBLPROPERTIES ('x'='y')")
	w.succeed("ALTER TABLE t SET LOCATION 's3://results/moved'")
	made := must(w.tables.Table(t.Context(), "sagemaker_featurestore", "t"))(t)
	if len(made.Columns) != 2 || made.Columns[1].Comment != "c" || made.Parameters["x"] != "y" || made.Location != "s3://results/moved" {
		t.Errorf("table %+v", made)
	}
	w.succeed("ALTER TABLE t REPLACE COLUMNS (z BIGINT)")
	w.succeed("ALTER DATABASE sagemaker_featurestore SET DBPROPERTIES ('p'='q')")
	for sql, want := range map[string]string{
		"ALTER TABLE t RENAME TO u":                    "NOT_SUPPORTED: line 1:15: Queries of this type are not supported: ALTER TABLE … RENAME TO",
		"ALTER TABLE nothing ADD COLUMNS (a INT)":      "Table not found sagemaker_featurestore.nothing",
		"ALTER TABLE t ADD PARTITION (j='1')":          "Non-Partition column appears in the partition specification: j",
		"SHOW PARTITIONS nowhere.t":                    "Table not found nowhere.t",
		"SHOW TABLES IN nowhere":                       "Database does not exist: nowhere",
		"DROP DATABASE sagemaker_featurestore CASCADE": "it is for the tables of feature groups",
		"DROP DATABASE default":                        "Can not drop default database",
	} {
		if f := w.fail(sql); !strings.Contains(f.Reason, want) {
			t.Errorf("%s: %s, want %s", sql, f.Reason, want)
		}
	}
	w.succeed("CREATE DATABASE d")
	w.succeed("CREATE EXTERNAL TABLE d.t (a INT) STORED AS PARQUET LOCATION 's3://results/t/'")
	if f := w.fail("DROP DATABASE d"); !strings.Contains(f.Reason, "Database d is not empty") {
		t.Errorf("a database that is not empty: %+v", f)
	}
	w.succeed("DROP SCHEMA d CASCADE")
	w.succeed("DROP DATABASE IF EXISTS d")
}

func TestRepairFindsThePartitionsInFolders(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.succeed("CREATE EXTERNAL TABLE t (a INT) PARTITIONED BY (Year INT, name STRING) STORED AS PARQUET LOCATION 's3://results/t'")
	for _, key := range []string{"t/YEAR=2024/name=a%2Fb/1", "t/year=2024/name=a%2Fc/1", "t/year=2024/name=a%2Fc/2", "t/year=2024/_x", "t/other/name=b/1", "t/year=2025/name=b/deep/1", "tt/year=1/name=x/1"} {
		w.put(key, "x")
	}
	w.succeed("ALTER TABLE t ADD PARTITION (year=2025, name='b')")
	want := []string{
		"Partitions not in metastore:\tt:year=2024/name=a%2Fb\tt:year=2024/name=a%2Fc",
		"Repair: Added partition to metastore t:year=2024/name=a%2Fb", "Repair: Added partition to metastore t:year=2024/name=a%2Fc",
	}
	e := w.succeed("MSCK REPAIR TABLE t")
	if text, _ := w.object(e.Output); text != strings.Join(want, "\n")+"\n" {
		t.Errorf("repair says %q", text)
	}
	if diff := cmp.Diff([]string{"year=2024/name=a%2Fb", "year=2024/name=a%2Fc", "year=2025/name=b"}, w.lines("SHOW PARTITIONS t")); diff != "" {
		t.Errorf("partitions (-want +got):\n%s", diff)
	}
}

func TestViewsAreKeptAsAthenaKeepsThem(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.succeed("CREATE EXTERNAL TABLE t (id STRING, n INT) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://results/t/'")
	w.succeed("CREATE VIEW v AS SELECT id AS \"Key\", n + 1 AS more FROM t -- unqualified")
	v := must(w.tables.Table(t.Context(), "sagemaker_featurestore", "v"))(t)
	if v.TableType != "VIRTUAL_VIEW" || v.Parameters["presto_view"] != "true" || !strings.HasPrefix(v.ViewOriginalText, "/* Presto View: ") || v.ViewExpandedText != "/* Presto View */" ||
		len(v.Columns) != 2 || v.Columns[0].Name != "key" || v.Columns[0].Type != "string" || v.Columns[1].Type != "int" {
		t.Errorf("view %+v", v)
	}
	w.succeed("CREATE VIEW default.w AS SELECT more FROM sagemaker_featurestore.v WHERE \"KEY\" <> ''")
	e := w.succeed("SELECT * FROM default.w x")
	plan := w.engine.plans[len(w.engine.plans)-1]
	if len(e.Columns) != 1 || e.Columns[0].Name != "more" || e.Columns[0].Type != "integer" || len(plan.Relations) != 1 {
		t.Errorf("columns %+v, plan %+v", e.Columns, plan)
	}
	w.succeed("CREATE OR REPLACE VIEW v AS SELECT 1 AS a")
	for sql, want := range map[string]string{
		"SELECT * FROM default.w":                   "INVALID_VIEW: line 1:15: Failed analyzing stored view 'awsdatacatalog.default.w': COLUMN_NOT_FOUND: line 1:",
		"CREATE VIEW v AS SELECT 1 AS a":            "already exists; use CREATE OR REPLACE VIEW",
		"CREATE OR REPLACE VIEW t AS SELECT 1 AS a": "is a table, which CREATE VIEW does not replace",
		"CREATE VIEW x AS SELECT 1":                 "MISSING_COLUMN_NAME: line 1:1: Column name not specified at position 1",
		"CREATE VIEW x AS SELECT 1 AS a, 2 AS A":    "DUPLICATE_COLUMN_NAME: line 1:1: Column name 'a' specified more than once",
		"CREATE VIEW x AS SELECT NULL AS a":         "COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown: a",
		"CREATE VIEW x AS SELECT a FROM nothing":    "TABLE_NOT_FOUND: line 1:32",
		"DROP TABLE v":                              "Cannot drop a view with DROP TABLE",
		"DROP VIEW t":                               "Cannot drop a base table with DROP VIEW",
		"SHOW CREATE TABLE v":                       "is a view; use SHOW CREATE VIEW",
		"CREATE VIEW nowhere.x AS SELECT 1 AS a":    "SCHEMA_NOT_FOUND: Schema 'nowhere' does not exist",
	} {
		if f := w.fail(sql); !strings.Contains(f.Reason, want) {
			t.Errorf("%s: %s, want %s", sql, f.Reason, want)
		}
	}
	w.succeed("CREATE VIEW first AS SELECT 1 AS x")
	w.succeed("CREATE VIEW second AS SELECT x FROM first")
	w.succeed("CREATE OR REPLACE VIEW first AS SELECT x FROM second")
	if f := w.fail("SELECT * FROM first"); !strings.Contains(f.Reason, "recursive view") {
		t.Errorf("a view of itself: %+v", f)
	}
	w.succeed("DROP VIEW v")
	w.succeed("DROP VIEW IF EXISTS v")
	if _, err := w.tables.Table(t.Context(), "sagemaker_featurestore", "v"); feature.KindOf(err) != feature.NotFound {
		t.Errorf("the view is there: %v", err)
	}
}

func TestPreparedStatementsTakeParameters(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.succeed("PREPARE p FROM SELECT ? AS a, ? || 'x' AS b")
	e := w.succeed("EXECUTE p USING 1, 'it''s; DROP TABLE t'")
	if e.Statement != "DML" || e.Substatement != "EXECUTE" || !strings.HasSuffix(e.Output, ".csv") || len(e.Columns) != 2 || e.Columns[0].Type != "integer" {
		t.Errorf("execution %+v", e)
	}
	held := must(w.Prepared(t.Context(), "primary", "p"))(t)
	if held.SQL != "SELECT ? AS a, ? || 'x' AS b" {
		t.Errorf("prepared %+v", held)
	}
	id := must(w.Start(t.Context(), query.Request{SQL: "EXECUTE p", Parameters: []string{"BIGINT '2'", "'y'"}, OutputFolder: "s3://results/"}))(t)
	if e := w.end(id); e.State != query.Succeeded || e.Columns[0].Type != "bigint" || len(e.Parameters) != 2 {
		t.Errorf("with the request's parameters: %+v %+v", e, e.Failure)
	}
	id = must(w.Start(t.Context(), query.Request{SQL: "SELECT ? AS a", Parameters: []string{"1"}, OutputFolder: "s3://results/"}))(t)
	if e := w.end(id); e.State != query.Succeeded {
		t.Errorf("a query with a parameter: %+v", e.Failure)
	}
	for sql, want := range map[string]string{
		"EXECUTE p USING 1":             "Incorrect number of parameters: expected 2 but found 1",
		"EXECUTE nothing":               "PreparedStatement nothing was not found",
		"EXECUTE p USING 1, 1 || 2 ; x": "SYNTAX_ERROR",
		"DEALLOCATE PREPARE nothing":    "PreparedStatement nothing was not found",
		"SELECT ?":                      "Incorrect number of parameters: expected 1 but found 0",
	} {
		if f := w.fail(sql); !strings.Contains(f.Reason, want) {
			t.Errorf("%s: %s, want %s", sql, f.Reason, want)
		}
	}
	w.succeed("DEALLOCATE PREPARE p")
	w.fail("EXECUTE p USING 1, 'a'")
}
