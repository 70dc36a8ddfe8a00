package feature

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// A decimal is a number as it is written: [+-]digits[.digits][(e|E)[+-]digits].
type decimal struct {
	negative    bool
	whole       string // digits before the point
	fraction    string // digits after it
	exponent    int    // clamped to ±100,000
	hasExponent bool
}

// splitDecimal takes a number apart. It is the grammar of Fractional values: at least one digit
// beside the point, no white space, no names (NaN, Infinity), no hexadecimal.
func splitDecimal(s string) (d decimal, ok bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.negative = s[0] == '-'
		s = s[1:]
	}
	d.whole, s = leadingDigits(s)
	if strings.HasPrefix(s, ".") {
		d.fraction, s = leadingDigits(s[1:])
	}
	if d.whole == "" && d.fraction == "" {
		return d, false
	}
	if s == "" {
		return d, true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return d, false
	}
	d.hasExponent = true
	s = s[1:]
	sign := 1
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	exp, rest := leadingDigits(s)
	if exp == "" || rest != "" {
		return d, false
	}
	const most = 100_000
	for i := 0; i < len(exp) && d.exponent < most; i++ {
		d.exponent = d.exponent*10 + int(exp[i]-'0')
	}
	d.exponent = sign * min(d.exponent, most)
	return d, true
}

func leadingDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return s[:i], s[i:]
}

// nanoseconds returns the magnitude of d in whole units and billionths; digits after the ninth
// are dropped. It is not ok when the whole part has more than 18 digits.
func (d decimal) nanoseconds() (whole, nano int64, ok bool) {
	all := strings.TrimLeft(d.whole+d.fraction, "0")
	if all == "" {
		return 0, 0, true
	}
	// The place of the point among what is left of the digits.
	point := len(all) - len(d.fraction) + d.exponent
	if point > 18 {
		return 0, 0, false
	}
	for i := 0; i < point; i++ {
		whole = whole*10 + int64(digitAt(all, i))
	}
	for i := point; i < point+9; i++ {
		nano = nano*10 + int64(digitAt(all, i))
	}
	return whole, nano, true
}

func digitAt(s string, i int) byte {
	if i < 0 || i >= len(s) {
		return 0
	}
	return s[i] - '0'
}

// checkIntegral holds the rule of Integral values: a signed 64-bit decimal integer.
func checkIntegral(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}

// checkFractional holds the rule of Fractional values: a finite double in decimal or exponent
// notation.
func checkFractional(text string) bool {
	if _, ok := splitDecimal(text); !ok {
		return false
	}
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

// AppendDouble appends the shortest text that reads as x, a number of that many bits, in the form of
// Python's repr: what the SDK's own ingest sends of the same number. Infinities have the names that
// JavaScript has for them; they are no Fractional values.
func AppendDouble(b []byte, x float64, bits int) []byte {
	switch a := math.Abs(x); {
	case math.IsInf(x, 0):
		if x < 0 {
			b = append(b, '-')
		}
		return append(b, "Infinity"...)
	case a != 0 && (a < 1e-4 || a >= 1e16):
		return strconv.AppendFloat(b, x, 'e', -1, bits)
	}
	start := len(b)
	b = strconv.AppendFloat(b, x, 'f', -1, bits)
	if bytes.IndexByte(b[start:], '.') < 0 {
		b = append(b, '.', '0')
	}
	return b
}
