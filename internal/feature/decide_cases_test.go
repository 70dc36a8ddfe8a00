package feature

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// at makes a record of C1 at a second.
func at(second int64) *Record {
	text := EventTime{Sec: second}.String()
	return &Record{ID: "C1", EventTime: EventTime{Sec: second}, Values: []Value{{Ordinal: 0, Text: "C1"}, {Ordinal: 1, Text: text}, {Ordinal: 4, Text: "Bern"}}}
}

// gone makes the tombstone of C1 at a second.
func gone(second int64) *Record {
	return store().marker("C1", EventTime{Sec: second}, EventTime{Sec: second}.String())
}

// living gives r a time to live.
func living(r *Record, seconds int64) *Record {
	r.TTL = seconds
	return r
}

const both = OnlineStore | OfflineStore

// TestDecidePut is the table of contract §3.1, with tombstones (§3.4) and expiry (§3.5).
func TestDecidePut(t *testing.T) {
	now := time.Unix(1000, 0)
	cases := []struct {
		name   string
		held   *Record
		put    *Record
		stores Stores
		want   Outcome
	}{
		{"none held", nil, at(100), both, OnlineWritten},
		{"newer", at(100), at(101), both, OnlineWritten},
		{"equal", at(100), at(100), both, OnlineWritten},
		{"older", at(100), at(99), both, OnlineStale},
		{"newer by a nanosecond", at(100), &Record{ID: "C1", EventTime: EventTime{100, 1}}, both, OnlineWritten},
		{"older by a nanosecond", &Record{ID: "C1", EventTime: EventTime{100, 1}}, at(100), both, OnlineStale},
		{"before 1970", at(-2), at(-1), both, OnlineWritten},
		{"newer than a tombstone", gone(100), at(101), both, OnlineWritten},
		{"equal to a tombstone", gone(100), at(100), both, OnlineWritten},
		{"older than a tombstone", gone(100), at(99), both, OnlineStale},
		{"offline alone", at(100), at(101), OfflineStore, OnlineUntouched},
		{"online alone", at(100), at(101), OnlineStore, OnlineWritten},
		{"online alone, older", at(100), at(99), OnlineStore, OnlineStale},
		{"expired already, none held", nil, living(at(100), 900), both, OnlineRemoved},
		{"expired already, newer", at(99), living(at(100), 900), both, OnlineRemoved},
		{"expired already, older", at(101), living(at(100), 900), both, OnlineStale},
		{"expires a second from now", at(99), living(at(100), 901), both, OnlineWritten},
		{"older than what has expired", living(at(100), 900), at(1), both, OnlineWritten},
		{"older than what is about to expire", living(at(100), 901), at(1), both, OnlineStale},
		{"offline alone over what has expired", living(at(100), 900), at(1), OfflineStore, OnlineUntouched},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := DecidePut(store(), c.held, c.put, c.stores, now)
			if d.Outcome != c.want || d.Journal != (c.stores&OfflineStore != 0) || d.Record != c.put || d.Accepted != now {
				t.Errorf("DecidePut = %+v; want the outcome %d", d, c.want)
			}
		})
	}
}

// TestDecideDelete is the table of contract §3.4.
func TestDecideDelete(t *testing.T) {
	now := time.Unix(1000, 0)
	cases := []struct {
		name   string
		held   *Record
		delete *Record
		mode   DeleteMode
		stores Stores
		want   Outcome // 0: Invalid
	}{
		{"soft, newer", at(100), gone(101), SoftDelete, both, OnlineWritten},
		{"soft, equal", at(100), gone(100), SoftDelete, both, OnlineStale},
		{"soft, older", at(100), gone(99), SoftDelete, both, OnlineStale},
		{"soft, none held", nil, gone(100), SoftDelete, both, OnlineWritten},
		{"soft, newer than a tombstone", gone(100), gone(101), SoftDelete, both, OnlineWritten},
		{"soft, older than a tombstone", gone(100), gone(99), SoftDelete, both, OnlineStale},
		{"soft, offline alone", at(100), gone(101), SoftDelete, OfflineStore, OnlineUntouched},
		{"soft, older than what has expired", living(at(100), 900), gone(1), SoftDelete, both, OnlineWritten},
		{"hard, newer", at(100), gone(101), HardDelete, both, OnlineRemoved},
		{"hard, equal", at(100), gone(100), HardDelete, both, 0},
		{"hard, older", at(100), gone(99), HardDelete, both, 0},
		{"hard, none held", nil, gone(100), HardDelete, both, OnlineRemoved},
		{"hard, newer than a tombstone", gone(100), gone(101), HardDelete, both, OnlineRemoved},
		{"hard, equal to a tombstone", gone(100), gone(100), HardDelete, both, 0},
		{"hard, older, offline alone", at(100), gone(99), HardDelete, OfflineStore, OnlineUntouched},
		{"hard, older, online alone", at(100), gone(99), HardDelete, OnlineStore, 0},
		{"hard, older than what has expired", living(at(100), 900), gone(1), HardDelete, both, OnlineRemoved},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, err := DecideDelete(store(), c.held, c.delete, c.mode, c.stores, now)
			if c.want == 0 {
				if KindOf(err) != Invalid || d != (Decision{}) {
					t.Errorf("DecideDelete = %+v, %v; want Invalid", d, err)
				}
				return
			}
			if err != nil || d.Outcome != c.want || d.Journal != (c.stores&OfflineStore != 0) || d.Record != c.delete {
				t.Errorf("DecideDelete = %+v, %v; want the outcome %d", d, err, c.want)
			}
		})
	}
}

