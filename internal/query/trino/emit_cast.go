package trino

import (
	"fmt"
	"strconv"
	"strings"
)

// castTemplate is how the engine writes CAST from one type to another with Trino's results: $1 is
// the argument. With try, what cannot be cast is NULL, else an error in Trino's words. implicit
// coercions never fail, so they need no check.
func castTemplate(from, to Type, try, implicit bool) string {
	switch {
	case from.Kind == Unknown:
		return "CAST($1 AS " + engineType(to) + ")"
	case from.Kind == JSON || to.Kind == JSON:
		return jsonCast(from, to, try)
	case from.isNested() && to.isNested():
		if try {
			// What fails in an element makes all of it NULL. The engine wants to see no error() under TRY; it does
			// not look into lambdas.
			return "TRY(list_transform([$1], lambda $t: " + strings.ReplaceAll(nestedCast("$1", from, to, implicit, 0), "$1", "$t") + "))[1]"
		}
		return nestedCast("$1", from, to, implicit, 0)
	case to.Kind == Char:
		return toChar(from, to)
	case from.Kind == Char:
		return strings.ReplaceAll(toVarchar(Type{Kind: Varchar, Precision: from.Precision}, to, try), "$1", padded("$1", from.Precision))
	case to.Kind == Varchar:
		return toVarchar(from, to, try)
	case from.Kind == Varchar:
		return fromVarchar(to, try)
	case to.Kind == Boolean:
		return "($1 <> 0)"
	case from.isNumber() && to.isNumber():
		return numberCast(from, to, try, implicit)
	case from.Kind >= Date && from.Kind <= TimestampTZ && to.Kind >= Date && to.Kind <= TimestampTZ:
		return temporalCast(from, to)
	}
	return "CAST($1 AS " + engineType(to) + ")"
}

// nestedCast casts the elements of arg, an array, a map or a row. depth names the variables.
func nestedCast(arg string, from, to Type, implicit bool, depth int) string {
	v := "c" + strconv.Itoa(depth)
	element := func(value string, i int) string {
		f, t := from.Elements[i], to.Elements[i]
		switch {
		case f.Equal(t) || sameInEngine(f, t):
			return value
		case f.isNested():
			return nestedCast(value, f, t, implicit, depth+1)
		}
		return strings.ReplaceAll(castTemplate(f, t, false, implicit), "$1", value)
	}
	switch to.Kind {
	case Array:
		return "CAST(list_transform(" + arg + ", lambda " + v + ": " + element(v, 0) + ") AS " + engineType(to) + ")"
	case Map:
		return "CAST(map_from_entries(list_transform(map_entries(" + arg + "), lambda " + v + ": struct_pack(k := " + element(v+".key", 0) + ", v := " + element(v+".value", 1) + "))) AS " + engineType(to) + ")"
	}
	fields := make([]string, len(to.Elements))
	for i := range to.Elements {
		fields[i] = engineField(i) + " := " + element("struct_extract_at("+v+", "+strconv.Itoa(i+1)+")", i)
	}
	return "list_transform([" + arg + "], lambda " + v + ": CASE WHEN " + v + " IS NOT NULL THEN CAST(struct_pack(" + strings.Join(fields, ", ") + ") AS " + engineType(to) + ") END)[1]"
}

// orFail writes a value that, where it is NULL though the argument is not, is an error.
func orFail(value, message string, try bool) string {
	if try {
		return value
	}
	return "coalesce(" + value + ", CASE WHEN $1 IS NOT NULL THEN error('LARDER:INVALID_CAST_ARGUMENT:' || " + message + ") END)"
}

func numberCast(from, to Type, try, implicit bool) string {
	plain := "CAST($1 AS " + engineType(to) + ")"
	if implicit || to.Kind == Double || to.Kind == Real && from.Kind != Double {
		return plain
	}
	if from.isInteger() && to.isInteger() && from.Kind <= to.Kind {
		return plain
	}
	value := "TRY_CAST($1 AS " + engineType(to) + ")"
	if to.isInteger() && (from.Kind == Double || from.Kind == Real) {
		value = "TRY_CAST(round($1) AS " + engineType(to) + ")" // half away from zero, where the engine's cast takes the even
	}
	message := fmt.Sprintf("'Out of range for %s: ' || CAST($1 AS VARCHAR)", to)
	if to.Kind == Decimal {
		message = fmt.Sprintf("'Cannot cast %s ''' || CAST($1 AS VARCHAR) || ''' to DECIMAL(%d, %d)'", strings.ToUpper(kindNames[from.Kind]), to.Precision, to.Scale)
	}
	return orFail(value, message, try)
}
