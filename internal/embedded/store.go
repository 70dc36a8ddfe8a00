// Package embedded keeps groups, records, the journal, the index of the buckets, tables and
// executions in one Pebble database, so that what belongs together is one commit. It carries out
// what its callers decide and knows no rule of the feature store. It must never answer with what
// a power failure could still take back. The bytes are in docs/formats/embedded-store.md.
package embedded

import (
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"strings"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/bloom"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/feature"
)

// Options say how a Store is run. The zero value of each member is a good default.
type Options struct {
	Cache int64            // bytes of what was read kept in memory; 0 is 32 MiB
	Log   *slog.Logger     // nil: nothing is logged
	Now   func() time.Time // nil: time.Now
	// Fatal is called when the store can no longer keep what it acknowledges: the log cannot be
	// written, or a file is damaged. It must not return. nil logs one line and exits with
	// status 1 (docs/decisions/fail-stop.md).
	Fatal func(error)
}

// A Store is the one database of a server. It is safe for concurrent use. Its parts implement
// the contracts and share its commits; they are of no use after Close.
type Store struct {
	db    *pebble.DB
	fatal func(error)
	clock clock
	space space

	groups     Groups
	records    Records
	objects    Objects
	tables     Tables
	offline    Offline
	executions Executions
	imports    Imports
	datasets   Datasets
}

// Open opens the database in dir, and makes it if it is not there. Unavailable if another server
// has it open; Unsupported if a newer Larder wrote it.
func Open(dir string, fs vfs.FS, o Options) (*Store, error) {
	if o.Cache == 0 {
		o.Cache = 32 << 20
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Fatal == nil {
		o.Fatal = exit(o.Log)
	}
	records := o.Cache / 8 // the rest is for blocks
	cache := pebble.NewCache(o.Cache - records)
	defer cache.Unref() // the database holds it too
	db, err := pebble.Open(dir, pebbleOptions(fs, cache, o))
	if err != nil {
		return nil, explain(dir, err)
	}
	s := &Store{db: db, fatal: o.Fatal, space: space{fs: fs, dir: dir, now: o.Now}}
	s.records.kept.open(records)
	if err := s.start(o.Now); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database in %q: %w", dir, err), db.Close())
	}
	return s, nil
}

// explain says in our words what a user can meet when the database opens.
func explain(dir string, err error) error {
	// Pebble locks the directory; within one process it has no error to ask for.
	if errors.Is(err, syscall.EAGAIN) || strings.Contains(err.Error(), "lock held by current process") {
		return feature.Errorf(feature.Unavailable,
			"the data directory %q is in use by another server: stop that server, or choose another directory", dir)
	}
	return fmt.Errorf("open the database in %q: %w", dir, err)
}

func pebbleOptions(fs vfs.FS, cache *pebble.Cache, o Options) *pebble.Options {
	log := &logger{log: o.Log, fatal: o.Fatal}
	p := &pebble.Options{
		FS:     markerFS{fs},
		Cache:  cache,
		Logger: log,
		// Every version from here on marks in the log how far it was synced, so that a torn tail
		// and a damaged middle are told apart.
		FormatMajorVersion: pebble.FormatTableFormatV6,
		// A table in memory starts at 256 KiB and doubles up to this. Large ones pay twice: the
		// journal is trimmed before it is ever written to a table, and bursts do not stall. What
		// is in them is replayed at the next start, so they bound its time.
		MemTableSize:                32 << 20,
		MemTableStopWritesThreshold: 4,
		EventListener:               log.listener(),
		MaxOpenFiles:                512,
		// At most so much of an old manifest is replayed at the next start.
		MaxManifestFileSize: 8 << 20,
	}
	for i := range p.Levels {
		p.Levels[i].FilterPolicy = bloom.FilterPolicy(10)
	}
	p.WithFSDefaults()
	return p
}

// start checks the format and reads what is kept in memory.
func (s *Store) start(now func() time.Time) error {
	s.groups.s, s.records.s, s.objects.s, s.tables.s, s.offline.s, s.executions.s = s, s, s, s, s, s
	s.imports.s, s.datasets.s = s, s
	s.records.seed = maphash.MakeSeed()
	s.records.lookups.New = func() any { return new(lookup) }
	s.offline.open = map[*Snapshot]feature.Position{}
	if err := s.checkFormat(now); err != nil {
		return err
	}
	if err := s.groups.load(); err != nil {
		return err
	}
	last, err := s.lastPosition()
	if err != nil {
		return err
	}
	s.clock.start(now, last)
	return s.offline.measure()
}

// Close ends the store. Nothing may be called after it, and every Snapshot must be closed before.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// Groups returns the catalog of groups.
func (s *Store) Groups() *Groups { return &s.groups }

// Records returns the online records and the journal.
func (s *Store) Records() *Records { return &s.records }

// Objects returns the index of the buckets.
func (s *Store) Objects() *Objects { return &s.objects }

// Tables returns the catalog of databases and tables.
func (s *Store) Tables() *Tables { return &s.tables }

// Offline returns the journal and the index seen together.
func (s *Store) Offline() *Offline { return &s.offline }

// Executions returns the executions.
func (s *Store) Executions() *Executions { return &s.executions }
