package trino

import (
	"strconv"
	"strings"
)

// castsJSON tells whether CAST goes between a type and JSON.
func castsJSON(from, to Type) bool {
	if from.Kind == JSON {
		return fromJSON(to)
	}
	return toJSON(from)
}

func toJSON(t Type) bool {
	switch t.Kind {
	case Unknown, JSON, Boolean, Varchar, Date, Timestamp:
		return true
	case Array, Row:
		for _, e := range t.Elements {
			if !toJSON(e) {
				return false
			}
		}
		return true
	case Map:
		k := t.Elements[0]
		return (k.Kind == Varchar || k.Kind == Boolean || k.isNumber() || k.Kind == Unknown) && toJSON(t.Elements[1])
	}
	return t.isNumber()
}

func fromJSON(t Type) bool {
	switch t.Kind {
	case JSON, Boolean, Varchar:
		return true
	case Array, Row:
		for _, e := range t.Elements {
			if !fromJSON(e) {
				return false
			}
		}
		return true
	case Map:
		k := t.Elements[0]
		return (k.Kind == Varchar || k.Kind == Boolean || k.isNumber()) && fromJSON(t.Elements[1])
	}
	return t.isNumber()
}

// jsonTextOf writes the JSON of arg.
func jsonTextOf(arg string, t Type, depth int) string {
	v := "larder_j" + strconv.Itoa(depth)
	texts := func(list string, e Type) string {
		return "CAST(list_transform(" + list + ", lambda " + v + ": " + jsonTextOf(v, e, depth+1) + ") AS VARCHAR[])"
	}
	switch t.Kind {
	case Unknown:
		return "CAST(NULL AS VARCHAR)"
	case JSON:
		return arg
	case Real:
		return "CASE WHEN isfinite(" + arg + ") THEN " + strings.ReplaceAll(doubleTextTemplate, "$1", arg) + " ELSE larder_json_double(CAST(" + arg + " AS DOUBLE)) END"
	case Double:
		return "larder_json_double(" + arg + ")"
	case Varchar, Date, Timestamp:
		return "larder_json_string(" + strings.ReplaceAll(castTemplate(t, Type{Kind: Varchar}, false, false), "$1", arg) + ")"
	case Array:
		return "larder_json_array(" + texts(arg, t.Elements[0]) + ")"
	case Map:
		keys := "CAST(list_transform(map_keys(" + arg + "), lambda " + v + ": " + strings.ReplaceAll(castTemplate(t.Elements[0], Type{Kind: Varchar}, false, false), "$1", v) + ") AS VARCHAR[])"
		return "larder_json_map(" + keys + ", " + texts("map_values("+arg+")", t.Elements[1]) + ")"
	case Row:
		var names, values []string
		for i, e := range t.Elements {
			names = append(names, templateText(t.fieldName(i)))
			values = append(values, jsonTextOf("struct_extract_at("+v+", "+strconv.Itoa(i+1)+")", e, depth+1))
		}
		object := "larder_json_row([" + strings.Join(names, ", ") + "], CAST([" + strings.Join(values, ", ") + "] AS VARCHAR[]))"
		return "list_transform([" + arg + "], lambda " + v + ": CASE WHEN " + v + " IS NOT NULL THEN " + object + " END)[1]"
	}
	return "CAST(" + arg + " AS VARCHAR)"
}

// ofJSONText writes the value of type t that the JSON of arg is.
func ofJSONText(arg string, t Type, depth int) string {
	v := "larder_j" + strconv.Itoa(depth)
	name := templateText(t.String())
	switch t.Kind {
	case JSON:
		return arg
	case Array:
		return "CAST(list_transform(larder_json_elements(" + arg + ", " + name + "), lambda " + v + ": " + ofJSONText(v, t.Elements[0], depth+1) + ") AS " + engineType(t) + ")"
	case Map:
		keys := "list_transform(larder_json_keys(" + arg + ", " + name + "), lambda " + v + ": " + strings.ReplaceAll(castTemplate(Type{Kind: Varchar}, t.Elements[0], false, false), "$1", v) + ")"
		values := "list_transform(larder_json_values(" + arg + ", " + name + "), lambda " + v + ": " + ofJSONText(v, t.Elements[1], depth+1) + ")"
		return "CAST(CASE WHEN " + arg + " IS NOT NULL AND " + arg + " <> 'null' THEN map(" + keys + ", " + values + ") END AS " + engineType(t) + ")"
	case Row:
		var fields []string
		for i, e := range t.Elements {
			field := "larder_json_field(" + v + ", " + name + ", CAST(" + strconv.Itoa(i) + " AS BIGINT), " + templateText(t.fieldName(i)) + ")"
			fields = append(fields, engineField(i)+" := "+ofJSONText(field, e, depth+1))
		}
		return "list_transform([" + arg + "], lambda " + v + ": CASE WHEN " + v + " IS NOT NULL AND " + v + " <> 'null' THEN CAST(struct_pack(" + strings.Join(fields, ", ") + ") AS " + engineType(t) + ") END)[1]"
	}
	scalar := "larder_json_scalar(" + arg + ", " + name + ")"
	if t.Kind == Varchar {
		return toVarcharOf(scalar, t)
	}
	return strings.ReplaceAll(castTemplate(Type{Kind: Varchar}, t, false, false), "$1", scalar)
}

// templateText writes a string inside a template: a dollar in it must not stand for an argument.
func templateText(s string) string {
	return "(" + strings.ReplaceAll(quote(s), "$", "' || chr(36) || '") + ")"
}

func toVarcharOf(arg string, t Type) string {
	return strings.ReplaceAll(toVarchar(Type{Kind: Varchar}, t, false), "$1", arg)
}

// jsonCast writes a cast from or to JSON of $1. With try, what fails is NULL.
func jsonCast(from, to Type, try bool) string {
	if from.Kind != JSON {
		return jsonTextOf("$1", from, 0)
	}
	if !try {
		return ofJSONText("$1", to, 0)
	}
	return "TRY(list_transform([$1], lambda $t: " + strings.ReplaceAll(ofJSONText("$1", to, 0), "$1", "$t") + "))[1]"
}
