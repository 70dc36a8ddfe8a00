package trino

import "fmt"

var arrayFunctions = []function{
	{name: "all_match", params: "array(T),function(T,boolean)", result: "boolean", tmpl: matched("CASE WHEN list_contains($b, FALSE) THEN FALSE WHEN list_count($b) < len($b) THEN NULL ELSE TRUE END"), doc: "NULL if no element fails and one is unknown"},
	{name: "any_match", params: "array(T),function(T,boolean)", result: "boolean", tmpl: matched("CASE WHEN list_contains($b, TRUE) THEN TRUE WHEN list_count($b) < len($b) THEN NULL ELSE FALSE END")},
	{name: "none_match", params: "array(T),function(T,boolean)", result: "boolean", tmpl: matched("CASE WHEN list_contains($b, TRUE) THEN FALSE WHEN list_count($b) < len($b) THEN NULL ELSE TRUE END")},
	{name: "array_distinct", params: "array(T)", result: "array(T)", comparable: "T", tmpl: distinctElements("$1"), doc: "in the order of their first places"},
	{name: "array_except", params: "array(T),array(T)", result: "array(T)", comparable: "T", tmpl: distinctElements("list_filter($1, lambda $f: NOT " + within("$f", "$2") + ")"), doc: "without what comes again"},
	{name: "array_intersect", params: "array(T),array(T)", result: "array(T)", comparable: "T",
		tmpl: "CASE WHEN len($1) < len($2) THEN " + intersection("$2", "$1") + " ELSE " + intersection("$1", "$2") + " END", doc: "without what comes again, in the order of the longer"},
	{name: "array_union", params: "array(T),array(T)", result: "array(T)", comparable: "T", tmpl: "CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN " + distinctElements("list_concat($1, $2)") + " END"},
	{name: "arrays_overlap", params: "array(T),array(T)", result: "boolean", comparable: "T", doc: "NULL if nothing is common and one holds a NULL",
		tmpl: "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN len(list_filter($1, lambda $x: $x IS NOT NULL AND list_contains($2, $x))) > 0 THEN TRUE WHEN list_count($1) < len($1) OR list_count($2) < len($2) THEN NULL ELSE FALSE END"},
	{name: "array_join", params: "array,varchar", result: "varchar", check: joining, doc: "NULLs are left out"},
	{name: "array_join", params: "array,varchar,varchar", result: "varchar", check: joining, doc: "the third stands for NULLs"},
	{name: "array_max", params: "array(T)", result: "T", orderable: "T", tmpl: "CASE WHEN list_count($1) = len($1) THEN list_max($1) END", doc: "NULL if an element is"},
	{name: "array_min", params: "array(T)", result: "T", orderable: "T", tmpl: "CASE WHEN list_count($1) = len($1) THEN list_min($1) END", doc: "NULL if an element is"},
	{name: "array_position", params: "array(T),T", result: "bigint", comparable: "T", tmpl: "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE CAST(coalesce(list_position($1, $2), 0) AS BIGINT) END", doc: "of the first; 0 if it is not there"},
	{name: "array_remove", params: "array(T),T", result: "array(T)", comparable: "T", tmpl: "CASE WHEN $2 IS NOT NULL THEN list_filter($1, lambda $x: $x IS NULL OR $x <> $2) END"},
	{name: "array_sort", params: "array(T)", result: "array(T)", orderable: "T", tmpl: "list_sort($1, 'ASC', 'NULLS LAST')", doc: "NULL comes last"},
	{name: "array_sort", params: "array(T),function(T,T,bigint)", result: "array(T)", tmpl: comparatorSort, doc: "by -1, 0 or 1 of two elements; the time grows with the square of their number"},
	{name: "array_histogram", params: "array(T)", result: "map(T,bigint)", comparable: "T", check: histogramOfArray, doc: "how often each element comes that is not NULL"},
	{name: "cardinality", params: "array", result: "bigint", tmpl: "len($1)"},
	{name: "combinations", params: "array(T),bigint", result: "array(array(T))", doc: "of at most five elements",
		tmpl: "list_transform([larder_combinations(len($1), $2)], lambda $c: list_transform(range(0, $c[1]), lambda $i: list_transform(($c)[($i * $2 + 2):($i * $2 + $2 + 1)], lambda $j: ($1)[$j])))[1]"},
	{name: "concat", params: "array(T),array(T),array(T)…", result: "array(T)", check: concatenatingArrays},
	{name: "concat", params: "array(T),array(T)", result: "array(T)", check: concatenatingArrays, doc: "NULL if one is"},
	{name: "concat", params: "array(T),T", result: "array(T)", tmpl: "CASE WHEN $1 IS NOT NULL THEN list_append($1, $2) END"},
	{name: "concat", params: "T,array(T)", result: "array(T)", tmpl: "CASE WHEN $2 IS NOT NULL THEN list_prepend($1, $2) END"},
	{name: "contains", params: "array(T),T", result: "boolean", comparable: "T", doc: "NULL if it is not there but a NULL is",
		tmpl: "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN list_contains($1, $2) THEN TRUE WHEN list_count($1) < len($1) THEN NULL ELSE FALSE END"},
	{name: "contains_sequence", params: "array(T),array(T)", result: "boolean", comparable: "T", doc: "whether the elements of the second come one after the other",
		tmpl: "CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN len($2) = 0 THEN TRUE ELSE len(list_filter(range(1, len($1) - len($2) + 2), lambda $i: ($1)[$i:($i + len($2) - 1)] = $2)) > 0 END"},
	{name: "element_at", params: "array(T),bigint", result: "T", tmpl: "CASE WHEN $2 = 0 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:SQL array indices start at 1') ELSE list_extract($1, $2) END", doc: "from 1, or from the end with -1; NULL beyond"},
	{name: "filter", params: "array(T),function(T,boolean)", result: "array(T)", tmpl: "list_filter($1, $2)"},
	{name: "flatten", params: "array(array(T))", result: "array(T)", tmpl: "flatten(list_filter($1, lambda $x: $x IS NOT NULL))"},
	{name: "ngrams", params: "array(T),bigint", result: "array(array(T))",
		tmpl: "CASE WHEN $2 <= 0 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:N must be positive') WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN len($1) <= $2 THEN [$1] ELSE list_transform(range(1, len($1) - $2 + 2), lambda $i: ($1)[$i:($i + $2 - 1)]) END"},
	{name: "reduce", params: "array(T),S,function(S,T,S),function(S,R)", result: "R", check: reducing, doc: "from the first to the last"},
	{name: "repeat", params: "T,bigint", result: "array(T)", check: repeating, doc: "10,000 times at most"},
	{name: "reverse", params: "array(T)", result: "array(T)", tmpl: "list_reverse($1)"},
	{name: "sequence", params: "bigint,bigint", result: "array(bigint)", tmpl: "larder_sequence($1, $2, CASE WHEN $1 <= $2 THEN 1 ELSE -1 END)", doc: "10,000 elements at most"},
	{name: "sequence", params: "bigint,bigint,bigint", result: "array(bigint)", tmpl: "larder_sequence($1, $2, $3)"},
	{name: "sequence", params: "date,date", result: "array(date)", tmpl: "list_transform(larder_sequence(" + epochDay("$1") + ", " + epochDay("$2") + ", CASE WHEN $1 <= $2 THEN 1 ELSE -1 END), lambda $x: DATE '1970-01-01' + CAST($x AS INTEGER))"},
	{name: "sequence", params: "date,date,interval day", result: "array(date)",
		tmpl: "list_transform(larder_sequence(" + epochDay("$1") + ", " + epochDay("$2") + ", CASE WHEN epoch_us($3) % 86400000000 <> 0 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:sequence step must be a day interval if start and end values are dates') ELSE epoch_us($3) // 86400000000 END), lambda $x: DATE '1970-01-01' + CAST($x AS INTEGER))"},
	{name: "sequence", params: "date,date,interval year", result: "array(date)",
		tmpl: "list_transform(larder_sequence_months(epoch_us(CAST($1 AS TIMESTAMP)), epoch_us(CAST($2 AS TIMESTAMP)), " + monthsOfThird + "), lambda $x: CAST(make_timestamp($x) AS DATE))"},
	{name: "sequence", params: "timestamp,timestamp,interval day", result: "array(timestamp)", check: sequenceOfTimes, tmpl: "list_transform(larder_sequence(epoch_us($1), epoch_us($2), epoch_us($3)), lambda $x: make_timestamp($x))"},
	{name: "sequence", params: "timestamp,timestamp,interval year", result: "array(timestamp)", check: sequenceOfTimes, tmpl: "list_transform(larder_sequence_months(epoch_us($1), epoch_us($2), " + monthsOfThird + "), lambda $x: make_timestamp($x))"},
	{name: "shuffle", params: "array(T)", result: "array(T)", tmpl: "list_transform(larder_permutation(len($1)), lambda $i: ($1)[$i])"},
	{name: "slice", params: "array(T),bigint,bigint", result: "array(T)", doc: "from 1; below 0 from the end", tmpl: "CASE WHEN $1 IS NULL OR $2 IS NULL OR $3 IS NULL THEN NULL " +
		"WHEN $2 = 0 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:SQL array indices start at 1') WHEN $3 < 0 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:length must be greater than or equal to 0') " +
		"WHEN $3 = 0 OR $2 < -len($1) OR $2 > len($1) THEN ($1)[1:0] WHEN $2 > 0 THEN ($1)[$2:($2 - 1 + least($3, len($1)))] ELSE ($1)[(len($1) + $2 + 1):(len($1) + $2 + least($3, len($1)))] END"},
	{name: "transform", params: "array(T),function(T,U)", result: "array(U)", tmpl: "list_transform($1, $2)"},
	{name: "trim_array", params: "array(T),bigint", result: "array(T)", doc: "without the last so many", tmpl: "CASE WHEN $2 < 0 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:size must not be negative: ' || $2) " +
		"WHEN $2 > len($1) THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:size must not exceed array cardinality ' || len($1) || ': ' || $2) WHEN $2 IS NULL THEN NULL ELSE ($1)[1:(len($1) - $2)] END"},
	{name: "width_bucket", params: "double,array(double)", result: "bigint", tmpl: "larder_width_bucket_bins($1, $2)"},
	{name: "zip", params: "array(T),array(U)", result: "array(row(T,U))", check: zipping, doc: "NULL where an array has ended"},
	{name: "zip", params: "array(T),array(U),array(V)", result: "array(row(T,U,V))", check: zipping},
	{name: "zip", params: "array(T),array(U),array(V),array(W)", result: "array(row(T,U,V,W))", check: zipping},
	{name: "zip", params: "array(T),array(U),array(V),array(W),array(X)", result: "array(row(T,U,V,W,X))", check: zipping},
	{name: "zip_with", params: "array(T),array(U),function(T,U,R)", result: "array(R)",
		tmpl: "CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN list_transform(range(1, greatest(len($1), len($2)) + 1), lambda $i: $3(($1)[$i], ($2)[$i])) END"},
}

