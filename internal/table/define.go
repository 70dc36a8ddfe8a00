package table

import (
	"context"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// Define makes the table of g and its database as contract §4.5 and §4.7 say, if they are not
// there. Repeating it changes nothing. It makes nothing for a group without an offline store, or
// one that asked for no table. Exists: another table has the name.
func (s *Store) Define(ctx context.Context, g *feature.Group) error {
	if g.Offline == nil || g.Offline.DisableTable || g.Offline.Table == nil {
		return nil
	}
	t := tableOf(g)
	if t.Database != FeatureStoreDatabase {
		err := s.CreateDatabase(ctx, &Database{Name: t.Database})
		if err != nil && feature.KindOf(err) != feature.Exists {
			return err
		}
	}
	err := s.create(ctx, t)
	if feature.KindOf(err) != feature.Exists {
		return err
	}
	held, getErr := s.tables.GetTable(ctx, t.Database, t.Name)
	if getErr == nil && held.Group == g.ID {
		return nil
	}
	if getErr != nil && feature.KindOf(getErr) != feature.NotFound {
		return getErr
	}
	return err
}

// Extend gives the table of g the columns of the features that g has and the table has not, before
// its technical columns (contract §1.5, §4.5). Repeating it changes nothing. It changes nothing for
// a group whose table is not Larder's to change.
func (s *Store) Extend(ctx context.Context, g *feature.Group) error { panic("not written yet") }

// tableOf describes the table of g (contract §4.5).
func tableOf(g *feature.Group) *Table {
	t := &Table{
		Database:     strings.ToLower(g.Offline.Table.Database),
		Name:         strings.ToLower(g.Offline.Table.Table),
		Columns:      tableColumns(g),
		Location:     g.Offline.Resolved,
		InputFormat:  parquetInput,
		OutputFormat: parquetOutput,
		SerDe:        parquetSerDe,
		SerDeParams:  map[string]string{"serialization.format": "1"},
		Parameters:   map[string]string{"EXTERNAL": "TRUE", "classification": "parquet"},
		Group:        g.ID,
		EventTime:    strings.ToLower(string(g.EventTime)),
	}
	if i := g.Ordinal(g.EventTime); i >= 0 {
		t.EventTimeType = g.Definitions[i].Type
	}
	return t
}
