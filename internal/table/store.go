package table

import (
	"context"
	"crypto/rand"
	"io"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// Options set how a Store flushes and compacts. The zero value is ready for use.
type Options struct {
	// FlushAge is how long a row may wait in the journal before it goes into a file; 0: 10 s.
	FlushAge time.Duration
	// FlushBytes is how much of one group may wait, whatever its age, and also how much of the
	// journal one flush takes into memory; 0: 64 MiB.
	FlushBytes int64
	// Stagers is how many files are written and synced at a time; 0: 16.
	Stagers    int
	Compaction Compaction
	Runs       Runs
	// Groups yields every group, for compaction, runs and Usage. nil: only what this Store has flushed
	// itself is compacted, and no runs are made of the rest.
	Groups func(context.Context) iter.Seq2[*feature.Group, error]
	// Gently runs work in the background that others are not to wait for, and returns when it has
	// ended; nil: as all other work.
	Gently func(work func())
	// Pace begins a piece of a flush or a merge and returns what is called often while it goes on: it may take its time,
	// so that others come first. nil: they do not.
	Pace func() (step func())
	Now  func() time.Time // nil: time.Now
	Log  *slog.Logger     // nil: nothing is logged
	Rand io.Reader        // of file names; nil: crypto/rand
}

// A Store carries out the verbs on databases and tables, flushes and compacts. It is safe for concurrent
// use.
type Store struct {
	tables    Tables
	offline   Offline
	buckets   *bucket.Store
	options   Options
	flusher   chan struct{} // holds one token: whoever has it flushes
	compactor *compactor
	runs      *runMaker

	mu       sync.Mutex // guards troubles, stats
	troubles map[feature.GroupID]*trouble
	stats    Stats
}

// New returns a Store. Nothing is flushed until Run or FlushNow is called.
func New(tables Tables, offline Offline, buckets *bucket.Store, o Options) *Store {
	if o.FlushAge <= 0 {
		o.FlushAge = 10 * time.Second
	}
	if o.FlushBytes <= 0 {
		o.FlushBytes = 64 << 20
	}
	if o.Stagers <= 0 {
		o.Stagers = 16
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Gently == nil {
		o.Gently = func(work func()) { work() }
	}
	if o.Pace == nil {
		o.Pace = func() func() { return unpaced }
	}
	o.Compaction, o.Runs = o.Compaction.withDefaults(), o.Runs.withDefaults()
	s := &Store{
		tables: tables, offline: offline, buckets: buckets, options: o,
		flusher:  make(chan struct{}, 1),
		troubles: map[feature.GroupID]*trouble{},
	}
	s.flusher <- struct{}{}
	s.compactor, s.runs = newCompactor(s), newRunMaker(s)
	return s
}

// unpaced is a step of work that nobody waits for, or that has no time left.
func unpaced() {}
