package worker

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/query"
)

func (w *world) upload(key, content string) {
	w.t.Helper()
	if _, err := w.buckets.Put(w.t.Context(), bucket.ObjectRef{Bucket: "lake", Key: key}, strings.NewReader(content), bucket.Content{}, nil); err != nil {
		w.t.Fatal(err)
	}
}

func gzipped(t testing.TB, text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstandard(t testing.TB, text string) string {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(z.EncodeAll([]byte(text), nil))
}

func TestTablesOfJSON(t *testing.T) {
	w := newWorld(t)
	w.upload("j/a.json", `{"ID":1,"tags":["x",null],"m":{"k":1,"l":2},"o":{"A":1.5,"b":{"c":"deep"}},"at":"2024-01-02 03:04:05.678","p":"12.345","eventTime":"e"}`+"\n")
	w.upload("j/b.json.gz", gzipped(t, `{"id":2,"o":null,"m":{},"tags":[]}`+"\n{\"id\":null}\n"))
	w.upload("j/c.zst", zstandard(t, `{"id":3,"o":{"b":{"c":"it's \"quoted\", `+"\\u0000"+`"}}}`))
	for _, class := range []string{"org.apache.hive.hcatalog.data.JsonSerDe", "org.openx.data.jsonserde.JsonSerDe"} {
		w.sql("DROP TABLE IF EXISTS j")
		w.sql("CREATE EXTERNAL TABLE j (id INT, tags array<string>, m map<string,bigint>, o struct<a:double,b:struct<c:string>>, at timestamp, p decimal(5,2)) ROW FORMAT SERDE '" + class + "' LOCATION 's3://lake/j/'")
		got := w.sql("SELECT id, cardinality(tags), tags[1], m['k'], o.a, o.b.c, at, p FROM j WHERE id < 2")
		if want := "\"id\",\"_col1\",\"_col2\",\"_col3\",\"a\",\"c\",\"at\",\"p\"\n\"1\",\"2\",\"x\",\"1\",\"1.5\",\"deep\",\"2024-01-02 03:04:05.678\",\"12.35\"\n"; got != want {
			t.Errorf("%s:\n%s\nwant\n%s", class, got, want)
		}
		if got := w.sql("SELECT count(*), count(id), sum(cardinality(m)), count(o), max(o.b.c) FROM j"); got != "\"_col0\",\"_col1\",\"_col2\",\"_col3\",\"_col4\"\n\"4\",\"3\",\"2\",\"2\",\"it's \"\"quoted\"\", \x00\"\n" {
			t.Errorf("%s: %q", class, got)
		}
	}
}

func TestManyRowsOfText(t *testing.T) {
	w := newWorld(t)
	for file := range 3 {
		var b strings.Builder
		for i := range 7_000 {
			n := file*7_000 + i
			fmt.Fprintf(&b, "%d,%s,%s\n", n, strings.Repeat("t", n%40), strings.Repeat("a;", n%60))
		}
		w.upload(fmt.Sprintf("many/%d", file), b.String())
	}
	w.sql("CREATE EXTERNAL TABLE many (n INT, s STRING, l array<string>) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' COLLECTION ITEMS TERMINATED BY ';' LOCATION 's3://lake/many/'")
	lengths, elements := 0, 0
	for n := range 21_000 {
		lengths += n % 40
		if n%60 > 0 {
			elements += n%60 + 1 // the last is empty
		}
	}
	want := fmt.Sprintf("\"_col0\",\"_col1\",\"_col2\",\"_col3\"\n\"21000\",\"220489500\",\"%d\",\"%d\"\n", lengths, elements)
	if got := w.sql("SELECT count(*), sum(n), sum(length(s)), sum(cardinality(l)) FROM many"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := w.sql("SELECT count(*) FROM many a JOIN many b ON a.n = b.n + 1"); got != "\"_col0\"\n\"20999\"\n" {
		t.Errorf("joined: %s", got)
	}
	if got := w.sql("SELECT count(*) FROM many"); got != "\"_col0\"\n\"21000\"\n" {
		t.Errorf("counted: %s", got)
	}
}

// Lists inside of lists keep nothing from the chunk or the file before.
func TestManyRowsOfListsWithinLists(t *testing.T) {
	w := newWorld(t)
	const rows, files = 9_000, 2
	list := func(n, length int) string {
		var b strings.Builder
		for i := range length {
			fmt.Fprintf(&b, `%s"t%d"`, strings.Repeat(",", min(i, 1)), n+i)
		}
		return "[" + b.String() + "]"
	}
	for file := range files {
		var b strings.Builder
		for i := range rows {
			n := file*rows + i
			l, m := list(n, 3), list(n, n%5)
			fmt.Fprintf(&b, `{"n":%d,"bigints":[{"x":[%d,%d,null]},{"x":[%d]},{"x":null}],"texts":[{"x":%s},{"x":%s}],"inner":{"b":{"t":%s}},"map":{"k":{"t":%s},"l":{"t":%s}},"lists":[[%s,[]],[%s,%s],null]}`+"\n", n, n, n+1, n+2, l, m, l, m, l, l, m, l)
		}
		w.upload(fmt.Sprintf("deep/%d", file), b.String())
	}
	w.sql("CREATE EXTERNAL TABLE deep (n INT, bigints array<struct<x:array<bigint>>>, texts array<struct<x:array<string>>>, `inner` struct<b:struct<t:array<string>>>, map map<string,struct<t:array<string>>>, lists array<array<array<string>>>) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/deep/'")
	got := w.sql(`WITH made AS (SELECT *, transform(sequence(n, n + 2), i -> 't' || CAST(i AS varchar)) AS l, slice(transform(sequence(n, n + 3), i -> 't' || CAST(i AS varchar)), 1, n % 5) AS m FROM deep)
		SELECT count(*), sum(n),
			count_if(bigints[1].x[1] = n AND bigints[1].x[2] = n + 1 AND bigints[1].x[3] IS NULL AND bigints[2].x = ARRAY[n + 2] AND bigints[3].x IS NULL),
			count_if(texts[1].x = l AND texts[2].x = m),
			count_if("inner".b.t = l),
			count_if(map['k'].t = m AND map['l'].t = l),
			count_if(lists[1][1] = l AND cardinality(lists[1][2]) = 0 AND lists[2][1] = m AND lists[2][2] = l AND lists[3] IS NULL)
		FROM made`)
	_, all, _ := strings.Cut(got, "\n")
	if want := "\"18000\",\"161991000\"" + strings.Repeat(",\"18000\"", 5) + "\n"; all != want {
		t.Errorf("got %s, want %s", all, want)
	}
}

func TestPartitionsInOtherPlaces(t *testing.T) {
	w := newWorld(t)
	w.upload("p/day=2024-01-01/a.csv", "1,a\n")
	w.upload("p/day=2024-01-02/a.csv", "2,b\n")
	w.upload("other/a.csv", "3,c\n")
	w.sql("CREATE EXTERNAL TABLE p (n INT, s STRING) PARTITIONED BY (day DATE) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/p/'")
	w.sql("MSCK REPAIR TABLE p")
	w.sql("ALTER TABLE p ADD PARTITION (day='2024-01-03') LOCATION 's3://lake/other/'")
	if got, want := w.sql("SELECT * FROM p ORDER BY n"), "\"n\",\"s\",\"day\"\n\"1\",\"a\",\"2024-01-01\"\n\"2\",\"b\",\"2024-01-02\"\n\"3\",\"c\",\"2024-01-03\"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	held, err := w.tables.Partition(t.Context(), "sagemaker_featurestore", "p", []string{"2024-01-03"})
	if err != nil {
		t.Fatal(err)
	}
	held.SerDe, held.SerDeParams, held.InputFormat = "org.openx.data.jsonserde.JsonSerDe", nil, "org.apache.hadoop.mapred.TextInputFormat"
	if err := w.tables.UpdatePartition(t.Context(), "sagemaker_featurestore", "p", []string{"2024-01-03"}, held); err != nil {
		t.Fatal(err)
	}
	if e := w.execute("INSERT INTO p VALUES (1, 'x', DATE '2024-01-03')"); e.State != query.Failed || !strings.Contains(e.Failure.Reason, "has another format than the table") {
		t.Errorf("inserted: %s %+v", e.State, e.Failure)
	}
	w.upload("other/a.csv", `{"n":30,"s":"json"}`)
	if got, want := w.sql("SELECT sum(n), max(s) FROM p"), "\"_col0\",\"_col1\"\n\"33\",\"json\"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWrittenTextReadsBackEqual(t *testing.T) {
	w := newWorld(t)
	rows := strings.Replace(everyType, "DECIMAL '12.34' AS m", "DECIMAL '12.34' AS money", 1) + `, MAP(ARRAY['k', 'l'], ARRAY[1, NULL]) AS m, CAST(ARRAY[ROW(1, 'p'), ROW(2, NULL)] AS ARRAY(ROW(f1 integer, f2 varchar))) AS n, DECIMAL '-12345678901234567890.12345' AS big, nan() AS nan
		UNION ALL SELECT false, NULL, NULL, 7, NULL, NULL, NULL, NULL, 'é"\,', NULL, NULL, NULL, TIMESTAMP '0001-01-01 00:00:00.000', ARRAY[3, 4], NULL, NULL, NULL, NULL, DECIMAL '0.00001', -infinity()`
	const columns = "b, t, s, i, l, f, d, m, v, vn, c, day, at, a, r, n, big, nan"
	w.sql("CREATE EXTERNAL TABLE openx (b boolean, t tinyint, s smallint, i int, l bigint, f float, d double, m map<string,int>, v string, vn varchar(5), c char(3), day date, at timestamp, a array<int>, r struct<x:int,y:string>, n array<struct<f1:int,f2:string>>, big decimal(25,5), nan double) " +
		"ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('mapping.b'='Yes No') LOCATION 's3://lake/openx/'")
	want := w.sql("SELECT " + columns + " FROM (" + rows + ") ORDER BY i")
	for name, statement := range map[string]string{
		"json":  "CREATE TABLE json WITH (format='JSON', write_compression='ZSTD') AS SELECT " + columns + " FROM (" + rows + ")",
		"lazy":  "CREATE TABLE lazy WITH (format='TEXTFILE', field_delimiter='|') AS SELECT " + columns + " FROM (" + rows + ")",
		"openx": "INSERT INTO openx SELECT " + columns + " FROM (" + rows + ")",
	} {
		e, _ := w.write(statement)
		if got := w.sql("SELECT " + columns + " FROM " + name + " ORDER BY i"); e.Rows != 2 || got != want {
			t.Errorf("%s, %d rows:\n%s\nwant\n%s", name, e.Rows, got, want)
		}
	}
}

func TestMalformedFileFailsItsQueryAlone(t *testing.T) {
	w := newWorld(t)
	w.sql("CREATE EXTERNAL TABLE good (a INT) ROW FORMAT DELIMITED LOCATION 's3://lake/good/'")
	w.upload("good/a", "1\n")
	parquet := strings.Repeat("PAR1", 3)
	for i, test := range []struct{ table, key, content, want string }{
		{"(a INT) ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'", "x.json", "{\"a\":1}\n[", "HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException: Start of object expected at 0 [character 1 line 2] (%s, line 2)"},
		{"(a INT) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'", "x.json", "{\"a\":1", "HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException: Expected a ',' or '}' at 6 [character 7 line 1] (%s, line 1)"},
		{"(a INT) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'", "x.csv", "1\nLARDER:X:y'; DROP TABLE good; --\n", "HIVE_BAD_DATA: Error parsing field value 'LARDER:X:y'; DROP TABLE good; --' for field 0: For input string: \"LARDER:X:y'; DROP TABLE good; --\" is not of the type integer (%s, line 2)"},
		{"(a STRING) ROW FORMAT DELIMITED", "x.txt", "ok\n\xc3\x28", "HIVE_BAD_DATA: The text of field 0 is not UTF-8: '\uFFFD(' (%s, line 2)"},
		{"(a STRING) ROW FORMAT DELIMITED", "x.gz", gzipped(w.t, strings.Repeat("abc\n", 1000))[:30], "HIVE_CURSOR_ERROR: Failed to read file: its compression is broken, or ends too early"},
		{"(a STRING) ROW FORMAT DELIMITED", "long.gz", gzipped(w.t, strings.Repeat("x", 300<<20)), "HIVE_BAD_DATA: Line too long in text file: a row may have 32 MB (%s, line 1)"},
		{"(a INT) STORED AS PARQUET", "x.parquet", parquet, "HIVE_BAD_DATA: "},
		{"(a INT) STORED AS PARQUET", "x.parquet", parquet[:5], "HIVE_BAD_DATA: "},
	} {
		place := fmt.Sprintf("bad%d/", i)
		w.upload(place+test.key, test.content)
		w.sql("CREATE EXTERNAL TABLE bad" + fmt.Sprint(i) + " " + test.table + " LOCATION 's3://lake/" + place + "'")
		want := strings.ReplaceAll(test.want, "%s", "s3://lake/"+place+test.key)
		if e := w.execute("SELECT * FROM bad" + fmt.Sprint(i)); e.State != query.Failed || !strings.HasPrefix(e.Failure.Reason, want) {
			t.Errorf("%s: %s %+v\nwant %s", test.table, e.State, e.Failure, want)
		}
		if got := w.sql("SELECT a FROM good"); got != "\"a\"\n\"1\"\n" {
			t.Errorf("beside it: %s", got)
		}
	}
}

func TestFormatsThatCannotBeReadSayWhatCan(t *testing.T) {
	w := newWorld(t)
	for _, format := range []string{
		"ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.orc.OrcSerde'", "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.avro.AvroSerDe'", "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' WITH SERDEPROPERTIES ('input.regex'='(.*)')",
		"ROW FORMAT SERDE 'com.amazonaws.glue.serde.GrokSerDe'", "ROW FORMAT SERDE 'com.amazon.ionhiveserde.IonHiveSerDe'", "ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.CloudTrailSerde'", "STORED AS ORC", "STORED AS AVRO",
	} {
		e := w.execute("CREATE EXTERNAL TABLE t (a STRING) " + format + " LOCATION 's3://lake/t/'")
		if e.State != query.Failed || !strings.Contains(e.Failure.Reason, "not supported") || !strings.Contains(e.Failure.Reason, "can be read") || !strings.Contains(e.Failure.Reason, "Parquet") {
			t.Errorf("%s: %s %+v", format, e.State, e.Failure)
		}
	}
}

// hostile are texts that would be code, a path or an end, if anything took them for it.
var hostile = []string{
	"'", `"`, `\`, "\x00", "';", "'; DROP VIEW r0; --", `"); ATTACH '/tmp/x'; --`, "]); COPY (SELECT 1) TO '/tmp/x'; --", "${x}", "$$", "/*", "--", "\n", "a\x00b",
	"E'\\x27'", "LARDER:X:y", "../../etc/passwd", "/etc/passwd", "*", "read_csv('/etc/passwd')", "\u2028", "\ufeff", "\xff", "0", "127", "1e9",
}

// quoted writes a text as a string of Hive's DDL.
func quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`, "\x00", `\0`).Replace(text) + "'"
}

// Whatever a name, a property, a partition or a file says: a query gives the rows of its table, or fails in words of ours.
func TestTextOfATableIsNeverCode(t *testing.T) {
	w := newWorld(t)
	w.upload("secret/s.csv", "secret\n")
	n := 0
	check := func(what, clauses, content string) {
		t.Helper()
		n++
		name := fmt.Sprintf("h%d", n)
		w.upload(name+"/f", content)
		if e := w.execute("CREATE EXTERNAL TABLE " + name + " " + clauses + " LOCATION 's3://lake/" + name + "/'"); e.State == query.Failed {
			if strings.Contains(e.Failure.Reason, "INTERNAL") {
				t.Errorf("%s: %+v", what, e.Failure)
			}
			return
		}
		for _, sql := range []string{"SELECT * FROM " + name, "SELECT count(*) FROM " + name} {
			e := w.execute(sql)
			switch {
			case e.State == query.Failed && !strings.HasPrefix(e.Failure.Reason, "HIVE_"):
				t.Errorf("%s: %s: %+v", what, sql, e.Failure)
			case e.State == query.Succeeded && strings.Contains(w.read(e.Output), "secret"):
				t.Errorf("%s: %s reads what is not its table's", what, sql)
			}
		}
	}
	for _, h := range hostile {
		content := h + ",1\n{\"a\":\"x\"}\n"
		for _, property := range []string{"field.delim", "escape.delim", "collection.delim", "serialization.null.format"} {
			check(property+" "+h, "(a STRING, b array<string>) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe' WITH SERDEPROPERTIES ('"+property+"'="+quoted(h)+")", content)
		}
		for _, property := range []string{"separatorChar", "quoteChar", "escapeChar"} {
			check(property+" "+h, "(a STRING, b STRING) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' WITH SERDEPROPERTIES ('"+property+"'="+quoted(h)+")", content)
		}
		check("mapping "+h, "(a STRING) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('mapping.a'="+quoted(h)+")", `{"a":1}`)
		check("a key "+h, "(a STRING) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ("+quoted("mapping."+h)+"='a')", `{"a":1}`)
		check("a name "+h, "(`"+strings.ReplaceAll(h, "`", "``")+"` STRING, b STRUCT<`x`:INT>) ROW FORMAT DELIMITED", content)
		check("a header "+h, "(a STRING) ROW FORMAT DELIMITED TBLPROPERTIES ('skip.header.line.count'="+quoted(h)+")", content)
	}
	for i, h := range hostile {
		name := fmt.Sprintf("part%d", i)
		w.sql("CREATE EXTERNAL TABLE " + name + " (a STRING) PARTITIONED BY (k STRING, n INT) ROW FORMAT DELIMITED LOCATION 's3://lake/" + name + "/'")
		w.upload(name+"/x/f", "row\n")
		if e := w.execute("ALTER TABLE " + name + " ADD PARTITION (k=" + quoted(h) + ", n=" + quoted(h) + ") LOCATION 's3://lake/" + name + "/x/'"); e.State == query.Failed {
			continue
		}
		if e := w.execute("SELECT * FROM " + name); e.State == query.Failed && !strings.HasPrefix(e.Failure.Reason, "HIVE_INVALID_PARTITION_VALUE: ") && !strings.HasPrefix(e.Failure.Reason, "NOT_SUPPORTED: a statement with a NUL") {
			t.Errorf("partition %q: %+v", h, e.Failure)
		}
	}
	if got := w.sql("SELECT 1 AS a"); got != "\"a\"\n\"1\"\n" {
		t.Errorf("after all: %s", got)
	}
}

// A table's place is in a bucket; nothing makes it a path of the machine, or reads what lies beside it.
func TestPlaceOfATableIsInItsBucket(t *testing.T) {
	w := newWorld(t)
	w.upload("t", "mine\n")
	w.upload("tx", "other\n")
	w.upload("t2/a", "another\n")
	for _, place := range []string{"/etc/passwd", "file:///etc/passwd", "s3:///etc/passwd", "s3://../etc", "http://localhost/x", "s3://lake/../../etc/passwd", "s3://lake/t/../t2", "s3://nobody/t", "s3://lake/*", "s3://LAKE/t", "s3://lake/t'; SELECT 1; --"} {
		w.sql("DROP TABLE IF EXISTS t")
		e := w.execute("CREATE EXTERNAL TABLE t (a STRING) ROW FORMAT DELIMITED LOCATION " + quoted(place))
		if e.State == query.Failed {
			continue
		}
		if e = w.execute("SELECT * FROM t"); e.State == query.Succeeded {
			if diff := cmp.Diff("\"a\"\n", w.read(e.Output)); diff != "" {
				t.Errorf("%s gives rows (-want +got):\n%s", place, diff)
			}
		}
	}
	w.sql("DROP TABLE IF EXISTS t")
	w.sql("CREATE EXTERNAL TABLE t (a STRING) ROW FORMAT DELIMITED LOCATION 's3://lake/t'")
	if got := w.sql("SELECT * FROM t"); got != "\"a\"\n\"mine\"\n" {
		t.Errorf("got %s", got)
	}
}

func TestScanOfTextIsMeasured(t *testing.T) {
	w := newWorld(t)
	w.upload("m/a", "1\n2\n3\n")
	w.sql("CREATE EXTERNAL TABLE m (n INT) ROW FORMAT DELIMITED LOCATION 's3://lake/m/'")
	text := w.sql("EXPLAIN ANALYZE SELECT sum(n) FROM m")
	if _, operators, ok := strings.Cut(text, "Operators, as they ran:\n"); !ok || !strings.Contains(operators, "Scan") || strings.Contains(operators, "Other") {
		t.Errorf("%s", text)
	}
	if e := w.execute("SELECT n FROM m"); e.Scanned != 6 {
		t.Errorf("read %d bytes of 6", e.Scanned)
	}
}
