package trino

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func text(s string) *string { return &s }

func TestStatementsAroundQueries(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		want      Statement
	}{
		{"a table of a query, as awswrangler writes it",
			`CREATE TABLE "Db"."temp_1" WITH( external_location='s3://b/x', format = 'PARQUET', partitioned_by=ARRAY['a','b'] ) AS SELECT 1 AS x WITH NO DATA`,
			&CreateTableAs{TableName: TableName{"db", "temp_1"}, NoData: true, Properties: map[string]Value{
				"external_location": {Text: "s3://b/x"}, "format": {Text: "PARQUET"}, "partitioned_by": {list: true, List: []string{"a", "b"}},
			}}},
		{"without properties", "create table if not exists awsdatacatalog.db.t comment 'c' as (select 1 as x);", &CreateTableAs{TableName: TableName{"db", "t"}, IfNotExists: true, Comment: "c"}},
		{"a view", "CREATE OR REPLACE VIEW v AS\n SELECT 'a;b' AS x -- c", &CreateView{TableName: TableName{"", "v"}, Replace: true, SQL: "SELECT 'a;b' AS x"}},
		{"insert", "INSERT INTO db.t (B, a) VALUES (1, 2)", &Insert{TableName: TableName{"db", "t"}, Columns: []string{"b", "a"}}},
		{"unload", "UNLOAD (SELECT ')' AS a, (1) AS b) TO 's3://b/it''s' WITH (  format='PARQUET', compression = 'gzip') ;",
			&Unload{Location: "s3://b/it's", Properties: map[string]Value{"format": {Text: "PARQUET"}, "compression": {Text: "gzip"}}}},
		{"unload without properties", "unload(select 1) to 's3://b/'", &Unload{Location: "s3://b/"}},
		{"explain", "EXPLAIN (TYPE LOGICAL) SELECT 1", &Explain{Type: "LOGICAL", Format: "TEXT"}},
		{"explain in a format", "EXPLAIN (FORMAT graphviz, TYPE LOGICAL) SELECT 1", &Explain{Type: "LOGICAL", Format: "GRAPHVIZ"}},
		{"explain of what is read", "EXPLAIN (TYPE IO) SELECT 1", &Explain{Type: "IO", Format: "JSON"}},
		{"explain analyze in a format", "EXPLAIN ANALYZE (FORMAT TEXT, FORMAT json)\nSELECT 1", &Explain{Analyze: true, Type: "DISTRIBUTED", Format: "JSON"}},
		{"explain analyze of a query in parentheses", "EXPLAIN ANALYZE (SELECT 1)", &Explain{Analyze: true, Type: "DISTRIBUTED", Format: "TEXT"}},
		{"explain analyze", "EXPLAIN ANALYZE SELECT 1", &Explain{Analyze: true, Type: "DISTRIBUTED", Format: "TEXT"}},
		{"partitions", "ALTER TABLE t ADD IF NOT EXISTS PARTITION (a='x', b=-1.5) LOCATION 's3://b/' , PARTITION (a=NULL, b=2)",
			&AlterTable{TableName: TableName{"", "t"}, IfThere: true, AddPartitions: []PartitionSpec{
				{Values: []PartitionValue{{"a", text("x")}, {"b", text("-1.5")}}, Location: "s3://b/"}, {Values: []PartitionValue{{"a", nil}, {"b", text("2")}}},
			}}},
		{"drop partitions", "ALTER TABLE `db.t` DROP PARTITION (a=DATE '2024-01-01'), PARTITION (a='y');",
			&AlterTable{TableName: TableName{"db", "t"}, DropPartitions: []PartitionSpec{{Values: []PartitionValue{{"a", text("2024-01-01")}}}, {Values: []PartitionValue{{"a", text("y")}}}}}},
		{"properties", "ALTER TABLE `t` SET TBLPROPERTIES('vacuum_max_snapshot_age_seconds'='60')", &AlterTable{TableName: TableName{"", "t"}, Properties: map[string]string{"vacuum_max_snapshot_age_seconds": "60"}}},
		{"tables", "SHOW TABLES IN Db 'x*'", &Show{Kind: ShowTables, TableName: TableName{"db", ""}, Pattern: "x*"}},
		{"repair", "MSCK REPAIR TABLE db.t", &RepairTable{TableName{"db", "t"}}},
		{"drop database", "DROP SCHEMA IF EXISTS d RESTRICT", &DropDatabase{Name: "d", IfExists: true}},
	} {
		got, err := Parse(c.sql)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		ignore := cmp.Options{cmpopts.IgnoreFields(CreateTableAs{}, "Query"), cmpopts.IgnoreFields(CreateView{}, "Query"), cmpopts.IgnoreFields(Unload{}, "Query"),
			cmpopts.IgnoreFields(Insert{}, "Query", "At"), cmpopts.IgnoreFields(Explain{}, "Query"), cmpopts.IgnoreFields(Value{}, "pos"), cmp.AllowUnexported(Value{})}
		if diff := cmp.Diff(c.want, got, ignore); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestErrorsAroundQueriesHaveTheirPlace(t *testing.T) {
	for sql, want := range map[string]string{
		"UNLOAD SELECT 1 TO 's3://b/'":                            "SYNTAX_ERROR: line 1:8: mismatched input 'SELECT'. Expecting: '('",
		"UNLOAD (SELECT 1) 's3://b/'":                             "SYNTAX_ERROR: line 1:19: mismatched input ''s3://b/''. Expecting: 'TO'",
		"UNLOAD (SELECT 1":                                        "SYNTAX_ERROR: line 1:17: mismatched input '<EOF>'. Expecting: ')'",
		"UNLOAD":                                                  "SYNTAX_ERROR: line 1:7: mismatched input '<EOF>'. Expecting: '('",
		"UNLOAD (SELECT 1) TO":                                    "SYNTAX_ERROR: line 1:21: mismatched input '<EOF>'. Expecting: <string>",
		"UNLOAD (SELECT 1) TO 's3://b/' x":                        "SYNTAX_ERROR: line 1:32: mismatched input 'x'. Expecting: 'WITH', <EOF>",
		"UNLOAD\n (SELECT FROM t) TO 's3://b/'":                   "SYNTAX_ERROR: line 2:10: mismatched input 'FROM'",
		"UNLOAD (SELECT 1)\nTO 's3://b/' WITH (a='b', a='c')":     "DUPLICATE_PROPERTY: line 2:27: Duplicate property: a",
		"UNLOAD (SELECT 1) TO 's3://b/' WITH (a=b)":               "INVALID_TABLE_PROPERTY: line 1:40: the value of a property",
		"UNLOAD (SELECT 1) TO 's3://b/' WITH (a='b') AS SELECT 2": "SYNTAX_ERROR: line 1:",
		"UNLOAD (DROP TABLE t) TO 's3://b/'":                      "SYNTAX_ERROR: line 1:9: mismatched input 'DROP'",
		"CREATE TABLE t (a int) WITH (format='PARQUET')":          "NOT_SUPPORTED: line 1:1: CREATE TABLE without EXTERNAL",
		"CREATE TABLE IF NOT EXISTS `t` (`a` int) LOCATION 's3://b/' TBLPROPERTIES ('table_type' ='ICEBERG')": "NOT_SUPPORTED: line 1:1: CREATE TABLE without EXTERNAL, which makes an Iceberg table",
		"CREATE TABLE other.db.t AS SELECT 1":                  "CATALOG_NOT_FOUND: line 1:14: Catalog 'other' not found",
		"EXPLAIN INSERT INTO t VALUES (1)":                     "NOT_SUPPORTED: line 1:9: EXPLAIN of a statement that is not a query is not supported",
		"EXPLAIN (TYPE IO, FORMAT TEXT) SELECT 1":              "NOT_SUPPORTED: line 1:1: EXPLAIN (TYPE IO, FORMAT TEXT); JSON is its format: it is not supported",
		"EXPLAIN ANALYZE VERBOSE SELECT 1":                     "NOT_SUPPORTED: line 1:1: EXPLAIN ANALYZE VERBOSE, which adds distributions over the tasks of many machines to EXPLAIN ANALYZE, is not supported",
		"EXPLAIN ANALYZE (FORMAT GRAPHVIZ) SELECT 1":           "SYNTAX_ERROR: line 1:25: mismatched input 'GRAPHVIZ'. Expecting: 'JSON', 'TEXT'",
		"EXPLAIN ANALYZE (TYPE IO) SELECT 1":                   "SYNTAX_ERROR: line 1:18: mismatched input 'TYPE'. Expecting: 'FORMAT'",
		"EXPLAIN ANALYZE (FORMAT JSON) INSERT INTO t VALUES 1": "NOT_SUPPORTED: line 1:31: EXPLAIN of a statement that is not a query is not supported",
		"SHOW SESSION": "NOT_SUPPORTED: line 1:1: Queries of this type are not supported",
		"ALTER TABLE t ADD PARTITION (a='1', a='2')": "SYNTAX_ERROR: line 1:37: the partition key 'a' is given twice",
		"INSERT INTO t (a, A) SELECT 1, 2":           "DUPLICATE_COLUMN_NAME: line 1:19: Insert column name is specified more than once: a",
	} {
		_, err := Parse(sql)
		if err == nil || len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
			t.Errorf("%s:\n got %v\nwant %s", sql, err, want)
		}
	}
}

// FuzzStatement looks for texts that the readers of statements do not get to the end of.
func FuzzStatement(f *testing.F) {
	for _, sql := range []string{
		"UNLOAD (SELECT 1) TO 's3://b/' WITH (format='PARQUET', partitioned_by=ARRAY['a'])", "ALTER TABLE t ADD PARTITION (a='x', b=-1.5)",
		"CREATE TABLE t WITH (a=1) AS SELECT 1 AS x", "INSERT INTO t (a) VALUES (1)", "SHOW TABLES IN d 'x'", "DESCRIBE FORMATTED t", "CREATE VIEW v AS SELECT 1 AS x",
		"CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (b string) LOCATION 's3://b/'", "SHOW TBLPROPERTIES t('x')",
	} {
		f.Add(sql)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		s, err := Parse(sql)
		if (s == nil) == (err == nil) {
			t.Fatalf("%q: %v and %v", sql, s, err)
		}
		if err == nil {
			s.Class()
		}
	})
}
