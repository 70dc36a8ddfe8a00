package athena_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/smithy-go"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	athenaservice "github.com/larder-dev/larder/internal/aws/athena"
	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// An engine gives one row of one value for each column: the column's name, and NULL for the last.
type engine struct{}

func (engine) Run(_ context.Context, p *query.Plan, started func(), rows func([][]*string) error) error {
	started()
	row := make([]*string, len(p.Columns))
	for i := range row[:len(row)-1] {
		row[i] = &p.Columns[i].Name
	}
	return rows([][]*string{row})
}

func (engine) Close() error { return nil }

// newClient returns the SDK's client of a service over stores in memory, with a bucket.
func newClient(t *testing.T) *athena.Client {
	t.Helper()
	fs := vfs.NewMem()
	db, err := embedded.Open("db", fs, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open("blobs", fs)
	if err != nil {
		t.Fatal(err)
	}
	buckets := bucket.New(db.Objects(), blobs, bucket.Options{Account: awstest.Account, Region: awstest.Region})
	tables := table.New(db.Tables(), db.Offline(), buckets, table.Options{})
	store := query.New(db.Executions(), tables, db.Offline(), buckets, engine{}, query.Options{Account: awstest.Account, Region: awstest.Region})
	t.Cleanup(func() {
		if err := errors.Join(store.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	})
	if err := buckets.CreateBucket(t.Context(), "results"); err != nil {
		t.Fatal(err)
	}
	return athena.NewFromConfig(awstest.Config(awstest.NewServer(t, athenaservice.New(store))))
}

// start is a request that is accepted.
func start(sql string) *athena.StartQueryExecutionInput {
	return &athena.StartQueryExecutionInput{QueryString: &sql, ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://results/r/")}}
}

// run starts a statement and returns it at its end.
func run(t *testing.T, c *athena.Client, in *athena.StartQueryExecutionInput) *types.QueryExecution {
	t.Helper()
	started, err := c.StartQueryExecution(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for {
		got, err := c.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: started.QueryExecutionId})
		if err != nil {
			t.Fatal(err)
		}
		if s := got.QueryExecution.Status.State; s != types.QueryExecutionStateQueued && s != types.QueryExecutionStateRunning {
			return got.QueryExecution
		}
	}
}

func TestExecutionIsShownWhole(t *testing.T) {
	c := newClient(t)
	in := start("SELECT 'x' AS a, 1 AS b")
	in.QueryExecutionContext = &types.QueryExecutionContext{Catalog: aws.String("AwsDataCatalog"), Database: aws.String("sagemaker_featurestore")}
	in.WorkGroup = aws.String("primary")
	in.ResultConfiguration.EncryptionConfiguration = &types.EncryptionConfiguration{EncryptionOption: types.EncryptionOptionSseKms, KmsKey: aws.String("k")}
	in.ResultConfiguration.ExpectedBucketOwner = aws.String(awstest.Account)
	in.ResultConfiguration.AclConfiguration = &types.AclConfiguration{S3AclOption: types.S3AclOptionBucketOwnerFullControl}
	in.ResultReuseConfiguration = &types.ResultReuseConfiguration{ResultReuseByAgeConfiguration: &types.ResultReuseByAgeConfiguration{Enabled: false}}
	got := run(t, c, in)
	want := &types.QueryExecution{
		QueryExecutionId: got.QueryExecutionId, Query: in.QueryString, StatementType: types.StatementTypeDml, SubstatementType: aws.String("SELECT"),
		ResultConfiguration: &types.ResultConfiguration{
			OutputLocation:          aws.String("s3://results/r/" + *got.QueryExecutionId + ".csv"),
			EncryptionConfiguration: in.ResultConfiguration.EncryptionConfiguration,
			ExpectedBucketOwner:     in.ResultConfiguration.ExpectedBucketOwner,
			AclConfiguration:        in.ResultConfiguration.AclConfiguration,
		},
		QueryExecutionContext: in.QueryExecutionContext,
		Status:                &types.QueryExecutionStatus{State: types.QueryExecutionStateSucceeded, SubmissionDateTime: got.Status.SubmissionDateTime, CompletionDateTime: got.Status.CompletionDateTime},
		Statistics:            got.Statistics,
		WorkGroup:             aws.String("primary"),
		EngineVersion:         &types.EngineVersion{SelectedEngineVersion: aws.String("AUTO"), EffectiveEngineVersion: aws.String("Athena engine version 3")},
	}
	ignore := cmpopts.IgnoreUnexported(types.QueryExecution{}, types.ResultConfiguration{}, types.EncryptionConfiguration{}, types.AclConfiguration{}, types.QueryExecutionContext{}, types.QueryExecutionStatus{}, types.QueryExecutionStatistics{}, types.EngineVersion{})
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Errorf("execution (-want +got):\n%s", diff)
	}
	s := got.Statistics
	if got.Status.CompletionDateTime == nil || s == nil || s.DataScannedInBytes == nil || s.TotalExecutionTimeInMillis == nil || s.EngineExecutionTimeInMillis == nil || s.QueryQueueTimeInMillis == nil {
		t.Errorf("status %+v, statistics %+v", got.Status, s)
	}
}

func TestResultsTellNullFromEmpty(t *testing.T) {
	c := newClient(t)
	e := run(t, c, start(`SELECT 'x' AS a, 1 AS b`))
	got, err := c.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: e.QueryExecutionId})
	if err != nil {
		t.Fatal(err)
	}
	if *got.UpdateCount != 0 || got.NextToken != nil || len(got.ResultSet.Rows) != 2 {
		t.Fatalf("%+v", got)
	}
	data := got.ResultSet.Rows[1].Data
	if *data[0].VarCharValue != "a" || data[1].VarCharValue != nil {
		t.Errorf("row %+v", data)
	}
	info := got.ResultSet.ResultSetMetadata.ColumnInfo[0]
	want := types.ColumnInfo{CatalogName: aws.String("hive"), SchemaName: aws.String(""), TableName: aws.String(""), Name: aws.String("a"), Label: aws.String("a"),
		Type: aws.String("varchar"), Precision: 1, Scale: 0, Nullable: types.ColumnNullableUnknown, CaseSensitive: true}
	if diff := cmp.Diff(want, info, cmpopts.IgnoreUnexported(types.ColumnInfo{})); diff != "" {
		t.Errorf("column (-want +got):\n%s", diff)
	}
}

