package trino

import (
	"strconv"
	"strings"

	grammar "github.com/bytebase/parser/trino"
)

// typ reads the name of a type.
func (b *builder) typ(c grammar.ITypeContext) (Type, error) {
	p := place(c)
	switch c := c.(type) {
	case *grammar.DoublePrecisionTypeContext:
		return Type{Kind: Double}, nil
	case *grammar.DateTimeTypeContext:
		precision := 3
		if c.GetPrecision() != nil {
			precision, _ = strconv.Atoi(c.GetPrecision().GetText()) // a name of a type gives 0, which is refused below
		}
		t := Type{Kind: Timestamp, Precision: precision}
		if c.TIMESTAMP_() == nil {
			return t, unsupported(c, "the type TIME")
		}
		if precision != 3 {
			return t, unsupported(c, "a timestamp of another precision than 3")
		}
		if c.WITH_() != nil {
			t.Kind = TimestampTZ
		}
		return t, nil
	case *grammar.GenericTypeContext:
		var params []int
		for _, tp := range c.AllTypeParameter() {
			n, err := strconv.Atoi(tp.GetText())
			if err != nil {
				return b.arrayType(c, tp.Type_())
			}
			params = append(params, n)
		}
		t, ok := scalarType(b.ident(c.Identifier()).lower(), params)
		if !ok {
			return t, &Error{"TYPE_NOT_FOUND", p.line, p.column, "Unknown type: " + strings.ToLower(c.GetText())}
		}
		return t, nil
	}
	return Type{}, unsupported(c, "the type "+strings.ToLower(c.GetText()))
}

// arrayType is array(T), the only generic type over another type that is known.
func (b *builder) arrayType(c *grammar.GenericTypeContext, element grammar.ITypeContext) (Type, error) {
	if b.ident(c.Identifier()).lower() != "array" || element == nil {
		return Type{}, unsupported(c, "the type "+strings.ToLower(c.GetText()))
	}
	e, err := b.typ(element)
	return Type{Kind: Array, Elements: []Type{e}}, err
}
