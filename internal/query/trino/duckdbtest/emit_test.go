package duckdbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/larder-dev/larder/internal/query/trino"
)

// shapes are tables of every type, empty: what is emitted over them must be accepted, not answered.
var shapes = catalog{
	db + ".t": {append(columns("id string,n bigint,i int,d double,b boolean,ts timestamp,day date,a array<int>,c char(3),bin binary"), trino.TableColumn{Name: "p", HiveType: "decimal(10,2)"},
		trino.TableColumn{Name: "m", HiveType: "map<string,int>"}, trino.TableColumn{Name: "s", HiveType: "struct<x:int,y:array<struct<z:char(3)>>>"}),
		`SELECT NULL::VARCHAR AS id, 1::BIGINT AS n, 1::INTEGER AS i, 1::DOUBLE AS d, 1::DECIMAL(10,2) AS p, true AS b, now()::TIMESTAMP AS ts, now()::DATE AS day, [1] AS a, MAP {'a': 1} AS m, 'a' AS c, 'a'::BLOB AS bin, {'x': 1, 'y': [{'z': 'a'}]} AS s WHERE false`},
	db + ".g": {columns("id string,et string event,x double"), "SELECT NULL::VARCHAR AS id, NULL::VARCHAR AS et, 1::DOUBLE AS x WHERE false"},
}

// expected tells whether an error is one that a statement may meet while it is prepared: what the engine folds
// of constants fails as the statement would.
func expected(err error) bool {
	for _, s := range []string{"LARDER:", "Out of Range Error", "Conversion Error", "Overflow", "Out of Memory", "Map keys", "must be greater than zero", "Invalid UTF8"} {
		if strings.Contains(err.Error(), s) {
			return true
		}
	}
	return false
}

// FuzzEmit: whatever translates, the engine prepares.
func FuzzEmit(f *testing.F) {
	for block := range strings.SplitSeq(strings.Trim(formCases, "\n"), "\n\n") {
		text, _, _ := strings.Cut(block, "\n")
		f.Add(text)
	}
	for _, cases := range []string{valueCases, nestedCases} {
		for line := range strings.Lines(cases) {
			if expr, _, ok := strings.Cut(line, " | "); ok {
				f.Add("SELECT " + expr)
			}
		}
	}
	for _, s := range []string{
		"SELECT id, s.x, s.y[1].z, m['a'], transform(a, x -> x + n), c || id FROM t WHERE (id, n) IN (SELECT id, 1 FROM g) ORDER BY s.x",
		"SELECT m, count(*), grouping(m) FROM t GROUP BY ROLLUP (m) HAVING count(*) > 1",
		"SELECT * FROM t LEFT JOIN UNNEST(a, m) WITH ORDINALITY AS u(e, k, v, o) ON TRUE UNION ALL TABLE t",
		"SELECT t.id, x FROM t JOIN g ON t.id = g.id AND et <= ts WHERE ts AT TIME ZONE 'Europe/Paris' > TIMESTAMP '2024-01-01 00:00 +02:00'",
		"SELECT sum(d) OVER (PARTITION BY c ORDER BY p RANGE BETWEEN 1.5 PRECEDING AND d FOLLOWING) FROM t FETCH FIRST 3 ROWS ONLY",
	} {
		f.Add(s)
	}
	conn := engine(f)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := trino.Parse(text)
		q, ok := s.(*trino.Query)
		if err != nil || !ok || q.Parameters() > 0 {
			return
		}
		tr, err := trino.Translate(q, trino.Session{Database: db}, shapes)
		var refused *trino.Error
		if errors.As(err, &refused) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		accepted(t, conn, tr, text)
	})
}

