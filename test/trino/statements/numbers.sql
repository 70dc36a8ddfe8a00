-- Numbers: arithmetic, conversions, functions, bits.
SELECT 7 + 2
SELECT -7 + 2
SELECT 7 + -2
SELECT 1 + 0
SELECT 2147483647 + 1
SELECT 7.0 + 2
SELECT 7e0 + 2
SELECT -7e0 + 2e0
SELECT 1e0 + 0
SELECT 0e0 + 0
SELECT 1.0 + 0
SELECT 0.1 + 0.2
SELECT 1.25 + 3
SELECT 9223372036854775807 + 1
SELECT tinyint '127' + tinyint '1'
SELECT 1 + null
SELECT real '1.5' + 2
SELECT smallint '5' + tinyint '2'
SELECT 12345678901234567890.12 + 9.876
SELECT 7 - 2
SELECT -7 - 2
SELECT 7 - -2
SELECT 1 - 0
SELECT 2147483647 - 1
SELECT 7.0 - 2
SELECT 7e0 - 2
SELECT -7e0 - 2e0
SELECT 1e0 - 0
SELECT 0e0 - 0
SELECT 1.0 - 0
SELECT 0.1 - 0.2
SELECT 1.25 - 3
SELECT 9223372036854775807 - 1
SELECT tinyint '127' - tinyint '1'
SELECT 1 - null
SELECT real '1.5' - 2
SELECT smallint '5' - tinyint '2'
SELECT 12345678901234567890.12 - 9.876
SELECT 7 * 2
SELECT -7 * 2
SELECT 7 * -2
SELECT 1 * 0
SELECT 2147483647 * 1
SELECT 7.0 * 2
SELECT 7e0 * 2
SELECT -7e0 * 2e0
SELECT 1e0 * 0
SELECT 0e0 * 0
SELECT 1.0 * 0
SELECT 0.1 * 0.2
SELECT 1.25 * 3
SELECT 9223372036854775807 * 1
SELECT tinyint '127' * tinyint '1'
SELECT 1 * null
SELECT real '1.5' * 2
SELECT smallint '5' * tinyint '2'
SELECT 12345678901234567890.12 * 9.876
SELECT 7 / 2
SELECT -7 / 2
SELECT 7 / -2
SELECT 1 / 0
SELECT 2147483647 / 1
SELECT 7.0 / 2
SELECT 7e0 / 2
SELECT -7e0 / 2e0
SELECT 1e0 / 0
SELECT 0e0 / 0
SELECT 1.0 / 0
SELECT 0.1 / 0.2
SELECT 1.25 / 3
SELECT 9223372036854775807 / 1
SELECT tinyint '127' / tinyint '1'
SELECT 1 / null
SELECT real '1.5' / 2
SELECT smallint '5' / tinyint '2'
SELECT 12345678901234567890.12 / 9.876
SELECT 7 % 2
SELECT -7 % 2
SELECT 7 % -2
SELECT 1 % 0
SELECT 2147483647 % 1
SELECT 7.0 % 2
SELECT 7e0 % 2
SELECT -7e0 % 2e0
SELECT 1e0 % 0
SELECT 0e0 % 0
SELECT 1.0 % 0
SELECT 0.1 % 0.2
SELECT 1.25 % 3
SELECT 9223372036854775807 % 1
SELECT tinyint '127' % tinyint '1'
SELECT 1 % null
SELECT real '1.5' % 2
SELECT smallint '5' % tinyint '2'
SELECT 12345678901234567890.12 % 9.876
SELECT -(-2147483648)
SELECT -9223372036854775808
SELECT 9223372036854775808
SELECT - 5
SELECT +5
SELECT 1 + 2 * 3
SELECT (1 + 2) * 3
SELECT 1 - 2 - 3
SELECT 2147483647 + bigint '1'
SELECT 0.1 + 0.2 = 0.3
SELECT 0.1e0 + 0.2e0 = 0.3e0
SELECT 1 = 1.0
SELECT 1 = 1e0
SELECT nan() = nan()
SELECT nan() > 1
SELECT nan() <> nan()
SELECT 0e0 = -0e0
SELECT infinity() > 1
SELECT 1 IN (1.0, 2)
SELECT 5 BETWEEN 1 AND 10
SELECT 5 BETWEEN 10 AND 1
SELECT 5 NOT BETWEEN 1 AND null
SELECT typeof(1)
SELECT typeof(2147483648)
SELECT typeof(1.0)
SELECT typeof(1e0)
SELECT typeof(.5)
SELECT typeof(007.10)
SELECT typeof(1 + 1)
SELECT typeof(1 / 2)
SELECT typeof(1.0 / 3)
SELECT typeof(1.5 * 2.25)
SELECT typeof(1 + 1.0)
SELECT typeof(1e0 + 1)
SELECT typeof(sum(1))
SELECT typeof(avg(1))
SELECT typeof(avg(1.0))
SELECT typeof(abs(-1))
SELECT typeof(round(1.5))
SELECT typeof(ceil(1.2))
SELECT typeof(1 % 2)
SELECT typeof(cast(1 AS decimal(5,2)) + cast(1 AS decimal(10,4)))
SELECT typeof(tinyint '1' + smallint '1')
SELECT typeof(real '1' * 2)
SELECT typeof(null)
SELECT typeof(coalesce(1, 2.5))
SELECT typeof(if(true, 1, 2e0))
SELECT typeof(case when true then 1 else bigint '2' end)
SELECT typeof(greatest(1, 2.5))
SELECT typeof(-1)
SELECT typeof(power(2,3))
SELECT typeof(mod(5, 3))
SELECT cast(1.5 AS integer)
SELECT cast(-1.5 AS integer)
SELECT cast(2.5e0 AS integer)
SELECT cast(-2.5e0 AS integer)
SELECT cast('12' AS integer)
SELECT cast(' 12 ' AS integer)
SELECT cast('1.5' AS integer)
SELECT cast('x' AS integer)
SELECT cast(300 AS integer)
SELECT cast(true AS integer)
SELECT cast(1e300 AS integer)
SELECT cast(nan() AS integer)
SELECT cast(null AS integer)
SELECT cast('' AS integer)
SELECT cast(1.5 AS bigint)
SELECT cast(-1.5 AS bigint)
SELECT cast(2.5e0 AS bigint)
SELECT cast(-2.5e0 AS bigint)
SELECT cast('12' AS bigint)
SELECT cast(' 12 ' AS bigint)
SELECT cast('1.5' AS bigint)
SELECT cast('x' AS bigint)
SELECT cast(300 AS bigint)
SELECT cast(true AS bigint)
SELECT cast(1e300 AS bigint)
SELECT cast(nan() AS bigint)
SELECT cast(null AS bigint)
SELECT cast('' AS bigint)
SELECT cast(1.5 AS tinyint)
SELECT cast(-1.5 AS tinyint)
SELECT cast(2.5e0 AS tinyint)
SELECT cast(-2.5e0 AS tinyint)
SELECT cast('12' AS tinyint)
SELECT cast(' 12 ' AS tinyint)
SELECT cast('1.5' AS tinyint)
SELECT cast('x' AS tinyint)
SELECT cast(300 AS tinyint)
SELECT cast(true AS tinyint)
SELECT cast(1e300 AS tinyint)
SELECT cast(nan() AS tinyint)
SELECT cast(null AS tinyint)
SELECT cast('' AS tinyint)
SELECT cast(1.5 AS double)
SELECT cast(-1.5 AS double)
SELECT cast(2.5e0 AS double)
SELECT cast(-2.5e0 AS double)
SELECT cast('12' AS double)
SELECT cast(' 12 ' AS double)
SELECT cast('1.5' AS double)
SELECT cast('x' AS double)
SELECT cast(300 AS double)
SELECT cast(true AS double)
SELECT cast(1e300 AS double)
SELECT cast(nan() AS double)
SELECT cast(null AS double)
SELECT cast('' AS double)
SELECT cast(1.5 AS decimal(5,2))
SELECT cast(-1.5 AS decimal(5,2))
SELECT cast(2.5e0 AS decimal(5,2))
SELECT cast(-2.5e0 AS decimal(5,2))
SELECT cast('12' AS decimal(5,2))
SELECT cast(' 12 ' AS decimal(5,2))
SELECT cast('1.5' AS decimal(5,2))
SELECT cast('x' AS decimal(5,2))
SELECT cast(300 AS decimal(5,2))
SELECT cast(true AS decimal(5,2))
SELECT cast(1e300 AS decimal(5,2))
SELECT cast(nan() AS decimal(5,2))
SELECT cast(null AS decimal(5,2))
SELECT cast('' AS decimal(5,2))
SELECT cast(1.5 AS boolean)
SELECT cast(-1.5 AS boolean)
SELECT cast(2.5e0 AS boolean)
SELECT cast(-2.5e0 AS boolean)
SELECT cast('12' AS boolean)
SELECT cast(' 12 ' AS boolean)
SELECT cast('1.5' AS boolean)
SELECT cast('x' AS boolean)
SELECT cast(300 AS boolean)
SELECT cast(true AS boolean)
SELECT cast(1e300 AS boolean)
SELECT cast(nan() AS boolean)
SELECT cast(null AS boolean)
SELECT cast('' AS boolean)
SELECT cast(1.5 AS varchar)
SELECT cast(-1.5 AS varchar)
SELECT cast(2.5e0 AS varchar)
SELECT cast(-2.5e0 AS varchar)
SELECT cast('12' AS varchar)
SELECT cast(' 12 ' AS varchar)
SELECT cast('1.5' AS varchar)
SELECT cast('x' AS varchar)
SELECT cast(300 AS varchar)
SELECT cast(true AS varchar)
SELECT cast(1e300 AS varchar)
SELECT cast(nan() AS varchar)
SELECT cast(null AS varchar)
SELECT cast('' AS varchar)
SELECT cast(1.5 AS real)
SELECT cast(-1.5 AS real)
SELECT cast(2.5e0 AS real)
SELECT cast(-2.5e0 AS real)
SELECT cast('12' AS real)
SELECT cast(' 12 ' AS real)
SELECT cast('1.5' AS real)
SELECT cast('x' AS real)
SELECT cast(300 AS real)
SELECT cast(true AS real)
SELECT cast(1e300 AS real)
SELECT cast(nan() AS real)
SELECT cast(null AS real)
SELECT cast('' AS real)
SELECT try_cast('x' AS integer)
SELECT try_cast(1e10 AS integer)
SELECT try_cast(99.95 AS integer)
SELECT try_cast('true' AS integer)
SELECT try_cast('T' AS integer)
SELECT try_cast('0' AS integer)
SELECT try_cast('x' AS boolean)
SELECT try_cast(1e10 AS boolean)
SELECT try_cast(99.95 AS boolean)
SELECT try_cast('true' AS boolean)
SELECT try_cast('T' AS boolean)
SELECT try_cast('0' AS boolean)
SELECT try_cast('x' AS decimal(3,1))
SELECT try_cast(1e10 AS decimal(3,1))
SELECT try_cast(99.95 AS decimal(3,1))
SELECT try_cast('true' AS decimal(3,1))
SELECT try_cast('T' AS decimal(3,1))
SELECT try_cast('0' AS decimal(3,1))
SELECT abs(-2)
SELECT abs(1.5)
SELECT abs(-1.5)
SELECT abs(2.5e0)
SELECT abs(-2.5e0)
SELECT abs(0.49999999999999994e0)
SELECT abs(null)
SELECT abs(-0.0e0)
SELECT abs(real '2.5')
SELECT ceil(-2)
SELECT ceil(1.5)
SELECT ceil(-1.5)
SELECT ceil(2.5e0)
SELECT ceil(-2.5e0)
SELECT ceil(0.49999999999999994e0)
SELECT ceil(null)
SELECT ceil(-0.0e0)
SELECT ceil(real '2.5')
SELECT floor(-2)
SELECT floor(1.5)
SELECT floor(-1.5)
SELECT floor(2.5e0)
SELECT floor(-2.5e0)
SELECT floor(0.49999999999999994e0)
SELECT floor(null)
SELECT floor(-0.0e0)
SELECT floor(real '2.5')
SELECT round(-2)
SELECT round(1.5)
SELECT round(-1.5)
SELECT round(2.5e0)
SELECT round(-2.5e0)
SELECT round(0.49999999999999994e0)
SELECT round(null)
SELECT round(-0.0e0)
SELECT round(real '2.5')
SELECT sign(-2)
SELECT sign(1.5)
SELECT sign(-1.5)
SELECT sign(2.5e0)
SELECT sign(-2.5e0)
SELECT sign(0.49999999999999994e0)
SELECT sign(null)
SELECT sign(-0.0e0)
SELECT sign(real '2.5')
SELECT truncate(-2)
SELECT truncate(1.5)
SELECT truncate(-1.5)
SELECT truncate(2.5e0)
SELECT truncate(-2.5e0)
SELECT truncate(0.49999999999999994e0)
SELECT truncate(null)
SELECT truncate(-0.0e0)
SELECT truncate(real '2.5')
SELECT round(1.2345, 2)
SELECT round(1.2355e0, 3)
SELECT round(-1.25, 1)
SELECT round(1234, -2)
SELECT round(1250, -2)
SELECT round(1.5, 0)
SELECT round(5.5e0, -1)
SELECT truncate(12.345, 1)
SELECT truncate(12.345e0)
SELECT cbrt(27)
SELECT sqrt(2)
SELECT sqrt(-1)
SELECT exp(1)
SELECT ln(2)
SELECT ln(0)
SELECT ln(-1)
SELECT log2(8)
SELECT log10(1000)
SELECT log(2, 8)
SELECT log(0, 1)
SELECT power(2, 10)
SELECT pow(2, -1)
SELECT power(0, 0)
SELECT mod(7, 3)
SELECT mod(-7, 3)
SELECT mod(7.5, 2)
SELECT mod(7, 0)
SELECT pi()
SELECT e()
SELECT degrees(pi())
SELECT radians(180)
SELECT sin(1)
SELECT cos(1)
SELECT tan(1)
SELECT asin(1)
SELECT acos(2)
SELECT atan(1)
SELECT atan2(1, -1)
SELECT sinh(1)
SELECT cosh(1)
SELECT tanh(1)
SELECT width_bucket(5.3, 0.2, 10.6, 5)
SELECT width_bucket(0, 1, 2, 3)
SELECT width_bucket(1, 0, 1, 0)
SELECT width_bucket(3, array[1, 2, 4])
SELECT from_base('ff', 16)
SELECT from_base('z', 10)
SELECT to_base(255, 2)
SELECT to_base(-255, 16)
SELECT to_base(1, 1)
SELECT is_nan(nan())
SELECT is_finite(1)
SELECT is_infinite(infinity())
SELECT nan()
SELECT infinity()
SELECT -infinity()
SELECT cosine_similarity(map(array['a'], array[1.0]), map(array['a'], array[2.0]))
SELECT normal_cdf(0, 1, 1.96)
SELECT inverse_normal_cdf(0, 1, 0.975)
SELECT beta_cdf(2, 5, 0.3)
SELECT inverse_beta_cdf(2, 5, 0.3)
SELECT wilson_interval_lower(1250, 1310, 1.96)
SELECT wilson_interval_upper(1250, 1310, 1.96)
SELECT t_cdf(1, 2)
SELECT greatest(1, 2, 3)
SELECT least(1.5, 2)
SELECT greatest(1, null)
SELECT greatest(nan(), 1)
SELECT nullif(1, 1)
SELECT nullif(1, 2)
SELECT coalesce(null, null, 3)
SELECT coalesce(null, 1, 2.5)
SELECT if(false, 1)
SELECT if(null, 1, 2)
SELECT random() < 1
SELECT random(1)
SELECT rand(5, 6)
SELECT random(0)
SELECT bitwise_and(19, 25)
SELECT bitwise_or(19, 25)
SELECT bitwise_xor(19, 25)
SELECT bitwise_not(-12)
SELECT bit_count(9, 64)
SELECT bit_count(-7, 8)
SELECT bit_count(1000, 8)
SELECT bitwise_left_shift(1, 2)
SELECT bitwise_left_shift(-1, 63)
SELECT bitwise_right_shift(-8, 1)
SELECT bitwise_right_shift_arithmetic(-8, 1)
SELECT bitwise_right_shift(smallint '-8', 1)
SELECT bitwise_left_shift(tinyint '7', 2)
SELECT bitwise_left_shift(1, 64)
SELECT bitwise_and(1, null)
SELECT bitwise_right_shift(8, 0)
SELECT id, t + s, i + 1e0, l - 1.0, r * 2, d / 2, p * p FROM kinds WHERE id IN (1, 4, 6, 7) ORDER BY id
SELECT id, i + 1 FROM kinds WHERE id <> 3 ORDER BY id
SELECT i + 1 FROM kinds WHERE id = 3
SELECT l * 2 FROM kinds WHERE id = 3
SELECT sum(l) FROM kinds
SELECT sum(i), sum(t), sum(p), avg(i), avg(p), avg(t) FROM kinds
SELECT id, d, r FROM kinds ORDER BY d, id
SELECT id, d FROM kinds ORDER BY d DESC NULLS LAST, id
SELECT id FROM kinds WHERE d > 0 ORDER BY id
SELECT id FROM kinds WHERE r = 0.5 ORDER BY id
SELECT id, cast(d AS bigint) FROM kinds WHERE id IN (1,6,7) ORDER BY id
SELECT cast(d AS bigint) FROM kinds WHERE id = 3
SELECT id, cast(p AS double), cast(p AS integer), round(p, 1), ceil(p) FROM kinds ORDER BY id
SELECT min(d), max(d), min(r), max(r) FROM kinds
SELECT id, b, NOT b, b AND i > 0, b OR i > 0 FROM kinds ORDER BY id
SELECT id, t, s, i, l, r, d, p FROM kinds ORDER BY id
SELECT level, heat, level * heat, level / 2, level % 3, heat / 2 FROM readings ORDER BY at, sensor
SELECT avg(level), avg(heat), sum(level), sum(heat), stddev(heat), variance(level) FROM readings
-- Arguments at the limits, and functions that came later.
SELECT typeof(abs(null))
SELECT typeof(round(null))
SELECT mod(null, null)
SELECT round(-0.49999999999999994e0)
SELECT round(cast(0.49999997 AS real))
SELECT round(real '0.5'), round(real '-2.5'), round(nan()), round(infinity())
SELECT round(0.49999999999999994e0, 0), round(2.675e0, 2), round(-1.005e0, 2), round(1234.5e0, -2)
SELECT format_number(0), format_number(1), format_number(-5), format_number(999), format_number(1000), format_number(-1234), format_number(999999), format_number(1000000)
SELECT format_number(1234.5e0), format_number(12345e0), format_number(123456e0), format_number(1.5e0), format_number(0.001e0), format_number(1e15), format_number(1e18), format_number(1e30)
SELECT format_number(1234567890123456789), format_number(9223372036854775807)
SELECT format_number(1234.56), format_number(decimal '99.995')
SELECT format_number(nan()), format_number(infinity())
SELECT format_number(99950), format_number(99949), format_number(9995), format_number(9994), format_number(100499), format_number(100500)
SELECT x = y FROM (VALUES (nan(), nan()), (1e0, nan()), (null, nan())) AS t (x, y)
SELECT greatest(nan(), 1), greatest(1, nan()), least(nan(), 1), least(1, nan())
SELECT array[nan()] = array[nan()], row(nan()) = row(nan()), contains(array[nan()], nan())
SELECT nullif(nan(), nan()), CASE nan() WHEN nan() THEN 1 ELSE 2 END
