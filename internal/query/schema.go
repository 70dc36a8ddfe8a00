package query

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

func isCatalog(name string) bool { return strings.EqualFold(name, catalogName) }

// defaultDatabase is what a name without a database means if the client gave none.
const defaultDatabase = "default"

// A schema finds tables as they stand in a snapshot.
type schema struct {
	ctx   context.Context // of the one translation that it lives for
	s     *Store
	snap  table.Snapshot
	found map[string]*table.Table // by database.table
	joins map[*trino.AsOf]*AsOfJoin
}

func (s *Store) schema(ctx context.Context, snap table.Snapshot) *schema {
	return &schema{ctx: ctx, s: s, snap: snap, found: map[string]*table.Table{}, joins: map[*trino.AsOf]*AsOfJoin{}}
}

var _ trino.Schema = (*schema)(nil)

// Table implements trino.Schema.
func (c *schema) Table(catalog, database, name string) (*trino.Table, error) {
	if err := c.s.checkCatalog(catalog); err != nil {
		return nil, err
	}
	if database == "" {
		database = defaultDatabase
	}
	if database == feature.InformationSchema {
		t, ok := catalogTables()[name]
		if !ok {
			return nil, nil
		}
		return &trino.Table{Catalog: catalogName, Database: database, Name: name, Columns: t.columns}, nil
	}
	t, err := c.snap.Table(database, name)
	if feature.KindOf(err) == feature.NotFound {
		return nil, c.missing(database)
	}
	if err != nil {
		return nil, err
	}
	if isView(t) {
		return c.view(t)
	}
	if err := table.Readable(t); err != nil {
		return nil, fmt.Errorf("table %s.%s: %w", t.Database, t.Name, err)
	}
	found := &trino.Table{Catalog: catalogName, Database: t.Database, Name: t.Name, Places: table.Places(t)}
	for _, column := range slices.Concat(t.Columns, t.PartitionKeys) {
		found.Columns = append(found.Columns, trino.TableColumn{
			Name: column.Name, HiveType: column.Type,
			EventTime: t.Group != 0 && t.EventTimeType == feature.String && strings.EqualFold(column.Name, t.EventTime),
		})
	}
	c.found[t.Database+"."+t.Name] = t
	return found, nil
}

// view is what a view stands for.
func (c *schema) view(t *table.Table) (*trino.Table, error) {
	v, err := viewOf(t)
	if err != nil {
		return nil, err
	}
	found := &trino.Table{
		Catalog: catalogName, Database: t.Database, Name: t.Name,
		View: &trino.View{SQL: v.OriginalSQL, Session: trino.Session{Catalog: catalogName, Database: strings.ToLower(v.Schema)}},
	}
	for _, column := range v.Columns {
		found.Columns = append(found.Columns, trino.TableColumn{Name: column.Name})
	}
	return found, nil
}

// missing tells what is not there: nil says the table.
func (c *schema) missing(database string) error {
	_, err := c.s.tables.Database(c.ctx, database)
	if feature.KindOf(err) == feature.NotFound {
		return refuse(typeNoEntity, "SCHEMA_NOT_FOUND: Schema '%s' does not exist", database)
	}
	return err
}
