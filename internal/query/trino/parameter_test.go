package trino

import (
	"strings"
	"testing"
)

// TestParametersAreExpressionsInTheirPlace: a value has its own type, and nothing in it can end the
// expression that it stands in.
func TestParametersAreExpressionsInTheirPlace(t *testing.T) {
	translated := func(text string, parameters ...string) (*Translation, error) {
		s, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return Translate(s.(*Query), Session{Database: "db", Parameters: parameters}, testTables)
	}
	for _, c := range []struct {
		text       string
		parameters []string
		want       string
	}{
		{"SELECT ? + 1", []string{"2"}, "SELECT (2 + 1) AS c0"},
		{"SELECT ?, '?' /* ? */, ?", []string{"'a'", "DATE '2024-01-01'"}, "SELECT 'a' AS c0, '?' AS c1, DATE '2024-01-01' AS c2"},
		{"SELECT n FROM t ORDER BY n OFFSET ? LIMIT ?", []string{"1", "2"}, `SELECT t1."n" AS c0 FROM r0 AS t1 ORDER BY 1 ASC NULLS LAST LIMIT 2 OFFSET 1`},
		{"SELECT n * ? FROM t", []string{"1 + 2"}, `SELECT (t1."n" * CAST((1 + 2) AS BIGINT)) AS c0 FROM r0 AS t1`},
		{"SELECT id FROM t WHERE id = ?", []string{"''' OR 1=1 --'"}, `SELECT t1."id" AS c0 FROM r0 AS t1 WHERE (t1."id" = ''' OR 1=1 --')`},
	} {
		tr, err := translated(c.text, c.parameters...)
		if err != nil {
			t.Errorf("%s %q: %v", c.text, c.parameters, err)
			continue
		}
		if tr.SQL != c.want {
			t.Errorf("%s %q:\n got %s\nwant %s", c.text, c.parameters, tr.SQL, c.want)
		}
	}
	for _, c := range []struct {
		text       string
		parameters []string
		want       string
	}{
		{"SELECT ?", nil, "INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected 1 but found 0"},
		{"SELECT 1", []string{"1"}, "INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected 0 but found 1"},
		{"SELECT n + ? FROM t", []string{"'a'"}, "TYPE_MISMATCH: line 1:10: Cannot apply operator: bigint + varchar(1)"},
		{"SELECT\n ? FROM t", []string{"n"}, "COLUMN_NOT_FOUND: line 2:2: Column 'n' cannot be resolved"},
		{"SELECT ?", []string{"1, 2"}, "SYNTAX_ERROR: line 1:1: parameter 1: mismatched input ','"},
		{"SELECT ?", []string{"1; DROP TABLE t"}, "SYNTAX_ERROR: line 1:1: parameter 1: mismatched input 'DROP'. Expecting: <EOF>"},
		{"SELECT ?", []string{"abc def"}, "SYNTAX_ERROR: line 1:1: parameter 1: mismatched input 'def'"},
		{"SELECT ?", []string{""}, "SYNTAX_ERROR: line 1:1: parameter 1: mismatched input '<EOF>'"},
		{"SELECT ?", []string{"(SELECT 1)"}, "EXPRESSION_NOT_CONSTANT: line 1:8: Constant expression cannot contain a subquery"},
		{"SELECT ?", []string{"count(*)"}, "EXPRESSION_NOT_SCALAR: line 1:8: Constant expression cannot contain aggregations"},
		{"SELECT ?", []string{"?"}, "INVALID_PARAMETER_USAGE"},
		{"SELECT 1 LIMIT ?", []string{"-1"}, "INVALID_LIMIT_CLAUSE: line 1:16: LIMIT row count must be greater or equal to 0 (actual value: -1)"},
		{"SELECT 1 LIMIT ?", []string{"'1'"}, "TYPE_MISMATCH: line 1:16"},
	} {
		_, err := translated(c.text, c.parameters...)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s %q:\n got %v\nwant %s", c.text, c.parameters, err, c.want)
		}
	}
}
