package featurestore

import (
	"context"

	"github.com/larder-dev/larder/internal/feature"
)

// UpdateGroup changes a group: adds features, or changes its online store or its throughput
// (contract §1.5). It returns when readers, SQL and the catalog of tables see it. Invalid, also if
// another update is in progress or the group is not Created; NotFound.
func (s *Store) UpdateGroup(ctx context.Context, ref feature.GroupRef, u *feature.GroupUpdate) (*feature.Group, error) {
	panic("not written yet")
}

// Feature finds a feature of a group, with what is said of it. NotFound: the group, or the feature.
func (s *Store) Feature(ctx context.Context, ref feature.GroupRef, name feature.Name) (*feature.Group, *feature.Definition, error) {
	panic("not written yet")
}

// UpdateMetadata changes what is said of a feature (contract §1.8). Invalid; NotFound: the group, or
// the feature.
func (s *Store) UpdateMetadata(ctx context.Context, ref feature.GroupRef, name feature.Name, u *feature.MetadataUpdate) error {
	panic("not written yet")
}

// Tags, AddTags and DeleteTags work on the tags of a group, named by its ARN (contract §1.9). Those
// that change tags return all that the group has after. Invalid, also if there is no such group.
func (s *Store) Tags(ctx context.Context, arn string) ([]feature.Tag, error) {
	panic("not written yet")
}

// AddTags: see Tags. A tag whose key is there replaces it.
func (s *Store) AddTags(ctx context.Context, arn string, tags []feature.Tag) ([]feature.Tag, error) {
	panic("not written yet")
}

// DeleteTags: see Tags. A key that is not there is no error.
func (s *Store) DeleteTags(ctx context.Context, arn string, keys []string) ([]feature.Tag, error) {
	panic("not written yet")
}
