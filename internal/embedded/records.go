package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"slices"
	"sync"

	"github.com/cockroachdb/pebble/v2"

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
	plans   sync.Pool // of *plan
	lookups sync.Pool // of *lookup
	kept    kept
}

func (r *Records) latch(key []byte) *latch {
	return &r.latches[r.stripe(key)]
}

func (r *Records) stripe(key []byte) int { return int(maphash.Bytes(r.seed, key) % stripes) }

// latchesAt appends the latches at places, each once, in the order in which everybody takes them who
// takes more than one. It may change places.
func (r *Records) latchesAt(to []*latch, places []int) []*latch {
	slices.Sort(places)
	for _, at := range slices.Compact(places) {
		to = append(to, &r.latches[at])
	}
	return to
}

func (r *Records) all() []*latch {
	all := make([]*latch, stripes)
	for i := range all {
		all[i] = &r.latches[i]
	}
	return all
}

// settle returns when all that could be read of the records before the call is durable.
func (r *Records) settle(ctx context.Context) error {
	for i := range r.latches {
		if err := r.latches[i].settle(ctx); err != nil {
			return err
		}
	}
	return nil
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

// checkDecision refuses what no rule decides.
func checkDecision(d *feature.Decision) error {
	holds := d.Outcome == feature.OnlineWritten
	switch {
	case d.Record == nil && (d.Journal || holds):
		return errors.New("the decision has no record")
	case d.Expired != nil && !holds && d.Outcome != feature.OnlineRemoved:
		return errors.New("the decision says that what is held has expired, and leaves it")
	}
	return nil
}

// setEntry returns how many bytes of the journal the entry takes.
func setEntry(b *pebble.Batch, g feature.GroupID, e *feature.Entry) int64 {
	value := encodeEntry(e)
	set(b, journalKey(g, e.Position), value)
	return int64(len(value)) + journalKeySize
}

// scanStretch is how many records of a scan are read as they stand at one moment. What a reader sees
// Pebble must keep, so a scan that takes long may not be one.
const scanStretch = 4096

// Scan implements feature.Records. It holds no lock. Stretch by stretch it shows what is durable at
// the moment at which it comes there.
func (r *Records) Scan(ctx context.Context, g feature.GroupID, after string) iter.Seq2[*feature.Record, error] {
	return func(yield func(*feature.Record, error) bool) {
		from, upper := recordKey(g, after), groupEnd(recordKeys, g)
		if after != "" {
			from = append(from, 0) // the smallest key that is larger
		}
		for from != nil {
			next, err := r.scanStretch(ctx, from, upper, yield)
			if err != nil {
				yield(nil, err)
				return
			}
			from = next
		}
	}
}

// scanStretch yields records of from ≤ key < upper. It returns where the next stretch begins, nil if
// there is none or yield wants no more.
func (r *Records) scanStretch(ctx context.Context, from, upper []byte, yield func(*feature.Record, error) bool) ([]byte, error) {
	// That something is not held rests on every write that was visible, not only on those shown.
	ready := func() error { return r.settle(ctx) }
	n := 0
	for row, err := range rows(r.s.db, from, upper, ready) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		rec, err := recordOf(row)
		if err != nil {
			return nil, err
		}
		if !yield(rec, nil) {
			return nil, nil
		}
		if n++; n == scanStretch {
			return append(bytes.Clone(row.key), 0), nil
		}
	}
	return nil, nil
}

// recordOf decodes a row of what is held.
func recordOf(row row) (*feature.Record, error) {
	r, err := decodeRecord(row.value)
	if err != nil {
		return nil, fmt.Errorf("record %q: %w", row.key, err)
	}
	return r, nil
}

// Size implements feature.Records. What is not yet in a table of Pebble's is not counted.
func (r *Records) Size(_ context.Context, g feature.GroupID) (int64, error) {
	n, err := r.s.db.EstimateDiskUsage(recordKey(g, ""), groupEnd(recordKeys, g))
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