func histogramOfArray(c *checking) error {
	t := c.result.Elements[0]
	values := "$a"
	if alike := keyAlike("$x", t); alike != "$x" {
		values = "list_transform($a, lambda $x: " + alike + ")"
	}
	// The engine's histogram of no values is NULL.
	counted := "CASE WHEN list_count($a) > 0 THEN " + plainKeys("list_aggregate("+values+", 'histogram')", t) + " ELSE map_from_entries([]) END"
	c.tmpl = "list_transform([$1], lambda $a: CASE WHEN $a IS NOT NULL THEN CAST(" + counted + " AS " + engineType(c.result) + ") END)[1]"
	return nil
}

// monthsOfThird are the months of the interval that is argument 3.
const monthsOfThird = "CAST(datepart('year', $3) * 12 + datepart('month', $3) AS BIGINT)"

func epochDay(arg string) string {
	return "CAST(" + arg + " - DATE '1970-01-01' AS BIGINT)"
}

// matched writes what a test of every element comes to.
func matched(what string) string {
	return "list_transform([list_transform($1, $2)], lambda $b: CASE WHEN $b IS NOT NULL THEN " + what + " END)[1]"
}

// within writes whether a list holds a value, NULL being one.
func within(value, list string) string {
	return "(CASE WHEN " + value + " IS NULL THEN list_count(" + list + ") < len(" + list + ") ELSE list_contains(" + list + ", " + value + ") END)"
}

