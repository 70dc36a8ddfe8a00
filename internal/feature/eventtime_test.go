package feature

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestParseEventTime(t *testing.T) {
	const base = 1700000000 // 2023-11-14T22:13:20Z
	cases := []struct {
		name string
		typ  Type
		text string
		want EventTime
	}{
		{"seconds and Z", String, "2023-11-14T22:13:20Z", EventTime{Sec: base}},
		{"milliseconds", String, "2023-11-14T22:13:20.123Z", EventTime{base, 123000000}},
		{"nanoseconds", String, "2023-11-14T22:13:20.123456789Z", EventTime{base, 123456789}},
		{"python isoformat", String, "2023-11-14T22:13:20.123456+00:00", EventTime{base, 123456000}},
		{"offset east", String, "2023-11-15T03:43:20+05:30", EventTime{Sec: base}},
		{"offset west without colon", String, "2023-11-14T17:13:20-0500", EventTime{Sec: base}},
		{"first instant", String, "0000-01-01T00:00:00Z", EventTime{Sec: minEventSec}},
		{"last instant", String, "9999-12-31T23:59:59.999999999Z", EventTime{maxEventSec, 999999999}},
		{"leap day", String, "2000-02-29T00:00:00Z", EventTime{Sec: 951782400}},
		{"epoch text", String, "1700000000", EventTime{Sec: base}},
		{"epoch text with fraction", String, "1700000000.5", EventTime{base, 500000000}},
		{"small epoch text", String, "7", EventTime{Sec: 7}},
		{"eight digits that are no date", String, "20231399", EventTime{Sec: 20231399}},
		{"fractional", Fractional, "1700000000", EventTime{Sec: base}},
		{"fractional keeps every digit", Fractional, "1700000000.123456789", EventTime{base, 123456789}},
		{"fractional drops the tenth digit", Fractional, "1700000000.1234567899", EventTime{base, 123456789}},
		{"fractional exponent", Fractional, "1.7e9", EventTime{Sec: base}},
		{"fractional negative exponent", Fractional, "17000000005e-1", EventTime{base, 500000000}},
		{"fractional before 1970", Fractional, "-0.25", EventTime{-1, 750000000}},
		{"fractional whole before 1970", Fractional, "-5", EventTime{Sec: -5}},
		{"fractional without digits before the point", Fractional, ".5", EventTime{0, 500000000}},
		{"fractional that looks like a date", Fractional, "20240131", EventTime{Sec: 20240131}},
		{"zero with a huge exponent", Fractional, "0e99999", EventTime{}},
		{"tiny", Fractional, "1e-99999", EventTime{}},
		{"leading zeros", Fractional, strings.Repeat("0", 40) + "7", EventTime{Sec: 7}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseEventTime(c.typ, c.text)
			if err != nil || got != c.want {
				t.Errorf("ParseEventTime(%v, %q) = %v, %v; want %v", c.typ, c.text, got, err, c.want)
			}
		})
	}
}

func TestParseEventTimeRefuses(t *testing.T) {
	cases := []struct {
		name string
		typ  Type
		text string
		says string
	}{
		{"empty", String, "", "yyyy-MM-dd"},
		{"date only", String, "2023-11-14", "yyyy-MM-dd"},
		{"space instead of T", String, "2023-11-14 22:13:20Z", "yyyy-MM-dd"},
		{"no zone", String, "2023-11-14T22:13:20", "zone"},
		{"lower-case z", String, "2023-11-14T22:13:20z", "zone"},
		{"named zone", String, "2023-11-14T22:13:20 UTC", "zone"},
		{"ten fraction digits", String, "2023-11-14T22:13:20.1234567890Z", "nine digits"},
		{"point without digits", String, "2023-11-14T22:13:20.Z", "nine digits"},
		{"no such day", String, "2023-02-29T00:00:00Z", "no such day"},
		{"hour 24", String, "2023-11-14T24:00:00Z", "time of day"},
		{"offset out of range", String, "2023-11-14T22:13:20+24:00", "zone"},
		{"before year 0 by its offset", String, "0000-01-01T00:00:00+00:01", "outside"},
		{"after year 9999 by its offset", String, "9999-12-31T23:59:59-00:01", "outside"},
		{"milliseconds as text", String, "1700000000000", "outside"},
		{"exponent as text", String, "1.7e9", "yyyy-MM-dd"},
		{"compact date", String, "20240131", "calendar date"},
		{"compact date and time", String, "202401312359", "calendar date"},
		{"white space", String, " 1700000000", "yyyy-MM-dd"},
		{"fractional empty", Fractional, "", "decimal number"},
		{"fractional ISO", Fractional, "2023-11-14T22:13:20Z", "decimal number"},
		{"fractional NaN", Fractional, "nan", "decimal number"},
		{"fractional milliseconds", Fractional, "1700000000000.0", "outside"},
		{"fractional huge", Fractional, "1e300", "outside"},
		{"fractional after year 9999", Fractional, "253402300800", "outside"},
		{"fractional before year 0", Fractional, "-62167219200.000000001", "outside"},
		{"fractional hexadecimal", Fractional, "0x10", "decimal number"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseEventTime(c.typ, c.text)
			if KindOf(err) != Invalid || !strings.Contains(err.Error(), c.says) {
				t.Errorf("ParseEventTime(%v, %q) = %v, %v; want Invalid that says %q", c.typ, c.text, got, err, c.says)
			}
		})
	}
}

