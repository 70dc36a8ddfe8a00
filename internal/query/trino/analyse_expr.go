package trino

import "strings"

// An env is what surrounds an expression: what names mean and what may stand there.
type env struct {
	scope      *scope
	with       *withScope
	clause     string // for messages: "WHERE clause"
	aggregates bool
	windows    bool
	inside     string // the aggregate whose arguments these are
	lambdas    int    // how many lambdas are around
	constant   bool   // no subqueries
	named      map[string]*xWindow
}

func (a *analyser) exprs(xs []xExpr, e *env) ([]node, error) {
	var out []node
	for _, x := range xs {
		n, err := a.expr(x, e)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func (a *analyser) expr(x xExpr, e *env) (node, error) {
	if a.depth++; a.depth > 16*maxDepth {
		return nil, tooDeep(x.at())
	}
	defer func() { a.depth-- }()
	switch x := x.(type) {
	case *xLiteral:
		return literalOf(x)
	case *xTyped:
		return typedLiteral(x)
	case *xInterval:
		return intervalLiteral(x)
	case *xColumn:
		return a.column(x, e)
	case *xUnary:
		return a.unary(x, e)
	case *xBinary:
		return a.binary(x, e)
	case *xLogical:
		return a.logical(x, e)
	case *xNot:
		n, err := a.predicate(x.arg, "Value of logical NOT expression", e)
		return &not{n}, err
	case *xCompare:
		return a.compare(x, e)
	case *xBetween:
		return a.between(x, e)
	case *xIn:
		if x.query != nil {
			return a.inQuery(x, e)
		}
		return a.inList(x, e)
	case *xLike:
		return a.like(x, e)
	case *xIsNull:
		n, err := a.expr(x.arg, e)
		return &isNull{n, x.not}, err
	case *xDistinctFrom:
		return a.distinctFrom(x, e)
	case *xQuantified:
		return a.quantified(x, e)
	case *xExists:
		q, err := a.subquery(x.query, e)
		return &subquery{t: Type{Kind: Boolean}, kind: existsSubquery, query: q}, err
	case *xSubquery:
		return a.scalar(x, e)
	case *xCase:
		return a.caseOf(x, e)
	case *xCast:
		return a.cast(x, e)
	case *xCall:
		return a.call(x, e)
	case *xArray:
		return a.array(x, e)
	case *xSubscript:
		return a.subscript(x, e)
	case *xRow:
		return a.row(x, e)
	case *xField:
		n, err := a.expr(x.base, e)
		if err != nil {
			return nil, err
		}
		return fieldOf(n, x.name, x.pos)
	case *xParam:
		return a.parameter(x)
	case *xSession:
		return a.sessionWord(x), nil
	case *xTimeZone:
		return a.atTimeZone(x, e)
	case *xGrouping:
		return a.grouping(x, e)
	case *xJSON:
		return a.json(x, e)
	case *xJSONMake:
		return a.jsonMake(x, e)
	case *xLambda:
		return nil, fail(x.pos, "TYPE_MISMATCH", "Lambda expression should always be used inside a function")
	}
	return nil, fail(x.at(), "NOT_SUPPORTED", "this expression is not supported")
}

// sessionWord is what a word of the session stands for.
func (a *analyser) sessionWord(x *xSession) node {
	text := ""
	switch x.name {
	case "current_catalog":
		text = catalogName
	case "current_schema":
		text = lower(a.session.Database)
	}
	l := varcharLiteral(text)
	l.t.Precision = 0
	return l
}

func (a *analyser) column(x *xColumn, e *env) (node, error) {
	n, err := e.scope.resolve(x)
	if err != nil {
		return nil, err
	}
	return n, supportedColumn(n, x.parts[len(x.parts)-1].lower(), x.pos)
}

// predicate analyses what must be a boolean; role names it in the message.
func (a *analyser) predicate(x xExpr, role string, e *env) (node, error) {
	n, err := a.expr(x, e)
	if err != nil {
		return nil, err
	}
	if k := n.typ().Kind; k != Boolean && k != Unknown {
		return nil, fail(x.at(), "TYPE_MISMATCH", "%s must evaluate to a boolean (actual: %s)", role, n.typ())
	}
	return coerce(n, Type{Kind: Boolean}), nil
}

func (a *analyser) logical(x *xLogical, e *env) (node, error) {
	out := &logical{op: x.op}
	for _, t := range x.terms {
		n, err := a.predicate(t, "Logical expression term", e)
		if err != nil {
			return nil, err
		}
		out.terms = append(out.terms, n)
	}
	return out, nil
}

func (a *analyser) caseOf(x *xCase, e *env) (node, error) {
	out := &caseOf{}
	var results []xExpr
	for _, w := range x.whens {
		var cond node
		var err error
		if x.operand == nil {
			cond, err = a.predicate(w.cond, "CASE WHEN clause", e)
		} else {
			cond, err = a.compare(&xCompare{w.cond.at(), "=", x.operand, w.cond}, e)
		}
		if err != nil {
			return nil, err
		}
		out.whens = append(out.whens, [2]node{cond})
		results = append(results, w.result)
	}
	if x.other != nil {
		results = append(results, x.other)
	}
	nodes, t, err := a.unified(results, x.pos, "All CASE results", e)
	if err != nil {
		return nil, err
	}
	out.t = t
	for i := range out.whens {
		out.whens[i][1] = nodes[i]
	}
	if x.other != nil {
		out.other = nodes[len(nodes)-1]
	}
	return out, nil
}

// unified analyses expressions that must come to one type.
func (a *analyser) unified(xs []xExpr, p pos, what string, e *env) ([]node, Type, error) {
	nodes, err := a.exprs(xs, e)
	if err != nil {
		return nil, Type{}, err
	}
	var t Type
	for _, n := range nodes {
		c, ok := commonType(t, n.typ())
		if !ok {
			return nil, t, fail(p, "TYPE_MISMATCH", "%s must be the same type or coercible to a common type. Cannot find common type between %s and %s, all types (without duplicates): [%s]",
				what, t, n.typ(), typeNames(nodes))
		}
		t = c
	}
	for i := range nodes {
		nodes[i] = coerce(nodes[i], t)
	}
	return nodes, t, nil
}

func typeNames(nodes []node) string {
	var names []string
	seen := map[string]bool{}
	for _, n := range nodes {
		if s := n.typ().String(); !seen[s] {
			seen[s] = true
			names = append(names, s)
		}
	}
	return strings.Join(names, ", ")
}

func (a *analyser) cast(x *xCast, e *env) (node, error) {
	n, err := a.expr(x.arg, e)
	if err != nil {
		return nil, err
	}
	if !canCast(n.typ(), x.typ) {
		return nil, fail(x.pos, "TYPE_MISMATCH", "Cannot cast %s to %s", n.typ(), x.typ)
	}
	if l, ok := n.(*literal); ok && l.null {
		return nullOf(x.typ), nil
	}
	to := x.typ
	if to.Kind == TimestampTZ {
		to.Zone = n.typ().Zone // of another timestamp with time zone it stays
	}
	switch {
	case !n.typ().Equal(to):
		return &cast{t: to, arg: n, try: x.try}, nil
	case to.contains(Row):
		return &call{t: to, fn: operator("row"), args: []node{n}, tmpl: "$1"}, nil // other names of fields
	}
	return n, nil
}
