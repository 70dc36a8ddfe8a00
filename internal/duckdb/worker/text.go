package worker

import (
	"math/big"
	"strconv"

	"github.com/larder-dev/larder/internal/serde"
)

// This file prints what Athena's result files have and no text file can (contract §5.4). Each function appends to b and returns it.

const (
	microsPerSecond = 1_000_000
	microsPerDay    = 86_400 * microsPerSecond
)

// appendDayInterval prints days and microseconds as Trino's interval day to second.
func appendDayInterval(b []byte, days, micros int64) []byte {
	total := days*microsPerDay + micros
	if total < 0 {
		b = append(b, '-')
		total = -total
	}
	b = strconv.AppendInt(b, total/microsPerDay, 10)
	return serde.AppendTime(append(b, ' '), total%microsPerDay, 3)
}

// appendMonthInterval prints months as Trino's interval year to month.
func appendMonthInterval(b []byte, months int64) []byte {
	if months < 0 {
		b = append(b, '-')
		months = -months
	}
	b = strconv.AppendInt(b, months/12, 10)
	return strconv.AppendInt(append(b, '-'), months%12, 10)
}

// appendBinary prints bytes as pairs of hexadecimal digits with spaces between.
func appendBinary(b, v []byte) []byte {
	const digits = "0123456789abcdef"
	for i, c := range v {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, digits[c>>4], digits[c&15])
	}
	return b
}

// unsignedBig reads an unsigned number of 128 bits.
func unsignedBig(h hugeint) *big.Int {
	n := new(big.Int).SetUint64(h.upper)
	n.Lsh(n, 64)
	return n.Add(n, new(big.Int).SetUint64(h.lower))
}

// appendUUID prints 128 bits in the usual groups.
func appendUUID(b []byte, upper, lower uint64) []byte {
	const digits = "0123456789abcdef"
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			b = append(b, '-')
		}
		half := upper
		if i >= 16 {
			half = lower
		}
		b = append(b, digits[half>>(60-i%16*4)&15])
	}
	return b
}
