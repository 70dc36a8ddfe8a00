package trino

// JSON is its text to the engine.
var jsonFunctionTable = join(
	[]function{
		{name: "is_json_scalar", params: "json", result: "boolean", tmpl: "larder_is_json_scalar($1)"},
		{name: "is_json_scalar", params: "varchar", result: "boolean", tmpl: "larder_is_json_scalar($1)"},
		{name: "json_parse", params: "varchar", result: "json", tmpl: "larder_json_parse($1)", doc: "members ordered by name, numbers as they are written"},
		{name: "json_format", params: "json", result: "varchar", tmpl: "$1"},
	},
	ofJSON(function{name: "json_extract", params: ",varchar", result: "json", tmpl: "larder_json_extract($1, $2)", doc: "by a path of names and places: $.a[0][\"b\"]; NULL of a text that is no JSON"}),
	ofJSON(function{name: "json_extract_scalar", params: ",varchar", result: "varchar", tmpl: "larder_json_extract_scalar($1, $2)", doc: "NULL of objects, arrays and null"}),
	ofJSON(function{name: "json_size", params: ",varchar", result: "bigint", tmpl: "larder_json_size($1, $2)", doc: "0 of scalars"}),
	ofJSON(function{name: "json_array_length", result: "bigint", tmpl: "larder_json_array_length($1)", doc: "NULL if it is no array"}),
	ofJSON(function{name: "json_array_get", params: ",bigint", result: "json", tmpl: "larder_json_array_get($1, $2)", doc: "from 0, or from the end with -1"}),
	ofJSON(function{name: "json_array_contains", params: ",boolean", result: "boolean", tmpl: "larder_json_array_contains_boolean($1, $2)"}),
	ofJSON(function{name: "json_array_contains", params: ",bigint", result: "boolean", tmpl: "larder_json_array_contains_bigint($1, $2)"}),
	ofJSON(function{name: "json_array_contains", params: ",double", result: "boolean", tmpl: "larder_json_array_contains_double($1, $2)"}),
	ofJSON(function{name: "json_array_contains", params: ",varchar", result: "boolean", tmpl: "larder_json_array_contains_text($1, $2)"}),
)

// ofJSON repeats a line for JSON and for a text of it.
func ofJSON(f function) []function {
	g := f
	f.params, g.params = "json"+f.params, "varchar"+g.params
	g.doc = ""
	return []function{f, g}
}
