package embedded

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/table"
)

// fillFormat5 writes one of everything that the database of format 4 in testdata does not have: runs, and
// an import.
func fillFormat5(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	for _, r := range []*table.Run{sampleRun(1, "year=2026/month=01/", "seven"), sampleRun(1, "year=2026/month=02/day=03/", "eight")} {
		if err := s.Offline().CommitRun(ctx, r); err != nil {
			t.Fatal(err)
		}
	}
	i := sampleImport()
	if _, err := s.Imports().Create(ctx, i); err != nil {
		t.Fatal(err)
	}
}

func sampleRun(g feature.GroupID, folder string, blob bucket.BlobID) *table.Run {
	file := sampleObject("", blob)
	file.Bucket, file.Headers, file.Checksums = "", nil, nil
	return &table.Run{Group: g, Folder: folder, Through: 1 << 50, Files: 300, Digest: [32]byte{1, 2, 31: 255}, File: file}
}

func sampleImport() *ingest.Import {
	most := int64(3)
	return &ingest.Import{
		ID: "import", Token: "token", Group: "orders", GroupID: 1, Format: ingest.CSV, Stores: feature.OnlineStore,
		Sources: []ingest.Source{{URI: "s3://b/k", Size: 5, Version: "e"}}, Columns: map[string]feature.Name{"a": "id"}, MaxErrors: &most,
		Status: ingest.Applying, Failure: "f", Started: noon, Committed: noon, Ended: noon,
		Read: 1, Taken: 2, Refused: 3, Bytes: 4, Files: 5, First: 6, Last: 7, Online: 8, Applied: 9, Mark: 10,
	}
}

// A database of format 5 is read, whoever wrote it.
func TestDatabaseOfFormat5IsRead(t *testing.T) {
	s := load(t, golden(t, format5))
	want := []*table.Run{sampleRun(1, "year=2026/month=01/", "seven"), sampleRun(1, "year=2026/month=02/day=03/", "eight")}
	if diff := cmp.Diff(want, runsOf(t, s, 1)); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	i, err := s.Imports().Get(t.Context(), "import")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sampleImport(), i); diff != "" {
		t.Errorf("import (-want +got):\n%s", diff)
	}
	// The token names it: the same request again is no new one.
	again := sampleImport()
	again.ID = "again"
	if held, err := s.Imports().Create(t.Context(), again); err != nil || held.ID != "import" {
		t.Errorf("another import of the token: %+v, %v", held, err)
	}
}

// What was made of the rows that a database is given in the beginning stays as it is, when it becomes one
// of today's format: only what its own format lacks is added.
func TestRaisingAFormatBringsNothingBack(t *testing.T) {
	for _, c := range []struct {
		file, key, value string
	}{
		{format3, "Ddefault", ""},
		{format4, "Ddefault", ""},
		{format4, "Wprimary", "\x01{}"},
	} {
		want := golden(t, c.file)
		want[c.key] = c.value
		if c.value == "" {
			delete(want, c.key)
		}
		got, _ := dump(t, load(t, want))
		if got[c.key] != c.value {
			t.Errorf("%s of %s is %q, want %q", c.key, c.file, got[c.key], c.value)
		}
		if c.file == format4 {
			want["mformat"] = "\x01\x07"
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		}
	}
}
