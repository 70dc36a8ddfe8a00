// Package faults makes things go wrong around the real server: SIGKILL under load, queries that
// eat their memory, workers killed in mid-query.
package faults

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"

	"github.com/larder-dev/larder/test/wiretest"
)

var (
	rounds = flag.Int("rounds", 4, "how many times the server is killed")
	seed   = flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the moments at which it is killed")
)

const (
	group   = "sensors"
	bucket  = "crash-bucket"
	writers = 8
	ids     = 200 // few, so that records are overwritten all the time
	epoch   = 1_700_000_000
)

// acknowledged is what the server has said yes to.
type acknowledged struct {
	mu      sync.Mutex      // guards the rest
	records map[[2]int]bool // identifier and event time of every acknowledged put
	sent    map[[2]int]bool // of every put that was sent
	objects map[string][32]byte
}

func TestKillUnderLoadLosesNothing(t *testing.T) {
	t.Logf("seed %d: go test ./test/faults -args -rounds %d -seed %d", *seed, *rounds, *seed)
	rng := rand.New(rand.NewPCG(*seed, 1))
	data := t.TempDir()
	acks := &acknowledged{records: map[[2]int]bool{}, sent: map[[2]int]bool{}, objects: map[string][32]byte{}}
	next := 0
	var slowest time.Duration
	for round := range *rounds {
		server := wiretest.Start(t, data, "--flush-age", "300ms")
		slowest = max(slowest, server.Startup)
		clients := wiretest.NewClients(server.Env)
		if round == 0 {
			create(t, clients)
		} else {
			check(t, clients, acks, round)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var load sync.WaitGroup
		for w := range writers {
			load.Go(func() { put(ctx, clients, acks, next+w) })
		}
		load.Go(func() { upload(ctx, clients, acks, round) })
		time.Sleep(time.Duration(400+rng.IntN(1200)) * time.Millisecond)
		server.Kill()
		cancel()
		load.Wait()
		next += 10_000_000
	}
	server := wiretest.Start(t, data)
	check(t, wiretest.NewClients(server.Env), acks, *rounds)
	verify(t, data)
	if err := server.Stop(); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
	t.Logf("%d kills: %d records and %d objects acknowledged, none lost, none twice; slowest start %s",
		*rounds, len(acks.records), len(acks.objects), slowest.Round(time.Millisecond))
}

// verify compares both stores in full.
func verify(t *testing.T, data string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), wiretest.Binary(t), "verify", "--data", data).CombinedOutput()
	if err != nil {
		t.Errorf("larder verify: %v\n%s", err, out)
	}
}

