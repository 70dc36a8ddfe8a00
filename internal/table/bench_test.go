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

// BenchmarkCompactionHour is an hour's ingest: a flush every ten seconds, by a clock that does not wait,
// into the hour that it is; a tenth of the rows come an hour late. It tells what is on disk when the hour
// is over and when it is cold.
func BenchmarkCompactionHour(b *testing.B) {
	for _, rows := range []int{10, 1000} {
		b.Run(fmt.Sprintf("%d rows a flush", rows), func(b *testing.B) {
			for b.Loop() {
				compactionHour(b, rows)
			}
		})
	}
}

func compactionHour(b *testing.B, rows int) {
	b.Chdir(b.TempDir())
	w := open(b, vfs.Default, table.Options{})
	defer w.close()
	check(b, w.buckets.CreateBucket(b.Context(), theBucket))
	g := w.group("clicks", feature.String)
	hour := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	const flushes = 360
	most := 0
	var merging time.Duration
	for flush := range flushes {
		var writers sync.WaitGroup
		for k := range min(64, rows) {
			writers.Go(func() {
				for i := k; i < rows; i += 64 {
					at := hour.Add(time.Duration(flush)*10*time.Second + time.Duration(i)*time.Millisecond)
					if i%10 == 9 {
						at = at.Add(-time.Hour)
					}
					n := flush*rows + i
					if err := w.tryPut(b.Context(), g, fmt.Sprintf("customer-%06d", n*7919%100_000), at.Format(time.RFC3339Nano),
						fmt.Sprint(n%1000), fmt.Sprintf("%.4f", float64(n)/7), []string{"clear", "rain", "snow"}[n%3]); err != nil {
						b.Error(err)
					}
				}
			})
		}
		writers.Wait()
		check(b, w.FlushNow(b.Context()))
		start := time.Now()
		check(b, w.CompactDue(b.Context()))
		merging += time.Since(start)
		most = max(most, len(w.keys(g)))
	}
	hot := w.Stats()
	w.pass(11 * time.Minute)
	start := time.Now()
	check(b, w.CompactDue(b.Context()))
	merging += time.Since(start)
	cold := w.Stats()
	amplification := func(s table.Stats) float64 {
		return float64(s.BytesFlushed+s.BytesCompacted) / float64(s.BytesFlushed)
	}
	b.ReportMetric(float64(cold.FilesFlushed), "files-flushed")
	b.ReportMetric(float64(most), "most-files")
	b.ReportMetric(float64(len(w.keys(g))), "files-when-cold")
	b.ReportMetric(amplification(hot), "amplification")
	b.ReportMetric(amplification(cold), "amplification-when-cold")
	b.ReportMetric(float64(cold.RowsFlushed+cold.RowsCompacted)/float64(cold.RowsFlushed), "writes/row")
	b.ReportMetric(float64(cold.RowsCompacted)/merging.Seconds(), "rows-merged/s")
	b.ReportMetric(float64(cold.BytesFlushed)/1e6, "MB-flushed")
}
