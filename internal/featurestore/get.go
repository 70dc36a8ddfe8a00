package featurestore

import (
	"context"
	"slices"

	"github.com/larder-dev/larder/internal/feature"
)

// A Want is some records of one group.
type Want struct {
	Group feature.GroupRef
	IDs   []string
	Names []feature.Name // none for all features
}

// A Found is a record that is held online.
type Found struct {
	Group *feature.Group // shared: nobody changes it
	// Values are those of the record that were asked for, sorted by ordinal.
	Values []feature.Value
	// Expires is when the record expires; nil: never.
	Expires *feature.EventTime
}

// A Batch says what of a Want was not read.
type Batch struct {
	// Refused has one error for each of Want.IDs, if any was not read: Throttled, or Unavailable
	// because the call asks for more than one reply should hold. The same call succeeds later, or
	// with fewer.
	Refused []error
	Err     error // if set, it is why none of Want.IDs[Read:] could be read
	Read    int   // how many of Want.IDs were looked up: all, if there is no Err
	bytes   int   // of the records that were read
}

// refuse notes that a record was not read.
func (b *Batch) refuse(w *Want, i int, err error) {
	if b.Refused == nil {
		b.Refused = make([]error, len(w.IDs))
	}
	b.Refused[i] = err
}

// Get reads records of one group. It calls show for each that is held, in the order of w.IDs, with the place of its
// identifier; not for what was deleted or has expired, nor for an id that no record can have (contract §2.2). The
// record is show's until it returns, and not after; texts may be kept. Batch.Err is Invalid, also if the group has no
// online store; NotFound: the group; Conflict: the group is not Created.
func (s *Store) Get(ctx context.Context, w *Want, show func(i int, f *Found)) Batch {
	x := &getting{s: s, w: w, show: show}
	for {
		g, err := s.online(ctx, w.Group)
		if err != nil {
			x.Err = err
			return x.Batch
		}
		if x.chosen, err = choose(g, w.Names); err != nil {
			x.Err = err
			return x.Batch
		}
		x.found.Group, x.outgrown = g, false
		from := x.Read
		err = s.records.Get(ctx, g.ID, w.IDs[from:], func(i int, r *feature.Record) bool { return x.record(from+i, r) })
		if err != nil {
			x.Err = err
			return x.Batch
		}
		if !x.outgrown {
			x.absent(len(w.IDs))
			return x.Batch
		}
	}
}

// A getting is a Get that is going on.
type getting struct {
	Batch
	s        *Store
	w        *Want
	show     func(int, *Found)
	chosen   []bool // which ordinals; nil for all
	found    Found
	outgrown bool // the group must be read again, and the records from Batch.Read on
}

// record shows what is held of the identifier at i, unless its group must be read again first.
func (x *getting) record(i int, r *feature.Record) bool {
	g := x.found.Group
	if x.outgrown = outgrows(r, g); x.outgrown {
		return false
	}
	if r.TTL != 0 && r.Expired(x.s.now()) {
		return true
	}
	x.absent(i)
	x.Read = i + 1
	size := sizeOf(g, r.Values)
	x.bytes += size
	if err := x.s.meter.take(g, reading, size); err != nil {
		x.refuse(x.w, i, err)
		return true
	}
	if x.chosen != nil {
		r.Values = slices.DeleteFunc(r.Values, func(v feature.Value) bool { return !x.chosen[v.Ordinal] })
	}
	x.found.Values, x.found.Expires = r.Values, nil
	if r.TTL != 0 {
		expiry, _ := r.Expiry()
		x.found.Expires = &expiry
	}
	x.show(i, &x.found)
	return true
}

// absent pays for the identifiers up to one, of which nothing is held.
func (x *getting) absent(upTo int) {
	for ; x.Read < upTo; x.Read++ {
		if err := x.s.meter.take(x.found.Group, reading, 0); err != nil {
			x.refuse(x.w, x.Read, err)
		}
	}
}

// outgrows tells whether r, which may be nil, has a feature that g does not: the group was read before it was
// updated, and r was written after.
func outgrows(r *feature.Record, g *feature.Group) bool {
	return r != nil && len(r.Values) > 0 && r.Values[len(r.Values)-1].Ordinal >= len(g.Definitions)
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

// batchBytes is how much of records one call reads, about: it begins no further group beyond that. The
// largest records would otherwise make a reply of gigabytes.
const batchBytes = 64 << 20

// BatchGet is Get for several groups, one after the other: show is given the place of the Want too. What is wrong
// with one of them does not touch the others (contract §2.5).
func (s *Store) BatchGet(ctx context.Context, wants []Want, show func(want, i int, f *Found)) []Batch {
	batches := make([]Batch, len(wants))
	bytes := 0
	for at := range wants {
		if bytes < batchBytes {
			batches[at] = s.Get(ctx, &wants[at], func(i int, f *Found) { show(at, i, f) })
			bytes += batches[at].bytes
			continue
		}
		batches[at].Read = len(wants[at].IDs)
		for i := range wants[at].IDs {
			batches[at].refuse(&wants[at], i, errTooMuch)
		}
	}
	return batches
}

var errTooMuch = feature.Errorf(feature.Unavailable, "the records asked for are more than one reply holds; ask for the rest in another call")
