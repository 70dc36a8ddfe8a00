package soak

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/larder-dev/larder/test/wiretest"
)

var (
	length = flag.Duration("for", 10*time.Second, "TestHour: how long rows are written")
	cold   = flag.Duration("cold", 0, "TestHour: how long to wait afterwards, to see the files of hours that are cold (after 10m)")
	rate   = flag.Int("rate", 500, "TestHour: rows a second, a fifth of them in batches")
)

const (
	singles   = 6  // clients that call PutRecord
	batches   = 2  // clients that call BatchWriteRecord
	batchRows = 10 // rows of a batch
)

// TestHour writes at a steady rate to four groups for as long as -for says, and has SQL count all of
// them every minute, and at the end. Then it says what that took: files, bytes written, memory, time.
func TestHour(t *testing.T) {
	t.Logf("seed %d", *seed)
	w := newWorld(t, 4, time.Hour)
	watch := &watch{w: w}
	writing, stop := context.WithTimeout(t.Context(), *length)
	defer stop()
	writers := w.start(writing, t, stop)
	began := time.Now()
	beat := time.NewTicker(min(time.Minute, *length/3))
	defer beat.Stop()
	for done := false; !done; {
		select {
		case <-beat.C:
		case <-writing.Done():
			done = true
		}
		if !done {
			t.Logf("%5s: %s", time.Since(began).Round(time.Second), watch.look(t))
		}
	}
	var all writer
	for _, own := range writers {
		<-own.done
		all.merge(own)
	}
	took := time.Since(began)
	for _, g := range w.groups {
		w.complete(t, g)
	}
	w.flush(t)
	hot := watch.look(t)
	t.Logf("the end: %s", hot)
	t.Log("\n" + all.report(took) + watch.report(t, &all))
	if *cold > 0 {
		time.Sleep(*cold) // nothing but time makes an hour cold
		t.Logf("%s later: %s", *cold, watch.look(t))
		t.Log("\n" + watch.report(t, &all))
	}
	w.verify(t)
	if err := w.server.Stop(); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
}

// flush puts all rows into files.
func (w *world) flush(t *testing.T) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), wiretest.Binary(t), "flush", "--data", w.server.Data).CombinedOutput(); err != nil {
		t.Errorf("larder flush: %v\n%s", err, out)
	}
}

// verify compares the online stores with the offline stores.
func (w *world) verify(t *testing.T) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), wiretest.Binary(t), "verify", "--data", w.server.Data).CombinedOutput(); err != nil {
		t.Errorf("larder verify: %v\n%s", err, out)
	}
}

// A writer is one client.
type writer struct {
	done chan struct{} // closed when it has ended; what follows may be read then

	calls, rows, bytes int64
	took               []time.Duration // of each PutRecord
	late               []time.Duration // of each PutRecord from when it was due, which may be before it was sent
}

func (a *writer) merge(b *writer) {
	a.calls, a.rows, a.bytes = a.calls+b.calls, a.rows+b.rows, a.bytes+b.bytes
	a.took, a.late = append(a.took, b.took...), append(a.late, b.late...)
}

// start starts the clients. They end with ctx; what they have begun then is finished. A client whose
// write fails calls stop.
func (w *world) start(ctx context.Context, t *testing.T, stop func()) []*writer {
	var writers []*writer
	whole := context.WithoutCancel(ctx)
	run := func(stream uint64, every time.Duration, call func(rng *rand.Rand, own *writer, due time.Time) error) {
		own := &writer{done: make(chan struct{})}
		writers = append(writers, own)
		rng := rand.New(rand.NewPCG(*seed, stream))
		go func() {
			defer close(own.done)
			// Clients do not start in step. Who falls behind catches up, so that the rate is kept.
			due := time.Now().Add(time.Duration(rng.Int64N(int64(every))))
			for ; ctx.Err() == nil; due = due.Add(every) {
				if wait := time.Until(due); wait > 0 {
					time.Sleep(wait)
				}
				if err := call(rng, own, due); err != nil {
					t.Errorf("client %d: %v", stream, err)
					stop()
					return
				}
				own.calls++
			}
		}()
	}
	for i := range uint64(singles) {
		run(i, time.Second*singles*5/time.Duration(*rate*4), func(rng *rand.Rand, own *writer, due time.Time) error {
			began := time.Now()
			bytes, err := w.put(whole, w.groups[rng.IntN(len(w.groups))], rng)
			own.took, own.late = append(own.took, time.Since(began)), append(own.late, time.Since(due))
			own.rows, own.bytes = own.rows+1, own.bytes+int64(bytes)
			return err
		})
	}
	for i := range uint64(batches) {
		run(100+i, time.Second*batches*batchRows*5/time.Duration(*rate), func(rng *rand.Rand, own *writer, _ time.Time) error {
			bytes, err := w.putBatch(whole, w.groups[rng.IntN(len(w.groups))], rng, batchRows)
			own.rows, own.bytes = own.rows+batchRows, own.bytes+int64(bytes)
			return err
		})
	}
	return writers
}

