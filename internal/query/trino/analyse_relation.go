package trino

import "strings"

func lower(s string) string { return strings.ToLower(s) }

// catalogName is the one catalog.
const catalogName = "awsdatacatalog"

func (a *analyser) relation(x xRelation, outer *scope, with *withScope) (*relation, []*field, error) {
	if a.depth++; a.depth > 8*maxDepth {
		return nil, nil, tooDeep(x.at())
	}
	defer func() { a.depth-- }()
	switch x := x.(type) {
	case *xTable:
		return a.table(x, with)
	case *xDerived:
		return a.derivedTable(x, outer, with)
	case *xUnnest:
		return a.unnest(x, outer, with)
	case *xLateral:
		return a.lateral(x, outer, with)
	case *xFunction:
		return a.function(x, with)
	case *xJoin:
		return a.join(x, outer, with)
	case *xSample:
		return a.sample(x, outer, with)
	}
	return nil, nil, fail(x.at(), "NOT_SUPPORTED", "this form of relation is not supported")
}

// aliased gives fields the name and the columns of an alias.
func aliased(fields []*field, alias *ident, names []ident, p pos) ([]*field, error) {
	if alias == nil {
		return fields, nil
	}
	var shown []*field
	for _, f := range fields {
		c := *f
		c.parts = []string{alias.lower()}
		shown = append(shown, &c)
	}
	if names == nil {
		return shown, nil
	}
	if len(names) != len(shown) {
		return nil, fail(p, "MISMATCHED_COLUMN_ALIASES", "Column alias list has %d entries but '%s' has %d columns available", len(names), alias.lower(), len(shown))
	}
	for i, n := range names {
		shown[i].name, shown[i].shown = n.lower(), n.text
	}
	return shown, nil
}

func (a *analyser) table(x *xTable, with *withScope) (*relation, []*field, error) {
	if w := with.find(x.name[0].lower()); w != nil && len(x.name) == 1 {
		if err := a.fetch(w, x.pos); err != nil {
			return nil, nil, err
		}
		r := a.reference(w.cte, w.fields)
		fields, err := aliased(fieldsOf(r, w.fields, []string{w.name}), x.alias, x.columns, x.pos)
		return r, fields, err
	}
	place, view, err := a.lookup(x)
	if err != nil {
		return nil, nil, err
	}
	if view != nil {
		return a.view(view, x)
	}
	t := a.tables[place]
	r := &relation{kind: baseRelation, alias: a.fresh("t"), table: place, instants: map[int][2]bool{}, converted: map[int]bool{}}
	var fields []*field
	for i, c := range t.Columns {
		// A type that is not known fails where the column is used, not where the table is.
		typ, ok := hiveType(c.HiveType)
		if !ok {
			typ = Type{Kind: opaque}
		}
		r.columns = append(r.columns, relColumn{lower(c.Name), typ, &origin{t, i}})
		fields = append(fields, &field{name: lower(c.Name), shown: lower(c.Name), parts: namesOf(x.name), expr: &column{rel: r, index: i}})
	}
	fields, err = aliased(fields, x.alias, x.columns, x.pos)
	return r, fields, err
}

func (a *analyser) derivedColumns(columns []outColumn) []relColumn {
	return a.derived(&query{columns: columns}).columns
}

// lookup finds a table by its name and gives its place among those of the statement, or the view that has the
// name.
func (a *analyser) lookup(x *xTable) (place int, view *Table, err error) {
	catalog, database := lower(a.session.Catalog), lower(a.session.Database)
	if catalog == "" {
		catalog = catalogName
	}
	switch n := len(x.name); {
	case n > 3:
		return 0, nil, fail(x.pos, "SYNTAX_ERROR", "Too many dots in table name: %s", spell(x.name))
	case n == 3:
		catalog = x.name[0].lower()
		fallthrough
	case n == 2:
		database = x.name[n-2].lower()
	}
	name := x.name[len(x.name)-1].lower()
	if database == "" {
		return 0, nil, fail(x.pos, "MISSING_SCHEMA_NAME", "Schema must be specified when session schema is not set")
	}
	if catalog != catalogName {
		return 0, nil, fail(x.pos, "CATALOG_NOT_FOUND", "Catalog '%s' not found", catalog)
	}
	full := catalog + "." + database + "." + name
	if i, ok := a.byName[full]; ok {
		return i, nil, nil
	}
	t, err := a.schema.Table(catalog, database, name)
	if err != nil {
		return 0, nil, err
	}
	if t == nil {
		return 0, nil, fail(x.pos, "TABLE_NOT_FOUND", "Table '%s' does not exist", full)
	}
	own := *t
	own.Catalog, own.Database, own.Name = catalog, database, name
	if own.View != nil {
		return 0, &own, nil
	}
	a.tables = append(a.tables, &own)
	a.byName[full] = len(a.tables) - 1
	return len(a.tables) - 1, nil, nil
}

func (a *analyser) derivedTable(x *xDerived, outer *scope, with *withScope) (*relation, []*field, error) {
	if x.query == nil {
		r, fields, err := a.relation(x.relation, outer, with)
		if err != nil {
			return nil, nil, err
		}
		fields, err = aliased(fields, x.alias, x.columns, x.pos)
		return r, fields, err
	}
	q, err := a.query(x.query, outer.around(), with)
	if err != nil {
		return nil, nil, err
	}
	r := a.derived(q)
	fields, err := aliased(fieldsOf(r, q.columns, nil), x.alias, x.columns, x.pos)
	return r, fields, err
}

