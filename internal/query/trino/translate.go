package trino

// A Query is a statement that gives rows.
type Query struct{}

// Class is DML, SELECT.
func (*Query) Class() (string, string) { return "DML", "SELECT" }

// Translate analyses q over the tables of schema and emits it. Its errors are *Error, or what
// schema returned.
func Translate(q *Query, session Session, schema Schema) (*Translation, error) {
	return nil, &Error{Code: "NOT_SUPPORTED", Line: 1, Column: 1, Message: "not yet"}
}
