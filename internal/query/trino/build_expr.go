package trino

import (
	"strconv"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	grammar "github.com/bytebase/parser/trino"
)

func (b *builder) exprs(cs []grammar.IExpressionContext) ([]xExpr, error) {
	var out []xExpr
	for _, c := range cs {
		e, err := b.expr(c)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func (b *builder) expr(c grammar.IExpressionContext) (xExpr, error) {
	return b.boolean(c.BooleanExpression())
}

// optional is for an expression that may not be there.
func (b *builder) optional(c grammar.IExpressionContext) (xExpr, error) {
	if c == nil {
		return nil, nil
	}
	return b.expr(c)
}

func (b *builder) boolean(c grammar.IBooleanExpressionContext) (xExpr, error) {
	switch c := c.(type) {
	case *grammar.LogicalNotContext:
		arg, err := b.boolean(c.BooleanExpression())
		return &xNot{place(c), arg}, err
	case *grammar.AndContext:
		return b.logical(c, "AND")
	case *grammar.OrContext:
		return b.logical(c, "OR")
	case *grammar.PredicatedContext:
		v, err := b.value(c.ValueExpression())
		if err != nil || c.Predicate_() == nil {
			return v, err
		}
		return b.predicate(v, place(c), c.Predicate_())
	}
	return nil, unsupported(c, "this expression")
}

// logical gathers a chain of one operator into one node: chains of thousands of terms are usual, and
// the grammar nests them as deep as they are long.
func (b *builder) logical(c grammar.IBooleanExpressionContext, op string) (xExpr, error) {
	x := &xLogical{pos: place(c), op: op}
	var rights []grammar.IBooleanExpressionContext
	for {
		var sides []grammar.IBooleanExpressionContext
		switch n := c.(type) {
		case *grammar.AndContext:
			if op == "AND" {
				sides = n.AllBooleanExpression()
			}
		case *grammar.OrContext:
			if op == "OR" {
				sides = n.AllBooleanExpression()
			}
		}
		if sides == nil {
			break
		}
		rights = append(rights, sides[1])
		c = sides[0]
	}
	rights = append(rights, c)
	for i := len(rights) - 1; i >= 0; i-- {
		t, err := b.boolean(rights[i])
		if err != nil {
			return nil, err
		}
		x.terms = append(x.terms, t)
	}
	return x, nil
}

func (b *builder) predicate(v xExpr, whole pos, c grammar.IPredicate_Context) (xExpr, error) {
	p := place(c)
	p.start = whole.start
	p.stop = whole.stop
	switch c := c.(type) {
	case *grammar.ComparisonContext:
		right, err := b.value(c.GetRight())
		return &xCompare{p, comparisonOp(c.ComparisonOperator()), v, right}, err
	case *grammar.QuantifiedComparisonContext:
		q, err := b.query(c.Query())
		quantifier := strings.ToUpper(c.ComparisonQuantifier().GetText())
		if quantifier == "SOME" {
			quantifier = "ANY"
		}
		return &xQuantified{p, comparisonOp(c.ComparisonOperator()), quantifier, v, q}, err
	case *grammar.BetweenContext:
		lower, err := b.value(c.GetLower())
		if err != nil {
			return nil, err
		}
		upper, err := b.value(c.GetUpper())
		return &xBetween{p, c.NOT_() != nil, v, lower, upper}, err
	case *grammar.InListContext:
		list, err := b.exprs(c.AllExpression())
		return &xIn{p, c.NOT_() != nil, v, list, nil}, err
	case *grammar.InSubqueryContext:
		q, err := b.query(c.Query())
		return &xIn{p, c.NOT_() != nil, v, nil, q}, err
	case *grammar.LikeContext:
		x := &xLike{pos: p, not: c.NOT_() != nil, arg: v}
		var err error
		if x.pattern, err = b.value(c.GetPattern()); err == nil && c.GetEscape() != nil {
			x.escape, err = b.value(c.GetEscape())
		}
		return x, err
	case *grammar.NullPredicateContext:
		return &xIsNull{p, c.NOT_() != nil, v}, nil
	case *grammar.DistinctFromContext:
		right, err := b.value(c.GetRight())
		return &xDistinctFrom{p, c.NOT_() != nil, v, right}, err
	}
	return nil, unsupported(c, "this predicate")
}

func comparisonOp(c grammar.IComparisonOperatorContext) string {
	if op := c.GetText(); op != "!=" {
		return op
	}
	return "<>"
}

// value reads an arithmetic expression. Chains of one level nest to the left in the grammar, so
// the left spine is walked in a loop.
func (b *builder) value(c grammar.IValueExpressionContext) (xExpr, error) {
	type step struct {
		op    pos
		text  string
		right grammar.IValueExpressionContext
		whole pos
	}
	var steps []step
walk:
	for {
		switch n := c.(type) {
		case *grammar.ArithmeticBinaryContext:
			steps = append(steps, step{tokenPlace(n.GetOperator()), n.GetOperator().GetText(), n.GetRight(), place(n)})
			c = n.GetLeft()
		case *grammar.ConcatenationContext:
			steps = append(steps, step{tokenPlace(n.CONCAT_().GetSymbol()), "||", n.GetRight(), place(n)})
			c = n.GetLeft()
		default:
			break walk
		}
	}
	if len(steps) > 8*maxDepth {
		return nil, tooDeep(place(c))
	}
	e, err := b.operand(c)
	if err != nil {
		return nil, err
	}
	for i := len(steps) - 1; i >= 0; i-- {
		s := steps[i]
		right, err := b.value(s.right)
		if err != nil {
			return nil, err
		}
		s.op.start, s.op.stop = s.whole.start, s.whole.stop
		e = &xBinary{s.op, s.text, e, right}
	}
	return e, nil
}

func (b *builder) operand(c grammar.IValueExpressionContext) (xExpr, error) {
	switch c := c.(type) {
	case *grammar.ValueExpressionDefaultContext:
		return b.primaryExpr(c.PrimaryExpression())
	case *grammar.ArithmeticUnaryContext:
		arg, err := b.value(c.ValueExpression())
		return &xUnary{place(c), c.GetOperator().GetText(), arg}, err
	case *grammar.AtTimeZoneContext:
		return b.atTimeZone(c)
	}
	return nil, unsupported(c, "this expression")
}

// primaryExpr reads the smallest expressions. What is not a case here is refused.
func (b *builder) primaryExpr(c grammar.IPrimaryExpressionContext) (xExpr, error) {
	if b.depth++; b.depth > 8*maxDepth {
		return nil, tooDeep(place(c))
	}
	defer func() { b.depth-- }()
	p := place(c)
	switch c := c.(type) {
	case *grammar.ParenthesizedExpressionContext:
		return b.expr(c.Expression())
	case *grammar.ColumnReferenceContext:
		name, err := b.name(c.Identifier())
		return &xColumn{p, []ident{name}}, err
	case *grammar.DereferenceContext:
		return b.dereference(c)
	case *grammar.FunctionCallContext:
		return b.call(c)
	case *grammar.SimpleCaseContext:
		return b.simpleCase(c)
	case *grammar.SearchedCaseContext:
		return b.caseOf(p, nil, c.AllWhenClause(), c.GetElseExpression())
	case *grammar.CastContext:
		arg, err := b.expr(c.Expression())
		if err != nil {
			return nil, err
		}
		t, err := b.typ(c.Type_())
		return &xCast{p, arg, t, c.TRY_CAST_() != nil}, err
	case *grammar.SubqueryExpressionContext:
		q, err := b.query(c.Query())
		return &xSubquery{p, q}, err
	case *grammar.ExistsContext:
		q, err := b.query(c.Query())
		return &xExists{p, q}, err
	case *grammar.ArrayConstructorContext:
		items, err := b.exprs(c.AllExpression())
		return &xArray{p, items}, err
	case *grammar.SubscriptContext:
		base, err := b.primaryExpr(c.GetValue())
		if err != nil {
			return nil, err
		}
		index, err := b.value(c.GetIndex())
		return &xSubscript{p, base, index}, err
	case *grammar.RowConstructorContext:
		items, err := b.exprs(c.AllExpression())
		return &xRow{p, items}, err
	case *grammar.LambdaContext:
		return b.lambda(c)
	case *grammar.ParameterContext:
		return &xParam{p}, nil
	case *grammar.GroupingOperationContext:
		return b.grouping(c)
	case *grammar.JsonExistsContext:
		return b.jsonExists(c)
	case *grammar.JsonValueContext:
		return b.jsonValue(c)
	case *grammar.JsonQueryContext:
		return b.jsonQuery(c)
	case *grammar.JsonObjectContext:
		return b.jsonObject(c)
	case *grammar.JsonArrayContext:
		return b.jsonArray(c)
	}
	if e, ok, err := b.literal(p, c); ok {
		return e, err
	}
	return b.keywordCall(p, c)
}

func (b *builder) dereference(c *grammar.DereferenceContext) (xExpr, error) {
	base, err := b.primaryExpr(c.GetBase_())
	if err != nil {
		return nil, err
	}
	name, err := b.name(c.GetFieldName())
	if err != nil {
		return nil, err
	}
	col, ok := base.(*xColumn)
	if !ok {
		return &xField{place(c), base, name}, nil
	}
	return &xColumn{place(c), append(append([]ident(nil), col.parts...), name)}, nil
}

func (b *builder) atTimeZone(c *grammar.AtTimeZoneContext) (xExpr, error) {
	x := &xTimeZone{pos: place(c)}
	var err error
	if x.arg, err = b.value(c.ValueExpression()); err != nil {
		return nil, err
	}
	switch z := c.TimeZoneSpecifier().(type) {
	case *grammar.TimeZoneStringContext:
		s, err := b.str(z.String_())
		x.zone = &xLiteral{place(z), litString, s}
		return x, err
	case *grammar.TimeZoneIntervalContext:
		x.zone, err = b.interval(place(z), z.Interval())
		return x, err
	}
	return nil, unsupported(c, "this time zone")
}

func (b *builder) grouping(c *grammar.GroupingOperationContext) (xExpr, error) {
	x := &xGrouping{pos: place(c)}
	for _, n := range c.AllQualifiedName() {
		parts, err := b.names(n.AllIdentifier())
		if err != nil {
			return nil, err
		}
		x.args = append(x.args, &xColumn{place(n), parts})
	}
	return x, nil
}

func (b *builder) interval(p pos, i grammar.IIntervalContext) (xExpr, error) {
	s, err := b.str(i.String_())
	x := &xInterval{pos: p, text: s, from: strings.ToUpper(i.GetFrom().GetText()), negative: i.MINUS_() != nil}
	if i.GetTo() != nil {
		x.to = strings.ToUpper(i.GetTo().GetText())
	}
	return x, err
}

func (b *builder) lambda(c *grammar.LambdaContext) (xExpr, error) {
	params, err := b.names(c.AllIdentifier())
	if err != nil {
		return nil, err
	}
	body, err := b.expr(c.Expression())
	return &xLambda{place(c), params, body}, err
}

func (b *builder) simpleCase(c *grammar.SimpleCaseContext) (xExpr, error) {
	operand, err := b.expr(c.GetOperand())
	if err != nil {
		return nil, err
	}
	return b.caseOf(place(c), operand, c.AllWhenClause(), c.GetElseExpression())
}

func (b *builder) caseOf(p pos, operand xExpr, whens []grammar.IWhenClauseContext, other grammar.IExpressionContext) (xExpr, error) {
	x := &xCase{pos: p, operand: operand}
	for _, w := range whens {
		cond, err := b.expr(w.GetCondition())
		if err != nil {
			return nil, err
		}
		result, err := b.expr(w.GetResult())
		if err != nil {
			return nil, err
		}
		x.whens = append(x.whens, xWhen{cond, result})
	}
	var err error
	x.other, err = b.optional(other)
	return x, err
}

func (b *builder) literal(p pos, c grammar.IPrimaryExpressionContext) (xExpr, bool, error) {
	switch c := c.(type) {
	case *grammar.NullLiteralContext:
		return &xLiteral{p, litNull, "NULL"}, true, nil
	case *grammar.BooleanLiteralContext:
		return &xLiteral{p, litBool, strings.ToLower(c.GetText())}, true, nil
	case *grammar.StringLiteralContext:
		s, err := b.str(c.String_())
		return &xLiteral{p, litString, s}, true, err
	case *grammar.BinaryLiteralContext:
		text := c.GetText()
		return &xLiteral{p, litBinary, text[2 : len(text)-1]}, true, nil
	case *grammar.NumericLiteralContext:
		kind := litInteger
		switch c.Number().(type) {
		case *grammar.DecimalLiteralContext:
			kind = litDecimal
		case *grammar.DoubleLiteralContext:
			kind = litDouble
		}
		return &xLiteral{p, kind, c.GetText()}, true, nil
	case *grammar.TypeConstructorContext:
		s, err := b.str(c.String_())
		typ := "DOUBLE"
		if c.Identifier() != nil {
			typ = strings.ToUpper(b.ident(c.Identifier()).text)
		}
		return &xTyped{p, typ, s}, true, err
	case *grammar.IntervalLiteralContext:
		x, err := b.interval(p, c.Interval())
		return x, true, err
	}
	return nil, false, nil
}

func (b *builder) str(c grammar.IString_Context) (string, error) {
	u, ok := c.(*grammar.UnicodeStringLiteralContext)
	if !ok {
		return unquote(c.GetText()), nil
	}
	escape := `\`
	if e := u.STRING_(); e != nil {
		escape = unquote(e.GetText())
	}
	s, problem := decodeUnicode(unquote(u.UNICODE_STRING_().GetText()[2:]), escape)
	if problem != "" {
		p := place(c)
		return "", &Error{"SYNTAX_ERROR", p.line, p.column, problem}
	}
	return s, nil
}

// keywordCall reads the functions that have a grammar of their own.
func (b *builder) keywordCall(p pos, c grammar.IPrimaryExpressionContext) (xExpr, error) {
	call := func(name string, args ...grammar.IValueExpressionContext) (xExpr, error) {
		x := &xCall{pos: p, name: ident{p, name}}
		for _, a := range args {
			e, err := b.value(a)
			if err != nil {
				return nil, err
			}
			x.args = append(x.args, e)
		}
		return x, nil
	}
	switch c := c.(type) {
	case *grammar.SpecialDateTimeFunctionContext:
		name := strings.ToLower(c.GetName().GetText())
		if name == "current_time" {
			return nil, unsupported(c, c.GetText())
		}
		x, err := call(name)
		if c.GetPrecision() == nil || err != nil {
			return x, err
		}
		digits, err := strconv.Atoi(c.GetPrecision().GetText())
		if err != nil || digits > maxFraction {
			return nil, &Error{"INVALID_FUNCTION_ARGUMENT", p.line, p.column, "precision must be in range [0, 12]: " + c.GetPrecision().GetText()}
		}
		kind := map[string]Kind{"current_timestamp": TimestampTZ, "localtimestamp": Timestamp, "localtime": Time}[name]
		return &xCast{p, x, Type{Kind: kind, Precision: digits}, false}, nil
	case *grammar.CurrentCatalogContext:
		return &xSession{p, "current_catalog"}, nil
	case *grammar.CurrentSchemaContext:
		return &xSession{p, "current_schema"}, nil
	case *grammar.CurrentPathContext:
		return &xSession{p, "current_path"}, nil
	case *grammar.CurrentUserContext:
		return nil, unsupported(c, "CURRENT_USER, which a statement is not told,")
	case *grammar.ExtractContext:
		field := strings.ToLower(b.ident(c.Identifier()).text)
		switch field {
		case "year", "quarter", "month", "week", "day", "hour", "minute", "second", "day_of_month", "day_of_week", "dow", "day_of_year", "doy", "year_of_week", "yow", "timezone_hour", "timezone_minute":
			return call(field, c.ValueExpression())
		}
		return nil, &Error{"SYNTAX_ERROR", p.line, p.column, "Invalid EXTRACT field: " + field}
	case *grammar.TrimContext:
		name := "trim"
		if s := c.TrimsSpecification(); s != nil && s.LEADING_() != nil {
			name = "ltrim"
		} else if s != nil && s.TRAILING_() != nil {
			name = "rtrim"
		}
		if c.GetTrimChar() != nil {
			return call(name, c.GetTrimSource(), c.GetTrimChar())
		}
		return call(name, c.GetTrimSource())
	case *grammar.SubstringContext:
		return call("substr", c.AllValueExpression()...)
	case *grammar.PositionContext:
		return call("strpos", c.ValueExpression(1), c.ValueExpression(0))
	case *grammar.ListaggContext:
		return b.listagg(p, c)
	case *grammar.NormalizeContext:
		x, err := call("normalize", c.ValueExpression())
		if err != nil || c.NormalForm() == nil {
			return x, err
		}
		form := &xLiteral{place(c.NormalForm()), litString, strings.ToUpper(c.NormalForm().GetText())}
		x.(*xCall).args = append(x.(*xCall).args, form)
		return x, nil
	}
	return nil, unsupported(c, b.describe(c))
}

// listagg reads LISTAGG(x, separator) WITHIN GROUP (ORDER BY y).
func (b *builder) listagg(p pos, c *grammar.ListaggContext) (xExpr, error) {
	if c.ListAggOverflowBehavior() != nil && c.ListAggOverflowBehavior().ERROR_() == nil {
		return nil, unsupported(c, "ON OVERFLOW TRUNCATE")
	}
	x := &xCall{pos: p, name: ident{p, "listagg"}}
	x.distinct = c.SetQuantifier() != nil && c.SetQuantifier().DISTINCT_() != nil
	arg, err := b.expr(c.Expression())
	if err != nil {
		return nil, err
	}
	separator := ""
	if c.String_() != nil {
		if separator, err = b.str(c.String_()); err != nil {
			return nil, err
		}
	}
	x.args = []xExpr{arg, &xLiteral{p, litString, separator}}
	if x.order, err = b.sort(c.AllSortItem()); err != nil {
		return nil, err
	}
	if c.Filter() != nil {
		x.filter, err = b.boolean(c.Filter().BooleanExpression())
	}
	return x, err
}

func (b *builder) describe(c antlr.ParserRuleContext) string {
	return strings.ToUpper(c.GetStart().GetText())
}

func (b *builder) call(c *grammar.FunctionCallContext) (xExpr, error) {
	parts := c.QualifiedName().AllIdentifier()
	x := &xCall{pos: place(c), name: b.ident(parts[len(parts)-1])}
	switch {
	case len(parts) > 1:
		return nil, &Error{"FUNCTION_NOT_FOUND", x.line, x.column, "Function '" + c.QualifiedName().GetText() + "' not registered"}
	case c.ProcessingMode() != nil || c.GetLabel() != nil:
		return nil, unsupported(c, "a pattern function")
	}
	x.star = c.ASTERISK_() != nil
	x.distinct = c.SetQuantifier() != nil && c.SetQuantifier().DISTINCT_() != nil
	x.ignoreNulls = c.NullTreatment() != nil && c.NullTreatment().IGNORE_() != nil
	var err error
	if x.args, err = b.exprs(c.AllExpression()); err != nil {
		return nil, err
	}
	if x.order, err = b.sort(c.AllSortItem()); err != nil {
		return nil, err
	}
	if c.Filter() != nil {
		if x.filter, err = b.boolean(c.Filter().BooleanExpression()); err != nil {
			return nil, err
		}
	}
	if o := c.Over(); o != nil {
		if o.GetWindowName() != nil {
			x.over = &xWindow{pos: place(o), name: b.ident(o.GetWindowName()).lower()}
			return x, nil
		}
		x.over, err = b.windowSpec(o.WindowSpecification())
	}
	return x, err
}

func (b *builder) windowSpec(c grammar.IWindowSpecificationContext) (*xWindow, error) {
	w := &xWindow{pos: place(c)}
	if c.GetExistingWindowName() != nil {
		w.name = b.ident(c.GetExistingWindowName()).lower()
	}
	var err error
	if w.partition, err = b.exprs(c.GetPartition()); err != nil {
		return nil, err
	}
	if w.order, err = b.sort(c.AllSortItem()); err != nil {
		return nil, err
	}
	f := c.WindowFrame()
	if f == nil {
		return w, nil
	}
	if f.PATTERN_() != nil || f.MEASURES_() != nil {
		return nil, unsupported(f, "a pattern in a window")
	}
	e := f.FrameExtent()
	w.frame = &xFrame{pos: place(f), unit: strings.ToUpper(e.GetFrameType().GetText())}
	if w.frame.start, err = b.bound(e.GetStart_()); err != nil {
		return nil, err
	}
	if e.GetEnd_() != nil {
		w.frame.end, err = b.bound(e.GetEnd_())
	}
	return w, err
}

func (b *builder) bound(c grammar.IFrameBoundContext) (*xBound, error) {
	switch c := c.(type) {
	case *grammar.UnboundedFrameContext:
		return &xBound{pos: place(c), kind: "UNBOUNDED " + strings.ToUpper(c.GetBoundType().GetText())}, nil
	case *grammar.CurrentRowBoundContext:
		return &xBound{pos: place(c), kind: "CURRENT ROW"}, nil
	case *grammar.BoundedFrameContext:
		v, err := b.expr(c.Expression())
		return &xBound{place(c), strings.ToUpper(c.GetBoundType().GetText()), v}, err
	}
	return nil, unsupported(c, "this frame bound")
}
