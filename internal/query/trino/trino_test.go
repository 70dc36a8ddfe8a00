package trino

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// tables is the schema of the tests.
type tables map[string][]TableColumn

func (s tables) Table(catalog, database, name string) (*Table, error) {
	columns, ok := s[database+"."+name]
	if !ok {
		return nil, nil
	}
	return &Table{Columns: columns}, nil
}

// AsOf gives two features of a group that is called g, whatever else is wanted of it.
func (s tables) AsOf(f *AsOf) ([]TableColumn, error) {
	for i, g := range f.Groups {
		if name, _, _ := strings.Cut(g, " "); name != "g" {
			return nil, f.FailGroup(i, "INVALID_FUNCTION_ARGUMENT", "there is no group %s", name)
		}
	}
	return []TableColumn{{Name: "et", HiveType: "string", EventTime: true}, {Name: "Spent", HiveType: "double"}}, nil
}

var testTables = tables{
	"db.t": {{Name: "id", HiveType: "string"}, {Name: "n", HiveType: "bigint"}, {Name: "i", HiveType: "int"}, {Name: "d", HiveType: "double"}, {Name: "p", HiveType: "decimal(10,2)"},
		{Name: "b", HiveType: "boolean"}, {Name: "ts", HiveType: "timestamp"}, {Name: "day", HiveType: "date"}, {Name: "a", HiveType: "array<int>"}, {Name: "m", HiveType: "map<string,int>"}, {Name: "u", HiveType: "uniontype<int,string>"},
		{Name: "s", HiveType: "struct<x:int,Y:array<struct<z:char(3)>>>"}},
	"db.g":      {{Name: "id", HiveType: "string"}, {Name: "et", HiveType: "string", EventTime: true}, {Name: "x", HiveType: "double"}},
	"db.labels": {{Name: "id", HiveType: "string"}, {Name: "at", HiveType: "timestamp"}},
	"other.t":   {{Name: "q", HiveType: "string"}},
	"db.kinds": {{Name: "id", HiveType: "int"}, {Name: "b", HiveType: "boolean"}, {Name: "t", HiveType: "tinyint"}, {Name: "s", HiveType: "smallint"}, {Name: "i", HiveType: "int"}, {Name: "l", HiveType: "bigint"}, {Name: "r", HiveType: "float"},
		{Name: "d", HiveType: "double"}, {Name: "p", HiveType: "decimal(10,2)"}, {Name: "v", HiveType: "string"}, {Name: "day", HiveType: "date"}, {Name: "ts", HiveType: "timestamp"}, {Name: "bin", HiveType: "binary"},
		{Name: "a", HiveType: "array<int>"}, {Name: "m", HiveType: "map<string,int>"}, {Name: "o", HiveType: "struct<x:int,y:string>"}},
	"db.readings": {{Name: "sensor", HiveType: "string"}, {Name: "at", HiveType: "string", EventTime: true}, {Name: "level", HiveType: "bigint"}, {Name: "heat", HiveType: "double"}, {Name: "place", HiveType: "string"},
		{Name: "write_time", HiveType: "timestamp"}, {Name: "is_deleted", HiveType: "boolean"}},
}

func translate(text string) (*Translation, error) {
	s, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return Translate(s.(*Query), Session{Catalog: "AwsDataCatalog", Database: "DB"}, testTables)
}

