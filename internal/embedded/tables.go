package embedded

import (
	"context"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

var _ table.Tables = (*Tables)(nil)

// Tables is the catalog of databases and tables.
type Tables struct {
	s     *Store
	latch latch
}

// write runs fill under the latch and commits the batch.
func (t *Tables) write(ctx context.Context, fill func(b *pebble.Batch) error) error {
	c, err := t.prepare(fill)
	if err != nil {
		return t.latch.refused(ctx, err)
	}
	t.s.finish(c, &t.latch)
	return nil
}

func (t *Tables) prepare(fill func(b *pebble.Batch) error) (*commit, error) {
	t.latch.mu.Lock()
	defer t.latch.mu.Unlock()
	b := t.s.db.NewBatch()
	if err := fill(b); err != nil {
		discard(b)
		return nil, err
	}
	return t.s.apply(b, &t.latch), nil
}

// CreateDatabase implements table.Tables.
func (t *Tables) CreateDatabase(ctx context.Context, d *table.Database) error {
	return t.write(ctx, func(b *pebble.Batch) error {
		key := key1(databaseKeys, d.Name)
		if held, err := has(t.s.db, key); err != nil || held {
			if err != nil {
				return err
			}
			return feature.Errorf(feature.Exists, "a database named %q exists", d.Name)
		}
		value, err := toJSON(d)
		if err != nil {
			return err
		}
		set(b, key, value)
		return nil
	})
}

// Databases implements table.Tables.
func (t *Tables) Databases(ctx context.Context) ([]*table.Database, error) {
	var all []*table.Database
	ready := func() error { return t.latch.settle(ctx) }
	for row, err := range rows(t.s.db, []byte{databaseKeys}, []byte{databaseKeys + 1}, ready) {
		if err != nil {
			return nil, err
		}
		d, err := fromJSON[table.Database](row.value)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// CreateTable implements table.Tables.
func (t *Tables) CreateTable(ctx context.Context, tb *table.Table) error {
	return t.write(ctx, func(b *pebble.Batch) error {
		if err := needDatabase(t.s.db, tb.Database); err != nil {
			return err
		}
		key := key2(tableKeys, tb.Database, tb.Name)
		if held, err := has(t.s.db, key); err != nil || held {
			if err != nil {
				return err
			}
			return feature.Errorf(feature.Exists, "a table named %q exists in database %q", tb.Name, tb.Database)
		}
		value, err := toJSON(tb)
		if err != nil {
			return err
		}
		set(b, key, value)
		return nil
	})
}

// GetTable implements table.Tables.
func (t *Tables) GetTable(ctx context.Context, database, name string) (*table.Table, error) {
	tb, err := getTable(t.s.db, database, name)
	if settle := t.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	return tb, err
}

func getTable(r pebble.Reader, database, name string) (*table.Table, error) {
	tb, err := getJSON[table.Table](r, key2(tableKeys, database, name))
	if err == nil && tb == nil {
		return nil, feature.Errorf(feature.NotFound, "no table is named %q in database %q", name, database)
	}
	return tb, err
}

// ListTables implements table.Tables.
func (t *Tables) ListTables(ctx context.Context, database string) ([]*table.Table, error) {
	var all []*table.Table
	ready := func() error {
		if err := t.latch.settle(ctx); err != nil {
			return err
		}
		return needDatabase(t.s.db, database)
	}
	for row, err := range rows(t.s.db, key2(tableKeys, database, ""), after(key2(tableKeys, database, "")), ready) {
		if err != nil {
			return nil, err
		}
		tb, err := fromJSON[table.Table](row.value)
		if err != nil {
			return nil, err
		}
		all = append(all, tb)
	}
	return all, nil
}

// UpdateTable implements table.Tables. It runs change once, under a lock that all tables share.
func (t *Tables) UpdateTable(ctx context.Context, database, name string, change func(*table.Table) error) (*table.Table, error) {
	var changed *table.Table
	err := t.write(ctx, func(b *pebble.Batch) error {
		tb, err := getTable(t.s.db, database, name)
		if err != nil {
			return err
		}
		version := tb.Version
		if err := change(tb); err != nil {
			return err
		}
		if tb.Database != database || tb.Name != name {
			return fmt.Errorf("update table %s.%s: its name was changed", database, name)
		}
		tb.Version = version + 1
		value, err := toJSON(tb)
		if err != nil {
			return err
		}
		// What is handed out shares no memory with what change may have kept.
		if changed, err = fromJSON[table.Table](value); err != nil {
			return err
		}
		set(b, key2(tableKeys, database, name), value)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

// DeleteTable implements table.Tables.
func (t *Tables) DeleteTable(ctx context.Context, database, name string) error {
	return t.write(ctx, func(b *pebble.Batch) error {
		if _, err := getTable(t.s.db, database, name); err != nil {
			return err
		}
		remove(b, key2(tableKeys, database, name))
		return nil
	})
}

func needDatabase(r pebble.Reader, name string) error {
	held, err := has(r, key1(databaseKeys, name))
	if err == nil && !held {
		err = feature.Errorf(feature.NotFound, "no database is named %q", name)
	}
	return err
}
