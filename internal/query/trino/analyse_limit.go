package trino

import "strconv"

// limited cuts a query by the OFFSET and LIMIT of x.
func (a *analyser) limited(q *query, x *xQuery) (*query, error) {
	if len(x.order) == 0 && (x.offset != nil || x.limit != nil) {
		a.unrepeatable = true
	}
	var err error
	if x.offset != nil {
		if q.offset, err = a.count(x.offset, "OFFSET"); err != nil {
			return nil, err
		}
	}
	if x.limit == nil {
		return q, nil
	}
	n, err := a.count(x.limit, "LIMIT")
	if err != nil {
		return nil, err
	}
	q.limit = &n
	if !x.ties {
		return q, nil
	}
	if len(x.order) == 0 {
		return nil, fail(x.pos, "MISSING_ORDER_BY", "FETCH FIRST WITH TIES clause requires ORDER BY")
	}
	return a.withTies(q), nil
}

// count reads how many rows; a parameter must be a whole number.
func (a *analyser) count(c *xCount, clause string) (int64, error) {
	n := c.n
	if c.param != nil {
		p, err := a.parameter(c.param)
		if err != nil {
			return 0, err
		}
		l, ok := p.(*literal)
		if ok && l.null && clause == "LIMIT" {
			return 1<<63 - 1, nil // as LIMIT ALL
		}
		if !ok || !l.t.isInteger() {
			return 0, fail(c.pos, "TYPE_MISMATCH", "Non constant parameter value for %s: the number of rows must be a whole number", clause)
		}
		if n, err = strconv.ParseInt(l.text, 10, 64); err != nil {
			return 0, fail(c.pos, "INVALID_LIMIT_CLAUSE", "Invalid row count: %s", l.text)
		}
		if n < 0 {
			return 0, fail(c.pos, "INVALID_LIMIT_CLAUSE", "%s row count must be greater or equal to 0 (actual value: %d)", clause, n)
		}
	}
	if n < c.least {
		return 0, fail(c.pos, "NUMERIC_VALUE_OUT_OF_RANGE", "FETCH FIRST row count must be positive (actual value: %d)", n)
	}
	return n, nil
}

// withTies keeps with the last row of a limit all that are its peers: a row is kept whose rank, the
// place of the first of its peers, is within the limit.
func (a *analyser) withTies(q *query) *query {
	body, ok := q.body.(*selectBody)
	if !ok {
		panic("a sorted query that is no select")
	}
	keys := append([]sortKey(nil), q.order...)
	for i, k := range keys {
		if k.position > 0 {
			keys[i].expr, keys[i].position = body.items[k.position-1], 0
		}
	}
	inner := &query{with: q.with, body: body, columns: append([]outColumn(nil), q.columns...)}
	if body.distinct {
		// Windows are computed before DISTINCT: the distinct rows become a relation.
		rel := a.derived(inner)
		next := &selectBody{from: rel}
		for i := range rel.columns {
			next.items = append(next.items, &column{rel: rel, index: i})
		}
		for i, k := range q.order {
			keys[i].expr = &column{rel: rel, index: k.position - 1}
		}
		inner = &query{body: next, columns: inner.columns}
		body = next
	}
	for _, name := range []string{"rank", "row_number"} {
		f := overloads(name)[0]
		order := make([]sortKey, len(keys))
		for i, k := range keys {
			order[i] = k
			order[i].expr = clone(k.expr)
		}
		body.items = append(body.items, &window{t: Type{Kind: Bigint}, fn: f, tmpl: f.tmpl, order: order})
		inner.columns = append(inner.columns, outColumn{t: Type{Kind: Bigint}})
	}
	rel := a.derived(inner)
	n := len(q.columns)
	rank, number := &column{rel: rel, index: n}, &column{rel: rel, index: n + 1}
	last := *q.limit + q.offset
	if last < 0 {
		last = 1<<63 - 1
	}
	bigint := func(v int64) node {
		return &literal{t: Type{Kind: Bigint}, sql: numberOf(v), text: strconv.FormatInt(v, 10)}
	}
	outer := &selectBody{from: rel, where: &logical{"AND", []node{&compare{"<=", rank, bigint(last)}, &compare{">", number, bigint(q.offset)}}}}
	for i := range n {
		outer.items = append(outer.items, &column{rel: rel, index: i})
	}
	return &query{body: outer, columns: q.columns, order: []sortKey{{expr: &column{rel: rel, index: n + 1}}}}
}

func numberOf(v int64) string { return number(v, Bigint) }
