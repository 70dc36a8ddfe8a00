package embedded

import (
	"bytes"
	"context"
	"fmt"
	"iter"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
)

var (
	_ ingest.Imports = (*Imports)(nil)
	_ ingest.Loader  = (*Imports)(nil)
)

// Imports is the catalog of imports, and how they get into the stores. Their keys begin with the time
// of their start, so that the order of the keys is that of List.
type Imports struct {
	s     *Store
	latch latch // taken before the index's and the records', where both are
}

// Imports returns the imports.
func (s *Store) Imports() *Imports { return &s.imports }

// Create implements ingest.Imports.
func (x *Imports) Create(ctx context.Context, i *ingest.Import) (*ingest.Import, error) {
	c, held, err := x.prepareCreate(i)
	if err != nil {
		return nil, x.latch.refused(ctx, err)
	}
	if held != nil {
		return held, x.latch.settle(ctx)
	}
	x.s.finish(c, &x.latch)
	copied := *i
	return &copied, nil
}

func (x *Imports) prepareCreate(i *ingest.Import) (c *commit, held *ingest.Import, err error) {
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	held, _, err = named[ingest.Import](x.s.db, key1(importTokenKeys, i.Token))
	if err != nil {
		return nil, nil, err
	}
	if held != nil && held.Status != ingest.Failed && held.Status != ingest.Cancelled {
		return nil, held, nil
	}
	value, err := toJSON(i)
	if err != nil {
		return nil, nil, err
	}
	key := numberKey(importKeys, uint64(i.Started.UnixMicro()), i.ID)
	b := x.s.db.NewBatch()
	set(b, key, value)
	set(b, key1(importIDKeys, i.ID), append([]byte{valueVersion}, key...))
	set(b, key1(importTokenKeys, i.Token), append([]byte{valueVersion}, key...))
	return x.s.apply(b, &x.latch), nil, nil
}

func (x *Imports) find(id string) (*ingest.Import, []byte, error) {
	i, key, err := named[ingest.Import](x.s.db, key1(importIDKeys, id))
	if err == nil && i == nil {
		err = feature.Errorf(feature.NotFound, "no import has the ID %q", id)
	}
	return i, key, err
}

// Get implements ingest.Imports.
func (x *Imports) Get(ctx context.Context, id string) (*ingest.Import, error) {
	i, _, err := x.find(id)
	if settle := x.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	return i, err
}

// changed returns the import after change, and its stored form. The caller holds the latch.
func (x *Imports) changed(id string, change func(*ingest.Import) error) (i *ingest.Import, key, value []byte, err error) {
	if i, key, err = x.find(id); err != nil {
		return nil, nil, nil, err
	}
	token, started := i.Token, i.Started
	if err := change(i); err != nil {
		return nil, nil, nil, err
	}
	i.ID, i.Token, i.Started = id, token, started
	value, err = toJSON(i)
	return i, key, value, err
}

// Update implements ingest.Imports. It runs change once; Started stays too.
func (x *Imports) Update(ctx context.Context, id string, change func(*ingest.Import) error) (*ingest.Import, error) {
	c, i, err := x.prepareUpdate(id, change)
	if err != nil {
		return nil, x.latch.refused(ctx, err)
	}
	x.s.finish(c, &x.latch)
	return i, nil
}

func (x *Imports) prepareUpdate(id string, change func(*ingest.Import) error) (*commit, *ingest.Import, error) {
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	i, key, value, err := x.changed(id, change)
	if err != nil {
		return nil, nil, err
	}
	b := x.s.db.NewBatch()
	set(b, key, value)
	return x.s.apply(b, &x.latch), i, nil
}

// List implements ingest.Imports, as the imports stand when ranging begins.
func (x *Imports) List(ctx context.Context) iter.Seq2[*ingest.Import, error] {
	return func(yield func(*ingest.Import, error) bool) {
		ready := func() error { return x.latch.settle(ctx) }
		for row, err := range backwards(x.s.db, []byte{importKeys}, []byte{importKeys + 1}, ready) {
			var i *ingest.Import
			if err == nil {
				i, err = fromJSON[ingest.Import](row.value)
			}
			if err == nil {
				err = ctx.Err()
			}
			if !yield(i, err) || err != nil {
				return
			}
		}
	}
}

// Reserve implements ingest.Loader. What is reserved is in no journal, so nothing waits for it.
func (x *Imports) Reserve(n int64) feature.Position { return x.s.clock.reserve(n) }

// Commit implements ingest.Loader.
func (x *Imports) Commit(ctx context.Context, id string, objects []*bucket.Object, change func(*ingest.Import) error) (*ingest.Import, error) {
	c, i, err := x.prepareCommit(id, objects, change)
	if err != nil {
		return nil, x.latch.refused(ctx, x.s.objects.latch.refused(ctx, err))
	}
	x.s.finish(c, &x.latch, &x.s.objects.latch)
	return i, nil
}

func (x *Imports) prepareCommit(id string, objects []*bucket.Object, change func(*ingest.Import) error) (*commit, *ingest.Import, error) {
	// The group is deleted before or after.
	x.s.groups.writing.Lock()
	defer x.s.groups.writing.Unlock()
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	i, key, value, err := x.changed(id, change)
	if err != nil {
		return nil, nil, err
	}
	if x.s.groups.live(i.GroupID) == nil {
		return nil, nil, errGroupDeleted()
	}
	c, err := x.s.objects.prepare(func(b *pebble.Batch, at feature.Position) error {
		set(b, key, value)
		// The write times of the rows are in the files alone, which do not tell the next start where
		// the clock was.
		setNumber(b, metaPosition, uint64(at))
		return x.s.objects.change(b, at, bucket.Change{Put: objects})
	}, &x.latch)
	return c, i, err
}

