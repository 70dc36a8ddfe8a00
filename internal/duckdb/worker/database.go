package worker

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/larder-dev/larder/internal/duckdb/frame"
)

// A database is one in-memory instance of DuckDB with one connection. Each plan gets a fresh
// one, so no plan sees what another left.
type database struct {
	db   duck.Database
	conn duck.Connection
}

// open opens a database that uses no more than h allows and fetches no extensions.
func open(h frame.Hello) (*database, error) {
	var config duck.Config
	if duck.CreateConfig(&config) == duck.StateError {
		return nil, errors.New("duckdb gave no configuration")
	}
	defer duck.DestroyConfig(&config)
	for _, o := range [][2]string{
		{"memory_limit", strconv.FormatInt(h.Limit, 10) + "B"},
		{"threads", strconv.Itoa(h.Threads)},
		{"temp_directory", h.Scratch},
		{"max_temp_directory_size", strconv.FormatInt(h.Spill, 10) + "B"},
		{"autoinstall_known_extensions", "false"},
		{"autoload_known_extensions", "false"},
		{"allow_community_extensions", "false"},
		{"enable_external_file_cache", "false"}, // nothing is read twice by one plan's instance for long
	} {
		if duck.SetConfig(config, o[0], o[1]) == duck.StateError {
			return nil, fmt.Errorf("duckdb refuses %s=%s", o[0], o[1])
		}
	}
	d := &database{}
	var text string
	if duck.OpenExt("", &d.db, config, &text) == duck.StateError {
		return nil, fmt.Errorf("open duckdb: %s", text)
	}
	if duck.Connect(d.db, &d.conn) == duck.StateError {
		duck.Close(&d.db)
		return nil, errors.New("duckdb gave no connection")
	}
	// Instants have no zone of their own in DuckDB; all of ours are UTC.
	if err := d.exec("SET TimeZone='UTC'"); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

var errNUL = errors.New("LARDER:NOT_SUPPORTED:a statement with a NUL character")

// exec runs statements that give no rows.
func (d *database) exec(sql string) error {
	if strings.IndexByte(sql, 0) >= 0 {
		return errNUL // the engine would take the statement for shorter than it is
	}
	var result duck.Result
	defer duck.DestroyResult(&result)
	if duck.Query(d.conn, sql, &result) == duck.StateError {
		return errors.New(duck.ResultError(&result))
	}
	return nil
}

// confine leaves the connection nothing but the files at paths and what is below out, if that is not "", for
// good.
func (d *database) confine(paths []string, out string) error {
	var sql strings.Builder
	sql.WriteString("SET allowed_paths=[")
	for i, p := range paths {
		if i > 0 {
			sql.WriteByte(',')
		}
		sql.WriteString(literal(p))
	}
	sql.WriteString("]; ")
	if out != "" {
		sql.WriteString("SET allowed_directories=[" + literal(out) + "]; ")
	}
	sql.WriteString("SET enable_external_access=false")
	return d.exec(sql.String())
}

// literal writes text as an SQL string.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// identifier writes a name so that it stands for itself.
func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (d *database) close() {
	duck.Disconnect(&d.conn)
	duck.Close(&d.db)
}
