// Package soak keeps a real server busy, and asks all the while whether SQL has every row that was
// acknowledged. TestHour measures what an ingest costs on a disk; TestCountIsNeverShort asks after
// every single put. Both are short unless their flags say otherwise (make soak, make counts).
package soak

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"

	"github.com/larder-dev/larder/test/wiretest"
)

const bucket = "soak-bucket"

// A world is a server, its clients and its groups.
type world struct {
	*wiretest.Clients
	server *wiretest.Server
	groups []*group
}

// A group is a feature group and what was written to it.
type group struct {
	name, table string
	iso         bool          // its event times are texts, those of other groups are numbers
	late        time.Duration // how late those of its rows are, on average, that are late

	sent  atomic.Int64 // rows whose writing has begun; the next row has this number
	acked atomic.Int64 // rows that the server has said yes to
}

// newWorld starts a server with so many groups. Where all other groups have both stores, the last of
// several has an offline store alone.
func newWorld(t *testing.T, groups int, late time.Duration, flags ...string) *world {
	t.Helper()
	server := wiretest.Start(t, t.TempDir(), flags...)
	w := &world{Clients: wiretest.NewClients(server.Env), server: server}
	if _, err := w.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	for i := range groups {
		w.groups = append(w.groups, w.newGroup(t, i, late, i == 0 || i < groups-1))
	}
	return w
}

func (w *world) newGroup(t *testing.T, n int, late time.Duration, online bool) *group {
	t.Helper()
	g := &group{name: fmt.Sprintf("soak-%d", n), iso: n%2 == 0, late: late}
	in := &sagemaker.CreateFeatureGroupInput{
		FeatureGroupName: &g.name, RecordIdentifierFeatureName: aws.String("id"), EventTimeFeatureName: aws.String("at"),
		FeatureDefinitions: g.definitions(),
		OfflineStoreConfig: &types.OfflineStoreConfig{S3StorageConfig: &types.S3StorageConfig{S3Uri: aws.String("s3://" + bucket + "/features")}},
		RoleArn:            aws.String("arn:aws:iam::123456789012:role/larder"),
	}
	if online {
		in.OnlineStoreConfig = &types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true)}
	}
	if _, err := w.SageMaker.CreateFeatureGroup(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	got, err := w.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: &g.name})
	if err != nil {
		t.Fatal(err)
	}
	g.table = *got.OfflineStoreConfig.DataCatalogConfig.TableName
	return g
}

// counts asks SQL how many rows g has. It returns an error if rows are short that were acknowledged
// before it asked, or if there are more than were sent when it knew.
func (w *world) counts(ctx context.Context, g *group) (rows int64, err error) {
	acked := g.acked.Load()
	got, err := w.ask(ctx, `SELECT count(*) FROM "`+g.table+`"`)
	if err != nil {
		return 0, err
	}
	switch sent := g.sent.Load(); {
	case got[0] < acked:
		return got[0], fmt.Errorf("%s: SQL counts %d rows; %d were acknowledged before it was asked", g.name, got[0], acked)
	case got[0] > sent:
		return got[0], fmt.Errorf("%s: SQL counts %d rows; %d were sent before it had answered", g.name, got[0], sent)
	}
	return got[0], nil
}

// complete says that SQL has all rows of g, each once, when none is being written.
func (w *world) complete(t *testing.T, g *group) {
	t.Helper()
	acked := g.acked.Load()
	got, err := w.ask(t.Context(), `SELECT count(*), count(DISTINCT n) FROM "`+g.table+`"`)
	if err != nil || got[0] != acked || got[1] != acked {
		t.Errorf("%s: at the end SQL counts the rows %v, all and different ones, of %d acknowledged (%v)", g.name, got, acked, err)
	}
}

// ask runs a statement whose result is one row of numbers.
func (w *world) ask(ctx context.Context, statement string) ([]int64, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	started, err := w.Athena.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
		QueryString:           &statement,
		QueryExecutionContext: &athenatypes.QueryExecutionContext{Database: aws.String("sagemaker_featurestore")},
		ResultConfiguration:   &athenatypes.ResultConfiguration{OutputLocation: aws.String("s3://" + bucket + "/results")},
	})
	if err != nil {
		return nil, err
	}
	if err := w.await(ctx, started.QueryExecutionId); err != nil {
		return nil, err
	}
	got, err := w.Athena.GetQueryResults(ctx, &athena.GetQueryResultsInput{QueryExecutionId: started.QueryExecutionId})
	if err != nil {
		return nil, err
	}
	if len(got.ResultSet.Rows) != 2 {
		return nil, fmt.Errorf("%s has the rows %v", statement, got.ResultSet.Rows)
	}
	var numbers []int64
	for _, cell := range got.ResultSet.Rows[1].Data {
		n, err := strconv.ParseInt(aws.ToString(cell.VarCharValue), 10, 64)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// await waits until a query has SUCCEEDED.
func (w *world) await(ctx context.Context, id *string) error {
	for pause := 4 * time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		got, err := w.Athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: id})
		if err != nil {
			return err
		}
		switch status := got.QueryExecution.Status; status.State {
		case athenatypes.QueryExecutionStateSucceeded:
			return nil
		case athenatypes.QueryExecutionStateQueued, athenatypes.QueryExecutionStateRunning:
			time.Sleep(pause)
		default:
			return fmt.Errorf("query %s: %s: %s", *id, status.State, aws.ToString(status.StateChangeReason))
		}
	}
}
