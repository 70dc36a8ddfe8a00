package feature

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// EventTime is an instant in 0000-01-01T00:00:00Z … 9999-12-31T23:59:59.999999999Z.
// The zero value is 1970-01-01T00:00:00Z.
type EventTime struct {
	Sec  int64 // since 1970, may be negative
	Nsec int32 // 0 … 999,999,999, added to Sec
}

// The first and the last second of the range.
const (
	minEventSec = -62167219200 // 0000-01-01T00:00:00Z
	maxEventSec = 253402300799 // 9999-12-31T23:59:59Z
)

// Compare returns -1, 0 or 1: the instants decide, not their texts.
func (t EventTime) Compare(u EventTime) int {
	switch {
	case t.Sec < u.Sec, t.Sec == u.Sec && t.Nsec < u.Nsec:
		return -1
	case t == u:
		return 0
	}
	return 1
}

// Time returns the instant as a time.Time in UTC.
func (t EventTime) Time() time.Time { return time.Unix(t.Sec, int64(t.Nsec)).UTC() }

// String writes the instant as ISO-8601 in UTC, with as many fraction digits as it needs.
func (t EventTime) String() string { return t.Time().Format("2006-01-02T15:04:05.999999999Z") }

// EpochText writes the instant as Unix time in seconds, a decimal number.
func EpochText(t EventTime) string {
	sec, nsec, sign := t.Sec, int64(t.Nsec), ""
	if sec < 0 {
		sign, sec = "-", -sec
		if nsec > 0 {
			sec, nsec = sec-1, 1e9-nsec
		}
	}
	text := sign + strconv.FormatInt(sec, 10)
	if nsec == 0 {
		return text
	}
	return text + "." + strings.TrimRight(fmt.Sprintf("%09d", nsec), "0")
}

// ParseEventTime reads the text of an event-time feature of type typ (contract §3.2, §11.5).
//
// A Fractional one is Unix time in seconds, a decimal number; it is read digit by digit, so no
// digit is lost to a float. Digits after the ninth of the fraction are dropped.
//
// A String one is ISO-8601: yyyy-MM-ddTHH:mm:ss, then 0 to 9 fraction digits, then Z, ±hh:mm or
// ±hhmm. Going beyond the contract, it may also be Unix time in seconds, written plainly
// ("1700000000", "1700000000.5"). A bare number that reads as a calendar date (20240131,
// 202401311230) is refused, because its writer hardly meant a second of 1970.
//
// Any other text, and an instant out of range, is Invalid.
func ParseEventTime(typ Type, text string) (EventTime, error) {
	if typ == Fractional {
		return parseEpoch(text)
	}
	if !isPlainNumber(text) {
		return parseISO(text)
	}
	if isCompactDate(text) {
		return EventTime{}, Errorf(Invalid, "the event time %s looks like a calendar date without separators, which is not accepted; %s", quote(text), isoWayOut)
	}
	return parseEpoch(text)
}

const (
	isoWayOut   = "send ISO-8601 with a zone, for example 2024-01-31T12:30:00Z"
	epochWayOut = "send Unix time in seconds, for example 1706704200.5"
)

// EventTimeOf returns the instant of a Fractional event time that was kept as a double: that of the shortest
// decimal number that the double is nearest to, which is the text that was put unless that had more than 15 or
// so digits. Invalid: it is out of range, or no number.
func EventTimeOf(x float64) (EventTime, error) {
	// Up to 15 digits are those of one double only: with no more than three of a fraction nothing is to be written out.
	if n := math.Round(x * 1e3); math.Abs(n) < 1e15 && n/1e3 == x {
		t := EventTime{Sec: int64(n) / 1e3, Nsec: int32(int64(n) % 1e3 * 1e6)}
		if t.Nsec < 0 {
			t.Sec, t.Nsec = t.Sec-1, t.Nsec+1e9
		}
		if t.Sec >= minEventSec && t.Sec <= maxEventSec {
			return t, nil
		}
	}
	return parseEpoch(strconv.FormatFloat(x, 'f', -1, 64))
}

