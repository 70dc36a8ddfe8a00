package duckdbtest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// formCases are queries, and below each its rows in Trino, derived from Trino's pages sql/select.md,
// functions/window.md, functions/aggregate.md and language/types.md: a line of fields, with | between. An
// error is ! and what its text contains.
const formCases = `
SELECT * FROM UNNEST(ARRAY[1, 2]) AS t(n)
1
2

SELECT * FROM UNNEST(ARRAY[2, 5], ARRAY[7, 8, 9]) WITH ORDINALITY AS t(a, b, i) ORDER BY i
2|7|1
5|8|2
NULL|9|3

SELECT a, n FROM (VALUES ('x', ARRAY[1, 2]), ('y', ARRAY[]), ('z', NULL)) AS t(a, l) CROSS JOIN UNNEST(l) AS u(n) ORDER BY 1, 2
x|1
x|2

SELECT a, n FROM (VALUES ('x', ARRAY[1, 2]), ('y', ARRAY[]), ('z', NULL)) AS t(a, l) LEFT JOIN UNNEST(l) AS u(n) ON TRUE ORDER BY 1, 2
x|1
x|2
y|NULL
z|NULL

SELECT a, n, i FROM (VALUES ('x', ARRAY[1, 2]), ('y', NULL)) AS t(a, l), UNNEST(l, ARRAY['p']) WITH ORDINALITY AS u(n, p, i) ORDER BY 1, 3
x|1|1
x|2|2
y|NULL|1

SELECT * FROM UNNEST(ARRAY[ROW('Java', 1995), ROW('SQL', 1974)]) AS t(language, year) ORDER BY year
SQL|1974
Java|1995

SELECT name, born FROM UNNEST(ARRAY[CAST(ROW('Java', 1995) AS ROW(name varchar, born integer)), NULL]) ORDER BY 1
Java|1995
NULL|NULL

SELECT * FROM (VALUES 1) AS t(a) LEFT JOIN UNNEST(ARRAY[1]) AS u(b) ON a = b
!LEFT JOIN involving UNNEST is only supported with condition ON TRUE

SELECT a, b FROM (VALUES 1, 2, 3) AS t(a) CROSS JOIN LATERAL (SELECT a * 10 + x FROM (VALUES 1, 2) AS v(x) WHERE x < a) AS u(b) ORDER BY 1, 2
2|21
3|31
3|32

SELECT a, b FROM (VALUES 1, 2) AS t(a), LATERAL (SELECT max(x) FROM (VALUES 1, 2, 3) AS v(x) WHERE x <= t.a) AS u(b) ORDER BY 1
1|1
2|2

SELECT a, b FROM (VALUES 1, 2) AS t(a) LEFT JOIN LATERAL (SELECT t.a WHERE t.a > 1) AS u(b) ON TRUE ORDER BY 1
1|NULL
2|2

SELECT * FROM (VALUES 1) AS t(a), (SELECT t.a) AS u
!Column 't.a' cannot be resolved

SELECT a, b, sum(x) FROM (VALUES ('CA', 1, 13), ('CA', 2, 42), ('NJ', 1, 5)) AS t(a, b, x) GROUP BY GROUPING SETS ((a), (a, b), (b)) ORDER BY a, b
CA|1|13
CA|2|42
CA|NULL|55
NJ|1|5
NJ|NULL|5
NULL|1|18
NULL|2|42

SELECT a, b, sum(x), grouping(a, b) FROM (VALUES ('CA', 1, 13), ('NJ', 1, 5)) AS t(a, b, x) GROUP BY ROLLUP (a, b) ORDER BY 4, 1
CA|1|13|0
NJ|1|5|0
CA|NULL|13|1
NJ|NULL|5|1
NULL|NULL|18|3

SELECT a, b, count(*) FROM (VALUES (1, 1), (1, 2)) AS t(a, b) GROUP BY CUBE (a, b) ORDER BY 1, 2
1|1|1
1|2|1
1|NULL|2
NULL|1|1
NULL|2|1
NULL|NULL|2

SELECT a, b, count(*) FROM (VALUES (1, 1), (1, 2)) AS t(a, b) GROUP BY a, ROLLUP (b) ORDER BY 1, 2
1|1|1
1|2|1
1|NULL|2

SELECT a, b, count(*) FROM (VALUES (1, 1)) AS t(a, b) GROUP BY ALL ROLLUP (a), ROLLUP (a) ORDER BY 1, 2
!'b' must be an aggregate expression or appear in GROUP BY clause

SELECT a, count(*) FROM (VALUES (1, 1)) AS t(a, b) GROUP BY ALL ROLLUP (a), ROLLUP (a) ORDER BY 1
1|1
1|1
1|1
NULL|1

SELECT a, count(*) FROM (VALUES (1, 1)) AS t(a, b) GROUP BY DISTINCT ROLLUP (a), ROLLUP (a) ORDER BY 1
1|1
NULL|1

SELECT a + 1, count(*) FROM (VALUES 1) AS t(a) GROUP BY ROLLUP (a + 1)
!GROUP BY expression must be a column reference: a + 1

SELECT count(*) FROM (VALUES 1) AS t(a) WHERE a > 1 GROUP BY GROUPING SETS ((), (a))
0

SELECT a, grouping(a) FROM (VALUES 1) AS t(a) GROUP BY a
1|0

SELECT grouping(b) FROM (VALUES (1, 2)) AS t(a, b) GROUP BY a
!The arguments to GROUPING() must be expressions referenced by the GROUP BY

SELECT a, CASE WHEN grouping(a) = 1 THEN 'all' ELSE 'one' END FROM (VALUES 1) AS t(a) GROUP BY ROLLUP (a) HAVING grouping(a) < 2 ORDER BY grouping(a)
1|one
NULL|all

WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 4) SELECT sum(n) FROM t
10

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT * FROM t
!Recursion depth limit exceeded (10). Use 'max_recursion_depth' session property to modify the limit.

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 11) SELECT max(n) FROM t
11

WITH RECURSIVE t(a, b) AS (SELECT 1, 'r' UNION ALL SELECT c, d FROM t JOIN (VALUES (1, 2, 'x'), (2, 3, 'y')) AS e(p, c, d) ON a = p) SELECT * FROM t ORDER BY a
1|r
2|x
3|y

WITH RECURSIVE t AS (SELECT 1) SELECT * FROM t
!missing column aliases in recursive WITH query

WITH RECURSIVE a(x) AS (SELECT 1), b(y) AS (SELECT x FROM a UNION ALL SELECT y + 1 FROM b WHERE y < 3) SELECT * FROM b ORDER BY y
1
2
3

WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT a.n FROM t a, t b) SELECT * FROM t
!multiple recursive references

SELECT (1, 2) IN (SELECT 1, 2), (1, 2) IN (SELECT 1, 3), (1, NULL) IN (SELECT 1, 2), (1, NULL) IN (SELECT 2, 2), (1, 2) NOT IN (SELECT 3, NULL)
true|false|NULL|false|true

SELECT (1, 2) = ANY (SELECT 1, 2 UNION ALL SELECT 3, 4), (1, 2) <> ALL (SELECT 3, 4), (1, 2) < ALL (VALUES (1, 3), (2, 0))
true|true|true

SELECT a FROM (VALUES (1, 'x'), (2, 'y')) AS t(a, b) WHERE (a, b) IN (SELECT p, q FROM (VALUES (2, 'y'), (1, 'z')) AS u(p, q))
2

SELECT a, ARRAY[a] IN (SELECT l FROM (VALUES ARRAY[1], ARRAY[NULL]) AS u(l)) FROM (VALUES 1, 2) AS t(a) ORDER BY a
1|true
2|NULL

SELECT (SELECT 1, 'x')[2], 1 IN (SELECT 1, 2)
!Value expression and result of subquery must be of the same type: integer vs row(integer, integer)

SELECT (SELECT 1, 'x')[2]
x

SELECT x FROM (VALUES 1, 2, 2, 3) AS t(x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES
1
2
2

SELECT x FROM (VALUES 1, 2, 2, 3, 3, 4) AS t(x) ORDER BY x DESC OFFSET 1 ROW FETCH FIRST ROW WITH TIES
3
3

SELECT DISTINCT x FROM (VALUES 1, 2, 2, 3) AS t(x) ORDER BY x FETCH NEXT 2 ROWS WITH TIES
1
2

SELECT x FROM (VALUES 1) AS t(x) FETCH FIRST 1 ROW WITH TIES
!FETCH FIRST WITH TIES clause requires ORDER BY

SELECT x, count(*) FROM (VALUES 1, 2, 2, 3) AS t(x) GROUP BY x ORDER BY count(*) FETCH FIRST 1 ROW WITH TIES
1|1
3|1

SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 2, 4) AS t(x) ORDER BY x
1|3
2|7
4|6

SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 2, 4, NULL) AS t(x) ORDER BY x
1|1
2|5
2|5
4|4
NULL|NULL

SELECT x, count(*) OVER (ORDER BY x DESC RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 4) AS t(x) ORDER BY x
1|2
2|2
4|1

SELECT x, count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 2, 4) AS t(x) ORDER BY x
1|1
2|3
2|3
4|3

SELECT d, count(*) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW) FROM (VALUES DATE '2024-01-01', DATE '2024-01-02', DATE '2024-01-05') AS t(d) ORDER BY d
2024-01-01|1
2024-01-02|2
2024-01-05|1

SELECT x, count(*) OVER (ORDER BY x ROWS BETWEEN y PRECEDING AND CURRENT ROW) FROM (VALUES (1, 0), (2, 1), (3, 2)) AS t(x, y) ORDER BY x
1|1
2|2
3|3

SELECT count(*) OVER (ORDER BY x ROWS BETWEEN y PRECEDING AND CURRENT ROW) FROM (VALUES (1, -1)) AS t(x, y)
!Window frame offset value must not be negative or null

SELECT count(*) OVER (RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1) AS t(x)
!Window frame of type RANGE PRECEDING or FOLLOWING requires ORDER BY

SELECT count(*) OVER (GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1) AS t(x)
!Window frame of type GROUPS PRECEDING or FOLLOWING requires ORDER BY

SELECT count(*) OVER (ORDER BY x RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW) FROM (VALUES 1) AS t(x)
!Window frame RANGE value type (interval day to second) not compatible with sort item type (integer)

SELECT x, first_value(y) IGNORE NULLS OVER w, last_value(y) IGNORE NULLS OVER (w ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM (VALUES (1, NULL), (2, 5), (3, 6)) AS t(x, y) WINDOW w AS (ORDER BY x) ORDER BY x
1|NULL|6
2|5|6
3|5|6

SELECT count(*) FROM (VALUES 1, 2, 3) AS t(x) TABLESAMPLE BERNOULLI (100)
3

SELECT count(*) FROM (VALUES 1, 2, 3) AS t(x) TABLESAMPLE SYSTEM (0)
0

SELECT t.r.*, r.b FROM (SELECT CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) AS r) AS t
1|x|x

SELECT (ROW(1, 2)).* AS (p, q)
1|2

SELECT CAST(TIMESTAMP '2012-10-31 01:00 UTC' AT TIME ZONE 'America/Los_Angeles' AS varchar)
2012-10-30 18:00:00 America/Los_Angeles

SELECT CAST(TIMESTAMP '2012-10-31 01:00' AT TIME ZONE INTERVAL '-08:00' HOUR TO MINUTE AS varchar)
2012-10-30 17:00:00 -08:00

SELECT INTERVAL '1 02:03:04.5' DAY TO SECOND = INTERVAL '93784.5' SECOND, INTERVAL '1-2' YEAR TO MONTH = INTERVAL '14' MONTH, INTERVAL '-2' DAY = INTERVAL -'2' DAY
true|true|true

SELECT INTERVAL '1' DAY TO YEAR
!Invalid interval qualifier: DAY TO YEAR

SELECT DISTINCT r FROM (VALUES ROW(ROW(1, 2)), ROW(ROW(1, 2))) AS t(r)
map[f1:1 f2:2]

SELECT ARRAY[1] UNION SELECT ARRAY[1.0]
[1]

SELECT l FROM (VALUES ARRAY[2], ARRAY[1, 2], ARRAY[1]) AS t(l) ORDER BY l
[1]
[1 2]
[2]

SELECT a, (SELECT max(b) FROM (VALUES 1, 2, 3) AS u(b) WHERE b < a) FROM (VALUES 1, 3) AS t(a) ORDER BY (SELECT -a), a
3|2
1|NULL

SELECT count(*) FILTER (WHERE x IN (SELECT 2)) FROM (VALUES 1, 2) AS t(x)
1

SELECT x FROM (VALUES 3, 1, 2) AS t(x) ORDER BY x LIMIT 1 OFFSET 1
!mismatched input 'OFFSET'

SELECT x FROM (VALUES 3, 1, 2) AS t(x) ORDER BY x OFFSET 1 LIMIT 1
2

SELECT max(split_part(l, U&'\0001', 2)), listagg(DISTINCT l, U&'\0002') WITHIN GROUP (ORDER BY l) = U&'a\0001b\0002c', max(split_part(l, U&'\0001', 1)) FILTER (WHERE l <> 'c') FROM (VALUES U&'a\0001b', 'c') AS t(l)
b|true|a

SELECT max(split_part(l, U&'\0001', 2)) OVER (), listagg(l, U&'\0001') WITHIN GROUP (ORDER BY l) FROM (VALUES U&'a\0001b') AS t(l) GROUP BY l
b|a` + "\x01" + `b

SELECT (SELECT max(x) FROM UNNEST(filter(t.l, e -> e > t.i)) AS u(x)) AS s FROM (VALUES (1, ARRAY[1, 2]), (0, ARRAY[3, 4])) AS t(i, l) ORDER BY 1
2
4

SELECT (SELECT max(x) FROM UNNEST(filter(t.l, e -> e > t.i)) AS u(x)) + 1 AS s FROM (VALUES (1, ARRAY[1, 2]), (0, ARRAY[3, 4])) AS t(i, l) ORDER BY s, (SELECT max(x) FROM UNNEST(filter(t.l, e -> e > t.i)) AS u(x))
3
5

SELECT coalesce((SELECT max(x) FROM UNNEST(filter(t.l, e -> e > t.i)) AS u(x)), -1) BETWEEN 2 AND 3 FROM (VALUES (1, ARRAY[1, 2]), (0, ARRAY[3, 4])) AS t(i, l) ORDER BY i
false
true

SELECT nullif((SELECT max(x) FROM UNNEST(filter(t.l, e -> e > t.i)) AS u(x)), 2) AS s, count(*) FROM (VALUES (1, ARRAY[1, 2]), (0, ARRAY[3, 4])) AS t(i, l) GROUP BY (SELECT max(x) FROM UNNEST(filter(t.l, e -> e > t.i)) AS u(x)), 1 ORDER BY 1
4|1
NULL|1

SELECT map_agg(DISTINCT x, y ORDER BY x) FROM (VALUES (1, 2), (1, 2)) AS t(x, y)
!NOT_SUPPORTED: line 1:8: DISTINCT and ORDER BY at once

SELECT reduce_agg(DISTINCT x, 0, (a, b) -> a * 10 + b, (a, b) -> a ORDER BY x DESC), array_agg(DISTINCT x ORDER BY x DESC) FROM (VALUES 1, 3, 3, 2) AS t(x)
321|[3 2 1]

SELECT typeof(regexp_replace(CAST('a' AS varchar(3000000)), 'a', CAST('b' AS varchar(3000000)))), typeof(regexp_replace('ab', 'a', 'xyz'))
varchar|varchar(11)
`

func TestForms(t *testing.T) {
	for block := range strings.SplitSeq(strings.Trim(formCases, "\n"), "\n\n") {
		sql, want, _ := strings.Cut(block, "\n")
		t.Run(sql, func(t *testing.T) {
			tr, rows, err := run(t, tables, sql)
			if text, fails := strings.CutPrefix(want, "!"); fails {
				if err == nil || !strings.Contains(err.Error(), text) {
					t.Errorf("got %v, %v, want the error %s", rows, err, text)
				}
				return
			}
			if err != nil {
				emitted := ""
				if tr != nil {
					emitted = tr.SQL
				}
				t.Fatalf("%v\n%s", err, emitted)
			}
			var got []string
			for _, r := range rows {
				got = append(got, strings.Join(r, "|"))
			}
			if diff := cmp.Diff(strings.Split(want, "\n"), got); diff != "" {
				t.Errorf("rows (-want +got):\n%s\n%s", diff, tr.SQL)
			}
		})
	}
}
