package trino

import (
	"errors"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/jsonpath"
)

// json analyses JSON_EXISTS, JSON_VALUE and JSON_QUERY. What is the same for every row goes to the engine's
// function as one text.
func (a *analyser) json(x *xJSON, e *env) (node, error) {
	path, err := jsonPathOf(x)
	if err != nil {
		return nil, err
	}
	input, err := a.jsonInput(x.input, e)
	if err != nil {
		return nil, err
	}
	c := &jsonpath.Call{Path: x.path, Wrapper: x.wrapper, OmitQuotes: x.quotes == "OMIT"}
	values, err := a.passing(x, c, e)
	if err != nil {
		return nil, err
	}
	for _, n := range path.Names {
		if !slices.ContainsFunc(c.Variables, func(v jsonpath.Variable) bool { return v.Name == n }) {
			return nil, fail(x.pathAt, "INVALID_PATH", "no value passed for parameter %s. Try quoting \"%s\" in the PASSING clause to match case", n, n)
		}
	}
	args := []node{input, texts(values)}
	switch x.name {
	case "json_exists":
		c.OnError = existsBehaviors[x.onError.word]
		return &call{t: Type{Kind: Boolean}, fn: operator(x.name), args: args, tmpl: "larder_json_exists($1, " + templateText(c.Encode()) + ", $2)"}, nil
	case "json_query":
		if x.quotes != "" && x.wrapper != "" {
			return nil, fail(x.pos, "INVALID_FUNCTION_ARGUMENT", "%s QUOTES behavior specified with WITH %s ARRAY WRAPPER behavior", x.quotes, strings.ToUpper(string(x.wrapper)))
		}
		c.OnEmpty, c.OnError = queryBehaviors[x.onEmpty.word], queryBehaviors[x.onError.word]
		out := &call{t: Type{Kind: Varchar}, fn: operator(x.name), args: args, tmpl: "larder_json_query($1, " + templateText(c.Encode()) + ", $2)"}
		return jsonOutput(x.pos, out, x.returning)
	}
	return a.jsonValue(x, c, args, e)
}

var existsBehaviors = map[string]jsonpath.Behavior{"": jsonpath.No, "FALSE": jsonpath.No, "TRUE": jsonpath.Yes, "ERROR": jsonpath.Raise}

var queryBehaviors = map[string]jsonpath.Behavior{"EMPTY ARRAY": jsonpath.EmptyArray, "EMPTY OBJECT": jsonpath.EmptyObject, "ERROR": jsonpath.Raise}

// jsonPathOf parses the path, whose errors stand where they are in the statement.
func jsonPathOf(x *xJSON) (*jsonpath.Path, error) {
	path, err := jsonpath.Parse(x.path)
	var wrong *jsonpath.SyntaxError
	if errors.As(err, &wrong) {
		at := x.pathAt
		at.column += 1 + len([]rune(x.path[:min(wrong.Offset, len(x.path))]))
		return nil, fail(at, "SYNTAX_ERROR", "%s", wrong.Message)
	}
	if err != nil {
		return nil, fail(x.pathAt, "NOT_SUPPORTED", "%s", err)
	}
	return path, nil
}

// texts is a list of texts.
func texts(values []node) node {
	return &call{t: Type{Kind: Array, Elements: []Type{{Kind: Varchar}}}, fn: operator("array"), args: values, tmpl: "CAST([$*] AS VARCHAR[])"}
}

