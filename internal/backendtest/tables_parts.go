package backendtest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// fullStorage has every member.
func fullStorage() table.Storage {
	return table.Storage{
		Columns:  []table.Column{{Name: "id", Type: "string", Comment: "c"}, {Name: "n", Type: "decimal(3,1)", Parameters: map[string]string{"k": "v"}}},
		Location: "s3://b/p", InputFormat: "i", OutputFormat: "o", SerDe: "s",
		SerDeParams: map[string]string{"serialization.format": "1"},
		SerDeName:   "n", AdditionalLocations: []string{"s3://b/q"}, Compressed: true, Buckets: -1,
		BucketColumns: []string{"id"}, SortColumns: []table.SortColumn{{Column: "id", Order: 1}, {Column: "n"}}, StorageParameters: map[string]string{"a": "b"},
		Skew: &table.Skew{Columns: []string{"id"}, Values: []string{"1"}, Locations: map[string]string{"1": "s3://b/r"}}, SubDirectories: true,
	}
}

// newTable makes table t of database d, which it makes too if it is not there.
func newTable(t tester, s Stores, database, name string) {
	t.Helper()
	if err := s.Tables.CreateDatabase(t.Context(), &table.Database{Name: database}); feature.KindOf(err) != feature.Exists {
		must(t, err)
	}
	must(t, s.Tables.CreateTable(t.Context(), &table.Table{Database: database, Name: name}))
}

func tablesVersions(t *testing.T, s Stores) {
	newTable(t, s, "d", "t")
	newTable(t, s, "d", "t2")
	own := func(owner string) func(*table.Table) error {
		return func(tb *table.Table) error { tb.Owner = owner; return nil }
	}
	for _, owner := range []string{"1", "2"} {
		_, err := s.Tables.UpdateTable(t.Context(), "d", "t", own(owner))
		must(t, err)
	}
	_, err := s.Tables.OverwriteTable(t.Context(), "d", "t", own("3"))
	must(t, err)
	at := func(version int64, owner string) *table.Table {
		return &table.Table{Database: "d", Name: "t", Version: version, Owner: owner}
	}
	wantVersions(t, s, at(3, "3"), at(1, "1"), at(0, ""))
	sn := snapshot(t, s)
	defer func() { must(t, sn.Close()) }()

	wantKind(t, "DeleteVersion of the present one", s.Tables.DeleteVersion(t.Context(), "d", "t", 3), feature.Conflict)
	wantKind(t, "DeleteVersion of one that was not kept", s.Tables.DeleteVersion(t.Context(), "d", "t", 2), feature.NotFound)
	wantKind(t, "DeleteVersion of no table", s.Tables.DeleteVersion(t.Context(), "d", "u", 0), feature.NotFound)
	must(t, s.Tables.DeleteVersion(t.Context(), "d", "t", 0))
	wantVersions(t, s, at(3, "3"), at(1, "1"))
	_, err = s.Tables.Versions(t.Context(), "d", "u")
	wantKind(t, "Versions of no table", err, feature.NotFound)
	// What is refused keeps no version.
	_, err = s.Tables.UpdateTable(t.Context(), "d", "t", func(*table.Table) error { return feature.Errorf(feature.Conflict, "no") })
	wantKind(t, "UpdateTable that is refused", err, feature.Conflict)
	wantVersions(t, s, at(3, "3"), at(1, "1"))
}

func wantVersions(t *testing.T, s Stores, want ...*table.Table) {
	t.Helper()
	got, err := s.Tables.Versions(t.Context(), "d", "t")
	must(t, err)
	wantSame(t, "Versions", want, got)
}

