// Package training measures training sets on what `larder import` left on a real disk. The benchmarks here are of
// the join alone, and of reads beside it:
//
//	TRAINING_DIR=/tmp/t TRAINING_ROWS=10000000 TRAINING_LABELS=1000000 go test -tags pebblegozstd -bench BenchmarkData -benchtime 1x ./test/training
//	TRAINING_DIR=/tmp/t TRAINING_ROWS=10000000 TRAINING_LABELS=1000000 go test -tags pebblegozstd -bench BenchmarkJoin -benchtime 3x ./test/training
//
// scripts/bench-training is of whole datasets, beside the peers.
package training

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/test/history"
	"github.com/larder-dev/larder/test/wiretest"
)

const (
	groups = 3
	lake   = "lake"
	// perFile is how many rows a source has.
	perFile = 5_000_000
)

// number reads a whole number of the environment.
func number(b *testing.B, name string, otherwise int64) int64 {
	b.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 {
		b.Fatalf("%s=%s: give a whole number, 1 or more", name, text)
	}
	return n
}

// A load is what is measured: TRAINING_ROWS rows a group over TRAINING_DAYS days, and TRAINING_LABELS labels, below
// TRAINING_DIR; the join has TRAINING_THREADS threads.
type load struct {
	dir     string
	labels  int64
	history history.History
}

func newLoad(b *testing.B) load {
	b.Helper()
	dir := os.Getenv("TRAINING_DIR")
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "larder-training")
	}
	return load{dir, number(b, "TRAINING_LABELS", 100_000), history.History{Rows: number(b, "TRAINING_ROWS", 100_000), Days: number(b, "TRAINING_DAYS", 60)}}
}

func (l load) data() string { return filepath.Join(l.dir, "data") }

// label returns the customer and the time, in milliseconds, of label i: any customer at any time.
func (l load) label(i int64) (id int, at int64) {
	h := fnv.New64a()
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(i))) //nolint:errcheck // it never fails
	r := h.Sum64()
	return int(r % history.IDs), history.Start*1000 + int64((r>>20)%uint64(l.history.Days*86_400_000))
}

// BenchmarkData makes what the other benchmarks read: the groups, by the server and `larder import`.
func BenchmarkData(b *testing.B) {
	l := newLoad(b)
	for b.Loop() {
		l.make(b)
	}
}

