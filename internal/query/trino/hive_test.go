package trino

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHiveStatements(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		want      Statement
	}{
		{"the table of a dataset builder's data frame",
			"CREATE EXTERNAL TABLE dataframe_1 (Lead_ID INT, c2 DOUBLE, c3 STRING, c4 BOOLEAN, c5 TIMESTAMP) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' " +
				"WITH SERDEPROPERTIES (\"separatorChar\" = \",\", \"quoteChar\" = \"`\", \"escapeChar\" = \"\\\\\") LOCATION 's3://bucket/folder';",
			&CreateTable{TableName: TableName{"", "dataframe_1"}, SerDe: "org.apache.hadoop.hive.serde2.OpenCSVSerde", Location: "s3://bucket/folder",
				SerDeParams: map[string]string{"separatorChar": ",", "quoteChar": "`", "escapeChar": `\`},
				Columns:     []HiveColumn{{Name: "lead_id", Type: "int"}, {Name: "c2", Type: "double"}, {Name: "c3", Type: "string"}, {Name: "c4", Type: "boolean"}, {Name: "c5", Type: "timestamp"}}}},
		{"Parquet, with all that may be said",
			"create external table if not exists `Db`.`My Table` (`a b` decimal( 10 , 2 ) comment 'money', c array<string>)\n comment 'x' stored as parquet location \"s3://b/p/\" tblproperties ('has_encrypted_data'='false') -- end",
			&CreateTable{TableName: TableName{"db", "my table"}, IfNotExists: true, Comment: "x", SerDe: parquetSerDe, InputFormat: parquetIn, OutputFormat: parquetOut, Location: "s3://b/p/",
				Properties: map[string]string{"has_encrypted_data": "false"}, Columns: []HiveColumn{{Name: "a b", Type: "decimal(10,2)", Comment: "money"}, {Name: "c", Type: "array<string>"}}}},
		{"delimited text", "CREATE EXTERNAL TABLE t (a string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' STORED AS TEXTFILE LOCATION 's3://b/'",
			&CreateTable{TableName: TableName{"", "t"}, SerDe: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", InputFormat: textIn, OutputFormat: textOut, Location: "s3://b/",
				SerDeParams: map[string]string{"field.delim": "\t", "escape.delim": `\`, "line.delim": "\n"}, Columns: []HiveColumn{{Name: "a", Type: "string"}}}},
		{"formats by their classes", "CREATE EXTERNAL TABLE db.t (a bigint) ROW FORMAT SERDE 'S' STORED AS INPUTFORMAT 'I' OUTPUTFORMAT 'O' LOCATION 's3://b/'",
			&CreateTable{TableName: TableName{"db", "t"}, SerDe: "S", InputFormat: "I", OutputFormat: "O", Location: "s3://b/", Columns: []HiveColumn{{Name: "a", Type: "bigint"}}}},
		{"drop", "DROP TABLE IF EXISTS `db`.t ;", &DropTable{TableName: TableName{"db", "t"}, IfExists: true}},
		{"database", "CREATE DATABASE IF NOT EXISTS Db COMMENT 'it''s' LOCATION 's3://b/'", nil},
		{"schema", "/* why */ CREATE SCHEMA x", &CreateDatabase{Name: "x"}},
	} {
		got, err := Parse(c.sql)
		if c.want == nil {
			if err == nil {
				t.Errorf("%s: no error", c.name)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestHiveErrors(t *testing.T) {
	for sql, want := range map[string]string{
		"CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (a string) LOCATION 's3://b/'": "DUPLICATE_COLUMN_NAME: line 1:49: Column name 'a' specified more than once",
		"CREATE EXTERNAL TABLE t (a int)":                                              "SYNTAX_ERROR: line 1:32: CREATE EXTERNAL TABLE needs a LOCATION 's3://…'",
		"CREATE EXTERNAL TABLE t (a int, A string) LOCATION 's3://b/'":                 "DUPLICATE_COLUMN_NAME: line 1:33: Column name 'a' specified more than once",
		"CREATE EXTERNAL TABLE t (a blob) LOCATION 's3://b/'":                          "NOT_SUPPORTED: line 1:28: the column type blob is not supported",
		"CREATE EXTERNAL TABLE t (a int) STORED AS ORC LOCATION 's3:/'":                "NOT_SUPPORTED: line 1:43: STORED AS ORC is not supported; files of Parquet, TEXTFILE and JSONFILE can be read",
		"CREATE EXTERNAL TABLE t (a int b int) LOCATION 's3://b/'":                     "SYNTAX_ERROR: line 1:32: mismatched input 'b'. Expecting: ')'",
		"ALTER TABLE t CHANGE a a INT FIRST AFTER b":                                   "SYNTAX_ERROR: line 1:36: mismatched input 'AFTER'. Expecting: <EOF>",
		"DROP TABLE t x": "SYNTAX_ERROR: line 1:14: mismatched input 'x'. Expecting: <EOF>",
		"DROP ROLE v":    "NOT_SUPPORTED: line 1:1: Queries of this type are not supported",
		"DROP TABLE 't":  "SYNTAX_ERROR: line 1:12: the quote that begins here is never closed",
	} {
		_, err := Parse(sql)
		if err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", sql, err, want)
		}
	}
}
