package embedded

import (
	"bytes"

	"github.com/larder-dev/larder/internal/feature"
)

// A head is who a record is of and when it holds, or that none is held of an identifier. It has no
// pointer, so that the collector of garbage need not look at any of them.
type head struct {
	at      feature.EventTime
	ttl     int64
	held    bool
	deleted bool
	size    uint8    // of the key, 0 for none
	key     [61]byte // of what is held; a longer one is not kept
}

// headOf takes nil for nothing.
func headOf(r *feature.Record) head {
	if r == nil {
		return head{}
	}
	return head{at: r.EventTime, ttl: r.TTL, held: true, deleted: r.Deleted}
}

// record returns nil, or to, made what a step is given.
func (h *head) record(to *feature.Record, id string) *feature.Record {
	if !h.held {
		return nil
	}
	*to = feature.Record{ID: id, EventTime: h.at, TTL: h.ttl, Deleted: h.deleted}
	return to
}

// heads are those of the identifiers that were last written under a latch, so that the next decision on
// them reads nothing (docs/decisions/heads.md). The latch guards them. Whoever changes what is held notes
// it, or forgets them all.
type heads struct {
	all  [8]head
	next uint8 // the place that is taken next
}

// find returns nil if the head of a key is not known. h may be nil.
func (h *heads) find(key []byte) *head {
	if h == nil {
		return nil
	}
	for i := range h.all {
		if e := &h.all[i]; bytes.Equal(e.key[:e.size], key) {
			return e
		}
	}
	return nil
}

// note keeps the head of a key that is not empty. The caller holds mu.
func (l *latch) note(key []byte, now head) {
	if len(key) > len(now.key) {
		return
	}
	if l.heads == nil {
		l.heads = new(heads)
	}
	e := l.heads.find(key)
	if e == nil {
		e = &l.heads.all[l.heads.next]
		l.heads.next = (l.heads.next + 1) % uint8(len(l.heads.all))
	}
	now.size = uint8(copy(now.key[:], key))
	*e = now
}
