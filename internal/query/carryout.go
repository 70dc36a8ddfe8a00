package query

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query/trino"
)

// An outcome is what a statement that succeeded leaves.
type outcome struct {
	workGroup string // of the execution
	columns   []Column
	rows      int64
	scanned   int64
	written   int64 // bytes of the result
	planning  time.Duration
	started   time.Time
	objects   []*bucket.Object // staged, to be committed with SUCCEEDED
	effect    Effect           // what else is, without its Objects
	manifest  string           // URI of the list of data files; "" if there is none
	reused    *Execution       // whose result this is; nil if it is its own
	request   *Execution       // as it was sent
	prepared  string           // the text that EXECUTE ran
}

// carryOut carries out one execution to its final state.
func (s *Store) carryOut(ctx context.Context, e *Execution, statement trino.Statement, parseErr error) {
	o := &outcome{started: s.now(), workGroup: e.WorkGroup, request: e}
	err := parseErr
	if err == nil {
		err = s.execute(ctx, e, statement, o)
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx) // whatever came of it
	}
	if err == nil {
		err = s.succeed(ctx, e, o)
	}
	if err != nil {
		s.fail(ctx, e, o, err)
	}
}

// execute runs the statement and fills o, also as far as it came when it fails.
func (s *Store) execute(ctx context.Context, e *Execution, statement trino.Statement, o *outcome) (err error) {
	defer s.noPanic(&err)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := s.checkCatalog(e.Catalog); err != nil {
		return err
	}
	switch t := statement.(type) {
	case *trino.Query:
		return s.runQuery(ctx, e, t, o)
	case *trino.Explain:
		return s.explain(ctx, e, t, o)
	case *trino.Execute:
		return s.executePrepared(ctx, e, t, o)
	case *trino.CreateTableAs:
		return s.createTableAs(ctx, e, t, o)
	case *trino.Insert:
		return s.insert(ctx, e, t, o)
	case *trino.Unload:
		return s.unload(ctx, e, t, o)
	case *trino.CreateView:
		if err := s.stageResult(ctx, e, o, strings.NewReader("")); err != nil {
			return err
		}
		return s.createView(ctx, e, t)
	}
	return s.runDDL(ctx, e, statement, o)
}

// catalogName is the one catalog, as Trino's errors write it.
const catalogName = "awsdatacatalog"

// checkCatalog holds a name against the one catalog, which is also called by the account's ID.
func (s *Store) checkCatalog(name string) error {
	if name == "" || name == s.o.Account || isCatalog(name) {
		return nil
	}
	return refuse(typeNoEntity, "CATALOG_NOT_FOUND: Catalog '%s' does not exist", name)
}

// succeed makes the execution SUCCEEDED and its result visible, in one commit.
func (s *Store) succeed(ctx context.Context, e *Execution, o *outcome) error {
	now := s.now()
	effect := o.effect
	effect.Objects = o.objects
	_, err := s.executions.Update(context.WithoutCancel(ctx), e.ID, func(e *Execution) {
		e.State, e.Started, e.Completed, e.Manifest = Succeeded, o.started, now, o.manifest
		e.Columns, e.Rows, e.Scanned, e.Written = o.columns, o.rows, o.scanned, o.written
		e.Prepared = o.prepared
		e.Preprocessing, e.Planning, e.Engine = o.request.Preprocessing, o.planning, now.Sub(o.started)
		if o.reused != nil {
			e.Reused, e.Output = o.reused.ID, o.reused.Output
		}
	}, effect)
	switch kind := feature.KindOf(err); {
	case err == nil:
		return nil
	case kind == feature.Exists && effect.Create != nil:
		return tableExists(effect.Create.Database, effect.Create.Name)
	case kind == feature.Conflict && effect.Extend != nil:
		return refuse(typeUser, "HIVE_CONCURRENT_MODIFICATION_DETECTED: the table %s.%s was changed or deleted while the statement ran; run it again", effect.Extend.Database, effect.Extend.Name)
	}
	if feature.KindOf(err) == feature.NotFound {
		if t := effect.Create; t != nil {
			if _, missing := s.tables.Database(ctx, t.Database); missing != nil {
				return refuse(typeNoEntity, "SCHEMA_NOT_FOUND: Schema '%s' does not exist", t.Database)
			}
		}
		return noOutputBucket() // it was deleted while the statement ran
	}
	if feature.KindOf(err) == feature.Fault {
		o.objects = nil // they may be committed; if not, the next start removes their bytes
	}
	return err
}

// fail makes the execution FAILED or CANCELLED and removes what was staged.
func (s *Store) fail(ctx context.Context, e *Execution, o *outcome, err error) {
	ctx = context.WithoutCancel(ctx)
	s.buckets.Discard(ctx, o.objects...)
	failure, fault := failureOf(err)
	if fault {
		s.o.Log.Error("a query failed by a fault", "query_execution_id", e.ID, "error", err)
	}
	now := s.now()
	_, err = s.executions.Update(ctx, e.ID, func(e *Execution) {
		if e.State = Failed; failure.Type == typeStopped {
			e.State = Cancelled
		}
		e.Failure, e.Completed = failure, now
		e.Scanned, e.Preprocessing, e.Planning = o.scanned, o.request.Preprocessing, o.planning
		if !e.Started.IsZero() {
			e.Engine = now.Sub(e.Started)
		}
	}, Effect{})
	if err != nil && feature.KindOf(err) != feature.Conflict {
		s.o.Log.Error("the end of a query could not be stored", "query_execution_id", e.ID, "error", err)
	}
}

// noOutputBucket is what Athena says when the bucket of the output location is not there.
func noOutputBucket() error {
	return refuse(typeBucketNotFound, "The S3 location provided to save your query results is invalid. "+
		"Please check your S3 location is correct and is in the same region and try again. The bucket does not exist; create it first.")
}

// stageError names an error of staging a result.
func stageError(err error) error {
	var e *bucket.Error
	if errors.As(err, &e) && e.Reason == bucket.BucketMissing {
		return noOutputBucket()
	}
	return err
}
