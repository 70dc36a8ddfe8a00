package dataset

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// Parts are what a Store works with; all are required.
type Parts struct {
	Datasets Datasets
	Offline  table.Offline
	Tables   *table.Store
	Buckets  *bucket.Store
	Imports  *ingest.Store // opens the sources of labels, and says which rows may still come
	Queries  *query.Store
	Joiner   *Joiner // whose Options are the Store's
}

// Options of a Joiner and of the Store over it. Dir and FS are required.
type Options struct {
	// Dir is a directory of their own, for what is needed while a dataset is made.
	Dir string
	FS  vfs.FS
	// Memory is about how much the times and identifiers of labels take in memory, whatever their number;
	// 0: 256 MiB.
	Memory  int64
	Release string           // of Larder
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: nothing is logged
}

// A Store carries out what is asked of datasets, and makes one at a time; the others wait. It is safe for
// concurrent use.
type Store struct {
	datasets Datasets
	offline  table.Offline
	tables   *table.Store
	buckets  *bucket.Store
	imports  *ingest.Store
	queries  *query.Store
	joiner   *Joiner
	options  Options

	running sync.WaitGroup

	mu     sync.Mutex // guards closed, works
	closed bool
	works  map[Ref]*work   // that makes a dataset
	checks map[Ref]*work   // that makes one again: the last one, if several do
	ended  context.Context // by Close
	end    context.CancelCauseFunc
}

// New returns a Store. It does no I/O; Resume is called before the other methods.
func New(p Parts) *Store {
	s := &Store{
		datasets: p.Datasets, offline: p.Offline, tables: p.Tables, buckets: p.Buckets, imports: p.Imports, queries: p.Queries, joiner: p.Joiner,
		options: p.Joiner.options, works: map[Ref]*work{}, checks: map[Ref]*work{},
	}
	s.ended, s.end = context.WithCancelCause(context.Background())
	return s
}

// The reasons for which the making of a dataset ends early.
var (
	errStopped   = feature.Errorf(feature.Unavailable, "the server stopped before it was made; ask for it again")
	errCancelled = errors.New("the dataset was cancelled")
)

// Resume notes that what an earlier process was making has Failed, and removes what it left.
func (s *Store) Resume(ctx context.Context) error {
	fs := s.options.FS
	if err := errors.Join(fs.RemoveAll(s.options.Dir), fs.MkdirAll(s.options.Dir, 0o700)); err != nil {
		return fmt.Errorf("empty the directory of datasets: %w", err)
	}
	left, err := s.datasets.Unfinished(ctx)
	if err != nil {
		return fmt.Errorf("datasets that the last run left: %w", err)
	}
	for _, r := range left {
		if err := s.over(ctx, r, Failed, errStopped.Text); err != nil {
			return fmt.Errorf("end dataset %s: %w", r, err)
		}
	}
	return nil
}

// over ends a dataset that is Running, and nothing else.
func (s *Store) over(ctx context.Context, r Ref, as Status, why string) error {
	_, err := s.datasets.Update(ctx, r, func(d *Dataset) error {
		if d.Status != Running {
			return errOver
		}
		d.Status, d.Failure, d.Ended = as, why, s.now()
		return nil
	})
	if errors.Is(err, errOver) {
		return nil
	}
	return err
}

// errOver is why a dataset is not changed that has ended.
var errOver = errors.New("the dataset has ended")

// Close ends what is under way, and returns when it has ended. What was being made is Failed.
func (s *Store) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.end(errStopped)
	s.running.Wait()
	return nil
}

// now is the time as datasets carry it.
func (s *Store) now() time.Time { return s.options.Now().UTC().Truncate(time.Millisecond) }

// begin returns the context of one call that works, and what ends that. The caller calls it, and running.Done, when
// it has ended.
func (s *Store) begin(ctx context.Context) (context.Context, context.CancelCauseFunc, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, nil, errStopped
	}
	s.running.Add(1)
	ctx, cancel := context.WithCancelCause(ctx)
	unwatch := context.AfterFunc(s.ended, func() { cancel(context.Cause(s.ended)) })
	return ctx, func(err error) {
		cancel(err)
		unwatch()
	}, nil
}

// Progress is where a dataset is at a moment.
type Progress struct {
	Dataset
	// Phase is what is done while it is made, or made again: waiting (for another dataset, or for an import), labels,
	// keys, features; else "".
	Phase  string
	Detail string // of waiting: what for
	// Done and Of count the rows of the phase; Of is 0 if nobody can say.
	Done, Of int64
	// Labels are the rows that are done, of LabelsOf, 0 if that is not known yet.
	Labels, LabelsOf int64
	// Remaining estimates how long it will take still, 0 if nobody can say.
	Remaining time.Duration
}

