package table_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// addFeatures gives a group more features, as an update of the group does.
func (w *world) addFeatures(g *feature.Group, features ...feature.Definition) *feature.Group {
	w.t.Helper()
	return must(w.db.Groups().Update(w.t.Context(), g.Name, func(g *feature.Group) error {
		g.Definitions = append(g.Definitions, features...)
		return nil
	}))(w.t)
}

func (w *world) tableOf(g *feature.Group) *table.Table {
	w.t.Helper()
	return must(w.Table(w.t.Context(), g.Offline.Table.Database, g.Offline.Table.Table))(w.t)
}

func columnNames(t *table.Table) []string {
	var names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	return names
}

func TestExtendAddsColumnsBeforeTheTechnicalOnes(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("grows", feature.Fractional)
	first := w.tableOf(g)
	w.put(g, "1", "1")
	w.ahead.Store(int64(time.Hour))
	g = w.addFeatures(g, feature.Definition{Name: "New", Type: feature.Integral}, feature.Definition{Name: "y", Type: feature.String})
	check(t, w.Extend(t.Context(), g))
	got := w.tableOf(g)
	want := []table.Column{
		{Name: "id", Type: "string"}, {Name: "at", Type: "double"}, {Name: "n", Type: "bigint"}, {Name: "x", Type: "double"}, {Name: "s", Type: "string"},
		{Name: "new", Type: "bigint"}, {Name: "y", Type: "string"},
		{Name: "write_time", Type: "timestamp"}, {Name: "api_invocation_time", Type: "timestamp"}, {Name: "is_deleted", Type: "boolean"},
	}
	if diff := cmp.Diff(want, got.Columns); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if got.Version != first.Version+1 || got.Updated.Sub(first.Updated) < time.Hour || !got.Created.Equal(first.Created) {
		t.Errorf("version %d, updated %v, created %v after one of version %d, updated and created %v", got.Version, got.Updated, got.Created, first.Version, first.Updated)
	}
	check(t, w.Extend(t.Context(), g))
	if diff := cmp.Diff(got, w.tableOf(g)); diff != "" {
		t.Errorf("table after Extend again (-want +got):\n%s", diff)
	}

	// What was put before and what is put now are rows of one table.
	w.put(g, "2", "2", "-", "-", "-", "7", "new")
	for range 2 {
		flushed, waiting := w.rowsIn(g, got)
		rows := append(flushed, waiting...)
		if len(rows) != 2 || rows[0][5] != nil || rows[1][5] != int64(7) || rows[1][6] != "new" {
			t.Errorf("rows are %v", rows)
		}
		check(t, w.FlushNow(t.Context()))
	}
}

// rowsIn is rows in the columns of a table: a file that lacks one has nulls there.
func (w *world) rowsIn(g *feature.Group, tb *table.Table) (flushed, waiting [][]any) {
	w.t.Helper()
	flushed, waiting = w.rows(g)
	for i, row := range flushed {
		missing := len(tb.Columns) - len(row)
		flushed[i] = slices.Insert(slices.Clone(row), len(row)-3, make([]any, missing)...)
	}
	return flushed, waiting
}

func TestExtendKeepsWhatOthersMadeOfTheTable(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("shared", feature.Fractional)
	ref := g.Offline.Table
	g = w.addFeatures(g, feature.Definition{Name: "Mine", Type: feature.String}, feature.Definition{Name: "Taken", Type: feature.String})
	foreign := []table.Column{
		{Name: "at", Type: "double", Comment: "when"}, {Name: "id", Type: "string"}, {Name: "taken", Type: "int"},
		{Name: "n", Type: "int"}, {Name: "x", Type: "double"}, {Name: "s", Type: "string"},
		{Name: "write_time", Type: "timestamp"}, {Name: "extra", Type: "date"},
	}
	setColumns := func(columns []table.Column) {
		must(w.db.Tables().UpdateTable(t.Context(), ref.Database, ref.Table, func(tb *table.Table) error {
			tb.Columns, tb.Description = columns, "theirs"
			return nil
		}))(t)
	}
	setColumns(foreign)
	check(t, w.Extend(t.Context(), g))
	want := slices.Insert(slices.Clone(foreign), 6, table.Column{Name: "mine", Type: "string"})
	if got := w.tableOf(g); got.Description != "theirs" || !cmp.Equal(got.Columns, want) {
		t.Errorf("table is %+v, want columns %v", got, want)
	}
	setColumns([]table.Column{{Name: "mine", Type: "string"}, {Name: "taken", Type: "string"}})
	check(t, w.Extend(t.Context(), g))
	if got, want := columnNames(w.tableOf(g)), []string{"mine", "taken", "id", "at", "n", "x", "s"}; !slices.Equal(got, want) {
		t.Errorf("columns %q without technical ones, want %q", got, want)
	}
}

