package trino

import (
	"fmt"
	"strconv"
	"strings"
)

// The texts that Trino reads as numbers, dates and times, as the engine's regular expressions.
const (
	integerText = "[+-]?[0-9]+"
	decimalText = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
	doubleText  = "[ ]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?|[+-]?Infinity|NaN)[ ]*"
	dateText    = "[ ]*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ ]*"
	clockText   = "( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]{1,9})?)?)?"
	zoneText    = "( ?(UTC|Z|[+-][0-9]{2}:[0-9]{2}))?"
	uuidText    = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
	timeText    = "[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]{1,12})?)?"
)

func matching(pattern, value string) string {
	return "CASE WHEN regexp_full_match($1, '" + pattern + "') THEN " + value + " END"
}

// fromVarchar reads a text strictly: the engine's own cast would take '1.5' for an integer.
func fromVarchar(to Type, try bool) string {
	value := "TRY_CAST($1 AS " + engineType(to) + ")"
	quoted := "'Cannot cast ''' || $1 || ''' to %s'"
	switch to.Kind {
	case Boolean:
		return orFail("CASE WHEN lower($1) IN ('t', 'true', '1') THEN TRUE WHEN lower($1) IN ('f', 'false', '0') THEN FALSE END", fmt.Sprintf(quoted, "BOOLEAN"), try)
	case Tinyint, Smallint, Bigint:
		return orFail(matching(integerText, value), fmt.Sprintf(quoted, strings.ToUpper(to.String())), try)
	case Integer:
		return orFail(matching(integerText, value), fmt.Sprintf(quoted, "INT"), try)
	case UUID:
		return orFail(matching(uuidText, "lower($1)"), "'Cannot cast value to UUID: ' || $1", try)
	case Real, Double:
		return orFail(matching(doubleText, value), fmt.Sprintf(quoted, strings.ToUpper(to.String())), try)
	case Decimal:
		message := fmt.Sprintf("'Cannot cast VARCHAR ''' || $1 || ''' to DECIMAL(%d, %d). Value is not a number.'", to.Precision, to.Scale)
		return orFail(matching(decimalText, value), message, try)
	case Date:
		return orFail(matching(dateText, value), "'Value cannot be cast to date: ' || $1", try)
	case Time:
		// Rounding may reach midnight, which is the next day's 00:00.
		value := "CASE WHEN $1 NOT LIKE '24%' THEN " + strings.ReplaceAll(rounded(to), "$1", shortClock("$1", "TIME")) + " END"
		return orFail(matching(timeText, value), "'Value cannot be cast to time: ' || $1", try)
	case Timestamp:
		return orFail(matching(dateText+clockText, strings.ReplaceAll(rounded(to), "$1", shortClock("$1", "TIMESTAMP"))), "'Value cannot be cast to timestamp: ' || $1", try)
	case TimestampTZ:
		// The engine wants seconds, and the zone next to them.
		text := "regexp_replace(replace(replace(replace($1, ' UTC', 'Z'), ' +', '+'), ' -', '-'), '^( *[0-9-]+ [0-9]{1,2}:[0-9]{1,2})(Z|[+-]|$)', '\\1:00\\2')"
		value := "make_timestamp(epoch_us(TRY_CAST(" + text + " AS TIMESTAMPTZ)))"
		return orFail(matching(dateText+clockText+zoneText, strings.ReplaceAll(rounded(to), "$1", value)), "'Value cannot be cast to timestamp with time zone: ' || $1", try)
	}
	return value
}

// shortClock reads a text that may end after the minutes, which the engine does not take.
func shortClock(arg, typ string) string {
	return "TRY_CAST(CASE WHEN length(" + arg + ") - length(replace(" + arg + ", ':', '')) = 1 THEN trim(" + arg + ") || ':00' ELSE " + arg + " END AS " + typ + ")"
}

// padded writes a char with the blanks at its end.
func padded(arg string, n int) string {
	return "rpad(" + arg + ", CAST(greatest(length(" + arg + "), " + strconv.Itoa(n) + ") AS INTEGER), ' ')"
}

