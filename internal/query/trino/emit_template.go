package trino

import (
	"strconv"
	"strings"
)

// fill puts the arguments into a template:
//
//	$1, $2, …    an argument; of a lambda, "lambda x: body"
//	$2(a, b)     the body of the lambda that is argument 2, a and b in place of its parameters
//	$*           all arguments, with commas
//	$a … $z      a name for a lambda of the template's own, other than those around it
//
// An argument that stands in it more than once and is long is bound to a name first, by a lambda over
// a list of one: else text, and work, would double at every level.
func (e *emitter) fill(tmpl string, args []node) string {
	texts := e.nodes(args)
	bind := false
	for i, t := range texts {
		_, isLambda := args[i].(*lambda)
		if !isLambda && len(t) > 160 && strings.Count(tmpl, "$"+strconv.Itoa(i+1)) > 1 {
			bind = true
		}
	}
	if !bind {
		return e.expand(tmpl, args, texts)
	}
	v := "larder_x" + strconv.Itoa(e.level)
	var fields []string
	inner := make([]string, len(texts))
	for i, t := range texts {
		switch args[i].(type) {
		case *literal, *lambda:
			inner[i] = t // formats and patterns must stay constants
			continue
		}
		f := "a" + strconv.Itoa(i+1)
		fields = append(fields, f+" := "+t)
		inner[i] = v + "." + f
	}
	below := &emitter{level: e.level + 1, vars: e.vars}
	for i, a := range args {
		if l, ok := a.(*lambda); ok {
			inner[i] = below.node(l)
		}
	}
	return "list_transform([struct_pack(" + strings.Join(fields, ", ") + ")], lambda " + v + ": " + below.expand(tmpl, args, inner) + ")[1]"
}

// expand writes a template whose arguments are written already.
func (e *emitter) expand(tmpl string, args []node, texts []string) string {
	return e.expandMarked(tmpl, args, texts, nil)
}

// expandMarked is expand of a template that, unless m is nil, has the marks of an aggregate.
func (e *emitter) expandMarked(tmpl string, args []node, texts []string, m *marks) string {
	var b strings.Builder
	for i := 0; i < len(tmpl); i++ {
		if text, ok := m.at(tmpl[i]); ok {
			b.WriteString(text)
			continue
		}
		if tmpl[i] != '$' || i+1 == len(tmpl) {
			b.WriteByte(tmpl[i])
			continue
		}
		switch c := tmpl[i+1]; {
		case c >= '1' && c <= '9' && int(c-'1') < len(texts):
			i++
			l, isLambda := args[c-'1'].(*lambda)
			if isLambda && i+1 < len(tmpl) && tmpl[i+1] == '(' {
				end := closing(tmpl, i+1)
				b.WriteString(e.inline(l, tmpl[i+2:end], args, texts))
				i = end
				continue
			}
			b.WriteString(texts[c-'1'])
		case c == '*':
			b.WriteString(strings.Join(texts, ", "))
			i++
		case c >= 'a' && c <= 'z':
			b.WriteString("v_" + string(c) + strconv.Itoa(e.level))
			i++
		default:
			b.WriteByte('$')
		}
	}
	return b.String()
}

// closing is the place of the parenthesis that closes the one at open.
func closing(s string, open int) int {
	depth := 0
	for i := open; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	panic("a template without its closing parenthesis: " + s)
}

// lambda writes a lambda as the engine's functions take it.
func (e *emitter) lambda(l *lambda) string {
	var names []string
	for _, p := range l.params {
		names = append(names, p.name)
	}
	below := &emitter{level: e.level + 1, vars: e.vars}
	return "lambda " + strings.Join(names, ", ") + ": (" + below.node(l.body) + ")"
}

// inline writes the body of a lambda with these values, a list with commas, for its parameters.
func (e *emitter) inline(l *lambda, values string, args []node, texts []string) string {
	below := &emitter{level: e.level + 1, vars: map[string]string{}}
	for name, text := range e.vars {
		below.vars[name] = text
	}
	for i, v := range splitShapes(values) {
		below.vars[l.params[i].name] = e.expand(v, args, texts)
	}
	return "(" + below.node(l.body) + ")"
}