// TestErrors holds the words that a Trino user expects, and the place.
func TestErrors(t *testing.T) {
	for _, c := range [][2]string{
		{"SELECT x FROM t", "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved"},
		{"SELECT t.x FROM t", "COLUMN_NOT_FOUND: line 1:8: Column 't.x' cannot be resolved"},
		{"SELECT 1\nFROM nowhere", "TABLE_NOT_FOUND: line 2:6: Table 'awsdatacatalog.db.nowhere' does not exist"},
		{`SELECT 1 FROM "Other"."X"`, "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.other.x' does not exist"},
		{"SELECT 1 FROM a.b.c", "CATALOG_NOT_FOUND: line 1:15: Catalog 'a' not found"},
		{"SELECT f(1)", "FUNCTION_NOT_FOUND: line 1:8: Function 'f' not registered"},
		{"SELECT lower(1)", "FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (integer) for function lower. Expected: lower(varchar)"},
		{"SELECT id FROM t, g", "AMBIGUOUS_NAME: line 1:8: Column 'id' is ambiguous"},
		{"SELECT id, count(*) FROM t", "EXPRESSION_NOT_AGGREGATE: line 1:8: 'id' must be an aggregate expression or appear in GROUP BY clause"},
		{"SELECT n + 1 FROM t GROUP BY id", "EXPRESSION_NOT_AGGREGATE: line 1:10: 'n + 1' must be an aggregate expression or appear in GROUP BY clause"},
		{"SELECT id FROM t GROUP BY 2", "INVALID_COLUMN_REFERENCE: line 1:27: GROUP BY position 2 is not in select list"},
		{"SELECT id FROM t ORDER BY 2", "INVALID_COLUMN_REFERENCE: line 1:27: ORDER BY position 2 is not in select list"},
		{"SELECT DISTINCT id FROM t ORDER BY n", "EXPRESSION_NOT_IN_DISTINCT: line 1:36: For SELECT DISTINCT, ORDER BY expressions must appear in select list"},
		{"SELECT 1 FROM t WHERE count(*) > 1", "EXPRESSION_NOT_SCALAR: line 1:23: WHERE clause cannot contain aggregations, window functions or grouping operations: [count(*)]"},
		{"SELECT sum(max(n)) FROM t", "NESTED_AGGREGATION: line 1:12: Cannot nest aggregations inside aggregation 'sum': [max(n)]"},
		{"SELECT row_number() FROM t", "MISSING_OVER: line 1:8: Window function row_number requires an OVER clause"},
		{"SELECT 1 FROM t WHERE id", "TYPE_MISMATCH: line 1:23: WHERE clause must evaluate to a boolean: actual type varchar"},
		{"SELECT 1 FROM t WHERE id = n", "TYPE_MISMATCH: line 1:26: Cannot apply operator: varchar = bigint"},
		{"SELECT 1 FROM t WHERE id = 5", "TYPE_MISMATCH: line 1:26: Cannot apply operator: varchar = integer"},
		{"SELECT 1\nFROM t\nWHERE b\n  AND id\n <= ts", "TYPE_MISMATCH: line 5:2: Cannot apply operator: varchar <= timestamp(3)"},
		{"SELECT 1 FROM t WHERE id BETWEEN ts AND ts", "TYPE_MISMATCH: line 1:26: Cannot check if varchar is BETWEEN timestamp(3) and timestamp(3)"},
		{"SELECT lower(et) < at FROM g, labels", "TYPE_MISMATCH: line 1:18: Cannot apply operator: varchar < timestamp(3)"},
		{"SELECT max(et) < max(at) FROM g, labels", "TYPE_MISMATCH: line 1:16: Cannot apply operator: varchar < timestamp(3)"},
		{"SELECT et - INTERVAL '1' DAY FROM g", "TYPE_MISMATCH: line 1:11: Cannot apply operator: varchar - interval day to second"},
		{"SELECT id + 1 FROM t", "TYPE_MISMATCH: line 1:11: Cannot apply operator: varchar + integer"},
		{"SELECT -id FROM t", "TYPE_MISMATCH: line 1:8: Cannot negate varchar"},
		{"SELECT NOT id FROM t", "TYPE_MISMATCH: line 1:12: Value of logical NOT expression must evaluate to a boolean (actual: varchar)"},
		{"SELECT n IN (1, 'a') FROM t", "TYPE_MISMATCH: line 1:10: IN value and list items must be the same type or coercible to a common type. Cannot find common type between bigint and varchar(1), all types (without duplicates): [bigint, integer, varchar(1)]"},
		{"SELECT CASE WHEN b THEN 1 ELSE 'a' END FROM t", "TYPE_MISMATCH: line 1:8: All CASE results must be the same type or coercible to a common type. Cannot find common type between integer and varchar(1), all types (without duplicates): [integer, varchar(1)]"},
		{"SELECT CAST(ts AS bigint) FROM t", "TYPE_MISMATCH: line 1:8: Cannot cast timestamp(3) to bigint"},
		{"SELECT CAST(1 AS nonsense)", "TYPE_MISMATCH: line 1:18: Unknown type: nonsense"},
		{"SELECT 1 UNION SELECT 1, 2", "TYPE_MISMATCH: line 1:1: UNION query has different number of fields: 1, 2"},
		{"SELECT 1 UNION SELECT 'a'", "TYPE_MISMATCH: line 1:1: column 1 in UNION query has incompatible types: integer, varchar(1)"},
		{"SELECT * FROM (SELECT 1) t(a, b)", "MISMATCHED_COLUMN_ALIASES: line 1:15: Column alias list has 2 entries but 't' has 1 columns available"},
		{"WITH a AS (SELECT 1), a AS (SELECT 2) SELECT 1", "DUPLICATE_NAMED_QUERY: line 1:23: WITH query name 'a' specified more than once"},
		{"SELECT *", "COLUMN_NOT_FOUND: line 1:8: SELECT * not allowed in queries without FROM clause"},
		{"SELECT DATE '2024-02-30'", "INVALID_LITERAL: line 1:8: '2024-02-30' is not a valid DATE literal"},
		{"SELECT u FROM t", "NOT_SUPPORTED: line 1:8: column 'u' has the type uniontype<int,string>, which is not supported"},
		{"SELECT 1 FROM t JOIN g USING (n)", "COLUMN_NOT_FOUND: line 1:31: Column 'n' is missing from right side of join"},
		{"SELECT now() AT TIME ZONE 'Mars/Base'", "INVALID_LITERAL: line 1:17: 'Mars/Base' is not a valid time zone"},
		{"SELECT 1 FROM t NATURAL JOIN g", "NOT_SUPPORTED: line 1:15: Natural join not supported"},
		{"SELECT x -> x", "TYPE_MISMATCH: line 1:8: Lambda expression should always be used inside a function"},
		{"SELECT transform(a, (x, y) -> x) FROM t", "FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (array(integer), (unknown, unknown) -> unknown) for function transform. Expected: transform(array(T), function(T, U))"},
		{"SELECT transform(a, x -> y) FROM t", "COLUMN_NOT_FOUND: line 1:26: Column 'y' cannot be resolved"},
		{"SELECT filter(a, x -> x) FROM t", "FUNCTION_NOT_FOUND: line 1:8: Unexpected parameters (array(integer), (unknown) -> unknown) for function filter."},
		{"SELECT transform(a, x -> sum(x)) FROM t", "EXPRESSION_NOT_SCALAR: line 1:26: Lambda expression cannot contain aggregations, window functions or grouping operations: [sum(x)]"},
		{"SELECT s.q FROM t", "COLUMN_NOT_FOUND: line 1:8: Column 'q' cannot be resolved"},
		{"SELECT n.q FROM t", "TYPE_MISMATCH: line 1:8: Expression n is not of type ROW"},
		{"SELECT m[1] FROM t", "TYPE_MISMATCH: line 1:8: Cannot use integer for subscript of map(varchar, integer)"},
		{"SELECT (1, 2)[3]", "INVALID_FUNCTION_ARGUMENT: line 1:15: ROW index out of bounds: 3"},
		{"SELECT m < m FROM t", "TYPE_MISMATCH: line 1:10: Cannot apply operator: map(varchar, integer) < map(varchar, integer)"},
		{"SELECT id FROM t ORDER BY m", "TYPE_MISMATCH: line 1:27: Type map(varchar, integer) is not orderable, and therefore cannot be used in ORDER BY: m"},
		{"SELECT CAST(n AS time) FROM t", "TYPE_MISMATCH: line 1:8: Cannot cast bigint to time(3)"},
		{"SELECT X'0'", "SYNTAX_ERROR: line 1:8: Binary literal must contain an even number of digits"},
		{"SELECT U&'\\00'", "SYNTAX_ERROR: line 1:8: Incomplete escape sequence: 00"},
		{"SELECT date_trunc('hour', DATE '2024-01-01')", "INVALID_FUNCTION_ARGUMENT: line 1:8: 'hour' is not a valid DATE field"},
		{"DELETE FROM t", "NOT_SUPPORTED: line 1:1: Queries of this type are not supported"},
		{"DELETE FROM x", "NOT_SUPPORTED: line 1:1: Queries of this type are not supported"},
		{"SELECT FROM t", "SYNTAX_ERROR: line 1:8: mismatched input 'FROM'. Expecting: '*', 'DISTINCT', <expression>"},
		{"SELECT 1 FROM", "SYNTAX_ERROR: line 1:14: mismatched input '<EOF>'. Expecting: '(', 'TABLE', 'UNNEST', <identifier>"},
		{"SELECT (1", "SYNTAX_ERROR"},
		{"PREPARE \"é\nö\" -- the end", "SYNTAX_ERROR: line 2:3: mismatched input '<EOF>'. Expecting: 'FROM'"},
		{"PREPARE p\n ; -- the end", "SYNTAX_ERROR: line 2:2: mismatched input '<EOF>'. Expecting: 'FROM'"},
		{"SELECT 1;;", "SYNTAX_ERROR"},
		{"SELECT 1 SELECT 2", "SYNTAX_ERROR"},
		{"", "SYNTAX_ERROR: line 1:1: mismatched input '<EOF>'"},
		{"blah_blah", "SYNTAX_ERROR: line 1:1: mismatched input 'blah_blah'. Expecting: "},
		{"SELECT `id` FROM t", "SYNTAX_ERROR: line 1:8: backquoted identifiers are not supported; use double quotes to quote identifiers"},
		{strings.Repeat("x", maxText+1), "SYNTAX_ERROR: line 1:1: the statement is longer than 262144 bytes"},
		{"SELECT " + strings.Repeat("(", 500) + "1" + strings.Repeat(")", 500), "STACK_OVERFLOW: line 1:136: statement is too large (stack overflow during analysis)"},
		{"SELECT " + strings.Repeat("NOT ", 500) + "true", "STACK_OVERFLOW"},
		{"SELECT 1" + strings.Repeat(" + 1", 20000), "STACK_OVERFLOW"},
	} {
		_, err := translate(c[0])
		if err == nil || !strings.HasPrefix(err.Error(), c[1]) {
			t.Errorf("%.80s:\n got %v\nwant %s", c[0], err, c[1])
		}
	}
}

