package trino

import "strings"

// subquery analyses a query inside an expression, which may read the columns around it.
func (a *analyser) subquery(x *xQuery, e *env) (*query, error) {
	switch {
	case e.lambdas > 0:
		return nil, fail(x.pos, "NOT_SUPPORTED", "Lambda expression cannot contain subqueries")
	case e.constant:
		return nil, fail(x.pos, "EXPRESSION_NOT_CONSTANT", "Constant expression cannot contain a subquery")
	}
	return a.query(x, e.scope, e.with)
}

// scalar is the value of a subquery's only row; of several columns, a row of them.
func (a *analyser) scalar(x *xSubquery, e *env) (node, error) {
	q, err := a.subquery(x.query, e)
	if err != nil {
		return nil, err
	}
	q = a.oneColumn(q)
	return &subquery{t: q.columns[0].t, query: q}, nil
}

// oneColumn makes a row of the columns of q if there are several.
func (a *analyser) oneColumn(q *query) *query {
	if len(q.columns) == 1 {
		return q
	}
	rel := a.derived(q)
	var fields []node
	for i := range q.columns {
		fields = append(fields, &column{rel: rel, index: i})
	}
	row := rowOf(fields)
	named := row.typ()
	for i, c := range q.columns {
		named.Fields[i] = c.name
	}
	return &query{body: &selectBody{from: rel, items: []node{row}}, columns: []outColumn{{t: row.typ()}}}
}

func (a *analyser) inQuery(x *xIn, e *env) (node, error) {
	op := "IN"
	if x.not {
		op = "NOT IN"
	}
	return a.compareQuery(x.pos, x.arg, x.query, "=", op, e)
}

func (a *analyser) quantified(x *xQuantified, e *env) (node, error) {
	return a.compareQuery(x.pos, x.arg, x.query, x.op, x.op+" "+x.quantifier, e)
}

// compareQuery compares a value, or a row with as many columns, with the rows of a subquery.
func (a *analyser) compareQuery(p pos, arg xExpr, xq *xQuery, op, emitted string, e *env) (node, error) {
	n, err := a.expr(arg, e)
	if err != nil {
		return nil, err
	}
	q, err := a.subquery(xq, e)
	if err != nil {
		return nil, err
	}
	mismatch := func() error {
		t := q.columns[0].t
		if strings.HasSuffix(emitted, "IN") {
			return fail(p, "TYPE_MISMATCH", "Value expression and result of subquery must be of the same type: %s vs %s", n.typ(), t)
		}
		return fail(p, "TYPE_MISMATCH", "Cannot apply operator: %s %s %s", n.typ(), op, t)
	}
	if (n.typ().Kind == Row || len(q.columns) > 1) && !(n.typ().Kind == Row && len(n.typ().Elements) == len(q.columns)) {
		q = a.oneColumn(q)
		return nil, mismatch()
	}
	c := q.columns[0]
	if n.typ().Kind == Row && len(q.columns) == 1 {
		// A row of one field is compared with the one column.
		n = fieldAt(n, 0)
	}
	q = a.oneColumn(q)
	t, ok := commonType(n.typ(), q.columns[0].t)
	if !ok && (isInstant(n.typ()) && c.origin.eventTime() || isInstant(c.t) && originOf(n).eventTime()) {
		return nil, fail(p, "NOT_SUPPORTED", "an event time compared with the instants of a subquery is not supported")
	}
	if !ok || !comparableType(t) || op != "=" && op != "<>" && !orderable(t) {
		return nil, mismatch()
	}
	q = a.coerceQuery(q, []Type{t}, false)
	out := &subquery{t: Type{Kind: Boolean}, kind: compareSubquery, query: q, arg: coerce(n, t), op: emitted}
	if !t.isNested() {
		return out, nil
	}
	return a.compareEach(out, op), nil
}

// compareEach compares what holds other values with each row of a subquery: the engine's own
// comparison takes NULLs inside for equal. It counts the rows for which the comparison is true, false
// and unknown.
func (a *analyser) compareEach(s *subquery, op string) node {
	boolean := Type{Kind: Boolean}
	inner := a.derived(s.query)
	// The value becomes a column beside the others: the engine's lambdas do not see a column of the query
	// around and one of their own at once.
	pairs := &query{body: &selectBody{from: inner, items: []node{s.arg, &column{rel: inner, index: 0}}}, columns: []outColumn{{t: s.arg.typ()}, s.query.columns[0]}}
	rel := a.derived(pairs)
	compared, _ := comparison(op, &column{rel: rel, index: 0}, &column{rel: rel, index: 1}) // compareQuery has asked whether it is there
	each := &query{body: &selectBody{from: rel, items: []node{compared}}, columns: []outColumn{{t: boolean}}}
	results := a.derived(each)
	tmpl := "CASE WHEN count(*) FILTER (WHERE $1) > 0 THEN TRUE WHEN count(*) FILTER (WHERE $1 IS NULL) > 0 THEN NULL ELSE FALSE END"
	if strings.HasSuffix(s.op, "ALL") {
		tmpl = "CASE WHEN count(*) FILTER (WHERE NOT $1) > 0 THEN FALSE WHEN count(*) FILTER (WHERE $1 IS NULL) > 0 THEN NULL ELSE TRUE END"
	}
	// count() stands in the template: no aggregate of a user's is here, so no grouping is needed.
	value := &call{t: boolean, fn: operator("in, = any, < all, …"), args: []node{&column{rel: results, index: 0}}, tmpl: tmpl}
	q := &query{body: &selectBody{from: results, items: []node{value}}, columns: []outColumn{{t: boolean}}}
	var out node = &subquery{t: boolean, query: q}
	if s.op == "NOT IN" {
		out = &not{out}
	}
	return out
}
