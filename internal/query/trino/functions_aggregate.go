package trino

import (
	"fmt"
	"strconv"
	"strings"
)

var aggregateFunctions = []function{
	{name: "count", params: "T", result: "bigint", kind: aggregateFunction, tmpl: "count($1)", doc: "how many are not NULL; count(*) counts rows"},
	{name: "count", params: "", result: "bigint", kind: aggregateFunction, tmpl: "count(*)", doc: "the number of rows"},
	{name: "count_if", params: "boolean", result: "bigint", kind: aggregateFunction, tmpl: "count(" + distinctMark + "CASE WHEN $1 THEN 1 END)", doc: "how many are true"},
	{name: "min", params: "T", result: "T", kind: aggregateFunction, tmpl: "min($1)", check: sortable, doc: "the least"},
	{name: "max", params: "T", result: "T", kind: aggregateFunction, tmpl: "max($1)", check: sortable, doc: "the greatest"},
	{name: "sum", params: "bigint", result: "bigint", kind: aggregateFunction, tmpl: "CAST(sum($1)" + overMark + " AS BIGINT)", doc: "an error if it overflows"},
	{name: "sum", params: "decimal", result: "decimal", kind: aggregateFunction, tmpl: "sum($1)", check: sumOfDecimals, doc: "decimal(38,s)"},
	{name: "sum", params: "real", result: "real", kind: aggregateFunction, tmpl: "CAST(sum($1)" + overMark + " AS FLOAT)"},
	{name: "sum", params: "double", result: "double", kind: aggregateFunction, tmpl: "sum($1)"},
	{name: "avg", params: "bigint", result: "double", kind: aggregateFunction, tmpl: "avg($1)"},
	{name: "avg", params: "decimal", result: "decimal", kind: aggregateFunction, check: avgOfDecimals, doc: "of decimals, of the same type as they"},
	{name: "avg", params: "real", result: "real", kind: aggregateFunction, tmpl: "CAST(avg($1)" + overMark + " AS FLOAT)"},
	{name: "avg", params: "double", result: "double", kind: aggregateFunction, tmpl: "avg($1)"},
	{name: "stddev", params: "double", result: "double", kind: aggregateFunction, tmpl: "stddev_samp($1)", doc: "of a sample"},
	{name: "stddev_samp", params: "double", result: "double", kind: aggregateFunction, tmpl: "stddev_samp($1)"},
	{name: "stddev_pop", params: "double", result: "double", kind: aggregateFunction, tmpl: "stddev_pop($1)"},
	{name: "variance", params: "double", result: "double", kind: aggregateFunction, tmpl: "var_samp($1)", doc: "of a sample"},
	{name: "var_samp", params: "double", result: "double", kind: aggregateFunction, tmpl: "var_samp($1)"},
	{name: "var_pop", params: "double", result: "double", kind: aggregateFunction, tmpl: "var_pop($1)"},
	{name: "approx_distinct", params: "T", result: "bigint", kind: aggregateFunction, tmpl: "approx_count_distinct($1)", doc: "by HyperLogLog; another estimate than Trino's"},
	{name: "approx_percentile", params: "bigint,double", result: "$1", kind: aggregateFunction, check: percentile, doc: "exact here; the percentage is a constant"},
	{name: "approx_percentile", params: "double,double", result: "$1", kind: aggregateFunction, check: percentile},
	{name: "bool_and", params: "boolean", result: "boolean", kind: aggregateFunction, tmpl: "bool_and($1)"},
	{name: "bool_or", params: "boolean", result: "boolean", kind: aggregateFunction, tmpl: "bool_or($1)"},
	{name: "every", params: "boolean", result: "boolean", kind: aggregateFunction, tmpl: "bool_and($1)"},
	{name: "arbitrary", params: "T", result: "T", kind: aggregateFunction, tmpl: "any_value($1)", doc: "some value that is not NULL"},
	{name: "any_value", params: "T", result: "T", kind: aggregateFunction, tmpl: "any_value($1)"},
	{name: "min", params: "T,bigint", result: "array(T)", kind: aggregateFunction, tmpl: firstFew("min"), orderable: "T", doc: "the least so many, in their order"},
	{name: "max", params: "T,bigint", result: "array(T)", kind: aggregateFunction, tmpl: firstFew("max"), orderable: "T"},
	{name: "min_by", params: "T,U", result: "T", kind: aggregateFunction, tmpl: "arg_min_null($1, $2" + orderMark + ")", orderable: "U", doc: "the first where the second is least"},
	{name: "max_by", params: "T,U", result: "T", kind: aggregateFunction, tmpl: "arg_max_null($1, $2" + orderMark + ")", orderable: "U"},
	{name: "min_by", params: "T,U,bigint", result: "array(T)", kind: aggregateFunction, tmpl: byTemplate("ASC"), orderable: "U"},
	{name: "max_by", params: "T,U,bigint", result: "array(T)", kind: aggregateFunction, tmpl: byTemplate("DESC"), orderable: "U"},
	{name: "sum", params: "interval day", result: "interval day", kind: aggregateFunction, tmpl: "to_microseconds(CAST(sum(" + distinctMark + "epoch_us($1))" + overMark + " AS BIGINT))"},
	{name: "sum", params: "interval year", result: "interval year", kind: aggregateFunction, tmpl: "to_months(CAST(sum(" + distinctMark + monthsOf + ")" + overMark + " AS INTEGER))"},
	{name: "avg", params: "interval day", result: "interval day", kind: aggregateFunction, tmpl: "to_microseconds(CAST(avg(" + distinctMark + "epoch_us($1) // 1000)" + overMark + " AS BIGINT) * 1000)"},
	{name: "avg", params: "interval year", result: "interval year", kind: aggregateFunction, tmpl: "to_months(CAST(avg(" + distinctMark + monthsOf + ")" + overMark + " AS INTEGER))"},
	{name: "geometric_mean", params: "double", result: "double", kind: aggregateFunction, tmpl: "exp(avg(" + distinctMark + logarithm("$1") + ")" + overMark + ")"},
	{name: "bitwise_and_agg", params: "bigint", result: "bigint", kind: aggregateFunction, tmpl: "bit_and($1)"},
	{name: "bitwise_or_agg", params: "bigint", result: "bigint", kind: aggregateFunction, tmpl: "bit_or($1)"},
	{name: "bitwise_xor_agg", params: "bigint", result: "bigint", kind: aggregateFunction, tmpl: "bit_xor($1)"},
	{name: "corr", params: "double,double", result: "double", kind: aggregateFunction, tmpl: "nullif(corr($1, $2)" + overMark + ", " + nan + ")"},
	{name: "covar_pop", params: "double,double", result: "double", kind: aggregateFunction, tmpl: "covar_pop($1, $2)"},
	{name: "covar_samp", params: "double,double", result: "double", kind: aggregateFunction, tmpl: "covar_samp($1, $2)"},
	{name: "regr_slope", params: "double,double", result: "double", kind: aggregateFunction, tmpl: "nullif(regr_slope($1, $2)" + overMark + ", " + nan + ")"},
	{name: "regr_intercept", params: "double,double", result: "double", kind: aggregateFunction, tmpl: "nullif(regr_intercept($1, $2)" + overMark + ", " + nan + ")"},
	{name: "skewness", params: "double", result: "double", kind: aggregateFunction, tmpl: skewnessTemplate},
	{name: "kurtosis", params: "double", result: "double", kind: aggregateFunction, tmpl: "kurtosis($1)", doc: "above that of a normal distribution, of a sample"},
	{name: "approx_distinct", params: "T,double", result: "bigint", kind: aggregateFunction, check: distinctWithin, doc: "the second, a constant, is the standard error, which is not looked at"},
	{name: "approx_percentile", params: "bigint,array(double)", result: "array(bigint)", kind: aggregateFunction, check: percentiles, doc: "the percentages are constants"},
	{name: "approx_percentile", params: "double,array(double)", result: "array(double)", kind: aggregateFunction, check: percentiles},
	{name: "approx_most_frequent", params: "bigint,bigint,bigint", result: "map(bigint,bigint)", kind: aggregateFunction, tmpl: mostFrequentTemplate, doc: "exact here"},
	{name: "approx_most_frequent", params: "bigint,varchar,bigint", result: "map(varchar,bigint)", kind: aggregateFunction, tmpl: mostFrequentTemplate},
	{name: "checksum", params: "T", result: "varbinary", kind: aggregateFunction, check: checksumming, doc: "whatever the order of rows; not of arrays, maps, rows, JSON and intervals"},
	{name: "histogram", params: "T", result: "map(T,bigint)", kind: aggregateFunction, comparable: "T", check: counting, doc: "how often each value comes"},
	{name: "listagg", params: "varchar,varchar", result: "varchar", kind: aggregateFunction, tmpl: "string_agg($1, $2" + orderMark + ")", doc: "LISTAGG(x, ',') WITHIN GROUP (ORDER BY y)"},
	{name: "map_agg", params: "K,V", result: "map(K,V)", kind: aggregateFunction, comparable: "K", check: mapOfRows("list(" + distinctMark + "struct_pack(k := $1, v := $2)" + orderMark + ")" + overMark), doc: "the first value of a key counts; rows whose key is NULL do not"},
	{name: "map_union", params: "map(K,V)", result: "map(K,V)", kind: aggregateFunction, comparable: "K",
		check: mapOfRows("flatten(list_filter(list(" + distinctMark + "list_transform(map_entries($1), lambda $e: struct_pack(k := $e.key, v := $e.value))" + orderMark + ")" + overMark + ", lambda $n: $n IS NOT NULL))"), doc: "the first value of a key counts"},
	{name: "multimap_agg", params: "K,V", result: "map(K,array(V))", kind: aggregateFunction, comparable: "K", check: multimapOfRows},
	{name: "reduce_agg", params: "T,S,function(S,T,S),function(S,S,S)", result: "S", kind: aggregateFunction, check: reducingRows, doc: "the first state is a constant; the second function is not needed"},
	{name: "array_agg", params: "T", result: "array", kind: aggregateFunction, tmpl: "list($1" + orderMark + ")", doc: "NULLs too"},
}

