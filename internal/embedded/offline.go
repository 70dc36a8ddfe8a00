package embedded

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

var _ table.Offline = (*Offline)(nil)

// journalKeySize is the length of a key of the journal.
const journalKeySize = 17

// Offline is the journal and the index seen together.
type Offline struct {
	s *Store

	mu   sync.Mutex // guards open, and makes the look at the clock and the snapshot one step
	open map[*Snapshot]feature.Position
}

// Snapshot implements table.Offline. It waits for the sync of what it may show.
func (o *Offline) Snapshot(ctx context.Context) (table.Snapshot, error) {
	sn := o.pin()
	if err := o.s.settle(ctx); err != nil {
		return nil, errors.Join(err, sn.Close())
	}
	return sn, nil
}

// settle returns when everything that a snapshot can show is durable.
func (s *Store) settle(ctx context.Context) error {
	if err := s.records.settle(ctx); err != nil {
		return err
	}
	if err := s.objects.latch.settle(ctx); err != nil {
		return err
	}
	return s.tables.latch.settle(ctx)
}

func (o *Offline) pin() *Snapshot {
	o.mu.Lock()
	defer o.mu.Unlock()
	// The clock first: what is settled is visible, and so is in the snapshot.
	settled := o.s.clock.settled()
	sn := &Snapshot{o: o, settled: settled, snap: o.s.db.NewSnapshot()}
	o.open[sn] = settled
	return sn
}

// oldest returns the settled position of the oldest open snapshot: it shows every retirement up
// to there.
func (o *Offline) oldest() feature.Position {
	o.mu.Lock()
	defer o.mu.Unlock()
	p := feature.Position(math.MaxInt64 - 1)
	for _, settled := range o.open {
		p = min(p, settled)
	}
	return p
}

// Pending implements table.Offline.
func (o *Offline) Pending(ctx context.Context) ([]table.Pending, error) {
	waiting, err := o.s.waiting()
	if err != nil {
		return nil, err
	}
	c := &o.s.groups
	c.mu.RLock()
	defer c.mu.RUnlock()
	for i, w := range waiting {
		if m := c.byID[w.Group]; m != nil {
			waiting[i].Bytes = m.waiting.Load()
		}
	}
	return waiting, nil
}

// waiting returns the groups that have entries in the journal, without Bytes. It seeks from one
// to the next.
func (s *Store) waiting() ([]table.Pending, error) {
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{journalKeys}, UpperBound: []byte{journalKeys + 1}})
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	// What went wrong in reading is it.Error, which is looked at; Close would repeat it.
	defer func() { _ = it.Close() }()
	var all []table.Pending
	for ok := it.First(); ok; {
		g, p, err := splitJournalKey(it.Key())
		if err != nil {
			return nil, err
		}
		all = append(all, table.Pending{Group: g, Since: p})
		ok = it.SeekGE(groupEnd(journalKeys, g))
	}
	if err := it.Error(); err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	return all, nil
}

// measure estimates at the start what waits of each group.
func (o *Offline) measure() error {
	waiting, err := o.s.waiting()
	if err != nil {
		return err
	}
	for _, w := range waiting {
		m := o.s.groups.byID[w.Group]
		if m == nil {
			return fmt.Errorf("the journal has entries of group %d, which the catalog does not know", w.Group)
		}
		n, err := o.s.db.EstimateDiskUsage(journalKey(w.Group, 0), groupEnd(journalKeys, w.Group))
		if err != nil {
			return fmt.Errorf("measure the journal: %w", err)
		}
		m.waiting.Store(int64(n))
	}
	return nil
}

// CommitFlush implements table.Offline. Flushes of one group must not run beside each other: both
// would have read the same entries. NotFound if a bucket is not there.
func (o *Offline) CommitFlush(ctx context.Context, g feature.GroupID, through feature.Position, objects []*bucket.Object) error {
	trimmed, err := o.sizeThrough(g, through)
	if err != nil {
		return err
	}
	c, gone, err := o.prepareFlush(g, through, objects)
	if err != nil {
		return o.s.objects.latch.refused(ctx, err)
	}
	o.s.finish(c, &o.s.objects.latch)
	groups := &o.s.groups
	groups.mu.Lock()
	if m := groups.byID[g]; m != nil {
		m.leave(trimmed)
		m.gone = max(m.gone, gone)
	}
	groups.mu.Unlock()
	o.forget()
	return nil
}

// prepareFlush applies a flush. gone is its stamp if it was the last of a deleted group, else 0.
func (o *Offline) prepareFlush(g feature.GroupID, through feature.Position, objects []*bucket.Object) (c *commit, gone feature.Position, err error) {
	if settled := o.s.clock.settled(); through > settled {
		return nil, 0, fmt.Errorf("flush of group %d through %d: only %d is settled", g, through, settled)
	}
	// A group is deleted before or after the flush, not meanwhile: one of the two sees that
	// nothing waits any more, and forgets the group.
	groups := &o.s.groups
	groups.writing.Lock()
	defer groups.writing.Unlock()
	c, err = o.s.objects.prepare(func(b *pebble.Batch, at feature.Position) error {
		if err := o.s.objects.change(b, at, bucket.Change{Put: objects}); err != nil {
			return err
		}
		removeRange(b, journalKey(g, 0), journalKey(g, through+1))
		// The journal may now be empty, and would not tell the next start where the clock was.
		setNumber(b, metaPosition, uint64(at))
		if groups.live(g) != nil {
			return nil
		}
		more, err := some(o.s.db, journalKey(g, through+1), groupEnd(journalKeys, g))
		if err == nil && !more {
			remove(b, numberKey(deadKeys, uint64(g), ""))
			gone = at
		}
		return err
	})
	return c, gone, err
}

// sizeThrough sums the entries of g up to and with a position: those that a flush has just read.
func (o *Offline) sizeThrough(g feature.GroupID, through feature.Position) (int64, error) {
	var n int64
	for row, err := range rows(o.s.db, journalKey(g, 0), journalKey(g, through+1), nil) {
		if err != nil {
			return 0, err
		}
		n += int64(len(row.key) + len(row.value))
	}
	return n, nil
}

// Group implements table.Offline. A deleted group stays while a snapshot is open that may show
// entries of it.
func (o *Offline) Group(_ context.Context, g feature.GroupID) (*feature.Group, error) {
	c := &o.s.groups
	c.mu.RLock()
	defer c.mu.RUnlock()
	if m := c.byID[g]; m != nil {
		return m.group, nil
	}
	return nil, feature.Errorf(feature.NotFound, "no feature group has the ID %d", g)
}

// forget drops deleted groups of which neither the journal nor an open snapshot has entries.
func (o *Offline) forget() {
	oldest := o.oldest()
	c := &o.s.groups
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, m := range c.byID {
		if m.gone != 0 && m.gone <= oldest {
			delete(c.byID, id)
		}
	}
}
