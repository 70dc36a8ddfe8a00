package trino

import "fmt"

var aggregateFunctions = []function{
	{name: "count", params: "T", result: "bigint", kind: aggregateFunction, tmpl: "count($1)", doc: "how many are not NULL; count(*) counts rows"},
	{name: "count", params: "", result: "bigint", kind: aggregateFunction, tmpl: "count(*)", doc: "the number of rows"},
	{name: "count_if", params: "boolean", result: "bigint", kind: aggregateFunction, tmpl: "CAST(count_if($1)" + overMark + " AS BIGINT)", doc: "how many are true"},
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
	{name: "array_agg", params: "T", result: "array", kind: aggregateFunction, tmpl: "list($1)", doc: "NULLs too; ORDER BY inside is known"},
}

func sortable(c *checking) error {
	if t := c.args[0].typ(); !orderable(t) || t.Kind == Unknown {
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

var windowFunctions = []function{
	{name: "row_number", result: "bigint", kind: windowFunction, tmpl: "row_number()"},
	{name: "rank", result: "bigint", kind: windowFunction, tmpl: "rank()"},
	{name: "dense_rank", result: "bigint", kind: windowFunction, tmpl: "dense_rank()"},
	{name: "percent_rank", result: "double", kind: windowFunction, tmpl: "percent_rank()"},
	{name: "cume_dist", result: "double", kind: windowFunction, tmpl: "cume_dist()"},
	{name: "ntile", params: "bigint", result: "bigint", kind: windowFunction, tmpl: "ntile($1)"},
	{name: "lag", params: "T", result: "T", kind: windowFunction, tmpl: "lag($*)"},
	{name: "lag", params: "T,bigint", result: "T", kind: windowFunction, tmpl: "lag($*)"},
	{name: "lag", params: "T,bigint,T", result: "T", kind: windowFunction, tmpl: "lag($*)"},
	{name: "lead", params: "T", result: "T", kind: windowFunction, tmpl: "lead($*)"},
	{name: "lead", params: "T,bigint", result: "T", kind: windowFunction, tmpl: "lead($*)"},
	{name: "lead", params: "T,bigint,T", result: "T", kind: windowFunction, tmpl: "lead($*)"},
	{name: "first_value", params: "T", result: "T", kind: windowFunction, tmpl: "first_value($*)"},
	{name: "last_value", params: "T", result: "T", kind: windowFunction, tmpl: "last_value($*)"},
	{name: "nth_value", params: "T,bigint", result: "T", kind: windowFunction, tmpl: "nth_value($*)"},
}