// firstFew is min and max of so many. A row whose number is NULL counts as little as one without a value.
func firstFew(function string) string {
	const wrong = "error('LARDER:INVALID_FUNCTION_ARGUMENT:second argument of max_n/min_n must be "
	return function + "(" + distinctMark + "CASE WHEN $2 IS NOT NULL THEN $1 END, CASE WHEN $2 IS NULL THEN NULL WHEN $2 > 10000 THEN " +
		wrong + "less than or equal to 10000; found ' || $2) WHEN $2 > 0 THEN $2 ELSE " + wrong + "a positive integer') END)"
}

func sortable(c *checking) error {
	if t := c.args[0].typ(); !orderable(t) {
		return c.fail("FUNCTION_NOT_FOUND", "Unexpected parameters (%s) for function %s. Expected: %s(T) T:orderable", t, c.name, c.name)
	}
	return nil
}

func sumOfDecimals(c *checking) error {
	c.result = Type{Kind: Decimal, Precision: 38, Scale: c.args[0].typ().Scale}
	c.tmpl = "CAST(sum($1)" + overMark + " AS " + engineType(c.result) + ")"
	return nil
}

// avgOfDecimals divides the exact sum: the engine's avg is a double.
func avgOfDecimals(c *checking) error {
	t := c.args[0].typ()
	if t.Precision > 15 {
		return c.fail("NOT_SUPPORTED", "avg of %s is not supported; cast it to double", t)
	}
	c.result = t
	c.tmpl = fmt.Sprintf("CAST(round(avg($1)%s, %d) AS %s)", overMark, t.Scale, engineType(t))
	return nil
}

