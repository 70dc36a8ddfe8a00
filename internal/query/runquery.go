package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
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
		return s.runPlan(ctx, e, p, o)
	})
}

// A planned is a query that is ready to run.
type planned struct {
	plan        *Plan
	translation *trino.Translation
	tables      *schema                      // that the query was analysed over
	plans       map[*trino.Translation]*Plan // of each part; that of translation is plan
	views       []*table.View                // behind the plans
	made        map[*trino.AsOf]*madeRows    // of the calls that have run
}

// close removes what was made, and closes the views.
func (p *planned) close() (err error) {
	for _, rows := range p.made {
		err = errors.Join(err, rows.Close())
	}
	for _, v := range p.views {
		err = errors.Join(err, v.Close())
	}
	return err
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
	p, err := s.plan(ctx, e, q, snap)
	o.planning = s.o.Now().Sub(began)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	return do(p)
}

// plan translates q over the tables of a snapshot. The caller closes what it returns.
func (s *Store) plan(ctx context.Context, e *Execution, q *trino.Query, snap table.Snapshot) (*planned, error) {
	tables := s.schema(ctx, snap)
	translation, err := trino.Translate(q, sessionOf(e), tables)
	if err != nil {
		return nil, err
	}
	p := &planned{translation: translation, tables: tables, plans: map[*trino.Translation]*Plan{}, made: map[*trino.AsOf]*madeRows{}}
	for _, part := range translation.Parts() {
		plan := &Plan{SQL: part.SQL, Spare: part.Spare}
		for _, c := range part.Columns {
			plan.addColumn(c.Name, c.Type)
		}
		if err := s.addRelations(ctx, p, plan, part); err != nil {
			return nil, errors.Join(err, p.close())
		}
		p.plans[part] = plan
	}
	p.plan = p.plans[translation]
	return p, nil
}

// addRelations gives a plan the relations of its part. Those that are results of calls have no files yet.
func (s *Store) addRelations(ctx context.Context, p *planned, plan *Plan, part *trino.Translation) error {
	for i, t := range part.Tables {
		name := fmt.Sprintf("r%d", i)
		switch {
		case t.AsOf != nil:
			r := Relation{Name: name}
			for _, c := range t.AsOf.Result() {
				r.Columns = append(r.Columns, RelationColumn{Name: c.Name, Type: c.Type})
			}
			plan.Relations = append(plan.Relations, r)
			continue
		case t.Database == feature.InformationSchema:
			plan.Relations = append(plan.Relations, catalogTables()[t.Name].relation(ctx, s, name))
			continue
		}
		v, err := s.tables.View(ctx, p.tables.snap, p.tables.found[t.Database+"."+t.Name])
		if err != nil {
			return fmt.Errorf("table %s.%s: %w", t.Database, t.Name, err)
		}
		p.views = append(p.views, v)
		r := relationOf(name, v)
		r.Placed = part.Placed != nil && part.Placed[i]
		plan.Relations = append(plan.Relations, r)
	}
	return nil
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
func (s *Store) runPlan(ctx context.Context, e *Execution, p *planned, o *outcome) error {
	plan := p.plan
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
		err = s.runEngine(ctx, e, p, plan, o, started, w.rows)
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

// runEngine runs a plan of p within what its work group allows, after the calls of as_of in it, and leaves in o what
// they read.
func (s *Store) runEngine(ctx context.Context, e *Execution, p *planned, plan *Plan, o *outcome, started func(), rows func(batch [][]*string) error) error {
	started = sync.OnceFunc(started)
	if err := s.makeCalls(ctx, e, p, p.translation, o, started); err != nil {
		return err
	}
	return s.runPart(ctx, e, plan, o, started, rows)
}

// runPart runs a plan of a statement, which may have run others.
func (s *Store) runPart(ctx context.Context, e *Execution, plan *Plan, o *outcome, started func(), rows func(batch [][]*string) error) error {
	if e.Cutoff > 0 {
		if o.scanned > e.Cutoff {
			return ErrCutoff
		}
		plan.Cutoff = max(1, e.Cutoff-o.scanned)
	}
	err := s.engine.Run(ctx, plan, started, rows)
	o.scanned += plan.Read
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
