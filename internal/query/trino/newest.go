package trino

import (
	"slices"
	"strconv"
	"strings"
)

// A statement that numbers the rows of each part of a table, newest first, and keeps the first asks for the latest
// snapshot of a feature group: every client of the offline store sends it. Run as it stands it sorts the table with
// all its columns. Here it becomes: find the place of the first row of each part, then read the rows at these places
// (docs/decisions/latest-snapshot.md). Which of equal rows is first is left open by both.

// A numbered body gives the rows of a table and their row_number(), of which those with 1 are wanted.
type numbered struct {
	body  *selectBody
	table *relation
	item  int // the place of row_number() among the items
}

// findNewest finds the bodies below q of which the first row of each part is wanted and nothing else.
func findNewest(q *query, tables []*Table) []numbered {
	f := &newestFinder{tables: tables, uses: map[*cte]int{}}
	f.query(q)
	var found []numbered
	for _, w := range f.wanted {
		// Another reader of a named query may want the other rows.
		if w.cte == nil || f.uses[w.cte] == 1 {
			found = append(found, w.numbered)
		}
	}
	return found
}

type newestFinder struct {
	tables []*Table
	uses   map[*cte]int // how many relations read each
	wanted []wantedNewest
}

type wantedNewest struct {
	numbered
	cte *cte // the named query that the body is of; nil: of none
}

// query looks at a query and all that is in it.
func (f *newestFinder) query(q *query) {
	if q == nil {
		return
	}
	for _, c := range q.with {
		f.query(c.query)
		f.query(c.step)
	}
	switch b := q.body.(type) {
	case *selectBody:
		f.body(b)
	case *setBody:
		f.query(b.left)
		f.query(b.right)
	case *valuesBody:
		for _, row := range b.rows {
			f.nodes(row...)
		}
	case *unnestBody:
		f.nodes(b.lists...)
	}
	for _, k := range q.order {
		f.nodes(k.expr)
	}
}

func (f *newestFinder) body(b *selectBody) {
	f.nodes(b.items...)
	f.nodes(b.where, b.having)
	if b.group != nil {
		f.nodes(b.group.keys...)
		for _, a := range b.group.aggregates {
			f.nodes(a)
		}
	}
	f.relation(b.from, terms(b.where))
}

// nodes looks into the subqueries of expressions.
func (f *newestFinder) nodes(list ...node) {
	for _, n := range list {
		if n == nil {
			continue
		}
		if s, ok := n.(*subquery); ok {
			f.query(s.query)
		}
		mapChildren(n, func(c node) node { f.nodes(c); return c })
	}
}

// relation looks at a relation, of whose rows those that do not meet all conditions are left out.
func (f *newestFinder) relation(r *relation, conditions []node) {
	if r == nil {
		return
	}
	if r.kind == joinRelation {
		f.nodes(r.on)
		left, right := conditions, conditions
		switch r.join {
		case "INNER":
			left = append(slices.Clone(conditions), terms(r.on)...)
			right = left
		case "LEFT": // a row of the left stays with NULLs on the right, whatever becomes of the right
			right = nil
		case "RIGHT":
			left = nil
		case "CROSS":
		default:
			left, right = nil, nil
		}
		f.relation(r.left, left)
		f.relation(r.right, right)
		return
	}
	q, named := r.query, r.cte
	if named != nil {
		f.uses[named]++
		q = named.query
	} else {
		f.query(q)
	}
	if q == nil || r.lateral || r.sample != "" || named != nil && (named.recursive || named.step != nil) {
		return
	}
	if n, ok := f.numbered(q); ok && slices.ContainsFunc(conditions, func(c node) bool { return isFirst(c, r, n.item) }) {
		f.wanted = append(f.wanted, wantedNewest{n, named})
	}
}

