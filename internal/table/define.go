package table

import (
	"context"

	"github.com/larder-dev/larder/internal/feature"
)

// Define makes the table of g and its database as contract §4.5 and §4.7 say, if they are not
// there. Repeating it changes nothing. It makes nothing for a group without an offline store, or
// one that asked for no table. Exists: another table has the name.
func (s *Store) Define(ctx context.Context, g *feature.Group) error { panic("not written yet") }
