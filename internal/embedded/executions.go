package embedded

import (
	"bytes"
	"context"
	"iter"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
)

var _ query.Executions = (*Executions)(nil)

// Executions is the catalog of executions. Their keys begin with the time of submission; a row for each
// work group's execution gives the order of List, and one for each that is not final tells Unfinished.
type Executions struct {
	s     *Store
	latch latch // of executions and definitions; taken before the tables' and the index's, where more are
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
	key := executionKey(e)
	b := x.s.db.NewBatch()
	set(b, key, value)
	set(b, key1(submitKeys, e.ID), append([]byte{valueVersion}, key...))
	if e.Token != "" {
		set(b, key1(tokenKeys, e.Token), append([]byte{valueVersion}, key...))
	}
	indexExecution(b, e)
	return x.s.apply(b, &x.latch), nil, nil
}

func executionKey(e *query.Execution) []byte {
	return numberKey(executionKeys, uint64(e.Submitted.UnixMicro()), e.ID)
}

// indexExecution sets the rows that find an execution by its work group and, if it is not final, by that.
func indexExecution(b *pebble.Batch, e *query.Execution) {
	key := executionKey(e)
	set(b, groupedKey(e.WorkGroup, key), nil)
	if !e.State.Final() {
		set(b, unfinishedKey(key), nil)
	}
}

// groupedKey is the row of an execution's key in the list of its work group.
func groupedKey(workGroup string, key []byte) []byte {
	return append(key2(groupedKeys, workGroup, ""), key[1:]...)
}

func unfinishedKey(key []byte) []byte { return append([]byte{unfinishedKeys}, key[1:]...) }

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

// Update implements query.Executions. It runs change once.
func (x *Executions) Update(ctx context.Context, id string, change func(*query.Execution), effect query.Effect) (*query.Execution, error) {
	c, e, err := x.prepareUpdate(id, change, effect)
	if err != nil {
		// It may be the tables or the index that refuse.
		return nil, x.latch.refused(ctx, x.s.tables.latch.refused(ctx, x.s.objects.latch.refused(ctx, err)))
	}
	x.s.finish(c, &x.latch, &x.s.tables.latch, &x.s.objects.latch)
	return e, nil
}

func (x *Executions) prepareUpdate(id string, change func(*query.Execution), effect query.Effect) (*commit, *query.Execution, error) {
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	e, key, err := x.find(id)
	if err != nil {
		return nil, nil, err
	}
	if e.State.Final() {
		return nil, nil, feature.Errorf(feature.Conflict, "the query execution %q is %s already", id, e.State)
	}
	kept := *e
	change(e)
	e.ID, e.Token, e.Submitted, e.WorkGroup = kept.ID, kept.Token, kept.Submitted, kept.WorkGroup
	value, err := toJSON(e)
	if err != nil {
		return nil, nil, err
	}
	fill := func(b *pebble.Batch, at feature.Position) error {
		set(b, key, value)
		if e.State.Final() {
			remove(b, unfinishedKey(key))
		}
		return x.s.objects.change(b, at, bucket.Change{Put: effect.Objects})
	}
	if effect.Create == nil && effect.Extend == nil {
		c, err := x.s.objects.prepare(fill, &x.latch)
		return c, e, err
	}
	x.s.tables.latch.mu.Lock()
	defer x.s.tables.latch.mu.Unlock()
	c, err := x.s.objects.prepare(func(b *pebble.Batch, at feature.Position) error {
		if err := changeTables(b, effect); err != nil {
			return err
		}
		return fill(b, at)
	}, &x.latch, &x.s.tables.latch)
	return c, e, err
}

// List implements query.Executions, as the executions stand when ranging begins.
func (x *Executions) List(ctx context.Context, workGroup, after string) iter.Seq2[*query.Execution, error] {
	return func(yield func(*query.Execution, error) bool) {
		lower, upper, err := x.bounds(workGroup, after)
		if err != nil {
			yield(nil, err)
			return
		}
		ready := func() error { return x.latch.settle(ctx) }
		for row, err := range backwards(x.s.db, lower, upper, ready) {
			var e *query.Execution
			if err == nil {
				key := append([]byte{executionKeys}, row.key[len(workGroup)+2:]...)
				e, err = getJSON[query.Execution](x.s.db, key)
			}
			if err == nil && e == nil {
				continue // it was removed since
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

// bounds are those of the list of a work group up to, without, an execution.
func (x *Executions) bounds(workGroup, before string) (lower, upper []byte, err error) {
	lower, upper = key2(groupedKeys, workGroup, ""), afterPrefix(key2(groupedKeys, workGroup, ""))
	if before == "" {
		return lower, upper, nil
	}
	_, key, err := x.find(before)
	if feature.KindOf(err) == feature.NotFound {
		return nil, nil, feature.Errorf(feature.Invalid, "no query execution has the ID %q any more; begin anew", before)
	}
	if err != nil {
		return nil, nil, err
	}
	return lower, groupedKey(workGroup, key), nil
}

// afterPrefix is after of a copy.
func afterPrefix(k []byte) []byte { return after(bytes.Clone(k)) }

// Unfinished implements query.Executions.
func (x *Executions) Unfinished(ctx context.Context) ([]string, error) {
	var ids []string
	ready := func() error { return x.latch.settle(ctx) }
	for row, err := range rows(x.s.db, []byte{unfinishedKeys}, []byte{unfinishedKeys + 1}, ready) {
		if err != nil {
			return nil, err
		}
		_, id, err := splitNumberKey(row.key)
		if err != nil {
			return nil, err
		}
		ids = append(ids, string(id))
	}
	return ids, nil
}

// Remove implements query.Executions. One commit forgets all of a call.
func (x *Executions) Remove(ctx context.Context, before time.Time, limit int) (int, error) {
	if limit <= 0 {
		return 0, nil
	}
	c, n, err := x.prepareRemove(ctx, before, limit)
	if err != nil || c == nil {
		return 0, err
	}
	x.s.finish(c, &x.latch)
	return n, nil
}

func (x *Executions) prepareRemove(ctx context.Context, before time.Time, limit int) (*commit, int, error) {
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	b, n := x.s.db.NewBatch(), 0
	for row, err := range rows(x.s.db, []byte{executionKeys}, numberKey(executionKeys, uint64(max(0, before.UnixMicro())), ""), nil) {
		var e *query.Execution
		if err == nil {
			e, err = fromJSON[query.Execution](row.value)
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			discard(b)
			return nil, 0, err
		}
		if !e.State.Final() {
			continue // of a process that has died, until the next start; or it takes that long
		}
		if n++; n > limit {
			n = limit
			break
		}
		remove(b, row.key)
		remove(b, key1(submitKeys, e.ID))
		remove(b, groupedKey(e.WorkGroup, row.key))
		if e.Token != "" {
			remove(b, key1(tokenKeys, e.Token))
		}
	}
	if n == 0 {
		discard(b)
		return nil, 0, nil
	}
	return x.s.apply(b, &x.latch), n, nil
}
