package trino

import (
	"strings"

	"github.com/larder-dev/larder/internal/jsonpath"
)

// A pos is where a node begins in the statement: line and column from 1, in characters, and the
// offsets of its first and last character.
type pos struct{ line, column, start, stop int }

func (p pos) at() pos { return p }

// An ident is a name as written, without its quotes. Names match without case even when quoted.
type ident struct {
	pos
	text string
}

func (i ident) lower() string { return strings.ToLower(i.text) }

// An xExpr is an expression as written.
type xExpr interface{ at() pos }

type litKind int

const (
	litNull litKind = iota
	litBool
	litInteger
	litDecimal
	litDouble
	litString
	litBinary
)

// An xJSONValue is an expression with FORMAT JSON or without. format is JSON, UTF8, UTF16, UTF32 or "".
type xJSONValue struct {
	expr   xExpr
	format string
}

type xJSONArgument struct {
	xJSONValue
	name ident
	as   string // the variable's name in the path: in capitals unless it is quoted
}

type xJSONType struct {
	typ    Type
	format string
}

// An xJSONBehavior is what stands before ON EMPTY or ON ERROR: a word of the standard, or DEFAULT and
// other.
type xJSONBehavior struct {
	word  string
	other xExpr
}

type (
	xLiteral struct {
		pos
		kind litKind
		text string
	}
	// xTyped is a literal with a type before it: DATE '2024-01-31'.
	xTyped struct {
		pos
		typ, text string
	}
	xInterval struct {
		pos
		negative       bool
		text, from, to string
	}
	xColumn struct {
		pos
		parts []ident
	}
	xUnary struct {
		pos
		op  string
		arg xExpr
	}
	// xBinary is + - * / % or ||; its pos is that of the operator.
	xBinary struct {
		pos
		op          string
		left, right xExpr
	}
	xLogical struct {
		pos
		op    string // AND, OR
		terms []xExpr
	}
	xNot struct {
		pos
		arg xExpr
	}
	// xCompare is = <> < <= > >=; its pos is that of the operator.
	xCompare struct {
		pos
		op          string
		left, right xExpr
	}
	xBetween struct {
		pos
		not               bool
		arg, lower, upper xExpr
	}
	xIn struct {
		pos
		not   bool
		arg   xExpr
		list  []xExpr
		query *xQuery
	}
	xLike struct {
		pos
		not                  bool
		arg, pattern, escape xExpr
	}
	xIsNull struct {
		pos
		not bool
		arg xExpr
	}
	xDistinctFrom struct {
		pos
		not         bool
		left, right xExpr
	}
	xQuantified struct {
		pos
		op, quantifier string
		arg            xExpr
		query          *xQuery
	}
	xExists struct {
		pos
		query *xQuery
	}
	xSubquery struct {
		pos
		query *xQuery
	}
	xWhen struct{ cond, result xExpr }
	xCase struct {
		pos
		operand xExpr // nil in the searched form
		whens   []xWhen
		other   xExpr
	}
	xCast struct {
		pos
		arg xExpr
		typ Type
		try bool
	}
	xCall struct {
		pos
		name        ident
		args        []xExpr
		star        bool
		distinct    bool
		order       []xSort
		filter      xExpr
		ignoreNulls bool
		over        *xWindow
	}
	xArray struct {
		pos
		items []xExpr
	}
	xSubscript struct {
		pos
		base, index xExpr
	}
	xRow struct {
		pos
		items []xExpr
	}
	// xField is a field of what is no name: f(x).a.
	xField struct {
		pos
		base xExpr
		name ident
	}
	xLambda struct {
		pos
		params []ident
		body   xExpr
	}
	// xParam is a ?; its pos tells which.
	xParam    struct{ pos }
	xTimeZone struct { // arg AT TIME ZONE zone
		pos
		arg, zone xExpr
	}
	// xJSON is JSON_EXISTS, JSON_VALUE or JSON_QUERY.
	xJSON struct {
		pos
		name             string // in lower case
		input            xJSONValue
		path             string
		pathAt           pos
		passing          []xJSONArgument
		returning        *xJSONType
		wrapper          jsonpath.Wrapper
		quotes           string // KEEP, OMIT, ""
		onEmpty, onError xJSONBehavior
	}
	// xJSONMake is JSON_OBJECT or JSON_ARRAY.
	xJSONMake struct {
		pos
		name           string
		keys           []xExpr
		values         []xJSONValue
		absent, unique bool
		returning      *xJSONType
	}
	// xSession is CURRENT_CATALOG, CURRENT_SCHEMA or CURRENT_PATH.
	xSession struct {
		pos
		name string // in lower case
	}
	xGrouping struct { // grouping(a, b)
		pos
		args []xExpr
	}
)

