package records

import (
	"strconv"
	"testing"
)

func TestValuesAreOfTheirKindAndReadBack(t *testing.T) {
	features := Features(250)
	seen := map[string]bool{}
	for i, f := range features {
		if seen[f.Name] {
			t.Fatalf("two features are called %s", f.Name)
		}
		seen[f.Name] = true
		for record := range 100 {
			text := String(record, i, 3)
			switch v := Value(record, i, 3).(type) {
			case int64:
				if got, err := strconv.ParseInt(text, 10, 64); f.Kind != Whole || err != nil || got != v {
					t.Errorf("%s: %q %v", f.Name, text, err)
				}
			case float64:
				if got, err := strconv.ParseFloat(text, 64); f.Kind != Decimal || err != nil || got != v || v == float64(int64(v)) {
					t.Errorf("%s: %q %v", f.Name, text, err)
				}
			case string:
				if f.Kind != Text || text != v {
					t.Errorf("%s: %q", f.Name, text)
				}
			}
		}
	}
}

func TestAVersionIsLaterAndOtherwise(t *testing.T) {
	for record := range 1000 {
		if !At(record, 1).After(At(record, 0)) {
			t.Fatalf("record %d: version 1 is not later", record)
		}
	}
	same := 0
	for record := range 1000 {
		if String(record, 4, 0) == String(record, 4, 1) {
			same++
		}
	}
	if same > 10 {
		t.Errorf("%d of 1000 values are the same in the next version", same)
	}
}

func TestNumbersAreWrittenForReading(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := Thousands(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
