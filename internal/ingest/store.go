package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	iofs "io/fs"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/table"
)

// Options of a Store. Dir and FS are required.
type Options struct {
	// Dir is a directory of the Store's own: what it sorts, and what it must not forget before an
	// import has ended.
	Dir string
	FS  vfs.FS
	// Memory is about how much the rows of an import take in memory, whatever its size; 0: 384 MiB.
	Memory int64
	// LocalFiles lets sources name files of the machine.
	LocalFiles bool
	// Retry is after how long what could not be ended is tried again; each time takes twice as long as
	// the one before, up to 64 times. 0: a second.
	Retry time.Duration
	Now   func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: nothing is logged
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

	stop context.CancelCauseFunc // of the worker; set by Resume
	idle chan struct{}           // closed when the worker has ended

	mu    sync.Mutex // guards works, queue, waken
	works map[string]*work
	queue []*work
	waken chan struct{} // holds a token when the queue may have grown
}

// New returns a Store. It does no I/O; Resume starts it.
func New(groups *featurestore.Store, imports Imports, loader Loader, tables *table.Store, buckets *bucket.Store, o Options) *Store {
	if o.Memory <= 0 {
		o.Memory = 384 << 20
	}
	if o.Retry <= 0 {
		o.Retry = time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Store{
		groups: groups, imports: imports, loader: loader, tables: tables, buckets: buckets, options: o,
		works: map[string]*work{}, waken: make(chan struct{}, 1), idle: make(chan struct{}),
	}
}

func (s *Store) scratch(id string) string { return s.options.FS.PathJoin(s.options.Dir, id) }

func (s *Store) onlineName(id string) string {
	return s.options.FS.PathJoin(s.scratch(id), "online")
}

func (s *Store) errorsName(id string) string {
	return s.options.FS.PathJoin(s.options.Dir, id+".errors")
}

// Resume goes on with the imports that the last run left unended, and starts to work. It is called
// once, before the other methods; Close ends what it starts.
func (s *Store) Resume(ctx context.Context) error {
	unended, err := s.unended(ctx)
	if err == nil {
		err = s.sweep(unended)
	}
	if err != nil {
		return fmt.Errorf("imports that the last run left: %w", err)
	}
	for _, i := range unended {
		s.enqueue(i.ID)
	}
	working, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	s.stop = stop
	go s.work(working)
	return nil
}

// unended returns the imports that have not ended, the oldest first.
func (s *Store) unended(ctx context.Context) ([]*Import, error) {
	var all []*Import
	for i, err := range s.imports.List(ctx) {
		if err != nil {
			return nil, err
		}
		if !i.Status.Ended() {
			all = append([]*Import{i}, all...)
		}
	}
	return all, nil
}

// sweep makes the directory, and removes from it what no import needs that has not ended.
func (s *Store) sweep(unended []*Import) error {
	fs := s.options.FS
	if err := fs.MkdirAll(s.options.Dir, 0o700); err != nil {
		return err
	}
	if err := s.syncDir(fs.PathDir(s.options.Dir)); err != nil {
		return err
	}
	names, err := fs.List(s.options.Dir)
	if err != nil {
		return err
	}
	needed := map[string]bool{}
	for _, i := range unended {
		needed[i.ID] = i.Status == Applying
	}
	for _, name := range names {
		if needed[name] || strings.HasSuffix(name, ".errors") {
			continue
		}
		if err := fs.RemoveAll(s.scratch(name)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) syncDir(name string) error {
	d, err := s.options.FS.OpenDir(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Close stops what is under way, and returns when it has stopped. The next Resume goes on with it.
func (s *Store) Close() error {
	if s.stop != nil {
		s.stop(errStopped)
		<-s.idle
	}
	return nil
}

// enqueue adds an import to what is to be done, unless it is there already.
func (s *Store) enqueue(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.works[id] != nil {
		return
	}
	w := newWork(id, s.options.Now)
	s.works[id] = w
	s.queue = append(s.queue, w)
	select {
	case s.waken <- struct{}{}:
	default:
	}
}

// work carries out the queue until ctx ends.
func (s *Store) work(ctx context.Context) {
	defer close(s.idle)
	var failed []*work // are tried again together
	var again <-chan time.Time
	for {
		if w := s.dequeue(); w != nil {
			if s.carryOut(ctx, w) {
				s.end(w)
				continue
			}
			w.begin(phaseWaiting, 0)
			failed, again = append(failed, w), time.After(s.options.Retry<<min(w.tries, 6))
			w.tries++
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-s.waken:
		case <-again:
			s.mu.Lock()
			s.queue, failed = append(s.queue, failed...), nil
			s.mu.Unlock()
		}
	}
}

// dequeue returns what is to be done next, nil for nothing.
func (s *Store) dequeue() *work {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil
	}
	w := s.queue[0]
	s.queue = s.queue[1:]
	return w
}

func (s *Store) end(w *work) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.works, w.id)
	close(w.ended)
}

// Get tells where an import is. NotFound.
func (s *Store) Get(ctx context.Context, id string) (*Progress, error) {
	s.mu.Lock()
	w := s.works[id]
	s.mu.Unlock()
	i, err := s.imports.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	p := &Progress{Import: *i}
	if w != nil && !i.Status.Ended() {
		w.report(p)
	}
	return p, nil
}

// Unsettled returns an import that may still bring rows with a write time up to and with at into one of the groups;
// nil: there is none. One that waits for others has given out no write times yet.
func (s *Store) Unsettled(ctx context.Context, at feature.Position, groups []feature.GroupID) (*Import, error) {
	s.mu.Lock()
	works := slices.Collect(maps.Values(s.works))
	s.mu.Unlock()
	for _, w := range works {
		if w.waits() {
			continue
		}
		i, err := s.imports.Get(ctx, w.id)
		if err != nil && feature.KindOf(err) != feature.NotFound {
			return nil, err
		}
		if err == nil && i.Status == Staging && i.Started.UnixMicro() <= int64(at) && slices.Contains(groups, i.GroupID) {
			return i, nil
		}
	}
	return nil, nil
}

// List yields imports, the newest first.
func (s *Store) List(ctx context.Context) iter.Seq2[*Import, error] { return s.imports.List(ctx) }

// Wait returns an import when it has ended, or as it is when the Store is closed, or ctx's error.
// NotFound.
func (s *Store) Wait(ctx context.Context, id string) (*Import, error) {
	s.mu.Lock()
	w := s.works[id]
	s.mu.Unlock()
	if w != nil {
		select {
		case <-w.ended:
		case <-s.idle:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return s.imports.Get(ctx, id)
}

// Cancel stops an import that is Staging: nothing of it is kept. Conflict: its rows are in the table
// already, or it has ended. NotFound.
func (s *Store) Cancel(ctx context.Context, id string) (*Import, error) {
	i, err := s.imports.Update(ctx, id, func(i *Import) error {
		if i.Status != Staging {
			return feature.Errorf(feature.Conflict, "the import %s is %s; only one that is %s can be cancelled", id, i.Status, Staging)
		}
		i.Status, i.Ended = Cancelled, s.options.Now().UTC()
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.works[id]; w != nil {
		w.cancel()
	}
	return i, nil
}

// Errors reads the refused rows of an import, one JSON object a line: {"source":…,"row":…,"reason":…}.
// A row's number counts from 1 in its source. NotFound. The caller closes it.
func (s *Store) Errors(ctx context.Context, id string) (io.ReadCloser, error) {
	i, err := s.imports.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	f, err := s.options.FS.Open(s.errorsName(i.ID))
	if errors.Is(err, iofs.ErrNotExist) {
		return nil, feature.Errorf(feature.NotFound, "the import %s has no refused rows yet", id)
	}
	return f, err
}
