package feature

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A shelf is a naive model of one identifier: everything that ever happened to it, oldest first,
// from which what is held is worked out anew each time.
type shelf struct {
	online []shelved // since the shelf was last emptied
	rows   int       // of the offline table
}

type shelved struct {
	time    int64
	deleted bool
}

// held is the event with the latest time; among equal ones the last put, or the first event if
// no put is among them, because a delete does not beat its equal and a put does.
func (s *shelf) held() (best shelved, any bool) {
	for _, e := range s.online {
		if !any || e.time > best.time || e.time == best.time && !e.deleted {
			best, any = e, true
		}
	}
	return best, any
}

// TestDecisionsFollowTheNaiveModel drives the pure decisions through random histories and holds
// what they leave, online and offline, against the model.
func TestDecisionsFollowTheNaiveModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		model := &shelf{}
		var held *Record
		rows := 0
		for step := range rapid.IntRange(1, 40).Draw(t, "steps") {
			at := int64(rapid.IntRange(0, 5).Draw(t, "event time"))
			stores := Stores(rapid.IntRange(1, 3).Draw(t, "stores"))
			r := &Record{ID: "x", EventTime: EventTime{Sec: at}}
			var d Decision
			var err error
			refused := false
			switch op := rapid.SampledFrom([]string{"put", "soft", "hard"}).Draw(t, "op"); op {
			case "put":
				d = DecidePut(shelfGroup(), held, r, stores, time.Unix(int64(step), 0))
				model.write(stores, shelved{time: at})
			case "soft":
				r.Deleted = true
				d, err = DecideDelete(shelfGroup(), held, r, SoftDelete, stores, time.Unix(int64(step), 0))
				model.write(stores, shelved{time: at, deleted: true})
			case "hard":
				r.Deleted = true
				d, err = DecideDelete(shelfGroup(), held, r, HardDelete, stores, time.Unix(int64(step), 0))
				refused = model.hardDelete(stores, at)
			}
			if refused != (err != nil) || err != nil && KindOf(err) != Invalid {
				t.Fatalf("step %d: error %v; the model refuses: %v", step, err, refused)
			}
			if err == nil {
				held, rows = apply(t, d, held, rows, stores)
			}
			compareShelf(t, step, model, held, rows)
		}
	})
}

func (s *shelf) write(stores Stores, e shelved) {
	if stores&OnlineStore != 0 {
		s.online = append(s.online, e)
	}
	if stores&OfflineStore != 0 {
		s.rows++
	}
}

func (s *shelf) hardDelete(stores Stores, at int64) (refused bool) {
	if stores&OnlineStore != 0 {
		if held, any := s.held(); any && at <= held.time {
			return true
		}
		s.online = nil
	}
	if stores&OfflineStore != 0 {
		s.rows++
	}
	return false
}

// apply does what a backend does with a decision.
func apply(t *rapid.T, d Decision, held *Record, rows int, stores Stores) (*Record, int) {
	if online := d.Outcome != OnlineUntouched; online != (stores&OnlineStore != 0) {
		t.Fatalf("outcome %v for the stores %b", d.Outcome, stores)
	}
	if d.Journal {
		rows++
	}
	switch d.Outcome {
	case OnlineWritten:
		return d.Record, rows
	case OnlineRemoved:
		return nil, rows
	}
	return held, rows
}

func compareShelf(t *rapid.T, step int, model *shelf, held *Record, rows int) {
	if rows != model.rows {
		t.Fatalf("step %d: %d rows offline; the model has %d", step, rows, model.rows)
	}
	want, any := model.held()
	if any != (held != nil) || any && (held.EventTime.Sec != want.time || held.Deleted != want.deleted) {
		t.Fatalf("step %d: held %+v; the model has %+v (%v)", step, held, want, any)
	}
}

// TestPutsCommute says that puts alone leave the same, in whatever order they come, but for
// equal event times.
func TestPutsCommute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOfNDistinct(rapid.Int64Range(-100, 100), 1, 10, rapid.ID[int64]).Draw(t, "times")
		order := rapid.Permutation(times).Draw(t, "order")
		var a, b *Record
		for i := range times {
			a = latest(a, times[i])
			b = latest(b, order[i])
		}
		if a.EventTime != b.EventTime {
			t.Fatalf("%v leaves %v, %v leaves %v", times, a.EventTime, order, b.EventTime)
		}
	})
}

func latest(held *Record, at int64) *Record {
	d := DecidePut(shelfGroup(), held, &Record{EventTime: EventTime{Sec: at}}, OnlineStore, time.Time{})
	if d.Outcome == OnlineWritten {
		return d.Record
	}
	return held
}

// shelfGroup is the group of the records above.
func shelfGroup() *Group {
	g := customers()
	g.Offline = &Offline{}
	return g
}
