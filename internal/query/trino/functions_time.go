package trino

import "fmt"

// nanoseconds are what Trino's types have here; six digits are kept.
var nanoseconds = Type{Kind: TimestampTZ, Precision: 9}

const nanosToMicros = "(($1 - (($1 % 1000 + 1000) % 1000)) // 1000)"

var timeFunctions = join(
	[]function{
		{name: "current_timestamp", result: "timestamptz", tmpl: nowTemplate, doc: "one instant in the whole statement"},
		{name: "now", result: "timestamptz", tmpl: nowTemplate},
		{name: "localtimestamp", result: "timestamp", tmpl: nowTemplate},
		{name: "current_date", result: "date", tmpl: "CAST(" + nowTemplate + " AS DATE)"},
		{name: "from_unixtime", params: "double", result: "timestamptz", tmpl: unixTime, doc: "of seconds; to the millisecond"},
		{name: "to_unixtime", instants: true, params: "timestamptz", result: "double", tmpl: "(CAST(epoch_us(date_trunc('millisecond', $1)) AS DOUBLE) / 1000000)"},
		{name: "from_unixtime", params: "double,varchar", result: "timestamptz", instants: true, check: unixTimeIn, doc: "shown in a zone, which is a constant"},
		{name: "from_unixtime", params: "double,bigint,bigint", result: "timestamptz", instants: true, check: unixTimeIn, doc: "shown at an offset of hours and minutes, which are constants"},
		{name: "from_unixtime_nanos", params: "bigint", result: "timestamptz", tmpl: "make_timestamp(" + nanosToMicros + ")", check: returning(nanoseconds), doc: "kept to the microsecond"},
		{name: "from_unixtime_nanos", params: "decimal", result: "timestamptz", check: decimalNanos},
		{name: "from_iso8601_timestamp", params: "varchar", result: "timestamptz", tmpl: "make_timestamp(larder_iso_timestamp($1))", doc: "to the millisecond; years, months, days, weeks, T, a time and an offset, as ISO 8601 has them"},
		{name: "from_iso8601_timestamp_nanos", params: "varchar", result: "timestamptz", tmpl: "make_timestamp(larder_iso_nanos($1))", check: returning(nanoseconds), doc: "kept to the microsecond"},
		{name: "from_iso8601_date", params: "varchar", result: "date", tmpl: "(DATE '1970-01-01' + CAST(larder_iso_date($1) AS INTEGER))", doc: "2020-05-11, 2020-W20-1, 2020-132"},
		{name: "at_timezone", params: "timestamptz,varchar", result: "timestamptz", instants: true, check: atZone, doc: "shown in a zone, which is a constant"},
		{name: "with_timezone", params: "timestamp,varchar", result: "timestamptz", instants: true, check: withZone, doc: "the clocks of a zone, which is a constant, show it"},
		{name: "timezone_hour", params: "timestamptz", result: "bigint", instants: true, check: zoneOffsetField(3600)},
		{name: "timezone_minute", params: "timestamptz", result: "bigint", instants: true, check: zoneOffsetField(60)},
		{name: "timezone", params: "timestamptz", result: "varchar", instants: true, check: zoneNameOf},
		{name: "date", params: "timestamp", result: "date", tmpl: "CAST($1 AS DATE)"},
		{name: "date", params: "timestamptz", result: "date", tmpl: "CAST($1 AS DATE)"},
		{name: "date", params: "varchar", result: "date", tmpl: fromVarchar(Type{Kind: Date}, false)},
		{name: "to_timestamp", params: "varchar,varchar", result: "timestamp", tmpl: "make_timestamp(larder_to_timestamp($1, $2))", doc: "by a pattern of Teradata: yyyy mm dd hh24 mi ss"},
		{name: "to_date", params: "varchar,varchar", result: "date", tmpl: "CAST(make_timestamp(larder_to_timestamp($1, $2)) AS DATE)"},
		{name: "to_char", params: "timestamptz,varchar", result: "varchar", tmpl: "larder_to_char(epoch_us($1), $2)"},
		{name: "date_parse", params: "varchar,varchar", result: "timestamp", tmpl: "make_timestamp(larder_date_parse($1, $2))", doc: "by a pattern of MySQL"},
		{name: "date_format", params: "timestamp,varchar", result: "varchar", tmpl: "larder_date_format(epoch_us($1), $2)", doc: "by a pattern of MySQL"},
		{name: "date_format", params: "timestamptz,varchar", result: "varchar", tmpl: "larder_date_format(epoch_us($1), $2)"},
		{name: "format_datetime", params: "timestamp,varchar", result: "varchar", check: formatDatetime, doc: "by a pattern of Joda-Time"},
		{name: "format_datetime", params: "timestamptz,varchar", result: "varchar", instants: true, check: formatDatetime},
		{name: "parse_datetime", params: "varchar,varchar", result: "timestamptz", tmpl: "make_timestamp(larder_parse_datetime($1, $2))", doc: "by a pattern of Joda-Time; of zones, offsets and names by ZZZ"},
		{name: "to_milliseconds", params: "interval day", result: "bigint", tmpl: "(epoch_us($1) // 1000)"},
		{name: "human_readable_seconds", params: "double", result: "varchar", tmpl: "larder_human_readable($1)"},
		{name: "parse_duration", params: "varchar", result: "interval day", tmpl: "to_microseconds(larder_parse_duration($1))", doc: "3.81 d; units ns to d"},
		{name: "current_timezone", result: "varchar", tmpl: "'UTC'"},
		{name: "to_iso8601", params: "date", result: "varchar", tmpl: "CAST($1 AS VARCHAR)"},
		{name: "to_iso8601", params: "timestamp", result: "varchar", tmpl: "strftime($1, '%Y-%m-%dT%H:%M:%S.%g')"},
		{name: "to_iso8601", params: "timestamptz", result: "varchar", instants: true, check: isoZoned},
		{name: "last_day_of_month", params: "date", result: "date", tmpl: "last_day($1)"},
		{name: "last_day_of_month", params: "timestamp", result: "date", tmpl: "last_day($1)"},
		{name: "last_day_of_month", params: "timestamptz", result: "date", tmpl: "last_day($1)"},
		{name: "localtime", result: "time", tmpl: "CAST(" + nowTemplate + " AS TIME)"},
	},
	pointFunctions(function{name: "date_trunc", check: dateTrunc, doc: "the unit is a constant: millisecond to year"}, "varchar,", "$2"),
	pointFunctions(function{name: "date_add", check: dateAdd, doc: "the unit is a constant"}, "varchar,bigint,", "$3"),
	diffFunctions(),
	fieldFunctions(),
)

