package backendtest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// Index tests a bucket.Index.
func Index(t *testing.T, open Open) {
	t.Run("Buckets", func(t *testing.T) { indexBuckets(t, open(t)) })
	t.Run("ObjectIsReadAsPut", func(t *testing.T) { indexObject(t, open(t)) })
	t.Run("ListIsInByteOrder", func(t *testing.T) { indexList(t, open(t)) })
	t.Run("ListStandsStill", func(t *testing.T) { indexListMoment(t, open(t)) })
	t.Run("ConditionDecides", func(t *testing.T) { indexCondition(t, open(t)) })
	t.Run("ConditionIsAtomic", func(t *testing.T) { indexConditionRace(t, open(t)) })
	t.Run("ChangeIsWhole", func(t *testing.T) { indexWhole(t, open(t)) })
	t.Run("ReplacedBlobsAreRetired", func(t *testing.T) { indexGarbage(t, open(t)) })
	t.Run("RetiredBlobIsNotNamedAgain", func(t *testing.T) { indexRetired(t, open(t)) })
	t.Run("Uploads", func(t *testing.T) { indexUploads(t, open(t)) })
	t.Run("DeletedBucketEndsItsUploads", func(t *testing.T) { indexDeleteBucket(t, open(t)) })
	t.Run("RequireHoldsTheGround", func(t *testing.T) { indexRequire(t, open(t)) })
	t.Run("ReplacedIsReadableUntilItLapses", func(t *testing.T) { indexReplace(t, open(t)) })
	t.Run("ReplacedGoesWithItsKey", func(t *testing.T) { indexReplacedTaken(t, open(t)) })
	t.Run("ListAtShowsAVersion", func(t *testing.T) { indexListAt(t, open(t)) })
	t.Run("EndedUploads", func(t *testing.T) { indexEnded(t, open(t)) })
	t.Run("Documents", func(t *testing.T) { indexDocuments(t, open(t)) })
	t.Run("Model", func(t *testing.T) { indexModel(t, open(t)) })
}

func newBucket(t tester, s Stores, name string) {
	t.Helper()
	must(t, s.Objects.CreateBucket(t.Context(), bucket.Bucket{Name: name, Region: "us-east-1", Created: noon}))
}

// object makes an object of one blob for each ID, of size 1 each.
func object(bucketName, key string, blobs ...bucket.BlobID) *bucket.Object {
	o := &bucket.Object{Bucket: bucketName, Key: key, Size: int64(len(blobs)), ETag: "e", Modified: noon}
	for _, id := range blobs {
		o.Blobs = append(o.Blobs, bucket.BlobPart{ID: id, Size: 1})
	}
	return o
}

func commit(t tester, s Stores, objects ...*bucket.Object) {
	t.Helper()
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Put: objects}))
}

func keys(t tester, s Stores, name, prefix, after string) []string {
	t.Helper()
	var all []string
	for o, err := range s.Objects.List(t.Context(), name, prefix, after) {
		must(t, err)
		all = append(all, o.Key)
	}
	return all
}

// garbage returns everything that is retired.
func garbage(t tester, s Stores) []bucket.BlobID {
	t.Helper()
	ids, err := s.Objects.Retired(t.Context(), time.Now().Add(time.Hour), 1<<30)
	must(t, err)
	return ids
}

func indexBuckets(t *testing.T, s Stores) {
	got, err := s.Objects.Buckets(t.Context())
	must(t, err)
	if len(got) != 0 {
		t.Errorf("%d buckets at first, want none", len(got))
	}
	b := bucket.Bucket{Name: "b", Region: "eu-west-1", Created: noon}
	must(t, s.Objects.CreateBucket(t.Context(), b))
	newBucket(t, s, "a")
	wantKind(t, "CreateBucket again", s.Objects.CreateBucket(t.Context(), b), feature.Exists)
	got, err = s.Objects.Buckets(t.Context())
	must(t, err)
	wantSame(t, "Buckets", []bucket.Bucket{{Name: "a", Region: "us-east-1", Created: noon}, b}, got)

	commit(t, s, object("b", "k"))
	wantKind(t, "DeleteBucket with objects", s.Objects.DeleteBucket(t.Context(), "b"), feature.Conflict)
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Delete: []bucket.ObjectRef{{Bucket: "b", Key: "k"}}}))
	must(t, s.Objects.DeleteBucket(t.Context(), "b"))
	wantKind(t, "DeleteBucket again", s.Objects.DeleteBucket(t.Context(), "b"), feature.NotFound)

	_, err = s.Objects.Get(t.Context(), bucket.ObjectRef{Bucket: "b", Key: "k"})
	wantKind(t, "Get in no bucket", err, feature.NotFound)
	wantKind(t, "Commit in no bucket", s.Objects.Commit(t.Context(), bucket.Change{Put: []*bucket.Object{object("b", "k")}}), feature.NotFound)
	wantKind(t, "Commit of a delete in no bucket", s.Objects.Commit(t.Context(), bucket.Change{Delete: []bucket.ObjectRef{{Bucket: "b", Key: "k"}}}), feature.NotFound)
	n := 0
	for _, err := range s.Objects.List(t.Context(), "b", "", "") {
		wantKind(t, "List of no bucket", err, feature.NotFound)
		n++
	}
	if n != 1 {
		t.Errorf("List of no bucket yields %d times, want its error", n)
	}
}

