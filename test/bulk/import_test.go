// Package bulk measures `larder import` and SQL over what it loaded on a real server and a real disk, and holds the answers
// against what was generated, and against DuckDB's. It has benchmarks alone: scripts/bench-import, scripts/bench-sql.
package bulk

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/larder-dev/larder/test/history"
	"github.com/larder-dev/larder/test/wiretest"
)

const (
	group = "customers"
	lake  = "lake"
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

// BenchmarkLarderImport imports a history of IMPORT_ROWS rows over IMPORT_DAYS days and IMPORT_LATE late ones, below
// IMPORT_DIR, by commands of IMPORT_CHUNK rows.
func BenchmarkLarderImport(b *testing.B) {
	h := history.History{Rows: number(b, "IMPORT_ROWS", 200_000), Days: number(b, "IMPORT_DAYS", 60)}
	late, chunk := number(b, "IMPORT_LATE", 20_000), number(b, "IMPORT_CHUNK", 1<<62)
	dir := os.Getenv("IMPORT_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	for b.Loop() {
		l := newLoad(b, dir, h)
		l.load("rows", 0, h.Rows, chunk)
		l.du("after the rows")
		l.load("late", h.Rows, h.Rows+late, chunk)
		l.du("after the late ones")
		l.compare(h.Rows + late)
		l.du("after the questions")
		if err := l.server.Stop(); err != nil {
			b.Errorf("the server ended with: %v", err)
		}
		if err := os.RemoveAll(l.dir); err != nil {
			b.Error(err)
		}
	}
}

// A load is a server on a fresh data directory, and what it is given.
type load struct {
	b       *testing.B
	dir     string
	history history.History
	server  *wiretest.Server
	clients *wiretest.Clients
	name    string   // of the table
	sources []string // that wait to be imported
}

func newLoad(b *testing.B, dir string, h history.History) *load {
	b.Helper()
	dir, err := os.MkdirTemp(dir, "import-")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) }) //nolint:errcheck // it is removed once already if all went well
	l := &load{b: b, dir: dir, history: h, server: wiretest.Start(b, filepath.Join(dir, "data"))}
	l.clients = wiretest.NewClients(l.server.Env)
	if _, err := l.clients.S3.CreateBucket(b.Context(), &s3.CreateBucketInput{Bucket: aws.String(lake)}); err != nil {
		b.Fatal(err)
	}
	l.createGroup(group)
	return l
}

// createGroup creates a group of the history's features.
func (l *load) createGroup(group string) {
	l.b.Helper()
	in := &sagemaker.CreateFeatureGroupInput{
		FeatureGroupName: aws.String(group), RecordIdentifierFeatureName: aws.String("customer"), EventTimeFeatureName: aws.String("at"),
		OnlineStoreConfig:  &types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true)},
		OfflineStoreConfig: &types.OfflineStoreConfig{S3StorageConfig: &types.S3StorageConfig{S3Uri: aws.String("s3://" + lake + "/f")}},
		RoleArn:            aws.String("arn:aws:iam::123456789012:role/larder"),
	}
	for _, d := range history.Features() {
		in.FeatureDefinitions = append(in.FeatureDefinitions, types.FeatureDefinition{FeatureName: aws.String(string(d.Name)), FeatureType: types.FeatureType(d.Type.String())})
	}
	if _, err := l.clients.SageMaker.CreateFeatureGroup(l.b.Context(), in); err != nil {
		l.b.Fatal(err)
	}
}

// load imports the rows from ≤ i < to, so many by a command, and prints how that went. Sources are made
// before their command and removed after it.
func (l *load) load(name string, from, to, chunk int64) {
	l.b.Helper()
	took, sources := time.Duration(0), int64(0)
	l.resetPeak()
	watched := l.watch()
	for at := from; at < to; at += min(chunk, to-at) {
		files, bytes := l.generate(at, min(to, at+chunk))
		sources = max(sources, bytes)
		took += l.command(group, files)
		for _, file := range files {
			if err := os.Remove(file); err != nil {
				l.b.Fatal(err)
			}
		}
	}
	peak, largest := l.peak(), watched()
	rate := float64(to-from) / took.Seconds()
	l.b.Logf("%s: %d rows in %.0f s = %.0f rows/s; peak memory of the server %d MiB; disk: %d MiB of sources, with them at most %d MiB, data directory after %d MiB",
		name, to-from, took.Seconds(), rate, peak>>20, sources>>20, largest>>20, l.size()>>20)
	l.b.ReportMetric(rate, name+"-rows/s")
	l.b.ReportMetric(float64(peak>>20), name+"-peak-MiB")
}

// generate writes sources, two at a time.
func (l *load) generate(from, to int64) (files []string, bytes int64) {
	l.b.Helper()
	ended := make(chan error, 1)
	slots := make(chan struct{}, 2)
	for at := from; at < to; at += perFile {
		file := filepath.Join(l.dir, fmt.Sprintf("rows-%d.parquet", at))
		files = append(files, file)
		go func() {
			slots <- struct{}{}
			err := l.history.Write(file, at, min(at+perFile, to))
			<-slots
			ended <- err
		}()
	}
	for range files {
		if err := <-ended; err != nil {
			l.b.Fatal(err)
		}
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			l.b.Fatal(err)
		}
		bytes += info.Size()
	}
	return files, bytes
}

// larder runs a command of the binary on the server's data directory.
func (l *load) larder(ctx context.Context, args ...string) []byte {
	l.b.Helper()
	c := exec.CommandContext(ctx, wiretest.Binary(l.b), append(args, "--data", l.server.Data)...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		l.b.Fatalf("larder %s: %v\n%s", args[0], err, out)
	}
	return out
}

// command runs `larder import` into a group and returns how long it took.
func (l *load) command(group string, files []string) time.Duration {
	l.b.Helper()
	begin := time.Now()
	out := l.larder(context.Background(), append([]string{"import", "--group", group}, files...)...)
	took := time.Since(begin)
	l.b.Logf("%s", out)
	return took
}
