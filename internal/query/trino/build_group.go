package trino

import (
	"strings"

	grammar "github.com/bytebase/parser/trino"
)

// mostSets is how many grouping sets a query may have, as in Trino.
const mostSets = 2048

func (b *builder) groupBy(c grammar.IGroupByContext) (*xGroup, error) {
	g := &xGroup{pos: place(c), distinct: c.SetQuantifier() != nil && c.SetQuantifier().DISTINCT_() != nil}
	for _, e := range c.AllGroupingElement() {
		x := xGrouped{pos: place(e), complex: true}
		var err error
		switch e := e.(type) {
		case *grammar.SingleGroupingSetContext:
			x.complex = false
			err = b.groupingSets(&x, e.GroupingSet())
		case *grammar.MultipleGroupingSetsContext:
			err = b.groupingSets(&x, e.AllGroupingSet()...)
		case *grammar.RollupContext:
			var all []xExpr
			if all, err = b.exprs(e.AllExpression()); err == nil {
				for n := len(all); n >= 0; n-- {
					x.sets = append(x.sets, all[:n])
				}
			}
		case *grammar.CubeContext:
			var all []xExpr
			if all, err = b.exprs(e.AllExpression()); err == nil {
				x.sets, err = powerSet(all, x.pos)
			}
		default:
			err = unsupported(e, strings.ToUpper(e.GetStart().GetText()))
		}
		if err != nil {
			return nil, err
		}
		g.elements = append(g.elements, x)
	}
	return g, nil
}

func (b *builder) groupingSets(x *xGrouped, cs ...grammar.IGroupingSetContext) error {
	for _, c := range cs {
		es, err := b.exprs(c.AllExpression())
		if err != nil {
			return err
		}
		x.sets = append(x.sets, es)
	}
	return nil
}

// powerSet is all subsets, the largest first.
func powerSet(all []xExpr, p pos) ([][]xExpr, error) {
	if len(all) > 11 {
		return nil, tooManySets(p)
	}
	var sets [][]xExpr
	for mask := 1<<len(all) - 1; mask >= 0; mask-- {
		set := []xExpr{}
		for i, x := range all {
			if mask&(1<<(len(all)-1-i)) != 0 {
				set = append(set, x)
			}
		}
		sets = append(sets, set)
	}
	return sets, nil
}

func tooManySets(p pos) error {
	return &Error{"TOO_MANY_GROUPING_SETS", p.line, p.column, "GROUP BY has more than 2048 grouping sets"}
}
