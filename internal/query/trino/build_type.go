package trino

import (
	"strconv"
	"strings"

	grammar "github.com/bytebase/parser/trino"
)

// typ reads the name of a type.
func (b *builder) typ(c grammar.ITypeContext) (Type, error) {
	if b.depth++; b.depth > 8*maxDepth {
		return Type{}, tooDeep(place(c))
	}
	defer func() { b.depth-- }()
	switch c := c.(type) {
	case *grammar.DoublePrecisionTypeContext:
		return Type{Kind: Double}, nil
	case *grammar.DateTimeTypeContext:
		return b.dateTimeType(c)
	case *grammar.IntervalTypeContext:
		return b.intervalType(c)
	case *grammar.RowTypeContext:
		return b.rowType(c)
	case *grammar.ArrayTypeContext:
		if c.INTEGER_VALUE_() != nil {
			return Type{}, unsupported(c, "the length of an array type")
		}
		return b.typeOver(Array, c.Type_())
	case *grammar.LegacyArrayTypeContext:
		return b.typeOver(Array, c.Type_())
	case *grammar.LegacyMapTypeContext:
		return b.typeOver(Map, c.GetKeyType(), c.GetValueType())
	case *grammar.GenericTypeContext:
		return b.genericType(c)
	}
	return Type{}, unsupported(c, "the type "+strings.ToLower(c.GetText()))
}

// typeOver is array or map of other types.
func (b *builder) typeOver(k Kind, of ...grammar.ITypeContext) (Type, error) {
	t := Type{Kind: k}
	for _, c := range of {
		e, err := b.typ(c)
		if err != nil {
			return t, err
		}
		t.Elements = append(t.Elements, e)
	}
	if k == Map && !comparableType(t.Elements[0]) {
		p := place(of[0])
		return t, &Error{"TYPE_MISMATCH", p.line, p.column, "map key type must be comparable: " + t.Elements[0].String()}
	}
	return t, nil
}

func (b *builder) dateTimeType(c *grammar.DateTimeTypeContext) (Type, error) {
	p := place(c)
	t := Type{Kind: Timestamp, Precision: 3}
	if c.GetPrecision() != nil {
		n, err := strconv.Atoi(c.GetPrecision().GetText())
		if err != nil || n > maxFraction {
			return t, &Error{"INVALID_FUNCTION_ARGUMENT", p.line, p.column, "precision must be in range [0, 12]: " + c.GetPrecision().GetText()}
		}
		t.Precision = n
	}
	switch {
	case c.TIMESTAMP_() == nil && c.WITH_() != nil:
		return t, unsupported(c, "the type time with time zone")
	case c.TIMESTAMP_() == nil:
		t.Kind = Time
	case c.WITH_() != nil:
		t.Kind = TimestampTZ
	}
	return t, nil
}

func (b *builder) intervalType(c *grammar.IntervalTypeContext) (Type, error) {
	from, to := strings.ToUpper(c.GetFrom().GetText()), ""
	if c.GetTo() != nil {
		to = strings.ToUpper(c.GetTo().GetText())
	}
	switch {
	case from == "YEAR" && to == "MONTH":
		return Type{Kind: IntervalMonth}, nil
	case from == "DAY" && to == "SECOND":
		return Type{Kind: IntervalDay}, nil
	}
	return Type{}, unsupported(c, "the type interval "+strings.ToLower(from+" to "+to))
}

func (b *builder) rowType(c *grammar.RowTypeContext) (Type, error) {
	t := Type{Kind: Row}
	for _, f := range c.AllRowField() {
		e, err := b.typ(f.Type_())
		if err != nil {
			return t, err
		}
		name := ""
		if f.Identifier() != nil {
			n, err := b.name(f.Identifier())
			if err != nil {
				return t, err
			}
			name = n.lower()
		}
		t.Elements, t.Fields = append(t.Elements, e), append(t.Fields, name)
	}
	return t, nil
}

func (b *builder) genericType(c *grammar.GenericTypeContext) (Type, error) {
	name := b.ident(c.Identifier()).lower()
	var params []int
	var over []grammar.ITypeContext
	for _, tp := range c.AllTypeParameter() {
		if tp.Type_() != nil {
			over = append(over, tp.Type_())
			continue
		}
		n, err := strconv.Atoi(tp.GetText())
		if err != nil {
			n = -1 // a number beyond every limit: no such type
		}
		params = append(params, n)
	}
	switch {
	case name == "array" && len(over) == 1 && params == nil:
		return b.typeOver(Array, over...)
	case name == "map" && len(over) == 2 && params == nil:
		return b.typeOver(Map, over...)
	}
	t, ok := scalarType(name, params)
	if !ok || over != nil {
		p := place(c)
		if name == "decimal" && over == nil && len(params) < 3 {
			return t, &Error{"INVALID_FUNCTION_ARGUMENT", p.line, p.column, "DECIMAL precision must be in range [1, 38], and its scale not greater: " + strings.ToLower(c.GetText())}
		}
		return t, &Error{"TYPE_MISMATCH", p.line, p.column, "Unknown type: " + strings.ToLower(c.GetText())}
	}
	return t, nil
}
