package feature

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestTTLSeconds(t *testing.T) {
	cases := []struct {
		name string
		ttl  TTL
		want int64 // 0: Invalid
	}{
		{"seconds", TTL{Seconds, 1}, 1},
		{"minutes", TTL{Minutes, 2}, 120},
		{"hours", TTL{Hours, 2}, 7200},
		{"days of 24 hours", TTL{Days, 2}, 172800},
		{"weeks of 7 days", TTL{Weeks, 2}, 1209600},
		{"as long as event times go", TTL{Seconds, maxEventSec - minEventSec}, maxEventSec - minEventSec},
		{"a second more", TTL{Seconds, maxEventSec - minEventSec + 1}, 0},
		{"beyond int64", TTL{Weeks, math.MaxInt64}, 0},
		{"no value", TTL{Unit: Hours}, 0},
		{"negative value", TTL{Hours, -1}, 0},
		{"no unit", TTL{Value: 1}, 0},
		{"neither", TTL{}, 0},
		{"unit in another case", TTL{"hours", 1}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.ttl.Seconds()
			if got != c.want || (err == nil) != (c.want > 0) || err != nil && KindOf(err) != Invalid {
				t.Errorf("Seconds = %d, %v; want %d", got, err, c.want)
			}
		})
	}
}

// TestExpiryIsNeverBeforeTheEventTime says that no event time and no time to live that are accepted
// leave the range of instants when they are added.
func TestExpiryIsNeverBeforeTheEventTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ttl := TTL{
			Unit:  rapid.SampledFrom([]TTLUnit{Seconds, Minutes, Hours, Days, Weeks}).Draw(t, "unit"),
			Value: rapid.Int64().Draw(t, "value"),
		}
		seconds, err := ttl.Seconds()
		if err != nil {
			if ttl.Value >= 1 && ttl.Value <= math.MaxInt32 && ttl.Unit == Seconds {
				t.Fatalf("%+v: %v", ttl, err)
			}
			return
		}
		r := &Record{
			EventTime: EventTime{Sec: rapid.Int64Range(minEventSec, maxEventSec).Draw(t, "second"), Nsec: int32(rapid.IntRange(0, 999_999_999).Draw(t, "nanosecond"))},
			TTL:       seconds,
		}
		at, ok := r.Expiry()
		last := EventTime{maxEventSec, 999_999_999}
		if !ok || at.Compare(r.EventTime) < 0 || at.Compare(last) > 0 {
			t.Fatalf("Expiry of %+v = %v, %v", r, at, ok)
		}
		if want := r.EventTime.Sec + seconds; at != last && (at.Sec != want || at.Nsec != r.EventTime.Nsec) {
			t.Fatalf("Expiry of %+v = %v", r, at)
		}
	})
}

func TestRecordTTL(t *testing.T) {
	hour, day := &TTL{Hours, 1}, &TTL{Days, 1}
	cases := []struct {
		name         string
		group, asked *TTL
		want         int64
	}{
		{"neither says: for ever", nil, nil, 0},
		{"the group says", hour, nil, 3600},
		{"the record says", nil, day, 86400},
		{"both say: the record wins", hour, day, 86400},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := customers()
			g.Online.TTL = c.group
			if got, err := g.RecordTTL(c.asked); err != nil || got != c.want {
				t.Errorf("RecordTTL = %d, %v; want %d", got, err, c.want)
			}
		})
	}
}

func TestRecordTTLRefuses(t *testing.T) {
	g := customers()
	if _, err := g.RecordTTL(&TTL{Unit: Hours}); KindOf(err) != Invalid {
		t.Errorf("RecordTTL without a value: %v; want Invalid", err)
	}
	g.Online = nil
	if _, err := g.RecordTTL(&TTL{Hours, 1}); KindOf(err) != Invalid {
		t.Errorf("RecordTTL of a group without online store: %v; want Invalid", err)
	}
	if got, err := g.RecordTTL(nil); got != 0 || err != nil {
		t.Errorf("RecordTTL that nobody asked for = %d, %v; want 0", got, err)
	}
}
