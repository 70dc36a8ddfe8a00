package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
)

const (
	identifiers = 50_000 // of a group, so that records are overwritten too
	lateOneIn   = 10     // rows whose event time is not now
)

func (g *group) definitions() []types.FeatureDefinition {
	at := types.FeatureTypeFractional
	if g.iso {
		at = types.FeatureTypeString
	}
	definitions := []types.FeatureDefinition{
		{FeatureName: aws.String("id"), FeatureType: types.FeatureTypeIntegral},
		{FeatureName: aws.String("at"), FeatureType: at},
		{FeatureName: aws.String("n"), FeatureType: types.FeatureTypeIntegral},
		{FeatureName: aws.String("city"), FeatureType: types.FeatureTypeString},
		{FeatureName: aws.String("agent"), FeatureType: types.FeatureTypeString},
		{FeatureName: aws.String("clicks"), FeatureType: types.FeatureTypeIntegral},
	}
	for _, name := range []string{"amount", "score", "rate", "ratio"} {
		definitions = append(definitions, types.FeatureDefinition{FeatureName: aws.String(name), FeatureType: types.FeatureTypeFractional})
	}
	return definitions
}

// row makes row n of the group: n makes it different from all others. One in ten is late, at most by a day.
func (g *group) row(rng *rand.Rand, n int64, now time.Time) (record []runtimetypes.FeatureValue, bytes int) {
	at := now
	if rng.IntN(lateOneIn) == 0 {
		at = at.Add(-min(time.Duration(rng.ExpFloat64()*float64(g.late)), 24*time.Hour))
	}
	text := strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', 3, 64)
	if g.iso {
		text = at.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	value := func(name, text string) {
		record = append(record, runtimetypes.FeatureValue{FeatureName: &name, ValueAsString: &text})
		bytes += len(text)
	}
	value("id", strconv.Itoa(rng.IntN(identifiers)))
	value("at", text)
	value("n", strconv.FormatInt(n, 10))
	value("city", fmt.Sprintf("city %d", rng.IntN(300)))
	value("agent", fmt.Sprintf("agent/%08x", rng.Uint32()))
	value("clicks", strconv.Itoa(rng.IntN(1000)))
	value("amount", strconv.FormatFloat(rng.Float64()*1000, 'f', 2, 64))
	value("score", strconv.FormatFloat(rng.NormFloat64(), 'g', -1, 64))
	value("rate", strconv.FormatFloat(rng.Float64(), 'f', 4, 64))
	if rng.IntN(4) > 0 { // one in four has none
		value("ratio", strconv.FormatFloat(rng.ExpFloat64(), 'g', 8, 64))
	}
	return record, bytes
}

// once keeps the SDK from sending a write again: a row would be there twice.
func once(o *runtime.Options) { o.RetryMaxAttempts = 1 }

// put writes one row to g, and returns the bytes of its values.
func (w *world) put(ctx context.Context, g *group, rng *rand.Rand) (bytes int, err error) {
	record, bytes := g.row(rng, g.sent.Add(1)-1, time.Now())
	if _, err := w.Runtime.PutRecord(ctx, &runtime.PutRecordInput{FeatureGroupName: &g.name, Record: record}, once); err != nil {
		return 0, err
	}
	g.acked.Add(1)
	return bytes, nil
}

// putBatch writes so many rows to the group by one call, and returns the bytes of their values.
func (w *world) putBatch(ctx context.Context, g *group, rng *rand.Rand, rows int) (bytes int, err error) {
	entries := make([]runtimetypes.BatchWriteRecordEntry, rows)
	last := g.sent.Add(int64(rows))
	for i := range entries {
		record, n := g.row(rng, last-int64(rows)+int64(i), time.Now())
		entries[i] = runtimetypes.BatchWriteRecordEntry{FeatureGroupName: &g.name, Record: record}
		bytes += n
	}
	got, err := w.Runtime.BatchWriteRecord(ctx, &runtime.BatchWriteRecordInput{Entries: entries}, once)
	if err != nil {
		return 0, err
	}
	if len(got.Errors)+len(got.UnprocessedEntries) > 0 {
		return 0, fmt.Errorf("%s: a batch has the errors %v and the unprocessed entries %v", g.name, got.Errors, got.UnprocessedEntries)
	}
	g.acked.Add(int64(rows))
	return bytes, nil
}
