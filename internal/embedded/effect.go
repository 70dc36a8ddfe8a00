package embedded

import (
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// changeTables adds what an execution does to the tables to b, an indexed batch. The caller holds the
// tables' latch.
func changeTables(b *pebble.Batch, effect query.Effect) error {
	of := effect.Extend
	if effect.Create != nil {
		of = effect.Create
		if err := createTable(b, b, of); err != nil {
			return err
		}
	} else if err := sameTable(b, of); err != nil {
		return err
	}
	for _, p := range effect.Partitions {
		held, err := has(b, partitionKey(of.Database, of.Name, p.Values))
		if err != nil {
			return err
		}
		if held {
			continue
		}
		if err := setPartition(b, of.Database, of.Name, p); err != nil {
			return err
		}
	}
	return nil
}

// sameTable holds that a table is there, and that files written for it are its rows still.
func sameTable(r pebble.Reader, t *table.Table) error {
	held, err := getTable(r, t.Database, t.Name)
	if feature.KindOf(err) == feature.NotFound {
		return feature.Errorf(feature.Conflict, "the table %s.%s was deleted meanwhile", t.Database, t.Name)
	}
	if err != nil {
		return err
	}
	keys := func(a, b table.Column) bool { return a.Name == b.Name && a.Type == b.Type }
	if held.Location != t.Location || held.SerDe != t.SerDe || held.Group != t.Group || !slices.EqualFunc(held.PartitionKeys, t.PartitionKeys, keys) {
		return feature.Errorf(feature.Conflict, "the table %s.%s was changed meanwhile", t.Database, t.Name)
	}
	return nil
}