func TestExtendLeavesTablesThatAreNotLarders(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("own", feature.Fractional)
	mine := w.tableOf(g)
	more := feature.Definition{Name: "more", Type: feature.String}

	theirs := *g
	theirs.ID, theirs.Definitions = g.ID+1, append(slices.Clone(g.Definitions), more)
	check(t, w.Extend(t.Context(), &theirs)) // the name is another group's
	associated, offline := *g, *g.Offline
	offline.DisableTable = true
	associated.Offline, associated.Definitions = &offline, theirs.Definitions
	check(t, w.Extend(t.Context(), &associated))
	none := offline
	none.Table = nil
	associated.Offline = &none
	check(t, w.Extend(t.Context(), &associated))
	associated.Offline = nil
	check(t, w.Extend(t.Context(), &associated))
	if diff := cmp.Diff(mine, w.tableOf(g)); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}

	g = w.addFeatures(g, more)
	check(t, w.DeleteTable(t.Context(), g.Offline.Table.Database, g.Offline.Table.Table))
	check(t, w.Extend(t.Context(), g))
	if _, err := w.Table(t.Context(), g.Offline.Table.Database, g.Offline.Table.Table); feature.KindOf(err) != feature.NotFound {
		t.Errorf("a table that was deleted is back: %v", err)
	}
}

// Whoever comes first, every feature has its column once.
func TestExtendsRacingAddEachColumnOnce(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("race", feature.Fractional)
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			g, err := w.db.Groups().Update(t.Context(), g.Name, func(g *feature.Group) error {
				g.Definitions = append(g.Definitions, feature.Definition{Name: feature.Name(fmt.Sprint("f", i)), Type: feature.String})
				return nil
			})
			if err := errors.Join(err, w.Extend(t.Context(), g)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got := columnNames(w.tableOf(g))
	slices.Sort(got)
	if len(got) != 5+12+3 || len(slices.Compact(got)) != 5+12+3 {
		t.Errorf("columns are %q", got)
	}
}

// late is the store, but that something happens before its first snapshot.
type late struct {
	table.Offline
	once   sync.Once
	before func()
}

func (l *late) Snapshot(ctx context.Context) (table.Snapshot, error) {
	l.once.Do(l.before)
	return l.Offline.Snapshot(ctx)
}

// A feature that is added once a flush has begun is known to it if a row of its snapshot has it.
func TestFlushReadsTheGroupAfterItsRows(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("late", feature.Fractional)
	w.put(g, "1", "1")
	w.Store = table.New(w.db.Tables(), &late{Offline: w.db.Offline(), before: func() {
		g = w.addFeatures(g, feature.Definition{Name: "new", Type: feature.Integral})
		w.put(g, "2", "2", "-", "-", "-", "7")
	}}, w.buckets, table.Options{})
	check(t, w.FlushNow(t.Context()))
	check(t, w.Extend(t.Context(), g))
	flushed, waiting := w.rows(g)
	if len(flushed) != 2 || len(waiting) != 0 || flushed[0][5] != nil || flushed[1][5] != int64(7) {
		t.Errorf("flushed %v, waiting %v", flushed, waiting)
	}
}

// The same beside writers: no flush meets a feature that it does not know, and no row is lost.
func TestFlushKnowsTheFeaturesOfItsRows(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("grows", feature.Fractional)
	const n = 200
	done := make(chan struct{})
	var flushing sync.WaitGroup
	flushing.Go(func() {
		for {
			if err := w.FlushNow(t.Context()); err != nil {
				t.Errorf("FlushNow: %v", err)
				return
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	for i := range n {
		g = w.addFeatures(g, feature.Definition{Name: feature.Name(fmt.Sprint("f", i)), Type: feature.Integral})
		texts := append([]string{strconv.Itoa(i), epoch(i)}, slices.Repeat([]string{"-"}, 3+i)...)
		w.put(g, append(texts, strconv.Itoa(i))...)
	}
	close(done)
	flushing.Wait()
	check(t, w.FlushNow(t.Context()))
	check(t, w.Extend(t.Context(), g))
	flushed, waiting := w.rows(g)
	if len(flushed) != n || len(waiting) != 0 {
		t.Fatalf("%d rows flushed, %d wait, want %d and none", len(flushed), len(waiting), n)
	}
	for i, row := range flushed {
		if id := strconv.Itoa(i); row[0] != id || row[5+i] != int64(i) {
			t.Errorf("row %s is %v", id, row)
		}
	}
}
