package featurestore_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/table"
)

const (
	account = "123456789012"
	region  = "us-east-1"
	role    = "arn:aws:iam::123456789012:role/larder"
)

// A world is a store on the embedded stores, on a file system in memory.
type world struct {
	*featurestore.Store
	t       testing.TB
	db      *embedded.Store
	buckets *bucket.Store
	tables  *table.Store
	clock   *clock
}

// A clock stands still unless it is told to go on.
type clock struct {
	mu  sync.Mutex // guards now
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newWorld is a world with the bucket "lake", at 2023-11-14T22:13:20Z.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := open(t, vfs.NewMem())
	if err := w.buckets.CreateBucket(t.Context(), "lake"); err != nil {
		t.Fatal(err)
	}
	return w
}

func open(t testing.TB, fs vfs.FS) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{now: time.Unix(1700000000, 0)}}
	var err error
	if w.db, err = embedded.Open("data/db", fs, embedded.Options{Fatal: func(err error) { panic(err) }}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.db.Close(); err != nil {
			t.Error(err)
		}
	})
	blobs, err := blob.Open("data/blobs", fs)
	if err != nil {
		t.Fatal(err)
	}
	w.buckets = bucket.New(w.db.Objects(), blobs, bucket.Options{Account: account, Region: region})
	w.tables = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{})
	w.Store = featurestore.New(w.db.Groups(), w.db.Records(), w.tables, w.buckets,
		featurestore.Options{Account: account, Region: region, Now: w.clock.Now})
	return w
}

// asked is a group with both stores.
func asked(name string) *feature.Group {
	return &feature.Group{
		Name: feature.GroupName(name), RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String}, {Name: "n", Type: feature.Integral}},
		Online:      &feature.Online{}, Offline: &feature.Offline{S3URI: "s3://lake/fs"}, RoleARN: role,
	}
}

func onlineOnly(name string) *feature.Group {
	g := asked(name)
	g.Offline, g.RoleARN = nil, ""
	return g
}

func (w *world) create(g *feature.Group) *feature.Group {
	w.t.Helper()
	g, err := w.CreateGroup(w.t.Context(), g)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

// put puts a record with one feature beside its keys, at seconds of 1970.
func (w *world) put(group, id, at, n string, stores feature.Stores) {
	w.t.Helper()
	err := w.Put(w.t.Context(), &featurestore.Put{
		Group:  feature.GroupRef(group),
		Fields: []feature.Field{{Name: "id", Text: id}, {Name: "at", Text: at}, {Name: "n", Text: n}},
		Stores: stores, Accepted: w.clock.Now(),
	})
	if err != nil {
		w.t.Fatalf("put %s at %s: %v", id, at, err)
	}
}

func (w *world) delete(group, id, at string, mode feature.DeleteMode) error {
	return w.Delete(w.t.Context(), &featurestore.Delete{
		Group: feature.GroupRef(group), ID: id, EventTime: at, Mode: mode, Accepted: w.clock.Now(),
	})
}

// A batch is what is read of a Want: one Found for each of its IDs, nil where none was shown.
type batch struct {
	featurestore.Batch
	Found []*featurestore.Found
}

// Get reads one record, nil if none is held.
func (w *world) Get(ctx context.Context, ref feature.GroupRef, id string, names []feature.Name) (*featurestore.Found, error) {
	b := w.BatchGet(ctx, []featurestore.Want{{Group: ref, IDs: []string{id}, Names: names}})[0]
	if b.Refused != nil {
		return nil, b.Refused[0]
	}
	return b.Found[0], b.Err
}

// BatchGet keeps what is shown.
func (w *world) BatchGet(ctx context.Context, wants []featurestore.Want) []batch {
	batches := make([]batch, len(wants))
	for i := range wants {
		batches[i].Found = make([]*featurestore.Found, len(wants[i].IDs))
	}
	rest := w.Store.BatchGet(ctx, wants, func(want, i int, f *featurestore.Found) {
		kept := *f
		kept.Values = slices.Clone(f.Values)
		batches[want].Found[i] = &kept
	})
	for i := range batches {
		batches[i].Batch = rest[i]
	}
	return batches
}

// texts reads a record: its texts in order of definition, nil if none is held.
func (w *world) texts(group, id string, names ...feature.Name) []string {
	w.t.Helper()
	found, err := w.Get(w.t.Context(), feature.GroupRef(group), id, names)
	if err != nil {
		w.t.Fatalf("get %s: %v", id, err)
	}
	if found == nil {
		return nil
	}
	texts := []string{}
	for _, v := range found.Values {
		texts = append(texts, v.Text)
	}
	return texts
}

// entries reads what waits in the journal for a group.
func (w *world) entries(g feature.GroupID) []*feature.Entry {
	w.t.Helper()
	snapshot, err := w.db.Offline().Snapshot(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() {
		if err := snapshot.Close(); err != nil {
			w.t.Error(err)
		}
	}()
	var entries []*feature.Entry
	for e, err := range snapshot.Entries(g) {
		if err != nil {
			w.t.Fatal(err)
		}
		entries = append(entries, e)
	}
	return entries
}
