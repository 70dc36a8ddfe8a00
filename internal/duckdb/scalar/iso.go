package scalar

import (
	"strings"
	"time"
)

func isoFunctions() []Function {
	return []Function{
		of1("larder_iso_timestamp", func(s string) (int64, error) {
			c := isoCursor{text: s}
			micros, ok := c.moment()
			if !ok || c.at < len(s) {
				return 0, malformed(s, c.far)
			}
			if c.problem != "" {
				return 0, invalid("Cannot parse \"%s\": %s", s, c.problem)
			}
			return micros - floorMod64(micros, 1000), nil
		}),
		of1("larder_iso_nanos", func(s string) (int64, error) {
			c := isoCursor{text: s}
			micros, ok := c.moment()
			// java.time wants the day and the clock in full.
			if !ok || c.at < len(s) || c.problem != "" || len(s) < 16 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' {
				return 0, invalid("Text '%s' could not be parsed", s)
			}
			return micros, nil
		}),
		of1("larder_iso_date", func(s string) (int64, error) {
			c := isoCursor{text: s}
			day, ok := c.date()
			if !ok || c.at < len(s) {
				return 0, malformed(s, c.far)
			}
			if c.problem != "" {
				return 0, invalid("Cannot parse \"%s\": %s", s, c.problem)
			}
			return day.Unix() / 86400, nil
		}),
	}
}

func floorMod64(a, b int64) int64 { return ((a % b) + b) % b }

// An isoCursor reads ISO 8601 as Joda-Time's dateTimeParser does.
type isoCursor struct {
	text    string
	at      int
	far     int    // where the text stopped making sense
	problem string // a field that is out of its range
}

// digits reads from one to most digits.
func (c *isoCursor) digits(most int) (n int, ok bool) {
	begin := c.at
	for c.at < len(c.text) && c.at-begin < most && isDigit(c.text[c.at]) {
		n = n*10 + int(c.text[c.at]-'0')
		c.at++
	}
	c.far = max(c.far, c.at)
	return n, c.at > begin
}

// skip passes a character if it is there.
func (c *isoCursor) skip(b byte) bool {
	if c.at < len(c.text) && c.text[c.at] == b {
		c.at++
		c.far = max(c.far, c.at)
		return true
	}
	c.far = max(c.far, c.at)
	return false
}

// field checks the range of a field.
func (c *isoCursor) field(name string, n, low, high int) {
	if (n < low || n > high) && c.problem == "" {
		c.problem = rangeError{n, name, low, high}.Error()
	}
}

// moment reads a date, T and a time, or one of them, and an offset behind a T. It gives microseconds.
func (c *isoCursor) moment() (int64, bool) {
	day := time.Unix(0, 0).UTC()
	if !strings.HasPrefix(c.text, "T") {
		var ok bool
		if day, ok = c.date(); !ok {
			return 0, false
		}
	}
	micros := day.UnixMicro()
	if !c.skip('T') {
		return micros, true
	}
	clock, ok := c.clock()
	if !ok && c.at == 1 {
		return 0, false // a T alone
	}
	return micros + clock - c.offset(), true
}

// date reads yyyy[-mm[-dd]], yyyy-ddd or yyyy-Www[-d].
func (c *isoCursor) date() (time.Time, bool) {
	negative := c.skip('-')
	if !negative {
		c.skip('+')
	}
	begin := c.at
	y, ok := c.digits(9)
	if !ok || c.at-begin < 4 && c.at < len(c.text) && c.text[c.at] != '-' && c.text[c.at] != 'T' {
		return time.Time{}, false
	}
	if negative {
		y = -y
	}
	m, d := 1, 1
	before := c.at
	if !c.skip('-') {
		return time.Date(y, time.January, 1, 0, 0, 0, 0, time.UTC), true
	}
	if c.skip('W') {
		return c.week(y)
	}
	begin = c.at
	m, ok = c.digits(3)
	if !ok {
		c.at = before
		return time.Time{}, false
	}
	if c.at-begin == 3 {
		last := time.Date(y, time.December, 31, 0, 0, 0, 0, time.UTC).YearDay()
		c.field("dayOfYear", m, 1, last)
		return time.Date(y, time.January, m, 0, 0, 0, 0, time.UTC), true
	}
	c.field("monthOfYear", m, 1, 12)
	if c.skip('-') {
		if d, ok = c.digits(2); !ok {
			return time.Time{}, false
		}
		c.field("dayOfMonth", d, 1, time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, time.UTC).Day())
	}
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC), true
}

func (c *isoCursor) week(y int) (time.Time, bool) {
	w, ok := c.digits(2)
	if !ok {
		return time.Time{}, false
	}
	d := 1
	if c.skip('-') {
		if d, ok = c.digits(1); !ok {
			return time.Time{}, false
		}
	}
	_, last := time.Date(y, time.December, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
	c.field("weekOfWeekyear", w, 1, last)
	c.field("dayOfWeek", d, 1, 7)
	fourth := time.Date(y, time.January, 4, 0, 0, 0, 0, time.UTC)
	return fourth.AddDate(0, 0, (w-1)*7+d-isoDay(fourth)), true
}

// clock reads hh[:mm[:ss]] with a fraction of the last of them, in microseconds.
func (c *isoCursor) clock() (int64, bool) {
	total := int64(0)
	for i, unit := range []int64{3_600_000_000, 60_000_000, 1_000_000} {
		if i > 0 && !c.skip(':') {
			return total, true
		}
		n, ok := c.digits(2)
		if !ok {
			return 0, false
		}
		c.field([]string{"hourOfDay", "minuteOfHour", "secondOfMinute"}[i], n, 0, []int{23, 59, 59}[i])
		total += int64(n) * unit
		if c.skip('.') || c.skip(',') {
			begin := c.at
			n, ok := c.digits(9)
			if !ok {
				return 0, false
			}
			scale := int64(1)
			for range c.at - begin {
				scale *= 10
			}
			return total + int64(float64(unit)/float64(scale)*float64(n)+1e-6), true
		}
	}
	return total, true
}

// offset reads Z, or a sign and hh[:mm[:ss]], with or without the colons, in microseconds.
func (c *isoCursor) offset() int64 {
	if c.skip('Z') {
		return 0
	}
	var r reading
	end, ok := r.readOffset(c.text, c.at)
	if ok {
		c.at = end
		c.far = max(c.far, end)
	}
	return r.zone * 1000
}
