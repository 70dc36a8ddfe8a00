-- Arrays, maps, rows, lambdas and JSON.
SELECT array[1, 2, 3]
SELECT array[]
SELECT array[null]
SELECT array['a', null]
SELECT array[array[1], array[]]
SELECT array[1, 2.5]
SELECT array[1,2][1]
SELECT array[1,2][3]
SELECT array[1,2][0]
SELECT array[1,2][-1]
SELECT element_at(array[1,2,3], -1)
SELECT element_at(array[1,2], 3)
SELECT element_at(array[1,2], 0)
SELECT cardinality(array[1,null])
SELECT array[1] || array[2]
SELECT array[1] || 2
SELECT 1 || array[2]
SELECT concat(array[1], array[2], array[3])
SELECT array[1,2] = array[1,2]
SELECT array[1,null] = array[1,2]
SELECT array[1,2] < array[1,3]
SELECT contains(array[1,2], 2)
SELECT contains(array[1,null], 2)
SELECT array_position(array[1,2,1], 1)
SELECT array_distinct(array[1,null,1,null])
SELECT array_except(array[1,2,2,3], array[2])
SELECT array_intersect(array[1,2,2], array[2,3])
SELECT array_union(array[1,1], array[2])
SELECT array_join(array[1,null,2], '-')
SELECT array_join(array[1,null,2], '-', 'x')
SELECT array_max(array[1,3,2])
SELECT array_max(array[1,null])
SELECT array_min(array[])
SELECT array_remove(array[1,2,1], 1)
SELECT array_sort(array[3,null,1])
SELECT array_sort(array[3,2,5,1,2], (x, y) -> IF(x < y, 1, IF(x = y, 0, -1)))
SELECT arrays_overlap(array[1], array[2,1])
SELECT arrays_overlap(array[1], array[null])
SELECT combinations(array[1,2,3], 2)
SELECT flatten(array[array[1], array[2,3], null])
SELECT ngrams(array['a','b','c'], 2)
SELECT repeat('a', 3)
SELECT repeat(1, 0)
SELECT reverse(array[1,2])
SELECT sequence(1, 5)
SELECT sequence(5, 1)
SELECT sequence(1, 10, 3)
SELECT sequence(1, 5, 0)
SELECT sequence(date '2020-01-01', date '2020-01-03')
SELECT sequence(date '2020-01-01', date '2020-03-01', interval '1' month)
SELECT sequence(timestamp '2020-01-01 00:00:00', timestamp '2020-01-01 02:00:00', interval '1' hour)
SELECT slice(array[1,2,3,4], 2, 2)
SELECT slice(array[1,2,3], -2, 2)
SELECT slice(array[1], 0, 1)
SELECT trim_array(array[1,2,3], 1)
SELECT transform(array[1,2], x -> x + 1)
SELECT transform(array['a', null], x -> x || '!')
SELECT filter(array[1,2,3,null], x -> x > 1)
SELECT reduce(array[1,2,3], 0, (s, x) -> s + x, s -> s)
SELECT reduce(array[5, 20, 50], cast(row(0.0, 0) AS row(sum double, count integer)), (s, x) -> cast(row(x + s.sum, s.count + 1) AS row(sum double, count integer)), s -> s.sum / s.count)
SELECT any_match(array[1,2], x -> x > 1)
SELECT all_match(array[1,2], x -> x > 1)
SELECT none_match(array[1,2], x -> x > 5)
SELECT any_match(array[1,null], x -> x > 5)
SELECT all_match(array[], x -> x)
SELECT zip(array[1,2], array['a','b'])
SELECT zip(array[1,2], array['a'])
SELECT zip_with(array[1,2], array[3,4], (x, y) -> x * y)
SELECT shuffle(array[1])
SELECT array_histogram(array[1,1,2])
SELECT cast(array[1,2] AS array(varchar))
SELECT cast(array['1','x'] AS array(integer))
SELECT split('a b', ' ')[2]
SELECT transform(array[1,2], x -> transform(array[x], y -> y + x))
SELECT filter(array[1,2], x -> x > 'a')
SELECT array_first(array[1])
SELECT cardinality(sequence(1, 100))
SELECT map(array['a','b'], array[1,2])
SELECT map()
SELECT map(array['a'], array[1])['a']
SELECT map(array['a'], array[1])['b']
SELECT element_at(map(array['a'], array[1]), 'b')
SELECT map_keys(map(array['b','a'], array[1,2]))
SELECT map_values(map(array['a','b'], array[1,null]))
SELECT map_entries(map(array['a'], array[1]))
SELECT map_from_entries(array[row('a', 1), row('b', 2)])
SELECT map_concat(map(array['a'], array[1]), map(array['a','b'], array[2,3]))
SELECT map_filter(map(array['a','b'], array[1,2]), (k, v) -> v > 1)
SELECT transform_keys(map(array[1], array['a']), (k, v) -> k + 1)
SELECT transform_values(map(array['a'], array[1]), (k, v) -> v * 2)
SELECT map_zip_with(map(array['a'], array[1]), map(array['a'], array[2]), (k, x, y) -> x + y)
SELECT multimap_from_entries(array[row('a', 1), row('a', 2)])
SELECT cardinality(map(array['a'], array[1]))
SELECT map(array['a','a'], array[1,2])
SELECT map(array[null], array[1])
SELECT map(array[1,2], array[1])
SELECT map(array['a'], array[1]) = map(array['a'], array[1])
SELECT typeof(map(array['a'], array[1]))
SELECT map_agg(x, y) FROM (VALUES ('a', 1)) AS t (x, y)
SELECT cast(map(array['a'], array[1]) AS map(varchar, varchar))
SELECT row(1, 'a')
SELECT row(1, null)
SELECT cast(row(1, 'a') AS row(x integer, y varchar))
SELECT cast(row(1, 'a') AS row(x integer, y varchar)).x
SELECT row(1, 2)[1]
SELECT row(1,2) = row(1,2)
SELECT row(1,2) IN (row(1,2), row(3,4))
SELECT typeof(row(1, 'a'))
SELECT typeof(cast(row(1, 2) AS row(a bigint, b double)))
SELECT array[row(1, 'a')]
SELECT row(row(1), array[2])
SELECT row(1, 2)[3]
SELECT json '{"a": 1}'
SELECT json_parse('{"b": [1, 2],  "a": null}')
SELECT json_parse('x')
SELECT json_format(json_parse('[1, "a", null, true, 1.50]'))
SELECT json_extract('{"a": {"b": [1, 2]}}', '$.a.b[1]')
SELECT json_extract('{"a": 1}', '$.b')
SELECT json_extract('{"a b": 1}', '$["a b"]')
SELECT json_extract('x', '$.a')
SELECT json_extract_scalar('{"a": "x"}', '$.a')
SELECT json_extract_scalar('{"a": 1.0}', '$.a')
SELECT json_extract_scalar('{"a": [1]}', '$.a')
SELECT json_extract_scalar('{"a": true}', '$.a')
SELECT json_extract_scalar('{"a": null}', '$.a')
SELECT json_extract('[1,2,3]', '$[0]')
SELECT json_extract('[1,2,3]', '$[*]')
SELECT json_extract('{}', 'x..')
SELECT json_array_length('[1, 2, 3]')
SELECT json_array_length('{}')
SELECT json_array_get('[1, "a"]', 1)
SELECT json_array_contains('[1, 2]', 2)
SELECT json_array_contains('["a"]', 'a')
SELECT json_size('{"a": {"b": 1, "c": 2}}', '$.a')
SELECT json_size('[1,2]', '$')
SELECT is_json_scalar('1')
SELECT is_json_scalar('[1]')
SELECT cast(json '1' AS integer)
SELECT cast(json '"1"' AS varchar)
SELECT cast(json '[1, 2]' AS array(integer))
SELECT cast(json '{"a": 1}' AS map(varchar, integer))
SELECT cast(json '{"x": 1, "y": "a"}' AS row(x integer, y varchar))
SELECT cast(json 'null' AS integer)
SELECT cast(json '[1, "a"]' AS array(json))
SELECT cast(1 AS json)
SELECT cast('a"b' AS json)
SELECT cast(array[1, null] AS json)
SELECT cast(map(array['b', 'a'], array[1, 2]) AS json)
SELECT cast(row(1, 'a') AS json)
SELECT cast(true AS json)
SELECT cast(1.5 AS json)
SELECT cast(date '2020-01-01' AS json)
SELECT cast(null AS json) IS NULL
SELECT json_format(cast(cast(row(1, 'a') AS row(x integer, y varchar)) AS json))
SELECT json_exists('{"a": 1}', 'lax $.a')
SELECT json_value('{"a": 1}', 'lax $.a')
SELECT json_value('{"a": 1}', 'lax $.a' RETURNING integer)
SELECT json_query('{"a": [1]}', 'lax $.a')
SELECT json_object('a' : 1)
SELECT json_array(1, 'a')
SELECT json_parse('{"a":1}') = json_parse('{ "a" : 1 }')
SELECT typeof(json_parse('1'))
SELECT json_parse('1e3')
SELECT json_parse('12345678901234567890')
SELECT json_parse('"\u00e4"')
SELECT json_extract(json_parse('{"a":{"b":null}}'), '$.a')
SELECT x'0a' || x'0b'
SELECT x'0A0b'
SELECT x'0'
SELECT to_hex(x'0aff')
SELECT from_hex('0aff')
SELECT from_hex('x')
SELECT to_base64(x'0aff')
SELECT from_base64('Cv8=')
SELECT from_base64('?')
SELECT to_base64url(x'fbff')
SELECT from_base64url('-_8')
SELECT to_base32(x'0aff')
SELECT from_base32('BL7Q====')
SELECT md5(to_utf8('a'))
SELECT sha1(to_utf8('a'))
SELECT sha256(to_utf8('a'))
SELECT sha512(to_utf8('a'))
SELECT crc32(to_utf8('a'))
SELECT xxhash64(to_utf8('a'))
SELECT murmur3(to_utf8('a'))
SELECT spooky_hash_v2_32(to_utf8('a'))
SELECT hmac_sha256(to_utf8('a'), to_utf8('k'))
SELECT hmac_md5(to_utf8('a'), to_utf8('k'))
SELECT length(x'0a0b')
SELECT substr(x'0a0b0c', 2)
SELECT reverse(x'0a0b')
SELECT lpad(x'0a', 3, x'00')
SELECT from_big_endian_32(x'00000001')
SELECT to_big_endian_64(1)
SELECT from_big_endian_64(x'01')
SELECT to_ieee754_64(1.5e0)
SELECT from_ieee754_32(x'3fc00000')
SELECT x'0a' < x'0b'
SELECT concat(x'01', x'02')
SELECT x'' = x''
SELECT url_extract_host('https://a.b:80/c?d=e#f')
SELECT url_extract_port('https://a.b:80/c')
SELECT url_extract_path('https://a.b/c/d')
SELECT url_extract_query('https://a.b/c?d=e&f=g')
SELECT url_extract_parameter('https://a.b/c?d=e&f=g', 'f')
SELECT url_extract_protocol('https://a.b')
SELECT url_extract_fragment('https://a.b#f')
SELECT url_encode('a b&ä')
SELECT url_decode('a+b%26')
SELECT url_extract_host('not a url')
SELECT url_extract_parameter('https://a.b/c', 'f')
SELECT uuid() IS NOT NULL
SELECT typeof(uuid())
SELECT cast('12151fd2-7586-11e9-8f9e-2a86e4085a59' AS uuid)
SELECT typeof(typeof(1))
SELECT version() IS NOT NULL
SELECT id, a, m, o FROM kinds ORDER BY id
SELECT id, a[1], cardinality(a) FROM kinds WHERE cardinality(a) > 0 ORDER BY id
SELECT id, element_at(m, 'a') FROM kinds ORDER BY id
SELECT id, o.x, o.y FROM kinds ORDER BY id
SELECT id, transform(a, x -> x + id) FROM kinds ORDER BY id
SELECT id FROM kinds WHERE contains(a, 5) ORDER BY id
SELECT id, map_keys(m), map_values(m) FROM kinds WHERE m IS NOT NULL ORDER BY id
SELECT array_agg(o ORDER BY id) FROM kinds WHERE id < 4
SELECT id, bin, to_hex(bin), length(bin) FROM kinds ORDER BY id
SELECT o, count(*) FROM kinds GROUP BY o ORDER BY count(*), o.x
SELECT a, count(*) FROM kinds GROUP BY a ORDER BY cardinality(a), a[1]
SELECT id, reduce(a, 0, (s, x) -> s + coalesce(x, 0), s -> s) FROM kinds ORDER BY id
SELECT id, json_format(cast(a AS json)), json_format(cast(m AS json)) FROM kinds ORDER BY id
SELECT id, filter(a, x -> x IS NOT NULL) FROM kinds ORDER BY id
SELECT array_agg(DISTINCT place ORDER BY place) FROM readings
SELECT sensor, map_agg(at, level)['2024-03-01T00:00:00Z'] FROM readings WHERE sensor = 's0' GROUP BY sensor
-- Arguments at the limits, and functions that came later.
SELECT spooky_hash_v2_32(to_utf8(array_join(repeat('abcdefg', 20), ''))), spooky_hash_v2_64(to_utf8(array_join(repeat('abcdefg', 20), '')))
SELECT spooky_hash_v2_32(to_utf8(array_join(repeat('abcdefg', 27), ''))), spooky_hash_v2_64(to_utf8(array_join(repeat('abcdefg', 27), '')))
SELECT spooky_hash_v2_32(to_utf8(array_join(repeat('abcdefg', 28), ''))), spooky_hash_v2_64(to_utf8(array_join(repeat('abcdefg', 28), '')))
SELECT spooky_hash_v2_32(to_utf8(array_join(repeat('abcdefg', 100), ''))), spooky_hash_v2_64(to_utf8(array_join(repeat('abcdefg', 100), '')))
SELECT any_match(array[], x -> true)
