// Package asof is the join of training sets: for each row of labels the features of any number of groups as
// they were known at the label's time. It reads the data files and the journal of the groups itself, by
// internal/parquet; it knows no dataset, no wire and no SQL, and writes nothing.
//
// docs/decisions/as-of-join.md tells how it works and why so.
package asof

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// Chunk is the most rows of a result that are handed out at a time.
const Chunk = 8 << 10

// Labels are the rows to be joined.
type Labels struct {
	Times  []feature.EventTime // of each row
	NoTime []bool              // rows without a time, which have no features; nil: there are none
}

// A Group is a feature group to be joined.
type Group struct {
	// Group as it is, or was: it may be deleted by now. It has an offline store.
	Group *feature.Group
	// IDs are the identifiers, one a label, OfText; a label whose is null has no features. Of an identifier that
	// is a number it is a text of the number: "7" and "007" are one. A text that is none finds nothing.
	IDs *parquet.Vector
	// Features are those wanted, in the order of the result.
	Features []feature.Name
	// LookBack is how old a record may be at the label's time; 0: as old as it likes. A record that is just so old
	// is not too old.
	LookBack time.Duration
	// SkipDeletes makes the join as if there were no delete markers. Else a record that is deleted at the
	// label's time has no features.
	SkipDeletes bool
}

// A Request is a join.
type Request struct {
	Labels Labels
	Groups []Group
	// AsOf is the last write time that is known; 0: all that is in the snapshot is.
	AsOf feature.Position
	// Read, unless it is nil, is told how many bytes of data files and of the journal were read, also from several
	// goroutines.
	Read func(bytes int64)
}

// A Progress says how far a join is.
type Progress struct {
	Phase    string // Keys, then Features; both again for each block of labels
	Done, Of int64  // rows of data files; labels and groups that have features
}

// The phases.
const (
	Keys     = "keys"
	Features = "features"
)

// Stats is what a join did.
type Stats struct {
	Files, FilesSkipped int64 // data files of all groups, and those of them that were not opened
	RowsScanned         int64 // whose keys were read
	Matches             int64 // pairs of a label and a group that have a record
	Blocks, Gathers     int64 // passes over keys, and over features: one of each if all fits into the memory
}

// Options set how an Engine works. The zero value is ready for use.
type Options struct {
	// Memory is about how much a join takes beside its labels, once for keys and once for features; 0: 512 MiB.
	Memory int64
	// Threads is how many goroutines a join has; 0: as many as Go uses processors.
	Threads int
	// Busy tells that somebody waits for the server; nil: nobody ever does. As long as it does, a join of several
	// threads has one less, so that one processor is free.
	Busy func() bool
	// Gently runs work that others are not to wait for, as table.Options has it; nil: as all other work.
	Gently func(work func())
}

// An Engine joins. It is safe for concurrent use; it carries out one join at a time.
type Engine struct {
	buckets *bucket.Store
	options Options
	token   chan struct{} // whoever has it joins
}

