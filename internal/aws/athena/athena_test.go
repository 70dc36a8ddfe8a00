package athena_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
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
	return athena.NewFromConfig(awstest.Config(awstest.NewServer(t, athenaservice.New(store, tables))))
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
	in.ResultReuseConfiguration = &types.ResultReuseConfiguration{ResultReuseByAgeConfiguration: &types.ResultReuseByAgeConfiguration{Enabled: true}}
	got := run(t, c, in)
	want := &types.QueryExecution{
		QueryExecutionId: got.QueryExecutionId, Query: in.QueryString, StatementType: types.StatementTypeDml, SubstatementType: aws.String("SELECT"),
		ResultConfiguration: &types.ResultConfiguration{
			OutputLocation:          aws.String("s3://results/r/" + *got.QueryExecutionId + ".csv"),
			EncryptionConfiguration: in.ResultConfiguration.EncryptionConfiguration,
			ExpectedBucketOwner:     in.ResultConfiguration.ExpectedBucketOwner,
			AclConfiguration:        in.ResultConfiguration.AclConfiguration,
		},
		QueryExecutionContext:    in.QueryExecutionContext,
		ResultReuseConfiguration: &types.ResultReuseConfiguration{ResultReuseByAgeConfiguration: &types.ResultReuseByAgeConfiguration{Enabled: true, MaxAgeInMinutes: aws.Int32(60)}},
		Status:                   &types.QueryExecutionStatus{State: types.QueryExecutionStateSucceeded, SubmissionDateTime: got.Status.SubmissionDateTime, CompletionDateTime: got.Status.CompletionDateTime},
		Statistics:               got.Statistics,
		WorkGroup:                aws.String("primary"),
		EngineVersion:            &types.EngineVersion{SelectedEngineVersion: aws.String("AUTO"), EffectiveEngineVersion: aws.String("Athena engine version 3")},
	}
	ignore := cmpopts.IgnoreUnexported(types.QueryExecution{}, types.ResultConfiguration{}, types.EncryptionConfiguration{}, types.AclConfiguration{}, types.QueryExecutionContext{}, types.QueryExecutionStatus{}, types.QueryExecutionStatistics{}, types.EngineVersion{}, types.ResultReuseConfiguration{}, types.ResultReuseByAgeConfiguration{}, types.ResultReuseInformation{})
	if diff := cmp.Diff(want, got, ignore); diff != "" {
		t.Errorf("execution (-want +got):\n%s", diff)
	}
	s := got.Statistics
	if got.Status.CompletionDateTime == nil || s == nil || s.DataScannedInBytes == nil || s.TotalExecutionTimeInMillis == nil || s.EngineExecutionTimeInMillis == nil || s.QueryQueueTimeInMillis == nil || s.ResultReuseInformation.ReusedPreviousResult {
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
		{"an empty parameter", with(func(in *athena.StartQueryExecutionInput) { in.ExecutionParameters = []string{""} }), "an item of ExecutionParameters has 0 characters"},
		{"reuse of what is too old", with(func(in *athena.StartQueryExecutionInput) {
			in.ResultReuseConfiguration = &types.ResultReuseConfiguration{ResultReuseByAgeConfiguration: &types.ResultReuseByAgeConfiguration{Enabled: true, MaxAgeInMinutes: aws.Int32(10_081)}}
		}), "MaxAgeInMinutes is 10081"},
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
		{"a manifest", results(athena.GetQueryResultsInput{QueryExecutionId: id, QueryResultType: "DATA_MANIFEST"}), "The query " + *id + " has no manifest"},
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

func TestListedExecutionsComeInPagesByWorkGroup(t *testing.T) {
	c, ctx := newClient(t), t.Context()
	if _, err := c.CreateWorkGroup(ctx, &athena.CreateWorkGroupInput{Name: aws.String("mine"), Configuration: &types.WorkGroupConfiguration{
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://results/mine/")}, EnforceWorkGroupConfiguration: aws.Bool(true),
	}}); err != nil {
		t.Fatal(err)
	}
	var want []string
	for range 5 {
		in := start("SELECT 1")
		in.WorkGroup = aws.String("mine")
		e := run(t, c, in)
		if got := *e.ResultConfiguration.OutputLocation; got != "s3://results/mine/"+*e.QueryExecutionId+".csv" {
			t.Errorf("the group's location does not hold: %s", got)
		}
		want = append([]string{*e.QueryExecutionId}, want...)
		run(t, c, start("SELECT 2")) // of primary
	}
	var got []string
	pages := athena.NewListQueryExecutionsPaginator(c, &athena.ListQueryExecutionsInput{WorkGroup: aws.String("mine"), MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, page.QueryExecutionIds...)
	}
	slices.Sort(got) // those of one millisecond have no order of their own
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("executions (-want +got):\n%s", diff)
	}
	batch, err := c.BatchGetQueryExecution(ctx, &athena.BatchGetQueryExecutionInput{QueryExecutionIds: append(got, "none")})
	if err != nil || len(batch.QueryExecutions) != 5 || len(batch.UnprocessedQueryExecutionIds) != 1 || *batch.UnprocessedQueryExecutionIds[0].ErrorCode != "INVALID_INPUT" {
		t.Errorf("batch %+v, %v", batch, err)
	}
	stats, err := c.GetQueryRuntimeStatistics(ctx, &athena.GetQueryRuntimeStatisticsInput{QueryExecutionId: &got[0]})
	if err != nil || *stats.QueryRuntimeStatistics.Rows.OutputRows != 1 || *stats.QueryRuntimeStatistics.Rows.OutputBytes != int64(len("\"_col0\"\n\n")) {
		t.Errorf("statistics %+v, %v", stats, err)
	}
}

