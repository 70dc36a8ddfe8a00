package conformance

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/larder-dev/larder/test/wiretest"
)

const parquetSerDe = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"

func column(name, kind string) types.Column {
	return types.Column{Name: &name, Type: &kind}
}

// rowsOf is sql without the header.
func (w *world) rowsOf(text string) [][]string { return w.sql(text)[1:] }

// as makes w the holder of another key.
func (w *world) as(id, secret, token string) {
	config := w.Config.Copy()
	config.Credentials = credentials.NewStaticCredentialsProvider(id, secret, token)
	w.Clients = wiretest.ClientsOf(config)
}

// glueTable makes a table of a database of its own and returns what SQL calls it.
func (w *world) glueTable(in *types.TableInput) string {
	w.t.Helper()
	database := strings.ReplaceAll(w.bucket, "-", "_")
	if _, err := w.Glue.CreateDatabase(w.t.Context(), &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: &database}}); err != nil && code(err) != "AlreadyExistsException" {
		w.t.Fatal(err)
	}
	_, err := w.Glue.CreateTable(w.t.Context(), &glue.CreateTableInput{DatabaseName: &database, TableInput: in})
	must(w.t, err)
	return `"` + database + `"."` + strings.ToLower(*in.Name) + `"`
}

// A table with partitions is read by SQL: its keys are columns, and files of no partition are none of its own.
func TestSQLReadsPartitions(t *testing.T) {
	w := newNames(t)
	_, err := w.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &w.bucket})
	must(t, err)
	for key, body := range map[string]string{
		"sales/year=2023/a.csv": "1,x\n2,y\n", "sales/year=2024/b.csv": "3,z\n", "elsewhere/c.csv": "4,w\n", "sales/year=2025/d.csv": "5,v\n", "sales/nowhere/e.csv": "6,u\n",
	} {
		_, err := w.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &w.bucket, Key: &key, Body: strings.NewReader(body)})
		must(t, err)
	}
	storage := func(folder string) *types.StorageDescriptor {
		return &types.StorageDescriptor{
			Columns: []types.Column{column("n", "bigint"), column("s", "string")}, Location: aws.String("s3://" + w.bucket + "/" + folder),
			InputFormat: aws.String("org.apache.hadoop.mapred.TextInputFormat"), OutputFormat: aws.String("org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
			SerdeInfo: &types.SerDeInfo{SerializationLibrary: aws.String("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"), Parameters: map[string]string{"field.delim": ","}},
		}
	}
	name := w.glueTable(&types.TableInput{
		Name: aws.String("Sales"), TableType: aws.String("EXTERNAL_TABLE"), StorageDescriptor: storage("sales/"), PartitionKeys: []types.Column{column("Year", "int"), column("shop", "string")},
	})
	expect(t, "rows before there are partitions", w.rowsOf("SELECT count(*) FROM "+name), [][]string{{"0"}})
	database := aws.String(strings.ReplaceAll(w.bucket, "-", "_"))
	out, err := w.Glue.BatchCreatePartition(t.Context(), &glue.BatchCreatePartitionInput{DatabaseName: database, TableName: aws.String("sales"), PartitionInputList: []types.PartitionInput{
		{Values: []string{"2023", "it's"}, StorageDescriptor: storage("sales/year=2023/")},
		{Values: []string{"2024", "b"}, StorageDescriptor: storage("sales/year=2024/")},
		{Values: []string{"2022", "__HIVE_DEFAULT_PARTITION__"}, StorageDescriptor: storage("elsewhere/")},
	}})
	must(t, err)
	expect(t, "errors", len(out.Errors), 0)
	expect(t, "all", w.rowsOf("SELECT * FROM "+name+" ORDER BY n"), [][]string{{"1", "x", "2023", "it's"}, {"2", "y", "2023", "it's"}, {"3", "z", "2024", "b"}, {"4", "w", "2022", ""}})
	expect(t, "by a key", w.rowsOf("SELECT n FROM "+name+" WHERE year > 2022 AND shop IS NOT NULL AND year + 1 = 2025"), [][]string{{"3"}})
	expect(t, "groups", w.rowsOf("SELECT year, count(*) FROM "+name+" GROUP BY year ORDER BY 1"), [][]string{{"2022", "1"}, {"2023", "2"}, {"2024", "1"}})
}

