package ingest_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
)

// disk is a file system in memory that is copied as a crash would leave it, before each of its
// operations that change something.
type disk struct {
	mem *vfs.MemFS
	rng *rand.Rand

	mu      sync.Mutex // guards what follows
	on      bool
	crashed []*vfs.MemFS
}

func newDisk(t *testing.T) *disk {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	d := &disk{mem: vfs.NewCrashableMem(), rng: rand.New(rand.NewPCG(seed, 0))}
	// The data directory was there long before.
	check(t, d.mem.MkdirAll("data", 0o700))
	root := must(d.mem.OpenDir(""))(t)
	check(t, root.Sync())
	check(t, root.Close())
	return d
}

func (d *disk) fs() vfs.FS {
	return errorfs.Wrap(d.mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		if op.Kind.ReadOrWrite() == errorfs.OpIsWrite && d.on {
			kept := []int{0, 50, 100}[len(d.crashed)%3]
			d.crashed = append(d.crashed, d.mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: kept, RNG: d.rng}))
		}
		return nil
	}))
}

func (d *disk) record(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.on = on
}

// An import is in the table wholly or not at all, whenever the server crashes; the next start ends it,
// and then both stores have every row once.
func TestImportThatIsCutOffIsWhollyThereOrNotAtAll(t *testing.T) {
	d := newDisk(t)
	w := open(t, d.fs(), 16<<10)
	defer w.close()
	check(t, w.Resume(t.Context()))
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	g := w.group("g", nil)
	const before, n = 5, 300
	rng := rand.New(rand.NewPCG(7, 7))
	for _, row := range randomRows(rng, before) {
		check(t, w.put(g, row...))
	}
	uri := w.file("a.csv", asCSV(randomRows(rng, n)))
	d.record(true)
	w.loaded(g, uri)
	d.record(false)
	whole, held := features(w.rows(g)), w.held(g)

	t.Logf("%d crashes", len(d.crashed))
	staging, applying, done := 0, 0, 0
	for i, crashed := range d.crashed {
		after := open(t, crashed, 16<<10)
		status := ingest.Status("not known")
		for i, err := range after.List(t.Context()) {
			check(t, err)
			status = i.Status
		}
		rows := len(after.rows(g))
		switch {
		case status == ingest.Applying && rows == before+n:
			applying++
		case status == ingest.Done && rows == before+n:
			done++
		case (status == ingest.Staging || status == "not known") && rows == before:
			staging++
		default:
			t.Errorf("after crash %d the import is %s and the table has %d rows", i, status, rows)
		}
		check(t, after.Resume(t.Context()))
		// It goes on by itself; a caller who never heard of it repeats it.
		after.loaded(g, uri)
		if diff := cmp.Diff(whole, features(after.rows(g))); diff != "" {
			t.Errorf("rows after crash %d (-want +got):\n%s", i, diff)
		}
		if diff := cmp.Diff(held, after.held(g)); diff != "" {
			t.Errorf("held after crash %d (-want +got):\n%s", i, diff)
		}
		if names := must(after.fs.List("data/imports"))(t); len(names) != 1 {
			t.Errorf("left in the directory after crash %d: %v", i, names)
		}
		after.close()
	}
	if staging == 0 || applying == 0 || done == 0 {
		t.Errorf("%d crashes while staging, %d while applying, %d after: the test misses the point", staging, applying, done)
	}
}

// What is applied again from the beginning changes nothing, and puts that came meanwhile stay.
func TestPutsWhileAnImportIsAppliedStay(t *testing.T) {
	d := newDisk(t)
	w := open(t, d.fs(), 16<<10)
	defer w.close()
	check(t, w.Resume(t.Context()))
	check(t, w.buckets.CreateBucket(t.Context(), "lake"))
	g := w.group("g", nil)
	content := "id,at,N\n"
	for i := range 3000 {
		content += fmt.Sprintf("id-%05d,2023-11-14T20:00:00Z,1\n", i)
	}
	uri := w.file("a.csv", []byte(content))
	d.record(true)
	w.loaded(g, uri)
	d.record(false)
	partly := 0
	for i, crashed := range d.crashed {
		after := open(t, crashed, 16<<10)
		applied, committed := int64(0), false
		for i, err := range after.List(t.Context()) {
			check(t, err)
			applied, committed = i.Applied, i.Status == ingest.Applying
		}
		if committed {
			partly++
			// The same event time as the import's: the later write wins. An older one loses.
			check(t, after.put(g, "id-00000", "2023-11-14T20:00:00Z", "2"))
			check(t, after.put(g, "id-02999", "2023-11-14T20:00:00Z", "2"))
			check(t, after.put(g, "id-02998", "2023-11-14T19:00:00Z", "2"))
			check(t, after.delete(g, "id-02997", "2023-11-14T21:00:00Z", feature.SoftDelete))
			check(t, after.Resume(t.Context()))
			after.loaded(g, uri)
			held := after.held(g)
			for id, want := range map[string]string{
				"id-00000": `2023-11-14T20:00:00Z 0 false 0="id-00000"[] 1="2023-11-14T20:00:00Z"[] 2="2"[]`,
				"id-02999": `2023-11-14T20:00:00Z 0 false 0="id-02999"[] 1="2023-11-14T20:00:00Z"[] 2="2"[]`,
				"id-02998": `2023-11-14T20:00:00Z 0 false 0="id-02998"[] 1="2023-11-14T20:00:00Z"[] 2="1"[]`,
				"id-02997": `2023-11-14T21:00:00Z 0 true 0="id-02997"[] 1="2023-11-14T21:00:00Z"[]`,
			} {
				if held[id] != want {
					t.Errorf("after crash %d, %d applied, %s is %s, want %s", i, applied, id, held[id], want)
				}
			}
		}
		after.close()
	}
	if partly == 0 {
		t.Error("no crash came while the import was applied")
	}
}

// A disk without room fails the import and leaves nothing of it, and the store goes on.
func TestImportOnAFullDiskFailsWhole(t *testing.T) {
	for _, part := range []string{"data/imports", "data/blobs"} {
		t.Run(part, func(t *testing.T) {
			mem := vfs.NewMem()
			var mu sync.Mutex
			writes, full := 0, -1 // of the writes of files of that part
			fs := errorfs.Wrap(mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
				mu.Lock()
				defer mu.Unlock()
				if op.Kind != errorfs.OpFileWrite || len(op.Path) < len(part) || op.Path[:len(part)] != part {
					return nil
				}
				if writes++; full >= 0 && writes > full {
					return syscall.ENOSPC
				}
				return nil
			}))
			w := open(t, fs, 16<<10)
			defer w.close()
			check(t, w.Resume(t.Context()))
			check(t, w.buckets.CreateBucket(t.Context(), "lake"))
			g := w.group("g", nil)
			uri := w.file("a.csv", asCSV(randomRows(rand.New(rand.NewPCG(3, 3)), 500)))
			for room := 0; ; room++ {
				mu.Lock()
				writes, full = 0, room
				mu.Unlock()
				i := w.load(ingest.Request{Group: "g"}, uri)
				if i.Status == ingest.Done {
					if room == 0 {
						t.Error("the import needs no room")
					}
					break
				}
				if i.Status != ingest.Failed || i.Failure == "" || len(w.rows(g)) != 0 || room > 1000 {
					t.Fatalf("with room for %d writes the import is %s (%s) and the table has %d rows", room, i.Status, i.Failure, len(w.rows(g)))
				}
			}
			if n := len(w.rows(g)); n != 500 {
				t.Errorf("%d rows when there was room, want 500", n)
			}
		})
	}
}
