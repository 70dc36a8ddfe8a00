package table_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// hours puts a row into each of some event hours, from one on, and flushes them: a file for each.
func (w *world) hours(g *feature.Group, first, n int) {
	w.t.Helper()
	for i := first; i < first+n; i++ {
		w.put(g, fmt.Sprintf("%06d", n-i%n), epoch(i*3600), fmt.Sprint(i), "0.5", "x")
	}
	check(w.t, w.FlushNow(w.t.Context()))
}

// runs returns the folders of the runs that a view of g's table reads, and how many other files it does. Where there
// are runs, a reader of the group's data reads the same.
func (w *world) runs(g *feature.Group) (folders []string, files int) {
	w.t.Helper()
	v, snap := w.view(g)
	var read, joined []string
	for f, err := range table.GroupData(snap, g) {
		check(w.t, err)
		joined = append(joined, w.buckets.Paths(f.Object)...)
	}
	for _, f := range v.Files {
		read = append(read, f.Path)
		if folder, ok := strings.CutSuffix(strings.TrimPrefix(f.URI, g.Offline.Resolved+"/"), "/"); ok {
			folders = append(folders, folder)
		} else {
			files++
		}
	}
	if diff := cmp.Diff(read, joined); diff != "" && len(folders) > 0 {
		w.t.Errorf("the view reads other files than GroupData gives (-view +data):\n%s", diff)
	}
	check(w.t, v.Close())
	check(w.t, snap.Close())
	return folders, files
}

// held returns the folders of the runs that there are.
func (w *world) held(g *feature.Group) []string {
	w.t.Helper()
	snap := must(w.db.Offline().Snapshot(w.t.Context()))(w.t)
	var folders []string
	for r, err := range snap.Runs(g.ID) {
		check(w.t, err)
		folders = append(folders, strings.TrimSuffix(r.Folder, "/"))
	}
	check(w.t, snap.Close())
	return folders
}

// wantRuns looks which runs a view reads, beside how many files.
func (w *world) wantRuns(g *feature.Group, files int, folders ...string) {
	w.t.Helper()
	got, n := w.runs(g)
	if diff := cmp.Diff(folders, got); diff != "" || n != files {
		w.t.Errorf("%d files are read, want %d, beside the runs (-want +got):\n%s", n, files, diff)
	}
}

// withRun is a world whose group has a run of 24 hours of November and one of 24 of December.
func withRun(t *testing.T, o table.Options) (*world, *feature.Group) {
	t.Helper()
	var w *world
	o.Groups = func(ctx context.Context) iter.Seq2[*feature.Group, error] { return w.db.Groups().List(ctx) }
	w = newWorld(t, o)
	g := w.group("long", feature.Fractional)
	w.hours(g, 0, 24)
	w.hours(g, decemberHour, 24)
	w.pass(61 * time.Minute)
	check(t, w.CompactDue(t.Context()))
	w.wantRuns(g, 0, november, december)
	return w, g
}

const (
	november, december = "year=2023/month=11", "year=2023/month=12"
	decemberHour       = 17 * 24 // after the first
)

func TestQuietMonthIsReadFromOneFile(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("quiet", feature.Fractional)
	w.hours(g, 0, 24)
	w.remove(g, "000003", epoch(7200)) // a marker is a row too
	w.hours(g, decemberHour, 7)        // too few to pay
	before, _ := w.rows(g)
	keys := w.keys(g)
	check(t, w.CompactDue(t.Context()))
	w.wantRuns(g, 32)
	w.pass(61 * time.Minute)
	check(t, w.CompactDue(t.Context()))
	w.pass(61 * time.Minute) // that hour had two files, which were merged first
	check(t, w.CompactDue(t.Context()))
	w.wantRuns(g, 7, november)
	after, _ := w.rows(g)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("rows (-before +after):\n%s", diff)
	}
	if len(w.keys(g)) != len(keys)-1 {
		t.Errorf("the folder has %q, had %q", w.keys(g), keys)
	}
	n := w.Stats()
	if n.RunsMade != 1 || n.RowsOfRuns != 25 || n.BytesOfRuns == 0 || n.RunsDropped != 0 {
		t.Errorf("Stats are %+v", n)
	}
	for _, u := range must(w.Usage(t.Context()))(t) {
		if u.Runs != 1 || u.RunBytes != n.BytesOfRuns || u.Files != 31 || u.Rows != 32 {
			t.Errorf("usage is %+v", u)
		}
	}
	// It is sorted by identifier, then event time, then write time.
	v, snap := w.view(g)
	var order []string
	for _, row := range w.parquetRows(w.content(v.Files[0])) {
		order = append(order, fmt.Sprint(row[0], row[1], row[len(row)-1]))
	}
	if !slices.IsSorted(order) || v.Files[0].Rows != 25 {
		t.Errorf("the run of %d rows has the order %q", v.Files[0].Rows, order)
	}
	check(t, v.Close())
	check(t, snap.Close())
	// Nothing is made again while nothing changes.
	w.pass(48 * time.Hour)
	check(t, w.CompactNow(t.Context()))
	if n := w.Stats(); n.RunsMade != 1 {
		t.Errorf("Stats are %+v", n)
	}
}

