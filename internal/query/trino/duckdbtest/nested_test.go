package duckdbtest

import "testing"

// nestedCases are values of arrays, maps, rows and the types that hold no others but have a form of
// their own, and lambdas. Derived from Trino's pages language/types.md, functions/map.md,
// functions/array.md, functions/lambda.md and functions/comparison.md.
const nestedCases = `
ROW(1, 'a') | row(integer, varchar(1)) | map[f1:1 f2:a]
(1, 2.0) | row(integer, decimal(2,1)) | map[f1:1 f2:2]
CAST(ROW(1, 2.0) AS ROW(x bigint, y double)).x | bigint | 1
CAST(ROW(1, 2e0) AS ROW(x bigint, y double)).Y | double | 2
CAST(ROW(1, ROW('a', 3)) AS ROW(x bigint, y ROW(z varchar, w integer))).y.w | integer | 3
CAST(NULL AS ROW(x bigint)).x | bigint | NULL
CAST(CAST(NULL AS ROW(x integer)) AS ROW(y bigint)) | row(y bigint) | NULL
ROW(1, 2)[2] | integer | 2
ROW(1, NULL) = ROW(1, NULL) | boolean | NULL
ROW(1, NULL) = ROW(2, NULL) | boolean | false
ROW(1, 2) = ROW(1, 2.0) | boolean | true
ROW(1, 2) <> ROW(1, 3) | boolean | true
ROW(1, 2) < ROW(1, 3) | boolean | true
(1, 2) >= (1, 2) | boolean | true
ROW(1, NULL) < ROW(2, 3) | boolean | !ROW comparison not supported for fields with null elements
ROW(1, NULL) IS NOT DISTINCT FROM ROW(1, NULL) | boolean | true
(1, 'a') IN ((2, 'b'), (1, 'a')) | boolean | true
(1, NULL) IN ((2, NULL), (1, 3)) | boolean | NULL
(1, 2) BETWEEN (1, 1) AND (2, 0) | boolean | true
NULLIF((1, 2), (1, 2)) | row(integer, integer) | NULL
CASE (1, 2) WHEN (1, 2) THEN 'y' END | varchar(1) | y
ARRAY[1, NULL] = ARRAY[1, NULL] | boolean | NULL
ARRAY[1, NULL] = ARRAY[2, NULL] | boolean | false
ARRAY[1, NULL] = ARRAY[1] | boolean | false
ARRAY[1, 2] < ARRAY[1, 2, 0] | boolean | true
ARRAY[1, NULL] < ARRAY[2, 3] | boolean | !ARRAY comparison not supported for arrays with null elements
ARRAY[ROW(1, NULL)] = ARRAY[ROW(1, NULL)] | boolean | NULL
ARRAY[ARRAY[1], NULL][2] | array(integer) | NULL
CAST(ARRAY[1, NULL] AS array(varchar)) | array(varchar) | [1 <nil>]
CAST(ARRAY['1', '2'] AS array(bigint)) | array(bigint) | [1 2]
CAST(ARRAY['1', 'x'] AS array(bigint)) | array(bigint) | !Cannot cast 'x' to BIGINT
TRY_CAST(ARRAY['1', 'x'] AS array(bigint)) | array(bigint) | NULL
TRY_CAST(ARRAY['1', '2'] AS array(bigint)) | array(bigint) | [1 2]
CAST(ARRAY[ROW(1, '2')] AS array(row(a double, b integer)))[1].b | integer | 2
ARRAY[1, 2.5] | array(decimal(11,1)) | [1 2.5]
ARRAY[] | array(unknown) | []
CAST(ARRAY[] AS array(row(a integer))) | array(row(a integer)) | []
transform(ARRAY[5, NULL, 6], x -> x + 1) | array(integer) | [6 <nil> 7]
transform(ARRAY[5, NULL, 6], x -> COALESCE(x, 0) + 1) | array(integer) | [6 1 7]
transform(ARRAY['x', 'abc', 'z'], x -> x || '0') | array(varchar) | [x0 abc0 z0]
transform(ARRAY[ARRAY[1, NULL, 2], ARRAY[3, NULL]], a -> filter(a, x -> x IS NOT NULL)) | array(array(integer)) | [[1 2] [3]]
transform(ARRAY[1, 2], x -> transform(ARRAY[10, 20], y -> x + y)) | array(array(integer)) | [[11 21] [12 22]]
transform(ARRAY[1, 2], x -> reduce(ARRAY[1, 2], x, (s, y) -> s * 10 + y, s -> s + x)) | array(integer) | [113 214]
transform(ARRAY[1], x -> ROW(x, 'a'))[1] | row(integer, varchar(1)) | map[f1:1 f2:a]
filter(ARRAY[5, -6, NULL, 7], x -> x > 0) | array(integer) | [5 7]
filter(ARRAY[], x -> true) | array(unknown) | []
reduce(ARRAY[], 0, (s, x) -> s, s -> s) | integer | 0
reduce(ARRAY[5, 20, 50], 0, (s, x) -> s + x, s -> s) | integer | 75
reduce(ARRAY[5, 20, NULL, 50], 0, (s, x) -> s + x, s -> s) | integer | NULL
reduce(ARRAY[5, 20, NULL, 50], 0, (s, x) -> s + COALESCE(x, 0), s -> s) | integer | 75
reduce(ARRAY[2147483647, 1], BIGINT '0', (s, x) -> s + x, s -> s) | bigint | 2147483648
reduce(ARRAY[1, 2], 0, (s, x) -> s + CAST(x AS bigint), s -> s) | bigint | 3
reduce(ARRAY[5, 6, 10, 20], CAST(ROW(0.0, 0) AS ROW(sum DOUBLE, count INTEGER)), (s, x) -> CAST(ROW(x + s.sum, s.count + 1) AS ROW(sum DOUBLE, count INTEGER)), s -> IF(s.count = 0, NULL, s.sum / s.count)) | double | 10.25
reduce(CAST(NULL AS array(integer)), 0, (s, x) -> s, s -> s) | integer | NULL
transform(ARRAY['1', 'x'], x -> TRY_CAST(x AS integer)) | array(integer) | [1 <nil>]
CAST('ab' AS char(4)) | char(4) | ab
CAST('abc   ' AS char(2)) = 'ab' | boolean | true
CAST('a' AS char(3)) = CAST('a ' AS char(2)) | boolean | true
CAST(CAST('ab' AS char(4)) AS varchar) || '.' | varchar | ab  .
CAST(CAST('abcd' AS char(4)) AS char(2)) | char(2) | ab
CHAR 'ab ' | char(3) | ab
TIME '10:11:12' | time(0) | 0001-01-01 10:11:12.000000
TIME '10:11:12.5' < TIME '10:11:12.51' | boolean | true
TIME '23:00:00' + INTERVAL '2' HOUR | time(3) | 0001-01-01 01:00:00.000000
CAST('10:11' AS time) | time(3) | 0001-01-01 10:11:00.000000
CAST('25:11' AS time) | time(3) | !Value cannot be cast to time: 25:11
CAST(TIME '10:11:12.987' AS time(0)) | time(0) | 0001-01-01 10:11:13.000000
CAST(TIME '23:59:59.9' AS time(0)) | time(0) | 0001-01-01
CAST(TIME '10:11:12.5' AS varchar) | varchar | 10:11:12.5
CAST(TIMESTAMP '2024-01-02 03:04:05.678901' AS time(6)) | time(6) | 0001-01-01 03:04:05.678901
TIMESTAMP '2024-01-02 03:04:05.678901' | timestamp(6) | 2024-01-02 03:04:05.678901
TIMESTAMP '2024-01-02 03:04:05' | timestamp(0) | 2024-01-02 03:04:05.000000
TIMESTAMP '2024-01-02 03:04' | timestamp(0) | 2024-01-02 03:04:00.000000
CAST(TIMESTAMP '2024-01-02 03:04:05.678901' AS timestamp(3)) | timestamp(3) | 2024-01-02 03:04:05.679000
CAST(TIMESTAMP '1969-12-31 23:59:59.9995' AS timestamp(3)) | timestamp(3) | 1970-01-01
CAST(TIMESTAMP '2024-01-02 03:04:05.678901' AS timestamp(0)) | timestamp(0) | 2024-01-02 03:04:06.000000
CAST(TIMESTAMP '2024-01-02 03:04:05.6789' AS varchar) | varchar | 2024-01-02 03:04:05.6789
CAST(TIMESTAMP '2024-01-02 03:04:05.678901' AS varchar) | varchar | 2024-01-02 03:04:05.678901
CAST('2024-01-02 03:04:05.6785' AS timestamp) | timestamp(3) | 2024-01-02 03:04:05.679000
TIMESTAMP '2024-07-01 12:00:00 America/New_York' | timestamp(0) with time zone | 2024-07-01 16:00:00.000000
CAST(TIMESTAMP '2024-07-01 12:00:00 America/New_York' AS varchar) | varchar | 2024-07-01 12:00:00 America/New_York
CAST(TIMESTAMP '2024-07-01 23:00:00 America/New_York' AS date) | date | 2024-07-01
CAST(TIMESTAMP '2024-07-01 12:00:00 America/New_York' AS timestamp(0)) | timestamp(0) | 2024-07-01 12:00:00.000000
hour(TIMESTAMP '2024-07-01 12:00:00 -03:30') | bigint | 12
CAST(date_trunc('day', TIMESTAMP '2024-07-01 12:00:00 America/New_York') AS varchar) | varchar | 2024-07-01 00:00:00 America/New_York
to_unixtime(TIMESTAMP '1970-01-01 01:00:00 +01:00') | double | 0
TIMESTAMP '2024-07-01 12:00:00 America/New_York' = TIMESTAMP '2024-07-01 18:00:00 Europe/Paris' | boolean | true
TIMESTAMP '2024-07-01 12:00:00 UTC' = TIMESTAMP '2024-07-01 12:00:00' | boolean | true
X'65 66' | varbinary | [101 102]
X'' = X'' | boolean | true
U&'Hello winter \2603 !' | varchar(16) | Hello winter ☃ !
U&'a#00E9#+01F600##' UESCAPE '#' | varchar(4) | aé😀#
JSON '{"b": [1, 2.50], "a": "x"}' | json | {"a":"x","b":[1,2.50]}
JSON '"a"' = JSON ' "a" ' | boolean | true
typeof(CAST(ROW(1) AS ROW(a bigint))) | varchar | row(a bigint)
typeof(ARRAY[ROW(1, 'x')]) | varchar | array(row(integer, varchar(1)))
CAST(INTERVAL '90' SECOND AS varchar) | varchar | 0 00:01:30.000
CAST(INTERVAL '14' MONTH AS varchar) | varchar | 1-2
`

func TestNestedValues(t *testing.T) { testValues(t, nestedCases) }
