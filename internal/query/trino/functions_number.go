package trino

import "strconv"

func parseFloat(s string) (float64, error) { return strconv.ParseFloat(s, 64) }

// ofNumbers repeats a line for each of the number types that stay as they are.
func ofNumbers(f function) []function {
	var out []function
	for _, k := range []string{"tinyint", "smallint", "integer", "bigint", "decimal", "real", "double"} {
		g := f
		g.params, g.result = k+f.params, "$1"
		if k != "tinyint" {
			g.doc = ""
		}
		out = append(out, g)
	}
	return out
}

// ofDoubles are functions of the engine's that take and give a double; outside is where Java gives
// NaN and the engine an error.
func ofDoubles(outside string, names ...string) []function {
	var out []function
	for _, n := range names {
		tmpl := n + "($1)"
		if outside != "" {
			tmpl = "CASE WHEN " + outside + " THEN " + nan + " ELSE " + tmpl + " END"
		}
		out = append(out, function{name: n, params: "double", result: "double", tmpl: tmpl})
	}
	return out
}

const nan = "CAST('NaN' AS DOUBLE)"

var numberFunctions = join(
	ofNumbers(function{name: "abs", tmpl: "abs($1)", doc: "of every type of numbers, which the result has too"}),
	ofNumbers(function{name: "ceil", check: wholeNumber("ceil"), doc: "of decimals, a decimal without scale"}),
	ofNumbers(function{name: "ceiling", check: wholeNumber("ceil")}),
	ofNumbers(function{name: "floor", check: wholeNumber("floor")}),
	ofNumbers(function{name: "round", check: wholeNumber("round"), doc: "half away from zero"}),
	ofNumbers(function{name: "round", params: ",integer", check: roundTo, doc: "to so many digits, also before the point"}),
	ofNumbers(function{name: "sign", check: signum}),
	modFunctions(),
	[]function{
		{name: "truncate", params: "decimal", result: "decimal", check: truncateDecimal, doc: "towards zero"},
		{name: "truncate", params: "real", result: "real", tmpl: "CAST(trunc($1) AS FLOAT)"},
		{name: "truncate", params: "double", result: "double", tmpl: "trunc($1)"},
		{name: "truncate", params: "decimal,integer", result: "$1", check: truncateDecimal, doc: "to so many digits"},
		{name: "power", params: "double,double", result: "double", tmpl: "larder_pow($1, $2)"},
		{name: "pow", params: "double,double", result: "double", tmpl: "larder_pow($1, $2)"},
		{name: "sqrt", params: "double", result: "double", tmpl: "CASE WHEN $1 < 0 THEN " + nan + " ELSE sqrt($1) END"},
		{name: "cbrt", params: "double", result: "double", tmpl: "larder_cbrt($1)"},
		{name: "ln", params: "double", result: "double", tmpl: logarithm("$1"), doc: "-Infinity of 0, NaN below"},
		{name: "log", params: "double,double", result: "double", tmpl: "(" + logarithm("$2") + " / " + logarithm("$1") + ")", doc: "of the second, to the base of the first"},
		{name: "log2", params: "double", result: "double", tmpl: "(" + logarithm("$1") + " / ln(CAST(2 AS DOUBLE)))"},
		{name: "log10", params: "double", result: "double", tmpl: "CASE WHEN $1 > 0 THEN log10($1) WHEN $1 = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN $1 < 0 THEN " + nan + " END"},
		{name: "degrees", params: "double", result: "double", tmpl: "($1 * CAST('57.29577951308232' AS DOUBLE))"},
		{name: "radians", params: "double", result: "double", tmpl: "($1 * CAST('0.017453292519943295' AS DOUBLE))"},
		{name: "atan2", params: "double,double", result: "double", tmpl: "atan2($1, $2)"},
	},
	ofDoubles("", "exp", "atan", "sinh", "cosh", "tanh"),
	ofDoubles("isinf($1)", "sin", "cos", "tan"),
	ofDoubles("abs($1) > 1", "asin", "acos"),
	[]function{
		{name: "pi", result: "double", tmpl: "pi()"},
		{name: "e", result: "double", tmpl: "CAST('2.718281828459045' AS DOUBLE)"},
		{name: "nan", result: "double", tmpl: nan},
		{name: "infinity", result: "double", tmpl: "CAST('Infinity' AS DOUBLE)"},
		{name: "is_nan", params: "real", result: "boolean", tmpl: "isnan($1)"},
		{name: "is_nan", params: "double", result: "boolean", tmpl: "isnan($1)"},
		{name: "is_finite", params: "double", result: "boolean", tmpl: "isfinite($1)"},
		{name: "is_infinite", params: "double", result: "boolean", tmpl: "isinf($1)"},
		{name: "width_bucket", params: "double,double,double,bigint", result: "bigint", tmpl: "larder_width_bucket($1, $2, $3, $4)"},
		{name: "to_base", params: "bigint,bigint", result: "varchar", tmpl: "larder_to_base($1, $2)", check: returning(Type{Kind: Varchar, Precision: 64})},
		{name: "from_base", params: "varchar,bigint", result: "bigint", tmpl: "larder_from_base($1, $2)"},
		{name: "normal_cdf", params: "double,double,double", result: "double", tmpl: "larder_normal_cdf($1, $2, $3)"},
		{name: "inverse_normal_cdf", params: "double,double,double", result: "double", tmpl: "larder_inverse_normal_cdf($1, $2, $3)"},
		{name: "beta_cdf", params: "double,double,double", result: "double", tmpl: "larder_beta_cdf($1, $2, $3)", doc: "the last digits may differ from Trino's"},
		{name: "inverse_beta_cdf", params: "double,double,double", result: "double", tmpl: "larder_inverse_beta_cdf($1, $2, $3)", doc: "closer than Trino's, which stops at nine digits"},
		{name: "wilson_interval_lower", params: "bigint,bigint,double", result: "double", tmpl: "larder_wilson_lower($1, $2, $3)"},
		{name: "wilson_interval_upper", params: "bigint,bigint,double", result: "double", tmpl: "larder_wilson_upper($1, $2, $3)"},
		{name: "parse_data_size", params: "varchar", result: "decimal", tmpl: "CAST(larder_parse_data_size($1) AS DECIMAL(38,0))", check: returning(Type{Kind: Decimal, Precision: 38}), doc: "2.3MB in bytes, by 1,024"},
		{name: "parse_presto_data_size", params: "varchar", result: "decimal", tmpl: "CAST(larder_parse_data_size($1) AS DECIMAL(38,0))", check: returning(Type{Kind: Decimal, Precision: 38})},
		{name: "rand", result: "double", tmpl: "random()", doc: "from 0 up to, without, 1"},
		{name: "random", result: "double", tmpl: "random()"},
	},
	randomFunctions("rand"),
	randomFunctions("random"),
	[]function{
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
func logarithm(arg string) string {
	return "CASE WHEN " + arg + " > 0 THEN ln(" + arg + ") WHEN " + arg + " = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN " + arg + " < 0 THEN " + nan + " END"
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
		case engine == "round":
			c.tmpl = "CAST(larder_round(CAST($1 AS DOUBLE), CAST(0 AS BIGINT)) AS " + engineType(t) + ")"
		default:
			c.tmpl = "CAST(" + engine + "($1) AS " + engineType(t) + ")"
		}
		return nil
	}
}