// What comes, goes or is merged puts a run out of use from its commit on, unless it can be read beside it.
func TestRunIsUsedForTheFilesThatItHasTheRowsOf(t *testing.T) {
	first := func(w *world, g *feature.Group) *bucket.Object { return w.objects(g)[0] }
	put := func(w *world, key string, body []byte) {
		must(w.buckets.Put(w.t.Context(), bucket.ObjectRef{Bucket: theBucket, Key: key}, bytes.NewReader(body), bucket.Content{}, nil))(w.t)
	}
	for _, c := range []struct {
		name   string
		change func(w *world, g *feature.Group)
		files  int // that are read beside the runs
		runs   []string
		// elsewhere says that the table has other files than the group writes.
		elsewhere bool
	}{
		{"nothing", func(*world, *feature.Group) {}, 0, []string{november, december}, false},
		{"late rows", func(w *world, g *feature.Group) { w.hours(g, 3, 5) }, 5, []string{november, december}, false},
		{"rows that wait", func(w *world, g *feature.Group) { w.put(g, "x", epoch(0)) }, 0, []string{november, december}, false},
		{"a month more", func(w *world, g *feature.Group) { w.hours(g, 60*24, 5) }, 5, []string{november, december}, false},
		{"a merge of late rows with others", func(w *world, g *feature.Group) {
			w.hours(g, 3, 1)
			w.pass(25 * time.Hour)
			check(w.t, w.CompactDue(w.t.Context()))
		}, 24, []string{december}, false},
		{"a client's delete", func(w *world, g *feature.Group) { w.delete(first(w, g).Key) }, 23, []string{december}, false},
		{"a client's other bytes", func(w *world, g *feature.Group) { put(w, first(w, g).Key, w.bytes(w.objects(g)[1])) }, 24, []string{december}, false},
		{"a client's same bytes", func(w *world, g *feature.Group) { put(w, first(w, g).Key, w.bytes(first(w, g))) }, 24, []string{december}, false},
		{"a client's empty file", func(w *world, g *feature.Group) { put(w, first(w, g).Key, nil) }, 23, []string{december}, false},
		{"a client's file", func(w *world, g *feature.Group) {
			put(w, strings.Replace(first(w, g).Key, ".parquet", "_copy.parquet", 1), w.bytes(first(w, g)))
		}, 1, []string{november, december}, false},
		{"a client's hidden file", func(w *world, g *feature.Group) {
			put(w, folderOf(first(w, g).Key)+"_hidden.parquet", w.bytes(first(w, g)))
		}, 0, []string{november, december}, false},
		{"an import with older write times", func(w *world, g *feature.Group) { w.imported(g, 1, "loaded") }, 25, []string{december}, false},
		{"as many files, one of them another", func(w *world, g *feature.Group) {
			w.delete(first(w, g).Key)
			w.imported(g, 1, "loaded")
		}, 24, []string{december}, false},
		{"an import with newer write times", func(w *world, g *feature.Group) {
			w.imported(g, w.db.Imports().Reserve(1), "loaded")
		}, 1, []string{november, december}, false},
		{"a new feature", func(w *world, g *feature.Group) {
			check(w.t, w.Extend(w.t.Context(), w.addFeatures(g, feature.Definition{Name: "new", Type: feature.Integral})))
		}, 0, []string{november, december}, false},
		{"another location", func(w *world, g *feature.Group) {
			w.change(g, func(t *table.Table) { t.Location += "/year=2023" })
		}, 48, nil, true},
		{"the location with a slash", func(w *world, g *feature.Group) {
			w.change(g, func(t *table.Table) { t.Location += "/" })
		}, 0, []string{november, december}, false},
		{"partition keys", func(w *world, g *feature.Group) {
			w.change(g, func(t *table.Table) { t.PartitionKeys = []table.Column{{Name: "year", Type: "string"}} })
		}, 0, nil, true},
		{"another group's table", func(w *world, g *feature.Group) {
			w.change(g, func(t *table.Table) { t.Group = 0 })
		}, 48, nil, false},
		{"the end of the group", func(w *world, g *feature.Group) { check(w.t, w.db.Groups().Delete(w.t.Context(), g.Name)) }, 48, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, g := withRun(t, table.Options{})
			before, beforeSnap := w.view(g)
			c.change(w, g)
			w.wantRuns(g, c.files, c.runs...)
			// A view from before reads what it read then.
			old := 0
			for _, f := range before.Files {
				old += len(w.parquetRows(w.content(f)))
			}
			if old != 48 {
				t.Errorf("a view from before has %d rows", old)
			}
			check(t, before.Close())
			check(t, beforeSnap.Close())
			flushed, _ := w.viewed(g)
			if diff := cmp.Diff(w.groupLines(g), linesOf(flushed)); diff != "" && !c.elsewhere {
				t.Errorf("rows of the files of the hours, and with runs (-files +runs):\n%s", diff)
			}
			// What stands for nothing is dropped before long, and made again when it is quiet.
			check(t, w.CompactNow(t.Context()))
			if diff := cmp.Diff(c.runs, w.held(g)); diff != "" {
				t.Errorf("runs that are kept (-want +got):\n%s", diff)
			}
		})
	}
}

func folderOf(key string) string { return key[:strings.LastIndexByte(key, '/')+1] }

// change is what a client does to the table of a group.
func (w *world) change(g *feature.Group, change func(*table.Table)) {
	w.t.Helper()
	must(w.db.Tables().UpdateTable(w.t.Context(), g.Offline.Table.Database, g.Offline.Table.Table, func(t *table.Table) error {
		change(t)
		return nil
	}))(w.t)
}

// linesOf are rows as texts, whatever features without a value their files have columns for.
func linesOf(rows [][]any) []string {
	lines := []string{}
	for _, row := range rows {
		n := len(row) - 3
		line := fmt.Sprint(row[:5], row[n:])
		for i, v := range row[5:n] {
			if v != nil {
				line += fmt.Sprintf(" %d:%v", i, v)
			}
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// groupLines are the rows in the files of the hours, which are all that others see.
func (w *world) groupLines(g *feature.Group) []string {
	w.t.Helper()
	snap := must(w.db.Offline().Snapshot(w.t.Context()))(w.t)
	v := must(w.GroupView(w.t.Context(), snap, g))(w.t)
	var rows [][]any
	for _, f := range v.Files {
		rows = append(rows, w.parquetRows(w.content(f))...)
	}
	check(w.t, v.Close())
	check(w.t, snap.Close())
	return linesOf(rows)
}

// imported commits a file of one row as an import does, with a write time of its own.
func (w *world) imported(g *feature.Group, at feature.Position, id string) {
	w.t.Helper()
	event := time.Unix(1_700_000_000, 0).UTC()
	rows := bucket.Rows{Count: 1, FirstEventTime: event, LastEventTime: event, FirstPosition: int64(at), LastPosition: int64(at)}
	o := must(w.StageRows(w.t.Context(), g, rows, nil, func(out *parquet.Writer) error {
		row := out.BeginRow()
		row.Text([]byte(id))
		row.Float64(1_700_000_000)
		for range len(g.Definitions) - 2 {
			row.Null()
		}
		return table.EndRow(&row, at, event.UnixMicro())
	}))(w.t)
	check(w.t, w.db.Objects().Commit(w.t.Context(), bucket.Change{Put: []*bucket.Object{o}}))
}

func TestLargeMonthHasRunsOfDays(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("large", feature.Fractional)
	w.hours(g, 0, 50) // two hours of the 14th, the 15th, the 16th
	one := w.objects(g)[0].Size
	before, _ := w.rows(g)
	restart := func(most int64) {
		w.Store = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{
			Runs: table.Runs{Most: most}, Groups: w.db.Groups().List, Now: func() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) },
		})
	}
	restart(60 * one)
	w.pass(61 * time.Minute)
	check(t, w.CompactDue(t.Context()))
	w.wantRuns(g, 0, november)

	// A few files more do not matter; eight do, and then each day is by itself. Two files are too few.
	restart(40 * one)
	w.hours(g, 50, 7)
	w.pass(61 * time.Minute)
	check(t, w.CompactDue(t.Context()))
	w.wantRuns(g, 7, november)
	w.hours(g, 57, 1)
	w.pass(25 * time.Hour)
	check(t, w.CompactDue(t.Context()))
	w.wantRuns(g, 2, november+"/day=15", november+"/day=16", november+"/day=17")
	flushed, _ := w.rows(g)
	if len(flushed) != 58 {
		t.Errorf("%d rows", len(flushed))
	}
	// And back, when files are few enough.
	restart(70 * one)
	w.hours(g, 100, 8)
	w.pass(25 * time.Hour)
	check(t, w.CompactDue(t.Context()))
	w.wantRuns(g, 0, november)
	after, _ := w.rows(g)
	if len(after) != 66 || !slices.ContainsFunc(linesOf(after), func(line string) bool { return line == linesOf(before)[0] }) {
		t.Errorf("%d rows", len(after))
	}
	w.wantBlobs(g)
}

