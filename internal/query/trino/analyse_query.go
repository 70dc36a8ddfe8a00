package trino

import (
	"fmt"
	"strconv"
)

// An analyser makes the analysed tree of one statement.
type analyser struct {
	session Session
	schema  Schema
	text    []rune
	tables  []*Table
	byName  map[string]int // catalog.database.table: place in tables
	views   []string       // those that are being analysed, the outer one first
	names   int            // relations and named queries named so far
	depth   int
	places  []int   // where the parameters are in text
	given   []xExpr // the values of the parameters
	// brought are the queries whose columns from around are their own already: see bringOuter.
	brought map[*query]bool
	// functions are the calls of table functions of the statement: one of a named query that is analysed again is
	// one all the same.
	functions map[*xFunction]*AsOf
	fetched   []*cte // named queries of outside that fetch has analysed
	viewAt    pos    // where the statement names the outermost of views
	// unrepeatable says that the statement may give another result each time.
	unrepeatable bool
}

// source is the text of a node, for messages.
func (a *analyser) source(p pos) string {
	if p.start < 0 || p.stop < p.start || p.stop >= len(a.text) {
		return ""
	}
	return string(a.text[p.start : p.stop+1])
}

func fail(p pos, code, format string, args ...any) error {
	return &Error{code, p.line, p.column, fmt.Sprintf(format, args...)}
}

// header is the name of result column i: Athena numbers those that have none.
func header(name string, i int) string {
	if name == "" {
		return "_col" + strconv.Itoa(i)
	}
	return name
}

func (a *analyser) fresh(prefix string) string {
	a.names++
	return prefix + strconv.Itoa(a.names)
}

func (a *analyser) query(x *xQuery, outer *scope, with *withScope) (*query, error) {
	if a.depth++; a.depth > 8*maxDepth {
		return nil, tooDeep(x.pos)
	}
	defer func() { a.depth-- }()
	var ctes []*cte
	seen := map[string]bool{}
	for _, n := range x.with {
		name := n.name.lower()
		if seen[name] {
			return nil, fail(n.pos, "DUPLICATE_NAMED_QUERY", "WITH query name '%s' specified more than once", name)
		}
		seen[name] = true
		made, columns, err := a.named(x, n, outer, with)
		if err != nil {
			return nil, err
		}
		ctes = append(ctes, made...)
		with = &withScope{name, made[len(made)-1], columns, with, &n, x.recursive}
	}
	q, err := a.body(x, outer, with)
	if err != nil {
		return nil, err
	}
	q.with = append(ctes, q.with...)
	return q, nil
}

// named analyses a query of WITH. Its name means the last of what it gives.
func (a *analyser) named(x *xQuery, n xNamed, outer *scope, with *withScope) ([]*cte, []outColumn, error) {
	if x.recursive {
		if n.columns == nil {
			return nil, nil, fail(n.pos, "MISSING_COLUMN_ALIASES", "missing column aliases in recursive WITH query")
		}
		if c, columns, ok, err := a.recursive(n, outer, with); ok || err != nil {
			return c, columns, err
		}
	}
	q, err := a.query(n.query, outer, with)
	if err != nil {
		return nil, nil, err
	}
	columns, err := renamed(q.columns, n.columns, n.pos, n.name.lower())
	return []*cte{{name: a.fresh("w"), shown: n.name.lower(), query: q}}, columns, err
}

// renamed gives columns the names of a column list, if there is one.
func renamed(columns []outColumn, names []ident, p pos, of string) ([]outColumn, error) {
	if names == nil {
		return columns, nil
	}
	if len(names) != len(columns) {
		return nil, fail(p, "MISMATCHED_COLUMN_ALIASES", "Column alias list has %d entries but '%s' has %d columns available", len(names), of, len(columns))
	}
	out := append([]outColumn(nil), columns...)
	for i := range out {
		out[i].name = names[i].text
	}
	return out, nil
}

