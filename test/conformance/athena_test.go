package conformance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func TestQueryResultsPage(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.mustPut("id", fmt.Sprint(i), "at", "2026-01-01T00:00:00Z", "n", fmt.Sprint(i), "s", fmt.Sprintf("say \"%d\", twice", i))
	}
	e := w.Execute(t.Context(), t, fmt.Sprintf(`SELECT id, n, x, s, n > 2, write_time AS "When" FROM "%s" ORDER BY n`, w.table), "s3://"+w.bucket+"/results")
	expect(t, "state", e.Status.State, types.QueryExecutionStateSucceeded)
	expect(t, "output", *e.ResultConfiguration.OutputLocation, "s3://"+w.bucket+"/results/"+*e.QueryExecutionId+".csv")
	var rows []string
	var info []string
	pages := athena.NewGetQueryResultsPaginator(w.Athena, &athena.GetQueryResultsInput{QueryExecutionId: e.QueryExecutionId, MaxResults: aws.Int32(3)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.ResultSet.Rows {
			rows = append(rows, row(r.Data[:5]))
		}
		info = nil
		for _, c := range page.ResultSet.ResultSetMetadata.ColumnInfo {
			info = append(info, *c.Name+" "+*c.Type)
		}
	}
	expect(t, "rows", rows, []string{`id|n|x|s|_col4`, `0|0|NULL|say "0", twice|false`, `1|1|NULL|say "1", twice|false`,
		`2|2|NULL|say "2", twice|false`, `3|3|NULL|say "3", twice|true`, `4|4|NULL|say "4", twice|true`})
	expect(t, "columns", info, []string{"id varchar", "n bigint", "x double", "s varchar", "_col4 boolean", "When timestamp"})
}

func row(data []types.Datum) string {
	var fields []string
	for _, d := range data {
		if d.VarCharValue == nil {
			fields = append(fields, "NULL")
			continue
		}
		fields = append(fields, *d.VarCharValue)
	}
	return strings.Join(fields, "|")
}

func TestFailingStatementsSayWhatATrinoUserExpects(t *testing.T) {
	w := newWorld(t)
	w.mustPut("id", "a", "at", "2026-01-01T00:00:00Z", "n", "0", "s", "text")
	for statement, want := range map[string]string{
		`SELECT colour FROM $t`:                                   "COLUMN_NOT_FOUND: line 1:8: Column 'colour' cannot be resolved",
		`SELECT * FROM nothing`:                                   "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.sagemaker_featurestore.nothing' does not exist",
		`SELECT s <= timestamp '2026-01-01 00:00:00.000' FROM $t`: "TYPE_MISMATCH: line 1:10: Cannot apply operator: varchar <= timestamp(3)",
		`SELECT 1 / n FROM $t`:                                    "DIVISION_BY_ZERO: Division by zero",
		`SELECT CAST(s AS bigint) FROM $t`:                        "INVALID_CAST_ARGUMENT: Cannot cast 'text' to BIGINT",
		`SELECT FROM $t`:                                          "line 1:8: mismatched input 'FROM'",
		`SELECT * FROM read_csv('/etc/passwd')`:                   "line 1:",
		`SELECT getenv('HOME')`:                                   "FUNCTION_NOT_FOUND: line 1:8: Function 'getenv' not registered",
		`SELECT n FROM $t; SELECT n FROM $t`:                      "line 1:",
		`COPY (SELECT 1) TO '/tmp/larder-copied.csv'`:             "line 1:1: mismatched input 'COPY'",
	} {
		t.Run(statement, func(t *testing.T) {
			e := w.Execute(t.Context(), t, strings.ReplaceAll(statement, "$t", `"`+w.table+`"`), "s3://"+w.bucket+"/results")
			reason := aws.ToString(e.Status.StateChangeReason)
			if e.Status.State != types.QueryExecutionStateFailed || !strings.Contains(reason, want) {
				t.Errorf("%s: %s\nwant %s", e.Status.State, reason, want)
			}
			if strings.Contains(strings.ToLower(reason), "duckdb") || strings.Contains(reason, "r0") {
				t.Errorf("the engine's words leak: %s", reason)
			}
		})
	}
}

func TestGroupEventTimeIsAnInstantInComparisons(t *testing.T) {
	w := newWorld(t)
	w.mustPut("id", "iso", "at", "2026-01-01T02:00:00+02:00", "s", "2026-01-01T00:00:00Z")
	w.mustPut("id", "epoch", "at", "1767225600", "s", "")             // the same instant
	w.mustPut("id", "later", "at", "2026-01-01T00:00:00.5Z", "s", "") // half a second after
	expect(t, "=", w.sql(`SELECT id FROM $table WHERE at = timestamp '2026-01-01 00:00:00' ORDER BY id`), [][]string{{"id"}, {"epoch"}, {"iso"}})
	expect(t, ">", w.sql(`SELECT x.id FROM (SELECT id, at AS t FROM $table) x WHERE x.t > timestamp '2026-01-01 00:00:00 UTC'`), [][]string{{"id"}, {"later"}})
	e := w.Execute(t.Context(), t, fmt.Sprintf(`SELECT id FROM "%s" WHERE s = timestamp '2026-01-01 00:00:00'`, w.table), "s3://"+w.bucket+"/r")
	if !strings.Contains(aws.ToString(e.Status.StateChangeReason), "TYPE_MISMATCH") {
		t.Errorf("a varchar that is no event time: %s %s", e.Status.State, aws.ToString(e.Status.StateChangeReason))
	}
}

