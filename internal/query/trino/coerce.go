package trino

// isNumber tells whether a type is one of numbers.
func (t Type) isNumber() bool { return t.Kind >= Tinyint && t.Kind <= Decimal }

func (t Type) isInteger() bool { return t.Kind >= Tinyint && t.Kind <= Bigint }

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
	if t.Equal(u) {
		return t, true
	}
	if t.Kind > u.Kind {
		t, u = u, t // the order of the kinds makes t the narrower
	}
	switch {
	case t.Kind == Unknown:
		return u, true
	case t.isInteger() && u.isInteger():
		return u, true
	case t.isInteger() && u.Kind == Decimal, t.Kind == Decimal && u.Kind == Decimal:
		t = t.asDecimal()
		scale := max(t.Scale, u.Scale)
		digits := max(t.Precision-t.Scale, u.Precision-u.Scale)
		return Type{Kind: Decimal, Precision: min(38, digits+scale), Scale: scale}, true
	case t.isNumber() && u.isNumber():
		if t.Kind == Double || u.Kind == Double {
			return Type{Kind: Double}, true
		}
		return Type{Kind: Real}, true
	case t.Kind == Varchar && u.Kind == Varchar:
		if t.Precision == 0 || u.Precision == 0 {
			return Type{Kind: Varchar}, true
		}
		return Type{Kind: Varchar, Precision: max(t.Precision, u.Precision)}, true
	case t.Kind == Date && (u.Kind == Timestamp || u.Kind == TimestampTZ), t.Kind == Timestamp && u.Kind == TimestampTZ:
		return u, true
	case t.Kind == Array && u.Kind == Array:
		e, ok := commonType(t.Elements[0], u.Elements[0])
		return Type{Kind: Array, Elements: []Type{e}}, ok
	}
	return Type{}, false
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
	if from.Kind == Varchar && t.Kind == Varchar && (t.Precision == 0 || from.Precision != 0 && t.Precision >= from.Precision) {
		// A longer varchar is the same text; the node stays, for its origin.
		return n
	}
	return &cast{t: t, arg: n, implicit: true}
}

// canCast tells whether CAST knows the way between two types.
func canCast(from, to Type) bool {
	f, t := from.Kind, to.Kind
	switch {
	case from.Equal(to), f == Unknown:
		return true
	case f == Array && t == Array:
		return canCast(from.Elements[0], to.Elements[0])
	case f == Array || t == Array, f > TimestampTZ || t > TimestampTZ, f == Time || t == Time, f == Char || t == Char:
		return false
	case f == Varbinary || t == Varbinary:
		return f == t
	case f == Varchar, t == Varchar:
		return true
	case f == Boolean || f >= Tinyint && f <= Decimal:
		return t == Boolean || to.isNumber()
	case f == Date || f == Timestamp || f == TimestampTZ:
		return t == Date || t == Timestamp || t == TimestampTZ
	}
	return false
}

// comparable tells whether = knows the type.
func comparableType(t Type) bool { return t.Kind != Map && t.Kind != Row }

// orderable tells whether < and ORDER BY know the type.
func orderable(t Type) bool { return t.Kind != Map && t.Kind != Row }
