package trino

import (
	"strconv"
	"strings"
)

// The engine does not find, inside a lambda, a column of a query around its own one. So where an expression has
// lambdas, the user's or those of a template, such columns are first made columns of the query itself: of a
// relation of one row that stands beside its others.

// bringOuter does that for q and all queries in it, once for a query that stands in several places.
func (a *analyser) bringOuter(q *query) error {
	if q == nil || a.brought[q] {
		return nil
	}
	if a.brought == nil {
		a.brought = map[*query]bool{}
	}
	a.brought[q] = true
	for _, c := range q.with {
		if err := a.bringOuter(c.query); err != nil {
			return err
		}
		if err := a.bringOuter(c.step); err != nil {
			return err
		}
	}
	switch b := q.body.(type) {
	case *selectBody:
		return a.bringSelect(q, b)
	case *setBody:
		if err := a.bringOuter(b.left); err != nil {
			return err
		}
		return a.bringOuter(b.right)
	case *valuesBody:
		for _, row := range b.rows {
			if err := a.bringInside(row...); err != nil {
				return err
			}
		}
	case *unnestBody:
		if err := a.bringInside(b.lists...); err != nil {
			return err
		}
		o := newOuter(nil)
		for i := range b.lists {
			b.lists[i] = o.local(b.lists[i])
		}
		b.from = o.relation(a)
	}
	return nil
}

// bringSelect does it for the expressions of a SELECT, and for the queries in it.
func (a *analyser) bringSelect(q *query, b *selectBody) error {
	inside := append([]node{b.where, b.having}, b.items...)
	for _, k := range q.order {
		inside = append(inside, k.expr)
	}
	local := map[*relation]bool{}
	collectRelations(b.from, local)
	if b.group != nil {
		inside = append(inside, b.group.keys...)
		for _, g := range b.group.aggregates {
			inside = append(inside, g)
		}
	}
	if err := a.bringInside(inside...); err != nil {
		return err
	}
	if err := a.bringRelation(b.from, local); err != nil {
		return err
	}
	below := newOuter(local)
	b.where = below.local(b.where)
	above := below
	if g := b.group; g != nil {
		for i := range g.keys {
			g.keys[i] = below.local(g.keys[i])
		}
		for _, x := range g.aggregates {
			below.local(x)
		}
		above = newOuter(map[*relation]bool{g.rel: true})
	}
	for i := range b.items {
		b.items[i] = above.local(b.items[i])
	}
	b.having = above.local(b.having)
	for i := range q.order {
		q.order[i].expr = above.local(q.order[i].expr)
	}
	if o := below.relation(a); o != nil && b.from != nil {
		b.from = &relation{kind: joinRelation, join: "CROSS", left: b.from, right: o}
	} else if o != nil {
		b.from = o
	}
	if above != below {
		b.beside = above.relation(a)
	}
	return nil
}

// bringInside does it for the subqueries of expressions.
func (a *analyser) bringInside(expressions ...node) (err error) {
	for _, x := range expressions {
		rewrite(x, func(n node) node {
			s, ok := n.(*subquery)
			if !ok || err != nil {
				return nil
			}
			if err = a.bringInside(s.arg); err == nil {
				err = a.bringOuter(s.query)
			}
			return n
		})
	}
	return err
}

// bringRelation does it for the queries among relations. A condition of a join has no place for another relation.
func (a *analyser) bringRelation(r *relation, local map[*relation]bool) error {
	if r == nil {
		return nil
	}
	if err := a.bringOuter(r.query); err != nil {
		return err
	}
	if err := a.bringRelation(r.left, local); err != nil {
		return err
	}
	if err := a.bringRelation(r.right, local); err != nil {
		return err
	}
	if err := a.bringInside(r.on); err != nil {
		return err
	}
	o := newOuter(local)
	o.local(r.on)
	if len(o.columns) > 0 {
		return fail(o.columns[0].at, "NOT_SUPPORTED", "a function of arrays or maps in the condition of a join over a column of the query around is not supported")
	}
	return nil
}

// An outer collects the columns of queries around that expressions with lambdas read.
type outer struct {
	inside  map[*relation]bool // the relations of the query itself
	rel     *relation
	columns []*column
	at      map[*relation]map[int]int
}

func newOuter(inside map[*relation]bool) *outer {
	return &outer{inside: inside, rel: &relation{kind: queryRelation, lateral: true}, at: map[*relation]map[int]int{}}
}

// local puts columns of the relation to be in the place of those around, if n has lambdas.
func (o *outer) local(n node) node {
	if n == nil || !hasLambda(n) {
		return n
	}
	return rewrite(n, func(n node) node {
		switch n := n.(type) {
		case *subquery:
			n.arg = o.local(n.arg)
			return n // its columns are its own affair
		case *column:
			if o.inside[n.rel] || n.rel == o.rel {
				return nil
			}
			if o.at[n.rel] == nil {
				o.at[n.rel] = map[int]int{}
			}
			i, ok := o.at[n.rel][n.index]
			if !ok {
				i = len(o.columns)
				o.at[n.rel][n.index] = i
				o.columns = append(o.columns, n)
				o.rel.columns = append(o.rel.columns, relColumn{"c" + strconv.Itoa(i), n.typ(), originOf(n)})
			}
			return &column{rel: o.rel, index: i, at: n.at}
		}
		return nil
	})
}

// relation is that of the columns; nil if there are none.
func (o *outer) relation(a *analyser) *relation {
	if len(o.columns) == 0 {
		return nil
	}
	body := &selectBody{}
	q := &query{body: body}
	for _, c := range o.columns {
		body.items = append(body.items, c)
		q.columns = append(q.columns, outColumn{t: c.typ(), origin: originOf(c)})
	}
	o.rel.alias, o.rel.query = a.fresh("o"), q
	return o.rel
}

// hasLambda tells whether the engine gets a lambda for an expression, subqueries apart.
func hasLambda(n node) (found bool) {
	rewrite(n, func(n node) node {
		tmpl := ""
		switch n := n.(type) {
		case *lambda:
			found = true
		case *call:
			if tmpl = n.tmpl; tmpl == "" {
				tmpl = n.fn.tmpl
			}
		case *cast:
			tmpl = castTemplate(n.arg.typ(), n.t, n.try, n.implicit)
		case *aggregate:
			tmpl = n.tmpl
		case *window:
			tmpl = n.tmpl
		case *subquery:
			return n
		}
		found = found || strings.Contains(tmpl, "lambda ")
		return nil
	})
	return found
}
