package worker

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkText reads files of text, as a query that sums two columns of six.
func BenchmarkText(b *testing.B) {
	w := newWorld(b)
	var csv, json strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&csv, "%d,customer-%d,%d.25,true,2024-01-02 03:04:05,some more text of this row\n", i, i%1000, i%977)
		fmt.Fprintf(&json, "{\"n\":%d,\"id\":\"customer-%d\",\"x\":%d.25,\"b\":true,\"at\":\"2024-01-02 03:04:05\",\"s\":\"some more text of this row\"}\n", i, i%1000, i%977)
	}
	w.upload("csv/f", csv.String())
	w.upload("json/f", json.String())
	const columns = "(n bigint, id string, x double, b boolean, at timestamp, s string) "
	w.sql("CREATE EXTERNAL TABLE lazy " + columns + "ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/csv/'")
	w.sql("CREATE EXTERNAL TABLE csv " + columns + "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://lake/csv/'")
	w.sql("CREATE EXTERNAL TABLE json " + columns + "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/json/'")
	for name, size := range map[string]int{"lazy": csv.Len(), "csv": csv.Len(), "json": json.Len()} {
		for what, sql := range map[string]string{"two columns": "SELECT sum(n), sum(x) FROM ", "all columns": "SELECT sum(n), max(id), sum(x), count_if(b), max(at), max(s) FROM "} {
			b.Run(name+"/"+what, func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					w.sql(sql + name)
				}
			})
		}
	}
}
