package feature

import (
	"math"
	"testing"
)

func TestDoublesAsPythonWritesThem(t *testing.T) {
	for _, tt := range []struct {
		x    float64
		want string
	}{
		{0, "0.0"}, {1, "1.0"}, {-2.5, "-2.5"}, {0.1, "0.1"}, {1e15, "1000000000000000.0"}, {1e16, "1e+16"},
		{123456789.123, "123456789.123"}, {0.0001, "0.0001"}, {0.00001, "1e-05"}, {1.5e300, "1.5e+300"}, {math.Copysign(0, -1), "-0.0"}, {math.Inf(1), "Infinity"}, {math.Inf(-1), "-Infinity"},
	} {
		if got := string(AppendDouble(nil, tt.x, 64)); got != tt.want {
			t.Errorf("%v is %s, want %s", tt.x, got, tt.want)
		}
	}
}
