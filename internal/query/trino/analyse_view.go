package trino

import (
	"errors"
	"slices"
)

// maxViews is how many views may be in one another.
const maxViews = 32

// view analyses the statement of a view anew, in its own session. Its columns have the names that the view
// was made with.
func (a *analyser) view(t *Table, x *xTable) (*relation, []*field, error) {
	full := t.Catalog + "." + t.Database + "." + t.Name
	if slices.Contains(a.views, full) {
		return nil, nil, fail(x.pos, "VIEW_IS_RECURSIVE", "Statement would create a recursive view")
	}
	if len(a.views) == maxViews {
		return nil, nil, tooDeep(x.pos)
	}
	outer := *a
	if len(a.views) == 0 {
		a.viewAt = x.pos
	}
	a.views = append(slices.Clone(a.views), full)
	a.places, a.given = nil, nil // the parameters are of the statement outside
	q, err := a.viewQuery(t.View)
	a.views, a.session, a.text, a.places, a.given = outer.views, outer.session, outer.text, outer.places, outer.given
	var inner *Error
	if errors.As(err, &inner) {
		return nil, nil, fail(x.pos, "INVALID_VIEW", "Failed analyzing stored view '%s': %s", full, inner)
	}
	if err != nil {
		return nil, nil, err
	}
	if len(q.columns) != len(t.Columns) {
		return nil, nil, fail(x.pos, "VIEW_IS_STALE", "View '%s' is stale or in invalid state: its statement has %d columns, the view %d; create it anew", full, len(q.columns), len(t.Columns))
	}
	r := a.derived(q)
	fields := fieldsOf(r, q.columns, namesOf(x.name))
	for i, c := range t.Columns {
		fields[i].name, fields[i].shown = lower(c.Name), lower(c.Name)
	}
	fields, err = aliased(fields, x.alias, x.columns, x.pos)
	return r, fields, err
}

func (a *analyser) viewQuery(v *View) (*query, error) {
	statement, err := Parse(v.SQL)
	if err != nil {
		return nil, err
	}
	s, ok := statement.(*Query)
	if !ok {
		return nil, &Error{"SYNTAX_ERROR", 1, 1, "the statement of the view is not a query"}
	}
	a.session, a.text = v.Session, s.text
	return a.query(s.root, nil, nil)
}
