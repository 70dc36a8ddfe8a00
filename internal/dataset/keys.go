package dataset

import (
	"fmt"
	"math"
	"strconv"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// readTimes appends the label times of a column, and whether there is none. Invalid, in a cellError.
func readTimes(times []feature.EventTime, none []bool, v *parquet.Vector, rows int) ([]feature.EventTime, []bool, error) {
	for i := range rows {
		var at feature.EventTime
		if !v.Null[i] {
			var err error
			if at, err = timeOf(v, i); err != nil {
				return nil, nil, &cellError{i, err.Error()}
			}
		}
		times, none = append(times, at), append(none, v.Null[i])
	}
	return times, none, nil
}

func timeOf(v *parquet.Vector, i int) (feature.EventTime, error) {
	switch v.Kind {
	case parquet.OfInstant:
		at := feature.EventTime{Sec: v.Ints[i], Nsec: v.Nanos[i]}
		if y := at.Time().Year(); y < 0 || y > 9999 {
			return at, fmt.Errorf("the label time %d seconds from 1970 is not in the years 0000 to 9999", at.Sec)
		}
		return at, nil
	case parquet.OfInt:
		return feature.ParseEventTime(feature.Fractional, strconv.FormatInt(v.Ints[i], 10))
	case parquet.OfDouble:
		return feature.ParseEventTime(feature.Fractional, string(feature.AppendDouble(nil, v.Floats[i], 64)))
	}
	return feature.ParseEventTime(feature.String, isoOf(string(v.TextOf(i))))
}

// isoOf makes ISO-8601 of what data frames and SQL write: a space for the T, no zone for UTC, a date for its
// midnight. Other texts stay as they are.
func isoOf(text string) string {
	if len(text) < 10 || text[4] != '-' || text[7] != '-' {
		return text
	}
	if len(text) == 10 {
		return text + "T00:00:00Z"
	}
	if text[10] != ' ' && text[10] != 'T' {
		return text
	}
	day, clock := text[:10], text[11:]
	for i := 0; i < len(clock); i++ {
		if c := clock[i]; c == 'Z' || c == '+' || c == '-' {
			return day + "T" + clock
		}
	}
	return day + "T" + clock + "Z"
}

// joins tells whether values of a label column can be identifiers.
func joins(c *Column, d *feature.Definition) bool {
	if c.List {
		return false
	}
	switch d.Type {
	case feature.String:
		return c.Type == Text || c.Type == Integer
	case feature.Integral, feature.Fractional:
		return c.Type == Text || c.Type == Integer || c.Type == Double
	}
	return false
}

// readIDs appends the identifiers of a column as texts of an identifier's type; without one there is a null.
// Invalid, in a cellError.
func readIDs(ids *parquet.Vector, v *parquet.Vector, t feature.Type, rows int) error {
	ids.Kind = parquet.OfText
	for i := range rows {
		null := v.Null[i]
		if !null {
			before := len(ids.Text)
			var err error
			if ids.Text, err = appendID(ids.Text, v, i, t); err != nil {
				return &cellError{i, err.Error()}
			}
			null = len(ids.Text) == before
		}
		ids.Null, ids.Offsets = append(ids.Null, null), append(ids.Offsets, len(ids.Text))
	}
	return nil
}

// appendID appends nothing for a value that is no identifier, as NaN is none.
func appendID(b []byte, v *parquet.Vector, i int, t feature.Type) ([]byte, error) {
	switch v.Kind {
	case parquet.OfInt:
		return strconv.AppendInt(b, v.Ints[i], 10), nil
	case parquet.OfDouble:
		x := v.Floats[i]
		if math.IsNaN(x) {
			return b, nil
		}
		if t == feature.Fractional {
			return feature.AppendDouble(b, x, 64), nil
		}
		// A data frame makes doubles of whole numbers as soon as one is missing.
		if x != math.Trunc(x) || math.Abs(x) > 1<<53 {
			return b, fmt.Errorf("%v is no identifier of an Integral feature", x)
		}
		return strconv.AppendInt(b, int64(x), 10), nil
	}
	text := v.TextOf(i)
	if len(text) == 0 || t == feature.String {
		return append(b, text...), nil
	}
	if t == feature.Integral {
		if _, err := strconv.ParseInt(string(text), 10, 64); err != nil {
			return b, fmt.Errorf("%.64q is no identifier of an Integral feature", text)
		}
	} else if _, err := strconv.ParseFloat(string(text), 64); err != nil {
		return b, fmt.Errorf("%.64q is no identifier of a Fractional feature", text)
	}
	return append(b, text...), nil
}
