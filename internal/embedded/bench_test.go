package embedded

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/backendtest"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// benchRecord has 12 features of some 300 bytes.
func benchRecord(id string, at int64) *feature.Record {
	r := &feature.Record{ID: id, EventTime: feature.EventTime{Sec: at}, Values: make([]feature.Value, 0, 12)}
	r.Values = append(r.Values, feature.Value{Ordinal: 0, Text: id})
	for i := 1; i < 12; i++ {
		r.Values = append(r.Values, feature.Value{Ordinal: i, Text: "some 24 bytes of text   "})
	}
	return r
}

func onDisk(b *testing.B) (*Store, *feature.Group) { return onDiskWith(b, Options{}) }

func onDiskWith(b *testing.B, o Options) (*Store, *feature.Group) {
	b.Helper()
	s, err := Open(b.TempDir(), vfs.Default, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	g := mustNew(b, s, "a")
	mustBucket(b, s)
	return s, g
}

// benchPut is a durable put of one record to both stores; writers share b.N. Flushes trim the
// journal as a server's do.
func benchPut(b *testing.B, s *Store, g *feature.Group, writers int, ttl int64) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				r := benchRecord(fmt.Sprint(rand.IntN(1_000_000)), n)
				r.TTL = ttl
				err := s.Records().Do(context.Background(), g, r.ID, func(held *feature.Record) (feature.Decision, error) {
					return feature.DecidePut(g, held, r, feature.OnlineStore|feature.OfflineStore, noon), nil
				})
				if err != nil {
					b.Error(err)
				}
				if n%20_000 == 0 {
					if err := s.Offline().CommitFlush(context.Background(), g.ID, s.clock.settled(), nil); err != nil {
						b.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
}

func BenchmarkDo(b *testing.B) {
	for _, writers := range []int{1, 16, 64, 256} {
		b.Run(fmt.Sprint("writers=", writers), func(b *testing.B) {
			s, g := onDisk(b)
			b.ResetTimer()
			benchPut(b, s, g, writers, 0)
		})
	}
	b.Run("writers=64,ttl", func(b *testing.B) {
		s, g := onDisk(b)
		b.ResetTimer()
		benchPut(b, s, g, 64, 1<<40)
	})
}

// BenchmarkGet reads records, by one reader and beside 16 writers.
func BenchmarkGet(b *testing.B) {
	for _, writers := range []int{0, 16} {
		b.Run(fmt.Sprint("writers=", writers), func(b *testing.B) {
			s, g := onDisk(b)
			const records = 100_000
			fillRecords(b, s, g, records)
			done := make(chan struct{})
			var wg sync.WaitGroup
			for range writers {
				wg.Go(func() {
					for {
						select {
						case <-done:
							return
						default:
							mustDo(b, s, g, fmt.Sprint(rand.IntN(records)), "text")
						}
					}
				})
			}
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				got, err := backendtest.Held(context.Background(), s.Records(), g.ID, []string{fmt.Sprint(rand.IntN(records))})
				if err != nil || got[0] == nil {
					b.Fatal(got, err)
				}
			}
			b.StopTimer()
			close(done)
			wg.Wait()
		})
	}
}

// fillRecords puts records 0 to n-1 by many writers.
func fillRecords(b *testing.B, s *Store, g *feature.Group, n int) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 256 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				r := benchRecord(fmt.Sprint(i), 1)
				err := s.Records().Do(context.Background(), g, r.ID, func(*feature.Record) (feature.Decision, error) {
					return feature.DecidePut(g, nil, r, feature.OnlineStore|feature.OfflineStore, noon), nil
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

// BenchmarkEntries reads a journal of 100,000 entries.
func BenchmarkEntries(b *testing.B) {
	s, g := onDisk(b)
	fillRecords(b, s, g, 100_000)
	b.ResetTimer()
	for range b.N {
		if entries, _ := waitingOf(b, s, g.ID); len(entries) != 100_000 {
			b.Fatal(len(entries))
		}
	}
}

// BenchmarkScan reads a page of 100 records of 100,000, and half of them all.
func BenchmarkScan(b *testing.B) {
	s, g := onDisk(b)
	fillRecords(b, s, g, 100_000)
	for _, limit := range []int{100, 50_000} {
		b.Run(fmt.Sprint("records=", limit), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for _, err := range s.Records().Scan(context.Background(), g.ID, "5") {
					if err != nil {
						b.Fatal(err)
					}
					if n++; n == limit {
						break
					}
				}
				if n != limit {
					b.Fatal(n)
				}
			}
		})
	}
}

// BenchmarkExpired asks for what has expired when nothing has, with 100,000 records that will, before
// and after as many were removed.
func BenchmarkExpired(b *testing.B) {
	s, g := onDisk(b)
	ask := func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ids, err := s.Records().Expired(context.Background(), g.ID, time.Unix(1000, 0), 1000)
			if err != nil || len(ids) != 0 {
				b.Fatal(ids, err)
			}
		}
	}
	fill := func(n int, prefix string, ttl int64) {
		var wg sync.WaitGroup
		for w := range 256 {
			wg.Go(func() {
				for i := w; i < n; i += 256 {
					id := fmt.Sprint(prefix, i)
					if err := s.Records().Do(context.Background(), g, id, acceptFor(id, "x", ttl+int64(i))); err != nil {
						b.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
	fill(100_000, "later", 1_000_000)
	b.Run("before", ask)
	fill(100_000, "soon", 1)
	removed := 0
	for {
		ids, err := s.Records().Expired(context.Background(), g.ID, time.Unix(200_000, 0), 1000)
		if err != nil {
			b.Fatal(err)
		}
		if len(ids) == 0 {
			break
		}
		var wg sync.WaitGroup
		for _, id := range ids {
			wg.Go(func() {
				err := s.Records().Do(context.Background(), g, id, func(*feature.Record) (feature.Decision, error) {
					return feature.Decision{Outcome: feature.OnlineRemoved}, nil
				})
				if err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		removed += len(ids)
	}
	if removed != 100_000 {
		b.Fatalf("%d expired", removed)
	}
	b.Run("after", ask)
}

// BenchmarkList lists 1,000 objects of 50,000.
func BenchmarkList(b *testing.B) {
	s, _ := onDisk(b)
	for i := range 50 {
		var c bucket.Change
		for k := range 1000 {
			o := sampleObject(fmt.Sprintf("a/long/prefix/of/a/table/data/year=2026/month=01/day=02/hour=03/%d-%d.parquet", i, k), "")
			o.Blobs = nil
			c.Put = append(c.Put, o)
		}
		if err := s.Objects().Commit(context.Background(), c); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		n := 0
		for _, err := range s.Objects().List(context.Background(), "b", "a/", "a/long/prefix/of/a/table/data/year=2026/month=01/day=02/hour=03/30") {
			if err != nil {
				b.Fatal(err)
			}
			if n++; n == 1000 {
				break
			}
		}
	}
}

// BenchmarkOpen starts after a crash that left 100,000 records, half of the journal unflushed.
func BenchmarkOpen(b *testing.B) {
	mem := vfs.NewCrashableMem()
	s, err := Open("", mem, Options{})
	if err != nil {
		b.Fatal(err)
	}
	g := mustNew(b, s, "a")
	fillRecords(b, s, g, 100_000)
	var log int64
	files, err := mem.List("")
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range files {
		if info, err := mem.Stat(name); err == nil && strings.HasSuffix(name, ".log") {
			log += info.Size()
		}
	}
	b.ReportMetric(float64(log)/(1<<20), "log-MiB")
	var open time.Duration
	for range b.N {
		disk := mem.CrashClone(vfs.CrashCloneCfg{})
		start := time.Now()
		again, err := Open("", disk, Options{})
		if err != nil {
			b.Fatal(err)
		}
		open += time.Since(start)
		if err := again.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(open.Seconds()*1000/float64(b.N), "open-ms")
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkDecode decodes what is held of one identifier, and an entry.
func BenchmarkDecode(b *testing.B) {
	r := benchRecord("1234567", 1_700_000_000)
	record := encodeRecord(r, 1_700_000_000_000_000)
	entry := encodeEntry(&feature.Entry{Record: *r, Accepted: noon, Outcome: feature.OnlineWritten})
	b.Run("record", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decodeRecord(record); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("entry", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decodeEntry(1, entry); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkEncode encodes what is held of one identifier.
func BenchmarkEncode(b *testing.B) {
	r := benchRecord("1234567", 1_700_000_000)
	b.ReportAllocs()
	for b.Loop() {
		_ = encodeRecord(r, 1_700_000_000_000_000)
	}
}
