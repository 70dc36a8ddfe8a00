package trino

import (
	"strings"
	"unicode/utf8"

	"github.com/antlr4-go/antlr/v4"
	grammar "github.com/bytebase/parser/trino"
)

const (
	maxText  = 262144 // bytes of a statement (contract §5.5)
	maxDepth = 128    // of parentheses and of expressions in one another
)

// A Query is a statement that gives rows.
type Query struct {
	root *xQuery
	text []rune
}

// Class is DML, SELECT.
func (*Query) Class() (string, string) { return "DML", "SELECT" }

// Parse reads one statement; a trailing semicolon is allowed. Its errors are *Error: SYNTAX_ERROR,
// or NOT_SUPPORTED for a statement of a kind that is not carried out.
func Parse(text string) (Statement, error) {
	s, err := parse(text)
	if err != nil {
		return nil, err // and no nil pointer as a Statement
	}
	return s, nil
}

func parse(text string) (Statement, error) {
	if len(text) > maxText {
		return nil, &Error{"SYNTAX_ERROR", 1, 1, "the statement is longer than 262144 bytes"}
	}
	if !utf8.ValidString(text) {
		return nil, &Error{"SYNTAX_ERROR", 1, 1, "the statement is not UTF-8"}
	}
	if s, ok, err := parseDDL(text); ok {
		return s, err
	}
	tokens := defaultTokens(text)
	if s, ok, err := parseUnload(text, tokens); ok {
		return s, err
	}
	if s, ok, err := parseAnalyzeOptions(text, tokens); ok {
		return s, err
	}
	tree, err := parseTrino(tokens)
	if err != nil {
		return nil, err
	}
	return buildStatement(tree, text)
}

// parseTrino reads a statement with Trino's grammar.
func parseTrino(read []antlr.Token) (grammar.IStatementContext, error) {
	if err := checkDepth(read); err != nil {
		return nil, err
	}
	tokens := antlr.NewCommonTokenStream(newReplay(read), antlr.TokenDefaultChannel)
	tree, err := runParser(tokens, antlr.PredictionModeSLL)
	if err != nil {
		// The quick prediction can refuse what the full one accepts.
		tokens.Seek(0)
		if tree, err = runParser(tokens, antlr.PredictionModeLL); err != nil {
			return nil, err
		}
	}
	return tree.Statement(), nil
}

func runParser(tokens *antlr.CommonTokenStream, mode int) (tree grammar.ISingleStatementContext, err error) {
	err = withParser(tokens, mode, func(p *grammar.TrinoParser) { tree = p.SingleStatement() })
	return tree, err
}

// withParser lets read read all of tokens.
func withParser(tokens *antlr.CommonTokenStream, mode int, read func(*grammar.TrinoParser)) error {
	p := grammar.NewTrinoParser(tokens)
	p.RemoveErrorListeners()
	l := &syntaxErrors{}
	p.AddErrorListener(l)
	p.GetInterpreter().SetPredictionMode(mode)
	p.SetErrorHandler(&bail{antlr.NewDefaultErrorStrategy()})
	if err := readSafely(func() { read(p) }, l); err != nil {
		return err
	}
	if t := tokens.LT(1); t.GetTokenType() != antlr.TokenEOF {
		return &Error{"SYNTAX_ERROR", t.GetLine(), t.GetColumn() + 1, "mismatched input '" + t.GetText() + "'. Expecting: <EOF>"}
	}
	return nil
}

// stop is thrown by bail, through the parser's frames, at the first syntax error.
type stop struct{ err *Error }

func readSafely(read func(), l *syntaxErrors) (err error) {
	defer func() {
		if r := recover(); r != nil {
			s, ok := r.(stop)
			if !ok {
				panic(r)
			}
			err = s.err
		}
	}()
	read()
	if l.first != nil {
		return l.first
	}
	return nil
}

// checkDepth refuses what would make the parser, or the passes after it, recurse too deep.
func checkDepth(tokens []antlr.Token) error {
	depth, prefix := 0, 0
	for _, t := range tokens {
		switch t.GetTokenType() {
		case grammar.TrinoLexerLPAREN_, grammar.TrinoLexerCASE_, grammar.TrinoLexerLSQUARE_:
			depth, prefix = depth+1, 0
		case grammar.TrinoLexerRPAREN_, grammar.TrinoLexerEND_, grammar.TrinoLexerRSQUARE_:
			depth, prefix = depth-1, 0
		case grammar.TrinoLexerNOT_, grammar.TrinoLexerMINUS_, grammar.TrinoLexerPLUS_:
			prefix++
		case grammar.TrinoLexerRARROW_, grammar.TrinoLexerLT_, grammar.TrinoLexerGT_:
		default:
			prefix = 0
		}
		if depth > maxDepth || prefix > maxDepth {
			return tooDeep(pos{line: t.GetLine(), column: t.GetColumn() + 1})
		}
	}
	return nil
}

func tooDeep(p pos) *Error {
	return &Error{"STACK_OVERFLOW", p.line, p.column, "statement is too large (stack overflow during analysis)"}
}

// place is where a rule's text begins and ends.
func place(c antlr.ParserRuleContext) pos {
	p := tokenPlace(c.GetStart())
	if s := c.GetStop(); s != nil {
		p.stop = s.GetStop()
	}
	return p
}

func tokenPlace(t antlr.Token) pos {
	return pos{t.GetLine(), t.GetColumn() + 1, t.GetStart(), t.GetStop()}
}

// unquote takes the outer quotes off and makes doubled ones single.
func unquote(s string) string {
	q := s[:1]
	return strings.ReplaceAll(s[1:len(s)-1], q+q, q)
}