// The words of Trino for calls of table functions, and where.
func TestErrorsOfTableFunctions(t *testing.T) {
	const labels, at, groups = "TABLE(labels)", "DESCRIPTOR(at)", "ARRAY['g']"
	for _, c := range [][2]string{
		{"TABLE(other.nothing(1))", "FUNCTION_NOT_FOUND: line 1:21: Table function 'other.nothing' not registered"},
		{"TABLE(sequence(1, 5))", "NOT_SUPPORTED: line 1:21: Table function 'sequence' is not supported; use UNNEST(sequence(start, stop))"},
		{"TABLE(exclude_columns(TABLE(t), DESCRIPTOR(id)))", "NOT_SUPPORTED: line 1:21: Table function 'exclude_columns' is not supported; name the columns that are wanted"},
		{"TABLE(as_of())", "MISSING_ARGUMENT: line 1:21: Missing argument: LABELS"},
		{"TABLE(as_of(" + labels + ", " + at + "))", "MISSING_ARGUMENT: line 1:21: Missing argument: GROUPS"},
		{"TABLE(as_of(" + labels + ", " + at + ", " + groups + ", NULL, 5))", "INVALID_FUNCTION_ARGUMENT: line 1:21: Too many arguments. Expected at most 4 arguments, got 5 arguments"},
		{"TABLE(as_of(labels => " + labels + ", " + at + "))", "INVALID_FUNCTION_ARGUMENT: line 1:21: All arguments must be passed by name or all must be passed positionally"},
		{"TABLE(as_of(labels => " + labels + ", LABELS => " + labels + "))", "INVALID_FUNCTION_ARGUMENT: line 1:52: Duplicate argument name: LABELS"},
		{"TABLE(as_of(label => " + labels + "))", "INVALID_FUNCTION_ARGUMENT: line 1:27: Unexpected argument name: LABEL"},
		{"TABLE(as_of('labels'))", "INVALID_FUNCTION_ARGUMENT: line 1:27: Invalid argument LABELS. Expected table, got expression"},
		{"TABLE(as_of(" + labels + ", 'at', " + groups + "))", "INVALID_FUNCTION_ARGUMENT: line 1:42: Invalid argument LABEL_TIME. Expected descriptor, got expression"},
		{"TABLE(as_of(" + labels + ", DESCRIPTOR(id, at), " + groups + "))", "INVALID_FUNCTION_ARGUMENT: line 1:42: Invalid argument LABEL_TIME. Expected a descriptor of one column, got 2"},
		{"TABLE(as_of(" + labels + ", DESCRIPTOR(at date), " + groups + "))", "NOT_SUPPORTED: line 1:53: a type in a descriptor is not supported"},
		{"TABLE(as_of(" + labels + ", CAST(NULL AS DESCRIPTOR), " + groups + "))", "NOT_SUPPORTED: line 1:42: a descriptor that is NULL is not supported"},
		{"TABLE(as_of(" + labels + ", " + at + ", 'g'))", "INVALID_FUNCTION_ARGUMENT: line 1:58: Invalid argument GROUPS. Expected an ARRAY of texts, as ARRAY['customers on=customer_id'], got varchar(1)"},
		{"TABLE(as_of(" + labels + ", " + at + ", ARRAY[]))", "INVALID_FUNCTION_ARGUMENT: line 1:58: Invalid argument GROUPS. Name one group at least"},
		{"TABLE(as_of(" + labels + ", " + at + ", ARRAY['g', NULL]))", "INVALID_FUNCTION_ARGUMENT: line 1:69: Invalid argument GROUPS. Each group is a text that is constant, as 'customers on=customer_id'"},
		{"TABLE(as_of(" + labels + ", " + at + ", ARRAY[lower('g')]))", "INVALID_FUNCTION_ARGUMENT: line 1:64: Invalid argument GROUPS. Each group is a text that is constant"},
		{"TABLE(as_of(" + labels + ", " + at + ", ARRAY['g', 'h on=id']))", "INVALID_FUNCTION_ARGUMENT: line 1:69: there is no group h"},
		{"TABLE(as_of(" + labels + ", " + at + ", " + groups + ", 5))", "INVALID_FUNCTION_ARGUMENT: line 1:70: Invalid argument WRITTEN_UNTIL. Expected a constant, as TIMESTAMP '2026-01-31 12:00:00 UTC', got integer"},
		{"TABLE(as_of(" + labels + ", " + at + ", " + groups + ", now()))", "INVALID_FUNCTION_ARGUMENT: line 1:70: Invalid argument WRITTEN_UNTIL. Expected a constant"},
		{"TABLE(as_of(" + labels + ", " + at + ", " + groups + ", DATE '0001-01-01'))", "INVALID_FUNCTION_ARGUMENT: line 1:70: Invalid argument WRITTEN_UNTIL: it is before 1970, when nothing was written"},
		{"t" + strings.Repeat(", TABLE(as_of("+labels+", "+at+", "+groups+"))", 101), "NOT_SUPPORTED: line 1:5724: more than 100 calls of table functions in a statement are not supported"},
		{"TABLE(as_of(TABLE(nowhere), " + at + ", " + groups + "))", "TABLE_NOT_FOUND: line 1:33: Table 'awsdatacatalog.db.nowhere' does not exist"},
		{"TABLE(as_of(TABLE(SELECT 1), " + at + ", " + groups + "))", "MISSING_COLUMN_NAME: line 1:27: Column name not specified at position 1"},
		{"TABLE(as_of(TABLE(SELECT id, ID FROM t), " + at + ", " + groups + "))", "DUPLICATE_COLUMN_NAME: line 1:27: Column name 'id' specified more than once"},
		{"TABLE(as_of(TABLE(SELECT m FROM t), " + at + ", " + groups + "))", "NOT_SUPPORTED: line 1:27: the label column 'm' is map(varchar, integer), which as_of cannot hold; leave it out, or make it JSON by a cast"},
		{"TABLE(as_of(TABLE(SELECT s FROM t), " + at + ", " + groups + "))", "NOT_SUPPORTED: line 1:27: the label column 's' is row("},
		{"TABLE(as_of(TABLE(SELECT * FROM labels) AS l (x), " + at + ", " + groups + "))", "MISMATCHED_COLUMN_ALIASES: line 1:27: Column alias list has 1 entries but 'labels' has 2 columns available"},
		{"TABLE(as_of(TABLE(labels) PARTITION BY id, " + at + ", " + groups + "))", "NOT_SUPPORTED: line 1:41: PARTITION BY of the argument of a table function is not supported"},
		{"TABLE(as_of(TABLE(labels) ORDER BY id, " + at + ", " + groups + "))", "NOT_SUPPORTED: line 1:41: ORDER BY of the argument of a table function is not supported"},
		{"TABLE(as_of(TABLE(labels) PRUNE WHEN EMPTY, " + at + ", " + groups + "))", "NOT_SUPPORTED: line 1:41: PRUNE WHEN EMPTY of the argument of a table function is not supported"},
		{"TABLE(as_of(TABLE(labels) KEEP WHEN EMPTY, " + at + ", " + groups + "))", "NOT_SUPPORTED: line 1:41: KEEP WHEN EMPTY of the argument of a table function is not supported"},
		{"TABLE(as_of(" + labels + ", " + at + ", " + groups + " COPARTITION (a, b)))", "NOT_SUPPORTED: line 1:69: COPARTITION of the arguments of a table function is not supported"},
		{"t, TABLE(as_of(TABLE(SELECT t.id, at FROM labels), " + at + ", " + groups + "))", "COLUMN_NOT_FOUND: line 1:43: Column 't.id' cannot be resolved"},
		{"TABLE(as_of(" + labels + ", " + at + ", " + groups + ")) AS a (b)", "MISMATCHED_COLUMN_ALIASES: line 1:21: Column alias list has 1 entries but 'a' has 4 columns available"},
		{"TABLE(as_of(" + labels + ", " + at + ", ARRAY[id])) CROSS JOIN t", "COLUMN_NOT_FOUND: line 1:64: Column 'id' cannot be resolved"},
	} {
		_, err := translate("SELECT 1 FROM " + c[0])
		if err == nil || !strings.HasPrefix(err.Error(), c[1]) {
			t.Errorf("%.120s:\n got %v\nwant %s", c[0], err, c[1])
		}
	}
	_, err := translate("WITH RECURSIVE n (id, at) AS (SELECT * FROM labels UNION ALL SELECT n.id, a.at FROM n, TABLE(as_of(TABLE(n), DESCRIPTOR(at), ARRAY['g'])) a) SELECT * FROM n")
	if want := "NOT_SUPPORTED: line 1:106: the recursive query 'n' cannot be read in the argument of a table function within itself"; err == nil || err.Error() != want {
		t.Errorf("within itself:\n got %v\nwant %s", err, want)
	}
}

