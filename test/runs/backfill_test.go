// Package runs measures what sorted runs are worth: a backfill of years, and the same questions to it
// before its months have runs and after.
package runs

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/larder-dev/larder/internal/app"
	tables "github.com/larder-dev/larder/internal/table"
	"github.com/larder-dev/larder/test/wiretest"
)

const (
	bucket = "history"
	hours  = 20_000 // from first on, over 28 months
	months = 28
	inHour = 24 // rows
)

// BenchmarkBackfill loads 20,000 event hours, asks a server that makes no runs, starts one that does, waits
// for the runs and asks again.
func BenchmarkBackfill(b *testing.B) {
	for b.Loop() {
		backfill(b)
	}
}

// questions are those of docs/decisions/sorted-runs.md.
var questions = []struct{ name, sql string }{
	{"count", `SELECT count(*) FROM %s`},
	{"sums", `SELECT sum(f5), sum(f6), max(f3) FROM %s`},
	{"week", `SELECT count(*) FROM %s WHERE at BETWEEN '2025-03-03T00:00:00Z' AND '2025-03-09T23:59:59Z'`},
	{"one", `SELECT * FROM %s WHERE id = 'customer-00007'`},
}

func backfill(b *testing.B) {
	dir := b.TempDir()
	server, clients := open(b, dir, tables.Runs{Off: true})
	table := makeGroup(b, clients)
	larder(b, dir, "import", writeRows(b), "--group", "long")
	before := usage(b, dir)
	hot := ask(b, clients, table)

	closed := server.Close()
	start := time.Now()
	server, clients = open(b, dir, tables.Runs{Quiet: time.Second})
	if closed != nil {
		b.Fatal(closed)
	}
	defer func() {
		if err := server.Close(); err != nil {
			b.Error(err)
		}
	}()
	after := usage(b, dir)
	for after.Tables[0].Runs < months && time.Since(start) < 5*time.Minute {
		time.Sleep(200 * time.Millisecond)
		after = usage(b, dir)
	}
	built := time.Since(start)
	if after.Tables[0].Runs != months || after.Tables[0].Files != hours {
		b.Fatalf("there are %+v", after.Tables[0])
	}
	quiet := ask(b, clients, table)
	for i, q := range questions {
		if hot[i].rows != quiet[i].rows {
			b.Errorf("%s: %s before there were runs, %s after", q.name, hot[i].rows, quiet[i].rows)
		}
		b.ReportMetric(hot[i].took.Seconds()*1000, q.name+"-ms-hours")
		b.ReportMetric(quiet[i].took.Seconds()*1000, q.name+"-ms-runs")
	}
	b.ReportMetric(float64(before.Tables[0].Files), "files")
	b.ReportMetric(float64(after.Tables[0].Runs), "runs")
	b.ReportMetric(float64(before.Tables[0].Bytes)/1e6, "MB-files")
	b.ReportMetric(float64(after.Tables[0].RunBytes)/1e6, "MB-runs")
	b.ReportMetric(float64(before.Tables[0].Bytes+after.Tables[0].RunBytes)/float64(before.Tables[0].Bytes), "amplification")
	b.ReportMetric(built.Seconds(), "s-to-make")
	b.ReportMetric(float64(hot[0].scanned)/1e6, "MB-scanned-hours")
	b.ReportMetric(float64(quiet[0].scanned)/1e6, "MB-scanned-runs")
}

