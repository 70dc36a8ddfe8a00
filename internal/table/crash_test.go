package table_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// disk is a file system in memory that is copied as a crash would leave it, before each of its
// operations that change something.
type disk struct {
	mem *vfs.MemFS
	rng *rand.Rand

	mu      sync.Mutex // guards on, crashed
	on      bool
	crashed []*vfs.MemFS
}

func newDisk(seed uint64) *disk {
	return &disk{mem: vfs.NewCrashableMem(), rng: rand.New(rand.NewPCG(seed, 0))}
}

func (d *disk) fs() vfs.FS {
	return errorfs.Wrap(d.mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind.ReadOrWrite() == errorfs.OpIsWrite {
			d.copy()
		}
		return nil
	}))
}

// copy keeps what a crash would leave now: all that is synced, and of the rest nothing, a part, or
// all.
func (d *disk) copy() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.on {
		kept := []int{0, 50, 100}[len(d.crashed)%3]
		d.crashed = append(d.crashed, d.mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: kept, RNG: d.rng}))
	}
}

func (d *disk) record(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on = on
}

func TestFlushThatIsCutOffLosesAndDoublesNothing(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	d := newDisk(seed)
	// The data directory was there long before.
	check(t, d.mem.MkdirAll("data", 0o700))
	root := must(d.mem.OpenDir(""))(t)
	check(t, root.Sync())
	check(t, root.Close())
	w := open(t, d.fs(), table.Options{Stagers: 3, FlushBytes: 2000})
	defer w.close()
	check(t, w.buckets.CreateBucket(t.Context(), theBucket))
	g := w.group("crash", feature.Fractional)
	const n = 16
	for i, id := range numbers(n) {
		w.put(g, id, epoch(i%4*3600), "1", "1", strings.Repeat("x", 60))
	}
	_, whole := w.rows(g)
	d.record(true)
	check(t, w.FlushNow(t.Context()))
	d.copy() // and after the last
	d.record(false)

	t.Logf("%d crashes", len(d.crashed))
	whollyFlushed, partlyFlushed := 0, 0
	for i, crashed := range d.crashed {
		after := open(t, crashed, table.Options{})
		flushed, waiting := after.rows(g)
		rows := append(flushed, waiting...)
		byWriteTime(rows)
		if diff := cmp.Diff(whole, rows); diff != "" {
			t.Errorf("after crash %d (-want +got):\n%s", i, diff)
		}
		if len(waiting) == 0 {
			whollyFlushed++
		} else if len(flushed) > 0 {
			partlyFlushed++
		}
		check(t, after.FlushNow(t.Context()))
		if flushed, waiting := after.rows(g); len(flushed) != n || len(waiting) != 0 {
			t.Errorf("after crash %d and another flush: %d flushed, %d waiting", i, len(flushed), len(waiting))
		}
		after.close()
	}
	if whollyFlushed == 0 || partlyFlushed == 0 {
		t.Errorf("%d crashes came after the commits, %d between them: the test misses the point", whollyFlushed, partlyFlushed)
	}
}

