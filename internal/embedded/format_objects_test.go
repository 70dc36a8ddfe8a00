package embedded

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
)

// fillObjects3 writes what the index of format 2 did not have: an object that was replaced, an upload
// that was completed, and documents of a bucket. That objects of tables say when they came is in fill.
func fillObjects3(t *testing.T, s *Store) {
	t.Helper()
	joined := &bucket.Object{Bucket: "b", Key: "joined", Blobs: []bucket.BlobPart{{ID: "six", Size: 5}}, Size: 5, ETag: "e-1", Modified: noon}
	for _, err := range []error{
		s.Objects().Commit(t.Context(), bucket.Change{Put: []*bucket.Object{sampleObject("replaced", "five")}}),
		s.Objects().Commit(t.Context(), bucket.Change{Replace: []bucket.ObjectRef{{Bucket: "b", Key: "replaced"}}}),
		s.Objects().CreateUpload(t.Context(), bucket.Upload{ID: "done", Bucket: "b", Key: "joined", Started: noon}),
		s.Objects().PutPart(t.Context(), "done", bucket.Part{Number: 1, Blob: joined.Blobs[0], ETag: "e", Modified: noon}),
		s.Objects().Commit(t.Context(), bucket.Change{Put: []*bucket.Object{joined}, EndUpload: "done"}),
		s.Objects().Commit(t.Context(), bucket.Change{Documents: []bucket.Document{{Bucket: "b", Name: "policy", Text: "{}"}}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The index of format 3 is read, whoever wrote it.
func TestObjectsOfFormat3AreRead(t *testing.T) {
	s, ctx := load(t, golden(t, format3)), t.Context()
	replaced, err := s.Objects().GetReplaced(ctx, bucket.ObjectRef{Bucket: "b", Key: "replaced"})
	if err != nil {
		t.Fatal(err)
	}
	ended, err := s.Objects().GetEnded(ctx, "done")
	if err != nil {
		t.Fatal(err)
	}
	bk, err := s.Objects().GetBucket(ctx, "b")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		want, got any
	}{
		{"replaced", sampleObject("replaced", "five"), replaced},
		{"ended", &bucket.Object{Bucket: "b", Key: "joined", Size: 5, ETag: "e-1", Modified: noon}, ended},
		{"documents", map[string]string{"policy": "{}"}, bk.Documents},
		{"keys before anything was made", []string{"joined"}, keysAt(t, s, 1)},
		{"keys now", []string{"joined", "k", "old"}, keysAt(t, s, 1<<62)},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func keysAt(t *testing.T, s *Store, at bucket.Version) []string {
	t.Helper()
	var keys []string
	for o, err := range s.Objects().ListAt(t.Context(), at, "b", "", "") {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, o.Key)
	}
	return keys
}

// Objects of format 2 do not say when they came: every version of a listing shows them.
func TestObjectsOfFormat2AreInEveryVersion(t *testing.T) {
	s := load(t, golden(t, format2))
	if diff := cmp.Diff([]string{"k", "old"}, keysAt(t, s, 1)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}
