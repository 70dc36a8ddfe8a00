package crash

import (
	"math/rand/v2"
	"sync"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// A disk is a file system in memory that is copied as a power failure would leave it, before each of
// its operations that change something.
type disk struct {
	mem *vfs.MemFS

	mu      sync.Mutex // guards what follows
	rng     *rand.Rand
	points  int
	crashed []*vfs.MemFS // since the last take
}

func newDisk(rng *rand.Rand) *disk {
	return &disk{mem: vfs.NewCrashableMem(), rng: rng}
}

func (d *disk) fs() vfs.FS {
	return errorfs.Wrap(d.mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
		if op.Kind.ReadOrWrite() == errorfs.OpIsWrite {
			d.copy()
		}
		return nil
	}))
}

// copy keeps what a crash would leave now: all that is synced, and of the rest nothing, a part or all.
func (d *disk) copy() {
	d.mu.Lock()
	defer d.mu.Unlock()
	kept := []int{0, 50, 100}[d.points%3]
	d.points++
	d.crashed = append(d.crashed, d.mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: kept, RNG: d.rng}))
}

// take returns the copies since the last call.
func (d *disk) take() []*vfs.MemFS {
	d.mu.Lock()
	defer d.mu.Unlock()
	taken := d.crashed
	d.crashed = nil
	return taken
}
