// Package crash makes the power fail: before each file operation of a life of the stores, the disk is
// copied with what was synced and a part of what was not. Every copy is opened again, and must show
// all that was acknowledged, once and whole, and nothing that was not.
package crash

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/ingest"
)

var (
	points = flag.Int("points", 1500, "how many crashes there are at least")
	seed   = flag.Uint64("seed", uint64(time.Now().UnixNano()), "of what the server does, and of what a crash leaves")
)

// steps is how many acts a life has. The longer, the more a crash has to keep.
const steps = 120

// deep is how often the server that comes back also goes on: imports, flush, compaction, sweep.
const deep = 8

func TestPowerFailureLosesNothingAndDoublesNothing(t *testing.T) {
	t.Logf("seed %d: go test ./test/crash -args -points %d -seed %d", *seed, *points, *seed)
	j := &judge{t: t, files: &files{rows: map[string][]string{}}, tried: map[string]int{}}
	lives := 0
	for ; j.points < *points && !t.Failed(); lives++ {
		rng := rand.New(rand.NewPCG(*seed, uint64(lives)))
		if lives%4 == 0 {
			busyImport(t, rng, j)
		}
		begin(t, rng, j)
	}
	for _, name := range slices.Sorted(maps.Keys(j.tried)) {
		t.Logf("%6d crashes in: %s", j.tried[name], name)
	}
	t.Logf("%d crash points in %d lives, %d of them found the act done that was under way; %d losses", j.points, lives, j.done.Load(), j.lost.Load())
	t.Logf("%d times a run was read in the place of the files that it stands for", j.files.runs.Load())
	if j.files.runs.Load() == 0 {
		t.Error("no run was read: the test misses the point")
	}
	if j.done.Load() == 0 {
		t.Error("no crash came after the commit of an act and before its end: the test misses the point")
	}
}

// begin lives one life.
func begin(t *testing.T, rng *rand.Rand, j *judge) {
	d := newDisk(rng)
	if err := prepare(d); err != nil {
		t.Fatal(err)
	}
	w, err := open(d.fs(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.define(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.imports.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.take()
	l := &life{t: t, rng: rng, disk: d, w: w, seen: newState(), judge: j, parts: map[string]map[int]bucket.PartRef{}, refs: map[string]bucket.UploadRef{}, large: rng.IntN(4) == 0}
	l.live(t.Context(), steps)
	if err := l.w.close(); err != nil {
		t.Fatal(err)
	}
}

// prepare makes the data directory, which was there long before.
func prepare(d *disk) error {
	if err := d.mem.MkdirAll("data", 0o700); err != nil {
		return err
	}
	root, err := d.mem.OpenDir("")
	if err != nil {
		return err
	}
	return errors.Join(root.Sync(), root.Close())
}

// A judge opens what crashes left.
type judge struct {
	t     *testing.T
	files *files

	points     int
	tried      map[string]int
	done, lost atomic.Int64
}

// crashes opens each of the copies, which were taken while one act went from a state to another.
func (j *judge) crashes(ctx context.Context, name string, copies []*vfs.MemFS, before, after *state, later time.Duration) {
	var judges sync.WaitGroup
	next := make(chan int)
	for range 2 {
		judges.Go(func() {
			for i := range next {
				if err := j.crash(ctx, copies[i], before, after, later, (j.points+i)%deep == 0); err != nil {
					j.lose(i, len(copies), name, err)
				}
			}
		})
	}
	for i := range copies {
		next <- i
	}
	close(next)
	judges.Wait()
	j.count(name, len(copies))
}

// lose tells of a crash that lost something.
func (j *judge) lose(i, of int, name string, err error) {
	j.lost.Add(1)
	j.t.Errorf("crash %d of %d in %q: %v", i, of, name, err)
}

func (j *judge) count(name string, points int) {
	j.points += points
	j.tried[name] += points
}

// crash opens one copy and holds it against what clients were told.
func (j *judge) crash(ctx context.Context, fs *vfs.MemFS, before, after *state, later time.Duration, on bool) error {
	w, err := open(fs, later)
	if err != nil {
		return err
	}
	defer func() { // what it could say, a later look would find
		if err := w.close(); err != nil {
			j.t.Error(err)
		}
	}()
	got, err := observe(ctx, w, j.files)
	if err != nil {
		return err
	}
	committed, err := j.match(got, before, after)
	if err != nil {
		return err
	}
	if committed && !cmp.Equal(before, after) {
		j.done.Add(1)
	}
	if !on {
		return nil
	}
	if err := goOn(ctx, w); err != nil {
		return fmt.Errorf("going on: %w", err)
	}
	if got, err = observe(ctx, w, j.files); err != nil {
		return fmt.Errorf("after going on: %w", err)
	}
	// An import that was begun is ended now, so the online store has its rows too.
	if !cmp.Equal(before, got) && !cmp.Equal(after, got) {
		return fmt.Errorf("after going on neither the state before (-) %s\nnor that after (-) %s", cmp.Diff(before, got), cmp.Diff(after, got))
	}
	return nil
}

// match tells whether got is the state after the act, and fails if it is neither that nor the one
// before. Between the two the rows of an import are offline and not all of them online.
func (j *judge) match(got, before, after *state) (committed bool, err error) {
	if cmp.Equal(after, got) {
		return true, nil
	}
	if cmp.Equal(before, got) {
		return false, nil
	}
	applying := got.clone()
	applying.Online = after.Online
	if cmp.Equal(after, applying) {
		for id, name := range got.Online {
			if name != before.Online[id] && name != after.Online[id] {
				return false, fmt.Errorf("the record %s is of row %s, neither %q nor %q", id, name, before.Online[id], after.Online[id])
			}
		}
		if len(got.Online) >= len(before.Online) && len(after.Rows) > len(before.Rows)+1 {
			return true, nil
		}
	}
	return false, fmt.Errorf("neither the state before (-) %s\nnor that after (-) %s", cmp.Diff(before, got), cmp.Diff(after, got))
}

// goOn is what a server does after it has started.
func goOn(ctx context.Context, w *world) error {
	if err := w.imports.Resume(ctx); err != nil {
		return err
	}
	for i, err := range w.imports.List(ctx) {
		if err != nil {
			return err
		}
		ended, err := w.imports.Wait(ctx, i.ID)
		if err != nil {
			return err
		}
		if ended.Status != ingest.Done {
			return fmt.Errorf("the import %s is %s: %s", i.ID, ended.Status, ended.Failure)
		}
	}
	if err := w.tables.FlushNow(ctx); err != nil {
		return err
	}
	if err := w.tables.CompactNow(ctx); err != nil {
		return err
	}
	return w.buckets.SweepNow(ctx)
}
