package worker

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/query/trino"
)

// fuzzTables is the catalog of FuzzEmitted: the names of the statements of test/trino, whose types rows can have.
type fuzzTables struct{}

var fuzzColumns = []struct{ name, hive, engine string }{
	{"id", "int", "INTEGER"}, {"b", "boolean", "BOOLEAN"}, {"t", "tinyint", "TINYINT"}, {"l", "bigint", "BIGINT"}, {"r", "float", "FLOAT"}, {"d", "double", "DOUBLE"}, {"p", "decimal(10,2)", "DECIMAL(10,2)"},
	{"v", "string", "VARCHAR"}, {"day", "date", "DATE"}, {"ts", "timestamp", "TIMESTAMP"}, {"a", "array<int>", "INTEGER[]"}, {"at", "string", "VARCHAR"}, {"level", "bigint", "BIGINT"}, {"place", "string", "VARCHAR"},
}

var fuzzRows = [][]any{
	{int64(1), true, int64(1), int64(1000), 1.5, 1.25, "12.34", "one", time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC), time.Date(2020, 2, 29, 12, 34, 56, 789e6, time.UTC), []any{int64(1), int64(2)}, "2024-03-01T00:00:00Z", int64(2), "north"},
	{int64(2), false, int64(-128), int64(-1 << 63), -0.1, -1e300, "-99999999.99", "", time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), []any{}, "2024-03-01T01:00:00.5+02:00", int64(0), "Ost"},
	{int64(3), nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil},
	{int64(4), true, int64(127), int64(1<<63 - 1), 0.0, 0.0, "0.01", "Größe 😀", time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC), []any{nil, int64(-1)}, "1709251200", int64(-3), " padded "},
}

// Table implements trino.Schema.
func (fuzzTables) Table(_, database, name string) (*trino.Table, error) {
	if database != "db" || name != "kinds" && name != "readings" {
		return nil, nil
	}
	t := &trino.Table{}
	for _, c := range fuzzColumns {
		t.Columns = append(t.Columns, trino.TableColumn{Name: c.name, HiveType: c.hive, EventTime: c.name == "at" && name == "readings"})
	}
	return t, nil
}

// AsOf implements trino.Schema.
func (fuzzTables) AsOf(f *trino.AsOf) ([]trino.TableColumn, error) {
	return nil, f.Fail(trino.ArgumentLabels, "NOT_SUPPORTED", "there are no groups")
}

// seedStatements adds the statements that a Trino server has answered.
func seedStatements(f *testing.F) {
	paths, err := filepath.Glob("../../../test/trino/statements/*.sql")
	if err != nil || len(paths) == 0 {
		f.Fatalf("no statements: %v", err)
	}
	var all []string
	for _, p := range paths {
		text, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
				all = append(all, line)
			}
		}
	}
	for i := 0; i < len(all); i += 29 { // each run takes milliseconds
		f.Add(all[i], all[(i*7+3)%len(all)], uint16(i*31), uint16(i*17))
	}
}

// word is about a token of SQL.
var word = regexp.MustCompile(`'[^']*'|"[^"]*"|[A-Za-z_][A-Za-z_0-9]*|[0-9.]+(?:[eE]-?[0-9]+)?|<>|[<>|]=?|->|\S`)

// splice puts a word of other in the place of one of text.
func splice(text, other string, at, from int) string {
	places, words := word.FindAllStringIndex(text, -1), word.FindAllString(other, -1)
	if len(places) == 0 || len(words) == 0 {
		return text
	}
	p := places[at%len(places)]
	return text[:p[0]] + words[from%len(words)] + text[p[1]:]
}

// FuzzEmitted: what passes the analyser is accepted by the engine, or fails with an error that Trino has. The
// statement is a text in which one word is taken from another: most changes of single letters are no SQL.
func FuzzEmitted(f *testing.F) {
	seedStatements(f)
	exe, err := os.Executable()
	if err != nil {
		f.Fatal(err)
	}
	pool, err := duckdb.Open(duckdb.Options{Command: []string{exe, "worker"}, Scratch: f.TempDir(), Slots: 1, Memory: 1 << 30})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := pool.Close(); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, text, other string, at, from uint16) {
		text = splice(text, other, int(at), int(from))
		s, err := trino.Parse(text)
		q, ok := s.(*trino.Query)
		if err != nil || !ok {
			return
		}
		tr, err := trino.Translate(q, trino.Session{Database: "db"}, fuzzTables{})
		if err != nil {
			return // FuzzTranslate looks at these
		}
		plan := &query.Plan{SQL: tr.SQL, Layouts: []string{}}
		for _, c := range tr.Columns {
			plan.Layouts = append(plan.Layouts, c.Type.Layout())
		}
		for i := range tr.Tables {
			plan.Relations = append(plan.Relations, fuzzRelation(i))
		}
		// What does not end soon says nothing.
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err = pool.Run(ctx, plan, func() {}, func([][]*string) error { return nil })
		var failed *query.EngineError
		switch {
		case err == nil, ctx.Err() != nil:
		case !errors.As(err, &failed), failed.Code == "GENERIC_INTERNAL_ERROR", failed.Code == "REMOTE_HOST_GONE":
			t.Errorf("%s\n%s\n%v", text, tr.SQL, err)
		}
	})
}

func fuzzRelation(i int) query.Relation {
	r := query.Relation{Name: "r" + strconv.Itoa(i), Rows: rowsOf(fuzzRows...)}
	for _, c := range fuzzColumns {
		r.Columns = append(r.Columns, query.RelationColumn{Name: c.name, Type: c.engine})
	}
	return r
}
