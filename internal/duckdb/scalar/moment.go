package scalar

import (
	"sync"
	"time"
)

func momentFunctions(now func() time.Time) []Function {
	joda := func(text string) (pattern, error) { return jodaPattern(text, now().UTC().Year()) }
	printing := func(name string, read func(string) (pattern, error)) Function {
		known := cache[pattern]{make: read}
		return of2(name, func(micros int64, text string) (string, error) {
			p, err := known.get(text)
			if err != nil {
				return "", err
			}
			return string(p.print(nil, time.UnixMicro(micros).UTC())), nil
		})
	}
	reading := func(name string, read func(string) (pattern, error)) Function {
		known := cache[pattern]{make: read}
		return of2(name, func(text, format string) (int64, error) {
			p, err := known.get(format)
			if err != nil {
				return 0, err
			}
			millis, err := p.read(text)
			return millis * 1000, err
		})
	}
	patterns := cache[pattern]{make: joda}
	zones := cache[*time.Location]{make: location}
	return []Function{
		printing("larder_date_format", mysqlPattern),
		printing("larder_to_char", teradataPattern),
		of3("larder_format_datetime", func(micros int64, text, zone string) (string, error) {
			p, err := patterns.get(text)
			if err != nil {
				return "", err
			}
			where, err := zones.get(zone)
			if err != nil {
				return "", err
			}
			return string(p.print(nil, time.UnixMicro(micros).In(where))), nil
		}),
		of3("larder_date_diff", dateDiff),
		reading("larder_date_parse", mysqlPattern),
		reading("larder_to_timestamp", teradataPattern),
		reading("larder_parse_datetime", joda),
		of1("larder_human_readable", humanReadable),
		of1("larder_parse_duration", parseDuration),
	}
}

// location is a zone by its name, or by an offset such as +02:00.
func location(zone string) (*time.Location, error) {
	if zone == "" {
		return time.UTC, nil
	}
	if zone[0] != '+' && zone[0] != '-' {
		return time.LoadLocation(zone)
	}
	var r reading
	if _, ok := r.readOffset(zone, 0); !ok {
		return nil, invalid("Time zone not supported: %s", zone)
	}
	return time.FixedZone(zone, int(r.zone/1000)), nil
}

// dateDiff counts the whole units from one moment to another, as microseconds of UTC.
func dateDiff(unit string, from, to int64) (int64, error) {
	if to < from {
		n, err := dateDiff(unit, to, from)
		return -n, err
	}
	months := int64(1)
	switch unit {
	case "quarter":
		months = 3
	case "year":
		months = 12
	case "month":
	default:
		return (to - from) / map[string]int64{"millisecond": 1e3, "second": 1e6, "minute": 6e7, "hour": 36e8, "day": 864e8, "week": 7 * 864e8}[unit], nil
	}
	begin, end := time.UnixMicro(from).UTC(), time.UnixMicro(to).UTC()
	n := int64(end.Year()-begin.Year())*12 + int64(end.Month()-begin.Month())
	if monthsLater(begin, n).After(end) {
		n--
	}
	return n / months, nil
}

// monthsLater is the same day so many months later, or the last one that the month has.
func monthsLater(t time.Time, n int64) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// A cache keeps what was made of the last constant texts: patterns mostly are. It is safe for
// concurrent use.
type cache[T any] struct {
	make func(string) (T, error)

	mu   sync.Mutex // guards made
	made map[string]T
}

// cacheSize is small: a pattern that differs from row to row is made anew.
const cacheSize = 64

func (c *cache[T]) get(text string) (T, error) {
	c.mu.Lock()
	v, ok := c.made[text]
	c.mu.Unlock()
	if ok {
		return v, nil
	}
	text = string([]byte(text)) // it lies in the engine's memory
	v, err := c.make(text)
	if err != nil {
		return v, err
	}
	c.mu.Lock()
	if c.made == nil || len(c.made) >= cacheSize {
		c.made = map[string]T{}
	}
	c.made[text] = v
	c.mu.Unlock()
	return v, nil
}

// print writes a moment in its zone.
func (p pattern) print(b []byte, t time.Time) []byte {
	for _, f := range p {
		b = f.print(b, t)
	}
	return b
}

func (f part) print(b []byte, t time.Time) []byte {
	weekYear, weekNumber := t.ISOWeek()
	switch f.field {
	case literalText:
		return append(b, f.literal...)
	case era:
		return append(b, [...]string{"AD", "BC"}[boolInt(t.Year() <= 0)]...)
	case century:
		return pad(b, ofEra(t.Year())/100, f.min)
	case year:
		return pad(b, t.Year(), f.min)
	case yearOfEra:
		return pad(b, ofEra(t.Year()), f.min)
	case twoDigitYear:
		return pad(b, floorMod(t.Year(), 100), 2)
	case weekyear:
		return pad(b, weekYear, f.min)
	case twoDigitWeekyear:
		return pad(b, floorMod(weekYear, 100), 2)
	case month:
		return pad(b, int(t.Month()), f.min)
	case monthName:
		return append(b, t.Month().String()...)
	case monthShort:
		return append(b, t.Month().String()[:3]...)
	case week:
		return pad(b, weekNumber, f.min)
	case dayOfYear:
		return pad(b, t.YearDay(), f.min)
	case dayOfMonth:
		return pad(b, t.Day(), f.min)
	case dayOfWeek:
		return pad(b, isoDay(t), f.min)
	case dayName:
		return append(b, t.Weekday().String()...)
	case dayShort:
		return append(b, t.Weekday().String()[:3]...)
	}
	return f.printClock(b, t)
}

func (f part) printClock(b []byte, t time.Time) []byte {
	clock := func(hour, hours int) int { // from 1 to hours
		if hour %= hours; hour == 0 {
			return hours
		}
		return hour
	}
	name, seconds := t.Zone()
	switch f.field {
	case halfday:
		return append(b, [...]string{"AM", "PM"}[t.Hour()/12]...)
	case hourOfDay:
		return pad(b, t.Hour(), f.min)
	case clockHourOfDay:
		return pad(b, clock(t.Hour(), 24), f.min)
	case hourOfHalfday:
		return pad(b, t.Hour()%12, f.min)
	case clockHourOfHalfday:
		return pad(b, clock(t.Hour(), 12), f.min)
	case minute:
		return pad(b, t.Minute(), f.min)
	case second:
		return pad(b, t.Second(), f.min)
	case fraction:
		digits := pad(nil, t.Nanosecond()/1e6, 3) // Joda-Time knows milliseconds
		for len(digits) < f.min {
			digits = append(digits, '0')
		}
		return append(b, digits[:f.min]...)
	case offset, offsetColon:
		sign := byte('+')
		if seconds < 0 {
			sign, seconds = '-', -seconds
		}
		b = pad(append(b, sign), seconds/3600, 2)
		if f.field == offsetColon {
			b = append(b, ':')
		}
		return pad(b, seconds/60%60, 2)
	case zoneID:
		return append(b, t.Location().String()...)
	case zoneLongName:
		if name == "UTC" {
			return append(b, "Coordinated Universal Time"...)
		}
	}
	return append(b, name...)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// ofEra is a year of the era AD or BC.
func ofEra(year int) int {
	if year <= 0 {
		return 1 - year
	}
	return year
}

func floorMod(a, b int) int { return ((a % b) + b) % b }

// isoDay is the day of the week, from 1 for Monday.
func isoDay(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }
