package embedded

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/larder-dev/larder/internal/backendtest"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// isLogSync tells whether op makes the log durable.
func isLogSync(op errorfs.Op) bool {
	switch op.Kind {
	case errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileSyncTo:
		return strings.HasSuffix(op.Path, ".log")
	}
	return false
}

// A gate is a disk whose syncs of the log can be held up.
type gate struct {
	shut atomic.Pointer[chan struct{}]
}

func (g *gate) fs() vfs.FS {
	return errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		if isLogSync(op) {
			if c := g.shut.Load(); c != nil {
				<-*c
			}
		}
		return nil
	}))
}

// hold stops every sync until open is called.
func (g *gate) hold() (open func()) {
	c := make(chan struct{})
	g.shut.Store(&c)
	return func() { g.shut.Store(nil); close(c) }
}

// ended is a context of a caller who does not wait.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// A durableCase is a write, the latch that it holds, and everything that could show it early.
type durableCase struct {
	name  string
	write func(s *Store) error
	latch func(s *Store) *latch
	reads map[string]func(s *Store, ctx context.Context) error
}

func durableCases() []durableCase {
	bg := context.Background()
	decideNothing := func(held *feature.Record) (feature.Decision, error) {
		return feature.Decision{Outcome: feature.OnlineStale}, nil
	}
	refuse := func(held *feature.Record) (feature.Decision, error) { return feature.Decision{}, errors.New("refused") }
	g := &feature.Group{ID: 1, Name: "a"}
	return []durableCase{
		{
			"a record",
			func(s *Store) error { return s.Records().Do(bg, g, "1", acceptFor("1", "x", 1)) },
			func(s *Store) *latch { return s.records.latch(recordKey(1, "1")) },
			map[string]func(*Store, context.Context) error{
				"Get": func(s *Store, ctx context.Context) error {
					_, err := backendtest.Held(ctx, s.Records(), 1, []string{"1"})
					return err
				},
				"Scan": func(s *Store, ctx context.Context) error { return firstOf(s.Records().Scan(ctx, 1, "")) },
				// That nothing is held after it rests on the write too.
				"Scan of what comes after": func(s *Store, ctx context.Context) error {
					return firstOf(s.Records().Scan(ctx, 1, "1"))
				},
				"Expired": func(s *Store, ctx context.Context) error {
					_, err := s.Records().Expired(ctx, 1, noon, 1)
					return err
				},
				"Snapshot":               func(s *Store, ctx context.Context) error { return takeSnapshot(s, ctx) },
				"Do that is refused":     func(s *Store, ctx context.Context) error { return doAnyway(s, ctx, g, refuse) },
				"Do that writes nothing": func(s *Store, ctx context.Context) error { return doAnyway(s, ctx, g, decideNothing) },
			},
		},
		{
			"an object",
			func(s *Store) error {
				return s.Objects().Commit(bg, bucket.Change{Put: []*bucket.Object{{Bucket: "b", Key: "k", Blobs: []bucket.BlobPart{{ID: "2"}}}}})
			},
			func(s *Store) *latch { return &s.objects.latch },
			map[string]func(*Store, context.Context) error{
				"Get": func(s *Store, ctx context.Context) error {
					_, err := s.Objects().Get(ctx, bucket.ObjectRef{Bucket: "b", Key: "k"})
					return err
				},
				"List":     func(s *Store, ctx context.Context) error { return firstOf(s.Objects().List(ctx, "b", "", "")) },
				"Snapshot": func(s *Store, ctx context.Context) error { return takeSnapshot(s, ctx) },
				"CreateBucket that is refused": func(s *Store, ctx context.Context) error {
					return refusedAs(feature.Exists, s.Objects().CreateBucket(ctx, bucket.Bucket{Name: "b"}))
				},
				"Named": func(s *Store, ctx context.Context) error { _, err := s.Objects().Named(ctx, nil); return err },
				"Retired": func(s *Store, ctx context.Context) error {
					_, err := s.Objects().Retired(ctx, noon, 1)
					return err
				},
			},
		},
		{
			"a table",
			func(s *Store) error {
				return s.Tables().CreateTable(bg, &table.Table{Database: table.FeatureStoreDatabase, Name: "t"})
			},
			func(s *Store) *latch { return &s.tables.latch },
			map[string]func(*Store, context.Context) error{
				"GetTable": func(s *Store, ctx context.Context) error {
					_, err := s.Tables().GetTable(ctx, table.FeatureStoreDatabase, "t")
					return err
				},
				"CreateTable that is refused": func(s *Store, ctx context.Context) error {
					return refusedAs(feature.Exists, s.Tables().CreateTable(ctx, &table.Table{Database: table.FeatureStoreDatabase, Name: "t"}))
				},
				"UpdateTable that is refused": func(s *Store, ctx context.Context) error {
					refuse := func(*table.Table) error { return feature.Errorf(feature.Invalid, "refused") }
					_, err := s.Tables().UpdateTable(ctx, table.FeatureStoreDatabase, "t", refuse)
					return refusedAs(feature.Invalid, err)
				},
				"ListTables": func(s *Store, ctx context.Context) error {
					_, err := s.Tables().ListTables(ctx, table.FeatureStoreDatabase)
					return err
				},
				"Snapshot": func(s *Store, ctx context.Context) error { return takeSnapshot(s, ctx) },
			},
		},
		{
			"an execution",
			func(s *Store) error {
				_, err := s.Executions().Create(bg, &query.Execution{ID: "1", Token: "t", WorkGroup: "primary", Submitted: noon})
				return err
			},
			func(s *Store) *latch { return &s.executions.latch },
			map[string]func(*Store, context.Context) error{
				"Get": func(s *Store, ctx context.Context) error { _, err := s.Executions().Get(ctx, "1"); return err },
				"Create with the same token": func(s *Store, ctx context.Context) error {
					_, err := s.Executions().Create(ctx, &query.Execution{ID: "2", Token: "t", Submitted: noon})
					return err
				},
				"List":       func(s *Store, ctx context.Context) error { return firstOf(s.Executions().List(ctx, "primary", "")) },
				"Unfinished": func(s *Store, ctx context.Context) error { _, err := s.Executions().Unfinished(ctx); return err },
				"Update that is refused": func(s *Store, ctx context.Context) error {
					_, err := s.Executions().Update(ctx, "never", func(*query.Execution) {}, query.Effect{})
					return refusedAs(feature.NotFound, err)
				},
			},
		},
	}
}

// Nobody may learn what a power failure could take back: while the disk holds up the sync of a
// write that is visible in the database, whoever reads it waits.
func TestReadsWaitForTheSyncOfWhatTheyShow(t *testing.T) {
	for _, c := range durableCases() {
		t.Run(c.name, func(t *testing.T) {
			disk := &gate{}
			s := reopen(t, disk.fs(), Options{})
			mustNew(t, s, "a")
			mustBucket(t, s)
			open := disk.hold()
			written := make(chan error)
			go func() { written <- c.write(s) }()
			held := c.latch(s)
			for held.last.Load() == nil {
				runtime.Gosched()
			}
			// The commit is noted before the batch is visible; the writer lets go of mu after it.
			held.mu.Lock()
			waits := held.last.Load() != nil
			held.mu.Unlock()
			if !waits {
				t.Fatal("the write is durable while the disk holds up its sync")
			}
			for name, read := range c.reads {
				if err := read(s, ended()); !errors.Is(err, context.Canceled) {
					t.Errorf("%s answers %v before the write is durable", name, err)
				}
			}
			if got, err := backendtest.Held(ended(), s.Records(), 1, []string{elsewhere(s)}); err != nil || got[0] != nil {
				t.Errorf("Get of another identifier: %v, %v; it should not wait", got, err)
			}
			open()
			if err := <-written; err != nil {
				t.Fatal(err)
			}
			for name, read := range c.reads {
				if err := read(s, t.Context()); err != nil && err.Error() != "refused" {
					t.Errorf("%s after the sync: %v", name, err)
				}
			}
		})
	}
}

// firstOf returns the error of the first thing that is yielded.
func firstOf[T any](all iter.Seq2[T, error]) error {
	for _, err := range all {
		return err
	}
	return nil
}

// refusedAs takes away an error of that kind, which is the answer.
func refusedAs(kind feature.Kind, err error) error {
	if feature.KindOf(err) == kind {
		return nil
	}
	return err
}

func takeSnapshot(s *Store, ctx context.Context) error {
	sn, err := s.Offline().Snapshot(ctx)
	if err != nil {
		return err
	}
	return sn.Close()
}

// doAnyway is Do of a caller who gives up only once Do has decided.
func doAnyway(s *Store, ctx context.Context, g *feature.Group, decide func(*feature.Record) (feature.Decision, error)) error {
	late, cancel := context.WithCancel(context.Background())
	defer cancel()
	return s.Records().Do(late, g, "1", func(held *feature.Record) (feature.Decision, error) {
		if ctx.Err() != nil {
			cancel()
		}
		return decide(held)
	})
}

// elsewhere returns an identifier of group 1 that shares no latch with identifier 1.
func elsewhere(s *Store) string {
	for i := 2; ; i++ {
		if id := fmt.Sprint(i); s.records.latch(recordKey(1, id)) != s.records.latch(recordKey(1, "1")) {
			return id
		}
	}
}

// A log that cannot be written stops the store: nothing is acknowledged, and Fatal is told once
// or more.
func TestFailedLogStopsTheStore(t *testing.T) {
	var broken atomic.Bool
	full := errors.New("no space left on device")
	disk := errorfs.Wrap(vfs.NewMem(), errorfs.InjectorFunc(func(op errorfs.Op) error {
		if broken.Load() && isLogSync(op) {
			return full
		}
		return nil
	}))
	told := make(chan error, 10)
	s, err := Open("", disk, Options{Fatal: func(err error) {
		told <- err
		runtime.Goexit()
	}})
	if err != nil {
		t.Fatal(err)
	}
	g := mustNew(t, s, "a")
	broken.Store(true)
	for i := range 2 {
		ended := make(chan bool)
		go func() {
			acknowledged := false
			defer func() { ended <- acknowledged }()
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			acknowledged = s.Records().Do(ctx, g, fmt.Sprint(i), accept("1", "x")) == nil
		}()
		if <-ended {
			t.Errorf("put %d was acknowledged without a log", i)
		}
		if err := <-told; !strings.Contains(err.Error(), full.Error()) {
			t.Errorf("Fatal was told %v, want what the disk said", err)
		}
	}
	// The store stays open: a stopped server closes nothing either.
}
