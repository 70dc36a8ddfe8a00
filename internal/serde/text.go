package serde

import (
	"math"
	"math/big"
	"strconv"
)

// This file prints values as Athena's result files do (contract §5.4), and its text files. Each function appends
// to b and returns it.

// AppendDouble prints as Java's Double.toString does since release 19: the shortest digits that
// give the number back, at least two of them, of those the closest; plain between 10^-3 and
// 10^7, else with an exponent.
func AppendDouble(b []byte, v float64) []byte { return appendFloat(b, v, 64) }

// AppendReal is AppendDouble for SQL's REAL.
func AppendReal(b []byte, v float32) []byte { return appendFloat(b, float64(v), 32) }

func appendFloat(b []byte, v float64, bits int) []byte {
	switch {
	case math.IsNaN(v):
		return append(b, "NaN"...)
	case math.IsInf(v, 1):
		return append(b, "Infinity"...)
	case math.IsInf(v, -1):
		return append(b, "-Infinity"...)
	case v == 0:
		if math.Signbit(v) {
			b = append(b, '-')
		}
		return append(b, "0.0"...)
	}
	var scratch [32]byte
	e := strconv.AppendFloat(scratch[:0], v, 'e', -1, bits) // -d.ddde±xx
	if e[0] == '-' {
		b = append(b, '-')
		e = e[1:]
	}
	if e[1] == 'e' {
		// One digit is enough for Go. Java takes the closest of two digits: 4.9E-324, not 5.0E-324.
		e = strconv.AppendFloat(scratch[:0], math.Abs(v), 'e', 1, bits)
	}
	mark := len(e) - 1
	for e[mark] != 'e' {
		mark--
	}
	exponent := 0
	for _, c := range e[mark+2:] {
		exponent = exponent*10 + int(c-'0')
	}
	if e[mark+1] == '-' {
		exponent = -exponent
	}
	e[1] = e[0] // the digits are e[1:mark], the point is gone
	digits := e[1:mark]
	for len(digits) > 1 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return appendDigits(b, digits, exponent)
}

// appendDigits places the point in 0.d1d2d3… · 10^(exponent+1).
func appendDigits(b, digits []byte, exponent int) []byte {
	switch {
	case exponent < -3 || exponent >= 7:
		b = append(b, digits[0], '.')
		b = appendFraction(b, digits[1:])
		b = append(b, 'E')
		return strconv.AppendInt(b, int64(exponent), 10)
	case exponent < 0:
		b = append(b, '0', '.')
		for range -exponent - 1 {
			b = append(b, '0')
		}
		return append(b, digits...)
	}
	for i := 0; i <= exponent; i++ {
		if i < len(digits) {
			b = append(b, digits[i])
		} else {
			b = append(b, '0')
		}
	}
	b = append(b, '.')
	return appendFraction(b, digits[min(exponent+1, len(digits)):])
}

func appendFraction(b, digits []byte) []byte {
	if len(digits) == 0 {
		return append(b, '0')
	}
	return append(b, digits...)
}

// AppendDecimal prints an unscaled number of at most 128 bits, given as its two halves.
func AppendDecimal(b []byte, upper int64, lower uint64, scale int) []byte {
	var digits []byte
	var scratch [48]byte
	negative := upper < 0
	if upper == 0 && lower <= math.MaxInt64 || upper == -1 && lower > math.MaxInt64 {
		digits = strconv.AppendInt(scratch[:0], int64(lower), 10)
	} else {
		digits = bigOf(upper, lower).Append(scratch[:0], 10)
	}
	if negative {
		b = append(b, '-')
		digits = digits[1:]
	}
	for len(digits) <= scale {
		digits = append(digits, 0)
		copy(digits[1:], digits)
		digits[0] = '0'
	}
	b = append(b, digits[:len(digits)-scale]...)
	if scale > 0 {
		b = append(append(b, '.'), digits[len(digits)-scale:]...)
	}
	return b
}

func bigOf(upper int64, lower uint64) *big.Int {
	n := big.NewInt(upper)
	n.Lsh(n, 64)
	return n.Add(n, new(big.Int).SetUint64(lower))
}

const (
	microsPerSecond = 1_000_000
	microsPerDay    = 86_400 * microsPerSecond
)

// floorDiv divides towards minus infinity.
func floorDiv(a, b int64) (quotient, remainder int64) {
	quotient, remainder = a/b, a%b
	if remainder < 0 {
		quotient, remainder = quotient-1, remainder+b
	}
	return quotient, remainder
}

// AppendDate prints days since 1970-01-01 in the proleptic Gregorian calendar.
func AppendDate(b []byte, days int64) []byte {
	// Years begin in March here, so that the leap day is a year's last.
	era, day := floorDiv(days+719_468, 146_097)
	yearOfEra := (day - day/1460 + day/36_524 - day/146_096) / 365
	dayOfYear := day - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	month := (5*dayOfYear + 2) / 153
	dayOfMonth := dayOfYear - (153*month+2)/5 + 1
	year := yearOfEra + era*400
	if month += 3; month > 12 {
		month -= 12
		year++
	}
	if year < 0 {
		b = append(b, '-')
		year = -year
	}
	b = appendPadded(b, year, 4)
	b = appendPadded(append(b, '-'), month, 2)
	return appendPadded(append(b, '-'), dayOfMonth, 2)
}

// AppendTime prints microseconds since midnight with so many digits of a second. What is below is
// cut, not rounded: what is printed is never later than what is stored. Beyond the sixth come zeros.
func AppendTime(b []byte, micros int64, digits int) []byte {
	seconds := micros / microsPerSecond
	b = appendPadded(b, seconds/3600, 2)
	b = appendPadded(append(b, ':'), seconds/60%60, 2)
	b = appendPadded(append(b, ':'), seconds%60, 2)
	if digits == 0 {
		return b
	}
	b = appendPadded(append(b, '.'), micros%microsPerSecond, 6)
	if digits < 6 {
		return b[:len(b)-6+digits]
	}
	for ; digits > 6; digits-- {
		b = append(b, '0')
	}
	return b
}

// AppendTimestamp prints microseconds since 1970.
func AppendTimestamp(b []byte, micros int64, digits int) []byte {
	days, rest := floorDiv(micros, microsPerDay)
	b = append(AppendDate(b, days), ' ')
	return AppendTime(b, rest, digits)
}

// appendPadded prints v with zeros in front up to a width.
func appendPadded(b []byte, v int64, width int) []byte {
	for limit := int64(10); width > 1; width, limit = width-1, limit*10 {
		if v < limit {
			b = append(b, '0')
		}
	}
	return strconv.AppendInt(b, v, 10)
}
