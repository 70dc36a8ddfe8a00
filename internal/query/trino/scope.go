package trino

import "strings"

// A field is a column that a name can mean.
type field struct {
	name   string   // lower case; "" if it has none
	shown  string   // as a star heads it
	parts  []string // of the relation: catalog, database and table, or its alias; lower case
	expr   node     // *column, or what JOIN USING makes of two
	hidden bool     // JOIN USING hides it from * and from its bare name
}

// A scope is what names mean at a place: its fields, then those of the query around.
type scope struct {
	fields []*field
	outer  *scope
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

// resolve finds what a name means.
func (s *scope) resolve(x *xColumn) (node, error) {
	last := x.parts[len(x.parts)-1]
	qualifier := x.parts[:len(x.parts)-1]
	for ; s != nil; s = s.outer {
		var found *field
		for _, f := range s.fields {
			if f.name != last.lower() || f.hidden && len(qualifier) == 0 || !f.matches(qualifier) {
				continue
			}
			if found != nil {
				return nil, &Error{"AMBIGUOUS_NAME", x.line, x.column, "Column '" + spell(x.parts) + "' is ambiguous"}
			}
			found = f
		}
		if found != nil {
			return reference(found.expr, x.pos), nil
		}
	}
	return nil, &Error{"COLUMN_NOT_FOUND", x.line, x.column, "Column '" + spell(x.parts) + "' cannot be resolved"}
}

// reference copies what a field means, so that later rewriting of one use leaves the others alone.
func reference(n node, at pos) node {
	switch n := n.(type) {
	case *column:
		return &column{n.rel, n.index, at}
	case *call:
		c := *n
		c.args = nil
		for _, a := range n.args {
			c.args = append(c.args, reference(a, at))
		}
		return &c
	case *cast:
		c := *n
		c.arg = reference(n.arg, at)
		return &c
	}
	return n
}

// spell gives a dotted name as Trino repeats it.
func spell(parts []ident) string {
	var out []string
	for _, p := range parts {
		out = append(out, p.lower())
	}
	return strings.Join(out, ".")
}

// A withScope is the named queries that a table name can mean, the innermost first.
type withScope struct {
	name   string
	cte    *cte
	fields []outColumn
	outer  *withScope
}

func (w *withScope) find(name string) *withScope {
	for ; w != nil; w = w.outer {
		if w.name == name {
			return w
		}
	}
	return nil
}
