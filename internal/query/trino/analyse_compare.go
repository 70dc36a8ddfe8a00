package trino

// isInstant tells whether an event time that is text may be compared with the type.
func isInstant(t Type) bool { return t.Kind == Timestamp || t.Kind == TimestampTZ || t.Kind == Date }

// comparison makes l op r of one type. A group's event time that is text is compared with a
// timestamp or a date as the instant that it names; this is Larder's one extension of the dialect.
func comparison(op string, l, r node) (node, bool) {
	if t, ok := commonType(l.typ(), r.typ()); ok {
		if !comparableType(t) || op != "=" && op != "<>" && !orderable(t) {
			return nil, false
		}
		l, r = coerce(l, t), coerce(r, t)
		if t.isNested() {
			return nestedComparison(op, l, r, t), true
		}
		return &compare{op, l, r}, true
	}
	if originOf(l).eventTime() && isInstant(r.typ()) {
		return instantComparison(op, l, r), true
	}
	if originOf(r).eventTime() && isInstant(l.typ()) {
		return instantComparison(mirrored[op], r, l), true
	}
	return nil, false
}

// mirrored are the operators with their sides changed.
var mirrored = map[string]string{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
	distinct: distinct, notDistinct: notDistinct}

const (
	distinct    = "IS DISTINCT FROM"
	notDistinct = "IS NOT DISTINCT FROM"
)

// instantComparison compares text that names an instant, to the nanosecond, with one of
// microseconds: cut where the order asks for "before", rounded up where it asks for "after", and
// equal only if both agree.
func instantComparison(op string, text, other node) node {
	ts := coerce(other, Type{Kind: TimestampTZ, Precision: max(3, other.typ().Precision)})
	down := func() node { return newInstant(reference(text, pos{}), false) }
	up := func() node { return newInstant(reference(text, pos{}), true) }
	switch op {
	case "<", ">=":
		return &compare{op, down(), ts}
	case "<=", ">":
		return &compare{op, up(), ts}
	case "=", notDistinct:
		return &logical{"AND", []node{&compare{op, down(), ts}, &compare{op, up(), ts}}}
	}
	return &logical{"OR", []node{&compare{op, down(), ts}, &compare{op, up(), ts}}}
}

// newInstant tells the relation, where the text is a column of a table, to convert it once a row.
func newInstant(n node, up bool) *instant {
	if c, ok := n.(*column); ok && c.rel.kind == baseRelation {
		flags := c.rel.instants[c.index]
		if up {
			flags[1] = true
		} else {
			flags[0] = true
		}
		c.rel.instants[c.index] = flags
	}
	return &instant{n, up}
}

func (a *analyser) pair(l, r xExpr, e *env) (node, node, error) {
	ln, err := a.expr(l, e)
	if err != nil {
		return nil, nil, err
	}
	rn, err := a.expr(r, e)
	return ln, rn, err
}

func (a *analyser) compare(x *xCompare, e *env) (node, error) {
	l, r, err := a.pair(x.left, x.right, e)
	if err != nil {
		return nil, err
	}
	n, ok := comparison(x.op, l, r)
	if !ok {
		return nil, fail(x.pos, "TYPE_MISMATCH", "Cannot apply operator: %s %s %s", l.typ(), x.op, r.typ())
	}
	return n, nil
}

func (a *analyser) distinctFrom(x *xDistinctFrom, e *env) (node, error) {
	l, r, err := a.pair(x.left, x.right, e)
	if err != nil {
		return nil, err
	}
	op := distinct
	if x.not {
		op = notDistinct
	}
	n, ok := comparison(op, l, r)
	if !ok {
		return nil, fail(x.pos, "TYPE_MISMATCH", "Cannot check if %s is distinct from %s", l.typ(), r.typ())
	}
	return n, nil
}

func (a *analyser) between(x *xBetween, e *env) (node, error) {
	nodes, err := a.exprs([]xExpr{x.arg, x.lower, x.upper}, e)
	if err != nil {
		return nil, err
	}
	arg, lower, upper := nodes[0], nodes[1], nodes[2]
	var out node
	if t, ok := commonOf(arg, lower, upper); ok && orderable(t) && !t.isNested() {
		out = &call{t: Type{Kind: Boolean}, fn: operator("between"), args: []node{coerce(arg, t), coerce(lower, t), coerce(upper, t)}}
	} else {
		// Each bound on its own, so that an event time may be compared as an instant.
		from, ok1 := comparison(">=", arg, lower)
		to, ok2 := comparison("<=", reference(arg, x.pos), upper)
		if !ok1 || !ok2 || ok && !orderable(t) || !ok && !originOf(arg).eventTime() && !originOf(lower).eventTime() && !originOf(upper).eventTime() {
			return nil, fail(x.pos, "TYPE_MISMATCH", "Cannot check if %s is BETWEEN %s and %s", arg.typ(), lower.typ(), upper.typ())
		}
		out = &logical{"AND", []node{from, to}}
	}
	if x.not {
		out = &not{out}
	}
	return out, nil
}

