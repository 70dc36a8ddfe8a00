package table_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

func TestUsageCountsFilesRowsAndWhatWaits(t *testing.T) {
	w := newWorld(t, table.Options{})
	w.Store = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{Groups: w.db.Groups().List, Now: func() time.Time { return time.Now().Add(time.Hour) }})
	g := w.group("used", feature.Fractional)
	w.flushed(g, numbers(9)...)
	check(t, w.CompactNow(t.Context()))
	w.flushed(g, "late")
	_, prefix := g.Offline.Location()
	for _, name := range []string{"/foreign.parquet", "/notes.txt", "/_hidden.parquet"} {
		must(w.buckets.Put(t.Context(), bucket.ObjectRef{Bucket: theBucket, Key: prefix + name}, strings.NewReader("12345"), bucket.Content{}, nil))(t)
	}
	// A group whose table was dropped still has its files.
	bare := w.group("bare", feature.Fractional)
	w.flushed(bare, "1")
	check(t, w.DeleteTable(t.Context(), bare.Offline.Table.Database, bare.Offline.Table.Table))

	w.put(g, "waits", epoch(1))
	usage := must(w.Usage(t.Context()))(t)
	var ours int64
	for _, o := range w.objects(g) {
		if o.Rows != nil {
			ours += o.Size
		}
	}
	got := map[feature.GroupName]table.Usage{}
	for _, u := range usage {
		got[u.Group] = u
	}
	u := got["used"]
	if u.UnflushedBytes <= 0 || u.ReplacedBytes <= 0 {
		t.Errorf("%d bytes wait, %d are replaced", u.UnflushedBytes, u.ReplacedBytes)
	}
	u.UnflushedBytes, u.ReplacedBytes = 0, 0
	want := table.Usage{
		Database: g.Offline.Table.Database, Table: g.Offline.Table.Table, Group: "used", Location: g.Offline.Resolved,
		Files: 3, Rows: 10, Bytes: ours + 5, Foreign: 1, ForeignBytes: 5, UnflushedRows: 1, Replaced: 9,
	}
	if diff := cmp.Diff(want, u); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
	if b := got["bare"]; b.Files != 1 || b.Rows != 1 || b.Table != "" {
		t.Errorf("usage of a group without a table is %+v", b)
	}
}
