package featurestore

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// An Expression holds of something if all of its conditions hold of it or, if Any is set, one of
// them does. It has at least one.
type Expression struct {
	Filters []Filter
	Nested  []Nested
	Sub     []Expression
	Any     bool
}

// A Filter is a condition on one property. Value is nil for Exists and NotExists, and for no other.
type Filter struct {
	Property string
	Operator Operator // "": Equals
	Value    *string
}

// A Nested holds if one single element of a list has all of what its filters ask.
type Nested struct {
	Property string // FeatureDefinitions
	Filters  []Filter
}

// An Operator is how a filter compares; it is its name. A property with several values has what
// one of them has; NotEquals and NotExists are the opposites of Equals and Exists, so they hold
// of what lacks the property.
type Operator string

// The operators. Texts have no order; what is not a text contains nothing and is in no list.
const (
	Equals               Operator = "Equals"
	NotEquals            Operator = "NotEquals"
	GreaterThan          Operator = "GreaterThan"
	GreaterThanOrEqualTo Operator = "GreaterThanOrEqualTo"
	LessThan             Operator = "LessThan"
	LessThanOrEqualTo    Operator = "LessThanOrEqualTo"
	Contains             Operator = "Contains" // without regard to case
	Exists               Operator = "Exists"
	NotExists            Operator = "NotExists"
	In                   Operator = "In" // the value's parts between commas, without the spaces around them
)

// The limits of an expression (contract §1.10).
const (
	maxElements   = 20 // of one list
	maxConditions = 50 // filters at all depths, those of Nested too; and as many expressions
)

// compileExpression checks e, and returns what tells whether it holds.
func compileExpression(e *Expression, subject Subject) (func(Hit) bool, error) {
	c := compiler{subject: subject}
	return c.expression(e)
}

// A compiler turns the parts of one expression into functions, and counts them.
type compiler struct {
	subject                 Subject
	conditions, expressions int
}