// body analyses what stands between WITH and the end of a query.
func (a *analyser) body(x *xQuery, outer *scope, with *withScope) (*query, error) {
	if s, ok := x.body.(*xSelect); ok {
		return a.selectQuery(s, x, outer, with)
	}
	inner, err := a.term(x.body, outer, with)
	if err != nil || len(x.order) == 0 && x.limit == nil && x.offset == nil {
		return inner, err
	}
	// What is sorted or cut here is all that the term gives, so it becomes a relation.
	rel := a.derived(inner)
	q := &query{columns: inner.columns}
	body := &selectBody{from: rel}
	for i := range rel.columns {
		body.items = append(body.items, &column{rel, i, x.pos})
	}
	q.body = body
	e := &env{scope: &scope{fields: fieldsOf(rel, inner.columns, nil), outer: outer}, with: with, clause: "ORDER BY clause"}
	if q.order, err = a.order(x.order, e, body.items, q.columns); err != nil {
		return nil, err
	}
	return a.limited(q, x)
}

func (a *analyser) term(x xBody, outer *scope, with *withScope) (*query, error) {
	switch x := x.(type) {
	case *xQuery:
		return a.query(x, outer, with)
	case *xSet:
		return a.set(x, outer, with)
	case *xValues:
		return a.values(x, outer, with)
	case *xTable:
		all := &xSelect{pos: x.pos, items: []xItem{{pos: x.pos, star: true}}, from: []xRelation{x}}
		return a.selectQuery(all, &xQuery{pos: x.pos}, outer, with)
	case *xSelect:
		return a.selectQuery(x, &xQuery{pos: x.pos}, outer, with)
	}
	return nil, fail(x.at(), "NOT_SUPPORTED", "this form of query is not supported")
}

// derived makes a relation of a query.
func (a *analyser) derived(q *query) *relation {
	r := &relation{kind: queryRelation, alias: a.fresh("t"), query: q}
	for i, c := range q.columns {
		r.columns = append(r.columns, relColumn{"c" + strconv.Itoa(i), c.t, c.origin})
	}
	return r
}

func fieldsOf(r *relation, columns []outColumn, parts []string) []*field {
	var fields []*field
	for i, c := range columns {
		fields = append(fields, &field{name: lower(c.name), shown: c.name, parts: parts, expr: &column{rel: r, index: i}})
	}
	return fields
}

func (a *analyser) set(x *xSet, outer *scope, with *withScope) (*query, error) {
	if a.depth++; a.depth > 8*maxDepth {
		return nil, tooDeep(x.pos)
	}
	defer func() { a.depth-- }()
	left, err := a.term(x.left, outer, with)
	if err != nil {
		return nil, err
	}
	right, err := a.term(x.right, outer, with)
	if err != nil {
		return nil, err
	}
	if len(left.columns) != len(right.columns) {
		return nil, fail(x.pos, "TYPE_MISMATCH", "%s query has different number of fields: %d, %d", x.op, len(left.columns), len(right.columns))
	}
	q := &query{}
	var types []Type
	for i, l := range left.columns {
		r := right.columns[i]
		t, ok := commonType(l.t, r.t)
		if !ok {
			return nil, fail(x.pos, "TYPE_MISMATCH", "column %d in %s query has incompatible types: %s, %s", i+1, x.op, l.t, r.t)
		}
		types = append(types, t)
		out := outColumn{name: l.name, t: t}
		if l.origin.eventTime() && r.origin.eventTime() {
			out.origin = l.origin
		}
		q.columns = append(q.columns, out)
	}
	op := x.op
	if x.all {
		op += " ALL"
	}
	for i, t := range types {
		if op != "UNION ALL" && !comparableType(t) {
			return nil, fail(x.pos, "TYPE_MISMATCH", "Type %s of column %d is not comparable, and therefore cannot be used in %s", t, i+1, op)
		}
	}
	q.body = &setBody{op, a.coerceQuery(left, types, op != "UNION ALL"), a.coerceQuery(right, types, op != "UNION ALL")}
	return q, nil
}

// coerceQuery gives the columns of q these types; with compared, equal values are the same to the
// engine.
func (a *analyser) coerceQuery(q *query, types []Type, compared bool) *query {
	same := true
	for i, c := range q.columns {
		same = same && c.t.Equal(types[i]) && !(compared && c.t.contains(Map))
	}
	if same {
		return q
	}
	rel := a.derived(q)
	body := &selectBody{from: rel}
	out := &query{body: body}
	for i, c := range q.columns {
		item := coerce(&column{rel: rel, index: i}, types[i])
		if compared {
			item = canonical(item)
		}
		body.items = append(body.items, item)
		out.columns = append(out.columns, outColumn{c.name, types[i], c.origin})
	}
	return out
}
