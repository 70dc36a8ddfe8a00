package trino

import (
	"strconv"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	grammar "github.com/bytebase/parser/trino"
)

// A builder makes our tree of the grammar's. What the grammar accepts and we do not carry out is
// refused here, with NOT_SUPPORTED, so that later layers see only what they know.
type builder struct {
	depth int
}

func unsupported(c antlr.ParserRuleContext, what string) error {
	p := place(c)
	return &Error{"NOT_SUPPORTED", p.line, p.column, what + " is not supported"}
}

func (b *builder) ident(c grammar.IIdentifierContext) ident {
	i := ident{place(c), c.GetText()}
	switch c.(type) {
	case *grammar.QuotedIdentifierContext, *grammar.BackQuotedIdentifierContext:
		i.text = unquote(i.text)
	}
	return i
}

// name checks an identifier: Trino refuses backquotes, names that begin with a digit and empty ones.
func (b *builder) name(c grammar.IIdentifierContext) (ident, error) {
	i := b.ident(c)
	fail := func(msg string) (ident, error) { return i, &Error{"SYNTAX_ERROR", i.line, i.column, msg} }
	switch c.(type) {
	case *grammar.BackQuotedIdentifierContext:
		return fail("backquoted identifiers are not supported; use double quotes to quote identifiers")
	case *grammar.DigitIdentifierContext:
		return fail("identifiers must not start with a digit; surround the identifier with double quotes")
	}
	if i.text == "" {
		return fail("Zero-length delimited identifier not allowed")
	}
	return i, nil
}

