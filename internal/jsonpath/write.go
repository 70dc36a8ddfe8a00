package jsonpath

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// JSON prints an item; ok is false if it, or one in it, has no JSON: a time.
func (i *Item) JSON() (text string, ok bool) {
	b, ok := i.write(nil)
	return string(b), ok
}

func (i *Item) write(b []byte) ([]byte, bool) {
	switch i.Kind {
	case Null:
		return append(b, "null"...), true
	case Text:
		return AppendString(b, i.Text), true
	case Array, Object:
		ok := true
		b = append(b, "[{"[boolInt(i.Kind == Object)])
		for at, m := range i.Members {
			if at > 0 {
				b = append(b, ',')
			}
			if i.Kind == Object {
				b = append(AppendString(b, i.Names[at]), ':')
			}
			var fine bool
			b, fine = m.write(b)
			ok = ok && fine
		}
		return append(b, "]}"[boolInt(i.Kind == Object)]), ok
	case Real, Double:
		if math.IsNaN(i.Float) || math.IsInf(i.Float, 0) {
			return AppendString(b, JavaFloat(i.Float, i.floatBits())), true
		}
		return append(b, JavaFloat(i.Float, i.floatBits())...), true
	case Date, Time, Timestamp:
		return b, false
	}
	return append(b, i.plain()...), true
}

func (i *Item) floatBits() int {
	if i.Kind == Real {
		return 32
	}
	return 64
}

// plain is the text of a boolean, a whole number or a decimal.
func (i *Item) plain() string {
	switch i.Kind {
	case Boolean:
		return strconv.FormatBool(i.True)
	case Integer, Bigint:
		return strconv.FormatInt(i.Int, 10)
	case Decimal:
		return decimalText(i.Digits, i.Scale)
	}
	return i.Text
}

func decimalText(digits *big.Int, scale int) string {
	s := new(big.Int).Abs(digits).String()
	if scale > 0 {
		if len(s) <= scale {
			s = strings.Repeat("0", scale-len(s)+1) + s
		}
		s = s[:len(s)-scale] + "." + s[len(s)-scale:]
	}
	if digits.Sign() < 0 {
		s = "-" + s
	}
	return s
}

// AppendString quotes as Jackson does: what must be escaped is, and nothing else.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	for at := range len(s) {
		c := s[at]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c >= ' ':
			b = append(b, c)
		default:
			if short := strings.IndexByte("\b\f\n\r\t", c); short >= 0 {
				b = append(b, '\\', "bfnrt"[short])
				continue
			}
			const digits = "0123456789ABCDEF"
			b = append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		}
	}
	return append(b, '"')
}

// JavaFloat is Java's text of a double (64 bits) or a float (32): the shortest digits, plain from 10^-3
// up to 10^7.
func JavaFloat(v float64, bits int) string {
	if a := math.Abs(v); a == 0 || a >= 1e-3 && a < 1e7 {
		s := strconv.FormatFloat(v, 'f', -1, bits)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	}
	return exponential(v, bits)
}

// exponential is the text that a cast of a double to varchar has: 1.5E0.
func exponential(v float64, bits int) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "Infinity"
	case math.IsInf(v, -1):
		return "-Infinity"
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, bits), "e")
	if !strings.Contains(digits, ".") {
		digits += ".0"
	}
	sign := ""
	if exponent[0] == '-' {
		sign = "-"
	}
	exponent = strings.TrimLeft(exponent, "+-0")
	if exponent == "" {
		sign, exponent = "", "0"
	}
	return digits + "E" + sign + exponent
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
