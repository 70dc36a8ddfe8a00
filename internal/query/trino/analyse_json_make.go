package trino

import "strconv"

// jsonMake analyses JSON_OBJECT and JSON_ARRAY: keys and values are lists of texts to the engine.
func (a *analyser) jsonMake(x *xJSONMake, e *env) (node, error) {
	var keys, values []node
	for _, k := range x.keys {
		n, err := a.expr(k, e)
		if err != nil {
			return nil, err
		}
		if t := n.typ(); t.Kind != Varchar && t.Kind != Char {
			return nil, fail(k.at(), "INVALID_FUNCTION_ARGUMENT", "Invalid type of JSON object key: %s", t)
		}
		keys = append(keys, castTo(n, Type{Kind: Varchar}))
	}
	for _, v := range x.values {
		n, err := a.jsonMember(x, v, e)
		if err != nil {
			return nil, err
		}
		values = append(values, n)
	}
	absent := strconv.FormatBool(x.absent)
	out := &call{t: Type{Kind: Varchar}, fn: operator(x.name), args: []node{texts(values)}, tmpl: "larder_json_array_of($1, " + absent + ")"}
	if x.name == "json_object" {
		out.args = append(out.args, texts(keys))
		out.tmpl = "larder_json_object_of($2, $1, " + absent + ", " + strconv.FormatBool(x.unique) + ")"
	}
	return jsonOutput(x.pos, out, x.returning)
}

// jsonMember is the JSON of a value.
func (a *analyser) jsonMember(x *xJSONMake, v xJSONValue, e *env) (node, error) {
	member := &call{t: Type{Kind: Varchar}, fn: operator(x.name)}
	if v.format != "" || makesJSON(v.expr) {
		n, err := a.jsonInput(v, e)
		member.args, member.tmpl = []node{n}, "larder_json_input($1)"
		return member, err
	}
	n, err := a.expr(v.expr, e)
	if err != nil {
		return nil, err
	}
	switch t := n.typ(); {
	case t.Kind == Unknown:
		return nullOf(Type{Kind: Varchar}), nil
	case t.Kind == Real:
		member.args, member.tmpl = []node{n}, "CASE WHEN isfinite($1) THEN "+javaDoubleTemplate+" ELSE larder_json_double(CAST($1 AS DOUBLE)) END"
	case t.Kind == Boolean || t.isNumber():
		member.args, member.tmpl = []node{n}, jsonTextOf("$1", t, 0)
	case t.Kind != TimestampTZ && canCast(t, Type{Kind: Varchar}):
		member.args, member.tmpl = []node{castTo(n, Type{Kind: Varchar})}, "larder_json_string($1)"
	default:
		return nil, fail(x.pos, "NOT_SUPPORTED", "Unsupported type of value passed to %s function: %s", x.name, t)
	}
	return member, nil
}
