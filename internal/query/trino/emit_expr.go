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
	text := placeOver(e.expand(n.tmpl, n.args, args), over)
	return strings.NewReplacer(distinctMark, distinct, orderMark, order).Replace(text)
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
	text := e.expand(n.tmpl, n.args, args)
	if n.ignoreNulls {
		text = strings.TrimSuffix(text, ")") + " IGNORE NULLS)" // the templates of these functions end with the call
	}
	text = placeOver(text, over+" OVER ("+strings.Join(parts, " ")+")")
	return strings.NewReplacer(distinctMark, "", orderMark, "").Replace(text)
}

// bound writes a bound of a frame, whose distance is checked for every row.
func (e *emitter) bound(b bound) string {
	if b.value == nil {
		return b.kind
	}
	return e.node(b.value) + " " + b.kind
}

// placeOver puts FILTER and OVER behind the call inside a template: at its mark, or at its end.
func placeOver(s, over string) string {
	if strings.Contains(s, overMark) {
		return strings.ReplaceAll(s, overMark, over)
	}
	return s + over
}

// overMark is where FILTER and OVER go in the template of an aggregate that is wrapped.
const overMark = "\x00"

// distinctMark is where DISTINCT goes in the template of an aggregate, if not before its first argument;
// orderMark is where ORDER BY goes, in those whose result depends on the order of rows.
const (
	distinctMark = "\x01"
	orderMark    = "\x02"
)
