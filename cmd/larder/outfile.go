package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// partialMark is in the names of files and directories that are being written. A process that was killed
// leaves them; nobody takes them for what they were to become.
const partialMark = ".partial-"

// writeWhole replaces the file path by what write writes, or leaves it as it was: a reader finds the old
// bytes or the new, and after an error the old. What is no regular file, such as a pipe or /dev/full, is
// written to as it is; a link stays, and what it points to is replaced.
func writeWhole(path string, write func(io.Writer) error) error {
	info, statErr := os.Stat(path)
	switch {
	case statErr == nil && info.IsDir():
		return fmt.Errorf("%s is a directory; name a file", path)
	case statErr == nil && !info.Mode().IsRegular():
		return writeThrough(path, write)
	case statErr == nil:
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			return err
		}
		path = target
	case !errors.Is(statErr, fs.ErrNotExist):
		return statErr
	}
	f, err := createPartial(path)
	if err != nil {
		return err
	}
	if statErr == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if err == nil {
		err = write(f)
	}
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(path))
}

// createPartial makes a file beside path that is readable by whom the user lets read new files.
func createPartial(path string) (*os.File, error) {
	for i := 0; ; i++ {
		f, err := os.OpenFile(fmt.Sprintf("%s%s%d-%d", path, partialMark, os.Getpid(), i), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

func writeThrough(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// syncDir makes names in a directory durable.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
