package featurestore

import (
	"context"
	"slices"
	"sync"

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

// Get reads a record: nil if none is held, or it was deleted (contract §2.2); so also for an id
// that no record can have. names chooses features; none chooses all. Invalid, also if the group has no online store; NotFound: the group;
// Conflict: the group is not Created.
func (s *Store) Get(ctx context.Context, ref feature.GroupRef, id string, names []feature.Name) (*Found, error) {
	found, err := s.get(ctx, ref, []string{id}, names)
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// get reads records of one group: one entry for each id, nil where nothing is held.
func (s *Store) get(ctx context.Context, ref feature.GroupRef, ids []string, names []feature.Name) ([]*Found, error) {
	g, err := s.usable(ctx, ref)
	if err != nil {
		return nil, err
	}
	if g.Online == nil {
		return nil, feature.Errorf(feature.Invalid, "the feature group %s has no online store to read from; query its offline store instead", g.Name)
	}
	chosen, err := choose(g, names)
	if err != nil {
		return nil, err
	}
	records, err := s.records.Get(ctx, g.ID, ids)
	if err != nil {
		return nil, err
	}
	found := make([]*Found, len(ids))
	for i, r := range records {
		if r == nil {
			continue
		}
		if chosen != nil {
			r.Values = slices.DeleteFunc(r.Values, func(v feature.Value) bool { return !chosen[v.Ordinal] })
		}
		found[i] = &Found{Group: g, Values: r.Values}
	}
	return found, nil
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
	Err   error    // if set, it is why none of them could be read
}

// batchReaders is how many groups one call reads at a time.
const batchReaders = 8

// BatchGet reads records of several groups: one Batch for each Want, in order. What is wrong
// with one of them does not touch the others (contract §2.5).
func (s *Store) BatchGet(ctx context.Context, wants []Want) []Batch {
	batches := make([]Batch, len(wants))
	read := func(i int) {
		w := &wants[i]
		batches[i].Found, batches[i].Err = s.get(ctx, w.Group, w.IDs, w.Names)
	}
	if len(wants) == 1 {
		read(0)
		return batches
	}
	next := make(chan int)
	var readers sync.WaitGroup
	for range min(batchReaders, len(wants)) {
		readers.Go(func() {
			for i := range next {
				read(i)
			}
		})
	}
	for i := range wants {
		next <- i
	}
	close(next)
	readers.Wait()
	return batches
}
