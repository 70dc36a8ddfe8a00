package duckdbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/duckdb/worker"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/query/trino"
)

// TestMain lets the test binary be the worker too.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		if err := worker.Main(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func openPool(t *testing.T) *duckdb.Pool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := duckdb.Open(duckdb.Options{Command: []string{exe, "worker"}, Slots: 1, Scratch: t.TempDir() + "/scratch"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// A functionCase is a line of testdata/functions: an expression, its type, and its value as Athena's
// result files have it, or "!", the code of its error, and what the error contains.
type functionCase struct{ at, expr, typ, want string }

// functionCases reads a file. Lines that begin with # name the page that the answers are from.
func functionCases(t *testing.T, path string) []functionCase {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var cases []functionCase
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " | ")
		if len(parts) != 3 {
			t.Fatalf("%s:%d: %d parts, want expression | type | value", path, number, len(parts))
		}
		at := fmt.Sprintf("%s:%d", filepath.Base(path), number)
		cases = append(cases, functionCase{at, parts[0], parts[1], parts[2]})
	}
	return cases
}

// TestFunctions compares every case with what a worker answers. Cases that succeed travel many to a
// statement, so that thousands take seconds.
func TestFunctions(t *testing.T) {
	files, err := filepath.Glob("testdata/functions/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	p := openPool(t)
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			var together []functionCase
			for _, c := range functionCases(t, path) {
				if strings.HasPrefix(c.want, "!") {
					checkFails(t, p, c)
				} else {
					together = append(together, c)
				}
			}
			for len(together) > 0 {
				n := min(40, len(together))
				checkValues(t, p, together[:n])
				together = together[n:]
			}
		})
	}
}

func checkFails(t *testing.T, p *duckdb.Pool, c functionCase) {
	t.Helper()
	row, _, err := evaluate(p, []functionCase{c})
	code, message, _ := strings.Cut(c.want[1:], ": ")
	if err == nil {
		t.Errorf("%s: %s gives %q, want the error %s", c.at, c.expr, row, c.want[1:])
	} else if !strings.HasPrefix(err.Error(), code) || !strings.Contains(err.Error(), message) {
		t.Errorf("%s: %s fails with %v, want %s", c.at, c.expr, err, c.want[1:])
	}
}

func checkValues(t *testing.T, p *duckdb.Pool, cases []functionCase) {
	t.Helper()
	row, tr, err := evaluate(p, cases)
	if err != nil && len(cases) > 1 {
		checkValues(t, p, cases[:len(cases)/2])
		checkValues(t, p, cases[len(cases)/2:])
		return
	}
	if err != nil {
		sql := ""
		if tr != nil {
			sql = tr.SQL
		}
		t.Errorf("%s: %s: %v\n%s", cases[0].at, cases[0].expr, err, sql)
		return
	}
	for i, c := range cases {
		if got := tr.Columns[i].Type.String(); got != c.typ {
			t.Errorf("%s: %s has the type %s, want %s", c.at, c.expr, got, c.typ)
		}
		if row[i] != c.want {
			t.Errorf("%s: %s is %q, want %q", c.at, c.expr, row[i], c.want)
		}
	}
}

// evaluate runs one SELECT of all expressions and gives its row; NULL is "NULL".
func evaluate(p *duckdb.Pool, cases []functionCase) ([]string, *trino.Translation, error) {
	var list []string
	for _, c := range cases {
		list = append(list, c.expr)
	}
	s, err := trino.Parse("SELECT " + strings.Join(list, ", "))
	if err != nil {
		return nil, nil, err
	}
	tr, err := trino.Translate(s.(*trino.Query), trino.Session{Database: db}, catalog{})
	if err != nil {
		return nil, nil, err
	}
	plan := &query.Plan{SQL: tr.SQL}
	for _, c := range tr.Columns {
		name, precision, scale := c.Type.ColumnInfo()
		plan.Columns = append(plan.Columns, query.Column{Name: c.Name, Type: name, Precision: precision, Scale: scale})
		plan.Layouts = append(plan.Layouts, c.Type.Layout())
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var row []string
	err = p.Run(ctx, plan, func() {}, func(batch [][]*string) error {
		for _, values := range batch {
			for _, v := range values {
				if v == nil {
					row = append(row, "NULL")
				} else {
					row = append(row, *v)
				}
			}
		}
		return nil
	})
	var e *query.EngineError
	if errors.As(err, &e) {
		err = fmt.Errorf("%s: %s", e.Code, e.Message)
	}
	return row, tr, err
}
