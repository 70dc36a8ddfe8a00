package trino

import (
	"slices"
	"strings"
)

// call analyses a function: the special forms, then what the tables know.
func (a *analyser) call(x *xCall, e *env) (node, error) {
	name := x.name.lower()
	if special := specialForm(name); special != nil {
		if x.over != nil || x.star || x.distinct || x.filter != nil || len(x.order) > 0 {
			return nil, fail(x.pos, "SYNTAX_ERROR", "'%s' takes only arguments", name)
		}
		return special(a, x, e)
	}
	inner := *e
	a.unrepeatable = a.unrepeatable || unrepeatable(name)
	kind, known := kindOf(name)
	if !known && isUnsupported(name) {
		return nil, fail(x.pos, "NOT_SUPPORTED", "Function '%s' is not supported", name)
	}
	if !known {
		return nil, fail(x.pos, "FUNCTION_NOT_FOUND", "Function '%s' not registered", name)
	}
	switch {
	case x.over != nil && kind == scalarFunction:
		return nil, fail(x.pos, "FUNCTION_NOT_WINDOW", "Not a window function: %s", name)
	case x.over == nil && kind == windowFunction:
		return nil, fail(x.pos, "MISSING_OVER", "Window function %s requires an OVER clause", name)
	case kind == scalarFunction && (x.star || x.distinct || x.filter != nil || len(x.order) > 0 || x.ignoreNulls):
		return nil, fail(x.pos, "FUNCTION_NOT_AGGREGATE", "%s is not an aggregate function", name)
	case x.over != nil && !e.windows, x.over == nil && kind == aggregateFunction && !e.aggregates:
		return nil, a.misplaced(x, name, e)
	case x.over != nil:
		inner.windows, inner.clause = false, "window function"
	case kind == aggregateFunction:
		inner.aggregates, inner.windows, inner.inside = false, false, name
	}
	args, err := a.arguments(x.args, &inner)
	if err != nil {
		return nil, err
	}
	fn, args, c, err := a.bind(x, name, args)
	if err != nil {
		return nil, err
	}
	switch {
	case x.over != nil:
		return a.window(x, fn, args, c, e)
	case kind == aggregateFunction:
		return a.aggregate(x, fn, args, c, &inner)
	}
	return zonedCall(fn, args, c), nil
}

// unrepeatable tells whether a function gives another value at each run.
func unrepeatable(name string) bool {
	switch name {
	case "rand", "random", "shuffle", "uuid", "now", "current_timestamp", "current_date", "current_time", "localtimestamp", "localtime":
		return true
	}
	return false
}

// zonedCall makes a call of a function that knows nothing of zones.
func zonedCall(fn *function, args []node, c *checking) node {
	out := &call{t: c.result, fn: fn, args: args, tmpl: c.tmpl}
	if fn.instants {
		return out
	}
	params, _ := fn.paramList()
	zone := ""
	for i, n := range args {
		if t := n.typ(); t.Zone != "" && i < len(params) && params[i] == "timestamptz" {
			zone = t.Zone
			args[i] = &call{t: Type{Kind: Timestamp, Precision: t.Precision}, fn: fn, args: []node{n}, tmpl: local("$1", zone)}
		}
	}
	if zone == "" || out.t.Kind != TimestampTZ {
		return out
	}
	return &call{t: out.t, fn: fn, args: []node{out}, tmpl: instantOf("$1", zone)}
}

func (a *analyser) misplaced(x *xCall, name string, e *env) error {
	if e.inside != "" {
		return fail(x.pos, "NESTED_AGGREGATION", "Cannot nest aggregations inside aggregation '%s': [%s]", e.inside, a.source(x.pos))
	}
	if e.clause == "window function" {
		return fail(x.pos, "NESTED_WINDOW", "Cannot nest window functions or row pattern measures inside window function arguments")
	}
	return fail(x.pos, "EXPRESSION_NOT_SCALAR", "%s cannot contain aggregations, window functions or grouping operations: [%s]", e.clause, a.source(x.pos))
}

// kindOf is the kind of the functions of a name.
func kindOf(name string) (functionKind, bool) {
	fs := overloads(name)
	if len(fs) == 0 {
		return 0, false
	}
	return fs[0].kind, true
}

// bind chooses the overload, coerces the arguments and lets the function check them.
func (a *analyser) bind(x *xCall, name string, args []node) (*function, []node, *checking, error) {
	if x.star {
		if name != "count" {
			return nil, nil, nil, fail(x.pos, "FUNCTION_NOT_FOUND", "Function '%s' does not take *", name)
		}
		return &countRows, nil, &checking{result: Type{Kind: Bigint}, tmpl: countRows.tmpl}, nil
	}
	b, err := choose(x.pos, name, args)
	if err != nil {
		return nil, nil, nil, err
	}
	if args, err = a.bindLambdas(x.pos, b, args); err != nil {
		return nil, nil, nil, err
	}
	fn, types := b.fn, b.coerce(args)
	c := &checking{name: name, at: x.pos, args: args, result: b.resultType(types), tmpl: fn.tmpl}
	if fn.check != nil {
		if err := fn.check(c); err != nil {
			return nil, nil, nil, err
		}
	}
	return fn, c.args, c, nil
}