// numbered reports whether q gives columns of one table and one row_number() over parts by one column. By two, as
// in the search for duplicates, there may be as many parts as rows, and nothing is gained.
func (f *newestFinder) numbered(q *query) (numbered, bool) {
	b, ok := q.body.(*selectBody)
	if !ok || q.with != nil || q.order != nil || q.limit != nil || q.offset != 0 ||
		b.distinct || b.group != nil || b.having != nil || b.from == nil {
		return numbered{}, false
	}
	if b.from.kind != baseRelation || b.from.sample != "" || !f.tables[b.from.table].Places {
		return numbered{}, false
	}
	found := numbered{b, b.from, -1}
	for i, n := range b.items {
		switch n := n.(type) {
		case *column, *literal:
		case *window:
			if found.item >= 0 || n.fn.name != "row_number" || len(n.partition) != 1 {
				return numbered{}, false
			}
			found.item = i
		default:
			return numbered{}, false
		}
	}
	if found.item < 0 {
		return numbered{}, false
	}
	w := b.items[found.item].(*window)
	by, ok := w.partition[0].(*column)
	if !ok || originOf(by).eventTime() || !ofRow(b.where, b.from) {
		return numbered{}, false
	}
	for _, k := range w.order {
		if !ofRow(k.expr, b.from) {
			return numbered{}, false
		}
	}
	return found, slices.IndexFunc(b.items, func(n node) bool { return n != node(w) && !ofRow(n, b.from) }) < 0
}

// ofRow reports whether an expression can be evaluated of a row of r alone.
func ofRow(n node, r *relation) bool {
	switch n := n.(type) {
	case nil:
		return true
	case *subquery, *aggregate, *window:
		return false
	case *column:
		return n.rel == r
	}
	ok := true
	mapChildren(n, func(c node) node { ok = ok && ofRow(c, r); return c })
	return ok
}

// terms are the conditions that a condition is the conjunction of.
func terms(n node) []node {
	switch l := n.(type) {
	case nil:
		return nil
	case *logical:
		if l.op == "AND" {
			var all []node
			for _, t := range l.terms {
				all = append(all, terms(t)...)
			}
			return all
		}
	}
	return []node{n}
}

// isFirst reports whether a condition lets no row_number but 1 through, in column i of r.
func isFirst(condition node, r *relation, i int) bool {
	c, ok := condition.(*compare)
	if !ok {
		return false
	}
	left, right, op := c.left, c.right, c.op
	if _, swapped := constantOf(left); swapped {
		left, right = right, left
		op = mirrored[op]
	}
	by, ok := left.(*column)
	most, constant := constantOf(right)
	if !ok || !constant || by.rel != r || by.index != i || !most.typ().isInteger() {
		return false
	}
	return (op == "=" || op == "<=") && most.text == "1" || op == "<" && most.text == "2"
}

// newest writes a body of which only the rows with row_number() = 1 are wanted.
func (e *emitter) newest(b *selectBody) string {
	w := b.items[b.newest-1].(*window)
	items := make([]string, len(b.items))
	for i, n := range b.items {
		text := "CAST(1 AS BIGINT)"
		if i != b.newest-1 {
			text = e.node(n)
		}
		items[i] = text + " AS c" + strconv.Itoa(i)
	}
	alias := b.from.alias
	place := "((CAST(" + alias + `." file" AS BIGINT) << 32) | ` + alias + `." row")`
	first := "min(" + place + ")"
	if len(w.order) > 0 {
		first = "arg_min(" + place + ", create_sort_key(" + e.sortKeys(w.order) + "))"
	}
	where := ""
	if b.where != nil {
		where = " WHERE " + e.node(b.where)
	}
	n := alias + "n"
	return "SELECT " + strings.Join(items, ", ") + " FROM " + e.baseOf(b.from, "placed") + " INNER JOIN (SELECT " + first + " AS place FROM " + e.baseOf(b.from, "sought") + where +
		" GROUP BY " + e.node(w.partition[0]) + ") AS " + n + " ON (" + alias + `." file" = CAST((` + n + `.place >> 32) AS UBIGINT) AND ` + alias + `." row" = (` + n + ".place & 4294967295))"
}

// sortKeys are the arguments of create_sort_key, whose result orders as the keys do.
func (e *emitter) sortKeys(keys []sortKey) string {
	var args []string
	for _, k := range keys {
		args = append(args, e.node(k.expr), "'"+direction(k)+"'")
	}
	return strings.Join(args, ", ")
}
