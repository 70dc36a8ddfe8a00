package query

import (
	"context"
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

// A ddl is a statement of Hive's that is being carried out.
type ddl struct {
	*Store
	database string // what a name without one means
}

// A change is what a statement does when its result has been staged: a wrong output location changes nothing.
type change func(ctx context.Context) error

// runDDL carries out a statement on the catalog. Its result is text: a line for each row.
func (s *Store) runDDL(ctx context.Context, e *Execution, statement trino.Statement, o *outcome) error {
	d := &ddl{Store: s, database: sessionOf(e).Database}
	lines, do, err := d.prepare(ctx, statement, o)
	if err != nil {
		return err
	}
	text := strings.Join(lines, "\n")
	if len(lines) > 0 {
		text += "\n"
	}
	o.rows, o.written = int64(len(lines)), int64(len(text))
	if err := s.stageResult(ctx, e, o, strings.NewReader(text)); err != nil {
		return err
	}
	if do == nil {
		return nil
	}
	return do(ctx)
}

// prepare returns the lines of the result and what is to be done when they are staged.
func (d *ddl) prepare(ctx context.Context, statement trino.Statement, o *outcome) (lines []string, do change, err error) {
	switch t := statement.(type) {
	case *trino.Show:
		lines, o.columns, err = d.show(ctx, t)
		return lines, nil, err
	case *trino.RepairTable:
		return d.repair(ctx, t)
	case *trino.CreateTable:
		do = func(ctx context.Context) error { return d.createTable(ctx, t) }
	case *trino.DropTable:
		do = func(ctx context.Context) error { return d.dropTable(ctx, t) }
	case *trino.CreateDatabase:
		do = func(ctx context.Context) error { return d.createDatabase(ctx, t) }
	case *trino.DropDatabase:
		do = func(ctx context.Context) error { return d.dropDatabase(ctx, t) }
	case *trino.AlterTable:
		do = func(ctx context.Context) error { return d.alterTable(ctx, t) }
	case *trino.Prepare:
		do = func(ctx context.Context) error {
			return prepareError(d.PutPrepared(ctx, &Prepared{Name: t.Name, WorkGroup: o.workGroup, SQL: t.SQL}, Either))
		}
	case *trino.Deallocate:
		do = func(ctx context.Context) error { return prepareError(d.DeletePrepared(ctx, o.workGroup, t.Name)) }
	case *trino.AlterDatabase:
		do = func(ctx context.Context) error { return d.alterDatabase(ctx, t) }
	default:
		err = refuse(typeNotSupported, "NOT_SUPPORTED: Queries of this type are not supported")
	}
	return nil, do, err
}

// of is the database that a name is of.
func (d *ddl) of(t trino.TableName) string {
	if t.Database != "" {
		return t.Database
	}
	return d.database
}

// table finds a table or a view.
func (d *ddl) table(ctx context.Context, name trino.TableName) (*table.Table, error) {
	t, err := d.tables.Table(ctx, d.of(name), name.Name)
	if feature.KindOf(err) == feature.NotFound {
		return nil, refuse(typeDDL, "FAILED: SemanticException [Error 10001]: Table not found %s.%s", d.of(name), name.Name)
	}
	return t, err
}

// own finds a table that may be changed: not a view, and not that of a feature group, which the group alone
// writes (contract §4.5).
func (d *ddl) own(ctx context.Context, name trino.TableName, what string) (*table.Table, error) {
	t, err := d.table(ctx, name)
	if err != nil {
		return nil, err
	}
	if isView(t) {
		return nil, refuse(typeDDL, "FAILED: SemanticException [Error 10131]: %s.%s is a view, which cannot be altered; create it anew with CREATE OR REPLACE VIEW", t.Database, t.Name)
	}
	return t, refuseGroup(t, what)
}

// refuseGroup refuses a change of what a feature group writes.
func refuseGroup(t *table.Table, what string) error {
	if t.Group == 0 {
		return nil
	}
	return refuse(typeDDL, "FAILED: SemanticException: the table %s.%s is that of a feature group, which cannot be %s by a statement; use the feature group's own operations", t.Database, t.Name, what)
}

func (d *ddl) createTable(ctx context.Context, c *trino.CreateTable) error {
	t := &table.Table{
		Database: d.of(c.TableName), Name: c.Name, Description: c.Comment, Parameters: c.Properties,
		Storage: table.Storage{
			Columns: columnsOf(c.Columns), Location: c.Location, InputFormat: c.InputFormat, OutputFormat: c.OutputFormat,
			SerDe: c.SerDe, SerDeParams: c.SerDeParams,
		},
		PartitionKeys: columnsOf(c.Partitions),
	}
	err := d.tables.CreateTable(ctx, t)
	switch feature.KindOf(err) {
	case feature.Exists:
		if c.IfNotExists {
			return nil
		}
		return ddlFailed("AlreadyExistsException", err)
	case feature.NotFound:
		return noDatabase(t.Database)
	}
	return err
}

func noDatabase(name string) error {
	return refuse(typeDDL, "FAILED: SemanticException [Error 10072]: Database does not exist: %s", name)
}

func columnsOf(columns []trino.HiveColumn) []table.Column {
	var out []table.Column
	for _, c := range columns {
		out = append(out, table.Column{Name: c.Name, Type: c.Type, Comment: c.Comment})
	}
	return out
}

func (d *ddl) dropTable(ctx context.Context, drop *trino.DropTable) error {
	t, err := d.tables.Table(ctx, d.of(drop.TableName), drop.Name)
	switch {
	case feature.KindOf(err) == feature.NotFound && drop.IfExists:
		return nil
	case feature.KindOf(err) == feature.NotFound:
		return refuse(typeDDL, "FAILED: SemanticException [Error 10001]: Table not found %s.%s", d.of(drop.TableName), drop.Name)
	case err != nil:
		return err
	case isView(t) && !drop.View:
		return refuse(typeDDL, "FAILED: SemanticException [Error 10131]: Cannot drop a view with DROP TABLE: %s.%s is one; use DROP VIEW", t.Database, t.Name)
	case !isView(t) && drop.View:
		return refuse(typeDDL, "FAILED: SemanticException [Error 10131]: Cannot drop a base table with DROP VIEW: %s.%s is one; use DROP TABLE", t.Database, t.Name)
	}
	if err := refuseGroup(t, "dropped"); err != nil {
		return err
	}
	err = d.tables.DeleteTable(ctx, t.Database, t.Name)
	if feature.KindOf(err) == feature.NotFound {
		return nil // somebody else was quicker
	}
	return err
}

func (d *ddl) createDatabase(ctx context.Context, c *trino.CreateDatabase) error {
	err := d.tables.CreateDatabase(ctx, &table.Database{Name: c.Name, Description: c.Comment, LocationURI: c.Location, Parameters: c.Properties})
	if feature.KindOf(err) == feature.Exists {
		if c.IfNotExists {
			return nil
		}
		return ddlFailed("AlreadyExistsException", err)
	}
	return err
}

func (d *ddl) alterDatabase(ctx context.Context, a *trino.AlterDatabase) error {
	err := d.tables.UpdateDatabase(ctx, a.Name, func(held *table.Database) error {
		held.Parameters = merged(held.Parameters, a.Properties)
		return nil
	})
	if feature.KindOf(err) == feature.NotFound {
		return noDatabase(a.Name)
	}
	return err
}

func (d *ddl) dropDatabase(ctx context.Context, drop *trino.DropDatabase) error {
	tables, err := d.tables.Tables(ctx, drop.Name)
	if feature.KindOf(err) == feature.NotFound {
		if drop.IfExists {
			return nil
		}
		return noDatabase(drop.Name)
	}
	if err != nil {
		return err
	}
	switch {
	case drop.Name == table.DefaultDatabase:
		return ddlRefused("MetaException", "Can not drop default database")
	case drop.Name == table.FeatureStoreDatabase, slices.ContainsFunc(tables, func(t *table.Table) bool { return t.Group != 0 }):
		return ddlRefused("MetaException", "Can not drop database "+drop.Name+": it is for the tables of feature groups")
	case len(tables) > 0 && !drop.Cascade:
		return ddlRefused("InvalidOperationException", "Database "+drop.Name+" is not empty. One or more tables exist.")
	}
	err = d.tables.DeleteDatabase(ctx, drop.Name)
	if feature.KindOf(err) == feature.NotFound {
		return nil
	}
	return err
}

// ddlFailed is what Hive says when its catalog refuses a statement.
func ddlFailed(exception string, err error) error { return ddlRefused(exception, err.Error()) }

func ddlRefused(exception, why string) error {
	return refuse(typeDDL, "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. %s(message:%s)", exception, strings.TrimSpace(why))
}
