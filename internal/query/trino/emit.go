package trino

import (
	"strconv"
	"strings"
)

// emit writes an analysed query in the engine's dialect. Every result column has a name of its own,
// c0, c1, …, so that names that repeat survive.
func emit(q *query) string {
	e := &emitter{}
	return e.query(q)
}

// emitNode writes one expression. Two expressions are the same if this text is.
func emitNode(n node) string {
	e := &emitter{}
	return e.node(n)
}

// An emitter writes one statement or expression.
type emitter struct {
	level int               // how many bodies of lambdas are around
	vars  map[string]string // what stands for parameters of lambdas whose bodies are written in place
}

// engineType is the engine's name of a type. An instant with time zone is kept as UTC, JSON as its
// text, char without the blanks at its end.
func engineType(t Type) string {
	switch t.Kind {
	case Decimal:
		return "DECIMAL(" + strconv.Itoa(t.Precision) + "," + strconv.Itoa(t.Scale) + ")"
	case Varchar, Char, JSON, UUID, Unknown:
		return "VARCHAR"
	case Real:
		return "FLOAT"
	case Varbinary:
		return "BLOB"
	case Timestamp, TimestampTZ:
		return "TIMESTAMP"
	case IntervalDay, IntervalMonth:
		return "INTERVAL"
	case Array:
		return engineType(t.Elements[0]) + "[]"
	case Map:
		return "MAP(" + engineType(t.Elements[0]) + ", " + engineType(t.Elements[1]) + ")"
	case Row:
		fields := make([]string, len(t.Elements))
		for i, f := range t.Elements {
			fields[i] = engineField(i) + " " + engineType(f)
		}
		return "STRUCT(" + strings.Join(fields, ", ") + ")"
	}
	return strings.ToUpper(kindNames[t.Kind])
}

// engineField is the engine's name of field i of a row: rows whose fields have other names are of one
// type in Trino.
func engineField(i int) string { return "f" + strconv.Itoa(i+1) }

