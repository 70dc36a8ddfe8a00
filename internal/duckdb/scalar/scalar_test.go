package scalar

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestNamesAreDifferentAndOurs(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range All(time.Now) {
		if seen[f.Name] || !strings.HasPrefix(f.Name, "larder_") {
			t.Errorf("%s comes again, or could be the engine's", f.Name)
		}
		seen[f.Name] = true
	}
}

// What a pattern prints, it reads: the moment comes back as far as the pattern tells it.
func TestPatternsReadWhatTheyPrint(t *testing.T) {
	full, err := jodaPattern("yyyy-MM-dd HH:mm:ss.SSS ZZ", 2024)
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("", -3*3600-1800)
	for _, at := range []time.Time{time.UnixMilli(0), time.UnixMilli(-1), time.Date(2024, 2, 29, 23, 59, 59, 999e6, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)} {
		text := string(full.print(nil, at.In(zone)))
		millis, err := full.read(text)
		if err != nil || millis != at.UnixMilli() {
			t.Errorf("%s is read as %d, %v, want %d", text, millis, err, at.UnixMilli())
		}
	}
}

func FuzzPatterns(f *testing.F) {
	f.Add("yyyy-MM-dd'T'HH:mm ZZZ", "2024-02-03T04:05 Asia/Tokyo")
	f.Add("%Y-%m-%d %r", "2024-02-03 04:05:06 PM")
	f.Add("dd/mm/yyyy hh24", "03/02/2024 04")
	f.Fuzz(func(t *testing.T, text, value string) {
		for _, parse := range []func(string) (pattern, error){mysqlPattern, teradataPattern, func(s string) (pattern, error) { return jodaPattern(s, 2024) }} {
			p, err := parse(text)
			if err != nil || len(text) > 1000 {
				continue
			}
			p.print(nil, time.UnixMilli(1))
			if _, err := p.read(value); err != nil && !strings.HasPrefix(err.Error(), "LARDER:") {
				t.Errorf("%q by %q: %v", value, text, err)
			}
		}
	})
}

func FuzzISO(f *testing.F) {
	f.Add("2024-W10-1T10:20:30.123+02:00")
	f.Fuzz(func(t *testing.T, text string) {
		c := isoCursor{text: text}
		if _, ok := c.moment(); !ok && c.far > len(text) {
			t.Errorf("%q fails behind its end", text)
		}
	})
}

func FuzzJSON(f *testing.F) {
	f.Add(`{"a": [1, "\u00e9", {"b": null}]}`, "$.a[2].b")
	f.Fuzz(func(t *testing.T, text, path string) {
		v, ok := readJSON(text)
		if !ok {
			return
		}
		v.sorted()
		again, ok := readJSON(v.String())
		if !ok || again.String() != v.String() {
			t.Errorf("%q is written as %q, which does not come back", text, v)
		}
		if steps, err := jsonPath(path); err == nil {
			v.at(steps)
		}
	})
}

func FuzzTexts(f *testing.F) {
	f.Add("http://user@h.example:80/p?q=1#f", "(a)|b")
	f.Add("%5$,.3f %s", "[[:alpha:]]")
	f.Fuzz(func(t *testing.T, a, b string) {
		parseURI(a)
		if text := fromUTF8([]byte(a), "?"); !utf8.ValidString(text) {
			t.Errorf("%q is no UTF-8", text)
		}
		if len(a) < 100 {
			_, _ = format(a, []Element[string]{{Value: "i5"}, {Value: "f1.5"}, {Null: true}}) // only that it returns
		}
		re, err := expression(b)
		if err != nil || len(a)+len(b) > 1000 {
			return
		}
		for _, m := range matches(re, a) {
			if m[0] > m[1] || m[1] > len(a) {
				t.Errorf("%q matches %q at %v", b, a, m)
			}
		}
	})
}