func (l load) make(b *testing.B) {
	server := wiretest.Start(b, l.data())
	clients := wiretest.NewClients(server.Env)
	if _, err := clients.S3.CreateBucket(b.Context(), &s3.CreateBucketInput{Bucket: aws.String(lake)}); err != nil {
		b.Fatal(err)
	}
	for k := range groups {
		in := &sagemaker.CreateFeatureGroupInput{
			FeatureGroupName: aws.String(fmt.Sprintf("customers-%d", k)), RecordIdentifierFeatureName: aws.String("customer"), EventTimeFeatureName: aws.String("at"),
			OfflineStoreConfig: &types.OfflineStoreConfig{S3StorageConfig: &types.S3StorageConfig{S3Uri: aws.String("s3://" + lake + "/f")}},
			RoleArn:            aws.String("arn:aws:iam::123456789012:role/larder"),
		}
		for _, d := range history.Features() {
			in.FeatureDefinitions = append(in.FeatureDefinitions, types.FeatureDefinition{FeatureName: aws.String(string(d.Name)), FeatureType: types.FeatureType(d.Type.String())})
		}
		if _, err := clients.SageMaker.CreateFeatureGroup(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
	for at := int64(0); at < l.history.Rows; at += perFile {
		source := filepath.Join(l.dir, "source.parquet")
		if err := l.history.Write(source, at, min(at+perFile, l.history.Rows)); err != nil {
			b.Fatal(err)
		}
		for k := range groups {
			c := exec.CommandContext(b.Context(), wiretest.Binary(b), "import", "--group", fmt.Sprintf("customers-%d", k), source, "--data", l.data())
			if out, err := c.CombinedOutput(); err != nil {
				b.Fatalf("larder import: %v\n%s", err, out)
			}
		}
		if err := os.Remove(source); err != nil {
			b.Fatal(err)
		}
	}
	if err := server.Stop(); err != nil {
		b.Fatal(err)
	}
}

func (l load) writeLabels() (err error) {
	schema, err := parquet.NewSchema([]parquet.Column{{Name: "row", Type: parquet.Int64}, {Name: "customer", Type: parquet.Text, Plain: true}, {Name: "label_time", Type: parquet.Instant}})
	if err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(l.dir, "labels.parquet"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	w := parquet.NewExport(out, schema)
	for i := range l.labels {
		id, at := l.label(i)
		row := w.BeginRow()
		row.Int64(i)
		row.Text([]byte(history.Customer(id)))
		row.Instant(at * 1000)
		if err := row.End(); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.Flush()
}

// A stores is a data directory whose server has ended.
type stores struct {
	db      *embedded.Store
	buckets *bucket.Store
	groups  []*feature.Group
}

func (l load) open(ctx context.Context) (*stores, error) {
	db, err := embedded.Open(filepath.Join(l.data(), "db"), vfs.Default, embedded.Options{})
	if err != nil {
		return nil, err
	}
	blobs, err := blob.Open(filepath.Join(l.data(), "blobs"), vfs.Default)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &stores{db: db, buckets: bucket.New(db.Objects(), blobs, bucket.Options{Account: "123456789012", Region: "us-east-1"})}
	for g, err := range db.Groups().List(ctx) {
		if err != nil {
			return nil, errors.Join(err, db.Close())
		}
		if g.Offline != nil { // BenchmarkReads has one without
			s.groups = append(s.groups, g)
		}
	}
	return s, nil
}

// BenchmarkJoin joins the labels with all groups.
func BenchmarkJoin(b *testing.B) {
	l := newLoad(b)
	s, err := l.open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := s.db.Close(); err != nil {
			b.Error(err)
		}
	}()
	snap, err := s.db.Offline().Snapshot(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer snap.Close() //nolint:errcheck // nothing is left to be lost
	r := l.request(s.groups)
	e := asof.New(s.buckets, asof.Options{Threads: int(number(b, "TRAINING_THREADS", int64(runtime.GOMAXPROCS(0))))})
	for b.Loop() {
		began, cpu := time.Now(), processorTime()
		phase, last := "", began
		sum := 0.0
		stats, err := e.Join(b.Context(), snap, r, func(p asof.Progress) {
			if p.Phase != phase {
				phase, last = p.Phase, time.Now()
			}
		}, func(_, rows int, columns []*parquet.Vector) error {
			for _, v := range columns {
				for _, x := range v.Floats {
					sum += x
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		took := time.Since(began)
		b.Logf("%v, of which features %v; processor time %v; peak memory %d MiB; %+v; sum %.6g", took.Round(time.Millisecond), time.Since(last).Round(time.Millisecond),
			(processorTime() - cpu).Round(time.Millisecond), peak(b)>>20, stats, sum)
		b.ReportMetric(float64(peak(b)>>20), "peak-MiB")
		b.ReportMetric((processorTime() - cpu).Seconds(), "cpu-s")
	}
}

func (l load) request(all []*feature.Group) *asof.Request {
	r := &asof.Request{}
	ids := &parquet.Vector{Kind: parquet.OfText}
	for i := range l.labels {
		id, at := l.label(i)
		ids.Text = append(ids.Text, history.Customer(id)...)
		ids.Offsets, ids.Null = append(ids.Offsets, len(ids.Text)), append(ids.Null, false)
		r.Labels.Times = append(r.Labels.Times, feature.EventTime{Sec: int64(math.Floor(float64(at) / 1000)), Nsec: int32(at%1000) * 1e6})
	}
	for _, g := range all {
		to := asof.Group{Group: g, IDs: ids}
		for _, d := range g.Definitions {
			to.Features = append(to.Features, d.Name)
		}
		r.Groups = append(r.Groups, to)
	}
	return r
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak is the most memory that the process has had.
func peak(b *testing.B) int64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if kib, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kib), "kB")), 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return n << 10
		}
	}
	b.Fatal("/proc/self/status has no VmHWM")
	return 0
}
