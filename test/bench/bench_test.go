// Package bench measures the real server from outside, with a real client. Client and server share
// the machine's cores.
package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"

	"github.com/larder-dev/larder/test/wiretest"
)

const (
	group    = "bench"
	bucket   = "bench-bucket"
	records  = 10_000
	features = 10
)

// BenchmarkStart starts a server on an empty directory, until /readyz is good.
func BenchmarkStart(b *testing.B) {
	var took []time.Duration
	for b.Loop() {
		server := wiretest.Start(b, b.TempDir())
		took = append(took, server.Startup)
		server.Kill()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
}

// BenchmarkIdleMemory is the memory of a server that nobody has asked anything, its query workers
// included.
func BenchmarkIdleMemory(b *testing.B) {
	for b.Loop() {
		server := wiretest.Start(b, b.TempDir())
		time.Sleep(3 * time.Second)
		b.ReportMetric(memoryMiB(b, server.Pid(), "Rss:"), "MiB-server")
		workers, own := 0.0, 0.0
		for _, pid := range children(server.Pid()) {
			workers += memoryMiB(b, pid, "Rss:")
			own += memoryMiB(b, pid, "Private_Clean:") + memoryMiB(b, pid, "Private_Dirty:")
		}
		b.ReportMetric(workers, "MiB-workers")
		b.ReportMetric(own, "MiB-workers-own")
		server.Kill()
	}
}

// memoryMiB reads one line of what the kernel sums up of a process's memory.
func memoryMiB(b *testing.B, pid int, line string) float64 {
	b.Helper()
	sums, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		b.Fatal(err)
	}
	for text := range strings.Lines(string(sums)) {
		if rest, ok := strings.CutPrefix(text, line); ok {
			kib, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				b.Fatal(err)
			}
			return float64(kib) / 1024
		}
	}
	b.Fatalf("process %d has no line %s", pid, line)
	return 0
}

func children(pid int) []int {
	var pids []int
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue // not a process, or it has ended
		}
		_, rest, _ := bytes.Cut(stat, []byte(") "))
		if f := strings.Fields(string(rest)); len(f) > 1 && f[1] == strconv.Itoa(pid) {
			child, _ := strconv.Atoi(e.Name())
			pids = append(pids, child)
		}
	}
	return pids
}

// start makes a server with a group of 10,000 records of ten features.
func start(b *testing.B) *wiretest.Clients {
	b.Helper()
	server := wiretest.Start(b, b.TempDir())
	c := wiretest.NewClients(server.Env)
	ctx := b.Context()
	if _, err := c.S3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		b.Fatal(err)
	}
	definitions := []types.FeatureDefinition{
		{FeatureName: aws.String("id"), FeatureType: types.FeatureTypeIntegral},
		{FeatureName: aws.String("at"), FeatureType: types.FeatureTypeFractional},
	}
	for i := 2; i < features; i++ {
		definitions = append(definitions, types.FeatureDefinition{FeatureName: aws.String(fmt.Sprintf("f%d", i)), FeatureType: types.FeatureTypeFractional})
	}
	_, err := c.SageMaker.CreateFeatureGroup(ctx, &sagemaker.CreateFeatureGroupInput{
		FeatureGroupName: aws.String(group), RecordIdentifierFeatureName: aws.String("id"), EventTimeFeatureName: aws.String("at"),
		FeatureDefinitions: definitions,
		OnlineStoreConfig:  &types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true)},
		OfflineStoreConfig: &types.OfflineStoreConfig{S3StorageConfig: &types.S3StorageConfig{S3Uri: aws.String("s3://" + bucket + "/f")}},
		RoleArn:            aws.String("arn:aws:iam::123456789012:role/larder"),
	})
	if err != nil {
		b.Fatal(err)
	}
	parallel(b, 16, records, func(n int) error { return put(ctx, c, n) })
	return c
}

func put(ctx context.Context, c *wiretest.Clients, n int) error {
	record := []runtimetypes.FeatureValue{
		{FeatureName: aws.String("id"), ValueAsString: aws.String(strconv.Itoa(n % records))},
		{FeatureName: aws.String("at"), ValueAsString: aws.String(strconv.Itoa(1_700_000_000 + n/records))},
	}
	for i := 2; i < features; i++ {
		record = append(record, runtimetypes.FeatureValue{FeatureName: aws.String(fmt.Sprintf("f%d", i)), ValueAsString: aws.String(fmt.Sprint(float64(n*i) / 7))})
	}
	_, err := c.Runtime.PutRecord(ctx, &runtime.PutRecordInput{FeatureGroupName: aws.String(group), Record: record})
	return err
}

// parallel calls f for 0 … n-1 from so many goroutines.
func parallel(b *testing.B, workers, n int, f func(int) error) {
	b.Helper()
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				if err := f(int(i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
}

// BenchmarkPutRecord writes durable records of ten features from 1, 16 and 64 clients.
func BenchmarkPutRecord(b *testing.B) {
	c := start(b)
	for _, workers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			parallel(b, workers, b.N, func(n int) error { return put(b.Context(), c, n) })
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
		})
	}
}

// BenchmarkGetRecord reads from one client: alone, and beside a query that has work for minutes.
func BenchmarkGetRecord(b *testing.B) {
	c := start(b)
	b.Run("alone", func(b *testing.B) { get(b, c) })
	got, err := c.SageMaker.DescribeFeatureGroup(b.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: aws.String(group)})
	if err != nil {
		b.Fatal(err)
	}
	table := *got.OfflineStoreConfig.DataCatalogConfig.TableName
	query, err := c.Athena.StartQueryExecution(b.Context(), &athena.StartQueryExecutionInput{
		QueryString:           aws.String(fmt.Sprintf(`SELECT sum(a.f2 * b.f3 + c.f4) FROM "%[1]s" a CROSS JOIN "%[1]s" b CROSS JOIN "%[1]s" c WHERE a.f2 + b.f2 < c.f2 * 2`, table)),
		QueryExecutionContext: &athenatypes.QueryExecutionContext{Database: aws.String("sagemaker_featurestore")},
		ResultConfiguration:   &athenatypes.ResultConfiguration{OutputLocation: aws.String("s3://" + bucket + "/r")},
	})
	if err != nil {
		b.Fatal(err)
	}
	time.Sleep(time.Second)
	b.Run("beside-a-heavy-query", func(b *testing.B) { get(b, c) })
	state, err := c.Athena.GetQueryExecution(b.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: query.QueryExecutionId})
	if err != nil || state.QueryExecution.Status.State != athenatypes.QueryExecutionStateRunning {
		b.Errorf("the heavy query is not running: %+v %v", state, err)
	}
	if _, err := c.Athena.StopQueryExecution(b.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: query.QueryExecutionId}); err != nil {
		b.Error(err)
	}
}

func get(b *testing.B, c *wiretest.Clients) {
	took := make([]time.Duration, 0, b.N)
	for n := 0; b.Loop(); n++ {
		began := time.Now()
		got, err := c.Runtime.GetRecord(b.Context(), &runtime.GetRecordInput{
			FeatureGroupName: aws.String(group), RecordIdentifierValueAsString: aws.String(strconv.Itoa(n * 7919 % records))})
		took = append(took, time.Since(began))
		if err != nil || len(got.Record) != features {
			b.Fatalf("%v %v", got, err)
		}
	}
	slices.Sort(took)
	for name, q := range map[string]float64{"ms-p50": 0.5, "ms-p99": 0.99, "ms-worst": 1} {
		b.ReportMetric(float64(took[int(float64(len(took)-1)*q)].Microseconds())/1000, name)
	}
}
