package table_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// flushed puts n rows of one event hour in as many flushes.
func (w *world) flushed(g *feature.Group, ids ...string) {
	w.t.Helper()
	for i, id := range ids {
		w.put(g, id, epoch(i), fmt.Sprint(i), "0.5", "x")
		check(w.t, w.FlushNow(w.t.Context()))
	}
}

func (w *world) delete(key string) {
	w.t.Helper()
	check(w.t, w.buckets.Delete(w.t.Context(), theBucket, []string{key}, nil))
}

// pass lets a time pass on the clock that flushes and merges go by.
func (w *world) pass(d time.Duration) { w.ahead.Add(int64(d)) }

func TestFullTierBecomesOneFile(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("tier", feature.Fractional)
	w.flushed(g, "d", "c", "b", "a", "h", "g", "f")
	check(t, w.CompactDue(t.Context()))
	if n := len(w.keys(g)); n != 7 {
		t.Errorf("%d files before the tier is full", n)
	}
	w.flushed(g, "e")
	before, _ := w.rows(g)
	check(t, w.CompactDue(t.Context()))
	keys := w.keys(g)
	if len(keys) != 1 || !regexp.MustCompile(`^year=2023/month=11/day=14/hour=22/20231114T221326Z_[0-9A-Za-z]{16}\.parquet$`).MatchString(keys[0]) {
		t.Fatalf("keys are %q", keys)
	}
	after, _ := w.rows(g)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("rows (-before +after):\n%s", diff)
	}
	o := w.objects(g)[0]
	var order []string
	for _, row := range w.fileRows(o) {
		order = append(order, row[0].(string))
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "d", "e", "f", "g", "h"}, order); diff != "" {
		t.Errorf("identifiers in the file (-want +got):\n%s", diff)
	}
	write := func(i int) int64 { return after[i][len(after[i])-3].(time.Time).UnixMicro() }
	want := &bucket.Rows{Count: 8, FirstEventTime: time.Unix(1_700_000_000, 0).UTC(), LastEventTime: time.Unix(1_700_000_006, 0).UTC(), FirstPosition: write(0), LastPosition: write(7)}
	if diff := cmp.Diff(want, o.Rows); diff != "" {
		t.Errorf("Rows (-want +got):\n%s", diff)
	}
	if n := w.Stats(); n.FilesMerged != 8 || n.FilesCompacted != 1 || n.RowsCompacted != 8 || n.BytesCompacted != o.Size || n.FilesFlushed != 8 || n.RowsFlushed != 8 {
		t.Errorf("Stats are %+v", n)
	}
	if n := w.Visits(); n != 0 {
		t.Errorf("%d hours are to be looked at again", n)
	}
}

func TestColdHourBecomesOneFile(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("cold", feature.String)
	for i, id := range numbers(12) {
		w.put(g, id, []string{"2024-02-29T23:59:59.999Z", "2024-02-29T23:00:00+00:00", "2024-03-01T00:30:00Z"}[i%3])
		check(t, w.FlushNow(t.Context()))
	}
	before, _ := w.rows(g)
	check(t, w.CompactDue(t.Context()))
	w.pass(11 * time.Minute)
	check(t, w.CompactDue(t.Context()))
	if keys := w.keys(g); len(keys) != 2 {
		t.Errorf("keys are %q", keys)
	}
	after, _ := w.rows(g)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("rows (-before +after):\n%s", diff)
	}
}

// After a restart nothing remembers which hours have files to merge.
func TestCompactionFindsWhatItWasNotToldOf(t *testing.T) {
	w := newWorld(t, table.Options{Compaction: table.Compaction{Off: true}})
	g, gone := w.group("old", feature.Fractional), w.group("gone", feature.Fractional)
	for _, g := range []*feature.Group{g, gone} {
		w.flushed(g, numbers(9)...)
	}
	w.pass(time.Hour)
	check(t, w.db.Groups().Delete(t.Context(), gone.Name))
	if n := w.Visits(); n != 0 {
		t.Errorf("%d hours are known with compaction off", n)
	}
	w.Store = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{Groups: w.db.Groups().List, Now: func() time.Time { return time.Now().Add(time.Hour) }})
	check(t, w.CompactDue(t.Context()))
	if n, m := len(w.keys(g)), len(w.keys(gone)); n != 1 || m != 9 {
		t.Errorf("%d files; of a deleted group %d", n, m)
	}
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("mixed", feature.Fractional)
	w.flushed(g, numbers(8)...)
	o := w.objects(g)[0]
	name, _ := g.Offline.Location()
	folder := o.Key[:strings.LastIndex(o.Key, "/")+1]
	// A copy of one of ours is the copier's: it has no Rows.
	copied := bucket.ObjectRef{Bucket: name, Key: folder + "20231114T221320Z_0123456789abcdef.parquet"}
	body := w.bytes(o)
	must(w.buckets.Put(t.Context(), copied, bytes.NewReader(body), bucket.Content{}, nil))(t)
	w.upload(folder+"foreign.parquet", "no Parquet")
	check(t, w.CompactDue(t.Context()))
	w.pass(48 * time.Hour)
	check(t, w.CompactNow(t.Context()))
	var foreign, ours int
	for _, o := range w.objects(g) {
		if o.Rows == nil {
			foreign++
		} else {
			ours++
		}
	}
	if foreign != 2 || ours != 1 {
		t.Errorf("%d foreign files, %d of ours", foreign, ours)
	}
}

