package trino

// invalidIso is the error of a text that is not ISO-8601.
const invalidIso = "error('LARDER:INVALID_FUNCTION_ARGUMENT:Invalid format: \"' || $1 || '\"')"

const isoText = "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?"

// isoSeconds adds the seconds that the text may leave out and the engine wants.
const isoSeconds = "CASE WHEN substring($1, 17, 1) = ':' THEN $1 ELSE regexp_replace($1, '(T[0-9]{2}:[0-9]{2})(Z|[+-]|$)', '\\1:00\\2') END"

var timeFunctions = join(
	[]function{
		{name: "current_timestamp", result: "timestamptz", tmpl: nowTemplate, doc: "one instant in the whole statement"},
		{name: "now", result: "timestamptz", tmpl: nowTemplate},
		{name: "localtimestamp", result: "timestamp", tmpl: nowTemplate},
		{name: "current_date", result: "date", tmpl: "CAST(" + nowTemplate + " AS DATE)"},
		{name: "from_unixtime", params: "double", result: "timestamptz", tmpl: "make_timestamp(CAST(floor($1 * 1000 + 0.5) AS BIGINT) * 1000)", doc: "of seconds; to the millisecond"},
		{name: "to_unixtime", instants: true, params: "timestamptz", result: "double", tmpl: "(CAST(epoch_us(date_trunc('millisecond', $1)) AS DOUBLE) / 1000000)"},
		{name: "from_iso8601_timestamp", params: "varchar", result: "timestamptz", doc: "a date, or a date, T and a time with or without zone; to the millisecond",
			tmpl: "coalesce(CASE WHEN regexp_full_match($1, '" + isoText + "') THEN date_trunc('millisecond', make_timestamp(epoch_us(TRY_CAST(" + isoSeconds + " AS TIMESTAMPTZ)))) END, CASE WHEN $1 IS NOT NULL THEN " + invalidIso + " END)"},
		{name: "from_iso8601_date", params: "varchar", result: "date", doc: "yyyy-mm-dd",
			tmpl: "coalesce(CASE WHEN regexp_full_match($1, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN TRY_CAST($1 AS DATE) END, CASE WHEN $1 IS NOT NULL THEN " + invalidIso + " END)"},
		{name: "date", params: "timestamp", result: "date", tmpl: "CAST($1 AS DATE)"},
		{name: "date", params: "timestamptz", result: "date", tmpl: "CAST($1 AS DATE)"},
		{name: "date", params: "varchar", result: "date", tmpl: fromVarchar(Type{Kind: Date}, false)},
		{name: "to_timestamp", params: "varchar,varchar", result: "timestamp", tmpl: "make_timestamp(larder_to_timestamp($1, $2))", doc: "by a pattern of Teradata: yyyy mm dd hh24 mi ss"},
		{name: "to_date", params: "varchar,varchar", result: "date", tmpl: "CAST(make_timestamp(larder_to_timestamp($1, $2)) AS DATE)"},
		{name: "to_char", params: "timestamptz,varchar", result: "varchar", tmpl: "larder_to_char(epoch_us($1), $2)"},
		{name: "date_parse", params: "varchar,varchar", result: "timestamp", tmpl: "make_timestamp(larder_date_parse($1, $2))", doc: "by a pattern of MySQL"},
		{name: "date_format", params: "timestamp,varchar", result: "varchar", tmpl: "larder_date_format(epoch_us($1), $2)", doc: "by a pattern of MySQL"},
		{name: "date_format", params: "timestamptz,varchar", result: "varchar", tmpl: "larder_date_format(epoch_us($1), $2)"},
		{name: "format_datetime", params: "timestamp,varchar", result: "varchar", tmpl: "larder_format_datetime(epoch_us($1), $2)", doc: "by a pattern of Joda-Time"},
		{name: "format_datetime", params: "timestamptz,varchar", result: "varchar", tmpl: "larder_format_datetime(epoch_us($1), $2)"},
		{name: "parse_datetime", params: "varchar,varchar", result: "timestamptz", tmpl: "make_timestamp(larder_parse_datetime($1, $2))", doc: "by a pattern of Joda-Time; of zones, offsets, UTC and GMT"},
		{name: "to_milliseconds", params: "interval day", result: "bigint", tmpl: "(epoch_us($1) // 1000)"},
		{name: "human_readable_seconds", params: "double", result: "varchar", tmpl: "larder_human_readable($1)"},
		{name: "parse_duration", params: "varchar", result: "interval day", tmpl: "to_microseconds(larder_parse_duration($1))", doc: "3.81 d; units ns to d"},
		{name: "current_timezone", result: "varchar", tmpl: "'UTC'"},
		{name: "to_iso8601", params: "date", result: "varchar", tmpl: "CAST($1 AS VARCHAR)"},
		{name: "to_iso8601", params: "timestamp", result: "varchar", tmpl: "strftime($1, '%Y-%m-%dT%H:%M:%S.%g')"},
		{name: "to_iso8601", params: "timestamptz", result: "varchar", tmpl: "strftime($1, '%Y-%m-%dT%H:%M:%S.%gZ')"},
		{name: "last_day_of_month", params: "date", result: "date", tmpl: "last_day($1)"},
		{name: "last_day_of_month", params: "timestamp", result: "date", tmpl: "last_day($1)"},
	},
	pointFunctions(function{name: "date_trunc", check: dateTrunc, doc: "the unit is a constant: millisecond to year"}, "varchar,", "$2"),
	pointFunctions(function{name: "date_add", check: dateAdd, doc: "the unit is a constant"}, "varchar,bigint,", "$3"),
	diffFunctions(),
	fieldFunctions(),
)