// name quotes a name for the engine.
func name(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func (e *emitter) query(q *query) string {
	var b strings.Builder
	b.WriteString(e.with(q.with))
	switch body := q.body.(type) {
	case *selectBody:
		b.WriteString(e.selectBody(body))
	case *setBody:
		b.WriteString("(" + e.query(body.left) + ") " + body.op + " (" + e.query(body.right) + ")")
	case *valuesBody:
		b.WriteString(e.values(body))
	case *unnestBody:
		b.WriteString(e.unnest(body))
	}
	if len(q.order) > 0 {
		b.WriteString(" ORDER BY " + e.sort(q.order))
	}
	if q.limit != nil {
		b.WriteString(" LIMIT " + strconv.FormatInt(*q.limit, 10))
	}
	if q.offset > 0 {
		b.WriteString(" OFFSET " + strconv.FormatInt(q.offset, 10))
	}
	return b.String()
}

// with writes named queries. A recursive one has the depth as its last column.
func (e *emitter) with(list []*cte) string {
	var out []string
	recursive := ""
	for _, c := range list {
		s := c.name + " AS (" + e.query(c.query) + ")"
		if c.step != nil {
			recursive = "RECURSIVE "
			s = c.name + " AS ((SELECT *, 0 AS depth FROM (" + e.query(c.query) + ") AS base) UNION ALL (" + e.query(c.step) + "))"
		}
		out = append(out, s)
	}
	if out == nil {
		return ""
	}
	return "WITH " + recursive + strings.Join(out, ", ") + " "
}

// unnest writes lists side by side: those that end earlier are filled up with NULL.
func (e *emitter) unnest(b *unnestBody) string {
	var items, inner, lengths []string
	add := func(item string) { items = append(items, item+" AS c"+strconv.Itoa(len(items))) }
	for i, n := range b.lists {
		u := "u" + strconv.Itoa(i)
		text := e.node(n)
		switch t := n.typ(); {
		case t.Kind == Map:
			inner = append(inner, "unnest(map_entries("+text+")) AS "+u)
			lengths = append(lengths, "CAST(cardinality("+text+") AS BIGINT)")
			add(u + ".key")
			add(u + ".value")
			continue
		case t.Elements[0].Kind == Row:
			for f := range t.Elements[0].Elements {
				add("struct_extract_at(" + u + ", " + strconv.Itoa(f+1) + ")")
			}
		default:
			add(u)
		}
		inner = append(inner, "unnest("+text+") AS "+u)
		lengths = append(lengths, "len("+text+")")
	}
	if b.ordinality {
		inner = append(inner, "unnest(range(1, greatest("+strings.Join(lengths, ", ")+") + 1)) AS o")
		add("o")
	}
	from := ""
	if b.from != nil {
		from = " FROM " + e.relation(b.from)
	}
	return "SELECT " + strings.Join(items, ", ") + " FROM (SELECT " + strings.Join(inner, ", ") + from + ") AS u"
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sort writes sort keys; the place of NULL is always said, since the engine's default is another.
func (e *emitter) sort(keys []sortKey) string {
	var out []string
	for _, k := range keys {
		s := strconv.Itoa(k.position)
		if k.position == 0 {
			s = e.node(k.expr)
		}
		out = append(out, s+" "+direction(k))
	}
	return strings.Join(out, ", ")
}

func direction(k sortKey) string {
	return []string{"ASC", "DESC"}[boolInt(k.descending)] + []string{" NULLS LAST", " NULLS FIRST"}[boolInt(k.nullsFirst)]
}

func (e *emitter) selectBody(b *selectBody) string {
	if b.newest > 0 {
		return e.newest(b)
	}
	var s strings.Builder
	s.WriteString("SELECT ")
	if b.distinct {
		s.WriteString("DISTINCT ")
	}
	for i, n := range b.items {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(e.node(n) + " AS c" + strconv.Itoa(i))
	}
	if b.group != nil {
		s.WriteString(" FROM (" + e.grouping(b) + ") AS " + b.group.rel.alias)
		if b.beside != nil {
			s.WriteString(" CROSS JOIN " + e.relation(b.beside))
		}
		if b.having != nil {
			s.WriteString(" WHERE " + e.node(b.having))
		}
		return s.String()
	}
	s.WriteString(e.fromWhere(b))
	return s.String()
}

func (e *emitter) fromWhere(b *selectBody) string {
	s := ""
	if b.from != nil {
		s = " FROM " + e.relation(b.from)
	}
	if b.where != nil {
		s += " WHERE " + e.node(b.where)
	}
	return s
}

func (e *emitter) grouping(b *selectBody) string {
	var items, keys []string
	for i, k := range b.group.keys {
		items = append(items, e.node(k)+" AS c"+strconv.Itoa(i))
		keys = append(keys, strconv.Itoa(i+1))
	}
	for i, a := range b.group.aggregates {
		items = append(items, e.node(a)+" AS c"+strconv.Itoa(len(keys)+i))
	}
	if len(items) == 0 {
		items = []string{"count(*) AS c0"}
	}
	s := "SELECT " + strings.Join(items, ", ") + e.fromWhere(b)
	if b.group.sets != nil {
		return s + " GROUP BY GROUPING SETS (" + groupingSets(b.group.sets) + ")"
	}
	if len(keys) > 0 {
		s += " GROUP BY " + strings.Join(keys, ", ")
	}
	return s
}

func groupingSets(sets [][]int) string {
	var out []string
	for _, set := range sets {
		places := make([]string, len(set))
		for i, k := range set {
			places[i] = strconv.Itoa(k + 1)
		}
		out = append(out, "("+strings.Join(places, ", ")+")")
	}
	return strings.Join(out, ", ")
}

func (e *emitter) values(b *valuesBody) string {
	var rows, names []string
	for _, row := range b.rows {
		rows = append(rows, "("+strings.Join(e.nodes(row), ", ")+")")
	}
	for i := range b.rows[0] {
		names = append(names, "c"+strconv.Itoa(i))
	}
	return "SELECT * FROM (VALUES " + strings.Join(rows, ", ") + ") AS v(" + strings.Join(names, ", ") + ")"
}

func (e *emitter) relation(r *relation) string {
	switch r.kind {
	case joinRelation:
		return e.join(r)
	case queryRelation:
		return []string{"", "LATERAL "}[boolInt(r.lateral)] + e.sampled(r, "("+e.query(r.query)+")")
	case cteRelation:
		return e.sampled(r, r.cte.name)
	}
	return e.base(r)
}

func (e *emitter) sampled(r *relation, s string) string {
	if r.sample == "" {
		return s + " AS " + r.alias
	}
	return "(SELECT * FROM " + s + " TABLESAMPLE " + r.sample + ") AS " + r.alias
}

// base names a relation of the plan. Event times that the query compares as instants are converted
// here, once a row: a join looks at the same row many times.
func (e *emitter) base(r *relation) string { return e.baseOf(r, "") }

// baseOf is base over another form of the relation (Translation.Placed); "" is the relation itself.
func (e *emitter) baseOf(r *relation, form string) string {
	s := "r" + strconv.Itoa(r.table)
	if form != "" {
		s = name(s + " " + form)
	}
	var extra []string
	for i := range r.columns {
		flags := r.instants[i]
		for up := range 2 {
			if flags[up] {
				extra = append(extra, instantTemplate(name(r.columns[i].name), up == 1)+" AS "+instantName(i, up == 1))
			}
		}
	}
	var replaced []string
	for i, c := range r.columns {
		if r.carried {
			if value := recovered(name(c.name), c.t); value != name(c.name) {
				replaced = append(replaced, value+" AS "+name(c.name))
			}
			continue
		}
		if r.converted[i] {
			replaced = append(replaced, stored(name(c.name), c.t)+" AS "+name(c.name))
		}
	}
	star := "*"
	if replaced != nil {
		star += " REPLACE (" + strings.Join(replaced, ", ") + ")"
	}
	if extra == nil && replaced == nil {
		return e.sampled(r, s)
	}
	return e.sampled(r, "(SELECT "+strings.Join(append([]string{star}, extra...), ", ")+" FROM "+s+")")
}

func instantName(column int, up bool) string {
	return `" instant ` + strconv.Itoa(column) + []string{"", " up"}[boolInt(up)] + `"`
}

func (e *emitter) join(r *relation) string {
	left, right := e.relation(r.left), e.relation(r.right)
	if r.right.kind == joinRelation {
		right = "(" + right + ")"
	}
	s := left + " " + r.join + " JOIN " + right
	if r.join == "CROSS" {
		return s
	}
	return s + " ON " + e.node(r.on)
}
