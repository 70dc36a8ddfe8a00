package table

import (
	"math/big"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/serde"
)

// PartitionFilter reads an expression over partition keys, in the form of SQL's WHERE: =, <>, !=, <, <=, >,
// >=, IN, BETWEEN, LIKE, IS NULL, NOT, AND, OR and brackets over keys and literals. What it returns tells
// whether the values of a partition fit. A value that is not of its key's type, as Hive's name for NULL,
// is NULL. An empty expression fits all. Invalid.
func PartitionFilter(expression string, keys []Column) (func(values []string) bool, error) {
	if strings.TrimSpace(expression) == "" {
		return func([]string) bool { return true }, nil
	}
	tokens, err := lexExpression(expression)
	if err != nil {
		return nil, err
	}
	p := &expressionParser{tokens: tokens, keys: keys}
	test, err := p.or(0)
	if err == nil && p.peek().kind != endToken {
		err = p.unexpected("AND, OR or the end")
	}
	if err != nil {
		return nil, err
	}
	return func(values []string) bool { return test(values) == yes }, nil
}

// A truth is one of SQL's three.
type truth int8

const (
	no truth = iota - 1
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

type test func(values []string) truth

// maxNesting keeps an expression from the depth of our stack.
const maxNesting = 100

type expressionParser struct {
	tokens []token
	at     int
	keys   []Column
}

func (p *expressionParser) peek() token { return p.tokens[p.at] }

// take moves behind the next token if it is that word or sign.
func (p *expressionParser) take(text string) bool {
	t := p.peek()
	if (t.kind != wordToken || !strings.EqualFold(t.text, text)) && (t.kind != signToken || t.text != text) {
		return false
	}
	p.at++
	return true
}

func (p *expressionParser) unexpected(wanted string) error {
	t := p.peek()
	if t.kind == endToken {
		return feature.Errorf(feature.Invalid, "Expression ends where %s is expected", wanted)
	}
	return feature.Errorf(feature.Invalid, "Expression has %.64q at character %d, where %s is expected", t.text, t.from+1, wanted)
}

func (p *expressionParser) or(depth int) (test, error) {
	left, err := p.and(depth)
	for err == nil && p.take("OR") {
		var right test
		first := left
		if right, err = p.and(depth); err == nil {
			left = func(v []string) truth { return max(first(v), right(v)) }
		}
	}
	return left, err
}

func (p *expressionParser) and(depth int) (test, error) {
	left, err := p.not(depth)
	for err == nil && p.take("AND") {
		var right test
		first := left
		if right, err = p.not(depth); err == nil {
			left = func(v []string) truth { return min(first(v), right(v)) }
		}
	}
	return left, err
}

func (p *expressionParser) not(depth int) (test, error) {
	if depth > maxNesting {
		return nil, feature.Errorf(feature.Invalid, "Expression is nested more than %d deep", maxNesting)
	}
	if p.take("NOT") {
		inner, err := p.not(depth + 1)
		return negated(inner, true), err
	}
	if p.take("(") {
		inner, err := p.or(depth + 1)
		if err == nil && !p.take(")") {
			err = p.unexpected("a closing bracket")
		}
		return inner, err
	}
	return p.predicate()
}

func negated(t test, not bool) test {
	if !not {
		return t
	}
	return func(v []string) truth { return -t(v) }
}

// An operand is a key or a literal.
type operand struct {
	key     int // -1: it is a literal
	literal string
}

func (p *expressionParser) operand() (operand, error) {
	t := p.peek()
	switch t.kind {
	case textToken, numberToken:
		p.at++
		return operand{-1, t.text}, nil
	case wordToken, quotedToken:
		p.at++
		for i, k := range p.keys {
			if strings.EqualFold(k.Name, t.text) {
				return operand{key: i}, nil
			}
		}
		if t.kind == quotedToken && t.quote == '"' {
			return operand{-1, t.text}, nil // as Hive's clients write text
		}
		if n := p.peek(); n.kind == textToken && (strings.EqualFold(t.text, "DATE") || strings.EqualFold(t.text, "TIMESTAMP")) {
			p.at++
			return operand{-1, n.text}, nil
		}
		return operand{}, feature.Errorf(feature.Invalid, "Expression names %.64q, which is no partition key of the table", t.text)
	}
	return operand{}, p.unexpected("a partition key or a value")
}

func (p *expressionParser) literal(key int) (value, error) {
	o, err := p.operand()
	if err != nil {
		return value{}, err
	}
	if o.key >= 0 {
		return value{}, feature.Errorf(feature.Invalid, "Expression compares the partition key %q with another; compare it with a value", p.keys[key].Name)
	}
	kind, err := kindOf(p.keys[key])
	if err != nil {
		return value{}, err
	}
	v, ok := kind.read(o.literal)
	if !ok {
		return v, feature.Errorf(feature.Invalid, "Expression compares the partition key %q of type %s with %.64q, which is none", p.keys[key].Name, p.keys[key].Type, o.literal)
	}
	return v, nil
}

// signs are the comparisons, and what they are from the other side.
var signs = map[string]struct {
	holds   func(c int) bool
	flipped string
}{
	"=":  {func(c int) bool { return c == 0 }, "="},
	"==": {func(c int) bool { return c == 0 }, "=="},
	"<>": {func(c int) bool { return c != 0 }, "<>"},
	"!=": {func(c int) bool { return c != 0 }, "!="},
	"<":  {func(c int) bool { return c < 0 }, ">"},
	"<=": {func(c int) bool { return c <= 0 }, ">="},
	">":  {func(c int) bool { return c > 0 }, "<"},
	">=": {func(c int) bool { return c >= 0 }, "<="},
}

func (p *expressionParser) predicate() (test, error) {
	start := p.at
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	if left.key < 0 {
		return p.reversed(start)
	}
	if t := p.peek(); t.kind == signToken {
		if s, ok := signs[t.text]; ok {
			p.at++
			v, err := p.literal(left.key)
			if err != nil {
				return nil, err
			}
			return p.compare(left.key, v, s.holds)
		}
	}
	if p.take("IS") {
		not := p.take("NOT")
		if !p.take("NULL") {
			return nil, p.unexpected("NULL")
		}
		return p.isNull(left.key, not)
	}
	not := p.take("NOT")
	switch {
	case p.take("IN"):
		t, err := p.in(left.key)
		return negated(t, not), err
	case p.take("BETWEEN"):
		t, err := p.between(left.key)
		return negated(t, not), err
	case p.take("LIKE"):
		t, err := p.like(left.key)
		return negated(t, not), err
	}
	return nil, p.unexpected("a comparison")
}

// reversed reads a literal, a sign and a key.
func (p *expressionParser) reversed(start int) (test, error) {
	s, ok := signs[p.peek().text]
	if !ok || p.peek().kind != signToken {
		return nil, p.unexpected("a comparison")
	}
	p.at++
	right, err := p.operand()
	if err != nil {
		return nil, err
	}
	if right.key < 0 {
		return nil, feature.Errorf(feature.Invalid, "Expression compares two values; compare a partition key with a value")
	}
	end := p.at
	p.at = start
	v, err := p.literal(right.key)
	p.at = end
	if err != nil {
		return nil, err
	}
	return p.compare(right.key, v, signs[s.flipped].holds)
}

func (p *expressionParser) compare(key int, with value, holds func(c int) bool) (test, error) {
	kind, err := kindOf(p.keys[key])
	if err != nil {
		return nil, err
	}
	return func(values []string) truth {
		v, ok := kind.read(values[key])
		if !ok {
			return unknown
		}
		return truthOf(holds(v.compare(with)))
	}, nil
}

func (p *expressionParser) isNull(key int, not bool) (test, error) {
	kind, err := kindOf(p.keys[key])
	if err != nil {
		return nil, err
	}
	return func(values []string) truth {
		_, ok := kind.read(values[key])
		return truthOf(ok == not)
	}, nil
}

func (p *expressionParser) in(key int) (test, error) {
	if !p.take("(") {
		return nil, p.unexpected("a list in brackets")
	}
	var all test
	for {
		v, err := p.literal(key)
		if err != nil {
			return nil, err
		}
		one, err := p.compare(key, v, signs["="].holds)
		if err != nil {
			return nil, err
		}
		if before := all; before == nil {
			all = one
		} else {
			all = func(v []string) truth { return max(before(v), one(v)) }
		}
		if p.take(")") {
			return all, nil
		}
		if !p.take(",") {
			return nil, p.unexpected("a comma or a closing bracket")
		}
	}
}

func (p *expressionParser) between(key int) (test, error) {
	low, err := p.literal(key)
	if err != nil {
		return nil, err
	}
	if !p.take("AND") {
		return nil, p.unexpected("AND")
	}
	high, err := p.literal(key)
	if err != nil {
		return nil, err
	}
	from, err := p.compare(key, low, signs[">="].holds)
	if err != nil {
		return nil, err
	}
	to, err := p.compare(key, high, signs["<="].holds)
	return func(v []string) truth { return min(from(v), to(v)) }, err
}

func (p *expressionParser) like(key int) (test, error) {
	o, err := p.operand()
	if err != nil {
		return nil, err
	}
	if o.key >= 0 {
		return nil, feature.Errorf(feature.Invalid, "Expression has LIKE with a partition key; it takes a text")
	}
	var pattern strings.Builder
	for _, r := range o.literal {
		switch r {
		case '%':
			pattern.WriteString(".*")
		case '_':
			pattern.WriteByte('.')
		default:
			pattern.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	fits, err := regexp.Compile("(?s)^" + pattern.String() + "$")
	if err != nil {
		return nil, feature.Errorf(feature.Invalid, "Expression has LIKE with %.64q, which is no pattern", o.literal)
	}
	return func(values []string) truth {
		if values[key] == HiveNull {
			return unknown
		}
		return truthOf(fits.MatchString(values[key]))
	}, nil
}

// HiveNull is how Hive, Spark and Athena name the partition of NULL.
const HiveNull = "__HIVE_DEFAULT_PARTITION__"

// A keyKind is how the values of a key compare.
type keyKind uint8

const (
	textKey keyKind = iota
	numberKey
	dateKey
	timestampKey
)

func kindOf(key Column) (keyKind, error) {
	t := serde.Canonical(key.Type)
	name, _, _ := strings.Cut(t, "(")
	switch name {
	case "string", "char", "varchar":
		return textKey, nil
	case "tinyint", "smallint", "int", "bigint", "long", "decimal", "float", "double":
		return numberKey, nil
	case "date":
		return dateKey, nil
	case "timestamp":
		return timestampKey, nil
	}
	return 0, feature.Errorf(feature.Invalid, "Expression compares the partition key %q, whose type %.64q cannot be compared; types are string, char, varchar, date, timestamp and numbers", key.Name, key.Type)
}

// A value is what a key compares with.
type value struct {
	text   string
	number *big.Rat
	at     time.Time
}

// Without an exponent, a few letters of which would be a number of gigabytes.
var plainNumber = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$`)

// read reads a value of the kind; a text that is none is NULL.
func (k keyKind) read(text string) (v value, ok bool) {
	if text == HiveNull {
		return value{}, false
	}
	switch k {
	case numberKey:
		if !plainNumber.MatchString(text) {
			return value{}, false
		}
		v.number, ok = new(big.Rat).SetString(text)
		return v, ok
	case dateKey, timestampKey:
		layouts := []string{time.DateOnly, time.DateTime, "2006-01-02T15:04:05", time.RFC3339}
		if k == dateKey {
			layouts = layouts[:1]
		}
		for _, layout := range layouts {
			if at, err := time.Parse(layout, text); err == nil {
				return value{at: at}, true
			}
		}
		return value{}, false
	}
	return value{text: text}, true
}

func (v value) compare(w value) int {
	switch {
	case v.number != nil:
		return v.number.Cmp(w.number)
	case !v.at.IsZero() || !w.at.IsZero():
		return v.at.Compare(w.at)
	}
	return strings.Compare(v.text, w.text)
}

type tokenKind uint8

const (
	endToken tokenKind = iota
	wordToken
	quotedToken // "…" or `…`
	textToken
	numberToken
	signToken
)

type token struct {
	kind  tokenKind
	text  string
	quote byte
	from  int
}

var (
	wordForm   = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_$]*`)
	numberForm = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)`)
	signForm   = regexp.MustCompile(`^(<=|>=|<>|!=|==|[=<>(),])`)
)

func lexExpression(text string) ([]token, error) {
	var all []token
	for at := 0; at < len(text); {
		rest := text[at:]
		c := rest[0]
		switch {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			at++
			continue
		case c == '\'' || c == '"' || c == '`':
			inner, size, ok := unquote(rest)
			if !ok {
				return nil, feature.Errorf(feature.Invalid, "Expression has a %c at character %d that none closes", c, at+1)
			}
			kind := quotedToken
			if c == '\'' {
				kind = textToken
			}
			all = append(all, token{kind, inner, c, at})
			at += size
			continue
		}
		kind, found := wordToken, wordForm.FindString(rest)
		if found == "" {
			kind, found = numberToken, numberForm.FindString(rest)
		}
		if found == "" {
			kind, found = signToken, signForm.FindString(rest)
		}
		if found == "" {
			r, _ := utf8.DecodeRuneInString(rest)
			return nil, feature.Errorf(feature.Invalid, "Expression has %q at character %d, which means nothing there", r, at+1)
		}
		all = append(all, token{kind, found, 0, at})
		at += len(found)
	}
	return append(all, token{kind: endToken, from: len(text)}), nil
}

// unquote reads a text up to the quote that it begins with; that quote twice is one in the text.
func unquote(s string) (inner string, size int, ok bool) {
	quote := s[:1]
	for at := 1; at < len(s); at++ {
		if s[at] != quote[0] {
			continue
		}
		if at+1 < len(s) && s[at+1] == quote[0] {
			at++
			continue
		}
		return strings.ReplaceAll(s[1:at], quote+quote, quote), at + 1, true
	}
	return "", 0, false
}
