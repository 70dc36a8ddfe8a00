// Package embedded keeps groups, records, the journal, the index of the buckets, tables and
// executions in one Pebble database. It knows no rules of the feature store: decisions are made
// by its callers and are carried out here, each in one durable commit.
package embedded

import (
	"log/slog"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// Options say how a Store is run. The zero value of each member is a good default.
type Options struct {
	Cache int64            // bytes of blocks kept in memory; 0 is 32 MiB
	Log   *slog.Logger     // nil: nothing is logged
	Now   func() time.Time // nil: time.Now
}

// A Store is the one database of a server.
type Store struct{}

// Open opens the database in dir, and makes it if it is not there.
func Open(dir string, fs vfs.FS, o Options) (*Store, error) { return &Store{}, nil }

// Close ends the store.
func (s *Store) Close() error { return nil }
