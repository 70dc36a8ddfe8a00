package scalar

import (
	"fmt"
	"strings"
	"time"
)

// A reading is what a text has said of a moment so far.
type reading struct {
	set   [zoneLongName + 1]bool
	value [zoneLongName + 1]int
	// zone is the offset that the text names, in milliseconds; where is the zone that it names.
	zone  int64
	where *time.Location
}

// read gives the milliseconds since 1970 that a text names. What it does not name is as on 1970-01-01
// at midnight UTC; if it names a day without a year, the year is 2000.
func (p pattern) read(text string) (int64, error) {
	var r reading
	at := 0
	for _, f := range p {
		next, ok := f.read(text, at, &r)
		if !ok {
			return 0, malformed(text, next)
		}
		at = next
	}
	if at < len(text) {
		return 0, malformed(text, at)
	}
	millis, err := r.millis()
	if err != nil {
		return 0, invalid("Cannot parse \"%s\": %s", text, err)
	}
	return millis, nil
}

// malformed is the error of a text that stops making sense at a byte.
func malformed(text string, at int) error {
	sample := text
	if len(text) > at+35 {
		sample = prefix(text, int64(at+32)) + "..."
	}
	switch {
	case at <= 0:
		return invalid("Invalid format: \"%s\"", sample)
	case at >= len(text):
		return invalid("Invalid format: \"%s\" is too short", sample)
	}
	return invalid("Invalid format: \"%s\" is malformed at \"%s\"", sample, sample[at:])
}

// read reads the part at a byte of text. It returns where it ends, or where it fails.
func (f part) read(text string, at int, r *reading) (int, bool) {
	switch f.field {
	case literalText:
		if len(text)-at < len(f.literal) || !strings.EqualFold(text[at:at+len(f.literal)], f.literal) {
			return at, false
		}
		return at + len(f.literal), true
	case era:
		return r.name(era, text, at, []string{"BC", "AD"}, 2)
	case monthName, monthShort:
		return r.name(month, text, at, monthNames[:], 3)
	case dayName, dayShort:
		return r.name(dayOfWeek, text, at, dayNames[:], 3)
	case halfday:
		return r.name(halfday, text, at, []string{"AM", "PM"}, 2)
	case twoDigitYear, twoDigitWeekyear:
		return f.readTwoDigits(text, at, r)
	case fraction:
		return f.readFraction(text, at, r)
	case offset, offsetColon:
		return r.readOffset(text, at)
	case zoneID:
		return r.readZone(text, at)
	case zoneName, zoneLongName:
		for _, name := range []string{"UTC", "GMT", "Z"} {
			if strings.HasPrefix(text[at:], name) {
				return at + len(name), true
			}
		}
		return at, false
	}
	n, end, ok := number(text, at, f.max, f.field == year || f.field == weekyear)
	if ok {
		r.put(f.field, n)
	}
	return end, ok
}

var monthNames = [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
var dayNames = [...]string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

func (r *reading) put(f field, n int) { r.set[f], r.value[f] = true, n }

// name reads a name of a list, or its first letters; all letters may be small or capital. The value
// counts from 1, of halves of a day and eras from 0.
func (r *reading) name(f field, text string, at int, names []string, short int) (int, bool) {
	for _, long := range []bool{true, false} {
		for i, name := range names {
			if !long {
				name = name[:short]
			}
			for _, form := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
				if strings.HasPrefix(text[at:], form) {
					if f != halfday && f != era {
						i++
					}
					r.put(f, i)
					return at + len(name), true
				}
			}
		}
	}
	return at, false
}