func (a *analyser) aggregate(x *xCall, fn *function, args []node, c *checking, e *env) (node, error) {
	out := &aggregate{t: c.result, fn: fn, args: args, star: x.star, distinct: x.distinct, tmpl: c.tmpl, at: x.pos, text: a.source(x.pos)}
	if x.ignoreNulls {
		return nil, fail(x.pos, "NOT_SUPPORTED", "IGNORE NULLS of an aggregate is not supported")
	}
	keys, err := a.sortKeys(x.order, e)
	if err != nil {
		return nil, err
	}
	if x.distinct {
		if err := distinctOrder(x, keys, args); err != nil {
			return nil, err
		}
	}
	for _, k := range keys {
		if !constant(k.expr) { // a constant orders nothing, and the engine refuses it
			out.order = append(out.order, k)
		}
	}
	if x.distinct && len(out.order) > 0 && gathersRows(out.tmpl) {
		return nil, fail(x.pos, "NOT_SUPPORTED", "DISTINCT and ORDER BY at once are not supported in %s; order the rows of a subquery with DISTINCT", fn.name)
	}
	if x.filter != nil {
		out.filter, err = a.predicate(x.filter, "FILTER clause", e)
	}
	if out.filter != nil {
		refuses := strings.Contains(out.tmpl, "error(")
		for i, arg := range out.args {
			out.args[i] = onlyWhere(out.filter, arg, refuses)
		}
		for i := range out.order {
			if x.distinct { // these are arguments, and the engine wants to see it
				out.order[i].expr = onlyWhere(out.filter, out.order[i].expr, refuses)
			}
		}
	}
	return out, err
}

// gathersRows tells whether a template has the engine gather rows made of the arguments, in order: the engine wants
// to see what it sorts different values by among the arguments themselves.
func gathersRows(tmpl string) bool {
	_, gathered, ok := strings.Cut(tmpl, distinctMark)
	return ok && strings.Contains(gathered, orderMark) && !strings.HasPrefix(gathered, "$1")
}

// onlyWhere keeps an argument from being evaluated, and perhaps from failing, for rows that FILTER leaves out: the
// engine evaluates arguments first. A column cannot fail, unless the template refuses values.
func onlyWhere(filter, arg node, refuses bool) node {
	switch arg.(type) {
	case *column:
		if !refuses {
			return arg
		}
	case *literal, *lambda:
		return arg
	}
	if constant(arg) {
		return arg
	}
	return &caseOf{t: arg.typ(), whens: [][2]node{{clone(filter), arg}}}
}

// distinctOrder holds ORDER BY to what DISTINCT keeps: the arguments.
func distinctOrder(x *xCall, keys []sortKey, args []node) error {
	e := &emitter{}
	var texts []string
	for _, a := range args {
		if c, ok := a.(*cast); ok && c.implicit {
			a = c.arg
		}
		texts = append(texts, e.node(a))
	}
	for i, k := range keys {
		if !slices.Contains(texts, e.node(k.expr)) {
			return fail(x.order[i].expr.at(), "EXPRESSION_NOT_IN_DISTINCT", "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments")
		}
	}
	return nil
}

// sortKeys analyses the ORDER BY of a window or an aggregate, where a number is no position.
func (a *analyser) sortKeys(xs []xSort, e *env) ([]sortKey, error) {
	var keys []sortKey
	for _, x := range xs {
		n, err := a.expr(x.expr, e)
		if err != nil {
			return nil, err
		}
		if !orderable(n.typ()) {
			return nil, fail(x.expr.at(), "TYPE_MISMATCH", "%s is not orderable, and therefore cannot be used in window function ORDER BY", n.typ())
		}
		keys = append(keys, sortKey{expr: n, descending: x.descending, nullsFirst: x.nullsFirst, text: a.source(x.expr.at())})
	}
	return keys, nil
}

func (a *analyser) window(x *xCall, fn *function, args []node, c *checking, outer *env) (node, error) {
	if x.distinct {
		return nil, fail(x.pos, "NOT_SUPPORTED", "DISTINCT in window function parameters is not yet supported: %s", a.source(x.pos))
	}
	if x.filter != nil {
		return nil, fail(x.pos, "NOT_SUPPORTED", "FILTER is not yet supported for window functions")
	}
	e := *outer
	e.windows = false
	e.clause = "window function"
	w, err := resolveWindow(x.over, e.named, 0)
	if err != nil {
		return nil, err
	}
	out := &window{t: c.result, fn: fn, args: args, star: x.star, ignoreNulls: x.ignoreNulls, tmpl: c.tmpl, text: a.source(x.pos)}
	if x.ignoreNulls && !strings.Contains(" lag lead first_value last_value nth_value ", " "+fn.name+" ") {
		return nil, fail(x.pos, "NOT_SUPPORTED", "IGNORE NULLS of %s is not supported", fn.name)
	}
	if out.partition, err = a.exprs(w.partition, &e); err != nil {
		return nil, err
	}
	if out.order, err = a.sortKeys(w.order, &e); err != nil {
		return nil, err
	}
	out.frame, err = a.frame(w, out.order, &e)
	return out, err
}

