package worker

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/duckdb/frame"
	larder "github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/serde"
)

// parquet writes the rows of a SELECT to a file, as a foreign writer would.
func parquet(t testing.TB, sql string) query.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f'i[l]e*?{}%20")
	db, err := open(frame.Hello{Limit: 256 << 20, Threads: 1, Scratch: t.TempDir(), Spill: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	if err := db.exec("COPY (" + sql + ") TO " + literal(path) + " (FORMAT parquet)"); err != nil {
		t.Fatal(err)
	}
	return fileAt(t, path, "s3://lake/"+filepath.Base(t.TempDir())+".parquet")
}

func text(t testing.TB, content string) query.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return fileAt(t, path, "s3://lake/labels.csv")
}

func fileAt(t testing.TB, path, uri string) query.File {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return query.File{Path: path, Size: info.Size(), URI: uri}
}

// featureColumns are the columns of most relations here.
var featureColumns = []query.RelationColumn{{Name: "id", Type: "VARCHAR"}, {Name: "n", Type: "BIGINT", Hive: serde.Type{Kind: serde.Bigint}},
	{Name: "x", Type: "DOUBLE", Hive: serde.Type{Kind: serde.Double}}, {Name: "at", Type: "TIMESTAMP", Hive: serde.Type{Kind: serde.Timestamp}},
	{Name: "gone", Type: "BOOLEAN", Hive: serde.Type{Kind: serde.Boolean}}}

func all(relation query.Relation) *query.Plan {
	relation.Name = "r0"
	p := selectPlan("SELECT * FROM r0 ORDER BY ALL", len(relation.Columns))
	p.Relations = []query.Relation{relation}
	return p
}

