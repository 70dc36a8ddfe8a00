package scalar

import (
	"strconv"
	"strings"
)

// A pattern is how Joda-Time prints and reads a moment: its parts, one after the other.
type pattern []part

// A part of a pattern is a literal text or a field.
type part struct {
	field    field
	literal  string // where field is literalText
	min, max int    // digits
	lenient  bool   // of a year of two digits: others are read too
	pivot    int    // the middle of the hundred years that a year of two digits is one of
}

type field int

const (
	literalText field = iota
	era
	century
	year
	yearOfEra
	twoDigitYear
	weekyear
	twoDigitWeekyear
	month
	monthName
	monthShort
	week
	dayOfYear
	dayOfMonth
	dayOfWeek
	dayName
	dayShort
	halfday
	hourOfDay
	clockHourOfDay
	hourOfHalfday
	clockHourOfHalfday
	minute
	second
	fraction
	offset
	offsetColon
	zoneID
	zoneName
	zoneLongName
)

// mysqlFields are what MySQL's letters stand for.
var mysqlFields = map[byte][]part{
	'a': {{field: dayShort}}, 'b': {{field: monthShort}}, 'c': {{field: month, min: 1, max: 2}},
	'd': {{field: dayOfMonth, min: 2, max: 2}}, 'e': {{field: dayOfMonth, min: 1, max: 2}}, 'f': {{field: fraction, min: 6, max: 9}},
	'H': {{field: hourOfDay, min: 2, max: 2}}, 'h': {{field: clockHourOfHalfday, min: 2, max: 2}}, 'I': {{field: clockHourOfHalfday, min: 2, max: 2}},
	'i': {{field: minute, min: 2, max: 2}}, 'j': {{field: dayOfYear, min: 3, max: 3}}, 'k': {{field: hourOfDay, min: 1, max: 2}},
	'l': {{field: clockHourOfHalfday, min: 1, max: 2}}, 'M': {{field: monthName}}, 'm': {{field: month, min: 2, max: 2}}, 'p': {{field: halfday}},
	'r': {{field: clockHourOfHalfday, min: 2, max: 2}, {literal: ":"}, {field: minute, min: 2, max: 2}, {literal: ":"}, {field: second, min: 2, max: 2}, {literal: " "}, {field: halfday}},
	'S': {{field: second, min: 2, max: 2}}, 's': {{field: second, min: 2, max: 2}},
	'T': {{field: hourOfDay, min: 2, max: 2}, {literal: ":"}, {field: minute, min: 2, max: 2}, {literal: ":"}, {field: second, min: 2, max: 2}},
	'v': {{field: week, min: 2, max: 2}}, 'x': {{field: weekyear, min: 4, max: 4}}, 'W': {{field: dayName}},
	'Y': {{field: year, min: 4, max: 4}}, 'y': {{field: twoDigitYear, min: 2, max: 2, pivot: 2020}},
}

// mysqlPattern reads the pattern of date_format and date_parse.
func mysqlPattern(text string) (pattern, error) {
	var p pattern
	for i := 0; i < len(text); i++ {
		if text[i] != '%' || i+1 == len(text) {
			if text[i] != '%' { // a last % says nothing
				p = append(p, part{literal: text[i : i+1]})
			}
			continue
		}
		i++
		if strings.IndexByte("wUuVXD", text[i]) >= 0 {
			return nil, invalid("%%%c not supported in date format string", text[i])
		}
		if fields, ok := mysqlFields[text[i]]; ok {
			p = append(p, fields...)
		} else {
			p = append(p, part{literal: text[i : i+1]})
		}
	}
	if len(p) == 0 {
		return nil, invalid("Both printing and parsing not supported")
	}
	return p, nil
}

// teradataFields are Teradata's, the longer before those that they begin with.
var teradataFields = []struct {
	text string
	part part
}{
	{"yyyy", part{field: year, min: 4, max: 4}}, {"yy", part{field: twoDigitYear, min: 2, max: 2, pivot: 2050}},
	{"hh24", part{field: hourOfDay, min: 2, max: 2}}, {"hh", part{field: clockHourOfHalfday, min: 2, max: 2}},
	{"mi", part{field: minute, min: 2, max: 2}}, {"mm", part{field: month, min: 2, max: 2}}, {"dd", part{field: dayOfMonth, min: 2, max: 2}},
	{"ss", part{field: second, min: 2, max: 2}},
}

