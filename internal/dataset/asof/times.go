package asof

import (
	"bytes"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// A clock reads event times of a column of one group. It is for one goroutine.
type clock struct {
	typ  feature.Type
	date []byte // yyyy-MM-dd that was read last
	day  int64  // when it began
}

// read returns the event time in row i of a vector.
func (c *clock) read(v *parquet.Vector, i int) (feature.EventTime, error) {
	if v.Kind == parquet.OfText {
		return c.text(v.TextOf(i))
	}
	return feature.EventTimeOf(v.Floats[i])
}

// text reads what most event times look like, yyyy-MM-ddTHH:mm:ss[.f…]Z, by itself, and leaves all else to
// feature.ParseEventTime.
func (c *clock) text(text []byte) (feature.EventTime, error) {
	if t, ok := c.plain(text); ok {
		return t, nil
	}
	return feature.ParseEventTime(c.typ, string(text))
}

func (c *clock) plain(text []byte) (t feature.EventTime, ok bool) {
	n := len(text)
	if c.typ != feature.String || n < 20 || n > 30 || text[n-1] != 'Z' || text[10] != 'T' || text[13] != ':' || text[16] != ':' {
		return t, false
	}
	if !bytes.Equal(c.date, text[:10]) {
		// A date is read by the rule that all dates are read by.
		midnight, err := feature.ParseEventTime(feature.String, string(text[:10])+"T00:00:00Z")
		if err != nil {
			return t, false
		}
		c.date, c.day = append(c.date[:0], text[:10]...), midnight.Sec
	}
	hour, minute, second := two(text[11:]), two(text[14:]), two(text[17:])
	if hour > 23 || minute > 59 || second > 59 {
		return t, false
	}
	t.Sec = c.day + int64(hour*3600+minute*60+second)
	if n == 20 {
		return t, true
	}
	if text[19] != '.' || n == 21 {
		return t, false
	}
	unit := int32(100_000_000)
	for _, digit := range text[20 : n-1] {
		if digit -= '0'; digit > 9 {
			return t, false
		}
		t.Nsec += int32(digit) * unit
		unit /= 10
	}
	return t, true
}

// two reads two digits; 100 or more: they are none.
func two(text []byte) int {
	tens, ones := text[0]-'0', text[1]-'0'
	if tens > 9 || ones > 9 {
		return 100
	}
	return 10*int(tens) + int(ones)
}
