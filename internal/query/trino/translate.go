package trino

import "strings"

// Translate analyses q over the tables of schema and emits it. Its errors are *Error, or what
// schema returned.
func Translate(q *Query, session Session, schema Schema) (*Translation, error) {
	a := &analyser{session: session, schema: schema, text: q.text, byName: map[string]int{}, functions: map[*xFunction]*AsOf{}}
	if err := a.bindParameters(q); err != nil {
		return nil, err
	}
	root, err := a.query(q.root, nil, nil)
	if err != nil {
		return nil, err
	}
	return a.translation(root, q.root.pos)
}

// translation emits an analysed query that stands for itself.
func (a *analyser) translation(root *query, at pos) (*Translation, error) {
	if err := a.bringOuter(root); err != nil {
		return nil, err
	}
	t := &Translation{Tables: a.tables, Repeatable: !a.unrepeatable, root: root}
	for i, c := range root.columns {
		t.Columns = append(t.Columns, ResultColumn{header(c.name, i), c.t, c.name == ""})
	}
	t.SQL = emit(root)
	if strings.Contains(t.SQL, tooLarge) || len(t.SQL) > 2*maxEmitted {
		return nil, tooDeep(at)
	}
	if found := findNewest(root, a.tables); len(found) > 0 {
		t.Spare, t.Placed = t.SQL, make([]bool, len(t.Tables))
		for _, n := range found {
			n.body.newest = n.item + 1
			t.Placed[n.table.table] = true
		}
		t.SQL = emit(root)
	}
	return t, nil
}
