package duckdbtest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// events is the history of a group: A written twice for one event time, then deleted and put again;
// B deleted and never put again; C deleted before its only row.
var events = entry{
	columns("id string,et double,x bigint,Note string,write_time timestamp,api_invocation_time timestamp,is_deleted boolean"),
	`SELECT * FROM (VALUES
		('A', 100.0, 1, 'old',   TIMESTAMP '2024-01-01 00:00:01', TIMESTAMP '2024-01-01 00:00:01', false),
		('A', 100.0, 2, 'again', TIMESTAMP '2024-01-01 00:00:02', TIMESTAMP '2024-01-01 00:00:02', false),
		('A', 200.0, NULL, NULL, TIMESTAMP '2024-01-01 00:00:03', TIMESTAMP '2024-01-01 00:00:03', true),
		('A', 300.0, 3, 'new',   TIMESTAMP '2024-01-01 00:00:04', TIMESTAMP '2024-01-01 00:00:04', false),
		('B', 100.0, 4, 'b',     TIMESTAMP '2024-01-01 00:00:01', TIMESTAMP '2024-01-01 00:00:01', false),
		('B', 150.0, NULL, NULL, TIMESTAMP '2024-01-01 00:00:05', TIMESTAMP '2024-01-01 00:00:05', true),
		('C', 100.0, 5, 'c',     TIMESTAMP '2024-01-01 00:00:09', TIMESTAMP '2024-01-01 00:00:09', false),
		('D', 400.5, 6, 'd',     TIMESTAMP '2024-01-01 00:00:09', TIMESTAMP '2024-01-01 00:00:09', false)
	) v(id, et, x, "note", write_time, api_invocation_time, is_deleted)`,
}

// other is a second group whose event time is text.
var other = entry{
	columns("id string,et string event,y double,write_time timestamp,api_invocation_time timestamp,is_deleted boolean"),
	`SELECT * FROM (VALUES
		('A', '1970-01-01T00:01:40Z', 0.5, TIMESTAMP '2024-01-01 00:00:01', TIMESTAMP '2024-01-01 00:00:01', false),
		('A', '1970-01-01T00:04:00Z', 0.7, TIMESTAMP '2024-01-01 00:00:02', TIMESTAMP '2024-01-01 00:00:02', false),
		('A', '1970-01-01T00:10:00Z', 0.9, TIMESTAMP '2024-01-01 00:00:02', TIMESTAMP '2024-01-01 00:00:02', false),
		('D', '1970-01-01T01:00:00+01:00', 1.5, TIMESTAMP '2024-01-01 00:00:02', TIMESTAMP '2024-01-01 00:00:02', false)
	) v(id, et, y, write_time, api_invocation_time, is_deleted)`,
}

var groups = catalog{db + ".events-1": events, db + ".other_2": other}

// tableQuery is what a dataset builder asks of one group by default: duplicates dropped, deleted
// records left out unless they were written anew.
func tableQuery(table, id, et string, features ...string) string {
	list := func(prefix string) string {
		var out []string
		for _, f := range features {
			out = append(out, prefix+`"`+f+`"`)
		}
		return strings.Join(out, ", ")
	}
	r := strings.NewReplacer("TABLE", `"`+db+`"."`+table+`"`, "FEATURES_ORIGIN", list("table_s."), "FEATURES", list("table_s."), "ID", `"`+id+`"`, "ET", `"`+et+`"`)
	return r.Replace(`WITH table_s AS (
	SELECT * FROM (
		SELECT *, row_number() OVER (
			PARTITION BY origin_s.ID, origin_s.ET
			ORDER BY origin_s."api_invocation_time" DESC, origin_s."write_time" DESC
		) AS dedup_row_s
		FROM TABLE origin_s
	)
	WHERE dedup_row_s = 1
), deleted_s AS (
	SELECT * FROM (
		SELECT *, row_number() OVER (
			PARTITION BY origin_s.ID
			ORDER BY origin_s.ET DESC, origin_s."api_invocation_time" DESC, origin_s."write_time" DESC
		) AS deleted_row_s
		FROM TABLE origin_s
		WHERE is_deleted
	)
	WHERE deleted_row_s = 1
)
SELECT FEATURES
FROM (
	SELECT FEATURES, table_s."is_deleted"
	FROM table_s
	LEFT JOIN deleted_s ON table_s.ID = deleted_s.ID
	WHERE deleted_s.ID IS NULL
	UNION ALL
	SELECT FEATURES, table_s."is_deleted"
	FROM deleted_s
	JOIN table_s ON table_s.ID = deleted_s.ID
	AND (
		table_s.ET > deleted_s.ET
		OR (table_s.ET = deleted_s.ET AND table_s."api_invocation_time" > deleted_s."api_invocation_time")
		OR (table_s.ET = deleted_s.ET AND table_s."api_invocation_time" = deleted_s."api_invocation_time" AND table_s."write_time" > deleted_s."write_time")
	)
) AS table_s`)
}

