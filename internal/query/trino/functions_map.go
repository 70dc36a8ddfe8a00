package trino

import "strings"

// A map is made of entries struct(k, v), by mapOf, which refuses keys that are NULL or come again.
var mapFunctions = []function{
	{name: "cardinality", params: "map", result: "bigint", tmpl: "CAST(cardinality($1) AS BIGINT)"},
	{name: "element_at", params: "map(K,V),K", result: "V", comparable: "K", tmpl: "map_extract_value($1, $2)", doc: "NULL if the key is not there"},
	{name: "map", params: "", result: "unknown", check: emptyMap, doc: "without entries"},
	{name: "map", params: "array(K),array(V)", result: "map(K,V)", comparable: "K", check: mapping(
		"CASE WHEN len($1) <> len($2) THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:Key and value arrays must be the same length') WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN list_transform(range(1, len($1) + 1), lambda $i: struct_pack(k := ($1)[$i], v := ($2)[$i])) END",
		"Duplicate map keys (%s) are not allowed")},
	{name: "map_concat", params: "map(K,V),map(K,V)…", result: "map(K,V)", comparable: "K", check: concatenatingMaps, doc: "the last map that has a key counts"},
	{name: "map_entries", params: "map(K,V)", result: "array(row(K,V))", tmpl: "list_transform(map_entries($1), lambda $e: struct_pack(f1 := $e.key, f2 := $e.value))"},
	{name: "map_filter", params: "map(K,V),function(K,V,boolean)", result: "map(K,V)", check: mapping("list_transform(list_filter(map_entries($1), lambda $e: $2($e.key, $e.value)), lambda $e: struct_pack(k := $e.key, v := $e.value))", "")},
	{name: "map_from_entries", params: "array(row(K,V))", result: "map(K,V)", comparable: "K", check: mapping(
		"list_transform($1, lambda $e: CASE WHEN $e IS NULL THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:map entry cannot be null') ELSE struct_pack(k := $e.f1, v := $e.f2) END)", "Duplicate keys (%s) are not allowed")},
	{name: "map_keys", params: "map(K,V)", result: "array(K)", tmpl: "map_keys($1)"},
	{name: "map_values", params: "map(K,V)", result: "array(V)", tmpl: "map_values($1)"},
	{name: "map_zip_with", params: "map(K,V),map(K,W),function(K,V,W,R)", result: "map(K,R)", comparable: "K", doc: "NULL for the value of a key that one has not", check: mapping(
		"CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN list_transform(list_concat(map_keys($1), list_filter(map_keys($2), lambda $n: NOT map_contains($1, $n))), lambda $k: struct_pack(k := $k, v := $3($k, map_extract_value($1, $k), map_extract_value($2, $k)))) END", "")},
	{name: "multimap_from_entries", params: "array(row(K,V))", result: "map(K,array(V))", comparable: "K", check: mapping(multimapEntries("$1", "f1", "f2"), "")},
	{name: "split_to_map", params: "varchar,varchar,varchar", result: "map(varchar,varchar)", tmpl: "map(larder_map_keys($1, $2, $3), larder_map_values($1, $2, $3))", doc: "entries and values parted by the second and the third"},
	{name: "split_to_multimap", params: "varchar,varchar,varchar", result: "map(varchar,array(varchar))", check: mapping(
		multimapEntries("list_transform(range(1, len(larder_multimap_keys($1, $2, $3)) + 1), lambda $p: struct_pack(f1 := larder_multimap_keys($1, $2, $3)[$p], f2 := larder_multimap_values($1, $2, $3)[$p]))", "f1", "f2"), "")},
	{name: "transform_keys", params: "map(K,V),function(K,V,R)", result: "map(R,V)", comparable: "R", check: mapping("list_transform(map_entries($1), lambda $e: struct_pack(k := $2($e.key, $e.value), v := $e.value))", "Duplicate keys (%s) are not allowed")},
	{name: "transform_values", params: "map(K,V),function(K,V,R)", result: "map(K,R)", check: mapping("list_transform(map_entries($1), lambda $e: struct_pack(k := $e.key, v := $2($e.key, $e.value)))", "")},
	{name: "cosine_similarity", params: "map(varchar,double),map(varchar,double)", result: "double", tmpl: "larder_cosine_similarity(map_keys($1), map_values($1), map_keys($2), map_values($2))"},
}

// mapping makes a map of entries. duplicate is the error of a key that comes again; without one the
// keys are known to be different.
func mapping(entries, duplicate string) func(c *checking) error {
	return func(c *checking) error {
		c.tmpl = mapOf(c.result, entries, duplicate)
		return nil
	}
}

func mapOf(t Type, entries, duplicate string) string {
	if duplicate == "" {
		return "CAST(map_from_entries(" + entries + ") AS " + engineType(t) + ")"
	}
	again := "($m[list_position(list_transform($m, lambda $x, $i: list_position(list_transform($m, lambda $y: $y.k), $x.k) < $i), TRUE)]).k"
	text, ok := textOf(t.Elements[0], again)
	if !ok {
		text = "''"
	}
	before, after, _ := strings.Cut(duplicate, "%s")
	checked := "CASE WHEN len(list_filter($m, lambda $x: $x.k IS NULL)) > 0 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:map key cannot be null') " +
		"WHEN len(list_distinct(list_transform($m, lambda $x: " + keyAlike("$x.k", t.Elements[0]) + "))) < len($m) THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:" + before + "' || " + text + " || '" + after + "') ELSE $m END"
	return "CAST(list_transform([" + entries + "], lambda $m: map_from_entries(" + checked + "))[1] AS " + engineType(t) + ")"
}

// multimapEntries gathers the values of each key, in the order of the keys' first places.
func multimapEntries(list, key, value string) string {
	return "list_transform([" + list + "], lambda $d: list_transform(list_filter(list_transform($d, lambda $x, $i: struct_pack(i := $i, k := CASE WHEN $x." + key + " IS NULL THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:map key cannot be null') ELSE $x." + key + " END)), " +
		"lambda $q: list_position(list_transform($d, lambda $y: $y." + key + "), $q.k) = $q.i), lambda $g: struct_pack(k := $g.k, v := list_transform(list_filter($d, lambda $h: $h." + key + " = $g.k), lambda $h: $h." + value + "))))[1]"
}

func emptyMap(c *checking) error {
	c.result = Type{Kind: Map, Elements: []Type{{}, {}}}
	c.tmpl = "CAST(MAP {} AS " + engineType(c.result) + ")"
	return nil
}

func concatenatingMaps(c *checking) error {
	if len(c.args) > 9 {
		return c.fail("NOT_SUPPORTED", "map_concat of more than nine maps is not supported")
	}
	var some []string
	for i := range c.args {
		some = append(some, "$"+string(rune('1'+i))+" IS NOT NULL")
	}
	c.tmpl = "CASE WHEN " + strings.Join(some, " AND ") + " THEN CAST(map_concat($*) AS " + engineType(c.result) + ") END"
	return nil
}
