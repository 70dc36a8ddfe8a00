package ingest_test

import (
	"bufio"
	"cmp"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// The generated history: customers, each with events at any time of 60 days, in the order of the
// events as a log would have them.
const (
	benchIDs   = 1_000_000
	benchStart = 1_690_000_000
	benchSpan  = 60 * 86400
	perFile    = 5_000_000
)

// mix is a number that has nothing to do with its neighbours.
func mix(n uint64) uint64 {
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// An event is row i of a history of n rows. late ones come after the others, at any time of the span.
type event struct {
	id      int
	at      int64 // milliseconds
	n       [3]int64
	x       [4]float64
	segment int
}

func eventAt(i, n int64, late bool) event {
	h := mix(uint64(i)*2 + 1)
	e := event{id: int(h % benchIDs), segment: int(h >> 60)}
	e.at = benchStart*1000 + int64(float64(i)/float64(n)*benchSpan*1000)
	if late {
		h = mix(h + 77)
		e.id = int(h % benchIDs)
		e.at = benchStart*1000 + int64(mix(h)%(benchSpan*1000))
	}
	for k := range e.n {
		e.n[k] = int64(mix(h+uint64(k)) % 10_000)
	}
	for k := range e.x {
		e.x[k] = math.Round(float64(mix(h+uint64(10+k))%1_000_000)) / 100
	}
	return e
}

func (e *event) time() string {
	return time.UnixMilli(e.at).UTC().Format("2006-01-02T15:04:05.000Z")
}

func (e *event) name() string { return fmt.Sprintf("customer-%07d", e.id) }

var benchFeatures = []feature.Definition{
	{Name: "customer", Type: feature.String}, {Name: "at", Type: feature.String},
	{Name: "n0", Type: feature.Integral}, {Name: "n1", Type: feature.Integral}, {Name: "n2", Type: feature.Integral},
	{Name: "x0", Type: feature.Fractional}, {Name: "x1", Type: feature.Fractional}, {Name: "x2", Type: feature.Fractional}, {Name: "x3", Type: feature.Fractional},
	{Name: "segment", Type: feature.String},
}

// generate writes rows from ≤ i < to of a history to a file.
func generate(b *testing.B, name string, from, to, n int64, late bool) {
	var columns []parquet.Column
	for _, d := range benchFeatures {
		columns = append(columns, parquet.Column{Name: string(d.Name), Type: map[feature.Type]parquet.Type{
			feature.String: parquet.Text, feature.Integral: parquet.Int64, feature.Fractional: parquet.Float64}[d.Type]})
	}
	schema := must(parquet.NewSchema(columns))(b)
	f := must(os.Create(name))(b)
	out := bufio.NewWriterSize(f, 1<<20)
	w := parquet.NewWriter(out, schema)
	for i := from; i < to; i++ {
		e := eventAt(i, n, late)
		row := w.BeginRow()
		row.Text([]byte(e.name()))
		row.Text([]byte(e.time()))
		for _, v := range e.n {
			row.Int64(v)
		}
		for _, v := range e.x {
			row.Float64(v)
		}
		row.Text([]byte("segment-" + strconv.Itoa(e.segment)))
		check(b, row.End())
	}
	check(b, w.Close())
	check(b, out.Flush())
	check(b, f.Close())
}

func number(name string, otherwise int64) int64 {
	n, err := strconv.ParseInt(os.Getenv(name), 10, 64)
	if err != nil {
		return otherwise
	}
	return n
}

// BenchmarkImport imports a generated history of IMPORT_ROWS rows and IMPORT_LATE late ones into both
// stores on the real disk, below IMPORT_DIR, and compares what is there with what was generated.
func BenchmarkImport(b *testing.B) {
	rows, late := number("IMPORT_ROWS", 200_000), number("IMPORT_LATE", 20_000)
	for b.Loop() {
		dir := must(os.MkdirTemp(cmp.Or(os.Getenv("IMPORT_DIR"), b.TempDir()), "import-"))(b)
		w := openOnDisk(b, dir)
		check(b, w.Resume(b.Context()))
		check(b, w.buckets.CreateBucket(b.Context(), "lake"))
		g := w.group("customers", func(g *feature.Group) {
			g.RecordIdentifier, g.EventTime, g.Definitions = "customer", "at", benchFeatures
		})
		w.timed(b, dir, "rows", rows, rows, false)
		w.timed(b, dir, "late", late, rows, true)
		w.compare(b, g, rows, late)
		w.close()
		check(b, os.RemoveAll(dir))
	}
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

// timed generates files, imports them and prints how that went.
func (w *world) timed(b *testing.B, dir, name string, n, of int64, late bool) {
	r := &ingest.Request{Group: "customers"}
	var files []string
	for from := int64(0); from < n; from += perFile {
		file := filepath.Join(dir, fmt.Sprintf("%s-%d.parquet", name, from))
		generate(b, file, from, min(from+perFile, n), of, late)
		files = append(files, file)
		r.Sources = append(r.Sources, ingest.Source{URI: "file://" + file})
	}
	in := size(b, dir)
	// The peak from here on; of a system that cannot say, that of the whole run.
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	i := must(w.Start(b.Context(), r))(b)
	begin := time.Now()
	largest := int64(0)
	done := make(chan *ingest.Import)
	go func() { done <- must(w.Wait(b.Context(), i.ID))(b) }()
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case i = <-done:
			ended = true
		case <-tick.C:
			largest = max(largest, size(b, dir))
		}
	}
	took := time.Since(begin)
	if i.Status != ingest.Done || i.Taken != n {
		b.Fatalf("the import is %s, has taken %d rows of %d: %s", i.Status, i.Taken, n, i.Failure)
	}
	offline := i.Committed.Sub(i.Started)
	b.Logf("%s: %d rows in %d files, %d MiB of Parquet; %.0f s = %.0f rows/s (in the table after %.0f s, %d records to the online store in %.0f s); peak memory %s; files made %d; disk %d MiB more, at most %d MiB while it ran",
		name, n, len(files), in>>20, took.Seconds(), float64(n)/took.Seconds(), offline.Seconds(), i.Online, (took - offline).Seconds(), peak(), i.Files,
		(size(b, dir)-in)>>20, (max(largest, size(b, dir))-in)>>20)
	b.ReportMetric(float64(n)/took.Seconds(), name+"-rows/s")
	for _, file := range files {
		check(b, os.Remove(file))
	}
}

// peak reads the most memory that the process had.
func peak() string {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.Join(strings.Fields(rest), " ")
		}
	}
	return "unknown"
}

