package featurestore

import (
	"context"
	"errors"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// An Update is some features of one record to change.
type Update struct {
	Group    feature.GroupRef
	ID       string
	Fields   []feature.Field
	Stores   feature.Stores // 0: every store that the group has
	TTL      *feature.TTL   // nil: that of the record stays
	Accepted time.Time      // when the service received the call
}

// Update changes features of a record that is held, and writes the whole record to the offline
// history (contract §2.8). It returns when that is durable. Invalid, also if the group's storage
// type does not let it; NotFound: the group, or the record; Outdated: the event time is older than
// the record's; Conflict: the group is not Created; Throttled.
func (s *Store) Update(ctx context.Context, u *Update) error {
	for {
		if err := s.update(ctx, u); !errors.Is(err, errOutgrown) {
			return err
		}
	}
}

// errOutgrown: the record held has a feature that the group, as it was read, does not.
var errOutgrown = errors.New("the feature group was updated meanwhile")

// update is Update with the group as it is now.
func (s *Store) update(ctx context.Context, u *Update) error {
	g, err := s.usable(ctx, u.Group)
	if err != nil {
		return err
	}
	if err := s.checkUpdatable(g); err != nil {
		return err
	}
	stores, err := g.Targets(u.Stores)
	if err != nil {
		return err
	}
	if stores&feature.OnlineStore == 0 {
		return feature.Errorf(feature.Invalid, "TargetStores has no OnlineStore, and an update changes the record that is held there; add OnlineStore, or leave TargetStores out")
	}
	change, err := g.CheckUpdate(u.ID, u.Fields, u.TTL)
	if err != nil {
		return err
	}
	// What the whole record costs is not known before it has been read; what is given is.
	if err := s.meter.take(g, writing, len(u.ID)+sizeOf(g, change.Values)); err != nil {
		return err
	}
	return s.records.Do(ctx, g, u.ID, func(held *feature.Record) (feature.Decision, error) {
		if outgrows(held, g) {
			return feature.Decision{}, errOutgrown
		}
		return feature.DecideUpdate(g, held, change, stores, u.Accepted)
	})
}

// checkUpdatable holds the rule on which groups have updates (contract §2.8, §11.29).
func (s *Store) checkUpdatable(g *feature.Group) error {
	switch {
	case g.Online == nil:
		return feature.Errorf(feature.Invalid, "the feature group %s has no online store, and an update changes the record that is held there; use PutRecord", g.Name)
	case s.extensions, g.Online.StorageType == feature.StandardV2, g.Online.StorageType == feature.InMemory:
		return nil
	}
	return feature.Errorf(feature.Invalid, "the online store of the feature group %s has the storage type %s, which has no UpdateRecord; update the group to %s, or put the whole record", g.Name, feature.Standard, feature.StandardV2)
}

// BatchPut carries out puts, those of one record in their order. It returns one error for each, nil
// where the put is durable (see Put). What is wrong with one does not touch the others; but after a put
// that is Throttled, later ones of the same record are too, because a caller who repeats the first would
// undo them.
func (s *Store) BatchPut(ctx context.Context, puts []Put) []error {
	errs := make([]error, len(puts))
	writes := make([]write, len(puts))
	for i := range puts {
		writes[i], errs[i] = s.checked(ctx, &puts[i])
	}
	steps, places := make([]feature.Step, 0, len(puts)), make([]int, 0, len(puts))
	for i := range writes {
		w := &writes[i]
		if errs[i] != nil {
			continue
		}
		if errs[i] = s.meter.take(w.group, writing, sizeOf(w.group, w.record.Values)); errs[i] == nil {
			steps, places = append(steps, w.step()), append(places, i)
			continue
		}
		for later := i + 1; later < len(writes); later++ {
			if errs[later] == nil && writes[later].group.ID == w.group.ID && writes[later].record.ID == w.record.ID {
				errs[later] = errs[i]
			}
		}
	}
	for n, err := range s.records.DoAll(ctx, steps) {
		errs[places[n]] = err
	}
	return errs
}
