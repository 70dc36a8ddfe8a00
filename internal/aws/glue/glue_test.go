package glue

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/access"
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/embedded"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

var caller = &awshttp.Call{Principal: access.Principal{Account: "123456789012"}}

func newAPI(t *testing.T) *api {
	t.Helper()
	fs := vfs.NewMem()
	db, err := embedded.Open("db", fs, embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	blobs, err := blob.Open("blobs", fs)
	if err != nil {
		t.Fatal(err)
	}
	buckets := bucket.New(db.Objects(), blobs, bucket.Options{Account: "123456789012", Region: "us-east-1"})
	now := func() time.Time { return time.Unix(1_700_000_000, 123_456_789) }
	return &api{tables: table.New(db.Tables(), db.Offline(), buckets, table.Options{Now: now})}
}

// answer returns the reply as a client sees it, or the error's code and message.
func answer(out any, err error) string {
	if err != nil {
		e := toError("", err)
		if e == nil {
			return "fault: " + err.Error()
		}
		return e.Code + ": " + e.Message
	}
	text, err := json.Marshal(out)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func (a *api) define(t *testing.T, name string) {
	t.Helper()
	g := &feature.Group{
		ID: 1, Name: "g", EventTime: "at", Definitions: []feature.Definition{{Name: "Id", Type: feature.String}, {Name: "at", Type: feature.Fractional}},
		Offline: &feature.Offline{Resolved: "s3://b/data", Table: &feature.TableRef{Database: "sagemaker_featurestore", Table: name}},
	}
	if err := a.tables.Define(t.Context(), g); err != nil {
		t.Fatal(err)
	}
}

func TestGetTableOfAGroup(t *testing.T) {
	a := newAPI(t)
	a.define(t, "g_1")
	var got, want any
	text := answer(a.getTable(t.Context(), caller, &getTableRequest{DatabaseName: new("SageMaker_FeatureStore"), Name: new("G_1")}))
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(text)
	}
	if err := json.Unmarshal([]byte(`{"Table": {
		"Name": "g_1", "DatabaseName": "sagemaker_featurestore", "CreateTime": 1700000000.123, "UpdateTime": 1700000000.123, "Retention": 0,
		"StorageDescriptor": {
			"Columns": [{"Name": "id", "Type": "string"}, {"Name": "at", "Type": "double"}, {"Name": "write_time", "Type": "timestamp"},
				{"Name": "api_invocation_time", "Type": "timestamp"}, {"Name": "is_deleted", "Type": "boolean"}],
			"Location": "s3://b/data",
			"InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
			"OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
			"Compressed": false, "NumberOfBuckets": -1,
			"SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", "Parameters": {"serialization.format": "1"}},
			"BucketColumns": [], "SortColumns": [], "Parameters": {}, "StoredAsSubDirectories": false},
		"PartitionKeys": [], "TableType": "EXTERNAL_TABLE", "Parameters": {"EXTERNAL": "TRUE", "classification": "parquet"},
		"IsRegisteredWithLakeFormation": false, "CatalogId": "123456789012", "VersionId": "0"}}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("GetTable (-want +got):\n%s", diff)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	a := newAPI(t)
	db := new("sagemaker_featurestore")
	for _, c := range []struct{ what, got, want string }{
		{"database", answer(a.getDatabase(t.Context(), caller, &getDatabaseRequest{Name: new("Nope")})), "EntityNotFoundException: Database nope not found."},
		{"table", answer(a.getTable(t.Context(), caller, &getTableRequest{DatabaseName: db, Name: new("Nope")})), "EntityNotFoundException: Table nope not found."},
		{"database of a table", answer(a.getTable(t.Context(), caller, &getTableRequest{DatabaseName: new("nope"), Name: new("t")})), "EntityNotFoundException: Database nope not found."},
		{"database of tables", answer(a.getTables(t.Context(), caller, &getTablesRequest{DatabaseName: new("nope")})), "EntityNotFoundException: Database nope not found."},
		{"catalog", answer(a.getDatabase(t.Context(), caller, &getDatabaseRequest{Name: db, CatalogId: new("1")})), "EntityNotFoundException: Catalog 1 not found."},
		{"name", answer(a.getDatabase(t.Context(), caller, &getDatabaseRequest{})), "InvalidInputException: Name is missing; it is required"},
		{"the past", answer(a.getTable(t.Context(), caller, &getTableRequest{DatabaseName: db, Name: new("t"), TransactionId: new("x")})),
			"InvalidInputException: TransactionId is not supported: no table is a governed one; leave it out"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, c.got, c.want)
		}
	}
}

func TestDatabasesOfOthersAreNone(t *testing.T) {
	a := newAPI(t)
	for share, want := range map[string]int{"ALL": 2, "FOREIGN": 0, "FEDERATED": 0} {
		out, err := a.getDatabases(t.Context(), caller, &getDatabasesRequest{ResourceShareType: &share})
		if err != nil || len(out.DatabaseList) != want {
			t.Errorf("%s: %s", share, answer(out, err))
		}
	}
}

func TestGetTablesInPages(t *testing.T) {
	a := newAPI(t)
	var want []string
	for i := range 7 {
		want = append(want, fmt.Sprintf("t%d", i))
		a.define(t, want[i])
	}
	var got []string
	in := &getTablesRequest{DatabaseName: new("sagemaker_featurestore"), MaxResults: new(3)}
	for pages := 1; ; pages++ {
		out, err := a.getTables(t.Context(), caller, in)
		if err != nil {
			t.Fatal(err)
		}
		for _, tb := range out.TableList {
			got = append(got, tb.Name)
		}
		if in.NextToken = out.NextToken; in.NextToken == nil {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
	for _, bad := range []*getTablesRequest{
		{DatabaseName: in.DatabaseName, MaxResults: new(0)}, {DatabaseName: in.DatabaseName, MaxResults: new(101)}, {DatabaseName: in.DatabaseName, NextToken: new("!")},
		{DatabaseName: in.DatabaseName, Expression: new("(")}, {DatabaseName: in.DatabaseName, AttributesToGet: []string{"DEFAULT"}},
	} {
		if _, err := a.getTables(t.Context(), caller, bad); feature.KindOf(err) == feature.Fault {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

func TestExpressions(t *testing.T) {
	for _, c := range []struct {
		expression string
		fits, not  []string
	}{
		{"", []string{"a", "anything"}, nil},
		{"*", []string{"a", "anything"}, nil},
		{"ab*", []string{"ab", "abc", "a"}, []string{"b", "xab"}}, // as Hive reads it, and as a regular expression
		{"*ab", []string{"ab", "xab"}, []string{"abx"}},
		{"a*|b", []string{"abc", "b"}, []string{"c", "bc"}},
		{".*ab.*", []string{"ab", "xaby"}, []string{"a"}},
		{"^ab.*", []string{"ab", "abc"}, []string{"xab"}},
		{"ab", []string{"ab"}, []string{"abc", "xab"}},
		{"AB", []string{"ab"}, []string{"abc"}},
		{"t[0-3]", []string{"t0"}, []string{"t4"}},
	} {
		matches, err := matcher(&c.expression)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		for _, name := range c.fits {
			if !matches(name) {
				t.Errorf("%s does not find %s", c.expression, name)
			}
		}
		for _, name := range c.not {
			if matches(name) {
				t.Errorf("%s finds %s", c.expression, name)
			}
		}
	}
}

func FuzzMatcher(f *testing.F) {
	f.Add("a*|(", "a")
	f.Fuzz(func(t *testing.T, expression, name string) {
		if matches, err := matcher(&expression); err == nil {
			matches(name)
		} else if feature.KindOf(err) != feature.Invalid {
			t.Errorf("%q: %v", expression, err)
		}
	})
}