// engine opens an engine of its own for a test.
func engine(t testing.TB) *sql.DB {
	t.Helper()
	conn, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // nothing is kept
	conn.SetMaxOpenConns(1)
	for _, s := range []string{"SET TimeZone = 'UTC'", "SET memory_limit = '200MB'", "SET threads = 1"} {
		if _, err := conn.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

// accepted makes the engine prepare a translation over empty relations.
func accepted(t *testing.T, conn *sql.DB, tr *trino.Translation, text string) {
	t.Helper()
	for i, table := range tr.Tables {
		q := fmt.Sprintf("CREATE OR REPLACE TEMP VIEW r%d AS %s", i, shapes[table.Database+"."+table.Name].create)
		if _, err := conn.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := registerScalars(ctx, conn, tr.SQL); err != nil {
		t.Fatal(err)
	}
	prepared, err := conn.PrepareContext(ctx, tr.SQL)
	if err == nil {
		_ = prepared.Close() // it was never run
		return
	}
	if !expected(err) && ctx.Err() == nil {
		t.Errorf("%s\n%s\n%v", text, tr.SQL, err)
	}
}

// hostile are texts that would end a literal, a name or a comment if they were put into SQL as they are.
var hostile = []string{"'", "''", `"`, `""`, "`", `\`, `\'`, ";", "--", "/*", "*/", "$1", "$*", "$a", "?", "\n", "'; DROP TABLE r0; --", `"; SELECT 1; --`,
	"' OR '1'='1", "x' || read_text('/etc/passwd') || '", `a"b'c`, "$$", "E'\\x27'", "\u2019", "%", "{}", "larder_x0", "read_csv('/etc/passwd')"}

// TestNothingHostileReachesTheEngineUnquoted puts hostile texts wherever a statement has a text or a
// name; each must come out of the engine as it went in.
func TestNothingHostileReachesTheEngineUnquoted(t *testing.T) {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	name := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	conn := engine(t)
	value := func(text string) (got, emitted string, err error) {
		s, err := trino.Parse(text)
		if err != nil {
			return "", "", err
		}
		tr, err := trino.Translate(s.(*trino.Query), trino.Session{Database: db}, tables)
		if err != nil {
			return "", "", err
		}
		if err := registerScalars(t.Context(), conn, tr.SQL); err != nil {
			t.Fatal(err)
		}
		err = conn.QueryRowContext(t.Context(), tr.SQL).Scan(&got)
		return got, tr.SQL, err
	}
	for _, h := range hostile {
		for _, c := range []struct{ what, text, want string }{
			{"a literal", "SELECT " + quote(h), h},
			{"an alias", "SELECT " + name(h) + " FROM (SELECT 'v' AS " + name(h) + ") AS " + name(h), "v"},
			{"a named query", "WITH " + name(h) + " (" + name(h) + ") AS (SELECT 'v') SELECT * FROM " + name(h), "v"},
			{"a column of VALUES", "SELECT " + name(h) + "." + name("c"+h) + " FROM (VALUES 'v') AS " + name(h) + " (" + name("c"+h) + ")", "v"},
			{"a field of a row", "SELECT CAST(ROW('v') AS ROW(" + name(h) + " varchar))." + name(h), "v"},
			{"a parameter of a lambda", "SELECT transform(ARRAY['v'], " + name(h) + " -> " + name(h) + " || '')[1]", "v"},
			{"an element", "SELECT ARRAY[" + quote(h) + "][1]", h},
			{"a value of a map", "SELECT (SELECT v FROM UNNEST(ARRAY[ROW(" + quote(h) + ", 'v')]) AS t(k, v) WHERE k = " + quote(h) + ")", "v"},
			{"an argument that templates repeat", "SELECT substr(" + quote("a"+h) + ", 2)", h},
			{"a window's name", "SELECT max('v') OVER " + name(h) + " FROM (VALUES 1) AS t(x) WINDOW " + name(h) + " AS (ORDER BY x)", "v"},
			{"a CASE", "SELECT CASE " + quote(h) + " WHEN " + quote(h) + " THEN 'v' END", "v"},
			{"LIKE", "SELECT IF(" + quote(h) + " LIKE '%', 'v')", "v"},
		} {
			got, emitted, err := value(c.text)
			if err != nil || got != c.want {
				t.Errorf("%s %q: got %q, %v, want %q\n%s\n%s", c.what, h, got, err, c.want, c.text, emitted)
			}
		}
		for _, text := range []string{
			"SELECT * FROM (VALUES 1) AS t(x) TABLESAMPLE BERNOULLI (" + quote(h) + ")",
			"SELECT TIMESTAMP '2024-01-01 00:00' AT TIME ZONE " + quote(h),
			"SELECT TIMESTAMP " + quote("2024-01-01 00:00 "+h+"x"),
			"SELECT DATE " + quote(h), "SELECT INTERVAL " + quote(h) + " DAY", "SELECT X" + quote(h+"g"), "SELECT DECIMAL " + quote(h),
			"SELECT " + name(h) + "(1)", "SELECT * FROM " + name(h), "SELECT CAST(1 AS " + name(h) + ")",
		} {
			if _, emitted, err := value(text); err == nil || emitted != "" {
				t.Errorf("%s: got %v, want it refused before the engine sees it\n%s", text, err, emitted)
			}
		}
	}
}
