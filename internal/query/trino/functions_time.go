package trino

import "strings"

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
		{name: "from_unixtime", params: "double", result: "timestamptz", tmpl: "make_timestamp(CAST(round($1 * 1000) AS BIGINT) * 1000)", doc: "of seconds; to the millisecond"},
		{name: "to_unixtime", instants: true, params: "timestamptz", result: "double", tmpl: "(CAST(epoch_us(date_trunc('millisecond', $1)) AS DOUBLE) / 1000000)"},
		{name: "from_iso8601_timestamp", params: "varchar", result: "timestamptz", doc: "a date, or a date, T and a time with or without zone; to the millisecond",
			tmpl: "coalesce(CASE WHEN regexp_full_match($1, '" + isoText + "') THEN date_trunc('millisecond', make_timestamp(epoch_us(TRY_CAST(" + isoSeconds + " AS TIMESTAMPTZ)))) END, CASE WHEN $1 IS NOT NULL THEN " + invalidIso + " END)"},
		{name: "from_iso8601_date", params: "varchar", result: "date", doc: "yyyy-mm-dd",
			tmpl: "coalesce(CASE WHEN regexp_full_match($1, '[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN TRY_CAST($1 AS DATE) END, CASE WHEN $1 IS NOT NULL THEN " + invalidIso + " END)"},
		{name: "date", params: "timestamp", result: "date", tmpl: "CAST($1 AS DATE)"},
		{name: "date", params: "timestamptz", result: "date", tmpl: "CAST($1 AS DATE)"},
		{name: "date", params: "varchar", result: "date", tmpl: fromVarchar(Type{Kind: Date}, false)},
		{name: "to_timestamp", params: "varchar,varchar", result: "timestamp", check: teradataTime, doc: "by a constant pattern of Teradata: yyyy mm dd hh24 mi ss"},
		{name: "to_date", params: "varchar,varchar", result: "date", check: teradataDate},
		{name: "date_parse", params: "varchar,varchar", result: "timestamp", check: dateParse, doc: "by a constant pattern of MySQL"},
		{name: "date_format", params: "timestamp,varchar", result: "varchar", check: dateFormat, doc: "by a constant pattern of MySQL"},
		{name: "date_format", params: "timestamptz,varchar", result: "varchar", check: dateFormat},
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
		out = append(out, function{name: "millisecond", params: t, result: "bigint", tmpl: "CAST((epoch_us($1) // 1000) % 1000 AS BIGINT)"})
	}
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

// mysqlPatterns are MySQL's letters in the engine's strftime; those of Trino that are missing here
// are refused.
var mysqlPatterns = map[byte]string{'Y': "%Y", 'y': "%y", 'm': "%m", 'c': "%-m", 'd': "%d", 'e': "%-d", 'H': "%H", 'k': "%-H", 'h': "%I", 'I': "%I", 'l': "%-I",
	'i': "%M", 's': "%S", 'S': "%S", 'p': "%p", 'T': "%H:%M:%S", 'r': "%I:%M:%S %p", 'b': "%b", 'M': "%B", 'a': "%a", 'W': "%A", 'j': "%j", '%': "%%"}

func mysqlPattern(c *checking, microseconds string) (string, error) {
	p, err := c.constant(1, "the pattern")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		if p[i] != '%' {
			b.WriteByte(p[i])
			continue
		}
		if i++; i == len(p) {
			return "", c.fail("INVALID_FUNCTION_ARGUMENT", "Invalid format: %s", p)
		}
		s, ok := mysqlPatterns[p[i]]
		switch {
		case p[i] == 'f':
			s = microseconds
		case !ok:
			return "", c.fail("INVALID_FUNCTION_ARGUMENT", "%%%c not supported in date format string", p[i])
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func dateFormat(c *checking) error {
	p, err := mysqlPattern(c, "%g000")
	if err != nil {
		return err
	}
	c.args[1] = varcharLiteral(p)
	c.tmpl = "strftime($1, $2)"
	return nil
}

// parsing reads a text by the engine's pattern.
func parsing(c *checking, pattern string) {
	c.args[1] = varcharLiteral(pattern)
	c.tmpl = "coalesce(try_strptime($1, $2), CASE WHEN $1 IS NOT NULL THEN " + invalidIso + " END)"
}

func dateParse(c *checking) error {
	p, err := mysqlPattern(c, "%f")
	if err != nil {
		return err
	}
	if err := parseable(c, p); err != nil {
		return err
	}
	parsing(c, p)
	return nil
}

// parseable refuses patterns that leave the year to guess: the engine guesses another than Trino.
func parseable(c *checking, engine string) error {
	if !strings.Contains(engine, "%Y") || strings.Contains(engine, "%y") || strings.Contains(engine, "%j") {
		return c.fail("NOT_SUPPORTED", "a pattern of %s without a year of four digits, or with a day of the year, is not supported", c.name)
	}
	return nil
}

// teradataPatterns are Teradata's fields, the longer before those that they begin with.
var teradataPatterns = [][2]string{{"yyyy", "%Y"}, {"yy", "%y"}, {"hh24", "%H"}, {"hh", "%I"}, {"mi", "%M"}, {"mm", "%m"}, {"dd", "%d"}, {"ss", "%S"}}

func teradataTime(c *checking) error {
	p, err := c.constant(1, "the pattern")
	if err != nil {
		return err
	}
	out := ""
next:
	for rest := lower(p); rest != ""; {
		for _, f := range teradataPatterns {
			if strings.HasPrefix(rest, f[0]) {
				out, rest = out+f[1], rest[len(f[0]):]
				continue next
			}
		}
		if !strings.ContainsRune("-/,.;: ", rune(rest[0])) {
			return c.fail("INVALID_FUNCTION_ARGUMENT", "Failed to tokenize string [%s] at offset [%d]", p, len(p)-len(rest))
		}
		out, rest = out+rest[:1], rest[1:]
	}
	if err := parseable(c, out); err != nil {
		return err
	}
	parsing(c, out)
	return nil
}

func teradataDate(c *checking) error {
	err := teradataTime(c)
	c.tmpl = "CAST(" + c.tmpl + " AS DATE)"
	return err
}
