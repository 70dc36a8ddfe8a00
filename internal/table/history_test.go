package table_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

var (
	histories   = flag.Int("histories", 3, "how many random histories there are")
	historySeed = flag.Uint64("seed", 0, "of the histories; 0: drawn")
)

// Random puts, flushes, merges, runs, imports, new features, restarts, and what clients do to files, in
// random order, also while files are merged: after each the view has the rows of a model, once, and
// they are those that somebody finds who lists the folder.
func TestRowsAreTheModelsWhateverHappens(t *testing.T) {
	if *historySeed == 0 {
		*historySeed = rand.Uint64()
	}
	t.Logf("go test ./internal/table -run %s -args -seed %d -histories %d", t.Name(), *historySeed, *histories)
	rng := rand.New(rand.NewPCG(*historySeed, 0))
	var merged, made, used int64
	for round := range *histories {
		h := newHistory(t, rng, round)
		for step := range 60 {
			name := h.step()
			if h.agree(); t.Failed() {
				t.Fatalf("round %d, step %d: %s", round, step, name)
			}
			folders, _ := h.runs(h.g)
			used += int64(len(folders))
		}
		h.count()
		merged, made = merged+h.merged, made+h.made
	}
	t.Logf("%d merges; %d runs were made, and read %d times", merged, made, used)
	if merged < 3 || made < 3 || used < 10 {
		t.Error("the test misses the point")
	}
}

// A history is a world with one group, and a model of its rows.
type history struct {
	*world
	rng     *rand.Rand
	g       *feature.Group
	options table.Options
	during  func() // once, when files were merged and nothing is committed yet

	wait, ours []string            // identifiers of rows in the journal, and in files of ours
	files      map[string][]string // those in files of others, by key
	n          int                 // identifiers so far

	merged, made int64 // by stores that were closed
}

func newHistory(t *testing.T, rng *rand.Rand, round int) *history {
	h := &history{rng: rng, files: map[string][]string{}}
	h.options = table.Options{
		Compaction: table.Compaction{Fanout: 2 + rng.IntN(4), Target: []int64{1 << 20, 20_000, 3000}[round%3], Cold: time.Hour, Frozen: 5 * time.Hour},
		Runs: table.Runs{
			Quiet: time.Duration(1+rng.IntN(60)) * time.Minute, Files: 1 + rng.IntN(4), Most: []int64{8_000, 30_000, 1 << 20}[rng.IntN(3)],
			Rest: time.Duration(1+rng.IntN(120)) * time.Minute, Slow: 2 * time.Hour,
		},
		Groups: func(ctx context.Context) iter.Seq2[*feature.Group, error] { return h.db.Groups().List(ctx) },
		Gently: func(work func()) {
			work()
			if during := h.during; during != nil {
				h.during = nil
				during()
			}
		},
	}
	h.world = newWorld(t, h.options)
	h.g = h.group("model", feature.Fractional)
	return h
}

// step does one thing, and says what.
func (h *history) step() string {
	t := h.t
	switch h.rng.IntN(15) {
	case 0, 1, 2, 3:
		h.puts()
		return "puts"
	case 4, 5, 6:
		h.flush()
		return "a flush"
	case 7, 8:
		check(t, h.CompactDue(t.Context()))
		return "compaction"
	case 9:
		h.pass(time.Duration(h.rng.IntN(200)) * time.Minute)
		check(t, h.CompactNow(t.Context()))
		return "time, and compaction of everything"
	case 10:
		return h.foreign()
	case 11:
		what := ""
		h.during = func() {
			if h.rng.IntN(2) == 0 {
				what = h.foreign()
			} else {
				what = "a flush"
				h.flush()
			}
		}
		h.pass(time.Hour)
		check(t, h.CompactNow(t.Context()))
		h.during = nil
		return "compaction, and beside it " + what
	case 12:
		at := h.db.Imports().Reserve(1)
		if h.rng.IntN(2) == 0 {
			at = feature.Position(time.Now().Add(-time.Duration(h.rng.IntN(1000)) * time.Millisecond).UnixMicro())
		}
		h.imported(h.g, at, h.next())
		h.ours = append(h.ours, fmt.Sprintf("%06d", h.n-1))
		return "an import"
	case 13:
		if n := len(h.g.Definitions); n < 9 {
			h.g = h.addFeatures(h.g, feature.Definition{Name: feature.Name(fmt.Sprint("f", n)), Type: feature.Integral})
			check(t, h.Extend(t.Context(), h.g))
		}
		return "a new feature"
	}
	h.count()
	o := h.options
	o.Now = func() time.Time { return time.Now().Add(time.Duration(h.ahead.Load())) }
	h.Store = table.New(h.db.Tables(), h.db.Offline(), h.buckets, o)
	return "a restart"
}