func (a *writer) report(took time.Duration) string {
	slices.Sort(a.took)
	slices.Sort(a.late)
	var out strings.Builder
	fmt.Fprintf(&out, "rows             %d acknowledged in %s, %.1f a second\n", a.rows, took.Round(time.Second), float64(a.rows)/took.Seconds())
	fmt.Fprintf(&out, "values           %d bytes as they were sent, %.0f a row\n", a.bytes, float64(a.bytes)/float64(a.rows))
	fmt.Fprintf(&out, "PutRecord        %s\n", quantiles(a.took))
	fmt.Fprintf(&out, "  since due      %s\n", quantiles(a.late))
	return out.String()
}

func quantiles(sorted []time.Duration) string {
	if len(sorted) == 0 {
		return "none"
	}
	at := func(q float64) time.Duration {
		return sorted[int(q*float64(len(sorted)-1))].Round(10 * time.Microsecond)
	}
	return fmt.Sprintf("p50 %s, p99 %s, p99.9 %s, slowest %s", at(0.5), at(0.99), at(0.999), at(1))
}

// files returns how many data files there are in each hour folder of all groups, as a lister sees them,
// and their bytes.
func (w *world) files(t *testing.T) (folders map[string]int, bytes int64) {
	t.Helper()
	folders = map[string]int{}
	pages := s3.NewListObjectsV2Paginator(w.S3, &s3.ListObjectsV2Input{Bucket: aws.String(bucket), Prefix: aws.String("features/")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			if folder, file, found := cutLast(*o.Key, "/"); found && strings.HasSuffix(file, ".parquet") {
				folders[folder]++
				bytes += *o.Size
			}
		}
	}
	return folders, bytes
}

func cutLast(s, sep string) (before, after string, found bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}

// A watch looks at the server while it works.
type watch struct {
	w         *world
	counts    int   // how often SQL has counted a group
	mostFiles int   // in one folder, at any look
	resident  int64 // the most memory of the query workers together, at any look
	slowest   time.Duration
}

// look has SQL count all groups, and lists all files. It says what it saw.
func (v *watch) look(t *testing.T) string {
	t.Helper()
	began := time.Now()
	var rows int64
	var counting sync.WaitGroup
	counted := make([]int64, len(v.w.groups))
	for i, g := range v.w.groups {
		counting.Go(func() {
			n, err := v.w.counts(t.Context(), g)
			if err != nil {
				t.Error(err)
			}
			counted[i] = n
		})
	}
	counting.Wait()
	for _, n := range counted {
		rows += n
	}
	v.counts += len(counted)
	took := time.Since(began)
	v.slowest = max(v.slowest, took)
	folders, bytes := v.w.files(t)
	files, most := 0, 0
	for _, n := range folders {
		files, most = files+n, max(most, n)
	}
	v.mostFiles = max(v.mostFiles, most)
	p := measure(t, v.w.server.Pid())
	v.resident = max(v.resident, p.workers)
	return fmt.Sprintf("%d rows by SQL in %s, %d files in %d hour folders, at most %d in one, %d bytes, server %d MiB, workers %d MiB, %d bytes written",
		rows, took.Round(time.Millisecond), files, len(folders), most, bytes, p.resident>>20, p.workers>>20, p.written)
}

// report says what the run has taken until now.
func (v *watch) report(t *testing.T, all *writer) string {
	t.Helper()
	folders, bytes := v.w.files(t)
	counts := make([]int, 0, len(folders))
	files := 0
	for _, n := range folders {
		counts, files = append(counts, n), files+n
	}
	slices.Sort(counts)
	p := measure(t, v.w.server.Pid())
	m := metrics(t, v.w.server)
	flushed, merged := m["larder_flush_bytes_total"], m["larder_compaction_bytes_total"]
	var out strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&out, "%-16s %s\n", name, fmt.Sprintf(format, args...))
	}
	line("count(*)", "%d times, none short; four groups at once in at most %s", v.counts, v.slowest.Round(time.Millisecond))
	line("files", "%d in %d hour folders: %d in the middle one, at most %d now and %d at any minute", files, len(counts), counts[len(counts)/2], counts[len(counts)-1], v.mostFiles)
	line("flushed", "%.0f files, %.0f bytes, %.0f rows", m["larder_flush_files_total"], flushed, m["larder_flush_rows_total"])
	line("merged", "%.0f files into %.0f, %.0f bytes, %.0f rows", m["larder_compaction_replaced_files_total"], m["larder_compaction_files_total"], merged, m["larder_compaction_rows_total"])
	line("in the files", "%d bytes, %.2f of the values as sent", bytes, float64(bytes)/float64(all.bytes))
	line("files written", "%.2f of what was flushed, %.2f of the values", (flushed+merged)/flushed, (flushed+merged)/float64(all.bytes))
	line("disk written", "%d bytes, %.2f of the values", p.written, float64(p.written)/float64(all.bytes))
	line("memory", "server %d MiB, at most %d; query workers %d MiB, at most %d at any minute", p.resident>>20, p.most>>20, p.workers>>20, v.resident>>20)
	line("processor", "%s of the server", p.cpu.Round(time.Second))
	return out.String()
}
