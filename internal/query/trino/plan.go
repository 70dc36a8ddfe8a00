package trino

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A PlanNode is a step of a query as it was analysed, in Trino's names. What it says of expressions is the
// statement's own text. The engine may take the steps in another order, and several in one.
type PlanNode struct {
	Name     string      // Output, TopN, Aggregate, InnerJoin, TableScan, …
	About    [][2]string // filterPredicate, orderBy, …
	Outputs  []PlanColumn
	Details  []string
	Table    int   // of a TableScan: the place of its table among those of all Translation.Parts; else -1
	AsOf     *AsOf // of a TableFunction, whose labels are its child; else nil
	Children []*PlanNode
}

// A PlanColumn is a column that a step gives.
type PlanColumn struct{ Name, Type string }

// Steps tells the steps of t.
func (t *Translation) Steps() *PlanNode {
	p := &planner{used: map[*relation]map[int]bool{}, terms: map[*relation][]string{}, tables: map[*Translation]int{}}
	tables := 0
	for _, part := range t.Parts() {
		rewriteQuery(part.root, p.note)
		p.tables[part] = tables
		tables += len(part.Tables)
	}
	out := step("Output")
	var names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
		out.Outputs = append(out.Outputs, PlanColumn{c.Name, c.Type.String()})
	}
	out.say("columnNames", list(names))
	out.Children = []*PlanNode{p.part(t)}
	return out
}

// Parts are t and the labels of the calls in it, in the order of their tables; those of a call come once.
func (t *Translation) Parts() []*Translation {
	parts := []*Translation{t}
	for i := 0; i < len(parts); i++ {
		for _, table := range parts[i].Tables {
			if f := table.AsOf; f != nil && !slices.Contains(parts, f.Labels) {
				parts = append(parts, f.Labels)
			}
		}
	}
	return parts
}

// A planner makes the steps of one query.
type planner struct {
	used  map[*relation]map[int]bool // columns that something reads
	terms map[*relation][]string     // conditions that the files' statistics may answer
	// tables is where the tables of each part begin, of is the part whose steps are made.
	tables map[*Translation]int
	of     *Translation
}

// part makes the steps of a translation.
func (p *planner) part(t *Translation) *PlanNode {
	outer := p.of
	p.of = t
	n := p.query(t.root)
	p.of = outer
	return n
}

func step(name string, children ...*PlanNode) *PlanNode {
	return &PlanNode{Name: name, Table: -1, Children: children}
}

func (n *PlanNode) say(what, of string) { n.About = append(n.About, [2]string{what, of}) }

func list(of []string) string { return "[" + strings.Join(of, ", ") + "]" }

// note remembers that a column is read.
func (p *planner) note(n node) node {
	if c, ok := n.(*column); ok {
		if p.used[c.rel] == nil {
			p.used[c.rel] = map[int]bool{}
		}
		p.used[c.rel][c.index] = true
	}
	return nil
}

// columnsOf are the columns of a query.
func columnsOf(columns []outColumn) []PlanColumn {
	var out []PlanColumn
	for i, c := range columns {
		out = append(out, PlanColumn{header(c.name, i), c.t.String()})
	}
	return out
}

func (p *planner) query(q *query) *PlanNode {
	var n *PlanNode
	switch b := q.body.(type) {
	case *selectBody:
		n = p.selectBody(b)
	case *setBody:
		n = step(map[string]string{"UNION": "Union", "INTERSECT": "Intersect", "EXCEPT": "Except"}[strings.TrimSuffix(b.op, " ALL")], p.query(b.left), p.query(b.right))
		n.say("distinct", strconv.FormatBool(!strings.HasSuffix(b.op, " ALL")))
	case *valuesBody:
		n = step("Values")
		n.say("rows", strconv.Itoa(len(b.rows)))
	case *unnestBody:
		n = step("Unnest")
		n.say("unnest", list(b.texts))
		if b.ordinality {
			n.say("ordinality", "true")
		}
	}
	n.Outputs = columnsOf(q.columns)
	n = p.cut(q, n)
	if len(q.with) == 0 {
		return n
	}
	all := step("With")
	all.Outputs = n.Outputs
	for _, c := range q.with {
		named := step("NamedQuery", p.query(c.query))
		named.say("name", c.shown)
		if c.step != nil {
			named.say("recursive", "true")
			named.Children = append(named.Children, p.query(c.step))
		}
		named.Outputs = columnsOf(c.query.columns)
		all.Children = append(all.Children, named)
	}
	all.Children = append(all.Children, n)
	return all
}

