package jsonpath

// maxItems is how many items a path finds at most: subscripts that repeat multiply them at every step.
const maxItems = 1_000_000

// Items follows a path through a value, with values for all of its Names. Its error is a *Failure.
func (p *Path) Items(value *Item, variables map[string]*Item) ([]*Item, error) {
	e := &evaluation{lax: p.lax, value: value, variables: variables}
	return e.items(p.root)
}

// An evaluation is one walk along a path.
type evaluation struct {
	lax       bool
	value     *Item
	variables map[string]*Item
	current   *Item // of the filter around, @
	last      int64 // of the array around
	objects   int64 // how many keyvalue() has seen
}

func (e *evaluation) items(x expr) ([]*Item, error) {
	switch x := x.(type) {
	case *constant:
		return []*Item{x.item}, nil
	case *context:
		return []*Item{e.value}, nil
	case *current:
		return []*Item{e.current}, nil
	case *last:
		return []*Item{integerItem(e.last)}, nil
	case *variable:
		return []*Item{e.variables[x.name]}, nil
	case *negative:
		return e.negative(x)
	case *arithmetic:
		return e.arithmetic(x)
	case *member:
		return e.member(x)
	case *descendant:
		return e.descendant(x)
	case *element:
		return e.element(x)
	case *filter:
		return e.filter(x)
	case *method:
		return e.method(x)
	}
	return nil, evaluationError("an unknown step")
}

// unwrapped are the items of a path; in lax mode the elements of arrays in their place.
func (e *evaluation) unwrapped(x expr) ([]*Item, error) {
	in, err := e.items(x)
	if err != nil || !e.lax {
		return in, err
	}
	return e.unwrap(in)
}

func (e *evaluation) unwrap(in []*Item) ([]*Item, error) {
	var out []*Item
	for _, i := range in {
		if i.Kind == Array {
			out = append(out, i.Members...)
		} else {
			out = append(out, i)
		}
		if err := limited(out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// limited is the error of more items than a path may find. What adds the members of an item asks it
// item by item: those of all could be more than memory holds.
func limited(items []*Item) error {
	if len(items) > maxItems {
		return evaluationError("the path finds more than %d items", maxItems)
	}
	return nil
}

func wrongType(expected string, i *Item) error {
	return evaluationError("invalid item type. Expected: %s, actual: %s", expected, i.word())
}

func (e *evaluation) negative(x *negative) ([]*Item, error) {
	in, err := e.unwrapped(x.arg)
	if err != nil {
		return nil, err
	}
	out := make([]*Item, len(in))
	for at, i := range in {
		if !i.number() {
			return nil, wrongType("NUMBER", i)
		}
		out[at] = i
		if x.minus {
			if out[at], err = negated(i); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func negated(i *Item) (*Item, error) {
	switch i.Kind {
	case Real, Double:
		return &Item{Kind: i.Kind, Float: -i.Float}, nil
	case Decimal:
		return decimalOperation('-', &Item{Kind: Decimal, Digits: power(0).SetInt64(0), Scale: i.Scale}, i)
	}
	return calculate('-', &Item{Kind: i.Kind, Bits: i.Bits}, i)
}

func (e *evaluation) arithmetic(x *arithmetic) ([]*Item, error) {
	var sides [2]*Item
	for at, side := range []expr{x.left, x.right} {
		in, err := e.unwrapped(side)
		if err != nil {
			return nil, err
		}
		if len(in) != 1 {
			return nil, evaluationError("arithmetic binary expression requires singleton operands")
		}
		if !in[0].number() {
			return nil, wrongType("NUMBER", in[0])
		}
		sides[at] = in[0]
	}
	out, err := calculate(x.op, sides[0], sides[1])
	return []*Item{out}, err
}

func (e *evaluation) member(x *member) ([]*Item, error) {
	in, err := e.unwrapped(x.of)
	if err != nil {
		return nil, err
	}
	var out []*Item
	for _, i := range in {
		switch {
		case i.Kind != Object && e.lax:
		case i.Kind != Object:
			return nil, wrongType("OBJECT", i)
		case x.all:
			out = append(out, i.Members...)
		default:
			m := i.member(x.name)
			if m == nil && !e.lax {
				return nil, evaluationError("structural error: missing member '%s' in JSON object", x.name)
			}
			if m != nil {
				out = append(out, m)
			}
		}
		if err := limited(out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (e *evaluation) descendant(x *descendant) ([]*Item, error) {
	in, err := e.items(x.of)
	if err != nil {
		return nil, err
	}
	var out []*Item
	for _, i := range in {
		if out, err = descendants(out, i, x.name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// descendants adds the members of a name at every depth, an object's own before those within it.
func descendants(out []*Item, i *Item, name string) ([]*Item, error) {
	if i.Kind == Object {
		if m := i.member(name); m != nil {
			out = append(out, m)
		}
	}
	err := limited(out)
	for _, m := range i.Members {
		if err != nil {
			return nil, err
		}
		out, err = descendants(out, m, name)
	}
	return out, err
}

func (e *evaluation) element(x *element) ([]*Item, error) {
	in, err := e.items(x.of)
	if err != nil {
		return nil, err
	}
	var out []*Item
	for _, i := range in {
		switch {
		case i.Kind != Array && !e.lax:
			return nil, wrongType("ARRAY", i)
		case i.Kind != Array:
			i = &Item{Kind: Array, Members: []*Item{i}}
		}
		if x.subscripts == nil {
			out = append(out, i.Members...)
		} else if out, err = e.elements(out, i.Members, x.subscripts); err != nil {
			return nil, err
		}
		if err := limited(out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// elements adds those of an array that the subscripts name.
func (e *evaluation) elements(out, members []*Item, subscripts []subscript) ([]*Item, error) {
	outer := e.last
	e.last = int64(len(members)) - 1
	defer func() { e.last = outer }()
	n := int64(len(members))
	for _, s := range subscripts {
		from, err := e.index(s.from)
		if err != nil {
			return nil, err
		}
		to := from
		if s.to != nil {
			if to, err = e.index(s.to); err != nil {
				return nil, err
			}
		}
		if !e.lax && (from < 0 || to >= n || from > to) {
			return nil, evaluationError("structural error: invalid array subscript: [%d, %d] for array of size %d", from, to, n)
		}
		for at := max(from, 0); at <= min(to, n-1); at++ {
			out = append(out, members[at])
		}
		if err := limited(out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (e *evaluation) index(x expr) (int64, error) {
	in, err := e.items(x)
	switch {
	case err != nil:
		return 0, err
	case len(in) != 1:
		return 0, evaluationError("array subscript expression requires singleton operands")
	case !in[0].number():
		return 0, wrongType("NUMBER", in[0])
	}
	n, ok := in[0].asIndex()
	if !ok {
		return 0, evaluationError("array subscript is out of range")
	}
	return n, nil
}

func (e *evaluation) filter(x *filter) ([]*Item, error) {
	in, err := e.unwrapped(x.of)
	if err != nil {
		return nil, err
	}
	outer := e.current
	defer func() { e.current = outer }()
	var out []*Item
	for _, i := range in {
		e.current = i
		if e.test(x.condition) == yes {
			out = append(out, i)
		}
	}
	return out, nil
}
