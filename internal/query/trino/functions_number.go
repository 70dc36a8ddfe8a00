package trino

import "strconv"

func parseFloat(s string) (float64, error) { return strconv.ParseFloat(s, 64) }

// ofNumbers repeats a line for each of the number types that stay as they are.
func ofNumbers(f function) []function {
	var out []function
	for _, k := range []string{"tinyint", "smallint", "integer", "bigint", "decimal", "real", "double"} {
		g := f
		g.params, g.result = k, "$1"
		if k != "tinyint" {
			g.doc = ""
		}
		out = append(out, g)
	}
	return out
}

var numberFunctions = join(
	ofNumbers(function{name: "abs", tmpl: "abs($1)", doc: "of every type of numbers, which the result has too"}),
	ofNumbers(function{name: "ceil", check: wholeNumber("ceil"), doc: "of decimals, a decimal without scale"}),
	ofNumbers(function{name: "ceiling", check: wholeNumber("ceil")}),
	ofNumbers(function{name: "floor", check: wholeNumber("floor")}),
	ofNumbers(function{name: "round", check: wholeNumber("round"), doc: "half away from zero"}),
	[]function{
		{name: "round", params: "bigint,integer", result: "bigint", tmpl: "CAST(round($1, $2) AS BIGINT)"},
		{name: "round", params: "decimal,integer", result: "decimal", check: roundDecimal},
		{name: "round", params: "double,integer", result: "double", tmpl: "round($1, $2)", doc: "to so many digits"},
		{name: "truncate", params: "double", result: "double", tmpl: "trunc($1)", doc: "towards zero"},
		{name: "sign", params: "bigint", result: "bigint", tmpl: "CAST(sign($1) AS BIGINT)"},
		{name: "sign", params: "double", result: "double", tmpl: "CASE WHEN isnan($1) THEN $1 ELSE CAST(sign($1) AS DOUBLE) END"},
		{name: "sqrt", params: "double", result: "double", tmpl: "CASE WHEN $1 < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt($1) END"},
		{name: "cbrt", params: "double", result: "double", tmpl: "cbrt($1)"},
		{name: "power", params: "double,double", result: "double", tmpl: "pow($1, $2)"},
		{name: "pow", params: "double,double", result: "double", tmpl: "pow($1, $2)"},
		{name: "exp", params: "double", result: "double", tmpl: "exp($1)"},
		{name: "ln", params: "double", result: "double", tmpl: logarithm("ln($1)"), doc: "-Infinity of 0, NaN below"},
		{name: "log2", params: "double", result: "double", tmpl: logarithm("log2($1)")},
		{name: "log10", params: "double", result: "double", tmpl: logarithm("log10($1)")},
		{name: "mod", params: "bigint,bigint", result: "bigint", tmpl: "($1 % CASE WHEN $2 = 0 THEN error('LARDER:DIVISION_BY_ZERO:Division by zero') ELSE $2 END)"},
		{name: "mod", params: "double,double", result: "double", tmpl: "($1 % $2)"},
		{name: "pi", result: "double", tmpl: "pi()"},
		{name: "e", result: "double", tmpl: "exp(CAST(1 AS DOUBLE))"},
		{name: "nan", result: "double", tmpl: "CAST('NaN' AS DOUBLE)"},
		{name: "infinity", result: "double", tmpl: "CAST('Infinity' AS DOUBLE)"},
		{name: "is_nan", params: "double", result: "boolean", tmpl: "isnan($1)"},
		{name: "is_finite", params: "double", result: "boolean", tmpl: "isfinite($1)"},
		{name: "is_infinite", params: "double", result: "boolean", tmpl: "isinf($1)"},
		{name: "rand", result: "double", tmpl: "random()", doc: "from 0 up to, without, 1"},
		{name: "random", result: "double", tmpl: "random()"},
		{name: "rand", params: "bigint", result: "bigint", check: randomBelow, doc: "a constant bound"},
		{name: "random", params: "bigint", result: "bigint", check: randomBelow},
		{name: "greatest", params: "T…", result: "T", check: extremum("greatest"), doc: "NULL if one is"},
		{name: "least", params: "T…", result: "T", check: extremum("least"), doc: "NULL if one is"},
	},
)

func join(lists ...[]function) []function {
	var out []function
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// logarithm gives Trino's values where the engine has errors.
func logarithm(call string) string {
	return "CASE WHEN $1 > 0 THEN " + call + " WHEN $1 = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN $1 < 0 THEN CAST('NaN' AS DOUBLE) END"
}

// wholeNumber rounds in the ways that keep integers as they are.
func wholeNumber(engine string) func(c *checking) error {
	return func(c *checking) error {
		t := c.args[0].typ()
		switch {
		case t.isInteger():
			c.tmpl = "$1"
		case t.Kind == Decimal:
			c.result = Type{Kind: Decimal, Precision: min(38, t.Precision-t.Scale+min(1, t.Scale))}
			c.tmpl = "CAST(" + engine + "($1) AS " + engineType(c.result) + ")"
		default:
			c.tmpl = "CAST(" + engine + "($1) AS " + engineType(t) + ")"
		}
		return nil
	}
}

func roundDecimal(c *checking) error {
	t := c.args[0].typ()
	l, ok := c.args[1].(*literal)
	if !ok || l.null {
		return c.fail("NOT_SUPPORTED", "the digits of round of a decimal must be a constant")
	}
	c.result = Type{Kind: Decimal, Precision: min(38, t.Precision+1), Scale: t.Scale}
	c.tmpl = "CAST(round($1, " + l.text + ") AS " + engineType(c.result) + ")"
	return nil
}

func randomBelow(c *checking) error {
	n := c.args[0]
	if w, ok := n.(*cast); ok {
		n = w.arg
	}
	l, ok := n.(*literal)
	if !ok || l.null {
		return c.fail("NOT_SUPPORTED", "the bound of %s must be a constant", c.name)
	}
	if l.text[0] == '-' || l.text == "0" {
		return c.fail("INVALID_FUNCTION_ARGUMENT", "bound must be positive")
	}
	c.tmpl = "CAST(floor(random() * " + l.text + ") AS BIGINT)"
	return nil
}

// extremum is NULL if an argument is, where the engine's leaves NULLs out.
func extremum(engine string) func(c *checking) error {
	return func(c *checking) error {
		if len(c.args) > 9 {
			return c.fail("NOT_SUPPORTED", "%s of more than nine values is not supported", c.name)
		}
		if err := sortable(c); err != nil {
			return err
		}
		nulls := ""
		for i := range c.args {
			if i > 0 {
				nulls += " OR "
			}
			nulls += "$" + strconv.Itoa(i+1) + " IS NULL"
		}
		c.tmpl = "CASE WHEN " + nulls + " THEN NULL ELSE " + engine + "($*) END"
		return nil
	}
}
