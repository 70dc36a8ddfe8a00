-- What Trino takes and what it refuses: forms of statements, names, clauses, and the dialects of others.
SELECT current_user IS NOT NULL
SELECT current_catalog
SELECT current_schema
SELECT typeof(current_user), typeof(current_catalog), typeof(current_schema)
SELECT current_path
SELECT current_timezone()
SELECT current_role
SELECT session_user
SELECT user
SELECT current_user()
SELECT current_date = cast(now() AS date)
SELECT localtimestamp(0) IS NOT NULL
SELECT current_timestamp(6) IS NOT NULL
SELECT typeof(current_timestamp(6)), typeof(localtimestamp(0)), typeof(localtime), typeof(current_time)
SELECT typeof(now()), typeof(current_timestamp), typeof(localtimestamp)
SELECT id AS x FROM kinds WHERE x = 1
SELECT id AS x FROM kinds GROUP BY x
SELECT id AS x, count(*) FROM kinds GROUP BY x ORDER BY 1
SELECT id AS x FROM kinds HAVING x = 1
SELECT id AS x FROM kinds ORDER BY x
SELECT id AS v FROM kinds ORDER BY v
SELECT -id AS id FROM kinds ORDER BY id
SELECT -id AS id FROM kinds ORDER BY id + 0
SELECT id AS a, v AS a FROM kinds ORDER BY a
SELECT id AS a, id AS a FROM kinds ORDER BY a
SELECT id, v AS id FROM kinds ORDER BY id
SELECT id x, id + 1 y, x + y FROM kinds
SELECT id, id FROM kinds ORDER BY id
SELECT * FROM (SELECT id, id FROM kinds)
SELECT id FROM (SELECT id, id FROM kinds)
SELECT count(*) FROM (SELECT id, id FROM kinds)
SELECT id FROM kinds, readings
SELECT level FROM readings AS a, readings AS b
SELECT id FROM kinds AS a, kinds AS b
SELECT a.id FROM kinds AS a, kinds AS a
SELECT a.id FROM kinds AS a JOIN kinds AS a ON true
SELECT kinds.id FROM kinds AS a
SELECT differential.kinds.id FROM kinds ORDER BY 1
SELECT awsdatacatalog.differential.kinds.id FROM kinds ORDER BY 1
SELECT a.kinds.id FROM kinds
SELECT kinds.* FROM kinds AS k
SELECT k.* FROM kinds AS k WHERE k.id = 1
SELECT nothing.* FROM kinds
SELECT *, id FROM kinds WHERE id = 1
SELECT id, * FROM kinds WHERE id = 1
SELECT * FROM kinds GROUP BY id
SELECT id, v FROM kinds GROUP BY id
SELECT id, max(v) FROM kinds GROUP BY 1 ORDER BY 2, 1
SELECT id + 1, max(v) FROM kinds GROUP BY id ORDER BY 1
SELECT id + 1, max(v) FROM kinds GROUP BY id + 1 ORDER BY 1
SELECT id + 2, max(v) FROM kinds GROUP BY id + 1
SELECT max(id) FROM kinds GROUP BY max(id)
SELECT id FROM kinds GROUP BY 0
SELECT id FROM kinds GROUP BY 2
SELECT id FROM kinds ORDER BY 0
SELECT id FROM kinds ORDER BY 2
SELECT id FROM kinds ORDER BY 1 + 1, id
SELECT id FROM kinds ORDER BY 'x', id
SELECT id FROM kinds ORDER BY -id
SELECT DISTINCT id FROM kinds ORDER BY v
SELECT DISTINCT id % 2 FROM kinds ORDER BY id % 2
SELECT DISTINCT id % 2 AS m FROM kinds ORDER BY m + 1
SELECT DISTINCT id FROM kinds ORDER BY max(id)
SELECT id FROM kinds ORDER BY max(id)
SELECT count(*) FROM kinds ORDER BY id
SELECT v, count(*) FROM kinds GROUP BY v ORDER BY count(*) DESC, v
SELECT v FROM kinds GROUP BY v ORDER BY max(id)
SELECT v FROM kinds GROUP BY v HAVING max(id) > 3 ORDER BY 1
SELECT count(*) FROM kinds HAVING count(*) > 100
SELECT 1 FROM kinds HAVING true
SELECT id FROM kinds HAVING true
SELECT max(id) FROM kinds WHERE max(id) > 1
SELECT sum(max(id)) FROM kinds
SELECT sum(max(id)) OVER () FROM kinds
SELECT max(id) OVER (ORDER BY max(id)) FROM kinds
SELECT row_number() OVER () > 0 FROM kinds WHERE row_number() OVER () > 0
SELECT id FROM kinds WHERE (SELECT max(id) FROM kinds) = id
SELECT id FROM kinds ORDER BY row_number() OVER (ORDER BY id DESC)
SELECT rank() OVER (ORDER BY count(*) DESC, v), v FROM kinds GROUP BY v ORDER BY 1
SELECT (SELECT id FROM kinds)
SELECT (SELECT id FROM kinds WHERE id = 100)
SELECT (SELECT id, v FROM kinds WHERE id = 1)
SELECT (SELECT id, v FROM kinds WHERE id = 1).id
SELECT id IN (SELECT id, v FROM kinds) FROM kinds
SELECT (id, v) IN (SELECT id, v FROM kinds WHERE id < 3) FROM kinds ORDER BY id
SELECT id = ANY (SELECT t FROM kinds) FROM kinds ORDER BY id
SELECT id = ANY (1, 2) FROM kinds
SELECT id = SOME (VALUES 1, 2) FROM kinds ORDER BY id
SELECT id > ALL (SELECT id FROM kinds WHERE false) FROM kinds ORDER BY id
SELECT EXISTS (SELECT) FROM kinds
SELECT EXISTS (SELECT 1 WHERE false)
SELECT * FROM (SELECT v FROM kinds ORDER BY id LIMIT 2) ORDER BY 1
SELECT * FROM (VALUES 3, 1, 2) AS t (x) ORDER BY x LIMIT 0
SELECT id FROM kinds ORDER BY id LIMIT ALL
SELECT id FROM kinds LIMIT 2.5
SELECT id FROM kinds LIMIT -1
SELECT id FROM kinds LIMIT 1 + 1
SELECT id FROM kinds ORDER BY id LIMIT 2 OFFSET 1
SELECT id FROM kinds ORDER BY id OFFSET 1 ROW LIMIT 2
SELECT id FROM kinds ORDER BY id OFFSET 5 ROWS FETCH NEXT 1 ROW ONLY
SELECT id FROM kinds ORDER BY id FETCH FIRST ROW ONLY
SELECT id FROM kinds FETCH FIRST 2 ROWS WITH TIES
SELECT id FROM kinds ORDER BY id FETCH FIRST 0 ROWS ONLY
SELECT id % 2 FROM kinds ORDER BY 1 FETCH FIRST 1 ROW WITH TIES
SELECT TOP 2 id FROM kinds
SELECT id FROM kinds QUALIFY row_number() OVER (ORDER BY id) = 1
SELECT id, count(*) FROM kinds GROUP BY ALL
SELECT id FROM kinds ORDER BY ALL
SELECT * EXCLUDE (id) FROM kinds
SELECT * EXCEPT (id) FROM kinds
SELECT * REPLACE (1 AS id) FROM kinds
SELECT COLUMNS('i.*') FROM kinds
SELECT * ILIKE 'i%' FROM kinds
SELECT id FROM kinds WHERE v ILIKE 'ONE'
SELECT v SIMILAR TO 'o.*' FROM kinds
SELECT v ~ 'one' FROM kinds
SELECT v GLOB 'o*' FROM kinds
SELECT id::varchar FROM kinds
SELECT [1, 2, 3]
SELECT {'a': 1}
SELECT MAP {'a': 1}
SELECT STRUCT(1, 2)
SELECT (1, 2)[1]
SELECT a[1:2] FROM kinds
SELECT a[-1] FROM kinds WHERE id = 1
SELECT a[0] FROM kinds WHERE id = 1
SELECT a[4] FROM kinds WHERE id = 1
SELECT a[id] FROM kinds WHERE id = 1
SELECT m['nothing'] FROM kinds WHERE id = 1
SELECT m['a'] FROM kinds WHERE id = 1
SELECT o['x'] FROM kinds WHERE id = 1
SELECT o[3] FROM kinds WHERE id = 1
SELECT o.z FROM kinds WHERE id = 1
SELECT 'abc'[1]
SELECT 5 // 2
SELECT 2 ** 3
SELECT 2 ^ 3
SELECT 5 & 3
SELECT 5 | 3
SELECT ~5
SELECT 1 << 2
SELECT 5 == 5
SELECT 5 != 4
SELECT 5 <> 4
SELECT NOT true
SELECT !true
SELECT true AND 1
SELECT 1 OR 0
SELECT NOT 1
SELECT 1 = true
SELECT '1' = 1
SELECT 1 = '1'
SELECT 'a' < 1
SELECT 1 + '1'
SELECT '1' + '1'
SELECT 1 || 2
SELECT 'a' || 1
SELECT date '2020-01-01' = '2020-01-01'
SELECT date '2020-01-01' + 1
SELECT date '2020-01-02' - date '2020-01-01'
SELECT timestamp '2020-01-02 00:00:00' - timestamp '2020-01-01 12:00:00'
SELECT date '2020-01-31' + interval '1' month
SELECT date '2020-01-31' + interval '1' hour
SELECT interval '1' day + interval '2' hour
SELECT interval '1' day * 2.5
SELECT interval '3' month / 2
SELECT -interval '1' day
SELECT interval '1' day = interval '24' hour
SELECT interval 1 day
SELECT interval '1-6' year to month
SELECT interval '1' month + interval '1' day
SELECT time '10:00:00' + interval '90' minute
SELECT time '10:00:00' - time '09:30:00'
SELECT extract(dow FROM date '2020-01-05'), extract(week FROM date '2020-12-31')
SELECT extract(century FROM date '2020-01-05')
SELECT extract(epoch FROM now())
SELECT cast('2020-1-5' AS date)
SELECT cast('2020-01-05 10' AS timestamp)
SELECT cast('2020-01-05T10:00:00' AS timestamp)
SELECT cast(' 5 ' AS integer)
SELECT cast('5.0' AS integer)
SELECT cast(5.5 AS integer), cast(-5.5 AS integer), cast(4.5e0 AS integer)
SELECT cast('' AS integer)
SELECT cast('abc' AS boolean)
SELECT cast('t' AS boolean), cast('0' AS boolean), cast('FALSE' AS boolean)
SELECT cast(2 AS boolean), cast(0e0 AS boolean)
SELECT cast(true AS integer), cast(false AS varchar), cast(true AS double)
SELECT cast(1e20 AS bigint)
SELECT cast(nan() AS integer)
SELECT cast(1 AS date)
SELECT cast(date '2020-01-01' AS integer)
SELECT cast(1 AS nothing)
SELECT cast(1 AS text)
SELECT cast(1 AS string)
SELECT cast(1 AS int), cast(1 AS bigint)
SELECT cast(1.5 AS float)
SELECT cast(1.5 AS decimal)
SELECT cast(1.5 AS numeric(5,2)), cast(2 AS dec(3))
SELECT cast(1.5 AS decimal(39,1))
SELECT cast(1.5 AS decimal(2,3))
SELECT cast('x' AS char)
SELECT cast('12' AS double precision)
SELECT cast(null AS unknown)
SELECT convert(1, varchar)
SELECT ifnull(null, 1)
SELECT nvl(null, 1)
SELECT isnull(1)
SELECT len('abc')
SELECT left('abc', 2)
SELECT right('abc', 2)
SELECT instr('abc', 'b')
SELECT charindex('b', 'abc')
SELECT mid('abc', 1, 2)
SELECT substring('abc' FROM 2 FOR 1), substring('abcdef' FROM 3), substring('abc', 2)
SELECT getdate()
SELECT dateadd(day, 1, date '2020-01-01')
SELECT datediff('day', date '2020-01-01', date '2020-01-02')
SELECT strftime(now(), '%Y')
SELECT list_value(1, 2)
SELECT struct_pack(a := 1)
SELECT unnest(array[1, 2])
SELECT generate_series(1, 3)
SELECT range(3)
SELECT regexp_matches('abc', 'b')
SELECT string_agg(v, ',') FROM kinds
SELECT group_concat(v) FROM kinds
SELECT first(id) FROM kinds
SELECT median(id) FROM kinds
SELECT mode(id) FROM kinds
SELECT quantile(id, 0.5) FROM kinds
SELECT list(id) FROM kinds
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id) FROM kinds
SELECT any_value(1), arbitrary(2)
SELECT count(DISTINCT id, v) FROM kinds
SELECT count(DISTINCT *) FROM kinds
SELECT count(), count(1), count(null) FROM kinds
SELECT sum(DISTINCT id % 3), avg(DISTINCT id % 3) FROM kinds
SELECT sum(v) FROM kinds
SELECT sum(b) FROM kinds
SELECT min(a) FROM kinds WHERE id < 3
SELECT max(m) FROM kinds
SELECT max(o) FROM kinds
SELECT avg(day) FROM kinds
SELECT bool_and(id) FROM kinds
SELECT count_if(id) FROM kinds
SELECT abs('x')
SELECT abs()
SELECT abs(1, 2)
SELECT nothing(1)
SELECT "abs"(-1), ABS(-1), Abs(-1)
SELECT "abs "(-1)
SELECT pi(), e(), pi
SELECT coalesce()
SELECT coalesce(1)
SELECT coalesce(1, 'a')
SELECT nullif(1, 'a')
SELECT nullif(1, 1.0), nullif(1, 2e0)
SELECT if(1, 2, 3)
SELECT if(true, 1, 'a')
SELECT if(false, 1)
SELECT CASE WHEN 1 THEN 2 END
SELECT CASE 1 WHEN 'a' THEN 2 END
SELECT CASE WHEN true THEN 1 ELSE 'a' END
SELECT CASE WHEN true THEN 1 ELSE 2.5 END, CASE WHEN false THEN 1 ELSE 2e0 END
SELECT CASE WHEN false THEN 1 END
SELECT 1 IN ('a')
SELECT 1 IN ()
SELECT 1 IN (1, null), 2 IN (1, null), null IN (1)
SELECT 1 BETWEEN 'a' AND 2
SELECT 5 BETWEEN 10 AND 1
SELECT NOT 5 BETWEEN 1 AND 3
SELECT 1 IS NULL, null IS NULL, NOT null IS NULL
SELECT 1 IS TRUE
SELECT true IS TRUE
SELECT true IS NOT FALSE
SELECT true IS UNKNOWN
SELECT null = null, null <> null, null IS DISTINCT FROM null
SELECT typeof(null), typeof(null + 1), typeof(array[null]), typeof(array[])
SELECT 1, 'a' UNION SELECT 2
SELECT 1 UNION SELECT 'a'
SELECT 1 UNION SELECT 2.5 ORDER BY 1
SELECT 'a' AS x UNION SELECT 'b' AS y ORDER BY x
SELECT 'a' AS x UNION SELECT 'b' AS y ORDER BY y
SELECT 1 AS x UNION ALL SELECT 2 ORDER BY x DESC LIMIT 1
SELECT 1 UNION BY NAME SELECT 2
SELECT 1 MINUS SELECT 2
SELECT 1 ORDER BY 1 UNION SELECT 2
(SELECT 1 ORDER BY 1) UNION (SELECT 2) ORDER BY 1
SELECT 1 INTERSECT SELECT 1 UNION SELECT 2 ORDER BY 1
VALUES 1, 2, 'a'
VALUES (1, 'a'), (2)
VALUES 1, 2.5, null
VALUES (1, 'a'), (2, null)
SELECT * FROM (VALUES (1, 2)) AS t (a)
SELECT * FROM (VALUES (1, 2)) AS t (a, a)
SELECT a FROM (VALUES (1, 2)) AS t (a, a)
TABLE kinds ORDER BY id LIMIT 1
TABLE nothing
FROM kinds
FROM kinds SELECT id
SELECT FROM kinds
SELECT
SELECT ,
SELECT 1,
SELECT 1 FROM
SELECT 1 FROM kinds WHERE
SELECT 1 FROM kinds,
SELECT * FROM 'kinds'
SELECT * FROM kinds.parquet
SELECT * FROM read_csv('x')
SELECT * FROM range(3)
SELECT * FROM TABLE(sequence(1, 3)) ORDER BY 1
SELECT * FROM TABLE(nothing(1))
SELECT * FROM nothing
SELECT * FROM nothing.kinds
SELECT * FROM nothing.nothing.kinds
SELECT * FROM a.b.c.d
SELECT * FROM "kinds" WHERE "ID" = 1
SELECT * FROM KINDS WHERE Id = 1
SELECT * FROM "differential"."kinds" WHERE id = 1
SELECT * FROM `kinds`
SELECT "id" FROM kinds WHERE "v" = "one"
SELECT 'id' FROM kinds WHERE id = 1
SELECT id AS 'x' FROM kinds
SELECT id AS "x y" FROM kinds WHERE id = 1
SELECT id "x" FROM kinds WHERE id = 1
SELECT id AS select FROM kinds
SELECT id AS date FROM kinds WHERE id = 1
SELECT id AS table FROM kinds
SELECT 1 AS _a
SELECT 1 AS 1a
SELECT 1 AS a$b
SELECT 1 AS "a""b"
SELECT 'it''s', 'a"b', 'a\nb'
SELECT "a"
SELECT U&'\00e9', X'0A', X'0'
SELECT 1_000, 0xff, 0b11, 0o17
SELECT 1e3, 1E3, .5, 5., 1.5e-3
SELECT 99999999999999999999
SELECT 9223372036854775807, 9223372036854775808
SELECT -9223372036854775808
SELECT 2147483647 + 1
SELECT 2147483648 + 1
SELECT 9223372036854775807 + 1
SELECT -(-2147483648)
SELECT abs(-2147483648)
SELECT 5 / 2, -5 / 2, 5 % -3, -5 % 3
SELECT 5 / 0
SELECT 5e0 / 0
SELECT 5.0 / 0
SELECT 5 % 0
SELECT 0e0 / 0, 1e0 % 0
SELECT 1 -- comment
SELECT /* a /* b */ 1
SELECT 1 # comment
SELECT 1 /* no end
SELECT 1; SELECT 2
SELECT * FROM kinds TABLESAMPLE BERNOULLI (100) ORDER BY id LIMIT 1
SELECT count(*) FROM kinds TABLESAMPLE BERNOULLI (0)
SELECT count(*) FROM kinds TABLESAMPLE SYSTEM (100)
SELECT count(*) FROM kinds AS k TABLESAMPLE BERNOULLI (100)
SELECT count(*) FROM kinds TABLESAMPLE BERNOULLI (100) AS k
SELECT count(*) FROM (kinds CROSS JOIN readings) TABLESAMPLE BERNOULLI (100)
SELECT count(*) FROM kinds TABLESAMPLE BERNOULLI (101)
SELECT count(*) FROM kinds TABLESAMPLE BERNOULLI (-1)
SELECT count(*) FROM kinds TABLESAMPLE BERNOULLI ('a')
SELECT count(*) FROM kinds TABLESAMPLE BERNOULLI (50 + 50)
SELECT count(*) FROM kinds USING SAMPLE 10
SELECT count(*) FROM kinds TABLESAMPLE RESERVOIR (10)
SELECT k.id, u.x FROM kinds AS k RIGHT JOIN UNNEST(k.a) AS u (x) ON true
SELECT k.id, u.x FROM kinds AS k FULL JOIN UNNEST(k.a) AS u (x) ON true
SELECT u.x, k.id FROM kinds AS k RIGHT JOIN UNNEST(array[1, 2]) AS u (x) ON true ORDER BY 1, 2
SELECT u.x, k.id FROM kinds AS k FULL JOIN UNNEST(array[1, 2]) AS u (x) ON true ORDER BY 1, 2
SELECT u.x, k.id FROM kinds AS k RIGHT JOIN UNNEST(array[1, 2]) AS u (x) ON u.x = k.id
SELECT u.x, k.id FROM kinds AS k LEFT JOIN UNNEST(k.a) AS u (x) ON u.x > 1
SELECT u.x, k.id FROM kinds AS k JOIN UNNEST(k.a) AS u (x) ON u.x > 1
SELECT u.x, k.id FROM kinds AS k LEFT JOIN UNNEST(k.a) AS u (x) ON TRUE ORDER BY 2, 1
SELECT u.x, k.id FROM kinds AS k JOIN UNNEST(k.a) AS u (x) USING (id)
SELECT * FROM UNNEST(array[1, 2]) AS u (x) RIGHT JOIN kinds AS k ON u.x = k.id ORDER BY k.id
SELECT u.x, k.id FROM UNNEST(array[1, 2]) AS u (x) FULL JOIN kinds AS k ON u.x = k.id ORDER BY 2, 1
SELECT u.x, k.id FROM UNNEST(k.a) AS u (x), kinds AS k
SELECT * FROM UNNEST(array[1, 2], array['a'])
SELECT * FROM UNNEST(array[1, 2]) AS u
SELECT * FROM UNNEST(array[row(1, 'a'), row(2, 'b')]) AS u (n, t)
SELECT * FROM UNNEST(array[row(1, 'a')]) AS u (n)
SELECT * FROM UNNEST(map(array['a'], array[1])) WITH ORDINALITY AS u (k, v, n)
SELECT * FROM UNNEST(1)
SELECT * FROM UNNEST('a')
SELECT * FROM UNNEST(null)
SELECT * FROM UNNEST(array[array[1, 2], array[3]]) AS u (x)
SELECT * FROM UNNEST(array[])
SELECT * FROM UNNEST()
SELECT * FROM kinds NATURAL JOIN readings
SELECT * FROM kinds JOIN readings
SELECT * FROM kinds CROSS JOIN readings ON true
SELECT count(*) FROM kinds JOIN readings ON level
SELECT count(*) FROM kinds JOIN readings USING (nothing)
SELECT count(*) FROM kinds JOIN readings USING (id)
SELECT id, a.id, b.id FROM kinds AS a JOIN kinds AS b USING (id) ORDER BY 1
SELECT count(*) FROM kinds AS a SEMI JOIN kinds AS b ON a.id = b.id
SELECT count(*) FROM kinds AS a ANTI JOIN kinds AS b ON a.id = b.id
SELECT count(*) FROM kinds AS a ASOF JOIN kinds AS b ON a.id >= b.id
SELECT count(*) FROM kinds AS a POSITIONAL JOIN kinds AS b
SELECT count(*) FROM kinds AS a STRAIGHT_JOIN kinds AS b
SELECT count(*) FROM kinds AS a LEFT SEMI JOIN kinds AS b ON a.id = b.id
SELECT count(*) FROM kinds AS a, LATERAL (SELECT a.id AS x) AS b WHERE b.x = 1
SELECT count(*) FROM kinds AS a LEFT JOIN LATERAL (SELECT max(level) AS x FROM readings WHERE level = a.id) AS b ON true
SELECT count(*) FROM kinds AS a RIGHT JOIN LATERAL (SELECT a.id AS x) AS b ON true
SELECT count(*) FROM kinds AS a, (SELECT a.id AS x) AS b
SELECT * FROM (SELECT 1) PIVOT (count(*) FOR x IN (1))
PIVOT kinds ON v USING count(*)
DESCRIBE SELECT 1
SUMMARIZE kinds
SELECT id FROM kinds WHERE id = 1 FOR UPDATE
SELECT id INTO x FROM kinds
SELECT ALL id FROM kinds ORDER BY id
SELECT DISTINCT ON (b) id FROM kinds
SELECT UNIQUE id FROM kinds
SELECT id FROM kinds AS k (x)
SELECT x FROM kinds AS k (x, b, t, s, i, l, r, d, p, v, day, ts, bin, a, m, o) WHERE x = 1
WITH a AS (SELECT 1 AS x) SELECT * FROM a, a AS b
WITH a AS (SELECT 1 AS x), a AS (SELECT 2 AS x) SELECT * FROM a
WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a
WITH a (x, y) AS (SELECT 1) SELECT * FROM a
WITH kinds AS (SELECT 1 AS id) SELECT id FROM kinds
WITH kinds AS (SELECT id FROM kinds WHERE id = 2) SELECT id FROM kinds
WITH a AS MATERIALIZED (SELECT 1 AS x) SELECT * FROM a
WITH a AS (DELETE FROM kinds) SELECT 1
WITH a AS (SELECT 1 AS x) SELECT x FROM (WITH a AS (SELECT 2 AS x) SELECT x FROM a)
WITH a AS (SELECT 1 AS x) SELECT (SELECT x FROM a), (WITH a AS (SELECT 3 AS x) SELECT x FROM a)
WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t
WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t
WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT sum(n) FROM t
WITH RECURSIVE t (n) AS (VALUES 1 UNION SELECT n % 3 + 1 FROM t WHERE n < 5) SELECT count(*) FROM t
WITH t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t
SELECT sum(id) OVER w FROM kinds WINDOW w AS (ORDER BY id) ORDER BY 1
SELECT sum(id) OVER (w ROWS 1 PRECEDING) FROM kinds WINDOW w AS (ORDER BY id) ORDER BY 1
SELECT sum(id) OVER nothing FROM kinds
SELECT sum(id) OVER (PARTITION BY nothing) FROM kinds
SELECT sum(id) OVER (ORDER BY 1) FROM kinds WHERE id = 1
SELECT sum(id) OVER (ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM kinds
SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM kinds
SELECT sum(id) OVER (ORDER BY id ROWS -1 PRECEDING) FROM kinds
SELECT sum(id) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM kinds ORDER BY id
SELECT sum(id) OVER (ORDER BY v RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM kinds
SELECT sum(id) OVER (ORDER BY id, v RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM kinds
SELECT count(*) OVER (ORDER BY day RANGE BETWEEN interval '1' year PRECEDING AND CURRENT ROW) FROM kinds WHERE day > date '2000-01-01' AND day < date '2030-01-01' ORDER BY day
SELECT row_number() OVER (ORDER BY id ROWS 1 PRECEDING) FROM kinds
SELECT row_number() FROM kinds
SELECT abs(id) OVER () FROM kinds
SELECT max(id) FILTER (WHERE b) OVER () FROM kinds
SELECT count(DISTINCT id) OVER () FROM kinds
SELECT array_agg(id ORDER BY v NULLS FIRST, id) FROM kinds
SELECT array_agg(id) FILTER (WHERE id > 5) FROM kinds
SELECT listagg(v, ',') WITHIN GROUP (ORDER BY id) FROM kinds
SELECT listagg(v) FROM kinds
SELECT max(id) FILTER (WHERE max(id) > 1) FROM kinds
SELECT grouping(id) FROM kinds
SELECT grouping(v) FROM kinds GROUP BY id
SELECT id, grouping(id) FROM kinds GROUP BY id ORDER BY 1 LIMIT 1
SELECT count(*) FROM kinds GROUP BY GROUPING SETS (id + 1)
SELECT count(*) FROM kinds GROUP BY ROLLUP (1)
SELECT count(*) FROM kinds GROUP BY ()
SELECT count(*) FROM kinds WHERE false GROUP BY ()
SELECT count(*) FROM kinds WHERE false GROUP BY id
SELECT count(*) FROM kinds WHERE false GROUP BY GROUPING SETS ((), (id))
SELECT count(*), id FROM kinds GROUP BY id, () ORDER BY 2
SELECT a FROM kinds GROUP BY a ORDER BY cardinality(a), a
SELECT m FROM kinds WHERE id = 1 GROUP BY m
SELECT count(*) FROM (SELECT o FROM kinds GROUP BY o)
SELECT DISTINCT m FROM kinds WHERE id IN (1, 2)
SELECT m = m FROM kinds ORDER BY id
SELECT m < m FROM kinds
SELECT a < a FROM kinds ORDER BY id
SELECT id FROM kinds ORDER BY m
SELECT id FROM kinds ORDER BY a, id
SELECT id FROM kinds ORDER BY o, id
SELECT x -> x + 1
SELECT transform(array[1], x -> y)
SELECT transform(array[1], (x, y) -> x)
SELECT transform(array[1], 1)
SELECT transform(array[1], id -> id + 1)
SELECT transform(array[id], id -> id + 1) FROM kinds WHERE id = 1
SELECT filter(array[1, 2], x -> x)
SELECT transform(array[1, 2], x -> (SELECT x))
SELECT transform(array[1, 2], x -> max(x))
SELECT (SELECT max(cardinality(filter(q.a, x -> x > k.id))) FROM kinds AS q WHERE q.id = k.id) FROM kinds AS k ORDER BY k.id
SELECT (SELECT array_agg(q.id ORDER BY q.id) FROM kinds AS q WHERE any_match(q.a, x -> x = k.id)) FROM kinds AS k ORDER BY k.id
SELECT k.id FROM kinds AS k WHERE EXISTS (SELECT 1 FROM kinds AS q WHERE any_match(q.a, x -> x > k.id) AND q.id = k.id) ORDER BY 1
SELECT k.id, (SELECT sum(reduce(q.a, k.id, (s, x) -> s + coalesce(x, 0), s -> s)) FROM kinds AS q WHERE q.id <= k.id) FROM kinds AS k ORDER BY 1
SELECT k.id, (SELECT max(transform_values(q.m, (n, x) -> x + k.id)['a']) FROM kinds AS q WHERE q.id IN (1, 6)) FROM kinds AS k ORDER BY 1
SELECT k.id, q.z FROM kinds AS k CROSS JOIN LATERAL (SELECT transform(k.a, x -> x * k.id) AS z) AS q ORDER BY 1
SELECT k.id, q.z FROM kinds AS k CROSS JOIN LATERAL (SELECT count(*) AS z FROM readings AS r WHERE contains(transform(k.a, x -> x + r.level), k.id)) AS q ORDER BY 1
SELECT try(1 / 0)
SELECT try(cast('x' AS integer)), try(1), try(null)
SELECT try(id / 0) FROM kinds ORDER BY id
SELECT CASE WHEN true THEN 1 ELSE 1 / 0 END
SELECT CASE WHEN id > 0 THEN 1 ELSE 1 / 0 END FROM kinds ORDER BY id
SELECT CASE WHEN id > 0 THEN id ELSE id / 0 END FROM kinds ORDER BY id
SELECT if(id > 0, id, id / (id - id)) FROM kinds ORDER BY id
SELECT coalesce(id, id / 0) FROM kinds ORDER BY id
SELECT coalesce(1, 1 / 0)
SELECT if(true, 1, 1 / 0), if(false, 1 / 0, 2)
SELECT nullif(1, 1 / 0)
SELECT true OR 1 / 0 = 1
SELECT false AND 1 / 0 = 1
SELECT id FROM kinds WHERE id = 1 OR id / 0 = 1
SELECT id FROM kinds WHERE id IS NULL AND id / 0 = 1
SELECT id FROM (SELECT id, 10 / (id - 1) AS q FROM kinds WHERE id > 1) WHERE q > 2 ORDER BY 1
SELECT id FROM kinds WHERE id > 1 AND 10 / (id - 1) > 2 ORDER BY 1
SELECT id FROM kinds WHERE CASE WHEN id > 1 THEN 10 / (id - 1) > 2 ELSE false END ORDER BY 1
SELECT count(*) FROM kinds WHERE 1 / 0 = 1 AND false
SELECT 1 / 0 FROM kinds WHERE false
SELECT sum(1 / (id - 1)) FROM kinds WHERE id > 1
SELECT max(1 / 0) FROM kinds WHERE id > 100
SELECT * FROM kinds MATCH_RECOGNIZE (ORDER BY id MEASURES FIRST(A.id) AS f PATTERN (A+) DEFINE A AS true)
SELECT * FROM kinds FOR VERSION AS OF 1
SELECT * FROM "kinds$partitions"
SELECT "$path" IS NOT NULL FROM kinds WHERE id = 1
SELECT "$file_size" > 0 FROM kinds WHERE id = 1
SELECT * FROM information_schema.tables WHERE table_name = 'kinds'
SELECT table_name FROM information_schema.tables WHERE table_schema = 'differential' ORDER BY 1
SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'differential' AND table_name = 'kinds' ORDER BY ordinal_position
SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'differential'
SELECT * FROM pg_tables
SELECT * FROM duckdb_tables()
SELECT * FROM pragma_version()
SELECT getenv('HOME')
SELECT current_setting('memory_limit')
PRAGMA version
SET memory_limit = '1GB'
ATTACH 'x' AS y
COPY kinds TO 'x'
INSTALL httpfs
LOAD httpfs
CALL x()
BEGIN
COMMIT
CHECKPOINT
EXPORT DATABASE 'x'
SELECT nullif((SELECT max(x) FROM UNNEST(filter(t.l, e -> e > t.i)) AS u (x)), 2) AS s FROM (VALUES (1, array[1, 2]), (0, array[3, 4])) AS t (i, l) ORDER BY i
SELECT (SELECT max(x) FROM UNNEST(filter(array[k.id, 2], e -> e > k.id)) AS u (x)) AS s FROM kinds k ORDER BY 1