// cut puts ORDER BY, OFFSET and LIMIT above a step.
func (p *planner) cut(q *query, n *PlanNode) *PlanNode {
	count := int64(-1)
	if q.limit != nil {
		count = *q.limit
	}
	above := func(name string) {
		n = step(name, n)
		n.Outputs = n.Children[0].Outputs
	}
	order := p.order(q.order)
	switch {
	case len(q.order) > 0 && count >= 0:
		above("TopN")
		n.say("count", strconv.FormatInt(count+q.offset, 10))
		n.say("orderBy", order)
	case len(q.order) > 0:
		above("Sort")
		n.say("orderBy", order)
	case count >= 0:
		above("Limit")
		n.say("count", strconv.FormatInt(count+q.offset, 10))
	}
	if q.offset > 0 {
		above("Offset")
		n.say("count", strconv.FormatInt(q.offset, 10))
	}
	return n
}

func (p *planner) order(keys []sortKey) string {
	var out []string
	for _, k := range keys {
		text := k.text
		if text == "" {
			text = "(place " + strconv.Itoa(k.position) + ")"
		}
		out = append(out, text+[]string{" ASC", " DESC"}[boolInt(k.descending)]+[]string{" NULLS LAST", " NULLS FIRST"}[boolInt(k.nullsFirst)])
	}
	return list(out)
}

func (p *planner) selectBody(b *selectBody) *PlanNode {
	p.prunable(b)
	n := step("Values")
	if b.from != nil {
		n = p.relation(b.from)
	} else {
		n.say("rows", "1")
	}
	if b.where != nil {
		n = step("Filter", n)
		n.say("filterPredicate", b.words.where)
		p.under(n, b.where)
	}
	if g := b.group; g != nil {
		n = p.aggregate(b, g, n)
	}
	if b.having != nil {
		n = step("Filter", n)
		n.say("filterPredicate", b.words.having)
		p.under(n, b.having)
	}
	if calls := windowsOf(b.items); len(calls) > 0 {
		n = step("Window", n)
		n.Details = calls
	}
	n = step("Project", n)
	p.under(n, b.items...)
	if b.distinct {
		n = step("Aggregate", n)
		n.say("distinct", "true")
	}
	return n
}

// aggregate is GROUP BY.
func (p *planner) aggregate(b *selectBody, g *grouping, n *PlanNode) *PlanNode {
	n = step("Aggregate", n)
	n.say("keys", list(b.words.keys))
	if g.sets != nil {
		n.say("groupingSets", strconv.Itoa(len(g.sets)))
	}
	var inside []node
	for _, agg := range g.aggregates {
		n.Details = append(n.Details, agg.text)
		inside = append(inside, agg)
	}
	p.under(n, append(inside, g.keys...)...)
	return n
}

// under puts the subqueries of expressions below a step, beside its source.
func (p *planner) under(n *PlanNode, expressions ...node) {
	for _, x := range expressions {
		rewrite(x, func(x node) node {
			if s, ok := x.(*subquery); ok {
				sub := step("Subquery", p.query(s.query))
				sub.Outputs = columnsOf(s.query.columns)
				n.Children = append(n.Children, sub)
				return x
			}
			return nil
		})
	}
}

// windowsOf are the calls of window functions in expressions.
func windowsOf(items []node) []string {
	var calls []string
	for _, x := range items {
		rewrite(x, func(x node) node {
			if w, ok := x.(*window); ok && w.text != "" && !slices.Contains(calls, w.text) {
				calls = append(calls, w.text)
			}
			if _, ok := x.(*subquery); ok {
				return x
			}
			return nil
		})
	}
	return calls
}

