package trino

import (
	"slices"
	"strings"

	"github.com/antlr4-go/antlr/v4"
	grammar "github.com/bytebase/parser/trino"
)

// syntaxErrors keeps the first error that is reported.
type syntaxErrors struct {
	*antlr.DefaultErrorListener
	first *Error
}

func (l *syntaxErrors) SyntaxError(_ antlr.Recognizer, _ any, line, column int, msg string, _ antlr.RecognitionException) {
	if l.first == nil {
		l.first = &Error{"SYNTAX_ERROR", line, column + 1, msg}
	}
}

// bail ends parsing at the first error and words it as Trino does.
type bail struct{ *antlr.DefaultErrorStrategy }

func (b *bail) Recover(p antlr.Parser, e antlr.RecognitionException) {
	t := e.GetOffendingToken()
	if t == nil {
		t = p.GetCurrentToken()
	}
	panic(stop{mismatch(p, t)})
}

func (b *bail) RecoverInline(p antlr.Parser) antlr.Token {
	panic(stop{mismatch(p, p.GetCurrentToken())})
}

func (b *bail) ReportError(antlr.Parser, antlr.RecognitionException) {}

func (b *bail) Sync(antlr.Parser) {}

// mismatch says what stood there and what could have.
func mismatch(p antlr.Parser, t antlr.Token) *Error {
	text := t.GetText()
	if t.GetTokenType() == antlr.TokenEOF || text == ";" {
		text = "<EOF>"
	}
	msg := "mismatched input '" + text + "'"
	if words := expected(p); len(words) > 0 {
		msg += ". Expecting: " + strings.Join(words, ", ")
	}
	return &Error{"SYNTAX_ERROR", t.GetLine(), t.GetColumn() + 1, msg}
}

// expected gives the words that may stand where the parser is: tokens in quotes, and <identifier>,
// <expression>, <query> for what begins with many.
func expected(p antlr.Parser) []string {
	set := p.GetExpectedTokens()
	has := func(t int) bool {
		return slices.ContainsFunc(set.GetIntervals(), func(iv antlr.Interval) bool { return t >= iv.Start && t < iv.Stop })
	}
	var words []string
	expression := has(grammar.TrinoParserCASE_) && has(grammar.TrinoParserEXISTS_) && has(grammar.TrinoParserSTRING_)
	query := has(grammar.TrinoParserSELECT_) && has(grammar.TrinoParserVALUES_)
	name := has(grammar.TrinoParserIDENTIFIER_)
	if expression {
		words = append(words, "<expression>")
	} else if name {
		words = append(words, "<identifier>")
	}
	if query {
		words = append(words, "<query>")
	}
	literals := p.GetLiteralNames()
	for _, iv := range set.GetIntervals() {
		for t := iv.Start; t < iv.Stop; t++ {
			if t <= 0 || t >= len(literals) || literals[t] == "" || t == grammar.TrinoParserSEMICOLON_ {
				continue
			}
			if (expression || name) && startsName(literals[t]) || expression && startsExpression(t) || query && startsQuery(t) {
				continue
			}
			words = append(words, literals[t])
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// startsQuery tells whether token t can only begin a query here.
func startsQuery(t int) bool {
	switch t {
	case grammar.TrinoParserSELECT_, grammar.TrinoParserVALUES_, grammar.TrinoParserTABLE_, grammar.TrinoParserWITH_, grammar.TrinoParserLPAREN_:
		return true
	}
	return false
}

// startsExpression tells whether token t can only begin an expression here.
func startsExpression(t int) bool {
	switch t {
	case grammar.TrinoParserNULL_, grammar.TrinoParserTRUE_, grammar.TrinoParserFALSE_, grammar.TrinoParserQUESTION_MARK_,
		grammar.TrinoParserLPAREN_, grammar.TrinoParserPLUS_, grammar.TrinoParserMINUS_, grammar.TrinoParserNOT_, grammar.TrinoParserCASE_,
		grammar.TrinoParserCAST_, grammar.TrinoParserEXISTS_, grammar.TrinoParserEXTRACT_, grammar.TrinoParserNORMALIZE_, grammar.TrinoParserTRIM_,
		grammar.TrinoParserLISTAGG_, grammar.TrinoParserGROUPING_, grammar.TrinoParserCURRENT_DATE_, grammar.TrinoParserCURRENT_TIME_,
		grammar.TrinoParserCURRENT_TIMESTAMP_, grammar.TrinoParserCURRENT_USER_, grammar.TrinoParserCURRENT_CATALOG_, grammar.TrinoParserCURRENT_SCHEMA_,
		grammar.TrinoParserCURRENT_PATH_, grammar.TrinoParserLOCALTIME_, grammar.TrinoParserLOCALTIMESTAMP_, grammar.TrinoParserJSON_ARRAY_,
		grammar.TrinoParserJSON_EXISTS_, grammar.TrinoParserJSON_OBJECT_, grammar.TrinoParserJSON_QUERY_, grammar.TrinoParserJSON_VALUE_:
		return true
	}
	return false
}

// startsName tells whether a token, written as literal, is a word that may also be a name.
func startsName(literal string) bool {
	word := strings.Trim(literal, "'")
	return word[0] >= 'A' && word[0] <= 'Z' && !strings.Contains(reserved, " "+word+" ")
}

// reserved are the words of Trino's dialect that cannot be names without quotes.
const reserved = " ALTER AND AS BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_CATALOG CURRENT_DATE CURRENT_PATH CURRENT_ROLE " +
	"CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE DELETE DESCRIBE DISTINCT DROP ELSE END ESCAPE EXCEPT EXECUTE " +
	"EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTO IS JOIN JSON_ARRAY JSON_EXISTS JSON_OBJECT " +
	"JSON_QUERY JSON_VALUE LEFT LIKE LISTAGG LOCALTIME LOCALTIMESTAMP NATURAL NORMALIZE NOT NULL ON OR ORDER OUTER PREPARE RECURSIVE RIGHT " +
	"ROLLUP SELECT SKIP TABLE THEN TRIM TRUE UESCAPE UNION UNNEST USING VALUES WHEN WHERE WITH "
