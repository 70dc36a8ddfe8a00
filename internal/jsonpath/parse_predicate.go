package jsonpath

import "slices"

// predicate reads conditions with || between them.
func (p *parser) predicate() (predicate, error) {
	left, err := p.conjunction()
	for err == nil && p.sign("||") {
		var right predicate
		right, err = p.conjunction()
		left = &logical{false, left, right}
	}
	return left, err
}

func (p *parser) conjunction() (predicate, error) {
	left, err := p.condition()
	for err == nil && p.sign("&&") {
		var right predicate
		right, err = p.condition()
		left = &logical{true, left, right}
	}
	return left, err
}

// condition reads one condition.
func (p *parser) condition() (predicate, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if p.sign("!") {
		c, err := p.delimited()
		return &negation{c}, err
	}
	if t := p.peek(); t.kind == wordToken && t.text == "exists" {
		return p.delimited()
	}
	if p.conditionAhead() {
		c, err := p.delimited()
		if err != nil || !p.keyword("is") {
			return c, err
		}
		if !p.keyword("unknown") {
			return nil, p.wrong("unknown")
		}
		return &unknown{c}, nil
	}
	return p.comparison()
}

// conditionAhead tells whether the parser stands before a condition in parentheses, and not before a
// path in them: between them is what only conditions have. Filters within are looked over.
func (p *parser) conditionAhead() bool {
	if t := p.peek(); t.kind != signToken || t.text != "(" {
		return false
	}
	depth, within := 0, 0 // within: the depth at which a filter began, 0 for none
	for i := p.at; p.tokens[i].kind != endToken; i++ {
		t := p.tokens[i]
		name := i > 0 && p.tokens[i-1].kind == signToken && (p.tokens[i-1].text == "." || p.tokens[i-1].text == "..")
		switch {
		case t.kind == signToken && t.text == "(":
			depth++
			if within == 0 && i > 0 && p.tokens[i-1].kind == signToken && p.tokens[i-1].text == "?" {
				within = depth
			}
		case t.kind == signToken && t.text == ")":
			if depth == within {
				within = 0
			}
			if depth--; depth == 0 {
				return false
			}
		case within > 0:
		case t.kind == signToken && slices.Contains(conditionSigns, t.text), t.kind == wordToken && !name && slices.Contains(conditionWords, t.text):
			return true
		}
	}
	return false
}

var (
	conditionSigns = []string{"==", "<>", "!=", "<=", ">=", "&&", "||", "!", "<", ">"}
	conditionWords = []string{"exists", "is", "starts", "like_regex"}
)

// delimited reads exists(path), or a condition in parentheses.
func (p *parser) delimited() (predicate, error) {
	if p.keyword("exists") {
		if err := p.expect("("); err != nil {
			return nil, err
		}
		e, err := p.path()
		if err != nil {
			return nil, err
		}
		return &exists{e}, p.expect(")")
	}
	if err := p.expect("("); err != nil {
		return nil, err
	}
	c, err := p.predicate()
	if err != nil {
		return nil, err
	}
	return c, p.expect(")")
}

var comparisons = []string{"==", "<>", "!=", "<=", ">=", "<", ">"}

func (p *parser) comparison() (predicate, error) {
	left, err := p.path()
	if err != nil {
		return nil, err
	}
	t := p.peek()
	switch {
	case t.kind == wordToken && t.text == "like_regex":
		return nil, &Unsupported{"like_regex predicate"}
	case p.keyword("starts"):
		if !p.keyword("with") {
			return nil, p.wrong("with")
		}
		if k := p.peek().kind; k != stringToken && k != variableToken {
			return nil, p.wrong("a string or a variable")
		}
		start, err := p.primary()
		return &startsWith{left, start}, err
	}
	for _, op := range comparisons {
		if p.sign(op) {
			if op == "!=" {
				op = "<>"
			}
			right, err := p.path()
			return &comparison{op, left, right}, err
		}
	}
	return nil, p.wrong("a comparison")
}