// jsonInput is the text of JSON that an expression gives.
func (a *analyser) jsonInput(x xJSONValue, e *env) (node, error) {
	n, err := a.expr(x.expr, e)
	if err != nil {
		return nil, err
	}
	t := n.typ()
	text := &call{t: Type{Kind: Varchar}, fn: operator("json_query"), args: []node{n}}
	switch {
	case x.format == "" || x.format == "JSON":
		switch t.Kind {
		case Varchar:
			return n, nil
		case Unknown, Char:
			return castTo(n, Type{Kind: Varchar}), nil
		case Varbinary:
			text.tmpl = "larder_from_utf8($1)"
			return text, nil
		}
	case t.Kind == Unknown:
		return nullOf(Type{Kind: Varchar}), nil
	case t.Kind == Varbinary:
		text.tmpl = "larder_from_" + strings.ToLower(x.format) + "($1)"
		return text, nil
	}
	return nil, fail(x.expr.at(), "TYPE_MISMATCH", "Cannot read input of type %s as JSON using formatting %s", t, formatWords(x.format))
}

func formatWords(format string) string {
	if format == "" || format == "JSON" {
		return "JSON"
	}
	return "JSON ENCODING " + format
}

func castTo(n node, t Type) node {
	if n.typ().Kind == Unknown {
		return nullOf(t)
	}
	if n.typ().Equal(t) {
		return n
	}
	return &cast{t: t, arg: n}
}

// makesJSON tells whether an expression is a function that gives JSON: then FORMAT JSON is understood.
func makesJSON(x xExpr) bool {
	switch x := x.(type) {
	case *xJSONMake:
		return true
	case *xJSON:
		return x.name == "json_query"
	}
	return false
}

// passing analyses the variables: their names and types go into the call, their values are texts.
func (a *analyser) passing(x *xJSON, c *jsonpath.Call, e *env) ([]node, error) {
	var values []node
	for _, p := range x.passing {
		if slices.ContainsFunc(c.Variables, func(v jsonpath.Variable) bool { return v.Name == p.as }) {
			return nil, fail(p.name.pos, "DUPLICATE_PARAMETER_NAME", "%s JSON path parameter is specified more than once", p.as)
		}
		v := jsonpath.Variable{Name: p.as, Type: "json"}
		var n node
		var err error
		if p.format != "" || makesJSON(p.expr) {
			n, err = a.jsonInput(p.xJSONValue, e)
		} else if n, err = a.expr(p.expr, e); err == nil {
			n, v.Type, err = passedText(x.pos, n)
		}
		if err != nil {
			return nil, err
		}
		c.Variables, values = append(c.Variables, v), append(values, n)
	}
	return values, nil
}

// passedText is a value as a text that jsonpath reads again, and the name of its type.
func passedText(p pos, n node) (node, string, error) {
	t := n.typ()
	word := kindNames[t.Kind]
	switch {
	case t.Kind == Real || t.Kind == Double:
		return &call{t: Type{Kind: Varchar}, fn: operator("cast, try_cast"), args: []node{n}, tmpl: "CAST($1 AS VARCHAR)"}, word, nil
	case t.isNumber(), t.Kind == Boolean, t.Kind == Char, t.Kind == Date, t.Kind == Time, t.Kind == Timestamp:
	case t.Kind == TimestampTZ || !canCast(t, Type{Kind: Varchar}):
		return nil, "", fail(p, "NOT_SUPPORTED", "Unsupported type of JSON path parameter: %s", t)
	default:
		word = "varchar"
	}
	return castTo(n, Type{Kind: Varchar}), word, nil
}

// jsonOutput gives a text of JSON the type of RETURNING.
func jsonOutput(p pos, n node, returning *xJSONType) (node, error) {
	if returning == nil {
		return n, nil
	}
	t := returning.typ
	text := returning.format == "" || returning.format == "JSON"
	switch {
	case t.Kind == Varbinary:
		tmpl := "larder_to_" + strings.ToLower(returning.format) + "($1)"
		if text || returning.format == "UTF8" {
			tmpl = "encode($1)"
		}
		return &call{t: t, fn: operator("json_query"), args: []node{n}, tmpl: tmpl}, nil
	case (t.Kind == Varchar || t.Kind == Char) && text:
		return castTo(n, t), nil
	}
	return nil, fail(p, "TYPE_MISMATCH", "Cannot output JSON value as %s using formatting %s", t, formatWords(returning.format))
}
