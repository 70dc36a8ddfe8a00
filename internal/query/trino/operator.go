package trino

import (
	"fmt"
	"strings"
)

// operators are what the emitter writes for Trino's operators and special forms.
var operators = []function{
	{name: "and, or, not", doc: "three-valued logic"},
	{name: "= <> < <= > >=", doc: "on any two types with a common one; texts compare by their bytes"},
	{name: "is [not] distinct from, is [not] null", doc: "comparison that knows NULL"},
	{name: "in, = any, < all, …", doc: "with a list, or a subquery of one column"},
	{name: "between", tmpl: "($1 BETWEEN $2 AND $3)", doc: "both bounds belong to it"},
	{name: "like", tmpl: "($1 LIKE $2)", doc: "with ESCAPE and one character; without it, no character escapes"},
	{name: "+ - * / %", doc: "integers overflow with an error and divide towards zero; decimals follow Trino's precisions; dividing by zero is an error, except of real and double"},
	{name: "||", tmpl: "($1 || $2)", doc: "of texts; NULL if one is"},
	{name: "array", tmpl: "[$*]", doc: "ARRAY[a, b, …]"},
	{name: "subscript", tmpl: "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $2 BETWEEN 1 AND len($1) THEN $1[$2] ELSE error('LARDER:INVALID_FUNCTION_ARGUMENT:' || CASE WHEN $2 = 0 THEN 'SQL array indices start at 1' WHEN $2 < 0 THEN 'Array subscript is negative: ' || $2 ELSE 'Array subscript must be less than or equal to array length: ' || $2 || ' > ' || len($1) END) END", doc: "a[i] of an array, from 1; m[key] of a map, which must have it; r[1] of a row"},
	{name: "row", doc: "ROW(a, b) and (a, b); fields by r.name"},
	{name: "coalesce", tmpl: "coalesce($*)", doc: "the first that is not NULL"},
	{name: "nullif", tmpl: "CASE WHEN $2 THEN NULL ELSE $1 END", doc: "NULL if both are equal, else the first"},
	{name: "if", doc: "if(condition, value[, other])"},
	{name: "case", doc: "both forms"},
	{name: "cast, try_cast", doc: "between boolean, the numbers, varchar, char, date, time, timestamp and timestamp with time zone; of arrays, maps and rows by their elements; to and from JSON of booleans, numbers, varchar, arrays, maps and rows, to JSON of dates and timestamps too"},
	{name: "at time zone", doc: "a constant zone or offset; the instant stays"},
	{name: "grouping", doc: "grouping(a, b): which keys the grouping set of a row does not have"},
	{name: "try", tmpl: "TRY(list_transform([TRUE], lambda $t: $1))[1]", doc: "NULL where its argument fails; not of subqueries, aggregates and window functions"},
	{name: "json_exists", doc: "a path of SQL/JSON, lax or strict, with PASSING; TRUE, FALSE, UNKNOWN and ERROR ON ERROR; paths have neither like_regex nor datetime(), as Trino's"},
	{name: "json_value", doc: "RETURNING booleans, numbers, texts and times; NULL, ERROR and DEFAULT ON EMPTY and ON ERROR"},
	{name: "json_query", doc: "RETURNING texts and varbinary; WITH and WITHOUT ARRAY WRAPPER, KEEP and OMIT QUOTES; NULL, ERROR, EMPTY ARRAY and EMPTY OBJECT ON EMPTY and ON ERROR"},
	{name: "json_object", doc: "NULL and ABSENT ON NULL, WITH UNIQUE KEYS, FORMAT JSON, RETURNING; members in the order that Java gives them, as in Trino"},
	{name: "json_array", doc: "NULL and ABSENT ON NULL, FORMAT JSON, RETURNING"},
	{name: "typeof", doc: "the name of a type"},
}

// countRows is count(*).
var countRows = function{name: "count", params: "*", result: "bigint", kind: aggregateFunction, tmpl: "count(*)", doc: "the number of rows"}