// teradataPattern reads the pattern of to_timestamp, to_date and to_char.
func teradataPattern(text string) (pattern, error) {
	var p pattern
next:
	for rest := text; rest != ""; {
		for _, f := range teradataFields {
			if len(rest) >= len(f.text) && strings.EqualFold(rest[:len(f.text)], f.text) {
				p, rest = append(p, f.part), rest[len(f.text):]
				continue next
			}
		}
		if strings.IndexByte("-/,.;: ", rest[0]) < 0 {
			return nil, invalid("Failed to tokenize string [%s] at offset [%d]", text, len(text)-len(rest))
		}
		p, rest = append(p, part{literal: rest[:1]}), rest[1:]
	}
	return p, nil
}

// jodaPattern reads the pattern of format_datetime and parse_datetime. this is the year, from which
// one of two digits is told.
func jodaPattern(text string, this int) (pattern, error) {
	if text == "" {
		return nil, invalid("Invalid pattern specification")
	}
	var p pattern
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '\'':
			literal, end := quoted(text, i)
			p, i = append(p, part{literal: literal}), end
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			n := 1
			for i+n < len(text) && text[i+n] == c {
				n++
			}
			i += n
			f, ok := jodaPart(c, n, this, numericNext(text[i:]))
			if !ok {
				return nil, invalid("Illegal pattern component: %s", strings.Repeat(string(c), n))
			}
			p = append(p, f)
		default:
			p, i = append(p, part{literal: text[i : i+1]}), i+1
		}
	}
	return p, nil
}

// quoted reads a literal between quotes; two quotes are one, inside and outside.
func quoted(text string, at int) (literal string, end int) {
	if strings.HasPrefix(text[at:], "''") {
		return "'", at + 2
	}
	var b strings.Builder
	i := at + 1
	for i < len(text) {
		if text[i] == '\'' {
			if i+1 == len(text) || text[i+1] != '\'' {
				return b.String(), i + 1
			}
			i++
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String(), i
}

// numericNext tells whether what follows in a pattern begins with digits, so that a year before it
// must know its length.
func numericNext(rest string) bool {
	if rest == "" {
		return false
	}
	n := 1
	for n < len(rest) && rest[n] == rest[0] {
		n++
	}
	return strings.IndexByte("cCxyYdhHmsSeDFwWkK", rest[0]) >= 0 || rest[0] == 'M' && n <= 2
}

func jodaPart(c byte, n, this int, numericNext bool) (part, bool) {
	digits := func(f field, most int) (part, bool) { return part{field: f, min: n, max: max(n, most)}, true }
	name := func(long, short field) (part, bool) {
		if n >= 4 {
			return part{field: long}, true
		}
		return part{field: short}, true
	}
	most := 9
	if numericNext {
		most = n
	}
	switch c {
	case 'G':
		return part{field: era}, true
	case 'C':
		return part{field: century, min: n, max: n}, true
	case 'x', 'y', 'Y':
		if n == 2 {
			f := twoDigitYear
			if c == 'x' {
				f = twoDigitWeekyear
			}
			return part{field: f, min: 2, max: 2, lenient: !numericNext, pivot: this - 30}, true
		}
		return part{field: map[byte]field{'x': weekyear, 'y': year, 'Y': yearOfEra}[c], min: n, max: most}, true
	case 'M':
		if n < 3 {
			return digits(month, 2)
		}
		return name(monthName, monthShort)
	case 'd':
		return digits(dayOfMonth, 2)
	case 'a':
		return part{field: halfday}, true
	case 'h':
		return digits(clockHourOfHalfday, 2)
	case 'H':
		return digits(hourOfDay, 2)
	case 'k':
		return digits(clockHourOfDay, 2)
	case 'K':
		return digits(hourOfHalfday, 2)
	case 'm':
		return digits(minute, 2)
	case 's':
		return digits(second, 2)
	case 'S':
		return part{field: fraction, min: n, max: n}, true
	case 'e':
		return digits(dayOfWeek, 1)
	case 'E':
		return name(dayName, dayShort)
	case 'D':
		return digits(dayOfYear, 3)
	case 'w':
		return digits(week, 2)
	case 'z':
		return name(zoneLongName, zoneName)
	case 'Z':
		switch n {
		case 1:
			return part{field: offset}, true
		case 2:
			return part{field: offsetColon}, true
		}
		return part{field: zoneID}, true
	}
	return part{}, false
}

// pad writes a number of at least so many digits.
func pad(b []byte, n, width int) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	s := strconv.Itoa(n)
	for range width - len(s) {
		b = append(b, '0')
	}
	return append(b, s...)
}
