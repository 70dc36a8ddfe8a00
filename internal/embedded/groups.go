package embedded

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/feature"
)

var _ feature.Catalog = (*Groups)(nil)

// Groups is the catalog of groups. All of it is also in memory, and what is there is durable.
type Groups struct {
	s *Store

	// writing is held by whoever changes the catalog, also over the sync: it happens seldom, and
	// so nothing is seen before it is durable.
	writing sync.Mutex

	mu     sync.RWMutex // guards byName, byID and what they hold
	byName map[feature.GroupName]*member
	byID   map[feature.GroupID]*member // the deleted ones too, while their entries are of use
}

// A member is a group in memory.
type member struct {
	group   *feature.Group
	deleted bool
	// gone is the stamp of the flush that left a deleted group without entries, 0 before.
	gone feature.Position
	// waiting estimates the bytes of its entries that wait for a flush.
	waiting atomic.Int64
}

// leave notes that a flush took n bytes of what waited. What waited at the start was a guess, which
// may have been too small: it does not get below nothing.
func (m *member) leave(n int64) {
	for {
		waiting := m.waiting.Load()
		if m.waiting.CompareAndSwap(waiting, max(0, waiting-n)) {
			return
		}
	}
}

// load reads the catalog into memory.
func (c *Groups) load() error {
	c.byName, c.byID = map[feature.GroupName]*member{}, map[feature.GroupID]*member{}
	for _, kind := range []byte{groupKeys, deadKeys} {
		for row, err := range rows(c.s.db, []byte{kind}, []byte{kind + 1}, nil) {
			if err != nil {
				return err
			}
			g, err := decodeGroup(row.value)
			if err != nil {
				return err
			}
			m := &member{group: g, deleted: kind == deadKeys}
			c.byID[g.ID] = m
			if !m.deleted {
				c.byName[g.Name] = m
			}
		}
	}
	return nil
}

// Create implements feature.Catalog.
func (c *Groups) Create(_ context.Context, g *feature.Group) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if _, err := c.named(g.Name); err == nil {
		return feature.Errorf(feature.Exists, "a feature group named %q exists", g.Name)
	}
	last, _, err := c.s.number(metaGroup)
	if err != nil {
		return err
	}
	id := feature.GroupID(last + 1)
	made := *g
	made.ID = id
	b := c.s.db.NewBatch()
	setNumber(b, metaGroup, uint64(id))
	value, err := toJSON(&made)
	if err != nil {
		discard(b)
		return err
	}
	set(b, numberKey(groupKeys, uint64(id), ""), value)
	// What the catalog hands out shares no memory with what it was given, and is the same before
	// and after a restart.
	stored, err := decodeGroup(value)
	if err != nil {
		discard(b)
		return err
	}
	c.s.finish(c.s.apply(b))
	g.ID = id
	c.mu.Lock()
	defer c.mu.Unlock()
	m := &member{group: stored}
	c.byName[stored.Name], c.byID[id] = m, m
	return nil
}

// Get implements feature.Catalog.
func (c *Groups) Get(_ context.Context, name feature.GroupName) (*feature.Group, error) {
	return c.named(name)
}

func (c *Groups) named(name feature.GroupName) (*feature.Group, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	m := c.byName[name]
	if m == nil {
		return nil, feature.Errorf(feature.NotFound, "no feature group is named %q", name)
	}
	return m.group, nil
}

// Update implements feature.Catalog. It runs change once. The name and the ID of a group stay.
func (c *Groups) Update(_ context.Context, name feature.GroupName, change func(*feature.Group) error) (*feature.Group, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	held, err := c.named(name)
	if err != nil {
		return nil, err
	}
	value, err := toJSON(held)
	if err != nil {
		return nil, err
	}
	g, err := decodeGroup(value)
	if err != nil {
		return nil, err
	}
	if err := change(g); err != nil {
		return nil, err
	}
	if g.ID != held.ID || g.Name != held.Name {
		return nil, fmt.Errorf("update group %q: its name or ID was changed", name)
	}
	if value, err = toJSON(g); err != nil {
		return nil, err
	}
	b := c.s.db.NewBatch()
	set(b, numberKey(groupKeys, uint64(g.ID), ""), value)
	c.s.finish(c.s.apply(b))
	stored, err := decodeGroup(value)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.byID[g.ID].group = stored
	return stored, nil
}

// Delete implements feature.Catalog. It stops every write of records for the one sync, so that no
// put can bring a record back, and none is refused for a delete that a crash then undoes. The runs of
// the group go in the same commit.
func (c *Groups) Delete(_ context.Context, name feature.GroupName) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	g, err := c.named(name)
	if err != nil {
		return err
	}
	unlock := c.s.records.lockAll()
	defer unlock()
	waits, err := some(c.s.db, journalKey(g.ID, 0), groupEnd(journalKeys, g.ID))
	if err != nil {
		return err
	}
	value, err := toJSON(g)
	if err != nil {
		return err
	}
	latches := c.s.records.all()
	done, err := c.s.objects.prepare(func(b *pebble.Batch, at feature.Position) error {
		remove(b, numberKey(groupKeys, uint64(g.ID), ""))
		removeRange(b, recordKey(g.ID, ""), groupEnd(recordKeys, g.ID))
		removeRange(b, numberKey(expiryKeys, uint64(g.ID), ""), groupEnd(expiryKeys, g.ID))
		if waits {
			set(b, numberKey(deadKeys, uint64(g.ID), ""), value)
		}
		return dropRuns(b, g.ID, at, nil)
	}, latches...)
	if err != nil {
		return err
	}
	c.s.finish(done, append(latches, &c.s.objects.latch)...)

	c.mu.Lock()
	m := c.byID[g.ID]
	m.deleted = true
	if !waits {
		// A snapshot that is open may hold entries that a flush has committed since.
		m.gone = c.s.clock.newest()
	}
	delete(c.byName, name)
	c.mu.Unlock()
	c.s.offline.forget()
	return nil
}

// List implements feature.Catalog.
func (c *Groups) List(context.Context) iter.Seq2[*feature.Group, error] {
	return func(yield func(*feature.Group, error) bool) {
		c.mu.RLock()
		all := make([]*feature.Group, 0, len(c.byName))
		for _, name := range slices.Sorted(maps.Keys(c.byName)) {
			all = append(all, c.byName[name].group)
		}
		c.mu.RUnlock()
		for _, g := range all {
			if !yield(g, nil) {
				return
			}
		}
	}
}

// live returns the group in memory, nil if there is none or it is deleted.
func (c *Groups) live(id feature.GroupID) *member {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if m := c.byID[id]; m != nil && !m.deleted {
		return m
	}
	return nil
}