func TestMergeThatIsCutOffLosesAndDoublesNothing(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	d := newDisk(seed)
	check(t, d.mem.MkdirAll("data", 0o700))
	root := must(d.mem.OpenDir(""))(t)
	check(t, root.Sync())
	check(t, root.Close())
	w := open(t, d.fs(), table.Options{})
	defer w.close()
	check(t, w.buckets.CreateBucket(t.Context(), theBucket))
	g := w.group("crash", feature.Fractional)
	const hours, n = 3, 8
	for i := range n {
		for h := range hours {
			w.put(g, numbers(hours * n)[i*hours+h], epoch(h*3600+i), "1", "1", strings.Repeat("x", 60))
		}
		check(t, w.FlushNow(t.Context()))
	}
	whole, _ := w.rows(g)
	d.record(true)
	check(t, w.CompactDue(t.Context()))
	d.copy() // and after the last
	d.record(false)

	t.Logf("%d crashes", len(d.crashed))
	counts := map[int]int{} // of files, how many crashes left them
	for i, crashed := range d.crashed {
		after := open(t, crashed, table.Options{})
		after.Store = table.New(after.db.Tables(), after.db.Offline(), after.buckets, table.Options{Groups: after.db.Groups().List})
		flushed, waiting := after.rows(g)
		if diff := cmp.Diff(whole, flushed); diff != "" || len(waiting) != 0 {
			t.Errorf("after crash %d %d wait (-want +got):\n%s", i, len(waiting), diff)
		}
		counts[len(after.keys(g))]++
		check(t, after.CompactNow(t.Context()))
		flushed, _ = after.rows(g)
		if diff := cmp.Diff(whole, flushed); diff != "" || len(after.keys(g)) != hours {
			t.Errorf("after crash %d and another merge %d files (-want +got):\n%s", i, len(after.keys(g)), diff)
		}
		after.sweepNow()
		// Of each hour one file and the eight that it stands for, which stay readable for an hour.
		if blobs := after.blobs(); len(blobs) > hours*(n+1) {
			t.Errorf("after crash %d %d blobs", i, len(blobs))
		}
		after.close()
	}
	for _, files := range []int{hours * n, (hours-1)*n + 1, hours} {
		if counts[files] == 0 {
			t.Errorf("no crash left %d files: %v; the test misses the point", files, counts)
		}
	}
}

// sweepNow removes the blobs that a crash left and nobody names.
func (w *world) sweepNow() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	asked := 0
	blobs := must(blob.Open("data/blobs", w.fs))(w.t)
	buckets := bucket.New(w.db.Objects(), blobs, bucket.Options{Account: "123456789012", Region: "us-east-1", Now: func() time.Time {
		// The first time is that of the start; what asks again comes after the sweep of orphans.
		if asked++; asked > 1 {
			cancel()
		}
		return time.Now()
	}})
	buckets.Sweep(ctx)
}

// A file that cannot be written fails the flush, which leaves no file and loses no row.
func TestFlushThatCannotWriteLeavesTheJournal(t *testing.T) {
	broken := errors.New("the disk is full")
	var mu sync.Mutex
	left := -1 // writes of blobs until the disk is full; negative: never
	fs := errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		mu.Lock()
		defer mu.Unlock()
		if op.Kind.ReadOrWrite() != errorfs.OpIsWrite || !strings.Contains(op.Path, "blobs") || left < 0 || op.Kind == errorfs.OpRemove {
			return nil
		}
		if left == 0 {
			return broken
		}
		left--
		return nil
	}))
	full := func(after int) {
		mu.Lock()
		defer mu.Unlock()
		left = after
	}
	w := open(t, fs, table.Options{Stagers: 2})
	defer w.close()
	check(t, w.buckets.CreateBucket(t.Context(), theBucket))
	g := w.group("full", feature.Fractional)
	for i, id := range numbers(8) {
		w.put(g, id, epoch(i*3600))
	}
	for writes := range 30 {
		full(writes)
		if err := w.FlushNow(t.Context()); !errors.Is(err, broken) {
			t.Fatalf("after %d writes: %v", writes, err)
		}
		if _, waiting := w.rows(g); len(waiting) != 8 {
			t.Fatalf("after %d writes %d rows wait", writes, len(waiting))
		}
		if keys := w.keys(g); len(keys) != 0 {
			t.Fatalf("after %d writes there is %q", writes, keys)
		}
	}
	full(-1)
	check(t, w.FlushNow(t.Context()))
	if flushed, waiting := w.rows(g); len(flushed) != 8 || len(waiting) != 0 {
		t.Errorf("%d flushed, %d waiting", len(flushed), len(waiting))
	}
	if keys := w.keys(g); len(keys) != 8 {
		t.Errorf("keys are %q", keys)
	}
}