// unixTime rounds to the millisecond, half up.
const unixTime = "make_timestamp(CASE WHEN isnan($1) THEN 0 WHEN abs($1) > 9223372036854 THEN error('LARDER:NUMERIC_VALUE_OUT_OF_RANGE:Millis overflow: ' || $1) ELSE CAST(floor($1 * 1000 + 0.5) AS BIGINT) * 1000 END)"

const nowTemplate = "date_trunc('millisecond', now() AT TIME ZONE 'UTC')"

// pointFunctions repeats a line for date, timestamp, timestamp with time zone and time.
func pointFunctions(f function, before, result string) []function {
	var out []function
	for _, t := range []string{"date", "timestamp", "timestamptz", "time"} {
		g := f
		g.params, g.result = before+t, result
		if t != "date" {
			g.doc = ""
		}
		out = append(out, g)
	}
	return out
}

func diffFunctions() []function {
	var out []function
	for _, t := range []string{"date", "timestamp", "timestamptz", "time"} {
		f := function{name: "date_diff", params: "varchar," + t + "," + t, result: "bigint", check: dateDiff, instants: true}
		if t == "date" {
			f.doc = "how many whole units; the unit is a constant"
		}
		out = append(out, f)
	}
	return out
}

// fieldFunctions are year() to second(), and EXTRACT.
func fieldFunctions() []function {
	var out []function
	add := func(n, part, doc string, types ...string) {
		for _, t := range types {
			out = append(out, function{name: n, params: t, result: "bigint", tmpl: "CAST(datepart('" + part + "', $1) AS BIGINT)", doc: doc})
			doc = ""
		}
	}
	for _, f := range [][2]string{{"year", "year"}, {"quarter", "quarter"}, {"month", "month"}, {"week", "week"}, {"week_of_year", "week"}, {"day", "day"}, {"day_of_month", "day"},
		{"day_of_week", "isodow"}, {"dow", "isodow"}, {"day_of_year", "doy"}, {"doy", "doy"}, {"year_of_week", "isoyear"}, {"yow", "isoyear"}} {
		add(f[0], f[1], "", "date", "timestamp", "timestamptz")
	}
	add("hour", "hour", "", "timestamp", "timestamptz", "time")
	add("minute", "minute", "", "timestamp", "timestamptz", "time")
	add("second", "second", "", "timestamp", "timestamptz", "time")
	for _, t := range []string{"timestamp", "timestamptz", "time"} {
		out = append(out, function{name: "millisecond", params: t, result: "bigint", tmpl: "CAST(datepart('millisecond', $1) % 1000 AS BIGINT)"})
	}
	for _, f := range [][2]string{{"millisecond", "epoch_us($1) // 1000 % 1000"}, {"second", "epoch_us($1) // 1000000 % 60"}, {"minute", "epoch_us($1) // 60000000 % 60"},
		{"hour", "epoch_us($1) // 3600000000 % 24"}, {"day", "epoch_us($1) // 86400000000"}, {"day_of_month", "epoch_us($1) // 86400000000"}} {
		out = append(out, function{name: f[0], params: "interval day", result: "bigint", tmpl: "CAST(" + f[1] + " AS BIGINT)"})
	}
	const months = "(datepart('year', $1) * 12 + datepart('month', $1))"
	out = append(out, function{name: "year", params: "interval year", result: "bigint", tmpl: "CAST(" + months + " // 12 AS BIGINT)"},
		function{name: "month", params: "interval year", result: "bigint", tmpl: "CAST(" + months + " % 12 AS BIGINT)"})
	return out
}

