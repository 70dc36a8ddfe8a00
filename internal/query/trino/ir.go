package trino

import "slices"

// The analysed tree. Names are resolved, every node has a type, every coercion is a node of its
// own. The emitter reads nothing else.

// A node is an analysed expression.
type node interface{ typ() Type }

type (
	// column is a column of a relation.
	column struct {
		rel   *relation
		index int
		at    pos
	}
	// literal is a constant; sql is how the engine writes it.
	literal struct {
		t    Type
		sql  string
		text string // of a varchar; of a number, as written
		null bool
	}
	// call is a scalar function or operator of the tables.
	call struct {
		t    Type
		fn   *function
		args []node
		tmpl string // how this call is written, where the function decides by its arguments
	}
	cast struct {
		t        Type
		arg      node
		try      bool
		implicit bool
	}
	logical struct {
		op    string
		terms []node
	}
	not    struct{ arg node }
	isNull struct {
		arg node
		not bool
	}
	// compare is = <> < <= > >= or IS DISTINCT FROM, IS NOT DISTINCT FROM, over one type.
	compare struct {
		op          string
		left, right node
	}
	inList struct {
		arg   node
		items []node
		not   bool
	}
	caseOf struct {
		t     Type
		whens [][2]node
		other node
	}
	// subquery is a scalar one, EXISTS, IN or a comparison with ANY or ALL.
	subquery struct {
		t     Type
		kind  subqueryKind
		query *query
		arg   node
		op    string // IN, NOT IN, "= ANY", …
	}
	aggregate struct {
		t        Type
		fn       *function
		args     []node
		star     bool
		distinct bool
		filter   node
		order    []sortKey
		tmpl     string
		at       pos
		text     string // as the statement has it
	}
	window struct {
		t           Type
		fn          *function
		args        []node
		star        bool
		filter      node
		ignoreNulls bool
		partition   []node
		order       []sortKey
		frame       *frame
		tmpl        string
		text        string // as the statement has it
	}
	// lambda is an argument of a function: its body is evaluated for values of its parameters.
	lambda struct {
		params []*lambdaVar
		body   node
	}
	// lambdaVar is a parameter of a lambda; name is its name in the engine.
	lambdaVar struct {
		t    Type
		name string
	}
	// instant is the moment that the text of an event time names, in microseconds; up rounds what
	// is finer to the next one, else it is cut.
	instant struct {
		arg node
		up  bool
	}
)

// A frame says which rows around one a window function sees; nil says it by default.
type frame struct {
	unit       string // ROWS, RANGE, GROUPS
	start, end bound
}

type bound struct {
	kind  string // UNBOUNDED PRECEDING, PRECEDING, CURRENT ROW, …
	value node   // of PRECEDING and FOLLOWING
}

type subqueryKind int

const (
	scalarSubquery subqueryKind = iota
	existsSubquery
	compareSubquery // arg op (query)
)

func (n *column) typ() Type    { return n.rel.columns[n.index].t }
func (n *literal) typ() Type   { return n.t }
func (n *call) typ() Type      { return n.t }
func (n *cast) typ() Type      { return n.t }
func (n *logical) typ() Type   { return Type{Kind: Boolean} }
func (n *not) typ() Type       { return Type{Kind: Boolean} }
func (n *isNull) typ() Type    { return Type{Kind: Boolean} }
func (n *compare) typ() Type   { return Type{Kind: Boolean} }
func (n *inList) typ() Type    { return Type{Kind: Boolean} }
func (n *caseOf) typ() Type    { return n.t }
func (n *subquery) typ() Type  { return n.t }
func (n *aggregate) typ() Type { return n.t }
func (n *window) typ() Type    { return n.t }
func (n *lambda) typ() Type    { return n.body.typ() }
func (n *lambdaVar) typ() Type { return n.t }
func (n *instant) typ() Type   { return Type{Kind: Timestamp, Precision: 3} }

