package trino

import "strings"

// A FunctionInfo is a line of SHOW FUNCTIONS, in Trino's columns.
type FunctionInfo struct {
	Name, Result, Arguments string
	Kind                    string // scalar, aggregate, window
	Deterministic           bool
	Description             string
}

// Functions are all functions that statements may call, by chapter.
func Functions() []FunctionInfo {
	var all []FunctionInfo
	for _, table := range functionTables() {
		for _, f := range table.functions {
			all = append(all, FunctionInfo{
				Name: f.name, Result: resultWords(f), Arguments: shapeWords.Replace(strings.ReplaceAll(f.params, ",", ", ")),
				Kind:          []string{"scalar", "aggregate", "window"}[f.kind],
				Deterministic: !unrepeatable(f.name), Description: f.doc,
			})
		}
	}
	return all
}

// resultWords names the type that a function gives.
func resultWords(f function) string {
	switch {
	case strings.HasPrefix(f.result, "$"):
		params, _ := f.paramList()
		return strings.ReplaceAll(params[f.result[1]-'1'], "timestamptz", "timestamp with time zone")
	case f.result == "element":
		return "T"
	case f.result == "array":
		return "array(T)"
	case f.result == "timestamptz":
		return "timestamp with time zone"
	}
	return f.result
}
