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
// online store is no error. Invalid, NotFound; Conflict: the group is not Created.
func (s *Store) Put(ctx context.Context, p *Put) error {
	g, err := s.usable(ctx, p.Group)
	if err != nil {
		return err
	}
	stores, err := targets(g, p.Stores)
	if err != nil {
		return err
	}
	r, err := g.Check(p.Fields)
	if err != nil {
		return err
	}
	accepted := p.Accepted.Truncate(time.Microsecond)
	return s.records.Do(ctx, g, r.ID, func(held *feature.Record) (feature.Decision, error) {
		return feature.DecidePut(g, held, r, stores, accepted), nil
	})
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
// that is not newer than what is held; NotFound; Conflict: the group is not Created.
func (s *Store) Delete(ctx context.Context, d *Delete) error {
	g, err := s.usable(ctx, d.Group)
	if err != nil {
		return err
	}
	stores, err := targets(g, d.Stores)
	if err != nil {
		return err
	}
	tombstone, err := g.Tombstone(d.ID, d.EventTime)
	if err != nil {
		return err
	}
	accepted := d.Accepted.Truncate(time.Microsecond)
	return s.records.Do(ctx, g, d.ID, func(held *feature.Record) (feature.Decision, error) {
		return feature.DecideDelete(g, held, tombstone, d.Mode, stores, accepted)
	})
}

// targets returns the stores that a write goes to. Invalid: one that the group does not have.
func targets(g *feature.Group, asked feature.Stores) (feature.Stores, error) {
	var has feature.Stores
	if g.Online != nil {
		has |= feature.OnlineStore
	}
	if g.Offline != nil {
		has |= feature.OfflineStore
	}
	switch missing := asked &^ has; {
	case missing&feature.OnlineStore != 0:
		return 0, feature.Errorf(feature.Invalid, "TargetStores has OnlineStore, and the feature group %s has no online store; target its OfflineStore", g.Name)
	case missing != 0:
		return 0, feature.Errorf(feature.Invalid, "TargetStores has OfflineStore, and the feature group %s has no offline store; target its OnlineStore", g.Name)
	case asked == 0:
		return has, nil
	}
	return asked, nil
}