func indexObject(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	full := &bucket.Object{
		Bucket: "b", Key: "a/\x00b/ü",
		Blobs:     []bucket.BlobPart{{ID: "x", Size: 1 << 40}, {ID: "y", Size: 0}},
		Size:      1 << 40,
		ETag:      "d41d8cd98f00b204e9800998ecf8427e-2",
		Modified:  noon.Add(123456789),
		Headers:   map[string]string{"Content-Type": "text/plain", "X-Amz-Meta-A": ""},
		Checksums: map[string]string{"CRC32": "AAAAAA=="},
		Rows:      &bucket.Rows{Count: 3, FirstEventTime: time.Unix(-62167219200, 0).UTC(), LastEventTime: time.Unix(253402300799, 999999999).UTC(), FirstPosition: 1, LastPosition: 2},
	}
	empty := &bucket.Object{Bucket: "b", Key: "empty"}
	commit(t, s, full, empty)
	for _, want := range []*bucket.Object{full, empty} {
		got, err := s.Objects.Get(t.Context(), bucket.ObjectRef{Bucket: want.Bucket, Key: want.Key})
		must(t, err)
		wantSame(t, "Get", want, got)
	}
	var got []*bucket.Object
	for o, err := range s.Objects.List(t.Context(), "b", "", "") {
		must(t, err)
		got = append(got, o)
	}
	wantSame(t, "List", []*bucket.Object{full, empty}, got)
	_, err := s.Objects.Get(t.Context(), bucket.ObjectRef{Bucket: "b", Key: "none"})
	wantKind(t, "Get of no object", err, feature.NotFound)
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Delete: []bucket.ObjectRef{{Bucket: "b", Key: "none"}}}))
}

func indexList(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	newBucket(t, s, "b-2")
	newBucket(t, s, "a")
	commit(t, s, object("b-2", "a/1"), object("a", "z"))
	for _, k := range []string{"a/2", "a", "a/1", "b", "a/\xff", "a/\xff\xff", "a0", "A", "a/1/x"} {
		commit(t, s, object("b", k))
	}
	cases := []struct {
		name, prefix, after string
		want                []string
	}{
		{"everything", "", "", []string{"A", "a", "a/1", "a/1/x", "a/2", "a/\xff", "a/\xff\xff", "a0", "b"}},
		{"a prefix", "a/", "", []string{"a/1", "a/1/x", "a/2", "a/\xff", "a/\xff\xff"}},
		{"a prefix that ends in the largest byte", "a/\xff", "", []string{"a/\xff", "a/\xff\xff"}},
		{"after a key", "", "a/1", []string{"a/1/x", "a/2", "a/\xff", "a/\xff\xff", "a0", "b"}},
		{"after what is no key", "", "a/10", []string{"a/2", "a/\xff", "a/\xff\xff", "a0", "b"}},
		{"after, in a prefix", "a/", "a/2", []string{"a/\xff", "a/\xff\xff"}},
		{"after what is before the prefix", "a/", "A", []string{"a/1", "a/1/x", "a/2", "a/\xff", "a/\xff\xff"}},
		{"after what is past the prefix", "a/", "b", nil},
		{"no such prefix", "c", "", nil},
		{"the prefix is a key", "a/1", "a/1", []string{"a/1/x"}},
	}
	for _, c := range cases {
		wantSame(t, "List "+c.name, c.want, keys(t, s, "b", c.prefix, c.after))
	}
}

func indexListMoment(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	for i := range 10 {
		commit(t, s, object("b", fmt.Sprint(i), bucket.BlobID(fmt.Sprint("old", i))))
	}
	n := 0
	for o, err := range s.Objects.List(t.Context(), "b", "", "") {
		must(t, err)
		if n == 0 {
			commit(t, s, object("b", "10"), object("b", "5", "new"))
			must(t, s.Objects.Commit(t.Context(), bucket.Change{Delete: []bucket.ObjectRef{{Bucket: "b", Key: "9"}}}))
		}
		if want := bucket.BlobID(fmt.Sprint("old", n)); o.Blobs[0].ID != want {
			t.Errorf("object %d has blob %s, want %s", n, o.Blobs[0].ID, want)
		}
		n++
	}
	if n != 10 {
		t.Errorf("List yields %d objects, want the 10 of its beginning", n)
	}
	for range s.Objects.List(t.Context(), "b", "", "") {
		break
	}
}

