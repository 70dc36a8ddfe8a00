package worker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	duck "github.com/duckdb/duckdb-go-bindings"

	"github.com/larder-dev/larder/internal/duckdb/frame"
)

// A plan is one statement from Prepare to Done.
type plan struct {
	db      *database
	tables  []*loader
	err     error         // the first that loading met; run returns it
	out     string        // the directory that it may write to; "" for none
	measure bool          // what the operators do is told
	done    chan struct{} // closed when run has ended
	began   reading       // of the meter
	files   int64         // bytes of the files

	mu       sync.Mutex // guards finished, and db against being closed under an interrupt
	finished bool
}

func newPlan(db *database) *plan { return &plan{db: db, done: make(chan struct{})} }

// prepare shuts the connection in and makes the tables for rows.
func (p *plan) prepare(f frame.Prepare, scratch string) {
	if f.Writes {
		p.out = filepath.Join(scratch, frame.WriteFolder)
		if p.err = errors.Join(os.RemoveAll(p.out), os.Mkdir(p.out, 0o700)); p.err != nil {
			return
		}
	}
	if p.measure = f.Measure; p.measure {
		if p.err = p.db.measure(); p.err != nil {
			return
		}
	}
	if p.err = p.db.confine(f.Paths, p.out); p.err != nil {
		return
	}
	for _, t := range f.Tables {
		l, err := newLoader(p.db, t)
		if err != nil {
			p.err = err
			return
		}
		p.tables = append(p.tables, l)
	}
}

// load appends the rows of a frame. After an error the rest is not looked at: the server
// learns of it when it has sent all.
func (p *plan) load(payload []byte) {
	if p.err != nil {
		return
	}
	rows, table, err := frame.ReadRows(payload)
	switch {
	case err != nil:
		p.err = err
	case table >= len(p.tables):
		p.err = fmt.Errorf("rows for table %d of %d", table, len(p.tables))
	default:
		p.err = p.tables[table].append(rows)
	}
}

// run runs the statement, and sends its result or writes it and says into which files in done.
func (p *plan) run(r frame.Run, out *frame.Writer, done *frame.Done) error {
	for _, t := range p.tables {
		if err := t.finish(); p.err == nil {
			p.err = err
		}
	}
	if p.err != nil {
		return p.err
	}
	if err := RegisterScalars(p.db.conn, r.SQL); err != nil {
		return err
	}
	if err := registerTexts(p.db.conn, r.Texts); err != nil {
		return err
	}
	for _, view := range r.Views {
		if err := p.db.exec(view); err != nil {
			return err
		}
	}
	statement, err := p.db.prepareLocked(r.SQL)
	if err != nil {
		return err
	}
	defer duck.DestroyPrepare(&statement)
	switch {
	case r.Write != nil && r.Write.Text != nil:
		return p.writeText(statement, r.Write, done)
	case r.Write != nil:
		return p.write(r, done)
	}
	// The result streams: collected whole it would be held outside of DuckDB's memory limit.
	var result duck.Result
	defer duck.DestroyResult(&result)
	if duck.ExecutePreparedStreaming(statement, &result) == duck.StateError {
		return errors.New(duck.ResultError(&result))
	}
	if err := send(&result, r.Types, out); err != nil || !p.measure {
		return err
	}
	duck.DestroyResult(&result) // the statement ends, and with it what is measured
	done.Measured = p.db.measured()
	return nil
}

// prepareLocked prepares sql, which must be exactly one SELECT, and then lets no setting change any more.
func (d *database) prepareLocked(sql string) (duck.PreparedStatement, error) {
	statement, err := d.prepareSelect(sql)
	if err != nil && strings.HasPrefix(err.Error(), internalError) {
		// DuckDB 1.5 plans "the newest n rows of each" as an aggregate, which is fast, and fails in that where
		// the rows below have a range: row_number() <= n over x BETWEEN a AND b. Without, it plans the window.
		if err := d.exec("SET disabled_optimizers='top_n_window_elimination'"); err != nil {
			return statement, err
		}
		statement, err = d.prepareSelect(sql)
	}
	if err != nil {
		return statement, err
	}
	if err := d.exec("SET lock_configuration=true"); err != nil {
		duck.DestroyPrepare(&statement)
		return statement, err
	}
	return statement, nil
}

// internalError is how DuckDB's text begins when an assertion of its own has failed.
const internalError = "INTERNAL Error"

// prepareSelect prepares sql, which must be exactly one SELECT.
func (d *database) prepareSelect(sql string) (duck.PreparedStatement, error) {
	var statement duck.PreparedStatement
	if strings.IndexByte(sql, 0) >= 0 {
		return statement, errNUL
	}
	var all duck.ExtractedStatements
	n := duck.ExtractStatements(d.conn, sql, &all)
	defer duck.DestroyExtracted(&all)
	if text := duck.ExtractStatementsError(all); text != "" {
		return statement, errors.New(text)
	}
	if n != 1 {
		return statement, fmt.Errorf("%d statements in a plan", n)
	}
	if duck.PrepareExtractedStatement(d.conn, all, 0, &statement) == duck.StateError {
		err := errors.New(duck.PrepareError(statement))
		duck.DestroyPrepare(&statement)
		return statement, err
	}
	if kind := duck.PreparedStatementType(statement); kind != duck.StatementTypeSelect {
		duck.DestroyPrepare(&statement)
		return statement, fmt.Errorf("a plan is not a SELECT but a statement of kind %d", kind)
	}
	return statement, nil
}

// cancel interrupts the plan. DuckDB forgets an interrupt that comes between two of its steps,
// so it is repeated until the plan has ended.
func (p *plan) cancel() {
	go func() { // ends with the plan, or with the process
		for {
			p.mu.Lock()
			if !p.finished {
				duck.Interrupt(p.db.conn)
			}
			finished := p.finished
			p.mu.Unlock()
			if finished {
				return
			}
			select {
			case <-p.done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
}

// close ends what the plan held.
func (p *plan) close() {
	p.mu.Lock()
	p.finished = true
	p.mu.Unlock()
	for _, t := range p.tables {
		t.close()
	}
	p.db.close()
}
