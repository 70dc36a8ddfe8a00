package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// ask sends an Athena request as it is written, which no SDK would let pass.
func ask(t *testing.T, operation, body string) reply {
	t.Helper()
	c := rawCall("POST", "/", http.Header{"Content-Type": {"application/x-amz-json-1.1"}, "X-Amz-Target": {"AmazonAthena." + operation}}, body)
	c.service = "athena"
	return c.do(t)
}

func TestAthenaRefusesWhatIsMalformed(t *testing.T) {
	at := `"ResultConfiguration":{"OutputLocation":"s3://b/"}`
	catalog := `"CatalogName":"AwsDataCatalog"`
	for _, test := range []struct{ operation, body, says string }{
		{"StartQueryExecution", `{` + at + `}`, "QueryString is missing"},
		{"StartQueryExecution", `{"QueryString":"",` + at + `}`, "QueryString has 0 characters"},
		{"StartQueryExecution", `{"QueryString":" ",` + at + `}`, "QueryString is empty"},
		{"StartQueryExecution", `{"QueryString":"` + strings.Repeat("x", 262_145) + `",` + at + `}`, "QueryString has 262145 characters"},
		{"StartQueryExecution", `{"QueryString":"SELECT 1","ClientRequestToken":"short",` + at + `}`, "ClientRequestToken has 5 characters; it must have 32 to 128"},
		{"StartQueryExecution", `{"QueryString":"SELECT 1","ExecutionParameters":[],` + at + `}`, "ExecutionParameters is empty"},
		{"StartQueryExecution", `{"QueryString":"SELECT 1","QueryExecutionContext":{"Database":""},` + at + `}`, "QueryExecutionContext.Database has 0 characters"},
		{"StartQueryExecution", `{"QueryString":"SELECT 1","ResultConfiguration":{"OutputLocation":"s3://b/","EncryptionConfiguration":{}}}`, "EncryptionOption"},
		{"StartQueryExecution", `{"QueryString":"SELECT 1","ResultConfiguration":{"OutputLocation":"s3://b/","AclConfiguration":{"S3AclOption":"PUBLIC"}}}`, "S3AclOption"},
		{"StartQueryExecution", `{"QueryString":"SELECT 1","ResultReuseConfiguration":{"ResultReuseByAgeConfiguration":{"MaxAgeInMinutes":1}},` + at + `}`, "Enabled is missing"},
		{"StartQueryExecution", `{"QueryString":"SELECT 1","ResultReuseConfiguration":{"ResultReuseByAgeConfiguration":{"Enabled":true,"MaxAgeInMinutes":10081}},` + at + `}`, "MaxAgeInMinutes is 10081"},
		{"GetQueryExecution", `{}`, "QueryExecutionId is missing"},
		{"GetQueryExecution", `{"QueryExecutionId":"` + strings.Repeat("x", 129) + `"}`, "QueryExecutionId has 129 characters"},
		{"StopQueryExecution", `{}`, "QueryExecutionId is missing"},
		{"GetQueryResults", `{"QueryExecutionId":"x","MaxResults":0}`, "MaxResults is 0; it must be 1 to 1000"},
		{"GetQueryResults", `{"QueryExecutionId":"x","MaxResults":1001}`, "MaxResults is 1001"},
		{"GetQueryResults", `{"QueryExecutionId":"x","QueryResultType":"DATA"}`, "QueryResultType is"},
		{"GetQueryRuntimeStatistics", `{}`, "QueryExecutionId is missing"},
		{"BatchGetQueryExecution", `{}`, "QueryExecutionIds has 0 items"},
		{"ListQueryExecutions", `{"MaxResults":-1}`, "MaxResults is -1"},
		{"CreateWorkGroup", `{}`, "Name is missing"},
		{"CreateWorkGroup", `{"Name":"thrift","Configuration":{"BytesScannedCutoffPerQuery":9999999}}`, "BytesScannedCutoffPerQuery is 9999999; it must be at least 10000000"},
		{"CreateWorkGroup", `{"Name":"managed","Configuration":{"ManagedQueryResultsConfiguration":{"Enabled":true}}}`, "ManagedQueryResultsConfiguration is not supported"},
		{"GetWorkGroup", `{}`, "WorkGroup is missing"},
		{"UpdateWorkGroup", `{}`, "WorkGroup is missing"},
		{"DeleteWorkGroup", `{}`, "WorkGroup is missing"},
		{"ListWorkGroups", `{"MaxResults":0}`, "MaxResults is 0"},
		{"CreateNamedQuery", `{"Name":"n","QueryString":"SELECT 1"}`, "Database is missing"},
		{"BatchGetNamedQuery", `{}`, "NamedQueryIds has 0 items"},
		{"GetNamedQuery", `{}`, "NamedQueryId is missing"},
		{"UpdateNamedQuery", `{"NamedQueryId":"x","Name":"n"}`, "QueryString is missing"},
		{"DeleteNamedQuery", `{}`, "NamedQueryId is missing"},
		{"CreatePreparedStatement", `{"WorkGroup":"primary","QueryStatement":"SELECT 1"}`, "StatementName is missing"},
		{"UpdatePreparedStatement", `{"WorkGroup":"primary","StatementName":"s"}`, "QueryStatement is missing"},
		{"GetPreparedStatement", `{"WorkGroup":"primary"}`, "StatementName is missing"},
		{"DeletePreparedStatement", `{"StatementName":"s"}`, "WorkGroup is missing"},
		{"ListPreparedStatements", `{}`, "WorkGroup is missing"},
		{"BatchGetPreparedStatement", `{"WorkGroup":"primary"}`, "PreparedStatementNames has 0 items"},
		{"ListDataCatalogs", `{"MaxResults":1}`, "MaxResults is 1; it must be 2 to 50"},
		{"GetDataCatalog", `{}`, "Name is missing"},
		{"ListDatabases", `{}`, "CatalogName is missing"},
		{"GetDatabase", `{` + catalog + `}`, "DatabaseName is missing"},
		{"GetTableMetadata", `{` + catalog + `,"DatabaseName":"default"}`, "TableName is missing"},
		{"GetTableMetadata", `{` + catalog + `,"DatabaseName":"default","TableName":"` + strings.Repeat("x", 129) + `"}`, "TableName has 129 characters"},
		{"ListTableMetadata", `{` + catalog + `}`, "DatabaseName is missing"},
		{"ListTableMetadata", `{` + catalog + `,"DatabaseName":"default","Expression":"` + strings.Repeat("x", 257) + `"}`, "Expression has 257 characters"},
		{"ListTagsForResource", `{}`, "ResourceARN is missing"},
		{"TagResource", `{"Tags":[]}`, "ResourceARN is missing"},
		{"UntagResource", `{"TagKeys":[]}`, "ResourceARN is missing"},
	} {
		t.Run(test.operation+" "+test.says, func(t *testing.T) {
			got := ask(t, test.operation, test.body)
			text := string(got.body)
			if got.status != 400 || got.code() != "InvalidRequestException" || !strings.Contains(text, test.says) || !strings.Contains(text, `"AthenaErrorCode":"INVALID_INPUT"`) {
				t.Errorf("%d %s %.300s\nwant %s", got.status, got.code(), text, test.says)
			}
		})
	}
	for body, want := range map[string]string{`{"QueryExecutionId":5}`: "SerializationException", `{"QueryExecutionId"`: "SerializationException", `[]`: "SerializationException"} {
		if got := ask(t, "GetQueryExecution", body); got.status != 400 || got.code() != want {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	if got := ask(t, "StartSession", `{"WorkGroup":"primary"}`); got.code() != "UnknownOperationException" {
		t.Errorf("an operation of Spark: %d %s", got.status, got.body)
	}
}

// pagesOf walks the pages of one item each until there are no more.
func pagesOf[P any](t *testing.T, more func() bool, next func(context.Context, ...func(*athena.Options)) (P, error), names func(P) []string) []string {
	t.Helper()
	var all []string
	for more() {
		page, err := next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		one := names(page)
		if len(one) > 2 {
			t.Errorf("a page of %d", len(one))
		}
		all = append(all, one...)
	}
	return all
}

func TestAthenaPaginators(t *testing.T) {
	w := newWorld(t)
	group := w.bucket
	two, catalog := aws.Int32(2), aws.String("AwsDataCatalog")
	if _, err := w.Athena.CreateWorkGroup(t.Context(), &athena.CreateWorkGroupInput{Name: &group, Configuration: &types.WorkGroupConfiguration{
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://" + w.bucket + "/w/")}}}); err != nil {
		t.Fatal(err)
	}
	database := strings.ReplaceAll(w.bucket, "-", "_")
	w.sqlDDL("CREATE DATABASE " + database)
	var tables, statements, queries, executions []string
	for i := range 5 {
		name := fmt.Sprintf("t%d", i)
		w.sqlDDL("CREATE EXTERNAL TABLE " + database + "." + name + " (n INT) STORED AS PARQUET LOCATION 's3://" + w.bucket + "/" + name + "/'")
		tables = append(tables, name)
		if _, err := w.Athena.CreatePreparedStatement(t.Context(), &athena.CreatePreparedStatementInput{StatementName: &name, WorkGroup: &group, QueryStatement: aws.String("SELECT 1")}); err != nil {
			t.Fatal(err)
		}
		statements = append(statements, name)
		query, err := w.Athena.CreateNamedQuery(t.Context(), &athena.CreateNamedQueryInput{Name: &name, Database: &database, QueryString: aws.String("SELECT 1"), WorkGroup: &group})
		if err != nil {
			t.Fatal(err)
		}
		queries = append(queries, *query.NamedQueryId)
		started, err := w.Athena.StartQueryExecution(t.Context(), &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), WorkGroup: &group})
		if err != nil {
			t.Fatal(err)
		}
		executions = append(executions, *started.QueryExecutionId)
	}
	sorted := func(all []string) []string { return slices.Sorted(slices.Values(all)) }

	p1 := athena.NewListTableMetadataPaginator(w.Athena, &athena.ListTableMetadataInput{CatalogName: catalog, DatabaseName: &database, MaxResults: two})
	expect(t, "tables", pagesOf(t, p1.HasMorePages, p1.NextPage, func(p *athena.ListTableMetadataOutput) (out []string) {
		for _, one := range p.TableMetadataList {
			out = append(out, *one.Name)
		}
		return out
	}), tables)
	p2 := athena.NewListPreparedStatementsPaginator(w.Athena, &athena.ListPreparedStatementsInput{WorkGroup: &group, MaxResults: two})
	expect(t, "prepared statements", pagesOf(t, p2.HasMorePages, p2.NextPage, func(p *athena.ListPreparedStatementsOutput) (out []string) {
		for _, one := range p.PreparedStatements {
			out = append(out, *one.StatementName)
		}
		return out
	}), statements)
	p3 := athena.NewListNamedQueriesPaginator(w.Athena, &athena.ListNamedQueriesInput{WorkGroup: &group, MaxResults: two})
	expect(t, "named queries", sorted(pagesOf(t, p3.HasMorePages, p3.NextPage, func(p *athena.ListNamedQueriesOutput) []string { return p.NamedQueryIds })), sorted(queries))
	p4 := athena.NewListQueryExecutionsPaginator(w.Athena, &athena.ListQueryExecutionsInput{WorkGroup: &group, MaxResults: two})
	expect(t, "executions", sorted(pagesOf(t, p4.HasMorePages, p4.NextPage, func(p *athena.ListQueryExecutionsOutput) []string { return p.QueryExecutionIds })), sorted(executions))
	p5 := athena.NewListDatabasesPaginator(w.Athena, &athena.ListDatabasesInput{CatalogName: catalog, MaxResults: two})
	all := pagesOf(t, p5.HasMorePages, p5.NextPage, func(p *athena.ListDatabasesOutput) (out []string) {
		for _, one := range p.DatabaseList {
			out = append(out, *one.Name)
		}
		return out
	})
	if !slices.Contains(all, database) || !slices.IsSorted(all) {
		t.Errorf("databases %v", all)
	}
	p6 := athena.NewListWorkGroupsPaginator(w.Athena, &athena.ListWorkGroupsInput{MaxResults: two})
	all = pagesOf(t, p6.HasMorePages, p6.NextPage, func(p *athena.ListWorkGroupsOutput) (out []string) {
		for _, one := range p.WorkGroups {
			out = append(out, *one.Name)
		}
		return out
	})
	if !slices.Contains(all, group) || !slices.Contains(all, "primary") {
		t.Errorf("work groups %v", all)
	}
	p7 := athena.NewListDataCatalogsPaginator(w.Athena, &athena.ListDataCatalogsInput{MaxResults: two})
	expect(t, "catalogs", pagesOf(t, p7.HasMorePages, p7.NextPage, func(p *athena.ListDataCatalogsOutput) (out []string) {
		for _, one := range p.DataCatalogsSummary {
			out = append(out, *one.CatalogName)
		}
		return out
	}), []string{"AwsDataCatalog"})

	w.sqlDDL("DROP DATABASE " + database + " CASCADE")
	if _, err := w.Athena.DeleteWorkGroup(t.Context(), &athena.DeleteWorkGroupInput{WorkGroup: &group, RecursiveDeleteOption: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
}

func TestGetQueryExecutionWaitsAWhileForTheEnd(t *testing.T) {
	w := newWorld(t)
	start := func(sql string) *string {
		started, err := w.Athena.StartQueryExecution(t.Context(), &athena.StartQueryExecutionInput{QueryString: &sql,
			ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://" + w.bucket + "/r/")}})
		must(t, err)
		return started.QueryExecutionId
	}
	poll := func(id *string) (*types.QueryExecution, time.Duration) {
		began := time.Now()
		got, err := w.Athena.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: id})
		must(t, err)
		return got.QueryExecution, time.Since(began)
	}
	// Most of the short ones are over when a client asks for the first time: it need not sleep.
	over := 0
	for range 5 {
		if e, _ := poll(start("SELECT 1")); e.Status.State == types.QueryExecutionStateSucceeded {
			over++
		}
	}
	if over == 0 {
		t.Error("none of five short statements was over when it was asked for")
	}
	heavy := start("SELECT sum(a.n * b.n * c.n) FROM UNNEST(sequence(1, 10000)) AS a(n) CROSS JOIN UNNEST(sequence(1, 10000)) AS b(n) CROSS JOIN UNNEST(sequence(1, 10000)) AS c(n) WHERE (a.n * 7 + b.n * 11 + c.n * 13) % 1000003 = 1")
	e, took := poll(heavy)
	if e.Status.CompletionDateTime != nil || took < 300*time.Millisecond || e.Statistics != nil && e.Statistics.TotalExecutionTimeInMillis != nil {
		t.Errorf("a long one is %s, after %s, with %+v", e.Status.State, took, e.Statistics)
	}
	if _, err := w.Athena.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: heavy}); code(err) != "InvalidRequestException" || !strings.Contains(err.Error(), "Query has not yet finished. Current state: ") {
		t.Errorf("its results: %v", err)
	}
	_, err := w.Athena.StopQueryExecution(t.Context(), &athena.StopQueryExecutionInput{QueryExecutionId: heavy})
	must(t, err)
	if e, _ := poll(heavy); e.Status.State != types.QueryExecutionStateCancelled || *e.Status.AthenaError.ErrorCategory != 2 {
		t.Errorf("stopped, it is %s", e.Status.State)
	}
	var invalid *types.InvalidRequestException
	_, err = w.Athena.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: heavy})
	if !errors.As(err, &invalid) || *invalid.Message != "Query did not finish successfully. Final query state: CANCELLED" {
		t.Errorf("its results: %v", err)
	}
}

