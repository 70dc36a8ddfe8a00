package embedded

import (
	"context"
	"fmt"
	"iter"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

var _ table.Partitions = (*Tables)(nil)

// partitionKey sorts by the values, the first one first, each by its bytes. A zero byte in a value is
// 0 255 and the end of a value is 0 1, so that no value runs into the next.
func partitionKey(database, name string, values []string) []byte {
	k := ofTable(partitionKeys, database, name)
	for _, v := range values {
		for i := range len(v) {
			k = append(k, v[i])
			if v[i] == 0 {
				k = append(k, 0xff)
			}
		}
		k = append(k, 0, 1)
	}
	return k
}

// CreatePartitions implements table.Partitions.
func (t *Tables) CreatePartitions(ctx context.Context, database, name string, parts []*table.Partition) ([]error, error) {
	return t.writeEach(ctx, database, name, len(parts), func(b *pebble.Batch, i int) error {
		key := partitionKey(database, name, parts[i].Values)
		if held, err := has(b, key); err != nil || held {
			if err != nil {
				return err
			}
			return feature.Errorf(feature.Exists, "table %q has a partition %q", name, parts[i].Values)
		}
		return setPartition(b, database, name, parts[i])
	})
}

// DeletePartitions implements table.Partitions.
func (t *Tables) DeletePartitions(ctx context.Context, database, name string, values [][]string) ([]error, error) {
	return t.writeEach(ctx, database, name, len(values), func(b *pebble.Batch, i int) error {
		key := partitionKey(database, name, values[i])
		held, err := has(b, key)
		if err == nil && !held {
			err = noPartition(name, values[i])
		}
		remove(b, key)
		return err
	})
}

// writeEach runs fill for each of n in one batch that shows what it has already. A refusal of one
// is no refusal of the others.
func (t *Tables) writeEach(ctx context.Context, database, name string, n int, fill func(b *pebble.Batch, i int) error) ([]error, error) {
	errs := make([]error, n)
	t.latch.mu.Lock()
	c, err := func() (*commit, error) {
		defer t.latch.mu.Unlock()
		b := t.s.db.NewIndexedBatch()
		_, err := getTable(b, database, name)
		for i := 0; i < n && err == nil; i++ {
			if errs[i] = fill(b, i); feature.KindOf(errs[i]) == feature.Fault && errs[i] != nil {
				err = errs[i]
			}
		}
		if err != nil {
			discard(b)
			return nil, err
		}
		return t.s.apply(b, &t.latch), nil
	}()
	if err != nil {
		return nil, t.latch.refused(ctx, err)
	}
	t.s.finish(c, &t.latch)
	return errs, nil
}

// setPartition stores p as one of a table, whatever names it carries.
func setPartition(b *pebble.Batch, database, name string, p *table.Partition) error {
	own := *p
	own.Database, own.Table = database, name
	value, err := toJSON(&own)
	if err != nil {
		return err
	}
	set(b, partitionKey(database, name, p.Values), value)
	return nil
}

// GetPartition implements table.Partitions.
func (t *Tables) GetPartition(ctx context.Context, database, name string, values []string) (*table.Partition, error) {
	p, err := getPartition(t.s.db, database, name, values)
	if settle := t.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	return p, err
}

func getPartition(r pebble.Reader, database, name string, values []string) (*table.Partition, error) {
	p, err := getJSON[table.Partition](r, partitionKey(database, name, values))
	if err == nil && p == nil {
		err = noPartition(name, values)
	}
	return p, err
}

func noPartition(name string, values []string) error {
	return feature.Errorf(feature.NotFound, "table %q has no partition %q", name, values)
}

// ListPartitions implements table.Partitions.
func (t *Tables) ListPartitions(ctx context.Context, database, name string, behind []string) iter.Seq2[*table.Partition, error] {
	ready := func() error {
		if err := t.latch.settle(ctx); err != nil {
			return err
		}
		_, err := getTable(t.s.db, database, name)
		return err
	}
	return listPartitions(t.s.db, database, name, behind, ready)
}

func listPartitions(r pebble.Reader, database, name string, behind []string, ready func() error) iter.Seq2[*table.Partition, error] {
	return func(yield func(*table.Partition, error) bool) {
		from, upTo := ofTable(partitionKeys, database, name), after(ofTable(partitionKeys, database, name))
		if behind != nil {
			from = append(partitionKey(database, name, behind), 0) // the smallest key behind it
		}
		for row, err := range rows(r, from, upTo, ready) {
			var p *table.Partition
			if err == nil {
				p, err = fromJSON[table.Partition](row.value)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// UpdatePartition implements table.Partitions. It runs change once.
func (t *Tables) UpdatePartition(ctx context.Context, database, name string, values []string, change func(*table.Partition) error) error {
	return t.write(ctx, func(b *pebble.Batch) error {
		if _, err := getTable(t.s.db, database, name); err != nil {
			return err
		}
		p, err := getPartition(t.s.db, database, name, values)
		if err != nil {
			return err
		}
		if err := change(p); err != nil {
			return err
		}
		if p.Database != database || p.Table != name {
			return fmt.Errorf("update a partition of %s.%s: its table was changed", database, name)
		}
		was, is := partitionKey(database, name, values), partitionKey(database, name, p.Values)
		if string(was) != string(is) {
			if held, err := has(t.s.db, is); err != nil || held {
				if err != nil {
					return err
				}
				return feature.Errorf(feature.Exists, "table %q has a partition %q", name, p.Values)
			}
			remove(b, was)
		}
		return setPartition(b, database, name, p)
	})
}
