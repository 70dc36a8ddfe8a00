package trino

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

var (
	generate = flag.Int("generate", 0, "how many random statements to write to the file of -chapter")
	seed     = flag.Uint64("seed", 1, "of the random statements")
	chapter  = flag.String("chapter", "random", "random, of expressions in plain queries, or random_forms, of the corners of the language")
)

// TestGenerate writes random statements when it is told to. A seed gives the same ones again.
func TestGenerate(t *testing.T) {
	if *generate == 0 {
		return
	}
	g := &generator{rand.New(rand.NewPCG(*seed, 0))}
	var b strings.Builder
	fmt.Fprintf(&b, "-- Random statements: -generate %d -seed %d -chapter %s.\n", *generate, *seed, *chapter)
	statement := g.statement
	if *chapter == "random_forms" {
		statement = g.form
	}
	seen := map[string]bool{}
	for len(seen) < *generate {
		if s := statement(); !seen[s] {
			seen[s] = true
			b.WriteString(s + "\n")
		}
	}
	if err := os.WriteFile("statements/"+*chapter+".sql", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A generator makes statements whose answers do not depend on the order of rows, nor on which of two errors
// is met first: numbers stay small, and nothing divides by what may be zero.
type generator struct{ *rand.Rand }

func (g *generator) of(choices ...string) string { return choices[g.IntN(len(choices))] }

// sources are tables with their columns, by type.
var sources = []map[string][]string{
	{"from": {"kinds"}, "integer": {"id", "t", "s", "id % 3"}, "double": {"p", "cast(s AS double)"}, "text": {"v", "cast(id AS varchar)"}, "bool": {"b", "i IS NULL"}, "date": {"day", "cast(ts AS date)"}, "key": {"id"}},
	{"from": {"readings"}, "integer": {"level", "length(place)"}, "double": {"heat", "level + 0e0"}, "text": {"sensor", "place", "at"}, "bool": {"is_deleted", "level > 2"}, "date": {"cast(from_iso8601_timestamp(at) AS date)", "from_iso8601_date(substr(at, 1, 10))"}, "key": {"sensor", "at"}},
	{"from": {"(VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)"}, "integer": {"n"}, "double": {"f"}, "text": {"c"}, "bool": {"o"}, "date": {"d"}, "key": {"n", "c", "f", "d", "o"}},
}

type source map[string][]string

func (g *generator) column(s source, of string) string { return g.of(s[of]...) }

func (g *generator) expr(s source, of string, depth int) string {
	if depth <= 0 || g.IntN(4) == 0 {
		if g.IntN(4) == 0 {
			return g.literal(of)
		}
		return g.column(s, of)
	}
	e := func(of string) string { return g.expr(s, of, depth-1) }
	switch g.IntN(6) {
	case 0:
		return fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", e("bool"), e(of), e(of))
	case 1:
		return fmt.Sprintf("%s(%s, %s)", g.of("coalesce", "nullif", "greatest", "least"), e(of), e(of))
	}
	switch of {
	case "integer":
		return g.of(
			"("+e(of)+" + "+e(of)+")", "("+e(of)+" - "+e(of)+")", "("+e(of)+" * "+g.of("2", "-3")+")", "("+e(of)+" / "+g.of("2", "-3", "7")+")",
			"("+e(of)+" % "+g.of("2", "-3")+")", "abs("+e(of)+")", "-("+e(of)+")", "length("+e("text")+")", "strpos("+e("text")+", "+g.literal("text")+")",
			"year("+e("date")+")", "day_of_week("+e("date")+")", "date_diff('"+g.of("day", "month", "year")+"', "+e("date")+", "+e("date")+")",
			"cast("+e("double")+" AS integer)", "sign("+e(of)+")", "bitwise_and("+e(of)+", 5)", "try_cast("+e("text")+" AS integer)")
	case "double":
		return g.of("("+e(of)+" + "+e(of)+")", "("+e(of)+" * "+e("integer")+")", "("+e(of)+" / 4)", "abs("+e(of)+")", "round("+e(of)+", 1)", "floor("+e(of)+")", "ceil("+e(of)+")",
			"cast("+e("integer")+" AS double)", "sqrt(abs("+e(of)+"))", "try_cast("+e("text")+" AS double)", "("+e(of)+" - "+e(of)+")")
	case "text":
		return g.of("upper("+e(of)+")", "lower("+e(of)+")", "("+e(of)+" || "+e(of)+")", "substr("+e(of)+", "+g.of("1", "2", "-2")+", 3)", "reverse("+e(of)+")", "replace("+e(of)+", 'o', '00')",
			"trim("+e(of)+")", "lpad("+e(of)+", 4, '-')", "concat("+e(of)+", '/', "+e(of)+")", "cast("+e("integer")+" AS varchar)", "cast("+e("date")+" AS varchar)", "split_part("+e(of)+", 'e', 1)",
			"date_format("+e("date")+", '%Y/%j')", "regexp_replace("+e(of)+", '[aeiou]', '_')")
	case "bool":
		x := g.of("integer", "double", "text", "date")
		return g.of("("+e(x)+" "+g.of("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM")+" "+e(x)+")", "("+e(x)+" IS "+g.of("", "NOT ")+"NULL)", "(NOT "+e(of)+")",
			"("+e(of)+" AND "+e(of)+")", "("+e(of)+" OR "+e(of)+")", "("+e(x)+" BETWEEN "+e(x)+" AND "+e(x)+")", "("+e(x)+" "+g.of("", "NOT ")+"IN ("+e(x)+", "+g.literal(x)+"))",
			"("+e("text")+" LIKE "+g.of("'%e%'", "'o_e'", "'s%'", "'%\u00f6%'")+")")
	default:
		return g.of("date_add('"+g.of("day", "week", "month", "year")+"', "+g.of("1", "-1", "5")+", "+e(of)+")", "date_trunc('"+g.of("week", "month", "quarter", "year")+"', "+e(of)+")",
			"("+e(of)+" + interval '"+g.of("1", "-2")+"' "+g.of("day", "month")+")", "last_day_of_month("+e(of)+")")
	}
}

func (g *generator) literal(of string) string {
	switch of {
	case "integer":
		return g.of("0", "1", "-7", "42", "100")
	case "double":
		return g.of("0e0", "1.5e0", "-0.25e0", "1e3")
	case "text":
		return g.of("''", "'a'", "'one'", "'North'", "'12'", "'\u00f6\U0001f600'")
	case "bool":
		return g.of("true", "false", "null")
	}
	return g.of("date '2020-02-29'", "date '1999-12-31'", "date '2024-03-01'")
}

func (g *generator) kind() string { return g.of("integer", "double", "text", "bool", "date") }

// exprs are n expressions, and the numbers of their columns.
func (g *generator) exprs(s source, n, depth int) (list, numbers string) {
	var exprs, at []string
	for i := range n {
		exprs, at = append(exprs, g.expr(s, g.kind(), depth)), append(at, fmt.Sprint(i+1))
	}
	return strings.Join(exprs, ", "), strings.Join(at, ", ")
}

func (g *generator) statement() string {
	s := source(sources[g.IntN(len(sources))])
	from := s["from"][0]
	where := ""
	if g.IntN(2) == 0 {
		where = " WHERE " + g.expr(s, "bool", 2)
	}
	switch g.IntN(6) {
	case 0:
		keys, numbers := g.exprs(s, 1+g.IntN(2), 1)
		having := g.of("", " HAVING count(*) > 1")
		return "SELECT " + keys + ", " + g.aggregate(s) + ", " + g.aggregate(s) + " FROM " + from + where + " GROUP BY " + numbers + having + " ORDER BY " + numbers
	case 1:
		return "SELECT " + g.aggregate(s) + ", " + g.aggregate(s) + ", " + g.aggregate(s) + " FROM " + from + where
	case 2:
		of := g.kind()
		numbers := "1"
		return "SELECT " + g.expr(s, of, 2) + " FROM " + from + where + " " + g.of("UNION", "UNION ALL", "INTERSECT", "EXCEPT") + " SELECT " + g.expr(s, of, 2) + " FROM " + from + " ORDER BY " + numbers
	case 3:
		// All that make a row what it is order it, so that every row has a place of its own.
		window := g.of("row_number()", "rank()", "dense_rank()", "lag("+g.expr(s, g.kind(), 1)+")", "lead("+g.expr(s, g.kind(), 1)+", 2)", "count(*)", "sum("+g.expr(s, "integer", 1)+")",
			"min("+g.expr(s, g.kind(), 1)+")", "first_value("+g.expr(s, g.kind(), 1)+")", "ntile(3)")
		key := strings.Join(s["key"], ", ")
		return "SELECT " + key + ", " + window + " OVER (" + g.of("", "PARTITION BY "+g.expr(s, g.kind(), 1)+" ") + "ORDER BY " + g.expr(s, g.kind(), 1) + g.of("", " DESC", " NULLS FIRST") + ", " + key + ") FROM " + from + where + " ORDER BY " + key
	case 4:
		of := g.kind()
		return "SELECT count(*), count(x), min(x), max(x) FROM (SELECT " + g.expr(s, of, 2) + " AS x FROM " + from + where + ") AS q WHERE x " + g.of("=", "<>", "<", ">=") + " " + g.of("ANY", "ALL") + " (SELECT " + g.expr(s, of, 1) + " FROM " + from + ")"
	}
	list, numbers := g.exprs(s, 1+g.IntN(3), 3)
	return "SELECT " + g.of("", "", "DISTINCT ") + list + " FROM " + from + where + " ORDER BY " + numbers
}

func (g *generator) aggregate(s source) string {
	of := g.kind()
	switch g.IntN(6) {
	case 0:
		return "count(" + g.of("", "DISTINCT ") + g.expr(s, of, 1) + ")"
	case 1:
		return "sum(" + g.expr(s, "integer", 1) + ")"
	case 2:
		return g.of("bool_and", "bool_or", "count_if") + "(" + g.expr(s, "bool", 1) + ")"
	case 3:
		return "count(*) FILTER (WHERE " + g.expr(s, "bool", 1) + ")"
	case 4:
		return "avg(" + g.expr(s, "integer", 1) + ")"
	}
	return g.of("min", "max") + "(" + g.expr(s, of, 1) + ")"
}
