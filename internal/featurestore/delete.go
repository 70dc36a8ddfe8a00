package featurestore

import (
	"context"
	"fmt"

	"github.com/larder-dev/larder/internal/feature"
)

// DeleteGroup forgets a group and its online records in one commit, whatever its status, so
// nobody sees it Deleting. Its offline files and its table stay, and rows that were accepted
// before are still flushed (contract §1.6). Invalid, NotFound.
func (s *Store) DeleteGroup(ctx context.Context, ref feature.GroupRef) error {
	g, err := s.Group(ctx, ref)
	if err != nil {
		return err
	}
	err = s.groups.Delete(ctx, g.Name)
	if feature.KindOf(err) == feature.NotFound {
		return &feature.Error{Kind: feature.NotFound, Text: feature.NoGroup(g.Name)}
	}
	if err != nil {
		return fmt.Errorf("delete group %s: %w", g.Name, err)
	}
	return nil
}
