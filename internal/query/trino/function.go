package trino

import (
	"fmt"
	"strings"
)

// A function is a line of the tables: nothing that is not in them is ever emitted.
type function struct {
	name   string
	params string // names of types, by commas; T stands for any one type, any for whatever check lets in, … after the last repeats it
	result string // name of a type; T, or $n for the type of argument n
	// tmpl is how the engine writes it: $1, $2, … stand for the arguments, $* for all of them.
	tmpl string
	doc  string
	kind functionKind
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

// paramTypes are the names of types in the tables.
var paramTypes = map[string]Type{
	"boolean": {Kind: Boolean}, "tinyint": {Kind: Tinyint}, "smallint": {Kind: Smallint}, "integer": {Kind: Integer}, "bigint": {Kind: Bigint},
	"real": {Kind: Real}, "double": {Kind: Double}, "varchar": {Kind: Varchar}, "varbinary": {Kind: Varbinary}, "date": {Kind: Date},
	"timestamp": {Kind: Timestamp, Precision: 3}, "timestamptz": {Kind: TimestampTZ, Precision: 3},
	"interval day": {Kind: IntervalDay}, "interval year": {Kind: IntervalMonth}, "unknown": {},
}

func (f *function) paramList() (list []string, repeat bool) {
	if f.params == "" {
		return nil, false
	}
	list = strings.Split(f.params, ",")
	last := len(list) - 1
	list[last], repeat = strings.CutSuffix(list[last], "…")
	return list, repeat
}

// signature is how messages and docs/sql.md show the function.
func (f *function) signature() string {
	s := strings.NewReplacer(",", ", ", "timestamptz", "timestamp with time zone", "any", "T").Replace(f.params)
	return f.name + "(" + s + ")"
}

// match gives the types that the arguments are coerced to; ok is false if they do not fit. exact
// is whether nothing needs coercion.
func (f *function) match(args []node) (types []Type, exact, ok bool) {
	params, repeat := f.paramList()
	if len(args) < len(params) || len(args) > len(params) && !repeat {
		return nil, false, false
	}
	var common Type
	at := func(i int) string { return params[min(i, len(params)-1)] }
	for i, a := range args {
		if at(i) == "T" {
			if common, ok = commonType(common, a.typ()); !ok {
				return nil, false, false
			}
		}
	}
	exact = true
	for i, a := range args {
		want, t := at(i), a.typ()
		switch want {
		case "T":
			types = append(types, common)
			exact = exact && t.Equal(common)
			continue
		case "decimal":
			if t.isInteger() {
				exact, t = false, t.asDecimal()
			}
			if t.Kind != Decimal {
				return nil, false, false
			}
			types = append(types, t)
			continue
		case "any":
			types = append(types, t) // check looks at it
			continue
		case "array":
			if t.Kind != Array {
				return nil, false, false
			}
			types = append(types, t)
			continue
		}
		w := paramTypes[want]
		if t.Kind == Varchar && w.Kind == Varchar {
			types = append(types, t)
			continue
		}
		if !coerces(t, w) {
			return nil, false, false
		}
		exact = exact && t.Equal(w)
		types = append(types, w)
	}
	return types, exact, true
}

// resultType is what the table's result means for arguments of these types.
func (f *function) resultType(types []Type) Type {
	switch {
	case f.result == "T":
		params, _ := f.paramList()
		for i, p := range params {
			if p == "T" {
				return types[i]
			}
		}
	case strings.HasPrefix(f.result, "$"):
		return types[f.result[1]-'1']
	case f.result == "decimal":
		return types[0] // until check says better
	case f.result == "element":
		return types[0].Elements[0]
	case f.result == "array":
		return Type{Kind: Array, Elements: []Type{types[0]}}
	}
	return paramTypes[f.result]
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
func choose(at pos, name string, args []node) (*function, []Type, error) {
	candidates := overloads(name)
	if len(candidates) == 0 {
		return nil, nil, &Error{"FUNCTION_NOT_FOUND", at.line, at.column, "Function '" + name + "' not registered"}
	}
	var found *function
	var types []Type
	var expected []string
	for _, f := range candidates {
		ts, exact, ok := f.match(args)
		if ok && (exact || found == nil) {
			found, types = f, ts
			if exact {
				return found, types, nil
			}
		}
		expected = append(expected, f.signature())
	}
	if found == nil {
		var have []string
		for _, a := range args {
			have = append(have, a.typ().String())
		}
		msg := fmt.Sprintf("Unexpected parameters (%s) for function %s. Expected: %s", strings.Join(have, ", "), name, strings.Join(expected, ", "))
		return nil, nil, &Error{"FUNCTION_NOT_FOUND", at.line, at.column, msg}
	}
	return found, types, nil
}
