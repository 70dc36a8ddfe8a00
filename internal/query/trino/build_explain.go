package trino

import (
	"slices"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	grammar "github.com/bytebase/parser/trino"
)

func (b *builder) explain(c *grammar.ExplainContext, text string) (Statement, error) {
	e := &Explain{Type: "DISTRIBUTED"}
	for _, o := range c.AllExplainOption() {
		switch o := o.(type) {
		case *grammar.ExplainFormatContext:
			e.Format = strings.ToUpper(o.GetValue().GetText())
		case *grammar.ExplainTypeContext:
			e.Type = strings.ToUpper(o.GetValue().GetText())
		}
	}
	switch {
	case e.Type == "IO" && e.Format == "":
		e.Format = "JSON"
	case e.Format == "":
		e.Format = "TEXT"
	}
	if e.Type == "IO" && e.Format != "JSON" {
		return nil, unsupported(c, "EXPLAIN (TYPE IO, FORMAT "+e.Format+"); JSON is its format: it")
	}
	return e, b.explained(e, c.Statement(), text)
}

func (b *builder) explainAnalyze(c *grammar.ExplainAnalyzeContext, text string) (Statement, error) {
	if c.VERBOSE_() != nil {
		return nil, unsupported(c, "EXPLAIN ANALYZE VERBOSE, which adds distributions over the tasks of many machines to EXPLAIN ANALYZE,")
	}
	e := &Explain{Analyze: true, Type: "DISTRIBUTED", Format: "TEXT"}
	return e, b.explained(e, c.Statement(), text)
}

// explained reads what EXPLAIN explains: a query.
func (b *builder) explained(e *Explain, c grammar.IStatementContext, text string) (err error) {
	d, ok := c.(*grammar.StatementDefaultContext)
	if !ok {
		return unsupported(c, "EXPLAIN of a statement that is not a query")
	}
	e.Query, err = b.rootQuery(d.RootQuery(), text)
	return err
}

// parseAnalyzeOptions reads EXPLAIN ANALYZE (FORMAT …) statement, whose options Athena has and Trino's grammar
// has not; ok is false if text is none. What is between ANALYZE and the statement is blank for the grammar.
func parseAnalyzeOptions(text string, tokens []antlr.Token) (s Statement, ok bool, err error) {
	word := func(i int, words ...string) bool {
		return i < len(tokens) && slices.Contains(words, strings.ToUpper(tokens[i].GetText()))
	}
	if !word(0, "EXPLAIN") || !word(1, "ANALYZE") || !word(2, "(") || !word(3, "FORMAT", "TYPE") {
		return nil, false, nil
	}
	next, format := 3, "TEXT"
	for {
		if !word(next, "FORMAT") {
			return nil, true, wrongToken(tokens, next, "'FORMAT'")
		}
		if !word(next+1, "TEXT", "JSON") {
			return nil, true, wrongToken(tokens, next+1, "'JSON', 'TEXT'")
		}
		format = strings.ToUpper(tokens[next+1].GetText())
		if next += 2; !word(next, ",") {
			break
		}
		next++
	}
	if !word(next, ")") {
		return nil, true, wrongToken(tokens, next, "')', ','")
	}
	runes := []rune(text)
	for i := tokens[2].GetStart(); i <= tokens[next].GetStop(); i++ {
		if runes[i] != '\n' {
			runes[i] = ' '
		}
	}
	tree, err := parseTrino(defaultTokens(string(runes)))
	if err != nil {
		return nil, true, err
	}
	if s, err = buildStatement(tree, text); err != nil {
		return nil, true, err
	}
	if e, isExplain := s.(*Explain); isExplain {
		e.Format = format
	}
	return s, true, nil
}
