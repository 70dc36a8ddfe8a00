package table_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

func (w *world) upload(key, text string) {
	w.t.Helper()
	ref := bucket.ObjectRef{Bucket: theBucket, Key: key}
	must(w.buckets.Put(w.t.Context(), ref, strings.NewReader(text), bucket.Content{}, nil))(w.t)
}

// content reads a file of a view as the engine would.
func (w *world) content(f table.File) []byte {
	w.t.Helper()
	r := must(w.fs.Open(f.Path))(w.t)
	data := must(io.ReadAll(r))(w.t)
	check(w.t, r.Close())
	if int64(len(data)) != f.Size {
		w.t.Errorf("%s has %d bytes, the view says %d", f.URI, len(data), f.Size)
	}
	return data
}

// of returns the view of a table of that location.
func (w *world) of(location string) (*table.View, func()) {
	w.t.Helper()
	check(w.t, w.CreateTable(w.t.Context(), &table.Table{
		Database: table.FeatureStoreDatabase, Name: "labels", Storage: table.Storage{
			Location: location, InputFormat: "PARQUET",
			Columns: []table.Column{{Name: "Id", Type: "STRING"}, {Name: "n", Type: "int"}},
		},
	}))
	snap := must(w.db.Offline().Snapshot(w.t.Context()))(w.t)
	t := must(snap.Table(table.FeatureStoreDatabase, "labels"))(w.t)
	v := must(w.View(w.t.Context(), snap, t))(w.t)
	return v, func() {
		check(w.t, v.Close())
		check(w.t, snap.Close())
		check(w.t, w.DeleteTable(w.t.Context(), table.FeatureStoreDatabase, "labels"))
	}
}

func TestViewHasTheFilesOfItsLocation(t *testing.T) {
	w := newWorld(t, table.Options{})
	for _, key := range []string{"p/x", "p/x/", "p/x/a.csv", "p/x/b/c", "p/x/_SUCCESS", "p/x/_temporary/0/part", "p/x/.hidden", "p/x/b/.crc",
		"p/x-1", "p/x.csv", "p/xy/a", "q"} {
		w.upload(key, "1")
	}
	w.upload("p/x/empty", "")
	const b = "s3://" + theBucket + "/"
	for location, want := range map[string][]string{
		"s3://" + theBucket + "/p/x":   {b + "p/x", b + "p/x/", b + "p/x/a.csv", b + "p/x/b/c"},
		"s3://" + theBucket + "/p/x/":  {b + "p/x/", b + "p/x/a.csv", b + "p/x/b/c"},
		"s3://" + theBucket + "/p/x/b": {b + "p/x/b/c"},
		"s3://" + theBucket + "/q":     {b + "q"},
		"s3://" + theBucket + "/p/xy":  {b + "p/xy/a"},
		"s3://" + theBucket + "/none":  nil,
		"s3://no-such-bucket/p":        nil,
		"s3://" + theBucket:            {b + "p/x", b + "p/x-1", b + "p/x.csv", b + "p/x/", b + "p/x/a.csv", b + "p/x/b/c", b + "p/xy/a", b + "q"},
	} {
		t.Run(location, func(t *testing.T) {
			v, done := w.of(location)
			defer done()
			var got []string
			for _, f := range v.Files {
				got = append(got, f.URI)
				if text := string(w.content(f)); text != "1" {
					t.Errorf("%s has %q", f.URI, text)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]table.ViewColumn{{Name: "id", Type: "VARCHAR"}, {Name: "n", Type: "INTEGER"}}, v.Columns, cmpopts.IgnoreFields(table.ViewColumn{}, "Hive")); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
			if v.Rows != nil {
				t.Error("a table of files has rows in none")
			}
		})
	}
}

func TestGroupsTableTakesForeignParquetOnly(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("mixed", feature.Fractional)
	_, prefix := g.Offline.Location()
	for _, key := range []string{"/", "/year=2024/month=01/day=01/hour=00/foreign.snappy.parquet", "/_temporary/0/x.parquet", "/notes.txt"} {
		w.upload(prefix+key, "1")
	}
	v, snap := w.view(g)
	var got []string
	for _, f := range v.Files {
		got = append(got, f.URI)
	}
	if diff := cmp.Diff([]string{g.Offline.Resolved + "/year=2024/month=01/day=01/hour=00/foreign.snappy.parquet"}, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]table.ViewColumn{{Name: "id", Type: "VARCHAR"}, {Name: "at", Type: "DOUBLE"}, {Name: "n", Type: "BIGINT"},
		{Name: "x", Type: "DOUBLE"}, {Name: "s", Type: "VARCHAR"}, {Name: "write_time", Type: "TIMESTAMP"},
		{Name: "api_invocation_time", Type: "TIMESTAMP"}, {Name: "is_deleted", Type: "BOOLEAN"}}, v.Columns, cmpopts.IgnoreFields(table.ViewColumn{}, "Hive")); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	check(t, v.Close())
	check(t, snap.Close())
}

func TestObjectInPartsIsOneFile(t *testing.T) {
	w := newWorld(t, table.Options{})
	ref := bucket.ObjectRef{Bucket: theBucket, Key: "big/labels.csv"}
	up := must(w.buckets.CreateUpload(t.Context(), ref, nil, "", false))(t)
	id := bucket.UploadRef{ObjectRef: ref, ID: up.ID}
	var whole []byte
	var parts []bucket.PartRef
	for i := range 3 {
		body := bytes.Repeat([]byte{'a' + byte(i)}, bucket.MinPart)
		whole = append(whole, body...)
		p := must(w.buckets.PutPart(t.Context(), id, i+1, bytes.NewReader(body), bucket.Content{}))(t)
		parts = append(parts, bucket.PartRef{Number: p.Number, ETag: p.ETag})
	}
	must(w.buckets.Complete(t.Context(), id, bucket.Completion{Parts: parts}, nil))(t)
	v, done := w.of("s3://" + theBucket + "/big/")
	if len(v.Files) != 1 || !bytes.Equal(w.content(v.Files[0]), whole) {
		t.Errorf("files are %v, or their bytes are others", v.Files)
	}
	path := v.Files[0].Path
	done()
	if _, err := w.fs.Stat(path); err == nil {
		t.Error("the joined file stays after the view is closed")
	}
}

func TestViewReadsAsTheSnapshotStands(t *testing.T) {
	w := newWorld(t, table.Options{})
	g := w.group("pinned", feature.Fractional)
	w.put(g, "1", "1")
	check(t, w.FlushNow(t.Context()))
	w.put(g, "2", "2")
	v, snap := w.view(g)
	w.put(g, "3", "3")
	check(t, w.FlushNow(t.Context()))
	for range 2 { // Rows may be run again
		var got []string
		for row, err := range v.Rows {
			check(t, err)
			got = append(got, row[0].(string))
		}
		if diff := cmp.Diff([]string{"2"}, got); diff != "" || len(v.Files) != 1 {
			t.Errorf("%d files, rows (-want +got):\n%s", len(v.Files), diff)
		}
	}
	check(t, v.Close())
	check(t, snap.Close())
}