// unit is the constant unit of a function of dates; a date has no units of less than a day, a time
// none of more.
func unit(c *checking, of Type) (string, error) {
	u, err := c.constant(0, "the unit")
	if err != nil {
		return "", err
	}
	u = lower(u)
	kind, ok := "Timestamp", false
	switch u {
	case "millisecond", "second", "minute", "hour":
		ok = of.Kind != Date
	case "day", "week", "month", "quarter", "year":
		ok = of.Kind != Time
	}
	switch of.Kind {
	case Date:
		kind = "DATE"
	case Time:
		kind = "Time"
	}
	if !ok {
		return "", c.fail("INVALID_FUNCTION_ARGUMENT", "'%s' is not a valid %s field", u, kind)
	}
	return u, nil
}

// onADay makes a time, which the engine's functions do not take, one of some day.
const onADay = "(DATE '2000-01-01' + %s)"

func dateTrunc(c *checking) error {
	u, err := unit(c, c.args[1].typ())
	c.tmpl = "date_trunc('" + u + "', $2)"
	switch c.result.Kind {
	case Date:
		c.tmpl = "CAST(" + c.tmpl + " AS DATE)"
	case Time:
		c.tmpl = "CAST(date_trunc('" + u + "', " + fmt.Sprintf(onADay, "$2") + ") AS TIME)"
	}
	return err
}

// micros are the lengths of the units that have one.
var micros = map[string]string{"millisecond": "1000", "second": "1000000", "minute": "60000000", "hour": "3600000000"}

func dateAdd(c *checking) error {
	u, err := unit(c, c.args[2].typ())
	if err != nil {
		return err
	}
	interval := map[string]string{"day": "to_days(CAST($2 AS INTEGER))", "week": "to_days(CAST($2 * 7 AS INTEGER))", "month": "to_months(CAST($2 AS INTEGER))",
		"quarter": "to_months(CAST($2 * 3 AS INTEGER))", "year": "to_months(CAST($2 * 12 AS INTEGER))"}[u]
	if interval == "" {
		interval = "to_microseconds($2 * " + micros[u] + ")"
	}
	c.tmpl = "($3 + " + interval + ")"
	switch c.result.Kind {
	case Date:
		c.tmpl = "CAST(" + c.tmpl + " AS DATE)"
	case Time:
		c.tmpl = "CAST((" + fmt.Sprintf(onADay, "$3") + " + to_microseconds(($2 * " + micros[u] + ") % 86400000000)) AS TIME)"
	}
	return nil
}

func dateDiff(c *checking) error {
	t := c.args[1].typ()
	u, err := unit(c, t)
	at := func(arg string) string {
		if t.Kind == Time {
			return "epoch_us(" + fmt.Sprintf(onADay, arg) + ")"
		}
		return "epoch_us(CAST(" + arg + " AS TIMESTAMP))"
	}
	c.tmpl = "larder_date_diff($1, " + at("$2") + ", " + at("$3") + ")"
	c.args[0] = varcharLiteral(u)
	return err
}
