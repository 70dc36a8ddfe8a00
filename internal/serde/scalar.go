package serde

import (
	"bytes"
	"encoding/base64"
	"math"
	"math/big"
	"strconv"
	"time"
	"unicode/utf8"
	"unsafe"
)

// loose is text in the memory of b, for functions that do not keep it.
func loose(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// trim takes blanks away at both ends.
func trim(b []byte) []byte { return bytes.Trim(b, " \t\r\n\f\v") }

// scalar reads a text as a value of a type without parts. ok is false if it is none.
func scalar(v *Value, text []byte, t *Type) (ok bool) {
	v.Null = false
	switch t.Kind {
	case String, Varchar, Char:
		v.Bytes = t.cut(text)
		return true
	case Boolean:
		v.Int, ok = boolean(text)
	case Tinyint, Smallint, Int, Bigint:
		v.Int, ok = whole(trim(text), t)
	case Float:
		v.Float, ok = float(trim(text), 32)
	case Double:
		v.Float, ok = float(trim(text), 64)
	case Decimal:
		ok = decimal(v, trim(text), t)
	case Date:
		v.Int, ok = date(trim(text))
	case Timestamp:
		v.Int, ok = timestamp(trim(text))
	case Binary:
		raw := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
		n, err := base64.StdEncoding.Decode(raw, text)
		v.Bytes, ok = raw[:n], err == nil
	}
	return ok
}

// cut shortens a text to what a type holds.
func (t *Type) cut(text []byte) []byte {
	if t.Kind == String {
		return text
	}
	if len(text) > t.Length {
		end := 0
		for range t.Length {
			_, n := utf8.DecodeRune(text[end:])
			end += n
		}
		text = text[:end]
	}
	if t.Kind == Char {
		text = bytes.TrimRight(text, " ")
	}
	return text
}

func boolean(text []byte) (int64, bool) {
	switch {
	case bytes.EqualFold(text, []byte("true")):
		return 1, true
	case bytes.EqualFold(text, []byte("false")):
		return 0, true
	}
	return 0, false
}

// bits is how wide a whole number of the type is, 0 of any other.
func (t *Type) bits() int {
	switch t.Kind {
	case Tinyint:
		return 8
	case Smallint:
		return 16
	case Int:
		return 32
	case Bigint:
		return 64
	}
	return 0
}

// whole reads digits with a sign.
func whole(text []byte, t *Type) (int64, bool) {
	n, err := strconv.ParseInt(loose(text), 10, t.bits())
	return n, err == nil
}

// truncated reads a whole number and lets a fraction go, as LazySimpleSerDe does.
func truncated(text []byte, t *Type) (int64, bool) {
	before, after, _ := bytes.Cut(text, []byte("."))
	for _, c := range after {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	return whole(before, t)
}

// float reads a number as Java does, and its NaN and Infinity in any case.
func float(text []byte, bits int) (float64, bool) {
	for _, c := range text {
		if (c < '0' || c > '9') && c != '.' && c != '+' && c != '-' && c != 'e' && c != 'E' {
			switch sign, name := cutSign(text); {
			case bytes.EqualFold(name, []byte("infinity")), bytes.EqualFold(name, []byte("inf")):
				return math.Inf(sign), true
			case bytes.EqualFold(name, []byte("nan")):
				return math.NaN(), true
			}
			return 0, false
		}
	}
	f, err := strconv.ParseFloat(loose(text), bits)
	return f, err == nil || math.IsInf(f, 0)
}

func cutSign(text []byte) (sign int, rest []byte) {
	switch {
	case len(text) > 0 && text[0] == '-':
		return -1, text[1:]
	case len(text) > 0 && text[0] == '+':
		return 1, text[1:]
	}
	return 1, text
}

// A number is one in decimal: digits · 10^exponent.
type number struct {
	negative bool
	digits   []byte
	exponent int
}

// numberOf takes a number apart. Its digits begin with one that is not 0, unless there is none.
func numberOf(text []byte) (n number, ok bool) {
	sign, text := cutSign(text)
	n.negative = sign < 0
	if at := bytes.IndexAny(text, "eE"); at >= 0 {
		e, err := strconv.Atoi(loose(text[at+1:]))
		if err != nil || e > 1000 || e < -1_000_000 {
			return n, false
		}
		n.exponent, text = e, text[:at]
	}
	before, after, _ := bytes.Cut(text, []byte("."))
	if len(before)+len(after) == 0 {
		return n, false
	}
	n.digits = before
	if len(after) > 0 {
		n.digits = append(append(make([]byte, 0, len(before)+len(after)), before...), after...)
		n.exponent -= len(after)
	}
	for _, c := range n.digits {
		if c < '0' || c > '9' {
			return n, false
		}
	}
	n.digits = bytes.TrimLeft(n.digits, "0")
	return n, true
}

// decimal reads a number, rounded half away from zero to the type's scale.
func decimal(v *Value, text []byte, t *Type) bool {
	n, ok := numberOf(text)
	if !ok {
		return false
	}
	digits, up := n.digits, false
	shift := n.exponent + t.Scale // zeros to add, or digits to take away
	if shift < 0 && len(digits) > 0 {
		keep := len(digits) + shift
		up = keep >= 0 && digits[max(keep, 0)] >= '5'
		digits, shift = digits[:max(keep, 0)], 0
	}
	if len(digits) > 0 && len(digits)+shift > t.Length {
		return false
	}
	if len(digits) == 0 {
		shift = 0
	}
	if len(digits)+shift < 18 {
		var small int64
		for _, c := range digits {
			small = small*10 + int64(c-'0')
		}
		for range shift {
			small *= 10
		}
		if up {
			small++
		}
		if n.negative {
			small = -small
		}
		v.Int, v.High = small, small>>63
		return small < pow10(t.Length) && small > -pow10(t.Length)
	}
	all := append(append([]byte{}, digits...), bytes.Repeat([]byte("0"), shift)...)
	whole, _ := new(big.Int).SetString(string(all), 10)
	if up {
		whole.Add(whole, big.NewInt(1))
	}
	if len(whole.String()) > t.Length {
		return false
	}
	if n.negative {
		whole.Neg(whole)
	}
	low := new(big.Int).And(whole, new(big.Int).SetUint64(math.MaxUint64))
	v.Int, v.High = int64(low.Uint64()), new(big.Int).Rsh(whole, 64).Int64()
	return true
}

// pow10 is 10^n, or more than any small number if that is more.
func pow10(n int) int64 {
	p := int64(1)
	for range min(n, 18) {
		p *= 10
	}
	return p
}

// date reads y-m-d and lets what comes behind a blank or a T go.
func date(text []byte) (int64, bool) {
	days, rest, ok := dateOf(text)
	return days, ok && (len(rest) == 0 || rest[0] == ' ' || rest[0] == 'T')
}

// dateOf reads y-m-d, in days since 1970.
func dateOf(text []byte) (days int64, rest []byte, ok bool) {
	year, rest, ok1 := digits(text, 4)
	month, rest, ok2 := after(rest, '-')
	day, rest, ok3 := after(rest, '-')
	if !ok1 || !ok2 || !ok3 {
		return 0, nil, false
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day || int(t.Month()) != month {
		return 0, nil, false
	}
	return t.Unix() / 86_400, rest, t.Unix()%86_400 == 0
}

// digits reads a number of one to most digits.
func digits(text []byte, most int) (n int, rest []byte, ok bool) {
	i := 0
	for i < len(text) && i < most && text[i] >= '0' && text[i] <= '9' {
		n = n*10 + int(text[i]-'0')
		i++
	}
	return n, text[i:], i > 0
}

// after reads a sign and a number of one or two digits.
func after(text []byte, sign byte) (n int, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != sign {
		return 0, text, false
	}
	return digits(text[1:], 2)
}

// timestamp reads a date, a blank or a T, a time with a fraction, and an offset, in microseconds since 1970 in UTC.
// What is behind the date may be missing.
func timestamp(text []byte) (int64, bool) {
	days, rest, ok := dateOf(text)
	if !ok {
		return 0, false
	}
	micros := days * 86_400 * microsPerSecond
	if len(rest) == 0 {
		return micros, true
	}
	if rest[0] != ' ' && rest[0] != 'T' && rest[0] != 't' {
		return 0, false
	}
	hour, rest, ok1 := digits(rest[1:], 2)
	minute, rest, ok2 := after(rest, ':')
	if !ok1 || !ok2 {
		return 0, false
	}
	second, after, ok3 := after(rest, ':')
	if !ok3 {
		second, after = 0, rest
	}
	if hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	fraction, rest, ok4 := fractionOf(after)
	offset, ok5 := offsetOf(rest)
	micros += int64(hour*3600+minute*60+second-offset)*microsPerSecond + fraction
	return micros, ok4 && ok5
}

// fractionOf reads a point and digits of a second, of which the first six count.
func fractionOf(text []byte) (micros int64, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '.' {
		return 0, text, true
	}
	i, unit := 1, int64(100_000)
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		micros += int64(text[i]-'0') * unit
		unit /= 10
		i++
	}
	return micros, text[i:], i > 1
}

// offsetOf reads Z, UTC, +hh, +hhmm or +hh:mm, in seconds; nothing is UTC.
func offsetOf(text []byte) (int, bool) {
	text = bytes.TrimLeft(text, " ")
	switch loose(text) {
	case "", "Z", "z", "UTC":
		return 0, true
	}
	if text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	sign, text := cutSign(text)
	hour, rest, ok := digits(text, 2)
	if len(rest) > 0 && rest[0] == ':' {
		rest = rest[1:]
	}
	minute := 0
	if len(rest) > 0 {
		var ok2 bool
		minute, rest, ok2 = digits(rest, 2)
		ok = ok && ok2
	}
	return sign * (hour*3600 + minute*60), ok && len(rest) == 0 && hour < 24 && minute < 60
}
