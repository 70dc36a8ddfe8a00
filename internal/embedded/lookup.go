package embedded

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/feature"
)

// A lookup is the memory of one Get, used again by others. It holds what is held of the identifiers as it
// is stored, until all of it is durable; only then is any of it kept, decoded or shown.
type lookup struct {
	key    []byte
	found  []found // by place
	order  []int   // the places of what is not kept, in the order of the identifiers
	record feature.Record
}

// A found is what is held of one identifier.
type found struct {
	latch  *latch
	writes uint64 // under latch, before it was read
	value  string
	held   bool // otherwise there is no value
}

// Get implements feature.Records.
func (r *Records) Get(ctx context.Context, g feature.GroupID, ids []string, show func(i int, r *feature.Record) bool) error {
	l := r.lookups.Get().(*lookup)
	defer func() {
		clear(l.found) // so that it holds no values
		r.lookups.Put(l)
	}()
	l.found, l.order = slices.Grow(l.found[:0], len(ids))[:len(ids)], l.order[:0]
	for i, id := range ids {
		l.key = appendRecordKey(l.key[:0], g, id)
		f := &l.found[i]
		*f = found{latch: r.latch(l.key)}
		f.writes = f.latch.writes.Load()
		if f.value, f.held = r.kept.find(l.key, f.writes); !f.held {
			l.order = append(l.order, i)
		}
	}
	if err := r.read(l, g, ids); err != nil {
		return err
	}
	for i := range l.found {
		if err := l.found[i].latch.settle(ctx); err != nil {
			return err
		}
	}
	for _, i := range l.order {
		// An even count: what was applied before was all visible, and is durable now. What was applied since has
		// another count, and the row will not be found.
		if f := &l.found[i]; f.held && f.writes%2 == 0 {
			r.kept.put(appendRecordKey(l.key[:0], g, ids[i]), f.writes, f.value)
		}
	}
	for i := range l.found {
		if !l.found[i].held {
			continue
		}
		if err := readRecord(l.found[i].value, &l.record); err != nil {
			return fmt.Errorf("record %q: %w", ids[i], err)
		}
		if !l.record.Deleted && !show(i, &l.record) {
			return nil
		}
	}
	return nil
}

// fewLookups is up to how many identifiers each is looked up by itself: to make an iterator costs as much as
// that of some.
const fewLookups = 3

// read finds what is held of the identifiers at the places of order.
func (r *Records) read(l *lookup, g feature.GroupID, ids []string) error {
	if len(l.order) > fewLookups {
		return r.readMany(l, g, ids)
	}
	for _, i := range l.order {
		l.key = appendRecordKey(l.key[:0], g, ids[i])
		value, closer, err := r.s.db.Get(l.key)
		if errors.Is(err, pebble.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("record %q: read the database: %w", ids[i], err)
		}
		l.found[i].value, l.found[i].held = string(value), true
		if err := closer.Close(); err != nil {
			return fmt.Errorf("record %q: read the database: %w", ids[i], err)
		}
	}
	return nil
}

// readMany reads by one iterator, in the order of the keys: the next place is near, tables and their indexes
// stay open.
func (r *Records) readMany(l *lookup, g feature.GroupID, ids []string) error {
	slices.SortFunc(l.order, func(a, b int) int { return cmp.Compare(ids[a], ids[b]) })
	it, err := r.s.db.NewIter(&pebble.IterOptions{LowerBound: recordKey(g, ""), UpperBound: groupEnd(recordKeys, g)})
	if err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	// What went wrong in reading is it.Error, which is looked at; Close would repeat it.
	defer func() { _ = it.Close() }()
	for n, i := range l.order {
		f := &l.found[i]
		if n > 0 && ids[l.order[n-1]] == ids[i] {
			before := &l.found[l.order[n-1]]
			f.value, f.held = before.value, before.held
			continue
		}
		l.key = appendRecordKey(l.key[:0], g, ids[i])
		if !it.SeekPrefixGE(l.key) || !bytes.Equal(it.Key(), l.key) {
			if err := it.Error(); err != nil {
				return fmt.Errorf("record %q: read the database: %w", ids[i], err)
			}
			continue
		}
		value, err := it.ValueAndErr()
		if err != nil {
			return fmt.Errorf("record %q: read the database: %w", ids[i], err)
		}
		f.value, f.held = string(value), true
	}
	return nil
}
