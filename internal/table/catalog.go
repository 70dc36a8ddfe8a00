package table

import "context"

// CreateDatabase makes a database. Its name is folded to lower case. Exists; Invalid: the name.
func (s *Store) CreateDatabase(ctx context.Context, d *Database) error { panic("not written yet") }

// Databases returns every database, sorted by name. FeatureStoreDatabase is always there.
func (s *Store) Databases(ctx context.Context) ([]*Database, error) { panic("not written yet") }

// Database returns the database of that name, in any case. NotFound.
func (s *Store) Database(ctx context.Context, name string) (*Database, error) {
	panic("not written yet")
}

// CreateTable makes a table. Names are folded to lower case; Created, Updated and Version are
// set. Exists; NotFound: the database; Invalid: a name, a type or the location; Unsupported: a
// type or format that the engine does not read.
func (s *Store) CreateTable(ctx context.Context, t *Table) error { panic("not written yet") }

// Table returns the table of that name, in any case. NotFound.
func (s *Store) Table(ctx context.Context, database, name string) (*Table, error) {
	panic("not written yet")
}

// Tables returns the tables of a database, sorted by name. NotFound: the database.
func (s *Store) Tables(ctx context.Context, database string) ([]*Table, error) {
	panic("not written yet")
}

// DeleteTable forgets a table; its data files stay. NotFound.
func (s *Store) DeleteTable(ctx context.Context, database, name string) error {
	panic("not written yet")
}
