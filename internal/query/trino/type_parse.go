package trino

const (
	maxChar     = 65536
	maxFraction = 12 // digits of a second in the name of a type; values have six
)

// scalarType is a type by its name and parameters; ok is false if there is no such type.
func scalarType(name string, params []int) (t Type, ok bool) {
	plain := map[string]Kind{"boolean": Boolean, "tinyint": Tinyint, "smallint": Smallint, "integer": Integer, "int": Integer,
		"bigint": Bigint, "real": Real, "double": Double, "varbinary": Varbinary, "date": Date, "json": JSON, "uuid": UUID}
	if k, found := plain[name]; found {
		return Type{Kind: k}, len(params) == 0
	}
	switch name {
	case "varchar":
		switch {
		case len(params) == 0:
			return Type{Kind: Varchar}, true
		case len(params) == 1 && params[0] > 0:
			return Type{Kind: Varchar, Precision: params[0]}, true
		}
	case "char":
		t = Type{Kind: Char, Precision: 1}
		if len(params) > 0 {
			t.Precision = params[0]
		}
		return t, len(params) < 2 && t.Precision > 0 && t.Precision <= maxChar
	case "time", "timestamp":
		t = Type{Kind: map[string]Kind{"time": Time, "timestamp": Timestamp}[name], Precision: 3}
		if len(params) > 0 {
			t.Precision = params[0]
		}
		return t, len(params) < 2 && t.Precision >= 0 && t.Precision <= maxFraction
	case "decimal":
		t = Type{Kind: Decimal, Precision: 38}
		if len(params) > 0 {
			t.Precision = params[0]
		}
		if len(params) > 1 {
			t.Scale = params[1]
		}
		return t, len(params) < 3 && t.Precision > 0 && t.Precision <= 38 && t.Scale >= 0 && t.Scale <= t.Precision
	}
	return Type{}, false
}