func size(b *testing.B, dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // it has gone meanwhile
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			n += info.Size()
		}
		return nil
	})
	return n
}

// compare holds the stores against the generator: the number of rows, number and sum of a few event hours,
// and what is held of a sample of identifiers.
func (w *world) compare(b *testing.B, g *feature.Group, rows, late int64) {
	const every = benchIDs / 500
	newest := map[int]event{}
	hours := map[int64]int{benchStart/3600 + 5: 0, benchStart/3600 + 700: 0}
	sums := map[int64]float64{}
	for i := range rows + late {
		var e event
		if i < rows {
			e = eventAt(i, rows, false)
		} else {
			e = eventAt(i-rows, rows, true)
		}
		if old, held := newest[e.id]; e.id%every == 0 && (!held || e.at >= old.at) {
			newest[e.id] = e
		}
		if hour := e.at / 3_600_000; hours[hour] > 0 || hour == benchStart/3600+5 || hour == benchStart/3600+700 {
			hours[hour]++
			sums[hour] += e.x[0]
		}
	}
	snap := must(w.db.Offline().Snapshot(b.Context()))(b)
	view := must(w.tables.GroupView(b.Context(), snap, g))(b)
	total := int64(0)
	got, gotSums := map[int64]int{}, map[int64]float64{}
	for _, f := range view.Files {
		total += f.Rows
		for hour := range hours {
			if strings.Contains(f.URI, time.Unix(hour*3600, 0).UTC().Format("year=2006/month=01/day=02/hour=15/")) {
				for _, row := range w.fileRows(f.Path) {
					got[hour]++
					gotSums[hour] += row[5].(float64)
				}
			}
		}
	}
	check(b, view.Close())
	check(b, snap.Close())
	if total != rows+late {
		b.Errorf("the table has %d rows, want %d", total, rows+late)
	}
	for hour, want := range hours {
		if got[hour] != want || math.Abs(gotSums[hour]-sums[hour]) > 1e-6*math.Abs(sums[hour]) {
			b.Errorf("the hour %d has %d rows with the sum %v, want %d with %v", hour, got[hour], gotSums[hour], want, sums[hour])
		}
	}
	wrong := 0
	for _, e := range newest {
		held := must(w.db.Records().Get(b.Context(), g.ID, []string{e.name()}))(b)[0]
		if held == nil || held.Values[1].Text != e.time() || held.Values[2].Text != strconv.FormatInt(e.n[0], 10) {
			wrong++
		}
	}
	if wrong > 0 {
		b.Errorf("%d of %d records held are not the newest", wrong, len(newest))
	}
	b.Logf("the oracle agrees: %d rows, number and sum of %d event hours, %d records held", total, len(hours), len(newest))
}
