package ingest

import (
	"math"
	"strconv"
	"time"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
)

// Suits tells whether a column can hold values of a feature. Invalid.
func Suits(f *parquet.Field, d *feature.Definition) error {
	switch {
	case f.Kind == 0:
		return feature.Errorf(feature.Invalid, "the column %q of the source is %s, which cannot be read; leave it out, or write it as text, number, timestamp or list of these", f.Name, f.Type)
	case f.List && d.Collection == feature.Scalar:
		return feature.Errorf(feature.Invalid, "the column %q of the source has lists, and the feature %q has no CollectionType", f.Name, d.Name)
	case !f.List && d.Collection != feature.Scalar:
		return feature.Errorf(feature.Invalid, "the column %q of the source has no lists, and the feature %q is a %s", f.Name, d.Name, d.Collection)
	}
	return nil
}

// NoValue tells whether a value of a source stands for none: NaN is how data frames say that.
func NoValue(e *parquet.Element) bool {
	return (e.Kind == parquet.OfDouble || e.Kind == parquet.OfSingle) && math.IsNaN(e.Float)
}

// AppendElement appends a value of a source as the text that the SDK would send of it for a feature, which may be the
// event time. The text may still break the rules of the feature.
func AppendElement(b []byte, e *parquet.Element, d *feature.Definition, eventTime bool) []byte {
	switch e.Kind {
	case parquet.OfBoolean:
		return strconv.AppendBool(b, e.Int != 0)
	case parquet.OfInt:
		return strconv.AppendInt(b, e.Int, 10)
	case parquet.OfUnsigned:
		return strconv.AppendUint(b, uint64(e.Int), 10)
	case parquet.OfSingle:
		return appendNumber(b, e.Float, 32, d)
	case parquet.OfDouble:
		return appendNumber(b, e.Float, 64, d)
	case parquet.OfInstant:
		return appendInstant(b, e.Int, e.Nanos, d)
	case parquet.OfDay:
		if d.Type == feature.String && !eventTime {
			return time.Unix(e.Int*86400, 0).UTC().AppendFormat(b, "2006-01-02")
		}
		return appendInstant(b, e.Int*86400, 0, d)
	}
	return append(b, e.Text...)
}

// appendNumber writes a whole number for an Integral feature, because a data frame makes doubles of
// whole numbers as soon as one is missing.
func appendNumber(b []byte, x float64, bits int, d *feature.Definition) []byte {
	if d.Type == feature.Integral && x == math.Trunc(x) && math.Abs(x) <= 1<<53 {
		return strconv.AppendInt(b, int64(x), 10)
	}
	return feature.AppendDouble(b, x, bits)
}

// appendInstant writes ISO-8601 for a String, and Unix time in seconds for a number.
func appendInstant(b []byte, sec int64, nsec int32, d *feature.Definition) []byte {
	t := feature.EventTime{Sec: sec, Nsec: nsec}
	if d.Type == feature.String {
		return t.Time().AppendFormat(b, "2006-01-02T15:04:05.999999999Z")
	}
	return append(b, feature.EpochText(t)...)
}