// Get tells what is known of a dataset, and how far the making of it is, or its verification. NotFound.
func (s *Store) Get(ctx context.Context, r Ref) (*Progress, error) {
	d, err := s.datasets.Get(ctx, r)
	if err != nil {
		return nil, err
	}
	p := &Progress{Dataset: *d}
	s.mu.Lock()
	w := s.checks[d.Ref()]
	if d.Status == Running {
		w = s.works[d.Ref()]
	}
	s.mu.Unlock()
	if w != nil {
		w.report(p, s.options.Now())
	}
	return p, nil
}

func (s *Store) work(r Ref) *work {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.works[r]
}

// List yields the versions of a name, or of all names if it is "", by name, the newest version first.
func (s *Store) List(ctx context.Context, name Name) iter.Seq2[*Dataset, error] {
	return s.datasets.List(ctx, name)
}

// Files yields the files of all datasets.
func (s *Store) Files(ctx context.Context) iter.Seq2[*bucket.Object, error] {
	return func(yield func(*bucket.Object, error) bool) {
		for d, err := range s.datasets.List(ctx, "") {
			if err == nil && d.File == nil {
				continue
			}
			var file *bucket.Object
			if err == nil {
				file = d.File
			}
			if !yield(file, err) || err != nil {
				return
			}
		}
	}
}

// Reads yields the audit trail of a dataset, of all its versions if r.Version is 0, of all datasets if r is zero:
// what was read for it, and who had its rows. NotFound: r names no dataset.
func (s *Store) Reads(ctx context.Context, r Ref) (iter.Seq2[*Read, error], error) {
	if r.Name != "" {
		if _, err := s.datasets.Get(ctx, r); err != nil {
			return nil, err
		}
	}
	return s.datasets.Reads(ctx, r), nil
}

// Wait returns a dataset when it is no longer Running, or ctx's error. NotFound.
func (s *Store) Wait(ctx context.Context, r Ref) (*Dataset, error) {
	d, err := s.datasets.Get(ctx, r)
	if err != nil {
		return nil, err
	}
	if w := s.work(d.Ref()); w != nil {
		select {
		case <-w.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return s.datasets.Get(ctx, d.Ref())
}

// Cancel ends a dataset that is Running: nothing of it is kept but that it was asked for. Conflict: it has ended.
// NotFound.
func (s *Store) Cancel(ctx context.Context, r Ref) (*Dataset, error) {
	d, err := s.datasets.Get(ctx, r)
	if err != nil {
		return nil, err
	}
	d, err = s.datasets.Update(ctx, d.Ref(), func(d *Dataset) error {
		if d.Status != Running {
			return feature.Errorf(feature.Conflict, "the dataset %s is %s; only one that is %s can be cancelled", d.Ref(), d.Status, Running)
		}
		d.Status, d.Ended = Cancelled, s.now()
		return nil
	})
	if err != nil {
		return nil, err
	}
	if w := s.work(d.Ref()); w != nil {
		w.cancel(errCancelled)
		<-w.done
	}
	return d, nil
}

// Delete removes the rows of a version. What it was made of, its hash and its audit trail stay, and its number is
// not given out again. Invalid: r names no version; Conflict: it is Running. NotFound.
func (s *Store) Delete(ctx context.Context, r Ref, by string) (*Dataset, error) {
	if r.Version == 0 {
		return nil, feature.Errorf(feature.Invalid, "say which version of %s is to be deleted", r.Name)
	}
	d, err := s.datasets.Get(ctx, r)
	if err != nil {
		return nil, err
	}
	remove := func(d *Dataset) error {
		if d.Status == Running {
			return feature.Errorf(feature.Conflict, "the dataset %s is %s; cancel it first", d.Ref(), d.Status)
		}
		d.Status, d.File = Deleted, nil
		return nil
	}
	// The trail does not tell of what is refused, or has been done.
	if d.Status == Deleted {
		return d, nil
	}
	held := *d
	if err := remove(&held); err != nil {
		return nil, err
	}
	if err := s.note(ctx, &Read{Name: r.Name, Version: r.Version, By: by, What: Delete}); err != nil {
		return nil, err
	}
	return s.datasets.Update(ctx, r, remove)
}

// note adds to the audit trail, durably, before anything is read.
func (s *Store) note(ctx context.Context, r *Read) error {
	r.At = s.now()
	return s.datasets.Note(ctx, r)
}
