// Package featurestore carries out what clients ask of groups and records: create, describe,
// list and delete groups; put, get and delete records. It knows no backend and no wire format.
package featurestore

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// Options of a Store. Account and Region are required.
type Options struct {
	Account string // 12 digits, in the ARNs of groups
	Region  string // of groups
	// Extensions lets callers have what AWS does not offer: an InMemory group with an offline
	// store, UpdateRecord on every storage type.
	Extensions bool
	// Throttle holds groups to their ThroughputConfig. A read or write beyond it is Throttled.
	Throttle bool
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: nothing is logged
}

// A Store carries out the verbs on groups and records. It keeps nothing of its own, so several
// may work on the same backends. It is safe for concurrent use.
type Store struct {
	groups  feature.Catalog
	records feature.Records
	tables  *table.Store
	buckets *bucket.Store
	place   feature.Place
	now     func() time.Time
	log     *slog.Logger

	extensions bool
	meter      *meter // nil: groups are not held to their throughput
}

// New returns a Store. It does no I/O; see Resume.
func New(groups feature.Catalog, records feature.Records, tables *table.Store, buckets *bucket.Store, o Options) *Store {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Store{
		groups: groups, records: records, tables: tables, buckets: buckets,
		place: feature.Place{Account: o.Account, Region: o.Region}, now: o.Now, log: o.Log,
		extensions: o.Extensions,
	}
	if o.Throttle {
		s.meter = newMeter(o.Now)
	}
	return s
}

// Group finds a group by its name or ARN. The group is shared: nobody changes it. Invalid: ref is
// neither; NotFound.
func (s *Store) Group(ctx context.Context, ref feature.GroupRef) (*feature.Group, error) {
	name, byARN, err := ref.Resolve(s.place)
	if err != nil {
		return nil, err
	}
	g, err := s.groups.Get(ctx, name)
	if feature.KindOf(err) != feature.NotFound {
		return g, err
	}
	if byARN {
		if g, err = s.foldedGroup(ctx, name); g != nil || err != nil {
			return g, err
		}
	}
	return nil, &feature.Error{Kind: feature.NotFound, Text: feature.NoGroup(name)}
}

// OnlineSize estimates the bytes of g's online store. It may lag behind.
func (s *Store) OnlineSize(ctx context.Context, g *feature.Group) (int64, error) {
	return s.records.Size(ctx, g.ID)
}

// foldedGroup finds the one group whose name differs from name in case alone, because some tools
// lower-case ARNs (contract §11.17). It returns nil if there is none, or more than one.
func (s *Store) foldedGroup(ctx context.Context, name feature.GroupName) (*feature.Group, error) {
	var found *feature.Group
	for g, err := range s.groups.List(ctx) {
		switch {
		case err != nil:
			return nil, err
		case !strings.EqualFold(string(g.Name), string(name)):
		case found != nil:
			return nil, nil
		default:
			found = g
		}
	}
	return found, nil
}

// usable is Group for calls on records: the group must be Created (contract §1.12).
func (s *Store) usable(ctx context.Context, ref feature.GroupRef) (*feature.Group, error) {
	g, err := s.Group(ctx, ref)
	if err != nil {
		return nil, err
	}
	if g.Status != feature.Created {
		return nil, feature.Errorf(feature.Conflict, "the feature group %s is %s; its records can be used when it is Created", g.Name, g.Status)
	}
	return g, nil
}
