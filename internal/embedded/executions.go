package embedded

import (
	"context"
	"iter"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
)

var _ query.Executions = (*Executions)(nil)

// Executions is the catalog of executions. Their keys begin with the time of submission, so that
// the order of the keys is that of List.
type Executions struct {
	s     *Store
	latch latch // taken before the index's, where both are
}

// Create implements query.Executions.
func (x *Executions) Create(ctx context.Context, e *query.Execution) (*query.Execution, error) {
	c, held, err := x.prepareCreate(e)
	if err != nil {
		return nil, err
	}
	if held != nil {
		return held, x.latch.settle(ctx)
	}
	x.s.finish(c, &x.latch)
	return e, nil
}

func (x *Executions) prepareCreate(e *query.Execution) (c *commit, held *query.Execution, err error) {
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	if e.Token != "" {
		held, _, err = named[query.Execution](x.s.db, key1(tokenKeys, e.Token))
		if err != nil || held != nil {
			return nil, held, err
		}
	}
	value, err := toJSON(e)
	if err != nil {
		return nil, nil, err
	}
	key := numberKey(executionKeys, uint64(e.Submitted.UnixMicro()), e.ID)
	b := x.s.db.NewBatch()
	set(b, key, value)
	set(b, key1(submitKeys, e.ID), append([]byte{valueVersion}, key...))
	if e.Token != "" {
		set(b, key1(tokenKeys, e.Token), append([]byte{valueVersion}, key...))
	}
	return x.s.apply(b, &x.latch), nil, nil
}

// find returns the execution and its key.
func (x *Executions) find(id string) (*query.Execution, []byte, error) {
	e, key, err := named[query.Execution](x.s.db, key1(submitKeys, id))
	if err == nil && e == nil {
		err = feature.Errorf(feature.NotFound, "no query execution has the ID %q", id)
	}
	return e, key, err
}

// Get implements query.Executions. The caller may keep what it gets.
func (x *Executions) Get(ctx context.Context, id string) (*query.Execution, error) {
	e, _, err := x.find(id)
	if settle := x.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	return e, err
}

// Update implements query.Executions. It runs change once; ID, Token and Submitted stay. NotFound
// also if the bucket of an object is not there.
func (x *Executions) Update(ctx context.Context, id string, change func(*query.Execution), objects ...*bucket.Object) (*query.Execution, error) {
	c, e, err := x.prepareUpdate(id, change, objects)
	if err != nil {
		// It may be the index that refuses.
		return nil, x.latch.refused(ctx, x.s.objects.latch.refused(ctx, err))
	}
	x.s.finish(c, &x.latch, &x.s.objects.latch)
	return e, nil
}

func (x *Executions) prepareUpdate(id string, change func(*query.Execution), objects []*bucket.Object) (*commit, *query.Execution, error) {
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	e, key, err := x.find(id)
	if err != nil {
		return nil, nil, err
	}
	switch e.State {
	case query.Succeeded, query.Failed, query.Cancelled:
		return nil, nil, feature.Errorf(feature.Conflict, "the query execution %q is %s already", id, e.State)
	}
	token, submitted := e.Token, e.Submitted
	change(e)
	e.ID, e.Token, e.Submitted = id, token, submitted
	value, err := toJSON(e)
	if err != nil {
		return nil, nil, err
	}
	c, err := x.s.objects.prepare(func(b *pebble.Batch, at feature.Position) error {
		set(b, key, value)
		return x.s.objects.change(b, at, bucket.Change{Put: objects})
	}, &x.latch)
	return c, e, err
}

// List implements query.Executions, as the executions stand when ranging begins.
func (x *Executions) List(ctx context.Context) iter.Seq2[*query.Execution, error] {
	return func(yield func(*query.Execution, error) bool) {
		ready := func() error { return x.latch.settle(ctx) }
		for row, err := range backwards(x.s.db, []byte{executionKeys}, []byte{executionKeys + 1}, ready) {
			var e *query.Execution
			if err == nil {
				e, err = fromJSON[query.Execution](row.value)
			}
			if err == nil {
				err = ctx.Err()
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}
