package trino

import (
	grammar "github.com/bytebase/parser/trino"
)

// A Prepare is PREPARE name FROM statement.
type Prepare struct {
	Name string    // lower case
	SQL  string    // the text of the statement
	Of   Statement // what SQL is
}

// An Execute is EXECUTE name [USING values].
type Execute struct {
	Name string // lower case
	// Parameters are the texts of the values, for Session.Parameters.
	Parameters []string
}

// A Deallocate is DEALLOCATE PREPARE name.
type Deallocate struct{ Name string } // lower case

// Class is DDL.
func (*Prepare) Class() (string, string) { return "DDL", "PREPARE" }

// Class is DML.
func (*Execute) Class() (string, string) { return "DML", "EXECUTE" }

// Class is DDL.
func (*Deallocate) Class() (string, string) { return "DDL", "DEALLOCATE" }

// parsePrepared reads PREPARE, whose statement may be one that Trino's grammar does not know, EXECUTE and
// DEALLOCATE; ok is false if text is none of them.
func parsePrepared(text string) (s Statement, ok bool, err error) {
	tokens := defaultTokens(text)
	if len(tokens) == 0 {
		return nil, false, nil
	}
	switch tokens[0].GetTokenType() {
	case grammar.TrinoLexerPREPARE_:
		if len(tokens) < 4 || tokens[2].GetTokenType() != grammar.TrinoLexerFROM_ {
			return nil, false, nil // the grammar says what is wrong
		}
		runes := []rune(text)
		begin, last := tokens[3].GetStart(), tokens[len(tokens)-1]
		end := last.GetStop() + 1
		if last.GetTokenType() == grammar.TrinoLexerSEMICOLON_ {
			end = last.GetStart()
		}
		p := &Prepare{SQL: string(runes[begin:end])}
		if p.Name, err = preparedName(tokens[1].GetText(), tokenPlace(tokens[1])); err != nil {
			return nil, true, err
		}
		switch tokens[3].GetTokenType() {
		case grammar.TrinoLexerPREPARE_, grammar.TrinoLexerEXECUTE_, grammar.TrinoLexerDEALLOCATE_:
			at := tokenPlace(tokens[3])
			return nil, true, &Error{"NOT_SUPPORTED", at.line, at.column, "Invalid statement type for prepared statement: " + tokens[3].GetText()}
		}
		// Read where it stands, so that errors have their places.
		if p.Of, err = Parse(only(runes, begin, end-1)); err != nil {
			return nil, true, err
		}
		return p, true, nil
	case grammar.TrinoLexerEXECUTE_, grammar.TrinoLexerDEALLOCATE_:
	default:
		return nil, false, nil
	}
	tree, err := parseTrino(text)
	if err != nil {
		return nil, true, err
	}
	runes := []rune(text)
	switch c := tree.(type) {
	case *grammar.ExecuteContext:
		e := &Execute{}
		for _, x := range c.AllExpression() {
			at := place(x)
			if _, err := (&builder{}).expr(x); err != nil {
				return nil, true, err
			}
			e.Parameters = append(e.Parameters, string(runes[at.start:at.stop+1]))
		}
		e.Name, err = preparedName(c.Identifier().GetText(), place(c.Identifier()))
		return e, true, err
	case *grammar.DeallocateContext:
		name, err := preparedName(c.Identifier().GetText(), place(c.Identifier()))
		return &Deallocate{name}, true, err
	}
	return nil, true, unsupported(tree, "EXECUTE IMMEDIATE")
}

// preparedName reads the name of a prepared statement.
func preparedName(text string, p pos) (string, error) {
	if text[0] == '"' || text[0] == '`' {
		text = unquote(text)
	}
	if text == "" {
		return "", &Error{"SYNTAX_ERROR", p.line, p.column, "Zero-length delimited identifier not allowed"}
	}
	return lower(text), nil
}
