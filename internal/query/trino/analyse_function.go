package trino

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// maxCalls is how many calls of table functions a statement may have: each has a statement of its own, which may repeat
// all named queries.
const maxCalls = 100

// function analyses TABLE(f(…)). The one function is as_of.
func (a *analyser) function(x *xFunction, with *withScope) (*relation, []*field, error) {
	switch name := spell(x.name); name {
	case "as_of":
	case "sequence":
		return nil, nil, fail(x.pos, "NOT_SUPPORTED", "Table function 'sequence' is not supported; use UNNEST(sequence(start, stop))")
	case "exclude_columns":
		return nil, nil, fail(x.pos, "NOT_SUPPORTED", "Table function 'exclude_columns' is not supported; name the columns that are wanted")
	default:
		return nil, nil, fail(x.pos, "FUNCTION_NOT_FOUND", "Table function '%s' not registered", name)
	}
	given, err := arguments(x)
	if err != nil {
		return nil, nil, err
	}
	f := a.functions[x]
	if f == nil {
		if len(a.functions) == maxCalls {
			return nil, nil, fail(x.pos, "NOT_SUPPORTED", "more than %d calls of table functions in a statement are not supported", maxCalls)
		}
		if f, err = a.asOf(given, with); err != nil {
			return nil, nil, err
		}
		a.functions[x] = f
	}
	a.unrepeatable = true // the groups are read by another part, and may have other features by then
	place := slices.IndexFunc(a.tables, func(t *Table) bool { return t.AsOf == f })
	if place < 0 {
		place = len(a.tables)
		a.tables = append(a.tables, f.table())
	}
	r, fields := a.asOfRelation(f, place, given[ArgumentLabels].called)
	fields, err = aliased(fields, x.alias, x.columns, x.pos)
	return r, fields, err
}

// table is the result of a call as a relation of the plan.
func (f *AsOf) table() *Table {
	t := &Table{Catalog: catalogName, Name: "as_of", AsOf: f}
	labels := f.Labels.root.columns
	for i, c := range f.Columns {
		column := TableColumn{Name: lower(c.Name)}
		// The text of an event time is still one where it is passed on.
		column.EventTime = i < len(labels) && labels[i].origin.eventTime() || i >= len(labels) && f.features[i-len(labels)].EventTime
		t.Columns = append(t.Columns, column)
	}
	return t
}

// asOfRelation is a use of the result. Its label columns are also known by what the statement calls the labels.
func (a *analyser) asOfRelation(f *AsOf, place int, called []ident) (*relation, []*field) {
	r := &relation{kind: baseRelation, carried: true, alias: a.fresh("t"), table: place, instants: map[int][2]bool{}, converted: map[int]bool{}}
	var fields []*field
	for i, c := range f.Result() {
		shown := f.Columns[i]
		r.columns = append(r.columns, relColumn{c.Name, shown.Type, &origin{a.tables[place], i}})
		one := &field{name: lower(shown.Name), shown: shown.Name, expr: &column{rel: r, index: i}}
		if i < len(f.Labels.Columns) {
			one.parts = namesOf(called)
		}
		fields = append(fields, one)
	}
	return r, fields
}

// An argumentForm is what an argument is written as; it is what errors call it.
type argumentForm string

// A parameter is what a table function may be given.
type parameter struct {
	name     Argument
	form     argumentForm
	optional bool
}

var asOfParameters = []parameter{{ArgumentLabels, "table", false}, {ArgumentTime, "descriptor", false}, {ArgumentGroups, "expression", false}, {ArgumentUntil, "expression", true}}

func (x *xArgument) form() argumentForm {
	switch {
	case x.query != nil:
		return "table"
	case x.fields != nil:
		return "descriptor"
	}
	return "expression"
}

