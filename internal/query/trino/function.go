package trino

import (
	"fmt"
	"slices"
	"strings"
)

// A function is a line of the tables: nothing that is not in them is ever emitted.
type function struct {
	name   string
	params string // shapes of types by commas (see shape); … after the last repeats it
	result string // a shape, or $n for the type of argument n
	// tmpl is how the engine writes it; see emitter.fill.
	tmpl string
	doc  string
	kind functionKind
	// instants hands times with a zone over as instants in UTC. Else they come as what the clocks of
	// their zone show, and a result with a zone is read so.
	instants bool
	// comparable and orderable are the type variables whose types must be that.
	comparable, orderable string
	// check decides, of the arguments as analysed, what the table cannot say: a result type, a
	// template, a refusal.
	check func(c *checking) error
}

type functionKind int

const (
	scalarFunction functionKind = iota
	aggregateFunction
	windowFunction
)

// A checking is what a function's check looks at and may change.
type checking struct {
	name   string
	at     pos
	args   []node
	result Type
	tmpl   string
}

// text is argument i if it is a constant varchar.
func (c *checking) text(i int) (string, bool) {
	l, ok := c.args[i].(*literal)
	if !ok || l.null || l.t.Kind != Varchar {
		return "", false
	}
	return l.text, true
}

// constant is argument i, which must be a constant varchar.
func (c *checking) constant(i int, what string) (string, error) {
	s, ok := c.text(i)
	if !ok {
		return "", c.fail("NOT_SUPPORTED", "%s of %s must be a constant", what, c.name)
	}
	return s, nil
}

func (c *checking) fail(code, format string, args ...any) error {
	return &Error{code, c.at.line, c.at.column, fmt.Sprintf(format, args...)}
}

// paramList parts the params at their commas.
func (f *function) paramList() (list []string, repeat bool) {
	if f.params == "" {
		return nil, false
	}
	list = splitShapes(f.params)
	last := len(list) - 1
	list[last], repeat = strings.CutSuffix(list[last], "…")
	return list, repeat
}

// signature is how messages and docs/sql.md show the function.
func (f *function) signature() string {
	s := shapeWords.Replace(strings.ReplaceAll(f.params, ",", ", "))
	s = f.name + "(" + s + ")"
	for _, v := range f.comparable {
		s += " " + string(v) + ":comparable"
	}
	for _, v := range f.orderable {
		s += " " + string(v) + ":orderable"
	}
	return s
}

// shapeWords are the shapes' words as Trino says them.
var shapeWords = strings.NewReplacer("timestamptz", "timestamp with time zone", "any", "T", "interval day", "interval day to second", "interval year", "interval year to month")

// A binding is what the arguments of a call make of a function's shapes.
type binding struct {
	fn     *function
	shapes []shape // one an argument
	vars   map[string]Type
}

// match finds the types of the variables; ok is false if the arguments do not fit. exact is whether
// nothing needs coercion. Lambdas are only counted: their bodies are not analysed yet.
func (f *function) match(args []node) (b *binding, exact, ok bool) {
	params, repeat := f.paramList()
	if len(args) < len(params) || len(args) > len(params) && !repeat {
		return nil, false, false
	}
	b = &binding{fn: f, vars: map[string]Type{}}
	for i, a := range args {
		s := parseShape(params[min(i, len(params)-1)])
		b.shapes = append(b.shapes, s)
		l, isLambda := a.(*pendingLambda)
		switch {
		case isLambda != (s.word == "function"), isLambda && len(l.x.params) != len(s.args)-1:
			return nil, false, false
		case !isLambda && !s.unify(a.typ(), b.vars):
			return nil, false, false
		}
	}
	exact = true
	for i, a := range args {
		if b.shapes[i].word == "function" {
			continue
		}
		t, ok := b.shapes[i].target(a.typ(), b.vars)
		if !ok || !coerces(a.typ(), t) {
			return nil, false, false
		}
		exact = exact && a.typ().Equal(t)
	}
	return b, exact, b.constrained()
}

// constrained tells whether the variables have types that the function takes.
func (b *binding) constrained() bool {
	for _, v := range b.fn.comparable {
		if !comparableType(b.vars[string(v)]) {
			return false
		}
	}
	for _, v := range b.fn.orderable {
		if !orderable(b.vars[string(v)]) {
			return false
		}
	}
	return true
}

// coerce gives the arguments, whose lambdas are analysed, the types that the function wants.
func (b *binding) coerce(args []node) (types []Type) {
	for i, s := range b.shapes {
		if l, ok := args[i].(*lambda); ok {
			if t, ok := s.args[len(s.args)-1].target(l.body.typ(), b.vars); ok {
				l.body = coerce(l.body, t)
			}
			types = append(types, l.body.typ())
			continue
		}
		t, _ := s.target(args[i].typ(), b.vars)
		args[i] = coerce(args[i], t)
		types = append(types, t)
	}
	return types
}

// resultType is what the table's result means for arguments of these types.
func (b *binding) resultType(types []Type) Type {
	switch r := b.fn.result; {
	case strings.HasPrefix(r, "$"):
		return types[r[1]-'1']
	case r == "decimal":
		return types[0] // until check says better
	case r == "element":
		return types[0].Elements[0]
	case r == "array":
		return Type{Kind: Array, Elements: []Type{types[0]}}
	default:
		t, _ := parseShape(r).target(Type{}, b.vars)
		return t
	}
}

// overloads are the functions of a name, in the order of the tables.
func overloads(name string) []*function {
	var out []*function
	for _, table := range functionTables() {
		for i := range table.functions {
			if table.functions[i].name == name {
				out = append(out, &table.functions[i])
			}
		}
	}
	return out
}

// choose finds the overload for the arguments: one that fits as they are, else the first that fits
// after coercion. The tables have the narrower types first.
func choose(at pos, name string, args []node) (*binding, error) {
	candidates := overloads(name)
	if name == "concat" && len(args) == 2 && (args[0].typ().Kind == Unknown) != (args[1].typ().Kind == Unknown) {
		candidates = slices.DeleteFunc(candidates, func(f *function) bool { return !strings.Contains(f.params, "array") })
	}
	if len(candidates) == 0 {
		return nil, &Error{"FUNCTION_NOT_FOUND", at.line, at.column, "Function '" + name + "' not registered"}
	}
	var found *binding
	for _, f := range candidates {
		b, exact, ok := f.match(args)
		if ok && exact {
			return b, nil
		}
		if ok && found == nil {
			found = b
		}
	}
	if found == nil {
		return nil, noOverload(at, name, candidates, args)
	}
	return found, nil
}

// noOverload is the error of arguments that no overload takes.
func noOverload(at pos, name string, candidates []*function, args []node) error {
	var have, expected []string
	for _, a := range args {
		if l, ok := a.(*pendingLambda); ok {
			have = append(have, "("+strings.TrimPrefix(strings.Repeat(", unknown", len(l.x.params)), ", ")+") -> unknown")
			continue
		}
		have = append(have, a.typ().String())
	}
	for _, f := range candidates {
		if s := f.signature(); !slices.Contains(expected, s) {
			expected = append(expected, s)
		}
	}
	msg := fmt.Sprintf("Unexpected parameters (%s) for function %s. Expected: %s", strings.Join(have, ", "), name, strings.Join(expected, ", "))
	return &Error{"FUNCTION_NOT_FOUND", at.line, at.column, msg}
}