// percentile wants a constant: the engine prepares it once.
func percentile(c *checking) error {
	l, ok := c.args[1].(*cast)
	p, isLit := c.args[1].(*literal)
	if ok {
		p, isLit = l.arg.(*literal)
	}
	if !isLit || p.null {
		return c.fail("NOT_SUPPORTED", "the percentage of approx_percentile must be a constant")
	}
	f, err := parseFloat(p.text)
	if err != nil || f < 0 || f > 1 {
		return c.fail("INVALID_FUNCTION_ARGUMENT", "Percentile must be between 0 and 1")
	}
	c.tmpl = "quantile_disc($1, " + p.sql + ")"
	return nil
}

// skewnessTemplate is that of a population, where the engine's is that of a sample.
const skewnessTemplate = "CASE WHEN count($1)" + overMark + " >= 3 THEN skewness($1)" + overMark + " * (count($1)" + overMark + " - 2) / sqrt(count($1)" + overMark + " * CAST(count($1)" + overMark + " - 1 AS DOUBLE)) END"

// mostFrequentTemplate takes those that come most often, a number that some row says.
const mostFrequentTemplate = "map_from_entries(list_transform(list_slice(list_sort(list_transform(map_entries(histogram(" + distinctMark + "CASE WHEN $1 IS NOT NULL AND $3 IS NOT NULL THEN $2 END)" + overMark +
	"), lambda $e: struct_pack(c := -CAST($e.value AS BIGINT), k := $e.key))), 1, CASE WHEN any_value($1)" + overMark + " < 2 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:approx_most_frequent bucket count must be greater than one') ELSE any_value($1)" + overMark +
	" END), lambda $e: struct_pack(k := $e.k, v := -$e.c)))"

