package embedded

import (
	"errors"
	"strings"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// markerFS syncs the directory before Pebble makes a marker in it, the file whose name says which
// manifest counts. Pebble syncs the directory after: on a file system that may keep the marker's entry
// and lose that of the manifest, a power failure between the two would leave a database that does not
// open (docs/decisions/crash-model.md).
type markerFS struct{ vfs.FS }

// Create implements vfs.FS.
func (m markerFS) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	if strings.HasPrefix(m.PathBase(name), "marker.") {
		if err := m.syncDir(m.PathDir(name)); err != nil {
			return nil, err
		}
	}
	return m.FS.Create(name, category)
}

func (m markerFS) syncDir(name string) error {
	d, err := m.OpenDir(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
