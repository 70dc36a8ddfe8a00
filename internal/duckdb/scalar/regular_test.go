package scalar

import (
	"regexp"
	"testing"
)

func TestAnExpressionIsWrongOnlyIfNoEngineTakesIt(t *testing.T) {
	for expression, want := range map[string]string{
		`[z-a]`:       "empty range in char class",
		`[\]-[]`:      "empty range in char class",
		`\p{Alpha}`:   "",
		`\P{IsLatin}`: "",
		`(a`:          "end pattern with unmatched parenthesis",
	} {
		_, err := regexp.Compile(expression)
		if got := wrongExpression(expression, err); got != want {
			t.Errorf("%s: %q, want %q", expression, got, want)
		}
	}
}