func create(t *testing.T, c *wiretest.Clients) {
	t.Helper()
	if _, err := c.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	_, err := c.SageMaker.CreateFeatureGroup(t.Context(), &sagemaker.CreateFeatureGroupInput{
		FeatureGroupName:            aws.String(group),
		RecordIdentifierFeatureName: aws.String("id"),
		EventTimeFeatureName:        aws.String("at"),
		FeatureDefinitions: []types.FeatureDefinition{
			{FeatureName: aws.String("id"), FeatureType: types.FeatureTypeIntegral},
			{FeatureName: aws.String("at"), FeatureType: types.FeatureTypeFractional},
			{FeatureName: aws.String("reading"), FeatureType: types.FeatureTypeFractional},
		},
		OnlineStoreConfig:  &types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true)},
		OfflineStoreConfig: &types.OfflineStoreConfig{S3StorageConfig: &types.S3StorageConfig{S3Uri: aws.String("s3://" + bucket + "/f")}},
		RoleArn:            aws.String("arn:aws:iam::123456789012:role/larder"),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// put sends records with event times first, first+writers, … until the server is gone.
func put(ctx context.Context, c *wiretest.Clients, acks *acknowledged, first int) {
	for n := first; ctx.Err() == nil; n += writers {
		id := n % ids
		key := [2]int{id, n}
		acks.mu.Lock()
		acks.sent[key] = true
		acks.mu.Unlock()
		_, err := c.Runtime.PutRecord(ctx, &runtime.PutRecordInput{
			FeatureGroupName: aws.String(group),
			Record: []runtimetypes.FeatureValue{
				{FeatureName: aws.String("id"), ValueAsString: aws.String(strconv.Itoa(id))},
				{FeatureName: aws.String("at"), ValueAsString: aws.String(strconv.Itoa(epoch + n))},
				{FeatureName: aws.String("reading"), ValueAsString: aws.String(fmt.Sprint(float64(n) / 7))},
			},
		}, func(o *runtime.Options) { o.RetryMaxAttempts = 1 })
		if err != nil {
			return
		}
		acks.mu.Lock()
		acks.records[key] = true
		acks.mu.Unlock()
	}
}

func upload(ctx context.Context, c *wiretest.Clients, acks *acknowledged, round int) {
	for n := 0; ctx.Err() == nil; n++ {
		key := fmt.Sprintf("objects/%d/%d", round, n)
		body := bytes.Repeat([]byte(key), 1+n*37%5000)
		_, err := c.S3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(bucket), Key: &key, Body: bytes.NewReader(body)},
			func(o *s3.Options) { o.RetryMaxAttempts = 1 })
		if err != nil {
			return
		}
		acks.mu.Lock()
		acks.objects[key] = sha256.Sum256(body)
		acks.mu.Unlock()
	}
}

// check compares everything acknowledged with the online store, SQL and the bucket.
func check(t *testing.T, c *wiretest.Clients, acks *acknowledged, round int) {
	t.Helper()
	table := tableOf(t, c)
	rows := c.SQL(t.Context(), t, `SELECT id, at, count(*) AS n FROM "`+table+`" GROUP BY id, at`, "s3://"+bucket+"/results")
	inSQL := map[[2]int]bool{}
	for _, row := range rows[1:] {
		id, err1 := strconv.Atoi(row[0])
		at, err2 := strconv.ParseFloat(row[1], 64)
		if err1 != nil || err2 != nil || row[2] != "1" {
			t.Errorf("kill %d: row %v: a record is in SQL more than once, or broken", round, row)
			continue
		}
		key := [2]int{id, int(at) - epoch}
		if !acks.sent[key] {
			t.Errorf("kill %d: SQL has a record that nobody sent: %v", round, row)
		}
		inSQL[key] = true
	}
	latest := map[int]int{} // identifier → latest event time in SQL
	for key := range inSQL {
		if at, ok := latest[key[0]]; !ok || key[1] > at {
			latest[key[0]] = key[1]
		}
	}
	for key := range acks.records {
		if !inSQL[key] {
			t.Errorf("kill %d: acknowledged record %v is not in SQL", round, key)
		}
	}
	for id, n := range latest {
		got, err := c.Runtime.GetRecord(t.Context(), &runtime.GetRecordInput{
			FeatureGroupName: aws.String(group), RecordIdentifierValueAsString: aws.String(strconv.Itoa(id))})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Record) != 3 || *got.Record[1].ValueAsString != strconv.Itoa(epoch+n) {
			t.Errorf("kill %d: identifier %d is %v online, and its latest event time in SQL is %d", round, id, got.Record, epoch+n)
		}
	}
	for key, sum := range acks.objects {
		got, err := c.S3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(bucket), Key: &key})
		if err != nil {
			t.Errorf("kill %d: acknowledged object %s: %v", round, key, err)
			continue
		}
		body, err := io.ReadAll(got.Body)
		got.Body.Close()
		if err != nil || sha256.Sum256(body) != sum {
			t.Errorf("kill %d: acknowledged object %s is not what was put (%v)", round, key, err)
		}
	}
}

func tableOf(t *testing.T, c *wiretest.Clients) string {
	t.Helper()
	got, err := c.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: aws.String(group)})
	if err != nil {
		t.Fatal(err)
	}
	return *got.OfflineStoreConfig.DataCatalogConfig.TableName
}