type xSort struct {
	pos
	expr       xExpr
	descending bool
	nullsFirst bool
}

type xWindow struct {
	pos
	name      string // OVER name, or the window that a specification starts from
	partition []xExpr
	order     []xSort
	frame     *xFrame
}

type xFrame struct {
	pos
	unit       string // ROWS, RANGE, GROUPS
	start, end *xBound
}

type xBound struct {
	pos
	kind  string // UNBOUNDED PRECEDING, PRECEDING, CURRENT ROW, …
	value xExpr
}

type xQuery struct {
	pos
	recursive     bool
	with          []xNamed
	body          xBody
	order         []xSort
	limit, offset *xCount // nil: none
	ties          bool    // FETCH FIRST … WITH TIES
}

// An xCount is how many rows: a number, or a parameter.
type xCount struct {
	pos
	n     int64
	param *xParam
	least int64 // FETCH FIRST wants one
}

type xNamed struct {
	pos
	name    ident
	columns []ident
	query   *xQuery
}

// An xBody is *xSelect, *xSet, *xValues, *xTable or *xQuery.
type xBody interface{ at() pos }

type xSelect struct {
	pos
	distinct bool
	items    []xItem
	from     []xRelation
	where    xExpr
	group    *xGroup // nil: none
	having   xExpr
	windows  map[string]*xWindow
}

// An xGroup is GROUP BY: of each element one set is taken, in all ways.
type xGroup struct {
	pos
	distinct bool
	elements []xGrouped
}

// An xGrouped is one element: an expression or a list of them, or with several sets GROUPING SETS,
// ROLLUP or CUBE.
type xGrouped struct {
	pos
	complex bool
	sets    [][]xExpr
}

type xItem struct {
	pos
	expr    xExpr // of a star what stands before it, nil if nothing
	alias   *ident
	star    bool
	columns []ident // (r).* AS (a, b)
}

type xSet struct {
	pos
	op          string // UNION, INTERSECT, EXCEPT
	all         bool
	left, right xBody
}

type xValues struct {
	pos
	rows [][]xExpr
}

// An xRelation is *xTable, *xDerived, *xUnnest, *xLateral, *xFunction, *xJoin or *xSample.
type xRelation interface{ at() pos }

type xTable struct {
	pos
	name    []ident
	alias   *ident
	columns []ident
}

type xDerived struct {
	pos
	query    *xQuery
	relation xRelation // instead of query: a relation in parentheses with an alias
	alias    *ident
	columns  []ident
}

type xUnnest struct {
	pos
	args       []xExpr
	ordinality bool
	alias      *ident
	columns    []ident
}

type xLateral struct {
	pos
	query   *xQuery
	alias   *ident
	columns []ident
}

// An xFunction is TABLE(f(…)), a call of a table function.
type xFunction struct {
	pos
	name    []ident
	args    []xArgument
	alias   *ident
	columns []ident
}

// An xArgument is one of the forms that an argument of a table function has: TABLE(…) with a query, DESCRIPTOR(…)
// with fields, or an expression.
type xArgument struct {
	pos            // of the value
	name    *ident // nil: it is told by its place
	query   *xQuery
	called  []ident // what qualifies the columns of the query; nil: nothing does
	columns []ident // their names, if there is a list of them
	fields  []ident
	expr    xExpr
}

type xJoin struct {
	pos
	kind        string // CROSS, INNER, LEFT, RIGHT, FULL
	left, right xRelation
	on          xExpr
	using       []ident
}

type xSample struct {
	pos
	relation xRelation
	method   string // BERNOULLI, SYSTEM
	percent  xExpr
}