// wantBlobs looks that no bytes are kept but those of what is there, once all that was left is swept.
func (w *world) wantBlobs(g *feature.Group) {
	w.t.Helper()
	w.pass(4 * time.Hour)
	for range 2 {
		check(w.t, w.buckets.SweepNow(w.t.Context()))
		w.pass(4 * time.Hour)
	}
	want := len(w.held(g))
	for _, o := range w.objects(g) {
		want += len(o.Blobs)
	}
	if n := len(w.blobs()); n != want {
		w.t.Errorf("%d blobs, want %d", n, want)
	}
}

// A month of a thousand files is merged in parts: no merge has them all in memory, or open.
func TestRunOfManyFiles(t *testing.T) {
	w := newWorld(t, table.Options{FlushBytes: 20_000})
	g := w.group("many", feature.Fractional)
	w.hours(g, 0, 300)
	before, _ := w.rows(g)
	w.pass(61 * time.Minute)
	check(t, w.CompactDue(t.Context()))
	w.wantRuns(g, 0, november)
	after, _ := w.rows(g)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("rows (-before +after):\n%s", diff)
	}
}

// A damaged file is never taken into a run: queries go on reading the files, and find what is wrong.
func TestDamagedFileStopsTheRunOfItsMonth(t *testing.T) {
	var log lines
	w := newWorld(t, table.Options{Log: logTo(&log)})
	g := w.group("damaged", feature.Fractional)
	w.hours(g, 0, 9)
	w.hours(g, decemberHour, 9)
	o := w.objects(g)[3]
	data := w.bytes(o)
	data[20] ^= 1
	f := must(w.fs.Create(w.buckets.Paths(o)[0], "blob"))(t)
	must(f.Write(data))(t)
	check(t, f.Close())
	w.pass(61 * time.Minute)
	check(t, w.CompactDue(t.Context()))
	w.wantRuns(g, 9, december)
	check(t, w.CompactDue(t.Context())) // not due yet
	if n := log.count("could not be made"); n != 1 {
		t.Errorf("it was logged %d times: %s", n, log.text())
	}
	w.pass(2 * time.Minute)
	check(t, w.CompactDue(t.Context()))
	if n := log.count("could not be made"); n != 2 {
		t.Errorf("it was logged %d times: %s", n, log.text())
	}
	w.wantBlobs(g)
}

// What happens while a run is made puts it out of use before it is used, or is read beside it.
func TestRunThatIsLateIsNotUsed(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(w *world, g *feature.Group)
		files  int
		runs   []string
	}{
		{"a delete", func(w *world, g *feature.Group) { w.delete(w.objects(g)[0].Key) }, 8, nil},
		{"a flush", func(w *world, g *feature.Group) { w.hours(g, 0, 1) }, 1, []string{november}},
		{"an import with older write times", func(w *world, g *feature.Group) { w.imported(g, 1, "loaded") }, 10, nil},
		{"the end of the group", func(w *world, g *feature.Group) { check(w.t, w.db.Groups().Delete(w.t.Context(), g.Name)) }, 9, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var during func()
			w := newWorld(t, table.Options{Gently: func(work func()) {
				work()
				during()
			}})
			g := w.group("late", feature.Fractional)
			w.hours(g, 0, 9)
			w.pass(61 * time.Minute)
			during = func() { c.change(w, g) }
			check(t, w.CompactDue(t.Context()))
			w.wantRuns(g, c.files, c.runs...)
			flushed, _ := w.viewed(g)
			if diff := cmp.Diff(w.groupLines(g), linesOf(flushed)); diff != "" {
				t.Errorf("rows of the files of the hours, and with runs (-files +runs):\n%s", diff)
			}
			during = func() {}
			check(t, w.CompactNow(t.Context()))
		})
	}
}

// Late rows that trickle in do not have a month written again and again.
func TestRunsAreWrittenSeldom(t *testing.T) {
	w, g := withRun(t, table.Options{})
	start := w.Stats()
	for day := range 4 {
		for i := range 12 {
			w.hours(g, 24+day*12+i, 1)
			w.pass(2 * time.Hour)
			check(t, w.CompactDue(t.Context()))
		}
	}
	n := w.Stats()
	if made := n.RunsMade - start.RunsMade; made < 2 || made > 7 {
		t.Errorf("%d runs were made of 48 late files in 4 days", made)
	}
	flushed, _ := w.rows(g)
	if len(flushed) != 96 {
		t.Errorf("%d rows", len(flushed))
	}
}
