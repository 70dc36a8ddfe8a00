package embedded

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/backendtest"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// filling is a file system that says how much is free.
type filling struct {
	vfs.FS
	free atomic.Uint64
}

func (f *filling) GetDiskUsage(string) (vfs.DiskUsage, error) {
	return vfs.DiskUsage{AvailBytes: f.free.Load(), TotalBytes: 1 << 40}, nil
}

func TestFullDiskRefusesWhatAddsAndTakesWhatRemoves(t *testing.T) {
	fs := &filling{FS: vfs.NewMem()}
	fs.free.Store(1 << 30)
	now := noon
	s := reopen(t, fs, Options{Now: func() time.Time { return now }})
	g := mustNew(t, s, "a")
	mustBucket(t, s)
	x, ctx := s.Objects(), t.Context()
	object := &bucket.Object{Bucket: "b", Key: "k", Blobs: []bucket.BlobPart{{ID: "one"}}}
	part := bucket.BlobID("two")
	adds := []struct {
		name string
		do   func() error
	}{
		{"a record", func() error { return s.Records().Do(ctx, g, "1", accept("1", "x")) }},
		{"an object", func() error { return x.Commit(ctx, bucket.Change{Put: []*bucket.Object{object}}) }},
		{"a document", func() error {
			return x.Commit(ctx, bucket.Change{Documents: []bucket.Document{{Bucket: "b", Name: "n", Text: "t"}}})
		}},
		{"an upload", func() error { return x.CreateUpload(ctx, bucket.Upload{ID: "u", Bucket: "b", Key: "k"}) }},
		{"a part", func() error {
			return x.PutPart(ctx, "u", bucket.Part{Number: 1, Blob: bucket.BlobPart{ID: part}})
		}},
	}
	for _, free := range []uint64{1 << 30, 31 << 20, 1 << 30} {
		fs.free.Store(free)
		now = now.Add(time.Second)
		for _, add := range adds {
			want := feature.Kind(feature.Fault) // none
			if free < 1<<30 {
				want = feature.Unavailable
			}
			if got := feature.KindOf(add.do()); got != want {
				t.Errorf("%s with %d bytes free: kind %d, want %d", add.name, free, got, want)
			}
		}
		if free < 1<<30 {
			if err := x.Commit(ctx, bucket.Change{Delete: []bucket.ObjectRef{{Bucket: "b", Key: "k"}}, EndUpload: "u"}); err != nil {
				t.Errorf("what removes, with %d bytes free: %v", free, err)
			}
		}
		if _, err := backendtest.Held(ctx, s.Records(), g.ID, []string{"1"}); err != nil {
			t.Errorf("a read with %d bytes free: %v", free, err)
		}
		object, part = &bucket.Object{Bucket: "b", Key: "k", Blobs: []bucket.BlobPart{{ID: "three"}}}, "four"
	}
}
