package trino

import "strconv"

func (a *analyser) array(x *xArray, e *env) (node, error) {
	nodes, t, err := a.unified(x.items, x.pos, "All ARRAY elements", e)
	if err != nil {
		return nil, err
	}
	at := Type{Kind: Array, Elements: []Type{t}}
	return &call{t: at, fn: operator("array"), args: nodes, tmpl: "CAST([$*] AS " + engineType(at) + ")"}, nil
}

// row makes a row whose fields have no names.
func (a *analyser) row(x *xRow, e *env) (node, error) {
	nodes, err := a.exprs(x.items, e)
	if err != nil {
		return nil, err
	}
	return rowOf(nodes), nil
}

func rowOf(nodes []node) node {
	t := Type{Kind: Row, Fields: make([]string, len(nodes))}
	for _, n := range nodes {
		t.Elements = append(t.Elements, n.typ())
	}
	return &call{t: t, fn: operator("row"), args: nodes, tmpl: "CAST(row($*) AS " + engineType(t) + ")"}
}

// subscript is an element of an array, the value of a key, or a field of a row.
func (a *analyser) subscript(x *xSubscript, e *env) (node, error) {
	base, index, err := a.pair(x.base, x.index, e)
	if err != nil {
		return nil, err
	}
	t := base.typ()
	switch {
	case t.Kind == Row:
		l, ok := x.index.(*xLiteral)
		if !ok || l.kind != litInteger {
			return nil, fail(x.index.at(), "EXPRESSION_NOT_CONSTANT", "Subscript expression on ROW requires a constant index")
		}
		i, err := strconv.Atoi(l.text)
		if err != nil || i < 1 || i > len(t.Elements) {
			return nil, fail(x.index.at(), "INVALID_FUNCTION_ARGUMENT", "ROW index out of bounds: %s", l.text)
		}
		return fieldAt(base, i-1), nil
	case t.Kind == Array && (index.typ().isInteger() || index.typ().Kind == Unknown):
		return &call{t: t.Elements[0], fn: operator("subscript"), args: []node{base, coerce(index, Type{Kind: Bigint})}}, nil
	case t.Kind == Map && coerces(index.typ(), t.Elements[0]):
		return mapSubscript(base, coerce(index, t.Elements[0])), nil
	}
	return nil, fail(x.pos, "TYPE_MISMATCH", "Cannot use %s for subscript of %s", index.typ(), t)
}

// mapSubscript is the value of a key that must be there.
func mapSubscript(base, key node) node {
	t := base.typ()
	message := "'Key not present in map'"
	if text, ok := textOf(t.Elements[0], "$2"); ok {
		message = "'Key not present in map: ' || " + text
	}
	tmpl := "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN map_contains($1, $2) THEN map_extract_value($1, $2) ELSE error('LARDER:INVALID_FUNCTION_ARGUMENT:' || " + message + ") END"
	return &call{t: t.Elements[1], fn: operator("subscript"), args: []node{base, key}, tmpl: tmpl}
}
