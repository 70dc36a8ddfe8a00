package embedded

import (
	"context"
	"encoding/binary"
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

// drop is write, for what takes runs with it: fill gets a batch that sees its own changes, and runs under
// the latch of the index too.
func (t *Tables) drop(ctx context.Context, fill func(b *pebble.Batch, at feature.Position) error) error {
	c, err := t.prepareDrop(fill)
	if err != nil {
		return t.latch.refused(ctx, err)
	}
	t.s.finish(c, &t.latch, &t.s.objects.latch)
	return nil
}

func (t *Tables) prepareDrop(fill func(b *pebble.Batch, at feature.Position) error) (*commit, error) {
	t.latch.mu.Lock()
	defer t.latch.mu.Unlock()
	return t.s.objects.prepare(fill, &t.latch)
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

// UpdateDatabase implements table.Tables.
func (t *Tables) UpdateDatabase(ctx context.Context, name string, change func(*table.Database) error) error {
	return t.write(ctx, func(b *pebble.Batch) error {
		d, err := getJSON[table.Database](t.s.db, key1(databaseKeys, name))
		if err != nil {
			return err
		}
		if d == nil {
			return noDatabase(name)
		}
		if err := change(d); err != nil {
			return err
		}
		if d.Name != name {
			return fmt.Errorf("update database %s: its name was changed", name)
		}
		value, err := toJSON(d)
		if err != nil {
			return err
		}
		set(b, key1(databaseKeys, name), value)
		return nil
	})
}

// DeleteDatabase implements table.Tables.
func (t *Tables) DeleteDatabase(ctx context.Context, name string) error {
	return t.drop(ctx, func(b *pebble.Batch, at feature.Position) error {
		if err := needDatabase(t.s.db, name); err != nil {
			return err
		}
		for row, err := range rows(t.s.db, key2(tableKeys, name, ""), after(key2(tableKeys, name, "")), nil) {
			if err != nil {
				return err
			}
			tb, err := fromJSON[table.Table](row.value)
			if err == nil {
				err = dropRunsOf(b, tb, at)
			}
			if err != nil {
				return err
			}
		}
		remove(b, key1(databaseKeys, name))
		for _, kind := range []byte{tableKeys, versionKeys, partitionKeys} {
			removeRange(b, key2(kind, name, ""), after(key2(kind, name, "")))
		}
		return nil
	})
}

// CreateTable implements table.Tables.
func (t *Tables) CreateTable(ctx context.Context, tb *table.Table) error {
	return t.write(ctx, func(b *pebble.Batch) error { return createTable(b, t.s.db, tb) })
}

// createTable adds a table to b; r shows what is there.
func createTable(b *pebble.Batch, r pebble.Reader, tb *table.Table) error {
	if err := needDatabase(r, tb.Database); err != nil {
		return err
	}
	key := key2(tableKeys, tb.Database, tb.Name)
	if held, err := has(r, key); err != nil || held {
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

// UpdateTable implements table.Tables.
func (t *Tables) UpdateTable(ctx context.Context, database, name string, change func(*table.Table) error) (*table.Table, error) {
	return t.updateTable(ctx, database, name, true, change)
}

// OverwriteTable implements table.Tables.
func (t *Tables) OverwriteTable(ctx context.Context, database, name string, change func(*table.Table) error) (*table.Table, error) {
	return t.updateTable(ctx, database, name, false, change)
}

// updateTable runs change once, under a lock that all tables share.
func (t *Tables) updateTable(ctx context.Context, database, name string, archive bool, change func(*table.Table) error) (*table.Table, error) {
	var changed *table.Table
	err := t.write(ctx, func(b *pebble.Batch) error {
		tb, err := getTable(t.s.db, database, name)
		if err != nil {
			return err
		}
		version := tb.Version
		if archive {
			value, err := toJSON(tb)
			if err != nil {
				return err
			}
			set(b, versionKey(database, name, version), value)
		}
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
	return t.drop(ctx, func(b *pebble.Batch, at feature.Position) error {
		tb, err := getTable(t.s.db, database, name)
		if err == nil {
			err = dropRunsOf(b, tb, at)
		}
		if err != nil {
			return err
		}
		remove(b, key2(tableKeys, database, name))
		for _, kind := range []byte{versionKeys, partitionKeys} {
			removeRange(b, ofTable(kind, database, name), after(ofTable(kind, database, name)))
		}
		return nil
	})
}

// Versions implements table.Tables.
func (t *Tables) Versions(ctx context.Context, database, name string) ([]*table.Table, error) {
	// From one snapshot: a table that changes meanwhile is not its own older version.
	snap := t.s.db.NewSnapshot()
	defer func() { _ = snap.Close() }() // it says only that it was closed twice
	current, err := getTable(snap, database, name)
	if settle := t.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	if err != nil {
		return nil, err
	}
	all := []*table.Table{current}
	for row, err := range backwards(snap, ofTable(versionKeys, database, name), after(ofTable(versionKeys, database, name)), nil) {
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

// DeleteVersion implements table.Tables.
func (t *Tables) DeleteVersion(ctx context.Context, database, name string, version int64) error {
	return t.write(ctx, func(b *pebble.Batch) error {
		tb, err := getTable(t.s.db, database, name)
		if err != nil {
			return err
		}
		if tb.Version == version {
			return feature.Errorf(feature.Conflict, "version %d is the present one of table %q", version, name)
		}
		key := versionKey(database, name, version)
		held, err := has(t.s.db, key)
		if err == nil && !held {
			err = feature.Errorf(feature.NotFound, "table %q has no version %d", name, version)
		}
		remove(b, key)
		return err
	})
}

func needDatabase(r pebble.Reader, name string) error {
	held, err := has(r, key1(databaseKeys, name))
	if err == nil && !held {
		err = noDatabase(name)
	}
	return err
}

func noDatabase(name string) error {
	return feature.Errorf(feature.NotFound, "no database is named %q", name)
}

// ofTable begins the keys of what belongs to a table.
func ofTable(kind byte, database, name string) []byte {
	return append(key2(kind, database, name), 0)
}

func versionKey(database, name string, version int64) []byte {
	return binary.BigEndian.AppendUint64(ofTable(versionKeys, database, name), uint64(version))
}
