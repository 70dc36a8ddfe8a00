package embedded

import (
	"context"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/feature"
)

// The index of expiries has one key for each record that is held and expires, and no other. A
// write of a record changes both in one commit.

// A lapse is when a record expires, if it does.
type lapse struct {
	at  feature.EventTime
	set bool
}

// lapseOf takes nil for a record that is not held.
func lapseOf(r *feature.Record) lapse {
	if r == nil {
		return lapse{}
	}
	at, set := r.Expiry()
	return lapse{at, set}
}

// moveLapse brings the index from what was held of an identifier to what is.
func moveLapse(b *pebble.Batch, g feature.GroupID, id string, was, is lapse) {
	if was == is {
		return
	}
	if was.set {
		remove(b, expiryKey(g, was.at, id))
	}
	if is.set {
		set(b, expiryKey(g, is.at, id), nil)
	}
}

// Expired implements feature.Records. Records that expire at one instant come in the order of their
// identifiers. What another call writes or removes meanwhile may be missing or may be there.
func (r *Records) Expired(ctx context.Context, g feature.GroupID, by time.Time, limit int) ([]string, error) {
	from := numberKey(expiryKeys, uint64(g), "")
	upTo := expiryKey(g, feature.EventTime{Sec: by.Unix(), Nsec: int32(by.Nanosecond()) + 1}, "")
	var ids []string
	for row, err := range rows(r.s.db, from, upTo, nil) {
		if err != nil {
			return nil, err
		}
		if len(ids) >= limit {
			break
		}
		_, _, id, err := splitExpiryKey(row.key)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	for _, id := range ids {
		if err := r.latch(recordKey(g, id)).settle(ctx); err != nil {
			return nil, err
		}
	}
	return ids, nil
}
