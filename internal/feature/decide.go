package feature

import "time"

// DeleteMode says how much a delete forgets (contract §3.4).
type DeleteMode uint8

// The modes.
const (
	SoftDelete DeleteMode = iota // leaves a tombstone
	HardDelete                   // leaves nothing
)

// DecidePut decides what a put of r to the stores does, given what is held (contract §3.1): an
// event time that is newer or equal replaces, an older one changes nothing online, and both are
// history. It is pure.
func DecidePut(held, r *Record, stores Stores, accepted time.Time) Decision {
	d := Decision{Outcome: OnlineUntouched, Record: r, Journal: stores&OfflineStore != 0, Accepted: accepted}
	if stores&OnlineStore != 0 {
		d.Outcome = OnlineWritten
		if held != nil && r.EventTime.Compare(held.EventTime) < 0 {
			d.Outcome = OnlineStale
		}
	}
	return d
}

// DecideDelete decides what a delete that would leave the tombstone does (contract §3.4, §11.6,
// §11.9). A soft delete that is not newer than what is held changes nothing online and is still
// history; such a hard delete is Invalid and writes nothing. It is pure.
func DecideDelete(held, tombstone *Record, mode DeleteMode, stores Stores, accepted time.Time) (Decision, error) {
	d := Decision{Outcome: OnlineUntouched, Record: tombstone, Journal: stores&OfflineStore != 0, Accepted: accepted}
	if stores&OnlineStore == 0 {
		return d, nil
	}
	newer := held == nil || tombstone.EventTime.Compare(held.EventTime) > 0
	switch {
	case mode == SoftDelete && newer:
		d.Outcome = OnlineWritten
	case mode == SoftDelete:
		d.Outcome = OnlineStale
	case newer:
		d.Outcome = OnlineRemoved
	default:
		return Decision{}, Errorf(Invalid, "the event time %s of the HardDelete is not later than %s, that of the record held; give a later event time", tombstone.EventTime, held.EventTime)
	}
	return d, nil
}
