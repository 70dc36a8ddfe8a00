package duckdbtest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/query/trino"
)

var everyCall = flag.Bool("calls", false, "TestNoCallEndsInAFaultOfOurs: make every call, not each third")

// TestNoCallEndsInAFaultOfOurs calls every function of docs/sql.md, which is made from the tables, with
// arguments that are NULL, zero, negative, huge, empty, not a number and of another type. What Trino would
// not take may fail, but never as GENERIC_INTERNAL_ERROR: no mistake of a user is a fault of the server's. -args
// -calls makes all of the calls, which takes a minute.
func TestNoCallEndsInAFaultOfOurs(t *testing.T) {
	p := openPool(t)
	calls := 0
	seen := map[string]bool{}
	for _, f := range signatures(t) {
		for _, text := range f.calls() {
			if seen[text] {
				continue
			}
			seen[text] = true
			if calls++; calls%3 != 0 && !*everyCall {
				continue
			}
			if fault := faultOf(t, p, text); fault != nil {
				t.Errorf("%s\n\t%v", text, fault)
			}
		}
	}
	t.Logf("%d calls", calls)
	if calls < 2000 {
		t.Errorf("%d calls are too few for all functions: does docs/sql.md look otherwise?", calls)
	}
}

// faultOf carries a statement out; nil if it succeeds, or fails with an error that has a name.
func faultOf(t *testing.T, p *duckdb.Pool, text string) error {
	t.Helper()
	s, err := trino.Parse(text)
	if err != nil {
		return namedOnly(err)
	}
	tr, err := trino.Translate(s.(*trino.Query), trino.Session{Database: db}, catalog{})
	if err != nil {
		return namedOnly(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	plan := &query.Plan{SQL: tr.SQL}
	for _, c := range tr.Columns {
		name, precision, scale := c.Type.ColumnInfo()
		plan.Columns = append(plan.Columns, query.Column{Name: c.Name, Type: name, Precision: precision, Scale: scale})
		plan.Layouts = append(plan.Layouts, c.Type.Layout())
	}
	return namedOnly(p.Run(ctx, plan, func() {}, func([][]*string) error { return nil }))
}

// namedOnly is nil for an error of the statement's.
func namedOnly(err error) error {
	var analysis *trino.Error
	var engine *query.EngineError
	switch {
	case errors.As(err, &analysis) && analysis.Code != "GENERIC_INTERNAL_ERROR":
		return nil
	case errors.As(err, &engine) && engine.Code != "GENERIC_INTERNAL_ERROR":
		return nil
	}
	return err
}

// A signature is a function of docs/sql.md.
type signature struct {
	name, chapter string
	params        []string
}

var signatureLine = regexp.MustCompile("^\\| `([a-z0-9_]+)\\((.*)\\)[^`]*` \\|")

func signatures(t *testing.T) []signature {
	t.Helper()
	text, err := os.ReadFile("../../../../docs/sql.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []signature
	chapter := ""
	for line := range strings.Lines(string(text)) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			chapter = strings.TrimSpace(title)
		}
		m := signatureLine.FindStringSubmatch(line)
		if m == nil || chapter == "Operators and special forms" {
			continue
		}
		out = append(out, signature{m[1], chapter, splitTypes(m[2])})
	}
	return out
}

// splitTypes parts a list of types at the commas outside of parentheses.
func splitTypes(list string) []string {
	var out []string
	depth, from := 0, 0
	for i, c := range list {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			out, from = append(out, strings.TrimSpace(list[from:i])), i+1
		}
	}
	if rest := strings.TrimSpace(list[from:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

// calls are statements that call the function: each argument in turn is everything that its type has at
// the limits, and something of another type; the others are usual.
func (f signature) calls() []string {
	usual := make([]string, len(f.params))
	for i, p := range f.params {
		usual[i] = arguments(p)[0]
	}
	lists := [][]string{usual}
	for i, p := range f.params {
		for _, a := range append(arguments(p)[1:], others...) {
			list := slices.Clone(usual)
			list[i] = a
			lists = append(lists, list)
		}
	}
	var out []string
	for i, list := range lists {
		call := f.name + "(" + strings.Join(list, ", ") + ")"
		switch {
		case f.chapter == "Windows":
			call += " OVER (ORDER BY n)"
		case f.name == "listagg":
			call = "listagg(" + list[0] + ", ',') WITHIN GROUP (ORDER BY n)"
		case f.chapter == "Aggregates" && i == 0 && len(list) > 0:
			out = append(out, "SELECT "+f.name+"(DISTINCT "+strings.Join(list, ", ")+") FROM (VALUES 1, 2, null) AS t (n)",
				"SELECT "+f.name+"("+strings.Join(list, ", ")+" ORDER BY n) FILTER (WHERE n > 0) FROM (VALUES 1, 2, null) AS t (n)")
		}
		out = append(out, "SELECT "+call+" FROM (VALUES 1, 2, null) AS t (n)")
	}
	return out
}

// others are of types that a function may not take.
var others = []string{"null", "'x'", "array[n]"}

var limits = map[string][]string{
	"boolean":                  {"true", "cast(null AS boolean)"},
	"integer":                  {"3", "0", "-2147483648", "cast(null AS integer)"},
	"bigint":                   {"3", "0", "-9223372036854775807", "9223372036854775807", "cast(null AS bigint)"},
	"real":                     {"real '1.5'", "real '-0.0'", "cast(nan() AS real)", "cast(null AS real)"},
	"double":                   {"0.5e0", "0e0", "-1e308", "nan()", "infinity()", "cast(null AS double)"},
	"decimal":                  {"1.5", "-12345678901234567890.12345", "cast(null AS decimal(5,2))"},
	"varchar":                  {"'abc'", "''", "'Größe 😀 %'", "'(['", "cast(null AS varchar)"},
	"char":                     {"cast('ab' AS char(3))", "cast('' AS char(1))", "cast(null AS char(2))"},
	"varbinary":                {"X'616263'", "X''", "X'ff00fe80'", "cast(null AS varbinary)"},
	"date":                     {"date '2020-02-29'", "date '0001-01-01'", "date '9999-12-31'", "cast(null AS date)"},
	"time":                     {"time '01:02:03'", "cast(null AS time)"},
	"timestamp":                {"timestamp '2020-02-29 01:02:03.456'", "timestamp '0001-01-01 00:00:00'", "timestamp '9999-12-31 23:59:59.999'", "cast(null AS timestamp)"},
	"timestamp with time zone": {"timestamp '2020-02-29 01:02:03 Asia/Tokyo'", "timestamp '9999-12-31 23:59:59 UTC'", "cast(null AS timestamp with time zone)"},
	"interval day to second":   {"interval '1' day", "interval '-2000000000' second", "cast(null AS interval day to second)"},
	"interval year to month":   {"interval '1' month", "interval '-100000' year", "cast(null AS interval year to month)"},
	"json":                     {`json '{"a": [1, null]}'`, "json '[]'", "json 'null'", "json '1e400'", "cast(null AS json)"},
	"uuid":                     {"uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'", "cast(null AS uuid)"},
	"array":                    {"array[n, 2]", "array[]", "array[null]", "array[array['a'], null]", "cast(null AS array(integer))"},
	"map":                      {"map(array['a'], array[n])", "map()", "cast(null AS map(varchar, integer))"},
	"row":                      {"row(1, 'a')", "cast(null AS row(x integer))"},
	"array(array)":             {"array[array[n], array[1, 2]]", "array[]", "array[null]", "cast(null AS array(array(integer)))"},
	"array(varchar)":           {"array['a', 'b']", "array[]", "array[null]", "cast(null AS array(varchar))"},
	"array(double)":            {"array[0e0, 0.5e0]", "array[]", "array[nan(), null]", "cast(null AS array(double))"},
	"array(row)":               {"array[row('a', n)]", "array[]", "array[null]", "array[row(null, 1)]"},
	"array(map)":               {"array[map(array['a'], array[1])]", "array[]", "array[null]"},
	"variable":                 {"n", "'a'", "nan()", "array[n]", "row(n, 'a')", "map(array[1], array[n])", "json '1'", "cast(null AS varchar)", "date '2020-01-01'"},
}

// arguments are expressions for a type as docs/sql.md names it, the most usual first.
func arguments(typ string) []string {
	typ = strings.TrimSuffix(typ, "…")
	if lambda, ok := strings.CutPrefix(typ, "function("); ok {
		return lambdas(splitTypes(strings.TrimSuffix(lambda, ")")))
	}
	if known, ok := limits[typ]; ok {
		return known
	}
	word, inner, nested := strings.Cut(typ, "(")
	if nested {
		of, _, _ := strings.Cut(strings.TrimSuffix(inner, ")"), "(")
		if known, ok := limits[word+"("+of+")"]; ok {
			return known
		}
	}
	switch word {
	case "tinyint", "smallint":
		return []string{"cast(3 AS " + word + ")", "cast(-1 AS " + word + ")", "cast(null AS " + word + ")"}
	case "array", "map", "row":
		return limits[word]
	}
	return limits["variable"]
}

// lambdas give a value of a usual type, a NULL, or fail.
func lambdas(types []string) []string {
	names := []string{"x", "y", "z"}[:len(types)-1]
	head := "(" + strings.Join(names, ", ") + ") -> "
	if types[len(types)-1] == "boolean" {
		return []string{head + "true", head + "null", head + "1 / 0 = 1"}
	}
	if types[len(types)-1] == "bigint" {
		return []string{head + "0", head + "null", head + "7"}
	}
	return []string{head + "x", head + "null", head + fmt.Sprintf("cast(%s AS varchar)", names[0])}
}
