package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// reserve has the file system keep room for what will be appended to a file.
func reserve(f *os.File, at, n int64) error {
	return unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, at, n)
}

func datasync(f *os.File) error { return unix.Fdatasync(int(f.Fd())) }

// forgetFile has the system forget what it holds of a file.
func forgetFile(f *os.File) error { return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) }

// diskFree is how many bytes the disk of a directory has room for.
func diskFree(dir string) (int64, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return 0, err
	}
	return int64(fs.Bavail) * int64(fs.Bsize), nil
}
