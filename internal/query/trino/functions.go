package trino

// A functionTable is a chapter of docs/sql.md.
type functionTable struct {
	title     string
	functions []function
}

// functionTables are all functions that are ever emitted.
func functionTables() []functionTable {
	return []functionTable{
		{"Aggregates", aggregateFunctions},
		{"Windows", windowFunctions},
		{"Dates and times", timeFunctions},
		{"Numbers", numberFunctions},
		{"Bits", bitFunctions},
		{"Texts", textFunctions},
		{"Regular expressions", regexpFunctions},
		{"Binary", binaryFunctions},
		{"URLs", urlFunctions},
		{"Arrays", arrayFunctions},
		{"Maps", mapFunctions},
		{"JSON", jsonFunctionTable},
	}
}
