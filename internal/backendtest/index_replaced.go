package backendtest

import (
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// tableFile is object of a file that a table wrote.
func tableFile(key string, blobs ...bucket.BlobID) *bucket.Object {
	o := object("b", key, blobs...)
	o.Rows = &bucket.Rows{Count: 1, FirstEventTime: noon, LastEventTime: noon, FirstPosition: 1, LastPosition: 1}
	return o
}

func refs(keys ...string) []bucket.ObjectRef {
	var all []bucket.ObjectRef
	for _, key := range keys {
		all = append(all, bucket.ObjectRef{Bucket: "b", Key: key})
	}
	return all
}

func keysAt(t tester, s Stores, at bucket.Version, prefix, after string) []string {
	t.Helper()
	var all []string
	for o, err := range s.Objects.ListAt(t.Context(), at, "b", prefix, after) {
		must(t, err)
		all = append(all, o.Key)
	}
	return all
}

func version(t tester, s Stores) bucket.Version {
	t.Helper()
	v, err := s.Objects.Version(t.Context())
	must(t, err)
	return v
}

func wantReplaced(t tester, s Stores, keys ...string) {
	t.Helper()
	var got []string
	for o, err := range s.Objects.ListReplaced(t.Context(), "b", "") {
		must(t, err)
		got = append(got, o.Key)
	}
	wantSame(t, "replaced", keys, got)
}

func indexRequire(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	one, two := object("b", "one", "1"), object("b", "two", "2", "3")
	commit(t, s, one, two)
	changed := func(change func(o *bucket.Object)) *bucket.Object {
		o := *two
		change(&o)
		return &o
	}
	cases := []struct {
		name     string
		required *bucket.Object
	}{
		{"an object that is not there", object("b", "three", "4")},
		{"one in a bucket that is not there", object("c", "two", "2", "3")},
		{"another ETag", changed(func(o *bucket.Object) { o.ETag = "f" })},
		{"other blobs", changed(func(o *bucket.Object) { o.Blobs = object("b", "two", "3", "2").Blobs })},
		{"fewer blobs", changed(func(o *bucket.Object) { o.Blobs = o.Blobs[:1] })},
	}
	for _, c := range cases {
		wantKind(t, c.name, s.Objects.Commit(t.Context(), bucket.Change{
			Put: []*bucket.Object{object("b", "new", "5")}, Delete: refs("one"), Replace: refs("two"),
			Require: []*bucket.Object{one, c.required},
		}), feature.Conflict)
	}
	wantSame(t, "keys after refused changes", []string{"one", "two"}, keys(t, s, "b", "", ""))
	wantReplaced(t, s)
	must(t, s.Objects.Commit(t.Context(), bucket.Change{
		Put: []*bucket.Object{object("b", "new", "5")}, Delete: refs("one"),
		Require: []*bucket.Object{one, changed(func(o *bucket.Object) { o.Headers = map[string]string{"A": "b"} })},
	}))
	wantSame(t, "keys", []string{"new", "two"}, keys(t, s, "b", "", ""))
}

func indexReplace(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	old := tableFile("old", "1", "2")
	commit(t, s, old, tableFile("other", "3"), object("b", "copy", "2"))
	must(t, s.Objects.Commit(t.Context(), bucket.Change{
		Put: []*bucket.Object{tableFile("made", "4")}, Replace: refs("old", "other", "none"), Require: []*bucket.Object{old},
	}))
	wantSame(t, "keys", []string{"copy", "made"}, keys(t, s, "b", "", ""))
	_, err := s.Objects.Get(t.Context(), refs("old")[0])
	wantKind(t, "Get of what was replaced", err, feature.NotFound)
	got, err := s.Objects.GetReplaced(t.Context(), refs("old")[0])
	must(t, err)
	wantSame(t, "GetReplaced", old, got)
	for _, key := range []string{"made", "none", "copy"} {
		_, err = s.Objects.GetReplaced(t.Context(), refs(key)[0])
		wantKind(t, "GetReplaced of "+key, err, feature.NotFound)
	}
	wantReplaced(t, s, "old", "other")
	wantSame(t, "garbage while the replaced are read", []bucket.BlobID(nil), garbage(t, s))
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Replace: refs("old")}))
	wantReplaced(t, s, "old", "other")

	// A copy of what was replaced names its blobs again.
	commit(t, s, object("b", "again", "3"))
	n, err := s.Objects.LapseReplaced(t.Context(), time.Now().Add(-time.Hour), 10)
	must(t, err)
	wantSame(t, "lapsed too early", 0, n)
	n, err = s.Objects.LapseReplaced(t.Context(), time.Now().Add(time.Hour), 1)
	must(t, err)
	wantSame(t, "lapsed of a limit of 1", 1, n)
	n, err = s.Objects.LapseReplaced(t.Context(), time.Now().Add(time.Hour), 10)
	must(t, err)
	wantSame(t, "lapsed then", 1, n)
	wantReplaced(t, s)
	wantSame(t, "garbage", []bucket.BlobID{"1"}, garbage(t, s))
	_, err = s.Objects.GetReplaced(t.Context(), refs("old")[0])
	wantKind(t, "GetReplaced of what has lapsed", err, feature.NotFound)
}

