package jsonpath

import (
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"strings"
)

// A Kind is what an item is.
type Kind int

// The kinds. Integer to Decimal are numbers; Date to Timestamp come only as variables.
const (
	Null Kind = iota
	Boolean
	Text
	Integer // of 32 bits at most, by Bits
	Bigint
	Huge // a whole number of JSON beyond 64 bits: it can be printed, and nothing else
	Real
	Double
	Decimal
	Date
	Time
	Timestamp
	Array
	Object
)

// An Item is a value of JSON, or a value of SQL that stands among them. It is not changed once it is made.
type Item struct {
	Kind    Kind
	Text    string // of Text, Huge, Date, Time and Timestamp
	Padded  bool   // of Text that is a char: blanks at its end do not count
	True    bool
	Int     int64
	Bits    int // of Integer: 8, 16 or 32
	Float   float64
	Digits  *big.Int // of Decimal: the value times ten to the power of Scale
	Scale   int
	Names   []string // of Object, in the order in which they first came
	Members []*Item  // of Object, beside Names, or of Array
}

// TextItem is a text.
func TextItem(s string) *Item { return &Item{Kind: Text, Text: s} }

// BooleanItem is a boolean.
func BooleanItem(b bool) *Item { return &Item{Kind: Boolean, True: b} }

// integerItem is a whole number of the narrowest type from integer on.
func integerItem(n int64) *Item {
	if int64(int32(n)) == n {
		return &Item{Kind: Integer, Int: n, Bits: 32}
	}
	return &Item{Kind: Bigint, Int: n}
}

func (i *Item) number() bool { return i.Kind >= Integer && i.Kind <= Decimal && i.Kind != Huge }

func (i *Item) scalar() bool { return i.Kind != Array && i.Kind != Object }

// word is how messages call the kind.
func (i *Item) word() string {
	return [...]string{Null: "NULL", Boolean: "BOOLEAN", Text: "STRING", Integer: "NUMBER", Bigint: "NUMBER", Huge: "NUMBER", Real: "NUMBER", Double: "NUMBER",
		Decimal: "NUMBER", Date: "date", Time: "time", Timestamp: "timestamp", Array: "ARRAY", Object: "OBJECT"}[i.Kind]
}

// maxNesting is deeper than any use of JSON, and less than a stack holds.
const maxNesting = 1000

var errInput = &Failure{Code: "JSON_INPUT_CONVERSION_ERROR", Message: "conversion to JSON failed: the text is no JSON"}

// Read reads the first value of JSON in a text; what follows it is not looked at, as in Trino. Of members
// with one name the last counts, in the place of the first. Numbers with a point or an exponent are
// doubles. A text of white space alone is nil, without an error.
func Read(text string) (*Item, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	i, err := read(d, 0)
	switch {
	case errors.Is(err, io.EOF) && strings.TrimSpace(text) == "":
		return nil, nil
	case err != nil:
		return nil, errInput
	}
	return i, nil
}

func read(d *json.Decoder, depth int) (*Item, error) {
	if depth > maxNesting {
		return nil, errInput
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return readObject(d, depth)
		}
		i := &Item{Kind: Array}
		for d.More() {
			m, err := read(d, depth+1)
			if err != nil {
				return nil, err
			}
			i.Members = append(i.Members, m)
		}
		_, err := d.Token()
		return i, err
	case string:
		return TextItem(t), nil
	case json.Number:
		return readNumber(t.String()), nil
	case bool:
		return BooleanItem(t), nil
	}
	return &Item{Kind: Null}, nil
}

func readObject(d *json.Decoder, depth int) (*Item, error) {
	i := &Item{Kind: Object}
	places := map[string]int{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := t.(string)
		if !ok {
			return nil, errInput
		}
		m, err := read(d, depth+1)
		if err != nil {
			return nil, err
		}
		if at, again := places[name]; again {
			i.Members[at] = m
			continue
		}
		places[name] = len(i.Names)
		i.Names, i.Members = append(i.Names, name), append(i.Members, m)
	}
	_, err := d.Token()
	return i, err
}

// member is the value of a name, nil if there is none.
func (i *Item) member(name string) *Item {
	for at, n := range i.Names {
		if n == name {
			return i.Members[at]
		}
	}
	return nil
}