func TestEventTimeTextReadsBack(t *testing.T) {
	for _, want := range []EventTime{{}, {1700000000, 5}, {minEventSec, 0}, {maxEventSec, 999999999}, {-1, 1}} {
		got, err := ParseEventTime(String, want.String())
		if err != nil || got != want {
			t.Errorf("ParseEventTime(%q) = %v, %v; want %v", want.String(), got, err, want)
		}
	}
}

// FuzzParseEventTimeString holds our reader against the standard library's, which takes a little
// more: an hour of one digit, a comma before the fraction, and any number of digits after it.
func FuzzParseEventTimeString(f *testing.F) {
	for _, s := range []string{"2023-11-14T22:13:20Z", "2023-11-14T22:13:20.123+05:30", "2023-02-29T00:00:00Z", "1700000000.5", "-1.5", "20240131"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseEventTime(String, s)
		if isPlainNumber(s) {
			return
		}
		std, stdErr := time.Parse("2006-01-02T15:04:05Z07:00", s)
		if stdErr != nil {
			std, stdErr = time.Parse("2006-01-02T15:04:05Z0700", s)
		}
		if err == nil && stdErr != nil {
			t.Fatalf("%q: read as %v, and the standard library says %v", s, got, stdErr)
		}
		if err == nil && !std.Equal(got.Time()) {
			t.Fatalf("%q: read as %v, and by the standard library as %v", s, got, std)
		}
		ours := stdErr == nil && std.Unix() >= minEventSec && std.Unix() <= maxEventSec &&
			!strings.Contains(s, ",") && s[13] == ':' && len(s) <= len("2006-01-02T15:04:05.999999999+07:00") && standardZone(s)
		if err != nil && ours && !strings.Contains(err.Error(), "nine digits") {
			t.Fatalf("%q: refused with %v, and read by the standard library as %v", s, err, std)
		}
	})
}

// standardZone leaves out zones with hours or minutes that no clock shows.
func standardZone(s string) bool {
	_, ok := parseZone(s[strings.LastIndexAny(s, "Z+-"):])
	return ok
}

// FuzzParseEventTimeFractional holds our reader against exact arithmetic.
func FuzzParseEventTimeFractional(f *testing.F) {
	for _, s := range []string{"1700000000", "1700000000.123456789123", "-0.25", "1.7e9", "+.5e-3", "1e400", "00.e0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseEventTime(Fractional, s)
		d, ok := splitDecimal(s)
		if !ok {
			if err == nil {
				t.Fatalf("%q: not a number, read as %v", s, got)
			}
			return
		}
		if d.exponent > 400 || d.exponent < -400 {
			return
		}
		exact, ok := new(big.Rat).SetString(s)
		if !ok {
			t.Fatalf("%q: a number to us, none to math/big", s)
		}
		// Toward zero, to the nanosecond.
		nanos := new(big.Rat).Mul(exact, big.NewRat(1e9, 1))
		whole := new(big.Int).Quo(nanos.Num(), nanos.Denom())
		low := new(big.Int).Mul(big.NewInt(minEventSec), big.NewInt(1e9))
		high := new(big.Int).Mul(big.NewInt(maxEventSec+1), big.NewInt(1e9))
		if inside := whole.Cmp(low) >= 0 && whole.Cmp(high) < 0; inside != (err == nil) {
			t.Fatalf("%q: inside the range: %v; error: %v", s, inside, err)
		}
		if err == nil {
			ours := new(big.Int).Add(new(big.Int).Mul(big.NewInt(got.Sec), big.NewInt(1e9)), big.NewInt(int64(got.Nsec)))
			if ours.Cmp(whole) != 0 || got.Nsec < 0 || got.Nsec >= 1e9 {
				t.Fatalf("%q: read as %+v; want %v ns", s, got, whole)
			}
		}
	})
}

func BenchmarkParseEventTime(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseEventTime(String, "2023-11-14T22:13:20.123Z"); err != nil {
			b.Fatal(err)
		}
	}
}

// A double that was kept of a text is the instant of that text, for up to 15 digits.
func TestEventTimeOfIsThatOfTheShortestText(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 200_000 {
		places := rng.IntN(7)
		n := rng.Int64N(1e15) - 5e14
		if rng.IntN(4) == 0 {
			n >>= rng.IntN(40)
		}
		x, err := strconv.ParseFloat(fmt.Sprintf("%de-%d", n, places), 64)
		if err != nil {
			t.Fatal(err)
		}
		want, wantErr := ParseEventTime(Fractional, strconv.FormatFloat(x, 'f', -1, 64))
		got, gotErr := EventTimeOf(x)
		if got != want || (gotErr == nil) != (wantErr == nil) {
			t.Fatalf("%v: got %v, %v; want %v, %v", x, got, gotErr, want, wantErr)
		}
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 253402300800, -62167219200.5, 1e300} {
		if got, err := EventTimeOf(x); KindOf(err) != Invalid {
			t.Errorf("%v: %v, %v, want it refused", x, got, err)
		}
	}
}