// operator is a line of operators.
func operator(name string) *function {
	for i := range operators {
		if operators[i].name == name {
			return &operators[i]
		}
	}
	panic("no operator " + name)
}

func operatorCoalesce() *function { return operator("coalesce") }

func (a *analyser) unary(x *xUnary, e *env) (node, error) {
	n, err := a.expr(x.arg, e)
	if err != nil {
		return nil, err
	}
	t := n.typ()
	if !t.isNumber() && t.Kind != IntervalDay && t.Kind != IntervalMonth && t.Kind != Unknown {
		if x.op == "+" {
			return nil, fail(x.pos, "TYPE_MISMATCH", "Unary '+' operator cannot by applied to %s type", t)
		}
		return nil, fail(x.pos, "TYPE_MISMATCH", "Cannot negate %s", t)
	}
	if x.op == "+" {
		return n, nil
	}
	return &call{t: t, fn: operator("+ - * / %"), args: []node{n}, tmpl: "(-$1)"}, nil
}

func (a *analyser) binary(x *xBinary, e *env) (node, error) {
	l, r, err := a.pair(x.left, x.right, e)
	if err != nil {
		return nil, err
	}
	if x.op == "||" {
		return concatenation(x.pos, l, r)
	}
	if n, ok := temporal(x.op, l, r); ok {
		return n, nil
	}
	lt, rt := l.typ(), r.typ()
	if lt.Kind == Unknown {
		lt = rt
	}
	if rt.Kind == Unknown {
		rt = lt
	}
	if lt.Kind == Unknown {
		lt, rt = Type{Kind: Integer}, Type{Kind: Integer}
	}
	t, ok := commonType(lt, rt)
	if !ok || !t.isNumber() {
		return nil, fail(x.pos, "TYPE_MISMATCH", "Cannot apply operator: %s %s %s", l.typ(), x.op, r.typ())
	}
	if t.Kind == Decimal {
		n, ok := decimalArithmetic(x.op, coerce(l, lt.asDecimal()), coerce(r, rt.asDecimal()))
		if !ok {
			return nil, fail(x.pos, "NOT_SUPPORTED", "%s %s %s needs more than 38 digits, which is not supported", lt, x.op, rt)
		}
		return n, nil
	}
	l, r = coerce(l, t), coerce(r, t)
	tmpl := "($1 " + x.op + " $2)"
	if t.isInteger() && (x.op == "/" || x.op == "%") {
		op := x.op
		if op == "/" {
			op = "//"
		}
		tmpl = "($1 " + op + " " + nonZero("$2", r) + ")"
	}
	if t.Kind == Real {
		tmpl = "CAST(" + tmpl + " AS FLOAT)"
	}
	return &call{t: t, fn: operator("+ - * / %"), args: []node{l, r}, tmpl: tmpl}, nil
}

// nonZero writes a divisor that is an error if it is zero.
func nonZero(arg string, divisor node) string {
	if isNonZero(divisor) {
		return arg
	}
	return "CASE WHEN " + arg + " = 0 THEN error('LARDER:DIVISION_BY_ZERO:Division by zero') ELSE " + arg + " END"
}

// isNonZero tells whether a number is a constant other than zero.
func isNonZero(n node) bool {
	switch n := n.(type) {
	case *cast:
		return isNonZero(n.arg)
	case *literal:
		for _, c := range n.text {
			if c >= '1' && c <= '9' {
				return !n.null
			}
		}
	}
	return false
}

// concatenates tells whether || of the type is one of the functions concat.
func concatenates(t Type) bool { return t.Kind == Array || t.Kind == Varbinary || t.Kind == Char }

