package embedded

import (
	"sync/atomic"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/feature"
)

// reserve is the space that is left free on the disk, on a small one a 32nd of it: a log that cannot be
// written stops the server (docs/decisions/fail-stop.md), so writes that add something are refused
// before that. Those that remove something go on.
const reserve = 32 << 20

// spaceFor is how long a look at the disk holds.
const spaceFor = 100 * time.Millisecond

// space knows whether there is any on the disk.
type space struct {
	fs  vfs.FS
	dir string
	now func() time.Time

	looked atomic.Int64 // when, in nanoseconds
	free   atomic.Int64 // what was free then, -1 for enough
}

// room is Unavailable if the disk is all but full.
func (s *space) room() error {
	now := s.now().UnixNano()
	if last := s.looked.Load(); now-last >= int64(spaceFor) || now < last {
		s.look()
		s.looked.Store(now)
	}
	if free := s.free.Load(); free >= 0 {
		return feature.Errorf(feature.Unavailable,
			"The disk of the data directory is full: %d MiB are free, and they are kept for the database itself. Free some space, or delete objects; then try again.", free>>20)
	}
	return nil
}

func (s *space) look() {
	free := int64(-1)
	if u, err := s.fs.GetDiskUsage(s.dir); err == nil && u.AvailBytes < min(reserve, u.TotalBytes/32) {
		free = int64(u.AvailBytes)
	} // a file system that cannot tell has enough
	s.free.Store(free)
}
