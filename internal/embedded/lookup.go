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
// is stored, until all of it is durable; only then is any of it decoded and shown.
type lookup struct {
	key    []byte
	order  []int  // the places of the identifiers, in the order of these
	values []byte // one after the other
	spans  []span // by place
	record feature.Record
}

// A span is where in values something is.
type span struct{ from, to int }

// nothing is the span of what is not held.
var nothing = span{-1, -1}

// most is how much memory a lookup may have to be used again.
const most = 1 << 20

// Get implements feature.Records.
func (r *Records) Get(ctx context.Context, g feature.GroupID, ids []string, show func(i int, r *feature.Record) bool) error {
	l := r.lookups.Get().(*lookup)
	defer func() {
		if cap(l.values) <= most {
			r.lookups.Put(l)
		}
	}()
	if err := r.read(l, g, ids); err != nil {
		return err
	}
	for _, id := range ids {
		l.key = appendRecordKey(l.key[:0], g, id)
		if err := r.latch(l.key).settle(ctx); err != nil {
			return err
		}
	}
	values := string(l.values) // which texts share
	for i, at := range l.spans {
		if at == nothing {
			continue
		}
		if err := readRecord(values[at.from:at.to], &l.record); err != nil {
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

// read fills l with what is held of the identifiers.
func (r *Records) read(l *lookup, g feature.GroupID, ids []string) error {
	l.values, l.spans = l.values[:0], slices.Grow(l.spans[:0], len(ids))[:len(ids)]
	if len(ids) > fewLookups {
		return r.readMany(l, g, ids)
	}
	for i, id := range ids {
		l.key = appendRecordKey(l.key[:0], g, id)
		value, closer, err := r.s.db.Get(l.key)
		if errors.Is(err, pebble.ErrNotFound) {
			l.spans[i] = nothing
			continue
		}
		if err != nil {
			return fmt.Errorf("record %q: read the database: %w", id, err)
		}
		l.add(i, value)
		if err := closer.Close(); err != nil {
			return fmt.Errorf("record %q: read the database: %w", id, err)
		}
	}
	return nil
}

func (l *lookup) add(i int, value []byte) {
	from := len(l.values)
	l.values = append(l.values, value...)
	l.spans[i] = span{from, len(l.values)}
}

// readMany reads by one iterator, in the order of the keys: the next place is near, tables and their indexes
// stay open.
func (r *Records) readMany(l *lookup, g feature.GroupID, ids []string) error {
	l.order = l.order[:0]
	for i := range ids {
		l.order = append(l.order, i)
	}
	slices.SortFunc(l.order, func(a, b int) int { return cmp.Compare(ids[a], ids[b]) })
	it, err := r.s.db.NewIter(&pebble.IterOptions{LowerBound: recordKey(g, ""), UpperBound: groupEnd(recordKeys, g)})
	if err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	// What went wrong in reading is it.Error, which is looked at; Close would repeat it.
	defer func() { _ = it.Close() }()
	for n, i := range l.order {
		if n > 0 && ids[l.order[n-1]] == ids[i] {
			l.spans[i] = l.spans[l.order[n-1]]
			continue
		}
		l.key = appendRecordKey(l.key[:0], g, ids[i])
		if !it.SeekPrefixGE(l.key) || !bytes.Equal(it.Key(), l.key) {
			if err := it.Error(); err != nil {
				return fmt.Errorf("record %q: read the database: %w", ids[i], err)
			}
			l.spans[i] = nothing
			continue
		}
		value, err := it.ValueAndErr()
		if err != nil {
			return fmt.Errorf("record %q: read the database: %w", ids[i], err)
		}
		l.add(i, value)
	}
	return nil
}