func concatenation(p pos, l, r node) (node, error) {
	if concatenates(l.typ()) || concatenates(r.typ()) || (l.typ().Kind == Unknown) != (r.typ().Kind == Unknown) {
		b, err := choose(p, "concat", []node{l, r})
		if err != nil {
			return nil, err
		}
		args := []node{l, r}
		types := b.coerce(args)
		c := &checking{name: "concat", at: p, args: args, result: b.resultType(types), tmpl: b.fn.tmpl}
		if b.fn.check != nil {
			if err := b.fn.check(c); err != nil {
				return nil, err
			}
		}
		return &call{t: c.result, fn: b.fn, args: c.args, tmpl: c.tmpl}, nil
	}
	lt, rt := l.typ(), r.typ()
	if lt.Kind != Varchar && lt.Kind != Unknown || rt.Kind != Varchar && rt.Kind != Unknown {
		return nil, fail(p, "FUNCTION_NOT_FOUND", "Unexpected parameters (%s, %s) for function concat. Expected: concat(varchar, varchar)", lt, rt)
	}
	v := Type{Kind: Varchar}
	return &call{t: v, fn: operator("||"), args: []node{coerce(l, v), coerce(r, v)}}, nil
}

// temporal is arithmetic with dates, timestamps and intervals; ok is false if it is not that.
func temporal(op string, l, r node) (node, bool) {
	lt, rt := l.typ(), r.typ()
	interval := func(t Type) bool { return t.Kind == IntervalDay || t.Kind == IntervalMonth }
	point := func(t Type) bool { return isInstant(t) || t.Kind == Time }
	make := func(t Type, tmpl string, args ...node) (node, bool) {
		return &call{t: t, fn: operator("+ - * / %"), args: args, tmpl: tmpl}, true
	}
	switch {
	case op == "+" && interval(lt) && point(rt):
		l, r, lt, rt = r, l, rt, lt
		fallthrough
	case (op == "+" || op == "-") && point(lt) && interval(rt) && (lt.Kind != Time || rt.Kind == IntervalDay):
		tmpl := "($1 " + op + " $2)"
		if lt.Kind == Date {
			// Trino refuses an interval of part of a day here.
			if rt.Kind == IntervalDay {
				tmpl = "($1 " + op + " CASE WHEN epoch_us($2) % 86400000000 = 0 THEN $2 ELSE error('LARDER:INVALID_FUNCTION_ARGUMENT:Cannot add hour, minutes or seconds to a date') END)"
			}
			tmpl = "CAST(" + tmpl + " AS DATE)"
		}
		return make(sumType(lt, rt), zonedSum(tmpl, lt, rt), l, r)
	case (op == "+" || op == "-") && interval(lt) && lt.Kind == rt.Kind:
		return make(lt, "($1 "+op+" $2)", l, r)
	case op == "-" && lt.Kind == Date && rt.Kind == Date:
		return make(Type{Kind: IntervalDay}, "to_microseconds(CAST(($1 - $2) AS BIGINT) * 86400000000)", l, r)
	case op == "-" && lt.Kind == Time && rt.Kind == Time:
		return make(Type{Kind: IntervalDay}, "to_microseconds(epoch_us($1) - epoch_us($2))", l, r)
	case op == "-" && isInstant(lt) && isInstant(rt):
		t, _ := commonType(lt, rt)
		return make(Type{Kind: IntervalDay}, "to_microseconds(epoch_us($1) - epoch_us($2))", coerce(l, t), coerce(r, t))
	case op == "*" && interval(lt) && rt.isInteger():
		return make(lt, scaledInterval(lt), l, coerce(r, Type{Kind: Bigint}))
	case op == "*" && lt.isInteger() && interval(rt):
		return make(rt, scaledInterval(rt), r, coerce(l, Type{Kind: Bigint}))
	}
	return nil, false
}

// sumType is the type of a point in time and an interval: one with milliseconds has them too.
func sumType(point, interval Type) Type {
	if point.Kind != Date && point.Kind != Time && interval.Kind == IntervalDay || point.Kind == Time {
		point.Precision = max(3, point.Precision)
	}
	return point
}

