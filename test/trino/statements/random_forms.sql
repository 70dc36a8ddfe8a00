-- Six hundred of -generate 3000 -seed 7 -chapter random_forms: those that found something, and of the others the most unlike.
SELECT map(array['k'], array[o])['k'].x FROM kinds ORDER BY id
SELECT (a > 1) OR (b > 'a'), NOT (a = 1) FROM (VALUES (null, 'x'), (2, 'x'), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY a, b
SELECT max(element_at(array[1], 0)) FILTER (WHERE id > 100) FROM kinds
SELECT 100 FROM kinds UNION DISTINCT SELECT DISTINCT length('') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY 1 DESC NULLS LAST
SELECT try(map(array[1], array[2])[id + 5]) FROM kinds ORDER BY id
SELECT 007.50 / bigint '7'
SELECT row(array[id], v) BETWEEN (3, null) AND (3, null) FROM kinds ORDER BY id
SELECT k.id, u0, u1, u2 FROM kinds AS k, UNNEST(k.a, array[1, 2, null]) WITH ORDINALITY AS u (u0, u1, u2) WHERE k.id < 6 ORDER BY k.id, u0, u1, u2
SELECT k.id, k.v, u0 FROM kinds AS k, UNNEST(map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1) WHERE k.id < 6 ORDER BY 1, 3
SELECT k.id, (SELECT coalesce(max(q.p), 'none') FROM (SELECT r.level AS x, r.heat AS h, r.place AS p FROM readings AS r) AS q WHERE q.x = k.id AND q.h > 0) AS s FROM kinds AS k ORDER BY k.id
SELECT k.sensor, k.at, (SELECT max(q.p) FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE q.x = length(k.place) AND q.h > 0) AS s FROM readings AS k ORDER BY k.sensor, k.at
SELECT id, lag(id % 3, 2, -1) OVER (PARTITION BY v ORDER BY id ) AS w FROM kinds ORDER BY id
SELECT p / smallint '10' FROM kinds ORDER BY id
WITH a AS (SELECT level AS x, least(at, at) AS y FROM readings), b (x, y) AS (TABLE a) SELECT a.x, count(b.y) FROM a LEFT JOIN b ON a.x = b.x GROUP BY 1 ORDER BY 1
SELECT id, count(*) FROM kinds LEFT JOIN (SELECT level AS id, place AS c, level > 2 AS o FROM readings) AS w USING (id) GROUP BY id ORDER BY id, 2
WITH a AS (SELECT CASE WHEN (is_deleted OR level > 2) THEN CASE WHEN level > 2 THEN level ELSE level END ELSE strpos('North', 'ö😀') END AS x, concat('ö😀', '/', at) AS y FROM readings WHERE (sensor IS NULL)), b (x, y) AS (TABLE a) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
WITH a AS (SELECT level AS x, reverse(at) AS y FROM readings WHERE (at IS NULL)), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT count(*) FROM a CROSS JOIN b
SELECT array_agg(a ORDER BY b, a, b) FROM (VALUES (3, 'c'), (null, 'a'), (1, null), (null, null), (3, 'b'), (null, 'z'), (0, 'q')) AS t (a, b)
SELECT id, max(v), max(c) FROM kinds JOIN (SELECT level AS id, place AS c, level > 2 AS o FROM readings) AS w USING (id) GROUP BY id ORDER BY id, 2
SELECT place, sum(level) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY GROUPING SETS ((sensor, place), ()) HAVING count(*) > 2 ORDER BY 1, 2
SELECT array[cast(3 AS decimal(5,2)), bigint '7']
((SELECT p FROM kinds) EXCEPT ALL (SELECT DISTINCT f FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) UNION DISTINCT SELECT try_cast(place AS double) FROM readings WHERE (level > 2 AND null))) EXCEPT (SELECT coalesce(heat, -0.25e0) FROM readings UNION SELECT DISTINCT 1.5e0 FROM kinds) ORDER BY 1 DESC OFFSET 1 FETCH NEXT ROW WITH TIES
SELECT coalesce(cast(sensor AS varchar), '-') AS sensor, place, count(*) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY GROUPING SETS ((sensor, place), ()) ORDER BY 1 NULLS FIRST, 2, 3
SELECT k.id, (SELECT min(q.id) FROM kinds AS q WHERE q.id <= k.id AND any_match(q.a, x -> x > k.id)) FROM kinds AS k ORDER BY 1
SELECT id, count((p + 0e0)) OVER (PARTITION BY cast(id AS varchar) ORDER BY id DESC RANGE CURRENT ROW) AS w FROM kinds ORDER BY id
((SELECT DISTINCT CASE WHEN level > 2 THEN level > 2 ELSE is_deleted END FROM readings) EXCEPT ALL (SELECT DISTINCT (at BETWEEN place AND '12') FROM readings INTERSECT SELECT DISTINCT least(level > 2, is_deleted) FROM readings)) INTERSECT (SELECT DISTINCT CASE WHEN o THEN o ELSE o END FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) UNION SELECT CASE WHEN b THEN true ELSE null END FROM kinds) INTERSECT ALL SELECT (b OR null) FROM kinds WHERE (id % 3 BETWEEN id AND id % 3) ORDER BY 1 DESC OFFSET 1 FETCH NEXT ROW WITH TIES
SELECT cast(cast(cast('x' AS char(3)) AS varchar) AS char(5)) = cast(cast('ö😀' AS char(3)) AS char(5))
WITH a AS (SELECT (length(place) + try_cast(at AS integer)) AS x, cast(length(place) AS varchar) AS y FROM readings WHERE (length(place) > 1)), b AS (SELECT DISTINCT x, y FROM a) SELECT count(*) FROM a CROSS JOIN b
SELECT nullif(cast(null AS decimal(7,3)), decimal '0.00000000000000000000000000000000000001')
((SELECT greatest(i IS NULL, b) FROM kinds WHERE (v LIKE '%ö%') UNION DISTINCT SELECT DISTINCT (level > 2 OR null) FROM readings WHERE level > 2) EXCEPT (SELECT DISTINCT (c LIKE '%e%') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE CASE WHEN o THEN true ELSE o END UNION ALL SELECT DISTINCT (level > 2 AND is_deleted) FROM readings)) EXCEPT (SELECT DISTINCT i IS NULL FROM kinds UNION ALL SELECT greatest(level > 2, is_deleted) FROM readings) ORDER BY 1 OFFSET 1 FETCH NEXT ROW WITH TIES
SELECT sensor, grouping(sensor), avg(level) FROM readings GROUP BY place, ROLLUP (sensor) HAVING count(*) > 2 ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3
SELECT CASE WHEN id < 0 THEN map(array[1], array[2])[id + 5] ELSE id END FROM kinds ORDER BY id
SELECT cast(cast(from_iso8601_timestamp(at) AS date) AS varchar) FROM readings WHERE is_deleted INTERSECT SELECT c FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (n BETWEEN n AND n) EXCEPT SELECT DISTINCT split_part('', 'e', 1) FROM kinds WHERE ('ö😀' BETWEEN cast(id AS varchar) AND cast(id AS varchar)) ORDER BY 1 DESC LIMIT 5
SELECT array[cast(-2.5e0 AS decimal(3,1)), 007.50]
SELECT k.id, reduce(k.a, 0, (s, x) -> s + coalesce(x, 0), s -> s * k.id) FROM kinds AS k ORDER BY 1
SELECT typeof(coalesce(cast(cast('ab  ' AS varchar(6)) AS char(6)), char 'ab '))
SELECT DISTINCT strpos(c, 'a') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o UNION ALL SELECT DISTINCT sign(t) FROM kinds ORDER BY 1 FETCH FIRST 2 ROWS ONLY
WITH a AS (SELECT id AS x, CASE WHEN i IS NULL THEN v ELSE 'ö😀' END AS y FROM kinds), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
SELECT max(2147483647 + id) FILTER (WHERE id > 100) FROM kinds
SELECT try_cast(c AS integer) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (f BETWEEN f AND f) UNION SELECT n FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY 1 DESC NULLS LAST FETCH FIRST 2 ROWS ONLY
SELECT k.id, u0, u1, u2, u3 FROM kinds AS k INNER JOIN UNNEST(sequence(1, k.id), array[row(1, 'r'), row(k.id, null)]) WITH ORDINALITY AS u (u0, u1, u2, u3) ON true ORDER BY k.id, u0, u1, u2, u3
SELECT id, max(greatest(i IS NULL, i IS NULL)) OVER (PARTITION BY cast(id AS varchar) ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS w FROM kinds ORDER BY id
SELECT id, max(v), max(c) FROM kinds LEFT JOIN (SELECT id + 1 AS id, v AS c, b AS o FROM kinds) AS w USING (id) GROUP BY id ORDER BY id, 2
SELECT DISTINCT coalesce(day, day) FROM kinds UNION SELECT DISTINCT date_trunc('year', from_iso8601_date(substr(at, 1, 10))) FROM readings ORDER BY 1 NULLS FIRST OFFSET 1 FETCH NEXT ROW WITH TIES
SELECT id, last_value(trim(cast(id AS varchar))) IGNORE NULLS OVER (PARTITION BY (NOT b) ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS w FROM kinds ORDER BY id
SELECT coalesce(cast(place AS varchar), '-') AS place, avg(level) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY GROUPING SETS ((place), (place)) ORDER BY 1, 2
WITH a AS (SELECT day_of_week((d + interval '1' month)) AS x, c AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (NOT o)), b AS (TABLE a) SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2
WITH a AS (SELECT CASE WHEN CASE WHEN true THEN o ELSE o END THEN CASE WHEN null THEN n ELSE 100 END ELSE bitwise_and(n, 5) END AS x, least(c, c) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
SELECT k.id, (SELECT count(*) FROM kinds AS q WHERE q.id <= k.id AND any_match(q.a, x -> x > k.id)) FROM kinds AS k ORDER BY 1
SELECT k.id, u0, u1, u2, u3 FROM kinds AS k INNER JOIN UNNEST(map(array['x', 'y'], array[k.id, 0]), k.a) WITH ORDINALITY AS u (u0, u1, u2, u3) ON true ORDER BY k.id, u0, u1, u2, u3
SELECT k.id, u0 IS NULL FROM kinds AS k LEFT JOIN UNNEST(k.m) WITH ORDINALITY AS u (u0, u1, u2) ON true ORDER BY 1, 2
SELECT sensor, at, sum(least(length(place), level)) OVER (ORDER BY sensor, at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS w FROM readings ORDER BY sensor, at
SELECT sensor, at, last_value(level) RESPECT NULLS OVER (ORDER BY sensor, at ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS w FROM readings ORDER BY sensor, at
SELECT k.id, filter(k.a, x -> true) FROM kinds AS k ORDER BY 1
WITH a AS (SELECT 42 AS x, coalesce('12', v) AS y FROM kinds WHERE (date '1999-12-31' BETWEEN day AND day)), b (x, y) AS (SELECT DISTINCT x, y FROM a) SELECT count(*), count(x), min(y), max(y), sum(x) FROM b
SELECT mod(.5, 2.5e0)
SELECT max(s / (id - id)) FILTER (WHERE id > 100) FROM kinds
SELECT k.id, u0 IS NULL FROM kinds AS k INNER JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2) ON true WHERE k.id < 6 ORDER BY 1, 2
SELECT k.id, k.v, u0 FROM kinds AS k INNER JOIN UNNEST(sequence(1, k.id), map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2, u3) ON true WHERE k.id < 6 ORDER BY 1, 3
SELECT id, max(v), max(c) FROM kinds RIGHT JOIN (VALUES (1, 'a', true), (2, null, false), (null, 'one', null), (6, 'one', true)) AS w (n, c, o) USING (id) GROUP BY id ORDER BY id, 2
SELECT array_agg(a ORDER BY a DESC, a, b) FROM (VALUES (null, 'x'), (2, 'x'), (null, 'z'), (0, 'q')) AS t (a, b)
SELECT day_of_week(with_timezone(timestamp '2021-03-14 03:00:00', 'America/New_York')), week(with_timezone(timestamp '2021-03-14 03:00:00', 'America/New_York')), year_of_week(with_timezone(timestamp '2021-03-14 03:00:00', 'America/New_York'))
SELECT count(*) FROM readings GROUP BY GROUPING SETS ((), ()) ORDER BY 1
SELECT n, c, f, d, o, nth_value(date_trunc('quarter', d), 2) IGNORE NULLS OVER (PARTITION BY c ORDER BY n, c, f, d, o ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT id, avg(CASE WHEN i IS NULL THEN 0 ELSE t END) OVER (ORDER BY t RANGE UNBOUNDED PRECEDING) AS w FROM kinds ORDER BY id
SELECT k.sensor, k.at, (SELECT count(q.h) FROM (SELECT r.level AS x, r.heat AS h, r.place AS p FROM readings AS r) AS q WHERE q.x = length(k.place)) AS s FROM readings AS k ORDER BY k.sensor, k.at
WITH a AS (SELECT cast(round(p, 1) AS integer) AS x, 'North' AS y FROM kinds), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT * FROM b ORDER BY 1, 2
SELECT n, c, f, d, o, min(date_trunc('month', d)) OVER (PARTITION BY (d IS NULL) ORDER BY n NULLS FIRST RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT cast('ab ' AS char(4)) IS DISTINCT FROM cast('abc' AS char(2))
SELECT typeof(coalesce('ab  ', cast('ab' AS varchar(10))))
SELECT k.id, count(*) FROM kinds AS k INNER JOIN UNNEST(sequence(1, k.id), map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1, u2) ON true WHERE k.id < 6 GROUP BY k.id ORDER BY 1, 2
SELECT k.id, count(*) FROM kinds AS k, UNNEST(map(array['x', 'y'], array[k.id, 0]), filter(k.a, x -> x > k.id)) WITH ORDINALITY AS u (u0, u1, u2, u3) GROUP BY k.id ORDER BY 1, 2
SELECT n, c, f, d, o, lead(c, 1, 'none') IGNORE NULLS OVER (ORDER BY n, c, f, d, o ) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT map(array[1], array[2])[id + 5]
SELECT k.id, count(*) FROM kinds AS k LEFT JOIN UNNEST(k.a, map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2, u3) ON true GROUP BY k.id ORDER BY 1, 2
SELECT coalesce(1.10, 007.50)
SELECT id, dense_rank() OVER (PARTITION BY b ORDER BY id ) AS w FROM kinds ORDER BY id
SELECT max(cast(300 + id AS tinyint)) FILTER (WHERE id > 100) FROM kinds
WITH a AS (SELECT id % 3 AS x, cast(id AS varchar) AS y FROM kinds WHERE b), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
WITH a AS (SELECT n AS x, regexp_replace(c, '[aeiou]', '_') AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE least(o, o)), b (x, y) AS (WITH a AS (SELECT x + 1 AS x, y FROM a) SELECT x, upper(y) AS y FROM a) SELECT * FROM b ORDER BY 1, 2
SELECT count(s / (id - id)) FROM kinds WHERE id > 100
SELECT x, count(*) FROM (VALUES decimal '123456789012345678.12', decimal '0.00000000000000000000000000000000000001', .5) AS t (x) GROUP BY x ORDER BY x
WITH a AS (SELECT (CASE WHEN null THEN 42 ELSE 1 END / 7) AS x, lpad(c, 4, '-') AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (c LIKE 'o_e')), b (x, y) AS (SELECT x, y FROM a WHERE x IS NOT NULL) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
SELECT k.id, u0, u1, u2, u3 FROM kinds AS k CROSS JOIN UNNEST(map(array['x', 'y'], array[k.id, 0]), map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1, u2, u3) ORDER BY k.id, u0, u1, u2, u3
SELECT k.id, transform_values(k.m, (m, x) -> x + k.id) FROM kinds AS k ORDER BY 1
SELECT sensor, at, count(*) OVER (ORDER BY level > 2 DESC NULLS LAST, sensor, at GROUPS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS w FROM readings ORDER BY sensor, at
SELECT greatest(from_unixtime(0) AT TIME ZONE '+05:30', timestamp '1999-12-31 00:00:00 +05:30') = from_unixtime(0) AT TIME ZONE '+05:30'
SELECT id, sum(-7) OVER (PARTITION BY (date '2024-03-01' IS NOT NULL) ORDER BY id ROWS 1 PRECEDING) AS w FROM kinds ORDER BY id
SELECT id, first_value(CASE WHEN false THEN 0e0 ELSE cast(s AS double) END) IGNORE NULLS OVER (PARTITION BY false ORDER BY b, id GROUPS 1 PRECEDING) AS w FROM kinds ORDER BY id
SELECT k.id, k.v, u0 FROM kinds AS k INNER JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1) ON true WHERE k.id < 6 ORDER BY 1, 3
WITH a AS (SELECT nullif(coalesce(level, 42), CASE WHEN is_deleted THEN level ELSE level END) AS x, split_part(sensor, 'e', 1) AS y FROM readings), b (x, y) AS (SELECT DISTINCT x, y FROM a) SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2
SELECT k.id, filter(k.a, x -> x IS NULL) FROM kinds AS k ORDER BY 1
(SELECT level FROM readings) EXCEPT ALL (SELECT DISTINCT (t + 1) FROM kinds INTERSECT SELECT try_cast(cast(id AS varchar) AS integer) FROM kinds WHERE true) ORDER BY 1 DESC OFFSET 1 FETCH NEXT ROW WITH TIES
SELECT k.sensor, k.at, (SELECT count(q.h) FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE q.x = length(k.place)) AS s FROM readings AS k ORDER BY k.sensor, k.at
SELECT id FROM kinds WHERE id > 0 OR 1 / 0 > 0 ORDER BY id
WITH a AS (SELECT nullif(n, n) AS x, lower(c) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
SELECT k.id, count(*) FROM kinds AS k LEFT JOIN UNNEST(split(k.v, 'e'), array['p', 'q']) WITH ORDINALITY AS u (u0, u1, u2) ON true WHERE k.id < 6 GROUP BY k.id ORDER BY 1, 2
SELECT id, count(*) FROM kinds JOIN (SELECT level AS id, place AS c, level > 2 AS o FROM readings) AS w USING (id) GROUP BY id ORDER BY id, 2
SELECT k.id, u0 IS NULL FROM kinds AS k CROSS JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2) ORDER BY 1, 2
SELECT x, count(*) FROM (VALUES cast(3 AS decimal(5,2)), 2.5e0, .5) AS t (x) GROUP BY x ORDER BY x
SELECT place, grouping(place), is_deleted, grouping(is_deleted), count(DISTINCT level) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY CUBE (place, is_deleted) HAVING count(*) > 2 ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST, 4, 5
SELECT CASE id WHEN 100 THEN map(array[1], array[2])[id + 5] WHEN id THEN id * 2 ELSE map(array[1], array[2])[id + 5] END FROM kinds ORDER BY id
SELECT place, is_deleted, sum(level) FROM readings GROUP BY ROLLUP (place), CUBE (is_deleted) ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST
((SELECT is_deleted FROM readings WHERE least(level > 2, level > 2)) EXCEPT ALL (SELECT o FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE coalesce(o, o) INTERSECT ALL SELECT (level NOT IN (level, 0)) FROM readings) EXCEPT ALL SELECT (true OR i IS NULL) FROM kinds WHERE nullif(i IS NULL, i IS NULL)) EXCEPT (SELECT DISTINCT (cast(id AS varchar) LIKE 's%') FROM kinds WHERE CASE WHEN i IS NULL THEN b ELSE b END INTERSECT ALL SELECT DISTINCT CASE WHEN o THEN o ELSE o END FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)) ORDER BY 1 DESC FETCH FIRST 2 ROWS ONLY
SELECT count(*) FROM readings GROUP BY GROUPING SETS ((place), (place)) ORDER BY 1
SELECT max(cast(cast('x' AS varchar) AS integer)) FILTER (WHERE id > 100) FROM kinds
SELECT json_format(cast(cast(3 AS decimal(5,2)) AS json))
WITH a AS (SELECT least(year(d), greatest(n, 42)) AS x, concat('North', '/', c) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o), b AS (SELECT DISTINCT x, y FROM a) SELECT b.* FROM b WHERE x IN (SELECT x FROM a WHERE y > 'a') ORDER BY 1, 2
SELECT k.id, k.v, u0 FROM kinds AS k LEFT JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1) ON true ORDER BY 1, 3
SELECT k.id, map_filter(k.m, (y, x) -> true) FROM kinds AS k ORDER BY 1
SELECT k.id, none_match(k.a, x -> x IN (1, 5, 9)) FROM kinds AS k ORDER BY 1
SELECT typeof('' || '')
SELECT id, CASE WHEN false THEN cast(cast('x' AS varchar) AS integer) END AS c FROM kinds WHERE CASE WHEN id < 3 THEN true ELSE cast(cast('x' AS varchar) AS integer) IS NULL END ORDER BY id
SELECT k.id, k.v, u0 FROM kinds AS k INNER JOIN UNNEST(array[row(1, 'r'), row(k.id, null)], map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1, u2, u3) ON true WHERE k.id < 6 ORDER BY 1, 3
SELECT place, grouping(place), count(DISTINCT level) FROM readings GROUP BY GROUPING SETS ((place), (place)) HAVING count(*) > 2 ORDER BY 1, 2, 3
SELECT place, count_if(level > 2) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY ROLLUP (sensor, place) HAVING count(*) > 2 ORDER BY 1 NULLS FIRST, 2 NULLS FIRST
WITH a AS (SELECT (least(n, n) + (n % -3)) AS x, coalesce('12', c) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)), b AS (TABLE a) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
SELECT id, min(round(p, 1)) OVER (ORDER BY i IS NULL, id GROUPS UNBOUNDED PRECEDING) AS w FROM kinds ORDER BY id
WITH a AS (SELECT CASE WHEN o THEN (-7 % -3) ELSE least(42, n) END AS x, coalesce(c, c) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)), b (x, y) AS (SELECT x, y FROM a WHERE x IS NOT NULL) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
SELECT array_agg(a ORDER BY a DESC NULLS LAST, b DESC, a DESC) FROM (VALUES (null, 'x'), (2, 'x'), (null, 'z'), (0, 'q')) AS t (a, b)
SELECT k.sensor, k.at, k.level + 1 NOT IN (SELECT q.x FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE q.x IS NOT NULL) AS m FROM readings AS k ORDER BY k.sensor, k.at
SELECT id, lag(id, 0) IGNORE NULLS OVER (ORDER BY id ) AS w FROM kinds ORDER BY id
(SELECT DISTINCT cast(cast(from_iso8601_timestamp(at) AS date) AS varchar) FROM readings WHERE (true AND is_deleted)) EXCEPT ALL (SELECT c FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (0e0 IS NOT NULL) INTERSECT SELECT DISTINCT cast(-7 AS varchar) FROM readings WHERE (1e3 IS NULL)) INTERSECT SELECT lower(cast(id AS varchar)) FROM kinds UNION ALL SELECT DISTINCT nullif('North', 'ö😀') FROM readings ORDER BY 1 DESC NULLS LAST FETCH FIRST 2 ROWS ONLY
SELECT sum(level) FROM readings GROUP BY () ORDER BY 1
SELECT k.id, (SELECT max(cardinality(any_match(k.a, x -> x > k.id))) FROM kinds AS q WHERE q.id <= k.id AND any_match(q.a, x -> x > k.id)) FROM kinds AS k ORDER BY 1
SELECT o IS DISTINCT FROM row(1, 'one') FROM kinds ORDER BY id
WITH a AS (SELECT level AS x, (at || at) AS y FROM readings WHERE is_deleted), b (x, y) AS (TABLE a) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
WITH a AS (SELECT -7 AS x, upper(c) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o), b (x, y) AS (WITH a AS (SELECT x + 1 AS x, y FROM a) SELECT x, upper(y) AS y FROM a) SELECT * FROM b ORDER BY 1, 2
SELECT sensor, at, cume_dist() OVER (PARTITION BY (level > 2 AND level > 2) ORDER BY sensor, at ) AS w FROM readings ORDER BY sensor, at
SELECT date_add('day', 1, timestamp '2021-03-14 03:00:00 -08:00')
SELECT max(map(array[1], array[2])[id + 5]) FILTER (WHERE id > 100) FROM kinds
SELECT id FROM kinds WHERE id > 0 OR cast(300 + id AS tinyint) > 0 ORDER BY id
SELECT CASE WHEN true THEN cast('x' AS integer) ELSE id * 2 END FROM kinds ORDER BY id
((SELECT DISTINCT CASE WHEN level > 2 THEN level > 2 ELSE level > 2 END FROM readings WHERE (date '2020-02-29' BETWEEN from_iso8601_date(substr(at, 1, 10)) AND cast(from_iso8601_timestamp(at) AS date))) EXCEPT ALL (SELECT (cast(from_iso8601_timestamp(at) AS date) IN (from_iso8601_date(substr(at, 1, 10)), date '1999-12-31')) FROM readings UNION SELECT (NOT o) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o))) EXCEPT (SELECT level > 2 FROM readings INTERSECT ALL SELECT is_deleted FROM readings) ORDER BY 1 OFFSET 1 FETCH NEXT ROW WITH TIES
(SELECT last_day_of_month(cast(from_iso8601_timestamp(at) AS date)) FROM readings) INTERSECT ALL (SELECT DISTINCT date_trunc('year', date '2024-03-01') FROM kinds EXCEPT SELECT nullif(cast(ts AS date), cast(ts AS date)) FROM kinds WHERE (1e3 BETWEEN p AND 0e0)) INTERSECT SELECT DISTINCT date_add('week', 5, date '2020-02-29') FROM readings EXCEPT ALL SELECT date_add('day', 1, d) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (n BETWEEN 0 AND 0) ORDER BY 1 DESC NULLS LAST OFFSET 2 LIMIT 3
SELECT k.id, k.v, u0 FROM kinds AS k CROSS JOIN UNNEST(split(k.v, 'e')) AS u (u0) WHERE k.id < 6 ORDER BY 1, 3
SELECT a, rank() OVER (ORDER BY a DESC) AS n FROM (VALUES (1, null), (1, null), (2, null), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY n, a
SELECT k.id, u0 IS NULL FROM kinds AS k LEFT JOIN UNNEST(k.m, map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1, u2, u3) ON true WHERE k.id < 6 ORDER BY 1, 2
SELECT typeof(cast(2.5e0 AS decimal(3,0)) / real '1.25')
SELECT (o).x FROM kinds ORDER BY id
SELECT k.id, u0, u1, u2 FROM kinds AS k INNER JOIN UNNEST(k.a, map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1, u2) ON true ORDER BY k.id, u0, u1, u2
SELECT id, max(v), max(c) FROM kinds JOIN (VALUES (1, 'a', true), (2, null, false), (null, 'one', null), (6, 'one', true)) AS w (n, c, o) USING (id) GROUP BY id ORDER BY id, 2
SELECT k.id, count(*) FROM kinds AS k, UNNEST(map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1) WHERE k.id < 6 GROUP BY k.id ORDER BY 1, 2
WITH a AS (SELECT (-(s) - day_of_week(cast(ts AS date))) AS x, cast(id % 3 AS varchar) AS y FROM kinds WHERE b), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT count(*) FROM a CROSS JOIN b
SELECT date(timestamp '2021-11-07 00:00:00 Asia/Kolkata')
SELECT o FROM kinds ORDER BY id
SELECT id, avg((s % -3)) OVER (PARTITION BY b ORDER BY id DESC NULLS FIRST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS w FROM kinds ORDER BY id
SELECT n, c, f, d, o, cume_dist() OVER (PARTITION BY c ORDER BY n, c, f, d, o ) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT greatest(a, 1), least(b, 'm') FROM (VALUES (1, null), (1, null), (2, null), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY a, b
SELECT k.id, u0, u1, u2, u3 FROM kinds AS k, UNNEST(array[1, 2, null], map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2, u3) WHERE k.id < 6 ORDER BY k.id, u0, u1, u2, u3
SELECT round(cast(-2.5e0 AS decimal(3,1)))
SELECT cast(cast('x' AS varchar) AS integer) FROM kinds WHERE id > 100
SELECT k.id, u0 IS NULL FROM kinds AS k INNER JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1) ON true WHERE k.id < 6 ORDER BY 1, 2
SELECT k.id, u0, u1, u2, u3 FROM kinds AS k INNER JOIN UNNEST(k.m, map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1, u2, u3) ON true ORDER BY k.id, u0, u1, u2, u3
((SELECT DISTINCT lpad('', 4, '-') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) EXCEPT ALL SELECT v FROM kinds WHERE (b OR false)) INTERSECT (SELECT c FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) UNION SELECT DISTINCT date_format(date '1999-12-31', '%Y/%j') FROM kinds)) UNION ALL (SELECT CASE WHEN o THEN c ELSE 'ö😀' END FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) INTERSECT ALL SELECT substr(cast(id AS varchar), 1, 3) FROM kinds WHERE least(false, null)) ORDER BY 1 DESC LIMIT 5
SELECT k.id, u0, u1, u2, u3 FROM kinds AS k CROSS JOIN UNNEST(array[row(1, 'r'), row(k.id, null)], k.a) WITH ORDINALITY AS u (u0, u1, u2, u3) WHERE k.id < 6 ORDER BY k.id, u0, u1, u2, u3
WITH a AS (SELECT year(date_add('day', -1, cast(from_iso8601_timestamp(at) AS date))) AS x, CASE WHEN level > 2 THEN at ELSE sensor END AS y FROM readings), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT count(*), count(x), min(y), max(y), sum(x) FROM b
WITH a AS (SELECT CASE WHEN b THEN abs(42) ELSE id % 3 END AS x, replace('North', 'o', '00') AS y FROM kinds), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
(SELECT DISTINCT (NOT b) FROM kinds) INTERSECT ALL (SELECT DISTINCT (cast(id AS varchar) BETWEEN cast(id AS varchar) AND cast(id AS varchar)) FROM kinds WHERE (i IS NULL OR i IS NULL) UNION DISTINCT SELECT DISTINCT (id % 3 <> id) FROM kinds) UNION SELECT (date '2024-03-01' IS NULL) FROM kinds WHERE CASE WHEN true THEN b ELSE true END ORDER BY 1 DESC FETCH FIRST 2 ROWS ONLY
SELECT cast(2.5e0 AS decimal(3,0)) * smallint '10'
(SELECT DISTINCT reverse(sensor) FROM readings UNION SELECT concat('12', '/', cast(id AS varchar)) FROM kinds WHERE (b OR false)) INTERSECT (SELECT DISTINCT trim(v) FROM kinds INTERSECT ALL SELECT greatest(cast(id AS varchar), cast(id AS varchar)) FROM kinds WHERE (b AND i IS NULL)) EXCEPT SELECT DISTINCT regexp_replace('one', '[aeiou]', '_') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY 1 DESC OFFSET 2 LIMIT 3
SELECT k.id, k.v, u0 FROM kinds AS k INNER JOIN UNNEST(map(array['x', 'y'], array[k.id, 0]), k.m) WITH ORDINALITY AS u (u0, u1, u2, u3, u4) ON true ORDER BY 1, 3
((SELECT (date '2024-03-01' + interval '1' month) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (o AND true)) UNION (SELECT date_trunc('quarter', day) FROM kinds INTERSECT ALL SELECT DISTINCT (cast(ts AS date) + interval '1' month) FROM kinds WHERE b)) UNION (SELECT DISTINCT date_trunc('month', cast(from_iso8601_timestamp(at) AS date)) FROM readings INTERSECT SELECT DISTINCT (cast(from_iso8601_timestamp(at) AS date) + interval '1' month) FROM readings WHERE greatest(level > 2, true)) INTERSECT ALL SELECT greatest(day, day) FROM kinds ORDER BY 1 LIMIT 5
SELECT greatest(timestamp '2021-11-07 03:00:00 UTC', timestamp '1999-12-31 02:30:00.123 UTC' AT TIME ZONE 'UTC') = timestamp '2021-11-07 03:00:00 UTC'
SELECT k.id, u0 IS NULL FROM kinds AS k LEFT JOIN UNNEST(array[row(1, 'r'), row(k.id, null)], map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2, u3, u4) ON true ORDER BY 1, 2
SELECT coalesce(try(element_at(array[1], 0)), null) FROM kinds ORDER BY id
(SELECT DISTINCT least(c, c) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE nullif(o, o) EXCEPT ALL SELECT DISTINCT trim('12') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o) INTERSECT (SELECT DISTINCT lower(v) FROM kinds WHERE false INTERSECT ALL SELECT DISTINCT reverse(at) FROM readings WHERE level > 2) UNION ALL SELECT DISTINCT cast(length(place) AS varchar) FROM readings WHERE CASE WHEN is_deleted THEN level > 2 ELSE is_deleted END ORDER BY 1 DESC
SELECT k.id, k.v, u0 FROM kinds AS k, UNNEST(filter(k.a, x -> x > k.id)) AS u (u0) ORDER BY 1, 3
SELECT sensor, at, percent_rank() OVER (ORDER BY sensor, at ) AS w FROM readings ORDER BY sensor, at
SELECT k.id, k.v, u0 FROM kinds AS k, UNNEST(filter(k.a, x -> x > k.id), map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1, u2) WHERE k.id < 6 ORDER BY 1, 3
SELECT k.id, u0 IS NULL FROM kinds AS k, UNNEST(array[1, 2, null]) WITH ORDINALITY AS u (u0, u1) WHERE k.id < 6 ORDER BY 1, 2
SELECT cast(cast('1.555' AS decimal(10,2)) AS decimal(38,0))
WITH a AS (SELECT year(nullif(d, d)) AS x, cast(d AS varchar) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (o AND null)), b (x, y) AS (SELECT DISTINCT x, y FROM a) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
WITH a AS (SELECT greatest(CASE WHEN true THEN level ELSE 0 END, sign(1)) AS x, (place || sensor) AS y FROM readings WHERE ('12' LIKE 'o_e')), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT a.x, count(b.y) FROM a LEFT JOIN b ON a.x = b.x GROUP BY 1 ORDER BY 1
SELECT max(x), min(x) FROM (VALUES cast('ab' AS char(4)), 'ab') AS t (x)
SELECT k.sensor, k.at, k.level + 1 NOT IN (SELECT q.x FROM (SELECT r.level AS x, r.heat AS h, r.place AS p FROM readings AS r) AS q WHERE true) AS m FROM readings AS k ORDER BY k.sensor, k.at
SELECT k.id, u0 IS NULL FROM kinds AS k CROSS JOIN UNNEST(split(k.v, 'e'), k.m) WITH ORDINALITY AS u (u0, u1, u2, u3) ORDER BY 1, 2
SELECT b, row_number() OVER (ORDER BY a NULLS FIRST, b DESC, a DESC) AS n FROM (VALUES (3, 'c'), (null, 'a'), (1, null), (null, null), (3, 'b'), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY 2
SELECT -(decimal '-0.005')
SELECT id, count(*) FROM kinds FULL JOIN (SELECT level AS id, place AS c, level > 2 AS o FROM readings) AS w USING (id) GROUP BY id ORDER BY id, 2
SELECT timestamp '2021-03-28 12:00:00' + interval '13' year
SELECT round(decimal '0.00000000000000000000000000000000000001')
SELECT try_cast(.5 AS decimal(3,1))
WITH a AS (SELECT s AS x, reverse(v) AS y FROM kinds WHERE (-0.25e0 IN (p, 1e3))), b (x, y) AS (SELECT DISTINCT x, y FROM a) SELECT count(*) FROM a CROSS JOIN b
WITH a AS (SELECT least(cast(heat AS integer), -(-7)) AS x, CASE WHEN false THEN at ELSE at END AS y FROM readings WHERE (length(place) BETWEEN level AND level)), b AS (SELECT DISTINCT x, y FROM a) SELECT count(*), count(x), min(y), max(y), sum(x) FROM b
SELECT o < row(null, 'y') FROM kinds ORDER BY id
SELECT round(cast(2.5e0 AS decimal(3,0)))
WITH a AS (SELECT CASE WHEN (cast(ts AS date) NOT IN (day, date '2024-03-01')) THEN id ELSE id % 3 END AS x, v AS y FROM kinds WHERE true), b (x, y) AS (TABLE a) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
SELECT CASE WHEN id > 0 THEN id WHEN 1 / 0 = 1 THEN 0 END FROM kinds ORDER BY id
SELECT CASE WHEN id > 0 THEN id WHEN array[1][id] = 1 THEN 0 END FROM kinds ORDER BY id
SELECT cast(2.5e0 AS decimal(3,0)) % smallint '10'
SELECT a, rank() OVER (ORDER BY a DESC) AS n FROM (VALUES (null, 'x'), (2, 'x'), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY n, a
SELECT id, array_agg(s) OVER (PARTITION BY i IS NULL ORDER BY i IS NULL DESC NULLS LAST, id GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM kinds ORDER BY id
SELECT CASE WHEN true THEN cast(300 + id AS tinyint) ELSE id * 2 END FROM kinds ORDER BY id
SELECT is_deleted, count_if(level > 2) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY ROLLUP (place), CUBE (is_deleted) ORDER BY 1 NULLS FIRST, 2
WITH a AS (SELECT (id - year(day)) AS x, lower('one') AS y FROM kinds), b AS (SELECT x, y FROM a WHERE x IS NOT NULL) SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2
SELECT cast(2.5e0 AS decimal(3,0)) BETWEEN 2.5e0 AND 3
SELECT k.id, count(*) FROM kinds AS k, UNNEST(k.m) AS u (u0, u1) WHERE k.id < 6 GROUP BY k.id ORDER BY 1, 2
SELECT array_agg(a ORDER BY b DESC NULLS LAST, b DESC, a DESC) FROM (VALUES (1, null), (1, null), (2, null), (null, 'z'), (0, 'q')) AS t (a, b)
WITH a AS (SELECT (CASE WHEN level > 2 THEN length(place) ELSE level END % 2) AS x, lower(place) AS y FROM readings), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2
SELECT k.id, u0 IS NULL FROM kinds AS k CROSS JOIN UNNEST(array['p', 'q'], map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2, u3) WHERE k.id < 6 ORDER BY 1, 2
SELECT place, avg(level) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY place, ROLLUP (sensor) HAVING count(*) > 2 ORDER BY 1 NULLS FIRST, 2 NULLS FIRST
SELECT width_bucket(cast(real '0.1' AS decimal(20,10)), 0, 10, 4)
SELECT is_deleted, grouping(is_deleted), count(DISTINCT level) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY ROLLUP (place), CUBE (is_deleted) ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST
SELECT cast(row(.5) AS row(x decimal(38,4)))
SELECT k.id, u0, u1, u2, u3 FROM kinds AS k, UNNEST(k.a, array[row(1, 'r'), row(k.id, null)]) WITH ORDINALITY AS u (u0, u1, u2, u3) WHERE k.id < 6 ORDER BY k.id, u0, u1, u2, u3
SELECT nullif(row(id, v), row(null, 'y')) FROM kinds ORDER BY id
SELECT max(1 % 0) FILTER (WHERE id > 100) FROM kinds
SELECT id, nth_value((b AND false), 2) RESPECT NULLS OVER (PARTITION BY nullif(i IS NULL, b) ORDER BY i IS NULL, id GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS w FROM kinds ORDER BY id
SELECT count(1 / 0) FROM kinds WHERE id > 100
SELECT sensor, at, count(*) OVER (ORDER BY level RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING) AS w FROM readings ORDER BY sensor, at
WITH a AS (SELECT (CASE WHEN true THEN 42 ELSE t END / -3) AS x, coalesce(v, 'one') AS y FROM kinds WHERE coalesce(null, true)), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
SELECT k.id, filter(k.a, x -> any_match(k.a, y -> y = x)) FROM kinds AS k ORDER BY 1
SELECT id, max(v), max(c) FROM kinds FULL JOIN (SELECT id + 1 AS id, v AS c, b AS o FROM kinds) AS w USING (id) GROUP BY id ORDER BY id, 2
WITH a AS (SELECT CASE WHEN (i IS NULL OR b) THEN strpos('ö😀', '') ELSE date_diff('day', day, date '2020-02-29') END AS x, CASE WHEN b THEN 'one' ELSE cast(id AS varchar) END AS y FROM kinds), b AS (SELECT DISTINCT x, y FROM a) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
SELECT id, nth_value((null OR b), 2) IGNORE NULLS OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS w FROM kinds ORDER BY id
SELECT length(place) FROM readings WHERE (NOT level > 2) UNION DISTINCT SELECT DISTINCT strpos('', 'one') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) UNION ALL SELECT nullif(level, 100) FROM readings WHERE CASE WHEN is_deleted THEN level > 2 ELSE is_deleted END ORDER BY 1
SELECT CASE '  ' WHEN cast(null AS char(3)) THEN 1 ELSE 2 END
SELECT a, b FROM (VALUES (null, 'x'), (2, 'x'), (null, 'z'), (0, 'q')) AS t (a, b) LEFT JOIN (VALUES (null, 1), (3, 2)) AS s (a2, c) ON a = a2 ORDER BY 1, 2
SELECT try_cast(decimal '-0.005' AS decimal(38,30))
SELECT decimal '0' / real '1.25'
SELECT true FROM readings INTERSECT ALL SELECT (level NOT IN (length(place), 42)) FROM readings UNION DISTINCT SELECT DISTINCT is_deleted FROM readings WHERE (heat <> heat) ORDER BY 1 DESC FETCH FIRST 2 ROWS ONLY
WITH a AS (SELECT try_cast(coalesce(c, c) AS integer) AS x, c AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT a.x, count(b.y) FROM a LEFT JOIN b ON a.x = b.x GROUP BY 1 ORDER BY 1
SELECT k.id, count(*) FROM kinds AS k LEFT JOIN UNNEST(filter(k.a, x -> x > k.id), map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2, u3) ON true GROUP BY k.id ORDER BY 1, 2
SELECT id, first_value(abs(cast(s AS double))) RESPECT NULLS OVER (PARTITION BY v ORDER BY b DESC NULLS LAST, id GROUPS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS w FROM kinds ORDER BY id
SELECT a, rank() OVER (ORDER BY a NULLS FIRST) AS n FROM (VALUES (1, null), (1, null), (2, null), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY n, a
SELECT (id, v) IS DISTINCT FROM row(id, v) FROM kinds ORDER BY id
SELECT n, c, f, d, o, sum(CASE WHEN o THEN 100 ELSE n END) OVER (PARTITION BY c ORDER BY o, n, c, f, d, o GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT k.id, count(*) FROM kinds AS k INNER JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2) ON true WHERE k.id < 6 GROUP BY k.id ORDER BY 1, 2
SELECT k.id, (SELECT coalesce(max(q.p), 'none') FROM (SELECT n AS x, f AS h, c AS p FROM (VALUES (1, 0.5e0, 'a'), (2, null, 'b'), (null, 2e0, null), (2, 1e0, 'b')) AS w (n, f, c)) AS q WHERE q.x = k.id AND q.p IS NOT NULL) AS s FROM kinds AS k ORDER BY k.id
SELECT k.id, u0, u1, u2 FROM kinds AS k, UNNEST(map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2) WHERE k.id < 6 ORDER BY k.id, u0, u1, u2
SELECT count(*), count(c), count(DISTINCT c) FROM ((SELECT CASE WHEN o THEN d ELSE d END FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (null OR false) INTERSECT SELECT DISTINCT coalesce(day, day) FROM kinds WHERE (false OR null) UNION ALL SELECT DISTINCT least(d, date '2020-02-29') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o) UNION (SELECT coalesce(cast(ts AS date), day) FROM kinds UNION ALL SELECT last_day_of_month(cast(from_iso8601_timestamp(at) AS date)) FROM readings)) AS u (c)
SELECT id, count(*) OVER (PARTITION BY cast(id AS varchar) ORDER BY id % 3 RANGE CURRENT ROW) AS w FROM kinds ORDER BY id
WITH a AS (SELECT (date_diff('day', date '2024-03-01', cast(from_iso8601_timestamp(at) AS date)) + CASE WHEN is_deleted THEN length(place) ELSE length(place) END) AS x, CASE WHEN false THEN at ELSE at END AS y FROM readings WHERE (at NOT IN (place, 'a'))), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT * FROM b ORDER BY 1, 2
SELECT cast(real '0.1' AS decimal(20,10)) % real '1.25'
(SELECT DISTINCT length('') FROM readings WHERE (is_deleted OR level > 2)) UNION (SELECT DISTINCT year(date '2020-02-29') FROM readings WHERE (place BETWEEN sensor AND place) UNION DISTINCT SELECT DISTINCT nullif(level, length(place)) FROM readings) ORDER BY 1 DESC LIMIT 5
SELECT k.id, u0, u1, u2 FROM kinds AS k LEFT JOIN UNNEST(k.m) WITH ORDINALITY AS u (u0, u1, u2) ON true ORDER BY k.id, u0, u1, u2
SELECT a, rank() OVER (ORDER BY a ) AS n FROM (VALUES (3, 'c'), (null, 'a'), (1, null), (null, null), (3, 'b'), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY n, a
SELECT if(null, cast(cast('x' AS varchar) AS integer), id) FROM kinds ORDER BY id
SELECT k.id, count(*) FROM kinds AS k LEFT JOIN UNNEST(sequence(1, k.id)) AS u (u0) ON true GROUP BY k.id ORDER BY 1, 2
SELECT decimal '123456789012345678.12' % 2.5e0
WITH a AS (SELECT level AS x, greatest(at, sensor) AS y FROM readings), b AS (WITH a AS (SELECT x + 1 AS x, y FROM a) SELECT x, upper(y) AS y FROM a) SELECT * FROM b ORDER BY 1, 2
SELECT a, rank() OVER (ORDER BY a ) AS n FROM (VALUES (null, 'x'), (2, 'x'), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY n, a
SELECT try(cast(300 + id AS tinyint)) FROM kinds ORDER BY id
SELECT k.id, count(*) FROM kinds AS k, UNNEST(map(array['x', 'y'], array[k.id, 0]), array[row(1, 'r'), row(k.id, null)]) WITH ORDINALITY AS u (u0, u1, u2, u3, u4) WHERE k.id < 6 GROUP BY k.id ORDER BY 1, 2
SELECT sensor, at, lead(at, 1, 'none') OVER (ORDER BY sensor, at ) AS w FROM readings ORDER BY sensor, at
SELECT sensor, avg(level) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY place, ROLLUP (sensor) HAVING count(*) > 2 ORDER BY 1, 2 NULLS FIRST
SELECT typeof(decimal '123456789012345678.12' % tinyint '-2')
SELECT k.sensor, k.at, k.level + 1 NOT IN (SELECT q.x FROM (SELECT n AS x, f AS h, c AS p FROM (VALUES (1, 0.5e0, 'a'), (2, null, 'b'), (null, 2e0, null), (2, 1e0, 'b')) AS w (n, f, c)) AS q WHERE true) AS m FROM readings AS k ORDER BY k.sensor, k.at
SELECT k.id, none_match(k.a, x -> any_match(k.a, y -> y = x)) FROM kinds AS k ORDER BY 1
SELECT '[' || cast(cast('ab' AS varchar(10)) AS varchar) || ']'
SELECT n, c, f, d, o, count(*) OVER (PARTITION BY greatest(false, o) ORDER BY o DESC NULLS LAST, n, c, f, d, o GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT count(map(array[1], array[2])[id + 5]) FROM kinds WHERE id > 100
SELECT k.id, k.v, u0 FROM kinds AS k, UNNEST(array[row(1, 'r'), row(k.id, null)], map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1, u2, u3) ORDER BY 1, 3
SELECT sensor, at, bool_or(is_deleted) OVER (PARTITION BY (from_iso8601_date(substr(at, 1, 10)) NOT IN (cast(from_iso8601_timestamp(at) AS date), date '2024-03-01')) ORDER BY is_deleted DESC NULLS LAST, sensor, at GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM readings ORDER BY sensor, at
SELECT least(level > 2, is_deleted) FROM readings UNION DISTINCT SELECT DISTINCT (cast(ts AS date) IN (cast(ts AS date), date '1999-12-31')) FROM kinds ORDER BY 1 DESC NULLS LAST LIMIT 5
((SELECT DISTINCT CASE WHEN level > 2 THEN level ELSE level END FROM readings) EXCEPT (SELECT CASE WHEN b THEN id % 3 ELSE id % 3 END FROM kinds WHERE (cast(id AS varchar) LIKE 'o_e') EXCEPT ALL SELECT CASE WHEN b THEN t ELSE s END FROM kinds)) EXCEPT ALL (SELECT sign(level) FROM readings INTERSECT ALL SELECT CASE WHEN null THEN length(place) ELSE length(place) END FROM readings WHERE (place LIKE '%e%')) ORDER BY 1 NULLS FIRST LIMIT 5
SELECT greatest(decimal '12.34', 2.5e0), typeof(greatest(decimal '12.34', 2.5e0))
SELECT sensor, grouping(sensor), place, count_if(level > 2) FROM readings GROUP BY GROUPING SETS ((sensor, place), ()) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3, 4
WITH a AS (SELECT abs(try_cast(sensor AS integer)) AS x, regexp_replace(place, '[aeiou]', '_') AS y FROM readings WHERE null), b (x, y) AS (WITH a AS (SELECT x + 1 AS x, y FROM a) SELECT x, upper(y) AS y FROM a) SELECT count(*), count(x), min(y), max(y), sum(x) FROM b
SELECT DISTINCT CASE WHEN b THEN b ELSE b END FROM kinds WHERE CASE WHEN b THEN false ELSE i IS NULL END INTERSECT ALL SELECT (null AND is_deleted) FROM readings WHERE coalesce(null, level > 2) INTERSECT SELECT (date '2020-02-29' IS DISTINCT FROM from_iso8601_date(substr(at, 1, 10))) FROM readings WHERE coalesce(is_deleted, is_deleted) ORDER BY 1 NULLS FIRST LIMIT 5
SELECT k.id, k.v, u0 FROM kinds AS k CROSS JOIN UNNEST(map(array['x', 'y'], array[k.id, 0]), array[1, 2, null]) WITH ORDINALITY AS u (u0, u1, u2, u3) WHERE k.id < 6 ORDER BY 1, 3
SELECT p / bigint '7' FROM kinds ORDER BY id
((SELECT DISTINCT n FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (o AND o)) UNION DISTINCT (SELECT year(cast(from_iso8601_timestamp(at) AS date)) FROM readings WHERE (from_iso8601_date(substr(at, 1, 10)) > cast(from_iso8601_timestamp(at) AS date)) INTERSECT ALL SELECT DISTINCT strpos(sensor, 'one') FROM readings) UNION ALL SELECT DISTINCT try_cast('' AS integer) FROM readings WHERE (NOT is_deleted)) UNION ALL (SELECT DISTINCT bitwise_and(n, 5) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o INTERSECT SELECT CASE WHEN level > 2 THEN length(place) ELSE length(place) END FROM readings WHERE ('12' IS NOT NULL)) ORDER BY 1 NULLS FIRST OFFSET 1 FETCH NEXT ROW WITH TIES
SELECT k.id, u0, u1, u2 FROM kinds AS k CROSS JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2) ORDER BY k.id, u0, u1, u2
WITH a AS (SELECT -(try_cast(place AS integer)) AS x, place AS y FROM readings WHERE nullif(is_deleted, false)), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
SELECT k.sensor, k.at FROM readings AS k WHERE length(k.place) <> (SELECT max(q.x) FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE q.x = length(k.place) AND q.p IS NOT NULL) ORDER BY k.sensor, k.at
SELECT timestamp '2020-02-29 00:00:00 UTC' AT TIME ZONE 'Europe/Zurich' < timestamp '1999-12-31 23:59:59.999 Europe/Zurich'
((SELECT DISTINCT (date '1999-12-31' + interval '1' month) FROM kinds WHERE i IS NULL) EXCEPT (SELECT (d + interval '1' day) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (null AND o) INTERSECT SELECT date_trunc('quarter', date '1999-12-31') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o))) INTERSECT (SELECT date_trunc('quarter', date '2020-02-29') FROM readings WHERE (42 IS NOT NULL) UNION SELECT date_trunc('year', d) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o) ORDER BY 1 DESC LIMIT 5
SELECT decimal '99999999999999999999999999999999999999' IN (tinyint '-2', 3)
SELECT k.id, u0 IS NULL FROM kinds AS k LEFT JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1) ON true ORDER BY 1, 2
WITH a AS (SELECT -7 AS x, 'one' AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (f IS DISTINCT FROM f)), b AS (WITH a AS (SELECT x + 1 AS x, y FROM a) SELECT x, upper(y) AS y FROM a) SELECT * FROM b ORDER BY 1, 2
SELECT nullif(cast(real '0.1' AS decimal(20,10)), tinyint '-2')
SELECT count(*), count(c), count(DISTINCT c) FROM ((SELECT substr(cast(id AS varchar), 1, 3) FROM kinds WHERE coalesce(b, i IS NULL)) UNION (SELECT (v || v) FROM kinds WHERE CASE WHEN null THEN b ELSE b END EXCEPT ALL SELECT DISTINCT CASE WHEN level > 2 THEN 'a' ELSE 'a' END FROM readings) EXCEPT ALL SELECT DISTINCT CASE WHEN i IS NULL THEN 'one' ELSE v END FROM kinds) AS u (c)
WITH a AS (SELECT year(CASE WHEN b THEN date '2024-03-01' ELSE cast(ts AS date) END) AS x, coalesce(v, v) AS y FROM kinds), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT * FROM b ORDER BY 1, 2
SELECT cast(with_timezone(timestamp '2020-02-29 03:00:00', 'Australia/Lord_Howe') AS date)
SELECT DISTINCT cast(from_iso8601_timestamp(at) AS date) FROM readings EXCEPT SELECT CASE WHEN b THEN day ELSE cast(ts AS date) END FROM kinds WHERE (null OR false) ORDER BY 1 DESC OFFSET 2 LIMIT 3
SELECT nullif(cast(cast('ab  ' AS varchar(6)) AS char(6)), cast('ab' AS varchar(10)))
SELECT k.id, count(*) FROM kinds AS k INNER JOIN UNNEST(array[row(1, 'r'), row(k.id, null)]) WITH ORDINALITY AS u (u0, u1, u2) ON true GROUP BY k.id ORDER BY 1, 2
WITH a AS (SELECT greatest(-7, cast(heat AS integer)) AS x, at AS y FROM readings WHERE false), b AS (SELECT DISTINCT x, y FROM a) SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2
SELECT n, c, f, d, o, max(c) OVER (PARTITION BY (o OR o) ORDER BY n DESC RANGE CURRENT ROW) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT sensor, at, min(sqrt(abs(0e0))) OVER (ORDER BY sensor, at ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM readings ORDER BY sensor, at
SELECT k.id, u0, u1 FROM kinds AS k LEFT JOIN UNNEST(array[row(1, 'r'), row(k.id, null)]) AS u (u0, u1) ON true WHERE k.id < 6 ORDER BY k.id, u0, u1
((SELECT DISTINCT (level > 2 AND level > 2) FROM readings WHERE (at LIKE '%e%')) UNION ALL (SELECT (n IS NULL) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) EXCEPT SELECT DISTINCT (NOT b) FROM kinds WHERE ('ö😀' LIKE '%ö%'))) UNION DISTINCT (SELECT (NOT i IS NULL) FROM kinds INTERSECT SELECT i IS NULL FROM kinds) ORDER BY 1 FETCH FIRST 2 ROWS ONLY
SELECT n, c, f, d, o, avg((n + -7)) OVER (PARTITION BY c ORDER BY n, c, f, d, o ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
(SELECT strpos(sensor, 'ö😀') FROM readings UNION ALL SELECT DISTINCT t FROM kinds WHERE b INTERSECT ALL SELECT n FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)) EXCEPT ALL (SELECT CASE WHEN level > 2 THEN length(place) ELSE 1 END FROM readings WHERE false EXCEPT SELECT greatest(length(place), length(place)) FROM readings) ORDER BY 1 DESC
SELECT id FROM kinds WHERE id > 0 OR s / (id - id) > 0 ORDER BY id
SELECT width_bucket(9.99, 0, 10, 4)
WITH a AS (SELECT (nullif(n, n) - n) AS x, substr(c, -2, 3) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o), b (x, y) AS (SELECT x, y FROM a WHERE x IS NOT NULL) SELECT * FROM b ORDER BY 1, 2
SELECT id, count(*) FROM kinds RIGHT JOIN (SELECT level AS id, place AS c, level > 2 AS o FROM readings) AS w USING (id) GROUP BY id ORDER BY id, 2
SELECT id, count(*) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM kinds ORDER BY id
SELECT k.id, u0, u1, u2 FROM kinds AS k CROSS JOIN UNNEST(array[row(1, 'r'), row(k.id, null)]) WITH ORDINALITY AS u (u0, u1, u2) ORDER BY k.id, u0, u1, u2
SELECT n, c, f, d, o, avg(day_of_week(d)) OVER (PARTITION BY c ORDER BY o, n, c, f, d, o GROUPS UNBOUNDED PRECEDING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
WITH a AS (SELECT (-7 * 2) AS x, v AS y FROM kinds WHERE nullif(b, i IS NULL)), b (x, y) AS (WITH a AS (SELECT x + 1 AS x, y FROM a) SELECT x, upper(y) AS y FROM a) SELECT a.x, count(b.y) FROM a LEFT JOIN b ON a.x = b.x GROUP BY 1 ORDER BY 1
SELECT k.id, u0 FROM kinds AS k, UNNEST(k.a) AS u (u0) ORDER BY k.id, u0
SELECT row(cast('abc' AS char(2))) = row('  ')
SELECT k.id, count(*) FROM kinds AS k CROSS JOIN UNNEST(k.m, k.m) WITH ORDINALITY AS u (u0, u1, u2, u3, u4) WHERE k.id < 6 GROUP BY k.id ORDER BY 1, 2
SELECT k.sensor, k.at FROM readings AS k WHERE k.level + 1 < (SELECT min(q.x) FROM (SELECT r.level AS x, r.heat AS h, r.place AS p FROM readings AS r) AS q WHERE q.x = k.level + 1 AND q.p IS NOT NULL) ORDER BY k.sensor, k.at
SELECT place, max(place) FROM readings GROUP BY CUBE (place, is_deleted) ORDER BY 1, 2 NULLS FIRST
SELECT k.id, u0, u1, u2, u3 FROM kinds AS k LEFT JOIN UNNEST(map(array['x', 'y'], array[k.id, 0]), filter(k.a, x -> x > k.id)) WITH ORDINALITY AS u (u0, u1, u2, u3) ON true ORDER BY k.id, u0, u1, u2, u3
SELECT k.id, u0, u1 FROM kinds AS k CROSS JOIN UNNEST(array[1, 2, null], sequence(1, k.id)) AS u (u0, u1) ORDER BY k.id, u0, u1
SELECT place, grouping(place), max(place) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY CUBE (sensor, place) HAVING count(*) > 2 ORDER BY 1, 2 NULLS FIRST, 3
SELECT id, max(v), max(c) FROM kinds RIGHT JOIN (SELECT id + 1 AS id, v AS c, b AS o FROM kinds) AS w USING (id) GROUP BY id ORDER BY id, 2
SELECT min_by(b, a), max_by(b, a) FROM (VALUES (null, 'x'), (2, 'x'), (null, 'z'), (0, 'q')) AS t (a, b) WHERE a <> 3 AND b <> 'zz'
SELECT k.id, u0 FROM kinds AS k INNER JOIN UNNEST(cast(array[] AS array(integer))) AS u (u0) ON true ORDER BY k.id, u0
SELECT row(a, b) <> row(1, 'a') FROM (VALUES (3, 'c'), (null, 'a'), (1, null), (null, null), (3, 'b'), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY a, b
SELECT place, count_if(level > 2) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY DISTINCT ROLLUP (place), ROLLUP (place) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST
WITH a AS (SELECT 42 AS x, place AS y FROM readings), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2
SELECT count(DISTINCT level) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY () ORDER BY 1 NULLS FIRST
WITH a AS (SELECT year(date_add('week', 5, from_iso8601_date(substr(at, 1, 10)))) AS x, CASE WHEN null THEN place ELSE sensor END AS y FROM readings WHERE (from_iso8601_date(substr(at, 1, 10)) BETWEEN cast(from_iso8601_timestamp(at) AS date) AND date '1999-12-31')), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT count(*), count(x), min(y), max(y), sum(x) FROM b
SELECT sqrt(abs(decimal '99999999999999999999999999999999999999'))
SELECT x, count(*) FROM (VALUES decimal '-0.005', tinyint '-2', decimal '99999999999999999999999999999999999999') AS t (x) GROUP BY x ORDER BY x
SELECT k.id, k.v, u0 FROM kinds AS k LEFT JOIN UNNEST(cast(null AS array(integer))) AS u (u0) ON true ORDER BY 1, 3
SELECT id, count(*) OVER (PARTITION BY v ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS w FROM kinds ORDER BY id
SELECT timestamp '2024-12-31 12:00:00 Europe/Zurich' AT TIME ZONE 'Europe/Zurich'
SELECT power(cast(real '0.1' AS decimal(20,10)), 2)
SELECT with_timezone(timestamp '2021-10-31 02:30:00.123', 'Asia/Kolkata') + interval '25' month
SELECT regexp_like('ab', '^ab$')
(SELECT DISTINCT (p - p) FROM kinds WHERE greatest(true, i IS NULL)) UNION (SELECT least(f, f) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) INTERSECT SELECT DISTINCT try_cast(cast(id AS varchar) AS double) FROM kinds WHERE least(b, i IS NULL)) ORDER BY 1 NULLS FIRST FETCH FIRST 2 ROWS ONLY
SELECT timestamp '2021-10-31 00:00:00 Europe/Zurich' - with_timezone(timestamp '2021-03-28 12:00:00', 'Europe/Zurich')
SELECT cast(cast('x' AS char(3)) AS varchar) IN (cast('ab' AS varchar(10)), 'x')
((SELECT DISTINCT cast(from_iso8601_timestamp(at) AS date) FROM readings) INTERSECT ALL (SELECT (cast(ts AS date) + interval '-2' month) FROM kinds EXCEPT SELECT DISTINCT date_trunc('year', d) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (f BETWEEN 1.5e0 AND f))) UNION DISTINCT (SELECT from_iso8601_date(substr(at, 1, 10)) FROM readings UNION ALL SELECT last_day_of_month(cast(from_iso8601_timestamp(at) AS date)) FROM readings) UNION DISTINCT SELECT nullif(cast(from_iso8601_timestamp(at) AS date), date '2024-03-01') FROM readings WHERE (0 <= level) ORDER BY 1 OFFSET 1 FETCH NEXT ROW WITH TIES
SELECT date_diff('second', from_unixtime(1616893200) AT TIME ZONE 'America/New_York', from_unixtime(1616893200) AT TIME ZONE 'America/New_York')
SELECT date_trunc('hour', timestamp '2020-02-29 03:00:00 UTC' AT TIME ZONE 'Asia/Kolkata')
SELECT sensor, coalesce(cast(place AS varchar), '-') AS place, count(*) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY GROUPING SETS ((sensor), (place), ()) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3
SELECT nullif(id, 0), if(true, 1, 2) FROM kinds ORDER BY id
SELECT k.sensor, k.at, k.level IN (SELECT q.x FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE q.x IS NOT NULL) AS m FROM readings AS k ORDER BY k.sensor, k.at
SELECT k.id, count(*) FROM kinds AS k LEFT JOIN UNNEST(map(array['x', 'y'], array[k.id, 0]), array['p', 'q']) AS u (u0, u1, u2) ON true GROUP BY k.id ORDER BY 1, 2
WITH a AS (SELECT id AS x, coalesce('12', v) AS y FROM kinds), b (x, y) AS (TABLE a) SELECT count(*) FROM a CROSS JOIN b
WITH a AS (SELECT s AS x, trim(cast(id AS varchar)) AS y FROM kinds WHERE (NOT b)), b AS (SELECT DISTINCT x, y FROM a) SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2
SELECT k.id, (SELECT max(q.p) FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE q.x = k.id % 3 AND q.p IS NOT NULL) AS s FROM kinds AS k ORDER BY k.id
SELECT coalesce(cast(cast('x' AS char(3)) AS varchar), cast('abc' AS varchar(2)))
SELECT row(id, row(v, b)) BETWEEN row(1, 'one') AND row(1, 'one') FROM kinds ORDER BY id
SELECT o = o FROM kinds ORDER BY id
SELECT k.id, all_match(k.a, x -> x IN (1, 5, 9)) FROM kinds AS k ORDER BY 1
SELECT k.id, u0 IS NULL FROM kinds AS k LEFT JOIN UNNEST(k.a) WITH ORDINALITY AS u (u0, u1) ON true WHERE k.id < 6 ORDER BY 1, 2
SELECT k.id, u0, u1, u2 FROM kinds AS k LEFT JOIN UNNEST(cast(null AS array(integer)), k.m) AS u (u0, u1, u2) ON true ORDER BY k.id, u0, u1, u2
SELECT k.id, k.v, u0 FROM kinds AS k LEFT JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2) ON true WHERE k.id < 6 ORDER BY 1, 3
WITH a AS (SELECT -7 AS x, cast(0 AS varchar) AS y FROM kinds WHERE CASE WHEN i IS NULL THEN false ELSE i IS NULL END), b AS (WITH a AS (SELECT x + 1 AS x, y FROM a) SELECT x, upper(y) AS y FROM a) SELECT a.x, count(b.y) FROM a LEFT JOIN b ON a.x = b.x GROUP BY 1 ORDER BY 1
SELECT date(with_timezone(timestamp '2020-02-29 12:00:00', '+05:30'))
WITH a AS (SELECT try_cast(v AS integer) AS x, nullif(v, 'a') AS y FROM kinds), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT * FROM b ORDER BY 1, 2
SELECT row(a, b) IS DISTINCT FROM row(1, 'a') FROM (VALUES (3, 'c'), (null, 'a'), (1, null), (null, null), (3, 'b'), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY a, b
SELECT k.id, u0 IS NULL FROM kinds AS k, UNNEST(map(array['x', 'y'], array[k.id, 0]), sequence(1, k.id)) WITH ORDINALITY AS u (u0, u1, u2, u3) WHERE k.id < 6 ORDER BY 1, 2
SELECT b, row_number() OVER (ORDER BY b, a, b) AS n FROM (VALUES (1, null), (1, null), (2, null), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY 2
SELECT CASE WHEN level > 2 THEN 42 ELSE 0 END FROM readings UNION ALL SELECT coalesce(level, -7) FROM readings UNION ALL SELECT DISTINCT CASE WHEN level > 2 THEN length(place) ELSE level END FROM readings ORDER BY 1 DESC LIMIT 5
SELECT array[cast('ab ' AS char(4)), cast('ab' AS char(4))]
SELECT upper(cast(12 AS varchar(2))), lower(cast(12 AS varchar(2))), reverse(cast(12 AS varchar(2)))
SELECT char 'ab ' < cast('' AS char(3))
SELECT coalesce(id, cast(cast('x' AS varchar) AS integer)) FROM kinds ORDER BY id
SELECT k.id, any_match(k.a, x -> x % 2 = 0) FROM kinds AS k ORDER BY 1
SELECT round(007.50, -1)
WITH a AS (SELECT CASE WHEN (o AND o) THEN 42 ELSE date_diff('day', d, d) END AS x, CASE WHEN o THEN c ELSE c END AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (o OR o)), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT count(*), count(x), min(y), max(y), sum(x) FROM b
SELECT n, c, f, d, o, min(-(n)) OVER (ORDER BY n, c, f, d, o ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT array_distinct(array[row(id, v), row(id, v)]) FROM kinds ORDER BY id
SELECT id FROM kinds WHERE null AND 1 / 0 > 0 ORDER BY id
WITH a AS (SELECT date_diff('year', d, CASE WHEN o THEN date '2020-02-29' ELSE d END) AS x, concat(c, '/', c) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)), b (x, y) AS (SELECT x, y FROM a WHERE x IS NOT NULL) SELECT count(*), count(x), min(y), max(y), sum(x) FROM b
SELECT k.id, k.v, u0 FROM kinds AS k INNER JOIN UNNEST(k.m, cast(array[] AS array(integer))) AS u (u0, u1, u2) ON true WHERE k.id < 6 ORDER BY 1, 3
SELECT n, c, f, d, o, max((c BETWEEN c AND c)) OVER (PARTITION BY c ORDER BY o, n, c, f, d, o GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT k.id, count(*) FROM kinds AS k INNER JOIN UNNEST(k.a) WITH ORDINALITY AS u (u0, u1) ON true GROUP BY k.id ORDER BY 1, 2
SELECT decimal '0' = 3
SELECT try(element_at(array[1], 0)) FROM kinds ORDER BY id
SELECT sensor, at, nth_value(('' IS NOT NULL), 2) OVER (PARTITION BY sensor ORDER BY is_deleted, sensor, at GROUPS UNBOUNDED PRECEDING) AS w FROM readings ORDER BY sensor, at
WITH a AS (SELECT CASE WHEN least(null, o) THEN date_diff('year', date '1999-12-31', d) ELSE (n * 2) END AS x, replace('ö😀', 'o', '00') AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT a.x, count(b.y) FROM a LEFT JOIN b ON a.x = b.x GROUP BY 1 ORDER BY 1
WITH a AS (SELECT cast((f - f) AS integer) AS x, substr('ö😀', 2, 3) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
SELECT CASE WHEN id < 0 THEN cast(300 + id AS tinyint) ELSE 0 END FROM kinds ORDER BY id
SELECT sum(if(false, cast(cast('x' AS varchar) AS integer), 1)) FROM kinds
SELECT id, dense_rank() OVER (ORDER BY id ) AS w FROM kinds ORDER BY id
SELECT id, count(*) OVER (PARTITION BY ('ö😀' LIKE '%ö%') ORDER BY id ROWS UNBOUNDED PRECEDING) AS w FROM kinds ORDER BY id
SELECT format('%s', cast(null AS decimal(7,3)))
WITH a AS (SELECT cast(abs(level + 0e0) AS integer) AS x, least(sensor, at) AS y FROM readings), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT count(*) FROM a CROSS JOIN b
SELECT k.id, u0 IS NULL FROM kinds AS k, UNNEST(array[row(1, 'r'), row(k.id, null)]) AS u (u0, u1) ORDER BY 1, 2
SELECT array[cast('ö😀' AS char(3)), cast(null AS char(3))]
(SELECT (date '2020-02-29' + interval '-2' month) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE CASE WHEN o THEN false ELSE false END UNION DISTINCT SELECT DISTINCT date_add('week', -1, date '2024-03-01') FROM kinds) EXCEPT ALL (SELECT date_trunc('year', cast(from_iso8601_timestamp(at) AS date)) FROM readings WHERE level > 2 EXCEPT SELECT DISTINCT last_day_of_month(from_iso8601_date(substr(at, 1, 10))) FROM readings WHERE (NOT true)) ORDER BY 1 DESC NULLS LAST LIMIT 5
SELECT CASE id WHEN 100 THEN 2147483647 + id WHEN id THEN null ELSE 2147483647 + id END FROM kinds ORDER BY id
WITH a AS (SELECT day_of_week(date_trunc('week', cast(ts AS date))) AS x, cast(day AS varchar) AS y FROM kinds), b AS (SELECT x, y FROM a WHERE x IS NOT NULL) SELECT a.x, count(b.y) FROM a LEFT JOIN b ON a.x = b.x GROUP BY 1 ORDER BY 1
SELECT cast(-2.5e0 AS decimal(3,1)) = bigint '7'
SELECT coalesce(cast(-2.5e0 AS decimal(3,1)), decimal '12.34')
SELECT k.sensor, k.at FROM readings AS k WHERE k.level < (SELECT max(q.x) FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE q.x = k.level) ORDER BY k.sensor, k.at
SELECT k.id, u0, u1 FROM kinds AS k INNER JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1) ON true ORDER BY k.id, u0, u1
SELECT id, max(CASE WHEN b THEN false ELSE i IS NULL END) OVER (PARTITION BY cast(id AS varchar) ORDER BY i IS NULL DESC NULLS LAST, id GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS w FROM kinds ORDER BY id
SELECT typeof(coalesce(cast('ab' AS varchar), cast('ab' AS varchar(10))))
SELECT CASE id WHEN 100 THEN id / 0 WHEN id THEN id * 2 ELSE id / 0 END FROM kinds ORDER BY id
SELECT count(*), count(c), count(DISTINCT c) FROM (SELECT CASE WHEN level > 2 THEN place ELSE at END FROM readings INTERSECT SELECT coalesce(c, c) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) UNION SELECT DISTINCT concat(sensor, '/', place) FROM readings) AS u (c)
SELECT cast(null AS decimal(7,3)) IN (real '1.25', real '1.25')
WITH a AS (SELECT -((level / -3)) AS x, CASE WHEN false THEN place ELSE place END AS y FROM readings WHERE CASE WHEN level > 2 THEN true ELSE is_deleted END), b (x, y) AS (SELECT x, y FROM a WHERE x IS NOT NULL) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
SELECT date_diff('hour', with_timezone(timestamp '2021-03-28 01:30:00', 'America/Sao_Paulo'), from_unixtime(1635642000.5) AT TIME ZONE 'America/Sao_Paulo')
SELECT max(id / 0) FILTER (WHERE id > 100) FROM kinds
SELECT sensor, at, avg((length(place) / 7)) OVER (PARTITION BY at ORDER BY sensor, at ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS w FROM readings ORDER BY sensor, at
(((SELECT DISTINCT substr(v, 1, 3) FROM kinds WHERE (i IS NULL OR b)) INTERSECT ALL (SELECT substr(c, 2, 3) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) UNION DISTINCT SELECT lower(v) FROM kinds WHERE CASE WHEN i IS NULL THEN i IS NULL ELSE null END)) UNION DISTINCT (SELECT cast(day AS varchar) FROM kinds UNION SELECT 'a' FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o)) INTERSECT ALL (SELECT upper(c) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (NOT o) INTERSECT SELECT DISTINCT greatest(sensor, place) FROM readings) ORDER BY 1 NULLS FIRST LIMIT 5
SELECT a, b FROM (VALUES (3, 'c'), (null, 'a'), (1, null), (null, null), (3, 'b'), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY a DESC, a, b
SELECT -(007.50)
SELECT format('%s', cast(real '0.1' AS decimal(20,10)))
SELECT k.id, all_match(k.a, x -> x > 1) FROM kinds AS k ORDER BY 1
SELECT k.id, k.v, u0 FROM kinds AS k LEFT JOIN UNNEST(split(k.v, 'e'), cast(null AS array(integer))) WITH ORDINALITY AS u (u0, u1, u2) ON true ORDER BY 1, 3
SELECT place, is_deleted, grouping(is_deleted), count(*) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY CUBE (place, is_deleted) HAVING count(*) > 2 ORDER BY 1 NULLS FIRST, 2, 3 NULLS FIRST, 4 NULLS FIRST
SELECT w.o, count(k.id) FROM kinds AS k JOIN (VALUES (1, 'a', true), (2, null, false), (null, 'one', null), (6, 'one', true)) AS w (n, c, o) ON k.id = w.n AND k.id > 2 WHERE w.c IS NOT NULL GROUP BY 1 ORDER BY 1
SELECT cast(null AS decimal(7,3)) BETWEEN 3 AND cast(real '0.1' AS decimal(20,10))
SELECT 1.10 * bigint '7'
SELECT place, avg(level) FROM readings GROUP BY GROUPING SETS ((place), (place)) ORDER BY 1 NULLS FIRST, 2
SELECT typeof(coalesce(cast('ab' AS varchar(10)), cast('ab' AS varchar(10))))
SELECT id FROM kinds WHERE id > 0 OR cast(v AS integer) > 0 ORDER BY id
SELECT cast('ab' AS varchar) BETWEEN cast('abc' AS varchar(2)) AND 'z'
SELECT lag(a) IGNORE NULLS OVER (ORDER BY a DESC NULLS LAST, a, b), first_value(b) OVER (PARTITION BY a ORDER BY b ) FROM (VALUES (1, null), (1, null), (2, null), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY a DESC NULLS LAST, a, b
SELECT cast(cast(null AS char(3)) AS char(5)) = cast(cast('' AS char(3)) AS char(5))
SELECT k.id, (SELECT max(cardinality(cardinality(filter(transform(k.a, x -> x + 1), x -> true)))) FROM kinds AS q WHERE q.id <= k.id AND any_match(q.a, x -> x > k.id)) FROM kinds AS k ORDER BY 1
SELECT id, count(*) OVER (PARTITION BY i IS NULL ORDER BY s DESC NULLS FIRST RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS w FROM kinds ORDER BY id
SELECT round(decimal '123456789012345678.12', -1)
SELECT id, max(greatest(1e3, p)) OVER (PARTITION BY v ORDER BY i IS NULL DESC NULLS LAST, id GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS w FROM kinds ORDER BY id
SELECT k.id, count(*) FROM kinds AS k INNER JOIN UNNEST(filter(k.a, x -> x > k.id), filter(k.a, x -> x > k.id)) WITH ORDINALITY AS u (u0, u1, u2) ON true WHERE k.id < 6 GROUP BY k.id ORDER BY 1, 2
SELECT k.id, k.v, u0 FROM kinds AS k CROSS JOIN UNNEST(sequence(1, k.id)) AS u (u0) WHERE k.id < 6 ORDER BY 1, 3
SELECT coalesce(try(cast(300 + id AS tinyint)), null) FROM kinds ORDER BY id
WITH a AS (SELECT CASE WHEN false THEN greatest(0, level) ELSE (level + length(place)) END AS x, greatest(at, place) AS y FROM readings), b (x, y) AS (TABLE a) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
WITH a AS (SELECT length(CASE WHEN o THEN c ELSE c END) AS x, substr(c, 2, 3) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)), b AS (SELECT x, y FROM a WHERE x IS NOT NULL) SELECT a.x, count(b.y) FROM a LEFT JOIN b ON a.x = b.x GROUP BY 1 ORDER BY 1
SELECT b, row_number() OVER (ORDER BY a, b DESC, a DESC) AS n FROM (VALUES (1, null), (1, null), (2, null), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY 2
SELECT n, c, f, d, o, sum(n) OVER (PARTITION BY c ORDER BY n DESC RANGE 1 PRECEDING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT row(id, v) = cast(row(5, 'five') AS row(x integer, y varchar)) FROM kinds ORDER BY id
SELECT at_timezone(timestamp '2024-12-31 12:00:00 Europe/Zurich', 'America/New_York')
((SELECT try_cast(c AS double) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE coalesce(o, o)) INTERSECT (SELECT DISTINCT CASE WHEN level > 2 THEN level + 0e0 ELSE 1e3 END FROM readings UNION ALL SELECT CASE WHEN false THEN f ELSE f END FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (o AND o)) INTERSECT SELECT DISTINCT sqrt(abs(cast(s AS double))) FROM kinds) UNION ALL (SELECT (1.5e0 + -0.25e0) FROM readings WHERE CASE WHEN is_deleted THEN level > 2 ELSE is_deleted END UNION ALL SELECT p FROM kinds) ORDER BY 1 NULLS FIRST OFFSET 1 FETCH NEXT ROW WITH TIES
SELECT id, avg(1) OVER (PARTITION BY least(b, b) ORDER BY id % 3 DESC NULLS FIRST RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING) AS w FROM kinds ORDER BY id
SELECT coalesce(cast(place AS varchar), '-') AS place, count_if(level > 2) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY GROUPING SETS ((place), (place)) HAVING count(*) > 2 ORDER BY 1, 2
WITH a AS (SELECT CASE WHEN coalesce(is_deleted, level > 2) THEN CASE WHEN level > 2 THEN length(place) ELSE -7 END ELSE CASE WHEN level > 2 THEN 1 ELSE 0 END END AS x, nullif(at, sensor) AS y FROM readings WHERE CASE WHEN level > 2 THEN level > 2 ELSE level > 2 END), b (x, y) AS (TABLE a) SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2
SELECT k.id, u0 IS NULL FROM kinds AS k LEFT JOIN UNNEST(k.m, map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2, u3, u4) ON true WHERE k.id < 6 ORDER BY 1, 2
SELECT cast(null AS decimal(7,3)) % bigint '7'
SELECT id FROM kinds WHERE null AND s / (id - id) > 0 ORDER BY id
SELECT sensor, grouping(sensor), sum(level) FROM readings GROUP BY ROLLUP (sensor, place) ORDER BY 1, 2, 3
SELECT timestamp '2021-03-28 01:30:00 America/Sao_Paulo' < from_unixtime(0) AT TIME ZONE 'America/Sao_Paulo'
SELECT min_by(b, a), max_by(b, a) FROM (VALUES (3, 'c'), (null, 'a'), (1, null), (null, null), (3, 'b'), (null, 'z'), (0, 'q')) AS t (a, b) WHERE a <> 3 AND b <> 'zz'
SELECT x FROM (SELECT 'ab' AS x UNION SELECT cast(cast('x' AS char(3)) AS varchar)) ORDER BY x
SELECT if(null, 1 / 0, id * 2) FROM kinds ORDER BY id
SELECT n, c, f, d, o, dense_rank() OVER (PARTITION BY ('a' IS NOT NULL) ORDER BY n, c, f, d, o ) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT mod(cast(2.5e0 AS decimal(3,0)), 2.5e0)
SELECT try_cast(cast('ab' AS char(4)) AS integer)
SELECT count(*) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY GROUPING SETS ((), ()) ORDER BY 1
SELECT k.id, any_match(k.a, x -> true) FROM kinds AS k ORDER BY 1
SELECT length(cast('abc' AS varchar(2)))
SELECT coalesce(cast(sensor AS varchar), '-') AS sensor, place, count_if(level > 2) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY CUBE (sensor, place) ORDER BY 1, 2 NULLS FIRST, 3
SELECT strpos(cast(12 AS varchar(2)), ' ')
SELECT id, bool_or(true) OVER (ORDER BY s RANGE CURRENT ROW) AS w FROM kinds ORDER BY id
SELECT k.id, u0 IS NULL FROM kinds AS k, UNNEST(sequence(1, k.id), array[1, 2, null]) WITH ORDINALITY AS u (u0, u1, u2) ORDER BY 1, 2
(SELECT DISTINCT '' FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (NOT true)) UNION DISTINCT (SELECT DISTINCT place FROM readings UNION ALL SELECT least(at, place) FROM readings WHERE CASE WHEN level > 2 THEN true ELSE null END) ORDER BY 1 OFFSET 1 FETCH NEXT ROW WITH TIES
SELECT row(cast('abc' AS varchar(2))) = row(cast('abc' AS char(2)))
SELECT array[cast('ab' AS varchar(10)), cast('abc' AS varchar(2))]
((SELECT DISTINCT date '2020-02-29' FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) UNION ALL SELECT day FROM kinds) INTERSECT ALL (SELECT from_iso8601_date(substr(at, 1, 10)) FROM readings WHERE (NOT level > 2) INTERSECT ALL SELECT DISTINCT date_trunc('week', d) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o))) EXCEPT ALL (SELECT DISTINCT nullif(day, cast(ts AS date)) FROM kinds WHERE CASE WHEN b THEN i IS NULL ELSE true END UNION SELECT DISTINCT cast(ts AS date) FROM kinds WHERE CASE WHEN i IS NULL THEN b ELSE i IS NULL END) ORDER BY 1 DESC NULLS LAST OFFSET 2 LIMIT 3
WITH a AS (SELECT n AS x, nullif(c, '12') AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (d IS NOT NULL)), b (x, y) AS (SELECT max(x), y FROM a GROUP BY y) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
SELECT k.sensor, k.at FROM readings AS k WHERE k.level + 1 <> (SELECT min(q.x) FROM (SELECT r.level AS x, r.heat AS h, r.place AS p FROM readings AS r) AS q WHERE q.x = k.level + 1) ORDER BY k.sensor, k.at
SELECT k.id, transform(k.a, x -> abs(x)) FROM kinds AS k ORDER BY 1
SELECT k.id, count(*) FROM kinds AS k CROSS JOIN UNNEST(k.a, map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2, u3) WHERE k.id < 6 GROUP BY k.id ORDER BY 1, 2
SELECT CASE WHEN level > 2 THEN level > 2 ELSE is_deleted END FROM readings WHERE CASE WHEN is_deleted THEN level > 2 ELSE false END UNION SELECT (place <> at) FROM readings WHERE CASE WHEN is_deleted THEN level > 2 ELSE true END UNION DISTINCT SELECT DISTINCT (o AND o) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE CASE WHEN true THEN o ELSE o END ORDER BY 1 DESC NULLS LAST LIMIT 5
SELECT k.id, (SELECT max(cardinality(any_match(k.a, x -> any_match(k.a, y -> y = x)))) FROM kinds AS q WHERE q.id <= k.id AND any_match(q.a, x -> x > k.id)) FROM kinds AS k ORDER BY 1
SELECT k.sensor, k.at FROM readings AS k WHERE NOT EXISTS (SELECT 1 FROM (SELECT n AS x, f AS h, c AS p FROM (VALUES (1, 0.5e0, 'a'), (2, null, 'b'), (null, 2e0, null), (2, 1e0, 'b')) AS w (n, f, c)) AS q WHERE q.x < k.level + 1) ORDER BY k.sensor, k.at
((SELECT DISTINCT (c || c) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (true AND o)) EXCEPT (SELECT DISTINCT CASE WHEN null THEN c ELSE 'North' END FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE CASE WHEN o THEN o ELSE o END INTERSECT ALL SELECT DISTINCT (c || c) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)) UNION ALL SELECT replace(c, 'o', '00') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)) INTERSECT (SELECT lower(c) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE false UNION DISTINCT SELECT trim(at) FROM readings WHERE (NOT level > 2)) ORDER BY 1 DESC FETCH FIRST 2 ROWS ONLY
WITH a AS (SELECT 0 AS x, lpad(c, 4, '-') AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (date '2020-02-29' IS NULL)), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
SELECT k.sensor, k.at, (SELECT sum(q.x) FROM (SELECT n AS x, f AS h, c AS p FROM (VALUES (1, 0.5e0, 'a'), (2, null, 'b'), (null, 2e0, null), (2, 1e0, 'b')) AS w (n, f, c)) AS q WHERE q.x = k.level + 1 AND q.h > 0) AS s FROM readings AS k ORDER BY k.sensor, k.at
SELECT id, nth_value((t - s), 2) IGNORE NULLS OVER (PARTITION BY cast(id AS varchar) ORDER BY b DESC NULLS LAST, id GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS w FROM kinds ORDER BY id
WITH a AS (SELECT CASE WHEN (date '2020-02-29' BETWEEN date '1999-12-31' AND from_iso8601_date(substr(at, 1, 10))) THEN CASE WHEN level > 2 THEN level ELSE length(place) END ELSE CASE WHEN level > 2 THEN length(place) ELSE length(place) END END AS x, greatest(place, sensor) AS y FROM readings WHERE (sensor LIKE '%ö%')), b AS (TABLE a) SELECT * FROM b ORDER BY 1, 2
SELECT k.id, u0, u1 FROM kinds AS k INNER JOIN UNNEST(map(array['x', 'y'], array[k.id, 0])) AS u (u0, u1) ON true WHERE k.id < 6 ORDER BY k.id, u0, u1
WITH a AS (SELECT CASE WHEN o THEN CASE WHEN o THEN n ELSE n END ELSE CASE WHEN o THEN n ELSE 100 END END AS x, reverse(c) AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)), b AS (SELECT x, y FROM a WHERE x IS NOT NULL) SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2
SELECT cast(real '0.1' AS decimal(20,10)) / decimal '-0.005'
SELECT sensor, coalesce(cast(place AS varchar), '-') AS place, grouping(place), max(place) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY GROUPING SETS ((sensor), (place), ()) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3 NULLS FIRST, 4
SELECT place, count(DISTINCT level) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY GROUPING SETS (ROLLUP (place), (sensor)) HAVING count(*) > 2 ORDER BY 1, 2
SELECT sensor, grouping(sensor), sum(level) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY place, ROLLUP (sensor) ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST
SELECT n, c, f, d, o, array_agg(1) OVER (ORDER BY n, c, f, d, o ROWS CURRENT ROW) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT n, c, f, d, o, nth_value(f, 2) IGNORE NULLS OVER (PARTITION BY c ORDER BY n, c, f, d, o ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
((SELECT DISTINCT abs(p) FROM kinds WHERE (p <> p)) INTERSECT ALL (SELECT DISTINCT 0e0 FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (NOT null) UNION ALL SELECT DISTINCT floor(-0.25e0) FROM readings)) UNION ALL (SELECT (f + f) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) EXCEPT SELECT level + 0e0 FROM readings WHERE level > 2) ORDER BY 1 DESC FETCH FIRST 2 ROWS ONLY
SELECT id FROM kinds WHERE id > 0 OR map(array[1], array[2])[id + 5] > 0 ORDER BY id
SELECT sensor, at, min(CASE WHEN is_deleted THEN null ELSE is_deleted END) OVER (ORDER BY sensor, at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS w FROM readings ORDER BY sensor, at
SELECT last_day_of_month(day) FROM kinds WHERE null UNION DISTINCT SELECT DISTINCT date_add('year', -1, d) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) INTERSECT ALL SELECT (from_iso8601_date(substr(at, 1, 10)) + interval '1' month) FROM readings WHERE level > 2 ORDER BY 1 DESC NULLS LAST
SELECT array_sort(array[a, 2, null]), array_position(array[a, null], a), contains(array[a, 1, null], 1), array_distinct(array[a, a, null]), array_max(array[a, 1]) FROM (VALUES (null, 'x'), (2, 'x'), (null, 'z'), (0, 'q')) AS t (a, b) ORDER BY a, b
SELECT nullif(.5, cast(null AS decimal(7,3)))
SELECT cast(cast('ab  ' AS varchar(6)) AS char(6)) IS DISTINCT FROM cast(null AS char(3))
SELECT row(array[id], v) FROM kinds ORDER BY id
SELECT place, grouping(place), avg(level) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY CUBE (place, is_deleted) ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST
(SELECT (0 + level) FROM readings WHERE CASE WHEN is_deleted THEN level > 2 ELSE level > 2 END UNION DISTINCT SELECT length('') FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (c < c) UNION ALL SELECT DISTINCT try_cast('12' AS integer) FROM kinds) UNION (SELECT level FROM readings WHERE CASE WHEN is_deleted THEN level > 2 ELSE level > 2 END UNION SELECT DISTINCT abs(n) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)) ORDER BY 1 DESC NULLS LAST
SELECT coalesce(cast(place AS varchar), '-') AS place, coalesce(cast(is_deleted AS varchar), '-') AS is_deleted, grouping(is_deleted), avg(level) FROM readings GROUP BY CUBE (place, is_deleted) ORDER BY 1, 2, 3 NULLS FIRST, 4
SELECT nullif(id * 2, 0), if(id > 100, 1, 2) FROM kinds ORDER BY id
SELECT cast(from_unixtime(0) AT TIME ZONE 'America/Sao_Paulo' AS time)
((SELECT DISTINCT (place IS NULL) FROM readings) UNION ALL (SELECT b FROM kinds EXCEPT SELECT least(true, o) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o))) UNION DISTINCT (SELECT (b OR b) FROM kinds WHERE (false AND b) UNION SELECT b FROM kinds) ORDER BY 1 OFFSET 2 LIMIT 3
SELECT sum(if(null, element_at(array[1], 0), 1)) FROM kinds
SELECT n, c, f, d, o, lag(n, 2, -1) IGNORE NULLS OVER (PARTITION BY (true AND null) ORDER BY n, c, f, d, o ) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT CASE 'ab  ' WHEN cast('ab ' AS char(4)) THEN 1 ELSE 2 END
SELECT coalesce(id, 1 % 0) FROM kinds ORDER BY id
WITH a AS (SELECT nullif(greatest(level, level), level) AS x, sensor AS y FROM readings), b (x, y) AS (SELECT DISTINCT x, y FROM a) SELECT count(*), count(x), min(y), max(y), sum(x) FROM b
SELECT k.sensor, k.at, (SELECT max(q.x) + k.level FROM (SELECT r.level AS x, r.heat AS h, r.place AS p FROM readings AS r) AS q WHERE q.x = k.level AND q.h > 0) AS s FROM readings AS k ORDER BY k.sensor, k.at
SELECT greatest(cast(null AS char(3)), char 'ab ')
SELECT max(cast('x' AS integer)) FILTER (WHERE id > 100) FROM kinds
SELECT n, c, f, d, o, min(least('North', '')) OVER (PARTITION BY c ORDER BY n, c, f, d, o ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT from_unixtime(1635642000.5) AT TIME ZONE 'Europe/Zurich' + interval '-2' minute
SELECT k.id, count(*) FROM kinds AS k, UNNEST(cast(array[] AS array(integer)), array[1, 2, null]) AS u (u0, u1) WHERE k.id < 6 GROUP BY k.id ORDER BY 1, 2
SELECT k.id, k.v, u0 FROM kinds AS k CROSS JOIN UNNEST(cast(array[] AS array(integer))) AS u (u0) ORDER BY 1, 3
SELECT CASE WHEN null THEN id / 0 ELSE -1 END FROM kinds ORDER BY id
WITH a AS (SELECT abs((-7 % -3)) AS x, sensor AS y FROM readings), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT (SELECT count(*) FROM a), (SELECT max(x) FROM b)
SELECT coalesce(cast(place AS varchar), '-') AS place, is_deleted, grouping(is_deleted), count(*) FROM readings GROUP BY ROLLUP (place), CUBE (is_deleted) ORDER BY 1, 2 NULLS FIRST, 3, 4 NULLS FIRST
SELECT k.id FROM kinds AS k WHERE k.id % 3 >= (SELECT max(q.x) FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE q.x = k.id % 3 AND q.p IS NOT NULL) ORDER BY k.id
SELECT n, c, f, d, o, last_value((d + interval '-2' day)) RESPECT NULLS OVER (PARTITION BY c ORDER BY o DESC NULLS LAST, n, c, f, d, o GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
WITH a AS (SELECT try_cast(nullif(at, place) AS integer) AS x, substr(sensor, 2, 3) AS y FROM readings), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
SELECT is_deleted, grouping(is_deleted), count_if(level > 2) FROM readings GROUP BY ROLLUP (place), CUBE (is_deleted) HAVING count(*) > 2 ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST
SELECT k.id, k.v, u0 FROM kinds AS k CROSS JOIN UNNEST(filter(k.a, x -> x > k.id)) AS u (u0) WHERE k.id < 6 ORDER BY 1, 3
SELECT n, c, f, d, o, count(*) OVER (PARTITION BY (o OR o) ORDER BY n RANGE 1 PRECEDING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT k.id, k.id % 3 IN (SELECT q.x FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE true) AS m FROM kinds AS k ORDER BY k.id
WITH a AS (SELECT sign(coalesce(length(place), level)) AS x, greatest(at, at) AS y FROM readings), b (x, y) AS (SELECT DISTINCT x, y FROM a) SELECT * FROM b ORDER BY 1, 2
SELECT n, c, f, d, o, bool_or(o) OVER (PARTITION BY c ORDER BY n, c, f, d, o ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT k.sensor, k.at FROM readings AS k WHERE length(k.place) = (SELECT max(q.x) FROM (SELECT r.level AS x, r.heat AS h, r.place AS p FROM readings AS r) AS q WHERE q.x = length(k.place) AND q.p IS NOT NULL) ORDER BY k.sensor, k.at
SELECT row(null, 1) BETWEEN (3, null) AND (3, null) FROM kinds ORDER BY id
SELECT k.id, u0 IS NULL FROM kinds AS k INNER JOIN UNNEST(k.a) WITH ORDINALITY AS u (u0, u1) ON true ORDER BY 1, 2
SELECT k.id, u0, u1, u2, u3 FROM kinds AS k INNER JOIN UNNEST(map(array['x', 'y'], array[k.id, 0]), array[row(1, 'r'), row(k.id, null)]) AS u (u0, u1, u2, u3) ON true ORDER BY k.id, u0, u1, u2, u3
SELECT k.id, u0 IS NULL FROM kinds AS k LEFT JOIN UNNEST(cast(null AS array(integer)), map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2, u3) ON true WHERE k.id < 6 ORDER BY 1, 2
SELECT timestamp '2020-02-29 23:59:59.999 UTC' AT TIME ZONE '-08:00' + interval '1' month
SELECT cast('' AS char(3)) = cast(12 AS varchar(2))
SELECT if(id = 1, cast(v AS integer), id * 2) FROM kinds ORDER BY id
SELECT avg(decimal '-0.005') OVER ()
SELECT sensor, place, avg(level) FROM readings GROUP BY GROUPING SETS ((sensor), (place), ()) HAVING count(*) > 2 ORDER BY 1, 2 NULLS FIRST, 3
SELECT place, grouping(place), is_deleted, grouping(is_deleted), avg(level) FROM (SELECT sensor, place, level, is_deleted, heat FROM readings WHERE level > 1) GROUP BY ROLLUP (place), CUBE (is_deleted) ORDER BY 1 NULLS FIRST, 2, 3 NULLS FIRST, 4, 5
SELECT sum(level) FROM readings GROUP BY () ORDER BY 1 NULLS FIRST
SELECT format_datetime(timestamp '2020-02-29 02:30:00.123 UTC', 'yyyy-MM-dd HH:mm:ss')
(SELECT (is_deleted OR is_deleted) FROM readings WHERE nullif(level > 2, level > 2)) UNION DISTINCT (SELECT DISTINCT (level + 0e0 IS NOT NULL) FROM readings EXCEPT SELECT ('' LIKE 's%') FROM readings) ORDER BY 1 FETCH FIRST 2 ROWS ONLY
SELECT if(false, element_at(array[1], 0), -1) FROM kinds ORDER BY id
SELECT cast(-2.5e0 AS decimal(3,1)) + 3
SELECT 1.10 <> bigint '7'
SELECT format('%s', cast('1.555' AS decimal(10,2)))
((SELECT DISTINCT (cast(ts AS date) + interval '1' day) FROM kinds WHERE (b OR i IS NULL)) EXCEPT (SELECT CASE WHEN i IS NULL THEN day ELSE date '2024-03-01' END FROM kinds WHERE (date '1999-12-31' >= cast(ts AS date)) UNION ALL SELECT CASE WHEN i IS NULL THEN day ELSE cast(ts AS date) END FROM kinds) UNION SELECT date_trunc('month', date '1999-12-31') FROM kinds WHERE greatest(false, i IS NULL)) EXCEPT ALL (SELECT DISTINCT CASE WHEN true THEN d ELSE d END FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) EXCEPT SELECT DISTINCT date '1999-12-31' FROM kinds WHERE (v LIKE 's%')) ORDER BY 1 DESC LIMIT 5
SELECT hour(timestamp '2021-03-14 23:59:59.999 UTC' AT TIME ZONE 'America/New_York'), day(timestamp '2021-03-14 23:59:59.999 UTC' AT TIME ZONE 'America/New_York'), timezone_hour(timestamp '2021-03-14 23:59:59.999 UTC' AT TIME ZONE 'America/New_York'), timezone_minute(timestamp '2021-03-14 23:59:59.999 UTC' AT TIME ZONE 'America/New_York')
SELECT round(decimal '0.00000000000000000000000000000000000001', 0)
SELECT id, lag(id % 3, 0) OVER (PARTITION BY v ORDER BY id ) AS w FROM kinds ORDER BY id
SELECT count(DISTINCT x) FROM (VALUES char 'ab ', cast(cast('x' AS char(3)) AS varchar), cast('' AS char(3))) AS t (x)
SELECT k.sensor, k.at, q.c, q.m FROM readings AS k CROSS JOIN LATERAL (SELECT count(*) AS c, max(q.p) AS m FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE q.x = k.level + 1 AND q.p IS NOT NULL) AS q ORDER BY k.sensor, k.at
SELECT k.id, k.v, u0 FROM kinds AS k LEFT JOIN UNNEST(array['p', 'q']) WITH ORDINALITY AS u (u0, u1) ON true ORDER BY 1, 3
SELECT -(cast(2.5e0 AS decimal(3,0)))
SELECT sensor, at, avg(CASE WHEN level > 2 THEN length(place) ELSE length(place) END) OVER (PARTITION BY sensor ORDER BY length(place) DESC NULLS FIRST RANGE BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS w FROM readings ORDER BY sensor, at
SELECT k.id, count(*) FROM kinds AS k LEFT JOIN UNNEST(array['p', 'q'], array[row(1, 'r'), row(k.id, null)]) WITH ORDINALITY AS u (u0, u1, u2, u3) ON true GROUP BY k.id ORDER BY 1, 2
SELECT id, nth_value(least(cast(id AS varchar), v), 2) RESPECT NULLS OVER (PARTITION BY cast(id AS varchar) ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS w FROM kinds ORDER BY id
SELECT .5 - smallint '10'
SELECT timestamp '2024-12-31 12:00:00 America/Sao_Paulo'
SELECT n, c, f, d, o, lag(n, 2, -1) OVER (PARTITION BY CASE WHEN o THEN o ELSE o END ORDER BY n, c, f, d, o ) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT date(from_unixtime(0) AT TIME ZONE 'Australia/Lord_Howe')
SELECT cast(cast(-2.5e0 AS decimal(3,1)) AS bigint)
SELECT date_trunc('month', with_timezone(timestamp '2021-11-07 02:30:00.123', 'Australia/Lord_Howe'))
SELECT n, c, f, d, o, count(*) OVER (PARTITION BY CASE WHEN o THEN o ELSE o END ORDER BY n RANGE BETWEEN 2 PRECEDING AND 1 PRECEDING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT count(*), count(c), count(DISTINCT c) FROM (SELECT 42 FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) UNION SELECT level FROM readings UNION DISTINCT SELECT DISTINCT length('North') FROM kinds WHERE b) AS u (c)
SELECT sensor, at, bool_or(greatest(level > 2, is_deleted)) OVER (PARTITION BY (level + 0e0 NOT IN (heat, 1e3)) ORDER BY level > 2 DESC NULLS LAST, sensor, at GROUPS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS w FROM readings ORDER BY sensor, at
SELECT decimal '99999999999999999999999999999999999999' IN (bigint '7', 1.10)
SELECT decimal '123456789012345678.12' * smallint '10'
SELECT .5 * real '1.25'
WITH a AS (SELECT CASE WHEN (b OR i IS NULL) THEN try_cast(cast(id AS varchar) AS integer) ELSE day_of_week(cast(ts AS date)) END AS x, '' AS y FROM kinds), b (x, y) AS (WITH a AS (SELECT x + 1 AS x, y FROM a) SELECT x, upper(y) AS y FROM a) SELECT y, count(*) FROM (SELECT * FROM a UNION ALL SELECT * FROM b) GROUP BY y ORDER BY y NULLS FIRST
SELECT try_cast(char 'ab ' AS integer)
SELECT k.id FROM kinds AS k WHERE k.id >= (SELECT max(q.x) FROM (SELECT n AS x, f AS h, c AS p FROM (VALUES (1, 0.5e0, 'a'), (2, null, 'b'), (null, 2e0, null), (2, 1e0, 'b')) AS w (n, f, c)) AS q WHERE q.x = k.id AND q.p IS NOT NULL) ORDER BY k.id
WITH a AS (SELECT n AS x, c AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT b.* FROM b WHERE x IN (SELECT x FROM a WHERE y > 'a') ORDER BY 1, 2
SELECT cast(from_unixtime(0) AT TIME ZONE 'Europe/Zurich' AS timestamp)
SELECT k.id, k.v, u0 FROM kinds AS k INNER JOIN UNNEST(split(k.v, 'e'), cast(null AS array(integer))) WITH ORDINALITY AS u (u0, u1, u2) ON true ORDER BY 1, 3
SELECT id, nth_value((p * id % 3), 2) RESPECT NULLS OVER (PARTITION BY v ORDER BY id ROWS CURRENT ROW) AS w FROM kinds ORDER BY id
SELECT sum(if(id < 0, 1 / 0, 1)) FROM kinds
SELECT if(v IS NULL AND v IS NOT NULL, array[1][id], id) FROM kinds ORDER BY id
SELECT cast('abc' AS varchar(2)) || cast('ab' AS varchar)
SELECT k.id, u0 IS NULL FROM kinds AS k, UNNEST(map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2) ORDER BY 1, 2
WITH a AS (SELECT (id % 3 % 2) AS x, ('one' || v) AS y FROM kinds), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT x, y FROM a EXCEPT SELECT x, y FROM b ORDER BY 1, 2
((SELECT round(level + 0e0, 1) FROM readings WHERE is_deleted) INTERSECT ALL (SELECT ceil(heat) FROM readings WHERE nullif(is_deleted, true) UNION DISTINCT SELECT abs(level + 0e0) FROM readings)) INTERSECT ALL (SELECT DISTINCT (f / 4) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) UNION DISTINCT SELECT (heat * -7) FROM readings WHERE (NOT false)) ORDER BY 1 DESC NULLS LAST FETCH FIRST 2 ROWS ONLY
SELECT avg(level) FROM readings GROUP BY GROUPING SETS ((place), (place)) ORDER BY 1 NULLS FIRST
SELECT with_timezone(timestamp '2021-11-07 02:30:00.123', 'Australia/Lord_Howe') = from_unixtime(-1) AT TIME ZONE 'Australia/Lord_Howe'
SELECT sensor, place, grouping(place), count(DISTINCT level) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY place, ROLLUP (sensor) ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST, 4
WITH a AS (SELECT least(sign(100), strpos(at, 'one')) AS x, ('one' || place) AS y FROM readings), b (x, y) AS (VALUES (1, 'a'), (2, null)) SELECT count(*) FROM a CROSS JOIN b
SELECT count(*), count(c), count(DISTINCT c) FROM ((SELECT -7 FROM readings) UNION DISTINCT (SELECT sign(n) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE (false OR o) EXCEPT SELECT 42 FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE ('ö😀' IS NULL))) AS u (c)
SELECT coalesce(id, cast('x' AS integer)) FROM kinds ORDER BY id
WITH a AS (SELECT n AS x, CASE WHEN o THEN 'a' ELSE 'North' END AS y FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)), b AS (WITH a AS (SELECT x + 1 AS x, y FROM a) SELECT x, upper(y) AS y FROM a) SELECT count(*), count(x), min(y), max(y), sum(x) FROM b
SELECT place, grouping(place), coalesce(cast(is_deleted AS varchar), '-') AS is_deleted, grouping(is_deleted), max(place) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY CUBE (place, is_deleted) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST, 3 NULLS FIRST, 4, 5
SELECT k.id % 3, count(*) FROM kinds AS k WHERE (SELECT count(*) FROM (SELECT i.id % 4 AS x, i.d AS h, i.v AS p FROM kinds AS i) AS q WHERE q.x = k.id % 3 AND q.h > 0) > 2 GROUP BY 1 ORDER BY 1
SELECT sensor, place, grouping(place), count_if(level > 2) FROM readings GROUP BY GROUPING SETS ((sensor, place), ()) ORDER BY 1, 2, 3, 4
WITH a AS (SELECT try_cast(CASE WHEN b THEN v ELSE cast(id AS varchar) END AS integer) AS x, CASE WHEN false THEN cast(id AS varchar) ELSE 'one' END AS y FROM kinds WHERE (b AND null)), b AS (TABLE a) SELECT * FROM b ORDER BY 1, 2
SELECT count(*), count(c), count(DISTINCT c) FROM ((SELECT last_day_of_month(cast(ts AS date)) FROM kinds WHERE (i IS NULL OR b)) EXCEPT ALL (SELECT DISTINCT greatest(day, cast(ts AS date)) FROM kinds UNION SELECT DISTINCT last_day_of_month(date '1999-12-31') FROM kinds)) AS u (c)
SELECT typeof(timestamp '2021-10-31 12:00:00 UTC' AT TIME ZONE 'Europe/Zurich')
SELECT count(DISTINCT level) FROM readings GROUP BY GROUPING SETS ((place), (place)) HAVING count(*) > 2 ORDER BY 1
SELECT avg(level) FROM (SELECT v AS sensor, CASE WHEN b THEN 'yes' ELSE v END AS place, id AS level, b AS is_deleted, d AS heat FROM kinds) GROUP BY GROUPING SETS ((sensor), (place), ()) ORDER BY 1 NULLS FIRST
SELECT count(*), count(c), count(DISTINCT c) FROM ((SELECT (100 - n) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)) EXCEPT ALL (SELECT date_diff('day', d, d) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) WHERE o INTERSECT SELECT cast(heat AS integer) FROM readings)) AS u (c)
SELECT date(from_unixtime(-1) AT TIME ZONE '+05:30')
SELECT cast(null AS char(3)) IN (cast('ab' AS char(4)), 'x')
SELECT sum(if(id < 0, cast('x' AS integer), 1)) FROM kinds
SELECT hour(timestamp '1999-12-31 03:00:00 -08:00'), day(timestamp '1999-12-31 03:00:00 -08:00'), timezone_hour(timestamp '1999-12-31 03:00:00 -08:00'), timezone_minute(timestamp '1999-12-31 03:00:00 -08:00')
SELECT typeof(o) FROM kinds ORDER BY id
SELECT cast(with_timezone(timestamp '1999-12-31 02:30:00.123', 'UTC') AS varchar)
SELECT k.id, k.v, u0 FROM kinds AS k INNER JOIN UNNEST(map(array['x', 'y'], array[k.id, 0]), map(array['x', 'y'], array[k.id, 0])) WITH ORDINALITY AS u (u0, u1, u2, u3, u4) ON true ORDER BY 1, 3
SELECT split_part('ö😀', 'e', 1) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) EXCEPT ALL SELECT coalesce(v, v) FROM kinds WHERE CASE WHEN i IS NULL THEN i IS NULL ELSE b END ORDER BY 1 DESC NULLS LAST OFFSET 1 FETCH NEXT ROW WITH TIES
SELECT date_diff('month', timestamp '2021-11-07 00:00:00', timestamp '1999-12-31 03:00:00')
SELECT sensor, at, min((date '2024-03-01' + interval '-2' day)) OVER (PARTITION BY (sensor LIKE 's%') ORDER BY level > 2 DESC NULLS LAST, sensor, at GROUPS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS w FROM readings ORDER BY sensor, at
SELECT w.o, count(k.id) FROM kinds AS k FULL JOIN (VALUES (1, 'a', true), (2, null, false), (null, 'one', null), (6, 'one', true)) AS w (n, c, o) ON k.id = w.n AND w.c IS NULL GROUP BY 1 ORDER BY 1
SELECT id, bool_or((day IS NOT NULL)) OVER (PARTITION BY cast(id AS varchar) ORDER BY i IS NULL, id GROUPS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS w FROM kinds ORDER BY id
SELECT day_of_week(from_unixtime(1616893200) AT TIME ZONE '+05:30'), week(from_unixtime(1616893200) AT TIME ZONE '+05:30'), year_of_week(from_unixtime(1616893200) AT TIME ZONE '+05:30')
SELECT k.id FROM kinds AS k WHERE k.id % 3 < (SELECT min(q.x) FROM (SELECT r.level AS x, r.heat AS h, r.place AS p FROM readings AS r) AS q WHERE q.x = k.id % 3) ORDER BY k.id
SELECT n, c, f, d, o, sum(bitwise_and(n, 5)) OVER (PARTITION BY c ORDER BY n, c, f, d, o ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT x, count(*) FROM (VALUES decimal '99999999999999999999999999999999999999', real '1.25', decimal '99999999999999999999999999999999999999') AS t (x) GROUP BY x ORDER BY x
SELECT k.id, u0 IS NULL FROM kinds AS k LEFT JOIN UNNEST(array[1, 2, null]) WITH ORDINALITY AS u (u0, u1) ON true ORDER BY 1, 2
SELECT k.id, u0 IS NULL FROM kinds AS k CROSS JOIN UNNEST(filter(k.a, x -> x > k.id), array[row(1, 'r'), row(k.id, null)]) AS u (u0, u1, u2) WHERE k.id < 6 ORDER BY 1, 2
((SELECT cast(level AS varchar) FROM readings UNION DISTINCT SELECT DISTINCT substr('ö😀', 1, 3) FROM readings WHERE CASE WHEN true THEN level > 2 ELSE level > 2 END) EXCEPT (SELECT coalesce('ö😀', at) FROM readings WHERE CASE WHEN is_deleted THEN true ELSE null END EXCEPT ALL SELECT DISTINCT CASE WHEN o THEN 'North' ELSE 'North' END FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o))) INTERSECT (SELECT DISTINCT upper(sensor) FROM readings INTERSECT ALL SELECT nullif(c, c) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)) ORDER BY 1 DESC NULLS LAST FETCH FIRST 2 ROWS ONLY
SELECT a FROM (VALUES (3, 'c'), (null, 'a'), (1, null), (null, null), (3, 'b'), (null, 'z'), (0, 'q')) AS t (a, b) WHERE a IN (1, 2) ORDER BY a
SELECT n, c, f, d, o, nth_value(length(c), 2) OVER (ORDER BY n, c, f, d, o ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS w FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) ORDER BY n, c, f, d, o
SELECT k.id, count(w.n), max(w.c) FROM kinds AS k JOIN (VALUES (1, 'a', true), (2, null, false), (null, 'one', null), (6, 'one', true)) AS w (n, c, o) ON k.id = w.n WHERE k.id IS NULL OR w.n IS NULL GROUP BY 1 ORDER BY 1
SELECT lpad(cast('ö😀' AS char(3)), 4, '*')
SELECT cast(-2.5e0 AS decimal(3,1)) % real '1.25'
SELECT count(*), count(c), count(DISTINCT c) FROM (SELECT DISTINCT concat(at, '/', place) FROM readings WHERE (heat BETWEEN level + 0e0 AND level + 0e0) INTERSECT ALL SELECT DISTINCT trim(v) FROM kinds UNION ALL SELECT DISTINCT date_format(date '1999-12-31', '%Y/%j') FROM readings) AS u (c)
SELECT count(*), count(c), count(DISTINCT c) FROM ((SELECT DISTINCT date_format(cast(ts AS date), '%Y/%j') FROM kinds WHERE CASE WHEN i IS NULL THEN i IS NULL ELSE i IS NULL END) UNION ALL (SELECT DISTINCT least('12', c) FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o) EXCEPT SELECT replace(cast(id AS varchar), 'o', '00') FROM kinds) EXCEPT SELECT date_format(date '2024-03-01', '%Y/%j') FROM kinds INTERSECT SELECT greatest(place, at) FROM readings WHERE coalesce(is_deleted, is_deleted)) AS u (c)
SELECT k.id, transform(k.a, x -> cast(x AS varchar)) FROM kinds AS k ORDER BY 1
(SELECT DISTINCT CASE WHEN o THEN c ELSE c END FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)) UNION ALL (SELECT v FROM kinds EXCEPT ALL SELECT DISTINCT 'one' FROM (VALUES (1, 'a', 0.5e0, date '2020-02-28', true), (2, null, -1e0, null, false), (null, 'B', 2.25e0, date '2021-12-31', null), (2, 'a', null, date '2020-02-29', true)) AS w (n, c, f, d, o)) ORDER BY 1 LIMIT 5
SELECT if(v IS NULL AND v IS NOT NULL, element_at(array[1], 0), 0) FROM kinds ORDER BY id
