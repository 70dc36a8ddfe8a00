package trino

import (
	"strings"

	grammar "github.com/bytebase/parser/trino"

	"github.com/larder-dev/larder/internal/jsonpath"
)

func (b *builder) jsonExists(c *grammar.JsonExistsContext) (xExpr, error) {
	x := &xJSON{pos: place(c), name: "json_exists"}
	if e := c.JsonExistsErrorBehavior(); e != nil {
		x.onError.word = strings.ToUpper(e.GetText())
	}
	return x, b.invocation(x, c.JsonPathInvocation())
}

func (b *builder) jsonValue(c *grammar.JsonValueContext) (xExpr, error) {
	x := &xJSON{pos: place(c), name: "json_value"}
	err := b.invocation(x, c.JsonPathInvocation())
	if err == nil && c.Type_() != nil {
		x.returning, err = b.jsonType(c.Type_(), nil)
	}
	if err == nil {
		x.onEmpty, err = b.valueBehavior(c.GetEmptyBehavior())
	}
	if err == nil {
		x.onError, err = b.valueBehavior(c.GetErrorBehavior())
	}
	return x, err
}

func (b *builder) valueBehavior(c grammar.IJsonValueBehaviorContext) (xJSONBehavior, error) {
	switch {
	case c == nil:
		return xJSONBehavior{}, nil
	case c.Expression() == nil:
		return xJSONBehavior{word: strings.ToUpper(c.GetText())}, nil
	}
	e, err := b.expr(c.Expression())
	return xJSONBehavior{"DEFAULT", e}, err
}

func (b *builder) jsonQuery(c *grammar.JsonQueryContext) (xExpr, error) {
	x := &xJSON{pos: place(c), name: "json_query"}
	if w := c.JsonQueryWrapperBehavior(); w != nil && w.WITHOUT_() == nil {
		x.wrapper = jsonpath.Unconditional
		if w.CONDITIONAL_() != nil {
			x.wrapper = jsonpath.Conditional
		}
	}
	switch {
	case c.KEEP_() != nil:
		x.quotes = "KEEP"
	case c.OMIT_() != nil:
		x.quotes = "OMIT"
	}
	x.onEmpty, x.onError = queryBehavior(c.GetEmptyBehavior()), queryBehavior(c.GetErrorBehavior())
	err := b.invocation(x, c.JsonPathInvocation())
	if err == nil && c.Type_() != nil {
		x.returning, err = b.jsonType(c.Type_(), c.JsonRepresentation())
	}
	return x, err
}

func queryBehavior(c grammar.IJsonQueryBehaviorContext) xJSONBehavior {
	switch {
	case c == nil:
		return xJSONBehavior{}
	case c.ARRAY_() != nil:
		return xJSONBehavior{word: "EMPTY ARRAY"}
	case c.OBJECT_() != nil:
		return xJSONBehavior{word: "EMPTY OBJECT"}
	}
	return xJSONBehavior{word: strings.ToUpper(c.GetText())}
}

// invocation reads what JSON_EXISTS, JSON_VALUE and JSON_QUERY have in common.
func (b *builder) invocation(x *xJSON, c grammar.IJsonPathInvocationContext) error {
	var err error
	if x.input, err = b.jsonOperand(c.JsonValueExpression()); err != nil {
		return err
	}
	x.pathAt = place(c.GetPath())
	if x.path, err = b.str(c.GetPath()); err != nil {
		return err
	}
	for _, a := range c.AllJsonArgument() {
		var arg xJSONArgument
		if arg.xJSONValue, err = b.jsonOperand(a.JsonValueExpression()); err != nil {
			return err
		}
		if arg.name, err = b.name(a.Identifier()); err != nil {
			return err
		}
		arg.as = arg.name.text
		if _, quoted := a.Identifier().(*grammar.QuotedIdentifierContext); !quoted {
			arg.as = strings.ToUpper(arg.as)
		}
		x.passing = append(x.passing, arg)
	}
	return nil
}

func (b *builder) jsonOperand(c grammar.IJsonValueExpressionContext) (xJSONValue, error) {
	e, err := b.expr(c.Expression())
	return xJSONValue{e, jsonFormat(c.JsonRepresentation())}, err
}

func jsonFormat(c grammar.IJsonRepresentationContext) string {
	switch {
	case c == nil:
		return ""
	case c.UTF8_() != nil:
		return "UTF8"
	case c.UTF16_() != nil:
		return "UTF16"
	case c.UTF32_() != nil:
		return "UTF32"
	}
	return "JSON"
}

func (b *builder) jsonType(c grammar.ITypeContext, format grammar.IJsonRepresentationContext) (*xJSONType, error) {
	t, err := b.typ(c)
	return &xJSONType{t, jsonFormat(format)}, err
}

func (b *builder) jsonObject(c *grammar.JsonObjectContext) (xExpr, error) {
	x := &xJSONMake{pos: place(c), name: "json_object", absent: c.ABSENT_() != nil, unique: c.WITH_() != nil}
	for _, m := range c.AllJsonObjectMember() {
		key, err := b.expr(m.Expression())
		if err != nil {
			return nil, err
		}
		value, err := b.jsonOperand(m.JsonValueExpression())
		if err != nil {
			return nil, err
		}
		x.keys, x.values = append(x.keys, key), append(x.values, value)
	}
	var err error
	if c.Type_() != nil {
		x.returning, err = b.jsonType(c.Type_(), c.JsonRepresentation())
	}
	return x, err
}

func (b *builder) jsonArray(c *grammar.JsonArrayContext) (xExpr, error) {
	x := &xJSONMake{pos: place(c), name: "json_array", absent: c.ABSENT_() != nil || c.ON_() == nil}
	for _, v := range c.AllJsonValueExpression() {
		value, err := b.jsonOperand(v)
		if err != nil {
			return nil, err
		}
		x.values = append(x.values, value)
	}
	var err error
	if c.Type_() != nil {
		x.returning, err = b.jsonType(c.Type_(), c.JsonRepresentation())
	}
	return x, err
}