func (c *compiler) expression(e *Expression) (func(Hit) bool, error) {
	if c.expressions++; c.expressions > maxConditions {
		return nil, feature.Errorf(feature.Invalid, "the SearchExpression has more than %d expressions at all depths; the most is %d", maxConditions, maxConditions)
	}
	if len(e.Filters)+len(e.Nested)+len(e.Sub) == 0 {
		return nil, feature.Errorf(feature.Invalid, "the SearchExpression is empty; it needs at least one of Filters, NestedFilters and SubExpressions, or leave it out")
	}
	if err := checkElements(e); err != nil {
		return nil, err
	}
	var parts []func(Hit) bool
	for i := range e.Filters {
		part, err := c.filter(&e.Filters[i])
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	for i := range e.Nested {
		part, err := c.nested(&e.Nested[i])
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	for i := range e.Sub {
		part, err := c.expression(&e.Sub[i])
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	if e.Any {
		return func(f Hit) bool {
			return slices.ContainsFunc(parts, func(part func(Hit) bool) bool { return part(f) })
		}, nil
	}
	return func(f Hit) bool {
		return !slices.ContainsFunc(parts, func(part func(Hit) bool) bool { return !part(f) })
	}, nil
}

func checkElements(e *Expression) error {
	for _, list := range []struct {
		member string
		n      int
	}{{"Filters", len(e.Filters)}, {"NestedFilters", len(e.Nested)}, {"SubExpressions", len(e.Sub)}} {
		if list.n > maxElements {
			return feature.Errorf(feature.Invalid, "%s has %d elements; the most is %d", list.member, list.n, maxElements)
		}
	}
	return nil
}

func (c *compiler) filter(f *Filter) (func(Hit) bool, error) {
	p, err := findProperty(c.subject, f.Property)
	if err != nil {
		return nil, err
	}
	holds, err := c.condition(f, p.kind)
	if err != nil {
		return nil, err
	}
	return func(found Hit) bool { return holds(p.of(found)) }, nil
}

func (c *compiler) nested(n *Nested) (func(Hit) bool, error) {
	if p, err := findProperty(c.subject, n.Property); err != nil {
		return nil, err
	} else if !p.list {
		return nil, feature.Errorf(feature.Invalid, "NestedPropertyName %s is not a list; FeatureDefinitions of a FeatureGroup is one", n.Property)
	}
	if len(n.Filters) < 1 || len(n.Filters) > maxElements {
		return nil, feature.Errorf(feature.Invalid, "the Filters of the NestedFilters of %s has %d elements; it must have 1 to %d", n.Property, len(n.Filters), maxElements)
	}
	var parts []func(*feature.Definition) bool
	for i := range n.Filters {
		f := &n.Filters[i]
		p, err := findProperty(c.subject, f.Property)
		if err != nil {
			return nil, err
		}
		if p.ofElement == nil {
			return nil, feature.Errorf(feature.Invalid, "the property %s is not one of the elements of %s; use one such as %s.FeatureName", f.Property, n.Property, n.Property)
		}
		holds, err := c.condition(f, p.kind)
		if err != nil {
			return nil, err
		}
		parts = append(parts, func(d *feature.Definition) bool { return holds(p.ofElement(d)) })
	}
	return func(f Hit) bool {
		return slices.ContainsFunc(f.Group.Definitions, func(d feature.Definition) bool {
			return !slices.ContainsFunc(parts, func(part func(*feature.Definition) bool) bool { return !part(&d) })
		})
	}, nil
}

// condition returns what tells whether f holds of a property's values.
func (c *compiler) condition(f *Filter, kind valueKind) (func([]searchValue) bool, error) {
	if c.conditions++; c.conditions > maxConditions {
		return nil, feature.Errorf(feature.Invalid, "the SearchExpression has more than %d conditions at all depths; the most is %d", maxConditions, maxConditions)
	}
	operator := f.Operator
	if operator == "" {
		operator = Equals
	}
	switch {
	case operator != Exists && operator != NotExists:
	case f.Value != nil:
		return nil, feature.Errorf(feature.Invalid, "the filter on %s has the Operator %s and a Value; leave the Value out", f.Property, operator)
	default:
		return func(values []searchValue) bool { return (len(values) > 0) == (operator == Exists) }, nil
	}
	if f.Value == nil {
		return nil, feature.Errorf(feature.Invalid, "the Value of the filter on %s is missing; only the Operators Exists and NotExists go without", f.Property)
	}
	if !slices.Contains(kind.operators(), operator) {
		return nil, feature.Errorf(feature.Invalid, "the Operator %s is not supported for %s, which is %s; use one of %s",
			operator, f.Property, kind, joinOperators(append(kind.operators(), Exists, NotExists)))
	}
	holds, err := kind.comparison(operator, f)
	if err != nil {
		return nil, err
	}
	if operator == NotEquals {
		return func(values []searchValue) bool { return !slices.ContainsFunc(values, holds) }, nil
	}
	return func(values []searchValue) bool { return slices.ContainsFunc(values, holds) }, nil
}

func joinOperators(operators []Operator) string {
	names := make([]string, len(operators))
	for i, o := range operators {
		names[i] = string(o)
	}
	return strings.Join(names, ", ")
}

// operators returns those that compare values of a kind with a Value.
func (k valueKind) operators() []Operator {
	switch k {
	case texts:
		return []Operator{Equals, NotEquals, Contains, In}
	case numbers, times:
		return []Operator{Equals, NotEquals, GreaterThan, GreaterThanOrEqualTo, LessThan, LessThanOrEqualTo}
	case booleans:
		return []Operator{Equals, NotEquals}
	default:
		return nil
	}
}

// comparison returns what tells whether the operator holds of one value. NotEquals is answered as
// Equals, for the caller to turn round.
func (k valueKind) comparison(operator Operator, f *Filter) (func(searchValue) bool, error) {
	switch k {
	case numbers:
		compare, err := parseNumber(f)
		return ordered(operator, compare), err
	case times:
		compare, err := parseTime(f)
		return ordered(operator, compare), err
	case booleans:
		want := strings.ToLower(*f.Value)
		if want != "true" && want != "false" {
			return nil, feature.Errorf(feature.Invalid, "the Value %q of the filter on %s is not true or false", *f.Value, f.Property)
		}
		return func(v searchValue) bool { return v.text == want }, nil
	default:
		return textComparison(operator, *f.Value), nil
	}
}

func textComparison(operator Operator, want string) func(searchValue) bool {
	switch operator {
	case Contains:
		part := strings.ToLower(want)
		return func(v searchValue) bool { return strings.Contains(strings.ToLower(v.text), part) }
	case In:
		list := strings.Split(want, ",")
		for i, part := range list {
			list[i] = strings.TrimSpace(part)
		}
		return func(v searchValue) bool { return slices.Contains(list, v.text) }
	default:
		return func(v searchValue) bool { return v.text == want }
	}
}

// ordered makes a test of a comparison of a value with the filter's.
func ordered(operator Operator, compare func(searchValue) int) func(searchValue) bool {
	switch operator {
	case GreaterThan:
		return func(v searchValue) bool { return compare(v) > 0 }
	case GreaterThanOrEqualTo:
		return func(v searchValue) bool { return compare(v) >= 0 }
	case LessThan:
		return func(v searchValue) bool { return compare(v) < 0 }
	case LessThanOrEqualTo:
		return func(v searchValue) bool { return compare(v) <= 0 }
	default:
		return func(v searchValue) bool { return compare(v) == 0 }
	}
}

// parseNumber reads an integer, or a decimal in the range of a float64.
func parseNumber(f *Filter) (func(searchValue) int, error) {
	want := new(big.Float)
	if n, err := strconv.ParseInt(*f.Value, 10, 64); err == nil {
		want.SetInt64(n)
	} else if x, err := strconv.ParseFloat(*f.Value, 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) {
		want.SetFloat64(x)
	} else {
		return nil, feature.Errorf(feature.Invalid, "the Value %q of the filter on %s is not an integer or a decimal", *f.Value, f.Property)
	}
	return func(v searchValue) int { return new(big.Float).SetInt64(v.number).Cmp(want) }, nil
}

// parseTime reads ISO-8601: a date and a time, in UTC unless an offset follows.
func parseTime(f *Filter) (func(searchValue) int, error) {
	text := *f.Value
	want, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		want, err = time.Parse("2006-01-02T15:04:05", text)
	}
	// The standard library takes hours of one digit, and a comma for the point.
	if err != nil || text[13] != ':' || strings.Contains(text, ",") {
		return nil, feature.Errorf(feature.Invalid, "the Value %q of the filter on %s is not a time; write it as 2006-01-02T15:04:05, in UTC", text, f.Property)
	}
	return func(v searchValue) int { return v.at.Compare(want) }, nil
}