func TestRelationJoinsRowsAndForeignFiles(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	at := time.Date(2024, 1, 2, 3, 4, 5, 678_901_000, time.UTC)
	relation := query.Relation{
		Columns: featureColumns,
		Rows:    rowsOf([]any{"a", int64(1), 0.5, at, false}, []any{"b", nil, nil, nil, nil}, []any{"", int64(-1), 1e300, at, true}),
		Files: []query.File{
			parquet(t, "SELECT 'c' AS ID, 3::INTEGER AS N, 1.5::FLOAT AS X, '2024-01-01 10:00:00+02'::TIMESTAMPTZ AS At, true AS gone, 'extra' AS more"),
			parquet(t, "SELECT '2024-01-01 10:00:00'::TIMESTAMP_NS AS at, 'd' AS id"),
			{Path: "/nowhere", Size: 0, URI: "s3://lake/_SUCCESS"},
		},
	}
	got, err := run(t.Context(), p, all(relation))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"", "-1", "1.0E300", "2024-01-02 03:04:05.678", "true"},
		{"a", "1", "0.5", "2024-01-02 03:04:05.678", "false"},
		{"b", "<null>", "<null>", "<null>", "<null>"},
		{"c", "3", "1.5", "2024-01-01 08:00:00.000", "true"},
		{"d", "<null>", "<null>", "2024-01-01 10:00:00.000", "<null>"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestRelationWithNothingIsEmpty(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	got, err := run(t.Context(), p, all(query.Relation{Columns: featureColumns, Rows: rowsOf()}))
	if err != nil || len(got) != 0 {
		t.Errorf("got %v, %v; want no row", got, err)
	}
}

func TestRelationTakesManyRows(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	const n = 20_000
	relation := query.Relation{Name: "r0", Columns: featureColumns, Rows: func(yield func([]any, error) bool) {
		for i := range int64(n) {
			var x any
			if i%3 != 0 {
				x = float64(i)
			}
			if !yield([]any{strings.Repeat("k", int(i%30)), i, x, nil, i%2 == 0}, nil) {
				return
			}
		}
	}}
	plan := selectPlan("SELECT count(*), sum(n), count(x), sum(length(id)), count(*) FILTER (WHERE gone) FROM r0", 5)
	plan.Relations = []query.Relation{relation}
	got, err := run(t.Context(), p, plan)
	if err != nil {
		t.Fatal(err)
	}
	lengths := 0
	for i := range n {
		lengths += i % 30
	}
	want := [][]string{{"20000", "199990000", "13333", "", "10000"}}
	want[0][3] = strconv.Itoa(lengths)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// listColumns are columns of lists, as InMemory groups with an offline store have them.
var listColumns = []query.RelationColumn{{Name: "id", Type: "VARCHAR"}, {Name: "tags", Type: "VARCHAR[]"},
	{Name: "n", Type: "BIGINT[]"}, {Name: "v", Type: "DOUBLE[]"}}

func TestRelationJoinsListsOfRowsAndFiles(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	relation := query.Relation{
		Columns: listColumns,
		Rows: rowsOf([]any{"a", []any{"x", "", "y, z"}, []any{int64(1), nil}, []any{0.5}}, []any{"b", nil, nil, nil},
			[]any{"c", []any{}, []any{int64(-1)}, []any{nil, 1e300}}),
		Files: []query.File{
			parquet(t, "SELECT 'd' AS id, ['p', NULL] AS Tags, [3::INTEGER] AS N, [1.5::FLOAT, NULL] AS v"),
			parquet(t, "SELECT 'e' AS id, [[1, 2]][1] AS n"),
			larderFile(t, []larder.Column{{Name: "id", Type: larder.Text}, {Name: "Tags", Type: larder.Text, List: true}, {Name: "V", Type: larder.Float64, List: true}},
				[]any{"f", []any{"one", "two"}, []any{}}, []any{"g", nil, []any{1.0, nil, 2.0}}, []any{"h", []any{nil}, nil}),
		},
	}
	got, err := run(t.Context(), p, all(relation))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"a", "[x, , y, z]", "[1, null]", "[0.5]"},
		{"b", "<null>", "<null>", "<null>"},
		{"c", "[]", "[-1]", "[null, 1.0E300]"},
		{"d", "[p, null]", "[3]", "[1.5, null]"},
		{"e", "<null>", "[1, 2]", "<null>"},
		{"f", "[one, two]", "<null>", "[]"},
		{"g", "<null>", "<null>", "[1.0, null, 2.0]"},
		{"h", "[null]", "<null>", "<null>"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// larderFile writes a file as a flush does.
func larderFile(t testing.TB, columns []larder.Column, rows ...[]any) query.File {
	t.Helper()
	schema, err := larder.NewSchema(columns)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "file")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := larder.NewWriter(f, schema)
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return fileAt(t, path, "s3://lake/ours.parquet")
}

func TestRelationTakesManyLists(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	const n = 10_000
	sum, elements, nulls := 0, 0, 0
	for i := range n {
		for j := range i % 40 {
			elements++
			if (i+j)%7 == 0 {
				nulls++
				continue
			}
			sum += i + j
		}
	}
	relation := query.Relation{Name: "r0", Columns: listColumns, Rows: func(yield func([]any, error) bool) {
		for i := range n {
			numbers := []any{}
			for j := range i % 40 {
				numbers = append(numbers, int64(i+j))
				if (i+j)%7 == 0 {
					numbers[j] = nil
				}
			}
			if !yield([]any{"k", []any{strings.Repeat("t", i%30)}, numbers, nil}, nil) {
				return
			}
		}
	}}
	plan := selectPlan("SELECT count(*), sum(list_sum(n)), sum(len(n)), sum(len(n) - list_count(n)), sum(length(tags[1])) FROM r0", 5)
	plan.Relations = []query.Relation{relation}
	got, err := run(t.Context(), p, plan)
	if err != nil {
		t.Fatal(err)
	}
	lengths := 0
	for i := range n {
		lengths += i % 30
	}
	want := [][]string{{"10000", strconv.Itoa(sum), strconv.Itoa(elements), strconv.Itoa(nulls), strconv.Itoa(lengths)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// One list may be much longer than a chunk has rows.
func TestRelationTakesALongList(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	long := make([]any, 358_400)
	for i := range long {
		long[i] = ""
	}
	relation := query.Relation{Name: "r0", Columns: listColumns, Rows: rowsOf([]any{"a", long, nil, nil}, []any{"b", []any{"z"}, nil, nil}, []any{"c", long, nil, nil})}
	plan := selectPlan("SELECT id, len(tags), list_max(tags) FROM r0 ORDER BY id", 3)
	plan.Relations = []query.Relation{relation}
	got, err := run(t.Context(), p, plan)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"a", "358400", ""}, {"b", "1", "z"}, {"c", "358400", ""}}, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestTextIsReadAsHiveReadsIt(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	sdk := &serde.Format{Form: serde.CSV, Separator: ",", Quote: "`", CSVEscape: `\`}
	tests := []struct {
		name, content string
		format        *serde.Format
		want          [][]string
	}{
		{"as the SDK writes it", "a,1,0.5,2024-01-01 00:00:00,True\nb,2,1e3,2024-01-01 00:00:00.123,False\n", sdk, [][]string{
			{"a", "1", "0.5", "2024-01-01 00:00:00.000", "true"}, {"b", "2", "1000.0", "2024-01-01 00:00:00.123", "false"}}},
		{"instants", "a,,,2024-01-01T00:00:00Z,\nb,,,2024-01-01T02:00:00+02:00,\nc,,,2024-01-01,\nd,,,1704067200000,\n", sdk, [][]string{
			{"a", "<null>", "<null>", "2024-01-01 00:00:00.000", "<null>"}, {"b", "<null>", "<null>", "2024-01-01 00:00:00.000", "<null>"},
			{"c", "<null>", "<null>", "2024-01-01 00:00:00.000", "<null>"}, {"d", "<null>", "<null>", "2024-01-01 00:00:00.000", "<null>"}}},
		{"empty text is text", ",1,,,\n``,2,,,\n", sdk, [][]string{
			{"", "1", "<null>", "<null>", "<null>"}, {"", "2", "<null>", "<null>", "<null>"}}},
		{"short and long lines", "a\nb,1,2,,true,more,and more\n", sdk, [][]string{
			{"a", "<null>", "<null>", "<null>", "<null>"}, {"b", "1", "2.0", "<null>", "true"}}},
		{"quotes and escapes", "`a,b`,1,,,\n`c\\`d`,2,,,\n`e``f`,3,,,\n\"g\",4,,,\n", sdk, [][]string{
			{"\"g\"", "4", "<null>", "<null>", "<null>"}, {"a,b", "1", "<null>", "<null>", "<null>"},
			{"c`d", "2", "<null>", "<null>", "<null>"}, {"e`f", "3", "<null>", "<null>", "<null>"}}},
		{"a quote that its line does not end", "`e\nf`,3,,,\n", sdk, [][]string{
			{"<null>", "<null>", "<null>", "<null>", "<null>"}, {"<null>", "<null>", "<null>", "<null>", "<null>"}}},
		{"an empty line", "a,1,,,\n\n", sdk, [][]string{
			{"a", "1", "<null>", "<null>", "<null>"}, {"<null>", "<null>", "<null>", "<null>", "<null>"}}},
		{"no quotes, tabs, header, null text", "id\tn\nx\t\\N\n\"y\t2\n", &serde.Format{Form: serde.Lazy, Separators: []byte("\t"), Header: 1, Null: `\N`}, [][]string{
			{"\"y", "2", "<null>", "<null>", "<null>"}, {"x", "<null>", "<null>", "<null>", "<null>"}}},
		{"hive's own separator", "x\x011\x012.5\n", &serde.Format{Form: serde.Lazy, Separators: []byte{1}, Null: `\N`}, [][]string{
			{"x", "1", "2.5", "<null>", "<null>"}}},
		{"crlf", "a,1,,,\r\nb,2,,,\r\n", sdk, [][]string{
			{"a", "1", "<null>", "<null>", "<null>"}, {"b", "2", "<null>", "<null>", "<null>"}}},
		{"no newline at the end", "a,1,,,", sdk, [][]string{{"a", "1", "<null>", "<null>", "<null>"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := text(t, test.content)
			f.Text = test.format
			got, err := run(t.Context(), p, all(query.Relation{Columns: featureColumns, Files: []query.File{f}}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestErrorsAreTrinos(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	files := func(f query.File, format *serde.Format) []query.Relation {
		f.Text = format
		return []query.Relation{{Name: "r0", Columns: featureColumns, Files: []query.File{f}}}
	}
	tests := []struct {
		name, sql string
		relations []query.Relation
		want      string
	}{
		{"cast of text", "SELECT CAST('abc' AS BIGINT)", nil, "INVALID_CAST_ARGUMENT: Cannot cast 'abc' to BIGINT"},
		{"cast of a number", "SELECT CAST(300 AS TINYINT)", nil, "NUMERIC_VALUE_OUT_OF_RANGE: Out of range for tinyint: 300"},
		{"cast to timestamp", "SELECT CAST('x' AS TIMESTAMP)", nil, "INVALID_CAST_ARGUMENT: Value cannot be cast to timestamp: x"},
		{"cast to date", "SELECT CAST('2024-13-01' AS DATE)", nil, "INVALID_CAST_ARGUMENT: Value cannot be cast to date: 2024-13-01"},
		{"overflow", "SELECT 9223372036854775807 + 1::BIGINT", nil, "NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow: 9223372036854775807 + 1"},
		{"scalar subquery", "SELECT (SELECT * FROM range(3))", nil, "SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows"},
		{"our own", "SELECT error('LARDER:INVALID_FUNCTION_ARGUMENT:Invalid format: \"x:y\"')", nil, `INVALID_FUNCTION_ARGUMENT: Invalid format: "x:y"`},
		{"text that looks like our own", "SELECT CAST('LARDER:X:y' AS BIGINT)", nil, "INVALID_CAST_ARGUMENT: Cannot cast 'LARDER:X:y' to BIGINT"},
		{"our own in the middle of a result", "SELECT CASE WHEN range = 50000 THEN error('LARDER:DIVISION_BY_ZERO:Division by zero') END FROM range(100000)", nil, "DIVISION_BY_ZERO: Division by zero"},
		{"not Parquet", "SELECT * FROM r0", files(text(t, strings.Repeat("a,b\n", 10)), nil), "HIVE_BAD_DATA: Not valid Parquet file: s3://lake/labels.csv expected magic number: PAR1"},
		{"field of text", "SELECT * FROM r0", files(text(t, "a,b\n"), &serde.Format{Form: serde.CSV, Separator: ","}), `HIVE_BAD_DATA: Error parsing field value 'b' for field 1: For input string: "b" is not of the type bigint (s3://lake/labels.csv, line 1)`},
		{"not UTF-8", "SELECT * FROM r0", files(text(t, "\xff\xfe,1\n"), &serde.Format{Form: serde.CSV, Separator: ","}), "HIVE_BAD_DATA: The text of field 0 is not UTF-8: '\uFFFD' (s3://lake/labels.csv, line 1)"},
		{"file is gone", "SELECT * FROM r0", files(query.File{Path: "/tmp/nothing-of-that-name", Size: 5, URI: "s3://lake/gone"}, nil), "HIVE_CANNOT_OPEN_SPLIT: Error opening Hive split s3://lake/gone"},
		{"unknown", "SELECT no_such_function()", nil, "GENERIC_INTERNAL_ERROR: The query failed for a reason that is in the log of the server"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			plan := selectPlan(test.sql, 1)
			if test.relations != nil {
				plan = selectPlan(test.sql, len(featureColumns))
				plan.Relations = test.relations
			}
			_, err := run(t.Context(), p, plan)
			var e *query.EngineError
			if !errors.As(err, &e) || e.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestColumnOfAnotherTypeNamesTheFile(t *testing.T) {
	p := openPool(t, duckdb.Options{})
	f := parquet(t, "SELECT 'a' AS id, 'many' AS n")
	_, err := run(t.Context(), p, all(query.Relation{Columns: featureColumns, Files: []query.File{f}}))
	list := parquet(t, "SELECT 'a' AS id, 5 AS n")
	_, listErr := run(t.Context(), p, all(query.Relation{Columns: listColumns, Files: []query.File{list}}))
	if want := "HIVE_BAD_DATA: Field n's type integer in parquet file " + list.URI + " is incompatible with type array(bigint) defined in table schema"; listErr == nil || listErr.Error() != want {
		t.Errorf("got %v, want %s", listErr, want)
	}
	want := "HIVE_BAD_DATA: Field n's type varchar in parquet file " + f.URI + " is incompatible with type bigint defined in table schema"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