func roundTo(c *checking) error {
	switch t := c.args[0].typ(); {
	case t.Kind == Decimal:
		c.result = Type{Kind: Decimal, Precision: min(38, t.Precision+1), Scale: t.Scale}
		c.tmpl = "CAST(larder_round_decimal(CAST($1 AS VARCHAR), $2) AS " + engineType(c.result) + ")"
	case t.isInteger():
		c.tmpl = "CAST(larder_round_bigint($1, $2) AS " + engineType(t) + ")"
	default:
		c.tmpl = "CAST(larder_round(CAST($1 AS DOUBLE), $2) AS " + engineType(t) + ")"
	}
	return nil
}

func truncateDecimal(c *checking) error {
	t := c.args[0].typ()
	if len(c.args) == 1 {
		c.result = Type{Kind: Decimal, Precision: max(1, t.Precision-t.Scale)}
		c.tmpl = "CAST(trunc($1) AS " + engineType(c.result) + ")"
		return nil
	}
	c.tmpl = "CAST(larder_truncate_decimal(CAST($1 AS VARCHAR), $2) AS " + engineType(t) + ")"
	return nil
}

func signum(c *checking) error {
	switch t := c.args[0].typ(); t.Kind {
	case Decimal:
		c.result = Type{Kind: Decimal, Precision: 1}
		c.tmpl = "CAST(sign($1) AS DECIMAL(1,0))"
	case Real, Double:
		c.tmpl = "CAST(CASE WHEN isnan($1) OR $1 = 0 THEN $1 ELSE sign($1) END AS " + engineType(t) + ")"
	default:
		c.tmpl = "CAST(sign($1) AS " + engineType(t) + ")"
	}
	return nil
}

func modFunctions() []function {
	var out []function
	for _, k := range []string{"tinyint", "smallint", "integer", "bigint", "decimal", "real", "double"} {
		f := function{name: "mod", params: k + "," + k, result: k, check: remainder}
		if k == "tinyint" {
			f.doc = "as %"
		}
		out = append(out, f)
	}
	return out
}

// remainder is the operator % of two numbers of one type.
func remainder(c *checking) error {
	t := c.args[0].typ()
	if t.Kind == Decimal {
		n, ok := decimalArithmetic("%", c.args[0], c.args[1])
		if !ok {
			return c.fail("NOT_SUPPORTED", "mod of %s and %s needs more than 38 digits, which is not supported", t, c.args[1].typ())
		}
		c.tmpl, c.result = n.(*call).tmpl, n.typ()
		return nil
	}
	c.tmpl = "($1 % $2)"
	if t.isInteger() {
		c.tmpl = "($1 % " + nonZero("$2", c.args[1]) + ")"
	}
	if t.Kind == Real {
		c.tmpl = "CAST(($1 % $2) AS FLOAT)"
	}
	return nil
}

// randomFunctions are for the integers, of which the result is one too.
func randomFunctions(name string) []function {
	const low = "error('LARDER:INVALID_FUNCTION_ARGUMENT:bound must be positive')"
	var out []function
	for _, t := range []string{"tinyint", "smallint", "integer", "bigint"} {
		engine := engineType(shapeTypes[t])
		below := "CAST(larder_random(CAST(0 AS BIGINT), CASE WHEN $1 <= 0 THEN " + low + " ELSE $1 END) AS " + engine + ")"
		between := "CAST(larder_random($1, $2) AS " + engine + ")"
		f := function{name: name, params: t, result: t, tmpl: below}
		g := function{name: name, params: t + "," + t, result: t, tmpl: between}
		if t == "tinyint" {
			f.doc, g.doc = "from 0 up to, without, the bound", "from the first up to, without, the second"
		}
		out = append(out, f, g)
	}
	return out
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