// TestExpiredIsNothing says that a call decides the same over what has expired as over nothing, but
// that the expiry is journaled before it, if there is a journal.
func TestExpiredIsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held := living(at(rapid.Int64Range(0, 50).Draw(t, "held")), rapid.Int64Range(1, 50).Draw(t, "ttl"))
		now := time.Unix(rapid.Int64Range(0, 100).Draw(t, "now"), 0)
		second := rapid.Int64Range(0, 50).Draw(t, "event time")
		stores := Stores(rapid.IntRange(1, 3).Draw(t, "stores"))
		g := rapid.SampledFrom([]*Group{store(), customers()}).Draw(t, "group")
		decide := map[string]func(held *Record) (Decision, error){
			"put": func(held *Record) (Decision, error) { return DecidePut(g, held, at(second), stores, now), nil },
			"soft": func(held *Record) (Decision, error) {
				return DecideDelete(g, held, gone(second), SoftDelete, stores, now)
			},
			"hard": func(held *Record) (Decision, error) {
				return DecideDelete(g, held, gone(second), HardDelete, stores, now)
			},
		}[rapid.SampledFrom([]string{"put", "soft", "hard"}).Draw(t, "op")]
		got, err := decide(held)
		if expired := held.Expired(now); expired != (held.EventTime.Sec+held.TTL <= now.Unix()) {
			t.Fatalf("%+v at %v: expired is %v", held, now, expired)
		} else if !expired {
			if got.Expired != nil {
				t.Fatalf("a marker of what lives: %+v", got.Expired)
			}
			return
		}
		want, _ := decide(nil)
		if stores&OnlineStore != 0 && g.Offline != nil {
			expiry, _ := held.Expiry()
			want.Expired = g.marker("C1", expiry, expiry.String())
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("%v; over what has expired (-nothing +expired):\n%s", err, diff)
		}
	})
}

func TestDecideUpdate(t *testing.T) {
	now := time.Unix(1000, 0)
	set := func(values ...Value) *Update { return &Update{ID: "C1", Values: values} }
	timed := func(second int64) *Update {
		u := set(Value{Ordinal: 1, Text: EventTime{Sec: second}.String()})
		u.EventTime = &EventTime{Sec: second}
		return u
	}
	ttl := func(u *Update, seconds int64) *Update {
		u.TTL = &seconds
		return u
	}
	with := func(r *Record, values ...Value) *Record {
		r.Values = values
		return r
	}
	id := Value{Ordinal: 0, Text: "C1"}
	time100, time101 := Value{Ordinal: 1, Text: EventTime{Sec: 100}.String()}, Value{Ordinal: 1, Text: EventTime{Sec: 101}.String()}
	city, orders := Value{Ordinal: 4, Text: "Bern"}, Value{Ordinal: 2, Text: "3"}
	cases := []struct {
		name   string
		held   *Record
		update *Update
		want   *Record
	}{
		{"a feature that was null", at(100), set(orders), with(at(100), id, time100, orders, city)},
		{"a feature that had a value", at(100), set(Value{Ordinal: 4, Text: "Basel"}), with(at(100), id, time100, Value{Ordinal: 4, Text: "Basel"})},
		{"a feature to null", at(100), &Update{ID: "C1", Clear: []int{4}}, with(at(100), id, time100)},
		{"a null to null", at(100), &Update{ID: "C1", Clear: []int{2}}, at(100)},
		{"one set, one to null", at(100), &Update{ID: "C1", Values: []Value{orders}, Clear: []int{4}}, with(at(100), id, time100, orders)},
		{"a newer event time", at(100), timed(101), with(at(101), id, time101, city)},
		{"an equal event time", at(100), timed(100), at(100)},
		{"the time to live stays", living(at(100), 5000), set(orders), living(with(at(100), id, time100, orders, city), 5000)},
		{"the expiry moves with the event time", living(at(100), 5000), timed(101), living(with(at(101), id, time101, city), 5000)},
		{"another time to live", living(at(100), 5000), ttl(timed(101), 6000), living(with(at(101), id, time101, city), 6000)},
		{"a first time to live", at(100), ttl(timed(100), 6000), living(at(100), 6000)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := mustJSON(t, c.held)
			d, err := DecideUpdate(store(), c.held, c.update, both, now)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(Decision{Outcome: OnlineWritten, Record: c.want, Journal: true, Accepted: now}, d); diff != "" {
				t.Errorf("DecideUpdate (-want +got):\n%s", diff)
			}
			if got := mustJSON(t, c.held); got != before {
				t.Errorf("what is held changed to %s", got)
			}
		})
	}
}

