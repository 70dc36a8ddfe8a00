package table

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/serde"
)

// CreateDatabase makes a database. Its name is folded to lower case. Exists, also for the database of the catalog's own
// tables; Invalid: the name.
func (s *Store) CreateDatabase(ctx context.Context, d *Database) error {
	d = &Database{
		Name: strings.ToLower(d.Name), Description: d.Description, LocationURI: d.LocationURI,
		Parameters: maps.Clone(d.Parameters), Tags: maps.Clone(d.Tags), Created: s.now(),
	}
	if d.Name == "" || len(d.Name) > 255 || strings.ContainsFunc(d.Name, unicode.IsControl) || !utf8.ValidString(d.Name) {
		return feature.Errorf(feature.Invalid, "the database name %q is not 1 to 255 bytes of text in one line", d.Name)
	}
	if d.Name == feature.InformationSchema {
		return feature.Errorf(feature.Exists, "Database %s already exists: it is in every catalog.", d.Name)
	}
	err := s.tables.CreateDatabase(ctx, d)
	if feature.KindOf(err) == feature.Exists {
		return feature.Errorf(feature.Exists, "Database %s already exists.", d.Name)
	}
	return err
}

// Databases returns every database, sorted by name.
func (s *Store) Databases(ctx context.Context) ([]*Database, error) {
	return s.tables.Databases(ctx)
}

// Database returns the database of that name, in any case. NotFound.
func (s *Store) Database(ctx context.Context, name string) (*Database, error) {
	all, err := s.Databases(ctx)
	if err != nil {
		return nil, err
	}
	name = strings.ToLower(name)
	i, ok := slices.BinarySearchFunc(all, name, func(d *Database, name string) int { return strings.Compare(d.Name, name) })
	if !ok {
		return nil, noDatabase(name)
	}
	return all[i], nil
}

// CreateTable makes a table of files that somebody else writes. Names are folded to lower case, the
// format is completed as Hive does, Created, Updated and Version are set; t itself is not changed.
// Exists; NotFound: the database; Invalid: a name, a type or the location; Unsupported: a type or
// a format that the engine does not read.
func (s *Store) CreateTable(ctx context.Context, t *Table) error {
	c, err := s.Completed(t)
	if err != nil {
		return err
	}
	err = s.tables.CreateTable(ctx, c)
	switch feature.KindOf(err) {
	case feature.Exists:
		return feature.Errorf(feature.Exists, "Table %s already exists.", c.Name)
	case feature.NotFound:
		return noDatabase(c.Database)
	}
	return err
}

// Completed is the table that CreateTable would store. Invalid; Unsupported.
func (s *Store) Completed(t *Table) (*Table, error) {
	c := *t
	c.Group, c.EventTime, c.EventTimeType = 0, "", 0
	c.Columns, c.Buckets = slices.Clone(t.Columns), -1
	c.PartitionKeys = slices.Clone(t.PartitionKeys)
	c.SerDeParams = maps.Clone(t.SerDeParams)
	c.Parameters = maps.Clone(t.Parameters)
	if c.Parameters == nil {
		c.Parameters = map[string]string{}
	}
	c.Parameters["EXTERNAL"] = "TRUE"
	c.Location = strings.TrimSpace(t.Location)
	if err := s.checkTable(&c); err != nil {
		return nil, err
	}
	c.TableType = externalTable
	c.Created, c.Version = s.now(), 0
	c.Updated = c.Created
	return &c, nil
}

const externalTable = "EXTERNAL_TABLE"

// create stores a table that has been checked.
func (s *Store) create(ctx context.Context, t *Table) error {
	t.TableType = externalTable
	t.Created, t.Version = s.now(), 0
	t.Updated = t.Created
	err := s.tables.CreateTable(ctx, t)
	switch feature.KindOf(err) {
	case feature.Exists:
		return feature.Errorf(feature.Exists, "Table %s already exists.", t.Name)
	case feature.NotFound:
		return noDatabase(t.Database)
	}
	return err
}

// Table returns the table of that name, in any case. NotFound.
func (s *Store) Table(ctx context.Context, database, name string) (*Table, error) {
	database, name = strings.ToLower(database), strings.ToLower(name)
	t, err := s.tables.GetTable(ctx, database, name)
	if feature.KindOf(err) == feature.NotFound {
		return nil, s.noTable(ctx, database, name)
	}
	return t, err
}

