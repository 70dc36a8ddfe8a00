package trino

import (
	"fmt"
	"strings"
)

func (e *emitter) nodes(list []node) []string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = e.node(n)
	}
	return out
}

// maxEmitted is the size of an expression beyond which it is cut: such a statement is refused by
// Translate (see tooLarge), because templates that repeat an argument could grow without bound.
const maxEmitted = 4 << 20

func (e *emitter) node(n node) string {
	s := e.write(n)
	if len(s) > maxEmitted {
		return tooLarge
	}
	return s
}

// tooLarge stands for an expression that was cut.
const tooLarge = "error('LARDER:STACK_OVERFLOW:statement is too large')"

func (e *emitter) write(n node) string {
	switch n := n.(type) {
	case *column:
		return n.rel.alias + "." + name(n.rel.columns[n.index].name)
	case *literal:
		return n.sql
	case *call:
		tmpl := n.tmpl
		if tmpl == "" {
			tmpl = n.fn.tmpl
		}
		return e.fill(tmpl, n.args)
	case *cast:
		return e.fill(castTemplate(n.arg.typ(), n.t, n.try, n.implicit), []node{n.arg})
	case *logical:
		return "(" + strings.Join(e.nodes(n.terms), " "+n.op+" ") + ")"
	case *not:
		return "(NOT " + e.node(n.arg) + ")"
	case *isNull:
		return "(" + e.node(n.arg) + []string{" IS NULL)", " IS NOT NULL)"}[boolInt(n.not)]
	case *compare:
		return "(" + e.node(n.left) + " " + n.op + " " + e.node(n.right) + ")"
	case *inList:
		return "(" + e.node(n.arg) + []string{" IN (", " NOT IN ("}[boolInt(n.not)] + strings.Join(e.nodes(n.items), ", ") + "))"
	case *caseOf:
		return e.caseOf(n)
	case *subquery:
		return e.subquery(n)
	case *aggregate:
		return e.aggregate(n)
	case *window:
		return e.window(n)
	case *lambda:
		return e.lambda(n)
	case *lambdaVar:
		if text, ok := e.vars[n.name]; ok {
			return text
		}
		return n.name
	case *instant:
		if c, ok := n.arg.(*column); ok && c.rel.kind == baseRelation {
			return c.rel.alias + "." + instantName(c.index, n.up)
		}
		return e.fill(instantTemplate("$1", n.up), []node{n.arg})
	}
	panic(fmt.Sprintf("no emission of %T", n))
}

func (e *emitter) caseOf(n *caseOf) string {
	var b strings.Builder
	b.WriteString("CASE")
	for _, w := range n.whens {
		b.WriteString(" WHEN " + e.node(w[0]) + " THEN " + e.node(w[1]))
	}
	if n.other != nil {
		b.WriteString(" ELSE " + e.node(n.other))
	}
	b.WriteString(" END")
	return "(" + b.String() + ")"
}

func (e *emitter) subquery(n *subquery) string {
	q := e.query(n.query)
	switch n.kind {
	case existsSubquery:
		return "EXISTS (" + q + ")"
	case compareSubquery:
		return "(" + e.node(n.arg) + " " + n.op + " (" + q + "))"
	}
	return "(" + q + ")"
}

func (e *emitter) aggregate(n *aggregate) string {
	args := e.nodes(n.args)
	distinct, order, over := "", "", ""
	if n.distinct {
		distinct = "DISTINCT "
		if len(args) > 0 && !strings.Contains(n.tmpl, distinctMark) {
			args[0] = distinct + args[0]
		}
	}
	if len(n.order) > 0 {
		order = " ORDER BY " + e.sort(n.order)
	}
	if n.filter != nil {
		over = " FILTER (WHERE " + e.node(n.filter) + ")"
	}
	return e.place(n.tmpl, n.args, args, marks{over, distinct, order})
}

func (e *emitter) window(n *window) string {
	args := e.nodes(n.args)
	over := ""
	if n.filter != nil {
		over = " FILTER (WHERE " + e.node(n.filter) + ")"
	}
	var parts []string
	if len(n.partition) > 0 {
		parts = append(parts, "PARTITION BY "+strings.Join(e.nodes(n.partition), ", "))
	}
	if len(n.order) > 0 {
		parts = append(parts, "ORDER BY "+e.sort(n.order))
	}
	if f := n.frame; f != nil {
		parts = append(parts, f.unit+" BETWEEN "+e.bound(f.start)+" AND "+e.bound(f.end))
	}
	tmpl := n.tmpl
	if n.ignoreNulls {
		tmpl = strings.TrimSuffix(tmpl, ")") + " IGNORE NULLS)" // the templates of these functions end with the call
	}
	return e.place(tmpl, n.args, args, marks{over: over + " OVER (" + strings.Join(parts, " ") + ")"})
}

// bound writes a bound of a frame, whose distance is checked for every row.
func (e *emitter) bound(b bound) string {
	if b.value == nil {
		return b.kind
	}
	return e.node(b.value) + " " + b.kind
}

// place writes the template of an aggregate: FILTER and OVER go behind the call inside it, at its mark, or at its end.
func (e *emitter) place(tmpl string, args []node, texts []string, m marks) string {
	if !strings.Contains(tmpl, overMark) {
		tmpl += overMark
	}
	return e.expandMarked(tmpl, args, texts, &m)
}

// marks are the texts that go in the places of the marks in the template of an aggregate.
type marks struct{ over, distinct, order string }

// at is the text for a byte of a template, if that is a mark. There are none in templates of other functions (nil).
func (m *marks) at(c byte) (text string, ok bool) {
	if m == nil {
		return "", false
	}
	switch string(c) {
	case overMark:
		return m.over, true
	case distinctMark:
		return m.distinct, true
	case orderMark:
		return m.order, true
	}
	return "", false
}

// Marks stand in templates only: what an argument holds of these characters is its own.
const (
	overMark     = "\x00" // where FILTER and OVER go in the template of an aggregate that is wrapped
	distinctMark = "\x01" // where DISTINCT goes, if not before the first argument
	orderMark    = "\x02" // where ORDER BY goes, in those whose result depends on the order of rows
)