// resolveWindow puts a named window in place of its name.
func resolveWindow(w *xWindow, named map[string]*xWindow, depth int) (*xWindow, error) {
	if w.name == "" {
		return w, nil
	}
	base := named[w.name]
	if base == nil || depth > maxDepth {
		return nil, fail(w.pos, "INVALID_WINDOW_REFERENCE", "Cannot resolve WINDOW name %s", w.name)
	}
	base, err := resolveWindow(base, named, depth+1)
	if err != nil {
		return nil, err
	}
	out := *w
	out.name = ""
	if len(w.partition) > 0 {
		return nil, fail(w.pos, "INVALID_PARTITION_BY", "WINDOW specification with named WINDOW reference cannot specify PARTITION BY")
	}
	out.partition = base.partition
	if len(w.order) == 0 {
		out.order = base.order
	}
	if w.frame == nil {
		out.frame = base.frame
	}
	return &out, nil
}

// specialForm finds a function whose arguments are not all evaluated, or come to one type. They are
// in docs/sql.md among the operators.
func specialForm(name string) func(a *analyser, x *xCall, e *env) (node, error) {
	switch name {
	case "coalesce":
		return (*analyser).coalesce
	case "nullif":
		return (*analyser).nullif
	case "if":
		return (*analyser).ifCall
	case "typeof":
		return (*analyser).typeOf
	case "try":
		return (*analyser).try
	}
	return nil
}

func (a *analyser) coalesce(x *xCall, e *env) (node, error) {
	if len(x.args) < 2 {
		return nil, fail(x.pos, "SYNTAX_ERROR", "The 'coalesce' function must have at least two arguments")
	}
	nodes, t, err := a.unified(x.args, x.pos, "All COALESCE operands", e)
	if err != nil {
		return nil, err
	}
	return &call{t: t, fn: operatorCoalesce(), args: nodes}, nil
}

func (a *analyser) nullif(x *xCall, e *env) (node, error) {
	if len(x.args) != 2 {
		return nil, fail(x.pos, "INVALID_FUNCTION_ARGUMENT", "Invalid number of arguments for 'nullif' function")
	}
	l, r, err := a.pair(x.args[0], x.args[1], e)
	if err != nil {
		return nil, err
	}
	equal, ok := comparison("=", clone(l), r)
	if _, common := commonType(l.typ(), r.typ()); !ok || !common {
		return nil, fail(x.pos, "TYPE_MISMATCH", "Types are not comparable with NULLIF: %s vs %s", l.typ(), r.typ())
	}
	return &call{t: l.typ(), fn: operator("nullif"), args: []node{l, equal}}, nil
}

func (a *analyser) ifCall(x *xCall, e *env) (node, error) {
	if len(x.args) != 2 && len(x.args) != 3 {
		return nil, fail(x.pos, "INVALID_FUNCTION_ARGUMENT", "Invalid number of arguments for 'if' function")
	}
	cond, err := a.predicate(x.args[0], "IF condition", e)
	if err != nil {
		return nil, err
	}
	nodes, t, err := a.unified(x.args[1:], x.pos, "Result types for IF", e)
	if err != nil {
		return nil, err
	}
	out := &caseOf{t: t, whens: [][2]node{{cond, nodes[0]}}}
	if len(nodes) == 2 {
		out.other = nodes[1]
	}
	return out, nil
}

func (a *analyser) typeOf(x *xCall, e *env) (node, error) {
	if len(x.args) != 1 {
		return nil, fail(x.pos, "FUNCTION_NOT_FOUND", "Unexpected parameters for function typeof. Expected: typeof(T)")
	}
	n, err := a.expr(x.args[0], e)
	if err != nil {
		return nil, err
	}
	l := varcharLiteral(n.typ().String())
	l.t.Precision = 0
	return l, nil
}

// try is NULL where its argument fails while it runs.
func (a *analyser) try(x *xCall, e *env) (node, error) {
	if len(x.args) != 1 {
		return nil, fail(x.pos, "INVALID_FUNCTION_ARGUMENT", "The 'try' function must have exactly one argument")
	}
	n, err := a.expr(x.args[0], e)
	if err != nil {
		return nil, err
	}
	if runsQueries(n) {
		return nil, fail(x.pos, "NOT_SUPPORTED", "try of a subquery, an aggregate or a window function is not supported")
	}
	// The engine wants to see no error() under its own TRY; it does not look into lambdas.
	return &call{t: n.typ(), fn: operator("try"), args: []node{n}}, nil
}

// runsQueries tells whether a subquery, an aggregate or a window function is in an expression.
func runsQueries(n node) bool {
	found := false
	rewrite(n, func(n node) node {
		switch n.(type) {
		case *subquery, *aggregate, *window:
			found = true
		}
		return nil
	})
	return found
}
