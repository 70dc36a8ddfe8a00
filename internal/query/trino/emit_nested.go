package trino

import (
	"strconv"
	"strings"
)

// contains tells whether t or a type inside it is of one of the kinds.
func (t Type) contains(kinds ...Kind) bool {
	for _, k := range kinds {
		if t.Kind == k {
			return true
		}
	}
	for _, e := range t.Elements {
		if e.contains(kinds...) {
			return true
		}
	}
	return false
}

// rebuild writes arg with f of each value inside it, the innermost first, where its type contains one
// of the kinds. Rows get the names of fields that the engine has for them.
func rebuild(arg string, t Type, depth int, kinds []Kind, f func(t Type, value string) string) string {
	if !t.contains(kinds...) {
		return arg
	}
	v := "c" + strconv.Itoa(depth)
	below := func(value string, i int) string { return rebuild(value, t.Elements[i], depth+1, kinds, f) }
	inner := false
	for _, e := range t.Elements {
		inner = inner || e.contains(kinds...)
	}
	switch {
	case t.Kind == Array && inner:
		arg = "list_transform(" + arg + ", lambda " + v + ": " + below(v, 0) + ")"
	case t.Kind == Map && inner:
		entries := "list_transform(map_entries(" + arg + "), lambda " + v + ": struct_pack(k := " + below(v+".key", 0) + ", v := " + below(v+".value", 1) + "))"
		arg = "CAST(map_from_entries(" + entries + ") AS " + engineType(t) + ")"
	case t.Kind == Row:
		fields := make([]string, len(t.Elements))
		for i := range t.Elements {
			fields[i] = engineField(i) + " := " + below("struct_extract_at("+v+", "+strconv.Itoa(i+1)+")", i)
		}
		arg = "list_transform([" + arg + "], lambda " + v + ": CASE WHEN " + v + " IS NOT NULL THEN struct_pack(" + strings.Join(fields, ", ") + ") END)[1]"
	}
	return f(t, arg)
}

// stored writes a column of a table as the emitted SQL wants it: rows with the engine's names of
// fields, char without blanks at its end.
func stored(arg string, t Type) string {
	return rebuild(arg, t, 0, []Kind{Row, Char}, func(t Type, value string) string {
		if t.Kind == Char {
			return "rtrim(" + value + ", ' ')"
		}
		return value
	})
}

// canonical orders the entries of maps, so that equal maps are the same to the engine.
func canonical(n node) node {
	t := n.typ()
	if !t.contains(Map) {
		return n
	}
	tmpl := rebuild("$1", t, 0, []Kind{Map}, func(t Type, value string) string {
		if t.Kind == Map {
			return "CAST(map_from_entries(list_sort(map_entries(" + value + "))) AS " + engineType(t) + ")"
		}
		return value
	})
	return &call{t: t, fn: operator("= <> < <= > >="), args: []node{n}, tmpl: tmpl}
}

// nestedComparison compares values that hold others as Trino does: a NULL inside makes = unknown
// unless another place differs, and < an error.
func nestedComparison(op string, l, r node, t Type) node {
	boolean := Type{Kind: Boolean}
	fn := operator("= <> < <= > >=")
	switch op {
	case distinct, notDistinct:
		return &compare{op, canonical(l), canonical(r)}
	case "=":
		return &call{t: boolean, fn: fn, args: []node{l, r}, tmpl: equalTemplate("$1", "$2", t, 0)}
	case "<>":
		return &call{t: boolean, fn: fn, args: []node{l, r}, tmpl: "(NOT " + equalTemplate("$1", "$2", t, 0) + ")"}
	}
	what := strings.ToUpper(kindNames[t.Kind])
	message := map[Kind]string{Array: "ARRAY comparison not supported for arrays with null elements", Row: "ROW comparison not supported for fields with null elements"}[t.Kind]
	if message == "" {
		message = what + " comparison is not supported"
	}
	tmpl := "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN " + hasNull("$1", t, 0) + " OR " + hasNull("$2", t, 0) +
		" THEN error('LARDER:NOT_SUPPORTED:" + message + "') ELSE ($1 " + op + " $2) END"
	return &call{t: boolean, fn: fn, args: []node{l, r}, tmpl: tmpl}
}

// equalTemplate writes a = b with three values.
func equalTemplate(a, b string, t Type, depth int) string {
	v := "e" + strconv.Itoa(depth)
	switch t.Kind {
	case Row:
		terms := make([]string, len(t.Elements))
		for i, e := range t.Elements {
			at := ", " + strconv.Itoa(i+1) + ")"
			terms[i] = equalTemplate("struct_extract_at("+a+at, "struct_extract_at("+b+at, e, depth+1)
		}
		return "(" + strings.Join(terms, " AND ") + ")"
	case Array:
		each := "list_transform(range(1, len(" + a + ") + 1), lambda " + v + ": " + equalTemplate(a+"["+v+"]", b+"["+v+"]", t.Elements[0], depth+1) + ")"
		return "CASE WHEN " + a + " IS NULL OR " + b + " IS NULL THEN NULL WHEN len(" + a + ") <> len(" + b + ") THEN FALSE ELSE " + allTrue(each, v) + " END"
	case Map:
		value := equalTemplate(v+".value", "map_extract_value("+b+", "+v+".key)", t.Elements[1], depth+1)
		each := "list_transform(map_entries(" + a + "), lambda " + v + ": CASE WHEN map_contains(" + b + ", " + v + ".key) THEN " + value + " ELSE FALSE END)"
		return "CASE WHEN " + a + " IS NULL OR " + b + " IS NULL THEN NULL WHEN cardinality(" + a + ") <> cardinality(" + b + ") THEN FALSE ELSE " + allTrue(each, v) + " END"
	}
	return "(" + a + " = " + b + ")"
}

// allTrue writes the conjunction of a list of booleans with three values.
func allTrue(list, v string) string {
	return "list_transform([" + list + "], lambda " + v + "s: CASE WHEN list_contains(" + v + "s, FALSE) THEN FALSE WHEN list_count(" + v + "s) < len(" + v + "s) THEN NULL ELSE TRUE END)[1]"
}

// hasNull writes whether a NULL is inside a, which is not NULL itself.
func hasNull(a string, t Type, depth int) string {
	v := "e" + strconv.Itoa(depth)
	switch t.Kind {
	case Row:
		var terms []string
		for i, e := range t.Elements {
			f := "struct_extract_at(" + a + ", " + strconv.Itoa(i+1) + ")"
			terms = append(terms, f+" IS NULL")
			if e.isNested() {
				terms = append(terms, hasNull(f, e, depth+1))
			}
		}
		return "(" + strings.Join(terms, " OR ") + ")"
	case Array:
		if e := t.Elements[0]; e.isNested() {
			return "coalesce(list_contains(list_transform(" + a + ", lambda " + v + ": " + v + " IS NULL OR " + hasNull(v, e, depth+1) + "), TRUE), FALSE)"
		}
		return "(list_count(" + a + ") < len(" + a + "))"
	}
	return "FALSE"
}