// parseEpoch reads decimal seconds since 1970, in any form that a Fractional value may have.
func parseEpoch(text string) (EventTime, error) {
	d, ok := splitDecimal(text)
	if !ok {
		return EventTime{}, Errorf(Invalid, "the event time %s is not a decimal number; %s", quote(text), epochWayOut)
	}
	sec, nsec, ok := d.nanoseconds()
	if !ok {
		return EventTime{}, outOfRange(text, epochWayOut+" (not milliseconds)")
	}
	if d.negative {
		sec, nsec = -sec, -nsec
		if nsec < 0 {
			sec, nsec = sec-1, nsec+1e9
		}
	}
	if sec < minEventSec || sec > maxEventSec {
		return EventTime{}, outOfRange(text, epochWayOut+" (not milliseconds)")
	}
	return EventTime{Sec: sec, Nsec: int32(nsec)}, nil
}

func outOfRange(text, wayOut string) *Error {
	return Errorf(Invalid, "the event time %s is outside 0000-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z; %s", quote(text), wayOut)
}

// parseISO reads yyyy-MM-ddTHH:mm:ss[.f{1,9}](Z|±hh:mm|±hhmm).
func parseISO(text string) (EventTime, error) {
	bad := func(why string) (EventTime, error) {
		return EventTime{}, Errorf(Invalid, "the event time %s is not accepted: %s; %s", quote(text), why, isoWayOut)
	}
	if len(text) < 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' {
		return bad("it does not begin with yyyy-MM-ddTHH:mm:ss")
	}
	var n [6]int
	for i, at := range [6]int{0, 5, 8, 11, 14, 17} {
		width := 2
		if i == 0 {
			width = 4
		}
		v, ok := digits(text[at : at+width])
		if !ok {
			return bad("it does not begin with yyyy-MM-ddTHH:mm:ss")
		}
		n[i] = v
	}
	year, month, day, hour, minute, second := n[0], n[1], n[2], n[3], n[4], n[5]
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return bad("there is no such day")
	}
	if hour > 23 || minute > 59 || second > 59 {
		return bad("there is no such time of day")
	}
	rest := text[19:]
	nsec := 0
	if rest != "" && rest[0] == '.' {
		end := 1
		for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
			end++
		}
		if end == 1 || end > 10 {
			return bad("a fraction has one to nine digits")
		}
		nsec, _ = digits(rest[1:end])
		for i := end; i < 10; i++ {
			nsec *= 10
		}
		rest = rest[end:]
	}
	offset, ok := parseZone(rest)
	if !ok {
		return bad("its zone is not Z, ±hh:mm or ±hhmm")
	}
	sec := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC).Unix() - int64(offset)
	if sec < minEventSec || sec > maxEventSec {
		return EventTime{}, outOfRange(text, isoWayOut)
	}
	return EventTime{Sec: sec, Nsec: int32(nsec)}, nil
}

// parseZone reads Z, ±hh:mm or ±hhmm and returns the seconds east of UTC.
func parseZone(s string) (seconds int, ok bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) == 6 && s[3] == ':' {
		s = s[:3] + s[4:]
	}
	if len(s) != 5 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hours, ok1 := digits(s[1:3])
	minutes, ok2 := digits(s[3:5])
	if !ok1 || !ok2 || hours > 23 || minutes > 59 {
		return 0, false
	}
	seconds = hours*3600 + minutes*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// digits reads a non-negative number of at most nine decimal digits.
func digits(s string) (int, bool) {
	n := 0
	for i := 0; i < len(s); i++ {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int(c)
	}
	return n, s != ""
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// isPlainNumber tells whether text is -?digits[.digits], the only form in which a String event
// time may be epoch seconds.
func isPlainNumber(text string) bool {
	d, ok := splitDecimal(text)
	return ok && d.exponent == 0 && text[0] != '+' && text[0] != '.' && text[len(text)-1] != '.' &&
		(text[0] != '-' || text[1] != '.') && !d.hasExponent
}

// isCompactDate tells whether text reads as yyyyMMdd or yyyyMMddHHmm of the years 1900 to 2099.
func isCompactDate(text string) bool {
	if len(text) != 8 && len(text) != 12 {
		return false
	}
	year, ok1 := digits(text[:4])
	month, ok2 := digits(text[4:6])
	day, ok3 := digits(text[6:8])
	if !ok1 || !ok2 || !ok3 || year < 1900 || year > 2099 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return false
	}
	if len(text) == 8 {
		return true
	}
	hour, ok1 := digits(text[8:10])
	minute, ok2 := digits(text[10:])
	return ok1 && ok2 && hour < 24 && minute < 60
}
