package duckdb

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/larder-dev/larder/internal/query"
)

// A rule names an error of the engine's as Trino does.
type rule struct {
	pattern *regexp.Regexp
	code    string
	message func(groups []string) string
}

// fixed is a message without groups.
func fixed(text string) func([]string) string { return func([]string) string { return text } }

// rules are tried in order. What none knows is a fault of ours.
var rules = []rule{
	{regexp.MustCompile(`(?s)^Conversion Error: Could not convert string '(.*?)' to (\w+)`), "INVALID_CAST_ARGUMENT",
		func(g []string) string { return cannotCast(g[1], g[2]) }},
	{regexp.MustCompile(`(?s)^Conversion Error: Could not convert string "(.*?)" to '?(\w+)`), "INVALID_CAST_ARGUMENT",
		func(g []string) string { return cannotCast(g[1], g[2]) }},
	{regexp.MustCompile(`^Conversion Error: Type \w+ with value (\S+) can't be cast .* destination type (\w+)`), "NUMERIC_VALUE_OUT_OF_RANGE",
		func(g []string) string { return fmt.Sprintf("Out of range for %s: %s", typeName(g[2]), g[1]) }},
	{regexp.MustCompile(`(?s)^Conversion Error: (?:invalid )?(timestamp|date|time) field (?:format|value out of range): "(.*?)"`), "INVALID_CAST_ARGUMENT",
		func(g []string) string { return fmt.Sprintf("Value cannot be cast to %s: %s", g[1], g[2]) }},
	{regexp.MustCompile(`^Conversion Error`), "INVALID_CAST_ARGUMENT", fixed("A value cannot be cast to the type that the query asks for")},
	{regexp.MustCompile(`^Out of Range Error: Overflow in (\w+) of (\w+) \((.*)\)`), "NUMERIC_VALUE_OUT_OF_RANGE",
		func(g []string) string { return fmt.Sprintf("%s %s overflow: %s", typeName(g[2]), g[1], g[3]) }},
	{regexp.MustCompile(`(?i)division by zero|divide by zero`), "DIVISION_BY_ZERO", fixed("Division by zero")},
	{regexp.MustCompile(`^Out of Range Error`), "NUMERIC_VALUE_OUT_OF_RANGE", fixed("A value is out of the range of its type")},
	{regexp.MustCompile(`Map keys must be unique`), "INVALID_FUNCTION_ARGUMENT", fixed("Duplicate map keys are not allowed")},
	{regexp.MustCompile(`More than one row returned by a subquery`), "SUBQUERY_MULTIPLE_ROWS", fixed("Scalar sub-query has returned multiple rows")},
	{regexp.MustCompile(`Max expression depth limit`), "STACK_OVERFLOW", fixed("statement is too large (stack overflow during analysis)")},
	{regexp.MustCompile(`^IO Error: .*No space left`), "GENERIC_INSUFFICIENT_RESOURCES", fixed("The disk of the server is full")},
}

// typeName is Trino's name of a type of the engine's.
func typeName(engine string) string {
	if element, ok := strings.CutSuffix(engine, "[]"); ok {
		return "array(" + typeName(element) + ")"
	}
	switch engine {
	case "INT8", "TINYINT":
		return "tinyint"
	case "INT16", "SMALLINT":
		return "smallint"
	case "INT32", "INTEGER":
		return "integer"
	case "INT64", "BIGINT":
		return "bigint"
	case "FLOAT":
		return "real"
	case "BOOL":
		return "boolean"
	}
	return strings.ToLower(engine)
}

// cannotCast writes the type in capitals, and integer short, as Trino does there alone.
func cannotCast(text, engineType string) string {
	name := strings.ToUpper(typeName(engineType))
	if name == "INTEGER" {
		name = "INT"
	}
	return fmt.Sprintf("Cannot cast '%s' to %s", text, name)
}

// ours is how SQL that we emit fails on purpose: error('LARDER:<CODE>:<message>').
var ours = regexp.MustCompile(`(?s)^(?:Invalid Input Error: )?LARDER:([A-Z][A-Z0-9_]*):(.*)`)

// position is what the engine appends to some messages: where in its own SQL the error is.
var position = regexp.MustCompile(`(?s)\n\nLINE \d+: .*$`)

// outOfMemory is Trino's code of a plan that needs more memory than it may have.
const outOfMemory = "EXCEEDED_LOCAL_MEMORY_LIMIT"

// translate says in Trino's words what the engine said in its own. known is false if it does not
// know what is meant; the error then shows nothing of the text.
func translate(text string, plan *query.Plan, budget int64) (e *query.EngineError, known bool) {
	text = position.ReplaceAllString(text, "")
	if m := ours.FindStringSubmatch(text); m != nil {
		return &query.EngineError{Code: m[1], Message: m[2]}, true
	}
	if strings.HasPrefix(text, "Out of Memory Error") {
		return &query.EngineError{
			Code:    outOfMemory,
			Message: fmt.Sprintf("Query exceeded per-node memory limit of %dMB", budget>>20),
		}, true
	}
	if e := badFile(text, plan); e != nil {
		return e, true
	}
	for _, r := range rules {
		if m := r.pattern.FindStringSubmatch(text); m != nil {
			return &query.EngineError{Code: r.code, Message: r.message(m)}, true
		}
	}
	return &query.EngineError{Code: "GENERIC_INTERNAL_ERROR", Message: "The query failed for a reason that is in the log of the server"}, false
}

// wrongType is a column of a Parquet file that does not fit the table.
var wrongType = regexp.MustCompile(`failed to cast column "(.*?)" from type (.+?) to (.+?): `)

// badFile recognises an error of a data file: it names the file by its path.
func badFile(text string, plan *query.Plan) *query.EngineError {
	uri := fileIn(text, plan)
	if uri == "" {
		return nil
	}
	switch {
	case wrongType.MatchString(text):
		m := wrongType.FindStringSubmatch(text)
		return &query.EngineError{Code: "HIVE_BAD_DATA", Message: fmt.Sprintf(
			"Field %s's type %s in parquet file %s is incompatible with type %s defined in table schema", m[1], typeName(m[2]), uri, typeName(m[3]))}
	case strings.Contains(text, "No magic bytes"):
		return &query.EngineError{Code: "HIVE_BAD_DATA", Message: "Not valid Parquet file: " + uri + " expected magic number: PAR1"}
	case strings.HasPrefix(text, "IO Error: No files found"), strings.HasPrefix(text, "IO Error: Cannot open file"), strings.HasPrefix(text, "Permission Error"):
		// The plan may open the file. If it is not there the engine looks for a directory of that
		// name, and that it may not.
		return &query.EngineError{Code: "HIVE_CANNOT_OPEN_SPLIT", Message: "Error opening Hive split " + uri}
	}
	return &query.EngineError{Code: "HIVE_BAD_DATA", Message: "Error reading " + uri + ": its bytes are not what the table's format says"}
}

// fileIn returns the URI of the file whose path is in text, "" if none is.
func fileIn(text string, plan *query.Plan) string {
	for _, r := range plan.Relations {
		for _, f := range r.Files {
			if strings.Contains(text, f.Path) {
				return f.URI
			}
		}
	}
	return ""
}
