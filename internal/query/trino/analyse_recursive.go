package trino

import "strconv"

// recursive analyses a named query that is a UNION whose second part reads the query itself. ok is
// false if it is not that; it is a named query like others then.
func (a *analyser) recursive(n xNamed, outer *scope, with *withScope) (ctes []*cte, columns []outColumn, ok bool, err error) {
	set, isSet := n.query.body.(*xSet)
	if !isSet || set.op != "UNION" || len(n.query.with) > 0 || n.query.order != nil || n.query.limit != nil || n.query.offset != nil {
		return nil, nil, false, nil
	}
	base, err := a.term(set.left, outer, with)
	if err != nil {
		return nil, nil, false, err
	}
	if columns, err = renamed(base.columns, n.columns, n.pos, n.name.lower()); err != nil {
		return nil, nil, false, err
	}
	c := &cte{name: a.fresh("w"), shown: n.name.lower(), query: base, recursive: true}
	step, err := a.term(set.right, outer, &withScope{name: n.name.lower(), cte: c, fields: columns, outer: with})
	if err != nil {
		return nil, nil, false, err
	}
	switch len(c.uses) {
	case 0:
		return nil, nil, false, nil
	case 1:
	default:
		return nil, nil, false, fail(set.right.at(), "INVALID_RECURSIVE_REFERENCE", "multiple recursive references in the step relation of recursive query")
	}
	if c.step, err = a.recursionStep(set, c, base, step); err != nil {
		return nil, nil, false, err
	}
	// What others read has no depth, and no rows twice if the UNION has none.
	all := a.reference(c, columns)
	body := &selectBody{from: all, distinct: !set.all}
	for i := range columns {
		body.items = append(body.items, canonical(&column{rel: all, index: i}))
	}
	result := &cte{name: a.fresh("w"), shown: n.name.lower(), query: &query{body: body, columns: columns}}
	return []*cte{c, result}, columns, true, nil
}

// recursionStep gives the step the types of the base, and the depth as its last column.
func (a *analyser) recursionStep(set *xSet, c *cte, base, step *query) (*query, error) {
	p := set.right.at()
	if len(base.columns) != len(step.columns) {
		return nil, fail(p, "TYPE_MISMATCH", "base and step relations of recursion have different number of fields: %d, %d", len(base.columns), len(step.columns))
	}
	body, ok := step.body.(*selectBody)
	if !ok || body.group != nil || body.distinct || len(step.with) > 0 || step.order != nil || step.limit != nil || step.offset > 0 || !rowsPass(body.from, c.uses[0]) {
		return nil, fail(p, "NOT_SUPPORTED", "the step relation of a recursive query must be a SELECT without grouping, DISTINCT, ORDER BY and LIMIT whose FROM has the query itself, in no outer join; others are not supported")
	}
	for _, item := range body.items {
		if containsAggregate(item) {
			return nil, fail(p, "NESTED_RECURSIVE", "window functions in the step relation of a recursive query are not supported")
		}
	}
	for i, t := range step.columns {
		want := base.columns[i].t
		if !coerces(t.t, want) {
			return nil, fail(p, "TYPE_MISMATCH", "recursion step relation output type (%s) is not coercible to recursion base relation output type (%s) at column %d", t.t, want, i+1)
		}
		body.items[i] = coerce(body.items[i], want)
	}
	depth := &column{rel: c.uses[0], index: len(base.columns)}
	body.items = append(body.items, &call{t: Type{Kind: Integer}, fn: operator("row"), args: []node{depth}, tmpl: depthTemplate})
	return step, nil
}

// mostDepth is how often a step is carried out, as in Athena; more is an error.
const mostDepth = 10

var depthTemplate = "CASE WHEN $1 >= " + strconv.Itoa(mostDepth) + " THEN error('LARDER:NOT_SUPPORTED:Recursion depth limit exceeded (10). Use ''max_recursion_depth'' session property to modify the limit.') ELSE $1 + 1 END"

// rowsPass tells whether each row of a relation in a FROM comes from a row of that relation, never from an
// outer join's filling.
func rowsPass(from, r *relation) bool {
	switch {
	case from == r:
		return true
	case from == nil || from.kind != joinRelation:
		return false
	case rowsPass(from.left, r):
		return from.join != "RIGHT" && from.join != "FULL"
	case rowsPass(from.right, r):
		return from.join != "LEFT" && from.join != "FULL"
	}
	return false
}

// reference makes a relation of a named query.
func (a *analyser) reference(c *cte, columns []outColumn) *relation {
	r := &relation{kind: cteRelation, alias: a.fresh("t"), cte: c}
	r.columns = a.derivedColumns(columns)
	if c.recursive {
		r.columns = append(r.columns, relColumn{name: "depth", t: Type{Kind: Integer}})
		c.uses = append(c.uses, r)
	}
	return r
}
