package featurestore

import (
	"context"
	"errors"
	"fmt"

	"github.com/larder-dev/larder/internal/feature"
)

// UpdateGroup changes a group: adds features, or changes its online store or its throughput
// (contract §1.5). It returns when readers, SQL and the catalog of tables see it. Invalid, also if
// another update is in progress or the group is not Created; NotFound.
func (s *Store) UpdateGroup(ctx context.Context, ref feature.GroupRef, u *feature.GroupUpdate) (*feature.Group, error) {
	g, err := s.Group(ctx, ref)
	if err != nil {
		return nil, err
	}
	g, err = s.change(ctx, g, func(g *feature.Group) error {
		if err := g.Update(u, s.now()); err != nil {
			return err
		}
		if len(u.Additions) == 0 { // this commit is all of it
			g.LastUpdate = &feature.UpdateStatus{Status: feature.UpdateSuccessful}
		}
		return nil
	})
	if err != nil || g.LastUpdate.Status != feature.UpdateInProgress {
		return g, err
	}
	// The group has its features now. A caller that hangs up must not leave its table without.
	return s.settleUpdate(context.WithoutCancel(ctx), g)
}

// settleUpdate carries an update that is in progress into the table of the group, and notes how
// it went. Repeating it changes nothing more, so that Resume can finish what a crash cut off.
func (s *Store) settleUpdate(ctx context.Context, g *feature.Group) (*feature.Group, error) {
	status := &feature.UpdateStatus{Status: feature.UpdateSuccessful}
	fault := s.tables.Extend(ctx, g)
	switch {
	case feature.KindOf(fault) != feature.Fault:
		status = &feature.UpdateStatus{Status: feature.UpdateFailed, Failure: fault.Error()}
		fault = nil
	case fault != nil:
		status = &feature.UpdateStatus{Status: feature.UpdateFailed, Failure: "the table could not be extended; the next update that adds features tries it again"}
		fault = fmt.Errorf("extend the table of group %s: %w", g.Name, fault)
	}
	g, err := s.change(ctx, g, func(g *feature.Group) error {
		g.LastUpdate = status
		return nil
	})
	if err = errors.Join(fault, err); err != nil {
		return nil, err
	}
	return g, nil
}

// change is Catalog.Update of the very group g: one that was deleted and made again in the
// meantime is another, and NotFound.
func (s *Store) change(ctx context.Context, g *feature.Group, change func(*feature.Group) error) (*feature.Group, error) {
	found := false
	changed, err := s.groups.Update(ctx, g.Name, func(held *feature.Group) error {
		if found = held.ID == g.ID; !found {
			return feature.Errorf(feature.NotFound, "the group is another one")
		}
		return change(held)
	})
	var said *feature.Error
	switch {
	case feature.KindOf(err) == feature.NotFound && !found:
		return nil, &feature.Error{Kind: feature.NotFound, Text: feature.NoGroup(g.Name)}
	case err != nil && !errors.As(err, &said):
		return nil, fmt.Errorf("update group %s: %w", g.Name, err)
	}
	return changed, err
}

// Feature finds a feature of a group, with what is said of it. NotFound: the group, or the feature;
// Invalid: the names.
func (s *Store) Feature(ctx context.Context, ref feature.GroupRef, name feature.Name) (*feature.Group, *feature.Definition, error) {
	if err := feature.CheckName("the FeatureName", name); err != nil {
		return nil, nil, err
	}
	g, err := s.Group(ctx, ref)
	if err != nil {
		return nil, nil, err
	}
	at := g.Ordinal(name)
	if at < 0 {
		return nil, nil, &feature.Error{Kind: feature.NotFound, Text: feature.NoFeature(g, name)}
	}
	return g, &g.Definitions[at], nil
}

// UpdateMetadata changes what is said of a feature (contract §1.8). Invalid; NotFound: the group, or
// the feature.
func (s *Store) UpdateMetadata(ctx context.Context, ref feature.GroupRef, name feature.Name, u *feature.MetadataUpdate) error {
	g, err := s.Group(ctx, ref)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, g, func(g *feature.Group) error { return g.UpdateMetadata(name, u, s.now()) })
	return err
}
