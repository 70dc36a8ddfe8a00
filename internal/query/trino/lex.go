package trino

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/antlr4-go/antlr/v4"
	grammar "github.com/bytebase/parser/trino"
)

// defaultTokens are the tokens of a text, without white space and comments.
func defaultTokens(text string) []antlr.Token {
	lexer := grammar.NewTrinoLexer(antlr.NewInputStream(text))
	lexer.RemoveErrorListeners()
	var all []antlr.Token
	for t := lexer.NextToken(); t.GetTokenType() != antlr.TokenEOF; t = lexer.NextToken() {
		if t.GetChannel() != antlr.TokenDefaultChannel {
			continue
		}
		if t.GetText() == ":" { // the grammar's lexer takes only "_:" for one
			t = tokenAt(t, grammar.TrinoLexerCOLON_, ":", tokenPlace(t))
		}
		all = append(all, t)
	}
	return all
}

// tokenAt makes a token of the input that another one is of.
func tokenAt(of antlr.Token, kind int, text string, p pos) antlr.Token {
	source := &antlr.TokenSourceCharStreamPair{}
	if of != nil {
		source = of.GetSource()
	}
	return antlr.CommonTokenFactoryDEFAULT.Create(source, kind, text, antlr.TokenDefaultChannel, p.start, p.stop, p.line, p.column-1)
}

// behind is the place of one character behind a token; behind none, where a text begins.
func behind(t antlr.Token) pos {
	if t == nil {
		return pos{line: 1, column: 1}
	}
	p := pos{line: t.GetLine(), column: t.GetColumn() + 1, start: t.GetStop() + 1, stop: t.GetStop() + 1}
	text := t.GetText()
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		p.line, p.column, text = p.line+strings.Count(text, "\n"), 1, text[i+1:]
	}
	p.column += utf8.RuneCountInString(text)
	return p
}

// A replay gives a parser tokens that were read before.
type replay struct {
	*grammar.TrinoLexer // for what a parser asks of a source beside its tokens
	tokens              []antlr.Token
}

// newReplay is one of a statement. The grammar wants a semicolon at its end; a second one would be an error at a
// place that is not in the text.
func newReplay(tokens []antlr.Token) *replay {
	var last antlr.Token
	if len(tokens) > 0 {
		last = tokens[len(tokens)-1]
	}
	tokens = slices.Clip(tokens)
	if last == nil || last.GetTokenType() != grammar.TrinoLexerSEMICOLON_ {
		last = tokenAt(last, grammar.TrinoLexerSEMICOLON_, ";", behind(last))
		tokens = append(tokens, last)
	}
	tokens = append(tokens, tokenAt(last, antlr.TokenEOF, "<EOF>", behind(last)))
	return &replay{grammar.NewTrinoLexer(antlr.NewInputStream("")), tokens}
}

// NextToken implements antlr.TokenSource. The last one, EOF, comes again and again.
func (r *replay) NextToken() antlr.Token {
	t := r.tokens[0]
	if len(r.tokens) > 1 {
		r.tokens = r.tokens[1:]
	}
	return t
}