// What belongs to a table goes with it, and does not come back with another of its name.
func tablesCascade(t *testing.T, s Stores) {
	for name, drop := range map[string]func() error{
		"DeleteTable":    func() error { return s.Tables.DeleteTable(t.Context(), "d", "t") },
		"DeleteDatabase": func() error { return s.Tables.DeleteDatabase(t.Context(), "d") },
	} {
		for _, n := range [][2]string{{"d", "t"}, {"d", "t2"}, {"d2", "t"}} {
			if err := s.Tables.DeleteTable(t.Context(), n[0], n[1]); err != nil {
				wantKind(t, "DeleteTable before", err, feature.NotFound)
			}
			newTable(t, s, n[0], n[1])
			_, err := s.Tables.UpdateTable(t.Context(), n[0], n[1], func(*table.Table) error { return nil })
			must(t, err)
			mustParts(t, s, n[0], n[1], "a")
		}
		must(t, drop())
		wantKind(t, name+" again", drop(), feature.NotFound)
		newTable(t, s, "d", "t")
		wantVersions(t, s, &table.Table{Database: "d", Name: "t"})
		if got := partValues(t, s, "d", "t", nil); len(got) != 0 {
			t.Errorf("partitions after %s and another CreateTable: %q", name, got)
		}
		if got := partValues(t, s, "d2", "t", nil); len(got) != 1 {
			t.Errorf("partitions of another database's table after %s: %q", name, got)
		}
	}
	wantKind(t, "DeleteDatabase of none", s.Tables.DeleteDatabase(t.Context(), "x"), feature.NotFound)
}

// mustParts makes partitions of one value each.
func mustParts(t tester, s Stores, database, name string, values ...string) {
	t.Helper()
	parts := make([]*table.Partition, len(values))
	for i, v := range values {
		parts[i] = &table.Partition{Values: []string{v}}
	}
	errs, err := s.Tables.CreatePartitions(t.Context(), database, name, parts)
	must(t, err)
	for _, err := range errs {
		must(t, err)
	}
}

func partValues(t tester, s Stores, database, name string, after []string) [][]string {
	t.Helper()
	var all [][]string
	for p, err := range s.Tables.ListPartitions(t.Context(), database, name, after) {
		must(t, err)
		all = append(all, p.Values)
	}
	return all
}

func tablesPartitions(t *testing.T, s Stores) {
	newTable(t, s, "d", "t")
	full := &table.Partition{
		Database: "d", Table: "t", Values: []string{"2024", "a/b"}, Storage: fullStorage(), Parameters: map[string]string{"k": "v"},
		Created: noon, LastAccess: noon, LastAnalyzed: noon,
	}
	other := &table.Partition{Database: "d", Table: "t", Values: []string{"2024", "c"}}
	errs, err := s.Tables.CreatePartitions(t.Context(), "d", "t", []*table.Partition{full, other, full})
	must(t, err)
	must(t, errs[0])
	must(t, errs[1])
	wantKind(t, "CreatePartitions of the same twice", errs[2], feature.Exists)
	errs, err = s.Tables.CreatePartitions(t.Context(), "d", "t", []*table.Partition{other})
	must(t, err)
	wantKind(t, "CreatePartitions again", errs[0], feature.Exists)
	_, err = s.Tables.CreatePartitions(t.Context(), "d", "u", []*table.Partition{other})
	wantKind(t, "CreatePartitions of no table", err, feature.NotFound)

	got, err := s.Tables.GetPartition(t.Context(), "d", "t", full.Values)
	must(t, err)
	wantSame(t, "GetPartition", full, got)
	_, err = s.Tables.GetPartition(t.Context(), "d", "t", []string{"2024", "b"})
	wantKind(t, "GetPartition of none", err, feature.NotFound)
	sn := snapshot(t, s)
	defer func() { must(t, sn.Close()) }()

	must(t, s.Tables.UpdatePartition(t.Context(), "d", "t", full.Values, func(p *table.Partition) error {
		p.Values = []string{"2025", "a"}
		return nil
	}))
	move := func(p *table.Partition) error { p.Values = []string{"2025", "a"}; return nil }
	wantKind(t, "UpdatePartition to another's values", s.Tables.UpdatePartition(t.Context(), "d", "t", other.Values, move), feature.Exists)
	wantKind(t, "UpdatePartition of none", s.Tables.UpdatePartition(t.Context(), "d", "t", full.Values, move), feature.NotFound)
	wantKind(t, "UpdatePartition that changes the table", s.Tables.UpdatePartition(t.Context(), "d", "t", other.Values, func(p *table.Partition) error { p.Table = "u"; return nil }), feature.Fault)
	wantSame(t, "the partitions after UpdatePartition", [][]string{{"2024", "c"}, {"2025", "a"}}, partValues(t, s, "d", "t", nil))

	errs, err = s.Tables.DeletePartitions(t.Context(), "d", "t", [][]string{other.Values, full.Values, other.Values})
	must(t, err)
	must(t, errs[0])
	wantKind(t, "DeletePartitions of none", errs[1], feature.NotFound)
	wantKind(t, "DeletePartitions of the same twice", errs[2], feature.NotFound)
	_, err = s.Tables.DeletePartitions(t.Context(), "d", "u", nil)
	wantKind(t, "DeletePartitions of no table", err, feature.NotFound)
	wantSame(t, "the partitions after DeletePartitions", [][]string{{"2025", "a"}}, partValues(t, s, "d", "t", nil))
	for _, err := range s.Tables.ListPartitions(t.Context(), "d", "u", nil) {
		wantKind(t, "ListPartitions of no table", err, feature.NotFound)
	}
	var before []*table.Partition
	for p, err := range sn.Partitions("d", "t") {
		must(t, err)
		before = append(before, p)
	}
	wantSame(t, "Partitions of a snapshot from before", []*table.Partition{full, other}, before)
	for range sn.Partitions("d", "u") {
		t.Error("a snapshot has partitions of no table")
	}
}