// count remembers what the store has done, before it is another.
func (h *history) count() {
	n := h.Stats()
	h.merged, h.made = h.merged+n.FilesCompacted, h.made+n.RunsMade
}

func (h *history) next() string {
	h.n++
	return fmt.Sprintf("%06d", h.n-1)
}

// puts puts rows into a few hours of a few days of two months.
func (h *history) puts() {
	for range 1 + h.rng.IntN(20) {
		id := h.next()
		hour := h.rng.IntN(2)*decemberHour + h.rng.IntN(2)*24 + h.rng.IntN(3)
		texts := []string{id, epoch(hour*3600 + h.rng.IntN(1000)), "1", "2", strings.Repeat("s", h.rng.IntN(40))}
		for range len(h.g.Definitions) - len(texts) {
			texts = append(texts, []string{"-", "7"}[h.rng.IntN(2)])
		}
		h.put(h.g, texts...)
		h.wait = append(h.wait, id)
	}
}

func (h *history) flush() {
	check(h.t, h.FlushNow(h.t.Context()))
	h.ours, h.wait = append(h.ours, h.wait...), nil
}

// foreign is what a client does to a file.
func (h *history) foreign() string {
	objects := slices.DeleteFunc(h.objects(h.g), func(o *bucket.Object) bool { return !strings.HasSuffix(o.Key, ".parquet") })
	if len(objects) == 0 {
		return "nothing"
	}
	o := objects[h.rng.IntN(len(objects))]
	inside, body := ids(h.fileRows(o)), h.bytes(o)
	put := func(key string, body []byte, inside []string) {
		must(h.buckets.Put(h.t.Context(), bucket.ObjectRef{Bucket: theBucket, Key: key}, bytes.NewReader(body), bucket.Content{}, nil))(h.t)
		h.files[key] = inside
	}
	switch h.rng.IntN(5) {
	case 0:
		h.delete(o.Key)
		h.leave(o, inside)
		return "a client's delete"
	case 1:
		put(fmt.Sprintf("%s%d.parquet", folderOf(o.Key), h.rng.Uint64()), body, inside)
		return "a client's copy"
	case 2:
		put(o.Key, body, inside)
		h.leave(o, inside)
		h.files[o.Key] = inside
		return "a client's same bytes"
	case 3:
		other := objects[h.rng.IntN(len(objects))]
		others := ids(h.fileRows(other))
		put(o.Key, h.bytes(other), others)
		h.leave(o, inside)
		h.files[o.Key] = others
		return "a client's other bytes"
	}
	_, prefix := h.g.Offline.Location()
	put(fmt.Sprintf("%s/year=1999/%d.parquet", prefix, h.rng.Uint64()), body, inside)
	return "a client's copy into another folder"
}

// leave takes what was in a file out of the model.
func (h *history) leave(o *bucket.Object, inside []string) {
	if o.Rows == nil {
		delete(h.files, o.Key)
		return
	}
	for _, id := range inside {
		i := slices.Index(h.ours, id)
		h.ours = slices.Delete(h.ours, i, i+1)
	}
}

// agree holds the view against the model, and against the files of the hours.
func (h *history) agree() {
	want := slices.Concat(h.ours, h.wait)
	for _, rows := range h.files {
		want = append(want, rows...)
	}
	flushed, waiting := h.viewed(h.g)
	if diff := cmp.Diff(sorted(want), ids(flushed, waiting)); diff != "" {
		h.t.Errorf("identifiers of the model and of the view (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(h.groupLines(h.g), linesOf(flushed)); diff != "" {
		h.t.Errorf("rows of the files, and of the view (-files +view):\n%s", diff)
	}
	if h.rng.IntN(4) == 0 {
		if diff := cmp.Diff(ids(flushed), h.listed(h.g)); diff != "" {
			h.t.Errorf("identifiers of the view and of the folder (-view +folder):\n%s", diff)
		}
	}
}