// byTemplate sorts the rows and takes the first so many, a number that the first of them says.
func byTemplate(order string) string {
	rows := "list_filter(list(" + distinctMark + "struct_pack(y := $2, x := $1, n := $3)" + orderMark + ")" + overMark + ", lambda $f: $f.y IS NOT NULL AND $f.n IS NOT NULL)"
	sorted := "list_grade_up(list_transform($r, lambda $e: $e.y), '" + order + "')"
	few := "CASE WHEN ($r[1]).n > 0 THEN ($r[1]).n ELSE error('LARDER:INVALID_FUNCTION_ARGUMENT:third argument of max_by/min_by must be a positive integer') END"
	return "list_transform([" + rows + "], lambda $r: CASE WHEN len($r) > 0 THEN list_transform(list_slice(" + sorted + ", 1, " + few + "), lambda $i: ($r[$i]).x) END)[1]"
}

func distinctWithin(c *checking) error {
	c.tmpl = "approx_count_distinct($1)"
	l, ok := constantOf(c.args[1])
	if !ok {
		return c.fail("NOT_SUPPORTED", "the standard error of approx_distinct must be a constant")
	}
	if e, err := parseFloat(l.text); err != nil || e < 0.0040625 || e > 0.26 {
		return c.fail("INVALID_FUNCTION_ARGUMENT", "Standard error must be in [0.0040625, 0.26000]: %s", l.text)
	}
	c.args = c.args[:1]
	return nil
}

// constantOf is the literal that a node is, or that it casts.
func constantOf(n node) (*literal, bool) {
	if w, ok := n.(*cast); ok {
		n = w.arg
	}
	l, ok := n.(*literal)
	return l, ok && !l.null
}

// percentiles wants constants: the engine prepares them once.
func percentiles(c *checking) error {
	list := c.args[1]
	if w, ok := list.(*cast); ok {
		list = w.arg
	}
	array, ok := list.(*call)
	if !ok || array.fn != operator("array") {
		return c.fail("NOT_SUPPORTED", "the percentages of approx_percentile must be constants")
	}
	var all []string
	for _, n := range array.args {
		p, ok := constantOf(n)
		if !ok {
			return c.fail("NOT_SUPPORTED", "the percentages of approx_percentile must be constants")
		}
		if f, err := parseFloat(p.text); err != nil || f < 0 || f > 1 {
			return c.fail("INVALID_FUNCTION_ARGUMENT", "Percentile must be between 0 and 1")
		}
		all = append(all, "CAST("+p.sql+" AS DOUBLE)")
	}
	c.result = Type{Kind: Array, Elements: []Type{c.args[0].typ()}}
	c.tmpl = "quantile_disc($1, [" + strings.Join(all, ", ") + "])"
	c.args = c.args[:1]
	return nil
}

