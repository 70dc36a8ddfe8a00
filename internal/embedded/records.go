package embedded

import (
	"context"
	"fmt"
	"hash/maphash"
	"iter"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

var _ feature.Records = (*Records)(nil)

// stripes is the number of latches of the records. Two identifiers that share one wait for each
// other's decision, and a read waits for the sync of a write beside it: with 64 writers at work
// that meets one read in 256.
const stripes = 1 << 14

// Records is the online store and the journal.
type Records struct {
	s       *Store
	seed    maphash.Seed
	latches [stripes]latch
}

func (r *Records) latch(key []byte) *latch {
	return &r.latches[maphash.Bytes(r.seed, key)%stripes]
}

func (r *Records) all() []*latch {
	all := make([]*latch, stripes)
	for i := range all {
		all[i] = &r.latches[i]
	}
	return all
}

// lockAll stops every Do; the function that it returns lets them go on.
func (r *Records) lockAll() (unlock func()) {
	for i := range r.latches {
		r.latches[i].mu.Lock()
	}
	return func() {
		for i := range r.latches {
			r.latches[i].mu.Unlock()
		}
	}
}

// Do implements feature.Records. NotFound if the group is deleted. It runs decide once, under a
// lock that other identifiers may share, so decide must be quick.
func (r *Records) Do(ctx context.Context, g *feature.Group, id string, decide func(held *feature.Record) (feature.Decision, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	key := recordKey(g.ID, id)
	l := r.latch(key)
	c, err := r.decide(l, key, g.ID, id, decide)
	if c != nil {
		r.s.finish(c, l)
		return nil
	}
	if err != nil {
		// What decide refused may rest on what it was shown.
		if settle := l.settle(ctx); settle != nil {
			return settle
		}
		return err
	}
	return l.settle(ctx)
}

// decide reads, decides and applies. It returns nil for the commit if there is nothing to write.
func (r *Records) decide(l *latch, key []byte, g feature.GroupID, id string, decide func(held *feature.Record) (feature.Decision, error)) (*commit, error) {
	// The read may go to the disk under the lock: a decision must not see an older state.
	l.mu.Lock()
	defer l.mu.Unlock()
	m := r.s.groups.live(g)
	if m == nil {
		return nil, feature.Errorf(feature.NotFound, "the feature group was deleted")
	}
	held, err := r.held(key, id)
	if err != nil {
		return nil, err
	}
	d, err := decide(held)
	if err != nil {
		return nil, err
	}
	if d.Record == nil && (d.Journal || d.Outcome == feature.OnlineWritten) {
		return nil, fmt.Errorf("record %q: the decision has no record", id)
	}
	b := r.s.db.NewBatch()
	switch d.Outcome {
	case feature.OnlineWritten:
		set(b, key, encodeRecord(d.Record))
	case feature.OnlineRemoved:
		remove(b, key)
	}
	if !d.Journal {
		if b.Empty() {
			discard(b)
			return nil, nil
		}
		return r.s.apply(b, l), nil
	}
	e := &feature.Entry{Record: *d.Record, Position: r.s.clock.stamp(), Accepted: d.Accepted, Outcome: d.Outcome}
	value := encodeEntry(e)
	set(b, journalKey(g, e.Position), value)
	c := r.s.apply(b, l)
	r.s.clock.land(e.Position)
	m.waiting.Add(int64(len(value)) + journalKeySize)
	return c, nil
}

// Get implements feature.Records.
func (r *Records) Get(ctx context.Context, g feature.GroupID, ids []string) ([]*feature.Record, error) {
	found := make([]*feature.Record, len(ids))
	for i, id := range ids {
		key := recordKey(g, id)
		rec, err := r.held(key, id)
		if err != nil {
			return nil, err
		}
		if err := r.latch(key).settle(ctx); err != nil {
			return nil, err
		}
		if rec != nil && !rec.Deleted {
			found[i] = rec
		}
	}
	return found, nil
}

// Scan implements feature.Records.
func (r *Records) Scan(ctx context.Context, g feature.GroupID, after string) iter.Seq2[*feature.Record, error] {
	panic("not written yet")
}

// Expired implements feature.Records.
func (r *Records) Expired(ctx context.Context, g feature.GroupID, by time.Time, limit int) ([]string, error) {
	panic("not written yet")
}

// Size implements feature.Records. What is not yet in a table of Pebble's is not counted.
func (r *Records) Size(_ context.Context, g feature.GroupID) (int64, error) {
	n, err := r.s.db.EstimateDiskUsage(recordKey(g, ""), recordKey(g+1, ""))
	if err != nil {
		return 0, fmt.Errorf("measure the records of group %d: %w", g, err)
	}
	return int64(n), nil
}

// held reads what is held for the identifier, a tombstone too; nil for nothing.
func (r *Records) held(key []byte, id string) (*feature.Record, error) {
	var rec *feature.Record
	_, err := get(r.s.db, key, func(value []byte) (err error) {
		rec, err = decodeRecord(value)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("record %q: %w", id, err)
	}
	return rec, nil
}