// toChar cuts a text and takes off the blanks at its end: char(3) 'a' and 'a  ' are one value.
func toChar(from, to Type) string {
	if from.Kind == Char && from.Precision <= to.Precision {
		return "$1"
	}
	return "rtrim(substring($1, 1, " + strconv.Itoa(to.Precision) + "), ' ')"
}

// toVarchar writes Trino's text of a value.
func toVarchar(from, to Type, try bool) string {
	if from.Kind == Varchar {
		if to.Precision == 0 || from.Precision != 0 && from.Precision <= to.Precision {
			return "$1"
		}
		return "substring($1, 1, " + strconv.Itoa(to.Precision) + ")"
	}
	text := textTemplate(from)
	if to.Precision == 0 {
		return text
	}
	fits := "CASE WHEN length(" + text + ") <= " + strconv.Itoa(to.Precision) + " THEN " + text + " END"
	return orFail(fits, "'Value ' || "+text+" || ' cannot be represented as "+to.String()+"'", try)
}

// textOf writes the text of a value of a type that has one in CAST; ok is false if it has none.
func textOf(t Type, arg string) (string, bool) {
	if t.isNested() || t.Kind == Varbinary || t.Kind == opaque {
		return "", false
	}
	return strings.ReplaceAll(textTemplate(t), "$1", arg), true
}

func textTemplate(from Type) string {
	switch from.Kind {
	case Char:
		return padded("$1", from.Precision)
	case Time, Timestamp:
		return clockTemplate(from, "$1")
	case TimestampTZ:
		return clockTemplate(from, local("$1", from.Zone)) + " || ' " + zoneName(from.Zone) + "'"
	case Double, Real:
		return doubleTextTemplate
	case IntervalDay:
		return dayIntervalText
	case IntervalMonth:
		return "CASE WHEN " + monthsOf + " < 0 THEN '-' ELSE '' END || CAST(abs(" + monthsOf + ") // 12 AS VARCHAR) || '-' || CAST(abs(" + monthsOf + ") % 12 AS VARCHAR)"
	}
	return "CAST($1 AS VARCHAR)"
}

// monthsOf are the months of an interval year to month.
const monthsOf = "(datepart('year', $1) * 12 + datepart('month', $1))"

// dayIntervalText is days, then the clock to the millisecond.
const dayIntervalText = "CASE WHEN epoch_us($1) < 0 THEN '-' ELSE '' END || CAST(abs(epoch_us($1)) // 86400000000 AS VARCHAR) || ' ' || strftime(make_timestamp(abs(epoch_us($1)) % 86400000000), '%H:%M:%S.%g')"

// doubleTextTemplate writes a number with an exponent, one digit before the point and at least one
// behind it. The engine's text has the same digits, so they are set anew: m is the text of the amount,
// without sign.
const doubleTextTemplate = "CASE WHEN $1 IS NULL THEN NULL WHEN isnan($1) THEN 'NaN' WHEN isinf($1) THEN CASE WHEN $1 > 0 THEN 'Infinity' ELSE '-Infinity' END " +
	"WHEN $1 = 0 THEN CAST($1 AS VARCHAR) || 'E0' ELSE CASE WHEN $1 < 0 THEN '-' ELSE '' END || " +
	"list_transform([CAST(abs($1) AS VARCHAR)], lambda larder_m: " +
	"substring(trim(" + mantissa + ", '0'), 1, 1) || '.' || CASE WHEN length(trim(" + mantissa + ", '0')) > 1 THEN substring(trim(" + mantissa + ", '0'), 2) ELSE '0' END || 'E' || " +
	"CAST(coalesce(TRY_CAST(split_part(larder_m, 'e', 2) AS INTEGER), 0) + length(split_part(split_part(larder_m, 'e', 1), '.', 1)) - 1 - (length(" + mantissa + ") - length(ltrim(" + mantissa + ", '0'))) AS VARCHAR))[1] END"

// javaDoubleTemplate is the text of Java's Double.toString: plain from 0.001 up to 10,000,000.
const javaDoubleTemplate = "CASE WHEN abs($1) >= 0.001 AND abs($1) < 10000000 OR $1 = 0 THEN CAST($1 AS VARCHAR) ELSE " + doubleTextTemplate + " END"

const mantissa = "replace(split_part(larder_m, 'e', 1), '.', '')"
