// Package trino translates Trino SQL, Athena's dialect, for the engine: Parse, then Analyse, which
// gives every expression its Trino type and its origin, then Emit. It does no I/O and never
// patches text. docs/sql.md says what of the dialect it knows.
//
// The engine that runs a Translation has its TimeZone set to UTC and its other settings as DuckDB
// 1.5 comes. Both kinds of timestamps are its TIMESTAMP, in UTC; Translation.Columns says which is
// which. A relation's columns have the names of the table's in lower case, and the engine's types:
// string VARCHAR, int INTEGER, timestamp TIMESTAMP, float FLOAT, array<int> INTEGER[], the others as named.
//
// # Errors at run time
//
// What Trino refuses while it runs, the emitted SQL refuses by error('LARDER:<CODE>:<message>'), with
// Trino's code and words: DIVISION_BY_ZERO, INVALID_CAST_ARGUMENT, INVALID_FUNCTION_ARGUMENT. These errors
// of the engine itself mean:
//
//	Out of Range Error: Overflow in …             NUMERIC_VALUE_OUT_OF_RANGE
//	Conversion Error: Type INT128 with value …    NUMERIC_VALUE_OUT_OF_RANGE (sum of bigint)
//	Conversion Error: Type DOUBLE with value …    INVALID_CAST_ARGUMENT
//	Conversion Error: … out of range …            NUMERIC_VALUE_OUT_OF_RANGE (times)
//	More than one row returned by a subquery …    SUBQUERY_MULTIPLE_ROWS
//	Argument for ntile must be greater than zero  INVALID_FUNCTION_ARGUMENT
//	Invalid UTF8 Codepoint                        INVALID_FUNCTION_ARGUMENT
package trino

import "fmt"

// An Error is what Trino says of a statement that it cannot run.
type Error struct {
	Code    string // SYNTAX_ERROR, TABLE_NOT_FOUND, COLUMN_NOT_FOUND, TYPE_MISMATCH, FUNCTION_NOT_FOUND, NOT_SUPPORTED, …
	Line    int    // from 1
	Column  int    // from 1, in characters
	Message string
}

// Error gives the text that Athena shows as StateChangeReason: "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved".
func (e *Error) Error() string {
	return fmt.Sprintf("%s: line %d:%d: %s", e.Code, e.Line, e.Column, e.Message)
}

// A Schema finds tables. Names come in lower case; database is the session's if the statement
// gave none. It returns nil if there is no such table.
type Schema interface {
	Table(catalog, database, table string) (*Table, error)
	// AsOf returns the columns that f gives behind those of its labels. Its errors are those of f.Fail, and others.
	AsOf(f *AsOf) ([]TableColumn, error)
}

// A Table is what a statement may read.
type Table struct {
	Catalog, Database, Name string
	Columns                 []TableColumn
	// View is the statement that the table stands for, if it is a view: its columns have the names of
	// Columns.
	View *View
	// Places says that the engine can tell the place of each row, and read rows by it: see Translation.Placed.
	Places bool
	// AsOf is the call whose result the table is, nil if it is one of the catalog. Its columns in the engine are those
	// of AsOf.Result.
	AsOf *AsOf
}

// A View is the statement of a view and what surrounded it.
type View struct {
	SQL     string
	Session Session
}

// A TableColumn has a Hive type, as the catalog keeps it.
type TableColumn struct {
	Name, HiveType string
	// EventTime marks a group's event-time column that is text: compared with an instant, it is
	// compared as the instant that it names.
	EventTime bool
}

// Session is what surrounds a statement.
type Session struct {
	Catalog, Database string // defaults; "" if the client gave none
	// Parameters are the values of the statement's ?, as many as Query.Parameters: texts of constant
	// expressions, 'a' or 5. Each is parsed and analysed in its place, and never put into the statement.
	Parameters []string
}

// A Translation is a statement ready for the engine.
type Translation struct {
	SQL     string   // the engine's dialect; names relations r0, r1, … and nothing else
	Tables  []*Table // of relation r<i>; columns of a relation have the names of TableColumn
	Columns []ResultColumn
	// Repeatable says that the statement gives the same result over the same rows whenever it runs: it asks
	// for no chance, no clock and no rows of an order that it does not name (LIMIT without ORDER BY).
	Repeatable bool
	// Placed says which relations SQL also reads as "r<i> placed" and "r<i> sought": the same rows with two more columns,
	// " file" (UBIGINT) and " row" (BIGINT), which together are another for each row and whose file is less than 2³¹, row less
	// than 2³². The engine is to expect far fewer rows of "sought" than there are, for the order of its joins. nil: none.
	Placed []bool
	// Spare is SQL that gives the same where SQL runs out of memory: it reads no relation by places, and spills more and
	// sooner. "" if there is no other.
	Spare string

	root *query
}

// A ResultColumn is a column of the result.
type ResultColumn struct {
	Name string // as Athena heads it: see client-behaviour "Result file rules"
	Type Type
	// Unnamed says that the statement gives the column no name: Name is _colN.
	Unnamed bool
}