func (p *planner) relation(r *relation) *PlanNode {
	var n *PlanNode
	switch r.kind {
	case joinRelation:
		return p.join(r)
	case queryRelation:
		n = p.query(r.query)
	case cteRelation:
		n = step("NamedQueryScan")
		n.say("name", r.cte.shown)
		n.Outputs = columnsOf(r.cte.query.columns)
	default:
		n = p.scan(r)
	}
	if r.sample != "" {
		n = step("Sample", n)
		n.Outputs = n.Children[0].Outputs
		n.say("method", strings.TrimSuffix(r.sample, " PERCENT)")+")")
	}
	return n
}

func (p *planner) scan(r *relation) *PlanNode {
	n := step("TableScan")
	n.Table = p.tables[p.of] + r.table
	if f := p.of.Tables[r.table].AsOf; f != nil {
		n = step("TableFunction", p.part(f.Labels))
		n.AsOf, n.About = f, f.words()
		for i, c := range f.Columns {
			n.Outputs = append(n.Outputs, PlanColumn{lower(c.Name), r.columns[i].t.String()})
		}
		return n
	}
	for i, c := range r.columns {
		if p.used[r][i] {
			n.Outputs = append(n.Outputs, PlanColumn{c.name, c.t.String()})
		}
	}
	if terms := p.terms[r]; len(terms) > 0 {
		n.say("constraint", strings.Join(terms, " AND "))
	}
	return n
}

func (p *planner) join(r *relation) *PlanNode {
	n := step(r.join[:1]+strings.ToLower(r.join[1:])+"Join", p.relation(r.left), p.relation(r.right))
	if r.right.lateral {
		n.say("correlated", "true")
	}
	if r.on != nil {
		n.say("criteria", r.text)
		p.under(n, r.on)
	}
	n.Outputs = slices.Concat(n.Children[0].Outputs, n.Children[1].Outputs)
	return n
}

// prunable finds the terms of WHERE that compare a column of a table with a constant: what the statistics of
// a Parquet file exclude is not read. Below an outer join only its outer side is cut so.
func (p *planner) prunable(b *selectBody) {
	cut := map[*relation]bool{}
	var look func(r *relation)
	look = func(r *relation) {
		switch {
		case r == nil:
		case r.kind == baseRelation && r.sample == "":
			cut[r] = true
		case r.kind == joinRelation:
			if r.join != "RIGHT" && r.join != "FULL" {
				look(r.left)
			}
			if r.join != "LEFT" && r.join != "FULL" {
				look(r.right)
			}
		}
	}
	look(b.from)
	for _, t := range b.words.terms {
		if c := comparedColumn(t.n); c != nil && cut[c.rel] && !c.rel.converted[c.index] {
			p.terms[c.rel] = append(p.terms[c.rel], t.text)
		}
	}
}

// comparedColumn is the column of a table that a condition compares with constants; nil if it is no such
// condition.
func comparedColumn(n node) *column {
	var c node
	switch n := n.(type) {
	case *compare:
		switch {
		case strings.Contains(n.op, "DISTINCT") || n.op == "<>":
			return nil
		case constant(n.right):
			c = n.left
		case constant(n.left):
			c = n.right
		}
	case *inList:
		if c = n.arg; n.not || slices.ContainsFunc(n.items, func(i node) bool { return !constant(i) }) {
			return nil
		}
	}
	found, ok := c.(*column)
	if !ok || found.rel.kind != baseRelation {
		return nil
	}
	return found
}

// constant tells whether an expression is a literal, as it is or made another type.
func constant(n node) bool {
	switch n := n.(type) {
	case *literal:
		return !n.null
	case *cast:
		return n.implicit && constant(n.arg)
	}
	return false
}

// String is the step without its children: Name[a = b, …].
func (n *PlanNode) String() string {
	parts := make([]string, len(n.About))
	for i, a := range n.About {
		parts[i] = a[0] + " = " + oneSpace(a[1])
	}
	return fmt.Sprintf("%s%s", n.Name, list(parts))
}

// oneSpace writes a text of several lines in one.
func oneSpace(text string) string { return strings.Join(strings.Fields(text), " ") }