// A call is one, however often the statement that it stands in is analysed.
func TestCallsOfAChainOfNamesAreEachMadeOnce(t *testing.T) {
	text := "WITH c0 AS (SELECT * FROM labels)"
	for i := range 12 {
		n := string(rune('a' + i))
		before := "c0"
		if i > 0 {
			before = string(rune('a' + i - 1))
		}
		text += ", " + n + " AS (SELECT x.id, x.at FROM TABLE(as_of(TABLE(" + before + "), DESCRIPTOR(at), ARRAY['g'])) x JOIN " + before + " ON x.id = " + before + ".id)"
	}
	tr, err := translate(text + " SELECT * FROM l")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(tr.Parts()); n != 13 {
		t.Errorf("%d parts", n)
	}
	if tr.Repeatable {
		t.Error("its result would be given again")
	}
}

// TestGolden compares what is emitted with testdata/emit.txt: statements, each followed by the names
// and types of its result and the engine's text, or by its error.
func TestGolden(t *testing.T) {
	const file = "testdata/emit.txt"
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, block := range strings.Split(strings.TrimSuffix(string(old), "\n"), "\n\n") {
		statement, _, _ := strings.Cut(block, "\n→ ")
		b.WriteString(statement + "\n")
		tr, err := translate(statement)
		if err != nil {
			b.WriteString("→ " + err.Error() + "\n\n")
			continue
		}
		for _, c := range tr.Columns {
			b.WriteString("→ " + c.Name + " " + c.Type.String() + "\n")
		}
		for _, part := range tr.Parts() {
			for _, table := range part.Tables {
				if table.AsOf != nil {
					labels, _ := table.AsOf.LabelSQL()
					b.WriteString("→ labels " + labels + "\n")
				}
			}
		}
		b.WriteString("→ " + tr.SQL + "\n\n")
	}
	got := strings.TrimSuffix(b.String(), "\n")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(old), got); diff != "" {
		t.Errorf("emitted (-want +got), rewrite with -update:\n%s", diff)
	}
}

func TestLongStatements(t *testing.T) {
	for name, text := range map[string]string{
		"a list":    "SELECT 1 FROM t WHERE n IN (1" + strings.Repeat(", 12345", 30000) + ")",
		"a chain":   "SELECT 1 FROM t WHERE n = 1" + strings.Repeat(" OR n = 12345", 15000),
		"nested":    "SELECT " + strings.Repeat("(", 120) + "1" + strings.Repeat(")", 120),
		"subquery":  strings.Repeat("SELECT * FROM (", 60) + "SELECT 1" + strings.Repeat(")", 60),
		"functions": "SELECT " + strings.Repeat("sqrt(", 120) + "n" + strings.Repeat(")", 120) + " FROM t",
		"divisions": "SELECT " + strings.Repeat("8 / (", 120) + "n" + strings.Repeat(")", 120) + " FROM t",
	} {
		tr, err := translate(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(tr.SQL) > 20*len(text)+50000 {
			t.Errorf("%s: %d bytes become %d", name, len(text), len(tr.SQL))
		}
	}
}
