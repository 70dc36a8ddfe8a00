package query

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

// A view is a table of the catalog without files: its ViewOriginalText is a comment that holds, in base64, a
// JSON object with the statement. So Presto, Trino and Athena keep views; their clients look for
// TableType VIRTUAL_VIEW and the parameter presto_view.

const (
	viewType   = "VIRTUAL_VIEW"
	viewBefore = "/* Presto View: "
	viewAfter  = " */"
	viewMark   = "/* Presto View */"
)

// A storedView is that JSON object, as far as we read and write it.
type storedView struct {
	OriginalSQL  string             `json:"originalSql"`
	Catalog      string             `json:"catalog"`
	Schema       string             `json:"schema"`
	Columns      []storedViewColumn `json:"columns"`
	RunAsInvoker bool               `json:"runAsInvoker"`
	Properties   map[string]string  `json:"properties"`
}

type storedViewColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

func isView(t *table.Table) bool { return t.TableType == viewType }

// viewOf reads the statement of a view. It is refused if nobody of the Presto family wrote it.
func viewOf(t *table.Table) (*storedView, error) {
	text, before := strings.CutPrefix(strings.TrimSpace(t.ViewOriginalText), viewBefore)
	text, after := strings.CutSuffix(text, viewAfter)
	if before && after {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
		v := &storedView{}
		if err == nil && json.Unmarshal(raw, v) == nil && v.OriginalSQL != "" {
			return v, nil
		}
	}
	return nil, refuse(typeUser, "HIVE_INVALID_VIEW_DATA: the view %s.%s is not one of Presto's, Trino's or Athena's; create it with CREATE VIEW", t.Database, t.Name)
}

// createView makes or replaces a view. Its query is analysed first: what cannot be queried is no view.
func (s *Store) createView(ctx context.Context, e *Execution, c *trino.CreateView) (err error) {
	session := sessionOf(e)
	database := session.Database
	if c.Database != "" {
		database = c.Database
	}
	snap, err := s.offline.Snapshot(ctx)
	if err != nil {
		return err
	}
	translation, err := trino.Translate(c.Query, session, s.schema(ctx, snap))
	if closeErr := snap.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	columns, err := hiveColumns(translation.Columns)
	if err != nil {
		return err
	}
	v := storedView{OriginalSQL: c.SQL, Catalog: catalogName, Schema: session.Database, Properties: map[string]string{}}
	for i, r := range translation.Columns {
		v.Columns = append(v.Columns, storedViewColumn{columns[i].Name, r.Type.String()})
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	t := &table.Table{
		Database: database, Name: c.Name, TableType: viewType, Description: c.Comment,
		Storage:          table.Storage{Columns: columns},
		Parameters:       map[string]string{"presto_view": "true", "comment": "Presto View"},
		ViewOriginalText: viewBefore + base64.StdEncoding.EncodeToString(raw) + viewAfter,
		ViewExpandedText: viewMark,
	}
	return s.putView(ctx, t, c.Replace)
}

func (s *Store) putView(ctx context.Context, t *table.Table, replace bool) error {
	for {
		err := s.tables.RegisterTable(ctx, t)
		switch feature.KindOf(err) {
		case feature.NotFound:
			return refuse(typeNoEntity, "SCHEMA_NOT_FOUND: Schema '%s' does not exist", t.Database)
		case feature.Exists:
		default:
			return err
		}
		held, err := s.tables.Table(ctx, t.Database, t.Name)
		switch {
		case feature.KindOf(err) == feature.NotFound:
			continue // it has gone since
		case err != nil:
			return err
		case !isView(held):
			return refuse(typeUser, "TABLE_ALREADY_EXISTS: '%s.%s.%s' is a table, which CREATE VIEW does not replace", catalogName, t.Database, t.Name)
		case !replace:
			return refuse(typeUser, "TABLE_ALREADY_EXISTS: View '%s.%s.%s' already exists; use CREATE OR REPLACE VIEW", catalogName, t.Database, t.Name)
		}
		err = s.tables.ReplaceTable(ctx, t, table.Replacement{Version: &held.Version})
		if kind := feature.KindOf(err); kind != feature.NotFound && kind != feature.Conflict {
			return err
		}
	}
}

// createViewStatement is what SHOW CREATE VIEW shows.
func createViewStatement(t *table.Table) ([]string, error) {
	if !isView(t) {
		return nil, refuse(typeDDL, "FAILED: SemanticException: %s.%s is a table, not a view; use SHOW CREATE TABLE", t.Database, t.Name)
	}
	v, err := viewOf(t)
	if err != nil {
		return nil, err
	}
	name := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	return strings.Split("CREATE VIEW "+name(t.Database)+"."+name(t.Name)+" AS\n"+v.OriginalSQL, "\n"), nil
}
