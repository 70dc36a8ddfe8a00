package trino

import (
	"strconv"
	"strings"
)

// A field is a column that a name can mean.
type field struct {
	name  string   // lower case; "" if it has none
	shown string   // as a star heads it
	parts []string // of the relation: its name as the statement gives it, or its alias; lower case
	expr  node     // *column, or what JOIN USING makes of two
}

// A scope is what names mean at a place: its fields, then those of the query around.
type scope struct {
	fields []*field
	outer  *scope
	lambda bool // the fields are the parameters of a lambda
	// siblings are relations earlier in the same FROM, which only lateral relations see.
	siblings bool
	// refused is the kind of the join, RIGHT or FULL, because of which siblings may not be read.
	refused string
}

// around is the scope without what only lateral relations see.
func (s *scope) around() *scope {
	for s != nil && s.siblings {
		s = s.outer
	}
	return s
}

// matches tells whether qualifier, the parts before the column name, means the field's relation.
func (f *field) matches(qualifier []ident) bool {
	if len(qualifier) > len(f.parts) {
		return false
	}
	for i, q := range qualifier {
		if f.parts[len(f.parts)-len(qualifier)+i] != q.lower() {
			return false
		}
	}
	return true
}

// resolve finds what a name means: a column, or, if its first parts name a row, a field of that. A
// column is looked for with as many parts as there are, then with fewer.
func (s *scope) resolve(x *xColumn) (node, error) {
	for n := len(x.parts); n > 0; n-- {
		f, err := s.find(x, x.parts[:n])
		if err != nil {
			return nil, err
		}
		if f == nil {
			continue
		}
		if n < len(x.parts) && f.expr.typ().Kind != Row {
			return nil, fail(x.pos, "TYPE_MISMATCH", "Expression %s is not of type ROW", spell(x.parts[:n]))
		}
		out := reference(f.expr, x.pos)
		for _, name := range x.parts[n:] {
			if out, err = fieldOf(out, name, x.pos); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return nil, &Error{"COLUMN_NOT_FOUND", x.line, x.column, "Column '" + spell(x.parts) + "' cannot be resolved"}
}

// find finds the field that a name means, from the inside out; nil if there is none.
func (s *scope) find(x *xColumn, parts []ident) (*field, error) {
	last, qualifier := parts[len(parts)-1], parts[:len(parts)-1]
	for ; s != nil; s = s.outer {
		var found *field
		for _, f := range s.fields {
			if f.name != last.lower() || !f.matches(qualifier) {
				continue
			}
			if found != nil {
				return nil, &Error{"AMBIGUOUS_NAME", x.line, x.column, "Column '" + spell(x.parts) + "' is ambiguous"}
			}
			found = f
		}
		if found != nil && s.refused != "" {
			return nil, fail(x.pos, "INVALID_COLUMN_REFERENCE", "LATERAL reference not allowed in %s JOIN", s.refused)
		}
		if found != nil {
			return found, nil
		}
	}
	return nil, nil
}

// fieldOf is a field of a row by its name.
func fieldOf(n node, name ident, p pos) (node, error) {
	t := n.typ()
	if t.Kind != Row {
		return nil, fail(p, "TYPE_MISMATCH", "Expression %s is not of type ROW", t)
	}
	found := -1
	for i := range t.Elements {
		if lower(t.fieldName(i)) != name.lower() || t.fieldName(i) == "" {
			continue
		}
		if found >= 0 {
			return nil, fail(p, "AMBIGUOUS_NAME", "Ambiguous row field reference: %s", name.lower())
		}
		found = i
	}
	if found < 0 {
		return nil, fail(p, "COLUMN_NOT_FOUND", "Column '%s' cannot be resolved", name.lower())
	}
	return fieldAt(n, found), nil
}

// fieldAt is field i of a row, from 0.
func fieldAt(n node, i int) node {
	return &call{t: n.typ().Elements[i], fn: operator("row"), args: []node{n}, tmpl: "struct_extract_at($1, " + strconv.Itoa(i+1) + ")"}
}

// reference copies what a field means, so that later rewriting of one use leaves the others alone.
func reference(n node, at pos) node {
	c := clone(n)
	if col, ok := c.(*column); ok {
		col.at = at
		if col.rel.kind == baseRelation && col.typ().contains(Row, Char) {
			col.rel.converted[col.index] = true
		}
	}
	return c
}

// spell gives a dotted name as Trino repeats it.
func spell(parts []ident) string {
	var out []string
	for _, p := range parts {
		out = append(out, p.lower())
	}
	return strings.Join(out, ".")
}

// namesOf are the parts of a name by which a column's table may be called: those that the statement gives it.
func namesOf(parts []ident) []string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = p.lower()
	}
	return out
}

// spellList gives names with commas.
func spellList(names []ident) string {
	var out []string
	for _, n := range names {
		out = append(out, n.lower())
	}
	return strings.Join(out, ", ")
}

// A withScope is the named queries that a table name can mean, the innermost first.
type withScope struct {
	name   string
	cte    *cte // nil: it is to be analysed when it is needed (fetch)
	fields []outColumn
	outer  *withScope
	// text is the query as the statement has it, nil of one that reads itself, within itself.
	text      *xNamed
	recursive bool // its WITH is WITH RECURSIVE
}

func (w *withScope) find(name string) *withScope {
	for ; w != nil; w = w.outer {
		if w.name == name {
			return w
		}
	}
	return nil
}