func counting(c *checking) error {
	value := keyAlike("$1", c.args[0].typ())
	c.tmpl = "CAST(" + plainKeys("histogram("+distinctMark+value+")"+overMark, c.args[0].typ()) + " AS " + engineType(c.result) + ")"
	return nil
}

// keyAlike is a value, which may be NULL, as one of those among which the engine finds equal ones: it finds no NaN
// equal to another, but a row with one.
func keyAlike(value string, t Type) string {
	if t.Kind != Double && t.Kind != Real {
		return value
	}
	return "CASE WHEN " + value + " IS NOT NULL THEN struct_pack(k := " + value + ") END"
}

// plainKeys takes what keyAlike did off the keys of a map.
func plainKeys(counted string, t Type) string {
	if t.Kind != Double && t.Kind != Real {
		return counted
	}
	return "map_from_entries(list_transform(map_entries(" + counted + "), lambda $z: struct_pack(k := ($z.key).k, v := $z.value)))"
}

// mapOfRows makes a map of a list of entries; NULL if there are none.
func mapOfRows(entries string) func(c *checking) error {
	return func(c *checking) error {
		firsts := "list_filter($m, lambda $x, $i: list_position(list_transform($m, lambda $y: $y.k), $x.k) = $i)"
		different := "len(list_distinct(list_transform($m, lambda $x: " + keyAlike("$x.k", c.result.Elements[0]) + "))) = len($m)"
		c.tmpl = "CAST(list_transform([list_filter(" + entries + ", lambda $f: $f.k IS NOT NULL)], lambda $m: CASE WHEN len($m) > 0 THEN map_from_entries(CASE WHEN " + different + " THEN $m ELSE " + firsts + " END) END)[1] AS " + engineType(c.result) + ")"
		return nil
	}
}

// checksumming adds the hashes of the values, a NULL having one too.
func checksumming(c *checking) error {
	value := ""
	switch t := c.args[0].typ(); {
	case t.isInteger() || t.Kind == Boolean:
		value = "larder_checksum_bigint(CAST($1 AS BIGINT))"
	case t.Kind == Date:
		value = "larder_checksum_bigint(" + epochDay("$1") + ")"
	case t.Kind == Timestamp && t.Precision <= 6:
		value = "larder_checksum_bigint(epoch_us($1))"
	case t.Kind == Decimal && t.Precision <= 18:
		value = "larder_checksum_bigint(CAST(replace(CAST($1 AS VARCHAR), '.', '') AS BIGINT))"
	case t.Kind == Real:
		value = "larder_checksum_real(CAST($1 AS DOUBLE))"
	case t.Kind == Double:
		value = "larder_checksum_double($1)"
	case t.Kind == Varchar || t.Kind == Char:
		value = "larder_checksum_blob(encode($1))"
	case t.Kind == Varbinary:
		value = "larder_checksum_blob($1)"
	default:
		return c.fail("NOT_SUPPORTED", "checksum of %s is not supported", t)
	}
	// A NULL counts 0x9E3779B185EBCA87.
	c.tmpl = "larder_checksum(CAST(sum(" + distinctMark + "coalesce(" + value + ", CAST(-7046029288634856825 AS BIGINT)))" + overMark + " AS VARCHAR))"
	return nil
}

