package trino

// unnest makes a relation of the elements of arrays and maps, which may be columns of the relations
// before it.
func (a *analyser) unnest(x *xUnnest, outer *scope, with *withScope) (*relation, []*field, error) {
	e := &env{scope: outer, with: with, clause: "UNNEST"}
	body := &unnestBody{ordinality: x.ordinality}
	q := &query{body: body}
	for _, arg := range x.args {
		n, err := a.expr(arg, e)
		if err != nil {
			return nil, nil, err
		}
		t := n.typ()
		switch {
		case t.Kind == Map:
			q.columns = append(q.columns, outColumn{t: t.Elements[0]}, outColumn{t: t.Elements[1]})
		case t.Kind == Array && t.Elements[0].Kind == Row:
			for i, f := range t.Elements[0].Elements {
				q.columns = append(q.columns, outColumn{name: t.Elements[0].fieldName(i), t: f})
			}
		case t.Kind == Array:
			q.columns = append(q.columns, outColumn{t: t.Elements[0]})
		default:
			return nil, nil, fail(arg.at(), "INVALID_FUNCTION_ARGUMENT", "Cannot unnest type: %s", t)
		}
		body.lists, body.texts = append(body.lists, n), append(body.texts, a.source(arg.at()))
	}
	if x.ordinality {
		q.columns = append(q.columns, outColumn{name: "ordinality", t: Type{Kind: Bigint}})
	}
	return a.lateralRelation(q, x.alias, x.columns, x.pos)
}

// lateral makes a relation of a query that may read the columns of the relations before it.
func (a *analyser) lateral(x *xLateral, outer *scope, with *withScope) (*relation, []*field, error) {
	q, err := a.query(x.query, outer, with)
	if err != nil {
		return nil, nil, err
	}
	return a.lateralRelation(q, x.alias, x.columns, x.pos)
}

func (a *analyser) lateralRelation(q *query, alias *ident, columns []ident, p pos) (*relation, []*field, error) {
	r := a.derived(q)
	r.lateral = true
	fields, err := aliased(fieldsOf(r, q.columns, nil), alias, columns, p)
	return r, fields, err
}

// lateralJoin holds what Trino asks of a join with a relation that reads the other side.
func lateralJoin(x *xJoin) error {
	what := ""
	switch x.right.(type) {
	case *xUnnest:
		what = "UNNEST"
	case *xLateral:
		what = "LATERAL relation"
	}
	if what == "" || x.kind == "CROSS" {
		return nil
	}
	if l, ok := x.on.(*xLiteral); !ok || l.kind != litBool || l.text != "true" {
		return fail(x.pos, "NOT_SUPPORTED", "%s JOIN involving %s is only supported with condition ON TRUE", x.kind, what)
	}
	return nil
}