// distinctElements keeps the first of equal elements.
func distinctElements(list string) string {
	return "list_transform([" + list + "], lambda $d: list_filter($d, lambda $e, $n: CASE WHEN $e IS NULL THEN list_position(list_transform($d, lambda $z: $z IS NULL), TRUE) = $n ELSE list_position($d, $e) = $n END))[1]"
}

func intersection(longer, shorter string) string {
	return distinctElements("list_filter(" + longer + ", lambda $f: " + within("$f", shorter) + ")")
}

// comparatorSort finds the place of every element by asking about every other; equal ones keep their
// order.
const comparatorSort = "list_transform(list_sort(list_transform(range(1, len($1) + 1), lambda $i: struct_pack(r := len(list_filter(range(1, len($1) + 1), lambda $j: " +
	"CASE WHEN $i = $j THEN FALSE WHEN $2(($1)[$j], ($1)[$i]) IN (-1, 0, 1) THEN $2(($1)[$j], ($1)[$i]) = -1 OR $2(($1)[$j], ($1)[$i]) = 0 AND $j < $i " +
	"ELSE error('LARDER:INVALID_FUNCTION_ARGUMENT:Lambda comparator must return either -1, 0, or 1') END)), x := $i))), lambda $s: ($1)[$s.x])"

// joining writes the elements as CAST does.
func joining(c *checking) error {
	t := c.args[0].typ()
	text, ok := textOf(t.Elements[0], "$x")
	if !ok {
		return c.fail("NOT_SUPPORTED", "array_join of %s is not supported", t)
	}
	if len(c.args) == 3 {
		text = "coalesce(" + text + ", $3)"
	}
	c.tmpl = "larder_concat_ws($2, CAST(list_transform($1, lambda $x: " + text + ") AS VARCHAR[]))"
	if len(c.args) == 3 {
		c.tmpl = "CASE WHEN $3 IS NOT NULL THEN " + c.tmpl + " END"
	}
	return nil
}

