package blob

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/larder-dev/larder/internal/feature"
)

// reserve is the space that blobs leave free, on a small disk a sixteenth of it: the database on the
// same disk needs some to go on, and a log that cannot be written stops the server.
const reserve = 64 << 20

// looked is after how many chunks of one blob the free space is looked at again.
const looked = 32

// room is Unavailable if the disk is all but full.
func (s *Store) room() error {
	u, err := s.fs.GetDiskUsage(s.dir)
	if err != nil {
		return nil // a file system that cannot tell; a write that does not fit fails
	}
	if u.AvailBytes >= min(reserve, u.TotalBytes/16) {
		return nil
	}
	return feature.Errorf(feature.Unavailable,
		"The disk of the data directory is full: %d MiB are free, and the last ones are kept for the database. Free some space, or delete objects; then try again.", u.AvailBytes>>20)
}

// explain gives the error of a disk that is full, or of a quota, its kind. Others pass.
func explain(err error) error {
	if err == nil || !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EDQUOT) {
		return err
	}
	return fmt.Errorf("%w: %w", feature.Errorf(feature.Unavailable,
		"The disk of the data directory is full. Free some space, or delete objects; then try again."), err)
}
