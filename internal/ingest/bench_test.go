package ingest_test

import (
	"cmp"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/table"
	"github.com/larder-dev/larder/test/history"
)

func number(name string, otherwise int64) int64 {
	n, err := strconv.ParseInt(os.Getenv(name), 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

// BenchmarkImport imports a generated history of IMPORT_ROWS rows over IMPORT_DAYS days into both stores on the real
// disk, below IMPORT_DIR: for profiles. What a server does with it, test/bulk measures.
func BenchmarkImport(b *testing.B) {
	h := history.History{Rows: number("IMPORT_ROWS", 200_000), Days: number("IMPORT_DAYS", 60)}
	in := must(os.MkdirTemp(cmp.Or(os.Getenv("IMPORT_DIR"), b.TempDir()), "import-"))(b)
	defer func() { check(b, os.RemoveAll(in)) }()
	source := filepath.Join(in, "rows.parquet")
	check(b, h.Write(source, 0, h.Rows))
	for b.Loop() {
		b.StopTimer()
		dir := must(os.MkdirTemp(in, "data-"))(b)
		w := openOnDisk(b, dir)
		check(b, w.Resume(b.Context()))
		check(b, w.buckets.CreateBucket(b.Context(), "lake"))
		w.group("customers", func(g *feature.Group) {
			g.RecordIdentifier, g.EventTime, g.Definitions = "customer", "at", history.Features()
		})
		b.StartTimer()
		i := must(w.Start(b.Context(), &ingest.Request{Group: "customers", Sources: []ingest.Source{{URI: "file://" + source}}}))(b)
		i = must(w.Wait(b.Context(), i.ID))(b)
		b.StopTimer()
		if i.Status != ingest.Done || i.Taken != h.Rows {
			b.Fatalf("the import is %s, has taken %d rows of %d: %s", i.Status, i.Taken, h.Rows, i.Failure)
		}
		b.ReportMetric(i.Committed.Sub(i.Started).Seconds(), "offline-s")
		w.close()
		check(b, os.RemoveAll(dir))
		b.StartTimer()
	}
	b.ReportMetric(float64(h.Rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func openOnDisk(b *testing.B, dir string) *world {
	w := &world{t: b, fs: vfs.Default}
	w.db = must(embedded.Open(filepath.Join(dir, "db"), vfs.Default, embedded.Options{}))(b)
	blobs := must(blob.Open(filepath.Join(dir, "blobs"), vfs.Default))(b)
	w.buckets = bucket.New(w.db.Objects(), blobs, bucket.Options{Account: account, Region: region})
	w.tables = table.New(w.db.Tables(), w.db.Offline(), w.buckets, table.Options{})
	w.groups = featurestore.New(w.db.Groups(), w.db.Records(), w.tables, w.buckets, featurestore.Options{Account: account, Region: region})
	w.Store = ingest.New(w.groups, w.db.Imports(), w.db.Imports(), w.tables, w.buckets, ingest.Options{
		Dir: filepath.Join(dir, "imports"), FS: vfs.Default, LocalFiles: true,
	})
	return w
}
