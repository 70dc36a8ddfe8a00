package bucket_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
)

// A world is a store over the real backends, on a file system in memory, with the bucket "b-1".
type world struct {
	*bucket.Store
	blobs *blob.Store
	db    *embedded.Store
	clock *clock
}

// A clock stands still until it is moved.
type clock struct {
	mu sync.Mutex // guards at
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func openWorld(t testing.TB, fs vfs.FS, c *clock) world {
	t.Helper()
	db, err := embedded.Open("/data/db", fs, embedded.Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open("/data/blobs", fs)
	if err != nil {
		t.Fatal(err)
	}
	return world{bucket.New(db.Objects(), blobs, bucket.Options{Account: "123456789012", Region: "us-east-1", Now: c.now}), blobs, db, c}
}

func newWorld(t testing.TB) world {
	t.Helper()
	w := openWorld(t, vfs.NewMem(), &clock{at: time.Now()})
	t.Cleanup(func() {
		if err := w.db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	if err := w.CreateBucket(t.Context(), "b-1"); err != nil {
		t.Fatal(err)
	}
	return w
}

func ref(key string) bucket.ObjectRef { return bucket.ObjectRef{Bucket: "b-1", Key: key} }

func (w world) put(t testing.TB, key, body string) *bucket.Object {
	t.Helper()
	o, err := w.Put(t.Context(), ref(key), strings.NewReader(body), bucket.Content{}, nil)
	if err != nil {
		t.Fatalf("Put %s: %v", key, err)
	}
	return o
}

func (w world) read(t testing.TB, o *bucket.Object) string {
	t.Helper()
	r, err := w.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("Open %s: %v", o.Key, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %s: %v", o.Key, err)
	}
	return string(b)
}

// held counts the blobs on the disk.
func (w world) held(t testing.TB) int {
	t.Helper()
	n := 0
	for _, err := range w.blobs.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func wantReason(t testing.TB, err error, reason bucket.Reason, kind feature.Kind) {
	t.Helper()
	var e *bucket.Error
	if !errors.As(err, &e) || e.Reason != reason || feature.KindOf(err) != kind {
		t.Errorf("err = %v, want reason %d of kind %d", err, reason, kind)
	}
}

func TestBodyThatFailsAtItsEndStoresNothing(t *testing.T) {
	w := newWorld(t)
	w.put(t, "k", "before")
	forged := errors.New("signature does not match")
	for _, n := range []int{0, 1, 1000, 1 << 20} {
		body := io.MultiReader(strings.NewReader(strings.Repeat("x", n)), iotest.ErrReader(forged))
		if _, err := w.Put(t.Context(), ref("k"), body, bucket.Content{}, nil); !errors.Is(err, forged) {
			t.Errorf("Put of %d bytes: %v, want the body's own error", n, err)
		}
	}
	o, err := w.Get(t.Context(), ref("k"))
	if err != nil {
		t.Fatal(err)
	}
	if got := w.read(t, o); got != "before" {
		t.Errorf("the object is %q", got)
	}
	if n := w.held(t); n != 1 {
		t.Errorf("%d blobs on the disk, want 1", n)
	}
}

func TestRefusedPutLeavesNoBlob(t *testing.T) {
	w := newWorld(t)
	no := errors.New("no")
	_, err := w.Put(t.Context(), ref("k"), strings.NewReader("x"), bucket.Content{}, func(*bucket.Object) error {
		return feature.Errorf(feature.Conflict, "%v", no)
	})
	if feature.KindOf(err) != feature.Conflict {
		t.Errorf("err = %v", err)
	}
	if n := w.held(t); n != 0 {
		t.Errorf("%d blobs on the disk, want 0", n)
	}
}

func TestNamesOfBuckets(t *testing.T) {
	for name, ok := range map[string]bool{
		"abc": true, "a-b.c1": true, strings.Repeat("a", 63): true, "123": true, "sagemaker-us-east-1-123456789012": true,
		"": false, "ab": false, strings.Repeat("a", 64): false, "Abc": false, "a_b": false, "-ab": false, "ab-": false, ".ab": false,
		"a..b": false, "192.168.0.1": false, "xn--abc": false, "abc-s3alias": false, "a b": false, "../x": false, "äbc": false, "a\x00bc": false, "a-.b": true,
	} {
		if err := bucket.CheckName(name); (err == nil) != ok {
			t.Errorf("CheckName(%q) = %v, want ok %t", name, err, ok)
		}
	}
}

func TestStagedObjectIsInvisibleUntilCommitted(t *testing.T) {
	w := newWorld(t)
	rows := &bucket.Rows{Count: 3}
	o, err := w.Stage(t.Context(), ref("t/part.parquet"), strings.NewReader("PAR1"), bucket.Content{}, rows)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Get(t.Context(), ref("t/part.parquet")); err == nil {
		t.Error("a staged object can be read by its key")
	}
	if err := w.db.Objects().Commit(t.Context(), bucket.Change{Put: []*bucket.Object{o}}); err != nil {
		t.Fatal(err)
	}
	got, err := w.Get(t.Context(), ref("t/part.parquet"))
	if err != nil || w.read(t, got) != "PAR1" || got.Rows == nil || got.Rows.Count != 3 {
		t.Errorf("Get = %+v, %v", got, err)
	}
	if paths := w.Paths(got); len(paths) != 1 || !strings.HasPrefix(paths[0], "/data/blobs/") {
		t.Errorf("Paths = %v", paths)
	}
	other, err := w.Stage(t.Context(), ref("x"), strings.NewReader("y"), bucket.Content{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.Discard(t.Context(), other)
	if n := w.held(t); n != 1 {
		t.Errorf("%d blobs after Discard, want 1", n)
	}
	_, err = w.Stage(t.Context(), bucket.ObjectRef{Bucket: "absent", Key: "k"}, strings.NewReader("y"), bucket.Content{}, nil)
	wantReason(t, err, bucket.BucketMissing, feature.NotFound)
}

func TestSweepRemovesWhatWasRetiredAnHourAgo(t *testing.T) {
	w := newWorld(t)
	old := w.put(t, "k", "old")
	kept := w.put(t, "k", "new")
	w.clock.move(time.Hour - time.Second)
	if err := w.SweepRetired(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.read(t, old); got != "old" {
		t.Errorf("within the hour the old bytes are %q", got)
	}
	w.clock.move(2 * time.Second)
	if err := w.SweepRetired(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Open(t.Context(), old); err == nil || feature.KindOf(err) != feature.Fault {
		t.Errorf("Open of removed bytes: %v, want a fault", err)
	}
	if got := w.read(t, kept); got != "new" {
		t.Errorf("the object is %q", got)
	}
	if n := w.held(t); n != 1 {
		t.Errorf("%d blobs on the disk, want 1", n)
	}
}

func TestSweepRemovesOrphansOfEarlierStartsOnly(t *testing.T) {
	fs := vfs.NewMem()
	w := openWorld(t, fs, &clock{at: time.Now()})
	if err := w.CreateBucket(t.Context(), "b-1"); err != nil {
		t.Fatal(err)
	}
	w.put(t, "kept", "kept")
	w.put(t, "deleted", "deleted")
	if err := w.Delete(t.Context(), "b-1", []string{"deleted"}, nil); err != nil {
		t.Fatal(err)
	}
	up, err := w.CreateUpload(t.Context(), ref("up"), nil, "", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.PutPart(t.Context(), bucket.UploadRef{ObjectRef: ref("up"), ID: up.ID}, 1, strings.NewReader("part"), bucket.Content{}); err != nil {
		t.Fatal(err)
	}
	orphan, err := w.Stage(t.Context(), ref("orphan"), strings.NewReader("orphan"), bucket.Content{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}

	// The clock was an hour ahead: what this start makes looks older than the start.
	w = openWorld(t, fs, &clock{at: time.Now().Add(time.Hour)})
	defer w.db.Close()
	staged, err := w.Stage(t.Context(), ref("staged"), strings.NewReader("staged"), bucket.Content{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.SweepOrphans(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Open(t.Context(), orphan); err == nil {
		t.Error("the orphan of the earlier start is still there")
	}
	if got := w.read(t, staged); got != "staged" {
		t.Errorf("staged in this start: %q", got)
	}
	if n := w.held(t); n != 4 { // kept, deleted (an hour to go), the part, staged
		t.Errorf("%d blobs on the disk, want 4", n)
	}
}

func TestTruncatedBlobIsAFaultNotAShortObject(t *testing.T) {
	w := newWorld(t)
	o := *w.put(t, "k", "hello")
	o.Blobs = []bucket.BlobPart{{ID: o.Blobs[0].ID, Size: 6}}
	o.Size = 6
	if _, err := w.Open(t.Context(), &o); err == nil || feature.KindOf(err) != feature.Fault {
		t.Errorf("Open = %v, want a fault", err)
	}
	o.Blobs[0].Size = 5
	if _, err := w.Open(t.Context(), &o); err == nil || feature.KindOf(err) != feature.Fault {
		t.Errorf("Open = %v, want a fault", err)
	}
}

func TestReaderJoinsBlobs(t *testing.T) {
	w := newWorld(t)
	var o bucket.Object
	want := ""
	for _, part := range []string{"", "a", "bcd", "", "efghij", ""} {
		blob, err := w.blobs.Create(t.Context(), strings.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		o.Blobs = append(o.Blobs, blob)
		o.Size += blob.Size
		want += part
	}
	r, err := w.Open(t.Context(), &o)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := iotest.TestReader(r, []byte(want)); err != nil {
		t.Error(err)
	}
	for from := range want {
		for to := from; to <= len(want); to++ {
			b := make([]byte, to-from)
			if n, err := r.ReadAt(b, int64(from)); err != nil || string(b[:n]) != want[from:to] {
				t.Errorf("ReadAt %d to %d = %q, %v", from, to, b[:n], err)
			}
		}
	}
}

func TestCompleteWhilePartsAreReplaced(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	up, err := w.CreateUpload(ctx, ref("k"), nil, "", false)
	if err != nil {
		t.Fatal(err)
	}
	u := bucket.UploadRef{ObjectRef: ref("k"), ID: up.ID}
	p, err := w.PutPart(ctx, u, 1, strings.NewReader("same"), bucket.Content{})
	if err != nil {
		t.Fatal(err)
	}
	// Retries of one part arrive late, with the same bytes, while the upload is completed.
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				if _, err := w.PutPart(ctx, u, 1, strings.NewReader("same"), bucket.Content{}); err != nil {
					wantReason(t, err, bucket.UploadMissing, feature.NotFound)
					return
				}
			}
		})
	}
	o, err := w.Complete(ctx, u, bucket.Completion{Parts: []bucket.PartRef{{Number: 1, ETag: p.ETag}}}, nil)
	if err != nil && feature.KindOf(err) != feature.Conflict {
		t.Fatal(err)
	}
	for err != nil { // the client's own retry
		if o, err = w.Complete(ctx, u, bucket.Completion{Parts: []bucket.PartRef{{Number: 1, ETag: p.ETag}}}, nil); err != nil && feature.KindOf(err) != feature.Conflict {
			t.Fatal(err)
		}
	}
	wg.Wait()
	w.clock.move(2 * time.Hour)
	if err := w.SweepRetired(ctx); err != nil {
		t.Fatal(err)
	}
	if got := w.read(t, o); got != "same" {
		t.Errorf("the object is %q", got)
	}
	if n := w.held(t); n != 1 {
		t.Errorf("%d blobs on the disk, want 1", n)
	}
}

func TestAcknowledgedPutSurvivesACrash(t *testing.T) {
	mem := vfs.NewCrashableMem()
	w := openWorld(t, mem, &clock{at: time.Now()})
	defer w.db.Close()
	if err := w.CreateBucket(t.Context(), "b-1"); err != nil {
		t.Fatal(err)
	}
	up, err := w.CreateUpload(t.Context(), ref("parts"), nil, bucket.CRC32, false)
	if err != nil {
		t.Fatal(err)
	}
	u := bucket.UploadRef{ObjectRef: ref("parts"), ID: up.ID}
	for i := range 5 {
		w.put(t, "k", fmt.Sprint("body ", i))
		if _, err := w.PutPart(t.Context(), u, 1, strings.NewReader(fmt.Sprint("part ", i)), bucket.Content{}); err != nil {
			t.Fatal(err)
		}
		after := openWorld(t, mem.CrashClone(vfs.CrashCloneCfg{}), w.clock)
		if err := after.SweepOrphans(t.Context()); err != nil {
			t.Fatal(err)
		}
		o, err := after.Get(t.Context(), ref("k"))
		if err != nil {
			t.Fatalf("crash after put %d: %v", i, err)
		}
		if got, want := after.read(t, o), fmt.Sprint("body ", i); got != want {
			t.Errorf("crash after put %d: %q", i, got)
		}
		_, parts, err := after.Parts(t.Context(), u)
		if err != nil || len(parts) != 1 {
			t.Fatalf("crash after part %d: %v, %v", i, parts, err)
		}
		joined, err := after.Complete(t.Context(), u, bucket.Completion{Parts: []bucket.PartRef{{Number: 1, ETag: parts[0].ETag}}}, nil)
		if err != nil {
			t.Fatalf("crash after part %d: Complete: %v", i, err)
		}
		if got, want := after.read(t, joined), fmt.Sprint("part ", i); got != want {
			t.Errorf("crash after part %d: %q", i, got)
		}
		if err := after.db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPagesAreThoseOfANaiveListing(t *testing.T) {
	seed := rand.Uint64()
	if text := os.Getenv("SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatal(err)
		}
	}
	defer func() {
		if t.Failed() {
			t.Logf("replay: SEED=%d go test -run '%s' ./internal/bucket", seed, t.Name())
		}
	}()
	rng := rand.New(rand.NewPCG(seed, 0))
	w := newWorld(t)
	word := func(n int) string {
		b := make([]byte, rng.IntN(n))
		for i := range b {
			b[i] = "ab/-"[rng.IntN(4)]
		}
		return string(b)
	}
	var keys []string
	for range 300 {
		if k := word(7); k != "" {
			keys = append(keys, k)
			w.put(t, k, "")
		}
	}
	for i := range 80 { // enough under one prefix to step over
		keys = append(keys, fmt.Sprintf("b/%02d", i))
		w.put(t, keys[len(keys)-1], "")
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for range 300 {
		p := bucket.Page{Bucket: "b-1", Prefix: word(3), Delimiter: []string{"", "/", "-", "/a"}[rng.IntN(4)], After: word(4), Limit: 1 + rng.IntN(20)}
		want := naive(keys, p)
		var got []string
		for at := p; ; {
			l, err := w.ListPage(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			var page []string
			for _, o := range l.Objects {
				page = append(page, o.Key)
			}
			page = append(page, l.Prefixes...)
			slices.Sort(page)
			got = append(got, page...)
			if len(page) > p.Limit || l.More && (len(page) < p.Limit || l.Last != page[len(page)-1]) {
				t.Fatalf("%+v: page of %d, more %t, last %q", at, len(page), l.More, l.Last)
			}
			if !l.More {
				break
			}
			at.After, at.SkipPrefix = l.Last, true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%+v (-want +got):\n%s", p, diff)
		}
	}
}

// naive lists as S3's documentation says, all at once.
func naive(keys []string, p bucket.Page) []string {
	var out []string
	for _, k := range keys {
		rest, ok := strings.CutPrefix(k, p.Prefix)
		if !ok || k <= p.After {
			continue
		}
		if before, _, found := strings.Cut(rest, p.Delimiter); p.Delimiter != "" && found {
			k = p.Prefix + before + p.Delimiter
		}
		if len(out) == 0 || out[len(out)-1] != k {
			out = append(out, k)
		}
	}
	return out
}

func TestCombinedCRCIsThatOfTheWhole(t *testing.T) {
	w := newWorld(t)
	for _, algorithm := range []string{bucket.CRC32, bucket.CRC32C, bucket.CRC64NVME} {
		t.Run(algorithm, func(t *testing.T) {
			up, err := w.CreateUpload(t.Context(), ref("k"), nil, algorithm, true)
			if err != nil {
				t.Fatal(err)
			}
			u := bucket.UploadRef{ObjectRef: ref("k"), ID: up.ID}
			body := bytes.Repeat([]byte("0123456789abcdef"), bucket.MinPart/8)
			var refs []bucket.PartRef
			for i, part := range [][]byte{body[:bucket.MinPart+7], body[bucket.MinPart+7:]} {
				p, err := w.PutPart(t.Context(), u, i+1, bytes.NewReader(part), bucket.Content{})
				if err != nil {
					t.Fatal(err)
				}
				refs = append(refs, bucket.PartRef{Number: i + 1, ETag: p.ETag})
			}
			o, err := w.Complete(t.Context(), u, bucket.Completion{Parts: refs}, nil)
			if err != nil {
				t.Fatal(err)
			}
			whole, err := w.Put(t.Context(), ref("whole"), bytes.NewReader(body), bucket.Content{Checksums: []string{algorithm}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(whole.Checksums, o.Checksums); diff != "" {
				t.Errorf("checksum (-whole +combined):\n%s", diff)
			}
		})
	}
}

func FuzzRange(f *testing.F) {
	for _, seed := range []string{"bytes=0-9", "bytes=-5", "bytes=5-", "bytes=9223372036854775808-", "bytes=-0", "bytes=1-2,3-4", "bytes", "bytes= 1 - 2"} {
		f.Add(seed, int64(10))
	}
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 0 {
			return
		}
		r, ok, err := bucket.ParseRange(header, size)
		if err != nil {
			wantReason(t, err, bucket.RangeUnsatisfied, feature.Invalid)
			return
		}
		if ok && (r.First < 0 || r.First > r.Last || r.Last >= size) {
			t.Errorf("ParseRange(%q, %d) = %+v", header, size, r)
		}
	})
}

func FuzzCombineCRC(f *testing.F) {
	f.Add([]byte("hello "), []byte("world"))
	f.Add([]byte(""), []byte("x"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		want := crc32.ChecksumIEEE(append(slices.Clone(a), b...))
		got := bucket.CombineCRC(bucket.CRC32, uint64(crc32.ChecksumIEEE(a)), uint64(crc32.ChecksumIEEE(b)), int64(len(b)))
		if uint64(want) != got {
			t.Errorf("CRC of %q and %q is %x, want %x", a, b, got, want)
		}
	})
}

func BenchmarkPut(b *testing.B) {
	for _, size := range []int{1 << 10, 8 << 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			w := newWorld(b)
			body := bytes.Repeat([]byte{7}, size)
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := w.Put(b.Context(), ref("k"), bytes.NewReader(body), bucket.Content{Checksums: []string{bucket.CRC32}}, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
