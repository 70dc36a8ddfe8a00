// Package jsonpath is the path language of SQL/JSON as Trino speaks it, lax and strict: Parse reads a
// path, Path.Items follows it through a value of JSON. It is pure. The analyser of SQL parses with it, so
// that a wrong path is told where it stands; the engine's functions follow with it.
package jsonpath

import "fmt"

// A Path is a path that Parse has read. It may be used by many goroutines.
type Path struct {
	lax  bool
	root expr
	// Names are those of the variables ($x) in the path, each once.
	Names []string
}

// A SyntaxError is a text that is no path. Offset is where, in bytes from 0.
type SyntaxError struct {
	Offset  int
	Message string
}

func (e *SyntaxError) Error() string { return e.Message }

// An Unsupported is a part of the standard's language that Trino does not have either.
type Unsupported struct{ What string }

func (e *Unsupported) Error() string { return e.What + " in JSON path is not yet supported" }

// An expr is a node of a path.
type expr interface{}

type (
	constant struct{ item *Item }
	context  struct{}              // $
	current  struct{}              // @
	last     struct{}              // last
	variable struct{ name string } // $name
	negative struct {              // + and -
		minus bool
		arg   expr
	}
	arithmetic struct {
		op          byte
		left, right expr
	}
	member struct { // .name; .* with all
		of   expr
		name string
		all  bool
	}
	descendant struct { // ..name
		of   expr
		name string
	}
	element struct { // [a, b to c]; [*] with no subscripts
		of         expr
		subscripts []subscript
	}
	filter struct { // ? (condition)
		of        expr
		condition predicate
	}
	method struct { // .size() and the like
		of   expr
		name string
	}
)

// A subscript is one place, or with to a range of places.
type subscript struct{ from, to expr }

// A predicate is a condition of a filter.
type predicate interface{}

type (
	logical struct {
		and         bool
		left, right predicate
	}
	negation   struct{ arg predicate }
	unknown    struct{ arg predicate } // is unknown
	exists     struct{ of expr }
	comparison struct {
		op          string // ==, <> (for != too), <, >, <=, >=
		left, right expr
	}
	startsWith struct{ whole, start expr }
)

// evaluationError is a path that fails while it is followed.
func evaluationError(format string, args ...any) error {
	return &Failure{Code: "PATH_EVALUATION_ERROR", Message: "path evaluation failed: " + fmt.Sprintf(format, args...)}
}

// A Failure is an error of following a path, or of what goes in and comes out, with Trino's code.
type Failure struct{ Code, Message string }

func (e *Failure) Error() string { return e.Message }
