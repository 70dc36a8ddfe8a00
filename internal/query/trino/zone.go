package trino

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // which zones there are must not depend on the machine
)

// parseZone reads the name of a time zone, or an offset such as +02:00, and gives it in the form
// that Type.Zone has; ok is false if there is none.
func parseZone(s string) (zone string, ok bool) {
	s = strings.TrimSpace(s)
	if d, ok := zoneOffset(s); ok {
		if d == 0 {
			return "", true
		}
		sign := "+"
		if d < 0 {
			sign, d = "-", -d
		}
		clock := time.Time{}.Add(d).Format("15:04")
		return sign + clock, true
	}
	if s == "" || strings.EqualFold(s, "local") {
		return "", false
	}
	l, err := time.LoadLocation(s)
	if err != nil {
		return "", false
	}
	return l.String(), true
}

// zoneName is how Trino shows a zone.
func zoneName(zone string) string {
	if zone == "" {
		return "UTC"
	}
	return zone
}

// offsetOf is the distance of a zone that is an offset, in microseconds.
func offsetOf(zone string) (string, bool) {
	if zone[0] != '+' && zone[0] != '-' {
		return "", false
	}
	d, _ := zoneOffset(zone) // parseZone has written it
	return strconv.FormatInt(d.Microseconds(), 10), true
}

// zoneLocation is a zone that parseZone gave.
func zoneLocation(zone string) *time.Location {
	if d, ok := zoneOffset(zone); ok {
		return time.FixedZone(zone, int(d.Seconds()))
	}
	l, err := time.LoadLocation(zone)
	if err != nil {
		panic("zone " + zone + ", which was there before: " + err.Error())
	}
	return l
}

// local writes what the clocks of a zone show at an instant.
func local(instant, zone string) string {
	if zone == "" {
		return instant
	}
	if d, ok := offsetOf(zone); ok {
		return "(" + instant + " + to_microseconds(" + d + "))"
	}
	return "timezone(" + quote(zone) + ", timezone('UTC', " + instant + "))"
}

// instantOf writes the instant at which the clocks of a zone show this.
func instantOf(shown, zone string) string {
	if zone == "" {
		return shown
	}
	if d, ok := offsetOf(zone); ok {
		return "(" + shown + " - to_microseconds(" + d + "))"
	}
	return "timezone('UTC', timezone(" + quote(zone) + ", " + shown + "))"
}

// atTimeZone shows an instant in another zone.
func (a *analyser) atTimeZone(x *xTimeZone, e *env) (node, error) {
	n, err := a.expr(x.arg, e)
	if err != nil {
		return nil, err
	}
	t := n.typ()
	if t.Kind == Time {
		return nil, fail(x.pos, "NOT_SUPPORTED", "AT TIME ZONE of a time is not supported")
	}
	if t.Kind != Timestamp && t.Kind != TimestampTZ {
		return nil, fail(x.arg.at(), "TYPE_MISMATCH", "Type of value must be a time or timestamp with or without time zone (actual %s)", t)
	}
	zone, err := a.zone(x.zone)
	if err != nil {
		return nil, err
	}
	n = coerce(n, Type{Kind: TimestampTZ, Precision: t.Precision})
	return &call{t: Type{Kind: TimestampTZ, Precision: t.Precision, Zone: zone}, fn: operator("at time zone"), args: []node{n}, tmpl: "$1"}, nil
}

// zone reads the zone of AT TIME ZONE, a text or an interval.
func (a *analyser) zone(x xExpr) (string, error) {
	if i, ok := x.(*xInterval); ok {
		n, err := intervalLiteral(i)
		if err != nil {
			return "", err
		}
		ms, ok := n.(*literal).micros()
		if minutes := ms / 60e6; ok && ms%60e6 == 0 && minutes >= -14*60 && minutes <= 14*60 {
			zone, _ := parseZone(offsetText(minutes))
			return zone, nil
		}
		return "", fail(x.at(), "INVALID_FUNCTION_ARGUMENT", "Invalid time zone offset interval: interval must be whole minutes within 14 hours")
	}
	text := x.(*xLiteral).text
	zone, ok := parseZone(text)
	if !ok {
		return "", fail(x.at(), "INVALID_LITERAL", "'%s' is not a valid time zone", text)
	}
	return zone, nil
}

func offsetText(minutes int64) string {
	sign := "+"
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	return sign + time.Unix(minutes*60, 0).UTC().Format("15:04")
}