func concatenatingArrays(c *checking) error {
	if len(c.args) > 9 {
		return c.fail("NOT_SUPPORTED", "concat of more than nine arrays is not supported; use ||")
	}
	nulls, all := "", "$1"
	for i := range c.args {
		arg := fmt.Sprintf("$%d", i+1)
		if i > 0 {
			nulls += " AND "
			all = "list_concat(" + all + ", " + arg + ")"
		}
		nulls += arg + " IS NOT NULL"
	}
	c.tmpl = "CASE WHEN " + nulls + " THEN " + all + " END"
	return nil
}

func repeating(c *checking) error {
	c.tmpl = "CAST(list_transform(range(0, greatest(CASE WHEN $2 > 10000 THEN error('LARDER:INVALID_FUNCTION_ARGUMENT:count argument of repeat function must be less than or equal to 10000') ELSE $2 END, 0)), lambda $i: $1) AS " + engineType(c.result) + ")"
	return nil
}

func sequenceOfTimes(c *checking) error {
	c.result = Type{Kind: Array, Elements: []Type{c.args[0].typ()}}
	return nil
}

func zipping(c *checking) error {
	nulls, lengths, fields := "", "", ""
	for i := range c.args {
		arg := fmt.Sprintf("$%d", i+1)
		if i > 0 {
			nulls, lengths, fields = nulls+" AND ", lengths+", ", fields+", "
		}
		nulls += arg + " IS NOT NULL"
		lengths += "len(" + arg + ")"
		fields += engineField(i) + " := (" + arg + ")[$i]"
	}
	c.tmpl = "CASE WHEN " + nulls + " THEN list_transform(range(1, greatest(" + lengths + ") + 1), lambda $i: struct_pack(" + fields + ")) END"
	return nil
}

// reducing folds over rows of the state and an element: the engine's own reduction wants both of one
// type.
func reducing(c *checking) error {
	c.tmpl = "CASE WHEN $1 IS NOT NULL THEN list_transform([" + folded(c, "$1", "$2", "$3") + "], lambda $r: $4($r.s))[1] END"
	return nil
}

// folded writes the row whose field s is the last state.
func folded(c *checking, list, start, step string) string {
	element, state := engineType(c.args[0].typ()), engineType(c.args[1].typ())
	if c.args[0].typ().Kind == Array && c.name == "reduce" {
		element = engineType(c.args[0].typ().Elements[0])
	}
	row := "STRUCT(s " + state + ", x " + element + ")"
	steps := "list_concat([CAST(struct_pack(s := " + start + ", x := NULL) AS " + row + ")], list_transform(" + list + ", lambda $x: CAST(struct_pack(s := NULL, x := $x) AS " + row + ")))"
	return "list_reduce(" + steps + ", lambda $a, $b: CAST(struct_pack(s := " + step + "($a.s, $b.x), x := NULL) AS " + row + "))"
}
