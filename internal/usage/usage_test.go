package usage_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/table"
	"github.com/larder-dev/larder/internal/usage"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// A world is the embedded stores in a directory of their own, which is measured. It has the buckets
// "lake" and "pond".
type world struct {
	*usage.Meter
	t       *testing.T
	dir     string
	blobs   *blob.Store
	buckets *bucket.Store
	tables  *table.Store
	groups  *featurestore.Store
	files   []*bucket.Object // of datasets
}

func (w *world) datasets(context.Context) iter.Seq2[*bucket.Object, error] {
	return func(yield func(*bucket.Object, error) bool) {
		for _, f := range w.files {
			if !yield(f, nil) {
				return
			}
		}
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	now := func() time.Time { return noon }
	db, err := embedded.Open(filepath.Join(w.dir, "db"), vfs.Default, embedded.Options{})
	w.check(err)
	t.Cleanup(func() { w.check(db.Close()) })
	w.blobs, err = blob.Open(filepath.Join(w.dir, "blobs"), vfs.Default)
	w.check(err)
	w.buckets = bucket.New(db.Objects(), w.blobs, bucket.Options{Account: "123456789012", Region: "us-east-1"})
	w.tables = table.New(db.Tables(), db.Offline(), w.buckets, table.Options{Groups: db.Groups().List, Now: func() time.Time { return time.Now().Add(time.Hour) }})
	w.groups = featurestore.New(db.Groups(), db.Records(), w.tables, w.buckets, featurestore.Options{Account: "123456789012", Region: "us-east-1", Now: now})
	w.Meter = usage.New(w.tables, w.buckets, usage.Options{
		Root: os.DirFS(w.dir), Database: "db", Blobs: "blobs", Imports: "imports", Scratch: "scratch", Labels: "datasets",
		Datasets: w.datasets, Estimate: db.Estimate, Now: now,
	})
	w.check(w.buckets.CreateBucket(t.Context(), "lake"))
	w.check(w.buckets.CreateBucket(t.Context(), "pond"))
	return w
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) put(name, key string, size int) {
	w.t.Helper()
	_, err := w.buckets.Put(w.t.Context(), bucket.ObjectRef{Bucket: name, Key: key}, strings.NewReader(strings.Repeat("x", size)), bucket.Content{}, nil)
	w.check(err)
}

// measure measures, and holds every sum against its parts.
func (w *world) measure() *usage.Report {
	w.t.Helper()
	r, err := w.Measure(w.t.Context())
	w.check(err)
	if sum := r.Database.Bytes + r.Blobs.Bytes + r.Imports + r.Scratch + r.Other; sum != r.Total {
		w.t.Errorf("the parts are %d bytes together, the total is %d", sum, r.Total)
	}
	if b := r.Blobs; b.Objects+b.Datasets+b.Replaced+b.Uploads+b.Nobody != b.Bytes {
		w.t.Errorf("the parts of the blobs are not their sum: %+v", b)
	}
	var stored int64
	for _, b := range r.Buckets {
		stored += b.Stored
	}
	if stored != r.Blobs.Objects {
		w.t.Errorf("the buckets have %d bytes stored, objects have %d", stored, r.Blobs.Objects)
	}
	return r
}

func TestAnEmptyDirectoryIsAllItsOwn(t *testing.T) {
	w := newWorld(t)
	r := w.measure()
	want := []usage.Bucket{{Name: "lake"}, {Name: "pond"}}
	if diff := cmp.Diff(want, r.Buckets); diff != "" || r.Blobs != (usage.Blobs{}) || len(r.Tables) != 0 || !r.At.Equal(noon) {
		t.Errorf("%+v; buckets (-want +got):\n%s", r, diff)
	}
	if r.Database.Bytes <= 0 || r.Database.Log <= 0 || r.Database.Log > r.Database.Bytes {
		t.Errorf("the database is %+v", r.Database)
	}
}

// A copy has the bytes of its source: they are stored once, and for the bucket that has them first.
func TestACopyIsStoredOnce(t *testing.T) {
	w := newWorld(t)
	w.put("pond", "source", 1000)
	source := bucket.Source{ObjectRef: bucket.ObjectRef{Bucket: "pond", Key: "source"}}
	for _, target := range []bucket.ObjectRef{{Bucket: "lake", Key: "copy"}, {Bucket: "pond", Key: "copy"}} {
		_, err := w.buckets.Copy(t.Context(), target, source, nil, "", nil)
		w.check(err)
	}
	w.put("pond", "other", 10)
	w.put("pond", "empty", 0)
	r := w.measure()
	want := []usage.Bucket{{Name: "lake", Objects: 1, Bytes: 1000, Stored: 1000}, {Name: "pond", Objects: 4, Bytes: 2010, Stored: 10}}
	if diff := cmp.Diff(want, r.Buckets); diff != "" {
		t.Errorf("buckets (-want +got):\n%s", diff)
	}
	if want := (usage.Blobs{Files: 2, Bytes: 1010, Objects: 1010}); r.Blobs != want {
		t.Errorf("blobs are %+v, want %+v", r.Blobs, want)
	}
}

func TestWhatIsNoObjectAnyMoreOrNotYet(t *testing.T) {
	w := newWorld(t)
	w.put("lake", "gone", 100)
	w.put("lake", "changed", 200)
	w.put("lake", "changed", 30)
	w.check(w.buckets.Delete(t.Context(), "lake", []string{"gone"}, nil))
	u, err := w.buckets.CreateUpload(t.Context(), bucket.ObjectRef{Bucket: "lake", Key: "big"}, nil, "", false)
	w.check(err)
	upload := bucket.UploadRef{ObjectRef: bucket.ObjectRef{Bucket: "lake", Key: "big"}, ID: u.ID}
	for n, size := range []int{500, 70, 8} {
		_, err := w.buckets.PutPart(t.Context(), upload, n/2+1, strings.NewReader(strings.Repeat("y", size)), bucket.Content{})
		w.check(err)
	}
	// Staged, and in no commit.
	staged, err := w.buckets.Stage(t.Context(), bucket.ObjectRef{Bucket: "lake", Key: "staged"}, strings.NewReader("12345"), bucket.Content{}, nil)
	w.check(err)

	r := w.measure()
	// Part 1 was sent twice: its first 500 bytes are nobody's.
	want := usage.Bucket{Name: "lake", Objects: 1, Bytes: 30, Stored: 30, Uploads: 1, Parts: 2, UploadedBytes: 78}
	if diff := cmp.Diff(want, r.Buckets[0]); diff != "" {
		t.Errorf("the bucket (-want +got):\n%s", diff)
	}
	if want := (usage.Blobs{Files: 7, Bytes: 913, Objects: 30, Uploads: 78, Nobody: 805}); r.Blobs != want {
		t.Errorf("blobs are %+v, want %+v", r.Blobs, want)
	}
	w.buckets.Discard(t.Context(), staged)
	if r := w.measure(); r.Blobs.Nobody != 800 || r.Blobs.Files != 6 {
		t.Errorf("without the staged one: %+v", r.Blobs)
	}
}

func TestACompletedUploadIsAnObject(t *testing.T) {
	w := newWorld(t)
	ref := bucket.ObjectRef{Bucket: "lake", Key: "big"}
	u, err := w.buckets.CreateUpload(t.Context(), ref, nil, "", false)
	w.check(err)
	upload := bucket.UploadRef{ObjectRef: ref, ID: u.ID}
	var parts []bucket.PartRef
	for n, size := range []int{bucket.MinPart, 7} {
		p, err := w.buckets.PutPart(t.Context(), upload, n+1, strings.NewReader(strings.Repeat("y", size)), bucket.Content{})
		w.check(err)
		parts = append(parts, bucket.PartRef{Number: n + 1, ETag: p.ETag})
	}
	_, err = w.buckets.Complete(t.Context(), upload, bucket.Completion{Parts: parts}, nil)
	w.check(err)
	r := w.measure()
	const size = bucket.MinPart + 7
	if diff := cmp.Diff(usage.Bucket{Name: "lake", Objects: 1, Bytes: size, Stored: size}, r.Buckets[0]); diff != "" {
		t.Errorf("the bucket (-want +got):\n%s", diff)
	}
	if want := (usage.Blobs{Files: 2, Bytes: size, Objects: size}); r.Blobs != want {
		t.Errorf("blobs are %+v, want %+v", r.Blobs, want)
	}
}

// Files that a merge replaced are counted beside those that are there, until somebody else has them.
func TestReplacedFilesOfATable(t *testing.T) {
	w := newWorld(t)
	g, err := w.groups.CreateGroup(t.Context(), &feature.Group{
		Name: "g", RecordIdentifier: "id", EventTime: "at", RoleARN: "arn:aws:iam::123456789012:role/r", Offline: &feature.Offline{S3URI: "s3://lake/fs"},
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.Fractional}},
	})
	w.check(err)
	for i := range 9 {
		w.check(w.groups.Put(t.Context(), &featurestore.Put{Group: "g", Accepted: noon,
			Fields: []feature.Field{{Name: "id", Text: string(rune('a' + i))}, {Name: "at", Text: "1700000000"}}}))
		w.check(w.tables.FlushNow(t.Context()))
	}
	w.check(w.tables.CompactNow(t.Context()))
	_, prefix := g.Offline.Location()
	w.put("lake", prefix+"/of-spark.parquet", 11)
	r := w.measure()
	b := r.Buckets[0]
	// The group's marker, the merged file and the foreign one.
	if b.Objects != 3 || b.Replaced != 9 || b.ReplacedBytes <= 0 || r.Blobs.Replaced != b.ReplacedBytes || r.Blobs.Files != 11 {
		t.Errorf("the bucket is %+v, blobs %+v", b, r.Blobs)
	}
	want := table.Usage{Group: "g", Location: g.Offline.Resolved, Files: 2, Rows: 9, Bytes: b.Bytes, Foreign: 1, ForeignBytes: 11, Replaced: 9, ReplacedBytes: b.ReplacedBytes}
	if diff := cmp.Diff([]table.Usage{want}, r.Tables, cmpopts.IgnoreFields(table.Usage{}, "Database", "Table")); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
	// Who copies a file that was replaced has its bytes: they are an object's then.
	replaced := ""
	for o, err := range w.buckets.Replaced(t.Context(), "lake", "") {
		w.check(err)
		replaced = o.Key
	}
	_, err = w.buckets.Copy(t.Context(), bucket.ObjectRef{Bucket: "pond", Key: "copy"}, bucket.Source{ObjectRef: bucket.ObjectRef{Bucket: "lake", Key: replaced}},
		nil, "", nil)
	w.check(err)
	after := w.measure()
	if copied := after.Buckets[1].Bytes; copied <= 0 || after.Blobs.Replaced != r.Blobs.Replaced-copied || after.Blobs.Objects != r.Blobs.Objects+copied {
		t.Errorf("after a copy of %d bytes: %+v, before %+v", copied, after.Blobs, r.Blobs)
	}
}