func TestResultFilesToTheByte(t *testing.T) {
	w := newWorld(t)
	database := strings.ReplaceAll(w.bucket, "-", "_")
	w.sqlDDL("CREATE DATABASE " + database)
	w.sqlDDL("CREATE EXTERNAL TABLE " + database + ".t (n INT COMMENT 'one', s STRING) PARTITIONED BY (day DATE) STORED AS PARQUET LOCATION 's3://" + w.bucket + "/t/'")
	body := func(uri string) string {
		name, key, _ := strings.Cut(strings.TrimPrefix(uri, "s3://"), "/")
		o, err := w.S3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &name, Key: &key})
		must(t, err)
		defer o.Body.Close()
		text, err := io.ReadAll(o.Body)
		must(t, err)
		return string(text)
	}
	for _, test := range []struct{ sql, suffix, want string }{
		{`SELECT 'a "b", c' AS "A b", '' AS empty, CAST(NULL AS varchar) AS nothing, 'two` + "\n" + `lines' AS l, 1.50 AS d, 1e7 AS e, true AS t, x'00ff' AS b, ARRAY[1, NULL] AS a, MAP(ARRAY['k'], ARRAY['v w']) AS m, 1`, ".csv",
			`"A b","empty","nothing","l","d","e","t","b","a","m","_col10"` + "\n" + `"a ""b"", c","",,"two` + "\n" + `lines","1.50","1.0E7","true","00 ff","[1, null]","{k=v w}","1"` + "\n"},
		{"SELECT 1 AS n WHERE false", ".csv", "\"n\"\n"},
		{"SELECT CAST(NULL AS integer) AS n", ".csv", "\"n\"\n\n"},
		{"DESCRIBE " + database + ".t", ".txt", "n                   \tint                 \tone                 \ns                   \tstring              \t                    \nday                 \tdate                \t                    \n" +
			"\t \t \n# Partition Information\t \t \n# col_name          \tdata_type           \tcomment             \n\t \t \nday                 \tdate                \t                    \n"},
		{"SHOW TABLES IN " + database, ".txt", "t\n"},
		{"DROP TABLE IF EXISTS " + database + ".nothing", ".txt", ""},
	} {
		e := w.Execute(t.Context(), t, test.sql, "s3://"+w.bucket+"/r")
		uri := aws.ToString(e.ResultConfiguration.OutputLocation)
		if e.Status.State != types.QueryExecutionStateSucceeded || uri != "s3://"+w.bucket+"/r/"+*e.QueryExecutionId+test.suffix {
			t.Errorf("%s: %s %s, at %s", test.sql, e.Status.State, aws.ToString(e.Status.StateChangeReason), uri)
			continue
		}
		expect(t, test.sql, body(uri), test.want)
		if metadata := body(uri + ".metadata"); !strings.HasPrefix(metadata, "\x0a\x24"+*e.QueryExecutionId) {
			t.Errorf("%s: metadata %q", test.sql, metadata)
		}
	}
	made := w.Execute(t.Context(), t, "CREATE TABLE "+database+".made AS SELECT 1 AS n", "s3://"+w.bucket+"/r")
	manifest := aws.ToString(made.Statistics.DataManifestLocation)
	expect(t, "the manifest", manifest, "s3://"+w.bucket+"/r/"+*made.QueryExecutionId+"-manifest.csv")
	for line := range strings.Lines(body(manifest)) {
		if uri, ok := strings.CutSuffix(line, "\n"); !ok || !strings.HasPrefix(body(uri), "PAR1") {
			t.Errorf("the manifest has the line %q", line)
		}
	}
	results, err := w.Athena.GetQueryResults(t.Context(), &athena.GetQueryResultsInput{QueryExecutionId: made.QueryExecutionId})
	must(t, err)
	if *results.UpdateCount != 1 || len(results.ResultSet.Rows) != 0 || *results.ResultSet.ResultSetMetadata.ColumnInfo[0].Name != "rows" {
		t.Errorf("results of CREATE TABLE AS: %+v", results)
	}
	w.sqlDDL("DROP DATABASE " + database + " CASCADE")
}
