package scalar

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
)

func numberFunctions() []Function {
	random := of2("larder_random", func(low, high int64) (int64, error) {
		if low >= high {
			return 0, invalid("start value must be less than stop value")
		}
		return low + int64(rand.Uint64N(uint64(high)-uint64(low))), nil
	})
	random.Volatile = true
	return []Function{
		random,
		of1("larder_format_number", formatNumber),
		of1("larder_format_number_double", func(f float64) (string, error) { return formatNumber(javaLong(f)) }),
		of2("larder_round", round),
		of2("larder_round_bigint", roundBigint),
		of2("larder_round_decimal", func(s string, digits int64) (string, error) { return roundText(s, digits, true), nil }),
		of2("larder_truncate_decimal", func(s string, digits int64) (string, error) { return roundText(s, digits, false), nil }),
		of2("larder_pow", func(x, y float64) (float64, error) {
			if math.IsNaN(y) || math.IsInf(y, 0) && math.Abs(x) == 1 { // as in Java, not as in C
				return math.NaN(), nil
			}
			return math.Pow(x, y), nil
		}),
		of1("larder_cbrt", func(x float64) (float64, error) { return math.Cbrt(x), nil }),
		of2("larder_to_base", func(n, radix int64) (string, error) {
			if err := checkRadix(radix); err != nil {
				return "", err
			}
			return strconv.FormatInt(n, int(radix)), nil
		}),
		of2("larder_from_base", func(s string, radix int64) (int64, error) {
			if err := checkRadix(radix); err != nil {
				return 0, err
			}
			n, err := strconv.ParseInt(s, int(radix), 64)
			if err != nil {
				return 0, invalid("Not a valid base-%d number: %s", radix, s)
			}
			return n, nil
		}),
		of4("larder_width_bucket", widthBucket),
		of2("larder_width_bucket_bins", bucketOfBins),
		of3("larder_normal_cdf", func(mean, sd, v float64) (float64, error) {
			if !(sd > 0) {
				return 0, invalid("standardDeviation must be > 0")
			}
			return 0.5 * (1 + math.Erf((v-mean)/(sd*math.Sqrt2))), nil
		}),
		of3("larder_inverse_normal_cdf", func(mean, sd, p float64) (float64, error) {
			if !(p > 0 && p < 1) {
				return 0, invalid("p must be 0 > p > 1")
			}
			if !(sd > 0) {
				return 0, invalid("sd must be > 0")
			}
			return mean + sd*math.Sqrt2*math.Erfinv(2*p-1), nil
		}),
		of3("larder_beta_cdf", func(a, b, v float64) (float64, error) {
			if !(v >= 0 && v <= 1) {
				return 0, invalid("value must be 0 >= v >= 1")
			}
			if !(a > 0 && b > 0) {
				return 0, invalid("a, b must be > 0")
			}
			return betaCDF(a, b, v), nil
		}),
		of3("larder_inverse_beta_cdf", func(a, b, p float64) (float64, error) {
			if !(p >= 0 && p <= 1) {
				return 0, invalid("p must be 0 >= p >= 1")
			}
			if !(a > 0 && b > 0) {
				return 0, invalid("a, b must be > 0")
			}
			return inverseBetaCDF(a, b, p), nil
		}),
		of3("larder_wilson_lower", func(successes, trials int64, z float64) (float64, error) {
			return wilson(successes, trials, z, -1)
		}),
		of3("larder_wilson_upper", func(successes, trials int64, z float64) (float64, error) {
			return wilson(successes, trials, z, 1)
		}),
		of4("larder_cosine_similarity", cosine),
		of2("larder_bit_count", bitCount),
		of3("larder_shift_left", shiftLeft),
		of3("larder_shift_right", shiftRight),
		of3("larder_shift_right_arithmetic", shiftRightArithmetic),
		of1("larder_parse_data_size", parseDataSize),
	}
}

// javaRound is Math.round: half up, and no further than a long goes.
func javaRound(v float64) float64 {
	return min(max(math.Floor(v+0.5), math.MinInt64), math.MaxInt64)
}

func round(v float64, digits int64) (float64, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return v, nil
	}
	if digits == 0 {
		if v == 0 {
			return 0, nil // that below zero too
		}
		return math.Round(v), nil // adding a half would carry the double just below one half to 1
	}
	factor := math.Pow(10, float64(digits))
	if v < 0 {
		return -(javaRound(-v*factor) / factor), nil
	}
	return javaRound(v*factor) / factor, nil
}

