package featurestore

import (
	"context"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// A Put is one record for a group.
type Put struct {
	Group    feature.GroupRef
	Fields   []feature.Field
	Stores   feature.Stores // 0: every store that the group has
	TTL      *feature.TTL   // nil: the group's
	Accepted time.Time      // when the service received the call
}

// Put checks the record and writes it: online if no later event time is held, and to the offline
// history (contract §3.1). It returns when the write is durable. A record that is too old for the
// online store is no error, nor is one that has expired already: it goes offline, and what it would
// have replaced is gone. Invalid, also for a TTL without an online store to keep it; NotFound;
// Conflict: the group is not Created; Throttled.
func (s *Store) Put(ctx context.Context, p *Put) error {
	w, err := s.checked(ctx, p)
	if err != nil {
		return err
	}
	return s.write(ctx, &w)
}

// A write is a put that has been checked.
type write struct {
	group    *feature.Group
	record   *feature.Record
	stores   feature.Stores
	accepted time.Time
}

// checked holds every rule of a put that needs no record but its own.
func (s *Store) checked(ctx context.Context, p *Put) (write, error) {
	g, err := s.usable(ctx, p.Group)
	if err != nil {
		return write{}, err
	}
	stores, err := g.Targets(p.Stores)
	if err != nil {
		return write{}, err
	}
	r, err := g.Check(p.Fields)
	if err != nil {
		return write{}, err
	}
	switch {
	case stores&feature.OnlineStore != 0:
		if r.TTL, err = g.RecordTTL(p.TTL); err != nil {
			return write{}, err
		}
	case p.TTL != nil:
		return write{}, errOfflineTTL(g)
	}
	return write{g, r, stores, p.Accepted}, nil
}

// write carries out a put that has been checked.
func (s *Store) write(ctx context.Context, w *write) error {
	if err := s.meter.take(w.group, writing, sizeOf(w.group, w.record.Values)); err != nil {
		return err
	}
	return s.records.DoAll(ctx, []feature.Step{w.step()})[0]
}

// step is the decision on a put that has been checked and paid for.
func (w *write) step() feature.Step {
	return feature.Step{Group: w.group, ID: w.record.ID, Decide: func(held *feature.Record) (feature.Decision, error) {
		return feature.DecidePut(w.group, held, w.record, w.stores, w.accepted), nil
	}}
}

// errOfflineTTL is for a time to live that no store would keep (contract §2.3).
func errOfflineTTL(g *feature.Group) error {
	return feature.Errorf(feature.Invalid, "TtlDuration is given, and the record does not go to the online store of the feature group %s; records of an offline store do not expire: leave TtlDuration out", g.Name)
}

// A Delete is one record of a group to delete.
type Delete struct {
	Group     feature.GroupRef
	ID        string
	EventTime string // in the form of the group's event-time feature
	Mode      feature.DeleteMode
	Stores    feature.Stores // 0: every store that the group has
	Accepted  time.Time      // when the service received the call
}

// Delete hides the record (SoftDelete) or forgets it (HardDelete), and writes a marker to the
// offline history (contract §3.4). It returns when that is durable. Invalid, also for a HardDelete
// that is not newer than what is held; NotFound; Conflict: the group is not Created; Throttled.
func (s *Store) Delete(ctx context.Context, d *Delete) error {
	g, err := s.usable(ctx, d.Group)
	if err != nil {
		return err
	}
	stores, err := g.Targets(d.Stores)
	if err != nil {
		return err
	}
	tombstone, err := g.Tombstone(d.ID, d.EventTime)
	if err != nil {
		return err
	}
	if err := s.meter.take(g, writing, sizeOf(g, tombstone.Values)); err != nil {
		return err
	}
	return s.records.Do(ctx, g, d.ID, func(held *feature.Record) (feature.Decision, error) {
		return feature.DecideDelete(g, held, tombstone, d.Mode, stores, d.Accepted)
	})
}
