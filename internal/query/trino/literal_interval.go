package trino

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An intervalField has its length in milliseconds or in months, and what sets it off from the field
// before it.
type intervalField struct {
	name   string
	length int64
	before string
}

// intervalFields are the fields of an interval from the longest.
var intervalFields = []intervalField{
	{"YEAR", 12, ""}, {"MONTH", 1, "-"},
	{"DAY", 86400000, ""}, {"HOUR", 3600000, " "}, {"MINUTE", 60000, ":"}, {"SECOND", 1000, ":"},
}

// intervalLiteral reads INTERVAL '2' DAY or INTERVAL '1 02:03' DAY TO MINUTE.
func intervalLiteral(x *xInterval) (node, error) {
	place := func(name string) int {
		return slices.IndexFunc(intervalFields, func(f intervalField) bool { return f.name == name })
	}
	from, to := place(x.from), place(x.from)
	if x.to != "" {
		to = place(x.to)
	}
	qualifier := strings.TrimSuffix(x.from+" TO "+x.to, " TO ")
	if to < from || from < 2 && to > 1 {
		return nil, fail(x.pos, "INVALID_LITERAL", "Invalid interval qualifier: %s", qualifier)
	}
	invalid := fail(x.pos, "INVALID_LITERAL", "Invalid INTERVAL %s value: %s", qualifier, x.text)
	pattern := `^([+-]?)`
	for i := from; i <= to; i++ {
		if i > from {
			pattern += intervalFields[i].before
		}
		pattern += `(\d{1,12})`
	}
	if intervalFields[to].name == "SECOND" {
		pattern += `(?:\.(\d{1,3}))?`
	}
	m := regexp.MustCompile(pattern + "$").FindStringSubmatch(strings.TrimSpace(x.text))
	if m == nil {
		return nil, invalid
	}
	total := big.NewInt(0)
	for i := from; i <= to; i++ {
		n, _ := strconv.ParseInt(m[2+i-from], 10, 64) // twelve digits at most
		if i > from && n >= intervalFields[i-1].length/intervalFields[i].length {
			return nil, invalid
		}
		total.Add(total, new(big.Int).Mul(big.NewInt(n), big.NewInt(intervalFields[i].length)))
	}
	if len(m) > 3+to-from {
		total.Add(total, big.NewInt(int64(atoi((m[3+to-from] + "000")[:3]))))
	}
	if (m[1] == "-") != x.negative {
		total.Neg(total)
	}
	if from < 2 {
		if n := total.Int64(); total.IsInt64() && n <= 1<<31-1 && n >= -1<<31 {
			return &literal{t: Type{Kind: IntervalMonth}, sql: fmt.Sprintf("to_months(%s)", number(n, Integer)), text: total.String()}, nil
		}
		return nil, invalid
	}
	us := total.Mul(total, big.NewInt(1000))
	if !us.IsInt64() {
		return nil, invalid
	}
	return &literal{t: Type{Kind: IntervalDay}, sql: "to_microseconds(" + number(us.Int64(), Bigint) + ")", text: us.String()}, nil
}

// micros is the length of a literal that is an interval day to second.
func (l *literal) micros() (int64, bool) {
	n, err := strconv.ParseInt(l.text, 10, 64)
	return n, err == nil && l.t.Kind == IntervalDay
}
