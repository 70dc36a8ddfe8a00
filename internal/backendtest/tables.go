package backendtest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// Tables tests a table.Tables.
func Tables(t *testing.T, open Open) {
	t.Run("Databases", func(t *testing.T) { tablesDatabases(t, open(t)) })
	t.Run("Tables", func(t *testing.T) { tablesTables(t, open(t)) })
	t.Run("UpdateIsSeen", func(t *testing.T) { tablesUpdate(t, open(t)) })
	t.Run("UpdatesAreNotLost", func(t *testing.T) { tablesUpdateRace(t, open(t)) })
	t.Run("VersionsAreKept", func(t *testing.T) { tablesVersions(t, open(t)) })
	t.Run("DeleteTakesWhatBelongsToIt", func(t *testing.T) { tablesCascade(t, open(t)) })
	t.Run("Partitions", func(t *testing.T) { tablesPartitions(t, open(t)) })
	t.Run("PartitionsAreSortedByTheirValues", func(t *testing.T) { tablesPartitionOrder(t, open(t)) })
	t.Run("OneOfManyOptimisticUpdatesWins", func(t *testing.T) { tablesOptimistic(t, open(t)) })
}

func tablesDatabases(t *testing.T, s Stores) {
	all, err := s.Tables.Databases(t.Context())
	must(t, err)
	if len(all) != 2 || all[0].Name != table.DefaultDatabase || all[1].Name != table.FeatureStoreDatabase {
		t.Errorf("databases at first: %v, want %s and %s alone", all, table.DefaultDatabase, table.FeatureStoreDatabase)
	}
	z := &table.Database{Name: "z"}
	a := &table.Database{Name: "a", Description: "d", LocationURI: "s3://b/p", Parameters: map[string]string{"k": "v"}, Created: noon}
	must(t, s.Tables.CreateDatabase(t.Context(), z))
	must(t, s.Tables.CreateDatabase(t.Context(), a))
	wantKind(t, "CreateDatabase again", s.Tables.CreateDatabase(t.Context(), a), feature.Exists)
	wantKind(t, "CreateDatabase of the first", s.Tables.CreateDatabase(t.Context(), &table.Database{Name: table.FeatureStoreDatabase}), feature.Exists)
	all, err = s.Tables.Databases(t.Context())
	must(t, err)
	if len(all) != 4 {
		t.Fatalf("%d databases, want 4", len(all))
	}
	wantSame(t, "the first database", a, all[0])
	wantSame(t, "the last database", z, all[3])

	must(t, s.Tables.UpdateDatabase(t.Context(), "z", func(d *table.Database) error {
		d.Description, d.Tags = "changed", map[string]string{"k": "v"}
		return nil
	}))
	refused := errors.New("refused")
	if err := s.Tables.UpdateDatabase(t.Context(), "z", func(d *table.Database) error { d.Description = "half"; return refused }); !errors.Is(err, refused) {
		t.Errorf("UpdateDatabase returned %v, want what change returned", err)
	}
	wantKind(t, "UpdateDatabase that changes the name", s.Tables.UpdateDatabase(t.Context(), "z", func(d *table.Database) error { d.Name = "y"; return nil }), feature.Fault)
	wantKind(t, "UpdateDatabase of none", s.Tables.UpdateDatabase(t.Context(), "y", func(*table.Database) error { return nil }), feature.NotFound)
	all, err = s.Tables.Databases(t.Context())
	must(t, err)
	wantSame(t, "the last database after UpdateDatabase", &table.Database{Name: "z", Description: "changed", Tags: map[string]string{"k": "v"}}, all[3])
}

func tablesTables(t *testing.T, s Stores) {
	for _, name := range []string{"d", "d2"} {
		must(t, s.Tables.CreateDatabase(t.Context(), &table.Database{Name: name}))
	}
	full := &table.Table{
		Database: "d", Name: "b",
		Storage:    fullStorage(),
		Parameters: map[string]string{"classification": "parquet"},
		TableType:  "EXTERNAL_TABLE", Description: "d", Created: noon, Updated: noon.Add(1), Version: 3,
		Group: 7, EventTime: "at", EventTimeType: feature.Fractional,
		Owner: "o", CreatedBy: "arn:x", LastAccess: noon, LastAnalyzed: noon, Retention: 4,
		PartitionKeys: []table.Column{{Name: "year", Type: "int", Parameters: map[string]string{"k": "v"}}}, ViewOriginalText: "v", ViewExpandedText: "w",
	}
	must(t, s.Tables.CreateTable(t.Context(), full))
	must(t, s.Tables.CreateTable(t.Context(), &table.Table{Database: "d", Name: "a"}))
	must(t, s.Tables.CreateTable(t.Context(), &table.Table{Database: "d2", Name: "b"}))
	wantKind(t, "CreateTable again", s.Tables.CreateTable(t.Context(), full), feature.Exists)
	wantKind(t, "CreateTable in no database", s.Tables.CreateTable(t.Context(), &table.Table{Database: "x", Name: "b"}), feature.NotFound)

	got, err := s.Tables.GetTable(t.Context(), "d", "b")
	must(t, err)
	wantSame(t, "GetTable", full, got)
	sn, err := s.Offline.Snapshot(t.Context())
	must(t, err)
	defer func() { must(t, sn.Close()) }()
	_, err = s.Tables.GetTable(t.Context(), "d", "c")
	wantKind(t, "GetTable of no table", err, feature.NotFound)
	_, err = s.Tables.GetTable(t.Context(), "x", "b")
	wantKind(t, "GetTable in no database", err, feature.NotFound)

	list, err := s.Tables.ListTables(t.Context(), "d")
	must(t, err)
	wantSame(t, "ListTables", []*table.Table{{Database: "d", Name: "a"}, full}, list)
	_, err = s.Tables.ListTables(t.Context(), "x")
	wantKind(t, "ListTables of no database", err, feature.NotFound)
	list, err = s.Tables.ListTables(t.Context(), table.FeatureStoreDatabase)
	must(t, err)
	if len(list) != 0 {
		t.Errorf("%d tables in an empty database", len(list))
	}

	must(t, s.Tables.DeleteTable(t.Context(), "d", "b"))
	wantKind(t, "DeleteTable again", s.Tables.DeleteTable(t.Context(), "d", "b"), feature.NotFound)
	_, err = s.Tables.GetTable(t.Context(), "d", "b")
	wantKind(t, "GetTable after DeleteTable", err, feature.NotFound)
	got, err = sn.Table("d", "b")
	must(t, err)
	wantSame(t, "Table of a snapshot from before", full, got)
	_, err = sn.Table("d", "c")
	wantKind(t, "Table of a snapshot, of no table", err, feature.NotFound)
}

