package trino

import "slices"

// A selection is a SELECT while it is analysed.
type selection struct {
	x       *xSelect
	env     *env // of the select list: FROM's fields
	body    *selectBody
	query   *query
	written []xExpr // the expression of each item; nil for those of a star
}

// from analyses the relations of FROM; those behind see the fields of those before if they are lateral.
func (a *analyser) from(x *xSelect, body *selectBody, outer *scope, with *withScope) (*scope, error) {
	from := &scope{outer: outer}
	for _, rx := range x.from {
		lateral := &scope{fields: from.fields, outer: outer, siblings: true}
		r, fields, err := a.relation(rx, lateral, with)
		if err != nil {
			return nil, err
		}
		from.fields = append(slices.Clone(from.fields), fields...)
		if body.from == nil {
			body.from = r
		} else {
			body.from = &relation{kind: joinRelation, join: "CROSS", left: body.from, right: r}
		}
	}
	return from, nil
}

// selectQuery analyses a SELECT with the ORDER BY, LIMIT and OFFSET of the query around it.
func (a *analyser) selectQuery(x *xSelect, q *xQuery, outer *scope, with *withScope) (*query, error) {
	s := &selection{x: x, body: &selectBody{distinct: x.distinct}}
	s.query = &query{body: s.body}
	from, err := a.from(x, s.body, outer, with)
	if err != nil {
		return nil, err
	}
	s.env = &env{scope: from, with: with, clause: "SELECT clause", aggregates: true, windows: true, named: x.windows}
	if x.where != nil {
		n, err := a.condition(x.where, &env{scope: from, with: with, clause: "WHERE clause"})
		if err != nil {
			return nil, err
		}
		s.body.where = n
		s.body.words.where, s.body.words.terms = a.source(x.where.at()), a.terms(x.where, n)
	}
	if err := a.items(s); err != nil {
		return nil, err
	}
	if x.having != nil {
		e := *s.env
		e.clause, e.windows = "HAVING clause", false
		n, err := a.condition(x.having, &e)
		if err != nil {
			return nil, err
		}
		s.body.having, s.body.words.having = n, a.source(x.having.at())
	}
	keys, sets, err := a.groupKeys(s)
	if err != nil {
		return nil, err
	}
	if s.query.order, err = a.selectOrder(s, q.order); err != nil {
		return nil, err
	}
	if err := a.group(s, keys, sets); err != nil {
		return nil, err
	}
	if err := a.distinctOrder(s, q); err != nil {
		return nil, err
	}
	if s.body.distinct {
		if err := distinctItems(s); err != nil {
			return nil, err
		}
	}
	return a.limited(s.query, q)
}

// terms parts a condition at its ANDs.
func (a *analyser) terms(x xExpr, n node) []term {
	and, ok := x.(*xLogical)
	parts, same := n.(*logical)
	if !ok || !same || and.op != "AND" || len(and.terms) != len(parts.terms) {
		return []term{{n, a.source(x.at())}}
	}
	var all []term
	for i := range and.terms {
		all = append(all, a.terms(and.terms[i], parts.terms[i])...)
	}
	return all
}

// distinctItems makes equal values of the select list the same to the engine.
func distinctItems(s *selection) error {
	for i, n := range s.body.items {
		if !comparableType(n.typ()) {
			return fail(s.x.pos, "TYPE_MISMATCH", "DISTINCT can only be applied to comparable types (actual: %s)", n.typ())
		}
		s.body.items[i] = canonical(n)
	}
	return nil
}

// condition analyses WHERE or HAVING.
func (a *analyser) condition(x xExpr, e *env) (node, error) {
	n, err := a.expr(x, e)
	if err != nil {
		return nil, err
	}
	if k := n.typ().Kind; k != Boolean && k != Unknown {
		return nil, fail(x.at(), "TYPE_MISMATCH", "%s must evaluate to a boolean: actual type %s", e.clause, n.typ())
	}
	return coerce(n, Type{Kind: Boolean}), nil
}

func (a *analyser) items(s *selection) error {
	for _, i := range s.x.items {
		if i.star {
			if err := a.star(s, i); err != nil {
				return err
			}
			continue
		}
		n, err := a.expr(i.expr, s.env)
		if err != nil {
			return err
		}
		out := outColumn{t: n.typ(), origin: originOf(n)}
		if c, ok := i.expr.(*xColumn); ok {
			out.name = c.parts[len(c.parts)-1].text
		}
		if i.alias != nil {
			out.name = i.alias.text
		}
		s.add(n, out, i.expr)
	}
	return nil
}

func (s *selection) add(n node, out outColumn, x xExpr) {
	s.body.items = append(s.body.items, n)
	s.query.columns = append(s.query.columns, out)
	s.written = append(s.written, x)
}

