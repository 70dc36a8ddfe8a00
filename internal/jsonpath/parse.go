package jsonpath

import (
	"fmt"
	"slices"
)

// maxDepth is how deep a path may be nested: deeper than any use, and less than a stack holds.
const maxDepth = 200

// Parse reads a path: its mode, lax or strict, and the path itself. Its error is a *SyntaxError, or an
// *Unsupported for what the standard has and Trino has not.
func Parse(text string) (*Path, error) {
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	path := &Path{lax: p.keyword("lax")}
	if !path.lax && !p.keyword("strict") {
		return nil, p.wrong("lax or strict")
	}
	if path.root, err = p.path(); err != nil {
		return nil, err
	}
	if p.peek().kind != endToken {
		return nil, p.wrong("the end of the path")
	}
	path.Names = p.names
	return path, nil
}

type parser struct {
	tokens []token
	at     int
	depth  int
	names  []string
	// filters and arrays are how many of them are around: @ and last stand only there.
	filters, arrays int
}

func (p *parser) peek() token { return p.tokens[p.at] }

// next is the token behind peek's; there is one if peek's is not the end.
func (p *parser) next() token { return p.tokens[min(p.at+1, len(p.tokens)-1)] }

func (p *parser) sign(s string) bool {
	if t := p.peek(); t.kind != signToken || t.text != s {
		return false
	}
	p.at++
	return true
}

func (p *parser) keyword(s string) bool {
	if t := p.peek(); t.kind != wordToken || t.text != s {
		return false
	}
	p.at++
	return true
}

// wrong is the error of the token at which the parser stands.
func (p *parser) wrong(expected string) error {
	t := p.peek()
	text := t.text
	if t.kind == endToken {
		text = "<EOF>"
	}
	return &SyntaxError{t.offset, fmt.Sprintf("mismatched input '%s' expecting %s", text, expected)}
}

func (p *parser) expect(s string) error {
	if !p.sign(s) {
		return p.wrong("'" + s + "'")
	}
	return nil
}

func (p *parser) deeper() error {
	if p.depth++; p.depth > maxDepth {
		return &SyntaxError{p.peek().offset, "the path is nested too deeply"}
	}
	return nil
}

// path reads sums.
func (p *parser) path() (expr, error) {
	return p.chain(p.product, "+", "-")
}

func (p *parser) product() (expr, error) {
	return p.chain(p.signed, "*", "/", "%")
}

// chain reads operands with operators of one level between them, which group to the left.
func (p *parser) chain(operand func() (expr, error), operators ...string) (expr, error) {
	left, err := operand()
	for err == nil {
		t := p.peek()
		if t.kind != signToken || !slices.Contains(operators, t.text) {
			return left, nil
		}
		p.at++
		var right expr
		if right, err = operand(); err == nil {
			left = &arithmetic{t.text[0], left, right}
		}
	}
	return nil, err
}

// signed reads a sign before a path with its accessors; a sign before a number is the number's own.
func (p *parser) signed() (expr, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	switch {
	case p.sign("+"):
		arg, err := p.signed()
		return &negative{false, arg}, err
	case p.peek().text == "-" && p.peek().kind == signToken && numeric(p.next()):
		return p.accessors()
	case p.sign("-"):
		arg, err := p.signed()
		return &negative{true, arg}, err
	}
	return p.accessors()
}

func numeric(t token) bool {
	return t.kind == integerToken || t.kind == decimalToken || t.kind == doubleToken
}

// accessors reads a primary and what follows it: .name, [0], ? (…), .size().
func (p *parser) accessors() (expr, error) {
	e, err := p.primary()
	for err == nil {
		switch {
		case p.sign("."):
			e, err = p.dotted(e)
		case p.sign(".."):
			var name string
			name, err = p.name()
			e = &descendant{e, name}
		case p.sign("["):
			e, err = p.subscripts(e)
		case p.sign("?"):
			e, err = p.filter(e)
		default:
			return e, nil
		}
	}
	return nil, err
}

func (p *parser) name() (string, error) {
	t := p.peek()
	if t.kind != wordToken && t.kind != stringToken {
		return "", p.wrong("a name")
	}
	p.at++
	return t.text, nil
}

var methods = []string{"abs", "ceiling", "double", "floor", "keyvalue", "size", "type"}

// dotted reads what stands behind a dot.
func (p *parser) dotted(of expr) (expr, error) {
	if p.sign("*") {
		return &member{of: of, all: true}, nil
	}
	if t := p.peek(); t.kind == wordToken && p.next().kind == signToken && p.next().text == "(" {
		switch {
		case slices.Contains(methods, t.text):
			p.at += 2
			return &method{of, t.text}, p.expect(")")
		case t.text == "datetime":
			return nil, &Unsupported{"datetime method"}
		}
	}
	name, err := p.name()
	return &member{of: of, name: name}, err
}

func (p *parser) subscripts(of expr) (expr, error) {
	if p.sign("*") {
		return &element{of: of}, p.expect("]")
	}
	p.arrays++
	defer func() { p.arrays-- }()
	e := &element{of: of}
	for {
		var s subscript
		var err error
		if s.from, err = p.path(); err != nil {
			return nil, err
		}
		if p.keyword("to") {
			if s.to, err = p.path(); err != nil {
				return nil, err
			}
		}
		e.subscripts = append(e.subscripts, s)
		if !p.sign(",") {
			return e, p.expect("]")
		}
	}
}

func (p *parser) filter(of expr) (expr, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	p.filters++
	condition, err := p.predicate()
	p.filters--
	if err != nil {
		return nil, err
	}
	return &filter{of, condition}, p.expect(")")
}

func (p *parser) primary() (expr, error) {
	t := p.peek()
	switch {
	case t.kind == stringToken:
		p.at++
		return &constant{TextItem(t.text)}, nil
	case t.kind == variableToken:
		p.at++
		if !slices.Contains(p.names, t.text) {
			p.names = append(p.names, t.text)
		}
		return &variable{t.text}, nil
	case p.sign("("):
		e, err := p.path()
		if err != nil {
			return nil, err
		}
		return e, p.expect(")")
	case p.sign("$"):
		return &context{}, nil
	case t.text == "@" && t.kind == signToken:
		if p.filters == 0 {
			return nil, &SyntaxError{t.offset, "@ stands outside of a filter"}
		}
		p.at++
		return &current{}, nil
	case numeric(t), t.kind == signToken && t.text == "-" && numeric(p.next()):
		return p.number()
	}
	return p.named()
}

// named reads the primaries that are words.
func (p *parser) named() (expr, error) {
	t := p.peek()
	switch {
	case p.keyword("null"):
		return &constant{&Item{Kind: Null}}, nil
	case p.keyword("true"):
		return &constant{BooleanItem(true)}, nil
	case p.keyword("false"):
		return &constant{BooleanItem(false)}, nil
	case t.kind == wordToken && t.text == "last":
		if p.arrays == 0 {
			return nil, &SyntaxError{t.offset, "last stands outside of an array's subscript"}
		}
		p.at++
		return &last{}, nil
	}
	return nil, p.wrong("a path")
}

func (p *parser) number() (expr, error) {
	text := ""
	if p.sign("-") {
		text = "-"
	}
	t := p.peek()
	text += t.text
	i, ok := numberItem(text, t.kind)
	if !ok {
		return nil, &SyntaxError{t.offset, "Invalid numeric literal: " + text}
	}
	p.at++
	return &constant{i}, nil
}