// arguments finds what is given for each parameter of as_of: all by their names, or all by their places.
func arguments(x *xFunction) (map[Argument]*xArgument, error) {
	if len(x.args) > len(asOfParameters) {
		return nil, fail(x.pos, "INVALID_FUNCTION_ARGUMENT", "Too many arguments. Expected at most %d arguments, got %d arguments", len(asOfParameters), len(x.args))
	}
	given := map[Argument]*xArgument{}
	for i := range x.args {
		arg := &x.args[i]
		if (arg.name == nil) != (x.args[0].name == nil) {
			return nil, fail(x.pos, "INVALID_FUNCTION_ARGUMENT", "All arguments must be passed by name or all must be passed positionally")
		}
		place := i
		if arg.name != nil {
			name := Argument(strings.ToUpper(arg.name.text))
			place = slices.IndexFunc(asOfParameters, func(p parameter) bool { return p.name == name })
			if place < 0 {
				return nil, fail(arg.name.pos, "INVALID_FUNCTION_ARGUMENT", "Unexpected argument name: %s", name)
			}
			if given[name] != nil {
				return nil, fail(arg.name.pos, "INVALID_FUNCTION_ARGUMENT", "Duplicate argument name: %s", name)
			}
		}
		p := asOfParameters[place]
		if arg.form() != p.form {
			return nil, fail(arg.pos, "INVALID_FUNCTION_ARGUMENT", "Invalid argument %s. Expected %s, got %s", p.name, p.form, arg.form())
		}
		given[p.name] = arg
	}
	for _, p := range asOfParameters {
		if given[p.name] == nil && !p.optional {
			return nil, fail(x.pos, "MISSING_ARGUMENT", "Missing argument: %s", p.name)
		}
	}
	return given, nil
}

// asOf analyses a call. The labels are a statement of their own: they see the named queries around, and no columns.
func (a *analyser) asOf(given map[Argument]*xArgument, with *withScope) (*AsOf, error) {
	f := &AsOf{at: map[Argument]pos{}}
	for name, arg := range given {
		f.at[name] = a.shownAt(arg.pos)
	}
	var err error
	if f.Labels, err = a.labels(given[ArgumentLabels], with); err != nil {
		return nil, err
	}
	if err := f.checkLabels(); err != nil {
		return nil, err
	}
	times := given[ArgumentTime].fields
	if len(times) != 1 {
		return nil, fail(given[ArgumentTime].pos, "INVALID_FUNCTION_ARGUMENT", "Invalid argument %s. Expected a descriptor of one column, got %d", ArgumentTime, len(times))
	}
	f.Time, f.at[ArgumentTime] = times[0].text, a.shownAt(times[0].pos)
	if f.Groups, f.groups, err = a.texts(given[ArgumentGroups].expr); err != nil {
		return nil, err
	}
	if until := given[ArgumentUntil]; until != nil {
		if f.Until, err = a.moment(until.expr); err != nil {
			return nil, err
		}
	}
	if f.features, err = a.schema.AsOf(f); err != nil {
		return nil, err
	}
	f.Columns = slices.Clone(f.Labels.Columns)
	for _, c := range f.features {
		t, ok := hiveType(c.HiveType)
		if !ok || !Carried(t) {
			return nil, errors.New("the feature " + c.Name + " has the type " + c.HiveType)
		}
		f.Columns = append(f.Columns, ResultColumn{Name: c.Name, Type: t})
	}
	return f, nil
}

// shownAt is where an error that comes later shows p: a view is shown by its name.
func (a *analyser) shownAt(p pos) pos {
	if len(a.views) > 0 {
		return a.viewAt
	}
	return p
}

// labels translates the argument for the labels.
func (a *analyser) labels(x *xArgument, with *withScope) (*Translation, error) {
	own := &analyser{
		session: a.session, schema: a.schema, text: a.text, byName: map[string]int{}, views: a.views, viewAt: a.viewAt, depth: a.depth,
		places: a.places, given: a.given, functions: a.functions,
	}
	root, err := own.query(x.query, nil, with.anew())
	if err != nil {
		return nil, err
	}
	if root.columns, err = renamed(root.columns, x.columns, x.pos, "labels"); err != nil {
		return nil, err
	}
	root.with = append(own.fetched, root.with...)
	return own.translation(root, x.pos)
}

// anew is w for a statement of its own, which analyses the named queries that it reads itself.
func (w *withScope) anew() *withScope {
	if w == nil {
		return nil
	}
	return &withScope{name: w.name, outer: w.outer.anew(), text: w.text, recursive: w.recursive}
}

