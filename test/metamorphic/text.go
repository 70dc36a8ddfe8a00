package metamorphic

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The forms of contract §3.2 and §3.3, and of the choices in docs/compat.md.
var (
	isoForm     = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$`)
	plainForm   = regexp.MustCompile(`^-?\d+(\.\d+)?$`)
	decimalForm = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)
)

// The range of event times.
var (
	firstInstant = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	lastInstant  = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
)

// instant reads an event time of a feature of that type.
func instant(typ, text string) (time.Time, bool) {
	at, ok := time.Time{}, false
	switch {
	case typ == "Fractional" && decimalForm.MatchString(text), typ == "String" && plainForm.MatchString(text) && !compactDate(text):
		at, ok = epochSeconds(text)
	case typ == "String" && isoForm.MatchString(text):
		// Go reads ±hh:mm only, and the zone is the one place where the text may have no colon.
		if n := len(text); text[n-1] != 'Z' && text[n-3] != ':' {
			text = text[:n-2] + ":" + text[n-2:]
		}
		var err error
		at, err = time.Parse(time.RFC3339Nano, text)
		ok = err == nil
	}
	at = at.UTC()
	return at, ok && !at.Before(firstInstant) && !at.After(lastInstant)
}

// epochSeconds reads seconds since 1970; digits after the ninth of the fraction are dropped.
func epochSeconds(text string) (time.Time, bool) {
	seconds, ok := new(big.Rat).SetString(text)
	if !ok {
		return time.Time{}, false
	}
	nano := new(big.Int).Mul(seconds.Num(), big.NewInt(1e9))
	nano.Quo(nano, seconds.Denom())
	sec, rest := new(big.Int).DivMod(nano, big.NewInt(1e9), new(big.Int))
	if !sec.IsInt64() || sec.BitLen() > 40 {
		return time.Time{}, false
	}
	return time.Unix(sec.Int64(), rest.Int64()), true
}

// compactDate tells whether digits look like a date of the years 1900 to 2099: yyyyMMdd[HHmm].
func compactDate(text string) bool {
	for _, form := range []string{"20060102", "200601021504"} {
		if at, err := time.Parse(form, text); err == nil && at.Year() >= 1900 && at.Year() <= 2099 {
			return true
		}
	}
	return false
}

// fits tells whether text is a value of the type.
func fits(typ, text string) bool {
	switch typ {
	case "Integral":
		_, err := strconv.ParseInt(text, 10, 64)
		return err == nil
	case "Fractional":
		_, err := strconv.ParseFloat(text, 64)
		return err == nil && decimalForm.MatchString(text)
	}
	return utf8.ValidString(text)
}

// isoText writes an instant in UTC with the digits that it needs.
func isoText(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.999999999Z") }

// epochText writes an instant as seconds since 1970 with the digits that it needs.
func epochText(at time.Time) string {
	nano := new(big.Int).Mul(big.NewInt(at.Unix()), big.NewInt(1e9))
	nano.Add(nano, big.NewInt(int64(at.Nanosecond())))
	text := new(big.Rat).SetFrac(nano, big.NewInt(1e9)).FloatString(9)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}
