package trino

import "strconv"

// zone is a time zone that is the constant argument i.
func (c *checking) zone(i int) (string, error) {
	text, err := c.constant(i, "the time zone")
	if err != nil {
		return "", err
	}
	zone, ok := parseZone(text)
	if !ok {
		return "", c.fail("INVALID_FUNCTION_ARGUMENT", "Time zone not supported: %s", text)
	}
	return zone, nil
}

// number is argument i, which must be a constant whole number.
func (c *checking) number(i int, what string) (int64, error) {
	n := c.args[i]
	if w, ok := n.(*cast); ok {
		n = w.arg
	}
	if l, ok := n.(*literal); ok && !l.null && l.t.isInteger() {
		return strconv.ParseInt(l.text, 10, 64)
	}
	return 0, c.fail("NOT_SUPPORTED", "%s of %s must be a constant", what, c.name)
}

// unixTimeIn is from_unixtime with a zone, or with hours and minutes.
func unixTimeIn(c *checking) error {
	c.tmpl = unixTime
	var err error
	if len(c.args) == 2 {
		c.result.Zone, err = c.zone(1)
		return err
	}
	hours, err := c.number(1, "the hours")
	if err != nil {
		return err
	}
	minutes, err := c.number(2, "the minutes")
	if err != nil {
		return err
	}
	total := hours*60 + minutes
	if hours < -14 || hours > 14 || minutes < -59 || minutes > 59 || total < -14*60 || total > 14*60 {
		return c.fail("INVALID_FUNCTION_ARGUMENT", "Invalid offset minutes %d", total)
	}
	sign := "+"
	if total < 0 {
		sign, total = "-", -total
	}
	text := sign + twoDigits(total/60) + ":" + twoDigits(total%60)
	c.result.Zone, _ = parseZone(text) // the range is checked
	return nil
}

func twoDigits(n int64) string {
	if n < 10 {
		return "0" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}

func decimalNanos(c *checking) error {
	c.result = nanoseconds
	c.args[0] = &call{t: Type{Kind: Bigint}, fn: operator("cast, try_cast"), args: []node{c.args[0]}, tmpl: "CAST(round($1) AS BIGINT)"}
	c.tmpl = "make_timestamp(" + nanosToMicros + ")"
	return nil
}

// atZone shows the same instant in another zone.
func atZone(c *checking) error {
	zone, err := c.zone(1)
	c.result = Type{Kind: TimestampTZ, Precision: c.args[0].typ().Precision, Zone: zone}
	c.tmpl = "$1"
	return err
}

// withZone is the instant at which a zone's clocks show a timestamp.
func withZone(c *checking) error {
	zone, err := c.zone(1)
	c.result = Type{Kind: TimestampTZ, Precision: c.args[0].typ().Precision, Zone: zone}
	c.tmpl = instantOf("$1", zone)
	return err
}

// zoneOffsetField is the hours, or the minutes of the hour, of a zone's offset at an instant.
func zoneOffsetField(seconds int) func(c *checking) error {
	return func(c *checking) error {
		zone := c.args[0].typ().Zone
		c.tmpl = "CASE WHEN $1 IS NOT NULL THEN CAST(0 AS BIGINT) END"
		if zone != "" {
			c.tmpl = "CAST((epoch_us(" + local("$1", zone) + ") - epoch_us($1)) // 1000000 % " + strconv.Itoa(seconds*60) + " // " + strconv.Itoa(seconds) + " AS BIGINT)"
		}
		return nil
	}
}

func zoneNameOf(c *checking) error {
	c.tmpl = "CASE WHEN $1 IS NOT NULL THEN " + quote(zoneName(c.args[0].typ().Zone)) + " END"
	return nil
}

func formatDatetime(c *checking) error {
	c.tmpl = "larder_format_datetime(epoch_us($1), $2, " + quote(c.args[0].typ().Zone) + ")"
	return nil
}

// isoZoned writes the offset that a zone has then.
func isoZoned(c *checking) error {
	c.tmpl = "strftime($1, '%Y-%m-%dT%H:%M:%S.%gZ')"
	if zone := c.args[0].typ().Zone; zone != "" {
		c.tmpl = "larder_format_datetime(epoch_us($1), 'yyyy-MM-dd''T''HH:mm:ss.SSSZZ', " + quote(zone) + ")"
	}
	return nil
}
