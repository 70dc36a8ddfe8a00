package jsonpath

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// A Call is what a call of JSON_EXISTS, JSON_QUERY or JSON_VALUE says that is the same for every row. The
// analyser hands it to the engine's function as a text.
type Call struct {
	Path      string
	Variables []Variable
	// Returning is the type of JSON_VALUE: boolean, varchar, bigint and the like, without parameters.
	Returning  string   `json:",omitempty"`
	Wrapper    Wrapper  `json:",omitempty"` // of JSON_QUERY
	OmitQuotes bool     `json:",omitempty"`
	OnEmpty    Behavior `json:",omitempty"` // of JSON_QUERY
	OnError    Behavior `json:",omitempty"` // of JSON_QUERY and JSON_EXISTS
}

// A Variable is one of PASSING.
type Variable struct {
	Name string
	// Type is json for a text of JSON, boolean, varchar, char, tinyint to bigint, real, double, decimal,
	// date, time or timestamp.
	Type string
}

// A Wrapper says which items JSON_QUERY puts into an array.
type Wrapper string

// The wrappers. The empty one is WITHOUT.
const (
	Conditional   Wrapper = "conditional"
	Unconditional Wrapper = "unconditional"
)

// A Behavior is what a function gives where there is nothing to give, or where it fails.
type Behavior string

// The behaviors. The empty one is NULL, or UNKNOWN.
const (
	Raise       Behavior = "error"
	EmptyArray  Behavior = "[]"
	EmptyObject Behavior = "{}"
	Yes         Behavior = "true"
	No          Behavior = "false"
)

// Encode is the text that Decode reads.
func (c *Call) Encode() string {
	b, err := json.Marshal(c)
	if err != nil { // strings and booleans alone
		panic(err)
	}
	return string(b)
}

// A Prepared is a Call with its path parsed. It may be used by many goroutines.
type Prepared struct {
	Call
	path *Path
}

// Decode reads what Encode wrote.
func Decode(text string) (*Prepared, error) {
	p := &Prepared{}
	if err := json.Unmarshal([]byte(text), &p.Call); err != nil {
		return nil, err
	}
	var err error
	p.path, err = Parse(p.Path)
	return p, err
}

// items follows the path through a text of JSON; values are those of the variables, nil for NULL. empty is
// a text without any JSON, whose every function is NULL.
func (p *Prepared) items(text string, values []*string) (items []*Item, empty bool, err error) {
	value, err := Read(text)
	if err != nil || value == nil {
		return nil, value == nil && err == nil, err
	}
	variables := map[string]*Item{}
	for i, v := range p.Variables {
		if variables[v.Name], err = v.item(values[i]); err != nil {
			return nil, false, err
		}
	}
	items, err = p.path.Items(value, variables)
	return items, false, err
}

// item is the value of a variable, by its text.
func (v *Variable) item(text *string) (*Item, error) {
	if text == nil {
		return &Item{Kind: Null}, nil
	}
	s := *text
	switch v.Type {
	case "json":
		i, err := Read(s)
		if i == nil && err == nil {
			i = &Item{Kind: Null}
		}
		return i, err
	case "boolean":
		return BooleanItem(s == "true"), nil
	case "tinyint", "smallint", "integer", "bigint":
		return integerOf(s, v.Type)
	case "real":
		f, err := strconv.ParseFloat(s, 32)
		return &Item{Kind: Real, Float: f}, err
	case "double":
		f, err := strconv.ParseFloat(s, 64)
		return &Item{Kind: Double, Float: f}, err
	case "decimal":
		if i, ok := DecimalItem(s); ok {
			return i, nil
		}
		return nil, fmt.Errorf("%q is no decimal", s)
	case "date", "time", "timestamp":
		return &Item{Kind: map[string]Kind{"date": Date, "time": Time, "timestamp": Timestamp}[v.Type], Text: s}, nil
	}
	return &Item{Kind: Text, Text: s, Padded: v.Type == "char"}, nil
}

func integerOf(s, typ string) (*Item, error) {
	i := &Item{Kind: Integer, Bits: map[string]int{"tinyint": 8, "smallint": 16, "integer": 32}[typ]}
	if typ == "bigint" {
		i.Kind = Bigint
	}
	var err error
	i.Int, err = strconv.ParseInt(s, 10, 64)
	return i, err
}

// failure is the *Failure that err is; ok is false for a fault of ours.
func failure(err error) (*Failure, bool) {
	f, ok := err.(*Failure)
	return f, ok
}

// Exists is JSON_EXISTS; nil is NULL.
func (p *Prepared) Exists(text string, values []*string) (*bool, error) {
	items, empty, err := p.items(text, values)
	if err != nil {
		if _, ok := failure(err); !ok || p.OnError == Raise {
			return nil, err
		}
		if p.OnError == "" {
			return nil, nil
		}
		found := p.OnError == Yes
		return &found, nil
	}
	if empty {
		return nil, nil
	}
	found := len(items) > 0
	return &found, nil
}

