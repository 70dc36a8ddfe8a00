package duckdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/larder-dev/larder/internal/duckdb/frame"
	"github.com/larder-dev/larder/internal/query"
)

// planError is a plan that failed in the worker, in the engine's words.
type planError struct{ text string }

func (e *planError) Error() string { return e.text }

// lostError is a worker that ended in the middle of a plan.
type lostError struct{ err error }

func (e *lostError) Error() string { return e.err.Error() }

// An exchange runs one plan on one worker.
type exchange struct {
	w    *process
	plan *query.Plan
	sql  string // of the plan, or what is spare
	rows func(batch [][]*string) error

	sent int64 // bytes of rows that are in no file

	reusable  bool // the worker waits for the next plan
	delivered bool // rows of the result have come
	untouched bool // the worker was gone before it got the plan
}

// run returns nil, the cause of ctx, an error of rows or of the plan's rows, a *planError or a
// *lostError.
func (x *exchange) run(ctx context.Context) error {
	finished := make(chan struct{})
	asked := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(asked)
		timer := time.AfterFunc(grace, x.w.kill)
		defer timer.Stop()
		// A worker that does not take it is killed, which also ends this write.
		_ = x.w.out.Send(frame.KindCancel, nil)
		<-finished
	})
	err := x.converse(ctx)
	close(finished)
	if !stop() {
		<-asked
		x.reusable, x.untouched = false, false
		return context.Cause(ctx)
	}
	return err
}

// again reports whether the plan's spare may do what ended with err.
func (x *exchange) again(err error) bool {
	var failure *query.EngineError
	return x.plan.Spare != "" && x.sql != x.plan.Spare && !x.delivered && errors.As(err, &failure) && failure.Code == outOfMemory
}

// converse sends the plan and reads the result.
func (x *exchange) converse(ctx context.Context) error {
	if err := x.send(); err != nil {
		return err
	}
	for {
		kind, payload, err := x.w.in.Next()
		if err != nil {
			return x.lost(err)
		}
		switch kind {
		case frame.KindBatch:
			batch, err := frame.DecodeBatch(payload)
			if err != nil {
				return x.lost(err)
			}
			x.delivered = true
			if err := x.rows(batch); err != nil {
				return err
			}
		case frame.KindDone:
			var done frame.Done
			if err := frame.Decode(payload, &done); err != nil {
				return x.lost(err)
			}
			x.reusable = !done.Retire
			if x.measured(done); done.Cutoff || x.plan.Cutoff > 0 && x.plan.Read > x.plan.Cutoff {
				return query.ErrCutoff
			}
			if done.Error != "" {
				return &planError{text: done.Error}
			}
			if x.plan.Write != nil {
				return x.written(ctx, done)
			}
			if x.plan.Measure != nil {
				x.plan.Measure(operatorOf(x.plan, done.Measured))
			}
			return nil
		default:
			return x.lost(fmt.Errorf("frame of kind %d", kind))
		}
	}
}

// measured leaves in the plan how much it has read.
func (x *exchange) measured(done frame.Done) {
	x.plan.Read = x.sent + done.Read
	if done.Read >= 0 {
		return
	}
	x.plan.Read = x.sent
	for _, r := range x.plan.Relations {
		for _, f := range r.Files {
			x.plan.Read += f.Size
		}
	}
}

// send sends the plan with its rows.
func (x *exchange) send() error {
	prepare := frame.Prepare{Writes: x.plan.Write != nil, Measure: x.plan.Measure != nil}
	tables := map[int]int{} // place of a relation → of its table
	for i, r := range x.plan.Relations {
		for _, f := range r.Files {
			prepare.Paths = append(prepare.Paths, f.Path)
			prepare.Bytes += f.Size
		}
		if r.Rows != nil {
			tables[i] = len(prepare.Tables)
			prepare.Tables = append(prepare.Tables, rowTable(r))
		}
	}
	if err := x.w.out.SendValue(frame.KindPrepare, prepare); err != nil {
		x.untouched = true
		return x.lost(err)
	}
	run := frame.Run{SQL: x.sql, Write: writeOf(x.plan.Write)}
	for i, r := range x.plan.Relations {
		sent := false
		if table, ok := tables[i]; ok {
			var err error
			if sent, err = x.sendRows(r, table); err != nil {
				return err
			}
		}
		run.Views = append(run.Views, viewsSQL(r, sent, &run.Texts)...)
	}
	run.Types = x.plan.Layouts
	if run.Types == nil {
		for _, c := range x.plan.Columns {
			run.Types = append(run.Types, c.Type)
		}
	}
	if x.plan.Cutoff > 0 {
		run.Cutoff = max(1, x.plan.Cutoff-x.sent) // if the rows are too many already, measured finds it
	}
	if err := x.w.out.SendValue(frame.KindRun, run); err != nil {
		return x.lost(err)
	}
	return nil
}

// rowBytes is about how long a Rows frame gets.
const rowBytes = 256 << 10

// sendRows sends the rows of a relation that are in no file, and reports whether there were any.
func (x *exchange) sendRows(r query.Relation, table int) (sent bool, err error) {
	begin := frame.AppendTable(nil, table)
	payload := begin
	for row, err := range r.Rows {
		if err != nil {
			return sent, fmt.Errorf("rows of relation %s: %w", r.Name, err)
		}
		if len(row) != len(r.Columns) {
			return sent, fmt.Errorf("a row of relation %s has %d values, not %d", r.Name, len(row), len(r.Columns))
		}
		if payload, err = frame.AppendRow(payload, row); err != nil {
			return sent, fmt.Errorf("relation %s: %w", r.Name, err)
		}
		sent = true
		if len(payload) >= rowBytes {
			x.sent += int64(len(payload))
			if err := x.w.out.Send(frame.KindRows, payload); err != nil {
				return sent, x.lost(err)
			}
			payload = append(payload[:0], begin...)
		}
	}
	if len(payload) > len(begin) {
		x.sent += int64(len(payload))
		if err := x.w.out.Send(frame.KindRows, payload); err != nil {
			return sent, x.lost(err)
		}
	}
	return sent, nil
}

// lost makes the error of a worker that does not do its part, and ends it.
func (x *exchange) lost(err error) error {
	broken := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrClosed) || errors.Is(err, syscall.EPIPE)
	x.w.stop()
	if broken && x.w.err != nil {
		err = x.w.err // how it ended says more than that it did
	}
	return &lostError{err: err}
}