// number reads up to so many digits, after a sign if the number may have one.
func number(text string, at, digits int, signed bool) (n, end int, ok bool) {
	end = at
	negative := false
	if signed && end+1 < len(text) && (text[end] == '-' || text[end] == '+') && isDigit(text[end+1]) {
		negative = text[end] == '-'
		end++
		digits++ // as Joda-Time: the sign is none of them
	}
	begin := end
	for end < len(text) && end-at < digits && isDigit(text[end]) {
		n = n*10 + int(text[end]-'0')
		end++
	}
	if end == begin {
		return 0, at, false
	}
	if negative {
		n = -n
	}
	return n, end, true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (f part) readTwoDigits(text string, at int, r *reading) (int, bool) {
	target := year
	if f.field == twoDigitWeekyear {
		target = weekyear
	}
	if f.lenient {
		n, end, ok := number(text, at, len(text), true)
		if !ok {
			return end, false
		}
		if end-at != 2 || !isDigit(text[at]) {
			if end-at > 9 {
				return at, false
			}
			r.put(target, n)
			return end, true
		}
	}
	if len(text)-at < 2 || !isDigit(text[at]) || !isDigit(text[at+1]) {
		return at, false
	}
	n := int(text[at]-'0')*10 + int(text[at+1]-'0')
	low := f.pivot - 50
	if n < low%100 {
		n += 100
	}
	r.put(target, n+low-low%100)
	return at + 2, true
}

// readFraction reads digits of a second and keeps three.
func (f part) readFraction(text string, at int, r *reading) (int, bool) {
	end, millis, unit := at, 0, 100
	for end < len(text) && end-at < f.max && isDigit(text[end]) {
		millis += int(text[end]-'0') * unit
		unit /= 10
		end++
	}
	if end == at {
		return at, false
	}
	r.put(fraction, millis)
	return end, true
}

// readOffset reads +hh, +hhmm, +hh:mm, and the same with seconds.
func (r *reading) readOffset(text string, at int) (int, bool) {
	if at == len(text) || text[at] != '+' && text[at] != '-' {
		return at, false
	}
	i := at + 1
	two := func() (int, bool) {
		if i+2 > len(text) || !isDigit(text[i]) || !isDigit(text[i+1]) {
			return 0, false
		}
		i += 2
		return int(text[i-2]-'0')*10 + int(text[i-1]-'0'), true
	}
	hours, ok := two()
	if !ok || hours > 23 {
		return at, false
	}
	seconds := hours * 3600
	colon := i < len(text) && text[i] == ':'
	for _, unit := range []int{60, 1} {
		before := i
		if colon {
			if i == len(text) || text[i] != ':' {
				break
			}
			i++
		}
		n, ok := two()
		if !ok || n > 59 {
			i = before
			break
		}
		seconds += n * unit
	}
	r.zone = int64(seconds) * 1000
	if text[at] == '-' {
		r.zone = -r.zone
	}
	return i, true
}

// readZone reads the longest name of a time zone.
func (r *reading) readZone(text string, at int) (int, bool) {
	end := at
	for end < len(text) && (isDigit(text[end]) || text[end]|0x20 >= 'a' && text[end]|0x20 <= 'z' || strings.IndexByte("/_+-", text[end]) >= 0) {
		end++
	}
	for ; end > at; end-- {
		if name := text[at:end]; name != "Local" {
			if where, err := time.LoadLocation(string([]byte(name))); err == nil {
				r.where = where
				return end, true
			}
		}
	}
	return at, false
}

// A rangeError is the error of a field out of its range, in Joda-Time's words.
type rangeError struct {
	n         int
	name      string
	low, high int
}

func (e rangeError) Error() string {
	return fmt.Sprintf("Value %d for %s must be in the range [%d,%d]", e.n, e.name, e.low, e.high)
}

// millis puts the fields together.
func (r *reading) millis() (int64, error) {
	for _, f := range []struct {
		field     field
		low, high int
		name      string
	}{
		{month, 1, 12, "monthOfYear"}, {week, 1, 53, "weekOfWeekyear"}, {dayOfYear, 1, 366, "dayOfYear"}, {dayOfMonth, 1, 31, "dayOfMonth"},
		{dayOfWeek, 1, 7, "dayOfWeek"}, {hourOfDay, 0, 23, "hourOfDay"}, {clockHourOfDay, 1, 24, "clockhourOfDay"}, {hourOfHalfday, 0, 11, "hourOfHalfday"},
		{clockHourOfHalfday, 1, 12, "clockhourOfHalfday"}, {minute, 0, 59, "minuteOfHour"}, {second, 0, 59, "secondOfMinute"},
	} {
		if n := r.value[f.field]; r.set[f.field] && (n < f.low || n > f.high) {
			return 0, rangeError{n, f.name, f.low, f.high}
		}
	}
	day, err := r.day()
	if err != nil {
		return 0, err
	}
	hour := 0
	switch {
	case r.set[hourOfDay]:
		hour = r.value[hourOfDay]
	case r.set[clockHourOfDay]:
		hour = r.value[clockHourOfDay] % 24
	case r.set[clockHourOfHalfday]:
		hour = r.value[clockHourOfHalfday]%12 + 12*r.value[halfday]
	default:
		hour = r.value[hourOfHalfday] + 12*r.value[halfday]
	}
	if r.where != nil {
		return time.Date(day.Year(), day.Month(), day.Day(), hour, r.value[minute], r.value[second], r.value[fraction]*1e6, r.where).UnixMilli(), nil
	}
	clock := ((int64(hour)*60+int64(r.value[minute]))*60+int64(r.value[second]))*1000 + int64(r.value[fraction])
	return day.UnixMilli() + clock - r.zone, nil
}

// day is the midnight that the fields name.
func (r *reading) day() (time.Time, error) {
	y := 1970
	switch {
	case r.set[year]:
		y = r.value[year]
	case r.set[yearOfEra], r.set[century]:
		y = r.value[yearOfEra] + 100*r.value[century]
	case !r.set[weekyear] && (r.set[month] || r.set[week] || r.set[dayOfYear] || r.set[dayOfMonth] || r.set[dayOfWeek]):
		y = 2000
	}
	if r.set[era] && r.value[era] == 0 {
		y = 1 - y
	}
	if r.set[weekyear] || r.set[week] {
		return r.dayOfWeek(y)
	}
	m := time.January
	if r.set[month] {
		m = time.Month(r.value[month])
	}
	d := 1
	if r.set[dayOfMonth] {
		d = r.value[dayOfMonth]
		if last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day(); d > last {
			return time.Time{}, rangeError{d, "dayOfMonth", 1, last}
		}
	}
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if r.set[dayOfYear] {
		d := r.value[dayOfYear]
		if last := time.Date(y, time.December, 31, 0, 0, 0, 0, time.UTC).YearDay(); d > last {
			return time.Time{}, rangeError{d, "dayOfYear", 1, last}
		}
		t = time.Date(y, time.January, d, 0, 0, 0, 0, time.UTC)
	}
	if r.set[dayOfWeek] && !r.set[dayOfMonth] && !r.set[dayOfYear] {
		t = t.AddDate(0, 0, r.value[dayOfWeek]-isoDay(t)) // of the same week
	}
	return t, nil
}

// dayOfWeek is a day by year of weeks, week and day of the week. A day that is not named is Monday.
func (r *reading) dayOfWeek(y int) (time.Time, error) {
	w := 1
	if r.set[weekyear] {
		y = r.value[weekyear]
	} else {
		y, w = time.Date(y, time.January, 1, 0, 0, 0, 0, time.UTC).ISOWeek()
	}
	if r.set[week] {
		w = r.value[week]
	}
	d := 1
	if r.set[dayOfWeek] {
		d = r.value[dayOfWeek]
	}
	fourth := time.Date(y, time.January, 4, 0, 0, 0, 0, time.UTC) // is in the first week
	if _, last := time.Date(y, time.December, 28, 0, 0, 0, 0, time.UTC).ISOWeek(); w > last {
		return time.Time{}, rangeError{w, "weekOfWeekyear", 1, last}
	}
	return fourth.AddDate(0, 0, (w-1)*7+d-isoDay(fourth)), nil
}
