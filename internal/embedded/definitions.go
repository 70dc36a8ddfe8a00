package embedded

import (
	"context"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
)

var _ query.Definitions = (*Executions)(nil)

// write runs fill under the latch and commits the batch.
func (x *Executions) write(ctx context.Context, fill func(b *pebble.Batch) error) error {
	c, err := x.prepare(fill)
	if err != nil {
		return x.latch.refused(ctx, err)
	}
	x.s.finish(c, &x.latch)
	return nil
}

func (x *Executions) prepare(fill func(b *pebble.Batch) error) (*commit, error) {
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	b := x.s.db.NewBatch()
	if err := fill(b); err != nil {
		discard(b)
		return nil, err
	}
	return x.s.apply(b, &x.latch), nil
}

// define stores what a client defines, as how says; missing is the error if it is not there.
func define[T any](r pebble.Reader, b *pebble.Batch, key []byte, v *T, how query.Putting, exists, missing error) error {
	held, err := has(r, key)
	switch {
	case err != nil:
		return err
	case held && how == query.MustBeNew:
		return exists
	case !held && how == query.MustBeThere:
		return missing
	}
	value, err := toJSON(v)
	if err != nil {
		return err
	}
	set(b, key, value)
	return nil
}

// redefine changes what a client has defined.
func redefine[T any](r pebble.Reader, b *pebble.Batch, key []byte, change func(*T) error, missing error) error {
	held, err := getJSON[T](r, key)
	if err != nil {
		return err
	}
	if held == nil {
		return missing
	}
	if err := change(held); err != nil {
		return err
	}
	value, err := toJSON(held)
	if err != nil {
		return err
	}
	set(b, key, value)
	return nil
}

// defined reads one definition.
func defined[T any](ctx context.Context, x *Executions, key []byte, missing error) (*T, error) {
	held, err := getJSON[T](x.s.db, key)
	if settle := x.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	if err == nil && held == nil {
		err = missing
	}
	return held, err
}

// definitions reads those whose keys have a prefix and that are wanted, in the order of the keys.
func definitions[T any](ctx context.Context, x *Executions, prefix []byte, wanted func(*T) bool) ([]*T, error) {
	var all []*T
	ready := func() error { return x.latch.settle(ctx) }
	for row, err := range rows(x.s.db, prefix, afterPrefix(prefix), ready) {
		if err != nil {
			return nil, err
		}
		v, err := fromJSON[T](row.value)
		if err != nil {
			return nil, err
		}
		if wanted(v) {
			all = append(all, v)
		}
	}
	return all, nil
}

// CreateWorkGroup implements query.WorkGroups.
func (x *Executions) CreateWorkGroup(ctx context.Context, g *query.WorkGroup) error {
	return x.write(ctx, func(b *pebble.Batch) error {
		return define(x.s.db, b, key1(workGroupKeys, g.Name), g, query.MustBeNew, feature.Errorf(feature.Exists, "a work group named %q exists", g.Name), nil)
	})
}

// GetWorkGroup implements query.WorkGroups.
func (x *Executions) GetWorkGroup(ctx context.Context, name string) (*query.WorkGroup, error) {
	return defined[query.WorkGroup](ctx, x, key1(workGroupKeys, name), noWorkGroup(name))
}

// ListWorkGroups implements query.WorkGroups.
func (x *Executions) ListWorkGroups(ctx context.Context) ([]*query.WorkGroup, error) {
	return definitions(ctx, x, []byte{workGroupKeys}, func(*query.WorkGroup) bool { return true })
}

// UpdateWorkGroup implements query.WorkGroups. It runs change once.
func (x *Executions) UpdateWorkGroup(ctx context.Context, name string, change func(*query.WorkGroup) error) error {
	return x.write(ctx, func(b *pebble.Batch) error {
		return redefine(x.s.db, b, key1(workGroupKeys, name), func(g *query.WorkGroup) error {
			err := change(g)
			g.Name = name
			return err
		}, noWorkGroup(name))
	})
}

// DeleteWorkGroup implements query.WorkGroups.
func (x *Executions) DeleteWorkGroup(ctx context.Context, name string, all bool) error {
	return x.write(ctx, func(b *pebble.Batch) error {
		if err := x.needWorkGroup(name); err != nil {
			return err
		}
		queries, err := x.ListNamedQueries(ctx, name)
		if err != nil {
			return err
		}
		remove(b, key1(workGroupKeys, name))
		full := len(queries) > 0
		for _, q := range queries {
			remove(b, key1(namedKeys, q.ID))
		}
		for _, kind := range []byte{preparedKeys, groupedKeys} {
			lower, upper := key2(kind, name, ""), afterPrefix(key2(kind, name, ""))
			held, err := some(x.s.db, lower, upper)
			if err != nil {
				return err
			}
			full = full || held
			removeRange(b, lower, upper)
		}
		if full && !all {
			return feature.Errorf(feature.Conflict, "the work group %q is not empty", name)
		}
		return nil
	})
}