// javaLong is Java's cast of a double to long.
func javaLong(f float64) int64 {
	switch {
	case math.IsNaN(f):
		return 0
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int64(f)
}

// formatNumber writes a number with three digits and K, M, B, T or Q.
func formatNumber(n int64) (string, error) {
	value, unit := float64(n), ""
	for _, u := range []struct {
		size float64
		word string
	}{{1e15, "Q"}, {1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "K"}} {
		if math.Abs(value) >= u.size {
			value, unit = value/u.size, u.word
			break
		}
	}
	digits := 0
	switch a := math.Abs(value); {
	case a < 10:
		digits = 2
	case a < 100:
		digits = 1
	}
	text := new(big.Rat).SetFloat64(value).FloatString(digits)
	if digits > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + unit, nil
}

func roundBigint(n, digits int64) (int64, error) {
	if digits >= 0 {
		return n, nil
	}
	overflow := fail("NUMERIC_VALUE_OUT_OF_RANGE", "numerical overflow: %d", n)
	if digits < -18 {
		return 0, overflow
	}
	factor := int64(1)
	for range -digits {
		factor *= 10
	}
	quotient, rest := n/factor, n%factor
	if rest >= factor-rest {
		quotient++
	}
	if -rest >= factor+rest {
		quotient--
	}
	out := quotient * factor
	if out/factor != quotient {
		return 0, overflow
	}
	return out, nil
}

// roundText rounds the digits of a decimal, half away from zero, or cuts them. The result may have
// fewer digits after the point; a cast puts them back.
func roundText(s string, digits int64, half bool) string {
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	if digits >= int64(len(fraction)) {
		return sign + s
	}
	all := whole + fraction
	keep := int64(len(whole)) + digits // digits of all that stay
	if keep < 0 {
		return "0"
	}
	kept := []byte("0" + all[:keep])
	if half && all[keep] >= '5' {
		i := len(kept) - 1
		for ; kept[i] == '9'; i-- {
			kept[i] = '0'
		}
		kept[i]++
	}
	if digits < 0 {
		return sign + string(kept) + strings.Repeat("0", int(-digits))
	}
	point := len(kept) - int(digits)
	return sign + string(kept[:point]) + "." + string(kept[point:]) + "0"
}

func checkRadix(radix int64) error {
	if radix < 2 || radix > 36 {
		return invalid("Radix must be between 2 and 36")
	}
	return nil
}

func widthBucket(v, bound1, bound2 float64, count int64) (int64, error) {
	switch {
	case count <= 0:
		return 0, invalid("bucketCount must be greater than 0")
	case math.IsNaN(v):
		return 0, invalid("operand must not be NaN")
	case math.IsNaN(bound1) || math.IsInf(bound1, 0):
		return 0, invalid("first bound must be finite")
	case math.IsNaN(bound2) || math.IsInf(bound2, 0):
		return 0, invalid("second bound must be finite")
	case bound1 == bound2:
		return 0, invalid("bounds cannot equal each other")
	}
	low, high := min(bound1, bound2), max(bound1, bound2)
	var n int64
	switch {
	case v < low:
	case v >= high:
		if count == math.MaxInt64 {
			return 0, fail("NUMERIC_VALUE_OUT_OF_RANGE", "Bucket for value %s is out of range", javaDouble(v))
		}
		n = count + 1
	default:
		n = int64(float64(count)*(v-low)/(high-low) + 1)
	}
	if bound1 > bound2 {
		n = count - n + 1
	}
	return n, nil
}

func bucketOfBins(v float64, bins []Element[float64]) (int64, error) {
	if len(bins) == 0 {
		return 0, invalid("Bins cannot be an empty array")
	}
	if math.IsNaN(v) {
		return 0, invalid("Operand cannot be NaN")
	}
	low, high := 0, len(bins)
	for low < high {
		if bins[low].Value > bins[high-1].Value {
			return 0, invalid("Bin values are not sorted in ascending order")
		}
		middle := (low + high) / 2
		bin := bins[middle].Value
		if math.IsNaN(bin) || math.IsInf(bin, 0) {
			return 0, invalid("Bin value must be finite, got %s", javaDouble(bin))
		}
		if v < bin {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return int64(low), nil
}

func wilson(successes, trials int64, z, side float64) (float64, error) {
	switch {
	case successes < 0:
		return 0, invalid("number of successes must not be negative")
	case trials <= 0:
		return 0, invalid("number of trials must be positive")
	case successes > trials:
		return 0, invalid("number of successes must not be larger than number of trials")
	case !(z >= 0):
		return 0, invalid("z-score must not be negative")
	}
	n := float64(trials)
	p := float64(successes) / n
	return (p + z*z/(2*n) + side*z*math.Sqrt((p*(1-p)+z*z/(4*n))/n)) / (1 + z*z/n), nil
}

// cosine is of two sparse vectors, each as its keys and values.
func cosine(keys1 []Element[string], values1 []Element[float64], keys2 []Element[string], values2 []Element[float64]) (float64, error) {
	right := map[string]float64{}
	var dot, norm1, norm2 float64
	for i, v := range values2 {
		if v.Null {
			return 0, errNull
		}
		right[keys2[i].Value] = v.Value
		norm2 += v.Value * v.Value
	}
	for i, v := range values1 {
		if v.Null {
			return 0, errNull
		}
		dot += v.Value * right[keys1[i].Value]
		norm1 += v.Value * v.Value
	}
	return dot / (math.Sqrt(norm1) * math.Sqrt(norm2)), nil
}
