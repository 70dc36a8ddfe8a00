package trino

import "strings"

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
	with          []xNamed
	body          xBody
	order         []xSort
	limit, offset int64 // -1: none
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
	grouped  bool
	group    []xExpr
	having   xExpr
	windows  map[string]*xWindow
}

type xItem struct {
	pos
	expr  xExpr // nil: *
	alias *ident
	star  bool
	of    []ident // t.*: the name before the star
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

// An xRelation is *xTable, *xDerived, *xJoin or *xSample.
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