// Tables returns the tables of a database, sorted by name. NotFound: the database.
func (s *Store) Tables(ctx context.Context, database string) ([]*Table, error) {
	database = strings.ToLower(database)
	all, err := s.tables.ListTables(ctx, database)
	if feature.KindOf(err) == feature.NotFound {
		return nil, noDatabase(database)
	}
	return all, err
}

// DeleteTable forgets a table; its data files stay. NotFound.
func (s *Store) DeleteTable(ctx context.Context, database, name string) error {
	database, name = strings.ToLower(database), strings.ToLower(name)
	err := s.tables.DeleteTable(ctx, database, name)
	if feature.KindOf(err) == feature.NotFound {
		return s.noTable(ctx, database, name)
	}
	return err
}

// now is the time as tables carry it.
func (s *Store) now() time.Time { return s.options.Now().UTC().Truncate(time.Millisecond) }

// The sentences are Glue's (contract §6.1).
func noDatabase(name string) error {
	return feature.Errorf(feature.NotFound, "Database %s not found.", name)
}

func (s *Store) noTable(ctx context.Context, database, name string) error {
	if _, err := s.Database(ctx, database); err != nil {
		return err
	}
	return feature.Errorf(feature.NotFound, "Table %s not found.", name)
}

var namePattern = regexp.MustCompile(`^[a-z0-9_]{1,255}$`)

// checkName holds the rule of databases' and tables' names, which are lower case by now.
func checkName(what, name string) error {
	if !namePattern.MatchString(name) {
		return feature.Errorf(feature.Invalid, "the %s name %q is not 1 to 255 letters, digits and underscores", what, name)
	}
	return nil
}

func (s *Store) checkTable(t *Table) error {
	t.Database, t.Name = strings.ToLower(t.Database), strings.ToLower(t.Name)
	if err := checkName("database", t.Database); err != nil {
		return err
	}
	if err := checkName("table", t.Name); err != nil {
		return err
	}
	if err := checkColumns(t.Columns, t.PartitionKeys); err != nil {
		return err
	}
	if err := refuseProjection(t); err != nil {
		return err
	}
	if _, err := parseLocation(t.Location); err != nil {
		return err
	}
	return setFormat(t)
}

// checkColumns folds names and types, and holds their rules.
func checkColumns(columns, keys []Column) error {
	if len(columns) == 0 {
		return feature.Errorf(feature.Invalid, "the table has no columns; give each a name and a type")
	}
	seen := map[string]bool{}
	for i := range len(columns) + len(keys) {
		c := &columns[min(i, len(columns)-1)]
		if i >= len(columns) {
			c = &keys[i-len(columns)]
		}
		c.Name = strings.ToLower(c.Name)
		if c.Name == "" || len(c.Name) > 255 || !utf8.ValidString(c.Name) || strings.ContainsFunc(c.Name, unicode.IsControl) {
			return feature.Errorf(feature.Invalid, "the column name %q is not 1 to 255 bytes of text", c.Name)
		}
		if seen[c.Name] {
			return feature.Errorf(feature.Invalid, "the column name %q is there twice; names are not case-sensitive", c.Name)
		}
		seen[c.Name] = true
		if _, err := engineType(c.Type); err != nil {
			return fmt.Errorf("column %q: %w", c.Name, err)
		}
		c.Type = serde.Canonical(c.Type)
	}
	return nil
}

// location is where the data files of a table are.
type location struct{ bucket, prefix string }

// parseLocation takes s3://bucket/prefix apart. Invalid.
func parseLocation(uri string) (location, error) {
	rest, ok := strings.CutPrefix(uri, "s3://")
	if !ok {
		rest, ok = strings.CutPrefix(uri, "s3a://")
	}
	name, prefix, _ := strings.Cut(rest, "/")
	if !ok || len(prefix) > bucket.MaxKey || bucket.CheckName(name) != nil {
		return location{}, feature.Errorf(feature.Invalid, "the location %q is not of the form s3://bucket/folder/", uri)
	}
	return location{bucket: name, prefix: prefix}, nil
}