func TestPointInTimeJoin(t *testing.T) {
	w := newWorld(t)
	for _, at := range []string{"1767225600", "2026-01-01T06:00:00Z", "2026-01-02T06:00:00Z", "2025-12-30T00:00:00Z"} {
		w.mustPut("id", "a", "at", at, "s", at)
	}
	key := "labels/l.csv"
	if _, err := w.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &w.bucket, Key: &key,
		Body: strings.NewReader("a,1,2026-01-01 12:00:00\nb,0,2026-01-01 12:00:00.000\n")}); err != nil {
		t.Fatal(err)
	}
	labels := "labels_" + strings.ReplaceAll(w.bucket, "-", "_")
	w.sqlDDL(fmt.Sprintf(`CREATE EXTERNAL TABLE %s (id STRING, Bought INT, event_timestamp TIMESTAMP)
		ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://%s/labels'`, labels, w.bucket))
	rows := w.sql(`SELECT labels.id, labels.Bought, labels.event_timestamp, features.s
		FROM ` + labels + ` AS labels
		LEFT JOIN $table AS features
		    ON labels.id = features.id
		    AND features.at <= labels.event_timestamp
		    AND features.at >= labels.event_timestamp - INTERVAL '24' HOUR
		ORDER BY labels.event_timestamp DESC, labels.id, features.s`)
	expect(t, "rows", rows, [][]string{{"id", "Bought", "event_timestamp", "s"},
		{"a", "1", "2026-01-01 12:00:00.000", "1767225600"}, {"a", "1", "2026-01-01 12:00:00.000", "2026-01-01T06:00:00Z"},
		{"b", "0", "2026-01-01 12:00:00.000", ""}})
	w.sqlDDL("DROP TABLE " + labels)
}

func (w *world) sqlDDL(text string) {
	w.t.Helper()
	e := w.Execute(w.t.Context(), w.t, text, "s3://"+w.bucket+"/results/")
	if e.Status.State != types.QueryExecutionStateSucceeded {
		w.t.Fatalf("%s: %s", text, aws.ToString(e.Status.StateChangeReason))
	}
}

func TestStartQueryExecutionIsIdempotentByToken(t *testing.T) {
	w := newWorld(t)
	token := "token-0123456789-0123456789-" + w.bucket
	in := &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), ClientRequestToken: &token,
		ResultConfiguration: &types.ResultConfiguration{OutputLocation: aws.String("s3://" + w.bucket + "/r/")}}
	first, err := w.Athena.StartQueryExecution(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.Athena.StartQueryExecution(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the same execution", *second.QueryExecutionId, *first.QueryExecutionId)
	in.QueryString = aws.String("SELECT 2")
	_, err = w.Athena.StartQueryExecution(t.Context(), in)
	expect(t, "the same token for another statement", code(err), "InvalidRequestException")
	_, err = w.Athena.StartQueryExecution(t.Context(), &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1")})
	expect(t, "no output location", code(err), "InvalidRequestException")
	group, err := w.Athena.GetWorkGroup(t.Context(), &athena.GetWorkGroupInput{WorkGroup: aws.String("primary")})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "EnforceWorkGroupConfiguration", *group.WorkGroup.Configuration.EnforceWorkGroupConfiguration, false)
}

func TestWhatIsSaidOfAResultIsEchoed(t *testing.T) {
	w := newWorld(t)
	said := &types.ResultConfiguration{
		OutputLocation:          aws.String("s3://" + w.bucket + "/r"),
		EncryptionConfiguration: &types.EncryptionConfiguration{EncryptionOption: types.EncryptionOptionSseKms, KmsKey: aws.String("alias/results")},
		AclConfiguration:        &types.AclConfiguration{S3AclOption: types.S3AclOptionBucketOwnerFullControl},
	}
	started, err := w.Athena.StartQueryExecution(t.Context(), &athena.StartQueryExecutionInput{QueryString: aws.String("SELECT 1"), ResultConfiguration: said})
	if err != nil {
		t.Fatal(err)
	}
	var got *types.QueryExecution
	for got == nil || got.Status.State == types.QueryExecutionStateQueued || got.Status.State == types.QueryExecutionStateRunning {
		reply, err := w.Athena.GetQueryExecution(t.Context(), &athena.GetQueryExecutionInput{QueryExecutionId: started.QueryExecutionId})
		if err != nil {
			t.Fatal(err)
		}
		got = reply.QueryExecution
	}
	expect(t, "state", got.Status.State, types.QueryExecutionStateSucceeded)
	expect(t, "option", got.ResultConfiguration.EncryptionConfiguration.EncryptionOption, types.EncryptionOptionSseKms)
	expect(t, "key", aws.ToString(got.ResultConfiguration.EncryptionConfiguration.KmsKey), "alias/results")
	expect(t, "ACL", got.ResultConfiguration.AclConfiguration.S3AclOption, types.S3AclOptionBucketOwnerFullControl)
	key := "r/" + *started.QueryExecutionId + ".csv"
	head, err := w.S3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &w.bucket, Key: &key})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "the object's encryption", string(head.ServerSideEncryption)+" "+aws.ToString(head.SSEKMSKeyId), "aws:kms alias/results")
}