func TestFailedStatementSaysWhy(t *testing.T) {
	c := newClient(t)
	e := run(t, c, start("SELECT * FROM sagemaker_featurestore.nothing"))
	want := "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.sagemaker_featurestore.nothing' does not exist"
	if e.Status.State != types.QueryExecutionStateFailed || aws.ToString(e.Status.StateChangeReason) != want {
		t.Fatalf("%s %s, want %s", e.Status.State, aws.ToString(e.Status.StateChangeReason), want)
	}
	if a := e.Status.AthenaError; a == nil || *a.ErrorCategory != 2 || *a.ErrorMessage != *e.Status.StateChangeReason || a.Retryable {
		t.Errorf("error %+v", a)
	}
}

func TestRefusals(t *testing.T) {
	c := newClient(t)
	id := run(t, c, start("SELECT 1")).QueryExecutionId
	with := func(change func(*athena.StartQueryExecutionInput)) func() error {
		return func() error {
			in := start("SELECT 1")
			change(in)
			_, err := c.StartQueryExecution(t.Context(), in)
			return err
		}
	}
	results := func(in athena.GetQueryResultsInput) func() error {
		return func() error {
			_, err := c.GetQueryResults(t.Context(), &in)
			return err
		}
	}
	tests := []struct {
		name string
		call func() error
		want string
	}{
		{"no output location", with(func(in *athena.StartQueryExecutionInput) { in.ResultConfiguration = nil }), "No output location provided"},
		{"a short token", with(func(in *athena.StartQueryExecutionInput) { in.ClientRequestToken = aws.String("short") }), "ClientRequestToken has 5 characters"},
		{"another work group", with(func(in *athena.StartQueryExecutionInput) { in.WorkGroup = aws.String("mine") }), "WorkGroup mine is not found."},
		{"parameters", with(func(in *athena.StartQueryExecutionInput) { in.ExecutionParameters = []string{"1"} }), "ExecutionParameters are not supported"},
		{"reuse", with(func(in *athena.StartQueryExecutionInput) {
			in.ResultReuseConfiguration = &types.ResultReuseConfiguration{ResultReuseByAgeConfiguration: &types.ResultReuseByAgeConfiguration{Enabled: true}}
		}), "ResultReuseByAgeConfiguration.Enabled is not supported"},
		{"client-side encryption", with(func(in *athena.StartQueryExecutionInput) {
			in.ResultConfiguration.EncryptionConfiguration = &types.EncryptionConfiguration{EncryptionOption: types.EncryptionOptionCseKms}
		}), "EncryptionOption CSE_KMS is not supported"},
		{"another owner", with(func(in *athena.StartQueryExecutionInput) {
			in.ResultConfiguration.ExpectedBucketOwner = aws.String("000000000000")
		}), "ExpectedBucketOwner is"},
		{"an unknown execution", func() error {
			_, err := c.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: aws.String("x")})
			return err
		}, "QueryExecution x was not found"},
		{"stop of an unknown one", func() error {
			_, err := c.StopQueryExecution(t.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: aws.String("x")})
			return err
		}, "QueryExecution x was not found"},
		{"too many rows", results(athena.GetQueryResultsInput{QueryExecutionId: id, MaxResults: aws.Int32(1001)}), "MaxResults is 1001"},
		{"a manifest", results(athena.GetQueryResultsInput{QueryExecutionId: id, QueryResultType: "DATA_MANIFEST"}), "QueryResultType DATA_MANIFEST is not supported"},
		{"a token of nobody's", results(athena.GetQueryResultsInput{QueryExecutionId: id, NextToken: aws.String("x")}), "NextToken \"x\" is none"},
		{"an unknown work group", func() error {
			_, err := c.GetWorkGroup(t.Context(), &athena.GetWorkGroupInput{WorkGroup: aws.String("mine")})
			return err
		}, "WorkGroup mine is not found."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.call()
			var api smithy.APIError
			var invalid *types.InvalidRequestException
			if !errors.As(err, &api) || !errors.As(err, &invalid) || !strings.HasPrefix(api.ErrorMessage(), test.want) {
				t.Fatalf("got %v, want %s", err, test.want)
			}
			if aws.ToString(invalid.AthenaErrorCode) != "INVALID_INPUT" {
				t.Errorf("AthenaErrorCode %q", aws.ToString(invalid.AthenaErrorCode))
			}
		})
	}
}

func TestStopOfAnEndedStatementChangesNothing(t *testing.T) {
	c := newClient(t)
	e := run(t, c, start("SELECT 1"))
	if _, err := c.StopQueryExecution(t.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: e.QueryExecutionId}); err != nil {
		t.Fatal(err)
	}
	got, err := c.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: e.QueryExecutionId})
	if err != nil || got.QueryExecution.Status.State != types.QueryExecutionStateSucceeded {
		t.Errorf("%+v %v", got, err)
	}
}

func TestPrimaryWorkGroupEnforcesNothing(t *testing.T) {
	c := newClient(t)
	got, err := c.GetWorkGroup(t.Context(), &athena.GetWorkGroupInput{WorkGroup: aws.String("primary")})
	if err != nil {
		t.Fatal(err)
	}
	w := got.WorkGroup
	if w.State != types.WorkGroupStateEnabled || *w.Configuration.EnforceWorkGroupConfiguration || w.Configuration.ResultConfiguration == nil {
		t.Errorf("%+v", w)
	}
}
