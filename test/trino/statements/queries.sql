-- Query forms.
SELECT 1
SELECT 1 AS a, 2 AS "B", 3
SELECT 1, 1
SELECT 'x' AS "two words"
SELECT count(*), max(level) m FROM readings
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t (x, y) ORDER BY x
VALUES 1, 2
VALUES (1, 'a'), (2, null)
TABLE cities
SELECT * FROM kinds WHERE id = 4
SELECT k.* FROM kinds k WHERE k.id < 3 ORDER BY k.id
SELECT K.ID, "k"."ID" FROM kinds k WHERE id = 1
SELECT id AS x FROM kinds ORDER BY x DESC LIMIT 2
SELECT id FROM kinds ORDER BY -id LIMIT 3
SELECT id FROM kinds ORDER BY 1 OFFSET 5
SELECT id FROM kinds ORDER BY id OFFSET 2 ROWS FETCH FIRST 2 ROWS ONLY
SELECT level FROM readings ORDER BY level FETCH FIRST 1 ROW WITH TIES
SELECT id FROM kinds LIMIT 0
SELECT id FROM kinds ORDER BY id LIMIT ALL
SELECT i FROM kinds ORDER BY i NULLS FIRST, id
SELECT i FROM kinds ORDER BY i DESC, id
SELECT DISTINCT v FROM kinds ORDER BY v
SELECT DISTINCT v FROM kinds ORDER BY id
SELECT ALL v FROM kinds ORDER BY v
SELECT DISTINCT ON (v) v FROM kinds
SELECT a.id, b.id FROM kinds a JOIN kinds b ON a.v = b.v AND a.id < b.id ORDER BY 1, 2
SELECT a.id, b.name FROM kinds a LEFT JOIN cities b ON a.v = b.name ORDER BY 1
SELECT a.x, b.y FROM (VALUES 1, 2) AS a (x) RIGHT JOIN (VALUES 2, 3) AS b (y) ON a.x = b.y ORDER BY 2
SELECT a.x, b.y FROM (VALUES 1, 2) AS a (x) FULL JOIN (VALUES 2, 3) AS b (y) ON a.x = b.y ORDER BY 1, 2
SELECT x, a.z, b.z FROM (VALUES (1, 'a')) AS a (x, z) JOIN (VALUES (1, 'b')) AS b (x, z) USING (x)
SELECT * FROM (VALUES (1, 'a')) AS a (x, z) JOIN (VALUES (1, 'b')) AS b (x, y) USING (x)
SELECT * FROM (VALUES (1, 'a')) AS a (x, z) FULL JOIN (VALUES (2, 'b')) AS b (x, y) USING (x) ORDER BY x
SELECT * FROM (VALUES 1, 2) AS a (x), (VALUES 3) AS b (y) ORDER BY x
SELECT * FROM (VALUES 1) AS a (x) CROSS JOIN (VALUES 2, 3) AS b (y) ORDER BY y
SELECT * FROM (VALUES 1, null) AS a (x) JOIN (VALUES 1, null) AS b (x) ON a.x = b.x
SELECT * FROM (VALUES 1, null) AS a (x) JOIN (VALUES 1, null) AS b (x) ON a.x IS NOT DISTINCT FROM b.x ORDER BY 1
SELECT * FROM (VALUES (1, 2)) AS a (x, y) NATURAL JOIN (VALUES (1, 3)) AS b (x, z)
SELECT a.x FROM (VALUES 1, 2) AS a (x) LEFT JOIN (VALUES 1) AS b (x) ON a.x = b.x WHERE b.x IS NULL
SELECT x FROM (VALUES 1) AS a (x), (VALUES 2) AS b (x)
SELECT * FROM (VALUES 1) AS a (x) JOIN (VALUES 2) AS b (y) ON x > y
SELECT a.x, b.y FROM (VALUES 1, 3) AS a (x) JOIN (VALUES 2, 3) AS b (y) ON a.x >= b.y ORDER BY 1, 2
SELECT 1 UNION SELECT 1
SELECT 1 UNION ALL SELECT 1
SELECT 1 UNION SELECT 2 UNION ALL SELECT 2 ORDER BY 1
SELECT x FROM (VALUES 1, 2, 2, null, null) AS t (x) INTERSECT SELECT x FROM (VALUES 2, 2, null) AS u (x) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 2) AS t (x) INTERSECT ALL SELECT x FROM (VALUES 2, 2, 2) AS u (x)
SELECT x FROM (VALUES 1, 2, 2, null) AS t (x) EXCEPT SELECT x FROM (VALUES 1) AS u (x) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 2, 2) AS t (x) EXCEPT ALL SELECT x FROM (VALUES 2) AS u (x) ORDER BY 1
SELECT 1 AS a UNION ALL SELECT 2.5 ORDER BY a
SELECT 1 UNION SELECT 'a'
SELECT 1, 2 UNION SELECT 1
(SELECT 1 AS a) UNION ALL (SELECT 2 ORDER BY 1 LIMIT 1) ORDER BY a
SELECT null UNION ALL SELECT 1 ORDER BY 1
SELECT 1 EXCEPT SELECT 2 INTERSECT SELECT 1
WITH a AS (SELECT 1 AS x) SELECT x + 1 FROM a
WITH a (y) AS (SELECT 1), b AS (SELECT y + 1 AS z FROM a) SELECT * FROM a, b
WITH a AS (WITH b AS (SELECT 5 AS q) SELECT q FROM b) SELECT * FROM a
WITH kinds AS (SELECT 42 AS id) SELECT id FROM kinds
WITH a AS (SELECT 1 AS x), a AS (SELECT 2 AS x) SELECT * FROM a
WITH RECURSIVE t (n) AS (VALUES 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t ORDER BY n
WITH RECURSIVE t (n) AS (VALUES 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t
WITH latest AS (SELECT *, row_number() OVER (PARTITION BY sensor ORDER BY at DESC, write_time DESC) AS rn FROM readings) SELECT sensor, at, level FROM latest WHERE rn = 1 AND NOT is_deleted ORDER BY sensor
SELECT (SELECT max(id) FROM kinds)
SELECT id FROM kinds WHERE id = (SELECT max(id) FROM kinds)
SELECT (SELECT id FROM kinds)
SELECT (SELECT id FROM kinds WHERE id = 99)
SELECT id FROM kinds WHERE v IN (SELECT v FROM kinds WHERE id = 1) ORDER BY id
SELECT id FROM kinds WHERE v NOT IN (SELECT v FROM kinds WHERE id = 4) ORDER BY id
SELECT id FROM kinds k WHERE EXISTS (SELECT 1 FROM kinds j WHERE j.v = k.v AND j.id <> k.id) ORDER BY id
SELECT id FROM kinds k WHERE NOT EXISTS (SELECT 1 FROM kinds j WHERE j.i > k.i) ORDER BY id
SELECT id, (SELECT count(*) FROM kinds j WHERE j.i < k.i) FROM kinds k ORDER BY id
SELECT id FROM kinds WHERE i > ALL (SELECT i FROM kinds WHERE id IN (1, 5)) ORDER BY id
SELECT id FROM kinds WHERE i = ANY (VALUES 100, 500) ORDER BY id
SELECT id FROM kinds WHERE i <> ALL (VALUES 100, null)
SELECT x, (SELECT sum(y) FROM (VALUES 1, 2, 3) AS b (y) WHERE y <= x) FROM (VALUES 1, 2) AS a (x) ORDER BY x
SELECT x FROM (VALUES 1, 2) AS a (x) WHERE (SELECT count(*) FROM (VALUES 1) AS b (y) WHERE y = x) = 1
SELECT sensor, level FROM readings r WHERE at = (SELECT max(at) FROM readings s WHERE s.sensor = r.sensor) ORDER BY sensor
SELECT a.x FROM (VALUES 1, 2) AS a (x) CROSS JOIN LATERAL (SELECT a.x * 2 AS y) ORDER BY 1
SELECT a.x, b.y FROM (VALUES 1, 2) AS a (x) CROSS JOIN LATERAL (SELECT a.x * 2 AS y) AS b ORDER BY 1
SELECT * FROM (VALUES 1, 2) AS a (x) LEFT JOIN LATERAL (SELECT a.x WHERE a.x > 1) AS b (y) ON true ORDER BY 1
SELECT x, y FROM (VALUES 1) AS t (x) CROSS JOIN UNNEST(array[1, 2]) AS u (y) ORDER BY y
SELECT * FROM UNNEST(array[1, 2], array['a']) AS t (x, y) ORDER BY x
SELECT * FROM UNNEST(array['a', 'b']) WITH ORDINALITY AS t (x, n) ORDER BY n
SELECT * FROM UNNEST(map(array['a', 'b'], array[1, 2])) AS t (k, v) ORDER BY k
SELECT id, x FROM kinds CROSS JOIN UNNEST(a) AS t (x) ORDER BY id, x
SELECT id, x FROM kinds LEFT JOIN UNNEST(a) AS t (x) ON true ORDER BY id, x
SELECT id, k, x FROM kinds, UNNEST(m) AS t (k, x) ORDER BY id, k
SELECT sum(x) FROM kinds CROSS JOIN UNNEST(a) AS t (x)
SELECT * FROM UNNEST(array[row(1, 'a'), row(2, 'b')]) AS t (x, y) ORDER BY x
SELECT * FROM UNNEST(sequence(1, 3)) AS t (n) ORDER BY n
SELECT CASE id WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END FROM kinds ORDER BY id
SELECT CASE WHEN i > 0 THEN 'plus' WHEN i < 0 THEN 'minus' END FROM kinds ORDER BY id
SELECT CASE WHEN null THEN 1 END
SELECT CASE WHEN 1 = 0 THEN 1 / 0 ELSE 2 END
SELECT IF(1 = 1, 'a', 'b')
SELECT coalesce(v, 'none') FROM kinds ORDER BY id
SELECT nullif(v, 'one') FROM kinds ORDER BY id
SELECT try(1 / 0)
SELECT try(cast('x' AS integer))
SELECT 1 IS DISTINCT FROM null
SELECT null IS NOT DISTINCT FROM null
SELECT null = null
SELECT null OR true, null AND false, NOT null
SELECT id FROM kinds WHERE null
SELECT id FROM kinds WHERE b ORDER BY id
SELECT id FROM kinds WHERE NOT b ORDER BY id
SELECT id FROM kinds WHERE b IS NULL
SELECT id FROM kinds WHERE (id, v) IN ((1, 'one'), (2, 'x'))
SELECT (1, 2) = (1, 2)
SELECT (1, null) = (1, 2)
SELECT (1, 2) < (1, 3)
SELECT sensor FROM differential.readings WHERE level = 4 AND place = 'north' ORDER BY at
SELECT count(*) FROM awsdatacatalog.differential.readings
SELECT count(*) FROM "awsdatacatalog"."differential"."readings"
SELECT COUNT(*) FROM "READINGS"
SELECT count(*) FROM readings TABLESAMPLE BERNOULLI (100)
SELECT count(*) FROM readings TABLESAMPLE BERNOULLI (0)
SELECT count(*) FROM readings TABLESAMPLE SYSTEM (100)
SELECT a.sensor, b.level FROM readings a JOIN readings b ON a.sensor = b.sensor AND a.at > b.at WHERE a.sensor = 's1' AND a.at LIKE '%T03%' ORDER BY b.at
SELECT r.sensor, c.country FROM readings r LEFT JOIN cities c ON upper(r.place) = upper(c.name) WHERE r.level = 0 ORDER BY r.at, 1
SELECT
SELECT 1 FROM
SELEC 1
SELECT * FROM nowhere
SELECT * FROM nowhere.kinds
SELECT nothing FROM kinds
SELECT k.nothing FROM kinds k
SELECT x.id FROM kinds k
SELECT nofunction(1)
SELECT abs('a')
SELECT abs(1, 2)
SELECT 1 + 'a'
SELECT 1 = 'a'
SELECT 'a' AND true
SELECT id FROM kinds WHERE id
SELECT id, count(*) FROM kinds
SELECT id FROM kinds GROUP BY v
SELECT id FROM kinds ORDER BY 3
SELECT id FROM kinds GROUP BY 2
SELECT * FROM kinds GROUP BY id
SELECT *
SELECT 1 LIMIT -1
SELECT 1 LIMIT x
SELECT id FROM kinds WHERE id > ALL (SELECT id, v FROM kinds)
SELECT (SELECT 1, 2)
SELECT id IN (SELECT id, v FROM kinds) FROM kinds
SELECT cast(1 AS nothing)
SELECT date '2020-01-01' + 1
SELECT interval '1' day + 1
SELECT a[1] FROM (VALUES 1) AS t (a)
SELECT 1 AS a ORDER BY b
SELECT sum(level) OVER () FROM readings GROUP BY place
SELECT 'unterminated
SELECT ""
SELECT 1;
SELECT 1; SELECT 2
SELECT `id` FROM kinds
SELECT id FROM kinds -- a comment
SELECT /* in */ 1
SELECT 1 /* open
SELECT * FROM kinds k JOIN cities c ON id
SELECT min(DISTINCT id) FROM kinds
SELECT count(DISTINCT *) FROM kinds
SELECT 1 WHERE 1
SELECT CASE WHEN true THEN 1 ELSE 'a' END
SELECT coalesce(1, 'a')
SELECT greatest(1, 'a')
SELECT array[1, 'a']
SELECT 1 IN ('a')
SELECT 1 BETWEEN 'a' AND 'b'
SELECT 1 / 0
SELECT 1 % 0
SELECT id / (id - 1) FROM kinds
SELECT id FROM kinds WHERE 1 / (id - 4) > 0
SELECT cast('abc' AS integer)
SELECT cast(v AS integer) FROM kinds
SELECT 9223372036854775807 + 1
SELECT cast(200 AS tinyint)
SELECT cast(123.456 AS decimal(4,2))
