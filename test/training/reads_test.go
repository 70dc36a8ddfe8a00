package training

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"

	"github.com/larder-dev/larder/test/history"
	"github.com/larder-dev/larder/test/wiretest"
)

const (
	readers  = "readers" // the group that is read
	records  = 1000
	interval = 4 * time.Millisecond
)

// BenchmarkReads reads records, 250 a second, from a server that does nothing else, and while it makes a dataset of
// all groups.
func BenchmarkReads(b *testing.B) {
	l := newLoad(b)
	if err := l.writeLabels(); err != nil {
		b.Fatal(err)
	}
	server := wiretest.Start(b, l.data())
	clients := wiretest.NewClients(server.Env)
	fill(b, clients)
	for b.Loop() {
		alone, stop := context.WithTimeout(b.Context(), 20*time.Second)
		b.Logf("alone:             %s", reads(alone, b, clients))
		stop()
		joining, end := context.WithCancel(b.Context())
		args := []string{"dataset", "create", "bench", "--labels", filepath.Join(l.dir, "labels.parquet"), "--time", "label_time", "--data", l.data()}
		for k := range groups {
			args = append(args, "--group", fmt.Sprintf("customers-%d on=customer prefix=p%d_", k, k))
		}
		went := make(chan error, 1)
		began := time.Now()
		go func() {
			c := exec.CommandContext(b.Context(), wiretest.Binary(b), args...)
			c.Stderr = os.Stderr
			_, err := c.Output()
			went <- err
			end()
		}()
		line := reads(joining, b, clients)
		if err := <-went; err != nil {
			b.Fatalf("larder dataset create: %v", err)
		}
		b.Logf("beside a join:     %s; it took %v", line, time.Since(began).Round(10*time.Millisecond))
	}
	if err := server.Stop(); err != nil {
		b.Error(err)
	}
}

// fill makes the group that is read, unless it is there.
func fill(b *testing.B, c *wiretest.Clients) {
	b.Helper()
	_, err := c.SageMaker.CreateFeatureGroup(b.Context(), &sagemaker.CreateFeatureGroupInput{
		FeatureGroupName: aws.String(readers), RecordIdentifierFeatureName: aws.String("customer"), EventTimeFeatureName: aws.String("at"),
		OnlineStoreConfig: &types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true)},
		FeatureDefinitions: []types.FeatureDefinition{{FeatureName: aws.String("customer"), FeatureType: "String"},
			{FeatureName: aws.String("at"), FeatureType: "String"}, {FeatureName: aws.String("n"), FeatureType: "Integral"}},
	})
	if err != nil && !strings.Contains(err.Error(), "ResourceInUse") {
		b.Fatal(err)
	}
	for i := range records {
		value := func(name, text string) runtimetypes.FeatureValue {
			return runtimetypes.FeatureValue{FeatureName: aws.String(name), ValueAsString: aws.String(text)}
		}
		if _, err := c.Runtime.PutRecord(b.Context(), &runtime.PutRecordInput{FeatureGroupName: aws.String(readers),
			Record: []runtimetypes.FeatureValue{value("customer", history.Customer(i)), value("at", "2024-01-31T12:00:00Z"), value("n", "7")}}); err != nil {
			b.Fatal(err)
		}
	}
}

// reads reads records until ctx ends, one when each interval has passed, and tells how long they took from when
// they were due.
func reads(ctx context.Context, b *testing.B, c *wiretest.Clients) string {
	var all []time.Duration
	due := time.Now()
	for n := 0; ctx.Err() == nil; n++ {
		if wait := time.Until(due); wait > 0 {
			time.Sleep(wait)
		}
		began := due
		if _, err := c.Runtime.GetRecord(b.Context(), &runtime.GetRecordInput{FeatureGroupName: aws.String(readers), RecordIdentifierValueAsString: aws.String(history.Customer(n % records))}); err != nil {
			b.Fatal(err)
		}
		all = append(all, time.Since(began))
		due = due.Add(interval)
		if time.Since(due) > time.Second { // what is that late says nothing more
			due = time.Now()
		}
	}
	slices.Sort(all)
	at := func(share float64) time.Duration {
		return all[int(share*float64(len(all)-1))].Round(10 * time.Microsecond)
	}
	return fmt.Sprintf("%d reads: p50 %v, p90 %v, p99 %v, slowest %v", len(all), at(.5), at(.9), at(.99), at(1))
}
