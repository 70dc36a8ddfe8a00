package awshttp

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A Timestamp is a time in a JSON shape: a number of seconds since 1970 with milliseconds when
// written; such a number, or ISO-8601 text with an offset, when read. Use *Timestamp with omitempty for
// optional members.
type Timestamp struct{ time.Time }

// NewTimestamp returns t for a shape: nil if t is zero.
func NewTimestamp(t time.Time) *Timestamp {
	if t.IsZero() {
		return nil
	}
	return &Timestamp{t}
}

// MarshalJSON writes seconds and milliseconds: 1700000000.123.
func (t Timestamp) MarshalJSON() ([]byte, error) {
	ms := t.UnixMilli()
	b := make([]byte, 0, 20)
	if ms < 0 {
		b, ms = append(b, '-'), -ms
	}
	b = strconv.AppendInt(b, ms/1000, 10)
	if fraction := ms % 1000; fraction != 0 {
		b = append(b, '.', byte('0'+fraction/100), byte('0'+fraction/10%10), byte('0'+fraction%10))
	}
	return b, nil
}

// The range of what is read, the years 1 to 9999 in UTC, in seconds since 1970.
const (
	firstSecond = -62135596800
	endSecond   = 253402300800 // the first after it
)

// UnmarshalJSON reads a number or text. A number is exact to the microsecond.
func (t *Timestamp) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	if b[0] == '"' {
		text, err := jsontext.AppendUnquote(nil, b)
		if err != nil {
			return err
		}
		at, err := time.Parse(time.RFC3339Nano, string(text))
		if err != nil || at.Unix() < firstSecond || at.Unix() >= endSecond {
			return mismatch(b)
		}
		t.Time = at
		return nil
	}
	seconds, err := strconv.ParseFloat(string(b), 64)
	if err != nil || seconds < firstSecond || seconds >= endSecond {
		return mismatch(b)
	}
	t.Time = time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC()
	return nil
}

// mismatch is an error to which the decoder adds the member's name.
func mismatch(value jsontext.Value) error {
	return &json.SemanticError{
		JSONKind: value.Kind(), JSONValue: value.Clone(), GoType: reflect.TypeFor[Timestamp](), Err: errNoTimestamp,
	}
}

var errNoTimestamp = errors.New("this is no timestamp")
