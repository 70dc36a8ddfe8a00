package metamorphic

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

func scalar(name, text string) featureValue {
	return featureValue{FeatureName: name, ValueAsString: &text}
}

// Values that are good, and odd.
var (
	texts       = []string{"", " ", "a", "naïve ☃ 𝄞", `say "hi"`, "one, two", "two\nlines\r\n", `back\slash`, "NULL", "null", "tab\t", "\u0001\u007f", "it''s", "%2F+%20", strings.Repeat("long ", 300)}
	integrals   = []string{"0", "-1", "1", "007", "42", "9223372036854775807", "-9223372036854775808"}
	fractionals = []string{"0", "-0.0", "1.50", "100.0", "1e3", "2.5E-7", ".5", "5.", "-3.25", "1.7976931348623157e308", "4.9e-324", "0.1", "1e-400", "12345678901234567890"}
	badTimes    = []string{"", "yesterday", "2026-03-01", "2026-03-01T12:00:00", "2026-03-01 12:00:00Z", "2026-13-01T12:00:00Z", "2026-02-29T12:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T12:00:00.1234567890Z", "2026-03-01T12:00:00,5Z", "9999-12-31T23:59:59-00:01", "1772366370123", "-99999999999999", "NaN", "20260301"}

	textIDs       = []string{"a", "b", "1", "1.0", "01", "é☃", "a b", "a%2Fb", "a/b", "+", "?x=1&y=#", "..", "A", "'", strings.Repeat("x", 2048), "line\nbreak", "\u0000"}
	integralIDs   = []string{"1", "2", "01", "-5", "9223372036854775807"}
	fractionalIDs = []string{"10.0", "10", "1e1", "-0.5", "+3"}
	instantIDs    = []string{"2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000Z", "2026-03-01T13:00:00+01:00", "2026-03-02T00:00:00Z"}
	epochIDs      = []string{"1772366370", "1772366370.0", "1.77236637e9", "1772370000.25"}
)

// identifier draws the identifier of a record.
func (g *generator) identifier(drawn *group) string {
	typ := drawn.definition(drawn.identifier).FeatureType
	switch {
	case drawn.identifier == drawn.eventTime && typ == "String":
		return pick(g, instantIDs...)
	case drawn.identifier == drawn.eventTime:
		return pick(g, epochIDs...)
	case typ == "Integral":
		return pick(g, integralIDs...)
	case typ == "Fractional":
		return pick(g, fractionalIDs...)
	}
	if g.chance(700) {
		return "key-" + strconv.Itoa(g.IntN(30))
	}
	return pick(g, textIDs...)
}

// value draws a value of a feature, rarely none.
func (g *generator) value(d definition) featureValue {
	if g.chance(40) {
		return featureValue{FeatureName: d.FeatureName}
	}
	if d.CollectionType == "" {
		return scalar(d.FeatureName, g.element(d))
	}
	n := g.IntN(5)
	if d.CollectionType == "Vector" {
		n = d.CollectionConfig.VectorConfig.Dimension
	}
	list := make([]string, n)
	for i := range list {
		list[i] = g.element(d)
	}
	return featureValue{FeatureName: d.FeatureName, ValueAsStringList: list}
}

func (g *generator) element(d definition) string {
	switch d.FeatureType {
	case "Integral":
		return pick(g, integrals...)
	case "Fractional":
		return pick(g, fractionals...)
	}
	if g.chance(1) {
		return strings.Repeat("z", pick(g, 100_000, 358_000, 358_400, 358_401)) // a record has at most 358,400 bytes
	}
	return pick(g, texts...)
}

// eventTime draws the event time of a write: mostly about now, often as it is held, or just beside.
func (g *generator) eventTime(drawn *group, id string) string {
	if drawn.identifier == drawn.eventTime {
		return id
	}
	held, now := drawn.held[id], g.m.now
	at := now.Truncate(pick(g, time.Second, time.Millisecond, time.Microsecond, 1))
	switch n := g.IntN(100); {
	case n < 25 && held != nil:
		at = held.at.Add(pick(g, 0, 0, 0, 1, -1, time.Millisecond, -time.Second))
	case n < 50:
		at = at.Add(time.Duration(g.IntN(120)-80) * time.Second)
	case n < 58:
		at = now.Truncate(time.Hour).Add(time.Duration(g.IntN(5)-3) * time.Hour)
	case n < 60:
		at = pick(g, firstInstant, lastInstant, time.Unix(0, 0), time.Unix(-1, 500_000_000), time.Unix(-3600, 1))
	}
	if at.Before(firstInstant) || at.After(lastInstant) {
		at = now
	}
	return g.spell(drawn.definition(drawn.eventTime).FeatureType, at.UTC())
}

// spell draws one of the ways to write an instant, none of which loses a digit.
func (g *generator) spell(typ string, at time.Time) string {
	if typ == "Fractional" {
		text := epochText(at)
		switch g.IntN(8) {
		case 0:
			if strings.Contains(text, ".") {
				return text + "00"
			}
			return text + ".0"
		case 1:
			return text + "e0"
		case 2:
			if !strings.HasPrefix(text, "-") {
				return "+" + text
			}
		}
		return text
	}
	switch g.IntN(12) {
	case 0: // a fraction of nine digits
		return at.Format("2006-01-02T15:04:05.000000000Z")
	case 1:
		zone := time.FixedZone("", pick(g, 5*3600+1800, -8*3600, 14*3600, 60))
		if y := at.In(zone).Year(); y >= 0 && y <= 9999 {
			return at.In(zone).Format(pick(g, "2006-01-02T15:04:05.999999999-07:00", "2006-01-02T15:04:05.999999999-0700"))
		}
	case 2:
		if text := epochText(at); !compactDate(text) {
			return text
		}
	case 3:
		return at.Format("2006-01-02T15:04:05.999999999-07:00")
	}
	return isoText(at)
}

// targets draws TargetStores: mostly not given.
func (g *generator) targets(drawn *group) []string {
	if g.chance(750) {
		return nil
	}
	both := drawn.has().online && drawn.has().offline
	if both || g.chance(100) {
		return pick(g, []string{"OnlineStore"}, []string{"OfflineStore"}, []string{"OnlineStore", "OfflineStore"}, []string{"OfflineStore", "OfflineStore"})
	}
	if drawn.has().online {
		return []string{"OnlineStore"}
	}
	return []string{"OfflineStore"}
}

// ttl draws the time to live of one record, in so many cases of a thousand.
func (g *generator) ttl(drawn *group, permille int) *ttl {
	if !drawn.has().online && g.chance(970) || !g.chance(permille) {
		return nil
	}
	return g.duration()
}

func (g *generator) duration() *ttl {
	return pick(g, &ttl{"Seconds", 1}, &ttl{"Seconds", int64(1 + g.IntN(90))}, &ttl{"Minutes", int64(1 + g.IntN(30))},
		&ttl{"Minutes", 1}, &ttl{"Hours", int64(1 + g.IntN(3))}, &ttl{"Days", 1}, &ttl{"Weeks", 2}, &ttl{"Weeks", 5_000_00})
}

// newFeature names a feature that the group does not have.
func (g *generator) newFeature(drawn *group) string {
	return fmt.Sprintf("Extra_%d", len(drawn.definitions))
}
