package trino

import (
	"fmt"
	"strings"
)

// A form makes a statement of one kind. Each kind is a corner of the language in which engines differ.
type form func(g *generator) string

// forms are the kinds of the chapter random_forms.
var forms = []form{
	(*generator).setsMixed, (*generator).namedNested, (*generator).frames, (*generator).correlated, (*generator).groupingSets, (*generator).unnested,
	(*generator).zones, (*generator).decimals, (*generator).lengths, (*generator).nulls, (*generator).lambdas, (*generator).branches, (*generator).joins, (*generator).rows,
}

func (g *generator) form() string { return forms[g.IntN(len(forms))](g) }

func (g *generator) source() source { return source(sources[g.IntN(len(sources))]) }

// setsMixed mixes set operations, with parentheses and without: INTERSECT binds closer.
func (g *generator) setsMixed() string {
	of := g.kind()
	branch := func() string {
		s := g.source()
		return g.of("SELECT ", "SELECT DISTINCT ") + g.expr(s, of, 1) + " FROM " + s["from"][0] + g.of("", " WHERE "+g.expr(s, "bool", 1))
	}
	op := func() string {
		return " " + g.of("UNION", "UNION ALL", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL", "UNION DISTINCT") + " "
	}
	tree := branch()
	for range 1 + g.IntN(3) {
		if g.IntN(2) == 0 {
			tree += op() + branch()
		} else {
			tree = "(" + tree + ")" + op() + "(" + branch() + op() + branch() + ")"
		}
	}
	if g.IntN(3) == 0 {
		return "SELECT count(*), count(c), count(DISTINCT c) FROM (" + tree + ") AS u (c)"
	}
	return tree + " ORDER BY 1" + g.of("", " DESC", " NULLS FIRST", " DESC NULLS LAST") + g.of("", " LIMIT 5", " OFFSET 2 LIMIT 3", " FETCH FIRST 2 ROWS ONLY", " OFFSET 1 FETCH NEXT ROW WITH TIES")
}

// namedNested has named queries in named queries, which hide those outside.
func (g *generator) namedNested() string {
	s := g.source()
	from := s["from"][0]
	a := "SELECT " + g.expr(s, "integer", 2) + " AS x, " + g.expr(s, "text", 1) + " AS y FROM " + from + g.of("", " WHERE "+g.expr(s, "bool", 1))
	inner := g.of("SELECT x, y FROM a WHERE x IS NOT NULL", "WITH a AS (SELECT x + 1 AS x, y FROM a) SELECT x, upper(y) AS y FROM a", "SELECT max(x), y FROM a GROUP BY y", "SELECT DISTINCT x, y FROM a", "TABLE a", "VALUES (1, 'a'), (2, null)")
	columns := g.of("", " (x, y)")
	if strings.HasPrefix(inner, "SELECT max") || strings.HasPrefix(inner, "VALUES") {
		columns = " (x, y)"
	}
	outer := g.of("SELECT count(*), count(x), min(y), max(y), sum(x) FROM b", "SELECT * FROM b ORDER BY 1, 2", "SELECT a.x, count(b.y) FROM a LEFT JOIN b ON a.x = b.x GROUP BY 1 ORDER BY 1",
		"SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)", "SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2", "SELECT b.* FROM b WHERE x IN (SELECT x FROM a WHERE y > 'a') ORDER BY 1, 2", "SELECT count(*) FROM a CROSS JOIN b", "SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST")
	return "WITH a AS (" + a + "), b" + columns + " AS (" + inner + ") " + outer
}

// frames are windows with every kind of frame. The keys of a source order its rows wholly.
func (g *generator) frames() string {
	s := g.source()
	key := strings.Join(s["key"], ", ")
	call := g.of("sum("+g.expr(s, "integer", 1)+")", "count("+g.expr(s, g.kind(), 1)+")", "min("+g.expr(s, g.kind(), 1)+")", "max("+g.expr(s, g.kind(), 1)+")", "avg("+g.expr(s, "integer", 1)+")",
		"first_value("+g.expr(s, g.kind(), 1)+")", "last_value("+g.expr(s, g.kind(), 1)+")", "nth_value("+g.expr(s, g.kind(), 1)+", 2)", "array_agg("+g.expr(s, "integer", 0)+")", "bool_or("+g.expr(s, "bool", 1)+")", "count(*)")
	ignore := ""
	if strings.Contains(call, "_value(") {
		ignore = g.of("", " IGNORE NULLS", " RESPECT NULLS")
	}
	unit := g.of("ROWS", "RANGE", "GROUPS")
	order := key
	bound := func(kinds ...string) string { return g.of(kinds...) }
	frame := unit + " " + bound("UNBOUNDED PRECEDING", "CURRENT ROW", "1 PRECEDING", "BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", "BETWEEN 2 PRECEDING AND 1 PRECEDING", "BETWEEN 1 PRECEDING AND 1 FOLLOWING",
		"BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", "BETWEEN 1 FOLLOWING AND 2 FOLLOWING", "BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING")
	if unit == "RANGE" {
		order = g.of(s["integer"]...) + g.of("", " DESC", " NULLS FIRST", " DESC NULLS FIRST")
		if strings.Contains(call, "_value(") || strings.Contains(call, "array_agg") {
			call = "count(*)"
			ignore = ""
		}
	} else if unit == "GROUPS" {
		order = g.of(s["bool"]...) + g.of("", " DESC NULLS LAST") + ", " + key
	}
	partition := g.of("", "PARTITION BY "+g.expr(s, "bool", 1)+" ", "PARTITION BY "+g.column(s, "text")+" ")
	if g.IntN(4) == 0 {
		call = g.of("percent_rank()", "cume_dist()", "ntile(2)", "lag("+g.column(s, "integer")+", 2, -1)", "lead("+g.column(s, "text")+", 1, 'none')", "lag("+g.column(s, "integer")+", 0)", "dense_rank()")
		ignore, frame, order = "", "", key
		if strings.HasPrefix(call, "la") || strings.HasPrefix(call, "le") {
			ignore = g.of("", " IGNORE NULLS")
		}
	}
	return "SELECT " + key + ", " + call + ignore + " OVER (" + partition + "ORDER BY " + order + " " + frame + ") AS w FROM " + s["from"][0] + " ORDER BY " + key
}

// correlated subqueries read columns around them.
func (g *generator) correlated() string {
	outer := g.of("kinds", "readings")
	column := map[string]string{"kinds": g.of("k.id", "k.id % 3", "k.t"), "readings": g.of("k.level", "k.level + 1", "length(k.place)")}[outer]
	inner := g.of("SELECT r.level AS x, r.heat AS h, r.place AS p FROM readings AS r", "SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i", "SELECT n AS x, f AS h, c AS p FROM (VALUES (1, 0.5e0, 'a'), (2, null, 'b'), (null, 2e0, null), (2, 1e0, 'b')) AS w (n, f, c)")
	in := "(" + inner + ") AS q"
	key := map[string]string{"kinds": "k.id", "readings": "k.sensor, k.at"}[outer]
	condition := g.of("q.x = "+column, "q.x = "+column+" AND q.p IS NOT NULL", "q.x < "+column, "q.x = "+column+" AND q.h > 0", "q.x + 1 = "+column)
	equal := g.of("q.x = "+column, "q.x = "+column+" AND q.p IS NOT NULL", "q.x = "+column+" AND q.h > 0")
	switch g.IntN(6) {
	case 0:
		return "SELECT " + key + ", (SELECT " + g.of("count(*)", "max(q.p)", "min(q.x)", "sum(q.x)", "count(q.h)", "count(DISTINCT q.p)", "coalesce(max(q.p), 'none')", "max(q.x) + "+column) + " FROM " + in + " WHERE " + equal + ") AS s FROM " + outer + " AS k ORDER BY " + key
	case 1:
		return "SELECT " + key + " FROM " + outer + " AS k WHERE " + g.of("", "NOT ") + "EXISTS (SELECT 1 FROM " + in + " WHERE " + condition + ") ORDER BY " + key
	case 2:
		return "SELECT " + key + ", " + column + g.of("", " NOT") + " IN (SELECT q.x FROM " + in + " WHERE " + g.of("true", "q.x IS NOT NULL", "q.h > 0") + ") AS m FROM " + outer + " AS k ORDER BY " + key
	case 3:
		return "SELECT " + key + " FROM " + outer + " AS k WHERE " + column + " " + g.of("=", "<", ">=", "<>") + " (SELECT " + g.of("max", "min") + "(q.x) FROM " + in + " WHERE " + equal + ") ORDER BY " + key
	case 4:
		return "SELECT " + key + ", q.c, q.m FROM " + outer + " AS k CROSS JOIN LATERAL (SELECT count(*) AS c, max(q.p) AS m FROM " + in + " WHERE " + equal + ") AS q ORDER BY " + key
	}
	return "SELECT " + column + ", count(*) FROM " + outer + " AS k WHERE (SELECT count(*) FROM " + in + " WHERE " + equal + ") " + g.of(">", "=", "<=") + " " + g.of("0", "1", "2") + " GROUP BY 1 ORDER BY 1"
}

// groupingSets are ROLLUP, CUBE and GROUPING SETS over columns, with grouping() and expressions of them.
func (g *generator) groupingSets() string {
	from := g.of("readings", "(SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1)", "(SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds)")
	sets := g.of("ROLLUP (sensor, place)", "CUBE (place, is_deleted)", "GROUPING SETS ((sensor), (place), ())", "GROUPING SETS ((sensor, place), ())", "place, ROLLUP (sensor)", "ROLLUP (place), CUBE (is_deleted)",
		"GROUPING SETS ((place), (place))", "DISTINCT ROLLUP (place), ROLLUP (place)", "GROUPING SETS (ROLLUP (place), (sensor))", "GROUPING SETS ((), ())", "CUBE (sensor, place)", "()")
	var columns []string
	for _, c := range []string{"sensor", "place", "is_deleted"} {
		if strings.Contains(sets, c) && g.IntN(4) > 0 {
			columns = append(columns, g.of(c, c, "coalesce(cast("+c+" AS varchar), '-') AS "+c))
			if g.IntN(2) == 0 {
				columns = append(columns, "grouping("+c+")")
			}
		}
	}
	columns = append(columns, g.of("count(*)", "sum(level)", "count(DISTINCT level)", "max(place)", "count_if(level > 2)", "avg(level)"))
	var numbers []string
	for i := range columns {
		numbers = append(numbers, fmt.Sprint(i+1)+g.of("", " NULLS FIRST"))
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + from + " GROUP BY " + sets + g.of("", "", " HAVING count(*) > 2") + " ORDER BY " + strings.Join(numbers, ", ")
}

// unnested makes rows of arrays and maps, with ordinality, of several, in joins.
func (g *generator) unnested() string {
	lists := []string{"array[1, 2, null]", "k.a", "map(array['x', 'y'], array[k.id, 0])", "k.m", "array['p', 'q']", "sequence(1, k.id)", "array[row(1, 'r'), row(k.id, null)]", "cast(array[] AS array(integer))", "null_list", "split(k.v, 'e')", "filter(k.a, x -> x > k.id)"}
	width := map[string]int{"map(array['x', 'y'], array[k.id, 0])": 2, "k.m": 2, "array[row(1, 'r'), row(k.id, null)]": 2}
	var chosen, names []string
	columns := 0
	for range 1 + g.IntN(2) {
		l := lists[g.IntN(len(lists))]
		columns += max(1, width[l])
		if l == "null_list" {
			l = "cast(null AS array(integer))"
		}
		chosen = append(chosen, l)
	}
	ordinality := g.of("", " WITH ORDINALITY")
	if ordinality != "" {
		columns++
	}
	for i := range columns {
		names = append(names, fmt.Sprintf("u%d", i))
	}
	join := g.of(" CROSS JOIN ", ", ", " LEFT JOIN ", " INNER JOIN ")
	on := ""
	if join == " LEFT JOIN " || join == " INNER JOIN " {
		on = " ON true"
	}
	all := strings.Join(names, ", ")
	list := g.of("k.id, "+all, "k.id, count(*)", "k.*, "+names[0], "k.id, "+names[0]+" IS NULL")
	group := ""
	if strings.HasSuffix(list, "count(*)") {
		group = " GROUP BY k.id"
	} else if strings.HasPrefix(list, "k.*") {
		list = "k.id, k.v, " + names[0]
	}
	order := " ORDER BY 1, 2"
	if list == "k.id, "+all {
		order = " ORDER BY k.id, " + all
	}
	if strings.HasPrefix(list, "k.id, k.v") {
		order = " ORDER BY 1, 3"
	}
	return "SELECT " + list + " FROM kinds AS k" + join + "UNNEST(" + strings.Join(chosen, ", ") + ")" + ordinality + " AS u (" + all + ")" + on + g.of("", " WHERE k.id < 6") + group + order
}

// zones are times around the changes of clocks.
func (g *generator) zones() string {
	zone := g.of("Europe/Zurich", "America/New_York", "Asia/Kolkata", "UTC", "+05:30", "-08:00", "Australia/Lord_Howe", "America/Sao_Paulo")
	at := func() string {
		day := g.of("2021-03-28", "2021-10-31", "2021-03-14", "2021-11-07", "2020-02-29", "2024-12-31", "1999-12-31")
		clock := g.of("00:00:00", "01:30:00", "02:30:00.123", "03:00:00", "12:00:00", "23:59:59.999")
		return day + " " + clock
	}
	instant := func() string {
		return g.of("timestamp '"+at()+" "+zone+"'", "timestamp '"+at()+" UTC' AT TIME ZONE '"+zone+"'", "with_timezone(timestamp '"+at()+"', '"+zone+"')", "from_unixtime("+g.of("0", "1616893200", "1635642000.5", "-1")+") AT TIME ZONE '"+zone+"'")
	}
	x := instant()
	unit := g.of("second", "minute", "hour", "day", "week", "month", "quarter", "year")
	return "SELECT " + g.of(
		x, x+" + interval '"+g.of("1", "25", "-2")+"' "+g.of("hour", "day", "month", "minute"), "date_trunc('"+unit+"', "+x+")", "date_diff('"+unit+"', "+x+", "+instant()+")", "date_add('"+unit+"', "+g.of("1", "-3", "30")+", "+x+")",
		"cast("+x+" AS date)", "cast("+x+" AS timestamp)", "cast("+x+" AS varchar)", "hour("+x+"), day("+x+"), timezone_hour("+x+"), timezone_minute("+x+")", "to_unixtime("+x+")", "date_format("+x+", '%Y-%m-%d %H:%i:%s %W')",
		"format_datetime("+x+", 'yyyy-MM-dd HH:mm:ss')", x+" "+g.of("=", "<", ">=")+" "+instant(), x+" - "+instant(), x+" AT TIME ZONE '"+g.of("UTC", "Europe/Zurich", "-03:00")+"'", "to_iso8601("+x+")", "cast("+x+" AS time)",
		"greatest("+x+", "+instant()+") = "+x, "date("+x+")", "at_timezone("+x+", 'America/New_York')", "last_day_of_month("+x+")", "day_of_week("+x+"), week("+x+"), year_of_week("+x+")", "typeof("+x+")", "timestamp '"+at()+"' = "+x,
		"timestamp '"+at()+"' + interval '"+g.of("1", "-1", "13")+"' "+g.of("month", "day", "hour", "year"), "date '2020-02-29' + interval '"+g.of("1", "-1", "12")+"' "+g.of("year", "month"), "date_diff('"+unit+"', timestamp '"+at()+"', timestamp '"+at()+"')",
		"max(x), min(x), count(DISTINCT x) FROM (VALUES "+instant()+", "+instant()+", null) AS t (x)", "x, count(*) FROM (VALUES timestamp '"+at()+"', timestamp '"+at()+"', null) AS t (x) GROUP BY x ORDER BY x")
}

// decimals are of all precisions, and meet each other.
func (g *generator) decimals() string {
	number := func() string {
		return g.of("decimal '12.34'", "decimal '-0.005'", "decimal '99999999999999999999999999999999999999'", "decimal '0.00000000000000000000000000000000000001'", "1.10", "007.50", "cast(3 AS decimal(5,2))", "cast('1.555' AS decimal(10,2))",
			"cast(2.5e0 AS decimal(3,0))", "cast(-2.5e0 AS decimal(3,1))", "decimal '123456789012345678.12'", ".5", "cast(null AS decimal(7,3))", "decimal '0'", "cast(real '0.1' AS decimal(20,10))", "9.99")
	}
	other := func() string {
		return g.of(number(), number(), "3", "bigint '7'", "tinyint '-2'", "2.5e0", "real '1.25'", "smallint '10'")
	}
	a, b := number(), other()
	return "SELECT " + g.of(
		a+" + "+b, a+" - "+b, a+" * "+b, a+" / "+b, a+" % "+b, "typeof("+a+" "+g.of("+", "*", "/", "%", "-")+" "+b+")", a+" "+g.of("=", "<", ">=", "<>", "IS DISTINCT FROM")+" "+b, "round("+a+", "+g.of("0", "1", "-1")+")", "round("+a+")", "abs("+a+"), sign("+a+"), ceil("+a+"), floor("+a+"), truncate("+a+")",
		"cast("+a+" AS "+g.of("varchar", "double", "bigint", "integer", "decimal(38,0)", "decimal(10,5)", "decimal(4,2)", "real", "tinyint", "varchar(5)")+")", "try_cast("+a+" AS "+g.of("decimal(3,1)", "tinyint", "decimal(38,30)", "varchar(3)", "smallint")+")", "-("+a+")", "coalesce("+a+", "+b+")", "greatest("+a+", "+b+"), typeof(greatest("+a+", "+b+"))",
		"sum(x), avg(x), min(x), max(x), count(x), typeof(sum(x)), typeof(avg(x)) FROM (VALUES "+a+", "+number()+", "+number()+") AS t (x)", "if("+a+" > "+b+", "+a+", "+b+")", "nullif("+a+", "+b+")", "mod("+a+", "+b+")", "x, count(*) FROM (VALUES "+a+", "+b+", "+number()+") AS t (x) GROUP BY x ORDER BY x",
		a+" BETWEEN "+b+" AND "+other(), a+" IN ("+b+", "+other()+")", "power("+a+", 2)", "sqrt(abs("+a+"))", "width_bucket("+a+", 0, 10, 4)", "array["+a+", "+b+"]", "approx_percentile("+a+", 0.5)", "cast(row("+a+") AS row(x decimal(38,4)))", "json_format(cast("+a+" AS json))", "format('%s', "+a+")", "avg("+a+") OVER ()", "sum(p), avg(p), min(p + 1), max(p * 2) FROM kinds", "p / "+b+" FROM kinds ORDER BY id")
}

// lengths are varchar(n) and char(n), padded and cut.
func (g *generator) lengths() string {
	text := func() string {
		return g.of("'ab'", "'ab  '", "''", "'  '", "cast('ab' AS char(4))", "cast('ab ' AS char(4))", "cast('abc' AS varchar(2))", "cast('abc' AS char(2))", "cast('' AS char(3))", "char 'ab '", "cast('ab' AS varchar(10))", "cast(null AS char(3))", "cast(12 AS varchar(2))", "cast('\u00f6\U0001f600' AS char(3))", "cast(cast('x' AS char(3)) AS varchar)", "cast('ab' AS varchar)", "cast(cast('ab  ' AS varchar(6)) AS char(6))")
	}
	a, b := text(), text()
	return "SELECT " + g.of(
		a+" = "+b, a+" < "+b, a+" || "+b, "length("+a+")", "typeof("+a+" || "+b+")", "typeof(coalesce("+a+", "+b+"))", "coalesce("+a+", "+b+")", "'[' || cast("+a+" AS varchar) || ']'", a+" LIKE "+g.of("'ab'", "'ab%'", "'ab  '", "'__'", "'%'"), a+" IN ("+b+", 'x')", "nullif("+a+", "+b+")", "concat("+a+", "+b+")",
		"upper("+a+"), lower("+a+"), reverse("+a+")", "trim("+a+"), rtrim("+a+")", "substr("+a+", 1, 2)", "x, count(*) FROM (VALUES "+a+", "+b+", "+text()+") AS t (x) GROUP BY x ORDER BY x", "count(DISTINCT x) FROM (VALUES "+a+", "+b+", "+text()+") AS t (x)", "x FROM (SELECT "+a+" AS x UNION SELECT "+b+") ORDER BY x", "max(x), min(x) FROM (VALUES "+a+", "+b+") AS t (x)",
		"cast("+a+" AS char(5)) = cast("+b+" AS char(5))", "cast("+a+" AS varchar(1))", "try_cast("+a+" AS integer)", "greatest("+a+", "+b+")", "CASE "+a+" WHEN "+b+" THEN 1 ELSE 2 END", a+" IS DISTINCT FROM "+b, "array["+a+", "+b+"]", "row("+a+") = row("+b+")", "lpad("+a+", 4, '*')", "replace("+a+", ' ', '_')", "strpos("+a+", ' ')", a+" BETWEEN "+b+" AND 'z'", "to_utf8("+a+")", "cast("+a+" AS varbinary)", "regexp_like("+a+", '^ab$')", "map(array["+a+"], array[1])")
}

// nulls stand in every place.
func (g *generator) nulls() string {
	list := g.of("(3, 'c'), (null, 'a'), (1, null), (null, null), (3, 'b')", "(null, 'x'), (2, 'x')", "(1, null), (1, null), (2, null)")
	t := "(VALUES " + list + ", (null, 'z'), (0, 'q')) AS t (a, b)"
	order := g.of("a", "a DESC", "a NULLS FIRST", "a DESC NULLS FIRST", "a DESC NULLS LAST", "b", "b DESC NULLS LAST") + ", " + g.of("a, b", "b NULLS FIRST, a", "b DESC, a DESC")
	return g.of(
		"SELECT a, b FROM "+t+" ORDER BY "+order, "SELECT array_agg(a ORDER BY "+order+") FROM "+t, "SELECT b, row_number() OVER (ORDER BY "+order+") AS n FROM "+t+" ORDER BY 2", "SELECT a, rank() OVER (ORDER BY a "+g.of("", "DESC", "NULLS FIRST")+") AS n FROM "+t+" ORDER BY n, a", "SELECT min_by(b, a), max_by(b, a) FROM "+t+" WHERE a <> 3 AND b <> 'zz'",
		"SELECT a FROM "+t+" WHERE a "+g.of("", "NOT ")+"IN (1, "+g.of("null", "3", "2")+") ORDER BY a", "SELECT count(*) FROM "+t+" WHERE a "+g.of("NOT ", "")+"IN (SELECT a FROM "+t+")", "SELECT count(*) FROM "+t+" JOIN "+strings.Replace(t, "AS t", "AS s", 1)+" ON t.a "+g.of("=", "IS NOT DISTINCT FROM", "<>", "<=")+" s.a",
		"SELECT DISTINCT a FROM "+t+" ORDER BY a "+g.of("", "DESC", "NULLS FIRST"), "SELECT a, count(*), count(b), max(b) FROM "+t+" GROUP BY a ORDER BY a", "SELECT row(a, b) "+g.of("=", "<>", "IS DISTINCT FROM")+" row(1, 'a') FROM "+t+" ORDER BY a, b", "SELECT greatest(a, 1), least(b, 'm') FROM "+t+" ORDER BY a, b",
		"SELECT array_sort(array[a, 2, null]), array_position(array[a, null], a), contains(array[a, 1, null], 1), array_distinct(array[a, a, null]), array_max(array[a, 1]) FROM "+t+" ORDER BY a, b", "SELECT a AND_ FROM (SELECT a > 1 AS a FROM "+t+") ORDER BY 1 NULLS FIRST",
		"SELECT (a > 1) "+g.of("AND", "OR")+" (b > 'a'), NOT (a = 1) FROM "+t+" ORDER BY a, b", "SELECT count(*) FROM "+t+" WHERE (a, b) "+g.of("IN", "NOT IN")+" (SELECT a, b FROM "+t+")", "SELECT a FROM "+t+" EXCEPT SELECT a FROM "+t+" WHERE a IS NULL ORDER BY 1", "SELECT count(*) FROM "+t+" FULL JOIN (VALUES null, 1, 3) AS s (a) USING (a)",
		"SELECT a, b FROM "+t+" LEFT JOIN (VALUES (null, 1), (3, 2)) AS s (a2, c) ON a = a2 ORDER BY 1, 2", "SELECT sum(a) FILTER (WHERE b IS NULL), avg(a), bool_and(a > 0), every(b IS NULL), approx_distinct(a), checksum(a) IS NULL FROM "+t, "SELECT a, b FROM "+t+" WHERE a > ALL (SELECT a FROM "+t+" WHERE a "+g.of("< 2", "IS NULL", "> 100")+") ORDER BY 1, 2",
		"SELECT CASE a WHEN null THEN 'null' WHEN 3 THEN 'three' ELSE 'else' END, nullif(a, 3), coalesce(a, -1), a IS NULL, if(a = 3, 1) FROM "+t+" ORDER BY a, b", "SELECT map_agg(b, a), histogram(a), array_agg(a) IS NULL, multimap_agg(a, b)[3] FROM "+t+" WHERE a = 3", "SELECT lag(a) IGNORE NULLS OVER (ORDER BY "+order+"), first_value(b) OVER (PARTITION BY a ORDER BY b "+g.of("", "DESC", "NULLS FIRST")+") FROM "+t+" ORDER BY "+order,
		"SELECT concat_ws('-', b, 'x', null), a || null FROM (SELECT b, cast(a AS varchar) AS a FROM "+t+") ORDER BY 1", "SELECT a BETWEEN null AND 2, a BETWEEN 2 AND null, a LIKE_ FROM "+t, "SELECT b LIKE null, b LIKE 'a%', b NOT LIKE '%' FROM "+t+" ORDER BY b, a")
}

// lambdas nest, and read what is around them.
func (g *generator) lambdas() string {
	x := g.of("x + 1", "x * k.id", "coalesce(x, 0)", "if(x > 1, x, -x)", "x % 2", "cast(x AS varchar)", "row(x, k.id)", "array[x, k.id]", "x > 0", "(SELECT x)", "transform(array[1, 2], y -> y + x)", "reduce(array[1, 2], x, (s, y) -> s + y, s -> s)", "cardinality(filter(k.a, y -> y > x))", "case when x is null then 'n' else k.v end", "try(10 / x)", "abs(x)")
	p := g.of("x > 1", "x IS NULL", "x % 2 = 0", "x > k.id", "any_match(k.a, y -> y = x)", "x IN (1, 5, 9)", "true", "NULL")
	call := g.of("transform(k.a, x -> "+x+")", "filter(k.a, x -> "+p+")", "all_match(k.a, x -> "+p+")", "any_match(k.a, x -> "+p+")", "none_match(k.a, x -> "+p+")", "reduce(k.a, 0, (s, x) -> s + coalesce(x, 0), s -> s * k.id)", "zip_with(k.a, array[10, 20], (x, y) -> coalesce(x, 0) + coalesce(y, k.id))",
		"transform_values(k.m, (m, x) -> x + k.id)", "transform_keys(k.m, (x, y) -> x || cast(k.id AS varchar))", "map_filter(k.m, (y, x) -> "+p+")", "array_sort(k.a, (x, y) -> if(x < y, 1, if(x > y, -1, 0)))", "cardinality(filter(transform(k.a, x -> x + 1), x -> "+p+"))", "array_join(transform(filter(k.a, x -> x IS NOT NULL), x -> cast(x * 2 AS varchar)), '+')")
	if g.IntN(5) == 0 {
		return "SELECT k.id, (SELECT " + strings.ReplaceAll(g.of("max(cardinality("+call+"))", "count(*)", "min(q.id)"), "all_match", "filter") + " FROM kinds AS q WHERE q.id <= k.id AND any_match(q.a, x -> x > k.id)) FROM kinds AS k ORDER BY 1"
	}
	return "SELECT k.id, " + call + " FROM kinds AS k ORDER BY 1"
}

// branches fail where they are not taken.
func (g *generator) branches() string {
	bad := g.of("1 / 0", "1 % 0", "cast('x' AS integer)", "s / (id - id)", "cast(v AS integer)", "id / 0", "2147483647 + id", "array[1][id]", "cast(cast('x' AS varchar) AS integer)", "cast(300 + id AS tinyint)", "element_at(array[1], 0)", "map(array[1], array[2])[id + 5]")
	fine := g.of("id", "0", "-1", "null", "id * 2")
	test := g.of("id < 0", "false", "v IS NULL AND v IS NOT NULL", "id > 100", "null", "id = 1", "id IS NULL", "true")
	return g.of("SELECT CASE WHEN "+test+" THEN "+bad+" ELSE "+fine+" END FROM kinds ORDER BY id", "SELECT if("+test+", "+bad+", "+fine+") FROM kinds ORDER BY id", "SELECT coalesce(id, "+bad+") FROM kinds ORDER BY id", "SELECT try("+bad+") FROM kinds ORDER BY id", "SELECT coalesce(try("+bad+"), "+fine+") FROM kinds ORDER BY id",
		"SELECT CASE id WHEN 100 THEN "+bad+" WHEN id THEN "+fine+" ELSE "+bad+" END FROM kinds ORDER BY id", "SELECT id FROM kinds WHERE "+test+" AND "+bad+" > 0 ORDER BY id", "SELECT id FROM kinds WHERE id > 0 OR "+bad+" > 0 ORDER BY id", "SELECT CASE WHEN id > 0 THEN id WHEN "+bad+" = 1 THEN 0 END FROM kinds ORDER BY id",
		"SELECT "+bad+" FROM kinds WHERE id > 100", "SELECT count("+bad+") FROM kinds WHERE id > 100", "SELECT "+bad, "SELECT "+strings.NewReplacer("id", "1", "s /", "5 /", "(v", "('y'").Replace(bad), "SELECT nullif("+fine+", 0), if("+test+", 1, 2) FROM kinds ORDER BY id", "SELECT sum(if("+test+", "+bad+", 1)) FROM kinds", "SELECT max("+bad+") FILTER (WHERE id > 100) FROM kinds",
		"SELECT id, CASE WHEN "+test+" THEN "+bad+" END AS c FROM kinds WHERE CASE WHEN id < 3 THEN true ELSE "+bad+" IS NULL END ORDER BY id")
}

// joins of every kind, with conditions of every kind.
func (g *generator) joins() string {
	kind := g.of("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")
	other := g.of("(VALUES (1, 'a', true), (2, null, false), (null, 'one', null), (6, 'one', true)) AS w (n, c, o)", "(SELECT level AS n, place AS c, level > 2 AS o FROM readings) AS w", "(SELECT id + 1 AS n, v AS c, b AS o FROM kinds) AS w")
	on := g.of("k.id = w.n", "k.id = w.n AND w.o", "k.v = w.c", "k.id < w.n", "k.id = w.n OR k.v = w.c", "k.id = w.n AND k.id > 2", "k.b = w.o", "k.id = w.n + 1 AND k.v <> w.c", "true", "k.id BETWEEN w.n AND w.n + 1", "k.v IS NOT DISTINCT FROM w.c", "k.id = w.n AND w.c IS NULL", "NOT (k.id = w.n)")
	list := g.of("count(*), count(k.id), count(w.n), sum(k.id), sum(w.n), min(w.c), max(k.v)", "k.id, count(w.n), max(w.c)", "w.o, count(k.id)")
	tail := map[bool]string{true: " GROUP BY 1 ORDER BY 1", false: ""}[!strings.HasPrefix(list, "count")]
	where := g.of("", "", " WHERE k.id IS NULL OR w.n IS NULL", " WHERE w.c IS NOT NULL", " WHERE k.id < 5")
	if g.IntN(4) == 0 {
		return "SELECT " + g.of("id, count(*)", "id, max(v), max(c)", "count(*), sum(id)") + " FROM kinds " + kind + " " + strings.Replace(other, " AS n", " AS id", 1) + " USING (id) GROUP BY id ORDER BY id, 2"
	}
	return "SELECT " + list + " FROM kinds AS k " + kind + " " + other + " ON " + on + where + tail
}

// rows are compared, nested and taken apart.
func (g *generator) rows() string {
	r := g.of("row(id, v)", "(id, v)", "cast(row(id, v) AS row(x bigint, y varchar))", "o", "row(id, row(v, b))", "row(null, 1)", "cast(row(null, 'x') AS row(x integer, y varchar))", "row(array[id], v)")
	q := g.of("row(1, 'one')", "(3, null)", "o", "row(id, v)", "cast(row(5, 'five') AS row(x integer, y varchar))", "row(null, 'y')")
	return "SELECT " + g.of(r+" = "+q, r+" < "+q, r+" IN ("+q+", row(2, ''))", r+" IS DISTINCT FROM "+q, r, "typeof("+r+")", "cast(o AS row(p bigint, q varchar)).p", "o.x, o.y", "(o).x", "o[1], o[2]", "o IS NULL", "array[o, row(1, 'x')]", "cast("+r+" AS json)", "json_format(cast(o AS json))", "coalesce(o, row(0, 'none'))",
		"if(b, o, row(0, 'n'))", "element_at(array[o], 1).y", "map(array['k'], array[o])['k'].x", r+" BETWEEN "+q+" AND "+q, "greatest("+r+", "+q+")", "nullif("+r+", "+q+")", "CASE o WHEN "+q+" THEN 'same' ELSE 'other' END", "contains(array["+r+"], "+q+")", "array_distinct(array["+r+", "+r+"])", "transform(array[o], z -> z.y)", "try_cast(o AS row(x tinyint, y varchar(2)))") + " FROM kinds ORDER BY id"
}
