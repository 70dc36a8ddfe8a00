package trino

import (
	"strconv"
	"strings"
)

// temporalCast casts between date, time, timestamp and timestamp with time zone.
func temporalCast(from, to Type) string {
	here := "$1"
	if from.Kind == TimestampTZ && to.Kind != TimestampTZ {
		here = local("$1", from.Zone)
	}
	switch {
	case to.Kind == Date:
		return "CAST(" + here + " AS DATE)"
	case to.Kind == Time && from.Kind != Time:
		return strings.ReplaceAll(rounded(to), "$1", "CAST("+here+" AS TIME)")
	case from.Kind == Time && to.Kind != Time:
		here = "(CAST(" + nowTemplate + " AS DATE) + $1)" // on the day of the statement
	case from.Kind == Date:
		here = "CAST($1 AS TIMESTAMP)"
	}
	if from.Kind != TimestampTZ && to.Kind == TimestampTZ {
		here = instantOf(here, to.Zone)
	}
	if from.Kind == Date || to.Precision >= from.Precision {
		return here
	}
	return strings.ReplaceAll(rounded(to), "$1", here)
}

// rounded writes $1 rounded to the digits of a type; what has all six that are kept stays.
func rounded(t Type) string {
	if t.Precision >= 6 {
		return "$1"
	}
	unit := "1" + zeros(6-t.Precision)
	half := "5" + zeros(5-t.Precision)
	if t.Kind == Time {
		return "CAST(make_timestamp(((epoch_us($1) + " + half + ") // " + unit + ") * " + unit + ") AS TIME)"
	}
	return "time_bucket(to_microseconds(" + unit + "), ($1 + to_microseconds(" + half + ")), TIMESTAMP '1970-01-01 00:00:00')"
}

// clockTemplate writes the text of a time or a timestamp with as many digits of a second as its type
// has; those beyond the sixth are zeros.
func clockTemplate(t Type, arg string) string {
	format := "%H:%M:%S"
	if t.Kind == Time {
		arg = "(DATE '2000-01-01' + " + arg + ")"
	} else {
		format = "%Y-%m-%d " + format
	}
	n := t.Precision
	switch {
	case n == 3:
		return "strftime(" + arg + ", '" + format + ".%g')"
	case n == 0:
		return "strftime(" + arg + ", '" + format + "')"
	case n >= 6:
		return "strftime(" + arg + ", '" + format + ".%f" + zeros(n-6) + "')"
	}
	text := "strftime(" + arg + ", '" + format + ".%f')"
	return "left(" + text + ", -" + strconv.Itoa(6-n) + ")"
}

// instantTemplate writes the instant, in microseconds of UTC, that the text of an event time names:
// ISO-8601 with a zone, or seconds since 1970. What is finer is cut, or with up rounded up.
func instantTemplate(arg string, up bool) string {
	iso := "epoch_us(TRY_CAST(" + arg + " AS TIMESTAMPTZ))"
	round := "floor"
	if up {
		iso += " + CASE WHEN regexp_matches(" + arg + ", '[.][0-9]{6}[0-9]*[1-9]') THEN 1 ELSE 0 END"
		round = "ceil"
	}
	epoch := "CAST(" + round + "(TRY_CAST(" + arg + " AS DECIMAL(27,9)) * 1000000) AS BIGINT)"
	value := "make_timestamp(CASE WHEN substring(" + arg + ", 5, 1) = '-' THEN " + iso + " ELSE " + epoch + " END)"
	return "coalesce(" + value + ", CASE WHEN " + arg + " IS NOT NULL THEN error('LARDER:INVALID_CAST_ARGUMENT:Value cannot be cast to timestamp: ' || " + arg + ") END)"
}
