package bucket_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// file stages a file of a table, whose bytes are the names of its rows.
func (w world) file(t testing.TB, key string, rows ...string) *bucket.Object {
	t.Helper()
	o, err := w.Stage(t.Context(), ref(key), strings.NewReader(strings.Join(rows, " ")), bucket.Content{}, &bucket.Rows{Count: int64(len(rows))})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// commit changes the index as a flush or a compaction does.
func (w world) commit(t testing.TB, c bucket.Change) {
	t.Helper()
	if err := w.db.Objects().Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func TestReplacedObjectIsReadByKeyForTheRetention(t *testing.T) {
	w := newWorld(t)
	old := w.file(t, "old", "a")
	w.commit(t, bucket.Change{Put: []*bucket.Object{old}})
	w.commit(t, bucket.Change{Put: []*bucket.Object{w.file(t, "new", "a")}, Replace: []bucket.ObjectRef{ref("old")}})
	w.clock.move(time.Hour)
	sweep := func() {
		t.Helper()
		if err := w.SweepRetired(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	sweep()
	got, err := w.Get(t.Context(), ref("old"))
	if err != nil {
		t.Fatal(err)
	}
	if text := w.read(t, got); text != "a" {
		t.Errorf("the replaced object reads %q", text)
	}
	// A copy of it is an object like any other.
	if _, err := w.Copy(t.Context(), ref("copy"), bucket.Source{ObjectRef: ref("old")}, nil, "", nil); err != nil {
		t.Fatal(err)
	}
	wantReason(t, w.SetHeader(t.Context(), ref("old"), "X-Amz-Tagging", "a=b"), bucket.KeyMissing, feature.NotFound)
	w.clock.move(6 * time.Minute)
	sweep()
	_, err = w.Get(t.Context(), ref("old"))
	wantReason(t, err, bucket.KeyMissing, feature.NotFound)
	if err := w.Delete(t.Context(), "b-1", []string{"copy"}, nil); err != nil {
		t.Fatal(err)
	}
	w.clock.move(2 * time.Hour)
	sweep()
	if n := w.held(t); n != 1 {
		t.Errorf("%d blobs are held, want that of the new object alone", n)
	}
}

// A listing of pages goes on while files are flushed and compacted between any two of them: each row
// that was there when it began is in it once, and none that came later.
func TestPagesShowTheRowsOfTheirBeginning(t *testing.T) {
	for _, byKey := range []bool{false, true} {
		t.Run(fmt.Sprint("by key ", byKey), func(t *testing.T) { pagesShowRows(t, byKey) })
	}
}

func pagesShowRows(t *testing.T, byKey bool) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	w := newWorld(t)
	rows := 0
	present := map[string]*bucket.Object{}
	change := func() {
		var c bucket.Change
		var names []string
		for key, o := range present {
			if rng.IntN(4) == 0 {
				names = append(names, strings.Fields(w.read(t, o))...)
				c.Replace, c.Require = append(c.Replace, ref(key)), append(c.Require, o)
			}
		}
		if len(names) == 0 {
			names = append(names, fmt.Sprint("row", rows))
			rows++
		}
		o := w.file(t, fmt.Sprintf("t/%04d-%d", rng.IntN(10000), rng.Uint64()), names...)
		c.Put = []*bucket.Object{o}
		w.commit(t, c)
		for _, r := range c.Replace {
			delete(present, r.Key)
		}
		present[o.Key] = o
		w.clock.move(time.Duration(rng.IntN(2000)) * time.Millisecond)
	}
	for range 40 {
		for range 8 {
			change()
		}
		var want []string
		for _, o := range present {
			want = append(want, strings.Fields(w.read(t, o))...)
		}
		slices.Sort(want)
		got := w.listRows(t, bucket.Page{Bucket: "b-1", Prefix: "t/", Limit: 1 + rng.IntN(3), ByKey: byKey}, change)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("rows of the listing (-want +got):\n%s", diff)
		}
	}
}

// listRows lists page after page, with a change after each, and returns the rows of the files by key.
func (w world) listRows(t testing.TB, p bucket.Page, between func()) []string {
	t.Helper()
	var rows []string
	for {
		l, err := w.ListPage(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		between()
		for _, o := range l.Objects {
			read, err := w.Get(t.Context(), ref(o.Key)) // as a client does, later
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, strings.Fields(w.read(t, read))...)
		}
		if !l.More {
			slices.Sort(rows)
			return rows
		}
		p.After = l.Last
		if !p.ByKey {
			p.Version = l.Version
		}
	}
}

func TestListingOlderThanTheRetentionShowsThePresent(t *testing.T) {
	w := newWorld(t)
	w.commit(t, bucket.Change{Put: []*bucket.Object{w.file(t, "a", "1"), w.file(t, "b", "2"), w.file(t, "c", "3")}})
	page := bucket.Page{Bucket: "b-1", Limit: 1}
	first, err := w.ListPage(t.Context(), page)
	if err != nil {
		t.Fatal(err)
	}
	page.Limit = 10
	w.clock.move(time.Minute)
	w.commit(t, bucket.Change{Put: []*bucket.Object{w.file(t, "d", "2", "3")}, Replace: []bucket.ObjectRef{ref("b"), ref("c")}})
	list := func(v bucket.Version) []string {
		t.Helper()
		page.After, page.Version = "a", v
		l, err := w.ListPage(t.Context(), page)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, o := range l.Objects {
			keys = append(keys, o.Key)
		}
		return keys
	}
	if diff := cmp.Diff([]string{"b", "c"}, list(first.Version)); diff != "" {
		t.Errorf("the second page (-want +got):\n%s", diff)
	}
	w.clock.move(time.Hour)
	for _, v := range []bucket.Version{first.Version, 0, -5} {
		if diff := cmp.Diff([]string{"d"}, list(v)); diff != "" {
			t.Errorf("a page of version %d, too late (-want +got):\n%s", v, diff)
		}
	}
}

// part puts a part of the upload and returns how a completion names it.
func (w world) part(t testing.TB, u bucket.UploadRef, n int, body string) bucket.PartRef {
	t.Helper()
	p, err := w.PutPart(t.Context(), u, n, strings.NewReader(body), bucket.Content{})
	if err != nil {
		t.Fatal(err)
	}
	return bucket.PartRef{Number: n, ETag: p.ETag}
}

func (w world) upload(t testing.TB, key string) bucket.UploadRef {
	t.Helper()
	u, err := w.CreateUpload(t.Context(), ref(key), nil, "", false)
	if err != nil {
		t.Fatal(err)
	}
	return bucket.UploadRef{ObjectRef: ref(key), ID: u.ID}
}

func TestCompletionCanBeRepeatedWithTheSameParts(t *testing.T) {
	w := newWorld(t)
	u := w.upload(t, "k")
	last := w.part(t, u, 9000, "end") // parts come in any order
	first := w.part(t, u, 7, strings.Repeat("x", bucket.MinPart))
	done := bucket.Completion{Parts: []bucket.PartRef{first, last}}
	o, err := w.Complete(t.Context(), u, done, nil)
	if err != nil {
		t.Fatal(err)
	}
	if text := w.read(t, o); len(text) != bucket.MinPart+3 || !strings.HasSuffix(text, "xend") {
		t.Errorf("the object has %d bytes", len(text))
	}
	over := w.put(t, "k", "over") // also when somebody took the key since
	again, err := w.Complete(t.Context(), u, done, bucket.Only{IfNoneMatch: "*"}.Check())
	if err != nil || again.ETag != o.ETag {
		t.Errorf("Complete again: %v, %v, want the ETag %s", again, err, o.ETag)
	}
	if held, err := w.Get(t.Context(), ref("k")); err != nil || held.ETag != over.ETag {
		t.Errorf("after a repeated completion the key holds %v, %v", held, err)
	}
	refused := []struct {
		name   string
		upload bucket.UploadRef
		parts  []bucket.PartRef
	}{
		{"other parts", u, []bucket.PartRef{first}},
		{"another key", bucket.UploadRef{ObjectRef: ref("l"), ID: u.ID}, done.Parts},
		{"an upload that never was", bucket.UploadRef{ObjectRef: ref("k"), ID: "never"}, done.Parts},
	}
	for _, c := range refused {
		_, err := w.Complete(t.Context(), c.upload, bucket.Completion{Parts: c.parts}, nil)
		t.Run(c.name, func(t *testing.T) { wantReason(t, err, bucket.UploadMissing, feature.NotFound) })
	}
	wantReason(t, w.Abort(t.Context(), u), bucket.UploadMissing, feature.NotFound)
	w.clock.move(bucket.EndedFor + time.Second)
	if err := w.SweepUploads(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = w.Complete(t.Context(), u, done, nil)
	wantReason(t, err, bucket.UploadMissing, feature.NotFound)
}

func TestUploadsThatNobodyCompletesAreAbortedAfterSevenDays(t *testing.T) {
	w := newWorld(t)
	old := w.upload(t, "old")
	w.part(t, old, 1, "x")
	w.clock.move(24 * time.Hour)
	young := w.upload(t, "young")
	w.part(t, young, 1, "y")
	w.clock.move(6*24*time.Hour - time.Second)
	uploads := func() (keys []string) {
		t.Helper()
		if err := w.SweepUploads(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := w.Uploads(t.Context(), "b-1")
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range all {
			keys = append(keys, u.Key)
		}
		return keys
	}
	if diff := cmp.Diff([]string{"old", "young"}, uploads()); diff != "" {
		t.Errorf("within seven days (-want +got):\n%s", diff)
	}
	w.clock.move(time.Second)
	if diff := cmp.Diff([]string{"young"}, uploads()); diff != "" {
		t.Errorf("after seven days (-want +got):\n%s", diff)
	}
	w.clock.move(time.Hour + time.Second)
	if err := w.SweepRetired(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := w.held(t); n != 1 {
		t.Errorf("%d blobs are held, want the part of the young upload", n)
	}
}

func TestObjectOfPartsHasALimit(t *testing.T) {
	w := newWorld(t)
	u := w.upload(t, "k")
	var parts []bucket.PartRef
	for n := range 1025 { // as the index would know them
		etag := fmt.Sprintf("%032x", n)
		parts = append(parts, bucket.PartRef{Number: n + 1, ETag: etag})
		p := bucket.Part{Number: n + 1, ETag: etag, Blob: bucket.BlobPart{ID: bucket.BlobID(etag), Size: bucket.MaxPut}}
		if err := w.db.Objects().PutPart(context.Background(), u.ID, p); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.Complete(t.Context(), u, bucket.Completion{Parts: parts}, nil)
	wantReason(t, err, bucket.EntityTooLarge, feature.Invalid)
	o, err := w.Complete(t.Context(), u, bucket.Completion{Parts: parts[:1024]}, nil)
	if err != nil || o.Size != bucket.MaxObject {
		t.Errorf("5 TiB: %v, %v", o, err)
	}
}