// The group's Glue table is a description: it may be changed, deleted and made again, and the group goes on.
func TestTableOfAGroupIsMadeAgainByHand(t *testing.T) {
	w := newWorld(t)
	w.mustPut("id", "1", "at", noon, "n", "1")
	store := aws.String("sagemaker_featurestore")
	got, err := w.Glue.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: store, Name: &w.table})
	must(t, err)
	_, err = w.Glue.DeleteTable(t.Context(), &glue.DeleteTableInput{DatabaseName: store, Name: &w.table})
	must(t, err)
	w.mustPut("id", "2", "at", noon, "n", "2")
	_, err = w.Glue.CreateTable(t.Context(), &glue.CreateTableInput{DatabaseName: store, TableInput: &types.TableInput{
		Name: &w.table, TableType: got.Table.TableType, StorageDescriptor: got.Table.StorageDescriptor, Parameters: got.Table.Parameters,
	}})
	must(t, err)
	w.mustPut("id", "3", "at", noon, "n", "3")
	// Rows that wait for a flush are there at once, and the event time is an instant, as before.
	expect(t, "rows", w.rowsOf("SELECT id FROM $table WHERE at > TIMESTAMP '2026-01-01 00:00:00' ORDER BY id"), [][]string{{"1"}, {"2"}, {"3"}})

	change := &types.TableInput{Name: &w.table, Description: aws.String("ours"), StorageDescriptor: got.Table.StorageDescriptor, Parameters: map[string]string{"k": "v"}}
	_, err = w.Glue.UpdateTable(t.Context(), &glue.UpdateTableInput{DatabaseName: store, TableInput: change, VersionId: aws.String("0")})
	must(t, err)
	_, err = w.Glue.UpdateTable(t.Context(), &glue.UpdateTableInput{DatabaseName: store, TableInput: change, VersionId: aws.String("0")})
	expect(t, "an update of a version that is past", code(err), "ConcurrentModificationException")
	expect(t, "rows of the table that was updated", w.rowsOf("SELECT count(*) FROM $table"), [][]string{{"3"}})
}

// What SQL cannot read is kept for those who can, and refused when SQL is asked to read it.
func TestTablesThatSQLDoesNotReadAreKept(t *testing.T) {
	w := newNames(t)
	_, err := w.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &w.bucket})
	must(t, err)
	for name, c := range map[string]struct {
		change func(in *types.TableInput)
		says   string
	}{
		"iceberg": {func(in *types.TableInput) { in.Parameters = map[string]string{"table_type": "ICEBERG"} }, "Iceberg"},
		"json": {func(in *types.TableInput) {
			in.StorageDescriptor.SerdeInfo.SerializationLibrary = aws.String("org.openx.data.jsonserde.JsonSerDe")
		}, "SerDe"},
		"projected": {func(in *types.TableInput) { in.Parameters = map[string]string{"projection.enabled": "true"} }, "projection"},
		"union": {func(in *types.TableInput) {
			in.StorageDescriptor.Columns = []types.Column{column("a", "uniontype<int,string>")}
		}, "uniontype<int,string>"},
	} {
		in := &types.TableInput{Name: &name, StorageDescriptor: &types.StorageDescriptor{
			Columns: []types.Column{column("a", "int")}, Location: aws.String("s3://" + w.bucket + "/t/"),
			InputFormat: aws.String("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"), SerdeInfo: &types.SerDeInfo{SerializationLibrary: aws.String(parquetSerDe)},
		}}
		c.change(in)
		e := w.Execute(t.Context(), t, "SELECT * FROM "+w.glueTable(in), "s3://"+w.bucket+"/results/")
		reason := aws.ToString(e.Status.StateChangeReason)
		if !strings.Contains(reason, "NOT_SUPPORTED") || !strings.Contains(reason, c.says) {
			t.Errorf("%s: %s", name, reason)
		}
	}
}

// A view whose text is another program's is no view of ours.
func TestViewsOfOtherProgramsAreNotRead(t *testing.T) {
	w := newNames(t)
	_, err := w.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &w.bucket})
	must(t, err)
	table := w.glueTable(&types.TableInput{Name: aws.String("a_view"), TableType: aws.String("VIRTUAL_VIEW"), ViewOriginalText: aws.String("what another program wrote"),
		StorageDescriptor: &types.StorageDescriptor{Columns: []types.Column{column("a", "int")}}})
	e := w.Execute(t.Context(), t, "SELECT * FROM "+table, "s3://"+w.bucket+"/results/")
	if reason := aws.ToString(e.Status.StateChangeReason); !strings.Contains(reason, "HIVE_INVALID_VIEW_DATA") {
		t.Error(reason)
	}
}

// A role that was assumed reads and writes as any caller, over every protocol.
func TestAssumedRoleWorksEverywhere(t *testing.T) {
	w := newWorld(t)
	made, err := w.STS.AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/service-role/trainer"), RoleSessionName: aws.String("run-1")})
	must(t, err)
	k := made.Credentials
	w.as(*k.AccessKeyId, *k.SecretAccessKey, *k.SessionToken)
	who, err := w.STS.GetCallerIdentity(t.Context(), nil)
	must(t, err)
	expect(t, "who", *who.Arn, "arn:aws:sts::123456789012:assumed-role/trainer/run-1")
	w.mustPut("id", "1", "at", noon)
	_, err = w.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &w.bucket, Key: aws.String("k"), Body: strings.NewReader("v")})
	must(t, err)
	expect(t, "rows", w.rowsOf("SELECT id FROM $table"), [][]string{{"1"}})
	presigned, err := s3.NewPresignClient(w.S3).PresignGetObject(t.Context(), &s3.GetObjectInput{Bucket: &w.bucket, Key: aws.String("k")})
	must(t, err)
	if !strings.Contains(presigned.URL, "X-Amz-Security-Token=") {
		t.Fatal(presigned.URL)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, presigned.URL, nil)
	must(t, err)
	reply, err := w.Config.HTTPClient.Do(r)
	must(t, err)
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	must(t, err)
	expect(t, "presigned", string(body), "v")
	w.as(*k.AccessKeyId, *k.SecretAccessKey, "")
	_, err = w.Glue.GetDatabases(t.Context(), &glue.GetDatabasesInput{})
	expect(t, "without its token", code(err), "UnrecognizedClientException")
}