// open starts a server in this process.
func open(b *testing.B, dir string, runs tables.Runs) (*app.App, *wiretest.Clients) {
	b.Helper()
	server, err := app.Open(b.Context(), app.Config{
		Dir: dir, Listen: "127.0.0.1:0", Worker: []string{wiretest.Binary(b), "worker"}, ImportFiles: true, Runs: runs,
		Upstream: func(*http.Request) (*url.URL, error) { return nil, nil },
		Log:      slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		b.Fatal(err)
	}
	key := server.RootKey()
	return server, wiretest.NewClients(map[string]string{
		"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": key.ID, "AWS_SECRET_ACCESS_KEY": key.Secret, "AWS_ENDPOINT_URL": server.Server().Endpoint,
	})
}

func makeGroup(b *testing.B, clients *wiretest.Clients) (table string) {
	b.Helper()
	ctx := b.Context()
	if _, err := clients.S3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		b.Fatal(err)
	}
	define := func(name string, kind types.FeatureType) types.FeatureDefinition {
		return types.FeatureDefinition{FeatureName: aws.String(name), FeatureType: kind}
	}
	features := []types.FeatureDefinition{define("id", types.FeatureTypeString), define("at", types.FeatureTypeString), define("kind", types.FeatureTypeString)}
	for i := range 6 {
		features = append(features, define(fmt.Sprint("f", i+1), types.FeatureTypeFractional))
	}
	_, err := clients.SageMaker.CreateFeatureGroup(ctx, &sagemaker.CreateFeatureGroupInput{
		FeatureGroupName: aws.String("long"), RecordIdentifierFeatureName: aws.String("id"), EventTimeFeatureName: aws.String("at"),
		FeatureDefinitions: features, RoleArn: aws.String("arn:aws:iam::123456789012:role/r"),
		OfflineStoreConfig: &types.OfflineStoreConfig{S3StorageConfig: &types.S3StorageConfig{S3Uri: aws.String("s3://" + bucket + "/base")}},
	})
	if err != nil {
		b.Fatal(err)
	}
	d, err := clients.SageMaker.DescribeFeatureGroup(ctx, &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: aws.String("long")})
	if err != nil {
		b.Fatal(err)
	}
	return *d.OfflineStoreConfig.DataCatalogConfig.TableName
}

// writeRows writes the backfill as a CSV file.
func writeRows(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "rows.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "id,at,kind,f1,f2,f3,f4,f5,f6") // its errors are Flush's
	first := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range hours * inHour {
		at := first.Add(time.Duration(i/inHour)*time.Hour + time.Duration(i%inHour)*time.Minute)
		x := float64(i*7919%100_003) / 7
		fmt.Fprintf(w, "customer-%05d,%s,%s,%.4f,%.3f,%.2f,%.4f,%.1f,%d\n", i*31%20_011, at.Format(time.RFC3339),
			[]string{"clear", "rain", "snow"}[i%3], x, x*x, x/3, 1/(x+1), float64(i%89), i%97)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// larder runs a command of the program on the data directory.
func larder(b *testing.B, dir string, args ...string) []byte {
	b.Helper()
	out, err := exec.CommandContext(b.Context(), wiretest.Binary(b), append(args, "--data", dir)...).Output()
	if err != nil {
		b.Fatalf("larder %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return out
}

type report struct {
	Tables []struct{ Files, Bytes, Runs, RunBytes int64 }
}

func usage(b *testing.B, dir string) report {
	b.Helper()
	var r report
	if err := json.Unmarshal(larder(b, dir, "du", "--json"), &r); err != nil || len(r.Tables) != 1 {
		b.Fatalf("%+v: %v", r, err)
	}
	return r
}

// An answer to a question.
type answer struct {
	rows    string
	took    time.Duration // of the best of three: planning and the engine's work
	scanned int64
}

func ask(b *testing.B, clients *wiretest.Clients, table string) []answer {
	b.Helper()
	var all []answer
	for _, q := range questions {
		best := answer{took: time.Hour}
		sql := fmt.Sprintf(q.sql, table)
		for range 3 {
			e := clients.Execute(b.Context(), b, sql, "s3://"+bucket+"/results/")
			if e.Statistics == nil || e.Statistics.DataScannedInBytes == nil {
				b.Fatalf("%s: %v", sql, e.Status)
			}
			best.took = min(best.took, time.Duration(*e.Statistics.TotalExecutionTimeInMillis)*time.Millisecond)
			best.scanned = *e.Statistics.DataScannedInBytes
		}
		best.rows = fmt.Sprint(len(clients.SQL(b.Context(), b, sql, "s3://"+bucket+"/results/")))
		if q.name != "one" {
			best.rows = fmt.Sprint(clients.SQL(b.Context(), b, sql, "s3://"+bucket+"/results/"))
		}
		all = append(all, best)
	}
	return all
}