func TestDatasetBuilder(t *testing.T) {
	text := "WITH fg_base AS (" + tableQuery("events-1", "id", "et", "id", "et", "x", "Note") + "),\nfg_0 AS (" + tableQuery("other_2", "id", "et", "id", "et", "y") + `)
SELECT id, et, x, Note, "id.1", "et.1", "y.1"
FROM (
	SELECT fg_base.id, fg_base.et, fg_base.x, fg_base.Note, fg_0."id" AS "id.1", fg_0."et" AS "et.1", fg_0."y" AS "y.1",
		row_number() OVER (PARTITION BY fg_base."id" ORDER BY fg_base."et" DESC, fg_0."et" DESC) AS row_recent
	FROM fg_base
	LEFT JOIN fg_0 ON fg_base."id" = fg_0."id"
	AND from_unixtime(fg_base."et") >= from_iso8601_timestamp(fg_0."et")
)
WHERE row_recent <= 1
ORDER BY id LIMIT 10;`
	tr, rows, err := run(t, groups, text)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range tr.Columns {
		names = append(names, c.Name)
	}
	if diff := cmp.Diff([]string{"id", "et", "x", "Note", "id.1", "et.1", "y.1"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	want := [][]string{
		{"A", "300", "3", "new", "A", "1970-01-01T00:04:00Z", "0.7"},
		{"C", "100", "5", "c", "NULL", "NULL", "NULL"},
		{"D", "400.5", "6", "d", "D", "1970-01-01T01:00:00+01:00", "1.5"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s\n%s", diff, tr.SQL)
	}
}

func TestPatterns(t *testing.T) {
	const table = `"events-1"`
	const ranked = `(SELECT *, row_number() OVER (PARTITION BY id ORDER BY et DESC, Api_Invocation_Time DESC, write_time DESC) AS row_number FROM ` + table
	for _, c := range []struct {
		name, sql string
		want      [][]string
	}{
		{"1: all history", "SELECT count(*) FROM " + table, [][]string{{"8"}}},
		{"2: not deleted", "SELECT count(*) FROM " + table + " WHERE NOT is_deleted AND is_deleted = False", [][]string{{"6"}}},
		{"3: latest snapshot", "SELECT id, x FROM " + ranked + ")WHERE row_number = 1 and NOT is_deleted ORDER BY id", [][]string{{"A", "3"}, {"C", "5"}, {"D", "6"}}},
		{"4: time travel by event time", "SELECT id, x FROM " + ranked + " WHERE et <= 120) WHERE row_number = 1 AND NOT is_deleted ORDER BY id", [][]string{{"A", "2"}, {"B", "4"}, {"C", "5"}}},
		{"4: by instants", "SELECT id, x FROM " + ranked + " WHERE from_unixtime(et) <= TIMESTAMP '1970-01-01 00:02:00 UTC') WHERE row_number = 1 ORDER BY id", [][]string{{"A", "2"}, {"B", "4"}, {"C", "5"}}},
		{"4: by text", "SELECT id, y FROM other_2 WHERE from_iso8601_timestamp(et) <= timestamp '1970-01-01 00:03:00' ORDER BY 1", [][]string{{"A", "0.5"}, {"D", "1.5"}}},
		{"5: as of", "SELECT id, x FROM " + ranked + ` s WHERE s."write_time" <= to_timestamp('2024-01-01 00:00:03', 'yyyy-mm-dd hh24:mi:ss')) WHERE row_number = 1 ORDER BY id`, [][]string{{"A", "NULL"}, {"B", "4"}}},
		{"6: duplicates", "SELECT id, et, x FROM (SELECT *, row_number() OVER (PARTITION BY id, et ORDER BY api_invocation_time DESC, write_time DESC) r FROM " + table + ") WHERE r = 1 AND id = 'A' ORDER BY et", [][]string{{"A", "100", "2"}, {"A", "200", "NULL"}, {"A", "300", "3"}}},
		{"7: point in time", `SELECT k, x FROM (
			SELECT e.k, e.t, g.x, g.is_deleted, dense_rank() OVER (PARTITION BY e.k, e.t ORDER BY g.et DESC, g.api_invocation_time DESC, g.write_time DESC) AS rank
			FROM (VALUES ('A', 150), ('A', 250), ('A', 350), ('D', 400)) e(k, t) LEFT OUTER JOIN ` + table + ` g ON g.id = e.k AND g.et <= e.t
		) WHERE rank = 1 AND is_deleted IS DISTINCT FROM true ORDER BY k, t`, [][]string{{"A", "2"}, {"A", "3"}, {"D", "NULL"}}},
		{"9: latest ingestion", "SELECT id, x FROM \"" + db + "\".\"events-1\"\n WHERE is_deleted=False AND et=(SELECT MAX(et) FROM \"" + db + "\".\"events-1\");", [][]string{{"D", "6"}}},
		{"10: counts, lists and samples", "SELECT count(*) FROM (SELECT * FROM " + table + " TABLESAMPLE BERNOULLI(100) WHERE id IN ('A', 'B') LIMIT 3)", [][]string{{"3"}}},
		{"the event range of a builder", `SELECT count(*) FROM ` + table + ` s WHERE from_unixtime(s."et") >= from_unixtime(150.000678) AND from_unixtime(s."et") <= from_unixtime(300)`, [][]string{{"2"}}},
		{"workshop: comma joins of the same names", `select * from "other_2" f, "other_2" e where f.id = e.id and f.id = 'D'`, [][]string{{
			"D", "1970-01-01T01:00:00+01:00", "1.5", "2024-01-01 00:00:02.000000", "2024-01-01 00:00:02.000000", "false",
			"D", "1970-01-01T01:00:00+01:00", "1.5", "2024-01-01 00:00:02.000000", "2024-01-01 00:00:02.000000", "false"}}},
		{"workshop: distinct", "SELECT DISTINCT id FROM other_2 ORDER BY id asc", [][]string{{"A"}, {"D"}}},
		{"workshop: groups", "SELECT id, COUNT(*), AVG(y) AS a, min(y), max(et) FROM awsdatacatalog.sagemaker_featurestore.other_2 GROUP BY id HAVING count(*) > 1 ORDER BY 2 DESC, a", [][]string{{"A", "3", "0.7", "0.5", "1970-01-01T00:10:00Z"}}},
		{"workshop: order of texts", "SELECT y FROM other_2 WHERE et <= '1970-01-01T00:04:00Z' ORDER BY y", [][]string{{"0.5"}, {"0.7"}}},
		{"group by an expression, and by its position", "SELECT upper(id) || 'x', sum(y) FROM other_2 GROUP BY upper(id), 1 ORDER BY upper(id) || 'x'", [][]string{{"Ax", "2.1"}, {"Dx", "1.5"}}},
		{"a window over a group", "SELECT id, sum(count(*)) OVER (ORDER BY id) FROM other_2 GROUP BY id ORDER BY id", [][]string{{"A", "3"}, {"D", "4"}}},
		{"a correlated subquery", "SELECT DISTINCT id, (SELECT max(y) FROM other_2 o WHERE o.id = e.id) FROM " + table + " e ORDER BY id", [][]string{{"A", "0.9"}, {"B", "NULL"}, {"C", "NULL"}, {"D", "1.5"}}},
		{"a correlated subquery above a group", "SELECT id, (SELECT max(y) FROM other_2 o WHERE o.id = e.id) FROM " + table + " e GROUP BY id ORDER BY id DESC LIMIT 1", [][]string{{"D", "1.5"}}},
		{"exists", "SELECT DISTINCT id FROM " + table + " e WHERE NOT EXISTS (SELECT 1 FROM other_2 o WHERE o.id = e.id) ORDER BY id", [][]string{{"B"}, {"C"}}},
		{"NULL comes last both ways", "SELECT x FROM (VALUES 1, NULL, 2) t(x) ORDER BY x DESC", [][]string{{"2"}, {"1"}, {"NULL"}}},
		{"NULL first if asked", "SELECT x FROM (VALUES 1, NULL, 2) t(x) ORDER BY x NULLS FIRST", [][]string{{"NULL"}, {"1"}, {"2"}}},
		{"using", "SELECT id, a, b FROM (VALUES (1, 'x'), (2, 'y')) l(id, a) FULL JOIN (VALUES (2, 'p'), (3, 'q')) r(id, b) USING (id) ORDER BY id", [][]string{{"1", "x", "NULL"}, {"2", "y", "p"}, {"3", "NULL", "q"}}},
		{"set operations", "SELECT 1 UNION SELECT 1.0 UNION ALL SELECT 2 EXCEPT SELECT 2 INTERSECT SELECT 2 ORDER BY 1", [][]string{{"1"}}},
		{"limits inside and outside", "(SELECT x FROM (VALUES 3, 1, 2) t(x) ORDER BY x LIMIT 2) UNION ALL (VALUES 9) ORDER BY 1 DESC OFFSET 1 ROWS FETCH FIRST 2 ROWS ONLY", [][]string{{"2"}, {"1"}}},
		{"names that shadow", "WITH t AS (SELECT 1 a), u AS (WITH t AS (SELECT 2 a) SELECT * FROM t) SELECT t.a, u.a FROM t, u", [][]string{{"1", "2"}}},
		{"a name that shadows a table", "WITH other_2 AS (SELECT count(*) c FROM other_2) SELECT * FROM other_2", [][]string{{"4"}}},
		{"lag and frames", "SELECT x, lag(x) OVER (ORDER BY x), sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), last_value(x) OVER w FROM (VALUES 1, 2, 4) t(x) WINDOW w AS (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY x",
			[][]string{{"1", "NULL", "1", "4"}, {"2", "1", "3", "4"}, {"4", "2", "6", "4"}}},
		{"aggregates", "SELECT count(x), count(DISTINCT x), sum(x), avg(x), min(x), stddev(x), approx_distinct(x), approx_percentile(x, 0.5), count_if(x > 1), sum(x) FILTER (WHERE x > 1), array_agg(x ORDER BY x DESC) FROM (VALUES 1, 2, 2, NULL) t(x)",
			[][]string{{"3", "2", "5", "1.6666666666666667", "1", "0.5773502691896257", "2", "2", "2", "4", "[2 2 1 <nil>]"}}},
		{"decimals aggregate as decimals", "SELECT sum(x), avg(x) FROM (VALUES 1.10, 2.25) t(x)", [][]string{{"3.35", "1.68"}}},
		{"nothing to aggregate", "SELECT count(*), sum(x) FROM (VALUES 1) t(x) WHERE false", [][]string{{"0", "NULL"}}},
		{"an argument that is bound once", "SELECT CAST(CAST(" + strings.Repeat("CAST(CAST(", 8) + "x" + strings.Repeat(" AS varchar) AS double)", 8) + " AS varchar) AS varchar(5)) FROM (VALUES 1e10, 2.5e0, NULL) t(x)", [][]string{{"1.0E1"}, {"2.5E0"}, {"NULL"}}},
		{"aggregates and subqueries bound once", "SELECT substr(replace(lower(max(id)) || upper(min(id)) || (SELECT max(id) FROM other_2 o WHERE o.id > 'A'), 'x', 'y') || lower(trim(concat(min(id), max(id), min(id), max(id)))), count(*) - 5) FROM " + table, [][]string{{"Dadad"}}},
		{"divisions in divisions", "SELECT " + strings.Repeat("100 / (", 12) + "x" + strings.Repeat(")", 12) + " FROM (VALUES 7) t(x)", [][]string{{"7"}}},
		{"an expression of a group inside others", "SELECT max(x) + 1, lower(id) || '!' FROM " + table + " GROUP BY lower(id), id HAVING max(x) IS NOT NULL ORDER BY max(x) DESC LIMIT 2", [][]string{{"7", "d!"}, {"6", "c!"}}},
		{"a union of groups, and a join of unions", "SELECT a.id, b.n FROM (SELECT id FROM other_2 UNION SELECT id FROM other_2) a JOIN (SELECT id, count(*) n FROM " + table + " GROUP BY 1) b ON a.id = b.id ORDER BY 1", [][]string{{"A", "4"}, {"D", "1"}}},
		{"joins in parentheses", "SELECT count(*) FROM other_2 a LEFT JOIN (other_2 b JOIN other_2 c ON b.id = c.id) ON a.id = b.id AND b.y < 0.6", [][]string{{"10"}}},
		{"order by what is not selected", "SELECT a FROM (VALUES (1, 3), (2, 1)) t(a, b) ORDER BY b + 0", [][]string{{"2"}, {"1"}}},
		{"order by an alias that hides a column", "SELECT -a AS a FROM (VALUES 1, 2) t(a) ORDER BY a", [][]string{{"-2"}, {"-1"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tr, rows, err := run(t, groups, c.sql)
			if err != nil {
				sql := ""
				if tr != nil {
					sql = tr.SQL
				}
				t.Fatalf("%v\n%s", err, sql)
			}
			if diff := cmp.Diff(c.want, rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s\n%s", diff, tr.SQL)
			}
		})
	}
}

// TestEventTimes compares text with instants to the nanosecond, through derived tables and unions.
func TestEventTimes(t *testing.T) {
	tables := catalog{db + ".g": {columns("id string,et string event"), `SELECT * FROM (VALUES
		('a', '2024-01-01T00:00:00.000000Z'), ('b', '2024-01-01T00:00:00.000000001Z'), ('c', '1704067200'), ('d', '1704067200.0000005'),
		('e', '2024-01-01T05:30:00+0530'), ('f', '2023-12-31T23:59:59.999999999Z'), ('n', NULL)) v(id, et)`}}
	const at = "TIMESTAMP '2024-01-01 00:00:00'"
	for _, c := range [][2]string{
		{"et = " + at, "ace"}, {"et <> " + at, "bdf"}, {"et < " + at, "f"}, {"et <= " + at, "acef"}, {"et > " + at, "bd"}, {"et >= " + at, "abcde"},
		{at + " < et", "bd"}, {at + " >= et", "acef"}, {"et = DATE '2024-01-01'", "ace"}, {"et = TIMESTAMP '2024-01-01 01:00:00 +01:00'", "ace"},
		{"et BETWEEN " + at + " AND " + at, "ace"}, {"et NOT BETWEEN " + at + " AND " + at, "bdf"}, {"et IN (" + at + ", TIMESTAMP '2025-01-01 00:00:00')", "ace"},
		{"et NOT IN (" + at + ")", "bdf"}, {"et IS NOT DISTINCT FROM " + at, "ace"}, {"et > " + at + " - INTERVAL '1' SECOND", "abcdef"},
		{"et = '1704067200'", "c"},
	} {
		for _, from := range []string{"g", "(SELECT id, et FROM (SELECT * FROM g))", "(SELECT id, et AS et FROM g UNION ALL SELECT id, et FROM g WHERE false)"} {
			_, rows, err := run(t, tables, "SELECT array_agg(id ORDER BY id) FROM "+from+" WHERE "+c[0])
			if err != nil {
				t.Errorf("%s of %s: %v", c[0], from, err)
				continue
			}
			if got := strings.NewReplacer("[", "", "]", "", " ", "").Replace(rows[0][0]); got != c[1] {
				t.Errorf("%s of %s: got %s, want %s", c[0], from, got, c[1])
			}
		}
	}
}
