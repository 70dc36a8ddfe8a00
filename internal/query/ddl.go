package query

import (
	"context"
	"fmt"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

// runDDL carries out a statement on the catalog. Its result has no rows. The result is staged
// first, so that a wrong output location changes nothing.
func (s *Store) runDDL(ctx context.Context, e *Execution, statement trino.Statement, o *outcome) error {
	object, err := s.stage(ctx, e, e.Output, strings.NewReader(""))
	if err != nil {
		return stageError(err)
	}
	o.objects = append(o.objects, object)
	if object, err = s.stage(ctx, e, e.Output+".metadata", metadataOf(e.ID, nil)); err != nil {
		return stageError(err)
	}
	o.objects = append(o.objects, object)

	database := strings.ToLower(e.Database)
	if database == "" {
		database = defaultDatabase
	}
	switch d := statement.(type) {
	case *trino.CreateTable:
		return s.createTable(ctx, d, database)
	case *trino.DropTable:
		return s.dropTable(ctx, d, database)
	case *trino.CreateDatabase:
		return s.createDatabase(ctx, d)
	}
	return fmt.Errorf("a statement is a %T", statement)
}

func (s *Store) createTable(ctx context.Context, d *trino.CreateTable, database string) error {
	if d.Database != "" {
		database = d.Database
	}
	t := &table.Table{
		Database: database, Name: d.Name, Description: d.Comment, Parameters: d.Properties,
		Storage: table.Storage{
			Location: d.Location, InputFormat: d.InputFormat, OutputFormat: d.OutputFormat, SerDe: d.SerDe, SerDeParams: d.SerDeParams,
		},
	}
	for _, c := range d.Columns {
		t.Columns = append(t.Columns, table.Column{Name: c.Name, Type: c.HiveType})
	}
	err := s.tables.CreateTable(ctx, t)
	switch feature.KindOf(err) {
	case feature.Exists:
		if d.IfNotExists {
			return nil
		}
		return ddlFailed("AlreadyExistsException", err)
	case feature.NotFound:
		return refuse(typeDDL, "FAILED: SemanticException [Error 10072]: Database does not exist: %s", database)
	}
	return err
}

func (s *Store) dropTable(ctx context.Context, d *trino.DropTable, database string) error {
	if d.Database != "" {
		database = d.Database
	}
	err := s.tables.DeleteTable(ctx, database, d.Name)
	if feature.KindOf(err) == feature.NotFound {
		if d.IfExists {
			return nil
		}
		return refuse(typeDDL, "FAILED: SemanticException [Error 10001]: Table not found %s.%s", database, d.Name)
	}
	return err
}

func (s *Store) createDatabase(ctx context.Context, d *trino.CreateDatabase) error {
	err := s.tables.CreateDatabase(ctx, &table.Database{Name: d.Name, Description: d.Comment, LocationURI: d.Location})
	if feature.KindOf(err) == feature.Exists {
		if d.IfNotExists {
			return nil
		}
		return ddlFailed("AlreadyExistsException", err)
	}
	return err
}

// ddlFailed is what Hive says when its catalog refuses a statement.
func ddlFailed(exception string, err error) error {
	return refuse(typeDDL, "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. %s(message:%s)", exception, err)
}