// Query is JSON_QUERY as a text; nil is NULL.
func (p *Prepared) Query(text string, values []*string) (*string, error) {
	items, empty, err := p.items(text, values)
	if empty {
		return nil, nil
	}
	if err == nil && len(items) == 0 {
		return p.instead(p.OnEmpty, &Failure{"JSON_OUTPUT_CONVERSION_ERROR", "conversion from JSON failed: JSON path found no items"})
	}
	var out string
	if err == nil {
		out, err = p.output(items)
	}
	if err == nil {
		return &out, nil
	}
	if _, ok := failure(err); !ok {
		return nil, err
	}
	return p.instead(p.OnError, err)
}

// instead is what a behavior gives.
func (p *Prepared) instead(b Behavior, err error) (*string, error) {
	switch b {
	case Raise:
		return nil, err
	case "":
		return nil, nil
	}
	s := string(b)
	return &s, nil
}

// output prints what a query found, in an array if the wrapper asks for one.
func (p *Prepared) output(items []*Item) (string, error) {
	i := items[0]
	switch {
	case p.Wrapper == Unconditional, p.Wrapper == Conditional && (len(items) > 1 || i.scalar()):
		i = &Item{Kind: Array, Members: items}
	case len(items) > 1:
		return "", &Failure{"JSON_OUTPUT_CONVERSION_ERROR", "conversion from JSON failed: JSON path found multiple items"}
	case p.OmitQuotes && i.Kind == Text:
		return i.Text, nil
	}
	text, ok := i.JSON()
	if !ok {
		return "", &Failure{"JSON_OUTPUT_CONVERSION_ERROR", "conversion from JSON failed: JSON path found an item that has no JSON"}
	}
	return text, nil
}

// What Value gives beside its text.
const (
	Found    = "found"    // the text, which a cast from varchar to the type reads
	Nothing  = "nothing"  // no item
	Failed   = "failed"   // an error; the text is its code, a colon and its message
	NullItem = "nullitem" // null
)

// Value is JSON_VALUE before the cast: how it came out, and a text.
func (p *Prepared) Value(text string, values []*string) (outcome, value string, err error) {
	items, empty, err := p.items(text, values)
	switch {
	case empty:
		return NullItem, "", nil
	case err == nil && len(items) == 0:
		return Nothing, "", nil
	case err == nil && len(items) == 1 && items[0].Kind == Null:
		return NullItem, "", nil
	case err == nil:
		value, err = scalarOf(items, p.Returning)
	}
	if f, ok := failure(err); ok {
		return Failed, f.Code + ":" + f.Message, nil
	}
	return Found, value, err
}

func scalarOf(items []*Item, returning string) (string, error) {
	what := "multiple items"
	if len(items) == 1 {
		what = "an item that cannot be converted to an SQL value"
		if i := items[0]; i.scalar() && i.Kind != Huge {
			if text, ok := i.castText(returning); ok {
				return text, nil
			}
			what = fmt.Sprintf("a value of type %s that cannot be cast to %s", strings.ToLower(i.word()), returning)
		}
	}
	return "", &Failure{"JSON_VALUE_RESULT_ERROR", "cannot extract SQL scalar from JSON: JSON path found " + what}
}

// castText is the text whose cast to a type is that of the item; ok is false if there is no such cast.
func (i *Item) castText(to string) (string, bool) {
	text := to == "varchar" || to == "char"
	integer := to == "tinyint" || to == "smallint" || to == "integer" || to == "bigint"
	number := integer || to == "real" || to == "double" || to == "decimal"
	switch {
	case i.Kind == Text || i.Kind == Date || i.Kind == Time || i.Kind == Timestamp:
		return i.Text, i.Kind == Text || text || to == "date" || strings.HasPrefix(to, "time")
	case i.Kind == Boolean && number:
		return []string{"0", "1"}[boolInt(i.True)], true
	case !text && !number && to != "boolean":
		return "", false
	case to == "boolean" && i.number():
		zero := i.asFloat() == 0
		return []string{"false", "true"}[boolInt(!zero)], true
	case i.Kind != Real && i.Kind != Double && !(i.Kind == Decimal && integer):
		return i.plain(), true
	case text:
		return exponential(i.Float, i.floatBits()), true
	case integer && i.Kind == Decimal:
		return roundedQuotient(i.Digits, power(i.Scale)).String(), true
	case math.IsNaN(i.Float) || math.IsInf(i.Float, 0):
		return exponential(i.Float, 64), to == "real" || to == "double"
	case integer:
		n, _ := big.NewFloat(math.Round(i.Float)).Int(nil)
		return n.String(), true
	case to == "double":
		return exponential(i.Float, 64), true
	}
	return exponential(i.Float, i.floatBits()), true
}
