package feature

import "time"

// A Value is what one feature has in one record, as it was put.
type Value struct {
	Ordinal int    // of the feature in Group.Definitions
	Text    string // of a Scalar
	// List is the elements of a collection, never empty; nil for a Scalar. Of a Set each is there
	// once, in the order in which they were first given.
	List []string
}

// Size returns how many bytes the texts of v have.
func (v *Value) Size() int {
	n := len(v.Text)
	for _, e := range v.List {
		n += len(e)
	}
	return n
}

// A Record is the values of one identifier at one event time. It has been checked against its
// group (Group.Check) and is not changed after.
type Record struct {
	ID        string
	EventTime EventTime
	// Values are sorted by ordinal, at most one a feature; a feature without one is null. The
	// identifier and the event time are among them. Of a deleted record only these two are.
	Values  []Value
	Deleted bool // a tombstone: hides the identifier, and beats older records
	// TTL is how many seconds after its event time the record expires; 0: never. From then on
	// nobody sees it, and it beats no other, as after a HardDelete (contract §3.5).
	TTL int64
	// Position is, of a record that is held, that of the entry that wrote it; 0 if the offline
	// store was not its target, and of a record that is not held.
	Position Position
}

// Expiry returns the instant at which r expires, the end of the range of event times at the
// latest. It is not ok if r never does.
func (r *Record) Expiry() (at EventTime, ok bool) {
	if r.TTL == 0 {
		return EventTime{}, false
	}
	// Neither is near the end of int64: event times end in 9999, and TTL.Seconds is bounded.
	if sec := r.EventTime.Sec + r.TTL; sec <= maxEventSec {
		return EventTime{Sec: sec, Nsec: r.EventTime.Nsec}, true
	}
	return EventTime{Sec: maxEventSec, Nsec: 999_999_999}, true
}

// Expired tells whether r, which may be nil, has expired at an instant. At its expiry it has.
func (r *Record) Expired(at time.Time) bool {
	if r == nil {
		return false
	}
	expiry, ok := r.Expiry()
	return ok && expiry.Compare(EventTime{Sec: at.Unix(), Nsec: int32(at.Nanosecond())}) <= 0
}

// Position is a write time: microseconds since 1970. Positions are strictly increasing over the
// whole store, through restarts too, so each names one entry.
type Position int64

// Time returns the instant that p stands for.
func (p Position) Time() time.Time { return time.UnixMicro(int64(p)).UTC() }

// Outcome is what an entry did to the online store.
type Outcome uint8

// The outcomes of a decision.
const (
	OnlineUntouched Outcome = iota + 1 // the online store was not a target
	OnlineWritten                      // the record or tombstone is held now
	OnlineRemoved                      // nothing is held now
	OnlineStale                        // a later event time is held; nothing changed
)

// An Entry is one line of the journal, and one row of the offline table.
type Entry struct {
	Record   Record
	Position Position  // write_time
	Accepted time.Time // api_invocation_time: when the service received the call, to the microsecond
	Outcome  Outcome
}

// Stores is a set of stores.
type Stores uint8

// The stores that a write may target.
const (
	OnlineStore Stores = 1 << iota
	OfflineStore
)