const nowTemplate = "date_trunc('millisecond', now() AT TIME ZONE 'UTC')"

// pointFunctions repeats a line for date, timestamp and timestamp with time zone.
func pointFunctions(f function, before, result string) []function {
	var out []function
	for _, t := range []string{"date", "timestamp", "timestamptz"} {
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
	for _, t := range []string{"date", "timestamp", "timestamptz"} {
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
	add("hour", "hour", "", "timestamp", "timestamptz")
	add("minute", "minute", "", "timestamp", "timestamptz")
	add("second", "second", "", "timestamp", "timestamptz")
	for _, t := range []string{"timestamp", "timestamptz"} {
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

// unit is the constant unit of a function of dates; a date has no units of less than a day.
func unit(c *checking, of Type) (string, error) {
	u, err := c.constant(0, "the unit")
	if err != nil {
		return "", err
	}
	u = lower(u)
	switch u {
	case "millisecond", "second", "minute", "hour":
		if of.Kind == Date {
			return "", c.fail("INVALID_FUNCTION_ARGUMENT", "'%s' is not a valid DATE field", u)
		}
	case "day", "week", "month", "quarter", "year":
	default:
		kind := "Timestamp"
		if of.Kind == Date {
			kind = "DATE"
		}
		return "", c.fail("INVALID_FUNCTION_ARGUMENT", "'%s' is not a valid %s field", u, kind)
	}
	return u, nil
}

func dateTrunc(c *checking) error {
	u, err := unit(c, c.args[1].typ())
	c.tmpl = "date_trunc('" + u + "', $2)"
	if c.result.Kind == Date {
		c.tmpl = "CAST(" + c.tmpl + " AS DATE)"
	}
	return err
}

func dateAdd(c *checking) error {
	u, err := unit(c, c.args[2].typ())
	if err != nil {
		return err
	}
	interval := map[string]string{"millisecond": "to_microseconds($2 * 1000)", "second": "to_microseconds($2 * 1000000)", "minute": "to_microseconds($2 * 60000000)", "hour": "to_microseconds($2 * 3600000000)",
		"day": "to_days(CAST($2 AS INTEGER))", "week": "to_days(CAST($2 * 7 AS INTEGER))", "month": "to_months(CAST($2 AS INTEGER))", "quarter": "to_months(CAST($2 * 3 AS INTEGER))", "year": "to_months(CAST($2 * 12 AS INTEGER))"}[u]
	c.tmpl = "($3 + " + interval + ")"
	if c.result.Kind == Date {
		c.tmpl = "CAST(" + c.tmpl + " AS DATE)"
	}
	return nil
}

func dateDiff(c *checking) error {
	u, err := unit(c, c.args[1].typ())
	// The engine's date_diff counts boundaries; date_sub counts whole units, as Trino does.
	c.tmpl = "date_sub('" + u + "', CAST($2 AS TIMESTAMP), CAST($3 AS TIMESTAMP))"
	return err
}
