package trino

import (
	"errors"
	"sort"

	"github.com/antlr4-go/antlr/v4"
	grammar "github.com/bytebase/parser/trino"
)

// Parameters is how many ? the statement has. Their values, in the order of the text, are
// Session.Parameters.
func (q *Query) Parameters() int { return len(q.places()) }

// places are where the parameters begin in the statement.
func (q *Query) places() []int {
	var places []int
	has := false
	for _, c := range q.text {
		has = has || c == '?'
	}
	if !has {
		return nil
	}
	lexer := grammar.NewTrinoLexer(antlr.NewInputStream(string(q.text)))
	lexer.RemoveErrorListeners()
	for t := lexer.NextToken(); t.GetTokenType() != antlr.TokenEOF; t = lexer.NextToken() {
		if t.GetTokenType() == grammar.TrinoLexerQUESTION_MARK_ {
			places = append(places, t.GetStart())
		}
	}
	return places
}

// bindParameters reads the values of the parameters, which are constant expressions.
func (a *analyser) bindParameters(q *Query) error {
	a.places = q.places()
	if len(a.places) != len(a.session.Parameters) {
		return &Error{"INVALID_PARAMETER_USAGE", q.root.line, q.root.column,
			"Incorrect number of parameters: expected " + number(int64(len(a.places)), Integer) + " but found " + number(int64(len(a.session.Parameters)), Integer)}
	}
	for i, text := range a.session.Parameters {
		x, err := parseExpression(text)
		var e *Error
		if errors.As(err, &e) {
			return &Error{e.Code, q.root.line, q.root.column, "parameter " + number(int64(i+1), Integer) + ": " + e.Message}
		}
		if err != nil {
			return err
		}
		a.given = append(a.given, x)
	}
	return nil
}

// parameter is the value of a ?, analysed in its place. Errors in it are shown where the ? is.
func (a *analyser) parameter(x *xParam) (node, error) {
	i := sort.SearchInts(a.places, x.start)
	if i == len(a.places) || a.places[i] != x.start {
		return nil, fail(x.pos, "INVALID_PARAMETER_USAGE", "a parameter is not supported here")
	}
	n, err := a.expr(a.given[i], &env{clause: "Constant expression", constant: true})
	var e *Error
	if errors.As(err, &e) {
		return nil, &Error{e.Code, x.line, x.column, e.Message}
	}
	return n, err
}

// parseExpression reads an expression that is a text of its own.
func parseExpression(text string) (xExpr, error) {
	if len(text) > maxText {
		return nil, &Error{"SYNTAX_ERROR", 1, 1, "the expression is longer than 262144 bytes"}
	}
	lexer := grammar.NewTrinoLexer(antlr.NewInputStream(text + "\n;"))
	lexer.RemoveErrorListeners()
	tokens := antlr.NewCommonTokenStream(lexer, antlr.TokenDefaultChannel)
	tokens.Fill()
	if err := checkDepth(tokens.GetAllTokens()); err != nil {
		return nil, err
	}
	var tree grammar.IStandaloneExpressionContext
	err := withParser(tokens, antlr.PredictionModeLL, func(p *grammar.TrinoParser) { tree = p.StandaloneExpression() })
	if err != nil {
		return nil, err
	}
	b := &builder{}
	return b.expr(tree.Expression())
}