func TestWorkGroupIsKeptChangedAndDeleted(t *testing.T) {
	c, ctx := newClient(t), t.Context()
	name := aws.String("w.g-1")
	_, err := c.CreateWorkGroup(ctx, &athena.CreateWorkGroupInput{Name: name, Description: aws.String("d"),
		Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
		Configuration: &types.WorkGroupConfiguration{
			BytesScannedCutoffPerQuery: aws.Int64(10_000_000), PublishCloudWatchMetricsEnabled: aws.Bool(true),
			ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://results/a"), EncryptionConfiguration: &types.EncryptionConfiguration{EncryptionOption: types.EncryptionOptionSseS3}},
		}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.UpdateWorkGroup(ctx, &athena.UpdateWorkGroupInput{WorkGroup: name, State: types.WorkGroupStateDisabled, ConfigurationUpdates: &types.WorkGroupConfigurationUpdates{
		RemoveBytesScannedCutoffPerQuery: aws.Bool(true), EnforceWorkGroupConfiguration: aws.Bool(true),
		ResultConfigurationUpdates: &types.ResultConfigurationUpdates{OutputLocation: aws.String("s3://results/b"), RemoveEncryptionConfiguration: aws.Bool(true)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.GetWorkGroup(ctx, &athena.GetWorkGroupInput{WorkGroup: name})
	if err != nil {
		t.Fatal(err)
	}
	g := got.WorkGroup
	if g.State != types.WorkGroupStateDisabled || *g.Description != "d" || g.CreationTime == nil || g.Configuration.BytesScannedCutoffPerQuery != nil ||
		!*g.Configuration.EnforceWorkGroupConfiguration || !*g.Configuration.PublishCloudWatchMetricsEnabled ||
		*g.Configuration.ResultConfiguration.OutputLocation != "s3://results/b" || g.Configuration.ResultConfiguration.EncryptionConfiguration != nil {
		t.Errorf("group %+v %+v", g, g.Configuration)
	}
	in := start("SELECT 1")
	in.WorkGroup = name
	if _, err := c.StartQueryExecution(ctx, in); err == nil || !strings.Contains(err.Error(), "WorkGroup w.g-1 is disabled") {
		t.Errorf("a query in a disabled group: %v", err)
	}
	arn := aws.String("arn:aws:athena:" + awstest.Region + ":" + awstest.Account + ":workgroup/w.g-1")
	if _, err := c.TagResource(ctx, &athena.TagResourceInput{ResourceARN: arn, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UntagResource(ctx, &athena.UntagResourceInput{ResourceARN: arn, TagKeys: []string{"k"}}); err != nil {
		t.Fatal(err)
	}
	tags, err := c.ListTagsForResource(ctx, &athena.ListTagsForResourceInput{ResourceARN: arn})
	if err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Key != "a" || *tags.Tags[0].Value != "b" {
		t.Errorf("tags %+v, %v", tags, err)
	}
	all, err := c.ListWorkGroups(ctx, &athena.ListWorkGroupsInput{})
	if err != nil || len(all.WorkGroups) != 2 || *all.WorkGroups[0].Name != "primary" || all.WorkGroups[1].State != types.WorkGroupStateDisabled {
		t.Errorf("groups %+v, %v", all, err)
	}
	if _, err := c.DeleteWorkGroup(ctx, &athena.DeleteWorkGroupInput{WorkGroup: name}); err != nil {
		t.Error(err)
	}
	for _, gone := range []*string{name, aws.String("primary")} {
		if _, err := c.DeleteWorkGroup(ctx, &athena.DeleteWorkGroupInput{WorkGroup: gone}); err == nil {
			t.Errorf("%s was deleted", *gone)
		}
	}
}

func TestNamedQueriesAndPreparedStatements(t *testing.T) {
	c, ctx := newClient(t), t.Context()
	create := &athena.CreateNamedQueryInput{Name: aws.String("n"), Database: aws.String("d"), QueryString: aws.String("SELECT 1"),
		ClientRequestToken: aws.String(strings.Repeat("t", 32))}
	made, err := c.CreateNamedQuery(ctx, create)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.CreateNamedQuery(ctx, create)
	if err != nil || *again.NamedQueryId != *made.NamedQueryId {
		t.Errorf("the same token: %+v, %v", again, err)
	}
	create.QueryString = aws.String("SELECT 2")
	if _, err := c.CreateNamedQuery(ctx, create); err == nil || !strings.Contains(err.Error(), "Idempotent parameters do not match") {
		t.Errorf("the same token with another query: %v", err)
	}
	if _, err := c.UpdateNamedQuery(ctx, &athena.UpdateNamedQueryInput{NamedQueryId: made.NamedQueryId, Name: aws.String("m"), QueryString: aws.String("SELECT 3")}); err != nil {
		t.Error(err)
	}
	batch, err := c.BatchGetNamedQuery(ctx, &athena.BatchGetNamedQueryInput{NamedQueryIds: []string{*made.NamedQueryId, "none"}})
	if err != nil || len(batch.NamedQueries) != 1 || *batch.NamedQueries[0].Name != "m" || *batch.NamedQueries[0].QueryString != "SELECT 3" || len(batch.UnprocessedNamedQueryIds) != 1 {
		t.Errorf("batch %+v, %v", batch, err)
	}
	listed, err := c.ListNamedQueries(ctx, &athena.ListNamedQueriesInput{})
	if err != nil || len(listed.NamedQueryIds) != 1 {
		t.Errorf("list %+v, %v", listed, err)
	}
	if _, err := c.DeleteNamedQuery(ctx, &athena.DeleteNamedQueryInput{NamedQueryId: made.NamedQueryId}); err != nil {
		t.Error(err)
	}

	name, group := aws.String("p"), aws.String("primary")
	if _, err := c.CreatePreparedStatement(ctx, &athena.CreatePreparedStatementInput{StatementName: name, WorkGroup: group, QueryStatement: aws.String("SELECT ?")}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UpdatePreparedStatement(ctx, &athena.UpdatePreparedStatementInput{StatementName: name, WorkGroup: group, QueryStatement: aws.String("SELECT ? + 1")}); err != nil {
		t.Error(err)
	}
	got, err := c.GetPreparedStatement(ctx, &athena.GetPreparedStatementInput{StatementName: name, WorkGroup: group})
	if err != nil || *got.PreparedStatement.QueryStatement != "SELECT ? + 1" || got.PreparedStatement.LastModifiedTime == nil {
		t.Errorf("prepared %+v, %v", got, err)
	}
	if _, err := c.DeletePreparedStatement(ctx, &athena.DeletePreparedStatementInput{StatementName: name, WorkGroup: group}); err != nil {
		t.Error(err)
	}
	_, err = c.GetPreparedStatement(ctx, &athena.GetPreparedStatementInput{StatementName: name, WorkGroup: group})
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) {
		t.Errorf("a statement that is gone: %v", err)
	}
}

func TestCatalogIsSeenThroughAthena(t *testing.T) {
	c, ctx := newClient(t), t.Context()
	if e := run(t, c, start("CREATE EXTERNAL TABLE sagemaker_featurestore.orders (id STRING COMMENT 'c', n INT) COMMENT 'd' ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' WITH SERDEPROPERTIES ('quoteChar'='`') LOCATION 's3://results/o/'")); e.Status.State != types.QueryExecutionStateSucceeded {
		t.Fatal(*e.Status.StateChangeReason)
	}
	catalog := aws.String("awsdatacatalog")
	databases, err := c.ListDatabases(ctx, &athena.ListDatabasesInput{CatalogName: catalog})
	if err != nil || len(databases.DatabaseList) != 2 || *databases.DatabaseList[0].Name != "default" {
		t.Errorf("databases %+v, %v", databases, err)
	}
	got, err := c.GetTableMetadata(ctx, &athena.GetTableMetadataInput{CatalogName: catalog, DatabaseName: aws.String("SageMaker_FeatureStore"), TableName: aws.String("ORDERS")})
	if err != nil {
		t.Fatal(err)
	}
	m := got.TableMetadata
	if *m.Name != "orders" || *m.TableType != "EXTERNAL_TABLE" || len(m.Columns) != 2 || m.Parameters["location"] != "s3://results/o/" ||
		m.Parameters["serde.param.quoteChar"] != "`" || m.Parameters["serde.serialization.lib"] != "org.apache.hadoop.hive.serde2.OpenCSVSerde" || m.Parameters["comment"] != "d" {
		t.Errorf("table %+v", m)
	}
	for expression, want := range map[string]int{"": 1, "ord.*": 1, "ord": 0, "ORDERS|x": 1} {
		listed, err := c.ListTableMetadata(ctx, &athena.ListTableMetadataInput{CatalogName: catalog, DatabaseName: aws.String("sagemaker_featurestore"), Expression: &expression})
		if err != nil || len(listed.TableMetadataList) != want {
			t.Errorf("tables that fit %q: %+v, %v", expression, listed, err)
		}
	}
	_, err = c.GetDatabase(ctx, &athena.GetDatabaseInput{CatalogName: catalog, DatabaseName: aws.String("nowhere")})
	var metadata *types.MetadataException
	if !errors.As(err, &metadata) || !regexp.MustCompile(`^Database nowhere not found\. \(Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException; Request ID: [0-9a-f-]{36}; Proxy: null\)$`).MatchString(*metadata.Message) {
		t.Errorf("a database that is not there: %v", err)
	}
	if _, err := c.GetDatabase(ctx, &athena.GetDatabaseInput{CatalogName: aws.String("other"), DatabaseName: aws.String("default")}); err == nil {
		t.Error("another catalog has databases")
	}
}
