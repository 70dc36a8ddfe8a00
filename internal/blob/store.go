// Package blob holds named bytes in a directory of the local disk. It knows no bucket and no
// key; a name that it gives is never used again.
package blob

import (
	"context"
	"io"
	"iter"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/bucket"
)

// A Store is a directory of blobs.
type Store struct {
	dir string
	fs  vfs.FS
}

var _ bucket.Blobs = (*Store)(nil)

// Open opens the directory, makes it if it is not there, and removes what a crash left half made.
func Open(dir string, fs vfs.FS) (*Store, error) { return &Store{dir: dir, fs: fs}, nil }

// Create stores all of r.
func (s *Store) Create(ctx context.Context, r io.Reader) (bucket.BlobPart, error) { panic("stub") }

// Open reads a blob.
func (s *Store) Open(ctx context.Context, id bucket.BlobID) (bucket.ReadSeekCloser, error) {
	panic("stub")
}

// Path is where a blob is.
func (s *Store) Path(id bucket.BlobID) string { panic("stub") }

// Remove removes a blob.
func (s *Store) Remove(ctx context.Context, id bucket.BlobID) error { panic("stub") }

// All yields every blob.
func (s *Store) All(ctx context.Context) iter.Seq2[bucket.BlobInfo, error] { panic("stub") }