func errGroupDeleted() error {
	return feature.Errorf(feature.NotFound, "the feature group was deleted")
}

// Apply implements ingest.Loader. It runs decide once for each record.
func (x *Imports) Apply(ctx context.Context, id string, g *feature.Group, records []*feature.Record,
	decide func(held *feature.Record, i int) feature.Decision, change func(*ingest.Import) error,
) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	places := make([]int, len(records))
	for i, rec := range records {
		places[i] = x.s.records.stripe(recordKey(g.ID, rec.ID))
	}
	latches := x.s.records.latchesAt(nil, places)
	c, err := x.prepareApply(latches, id, g, records, decide, change)
	if err != nil {
		return x.latch.refused(ctx, err)
	}
	x.s.finish(c, append(latches[:len(latches):len(latches)], &x.latch)...)
	return nil
}

func (x *Imports) prepareApply(latches []*latch, id string, g *feature.Group, records []*feature.Record,
	decide func(held *feature.Record, i int) feature.Decision, change func(*ingest.Import) error,
) (*commit, error) {
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	_, key, value, err := x.changed(id, change)
	if err != nil {
		return nil, err
	}
	for _, l := range latches {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.heads = nil // what is held changes below
	}
	m := x.s.groups.live(g.ID)
	if m == nil {
		return nil, errGroupDeleted()
	}
	// One iterator for all: the identifiers come in order, so its next place is near, or here already.
	it, err := x.s.db.NewIter(&pebble.IterOptions{LowerBound: recordKey(g.ID, ""), UpperBound: groupEnd(recordKeys, g.ID)})
	if err != nil {
		return nil, fmt.Errorf("read the database: %w", err)
	}
	// What went wrong in reading is it.Error, which is looked at; Close would repeat it.
	defer func() { _ = it.Close() }()
	size := len(value) + 64
	for _, r := range records {
		size += recordSize(r) + len(r.ID)
	}
	b := x.s.db.NewBatchWithSize(size)
	set(b, key, value)
	held := heldCursor{it: it}
	var waits int64
	for i, r := range records {
		n, at, err := x.s.records.decideImported(b, &held, g.ID, r.ID, func(held *feature.Record) feature.Decision { return decide(held, i) })
		if err != nil {
			discard(b)
			return nil, err
		}
		if at != 0 {
			defer x.s.clock.land(at) // after apply
		}
		waits += n
	}
	c := x.s.apply(b, append(latches[:len(latches):len(latches)], &x.latch)...)
	m.waiting.Add(waits)
	return c, nil
}

// decideImported adds the decision on a record of an import to b. It returns how many bytes of the
// journal that takes, and the stamp of its entry, which the caller lands after apply; 0 if it has none.
func (r *Records) decideImported(b *pebble.Batch, all *heldCursor, g feature.GroupID, id string, decide func(held *feature.Record) feature.Decision) (waits int64, at feature.Position, err error) {
	all.key = appendRecordKey(all.key[:0], g, id)
	key := all.key
	held, err := all.get(key, id)
	if err != nil {
		return 0, 0, fmt.Errorf("record %q: %w", id, err)
	}
	was := lapseOf(held)
	d := decide(held)
	if d.Journal {
		return 0, 0, fmt.Errorf("record %q of an import: it would be journaled, and it is in a file", id)
	}
	if err := checkDecision(&d); err != nil {
		return 0, 0, fmt.Errorf("record %q of an import: %w", id, err)
	}
	if d.Expired != nil {
		at = r.s.clock.stamp()
		waits = setEntry(b, g, &feature.Entry{Record: *d.Expired, Position: at, Accepted: d.Accepted, Outcome: feature.OnlineRemoved})
	}
	switch d.Outcome {
	case feature.OnlineWritten:
		all.value = appendRecord(append(all.value[:0], valueVersion), d.Record, d.Record.Position)
		set(b, key, all.value)
		moveLapse(b, g, id, was, lapseOf(d.Record))
	case feature.OnlineRemoved:
		remove(b, key)
		moveLapse(b, g, id, was, lapse{})
	}
	return waits, at, nil
}

// A heldCursor reads what is held under keys, one after the other.
type heldCursor struct {
	it         *pebble.Iterator
	sought     []byte // it is at the first key from here on
	key, value []byte // memory for those of one record
	held       feature.Record
}

// get reads what is held under a key but its values, nil for nothing. It is overwritten by the next. If the key is not before the last one, the iterator may be
// there, or at the end, without a search.
func (c *heldCursor) get(key []byte, id string) (*feature.Record, error) {
	searched := c.sought != nil && bytes.Compare(key, c.sought) >= 0
	if !searched || c.it.Valid() && bytes.Compare(c.it.Key(), key) < 0 {
		c.it.SeekGE(key)
	}
	c.sought = append(c.sought[:0], key...)
	if !c.it.Valid() || !bytes.Equal(c.it.Key(), key) {
		return nil, c.it.Error()
	}
	value, err := c.it.ValueAndErr()
	if err != nil {
		return nil, err
	}
	return &c.held, decodeHeld(&c.held, value, id)
}
