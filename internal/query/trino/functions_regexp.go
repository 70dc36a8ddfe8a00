package trino

import (
	"math"
	"regexp"
)

var regexpFunctions = []function{
	{name: "regexp_like", params: "varchar,varchar", result: "boolean", tmpl: "larder_regexp_like($1, $2)", check: enginePattern, doc: "whether a part of the text matches"},
	{name: "regexp_extract", params: "varchar,varchar", result: "$1", tmpl: "larder_regexp_extract($1, $2, CAST(0 AS BIGINT))", doc: "NULL if nothing matches"},
	{name: "regexp_extract", params: "varchar,varchar,bigint", result: "$1", tmpl: "larder_regexp_extract($1, $2, $3)", doc: "NULL if the group does not match"},
	{name: "regexp_extract_all", params: "varchar,varchar", result: "varchar", check: arrayOfFirst("larder_regexp_extract_all($1, $2, CAST(0 AS BIGINT))")},
	{name: "regexp_extract_all", params: "varchar,varchar,bigint", result: "varchar", check: arrayOfFirst("larder_regexp_extract_all($1, $2, $3)")},
	{name: "regexp_split", params: "varchar,varchar", result: "varchar", check: arrayOfFirst("larder_regexp_split($1, $2)")},
	{name: "regexp_count", params: "varchar,varchar", result: "bigint", tmpl: "larder_regexp_count($1, $2)"},
	{name: "regexp_position", params: "varchar,varchar", result: "integer", tmpl: "CAST(larder_regexp_position($1, $2, CAST(1 AS BIGINT), CAST(1 AS BIGINT)) AS INTEGER)", doc: "from 1; -1 if nothing matches"},
	{name: "regexp_position", params: "varchar,varchar,bigint", result: "integer", tmpl: "CAST(larder_regexp_position($1, $2, $3, CAST(1 AS BIGINT)) AS INTEGER)"},
	{name: "regexp_position", params: "varchar,varchar,bigint,bigint", result: "integer", tmpl: "CAST(larder_regexp_position($1, $2, $3, $4) AS INTEGER)"},
	{name: "regexp_replace", params: "varchar,varchar", result: "$1", tmpl: "larder_regexp_replace($1, $2, '')"},
	{name: "regexp_replace", params: "varchar,varchar,varchar", result: "varchar", tmpl: "larder_regexp_replace($1, $2, $3)", check: replacingMatches, doc: "$1 in the replacement is the first group, ${name} one with a name"},
	{name: "regexp_replace", params: "varchar,varchar,function(array(varchar),varchar)", result: "varchar", tmpl: replaceByLambda, doc: "the function gets the groups of each match"},
}

// replaceByLambda calls the lambda, argument 3, with the groups of every match. The engine's function gives
// one list: the number of groups, then for every match the text before it and its groups, and the rest of
// the text.
const replaceByLambda = "list_transform([larder_regexp_pieces($1, $2)], lambda $m: CASE WHEN $m IS NOT NULL THEN " +
	"coalesce(list_aggregate(list_transform(range(0, (len($m) - 2) // (CAST($m[1] AS BIGINT) + 1)), lambda $i: $m[2 + $i * (CAST($m[1] AS BIGINT) + 1)] || " +
	"coalesce($3(($m)[(3 + $i * (CAST($m[1] AS BIGINT) + 1)):(2 + $i * (CAST($m[1] AS BIGINT) + 1) + CAST($m[1] AS BIGINT))]), '')), 'string_agg', ''), '') || $m[len($m)] END)[1]"

// replacingMatches bounds the result as Trino does.
func replacingMatches(c *checking) error {
	x, y := float64(c.args[0].typ().Precision), float64(c.args[2].typ().Precision)
	if x > 0 && y > 0 {
		n := x + max(math.Floor(x*y/2), y)*(x+1) // beyond the whole numbers of 64 bits for long texts
		c.result = bounded(int(min(n, math.MaxInt32)))
	}
	return nil
}

// plainPattern is what the engine's regular expressions surely read as Trino's do.
var plainPattern = regexp.MustCompile(`^(?:[^\\\[\](){}]|\\[dws.\\/-]|\(|\)|\[\^?[A-Za-z0-9_ .,:@%-]+\]|\{\d+(?:,\d*)?\})*$`)

// enginePattern leaves constant patterns to the engine, which is faster; the others are Go's.
func enginePattern(c *checking) error {
	p, ok := c.text(1)
	if !ok || !plainPattern.MatchString(p) {
		return nil
	}
	if _, err := regexp.Compile(p); err == nil {
		c.tmpl = "regexp_matches($1, $2)"
	}
	return nil
}
