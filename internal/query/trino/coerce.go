package trino

// isNumber tells whether a type is one of numbers.
func (t Type) isNumber() bool { return t.Kind >= Tinyint && t.Kind <= Decimal }

func (t Type) isInteger() bool { return t.Kind >= Tinyint && t.Kind <= Bigint }

// isNested tells whether values of the type hold others, which may be NULL.
func (t Type) isNested() bool { return t.Kind == Array || t.Kind == Map || t.Kind == Row }

// integerDigits are the decimals that hold the integer types.
var integerDigits = map[Kind]int{Tinyint: 3, Smallint: 5, Integer: 10, Bigint: 19}

// asDecimal is the decimal that holds every value of an integer type.
func (t Type) asDecimal() Type {
	if t.isInteger() {
		return Type{Kind: Decimal, Precision: integerDigits[t.Kind]}
	}
	return t
}

// commonType is the type that both t and u coerce to; ok is false if there is none.
func commonType(t, u Type) (Type, bool) {
	if t.Kind > u.Kind {
		t, u = u, t // the order of the kinds makes t the narrower
	}
	if t.Kind == Unknown {
		return u, true
	}
	if t.Kind == u.Kind {
		return commonOfKind(t, u)
	}
	switch {
	case t.isInteger() && u.isInteger():
		return u, true
	case t.isInteger() && u.Kind == Decimal:
		return commonOfKind(t.asDecimal(), u)
	case t.isNumber() && u.isNumber():
		if t.Kind == Double || u.Kind == Double {
			return Type{Kind: Double}, true
		}
		return Type{Kind: Real}, true
	case t.Kind == Varchar && u.Kind == Char:
		n := min(t.Precision, maxChar)
		if t.Precision == 0 {
			n = maxChar
		}
		return Type{Kind: Char, Precision: max(n, u.Precision)}, true
	case t.Kind == Date && u.Kind == Timestamp:
		return u, true
	case (t.Kind == Date || t.Kind == Timestamp) && u.Kind == TimestampTZ:
		return Type{Kind: TimestampTZ, Precision: max(t.Precision, u.Precision)}, true // in the session's zone
	}
	return Type{}, false
}

// commonOfKind is commonType of two types of one kind.
func commonOfKind(t, u Type) (Type, bool) {
	switch t.Kind {
	case Decimal:
		scale := max(t.Scale, u.Scale)
		digits := max(t.Precision-t.Scale, u.Precision-u.Scale)
		return Type{Kind: Decimal, Precision: min(38, digits+scale), Scale: scale}, true
	case Varchar:
		if t.Precision == 0 || u.Precision == 0 {
			return Type{Kind: Varchar}, true
		}
		t.Precision = max(t.Precision, u.Precision)
	case Char, Time, Timestamp:
		t.Precision = max(t.Precision, u.Precision)
	case TimestampTZ:
		if t.Zone != u.Zone {
			t.Zone = ""
		}
		t.Precision = max(t.Precision, u.Precision)
	case Array, Map, Row:
		if len(t.Elements) != len(u.Elements) {
			return Type{}, false
		}
		out := Type{Kind: t.Kind}
		for i := range t.Elements {
			e, ok := commonType(t.Elements[i], u.Elements[i])
			if !ok {
				return Type{}, false
			}
			out.Elements = append(out.Elements, e)
			if t.Kind == Row {
				name := t.fieldName(i)
				if name != u.fieldName(i) {
					name = ""
				}
				out.Fields = append(out.Fields, name)
			}
		}
		return out, true
	case opaque:
		return Type{}, false
	}
	return t, true
}

// fieldName is the name of field i of a row type, "" if it has none.
func (t Type) fieldName(i int) string {
	if i < len(t.Fields) {
		return t.Fields[i]
	}
	return ""
}

// coerces tells whether a value of type from may stand where to is wanted.
func coerces(from, to Type) bool {
	c, ok := commonType(from, to)
	return ok && c.Equal(to)
}

// coerce gives n the type t, which it coerces to. A NULL simply has the type.
func coerce(n node, t Type) node {
	from := n.typ()
	if from.Equal(t) {
		return n
	}
	if l, ok := n.(*literal); ok && l.null {
		return nullOf(t)
	}
	if sameInEngine(from, t) {
		// A longer varchar is the same text; the node stays, for its origin.
		return n
	}
	return &cast{t: t, arg: n, implicit: true}
}

// sameInEngine tells whether a coercion leaves a value as it is, whatever it is.
func sameInEngine(from, to Type) bool {
	return from.Kind == Varchar && to.Kind == Varchar && (to.Precision == 0 || from.Precision != 0 && to.Precision >= from.Precision)
}

// canCast tells whether CAST knows the way between two types.
func canCast(from, to Type) bool {
	f, t := from.Kind, to.Kind
	switch {
	case f == opaque || t == opaque:
		return false
	case from.Equal(to), f == Unknown:
		return true
	case f == JSON || t == JSON:
		return castsJSON(from, to)
	case from.isNested() || to.isNested():
		if f != t || len(from.Elements) != len(to.Elements) {
			return false
		}
		for i := range from.Elements {
			if !canCast(from.Elements[i], to.Elements[i]) {
				return false
			}
		}
		return true
	case f == UUID:
		return t == Varbinary || t == Varchar && to.Precision == 0
	case t == UUID:
		return f == Varchar || f == Varbinary
	case f == Varbinary || t == Varbinary:
		return f == t
	case t == Unknown:
		return false
	case f == Varchar, t == Varchar:
		return true
	case f == Char, t == Char:
		// Trino goes from char to varchar and back only, and from numbers and booleans not at all.
		return f == t
	case f == IntervalDay || f == IntervalMonth || t == IntervalDay || t == IntervalMonth:
		return f == t
	case f == Boolean || from.isNumber():
		return t == Boolean || to.isNumber()
	case f == Date:
		return t == Timestamp || t == TimestampTZ
	case f == Time:
		return t == Time || t == Timestamp || t == TimestampTZ
	case f == Timestamp || f == TimestampTZ:
		return t == Date || t == Time || t == Timestamp || t == TimestampTZ
	}
	return false
}

// comparableType tells whether = knows the type.
func comparableType(t Type) bool {
	if t.Kind == Map && len(t.Elements) == 2 {
		return comparableType(t.Elements[1])
	}
	for _, e := range t.Elements {
		if !comparableType(e) {
			return false
		}
	}
	return t.Kind != opaque
}

// orderable tells whether < and ORDER BY know the type.
func orderable(t Type) bool {
	for _, e := range t.Elements {
		if !orderable(e) {
			return false
		}
	}
	return t.Kind != Map && t.Kind != JSON && t.Kind != opaque
}
