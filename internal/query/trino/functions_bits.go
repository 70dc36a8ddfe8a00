package trino

import "fmt"

var bitFunctions = join(
	[]function{
		{name: "bit_count", params: "bigint,bigint", result: "bigint", tmpl: "larder_bit_count($1, $2)", doc: "of a number of so many bits"},
		{name: "bitwise_and", params: "bigint,bigint", result: "bigint", tmpl: "($1 & $2)"},
		{name: "bitwise_or", params: "bigint,bigint", result: "bigint", tmpl: "($1 | $2)"},
		{name: "bitwise_xor", params: "bigint,bigint", result: "bigint", tmpl: "xor($1, $2)"},
		{name: "bitwise_not", params: "bigint", result: "bigint", tmpl: "(~$1)"},
	},
	shiftFunctions("bitwise_left_shift", "larder_shift_left", ""),
	shiftFunctions("bitwise_right_shift", "larder_shift_right", "zeros come in"),
	shiftFunctions("bitwise_right_shift_arithmetic", "larder_shift_right_arithmetic", "the sign stays"),
)

// shiftFunctions are for the integers, whose lengths differ.
func shiftFunctions(name, engine, doc string) []function {
	var out []function
	for i, t := range []string{"tinyint", "smallint", "integer", "bigint"} {
		tmpl := fmt.Sprintf("CAST(%s($1, $2, CAST(%d AS BIGINT)) AS %s)", engine, 8<<i, engineType(shapeTypes[t]))
		out = append(out, function{name: name, params: t + ",bigint", result: t, tmpl: tmpl, doc: doc})
		doc = ""
	}
	return out
}