// Every file is counted, whoever put it there, and in one place.
func TestFilesOfOthersAreCounted(t *testing.T) {
	w := newWorld(t)
	before := w.measure()
	for name, size := range map[string]int{
		"imports/x/hours-0": 100, "imports/x.errors": 20, "scratch/1/spill": 3000, "larder.json": 4, "notes/deep/down": 50,
		"db/MINE.log": 600, "db/mine": 7, "blobs/README": 80, "blobs/ff/stranger": 900, "database": 1, "imports.bak": 2,
	} {
		path := filepath.Join(w.dir, name)
		w.check(os.MkdirAll(filepath.Dir(path), 0o700))
		w.check(os.WriteFile(path, make([]byte, size), 0o600))
	}
	w.check(os.Symlink("nowhere", filepath.Join(w.dir, "dangling")))
	r := w.measure()
	if r.Imports != 120 || r.Scratch != 3000 || r.Other != before.Other+4+50+1+2+int64(len("nowhere")) {
		t.Errorf("imports %d, scratch %d, other %d", r.Imports, r.Scratch, r.Other)
	}
	if r.Database.Bytes != before.Database.Bytes+607 || r.Database.Log != before.Database.Log+600 {
		t.Errorf("the database was %+v and is %+v", before.Database, r.Database)
	}
	if want := (usage.Blobs{Files: 2, Bytes: 980, Nobody: 980}); r.Blobs != want {
		t.Errorf("blobs are %+v, want %+v", r.Blobs, want)
	}
}

func TestMeasureEndsWithItsContext(t *testing.T) {
	w := newWorld(t)
	w.put("lake", "x", 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := w.Measure(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTheFilesOfDatasetsAreTheirs(t *testing.T) {
	w := newWorld(t)
	file, err := w.buckets.StageNameless(t.Context(), strings.NewReader("rows"), nil)
	w.check(err)
	if r := w.measure(); r.Blobs.Nobody != 4 || r.Blobs.Datasets != 0 {
		t.Errorf("a file that no dataset has: %+v", r.Blobs)
	}
	w.files = append(w.files, file)
	w.check(os.MkdirAll(filepath.Join(w.dir, "datasets", "churn-1"), 0o700))
	w.check(os.WriteFile(filepath.Join(w.dir, "datasets", "churn-1", "labels.parquet"), []byte("labels"), 0o600))
	if r := w.measure(); r.Blobs.Nobody != 0 || r.Blobs.Datasets != 4 || r.Scratch != 6 {
		t.Errorf("a file that a dataset has: %+v, and %d bytes of scratch", r.Blobs, r.Scratch)
	}
}
