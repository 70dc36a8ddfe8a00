-- UUIDs.
SELECT cast('12151FD2-7586-11E9-8F9E-2A86E4085A59' AS uuid)
SELECT cast('12151fd275' AS uuid)
SELECT try_cast('x' AS uuid)
SELECT cast('1-2-3-4-5' AS uuid)
SELECT uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'
SELECT cast(uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' AS varchar)
SELECT typeof(cast(uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' AS varchar))
SELECT cast(uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' AS varchar(5))
SELECT cast(uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' AS varbinary)
SELECT cast(X'12151fd2758611e98f9e2a86e4085a59' AS uuid)
SELECT cast(X'12' AS uuid)
SELECT cast(1 AS uuid)
SELECT uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' = uuid '12151FD2-7586-11e9-8f9e-2a86e4085a59'
SELECT uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' < uuid '92151fd2-7586-11e9-8f9e-2a86e4085a59'
SELECT uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' = '12151fd2-7586-11e9-8f9e-2a86e4085a59'
SELECT x FROM (VALUES uuid 'f2151fd2-7586-11e9-8f9e-2a86e4085a59', uuid '02151fd2-7586-11e9-8f9e-2a86e4085a59', null) AS t (x) ORDER BY x
SELECT min(x), max(x), count(DISTINCT x) FROM (VALUES uuid 'f2151fd2-7586-11e9-8f9e-2a86e4085a59', uuid '02151fd2-7586-11e9-8f9e-2a86e4085a59', null) AS t (x)
SELECT array[uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59']
SELECT map(array[uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'], array[1])
SELECT x, count(*) FROM (VALUES uuid 'f2151fd2-7586-11e9-8f9e-2a86e4085a59', uuid 'f2151fd2-7586-11e9-8f9e-2a86e4085a59') AS t (x) GROUP BY x
SELECT cast(array['12151fd2-7586-11e9-8f9e-2a86e4085a59'] AS array(uuid))
SELECT uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59' IN (uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59')
SELECT uuid 'x'
SELECT length(cast(uuid() AS varchar))
SELECT count(DISTINCT uuid()) FROM (VALUES 1, 2, 3)
SELECT format('%s', uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59')
SELECT json_object('a': uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59')