// New returns an Engine.
func New(buckets *bucket.Store, o Options) *Engine {
	if o.Memory <= 0 {
		o.Memory = 512 << 20
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if o.Busy == nil {
		o.Busy = func() bool { return false }
	}
	if o.Gently == nil {
		o.Gently = func(work func()) { work() }
	}
	e := &Engine{buckets: buckets, options: o, token: make(chan struct{}, 1)}
	e.token <- struct{}{}
	return e
}

// Join calls use with the features of all labels, in the order of the labels, Chunk at a time at most: a column
// for each feature of the first group, then of the second, and so on. A String is OfText, an Integral OfInt, a
// Fractional OfDouble; a collection has Ends and Present. The vectors are good for the call.
//
// The record of a label is that of its identifier with the latest event time that is not after the label's
// time; of those of one event time that with the latest api_invocation_time, of those the latest write_time
// (contract §7), of those one in a file of this server, the last one there is. Rows that were written after AsOf do
// not count; a row without a write_time, which another has written, was written when its file came.
//
// snap is to stay open until Join returns. progress may be nil; it is called often, from one goroutine at a
// time. Invalid: the request; Conflict: a data file that cannot be read. An error of use is returned as it is.
func (e *Engine) Join(ctx context.Context, snap table.Snapshot, r *Request, progress func(Progress), use func(first, rows int, columns []*parquet.Vector) error) (Stats, error) {
	j := &join{engine: e, snap: snap, request: r, report: progress}
	if err := j.check(); err != nil {
		return Stats{}, err
	}
	select {
	case <-e.token:
	case <-ctx.Done():
		return Stats{}, ctx.Err()
	}
	defer func() { e.token <- struct{}{} }()
	err := j.run(ctx, use)
	return j.stats, err
}

// A join is one call of Join.
type join struct {
	engine  *Engine
	snap    table.Snapshot
	request *Request
	report  func(Progress)
	sources []*source // of each group
	counter counter
	stats   Stats
	indexes []*index // of each source that is still to be looked at, once one of them has needed it
}

func (j *join) check() error {
	l := j.request.Labels
	if l.NoTime != nil && len(l.NoTime) != len(l.Times) {
		return fmt.Errorf("%d times, and %d say whether there is one", len(l.Times), len(l.NoTime))
	}
	for i := range j.request.Groups {
		g := &j.request.Groups[i]
		if g.Group.Offline == nil {
			return feature.Errorf(feature.Invalid, "The feature group %s has no offline store, so there is no history to join; take a group with an OfflineStoreConfig", g.Group.Name)
		}
		if g.IDs == nil || g.IDs.Kind != parquet.OfText || len(g.IDs.Null) != len(l.Times) {
			return fmt.Errorf("the identifiers for group %s are not one text for each of %d labels", g.Group.Name, len(l.Times))
		}
		if g.LookBack < 0 {
			return feature.Errorf(feature.Invalid, "The look-back of %v for the feature group %s is negative; give how old a record may be, or 0 for any age", g.LookBack, g.Group.Name)
		}
		for _, name := range g.Features {
			if g.Group.Ordinal(name) < 0 {
				return feature.Errorf(feature.Invalid, "The feature group %s has no feature %q; take one of its FeatureDefinitions", g.Group.Name, name)
			}
		}
	}
	return nil
}

func (j *join) run(ctx context.Context, use func(first, rows int, columns []*parquet.Vector) error) error {
	for i := range j.request.Groups {
		s, err := j.engine.open(j.snap, &j.request.Groups[i], j.request)
		if err != nil {
			return err
		}
		j.sources = append(j.sources, s)
		j.stats.Files += int64(len(s.files))
	}
	n := len(j.request.Labels.Times)
	for first := 0; first < n; {
		last := min(n, first+j.block())
		if err := j.joinBlock(ctx, first, last, use); err != nil {
			return err
		}
		first = last
	}
	return nil
}

// rest is how long a thread rests before it asks again whether it may work.
const rest = 10 * time.Millisecond

// Threads is how many goroutines work for a join may have now.
func (e *Engine) Threads() int {
	if e.rests(e.options.Threads - 1) {
		return e.options.Threads - 1
	}
	return e.options.Threads
}

// rests tells whether a worker of a join is to leave its processor to others.
func (e *Engine) rests(worker int) bool {
	return worker > 0 && worker == e.options.Threads-1 && e.options.Busy()
}

// block is how many labels are joined in a pass over the keys: what a label takes there is a key, its places in the
// hash table and a slot, in the indexes of two sources, and for each thread what it found.
func (j *join) block() int {
	index := 4*placeSize + keySize + slotSize + 16
	each := int64(2*index + heldSize*j.engine.options.Threads + 2*winnerSize*len(j.sources))
	return int(max(1, min(j.engine.options.Memory/each, maxLabels)))
}

// joinBlock joins the labels first ≤ i < last.
func (j *join) joinBlock(ctx context.Context, first, last int, use func(first, rows int, columns []*parquet.Vector) error) error {
	j.stats.Blocks++
	j.counter.begin(Keys, j.report)
	for _, s := range j.sources {
		j.counter.of += s.rows
	}
	won := make([]*winners, len(j.sources))
	j.indexes = make([]*index, len(j.sources))
	for i := range j.sources {
		var err error
		if won[i], err = j.find(ctx, i, first, last); err != nil {
			return err
		}
		j.indexes[i] = nil
		j.stats.Matches += int64(len(won[i].list))
	}
	return j.gather(ctx, won, first, last, use)
}