func multimapOfRows(c *checking) error {
	rows := "list_filter(list(" + distinctMark + "struct_pack(k := $1, v := $2)" + orderMark + ")" + overMark + ", lambda $f: $f.k IS NOT NULL)"
	c.tmpl = "CAST(list_transform([" + rows + "], lambda $m: CASE WHEN len($m) > 0 THEN map_from_entries(" + multimapEntries("$m", "k", "v") + ") END)[1] AS " + engineType(c.result) + ")"
	return nil
}

// reducingRows folds over the values in any order; the states of parts, which the last argument
// joins, do not arise.
func reducingRows(c *checking) error {
	if _, ok := constantOf(c.args[1]); !ok {
		return c.fail("NOT_SUPPORTED", "the first state of reduce_agg must be a constant")
	}
	rows := "list_filter(list(" + distinctMark + "$1" + orderMark + ")" + overMark + ", lambda $f: $f IS NOT NULL)"
	c.tmpl = "list_transform([struct_pack(l := " + rows + ", s := any_value($2)" + overMark + ")], lambda $l: CASE WHEN len($l.l) > 0 THEN (" + folded(c, "$l.l", "$l.s", "$3") + ").s END)[1]"
	return nil
}

// rowOffset is the offset of lag and lead, which the engine would take the other way if it is negative.
const rowOffset = "CASE WHEN $2 IS NULL THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:Offset must not be null') WHEN $2 < 0 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:Offset must be at least 0') ELSE $2 END"

// surely leaves the test of argument i out where it is a constant that passes: the engine is quicker then.
func surely(i int, least int64) func(c *checking) error {
	return func(c *checking) error {
		l, ok := constantOf(c.args[i])
		if !ok {
			return nil
		}
		if n, err := strconv.ParseInt(l.text, 10, 64); err == nil && n >= least {
			c.tmpl = c.name + "($*)"
		}
		return nil
	}
}

func atLeast(arg string, least int, message string) string {
	return fmt.Sprintf("CASE WHEN %s < %d THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:%s') ELSE %s END", arg, least, message, arg)
}

var windowFunctions = []function{
	{name: "row_number", result: "bigint", kind: windowFunction, tmpl: "row_number()"},
	{name: "rank", result: "bigint", kind: windowFunction, tmpl: "rank()"},
	{name: "dense_rank", result: "bigint", kind: windowFunction, tmpl: "dense_rank()"},
	{name: "percent_rank", result: "double", kind: windowFunction, tmpl: "percent_rank()"},
	{name: "cume_dist", result: "double", kind: windowFunction, tmpl: "cume_dist()"},
	{name: "ntile", params: "bigint", result: "bigint", kind: windowFunction, tmpl: "ntile(" + atLeast("$1", 1, "Buckets must be greater than 0") + ")", check: surely(0, 1)},
	{name: "lag", params: "T", result: "T", kind: windowFunction, tmpl: "lag($*)"},
	{name: "lag", params: "T,bigint", result: "T", kind: windowFunction, tmpl: "lag($1, " + rowOffset + ")", check: surely(1, 0), doc: "an offset of at least 0"},
	{name: "lag", params: "T,bigint,T", result: "T", kind: windowFunction, tmpl: "lag($1, " + rowOffset + ", $3)", check: surely(1, 0)},
	{name: "lead", params: "T", result: "T", kind: windowFunction, tmpl: "lead($*)"},
	{name: "lead", params: "T,bigint", result: "T", kind: windowFunction, tmpl: "lead($1, " + rowOffset + ")", check: surely(1, 0)},
	{name: "lead", params: "T,bigint,T", result: "T", kind: windowFunction, tmpl: "lead($1, " + rowOffset + ", $3)", check: surely(1, 0)},
	{name: "first_value", params: "T", result: "T", kind: windowFunction, tmpl: "first_value($*)"},
	{name: "last_value", params: "T", result: "T", kind: windowFunction, tmpl: "last_value($*)"},
	{name: "nth_value", params: "T,bigint", result: "T", kind: windowFunction, tmpl: "nth_value($1, " + atLeast("$2", 1, "Offset must be at least 1") + ")", check: surely(1, 1), doc: "an offset of at least 1"},
}
