package table

import (
	"context"
	"errors"
	"slices"
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
	// FeatureStoreDatabase too, which somebody may have deleted.
	err := s.CreateDatabase(ctx, &Database{Name: t.Database})
	if err != nil && feature.KindOf(err) != feature.Exists {
		return err
	}
	err = s.create(ctx, t)
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
// its technical columns (contract §1.5, §4.5). Repeating it changes nothing. What somebody else made
// of the other columns stays. It changes nothing for a group whose table is not Larder's to change
// (contract §4.7): none was asked for, it was deleted, or another has its name.
func (s *Store) Extend(ctx context.Context, g *feature.Group) error {
	if g.Offline == nil || g.Offline.DisableTable || g.Offline.Table == nil {
		return nil
	}
	features := tableColumns(g)[:len(g.Definitions)]
	_, err := s.tables.UpdateTable(ctx, strings.ToLower(g.Offline.Table.Database), strings.ToLower(g.Offline.Table.Table), func(t *Table) error {
		if t.Group != g.ID {
			return errUnchanged
		}
		columns := extended(t.Columns, features)
		if len(columns) == len(t.Columns) {
			return errUnchanged
		}
		t.Columns, t.Updated = columns, s.now()
		return nil
	})
	if errors.Is(err, errUnchanged) || feature.KindOf(err) == feature.NotFound {
		return nil
	}
	return err
}

// errUnchanged is how a change of a table says that there is nothing to change.
var errUnchanged = errors.New("nothing to change")

// extended returns columns with those of features that are not among them before write_time, or at
// the end if somebody took that away.
func extended(columns, features []Column) []Column {
	held := make(map[string]bool, len(columns))
	for _, c := range columns {
		held[strings.ToLower(c.Name)] = true
	}
	var missing []Column
	for _, f := range features {
		if !held[f.Name] {
			missing = append(missing, f)
		}
	}
	at := slices.IndexFunc(columns, func(c Column) bool { return strings.EqualFold(c.Name, writeTime) })
	if at < 0 {
		at = len(columns)
	}
	return slices.Insert(slices.Clone(columns), at, missing...)
}

// tableOf describes the table of g (contract §4.5).
func tableOf(g *feature.Group) *Table {
	t := &Table{
		Database: strings.ToLower(g.Offline.Table.Database),
		Name:     strings.ToLower(g.Offline.Table.Table),
		Storage: Storage{
			Columns:      tableColumns(g),
			Location:     g.Offline.Resolved,
			InputFormat:  parquetInput,
			OutputFormat: parquetOutput,
			SerDe:        parquetSerDe,
			SerDeParams:  map[string]string{"serialization.format": "1"},
			Buckets:      -1, // Hive's way to say that there are none
		},
		Parameters: map[string]string{"EXTERNAL": "TRUE", "classification": "parquet"},
		Group:      g.ID,
		EventTime:  strings.ToLower(string(g.EventTime)),
	}
	if i := g.Ordinal(g.EventTime); i >= 0 {
		t.EventTimeType = g.Definitions[i].Type
	}
	return t
}