// indexReplacedTaken: whoever takes the key, or deletes it, ends what was replaced there.
func indexReplacedTaken(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	commit(t, s, tableFile("put", "1"), tableFile("deleted", "2"), tableFile("both", "3"), tableFile("kept", "4"))
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Put: []*bucket.Object{tableFile("both", "5")}, Replace: refs("put", "deleted", "both", "kept")}))
	wantReplaced(t, s, "deleted", "kept", "put")
	wantSame(t, "garbage of a key that is replaced and put", []bucket.BlobID{"3"}, garbage(t, s))
	commit(t, s, object("b", "put", "6"))
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Delete: refs("deleted")}))
	wantReplaced(t, s, "kept")
	wantSame(t, "garbage", []bucket.BlobID{"3", "1", "2"}, garbage(t, s))
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Delete: refs("put", "both")}))
	must(t, s.Objects.DeleteBucket(t.Context(), "b"))
	wantSame(t, "garbage after the bucket", []bucket.BlobID{"3", "1", "2", "5", "6", "4"}, garbageInOrderOf(t, s, "3", "1", "2", "5", "6", "4"))
	n, err := s.Objects.LapseReplaced(t.Context(), time.Now().Add(time.Hour), 10)
	must(t, err)
	wantSame(t, "lapsed of a bucket that is gone", 0, n)
}

// garbageInOrderOf returns the garbage in the order of like, whatever its own is; others come last.
func garbageInOrderOf(t tester, s Stores, like ...bucket.BlobID) []bucket.BlobID {
	t.Helper()
	all := map[bucket.BlobID]bool{}
	for _, id := range garbage(t, s) {
		all[id] = true
	}
	var sorted []bucket.BlobID
	for _, id := range like {
		if all[id] {
			sorted = append(sorted, id)
			delete(all, id)
		}
	}
	for id := range all {
		sorted = append(sorted, id)
	}
	return sorted
}

