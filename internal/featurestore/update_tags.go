package featurestore

import (
	"context"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// Tags, AddTags and DeleteTags work on the tags of a group, named by its ARN (contract §1.9). Those
// that change tags return all that the group has after. Invalid, also if there is no such group.
func (s *Store) Tags(ctx context.Context, arn string) ([]feature.Tag, error) {
	g, err := s.tagged(ctx, arn)
	if err != nil {
		return nil, err
	}
	return g.Tags, nil
}

// AddTags: see Tags. A tag whose key is there replaces it.
func (s *Store) AddTags(ctx context.Context, arn string, tags []feature.Tag) ([]feature.Tag, error) {
	return s.changeTags(ctx, arn, func(g *feature.Group) error { return g.AddTags(tags) })
}

// DeleteTags: see Tags. A key that is not there is no error.
func (s *Store) DeleteTags(ctx context.Context, arn string, keys []string) ([]feature.Tag, error) {
	return s.changeTags(ctx, arn, func(g *feature.Group) error { return g.DeleteTags(keys) })
}

func (s *Store) changeTags(ctx context.Context, arn string, change func(*feature.Group) error) ([]feature.Tag, error) {
	g, err := s.tagged(ctx, arn)
	if err != nil {
		return nil, err
	}
	g, err = s.change(ctx, g, change)
	switch {
	case feature.KindOf(err) == feature.NotFound:
		return nil, noResource(arn, err)
	case err != nil:
		return nil, err
	}
	return g.Tags, nil
}

// tagged finds the group of an ARN; the case of its name is a help, not a rule (contract §1.9).
func (s *Store) tagged(ctx context.Context, arn string) (*feature.Group, error) {
	if !strings.HasPrefix(arn, "arn:") {
		return nil, feature.Errorf(feature.Invalid, "ResourceArn %.256q is not an ARN; the form of a feature group's is %s", arn, s.place.ARN("NAME"))
	}
	g, err := s.Group(ctx, feature.GroupRef(arn))
	return g, noResource(arn, err)
}

// noResource makes of a group that is not there the Invalid that the operations on tags answer.
// CHOICE: they have no error for it (contract §1.9, U5).
func noResource(arn string, err error) error {
	switch feature.KindOf(err) {
	case feature.NotFound:
		return feature.Errorf(feature.Invalid, "ResourceArn %.256q names no feature group that is here: %s", arn, err)
	case feature.Invalid:
		return feature.Errorf(feature.Invalid, "ResourceArn is no resource that has tags here: %s", err)
	default:
		return err
	}
}
