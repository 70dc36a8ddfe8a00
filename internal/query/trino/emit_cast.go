package trino

import (
	"fmt"
	"strconv"
	"strings"
)

// castTemplate is how the engine writes CAST from one type to another with Trino's results: $1 is
// the argument. With try, what cannot be cast is NULL, else an error in Trino's words. implicit
// coercions never fail, so they need no check.
func castTemplate(from, to Type, try, implicit bool) string {
	switch {
	case from.Kind == Unknown:
		return "CAST($1 AS " + engineType(to) + ")"
	case to.Kind == Varchar:
		return toVarchar(from, to, try)
	case from.Kind == Varchar:
		return fromVarchar(to, try)
	case to.Kind == Boolean:
		return "($1 <> 0)"
	case from.isNumber() && to.isNumber():
		return numberCast(from, to, try, implicit)
	case to.Kind == Date:
		return "CAST($1 AS DATE)"
	case (from.Kind == Timestamp || from.Kind == TimestampTZ) && (to.Kind == Timestamp || to.Kind == TimestampTZ):
		return "$1" // both are the instant in UTC
	}
	return "CAST($1 AS " + engineType(to) + ")"
}

// orFail writes a value that, where it is NULL though the argument is not, is an error.
func orFail(value, message string, try bool) string {
	if try {
		return value
	}
	return "coalesce(" + value + ", CASE WHEN $1 IS NOT NULL THEN error('LARDER:INVALID_CAST_ARGUMENT:' || " + message + ") END)"
}

func numberCast(from, to Type, try, implicit bool) string {
	plain := "CAST($1 AS " + engineType(to) + ")"
	if implicit || to.Kind == Double || to.Kind == Real && from.Kind != Double {
		return plain
	}
	if from.isInteger() && to.isInteger() && from.Kind <= to.Kind {
		return plain
	}
	value := "TRY_CAST($1 AS " + engineType(to) + ")"
	if to.isInteger() && (from.Kind == Double || from.Kind == Real) {
		value = "TRY_CAST(round($1) AS " + engineType(to) + ")" // half away from zero, where the engine's cast takes the even
	}
	message := fmt.Sprintf("'Out of range for %s: ' || CAST($1 AS VARCHAR)", to)
	if to.Kind == Decimal {
		message = fmt.Sprintf("'Cannot cast %s ''' || CAST($1 AS VARCHAR) || ''' to DECIMAL(%d, %d)'", strings.ToUpper(kindNames[from.Kind]), to.Precision, to.Scale)
	}
	return orFail(value, message, try)
}

// The texts that Trino reads as numbers, as the engine's regular expressions.
const (
	integerText = "[+-]?[0-9]+"
	decimalText = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?"
	doubleText  = "[ ]*([+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?|[+-]?Infinity|NaN)[ ]*"
	dateText    = "[ ]*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ ]*"
	clockText   = "( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]{1,9})?)?)?"
	zoneText    = "( ?(UTC|Z|[+-][0-9]{2}:[0-9]{2}))?"
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
	case Real, Double:
		return orFail(matching(doubleText, value), fmt.Sprintf(quoted, strings.ToUpper(to.String())), try)
	case Decimal:
		message := fmt.Sprintf("'Cannot cast VARCHAR ''' || $1 || ''' to DECIMAL(%d, %d). Value is not a number.'", to.Precision, to.Scale)
		return orFail(matching(decimalText, value), message, try)
	case Date:
		return orFail(matching(dateText, value), "'Value cannot be cast to date: ' || $1", try)
	case Timestamp:
		return orFail(matching(dateText+clockText, shortClock("$1", "TIMESTAMP")), "'Value cannot be cast to timestamp: ' || $1", try)
	case TimestampTZ:
		// The engine wants seconds, and the zone next to them.
		text := "regexp_replace(replace(replace(replace($1, ' UTC', 'Z'), ' +', '+'), ' -', '-'), '^( *[0-9-]+ [0-9]{1,2}:[0-9]{1,2})(Z|[+-]|$)', '\\1:00\\2')"
		value := "make_timestamp(epoch_us(TRY_CAST(" + text + " AS TIMESTAMPTZ)))"
		return orFail(matching(dateText+clockText+zoneText, value), "'Value cannot be cast to timestamp with time zone: ' || $1", try)
	}
	return value
}

// shortClock reads a text that may end after the minutes, which the engine does not take.
func shortClock(arg, typ string) string {
	return "TRY_CAST(CASE WHEN length(" + arg + ") - length(replace(" + arg + ", ':', '')) = 1 THEN trim(" + arg + ") || ':00' ELSE " + arg + " END AS " + typ + ")"
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

func textTemplate(from Type) string {
	switch from.Kind {
	case Timestamp:
		return "strftime($1, '%Y-%m-%d %H:%M:%S.%g')"
	case TimestampTZ:
		return "strftime($1, '%Y-%m-%d %H:%M:%S.%g UTC')"
	case Double, Real:
		return doubleTextTemplate
	}
	return "CAST($1 AS VARCHAR)"
}

// doubleTextTemplate writes a number as Java does: plainly from 0.001 up to 10,000,000, with an
// exponent outside, always with a digit after the point. The engine's text has the same digits, so
// they are set anew: m is the text of the amount, without sign.
const doubleTextTemplate = "CASE WHEN $1 IS NULL THEN NULL WHEN isnan($1) THEN 'NaN' WHEN isinf($1) THEN CASE WHEN $1 > 0 THEN 'Infinity' ELSE '-Infinity' END " +
	"WHEN $1 = 0 OR (abs($1) >= 0.001 AND abs($1) < 10000000) THEN CAST($1 AS VARCHAR) ELSE CASE WHEN $1 < 0 THEN '-' ELSE '' END || " +
	"list_transform([CAST(abs($1) AS VARCHAR)], lambda larder_m: " +
	"substring(trim(" + mantissa + ", '0'), 1, 1) || '.' || CASE WHEN length(trim(" + mantissa + ", '0')) > 1 THEN substring(trim(" + mantissa + ", '0'), 2) ELSE '0' END || 'E' || " +
	"CAST(coalesce(TRY_CAST(split_part(larder_m, 'e', 2) AS INTEGER), 0) + length(split_part(split_part(larder_m, 'e', 1), '.', 1)) - 1 - (length(" + mantissa + ") - length(ltrim(" + mantissa + ", '0'))) AS VARCHAR))[1] END"

const mantissa = "replace(split_part(larder_m, 'e', 1), '.', '')"

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