func indexListAt(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	commit(t, s, tableFile("f1", "1"), tableFile("f2", "2"), object("b", "mine", "3"), object("b", "over", "4"), object("b", "gone", "5"))
	first := version(t, s)
	commit(t, s, tableFile("f3", "6"))
	second := version(t, s)
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Put: []*bucket.Object{tableFile("a", "7")}, Replace: refs("f1", "f2")}))
	third := version(t, s)
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Put: []*bucket.Object{tableFile("z", "8")}, Replace: refs("a", "f3")}))
	commit(t, s, object("b", "new", "9"), object("b", "over", "10"))
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Delete: refs("gone")}))
	fourth := version(t, s)
	if !(0 < first && first < second && second < third && third < fourth) {
		t.Errorf("versions %d, %d, %d, %d do not grow", first, second, third, fourth)
	}
	cases := []struct {
		name          string
		at            bucket.Version
		prefix, after string
		want          []string
	}{
		{"before all changes", first, "", "", []string{"f1", "f2", "mine", "new", "over"}},
		{"after a flush", second, "", "", []string{"f1", "f2", "f3", "mine", "new", "over"}},
		{"after a compaction", third, "", "", []string{"a", "f3", "mine", "new", "over"}},
		{"after another", fourth, "", "", []string{"mine", "new", "over", "z"}},
		{"a prefix", second, "f", "", []string{"f1", "f2", "f3"}},
		{"after a key", second, "", "f2", []string{"f3", "mine", "new", "over"}},
		{"after a key that is replaced", first, "f", "f1", []string{"f2"}},
		{"past all", second, "", "zz", nil},
	}
	for _, c := range cases {
		wantSame(t, c.name, c.want, keysAt(t, s, c.at, c.prefix, c.after))
	}
	for o, err := range s.Objects.ListAt(t.Context(), first, "b", "", "") {
		must(t, err)
		wantSame(t, "the first of several", "f1", o.Key)
		break
	}
	_, err := s.Objects.LapseReplaced(t.Context(), time.Now().Add(time.Hour), 10)
	must(t, err)
	wantSame(t, "what has lapsed", []string{"mine", "new", "over"}, keysAt(t, s, second, "", ""))
	for _, err := range s.Objects.ListAt(t.Context(), first, "none", "", "") {
		wantKind(t, "ListAt of no bucket", err, feature.NotFound)
	}
}

func indexEnded(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	for _, id := range []string{"done", "aborted"} {
		must(t, s.Objects.CreateUpload(t.Context(), bucket.Upload{ID: id, Bucket: "b", Key: "k"}))
		must(t, s.Objects.PutPart(t.Context(), id, bucket.Part{Number: 1, Blob: bucket.BlobPart{ID: bucket.BlobID(id), Size: 1}}))
	}
	o := object("b", "k", "done")
	o.Checksums = map[string]string{"CRC32": "x"}
	must(t, s.Objects.Commit(t.Context(), bucket.Change{Put: []*bucket.Object{o}, EndUpload: "done"}))
	must(t, s.Objects.Commit(t.Context(), bucket.Change{EndUpload: "aborted"}))
	commit(t, s, object("b", "k", "over"))
	got, err := s.Objects.GetEnded(t.Context(), "done")
	must(t, err)
	bare := *o
	bare.Blobs = nil
	wantSame(t, "GetEnded", &bare, got)
	for _, id := range []string{"aborted", "never"} {
		_, err = s.Objects.GetEnded(t.Context(), id)
		wantKind(t, "GetEnded of "+id, err, feature.NotFound)
	}
	wantSame(t, "garbage", []bucket.BlobID{"aborted", "done"}, garbage(t, s))
	must(t, s.Objects.ForgetEnded(t.Context(), time.Now().Add(-time.Hour)))
	_, err = s.Objects.GetEnded(t.Context(), "done")
	must(t, err)
	must(t, s.Objects.ForgetEnded(t.Context(), time.Now().Add(time.Hour)))
	_, err = s.Objects.GetEnded(t.Context(), "done")
	wantKind(t, "GetEnded of what is forgotten", err, feature.NotFound)
}

func indexDocuments(t *testing.T, s Stores) {
	newBucket(t, s, "b")
	set := func(name, text string) error {
		return s.Objects.Commit(t.Context(), bucket.Change{Documents: []bucket.Document{{Bucket: "b", Name: name, Text: text}}})
	}
	must(t, set("policy", "p"))
	must(t, set("tags", "t"))
	must(t, set("policy", "q"))
	must(t, set("tags", ""))
	b, err := s.Objects.GetBucket(t.Context(), "b")
	must(t, err)
	wantSame(t, "GetBucket", &bucket.Bucket{Name: "b", Region: "us-east-1", Created: noon, Documents: map[string]string{"policy": "q"}}, b)
	wantKind(t, "a document of no bucket", s.Objects.Commit(t.Context(), bucket.Change{Documents: []bucket.Document{{Bucket: "c", Name: "policy", Text: "p"}}}), feature.NotFound)
	_, err = s.Objects.GetBucket(t.Context(), "c")
	wantKind(t, "GetBucket of no bucket", err, feature.NotFound)
}
