package trino

import (
	"strings"

	"github.com/larder-dev/larder/internal/jsonpath"
)

// jsonValue analyses the rest of JSON_VALUE. The engine's function gives the text of the scalar that the
// path finds, and SQL casts it: what cannot be cast is an error of JSON_VALUE, too.
func (a *analyser) jsonValue(x *xJSON, c *jsonpath.Call, args []node, e *env) (node, error) {
	t := Type{Kind: Varchar}
	if x.returning != nil {
		t = x.returning.typ
	}
	switch {
	case t.isNumber(), t.Kind == Boolean, t.Kind == Varchar, t.Kind == Char, t.Kind >= Date && t.Kind <= TimestampTZ:
	default:
		return nil, fail(x.pos, "TYPE_MISMATCH", "Invalid return type of function JSON_VALUE: %s", t)
	}
	c.Returning = kindNames[t.Kind]
	spec := templateText(c.Encode())
	if x.onEmpty.plain() && x.onError.plain() {
		text := &call{t: Type{Kind: Varchar}, fn: operator("json_value"), args: args, tmpl: "larder_json_value_text($1, " + spec + ", $2)"}
		if t.Equal(text.t) {
			return text, nil
		}
		return &cast{t: t, arg: text, try: true}, nil
	}
	empty, err := a.jsonDefault(x.onEmpty, "EMPTY", t, e)
	if err != nil {
		return nil, err
	}
	failed, err := a.jsonDefault(x.onError, "ERROR", t, e)
	if err != nil {
		return nil, err
	}
	const noItems = "error('LARDER:JSON_VALUE_RESULT_ERROR:cannot extract SQL scalar from JSON: JSON path found no items')"
	noCast := "JSON_VALUE_RESULT_ERROR:cannot extract SQL scalar from JSON: Cannot cast value to declared return type of function JSON_VALUE: " + t.String()
	wrong := "error('LARDER:' || CASE WHEN $r[1] = '" + jsonpath.Failed + "' THEN $r[2] ELSE '" + noCast + "' END)"
	value := strings.ReplaceAll(castTemplate(Type{Kind: Varchar}, t, true, false), "$1", "$r[2]")
	value = "CASE WHEN $r[1] = '" + jsonpath.Found + "' THEN " + value + " END"
	tmpl := "list_transform([larder_json_value($1, " + spec + ", $2)], lambda $r: list_transform([" + value + "], lambda $w: CASE WHEN $r IS NULL OR $r[1] = '" + jsonpath.NullItem +
		"' THEN NULL WHEN $r[1] = '" + jsonpath.Nothing + "' THEN " + orRaise(x.onEmpty, "$3", noItems) + " WHEN $w IS NOT NULL THEN $w ELSE " + orRaise(x.onError, "$4", wrong) + " END)[1])[1]"
	return &call{t: t, fn: operator("json_value"), args: append(args, empty, failed), tmpl: "CAST(" + tmpl + " AS " + engineType(t) + ")"}, nil
}

// plain tells whether the behavior is NULL.
func (b xJSONBehavior) plain() bool { return b.word == "" || b.word == "NULL" }

func orRaise(b xJSONBehavior, other, raise string) string {
	if b.word == "ERROR" {
		return raise
	}
	return other
}

// jsonDefault is the value of DEFAULT, or NULL.
func (a *analyser) jsonDefault(b xJSONBehavior, on string, t Type, e *env) (node, error) {
	if b.word != "DEFAULT" {
		return nullOf(t), nil
	}
	n, err := a.expr(b.other, e)
	if err != nil {
		return nil, err
	}
	if !coerces(n.typ(), t) {
		return nil, fail(b.other.at(), "TYPE_MISMATCH", "Function JSON_VALUE default ON %s result must evaluate to a %s (actual: %s)", on, t, n.typ())
	}
	if runsQueries(n) {
		return nil, fail(b.other.at(), "NOT_SUPPORTED", "a subquery or a window function in DEFAULT is not supported")
	}
	return coerce(n, t), nil
}