func tablesUpdate(t *testing.T, s Stores) {
	must(t, s.Tables.CreateDatabase(t.Context(), &table.Database{Name: "d"}))
	first := &table.Table{Database: "d", Name: "t", Storage: table.Storage{Columns: []table.Column{{Name: "id", Type: "string"}}}, Parameters: map[string]string{"k": "v"}, Version: 3}
	must(t, s.Tables.CreateTable(t.Context(), first))
	before, err := s.Tables.GetTable(t.Context(), "d", "t")
	must(t, err)
	sn := snapshot(t, s)
	defer func() { must(t, sn.Close()) }()

	want := &table.Table{
		Database: "d", Name: "t", Storage: table.Storage{Columns: []table.Column{{Name: "id", Type: "string", Comment: "c"}, {Name: "n", Type: "bigint"}}},
		Parameters: map[string]string{"k": "w"}, Updated: noon, Version: 4,
	}
	var kept *table.Table
	got, err := s.Tables.UpdateTable(t.Context(), "d", "t", func(tb *table.Table) error {
		tb.Columns[0].Comment = "c"
		tb.Columns = append(tb.Columns, table.Column{Name: "n", Type: "bigint"})
		tb.Parameters["k"], tb.Updated, tb.Version = "w", noon, 99
		kept = tb
		return nil
	})
	must(t, err)
	wantSame(t, "UpdateTable", want, got)
	kept.Columns[0].Name, kept.Parameters["k"] = "changed", "changed"
	wantSame(t, "what UpdateTable returned, after the change kept what it had been given", want, got)
	after, err := s.Tables.GetTable(t.Context(), "d", "t")
	must(t, err)
	wantSame(t, "GetTable after UpdateTable", want, after)
	wantSame(t, "a table that was handed out before", first, before)
	old, err := sn.Table("d", "t")
	must(t, err)
	wantSame(t, "Table of a snapshot from before", first, old)

	refused := errors.New("refused")
	for _, c := range []struct {
		name   string
		change func(*table.Table) error
	}{
		{"is refused", func(tb *table.Table) error { tb.Columns = nil; return refused }},
		{"changes the name", func(tb *table.Table) error { tb.Name = "u"; return nil }},
		{"changes the database", func(tb *table.Table) error { tb.Database = "e"; return nil }},
	} {
		if _, err := s.Tables.UpdateTable(t.Context(), "d", "t", c.change); err == nil || feature.KindOf(err) != feature.Fault {
			t.Errorf("UpdateTable that %s: %v", c.name, err)
		}
		after, err = s.Tables.GetTable(t.Context(), "d", "t")
		must(t, err)
		wantSame(t, "GetTable after UpdateTable that "+c.name, want, after)
	}
	none := func(*table.Table) error { t.Error("change is asked about no table"); return nil }
	_, err = s.Tables.UpdateTable(t.Context(), "d", "u", none)
	wantKind(t, "UpdateTable of no table", err, feature.NotFound)
	_, err = s.Tables.UpdateTable(t.Context(), "e", "t", none)
	wantKind(t, "UpdateTable in no database", err, feature.NotFound)
}

func tablesUpdateRace(t *testing.T, s Stores) {
	must(t, s.Tables.CreateDatabase(t.Context(), &table.Database{Name: "d"}))
	must(t, s.Tables.CreateTable(t.Context(), &table.Table{Database: "d", Name: "t"}))
	const updates = 20
	var wg sync.WaitGroup
	for i := range updates {
		wg.Go(func() {
			_, err := s.Tables.UpdateTable(t.Context(), "d", "t", func(tb *table.Table) error {
				tb.Columns = append(tb.Columns, table.Column{Name: fmt.Sprint("c", i)})
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	tb, err := s.Tables.GetTable(t.Context(), "d", "t")
	must(t, err)
	if len(tb.Columns) != updates || tb.Version != updates {
		t.Errorf("%d columns and version %d after %d updates that each added a column to version 0", len(tb.Columns), tb.Version, updates)
	}
}
