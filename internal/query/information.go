package query

import (
	"context"
	"iter"
	"slices"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

// A catalogTable is one of feature.InformationSchema: they tell what the catalog has.
type catalogTable struct {
	columns []trino.TableColumn
	// rows yields what the catalog has now.
	rows func(context.Context, *Store) iter.Seq2[[]any, error]
}

// catalogTables returns those that tools ask for, by name. The columns comment and extra_info, which says what is a
// partition key, are Athena's.
func catalogTables() map[string]catalogTable {
	return map[string]catalogTable{
		"schemata": {textColumns("catalog_name", "schema_name"), schemataRows},
		"tables":   {textColumns("table_catalog", "table_schema", "table_name", "table_type"), tablesRows},
		"views":    {textColumns("table_catalog", "table_schema", "table_name", "view_definition"), viewsRows},
		"columns": {slices.Concat(
			textColumns("table_catalog", "table_schema", "table_name", "column_name"), []trino.TableColumn{{Name: "ordinal_position", HiveType: "bigint"}},
			textColumns("column_default", "is_nullable", "data_type", "comment", "extra_info")), columnsRows},
	}
}

func textColumns(names ...string) []trino.TableColumn {
	out := make([]trino.TableColumn, len(names))
	for i, n := range names {
		out[i] = trino.TableColumn{Name: n, HiveType: "string"}
	}
	return out
}

// relation is what the engine reads of a table of the catalog's.
func (t catalogTable) relation(ctx context.Context, s *Store, name string) Relation {
	r := Relation{Name: name, Rows: t.rows(ctx, s)}
	for _, c := range t.columns {
		r.Columns = append(r.Columns, RelationColumn{Name: c.Name, Type: map[string]string{"string": "VARCHAR", "bigint": "BIGINT"}[c.HiveType]})
	}
	return r
}

// eachTable yields all tables and views, by database and name; those of the information schema come last.
func eachTable(ctx context.Context, s *Store) iter.Seq2[*table.Table, error] {
	return func(yield func(*table.Table, error) bool) {
		databases, err := s.tables.Databases(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, d := range databases {
			if d.Name == feature.InformationSchema {
				continue
			}
			tables, err := s.tables.Tables(ctx, d.Name)
			if feature.KindOf(err) == feature.NotFound {
				continue // it was deleted just now
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, t := range tables {
				if !yield(t, nil) {
					return
				}
			}
		}
		all := catalogTables()
		for _, name := range []string{"columns", "schemata", "tables", "views"} {
			t := &table.Table{Database: feature.InformationSchema, Name: name}
			for _, c := range all[name].columns {
				t.Columns = append(t.Columns, table.Column{Name: c.Name, Type: c.HiveType})
			}
			if !yield(t, nil) {
				return
			}
		}
	}
}

// each makes rows of tables.
func each(ctx context.Context, s *Store, rows func(*table.Table) [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for t, err := range eachTable(ctx, s) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows(t) {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

func schemataRows(ctx context.Context, s *Store) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		databases, err := s.tables.Databases(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, d := range databases {
			if d.Name != feature.InformationSchema && !yield([]any{catalogName, d.Name}, nil) {
				return
			}
		}
		yield([]any{catalogName, feature.InformationSchema}, nil)
	}
}

func tablesRows(ctx context.Context, s *Store) iter.Seq2[[]any, error] {
	return each(ctx, s, func(t *table.Table) [][]any {
		kind := "BASE TABLE"
		if isView(t) {
			kind = "VIEW"
		}
		return [][]any{{catalogName, t.Database, t.Name, kind}}
	})
}

func viewsRows(ctx context.Context, s *Store) iter.Seq2[[]any, error] {
	return each(ctx, s, func(t *table.Table) [][]any {
		if !isView(t) {
			return nil
		}
		v, err := viewOf(t)
		if err != nil {
			return nil // somebody else's, which no query may name
		}
		return [][]any{{catalogName, t.Database, t.Name, v.OriginalSQL}}
	})
}

func columnsRows(ctx context.Context, s *Store) iter.Seq2[[]any, error] {
	return each(ctx, s, func(t *table.Table) [][]any {
		var rows [][]any
		for i, c := range slices.Concat(t.Columns, t.PartitionKeys) {
			var comment, extra any
			if c.Comment != "" {
				comment = c.Comment
			}
			if i >= len(t.Columns) {
				extra = "partition key"
			}
			typ := c.Type
			if known, ok := trino.TypeOfHive(c.Type); ok {
				typ = known.String()
			}
			rows = append(rows, []any{catalogName, t.Database, t.Name, c.Name, int64(i + 1), nil, "YES", typ, comment, extra})
		}
		return rows
	})
}