func TestDecideUpdateRefuses(t *testing.T) {
	now := time.Unix(1000, 0)
	older := EventTime{Sec: 99}
	large := at(100)
	large.Values[2].Text = strings.Repeat("x", MaxRecordBytes-100)
	cases := []struct {
		name   string
		held   *Record
		update *Update
		want   Kind
	}{
		{"nothing held", nil, &Update{ID: "C1"}, NotFound},
		{"a tombstone", gone(100), &Update{ID: "C1"}, NotFound},
		{"expired", living(at(100), 900), &Update{ID: "C1"}, NotFound},
		{"an older event time", at(100), &Update{ID: "C1", EventTime: &older}, Outdated},
		{"too large with what is held", large, &Update{ID: "C1", Values: []Value{{Ordinal: 3, Text: strings.Repeat("1", 100)}}}, Invalid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, err := DecideUpdate(store(), c.held, c.update, both, now)
			if KindOf(err) != c.want || d != (Decision{}) {
				t.Errorf("DecideUpdate = %+v, %v; want kind %d", d, err, c.want)
			}
		})
	}
}

func TestDecideUpdateThatIsExpiredAlreadyHidesTheRecord(t *testing.T) {
	short := int64(1)
	now, same := time.Unix(1000, 0), EventTime{Sec: 100}
	d, err := DecideUpdate(store(), at(100), &Update{ID: "C1", EventTime: &same, TTL: &short}, both, now)
	if err != nil || d.Outcome != OnlineRemoved || !d.Journal || d.Expired != nil {
		t.Errorf("DecideUpdate = %+v, %v; want OnlineRemoved", d, err)
	}
}

func TestDecideExpire(t *testing.T) {
	fractional := store()
	fractional.Definitions[1].Type = Fractional
	half := &Record{ID: "C1", EventTime: EventTime{Sec: -11, Nsec: 500_000_000}, TTL: 10}
	cases := []struct {
		name string
		g    *Group
		held *Record
		by   time.Time
		want string // the text of the marker's event time; "": NotFound
	}{
		{"at its expiry", store(), living(at(100), 10), time.Unix(110, 0), "1970-01-01T00:01:50Z"},
		{"a nanosecond before", store(), living(at(100), 10), time.Unix(109, 999_999_999), ""},
		{"long after", store(), living(at(100), 10), time.Unix(5000, 0), "1970-01-01T00:01:50Z"},
		{"without a time to live", store(), at(100), time.Unix(1e10, 0), ""},
		{"nothing held", store(), nil, time.Unix(1e10, 0), ""},
		{"in seconds", fractional, living(at(100), 10), time.Unix(110, 0), "110"},
		{"in seconds before 1970", fractional, half, time.Unix(0, 0), "-0.5"},
		{"before 1970", store(), half, time.Unix(0, 0), "1969-12-31T23:59:59.5Z"},
		{"never later than event times go", store(), living(at(maxEventSec-5), 10), time.Unix(maxEventSec+5, 0), "9999-12-31T23:59:59.999999999Z"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, err := DecideExpire(c.g, c.held, c.by)
			if c.want == "" {
				if KindOf(err) != NotFound || d != (Decision{}) {
					t.Errorf("DecideExpire = %+v, %v; want NotFound", d, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			expiry, _ := c.held.Expiry()
			want := Decision{Outcome: OnlineRemoved, Journal: true, Accepted: c.by, Record: &Record{
				ID: "C1", EventTime: expiry, Deleted: true, Values: []Value{{Ordinal: 0, Text: "C1"}, {Ordinal: 1, Text: c.want}},
			}}
			if diff := cmp.Diff(want, d); diff != "" {
				t.Errorf("DecideExpire (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecideExpireWithoutAnOfflineStoreJournalsNothing(t *testing.T) {
	d, err := DecideExpire(customers(), living(at(100), 10), time.Unix(110, 0))
	if err != nil || d.Journal || d.Outcome != OnlineRemoved {
		t.Errorf("DecideExpire = %+v, %v", d, err)
	}
}

// TestMarkersNameTheirEventTime says that the text of a marker's event time is read back as its
// event time, in both types.
func TestMarkersNameTheirEventTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := store()
		g.Definitions[1].Type = rapid.SampledFrom([]Type{String, Fractional}).Draw(t, "type")
		held := &Record{
			ID:        "C1",
			EventTime: EventTime{Sec: rapid.Int64Range(minEventSec, maxEventSec).Draw(t, "second"), Nsec: int32(rapid.IntRange(0, 999_999_999).Draw(t, "nanosecond"))},
			TTL:       rapid.Int64Range(1, maxTTL).Draw(t, "ttl"),
		}
		m := expiryMarker(g, held)
		got, err := ParseEventTime(g.Definitions[1].Type, m.Values[1].Text)
		if err != nil || got != m.EventTime {
			t.Fatalf("%q is %v, %v; the marker's event time is %v", m.Values[1].Text, got, err, m.EventTime)
		}
		if _, err := g.Tombstone(m.ID, m.Values[1].Text); err != nil {
			t.Fatalf("a writer could not have written the marker: %v", err)
		}
	})
}
