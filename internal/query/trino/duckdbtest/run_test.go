package duckdbtest

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"

	duck "github.com/duckdb/duckdb-go-bindings"
	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/larder-dev/larder/internal/duckdb/worker"
	"github.com/larder-dev/larder/internal/query/trino"
)

// catalog is the tables of the tests and what makes each in the engine.
type catalog map[string]entry

type entry struct {
	columns []trino.TableColumn
	create  string // SELECT that gives the rows
}

func (c catalog) Table(_, database, name string) (*trino.Table, error) {
	e, ok := c[database+"."+name]
	if !ok {
		return nil, nil
	}
	return &trino.Table{Database: database, Name: name, Columns: e.columns}, nil
}

// AsOf implements trino.Schema.
func (c catalog) AsOf(f *trino.AsOf) ([]trino.TableColumn, error) {
	return nil, f.Fail(trino.ArgumentLabels, "NOT_SUPPORTED", "there are no groups")
}

const db = "sagemaker_featurestore"

func columns(spec string) []trino.TableColumn {
	var out []trino.TableColumn
	for _, f := range strings.Split(spec, ",") {
		n, t, _ := strings.Cut(strings.TrimSpace(f), " ")
		t, event := strings.CutSuffix(t, " event")
		out = append(out, trino.TableColumn{Name: n, HiveType: t, EventTime: event})
	}
	return out
}

// run translates text and gives the rows that the engine makes of it, each value as text, NULL for NULL.
func run(t *testing.T, tables catalog, text string) (*trino.Translation, [][]string, error) {
	t.Helper()
	s, err := trino.Parse(text)
	if err != nil {
		return nil, nil, err
	}
	tr, err := trino.Translate(s.(*trino.Query), trino.Session{Database: db}, tables)
	if err != nil {
		return nil, nil, err
	}
	rows, err := execute(t, tables, tr)
	return tr, rows, err
}

func execute(t *testing.T, tables catalog, tr *trino.Translation) ([][]string, error) {
	t.Helper()
	conn, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetMaxOpenConns(1)
	if _, err := conn.Exec("SET TimeZone = 'UTC'"); err != nil {
		t.Fatal(err)
	}
	for i, table := range tr.Tables {
		q := fmt.Sprintf("CREATE TABLE r%d AS %s", i, tables[table.Database+"."+table.Name].create)
		if _, err := conn.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := registerScalars(ctx, conn, tr.SQL); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.QueryContext(ctx, tr.SQL)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]string
	for rows.Next() {
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return nil, err
		}
		row := make([]string, len(names))
		for i, v := range values {
			row[i] = show(*v.(*any))
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

// registerScalars gives the driver's connection what a worker's has. The driver keeps the handle that
// this needs to itself.
func registerScalars(ctx context.Context, db *sql.DB, text string) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Raw(func(driver any) error {
		handle := reflect.ValueOf(driver).Elem().FieldByName("conn")
		return worker.RegisterScalars(*(*duck.Connection)(unsafe.Pointer(handle.UnsafeAddr())), text)
	})
}

func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case time.Time:
		return strings.TrimSuffix(v.UTC().Format("2006-01-02 15:04:05.000000"), " 00:00:00.000000")
	case fmt.Stringer:
		return v.String()
	}
	return fmt.Sprint(v)
}
