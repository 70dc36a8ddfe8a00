package jsonpath

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// method carries out the methods of items, all but type() and size() on the elements of arrays in lax
// mode.
func (e *evaluation) method(x *method) ([]*Item, error) {
	items := e.unwrapped
	if x.name == "type" || x.name == "size" {
		items = e.items
	}
	in, err := items(x.of)
	if err != nil {
		return nil, err
	}
	var out []*Item
	for _, i := range in {
		if x.name == "keyvalue" {
			pairs, err := e.keyValue(i)
			if err != nil {
				return nil, err
			}
			out = append(out, pairs...)
			if err := limited(out); err != nil {
				return nil, err
			}
			continue
		}
		r, err := e.methodOf(x.name, i)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (e *evaluation) methodOf(name string, i *Item) (*Item, error) {
	switch {
	case name == "type":
		return TextItem(i.typeName()), nil
	case name == "size" && i.Kind == Array:
		return integerItem(int64(len(i.Members))), nil
	case name == "size" && e.lax:
		return integerItem(1), nil
	case name == "size":
		return nil, wrongType("ARRAY", i)
	case name == "double":
		return double(i)
	case !i.number():
		return nil, wrongType("NUMBER", i)
	case name == "abs":
		if i.negative() {
			return negated(i)
		}
		return i, nil
	}
	return rounded(i, name == "ceiling"), nil
}

func (i *Item) typeName() string {
	switch {
	case i.number() || i.Kind == Huge:
		return "number"
	case i.Kind == Time:
		return "time without time zone"
	case i.Kind == Timestamp:
		return "timestamp without time zone"
	}
	return strings.ToLower(i.word())
}

func (i *Item) negative() bool {
	switch i.Kind {
	case Integer, Bigint:
		return i.Int < 0
	case Decimal:
		return i.Digits.Sign() < 0
	}
	return i.Float < 0
}

func double(i *Item) (*Item, error) {
	switch {
	case i.number():
		return &Item{Kind: Double, Float: i.asFloat()}, nil
	case i.Kind == Text:
		text := strings.TrimSpace(i.Text)
		f, err := strconv.ParseFloat(text, 64)
		word := strings.TrimLeft(text, "+-")
		if err == nil && (word == "NaN" || word == "Infinity" || strings.Trim(word, "0123456789.eE+-") == "") {
			return &Item{Kind: Double, Float: f}, nil
		}
		return nil, evaluationError("Cannot cast '%s' to DOUBLE", i.Text)
	}
	return nil, wrongType("NUMBER or TEXT", i)
}

// rounded is ceiling() or floor(); of a decimal it has no digits behind the point.
func rounded(i *Item, up bool) *Item {
	switch i.Kind {
	case Real, Double:
		f := math.Floor(i.Float)
		if up {
			f = math.Ceil(i.Float)
		}
		return &Item{Kind: i.Kind, Float: f}
	case Decimal:
		q, r := new(big.Int).QuoRem(i.Digits, power(i.Scale), new(big.Int))
		if up && r.Sign() > 0 || !up && r.Sign() < 0 {
			q.Add(q, big.NewInt(int64(r.Sign())))
		}
		return &Item{Kind: Decimal, Digits: q}
	}
	return i
}

// keyValue is an object for each member; id tells the objects apart from which they come.
func (e *evaluation) keyValue(i *Item) ([]*Item, error) {
	if i.Kind != Object {
		return nil, wrongType("OBJECT", i)
	}
	id := integerItem(e.objects)
	e.objects++
	var out []*Item
	for at, name := range i.Names {
		out = append(out, &Item{Kind: Object, Names: []string{"name", "value", "id"}, Members: []*Item{TextItem(name), i.Members[at], id}})
	}
	return out, nil
}
