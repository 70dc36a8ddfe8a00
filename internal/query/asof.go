package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

// An AsOfRequest is what a call of the table function as_of asks for.
type AsOfRequest struct {
	Labels []LabelColumn
	Time   string   // the label column that has the time for which features are wanted
	Groups []string // each in the form of `larder dataset create --group`
	// Until is the last write time that counts; zero: all rows of the snapshot do.
	Until time.Time
}

// A LabelColumn is a column of labels. Type is what Athena calls it, of a list what it calls its elements.
type LabelColumn struct {
	Name, Type string
	List       bool
}

// An AsOfColumn is a column that a call gives beside the labels.
type AsOfColumn struct {
	Name, HiveType string
	EventTime      bool // the text of a group's event time
}

// An AsOfJoin is a request that was found right.
type AsOfJoin struct {
	Columns []AsOfColumn
	// Make makes the rows over a snapshot, one join of the server at a time. labels calls file with the label rows, one
	// Parquet file of columns c0, c1, … of the types of the request in the engine's form, or not at all if there are none; its
	// error is returned as it is. read is told, also from several goroutines, how many bytes of data were read. Invalid: a
	// value of the labels; Conflict: a data file that cannot be read. The caller closes the rows.
	Make func(ctx context.Context, snap table.Snapshot, labels func(ctx context.Context, file func(io.Reader) error) error, read func(bytes int64)) (*AsOfRows, error)
}

// AsOfRows are the rows of a join: a Parquet file as trino.AsOf.Result says, with a row for each row of the labels, in
// their order; Size is 0 if there are none. Close removes it.
type AsOfRows struct {
	Path  string
	Size  int64
	Rows  int64
	Close func() error
}

// An AsOfError says of which argument of a call something is wrong.
type AsOfError struct {
	Argument string // LABELS, LABEL_TIME, GROUPS or WRITTEN_UNTIL
	Group    int    // of GROUPS: which
	Err      error
}

func (e *AsOfError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *AsOfError) Unwrap() error { return e.Err }

// AsOf implements trino.Schema.
func (c *schema) AsOf(f *trino.AsOf) ([]trino.TableColumn, error) {
	if c.s.o.AsOf == nil {
		return nil, f.Fail(trino.ArgumentLabels, "NOT_SUPPORTED", "as_of is not supported by this server")
	}
	r := AsOfRequest{Time: f.Time, Groups: f.Groups, Until: f.Until}
	for _, l := range f.Labels.Columns {
		t, list := l.Type, l.Type.Kind == trino.Array
		if list {
			t = t.Elements[0]
		}
		name, _, _ := t.ColumnInfo()
		r.Labels = append(r.Labels, LabelColumn{l.Name, name, list})
	}
	join, err := c.s.o.AsOf(c.ctx, r)
	if err != nil {
		return nil, argumentError(f, err)
	}
	c.joins[f] = join
	var columns []trino.TableColumn
	for _, one := range join.Columns {
		columns = append(columns, trino.TableColumn(one))
	}
	return columns, nil
}

// argumentError shows an error at the argument that it is of.
func argumentError(f *trino.AsOf, err error) error {
	const code, text = "INVALID_FUNCTION_ARGUMENT", "Invalid argument %s: %v"
	var wrong *AsOfError
	switch {
	case feature.KindOf(err) == feature.Fault || !errors.As(err, &wrong):
		return err
	case wrong.Argument == string(trino.ArgumentGroups):
		return f.FailGroup(wrong.Group, code, text, wrong.Argument, wrong.Err)
	}
	return f.Fail(trino.Argument(wrong.Argument), code, text, wrong.Argument, wrong.Err)
}

// makeCalls makes the results of the calls of as_of that a part of a statement reads, each once.
func (s *Store) makeCalls(ctx context.Context, e *Execution, p *planned, part *trino.Translation, o *outcome, started func()) error {
	for i, t := range part.Tables {
		f := t.AsOf
		if f == nil {
			continue
		}
		rows := p.made[f]
		if rows == nil {
			if err := s.makeCalls(ctx, e, p, f.Labels, o, started); err != nil {
				return err
			}
			var err error
			if rows, err = s.makeCall(ctx, e, p, f, o, started); err != nil {
				return err
			}
			p.made[f] = rows
		}
		if rows.Size > 0 {
			p.plans[part].Relations[i].Files = []File{{Path: rows.Path, Size: rows.Size, URI: "the rows of as_of", Rows: rows.Rows}}
		}
	}
	return nil
}

// madeRows are those of a call, and what they took.
type madeRows struct {
	*AsOfRows
	took time.Duration
}

// makeCall makes the result of one call. The labels run as a plan of their own.
func (s *Store) makeCall(ctx context.Context, e *Execution, p *planned, f *trino.AsOf, o *outcome, started func()) (*madeRows, error) {
	began := s.o.Now()
	joining, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var failed error // of the labels
	labels := func(ctx context.Context, file func(io.Reader) error) error {
		failed = s.runLabels(ctx, e, p.plans[f.Labels], f, o, started, file)
		return failed
	}
	var read atomic.Int64
	rows, err := p.tables.joins[f].Make(joining, p.tables.snap, labels, func(bytes int64) {
		// The labels have run by then, and nothing else adds to what was scanned.
		if n := read.Add(bytes); e.Cutoff > 0 && o.scanned+n > e.Cutoff {
			cancel(ErrCutoff)
		}
	})
	o.scanned += read.Load()
	switch {
	case err == nil && joining.Err() == nil:
		return &madeRows{rows, s.o.Now().Sub(began)}, nil
	case err == nil:
		return nil, errors.Join(context.Cause(joining), rows.Close())
	case joining.Err() != nil:
		return nil, context.Cause(joining)
	case failed != nil:
		return nil, failed
	}
	return nil, callError(f, err)
}

// runLabels runs the labels of a call into one file.
func (s *Store) runLabels(ctx context.Context, e *Execution, labels *Plan, f *trino.AsOf, o *outcome, started func(), file func(io.Reader) error) error {
	plan := *labels
	plan.Columns, plan.Layouts = nil, nil
	plan.SQL, plan.Spare = f.LabelSQL()
	var failed error // of file
	plan.Write = &Write{Format: "parquet", Compression: "SNAPPY", Single: true, File: func(_ []*string, body io.Reader) error {
		failed = file(body)
		return failed
	}}
	err := s.runPart(ctx, e, &plan, o, started, func([][]*string) error { return errors.New("a plan that writes gives rows") })
	if failed != nil && ctx.Err() == nil {
		return callError(f, failed)
	}
	return err
}

// callError is what a statement says of the error of a call.
func callError(f *trino.AsOf, err error) error {
	switch kind := feature.KindOf(err); {
	case errors.Is(err, syscall.ENOSPC):
		return &EngineError{Code: "GENERIC_INSUFFICIENT_RESOURCES", Message: "The disk of the server is full: there is no room for the rows of as_of. Make room, and run the query again"}
	case kind == feature.Invalid:
		return f.Fail(trino.ArgumentLabels, "INVALID_FUNCTION_ARGUMENT", "Invalid argument %s: %v", trino.ArgumentLabels, err)
	case kind == feature.Conflict:
		return &EngineError{Code: "HIVE_CURSOR_ERROR", Message: err.Error()}
	case kind != feature.Fault:
		return err
	}
	return fmt.Errorf("as_of: %w", err)
}