func (a *analyser) sample(x *xSample, outer *scope, with *withScope) (*relation, []*field, error) {
	r, fields, err := a.relation(x.relation, outer, with)
	if err != nil {
		return nil, nil, err
	}
	p, err := a.expr(x.percent, &env{clause: "TABLESAMPLE", constant: true})
	if err != nil {
		return nil, nil, err
	}
	l, ok := p.(*literal)
	if !ok || !l.t.isNumber() || l.null {
		return nil, nil, fail(x.percent.at(), "TYPE_MISMATCH", "Sample percentage should be a numeric constant")
	}
	percent, ok := percentage(l.text)
	if !ok {
		return nil, nil, fail(x.percent.at(), "NUMERIC_VALUE_OUT_OF_RANGE", "Sample percentage must be between 0 and 100, inclusive")
	}
	if r.kind == joinRelation {
		return nil, nil, fail(x.pos, "NOT_SUPPORTED", "TABLESAMPLE of a join is not supported")
	}
	a.unrepeatable = true
	r.sample = x.method + "(" + percent + " PERCENT)"
	return r, fields, nil
}

func (a *analyser) join(x *xJoin, outer *scope, with *withScope) (*relation, []*field, error) {
	left, lf, err := a.relation(x.left, outer, with)
	if err != nil {
		return nil, nil, err
	}
	if err := lateralJoin(x); err != nil {
		return nil, nil, err
	}
	right, rf, err := a.rightOf(x, lf, outer, with)
	if err != nil {
		return nil, nil, err
	}
	r := &relation{kind: joinRelation, left: left, right: right, join: x.kind}
	if x.using != nil {
		fields, err := a.using(x, r, lf, rf)
		return r, fields, err
	}
	fields := append(append([]*field(nil), lf...), rf...)
	if x.on != nil {
		e := &env{scope: &scope{fields: fields, outer: outer.around()}, with: with, clause: "JOIN clause"}
		on, err := a.expr(x.on, e)
		if err != nil {
			return nil, nil, err
		}
		if on.typ().Kind != Boolean && on.typ().Kind != Unknown {
			return nil, nil, fail(x.on.at(), "TYPE_MISMATCH", "JOIN ON clause must evaluate to a boolean: actual type %s", on.typ())
		}
		r.on, r.text = coerce(on, Type{Kind: Boolean}), a.source(x.on.at())
	}
	return r, fields, nil
}

// rightOf analyses the right side of a join, which sees the left one unless the join keeps all rows of the right.
func (a *analyser) rightOf(x *xJoin, left []*field, outer *scope, with *withScope) (*relation, []*field, error) {
	siblings := &scope{fields: left, outer: outer, siblings: true}
	if x.kind != "RIGHT" && x.kind != "FULL" {
		return a.relation(x.right, siblings, with)
	}
	siblings.refused = x.kind
	r, fields, err := a.relation(x.right, siblings, with)
	if err == nil {
		r.lateral = false
	}
	return r, fields, err
}

// using joins by columns of the same name; each is one column of the result, ahead of the others.
func (a *analyser) using(x *xJoin, r *relation, lf, rf []*field) ([]*field, error) {
	used := map[*field]bool{}
	var first []*field
	var terms []node
	for _, name := range x.using {
		l, err := oneField(lf, name, "left")
		if err != nil {
			return nil, err
		}
		rt, err := oneField(rf, name, "right")
		if err != nil {
			return nil, err
		}
		used[l], used[rt] = true, true
		t, ok := commonType(l.expr.typ(), rt.expr.typ())
		if !ok {
			return nil, fail(name.pos, "TYPE_MISMATCH", "Column types of left and right source of JOIN USING do not match: %s vs %s", l.expr.typ(), rt.expr.typ())
		}
		ln, rn := reference(l.expr, name.pos), reference(rt.expr, name.pos)
		equal, ok := comparison("=", ln, rn)
		if !ok {
			return nil, fail(name.pos, "TYPE_MISMATCH", "Column types of left and right source of JOIN USING do not match: %s vs %s", l.expr.typ(), rt.expr.typ())
		}
		terms = append(terms, equal)
		merged := coerce(reference(l.expr, name.pos), t)
		switch x.kind {
		case "RIGHT":
			merged = coerce(reference(rt.expr, name.pos), t)
		case "FULL":
			merged = &call{t: t, fn: operatorCoalesce(), args: []node{merged, coerce(reference(rt.expr, name.pos), t)}}
		}
		first = append(first, &field{name: name.lower(), shown: l.shown, expr: merged})
	}
	r.on, r.text = conjunction(terms), "USING ("+spellList(x.using)+")"
	fields := first
	for _, f := range append(append([]*field(nil), lf...), rf...) {
		if !used[f] {
			fields = append(fields, f) // the columns that were joined have no other name
		}
	}
	return fields, nil
}

func oneField(fields []*field, name ident, side string) (*field, error) {
	var found *field
	for _, f := range fields {
		if f.name != name.lower() {
			continue
		}
		if found != nil {
			return nil, fail(name.pos, "AMBIGUOUS_NAME", "Column '%s' is ambiguous", name.lower())
		}
		found = f
	}
	if found == nil {
		return nil, fail(name.pos, "COLUMN_NOT_FOUND", "Column '%s' is missing from %s side of join", name.lower(), side)
	}
	return found, nil
}

func conjunction(terms []node) node {
	if len(terms) == 1 {
		return terms[0]
	}
	return &logical{"AND", terms}
}
