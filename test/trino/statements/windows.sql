-- Window functions and frames.
SELECT sensor, at, row_number() OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, rank() OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, dense_rank() OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, percent_rank() OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, cume_dist() OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, ntile(3) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, lag(level) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, lag(level, 2) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, lag(level, 2, -1) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, lead(level) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, lead(heat, 1, 0e0) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, first_value(level) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, last_value(level) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, nth_value(level, 2) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, sum(level) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, avg(heat) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, count(heat) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, min(heat) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, max(level) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, count(*) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, lag(heat) IGNORE NULLS OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, first_value(heat) IGNORE NULLS OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, last_value(heat) IGNORE NULLS OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, nth_value(heat, 2) IGNORE NULLS OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, array_agg(level) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, bool_or(level > 3) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT sensor, at, max_by(level, heat) OVER (PARTITION BY sensor ORDER BY at) FROM readings ORDER BY sensor, at
SELECT x, sum(x) OVER (ORDER BY x ROWS UNBOUNDED PRECEDING), count(*) OVER (ORDER BY x ROWS UNBOUNDED PRECEDING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x ROWS 1 PRECEDING), count(*) OVER (ORDER BY x ROWS 1 PRECEDING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), count(*) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), count(*) OVER (ORDER BY x ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), count(*) OVER (ORDER BY x ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), count(*) OVER (ORDER BY x ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x RANGE UNBOUNDED PRECEDING), count(*) OVER (ORDER BY x RANGE UNBOUNDED PRECEDING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), count(*) OVER (ORDER BY x RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x RANGE 1 PRECEDING), count(*) OVER (ORDER BY x RANGE 1 PRECEDING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING), count(*) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x GROUPS 1 PRECEDING), count(*) OVER (ORDER BY x GROUPS 1 PRECEDING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING), count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), count(*) OVER (ORDER BY x RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x ), count(*) OVER (ORDER BY x ) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x DESC), count(*) OVER (ORDER BY x DESC) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x DESC ROWS 1 PRECEDING), count(*) OVER (ORDER BY x DESC ROWS 1 PRECEDING) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x NULLS FIRST), count(*) OVER (ORDER BY x NULLS FIRST) FROM (VALUES 1, 2, 2, 3, 5, 8, null) AS t (x) ORDER BY x
SELECT x, rank() OVER (ORDER BY x DESC), dense_rank() OVER (ORDER BY x) FROM (VALUES 3, 1, 3, null) AS t (x) ORDER BY x
SELECT sensor, sum(sum(level)) OVER (ORDER BY sensor) FROM readings GROUP BY sensor ORDER BY sensor
SELECT sensor, rank() OVER (ORDER BY sum(level) DESC, sensor) FROM readings GROUP BY sensor ORDER BY 2
SELECT x, sum(x) OVER w, avg(x) OVER w FROM (VALUES 1, 2, 3) AS t (x) WINDOW w AS (ORDER BY x) ORDER BY x
SELECT x, sum(x) OVER (w ROWS 1 PRECEDING) FROM (VALUES 1, 2, 3) AS t (x) WINDOW w AS (ORDER BY x) ORDER BY x
SELECT count(*) OVER (), x FROM (VALUES 1, 2) AS t (x) ORDER BY x
SELECT row_number() OVER (ORDER BY x) FROM (SELECT 1 AS x WHERE false)
SELECT * FROM (SELECT sensor, at, row_number() OVER (PARTITION BY sensor ORDER BY at DESC) AS rn FROM readings) WHERE rn = 1 ORDER BY sensor
SELECT x FROM (VALUES 1, 2) AS t (x) WHERE row_number() OVER () = 1
SELECT lag(x, -1) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT ntile(0) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT nth_value(x, 0) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT count(DISTINCT x) OVER () FROM (VALUES 1, 2) AS t (x)
SELECT sum(x) FILTER (WHERE x > 1) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) AS t (x)
SELECT x, lag(x, 1, 'none') OVER (ORDER BY x) FROM (VALUES 'a', 'b') AS t (x) ORDER BY x
SELECT place, level, rank() OVER (PARTITION BY place ORDER BY level DESC, at, sensor) FROM readings ORDER BY 1, 3
SELECT day, count(*) OVER (ORDER BY day RANGE BETWEEN interval '30' day PRECEDING AND CURRENT ROW) FROM kinds WHERE day > date '2000-01-01' ORDER BY day
-- Arguments at the limits, and functions that came later.
SELECT lag(x, null) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT lag(x, 0) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT lead(x, -1) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT lead(x, 99999999999) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT lag(x, x - 2) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT lead(x, null, 7) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT ntile(-1) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT ntile(null) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT ntile(99999999999) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT ntile(x) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT nth_value(x, -1) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT nth_value(x, null) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT nth_value(x, 99999999999) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT nth_value(x, x) OVER (ORDER BY x) FROM (VALUES 1, 2) AS t (x)
SELECT lag(x, -1) OVER (ORDER BY x) FROM (SELECT 1 WHERE false) AS t (x)
