package trino

import grammar "github.com/bytebase/parser/trino"

// function reads the call of a table function.
func (b *builder) function(c grammar.ITableFunctionCallContext) (*xFunction, error) {
	parts, err := b.names(c.QualifiedName().AllIdentifier())
	if err != nil {
		return nil, err
	}
	f := &xFunction{pos: place(c), name: parts}
	for _, arg := range c.AllTableFunctionArgument() {
		a, err := b.argument(arg)
		if err != nil {
			return nil, err
		}
		f.args = append(f.args, *a)
	}
	if c.COPARTITION_() != nil {
		return nil, refusedAt(tokenPlace(c.COPARTITION_().GetSymbol()), "COPARTITION of the arguments of a table function")
	}
	return f, nil
}

func (b *builder) argument(c grammar.ITableFunctionArgumentContext) (*xArgument, error) {
	a := &xArgument{}
	if c.Identifier() != nil {
		name, err := b.name(c.Identifier())
		if err != nil {
			return nil, err
		}
		a.name = &name
	}
	var err error
	switch {
	case c.TableArgument() != nil:
		err = b.tableArgument(c.TableArgument(), a)
	case c.DescriptorArgument() != nil:
		a.pos = place(c.DescriptorArgument())
		if c.DescriptorArgument().NULL_() != nil {
			return nil, unsupported(c.DescriptorArgument(), "a descriptor that is NULL")
		}
		for _, field := range c.DescriptorArgument().AllDescriptorField() {
			if field.Type_() != nil {
				return nil, unsupported(field, "a type in a descriptor")
			}
			name, err := b.name(field.Identifier())
			if err != nil {
				return nil, err
			}
			a.fields = append(a.fields, name)
		}
	default:
		a.pos = place(c.Expression())
		a.expr, err = b.expr(c.Expression())
	}
	return a, err
}

// tableArgument reads TABLE(name) and TABLE(query). How rows are parted, ordered and left out is refused: the functions
// that there are take each row for itself.
func (b *builder) tableArgument(c grammar.ITableArgumentContext, a *xArgument) (err error) {
	a.pos = place(c)
	switch {
	case c.PARTITION_() != nil:
		return refusedAt(tokenPlace(c.PARTITION_().GetSymbol()), "PARTITION BY of the argument of a table function")
	case c.PRUNE_() != nil:
		return refusedAt(tokenPlace(c.PRUNE_().GetSymbol()), "PRUNE WHEN EMPTY of the argument of a table function")
	case c.KEEP_() != nil:
		return refusedAt(tokenPlace(c.KEEP_().GetSymbol()), "KEEP WHEN EMPTY of the argument of a table function")
	case c.ORDER_() != nil:
		return refusedAt(tokenPlace(c.ORDER_().GetSymbol()), "ORDER BY of the argument of a table function")
	}
	var alias grammar.IIdentifierContext
	switch r := c.TableArgumentRelation().(type) {
	case *grammar.TableArgumentTableContext:
		parts, err := b.names(r.QualifiedName().AllIdentifier())
		if err != nil {
			return err
		}
		a.query, a.called = &xQuery{pos: place(r.QualifiedName()), body: &xTable{pos: place(r.QualifiedName()), name: parts}}, parts
		alias = r.Identifier()
		if a.columns, err = b.aliases(r.ColumnAliases()); err != nil {
			return err
		}
	case *grammar.TableArgumentQueryContext:
		if a.query, err = b.query(r.Query()); err != nil {
			return err
		}
		alias = r.Identifier()
		if a.columns, err = b.aliases(r.ColumnAliases()); err != nil {
			return err
		}
	}
	if alias != nil {
		name, err := b.name(alias)
		if err != nil {
			return err
		}
		a.called = []ident{name}
	}
	return nil
}

func refusedAt(p pos, what string) error {
	return &Error{"NOT_SUPPORTED", p.line, p.column, what + " is not supported"}
}