// A file from before a feature was added has null for it, after a merge as before.
func TestMergeOfFilesWithFewerColumns(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("wider", feature.Fractional)
	w.flushed(g, "a", "b", "c", "d")
	g = w.addFeatures(g, feature.Definition{Name: "late", Type: feature.Integral})
	check(t, w.Extend(t.Context(), g))
	for i, id := range []string{"e", "f", "g", "h"} {
		w.put(g, id, epoch(i), "1", "2", "y", "77")
		check(t, w.FlushNow(t.Context()))
	}
	check(t, w.CompactDue(t.Context()))
	objects := w.objects(g)
	if len(objects) != 1 {
		t.Fatalf("%d files", len(objects))
	}
	var late []any
	for _, row := range w.fileRows(objects[0]) {
		late = append(late, row[5])
	}
	if diff := cmp.Diff([]any{nil, nil, nil, nil, int64(77), int64(77), int64(77), int64(77)}, late); diff != "" {
		t.Errorf("the column that came later (-want +got):\n%s", diff)
	}
}

// What a client does to a file while it is merged wins: the merge is given up, and nothing is lost,
// doubled or brought back.
func TestForeignWriterWinsAgainstAMerge(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(w *world, o *bucket.Object)
		rows []string // that are left
	}{
		{"delete", func(w *world, o *bucket.Object) {
			w.delete(o.Key)
		}, numbers(9)[1:]},
		{"replace", func(w *world, o *bucket.Object) {
			other := w.objects(w.theGroup)[8] // by another of our files, which is the client's then
			body := w.bytes(other)
			must(w.buckets.Put(w.t.Context(), bucket.ObjectRef{Bucket: o.Bucket, Key: o.Key}, bytes.NewReader(body), bucket.Content{}, nil))(w.t)
		}, append(numbers(9)[1:], numbers(9)[8])},
		{"the same bytes again", func(w *world, o *bucket.Object) {
			body := w.bytes(o)
			must(w.buckets.Put(w.t.Context(), bucket.ObjectRef{Bucket: o.Bucket, Key: o.Key}, bytes.NewReader(body), bucket.Content{}, nil))(w.t)
		}, numbers(9)},
	} {
		t.Run(c.name, func(t *testing.T) {
			var during func()
			w := newWorld(t, table.Options{Gently: func(work func()) {
				work()
				if during != nil {
					during()
					during = nil
				}
			}})
			g := w.group("contested", feature.Fractional)
			w.theGroup = g
			w.flushed(g, numbers(9)...)
			first := w.objects(g)[0]
			during = func() { c.do(w, first) }
			check(t, w.CompactDue(t.Context()))
			if n := w.Stats(); n.Conflicts != 1 || n.FilesCompacted != 0 {
				t.Errorf("Stats are %+v", n)
			}
			if n := len(w.blobs()); n > 10 {
				t.Errorf("%d blobs: what was staged is still there", n)
			}
			flushed, _ := w.rows(g)
			if diff := cmp.Diff(sorted(c.rows), ids(flushed)); diff != "" {
				t.Errorf("identifiers (-want +got):\n%s", diff)
			}
			w.pass(time.Hour)
			check(t, w.CompactDue(t.Context()))
			flushed, _ = w.rows(g)
			if diff := cmp.Diff(sorted(c.rows), ids(flushed)); diff != "" {
				t.Errorf("identifiers after the next merge (-want +got):\n%s", diff)
			}
			if n := w.Stats(); n.FilesCompacted != 1 {
				t.Errorf("Stats after the next merge are %+v", n)
			}
		})
	}
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

// blobs returns the names of all blobs.
func (w *world) blobs() []string {
	w.t.Helper()
	var all []string
	var walk func(dir string)
	walk = func(dir string) {
		for _, name := range must(w.fs.List(dir))(w.t) {
			path := w.fs.PathJoin(dir, name)
			if must(w.fs.Stat(path))(w.t).IsDir() {
				walk(path)
			} else {
				all = append(all, path)
			}
		}
	}
	walk("data/blobs")
	return all
}

