package trino

import (
	"strconv"
	"strings"
)

// scalarType is a type by its name and parameters; ok is false if there is no such type.
func scalarType(name string, params []int) (t Type, ok bool) {
	plain := map[string]Kind{"boolean": Boolean, "tinyint": Tinyint, "smallint": Smallint, "integer": Integer, "int": Integer,
		"bigint": Bigint, "real": Real, "double": Double, "varbinary": Varbinary, "date": Date}
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
	case "decimal", "dec", "numeric":
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

// hiveType is the Trino type of a column's Hive type, as Athena reads it; ok is false for a type
// that is not known.
func hiveType(s string) (t Type, ok bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	name, rest, has := strings.Cut(s, "(")
	name = strings.TrimSpace(name)
	var params []int
	if has {
		rest, has = strings.CutSuffix(strings.TrimSpace(rest), ")")
		if !has {
			return t, false
		}
		for _, p := range strings.Split(rest, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(p))
			if err != nil {
				return t, false
			}
			params = append(params, n)
		}
	}
	switch name {
	case "string":
		return Type{Kind: Varchar}, params == nil
	case "binary":
		return Type{Kind: Varbinary}, params == nil
	case "float":
		return Type{Kind: Real}, params == nil
	case "timestamp":
		return Type{Kind: Timestamp, Precision: 3}, params == nil
	case "decimal":
		if params == nil {
			params = []int{10, 0}
		}
	case "varchar":
		return Type{Kind: Varchar, Precision: 1}.withLength(params)
	}
	if strings.HasPrefix(s, "array<") && strings.HasSuffix(s, ">") {
		e, ok := hiveType(s[len("array<") : len(s)-1])
		return Type{Kind: Array, Elements: []Type{e}}, ok
	}
	return scalarType(name, params)
}

func (t Type) withLength(params []int) (Type, bool) {
	if len(params) != 1 || params[0] <= 0 {
		return t, false
	}
	t.Precision = params[0]
	return t, true
}
