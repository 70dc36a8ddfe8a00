// Package export writes the rows of offline tables to files: all of them, or the newest of each
// identifier. It reads what a flush has written and what the journal has, at one moment, each row once.
// It knows no wire format of a service and no backend, and must never show half a file for a whole one.
package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/table"
)

// A Format is how files are written; it is its name, and the end of the names of files.
type Format string

// The formats.
const (
	Parquet Format = "parquet"
	CSV     Format = "csv"   // with a header line
	JSONL   Format = "jsonl" // one JSON object a line
)

// ContentType is what a file of the format is called over HTTP.
func (f Format) ContentType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case JSONL:
		return "application/x-ndjson"
	}
	return "application/vnd.apache.parquet"
}

// A Request is one export as a caller asks for it.
type Request struct {
	Group  feature.GroupRef
	Format Format
	// Latest takes of each identifier the newest row alone, by event time, invocation time and write
	// time (contract §7), and none if that is a delete marker.
	Latest bool
	// AsOf leaves out what was written later; zero: nothing.
	AsOf time.Time
	// FeaturesOnly leaves out write_time, api_invocation_time and is_deleted, and delete markers.
	FeaturesOnly bool
	// FileRows is the most rows of a file; 0: one file has them all.
	FileRows int64
}

// A Result counts what was written.
type Result struct {
	Rows  int64
	Files int
}

// Options of a Store. The zero value is ready for use.
type Options struct {
	// Memory is about how much the identifiers of an export of the latest rows take in memory, whatever
	// their number; 0: 128 MiB.
	Memory int64
	Now    func() time.Time // nil: time.Now
}

// A Store carries out exports. It is safe for concurrent use.
type Store struct {
	groups  *featurestore.Store
	offline table.Offline
	tables  *table.Store
	buckets *bucket.Store
	options Options

	ended   context.Context // by Close
	end     context.CancelCauseFunc
	mu      sync.Mutex     // guards closed; under it running grows
	closed  bool           // no export may begin
	running sync.WaitGroup // exports under way
}

// New returns a Store. It does no I/O.
func New(groups *featurestore.Store, tables *table.Store, offline table.Offline, buckets *bucket.Store, o Options) *Store {
	if o.Memory <= 0 {
		o.Memory = 128 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{groups: groups, tables: tables, offline: offline, buckets: buckets, options: o}
	s.ended, s.end = context.WithCancelCause(context.Background())
	return s
}

// errStopped is why an export ends that Close ended.
var errStopped = feature.Errorf(feature.Unavailable, "the server stops; nothing was exported: ask again when it has started")

// Close ends the exports under way, and returns when they have ended.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end(errStopped)
	s.running.Wait()
	return nil
}

// begin returns the context of one export, and what ends it.
func (s *Store) begin(ctx context.Context) (context.Context, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, errStopped
	}
	s.running.Add(1)
	ctx, cancel := context.WithCancelCause(ctx)
	unwatch := context.AfterFunc(s.ended, func() { cancel(errStopped) })
	return ctx, func() {
		unwatch()
		cancel(nil)
		s.running.Done()
	}, nil
}

// Write writes the rows of a group, as they stand when it is called, to the files that next makes: a
// file is whole when the next one is asked for, and the last when Write returns nil. There is one at
// least. After an error what was written is of no use. Invalid: the request; NotFound: the group;
// Conflict: a data file cannot be read. Its memory does not grow with the table.
func (s *Store) Write(ctx context.Context, r *Request, next func() (io.Writer, error)) (*Result, error) {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	return s.write(ctx, r, next)
}

func (s *Store) write(ctx context.Context, r *Request, next func() (io.Writer, error)) (_ *Result, err error) {
	g, err := s.checked(ctx, r)
	if err != nil {
		return nil, err
	}
	snap, err := s.offline.Snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("pin the store: %w", err)
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	// After the snapshot, so that the group has every feature that an entry has a value for.
	if g, err = s.offline.Group(ctx, g.ID); err != nil {
		return nil, fmt.Errorf("find group: %w", err)
	}
	in, err := s.open(snap, g, r)
	if err != nil {
		return nil, err
	}
	out, err := newOutput(r, in.out, next)
	if err != nil {
		return nil, err
	}
	if r.Latest {
		err = in.latest(ctx, s.options.Memory, out.row)
	} else {
		err = in.all(ctx, out.row)
	}
	if err == nil {
		err = out.close()
	}
	if err != nil {
		if ended := context.Cause(ctx); ended != nil {
			err = ended // whatever it was that noticed
		}
		return nil, err
	}
	return &Result{Rows: out.rows, Files: out.files}, nil
}

// checked returns the group of a request that can be carried out.
func (s *Store) checked(ctx context.Context, r *Request) (*feature.Group, error) {
	g, err := s.groups.Group(ctx, r.Group)
	if err != nil {
		return nil, err
	}
	switch now := s.options.Now(); {
	case g.Offline == nil:
		return nil, feature.Errorf(feature.Invalid, "the feature group %s has no offline store, so there are no rows to export", g.Name)
	case r.Format != Parquet && r.Format != CSV && r.Format != JSONL:
		return nil, feature.Errorf(feature.Invalid, "the format %q is not one of parquet, csv, jsonl", r.Format)
	case r.FileRows < 0:
		return nil, feature.Errorf(feature.Invalid, "a file cannot have %d rows; leave the number out for any", r.FileRows)
	case r.AsOf.After(now):
		return nil, feature.Errorf(feature.Invalid, "as of %s is in the future, and rows will come before it; now is %s", r.AsOf.UTC().Format(time.RFC3339Nano), now.UTC().Format(time.RFC3339Nano))
	}
	for _, d := range g.Definitions {
		if d.Collection != feature.Scalar && r.Format == CSV {
			return nil, feature.Errorf(feature.Invalid, "the feature %q is a %s, and CSV has no lists; export as parquet or jsonl", d.Name, d.Collection)
		}
	}
	return g, nil
}

// until is the last write time that a request takes.
func (r *Request) until() feature.Position {
	if r.AsOf.IsZero() {
		return math.MaxInt64
	}
	return feature.Position(r.AsOf.UnixMicro())
}