// fetch analyses a named query of outside when it is needed.
func (a *analyser) fetch(w *withScope, at pos) error {
	if w.cte != nil {
		return nil
	}
	if w.text == nil {
		return fail(at, "NOT_SUPPORTED", "the recursive query '%s' cannot be read in the argument of a table function within itself", w.name)
	}
	made, columns, err := a.named(&xQuery{pos: w.text.pos, recursive: w.recursive}, *w.text, nil, w.outer)
	if err != nil {
		return err
	}
	a.fetched = append(a.fetched, made...)
	w.cte, w.fields = made[len(made)-1], columns
	return nil
}

func (f *AsOf) checkLabels() error {
	seen := map[string]bool{}
	for i, c := range f.Labels.Columns {
		switch {
		case c.Unnamed:
			return f.Fail(ArgumentLabels, "MISSING_COLUMN_NAME", "Column name not specified at position %d", i+1)
		case seen[lower(c.Name)]:
			return f.Fail(ArgumentLabels, "DUPLICATE_COLUMN_NAME", "Column name '%s' specified more than once", lower(c.Name))
		case !Carried(c.Type):
			return f.Fail(ArgumentLabels, "NOT_SUPPORTED", "the label column '%s' is %s, which as_of cannot hold; leave it out, or make it JSON by a cast", c.Name, c.Type)
		}
		seen[lower(c.Name)] = true
	}
	return nil
}

// texts reads a constant ARRAY of texts, and tells where each is.
func (a *analyser) texts(x xExpr) ([]string, []pos, error) {
	n, err := a.expr(x, &env{clause: "Constant expression", constant: true})
	if err != nil {
		return nil, nil, err
	}
	array, ok := n.(*call)
	if !ok || array.fn != operator("array") || array.t.Kind != Array {
		return nil, nil, fail(x.at(), "INVALID_FUNCTION_ARGUMENT", "Invalid argument %s. Expected an ARRAY of texts, as ARRAY['customers on=customer_id'], got %s", ArgumentGroups, n.typ())
	}
	var texts []string
	var places []pos
	written, _ := x.(*xArray) // nil: it is a parameter
	for i, item := range array.args {
		at := x.at()
		if written != nil {
			at = written.items[i].at()
		}
		l := literalIn(item)
		if l == nil || l.null || l.t.Kind != Varchar {
			return nil, nil, fail(at, "INVALID_FUNCTION_ARGUMENT", "Invalid argument %s. Each group is a text that is constant, as 'customers on=customer_id'", ArgumentGroups)
		}
		texts, places = append(texts, l.text), append(places, a.shownAt(at))
	}
	if len(texts) == 0 {
		return nil, nil, fail(x.at(), "INVALID_FUNCTION_ARGUMENT", "Invalid argument %s. Name one group at least", ArgumentGroups)
	}
	return texts, places, nil
}

// moment reads a constant timestamp or date, in UTC if it has no zone. NULL is the zero time.
func (a *analyser) moment(x xExpr) (time.Time, error) {
	n, err := a.expr(x, &env{clause: "Constant expression", constant: true})
	if err != nil {
		return time.Time{}, err
	}
	if l := literalIn(n); l != nil {
		if l.null {
			return time.Time{}, nil
		}
		layouts := map[Kind]string{Timestamp: "TIMESTAMP '2006-01-02 15:04:05.000000'", TimestampTZ: "TIMESTAMP '2006-01-02 15:04:05.000000'", Date: "DATE '2006-01-02'"}
		at, err := time.Parse(layouts[l.t.Kind], l.sql)
		switch {
		case err != nil:
		case at.Year() < 1970:
			return at, fail(x.at(), "INVALID_FUNCTION_ARGUMENT", "Invalid argument %s: it is before 1970, when nothing was written", ArgumentUntil)
		default:
			return at, nil
		}
	}
	return time.Time{}, fail(x.at(), "INVALID_FUNCTION_ARGUMENT", "Invalid argument %s. Expected a constant, as TIMESTAMP '2026-01-31 12:00:00 UTC', got %s", ArgumentUntil, n.typ())
}

// literalIn is the constant that an expression is, whatever type it was made; nil if it is none.
func literalIn(n node) *literal {
	for {
		switch x := n.(type) {
		case *literal:
			return x
		case *cast:
			if !x.implicit {
				return nil
			}
			n = x.arg
		default:
			return nil
		}
	}
}
