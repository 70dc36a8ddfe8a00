// Package records is what the bench loads into every contender: a value is a function of the record's number, the
// feature and the version, so that any answer can be compared with what must be there.
package records

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// Start is when the first version's hour of event times begins, in seconds since 1970: 2026-01-01.
const Start = 1_767_225_600

// A Kind is what values a feature has.
type Kind uint8

// A quarter of the features are whole numbers, a quarter texts of a few, the others numbers that are not whole.
const (
	Text Kind = iota
	Whole
	Decimal
)

// A Feature is one of a record's. The first is the identifier, the second the event time.
type Feature struct {
	Name string
	Kind Kind
}

// Features are those of a record of n features, at least 3: id, at, f002, f003, …
func Features(n int) []Feature {
	all := []Feature{{"id", Text}, {"at", Text}}
	for i := 2; i < n; i++ {
		all = append(all, Feature{fmt.Sprintf("f%03d", i), kindOf(i)})
	}
	return all
}

func kindOf(feature int) Kind {
	switch feature % 4 {
	case 0:
		return Whole
	case 1:
		return Text
	}
	return Decimal
}

// mix is a number that has nothing to do with its neighbours.
func mix(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// ID is the identifier of a record.
func ID(record int) string { return fmt.Sprintf("entity-%08d", record) }

// At is the event time of a version of a record: each version has an hour.
func At(record, version int) time.Time {
	return time.Unix(int64(Start+version*3600+record%3600), 0).UTC()
}

// Value is what a feature is in a version of a record: a string, an int64 or a float64.
func Value(record, feature, version int) any {
	r := mix(uint64(record)<<20 + uint64(version)<<10 + uint64(feature) + 1)
	switch {
	case feature == 0:
		return ID(record)
	case feature == 1:
		return At(record, version).Format("2006-01-02T15:04:05Z")
	case kindOf(feature) == Whole:
		return int64(r % 100_000)
	case kindOf(feature) == Text:
		return "segment-" + strconv.FormatUint(r%64, 10)
	}
	// Never a whole one: whether "5.0" comes back as "5" is not what is measured.
	return float64(r%10_000_000*4+1) / 4
}

// String is Value as a program writes it that speaks to the Feature Store.
func String(record, feature, version int) string {
	switch v := Value(record, feature, version).(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return v.(string)
	}
}

// Drawn are record numbers below n, the same in each run: all contenders are asked for the same records.
func Drawn(count, n int) []int {
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	ids := make([]int, count)
	for i := range ids {
		ids[i] = rng.IntN(n)
	}
	return ids
}

// Count writes a number of records: 100000 as 10^5.
func Count(n int) string {
	zeros := 0
	for m := n; m%10 == 0 && m > 0; m /= 10 {
		zeros++
		if m == 10 {
			return fmt.Sprintf("10^%d", zeros)
		}
	}
	return fmt.Sprint(n)
}

// Thousands writes a number for reading: 1234567 as 1,234,567.
func Thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
