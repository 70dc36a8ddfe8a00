package feature

import (
	"slices"
	"time"
)

// DeleteMode says how much a delete forgets (contract §3.4).
type DeleteMode uint8

// The modes.
const (
	SoftDelete DeleteMode = iota // leaves a tombstone
	HardDelete                   // leaves nothing
)

// The decisions below are pure. held is what the online store holds of the identifier, nil for
// nothing; what has expired when the call was accepted counts as nothing, and its expiry is
// journaled before the call.

// DecidePut decides what a put of r to the stores does (contract §3.1, §3.5): an event time that is
// newer or equal replaces, an older one changes nothing online, and both are history. A record
// that has expired already is history too, and hides what it would have replaced.
func DecidePut(g *Group, held, r *Record, stores Stores, accepted time.Time) Decision {
	d := begin(g, &held, r, stores, accepted)
	if stores&OnlineStore == 0 {
		return d
	}
	switch {
	case held != nil && r.EventTime.Compare(held.EventTime) < 0:
		d.Outcome = OnlineStale
	case r.Expired(accepted):
		d.Outcome = OnlineRemoved
	default:
		d.Outcome = OnlineWritten
	}
	return d
}

// DecideDelete decides what a delete that would leave the tombstone does (contract §3.4, §11.6,
// §11.9). A soft delete that is not newer than what is held changes nothing online and is still
// history; such a hard delete is Invalid and writes nothing.
func DecideDelete(g *Group, held, tombstone *Record, mode DeleteMode, stores Stores, accepted time.Time) (Decision, error) {
	d := begin(g, &held, tombstone, stores, accepted)
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

// An Update is some features of a record to change (contract §2.8). It has been checked against
// its group (Group.CheckUpdate) and is not changed after.
type Update struct {
	ID string
	// Values are the features to set, sorted by ordinal, at most one a feature. Clear are the
	// ordinals of those to make null, sorted; a feature is in one of the two at most.
	Values []Value
	Clear  []int
	// EventTime is the one among Values; nil if there is none: that of the record stays.
	EventTime *EventTime
	TTL       *int64 // seconds; nil: that of the record stays
}

// DecideUpdate decides what an update does: the whole record, with u in it, is held and is
// history. NotFound: no record is held; Outdated: u's event time is older than the record's;
// Invalid: the record would be too large.
func DecideUpdate(g *Group, held *Record, u *Update, stores Stores, accepted time.Time) (Decision, error) {
	if held == nil || held.Deleted || held.Expired(accepted) {
		return Decision{}, Errorf(NotFound, "the feature group %s holds no record %s; put it first", g.Name, quote(u.ID))
	}
	r := &Record{ID: held.ID, EventTime: held.EventTime, TTL: held.TTL, Values: merge(held.Values, u)}
	if u.EventTime != nil {
		if u.EventTime.Compare(held.EventTime) < 0 {
			return Decision{}, Errorf(Outdated, "the event time %s is older than %s, that of the record held; give a later one, or leave it out", u.EventTime, held.EventTime)
		}
		r.EventTime = *u.EventTime
	}
	if u.TTL != nil {
		r.TTL = *u.TTL
	}
	if err := g.checkSize(r.Values); err != nil {
		return Decision{}, err
	}
	return DecidePut(g, held, r, stores, accepted), nil
}

// merge returns the values of a record after an update.
func merge(held []Value, u *Update) []Value {
	values := slices.Clone(u.Values)
	for _, v := range held {
		if _, set := slices.BinarySearchFunc(u.Values, v.Ordinal, byOrdinal); set || slices.Contains(u.Clear, v.Ordinal) {
			continue
		}
		values = append(values, v)
	}
	slices.SortFunc(values, func(a, b Value) int { return a.Ordinal - b.Ordinal })
	return values
}

func byOrdinal(v Value, ordinal int) int { return v.Ordinal - ordinal }

// DecideExpire decides that what is held has expired by an instant: nothing is held any more, and
// the offline history gets a marker (contract §3.5). NotFound: nothing is held that has expired.
func DecideExpire(g *Group, held *Record, by time.Time) (Decision, error) {
	if !held.Expired(by) {
		return Decision{}, Errorf(NotFound, "nothing has expired")
	}
	return Decision{
		Outcome: OnlineRemoved, Record: expiryMarker(g, held), Journal: g.Offline != nil, Accepted: by.Truncate(time.Microsecond),
	}, nil
}

// begin is what all writes of r have in common. If what is held has expired, it is nothing from
// here on.
func begin(g *Group, held **Record, r *Record, stores Stores, accepted time.Time) Decision {
	d := Decision{Outcome: OnlineUntouched, Record: r, Journal: stores&OfflineStore != 0, Accepted: accepted.Truncate(time.Microsecond)}
	if stores&OnlineStore != 0 && (*held).Expired(accepted) {
		if g.Offline != nil {
			d.Expired = expiryMarker(g, *held)
		}
		*held = nil
	}
	return d
}

// expiryMarker makes the delete marker of a record that has expired: its event time is the expiry
// (contract §3.5), in the form of the group's event-time feature.
func expiryMarker(g *Group, held *Record) *Record {
	at, _ := held.Expiry()
	text := at.String()
	if i := g.Ordinal(g.EventTime); i >= 0 && g.Definitions[i].Type == Fractional {
		text = EpochText(at)
	}
	return g.marker(held.ID, at, text)
}
