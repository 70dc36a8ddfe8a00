package ingest

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/table"
)

// Options of a Store. Dir and FS are required.
type Options struct {
	// Dir is a directory of the Store's own: what it sorts, and what it must not forget before an
	// import has ended.
	Dir string
	FS  vfs.FS
	// Memory is about how much the rows of an import take in memory, whatever its size; 0: 256 MiB.
	Memory int64
	// LocalFiles lets sources name files of the machine.
	LocalFiles bool
	Now        func() time.Time // nil: time.Now
	Log        *slog.Logger     // nil: nothing is logged
}

// A Store carries out imports, one at a time; the others wait in the order of their start. It is safe
// for concurrent use.
type Store struct {
	groups  *featurestore.Store
	imports Imports
	loader  Loader
	tables  *table.Store
	buckets *bucket.Store
	options Options
}

// New returns a Store. It does no I/O; Resume starts it.
func New(groups *featurestore.Store, imports Imports, loader Loader, tables *table.Store, buckets *bucket.Store, o Options) *Store {
	return &Store{groups: groups, imports: imports, loader: loader, tables: tables, buckets: buckets, options: o}
}

// Resume goes on with the imports that the last run left unended, and starts to work. It is called
// once, before the other methods.
func (s *Store) Resume(ctx context.Context) error { return nil }

// Close stops what is under way, and returns when it has stopped. The next Resume goes on with it.
func (s *Store) Close() error { return nil }

// Start checks the request, keeps it and returns the import, which goes on in the background; or the
// import of the same Token that is there already. Invalid: the request; NotFound: the group, or a
// source; Conflict: the group is not Created.
func (s *Store) Start(ctx context.Context, r *Request) (*Import, error) { return nil, errLater }

// Get tells where an import is. NotFound.
func (s *Store) Get(ctx context.Context, id string) (*Progress, error) { return nil, errLater }

// List yields imports, the newest first.
func (s *Store) List(ctx context.Context) iter.Seq2[*Import, error] { return s.imports.List(ctx) }

// Wait returns an import when it has ended, or ctx's error. NotFound.
func (s *Store) Wait(ctx context.Context, id string) (*Import, error) { return nil, errLater }

// Cancel stops an import that is Staging: nothing of it is kept. Conflict: its rows are in the table
// already, or it has ended. NotFound.
func (s *Store) Cancel(ctx context.Context, id string) (*Import, error) { return nil, errLater }

// Errors reads the refused rows of an import, one JSON object a line: {"source":…,"row":…,"reason":…}.
// A row's number counts from 1 in its source. NotFound. The caller closes it.
func (s *Store) Errors(ctx context.Context, id string) (io.ReadCloser, error) { return nil, errLater }
