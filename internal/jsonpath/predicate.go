package jsonpath

import (
	"cmp"
	"math"
	"strings"
)

// A truth is the value of a predicate, which never fails.
type truth int

const (
	no truth = iota
	yes
	maybe
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (e *evaluation) test(p predicate) truth {
	switch p := p.(type) {
	case *logical:
		left := e.test(p.left)
		if left == truthOf(!p.and) {
			return left
		}
		right := e.test(p.right)
		if right == truthOf(!p.and) {
			return right
		}
		return max(left, right) // maybe, if one is
	case *negation:
		if t := e.test(p.arg); t != maybe {
			return yes - t
		}
	case *unknown:
		return truthOf(e.test(p.arg) == maybe)
	case *exists:
		items, err := e.items(p.of)
		if err == nil {
			return truthOf(len(items) > 0)
		}
	case *comparison:
		left, err := e.unwrapped(p.left)
		if err != nil {
			return maybe
		}
		right, err := e.unwrapped(p.right)
		if err != nil {
			return maybe
		}
		return e.any(left, right, func(a, b *Item) truth { return compare(p.op, a, b) })
	case *startsWith:
		return e.startsWith(p)
	}
	return maybe
}

func (e *evaluation) startsWith(p *startsWith) truth {
	whole, err := e.unwrapped(p.whole)
	if err != nil {
		return maybe
	}
	start, err := e.unwrapped(p.start)
	if err != nil || len(start) != 1 || start[0].Kind != Text {
		return maybe
	}
	return e.any(whole, start, func(a, b *Item) truth {
		if a.Kind != Text {
			return maybe
		}
		return truthOf(strings.HasPrefix(a.Text, b.Text))
	})
}

// any tells whether a test holds for a pair. One that fails makes all unknown: in strict mode always, in
// lax mode if it comes before one that holds.
func (e *evaluation) any(left, right []*Item, test func(a, b *Item) truth) truth {
	found := no
	for _, a := range left {
		for _, b := range right {
			t := test(a, b)
			if t == maybe || t == yes && e.lax {
				return t
			}
			found = max(found, t)
		}
	}
	return found
}

// compare compares two items; what cannot be compared is unknown. null is equal to itself alone.
func compare(op string, a, b *Item) truth {
	if a.Kind == Null || b.Kind == Null {
		switch both := a.Kind == b.Kind; op {
		case "==":
			return truthOf(both)
		case "<>":
			return truthOf(!both)
		}
		return no
	}
	order, ok := orderOf(a, b)
	if !ok {
		return maybe
	}
	if order == incomparable {
		return truthOf(op == "<>")
	}
	switch op {
	case "==":
		return truthOf(order == 0)
	case "<>":
		return truthOf(order != 0)
	case "<":
		return truthOf(order < 0)
	case "<=":
		return truthOf(order <= 0)
	case ">":
		return truthOf(order > 0)
	}
	return truthOf(order >= 0)
}

// incomparable is the order of NaN and anything: they are different, and nothing else.
const incomparable = 2

func orderOf(a, b *Item) (int, bool) {
	switch {
	case a.number() && b.number():
		return numberOrder(a, b), true
	case a.Kind == Text && b.Kind == Text:
		if a.Padded || b.Padded {
			return cmp.Compare(strings.TrimRight(a.Text, " "), strings.TrimRight(b.Text, " ")), true
		}
		return cmp.Compare(a.Text, b.Text), true
	case a.Kind == Boolean && b.Kind == Boolean:
		return boolInt(a.True) - boolInt(b.True), true
	case a.Kind == b.Kind && (a.Kind == Date || a.Kind == Time || a.Kind == Timestamp):
		return cmp.Compare(trimmedClock(a.Text), trimmedClock(b.Text)), true
	}
	return 0, false
}

// trimmedClock takes off the zeros at the end of a fraction of a second.
func trimmedClock(s string) string {
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

func numberOrder(a, b *Item) int {
	floats := func(i *Item) bool { return i.Kind == Double || i.Kind == Real }
	if floats(a) || floats(b) {
		x, y := a.asFloat(), b.asFloat()
		if math.IsNaN(x) || math.IsNaN(y) {
			return incomparable
		}
		return cmp.Compare(x, y)
	}
	d, e := a.asDecimal(), b.asDecimal()
	scale := max(d.Scale, e.Scale)
	return power(scale-d.Scale).Mul(power(scale-d.Scale), d.Digits).Cmp(power(scale-e.Scale).Mul(power(scale-e.Scale), e.Digits))
}