// zonedSum adds months to what the clocks of a zone show; seconds are the same everywhere.
func zonedSum(tmpl string, point, interval Type) string {
	if point.Kind != TimestampTZ || interval.Kind != IntervalMonth || point.Zone == "" {
		return tmpl
	}
	return instantOf(strings.ReplaceAll(tmpl, "$1", local("$1", point.Zone)), point.Zone)
}

func scaledInterval(t Type) string {
	if t.Kind == IntervalMonth {
		return "to_months(CAST((datepart('year', $1) * 12 + datepart('month', $1)) * $2 AS INTEGER))"
	}
	return "to_microseconds(epoch_us($1) * $2)"
}

// decimalArithmetic follows Trino's rules of precision and scale; ok is false where the engine
// cannot hold what lies between.
func decimalArithmetic(op string, l, r node) (node, bool) {
	a, b := l.typ(), r.typ()
	scale := max(a.Scale, b.Scale)
	t := Type{Kind: Decimal, Scale: scale}
	var tmpl string
	switch op {
	case "+", "-":
		t.Precision = min(38, max(a.Precision-a.Scale, b.Precision-b.Scale)+scale+1)
		common := engineType(t)
		tmpl = fmt.Sprintf("CAST((CAST($1 AS %s) %s CAST($2 AS %s)) AS %s)", common, op, common, common)
	case "*":
		t.Scale = a.Scale + b.Scale
		t.Precision = min(38, a.Precision+b.Precision)
		if t.Scale > 38 || a.Precision+b.Precision > 38 {
			return nil, false
		}
		tmpl = "CAST(($1 * $2) AS " + engineType(t) + ")"
	case "%":
		t.Precision = min(38, min(b.Precision-b.Scale, a.Precision-a.Scale)+scale)
		c, _ := commonType(a, b)
		tmpl = fmt.Sprintf("CAST((CAST($1 AS %s) %% %s) AS %s)", engineType(c), nonZero("CAST($2 AS "+engineType(c)+")", r), engineType(t))
	case "/":
		return decimalDivision(l, r)
	}
	return &call{t: t, fn: operator("+ - * / %"), args: []node{l, r}, tmpl: tmpl}, true
}

// decimalDivision divides the digits as whole numbers and rounds half away from zero.
func decimalDivision(l, r node) (node, bool) {
	a, b := l.typ(), r.typ()
	t := Type{Kind: Decimal, Scale: max(a.Scale, b.Scale)}
	t.Precision = min(38, a.Precision+b.Scale+max(b.Scale-a.Scale, 0))
	shift := t.Scale + b.Scale - a.Scale
	if a.Precision+shift+1 > 37 || b.Precision > 36 {
		return nil, false
	}
	unscaled := func(arg string) string { return "CAST(replace(CAST(" + arg + " AS VARCHAR), '.', '') AS HUGEINT)" }
	n := unscaled("$1") + " * CAST('1" + zeros(shift) + "' AS HUGEINT)"
	d := unscaled("$2")
	// (2n + sign·d) / 2d, cut, is n/d rounded half away from zero.
	tmpl := fmt.Sprintf("CASE WHEN $2 = 0 THEN error('LARDER:DIVISION_BY_ZERO:Division by zero') ELSE CAST((sign($1) * sign($2) * ((2 * abs(%s) + abs(%s)) // (2 * abs(%s)))) AS DECIMAL(38,0)) END", n, d, d)
	tmpl = fmt.Sprintf("CAST(CAST(%s AS DECIMAL(%d,0)) * CAST('%s' AS DECIMAL(%d,%d)) AS %s)", tmpl, 38-max(1, t.Scale), fraction(t.Scale), max(1, t.Scale), t.Scale, engineType(t))
	return &call{t: t, fn: operator("+ - * / %"), args: []node{l, r}, tmpl: tmpl}, true
}

func zeros(n int) string { return "00000000000000000000000000000000000000"[:n] }

// fraction is ten to the power of -scale.
func fraction(scale int) string {
	if scale == 0 {
		return "1"
	}
	return "0." + zeros(scale-1) + "1"
}
