package blob_test

import (
	"bytes"
	"fmt"
	iofs "io/fs"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/feature"
)

// filling is a file system that says how much is free.
type filling struct {
	vfs.FS
	looks atomic.Int64
	free  func(look int64) uint64
}

func (f *filling) GetDiskUsage(string) (vfs.DiskUsage, error) {
	return vfs.DiskUsage{AvailBytes: f.free(f.looks.Add(1)), TotalBytes: 1 << 40}, nil
}

func wantNothing(t *testing.T, fs vfs.FS) {
	t.Helper()
	staged, err := fs.List("blobs/staging")
	if err != nil {
		t.Fatal(err)
	}
	if len(staged) != 0 {
		t.Errorf("left in staging: %q", staged)
	}
	s, err := blob.Open("blobs", fs)
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range s.All(t.Context()) {
		t.Errorf("left: %v, %v", b, err)
	}
}

// A disk that says no at any operation, or at any number of bytes, refuses the blob as Unavailable and
// keeps nothing of it; when there is space again the same store goes on.
func TestFullDiskRefusesTheBlobAndKeepsNothing(t *testing.T) {
	for _, full := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT} {
		refused := 0
		for at := range 20 {
			t.Run(fmt.Sprint(full, " at operation ", at), func(t *testing.T) {
				mem := vfs.NewMem()
				left, on := at, false
				s, err := blob.Open("blobs", errorfs.Wrap(mem, errorfs.InjectorFunc(func(op errorfs.Op) error {
					if !on || op.Kind.ReadOrWrite() != errorfs.OpIsWrite || op.Kind == errorfs.OpRemove {
						return nil
					}
					left--
					if left < 0 {
						return &iofs.PathError{Op: "write", Path: op.Path, Err: full}
					}
					return nil
				})))
				if err != nil {
					t.Fatal(err)
				}
				on = true
				_, err = s.Create(t.Context(), bytes.NewReader(make([]byte, 1<<20)))
				on = false
				if err == nil {
					return
				}
				refused++
				if feature.KindOf(err) != feature.Unavailable || !strings.Contains(err.Error(), "disk of the data directory is full") {
					t.Errorf("Create: %v, want Unavailable", err)
				}
				wantNothing(t, mem)
				if _, err := s.Create(t.Context(), strings.NewReader("x")); err != nil {
					t.Errorf("Create when there is space again: %v", err)
				}
			})
		}
		if refused < 5 {
			t.Errorf("%d operations were refused: the test misses the point", refused)
		}
	}
}

func TestLastSpaceIsKeptForTheDatabase(t *testing.T) {
	cases := []struct {
		name string
		free func(look int64) uint64
		kind feature.Kind
	}{
		{"enough", func(int64) uint64 { return 64 << 20 }, feature.Fault},
		{"too little at first", func(int64) uint64 { return 64<<20 - 1 }, feature.Unavailable},
		{"too little after some megabytes", func(look int64) uint64 { return uint64(66-look) << 20 }, feature.Unavailable},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fs := &filling{FS: vfs.NewMem(), free: c.free}
			s, err := blob.Open("blobs", fs)
			if err != nil {
				t.Fatal(err)
			}
			_, err = s.Create(t.Context(), bytes.NewReader(make([]byte, 40<<20)))
			if feature.KindOf(err) != c.kind || c.kind == feature.Fault && err != nil {
				t.Fatalf("Create: %v, want kind %d", err, c.kind)
			}
			if c.kind != feature.Fault {
				wantNothing(t, fs)
			}
		})
	}
}
