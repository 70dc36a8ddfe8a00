package worker

import "testing"

func TestIntervals(t *testing.T) {
	tests := []struct{ got, want string }{
		{string(appendDayInterval(nil, 0, 0)), "0 00:00:00.000"},
		{string(appendDayInterval(nil, 1, 3_600_000_000)), "1 01:00:00.000"},
		{string(appendDayInterval(nil, -1, -1_500_000)), "-1 00:00:01.500"},
		{string(appendDayInterval(nil, 1, -3_600_000_000)), "0 23:00:00.000"},
		{string(appendMonthInterval(nil, 14)), "1-2"},
		{string(appendMonthInterval(nil, -14)), "-1-2"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}
