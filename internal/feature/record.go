package feature

import "time"

// A Value is the text of one feature, as it was put.
type Value struct {
	Ordinal int // of the feature in Group.Definitions
	Text    string
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
