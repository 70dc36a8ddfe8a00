package query

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
)

// Select carries out a SELECT for another part of this server: there is no execution of it. file gets the result,
// with every row acknowledged before the call, as one Parquet file in the order of the rows; it is not called if
// there are none. Names without a database are of the one that is given, "" for the default. Invalid: the
// statement is no SELECT, or is wrong, in Trino's words; file's own errors. It may also fail after file was called and
// returned nil: what file made is then the caller's to undo.
func (s *Store) Select(ctx context.Context, sql, database string, file func(io.Reader) error) (err error) {
	defer s.noPanic(&err)
	statement, err := s.parse(sql)
	if err != nil {
		return asInvalid(err)
	}
	q, ok := statement.(*trino.Query)
	if !ok {
		return feature.Errorf(feature.Invalid, "the statement is no SELECT: %.100s", sql)
	}
	var failed error // of file
	e, o := &Execution{SQL: sql, Database: database}, &outcome{}
	err = s.withPlan(ctx, e, q, o, func(p *planned) error {
		targets := make([]trino.Target, len(p.translation.Columns))
		for i, c := range p.translation.Columns {
			if c.Unnamed {
				return refuse(typeUser, "MISSING_COLUMN_NAME: line 1:1: Column name not specified at position %d", i+1)
			}
			targets[i] = trino.Target{Name: c.Name, Type: c.Type, From: i}
		}
		plan := *p.plan
		plan.Columns, plan.Layouts = nil, nil
		plan.SQL, plan.Spare = p.translation.Into(targets, 0)
		plan.Write = &Write{Format: "parquet", Compression: "SNAPPY", Single: true, File: func(_ []*string, body io.Reader) error {
			failed = file(body)
			return failed
		}}
		return s.runEngine(ctx, e, p, &plan, o, func() {}, func([][]*string) error { return errors.New("a plan that writes gives rows") })
	})
	switch {
	case failed != nil:
		return failed
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return asInvalid(err)
}

// asInvalid gives the kind Invalid to what is wrong with a statement or its data.
func asInvalid(err error) error {
	if err == nil || errors.As(err, new(*feature.Error)) {
		return err
	}
	if f, _ := failureOf(err); f.Category == categoryUser {
		return &feature.Error{Kind: feature.Invalid, Text: f.Reason}
	}
	return fmt.Errorf("select: %w", err)
}
