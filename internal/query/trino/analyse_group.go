package trino

import (
	"slices"
	"strconv"
)

// groupKeys analyses GROUP BY. Keys that are equal are one; sets name the keys of each grouping set
// by their places, nil if there is but one set, of all keys.
func (a *analyser) groupKeys(s *selection) (keys []node, sets [][]int, err error) {
	g := s.x.group
	if g == nil {
		return nil, nil, nil
	}
	at := map[string]int{}
	sets = [][]int{nil}
	complex := false
	for _, element := range g.elements {
		complex = complex || element.complex
		var ways [][]int
		for _, set := range element.sets {
			way := []int{}
			for _, x := range set {
				n, err := a.groupKey(s, x, element.complex)
				if err != nil {
					return nil, nil, err
				}
				text := emitNode(n)
				i, ok := at[text]
				if !ok {
					i = len(keys)
					at[text] = i
					keys = append(keys, n)
					s.body.words.keys = append(s.body.words.keys, a.source(x.at()))
				}
				way = append(way, i)
			}
			ways = append(ways, way)
		}
		if len(sets)*len(ways) > mostSets {
			return nil, nil, tooManySets(g.pos)
		}
		sets = crossSets(sets, ways)
	}
	if g.distinct {
		sets = slices.CompactFunc(sortedSets(sets), slices.Equal)
	}
	if !complex {
		sets = nil
	}
	return keys, sets, nil
}

// crossSets joins each set of one list with each of another.
func crossSets(a, b [][]int) [][]int {
	var out [][]int
	for _, x := range a {
		for _, y := range b {
			set := slices.Concat(x, y)
			slices.Sort(set)
			out = append(out, slices.Compact(set))
		}
	}
	return out
}

func sortedSets(sets [][]int) [][]int {
	slices.SortFunc(sets, slices.Compare)
	return sets
}

// groupKey analyses a position of the select list, or an expression over FROM.
func (a *analyser) groupKey(s *selection, x xExpr, complex bool) (n node, err error) {
	e := &env{scope: s.env.scope, with: s.env.with, clause: "GROUP BY clause"}
	if l, ok := x.(*xLiteral); ok && l.kind == litInteger && !complex {
		i, ok := ordinal(l.text, len(s.body.items))
		if !ok {
			return nil, fail(x.at(), "INVALID_COLUMN_REFERENCE", "GROUP BY position %s is not in select list", l.text)
		}
		n = s.body.items[i-1]
		if containsAggregate(n) {
			return nil, fail(x.at(), "EXPRESSION_NOT_SCALAR", "GROUP BY clause cannot contain aggregations, window functions or grouping operations: [%s]", a.source(s.written[i-1].at()))
		}
	} else if n, err = a.expr(x, e); err != nil {
		return nil, err
	}
	if _, column := n.(*column); complex && !column {
		return nil, fail(x.at(), "INVALID_COLUMN_REFERENCE", "GROUP BY expression must be a column reference: %s", a.source(x.at()))
	}
	if !comparableType(n.typ()) {
		return nil, fail(x.at(), "TYPE_MISMATCH", "%s is not comparable, and therefore cannot be used in GROUP BY", n.typ())
	}
	return n, nil
}

// grouping analyses grouping(a, b): a bit for each argument, which must be a key, set where the set of a
// row does not have it.
func (a *analyser) grouping(x *xGrouping, e *env) (node, error) {
	if !e.aggregates {
		return nil, fail(x.pos, "EXPRESSION_NOT_SCALAR", "%s cannot contain aggregations, window functions or grouping operations: [%s]", e.clause, a.source(x.pos))
	}
	if len(x.args) > 63 {
		return nil, fail(x.pos, "TOO_MANY_ARGUMENTS", "GROUPING supports up to 63 column arguments")
	}
	inner := *e
	inner.aggregates, inner.windows, inner.inside = false, false, "grouping"
	args, err := a.exprs(x.args, &inner)
	if err != nil {
		return nil, err
	}
	t := Type{Kind: Integer}
	if len(args) > 31 {
		t.Kind = Bigint
	}
	return &aggregate{t: t, fn: &groupingFunction, args: args, tmpl: "CAST(GROUPING($*) AS " + engineType(t) + ")", at: x.pos, text: a.source(x.pos)}, nil
}

// ordinal reads a position from 1 to n.
func ordinal(text string, n int) (int, bool) {
	i, err := strconv.Atoi(text)
	return i, err == nil && i >= 1 && i <= n
}

func containsAggregate(n node) (found bool) {
	rewrite(n, func(n node) node {
		switch n := n.(type) {
		case *aggregate, *window:
			found = true
		case *subquery:
			return n // its aggregates are its own
		}
		return nil
	})
	return found
}