func indexCondition(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	refused := errors.New("refused")
	var held *bucket.Object
	look := func(answer error) func(*bucket.Object) error {
		return func(o *bucket.Object) error {
			held = o
			return answer
		}
	}
	first := object("b", "k", "x")
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Put: []*bucket.Object{first, object("b", "l")}, Condition: look(nil)}))
	wantSame(t, "held at first", (*bucket.Object)(nil), held)
	err := s.Objects.Commit(t.Context(), bucket.Change{Put: []*bucket.Object{object("b", "k", "y")}, Condition: look(refused)})
	if !errors.Is(err, refused) {
		t.Errorf("Commit returned %v, want what the condition returned", err)
	}
	wantSame(t, "held then", first, held)
	got, err := s.Objects.Get(t.Context(), bucket.ObjectRef{Bucket: "b", Key: "k"})
	must(t, err)
	wantSame(t, "Get after a refused change", first, got)
	if g := garbage(t, s); len(g) != 0 {
		t.Errorf("a refused change retired %v", g)
	}
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Delete: []bucket.ObjectRef{{Bucket: "b", Key: "k"}}, Condition: look(nil)}))
	wantSame(t, "held before the delete", first, held)
}

func indexConditionRace(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	taken := errors.New("taken")
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for i := range 16 {
		wg.Go(func() {
			err := s.Objects.Commit(t.Context(), bucket.Change{
				Put: []*bucket.Object{object("b", "k", bucket.BlobID(fmt.Sprint(i)))},
				Condition: func(held *bucket.Object) error {
					if held != nil {
						return taken
					}
					return nil
				},
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case !errors.Is(err, taken):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d of 16 puts if absent won, want 1", won)
	}
}

func indexWhole(t *testing.T, s Stores) {
	newBucket(t, s, "a")
	newBucket(t, s, "b")
	commit(t, s, object("a", "old", "1"))
	must(t, s.Objects.Commit(t.Context(), bucket.Change{
		Put:    []*bucket.Object{object("a", "new", "2"), object("b", "new", "3")},
		Delete: []bucket.ObjectRef{{Bucket: "a", Key: "old"}, {Bucket: "b", Key: "none"}},
	}))
	wantSame(t, "keys of a", []string{"new"}, keys(t, s, "a", "", ""))
	wantSame(t, "keys of b", []string{"new"}, keys(t, s, "b", "", ""))
	wantKind(t, "Commit with one bucket missing", s.Objects.Commit(t.Context(), bucket.Change{
		Put:    []*bucket.Object{object("a", "half", "4"), object("c", "half", "5")},
		Delete: []bucket.ObjectRef{{Bucket: "a", Key: "new"}},
	}), feature.NotFound)
	wantSame(t, "keys of a after half a change", []string{"new"}, keys(t, s, "a", "", ""))
	named, err := s.Objects.Named(t.Context(), []bucket.BlobID{"1", "2", "4", "5"})
	must(t, err)
	wantSame(t, "Named after half a change", map[bucket.BlobID]bool{"1": true, "2": true}, named)
}

func indexGarbage(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	commit(t, s, object("b", "one", "1", "2"), object("b", "copy", "2"))
	commit(t, s, object("b", "one", "3"))
	wantSame(t, "garbage after a put over it", []bucket.BlobID{"1"}, garbage(t, s))
	commit(t, s, object("b", "one", "3", "4"))
	wantSame(t, "garbage after a put that keeps the blob", []bucket.BlobID{"1"}, garbage(t, s))
	must(t, s.Objects.Commit(t.Context(), bucket.Change{
		Put:    []*bucket.Object{object("b", "moved", "3", "4")},
		Delete: []bucket.ObjectRef{{Bucket: "b", Key: "one"}, {Bucket: "b", Key: "copy"}},
	}))
	wantSame(t, "garbage after a move", []bucket.BlobID{"1", "2"}, garbage(t, s))

	some, err := s.Objects.Retired(t.Context(), time.Now().Add(time.Hour), 1)
	must(t, err)
	wantSame(t, "Retired with a limit", []bucket.BlobID{"1"}, some)
	none, err := s.Objects.Retired(t.Context(), time.Now().Add(-time.Hour), 10)
	must(t, err)
	if len(none) != 0 {
		t.Errorf("retired before the last hour: %v", none)
	}
	must(t, s.Objects.Forget(t.Context(), []bucket.BlobID{"1", "3", "never"}))
	wantSame(t, "garbage after Forget", []bucket.BlobID{"2"}, garbage(t, s))
	named, err := s.Objects.Named(t.Context(), []bucket.BlobID{"1", "2", "3", "4", "never"})
	must(t, err)
	wantSame(t, "Named", map[bucket.BlobID]bool{"2": true, "3": true, "4": true}, named)
}

func indexRetired(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	commit(t, s, object("b", "source", "1"))
	commit(t, s, object("b", "source", "2"))
	wantKind(t, "a copy of what was replaced meanwhile", s.Objects.Commit(t.Context(), bucket.Change{Put: []*bucket.Object{object("b", "copy", "1")}}), feature.Conflict)
	wantSame(t, "keys", []string{"source"}, keys(t, s, "b", "", ""))
}

func indexUploads(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	u := bucket.Upload{ID: "u", Bucket: "b", Key: "k", Headers: map[string]string{"Content-Type": "a/b"}, Checksum: "CRC32", Started: noon}
	must(t, s.Objects.CreateUpload(t.Context(), u))
	must(t, s.Objects.CreateUpload(t.Context(), bucket.Upload{ID: "later", Bucket: "b", Key: "k", Started: noon.Add(1)}))
	must(t, s.Objects.CreateUpload(t.Context(), bucket.Upload{ID: "z", Bucket: "b", Key: "a", Started: noon.Add(2)}))
	wantKind(t, "CreateUpload in no bucket", s.Objects.CreateUpload(t.Context(), bucket.Upload{ID: "x", Bucket: "none"}), feature.NotFound)
	got, err := s.Objects.GetUpload(t.Context(), "u")
	must(t, err)
	wantSame(t, "GetUpload", &u, got)
	all, err := s.Objects.ListUploads(t.Context(), "b")
	must(t, err)
	var ids []string
	for _, u := range all {
		ids = append(ids, u.ID)
	}
	wantSame(t, "ListUploads", []string{"z", "u", "later"}, ids)

	part := func(n int, id bucket.BlobID) bucket.Part {
		return bucket.Part{Number: n, Blob: bucket.BlobPart{ID: id, Size: 1}, ETag: "e", Checksums: map[string]string{"CRC32": "x"}, Modified: noon}
	}
	for _, p := range []bucket.Part{part(10000, "p3"), part(2, "p2"), part(1, "old"), part(1, "p1"), part(256, "unused")} {
		must(t, s.Objects.PutPart(t.Context(), "u", p))
	}
	wantKind(t, "PutPart of no upload", s.Objects.PutPart(t.Context(), "x", part(1, "q")), feature.NotFound)
	wantSame(t, "garbage after a part was put again", []bucket.BlobID{"old"}, garbage(t, s))
	parts, err := s.Objects.Parts(t.Context(), "u")
	must(t, err)
	wantSame(t, "Parts", []bucket.Part{part(1, "p1"), part(2, "p2"), part(256, "unused"), part(10000, "p3")}, parts)

	must(t, s.Objects.Commit(t.Context(), bucket.Change{Put: []*bucket.Object{object("b", "k", "p1", "p2", "p3")}, EndUpload: "u"}))
	wantSame(t, "garbage after the upload", []bucket.BlobID{"old", "unused"}, garbage(t, s))
	_, err = s.Objects.GetUpload(t.Context(), "u")
	wantKind(t, "GetUpload after its end", err, feature.NotFound)
	_, err = s.Objects.Parts(t.Context(), "u")
	wantKind(t, "Parts after its end", err, feature.NotFound)
	wantKind(t, "EndUpload again", s.Objects.Commit(t.Context(), bucket.Change{Put: []*bucket.Object{object("b", "k", "q")}, EndUpload: "u"}), feature.NotFound)

	must(t, s.Objects.PutPart(t.Context(), "z", part(1, "aborted")))
	must(t, s.Objects.Commit(t.Context(), bucket.Change{EndUpload: "z"}))
	wantSame(t, "garbage after an abort", []bucket.BlobID{"old", "unused", "aborted"}, garbage(t, s))
}

func indexDeleteBucket(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	must(t, s.Objects.CreateUpload(t.Context(), bucket.Upload{ID: "u", Bucket: "b", Key: "k"}))
	must(t, s.Objects.PutPart(t.Context(), "u", bucket.Part{Number: 1, Blob: bucket.BlobPart{ID: "p"}}))
	must(t, s.Objects.DeleteBucket(t.Context(), "b"))
	_, err := s.Objects.GetUpload(t.Context(), "u")
	wantKind(t, "GetUpload after its bucket", err, feature.NotFound)
	wantSame(t, "garbage", []bucket.BlobID{"p"}, garbage(t, s))
}