func commonOf(nodes ...node) (Type, bool) {
	var t Type
	for _, n := range nodes {
		var ok bool
		if t, ok = commonType(t, n.typ()); !ok {
			return t, false
		}
	}
	return t, true
}

func (a *analyser) inList(x *xIn, e *env) (node, error) {
	nodes, err := a.exprs(append([]xExpr{x.arg}, x.list...), e)
	if err != nil {
		return nil, err
	}
	if t, ok := commonOf(nodes...); ok && !comparableType(t) {
		return nil, fail(x.pos, "TYPE_MISMATCH", "Type %s is not comparable, and therefore cannot be used in IN", t)
	} else if ok && !t.isNested() {
		for i := range nodes {
			nodes[i] = coerce(nodes[i], t)
		}
		return &inList{nodes[0], nodes[1:], x.not}, nil
	}
	if t, ok := commonOf(nodes...); ok && t.isNested() || originOf(nodes[0]).eventTime() {
		return a.inEach(x, nodes)
	}
	var before Type
	for _, n := range nodes {
		t, ok := commonType(before, n.typ())
		if !ok {
			return nil, fail(x.pos, "TYPE_MISMATCH", "IN value and list items must be the same type or coercible to a common type. Cannot find common type between %s and %s, all types (without duplicates): [%s]",
				before, n.typ(), typeNames(nodes))
		}
		before = t
	}
	return nil, fail(x.pos, "TYPE_MISMATCH", "IN value and list items must be the same type")
}

// inEach compares an event time, or what holds other values, with each item.
func (a *analyser) inEach(x *xIn, nodes []node) (node, error) {
	var terms []node
	for _, item := range nodes[1:] {
		n, ok := comparison("=", reference(nodes[0], x.pos), item)
		if !ok {
			return nil, fail(x.pos, "TYPE_MISMATCH", "IN value and list items must be the same type or coercible to a common type. Cannot find common type between %s and %s, all types (without duplicates): [%s]",
				nodes[0].typ(), item.typ(), typeNames(nodes))
		}
		terms = append(terms, n)
	}
	var out node = &logical{"OR", terms}
	if x.not {
		out = &not{out}
	}
	return out, nil
}

func (a *analyser) like(x *xLike, e *env) (node, error) {
	xs := []xExpr{x.arg, x.pattern}
	tmpl := "($1 LIKE $2)"
	if x.escape != nil {
		xs = append(xs, x.escape)
		tmpl = "($1 LIKE $2 ESCAPE $3)"
	}
	nodes, err := a.exprs(xs, e)
	if err != nil {
		return nil, err
	}
	roles := []string{"Left side of LIKE expression", "Pattern for LIKE expression", "Escape for LIKE expression"}
	if nodes[0].typ().Kind == Char {
		nodes[0] = castTo(nodes[0], Type{Kind: Varchar}) // with its blanks
	}
	for i, n := range nodes {
		if k := n.typ().Kind; k != Varchar && k != Unknown {
			return nil, fail(xs[i].at(), "TYPE_MISMATCH", "%s must evaluate to a varchar (actual: %s)", roles[i], n.typ())
		}
		nodes[i] = coerce(n, Type{Kind: Varchar})
	}
	if x.escape != nil {
		if l, ok := nodes[2].(*literal); !ok || len([]rune(l.text)) != 1 {
			return nil, fail(x.escape.at(), "INVALID_FUNCTION_ARGUMENT", "Escape string must be a single character")
		}
		if l, ok := nodes[1].(*literal); ok && !validPattern(l.text, nodes[2].(*literal).text) {
			return nil, fail(x.pattern.at(), "INVALID_FUNCTION_ARGUMENT", "Escape character must be followed by '%%', '_' or the escape character itself")
		}
	}
	var out node = &call{t: Type{Kind: Boolean}, fn: operator("like"), args: nodes, tmpl: tmpl}
	if x.not {
		out = &not{out}
	}
	return out, nil
}

// validPattern tells whether every escape character stands before one that needs it.
func validPattern(pattern, escape string) bool {
	rs, esc := []rune(pattern), []rune(escape)[0]
	for i := 0; i < len(rs); i++ {
		if rs[i] != esc {
			continue
		}
		i++
		if i == len(rs) || rs[i] != '%' && rs[i] != '_' && rs[i] != esc {
			return false
		}
	}
	return true
}
