package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/query/trino"
	"github.com/larder-dev/larder/internal/table"
)

// runQuery runs a SELECT and stages its result.
func (s *Store) runQuery(ctx context.Context, e *Execution, q *trino.Query, o *outcome) error {
	return s.withPlan(ctx, e, q, o, func(p *planned) error {
		o.columns = p.plan.Columns
		if reused, err := s.reuse(ctx, e, p, o); reused || err != nil {
			return err
		}
		return s.runPlan(ctx, e, p.plan, o)
	})
}

// A planned is a query that is ready to run.
type planned struct {
	plan        *Plan
	translation *trino.Translation
	tables      *schema // that the query was analysed over
}

// withPlan plans q and calls do with the plan. The snapshot is taken here, after Start: what was acknowledged
// before is in it.
func (s *Store) withPlan(ctx context.Context, e *Execution, q *trino.Query, o *outcome, do func(*planned) error) (err error) {
	select {
	case s.planned <- struct{}{}:
		defer func() { <-s.planned }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	began := s.o.Now()
	snap, err := s.offline.Snapshot(ctx)
	if err != nil {
		return fmt.Errorf("take a snapshot: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	p, closeViews, err := s.plan(ctx, e, q, snap)
	o.planning = s.o.Now().Sub(began)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeViews()) }()
	return do(p)
}

// plan translates q over the tables of a snapshot. The views behind the plan are to be closed
// when it has run.
func (s *Store) plan(ctx context.Context, e *Execution, q *trino.Query, snap table.Snapshot) (p *planned, closeViews func() error, err error) {
	tables := &schema{ctx: ctx, s: s, snap: snap, found: map[string]*table.Table{}}
	translation, err := trino.Translate(q, sessionOf(e), tables)
	if err != nil {
		return nil, nil, err
	}
	p = &planned{plan: &Plan{SQL: translation.SQL, Spare: translation.Spare}, translation: translation, tables: tables}
	for _, c := range translation.Columns {
		p.plan.addColumn(c.Name, c.Type)
	}
	var views []*table.View
	closeViews = func() error {
		var err error
		for _, v := range views {
			err = errors.Join(err, v.Close())
		}
		return err
	}
	for i, t := range translation.Tables {
		name := fmt.Sprintf("r%d", i)
		if t.Database == informationSchema {
			p.plan.Relations = append(p.plan.Relations, catalogTables()[t.Name].relation(ctx, s, name))
			continue
		}
		v, err := s.tables.View(ctx, snap, tables.found[t.Database+"."+t.Name])
		if err != nil {
			return nil, nil, errors.Join(fmt.Errorf("table %s.%s: %w", t.Database, t.Name, err), closeViews())
		}
		views = append(views, v)
		r := relationOf(name, v)
		r.Placed = translation.Placed != nil && translation.Placed[i]
		p.plan.Relations = append(p.plan.Relations, r)
	}
	return p, closeViews, nil
}

func (p *Plan) addColumn(name string, t trino.Type) {
	typ, precision, scale := t.ColumnInfo()
	p.Columns = append(p.Columns, Column{Name: name, Type: typ, Precision: precision, Scale: scale})
	p.Layouts = append(p.Layouts, t.Layout())
}

// relationOf is what the engine reads of a view.
func relationOf(name string, v *table.View) Relation {
	r := Relation{Name: name, Keys: v.Keys, Rows: v.Rows}
	for _, c := range v.Columns {
		r.Columns = append(r.Columns, RelationColumn(c))
	}
	for _, f := range v.Files {
		r.Files = append(r.Files, File(f))
	}
	return r
}

// runPlan runs a plan while its result is written to a staged object.
func (s *Store) runPlan(ctx context.Context, e *Execution, plan *Plan, o *outcome) error {
	out, in := io.Pipe()
	var staging sync.WaitGroup
	stage := func(key string, body io.Reader) <-chan staged {
		done := make(chan staged, 1) // both are received below
		staging.Go(func() {
			object, err := s.stage(ctx, e, key, body)
			done <- staged{object, err}
		})
		return done
	}
	started, noted := s.noting(ctx, e, o)
	// Only a panic gets there first: who stages must not wait for ever, nor live longer.
	defer func() {
		in.CloseWithError(io.ErrUnexpectedEOF)
		staging.Wait()
		noted()
	}()
	result := stage(e.Output, out)
	metadata := stage(e.Output+".metadata", metadataOf(e.ID, plan.Columns))

	w := newCSVWriter(in)
	err := w.header(plan.Columns)
	if err == nil {
		err = s.runEngine(ctx, e, plan, o, started, w.rows)
	}
	if err == nil {
		err = w.flush()
	}
	// A reader of the pipe gets this error, or the end.
	in.CloseWithError(err)
	a, b := <-result, <-metadata
	noted()
	for _, done := range []staged{a, b} {
		if done.object != nil {
			o.objects = append(o.objects, done.object)
		}
	}
	o.rows, o.written = w.count, w.bytes
	// If staging failed first, the writer got the error of a closed pipe: the cause is a.err.
	if a.err != nil && (err == nil || errors.Is(err, io.ErrClosedPipe)) {
		return stageError(a.err)
	}
	if err != nil {
		return err
	}
	return stageError(b.err)
}

// runEngine runs a plan within what its work group allows, and leaves in o what it read.
func (s *Store) runEngine(ctx context.Context, e *Execution, plan *Plan, o *outcome, started func(), rows func(batch [][]*string) error) error {
	plan.Cutoff = e.Cutoff
	err := s.engine.Run(ctx, plan, started, rows)
	o.scanned = plan.Read
	return err
}

// noting returns what a plan calls when it leaves the queue, which makes the execution RUNNING beside the
// engine's work, and what waits for that: the final state must not come first.
func (s *Store) noting(ctx context.Context, e *Execution, o *outcome) (started, wait func()) {
	var noting sync.WaitGroup
	return func() {
		o.started = s.now()
		noting.Go(func() { s.note(ctx, e, o.started, o.planning) })
	}, noting.Wait
}

// note makes the execution RUNNING.
func (s *Store) note(ctx context.Context, e *Execution, started time.Time, planning time.Duration) {
	_, err := s.executions.Update(context.WithoutCancel(ctx), e.ID, func(e *Execution) {
		e.State, e.Started, e.Planning = Running, started, planning
	}, Effect{})
	if err != nil {
		s.o.Log.Error("a query's start could not be stored", "query_execution_id", e.ID, "error", err)
	}
}

// stage stores an object of the result, which the final commit makes visible.
func (s *Store) stage(ctx context.Context, e *Execution, uri string, body io.Reader) (*bucket.Object, error) {
	name, key, err := splitURI(uri)
	if err != nil {
		return nil, err
	}
	content := bucket.Content{Headers: map[string]string{"Content-Type": "application/octet-stream"}}
	switch e.Result.Encryption {
	case "SSE_S3":
		content.Headers["X-Amz-Server-Side-Encryption"] = "AES256"
	case "SSE_KMS":
		content.Headers["X-Amz-Server-Side-Encryption"] = "aws:kms"
		if e.Result.KMSKey != "" {
			content.Headers["X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"] = e.Result.KMSKey
		}
	}
	object, err := s.buckets.Stage(ctx, bucket.ObjectRef{Bucket: name, Key: key}, body, content, nil)
	if c, ok := body.(*io.PipeReader); ok {
		// Whoever writes must not wait for a reader that has given up.
		_ = c.CloseWithError(io.ErrClosedPipe)
	}
	return object, err
}

// What is staged for a result.
type staged struct {
	object *bucket.Object
	err    error
}
