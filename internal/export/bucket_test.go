package export_test

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/export"
	"github.com/larder-dev/larder/internal/feature"
)

func sorted(all []string) []string {
	slices.Sort(all)
	return all
}

func TestExportsToABucket(t *testing.T) {
	w := newWorld(t, 0)
	w.history()
	r := &export.Request{Group: "g", Format: export.JSONL}
	whole := w.text(r)
	w.object("out/rows.jsonl", "what was there")
	result, files, err := w.WriteBucket(t.Context(), r, "s3://lake/out/rows.jsonl")
	check(t, err)
	if diff := cmp.Diff([]export.File{{URI: "s3://lake/out/rows.jsonl", Size: int64(len(whole))}}, files); diff != "" || result.Rows != 6 || w.read("out/rows.jsonl") != whole {
		t.Errorf("%+v, files (-want +got):\n%s", result, diff)
	}
	w.object("folder/", "") // as consoles make folders
	result, files, err = w.WriteBucket(t.Context(), &export.Request{Group: "g", Format: export.JSONL, FileRows: 4}, "s3://lake/folder/")
	check(t, err)
	if len(files) != 2 || result.Files != 2 || w.read("folder/part-00000.jsonl")+w.read("folder/part-00001.jsonl") != whole {
		t.Errorf("%+v, %+v", result, files)
	}
	result, _, err = w.WriteBucket(t.Context(), &export.Request{Group: "g", Format: export.Parquet}, "s3://lake/deep/er/")
	check(t, err)
	if keys := w.keys("deep/"); result.Rows != 6 || !slices.Equal(keys, []string{"deep/er/part-00000.parquet"}) {
		t.Errorf("%+v, keys %q", result, keys)
	}
}

func TestTargetsThatAreRefused(t *testing.T) {
	w := newWorld(t, 0)
	g := w.history()
	other := w.group("other", g.Definitions, nil)
	w.object("full/of.something", "x")
	before := w.keys("")
	for _, test := range []struct {
		name, target string
		rows         int64
		kind         feature.Kind
		says         string
	}{
		{"no form", "lake/out", 0, feature.Invalid, "s3://BUCKET/KEY"},
		{"a file of the machine", "file:///tmp/out/", 0, feature.Invalid, "s3://BUCKET/KEY"},
		{"a bucket and no slash", "s3://lake", 0, feature.Invalid, "s3://BUCKET/PREFIX/"},
		{"no bucket of that name", "s3://pond/out/", 0, feature.NotFound, "pond"},
		{"a folder that is not empty", "s3://lake/full/", 0, feature.Conflict, "full/of.something"},
		{"a bucket that is not empty", "s3://lake/", 0, feature.Conflict, "not empty"},
		{"several files at one key", "s3://lake/out.csv", 5, feature.Invalid, "end it in a slash"},
		{"the table itself", g.Offline.Resolved + "/", 0, feature.Invalid, "own location of the feature group"},
		{"a file of the table itself", g.Offline.Resolved + "/more.csv", 0, feature.Invalid, "own location of the feature group"},
		{"the table of another group", other.Offline.Resolved + "/year=2026/", 0, feature.Invalid, "own location of the feature group other"},
		{"a long key", "s3://lake/" + strings.Repeat("k", 1025), 0, feature.Invalid, "too long"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := w.WriteBucket(t.Context(), &export.Request{Group: "g", Format: export.CSV, FileRows: test.rows}, test.target)
			if feature.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v, want kind %d, %q", err, test.kind, test.says)
			}
		})
	}
	if diff := cmp.Diff(before, w.keys("")); diff != "" {
		t.Errorf("keys (-before +after):\n%s", diff)
	}
}

// Whichever write to the disk is the one that does not fit: nothing of the export is there, and its blobs
// are gone; and with room again it is carried out.
func TestAFullDiskLeavesNothingOfAnExport(t *testing.T) {
	w := newWorld(t, 0)
	w.history()
	r := &export.Request{Group: "g", Format: export.CSV, FileRows: 2}
	count := func() int {
		n := len(w.keys(""))
		for _, err := range w.blobs.All(t.Context()) {
			check(t, err)
			n++
		}
		return n
	}
	before := count()
	failures := 0
	for after := 0; ; after++ {
		left := after
		full := func(op errorfs.Op) error {
			if op.Kind != errorfs.OpFileWrite {
				return nil
			}
			if left--; left >= 0 {
				return nil
			}
			return &os.PathError{Op: "write", Path: op.Path, Err: syscall.ENOSPC}
		}
		w.faults.Store(&full)
		_, _, err := w.WriteBucket(t.Context(), r, "s3://lake/out/")
		w.faults.Store(nil)
		if err == nil {
			break
		}
		failures++
		if feature.KindOf(err) != feature.Unavailable || !strings.Contains(err.Error(), "disk") || !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("after %d writes: %v", after, err)
		}
		if n := count(); n != before {
			t.Fatalf("after %d writes: %d objects and blobs, %d were there", after, n, before)
		}
	}
	if failures < 3 || len(w.keys("out/")) != 3 {
		t.Errorf("%d failures, then %q", failures, w.keys("out/"))
	}
	w.text(&export.Request{Group: "g", Format: export.CSV})
}

// The rows of an export are those of one moment, though rows come and are flushed and merged meanwhile.
func TestAnExportIsOfOneMoment(t *testing.T) {
	w := newWorld(t, 0)
	g := w.history()
	for _, latest := range []bool{false, true} {
		whole := w.text(&export.Request{Group: "g", Format: export.JSONL, Latest: latest})
		var got strings.Builder
		changed := false
		_, err := w.Write(t.Context(), &export.Request{Group: "g", Format: export.JSONL, Latest: latest, FileRows: 1}, func() (io.Writer, error) {
			if !changed {
				changed = true
				w.put(g, "new", "2025-01-01T00:00:00Z")
				w.put(g, "a", "2025-01-01T00:00:00Z")
				w.remove(g, "c", "2025-01-01T00:00:00Z")
				check(t, w.tables.FlushNow(t.Context()))
				check(t, w.tables.CompactNow(t.Context()))
			}
			return &got, nil
		})
		check(t, err)
		if diff := cmp.Diff(whole, got.String()); diff != "" {
			t.Errorf("latest %v (-before +while):\n%s", latest, diff)
		}
	}
}
