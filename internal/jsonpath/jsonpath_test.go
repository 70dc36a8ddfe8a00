package jsonpath

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// query is what JSON_QUERY WITH ARRAY WRAPPER gives, or the message of its error.
func query(path, text string) string {
	p, err := Parse(path)
	if err != nil {
		return err.Error()
	}
	value, err := Read(text)
	if err != nil {
		return err.Error()
	}
	items, err := p.Items(value, map[string]*Item{"x": TextItem("b")})
	if err != nil {
		return err.Error()
	}
	out, _ := (&Item{Kind: Array, Members: items}).JSON()
	return out
}

func TestPathsFindWhatTheyName(t *testing.T) {
	const people = `[{"c": 100, "r": "AFRICA"}, {"r": "ASIA"}, {"c": 300, "r": "AFRICA", "n": null}]`
	for _, c := range []struct{ path, text, want string }{
		{`lax $.c`, people, `[100,300]`},
		{`strict $[*].c`, people, `path evaluation failed: structural error: missing member 'c' in JSON object`},
		{`lax $ ? (@.r != "ASIA").c`, people, `[100,300]`},
		{`lax $ ? (!exists(@.c)).r`, people, `["ASIA"]`},
		{`lax $ ? (@.c > 100 && (@.r == "ASIA" || @.r starts with "AF"))."r"`, people, `["AFRICA"]`},
		{`lax $ ? ((@.c + 1) * 2 == 202).c`, people, `[100]`},
		{`lax $ ? (((@.c == "x") is unknown)).c`, people, `[100,300]`},
		{`lax $[last, 0 to 1].c`, people, `[300,100]`},
		{`lax $[0, 0][0 to last]`, `[[1, 2], 3]`, `[1,2,1,2]`},
		{`lax $..b`, `{"b": {"b": 1}, "a": [{"b": 2}]}`, `[{"b":1},1,2]`},
		{`lax $.*`, `[{"a": 1}, 2, {"b": 3}]`, `[1,3]`},
		{`lax $.a / 2.0`, `{"a": 7}`, `[3.5]`},
		{`lax -$.a - -1`, `{"a": 7}`, `[-6]`},
		{`lax $ ? (@ == $x)`, `["a", "b"]`, `["b"]`},
		{`lax 1.20 + 1`, `0`, `[2.20]`},
		{`lax 2147483647 + 1`, `0`, `path evaluation failed: a number of 32 bits overflows`},
		{`lax $.type()`, `[1]`, `["array"]`},
		{`lax $ ? (@ == null || @ > 1)`, `[null, 1, 2, "3"]`, `[null,2]`},
	} {
		if got := query(c.path, c.text); got != c.want {
			t.Errorf("%s of %s is %s, want %s", c.path, c.text, got, c.want)
		}
	}
}

func TestWrongPathsAreToldWhereTheyAreWrong(t *testing.T) {
	for _, c := range []struct {
		path   string
		offset int
	}{
		{`$.a`, 0}, {`lax`, 3}, {`lax $.`, 6}, {`lax $.é`, 6}, {`lax $[0`, 7}, {`lax $ ? (@)`, 10}, {`lax @`, 4}, {`lax last`, 4}, {`lax "a`, 4}, {`lax $.a-b`, 8},
		{`lax ` + strings.Repeat("(", 10000), 0}, {`lax $ ? ` + strings.Repeat("(", 10000), 0},
	} {
		_, err := Parse(c.path)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || len(c.path) < 100 && syntax.Offset != c.offset {
			t.Errorf("%.40s: %#v, want a syntax error at %d", c.path, err, c.offset)
		}
	}
	var unsupported *Unsupported
	for _, path := range []string{`lax $ ? (@ like_regex "a")`, `lax $.datetime()`} {
		if _, err := Parse(path); !errors.As(err, &unsupported) {
			t.Errorf("%s: %v, want Unsupported", path, err)
		}
	}
}

// These paths find more than memory holds, if nobody counts.
func TestPathsThatMultiplyEnd(t *testing.T) {
	var object strings.Builder
	object.WriteString(`{"m": [` + strings.Repeat("1, ", 9_999) + "1]")
	for i := range 9_999 {
		fmt.Fprintf(&object, `, "%d": 1`, i)
	}
	object.WriteString("}")
	many := "lax $" + strings.Repeat("[0, 0, 0, 0, 0, 0, 0, 0]", 6) // in lax mode, the object over and over
	for name, c := range map[string]struct{ path, text string }{
		"subscripts":  {"lax $" + strings.Repeat("[0, 0, 0, 0, 0, 0, 0, 0]", 100), "1"},
		"descendants": {"lax $..a..a..a..a", strings.Repeat(`{"a":`, 900) + "1" + strings.Repeat("}", 900)},
		"members":     {many + ".*", object.String()},
		"elements":    {many + ".m[*]", object.String()},
		"unwrapped":   {many + ".m ? (@ == 1)", object.String()},
		"pairs":       {many + ".keyvalue()", object.String()},
	} {
		if got := query(c.path, c.text); !strings.Contains(got, "more than") {
			t.Errorf("%s: got %.100s", name, got)
		}
	}
}

func TestACallComesBackFromItsText(t *testing.T) {
	c := &Call{Path: `lax $.a ? (@ == $"x")`, Variables: []Variable{{"x", "bigint"}}, OnError: Raise}
	if _, err := Decode(c.Encode()); err == nil {
		t.Error("a wrong path is taken")
	}
	c.Path = `lax $.a ? (@ == $x)`
	p, err := Decode(c.Encode())
	if err != nil {
		t.Fatal(err)
	}
	one := "1"
	if got, err := p.Exists(`{"a": 1}`, []*string{&one}); err != nil || got == nil || !*got {
		t.Errorf("%v, %v", got, err)
	}
}

func FuzzPaths(f *testing.F) {
	f.Add(`lax $.a[0 to last, 1]."b" ? (!exists(@.c) || (@ == $x) is unknown && 1.5 <> -2e3).size()`, `{"a": [1, {"b": "é"}]}`)
	f.Add(`strict $..a.* ? (@ starts with "x").keyvalue().double() + 1 % 2`, `[[], {}, null, 1.5, 12345678901234567890]`)
	f.Fuzz(func(t *testing.T, path, text string) {
		if len(path) > 200 || len(text) > 200 {
			return
		}
		value, err := Read(text)
		if err == nil && value != nil {
			once, _ := value.JSON()
			again, err := Read(once)
			if err != nil || again == nil {
				t.Fatalf("%q is written as %q, which does not come back: %v", text, once, err)
			}
			if twice, _ := again.JSON(); once != twice {
				t.Fatalf("%q is written as %q and then as %q", text, once, twice)
			}
		}
		p, err := Parse(path)
		if err != nil || value == nil {
			return
		}
		variables := map[string]*Item{}
		for _, n := range p.Names {
			variables[n] = TextItem(n)
		}
		_, err = p.Items(value, variables)
		var failure *Failure
		if err != nil && !errors.As(err, &failure) {
			t.Errorf("%q of %q: %v", path, text, err)
		}
	})
}
