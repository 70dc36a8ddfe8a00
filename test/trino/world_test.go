package trino

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	athenatypes "github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"

	"github.com/larder-dev/larder/test/wiretest"
)

const (
	bucket   = "differential"
	database = "differential" // of the tables that the statements name without one
	group    = "readings"
)

// A world is a server with the tables that the statements ask.
type world struct {
	*wiretest.Clients
	server *wiretest.Server
}

func newWorld(t *testing.T) *world {
	s := wiretest.Start(t, t.TempDir(), "--flush-age", "50ms")
	return &world{wiretest.NewClients(s.Env), s}
}

// The columns of kinds, whose rows are in testdata/kinds.parquet: kindsRows, written by Trino.
var kindsColumns = []string{
	"id int", "b boolean", "t tinyint", "s smallint", "i int", "l bigint", "r float", "d double", "p decimal(10,2)",
	"v string", "day date", "ts timestamp", "bin binary", "a array<int>", "m map<string,int>", "o struct<x:int,y:string>",
}

const kindsRows = `VALUES
(1, true, tinyint '1', smallint '10', 100, bigint '1000', real '1.5', 1.25e0, decimal '12.34', 'one', date '2020-02-29', timestamp '2020-02-29 12:34:56.789', x'0a0b', array[1,2,3], map(array['a','b'], array[1,2]), row(1, 'x')),
(2, false, tinyint '-128', smallint '-32768', -2147483648, bigint '-9223372036854775808', real '-0.1', -1e300, decimal '-99999999.99', '', date '1969-12-31', timestamp '1969-12-31 23:59:59.999', x'', array[], map(), row(null, 'y')),
(3, true, tinyint '127', smallint '32767', 2147483647, bigint '9223372036854775807', real 'NaN', nan(), decimal '0.00', 'Größe 😀', date '0001-01-01', timestamp '0001-01-01 00:00:00.000', x'ff', array[null, 5], map(array['z'], array[null]), row(3, null)),
(4, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
(5, false, tinyint '0', smallint '0', 0, bigint '0', real 'Infinity', -infinity(), decimal '0.01', ' padded ', date '9999-12-31', timestamp '9999-12-31 23:59:59.999', x'00ff00', array[9,8,7,7], map(array['k'], array[0]), row(5, 'five')),
(6, true, tinyint '5', smallint '50', 500, bigint '5000', real '0.5', 0.5e0, decimal '5.55', 'one', date '2021-03-28', timestamp '2021-03-28 02:30:00.000', x'68656c6c6f', array[5], map(array['a'], array[5]), row(6, 'one')),
(7, false, tinyint '-5', smallint '-50', -500, bigint '-5000', real '-0.5', -0.5e0, decimal '-5.55', 'a,b"c', date '2021-10-31', timestamp '2021-10-31 01:59:59.001', x'7f80', array[-1, 0, 1], map(array['b','c'], array[-1, -2]), row(7, ''))`

// fill makes the tables. It takes the same rows at each run.
func (w *world) fill(t *testing.T) {
	ctx := t.Context()
	if _, err := w.S3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	w.ddl(t, "CREATE DATABASE "+database)
	if rows, err := os.ReadFile("testdata/kinds.parquet"); err == nil {
		w.put(t, "kinds/rows.parquet", rows)
	} else if *distribution == "" {
		t.Fatal(err)
	}
	w.createKinds(t)
	w.put(t, "cities/rows.csv", []byte("name,country,people\n\"Zürich\",CH,434335\nBasel,CH,\n\"Sankt Gallen\",CH,78213\nLyon,FR,522250\n\"Saint-\"\"Denis\"\"\",FR,113116\n,FR,0\n"))
	w.ddl(t, "CREATE EXTERNAL TABLE "+database+".cities (name string, country string, people string) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' LOCATION 's3://"+bucket+"/cities/' TBLPROPERTIES ('skip.header.line.count'='1')")
	w.fillReadings(t)
}