func (x *Executions) needWorkGroup(name string) error {
	held, err := has(x.s.db, key1(workGroupKeys, name))
	if err == nil && !held {
		err = noWorkGroup(name)
	}
	return err
}

func noWorkGroup(name string) error {
	return feature.Errorf(feature.NotFound, "no work group is named %q", name)
}

// CreateNamedQuery implements query.NamedQueries. Named queries are few: a token is looked for in all.
func (x *Executions) CreateNamedQuery(ctx context.Context, q *query.NamedQuery) (*query.NamedQuery, error) {
	made := q
	err := x.write(ctx, func(b *pebble.Batch) error {
		if err := x.needWorkGroup(q.WorkGroup); err != nil {
			return err
		}
		if q.Token != "" {
			same, err := definitions(ctx, x, []byte{namedKeys}, func(held *query.NamedQuery) bool { return held.Token == q.Token })
			if err != nil {
				return err
			}
			if len(same) > 0 {
				made = same[0]
				return define(x.s.db, b, key1(namedKeys, made.ID), made, query.Either, nil, nil)
			}
		}
		return define(x.s.db, b, key1(namedKeys, q.ID), q, query.MustBeNew, feature.Errorf(feature.Exists, "a named query has the ID %q", q.ID), nil)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// GetNamedQuery implements query.NamedQueries.
func (x *Executions) GetNamedQuery(ctx context.Context, id string) (*query.NamedQuery, error) {
	return defined[query.NamedQuery](ctx, x, key1(namedKeys, id), noNamedQuery(id))
}

// ListNamedQueries implements query.NamedQueries.
func (x *Executions) ListNamedQueries(ctx context.Context, workGroup string) ([]*query.NamedQuery, error) {
	return definitions(ctx, x, []byte{namedKeys}, func(q *query.NamedQuery) bool { return q.WorkGroup == workGroup })
}

// UpdateNamedQuery implements query.NamedQueries. It runs change once.
func (x *Executions) UpdateNamedQuery(ctx context.Context, id string, change func(*query.NamedQuery) error) error {
	return x.write(ctx, func(b *pebble.Batch) error {
		return redefine(x.s.db, b, key1(namedKeys, id), change, noNamedQuery(id))
	})
}

// DeleteNamedQuery implements query.NamedQueries.
func (x *Executions) DeleteNamedQuery(ctx context.Context, id string) error {
	return x.write(ctx, func(b *pebble.Batch) error { return x.undefine(b, key1(namedKeys, id), noNamedQuery(id)) })
}

// undefine removes a definition.
func (x *Executions) undefine(b *pebble.Batch, key []byte, missing error) error {
	held, err := has(x.s.db, key)
	if err == nil && !held {
		err = missing
	}
	remove(b, key)
	return err
}

func noNamedQuery(id string) error {
	return feature.Errorf(feature.NotFound, "no named query has the ID %q", id)
}

// PutPrepared implements query.PreparedStatements.
func (x *Executions) PutPrepared(ctx context.Context, p *query.Prepared, how query.Putting) error {
	return x.write(ctx, func(b *pebble.Batch) error {
		if err := x.needWorkGroup(p.WorkGroup); err != nil {
			return err
		}
		exists := feature.Errorf(feature.Exists, "a prepared statement named %q exists in work group %q", p.Name, p.WorkGroup)
		return define(x.s.db, b, key2(preparedKeys, p.WorkGroup, p.Name), p, how, exists, noPrepared(p.WorkGroup, p.Name))
	})
}

// GetPrepared implements query.PreparedStatements.
func (x *Executions) GetPrepared(ctx context.Context, workGroup, name string) (*query.Prepared, error) {
	return defined[query.Prepared](ctx, x, key2(preparedKeys, workGroup, name), noPrepared(workGroup, name))
}

// ListPrepared implements query.PreparedStatements.
func (x *Executions) ListPrepared(ctx context.Context, workGroup string) ([]*query.Prepared, error) {
	return definitions(ctx, x, key2(preparedKeys, workGroup, ""), func(*query.Prepared) bool { return true })
}

// DeletePrepared implements query.PreparedStatements.
func (x *Executions) DeletePrepared(ctx context.Context, workGroup, name string) error {
	return x.write(ctx, func(b *pebble.Batch) error {
		return x.undefine(b, key2(preparedKeys, workGroup, name), noPrepared(workGroup, name))
	})
}

func noPrepared(workGroup, name string) error {
	return feature.Errorf(feature.NotFound, "no prepared statement is named %q in work group %q", name, workGroup)
}