// group makes a grouped select of s, if it is one: the keys and the aggregates become columns of a
// relation of their own, and everything above refers to them.
func (a *analyser) group(s *selection, keys []node, sets [][]int) error {
	grouped := s.x.group != nil || s.body.having != nil || usesAggregates(s)
	if !grouped {
		return nil
	}
	g := &grouping{keys: keys, sets: sets, rel: &relation{kind: groupRelation, alias: a.fresh("g")}}
	at := map[string]int{}
	for i, k := range keys {
		at[emitNode(k)] = i
		g.rel.columns = append(g.rel.columns, relColumn{"c" + strconv.Itoa(i), k.typ(), originOf(k)})
	}
	seen := map[string]int{}
	var notKey *aggregate // grouping() of what is no key
	replace := func(n node) node {
		if c, ok := n.(*column); ok && c.rel == g.rel {
			return n
		}
		if _, ok := n.(*literal); ok {
			return n
		}
		if i, ok := at[emitNode(n)]; ok {
			return &column{rel: g.rel, index: i}
		}
		agg, ok := n.(*aggregate)
		if !ok {
			return nil
		}
		key := emitNode(agg)
		i, ok := seen[key]
		if agg.fn == &groupingFunction {
			for i, arg := range agg.args {
				if _, ok := at[emitNode(arg)]; !ok {
					notKey = agg
				}
				agg.args[i] = canonical(arg)
			}
			if sets == nil {
				return &literal{t: agg.t, sql: number(0, agg.t.Kind), text: "0"} // one set has all keys
			}
		}
		if !ok {
			i = len(g.rel.columns)
			seen[key] = i
			g.aggregates = append(g.aggregates, agg)
			g.rel.columns = append(g.rel.columns, relColumn{"c" + strconv.Itoa(i), agg.t, nil})
		}
		return &column{rel: g.rel, index: i}
	}
	local := map[*relation]bool{}
	collectRelations(s.body.from, local)
	// A key may be a node of the select list, which is rewritten below: the grouping keeps copies.
	g.keys = nil
	for _, k := range keys {
		g.keys = append(g.keys, canonical(clone(k)))
	}
	for i := range s.body.items {
		s.body.items[i] = rewrite(s.body.items[i], replace)
		if err := a.onlyKeys(s.body.items[i], local, s.written[i]); err != nil {
			return err
		}
		s.query.columns[i].origin = originOf(s.body.items[i])
	}
	if s.body.having = rewrite(s.body.having, replace); s.body.having != nil {
		if err := a.onlyKeys(s.body.having, local, s.x.having); err != nil {
			return err
		}
	}
	for i := range s.query.order {
		k := &s.query.order[i]
		if k.position > 0 {
			continue
		}
		k.expr = rewrite(k.expr, replace)
		if err := a.onlyKeys(k.expr, local, nil); err != nil {
			return err
		}
	}
	if notKey != nil && s.x.group == nil {
		return fail(notKey.at, "MISSING_GROUP_BY", "A GROUPING() operation can only be used with a corresponding GROUPING SET/CUBE/ROLLUP/GROUP BY clause")
	}
	if notKey != nil {
		return fail(notKey.at, "INVALID_ARGUMENTS", "The arguments to GROUPING() must be expressions referenced by the GROUP BY at the associated query level. Mismatch due to grouping.")
	}
	s.body.group = g
	return nil
}

// groupingFunction is grouping(), which needs a grammar of its own.
var groupingFunction = function{name: "grouping", kind: aggregateFunction}

// usesAggregates tells whether the select list or ORDER BY makes the select a grouped one.
func usesAggregates(s *selection) (found bool) {
	look := func(n node) {
		rewrite(n, func(n node) node {
			switch n := n.(type) {
			case *aggregate:
				found = true
			case *subquery:
				return n
			}
			return nil
		})
	}
	for _, n := range s.body.items {
		look(n)
	}
	for _, k := range s.query.order {
		look(k.expr)
	}
	return found
}

func collectRelations(r *relation, into map[*relation]bool) {
	if r != nil {
		into[r] = true
		collectRelations(r.left, into)
		collectRelations(r.right, into)
	}
}

// onlyKeys refuses an expression above a grouping that still reads a row of FROM.
func (a *analyser) onlyKeys(n node, local map[*relation]bool, x xExpr) error {
	var bad *column
	rewrite(n, func(n node) node {
		if c, ok := n.(*column); ok && local[c.rel] && bad == nil {
			bad = c
		}
		return nil
	})
	if bad == nil {
		return nil
	}
	p := bad.at
	if x != nil {
		p = x.at()
	}
	return fail(p, "EXPRESSION_NOT_AGGREGATE", "'%s' must be an aggregate expression or appear in GROUP BY clause", a.source(p))
}