// A damaged file is never written anew as if it were whole: the hour stays as it is and is tried again.
func TestDamagedFileStopsTheMergeOfItsHour(t *testing.T) {
	var log lines
	w := newWorld(t, table.Options{Log: logTo(&log)})
	g, other := w.group("damaged", feature.Fractional), w.group("whole", feature.Fractional)
	w.flushed(g, numbers(8)...)
	w.flushed(other, numbers(8)...)
	o := w.objects(g)[3]
	data := w.bytes(o)
	data[20] ^= 1
	path := w.buckets.Paths(o)[0]
	f := must(w.fs.Create(path, "blob"))(t)
	must(f.Write(data))(t)
	check(t, f.Close())
	if err := w.CompactDue(t.Context()); err == nil {
		t.Error("no error")
	}
	check(t, w.CompactDue(t.Context())) // not due yet
	if n, m := len(w.keys(g)), len(w.keys(other)); n != 8 || m != 1 {
		t.Errorf("%d files of the damaged hour, %d of the other", n, m)
	}
	if n := log.count("could not be merged"); n != 1 {
		t.Errorf("it was logged %d times: %s", n, log.text())
	}
	w.pass(2 * time.Minute)
	if err := w.CompactDue(t.Context()); err == nil {
		t.Error("it was not tried again")
	}
}

func TestCompactionEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := newWorld(t, table.Options{Gently: func(work func()) {
		cancel()
		work()
	}})
	g := w.group("g", feature.Fractional)
	w.flushed(g, numbers(8)...)
	if err := w.CompactDue(ctx); err == nil {
		t.Error("no error")
	}
	if n := len(w.keys(g)); n != 8 || w.Visits() > 1 {
		t.Errorf("%d files, %d hours to look at", n, w.Visits())
	}
}

// listed returns the identifiers that somebody finds who lists the folder and reads every file.
func (w *world) listed(g *feature.Group) []string {
	w.t.Helper()
	var rows [][]any
	for _, o := range w.objects(g) {
		if strings.HasSuffix(o.Key, ".parquet") {
			rows = append(rows, w.fileRows(o)...)
		}
	}
	return ids(rows)
}

// Each view and each listing has every row once, while rows come, flushes and merges go, and
// clients copy and delete files.
func TestViewsAndFoldersAreWholeWhileFilesAreMerged(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	w := newWorld(t, table.Options{FlushBytes: 3_000, Compaction: table.Compaction{Fanout: 3, Cold: time.Nanosecond}})
	g := w.group("busy", feature.Fractional)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var others sync.WaitGroup
	work := func(name string, f func(context.Context) error) {
		others.Go(func() {
			for ctx.Err() == nil {
				if err := f(ctx); err != nil && ctx.Err() == nil {
					t.Errorf("%s: %v", name, err)
					return
				}
			}
		})
	}
	work("FlushNow", w.FlushNow)
	work("CompactNow", w.CompactNow)
	const n = 400
	var mu sync.Mutex
	acknowledged := 0
	others.Go(func() {
		for i, id := range numbers(n) {
			if err := w.tryPut(ctx, g, id, epoch(i%3*3600+i)); err != nil {
				t.Errorf("put: %v", err)
				return
			}
			mu.Lock()
			acknowledged = i + 1
			mu.Unlock()
		}
	})
	for seen := 0; seen < n && !t.Failed(); {
		mu.Lock()
		least := acknowledged
		mu.Unlock()
		flushed, waiting := w.viewed(g)
		got := ids(flushed, waiting)
		seen = len(got)
		if seen < least {
			t.Errorf("%d rows, %d were acknowledged", seen, least)
		}
		if diff := cmp.Diff(numbers(seen), got); diff != "" {
			t.Errorf("identifiers (-want +got):\n%s", diff)
		}
	}
	cancel()
	others.Wait()
	check(t, w.FlushNow(t.Context()))
	check(t, w.CompactNow(t.Context()))
	if diff := cmp.Diff(numbers(n), w.listed(g)); diff != "" {
		t.Errorf("identifiers in the folder (-want +got):\n%s", diff)
	}
	if w.Stats().FilesCompacted == 0 {
		t.Error("nothing was merged: the test misses the point")
	}
}

// viewed is rows, by the files of the view itself: the listing may be newer.
func (w *world) viewed(g *feature.Group) (flushed, waiting [][]any) {
	w.t.Helper()
	v, snap := w.view(g)
	for _, f := range v.Files {
		flushed = append(flushed, w.parquetRows(w.content(f))...)
	}
	if v.Rows != nil {
		for row, err := range v.Rows {
			check(w.t, err)
			waiting = append(waiting, slices.Clone(row))
		}
	}
	check(w.t, v.Close())
	check(w.t, snap.Close())
	return flushed, waiting
}