func (b *builder) names(cs []grammar.IIdentifierContext) ([]ident, error) {
	var out []ident
	for _, c := range cs {
		i, err := b.name(c)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, nil
}

func (b *builder) aliases(c grammar.IColumnAliasesContext) ([]ident, error) {
	if c == nil {
		return nil, nil
	}
	return b.names(c.AllIdentifier())
}

func (b *builder) query(c grammar.IQueryContext) (*xQuery, error) {
	q, err := b.queryNoWith(c.QueryNoWith())
	if err != nil || c.With() == nil {
		return q, err
	}
	if len(q.with) > 0 {
		q = &xQuery{pos: q.pos, body: q}
	}
	q.recursive = c.With().RECURSIVE_() != nil
	for _, n := range c.With().AllNamedQuery() {
		name, err := b.name(n.GetName())
		if err != nil {
			return nil, err
		}
		columns, err := b.aliases(n.ColumnAliases())
		if err != nil {
			return nil, err
		}
		inner, err := b.query(n.Query())
		if err != nil {
			return nil, err
		}
		q.with = append(q.with, xNamed{place(n), name, columns, inner})
	}
	return q, nil
}

func (b *builder) queryNoWith(c grammar.IQueryNoWithContext) (*xQuery, error) {
	body, err := b.term(c.QueryTerm())
	if err != nil {
		return nil, err
	}
	q := &xQuery{pos: place(c), body: body}
	if q.order, err = b.sort(c.AllSortItem()); err != nil {
		return nil, err
	}
	if c.GetOffset() != nil {
		if q.offset, err = b.rowCount(c.GetOffset()); err != nil {
			return nil, err
		}
	}
	switch {
	case c.FETCH_() != nil:
		q.limit = &xCount{pos: q.pos, n: 1}
		if c.GetFetchFirst() != nil {
			if q.limit, err = b.rowCount(c.GetFetchFirst()); err != nil {
				return nil, err
			}
		}
		q.limit.least = 1
		q.ties = c.TIES_() != nil
	case c.GetLimit() != nil && c.GetLimit().RowCount() != nil:
		if q.limit, err = b.rowCount(c.GetLimit().RowCount()); err != nil {
			return nil, err
		}
	}
	// Parentheses around a query add nothing unless they keep a LIMIT or ORDER BY inside.
	if inner, ok := body.(*xQuery); ok && len(q.order) == 0 && q.limit == nil && q.offset == nil {
		return inner, nil
	}
	return q, nil
}

func (b *builder) rowCount(c grammar.IRowCountContext) (*xCount, error) {
	p := place(c)
	if c.INTEGER_VALUE_() == nil {
		return &xCount{pos: p, param: &xParam{p}}, nil
	}
	n, err := strconv.ParseInt(c.GetText(), 10, 64)
	if err != nil {
		return nil, &Error{"INVALID_LIMIT_CLAUSE", p.line, p.column, "Invalid row count: " + c.GetText()}
	}
	return &xCount{pos: p, n: n}, nil
}

func (b *builder) sort(cs []grammar.ISortItemContext) ([]xSort, error) {
	var out []xSort
	for _, c := range cs {
		e, err := b.expr(c.Expression())
		if err != nil {
			return nil, err
		}
		out = append(out, xSort{place(c), e, c.DESC_() != nil, c.FIRST_() != nil})
	}
	return out, nil
}

func (b *builder) term(c grammar.IQueryTermContext) (xBody, error) {
	s, ok := c.(*grammar.SetOperationContext)
	if !ok {
		return b.primary(c.(*grammar.QueryTermDefaultContext).QueryPrimary())
	}
	if b.depth++; b.depth > 8*maxDepth {
		return nil, tooDeep(place(c))
	}
	defer func() { b.depth-- }()
	left, err := b.term(s.GetLeft())
	if err != nil {
		return nil, err
	}
	right, err := b.term(s.GetRight())
	if err != nil {
		return nil, err
	}
	all := s.SetQuantifier() != nil && s.SetQuantifier().ALL_() != nil
	return &xSet{place(c), strings.ToUpper(s.GetOperator().GetText()), all, left, right}, nil
}

func (b *builder) primary(c grammar.IQueryPrimaryContext) (xBody, error) {
	switch c := c.(type) {
	case *grammar.QueryPrimaryDefaultContext:
		return b.selectSpec(c.QuerySpecification())
	case *grammar.SubqueryContext:
		return b.queryNoWith(c.QueryNoWith())
	case *grammar.TableContext:
		parts, err := b.names(c.QualifiedName().AllIdentifier())
		return &xTable{pos: place(c), name: parts}, err
	case *grammar.InlineTableContext:
		v := &xValues{pos: place(c)}
		for _, e := range c.AllExpression() {
			row, err := b.row(e)
			if err != nil {
				return nil, err
			}
			v.rows = append(v.rows, row)
		}
		return v, nil
	}
	return nil, unsupported(c, "this form of query")
}

// row is a row of VALUES: (a, b), ROW(a, b) or one expression.
func (b *builder) row(c grammar.IExpressionContext) ([]xExpr, error) {
	if p, ok := c.BooleanExpression().(*grammar.PredicatedContext); ok && p.Predicate_() == nil {
		if v, ok := p.ValueExpression().(*grammar.ValueExpressionDefaultContext); ok {
			// A row of one stays one: only so is VALUES ROW(ROW(1, 2)) one column.
			if r, ok := v.PrimaryExpression().(*grammar.RowConstructorContext); ok && len(r.AllExpression()) > 1 {
				return b.exprs(r.AllExpression())
			}
		}
	}
	e, err := b.expr(c)
	return []xExpr{e}, err
}

func (b *builder) selectSpec(c grammar.IQuerySpecificationContext) (*xSelect, error) {
	s := &xSelect{pos: place(c)}
	s.distinct = c.SetQuantifier() != nil && c.SetQuantifier().DISTINCT_() != nil
	for _, i := range c.AllSelectItem() {
		item, err := b.item(i)
		if err != nil {
			return nil, err
		}
		s.items = append(s.items, item)
	}
	for _, r := range c.AllRelation() {
		rel, err := b.relation(r)
		if err != nil {
			return nil, err
		}
		s.from = append(s.from, rel)
	}
	var err error
	if c.GetWhere() != nil {
		if s.where, err = b.boolean(c.GetWhere()); err != nil {
			return nil, err
		}
	}
	if c.GroupBy() != nil {
		if s.group, err = b.groupBy(c.GroupBy()); err != nil {
			return nil, err
		}
	}
	if c.GetHaving() != nil {
		if s.having, err = b.boolean(c.GetHaving()); err != nil {
			return nil, err
		}
	}
	for _, w := range c.AllWindowDefinition() {
		if s.windows == nil {
			s.windows = map[string]*xWindow{}
		}
		name := b.ident(w.GetName()).lower()
		if s.windows[name] != nil {
			p := place(w)
			return nil, &Error{"INVALID_WINDOW_REFERENCE", p.line, p.column, "WINDOW name '" + name + "' specified more than once"}
		}
		if s.windows[name], err = b.windowSpec(w.WindowSpecification()); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (b *builder) item(c grammar.ISelectItemContext) (xItem, error) {
	switch c := c.(type) {
	case *grammar.SelectSingleContext:
		e, err := b.expr(c.Expression())
		if err != nil {
			return xItem{}, err
		}
		i := xItem{pos: place(c), expr: e}
		if a := c.As_column_alias(); a != nil {
			name, err := b.name(a.Column_alias().Identifier())
			if err != nil {
				return xItem{}, err
			}
			i.alias = &name
		}
		return i, nil
	case *grammar.SelectAllContext:
		i := xItem{pos: place(c), star: true}
		if c.PrimaryExpression() == nil {
			return i, nil
		}
		var err error
		if i.expr, err = b.primaryExpr(c.PrimaryExpression()); err != nil {
			return i, err
		}
		i.columns, err = b.aliases(c.ColumnAliases())
		return i, err
	}
	return xItem{}, unsupported(c, "this select item")
}

func (b *builder) relation(c grammar.IRelationContext) (xRelation, error) {
	j, ok := c.(*grammar.JoinRelationContext)
	if !ok {
		return b.sampled(c.(*grammar.RelationDefaultContext).SampledRelation())
	}
	if b.depth++; b.depth > 8*maxDepth {
		return nil, tooDeep(place(c))
	}
	defer func() { b.depth-- }()
	left, err := b.relation(j.GetLeft())
	if err != nil {
		return nil, err
	}
	x := &xJoin{pos: place(c), kind: "INNER", left: left}
	if j.NATURAL_() != nil {
		// Trino's own grammar has it, and Trino refuses it.
		return nil, &Error{"NOT_SUPPORTED", x.line, x.column, "Natural join not supported"}
	}
	if j.CROSS_() != nil {
		x.kind = "CROSS"
		x.right, err = b.sampled(j.GetRight())
		return x, err
	}
	t := j.JoinType()
	switch {
	case t.LEFT_() != nil:
		x.kind = "LEFT"
	case t.RIGHT_() != nil:
		x.kind = "RIGHT"
	case t.FULL_() != nil:
		x.kind = "FULL"
	}
	if x.right, err = b.relation(j.GetRightRelation()); err != nil {
		return nil, err
	}
	if on := j.JoinCriteria().BooleanExpression(); on != nil {
		x.on, err = b.boolean(on)
		return x, err
	}
	x.using, err = b.names(j.JoinCriteria().AllIdentifier())
	return x, err
}

func (b *builder) sampled(c grammar.ISampledRelationContext) (xRelation, error) {
	pr := c.PatternRecognition()
	if pr.MATCH_RECOGNIZE_() != nil {
		return nil, unsupported(c, "MATCH_RECOGNIZE")
	}
	r, err := b.aliased(pr.AliasedRelation())
	if err != nil || c.TABLESAMPLE_() == nil {
		return r, err
	}
	p, err := b.expr(c.GetPercentage())
	return &xSample{place(c), r, strings.ToUpper(c.SampleType().GetText()), p}, err
}

func (b *builder) aliased(c grammar.IAliasedRelationContext) (xRelation, error) {
	var alias *ident
	if c.Identifier() != nil {
		name, err := b.name(c.Identifier())
		if err != nil {
			return nil, err
		}
		alias = &name
	}
	columns, err := b.aliases(c.ColumnAliases())
	if err != nil {
		return nil, err
	}
	switch r := c.RelationPrimary().(type) {
	case *grammar.TableNameContext:
		if r.QueryPeriod() != nil {
			return nil, unsupported(r.QueryPeriod(), "FOR … AS OF")
		}
		parts, err := b.names(r.QualifiedName().AllIdentifier())
		return &xTable{place(r), parts, alias, columns}, err
	case *grammar.SubqueryRelationContext:
		q, err := b.query(r.Query())
		return &xDerived{place(r), q, nil, alias, columns}, err
	case *grammar.ParenthesizedRelationContext:
		inner, err := b.relation(r.Relation())
		if alias == nil {
			return inner, err
		}
		return &xDerived{place(r), nil, inner, alias, columns}, err
	case *grammar.UnnestContext:
		args, err := b.exprs(r.AllExpression())
		return &xUnnest{place(r), args, r.ORDINALITY_() != nil, alias, columns}, err
	case *grammar.LateralContext:
		q, err := b.query(r.Query())
		return &xLateral{place(r), q, alias, columns}, err
	case *grammar.TableFunctionInvocationContext:
		f, err := b.function(r.TableFunctionCall())
		if err != nil {
			return nil, err
		}
		f.alias, f.columns = alias, columns
		return f, nil
	}
	return nil, unsupported(c, "this form of relation")
}
