package trino

import "strings"

// Translate analyses q over the tables of schema and emits it. Its errors are *Error, or what
// schema returned.
func Translate(q *Query, session Session, schema Schema) (*Translation, error) {
	_, t, err := analysed(q, session, schema)
	return t, err
}

func analysed(q *Query, session Session, schema Schema) (*query, *Translation, error) {
	a := &analyser{session: session, schema: schema, text: q.text, byName: map[string]int{}}
	if err := a.bindParameters(q); err != nil {
		return nil, nil, err
	}
	root, err := a.query(q.root, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	if err := a.bringOuter(root); err != nil {
		return nil, nil, err
	}
	t := &Translation{Tables: a.tables, Repeatable: !a.unrepeatable}
	for i, c := range root.columns {
		t.Columns = append(t.Columns, ResultColumn{header(c.name, i), c.t, c.name == ""})
	}
	t.SQL = emit(root)
	if strings.Contains(t.SQL, tooLarge) || len(t.SQL) > 2*maxEmitted {
		return nil, nil, tooDeep(q.root.pos)
	}
	if found := findNewest(root, a.tables); len(found) > 0 {
		t.Spare, t.Placed = t.SQL, make([]bool, len(t.Tables))
		for _, n := range found {
			n.body.newest = n.item + 1
			t.Placed[n.table.table] = true
		}
		t.SQL = emit(root)
	}
	return root, t, nil
}
