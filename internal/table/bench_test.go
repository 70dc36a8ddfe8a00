package table_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// BenchmarkFlushYear flushes a year of hourly rows of three places, as the flights example does:
// 8,760 files on a real disk.
func BenchmarkFlushYear(b *testing.B) {
	for range b.N {
		b.StopTimer()
		benchmarkFlush(b, 8760*3, func(i int) (id, at string) {
			return []string{"EWR", "JFK", "LGA"}[i%3], time.Date(2013, 1, 1, i/3, 0, 0, 0, time.UTC).Format(time.RFC3339)
		})
	}
}

// BenchmarkFlushNow flushes what came in the last hour.
func BenchmarkFlushNow(b *testing.B) {
	for range b.N {
		b.StopTimer()
		benchmarkFlush(b, 50_000, func(i int) (id, at string) {
			return fmt.Sprintf("customer-%06d", i%10_000), time.Date(2026, 11, 23, 10, 0, 0, i*1000, time.UTC).Format(time.RFC3339Nano)
		})
	}
}

func benchmarkFlush(b *testing.B, n int, row func(i int) (id, at string)) {
	b.Chdir(b.TempDir())
	w := open(b, vfs.Default, table.Options{})
	check(b, w.buckets.CreateBucket(b.Context(), theBucket))
	g := w.group("weather", feature.String)
	var writers sync.WaitGroup
	for k := range 64 {
		writers.Go(func() {
			for i := k; i < n; i += 64 {
				id, at := row(i)
				if err := w.tryPut(b.Context(), g, id, at, "39", "26.06", "clear"); err != nil {
					b.Error(err)
				}
			}
		})
	}
	writers.Wait()
	b.StartTimer()
	if err := w.FlushNow(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	objects := w.objects(g)
	var bytes int64
	for _, o := range objects {
		bytes += o.Size
	}
	b.ReportMetric(float64(len(objects)), "files")
	b.ReportMetric(float64(bytes)/float64(len(objects)), "bytes/file")
	w.close()
}