// An origin is the column of a table whose values an expression passes on unchanged.
type origin struct {
	table  *Table
	column int
}

// eventTime tells whether the values are the text of a group's event time.
func (o *origin) eventTime() bool { return o != nil && o.table.Columns[o.column].EventTime }

// originOf is the origin of an expression, nil if it has none.
func originOf(n node) *origin {
	if c, ok := n.(*column); ok {
		return c.rel.columns[c.index].origin
	}
	return nil
}

type sortKey struct {
	expr       node
	descending bool
	nullsFirst bool
	position   int    // of a result column, from 1; 0: expr counts
	text       string // as the statement has it; "" if it does not
}

type query struct {
	with    []*cte
	body    any // *selectBody, *setBody, *valuesBody, *unnestBody
	order   []sortKey
	limit   *int64 // nil: none
	offset  int64
	columns []outColumn
}

type outColumn struct {
	name   string // as the result heads it; "" if it has none
	t      Type
	origin *origin
}

type cte struct {
	name  string // in the engine
	shown string // as the statement has it
	query *query
	// step, of a recursive one, adds rows to those of query; its last column is the depth.
	recursive bool
	step      *query
	uses      []*relation // those that read a recursive one
}

type selectBody struct {
	distinct bool
	items    []node
	from     *relation
	where    node
	group    *grouping // nil: not grouped
	having   node
	beside   *relation // beside the groups of a grouped one; nil if nothing is
	words    selectWords
	// newest is the place of a row_number() among the items, from 1, if only rows where that is 1 are wanted
	// (newest.go); 0: all are.
	newest int
}

// selectWords are the clauses of a SELECT as the statement has them.
type selectWords struct {
	where, having string
	keys          []string
	terms         []term // of WHERE, joined by AND
}

// A term is a condition that all rows of a SELECT fulfil.
type term struct {
	n    node
	text string
}

// A grouping makes, of the rows of FROM and WHERE, a relation of its keys and then its aggregates.
type grouping struct {
	keys       []node
	sets       [][]int // of places in keys; nil: one set of all
	aggregates []*aggregate
	rel        *relation
}

type setBody struct {
	op          string
	left, right *query
}

type valuesBody struct{ rows [][]node }

// An unnestBody gives the elements of lists side by side.
type unnestBody struct {
	lists      []node
	ordinality bool
	from       *relation // what the lists are made of beside outer columns; nil if nothing is
	texts      []string  // of the lists, as the statement has them
}

type relationKind int

const (
	baseRelation relationKind = iota
	queryRelation
	cteRelation
	joinRelation
	groupRelation
)

type relation struct {
	kind        relationKind
	alias       string // in the engine
	table       int    // base: r<table>
	query       *query
	cte         *cte
	columns     []relColumn
	left, right *relation
	join        string // CROSS, INNER, …
	on          node
	text        string // of ON or USING, as the statement has it
	lateral     bool   // reads columns of the relations before it
	sample      string // method and percentage; "" for all rows
	// instants are the event-time columns of a base relation that are compared as instants: they
	// are converted once a row, not once a pair of a join. The value says which roundings.
	instants map[int][2]bool
	// converted are the columns of a base relation whose values are used and have another form in files
	// than in the emitted SQL.
	converted map[int]bool
	// carried says that the relation is the result of a table function, whose columns are as AsOf.Result has them.
	carried bool
}

type relColumn struct {
	name   string // in the engine
	t      Type
	origin *origin
}

// rewrite replaces nodes from the top: where f gives a node, that takes the place and is not looked
// into. It changes the tree in place and returns the new root.
func rewrite(n node, f func(node) node) node {
	if n == nil {
		return nil
	}
	if r := f(n); r != nil {
		return r
	}
	mapChildren(n, func(c node) node { return rewrite(c, f) })
	if s, ok := n.(*subquery); ok {
		rewriteQuery(s.query, f)
	}
	return n
}

