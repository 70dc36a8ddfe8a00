package featurestore

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/larder-dev/larder/internal/feature"
)

// A Found is a record that is held online. It is the caller's; the group is shared.
type Found struct {
	Group *feature.Group
	// Values are those of the record that were asked for, sorted by ordinal.
	Values []feature.Value
	// Expires is when the record expires; nil: never.
	Expires *feature.EventTime
}

// Get reads a record: nil if none is held, or it was deleted or has expired (contract §2.2); so also
// for an id that no record can have. names chooses features; none chooses all. Invalid, also if the
// group has no online store; NotFound: the group; Conflict: the group is not Created; Throttled.
func (s *Store) Get(ctx context.Context, ref feature.GroupRef, id string, names []feature.Name) (*Found, error) {
	b := s.get(ctx, &Want{Group: ref, IDs: []string{id}, Names: names})
	if b.Err != nil {
		return nil, b.Err
	}
	if b.Refused != nil {
		return nil, b.Refused[0]
	}
	return b.Found[0], nil
}

// get reads records of one group.
func (s *Store) get(ctx context.Context, w *Want) Batch {
	for {
		g, err := s.online(ctx, w.Group)
		if err != nil {
			return Batch{Err: err}
		}
		chosen, err := choose(g, w.Names)
		if err != nil {
			return Batch{Err: err}
		}
		records, err := s.records.Get(ctx, g.ID, w.IDs)
		if err != nil {
			return Batch{Err: err}
		}
		if !slices.ContainsFunc(records, func(r *feature.Record) bool { return outgrows(r, g) }) {
			return s.found(g, w, records, chosen)
		}
	}
}

// outgrows tells whether r, which may be nil, has a feature that g does not: the group was read
// before it was updated, and r was written after.
func outgrows(r *feature.Record, g *feature.Group) bool {
	return r != nil && len(r.Values) > 0 && r.Values[len(r.Values)-1].Ordinal >= len(g.Definitions)
}

// found makes the answer of what was read: records of w, nil where nothing is held.
func (s *Store) found(g *feature.Group, w *Want, records []*feature.Record, chosen []bool) (b Batch) {
	b.Found = make([]*Found, len(w.IDs))
	held := make([]Found, len(w.IDs))
	for i, r := range records {
		if r != nil && r.TTL != 0 && r.Expired(s.now()) {
			r = nil
		}
		size := 0
		if r != nil {
			size = sizeOf(g, r.Values)
			b.bytes += size
		}
		if err := s.meter.take(g, reading, size); err != nil {
			b.refuse(i, err)
			continue
		}
		if r == nil {
			continue
		}
		if chosen != nil {
			r.Values = slices.DeleteFunc(r.Values, func(v feature.Value) bool { return !chosen[v.Ordinal] })
		}
		held[i] = Found{Group: g, Values: r.Values}
		if r.TTL != 0 {
			expiry, _ := r.Expiry()
			held[i].Expires = &expiry
		}
		b.Found[i] = &held[i]
	}
	return b
}

// online is usable for calls that read: the group must have an online store.
func (s *Store) online(ctx context.Context, ref feature.GroupRef) (*feature.Group, error) {
	g, err := s.usable(ctx, ref)
	if err != nil {
		return nil, err
	}
	if g.Online == nil {
		return nil, feature.Errorf(feature.Invalid, "the feature group %s has no online store to read from; query its offline store instead", g.Name)
	}
	return g, nil
}

// choose returns which ordinals the names choose, nil for all.
func choose(g *feature.Group, names []feature.Name) ([]bool, error) {
	if len(names) == 0 {
		return nil, nil
	}
	chosen := make([]bool, len(g.Definitions))
	for _, name := range names {
		at := g.Ordinal(name)
		if at < 0 {
			return nil, feature.Errorf(feature.Invalid, "the feature group %s has no feature %q; feature names are case-sensitive", g.Name, name)
		}
		chosen[at] = true
	}
	return chosen, nil
}

// A Want is some records of one group.
type Want struct {
	Group feature.GroupRef
	IDs   []string
	Names []feature.Name // none for all features
}

// A Batch is the answer to one Want.
type Batch struct {
	Found []*Found // one for each of Want.IDs, nil where nothing is held
	// Refused has one error for each of Want.IDs, if any was not read: Throttled, or Unavailable
	// because the call asks for more than one reply should hold. The same call succeeds later, or
	// with fewer.
	Refused []error
	Err     error // if set, it is why none of them could be read
	bytes   int   // of the records that were read
}

// refuse notes that a record was not read.
func (b *Batch) refuse(i int, err error) {
	if b.Refused == nil {
		b.Refused = make([]error, len(b.Found))
	}
	b.Refused[i] = err
}

const (
	// batchReaders is how many groups one call reads at a time.
	batchReaders = 8
	// batchBytes is how much of records one call reads, about: it begins no further group beyond
	// that. The largest records would otherwise make a reply of gigabytes.
	batchBytes = 64 << 20
)

// BatchGet reads records of several groups: one Batch for each Want, in order. What is wrong
// with one of them does not touch the others (contract §2.5).
func (s *Store) BatchGet(ctx context.Context, wants []Want) []Batch {
	batches := make([]Batch, len(wants))
	var read atomic.Int64
	severally(batchReaders, len(wants), func(i int) {
		if read.Load() < batchBytes {
			batches[i] = s.get(ctx, &wants[i])
			read.Add(int64(batches[i].bytes))
			return
		}
		batches[i].Found = make([]*Found, len(wants[i].IDs))
		for id := range wants[i].IDs {
			batches[i].refuse(id, errTooMuch)
		}
	})
	return batches
}

var errTooMuch = feature.Errorf(feature.Unavailable, "the records asked for are more than one reply holds; ask for the rest in another call")

// severally calls do for 0 to n-1, at most so many at a time, and returns when all are done.
func severally(atATime, n int, do func(i int)) {
	if n == 1 {
		do(0)
		return
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(atATime, n) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	workers.Wait()
}