func (w *world) createKinds(t *testing.T) {
	var columns []gluetypes.Column
	for _, c := range kindsColumns {
		name, of, _ := strings.Cut(c, " ")
		columns = append(columns, gluetypes.Column{Name: &name, Type: &of})
	}
	const hive = "org.apache.hadoop.hive.ql.io.parquet."
	_, err := w.Glue.CreateTable(t.Context(), &glue.CreateTableInput{
		DatabaseName: aws.String(database),
		TableInput: &gluetypes.TableInput{
			Name: aws.String("kinds"), TableType: aws.String("EXTERNAL_TABLE"), Parameters: map[string]string{"EXTERNAL": "TRUE"},
			StorageDescriptor: &gluetypes.StorageDescriptor{
				Columns: columns, Location: aws.String("s3://" + bucket + "/kinds/"),
				InputFormat: aws.String(hive + "MapredParquetInputFormat"), OutputFormat: aws.String(hive + "MapredParquetOutputFormat"),
				SerdeInfo: &gluetypes.SerDeInfo{SerializationLibrary: aws.String(hive + "serde.ParquetHiveSerDe")},
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fillReadings makes a feature group of 5 sensors and 8 hours, with ties, nulls and a deleted record.
func (w *world) fillReadings(t *testing.T) {
	ctx := t.Context()
	define := func(name string, kind types.FeatureType) types.FeatureDefinition {
		return types.FeatureDefinition{FeatureName: &name, FeatureType: kind}
	}
	_, err := w.SageMaker.CreateFeatureGroup(ctx, &sagemaker.CreateFeatureGroupInput{
		FeatureGroupName: aws.String(group), RecordIdentifierFeatureName: aws.String("sensor"), EventTimeFeatureName: aws.String("at"),
		FeatureDefinitions: []types.FeatureDefinition{
			define("sensor", types.FeatureTypeString), define("at", types.FeatureTypeString),
			define("level", types.FeatureTypeIntegral), define("heat", types.FeatureTypeFractional), define("place", types.FeatureTypeString),
		},
		OnlineStoreConfig: &types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true)},
		OfflineStoreConfig: &types.OfflineStoreConfig{
			S3StorageConfig:   &types.S3StorageConfig{S3Uri: aws.String("s3://" + bucket + "/store/")},
			DataCatalogConfig: &types.DataCatalogConfig{Catalog: aws.String("AwsDataCatalog"), Database: aws.String(database), TableName: aws.String(group)},
		},
		RoleArn: aws.String("arn:aws:iam::123456789012:role/larder"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for hour := range 8 {
		for sensor := range 5 {
			values := map[string]string{
				"sensor": fmt.Sprintf("s%d", sensor), "at": fmt.Sprintf("2024-03-01T%02d:00:0%dZ", hour, sensor),
				"level": fmt.Sprint((hour*7 + sensor*3) % 5), "heat": fmt.Sprint(float64(hour*sensor) / 4),
				"place": []string{"north", "south", "East"}[sensor%3],
			}
			if (hour+sensor)%4 == 3 {
				delete(values, "heat")
			}
			var record []runtimetypes.FeatureValue
			for _, name := range []string{"sensor", "at", "level", "heat", "place"} {
				if v, ok := values[name]; ok {
					record = append(record, runtimetypes.FeatureValue{FeatureName: &name, ValueAsString: &v})
				}
			}
			if _, err := w.Runtime.PutRecord(ctx, &runtime.PutRecordInput{FeatureGroupName: aws.String(group), Record: record}); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, err = w.Runtime.DeleteRecord(ctx, &runtime.DeleteRecordInput{
		FeatureGroupName: aws.String(group), RecordIdentifierValueAsString: aws.String("s4"), EventTime: aws.String("2024-03-01T09:00:00Z"),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) put(t *testing.T, key string, body []byte) {
	t.Helper()
	_, err := w.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(bucket), Key: &key, Body: bytes.NewReader(body)})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) ddl(t *testing.T, statement string) {
	t.Helper()
	if a := w.ask(t, statement); a.Error != nil {
		t.Fatalf("%s: %s", statement, a.summary())
	}
}

// ask is Larder's answer.
func (w *world) ask(t *testing.T, statement string) *answer {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	started, err := w.Athena.StartQueryExecution(ctx, &athena.StartQueryExecutionInput{
		QueryString:           &statement,
		QueryExecutionContext: &athenatypes.QueryExecutionContext{Database: aws.String(database)},
		ResultConfiguration:   &athenatypes.ResultConfiguration{OutputLocation: aws.String("s3://" + bucket + "/results/")},
	})
	if err != nil {
		return &answer{SQL: statement, Error: &failure{"StartQueryExecution", err.Error()}}
	}
	for {
		got, err := w.Athena.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: started.QueryExecutionId})
		if err != nil {
			return &answer{SQL: statement, Error: &failure{"GetQueryExecution", err.Error()}}
		}
		switch status := got.QueryExecution.Status; status.State {
		case athenatypes.QueryExecutionStateQueued, athenatypes.QueryExecutionStateRunning:
			time.Sleep(2 * time.Millisecond) // it waited in the server, too
		case athenatypes.QueryExecutionStateSucceeded:
			return w.results(ctx, statement, started.QueryExecutionId)
		default:
			name, message, _ := strings.Cut(aws.ToString(status.StateChangeReason), ": ")
			return &answer{SQL: statement, Error: &failure{name, message}}
		}
	}
}

// results reads all rows of an execution, without the header.
func (w *world) results(ctx context.Context, statement string, id *string) *answer {
	a := &answer{SQL: statement, printed: [][]*string{}}
	in := &athena.GetQueryResultsInput{QueryExecutionId: id}
	for first := true; ; first = false {
		page, err := w.Athena.GetQueryResults(ctx, in)
		if err != nil {
			return &answer{SQL: statement, Error: &failure{"GetQueryResults", err.Error()}}
		}
		rows := page.ResultSet.Rows
		if first {
			a.Columns = []column{}
			for _, c := range page.ResultSet.ResultSetMetadata.ColumnInfo {
				a.Columns = append(a.Columns, column{aws.ToString(c.Name), aws.ToString(c.Type)})
			}
			if len(rows) > 0 {
				rows = rows[1:]
			}
		}
		for _, row := range rows {
			printed := make([]*string, len(row.Data))
			for i, d := range row.Data {
				printed[i] = d.VarCharValue
			}
			a.printed = append(a.printed, printed)
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return a
		}
	}
}

// writeGolden writes Trino's answers of a chapter, in the order of its statements.
func writeGolden(t *testing.T, chapter string, answers []*answer) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, a := range answers {
		if err := e.Encode(a); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("golden/"+chapter+".jsonl", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