// mapChildren puts f of each expression directly in n, subqueries apart, in its place.
func mapChildren(n node, f func(node) node) {
	one := func(c *node) {
		if *c != nil {
			*c = f(*c)
		}
	}
	each := func(list []node) {
		for i := range list {
			one(&list[i])
		}
	}
	keys := func(list []sortKey) {
		for i := range list {
			one(&list[i].expr)
		}
	}
	switch n := n.(type) {
	case *call:
		each(n.args)
	case *cast:
		one(&n.arg)
	case *logical:
		each(n.terms)
	case *not:
		one(&n.arg)
	case *isNull:
		one(&n.arg)
	case *compare:
		one(&n.left)
		one(&n.right)
	case *inList:
		one(&n.arg)
		each(n.items)
	case *caseOf:
		for i := range n.whens {
			one(&n.whens[i][0])
			one(&n.whens[i][1])
		}
		one(&n.other)
	case *subquery:
		one(&n.arg)
	case *aggregate:
		each(n.args)
		one(&n.filter)
		keys(n.order)
	case *window:
		each(n.args)
		each(n.partition)
		one(&n.filter)
		keys(n.order)
		if n.frame != nil {
			one(&n.frame.start.value)
			one(&n.frame.end.value)
		}
	case *lambda:
		one(&n.body)
	case *instant:
		one(&n.arg)
	}
}

// clone copies an expression, so that rewriting one use leaves the others alone. Subqueries,
// aggregates and windows are shared.
func clone(n node) node {
	switch o := n.(type) {
	case *column:
		c := *o
		n = &c
	case *call:
		c := *o
		c.args = slices.Clone(o.args)
		n = &c
	case *cast:
		c := *o
		n = &c
	case *logical:
		n = &logical{o.op, slices.Clone(o.terms)}
	case *not:
		n = &not{o.arg}
	case *isNull:
		n = &isNull{o.arg, o.not}
	case *compare:
		c := *o
		n = &c
	case *inList:
		n = &inList{o.arg, slices.Clone(o.items), o.not}
	case *caseOf:
		n = &caseOf{o.t, slices.Clone(o.whens), o.other}
	case *lambda:
		n = &lambda{o.params, o.body}
	case *instant:
		n = &instant{o.arg, o.up}
	default:
		return n
	}
	mapChildren(n, clone)
	return n
}

// rewriteQuery does the same to every expression of a query, whose aggregates are its own and are
// not handed to f.
func rewriteQuery(q *query, outer func(node) node) {
	if q == nil {
		return
	}
	f := func(n node) node {
		if _, own := n.(*aggregate); own {
			return nil
		}
		return outer(n)
	}
	for _, c := range q.with {
		rewriteQuery(c.query, f)
		rewriteQuery(c.step, f)
	}
	switch b := q.body.(type) {
	case *selectBody:
		for i := range b.items {
			b.items[i] = rewrite(b.items[i], f)
		}
		rewriteRelation(b.from, f)
		b.where, b.having = rewrite(b.where, f), rewrite(b.having, f)
		if b.group != nil {
			for i := range b.group.keys {
				b.group.keys[i] = rewrite(b.group.keys[i], f)
			}
			for _, a := range b.group.aggregates {
				rewrite(a, f)
			}
		}
	case *setBody:
		rewriteQuery(b.left, f)
		rewriteQuery(b.right, f)
	case *valuesBody:
		for _, row := range b.rows {
			for i := range row {
				row[i] = rewrite(row[i], f)
			}
		}
	case *unnestBody:
		for i := range b.lists {
			b.lists[i] = rewrite(b.lists[i], f)
		}
	}
	for i := range q.order {
		q.order[i].expr = rewrite(q.order[i].expr, f)
	}
}

func rewriteRelation(r *relation, f func(node) node) {
	if r == nil {
		return
	}
	rewriteQuery(r.query, f)
	rewriteRelation(r.left, f)
	rewriteRelation(r.right, f)
	r.on = rewrite(r.on, f)
}
