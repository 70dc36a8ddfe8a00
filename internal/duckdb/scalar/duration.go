package scalar

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// humanReadable writes seconds as weeks, days, hours, minutes and seconds.
func humanReadable(seconds float64) (string, error) {
	if math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return "", invalid("Invalid argument found: %s", javaDouble(seconds))
	}
	rest := int64(math.Floor(math.Abs(seconds) + 0.5))
	var parts []string
	for _, u := range []struct {
		name  string
		long  int64
		shown bool
	}{{"week", 604800, false}, {"day", 86400, false}, {"hour", 3600, false}, {"minute", 60, false}, {"second", 1, rest == 0}} {
		n := rest / u.long
		rest %= u.long
		if n == 0 && !u.shown {
			continue
		}
		s := strconv.FormatInt(n, 10) + " " + u.name
		if n != 1 {
			s += "s"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, ", "), nil
}

var durationText = regexp.MustCompile(`^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*$`)

// parseDuration gives microseconds, which are whole milliseconds.
func parseDuration(s string) (int64, error) {
	if s == "" {
		return 0, invalid("duration is empty")
	}
	m := durationText.FindStringSubmatch(s)
	if m == nil {
		return 0, invalid("duration is not a valid data duration string: %s", s)
	}
	millis, ok := map[string]float64{"ns": 1e-6, "us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4, "h": 3.6e6, "d": 8.64e7}[m[2]]
	if !ok {
		return 0, invalid("Unknown time unit: %s", m[2])
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil || n*millis > math.MaxInt64/1000 {
		return 0, invalid("value is too large: %s", s)
	}
	return int64(math.Floor(n*millis+0.5)) * 1000, nil
}

var dataSizeText = regexp.MustCompile(`^(\d+(?:\.\d+)?)(B|kB|MB|GB|TB|PB|EB|ZB|YB)$`)

// parseDataSize gives the digits of a whole number of bytes.
func parseDataSize(s string) (string, error) {
	m := dataSizeText.FindStringSubmatch(s)
	if m == nil {
		return "", invalid("Invalid data size: '%s'", s)
	}
	value, ok := new(big.Rat).SetString(m[1])
	if !ok {
		return "", invalid("Invalid data size: '%s'", s)
	}
	power := strings.Index("BkMGTPEZY", m[2][:1])
	unit := new(big.Int).Lsh(big.NewInt(1), uint(10*power))
	value.Mul(value, new(big.Rat).SetInt(unit))
	bytes := new(big.Int).Quo(value.Num(), value.Denom()).String()
	if len(bytes) > 38 {
		return "", fail("NUMERIC_VALUE_OUT_OF_RANGE", "Value out of range: '%s' ('%sB')", s, bytes)
	}
	return bytes, nil
}
