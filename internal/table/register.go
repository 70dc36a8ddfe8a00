package table

import (
	"context"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// UpdateDatabase changes the database of that name, in any case; change gets a copy and leaves its name.
// NotFound.
func (s *Store) UpdateDatabase(ctx context.Context, name string, change func(*Database) error) error {
	name = strings.ToLower(name)
	err := s.tables.UpdateDatabase(ctx, name, change)
	if feature.KindOf(err) == feature.NotFound {
		return noDatabase(name)
	}
	return err
}

// DeleteDatabase forgets a database and its tables; the data files stay. NotFound.
func (s *Store) DeleteDatabase(ctx context.Context, name string) error {
	name = strings.ToLower(name)
	err := s.tables.DeleteDatabase(ctx, name)
	if feature.KindOf(err) == feature.NotFound {
		return noDatabase(name)
	}
	return err
}

// RegisterTable stores a table as a client describes it: whether SQL can read it is found out when it is
// asked for. Names of the table and its columns are folded to lower case, Created, Updated, Version
// and Group are set; t itself is not changed. Exists; NotFound: the database.
func (s *Store) RegisterTable(ctx context.Context, t *Table) error {
	c := *t
	c.Created, c.Version = s.now(), 0
	c.Updated = c.Created
	foldTable(&c)
	if err := s.link(ctx, &c); err != nil {
		return err
	}
	err := s.tables.CreateTable(ctx, &c)
	switch feature.KindOf(err) {
	case feature.Exists:
		return feature.Errorf(feature.Exists, "Table %s already exists.", c.Name)
	case feature.NotFound:
		return noDatabase(c.Database)
	}
	return err
}

// A Replacement says how a table is replaced.
type Replacement struct {
	// Version is the version that it was made of, if that is to be the present one still: Conflict
	// otherwise.
	Version *int64
	// SkipArchive forgets the version that was.
	SkipArchive bool
}

// ReplaceTable puts t in the place of the table of its names, all but when and by whom that was created. As
// RegisterTable it looks at nothing but names. NotFound; Conflict.
func (s *Store) ReplaceTable(ctx context.Context, t *Table, r Replacement) error {
	c := *t
	foldTable(&c)
	c.Updated = s.now()
	if err := s.link(ctx, &c); err != nil {
		return err
	}
	update := s.tables.UpdateTable
	if r.SkipArchive {
		update = s.tables.OverwriteTable
	}
	_, err := update(ctx, c.Database, c.Name, func(held *Table) error {
		if r.Version != nil && *r.Version != held.Version {
			return feature.Errorf(feature.Conflict, "Update table failed due to concurrent modifications: the table %s has version %d, and the update was made of version %d; read it again",
				c.Name, held.Version, *r.Version)
		}
		next := c
		next.Created, next.CreatedBy, next.Version = held.Created, held.CreatedBy, held.Version
		*held = next
		return nil
	})
	if feature.KindOf(err) == feature.NotFound {
		return s.noTable(ctx, c.Database, c.Name)
	}
	return err
}

// foldTable folds the names that have no case.
func foldTable(t *Table) {
	t.Database, t.Name = strings.ToLower(t.Database), strings.ToLower(t.Name)
	t.Columns = foldColumns(t.Columns)
	t.PartitionKeys = foldColumns(t.PartitionKeys)
}

func foldColumns(columns []Column) []Column {
	folded := make([]Column, len(columns))
	for i, c := range columns {
		folded[i] = c
		folded[i].Name = strings.ToLower(c.Name)
	}
	return folded
}

// link finds the group whose rows t is of: the one that writes to its location. So a table that somebody
// deleted and made again by hand, or one of their own for the same files, has the rows that wait too.
// One with partition keys has not, for such rows are in no partition.
func (s *Store) link(ctx context.Context, t *Table) error {
	t.Group, t.EventTime, t.EventTimeType = 0, "", 0
	if s.options.Groups == nil || t.Location == "" || len(t.PartitionKeys) > 0 || t.SerDe != parquetSerDe {
		return nil
	}
	for g, err := range s.options.Groups(ctx) {
		if err != nil {
			return err
		}
		if g.Offline != nil && strings.TrimRight(g.Offline.Resolved, "/") == strings.TrimRight(t.Location, "/") {
			t.Group, t.EventTime = g.ID, strings.ToLower(string(g.EventTime))
			if i := g.Ordinal(g.EventTime); i >= 0 {
				t.EventTimeType = g.Definitions[i].Type
			}
			return nil
		}
	}
	return nil
}

// GroupAt returns the name of the feature group that writes to a location, below it or above it, "" if none
// does.
func (s *Store) GroupAt(ctx context.Context, location string) (feature.GroupName, error) {
	if s.options.Groups == nil {
		return "", nil
	}
	folder := func(uri string) string { return strings.TrimRight(uri, "/") + "/" }
	location = folder(location)
	for g, err := range s.options.Groups(ctx) {
		if err != nil {
			return "", err
		}
		if g.Offline == nil {
			continue
		}
		if own := folder(g.Offline.Resolved); strings.HasPrefix(own, location) || strings.HasPrefix(location, own) {
			return g.Name, nil
		}
	}
	return "", nil
}

// TableVersions returns the present version of a table and those that were kept, newest first. NotFound.
func (s *Store) TableVersions(ctx context.Context, database, name string) ([]*Table, error) {
	database, name = strings.ToLower(database), strings.ToLower(name)
	all, err := s.tables.Versions(ctx, database, name)
	if feature.KindOf(err) == feature.NotFound {
		return nil, s.noTable(ctx, database, name)
	}
	return all, err
}

// DeleteTableVersion forgets a version that was kept. NotFound: the table or the version. Invalid: it is
// the present one.
func (s *Store) DeleteTableVersion(ctx context.Context, database, name string, version int64) error {
	t, err := s.Table(ctx, database, name)
	if err != nil {
		return err
	}
	err = s.tables.DeleteVersion(ctx, t.Database, t.Name, version)
	switch feature.KindOf(err) {
	case feature.NotFound:
		return NoVersion(t.Name, version)
	case feature.Conflict:
		return feature.Errorf(feature.Invalid, "version %d is the present one of the table %s; delete the table, or an older version", version, t.Name)
	}
	return err
}

// NoVersion says that a table has no such version, as Glue does.
func NoVersion(name string, version int64) error {
	return feature.Errorf(feature.NotFound, "Table version %d of table %s not found.", version, name)
}