// Whatever bytes values have, they are listed in their order, also from the middle on.
func tablesPartitionOrder(t *testing.T, s Stores) {
	tables := 0
	rapid.Check(t, func(rt *rapid.T) {
		tables++
		name := fmt.Sprint("t", tables)
		newTable(t, s, "d", name)
		value := rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 2, 'a', 0xfe, 0xff}), 0, 3)
		values := rapid.SliceOfNDistinct(rapid.Custom(func(rt *rapid.T) [2]string {
			return [2]string{string(value.Draw(rt, "first")), string(value.Draw(rt, "second"))}
		}), 1, 20, rapid.ID[[2]string]).Draw(rt, "values")
		var parts []*table.Partition
		var want [][]string
		for _, v := range values {
			// As JSON keeps text, the bytes that are no UTF-8 are for keys alone.
			parts = append(parts, &table.Partition{Values: v[:]})
			want = append(want, v[:])
		}
		slices.SortFunc(want, slices.Compare[[]string])
		_, err := s.Tables.CreatePartitions(t.Context(), "d", name, parts)
		must(rt, err)
		from := rapid.IntRange(0, len(want)-1).Draw(rt, "from")
		if got := len(partValues(rt, s, "d", name, nil)); got != len(want) {
			rt.Fatalf("%d partitions, want %d", got, len(want))
		}
		if got := len(partValues(rt, s, "d", name, want[from])); got != len(want)-from-1 {
			rt.Fatalf("%d partitions behind %q, want %d", got, want[from], len(want)-from-1)
		}
	})
}

// Of updates that were all made of the same version one is carried out, as pyiceberg's commits are.
func tablesOptimistic(t *testing.T, s Stores) {
	newTable(t, s, "d", "t")
	const rounds, writers = 20, 8
	for round := range rounds {
		var won atomic.Int32
		var all sync.WaitGroup
		for range writers {
			all.Go(func() {
				_, err := s.Tables.OverwriteTable(t.Context(), "d", "t", func(tb *table.Table) error {
					if tb.Version != int64(round) {
						return feature.Errorf(feature.Conflict, "version %d", tb.Version)
					}
					return nil
				})
				switch {
				case err == nil:
					won.Add(1)
				case feature.KindOf(err) != feature.Conflict:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("round %d: %d of %d updates of one version were carried out", round, won.Load(), writers)
		}
	}
	wantVersions(t, s, &table.Table{Database: "d", Name: "t", Version: rounds})
}
