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
	case from.Kind == UUID && to.Kind == Varbinary:
		return "unhex(replace($1, '-', ''))"
	case from.Kind == Varbinary && to.Kind == UUID:
		value := "CASE WHEN octet_length($1) = 16 THEN regexp_replace(lower(hex($1)), '^(.{8})(.{4})(.{4})(.{4})', '\\1-\\2-\\3-\\4-') END"
		return orFail(value, "'Invalid UUID binary length: ' || octet_length($1)", try)
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
	v := "larder_c" + strconv.Itoa(depth) // no name of a column: that would hide it
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
	return orError(value, "INVALID_CAST_ARGUMENT", message, try)
}

func orError(value, code, message string, try bool) string {
	if try {
		return value
	}
	return "coalesce(" + value + ", CASE WHEN $1 IS NOT NULL THEN error('LARDER:" + code + ":' || " + message + ") END)"
}

// numberCast casts between numbers. Each way has an error of its own in Trino.
func numberCast(from, to Type, try, implicit bool) string {
	switch {
	case from.Kind == Double && to.Kind == Real:
		// What is too great for a real is infinite.
		return "coalesce(TRY_CAST($1 AS FLOAT), CASE WHEN $1 > 0 THEN CAST('Infinity' AS FLOAT) WHEN $1 < 0 THEN CAST('-Infinity' AS FLOAT) END)"
	case implicit, to.Kind == Double, to.Kind == Real, from.isInteger() && to.isInteger() && from.Kind <= to.Kind:
		return "CAST($1 AS " + engineType(to) + ")"
	}
	value := "TRY_CAST($1 AS " + engineType(to) + ")"
	text := textTemplate(from)
	switch {
	case to.Kind == Decimal:
		return orFail(value, fmt.Sprintf("'Cannot cast %s ''' || %s || ''' to DECIMAL(%d, %d)'", sourceName(from), text, to.Precision, to.Scale), try)
	case from.isInteger():
		return orError(value, "NUMERIC_VALUE_OUT_OF_RANGE", fmt.Sprintf("'Out of range for %s: ' || %s", to, text), try)
	case from.Kind == Decimal:
		return orFail(value, fmt.Sprintf("'Cannot cast ''' || %s || ''' to %s'", text, strings.ToUpper(to.String())), try)
	}
	value = "TRY_CAST(round($1) AS " + engineType(to) + ")" // half away from zero, where the engine's cast takes the even
	if to.Kind == Bigint {
		return orFail(value, "'Unable to cast ' || "+text+" || ' to bigint'", try)
	}
	if try {
		return value
	}
	problem := fmt.Sprintf("CASE WHEN isnan($1) THEN 'INVALID_CAST_ARGUMENT:Cannot cast %[1]s NaN to %[2]s' ELSE 'NUMERIC_VALUE_OUT_OF_RANGE:Out of range for %[2]s: ' || %[3]s END", from, to, text)
	return "coalesce(" + value + ", CASE WHEN $1 IS NOT NULL THEN error('LARDER:' || " + problem + ") END)"
}

// sourceName is how messages name the type of a number.
func sourceName(t Type) string {
	if t.Kind == Decimal {
		return fmt.Sprintf("DECIMAL(%d, %d)", t.Precision, t.Scale)
	}
	return strings.ToUpper(kindNames[t.Kind])
}