func (a *analyser) star(s *selection, i xItem) error {
	if len(s.x.from) == 0 && i.expr == nil {
		return fail(i.pos, "COLUMN_NOT_FOUND", "SELECT * not allowed in queries without FROM clause")
	}
	name, isName := i.expr.(*xColumn)
	found := false
	for _, f := range s.env.scope.fields {
		if i.expr != nil && (!isName || len(f.parts) == 0 || !f.matches(name.parts)) {
			continue
		}
		found = true
		if i.columns != nil {
			return fail(i.pos, "NOT_SUPPORTED", "Column aliases not supported for a relation")
		}
		if err := supportedColumn(f.expr, f.shown, i.pos); err != nil {
			return err
		}
		s.add(reference(f.expr, i.pos), outColumn{f.shown, f.expr.typ(), originOf(f.expr)}, nil)
	}
	if found {
		return nil
	}
	return a.fieldsOfRow(s, i)
}

// fieldsOfRow expands r.* where r is a row.
func (a *analyser) fieldsOfRow(s *selection, i xItem) error {
	row, err := a.expr(i.expr, s.env)
	if name, isName := i.expr.(*xColumn); err != nil && isName {
		return fail(i.pos, "TABLE_NOT_FOUND", "Unable to resolve reference %s", spell(name.parts))
	}
	if err != nil {
		return err
	}
	t := row.typ()
	if t.Kind != Row {
		return fail(i.pos, "TYPE_MISMATCH", "Type %s does not have fields; * needs a row", t)
	}
	if i.columns != nil && len(i.columns) != len(t.Elements) {
		return fail(i.pos, "MISMATCHED_COLUMN_ALIASES", "Column alias list has %d entries but relation has %d columns", len(i.columns), len(t.Elements))
	}
	for f, e := range t.Elements {
		out := outColumn{name: t.fieldName(f), t: e}
		if i.columns != nil {
			out.name = i.columns[f].text
		}
		s.add(fieldAt(clone(row), f), out, nil)
	}
	return nil
}

// supportedColumn refuses a column of a table whose Hive type is not known.
func supportedColumn(n node, name string, p pos) error {
	if c, ok := n.(*column); ok && c.typ().Kind == opaque {
		what := "unknown"
		if o := originOf(n); o != nil {
			what = o.table.Columns[o.column].HiveType
		}
		return fail(p, "NOT_SUPPORTED", "column '%s' has the type %s, which is not supported", name, what)
	}
	return nil
}

// selectOrder analyses ORDER BY: names of the result come first, then the fields of FROM.
func (a *analyser) selectOrder(s *selection, xs []xSort) ([]sortKey, error) {
	e := *s.env
	e.clause = "ORDER BY clause"
	named := &scope{outer: s.env.scope}
	for i, c := range s.query.columns {
		if c.name != "" {
			named.fields = append(named.fields, &field{name: lower(c.name), expr: s.body.items[i]})
		}
	}
	e.scope = named
	return a.order(xs, &e, s.body.items, s.query.columns)
}

// order analyses sort keys: a position, or an expression. A key that is a result column becomes its position.
func (a *analyser) order(xs []xSort, e *env, items []node, columns []outColumn) ([]sortKey, error) {
	var keys []sortKey
	for _, x := range xs {
		k := sortKey{descending: x.descending, nullsFirst: x.nullsFirst, text: a.source(x.expr.at())}
		if l, ok := x.expr.(*xLiteral); ok && l.kind == litInteger {
			n, ok := ordinal(l.text, len(columns))
			if !ok {
				return nil, fail(x.expr.at(), "INVALID_COLUMN_REFERENCE", "ORDER BY position %s is not in select list", l.text)
			}
			k.position, k.expr = n, items[n-1]
		} else {
			n, err := a.expr(x.expr, e)
			if err != nil {
				return nil, err
			}
			k.expr = n
		}
		if !orderable(k.expr.typ()) {
			return nil, fail(x.expr.at(), "TYPE_MISMATCH", "Type %s is not orderable, and therefore cannot be used in ORDER BY: %s", k.expr.typ(), a.source(x.expr.at()))
		}
		if _, constant := k.expr.(*literal); constant && k.position == 0 {
			continue // a constant orders nothing
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// distinctOrder gives the keys that are result columns their positions. Under DISTINCT, no other key may be.
func (a *analyser) distinctOrder(s *selection, q *xQuery) error {
	if len(s.query.order) == 0 {
		return nil
	}
	at := map[string]int{}
	for i := len(s.body.items) - 1; i >= 0; i-- {
		at[emitNode(s.body.items[i])] = i + 1
	}
	for i := range s.query.order {
		k := &s.query.order[i]
		if k.position == 0 {
			k.position = at[emitNode(k.expr)]
		}
		if k.position == 0 && s.body.distinct {
			return fail(q.order[0].pos, "EXPRESSION_NOT_IN_DISTINCT", "For SELECT DISTINCT, ORDER BY expressions must appear in select list")
		}
		if k.position > 0 {
			k.expr = nil
		}
	}
	return nil
}
