package trino

import "strings"

// A shape is how the tables of functions write a type:
//
//	bigint, varchar, json, …   that type; decimal, varchar, char, time, timestamp and timestamptz of any parameters
//	T                          a capital letter is a variable: the common type of all that it stands for
//	array(T), map(K,V)         over other shapes; array, map and row alone are any of the kind
//	row(T,U)                   a row of so many fields, as a result
//	function(T,U,R)            a lambda of parameters T and U whose body gives R
//	any                        whatever the function's check lets in
type shape struct {
	word string
	args []shape
}

// parseShape reads a shape of the tables, which are ours: what is wrong in them shows in the tests.
func parseShape(s string) shape {
	word, rest, ok := strings.Cut(s, "(")
	out := shape{word: strings.TrimSpace(word)}
	if ok {
		for _, a := range splitShapes(strings.TrimSuffix(rest, ")")) {
			out.args = append(out.args, parseShape(a))
		}
	}
	return out
}

// splitShapes parts a list at the commas outside of parentheses.
func splitShapes(s string) []string {
	var out []string
	depth, begin := 0, 0
	for i, c := range s {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			out = append(out, strings.TrimSpace(s[begin:i]))
			begin = i + 1
		}
	}
	return append(out, strings.TrimSpace(s[begin:]))
}

func (s shape) variable() bool { return len(s.word) == 1 && s.word[0] >= 'A' && s.word[0] <= 'Z' }

// shapeKinds are the words of shapes over others.
var shapeKinds = map[string]Kind{"array": Array, "map": Map, "row": Row}

// shapeTypes are the words of types without parameters, and of those with them what a NULL becomes.
var shapeTypes = map[string]Type{
	"boolean": {Kind: Boolean}, "tinyint": {Kind: Tinyint}, "smallint": {Kind: Smallint}, "integer": {Kind: Integer}, "bigint": {Kind: Bigint},
	"real": {Kind: Real}, "double": {Kind: Double}, "varchar": {Kind: Varchar}, "varbinary": {Kind: Varbinary}, "date": {Kind: Date},
	"char": {Kind: Char, Precision: 1}, "time": {Kind: Time, Precision: 3}, "timestamp": {Kind: Timestamp, Precision: 3}, "timestamptz": {Kind: TimestampTZ, Precision: 3},
	"decimal": {Kind: Decimal, Precision: 1}, "json": {Kind: JSON}, "uuid": {Kind: UUID},
	"interval day": {Kind: IntervalDay}, "interval year": {Kind: IntervalMonth}, "unknown": {},
}

// unify widens the variables of s so that an argument of type t fits; ok is false if it cannot.
func (s shape) unify(t Type, vars map[string]Type) bool {
	if s.variable() {
		c, ok := commonType(vars[s.word], t)
		if ok {
			vars[s.word] = c
		}
		return ok
	}
	kind, nested := shapeKinds[s.word]
	if !nested || t.Kind == Unknown {
		return true // target looks at it
	}
	if t.Kind != kind || s.args != nil && len(s.args) != len(t.Elements) {
		return false
	}
	for i, a := range s.args {
		if !a.unify(t.Elements[i], vars) {
			return false
		}
	}
	return true
}

// target is the type to which an argument of type t is coerced; ok is false if s is not such a type.
func (s shape) target(t Type, vars map[string]Type) (Type, bool) {
	if s.variable() {
		return vars[s.word], true
	}
	if kind, nested := shapeKinds[s.word]; nested {
		return s.nestedTarget(kind, t, vars)
	}
	switch s.word {
	case "any":
		return t, true
	case "decimal":
		if t.isInteger() {
			t = t.asDecimal()
		}
		if t.Kind == Decimal {
			return t, true
		}
	case "char":
		if t.Kind == Varchar {
			c, _ := commonType(t, Type{Kind: Char, Precision: 1})
			return c, true
		}
		if t.Kind == Char {
			return t, true
		}
	case "varchar", "time":
		if t.Kind == shapeTypes[s.word].Kind {
			return t, true
		}
	case "timestamp", "timestamptz":
		w := shapeTypes[s.word]
		if t.Kind == w.Kind {
			return t, true
		}
		if t.Kind == Timestamp {
			w.Precision = t.Precision
		}
		return w, true
	}
	w, ok := shapeTypes[s.word]
	return w, ok
}

func (s shape) nestedTarget(kind Kind, t Type, vars map[string]Type) (Type, bool) {
	if s.args == nil {
		if t.Kind == Unknown && kind != Row {
			return Type{Kind: kind, Elements: make([]Type, kind-Array+1)}, true
		}
		return t, t.Kind == kind
	}
	out := Type{Kind: kind}
	for i, a := range s.args {
		var e Type
		if t.Kind == kind && i < len(t.Elements) {
			e = t.Elements[i]
		}
		w, ok := a.target(e, vars)
		if !ok {
			return out, false
		}
		out.Elements = append(out.Elements, w)
	}
	if kind == Row {
		out.Fields = make([]string, len(out.Elements))
	}
	return out, true
}
