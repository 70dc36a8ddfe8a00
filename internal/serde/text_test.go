package serde

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestDoublesPrintAsJavas(t *testing.T) {
	tests := []struct {
		v    float64
		want string
	}{
		{0, "0.0"}, {math.Copysign(0, -1), "-0.0"}, {1, "1.0"}, {-1, "-1.0"}, {0.5, "0.5"}, {100, "100.0"}, {1234.5678, "1234.5678"},
		{0.001, "0.001"}, {0.00123, "0.00123"}, {0.0009999, "9.999E-4"}, {1e-3, "0.001"}, {1e-4, "1.0E-4"},
		{9999999, "9999999.0"}, {9999999.5, "9999999.5"}, {1e7, "1.0E7"}, {12345678.9, "1.23456789E7"}, {1e10, "1.0E10"}, {123e20, "1.23E22"},
		{0.30000000000000004, "0.30000000000000004"}, {1.0 / 3, "0.3333333333333333"}, {2e23, "2.0E23"},
		{math.MaxFloat64, "1.7976931348623157E308"}, {math.SmallestNonzeroFloat64, "4.9E-324"}, {1e-323, "9.9E-324"}, {2.2250738585072014e-308, "2.2250738585072014E-308"},
		{1.0e23, "1.0E23"}, {2.0e-3, "0.002"}, {8.41e21, "8.41E21"}, {5e-324, "4.9E-324"},
		{math.Inf(1), "Infinity"}, {math.Inf(-1), "-Infinity"}, {math.NaN(), "NaN"},
	}
	for _, test := range tests {
		if got := string(AppendDouble(nil, test.v)); got != test.want {
			t.Errorf("%v prints as %s, want %s", test.v, got, test.want)
		}
	}
}

func TestRealsPrintAsJavas(t *testing.T) {
	tests := []struct {
		v    float32
		want string
	}{
		{0.1, "0.1"}, {16777216, "1.6777216E7"}, {3.4028235e38, "3.4028235E38"}, {1e-45, "1.4E-45"}, {1.5, "1.5"}, {0, "0.0"}, {33554432, "3.3554432E7"},
	}
	for _, test := range tests {
		if got := string(AppendReal(nil, test.v)); got != test.want {
			t.Errorf("%v prints as %s, want %s", test.v, got, test.want)
		}
	}
}

// FuzzDoubleGivesItselfBack reads what is printed.
func FuzzDoubleGivesItselfBack(f *testing.F) {
	for _, v := range []float64{0, 1, 0.1, 1e7, 1e-3, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Pi} {
		f.Add(math.Float64bits(v))
	}
	f.Fuzz(func(t *testing.T, bits uint64) {
		v := math.Float64frombits(bits)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return
		}
		text := string(AppendDouble(nil, v))
		got, err := strconv.ParseFloat(text, 64)
		if err != nil || math.Float64bits(got) != bits {
			t.Errorf("%v prints as %s, which is %v (%v)", v, text, got, err)
		}
		mantissa, _, _ := strings.Cut(text, "E")
		if !strings.Contains(mantissa, ".") || strings.HasSuffix(mantissa, ".") {
			t.Errorf("%v prints as %s", v, text)
		}
		f32 := float32(v)
		if math.IsInf(float64(f32), 0) {
			return
		}
		text = string(AppendReal(nil, f32))
		if got, err := strconv.ParseFloat(text, 32); err != nil || float32(got) != f32 {
			t.Errorf("real %v prints as %s", f32, text)
		}
	})
}

// FuzzTimestampPrintsAsGos compares with another calendar.
func FuzzTimestampPrintsAsGos(f *testing.F) {
	for _, at := range []string{"1970-01-01", "1969-12-31", "2000-02-29", "1900-03-01", "0001-01-01", "9999-12-31", "2024-12-31"} {
		v, err := time.Parse(time.DateOnly, at)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(v.UnixMicro())
		f.Add(v.UnixMicro() - 1)
	}
	f.Fuzz(func(t *testing.T, micros int64) {
		v := time.UnixMicro(micros).UTC()
		if y := v.Year(); y < 0 || y > 9999 {
			return
		}
		want := v.Truncate(time.Millisecond).Format("2006-01-02 15:04:05.000")
		if v.UnixMicro() < 0 { // Truncate counts from the year 1, which is before all of these
			want = v.Add(-time.Duration(v.Nanosecond() % 1_000_000)).Format("2006-01-02 15:04:05.000")
		}
		if got := string(AppendTimestamp(nil, micros, 3)); got != want {
			t.Errorf("%d prints as %s, want %s", micros, got, want)
		}
	})
}
