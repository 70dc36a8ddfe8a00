package metamorphic

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/test/wiretest"
)

// Nobody but SQL over the group's own table reads a sorted run: no bucket has it, no listing shows it, and
// no name that a client could think of finds it. Counts are the same with it and without.
func TestNobodySeesARun(t *testing.T) {
	x := runWorld(t)
	const hours = 9
	for i := range hours {
		record := []map[string]string{{"FeatureName": "id", "ValueAsString": fmt.Sprint(i)}, {"FeatureName": "at", "ValueAsString": fmt.Sprint(1_700_000_000 + i*3600)}}
		x.must(t, request{method: "PUT", path: []string{"FeatureGroup", "long"}, body: map[string]any{"Record": record}})
	}
	x.must(t, request{service: "larder", method: "POST", path: []string{"larder", "Flush"}, body: struct{}{}})
	x.external(t)
	folder := x.keys(t)
	if len(folder) < hours {
		t.Fatalf("the bucket has %q", folder)
	}

	x.untilRuns(t)
	name := x.tableName(t)
	if n, external := x.count(t, name), x.count(t, "folder"); n != fmt.Sprint(hours) || external != n {
		t.Errorf("the group's table has %s rows, a table over its folder %s", n, external)
	}
	if diff := cmp.Diff(folder, slices.DeleteFunc(x.keys(t), func(key string) bool { return strings.HasPrefix(key, "results/") })); diff != "" {
		t.Errorf("keys of the bucket before there was a run, and after (-before +after):\n%s", diff)
	}
	if a := x.must(t, request{service: "s3", method: "GET"}); strings.Count(string(a.body), "<Name>") != 1 {
		t.Errorf("the buckets are %s", a.body)
	}
	for _, name := range []string{".runs", "R", "R\x00\x00\x00\x00\x00\x00\x00\x01", "runs-of-nobody"} {
		for _, r := range []request{
			{service: "s3", method: "GET", path: []string{name}, query: url.Values{"list-type": {"2"}}},
			{service: "s3", method: "GET", path: []string{name, "year=2023", "month=11", ""}},
			{service: "larder", method: "POST", path: []string{"larder", "FeatureGroup", "long", "Import"}, body: map[string]any{
				"Sources": []string{"s3://" + name + "/year=2023/month=11/"}, "Format": "parquet"}},
		} {
			if a := x.answer(t, r); a.status < 400 || a.status > 499 {
				t.Errorf("%v: %v", r, a)
			}
		}
		ddl := `CREATE EXTERNAL TABLE spy (id string) STORED AS PARQUET LOCATION 's3://` + name + `/'`
		// It may be refused; and a table that there is has no rows.
		if _, _, _, err := x.query(t.Context(), ddl); err != nil {
			t.Fatal(err)
		}
		_, rows, what, err := x.query(t.Context(), "SELECT count(*) FROM spy")
		if err != nil || what == "" && *rows[0][0] != "0" {
			t.Errorf("a table over %q: %v, %v", name, rows, err)
		}
		x.answer(t, jsonCall("AWSGlue.DeleteTable", map[string]string{"DatabaseName": "sagemaker_featurestore", "Name": "spy"}))
	}
	if n := x.count(t, name); n != fmt.Sprint(hours) {
		t.Errorf("the table has %s rows after imports from nowhere", n)
	}
}

// runWorld is a server that makes runs at once, with a group.
func runWorld(t *testing.T) *seer {
	t.Helper()
	w, err := newWorld(t.Context(), setting{dir: t.TempDir(), larder: wiretest.Binary(t), flushAge: time.Hour, runs: atOnce})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	})
	x := &seer{&runner{world: w, m: newModel(false)}}
	feature := func(name, kind string) map[string]string {
		return map[string]string{"FeatureName": name, "FeatureType": kind}
	}
	x.must(t, jsonCall("SageMaker.CreateFeatureGroup", map[string]any{
		"FeatureGroupName": "long", "RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "at",
		"FeatureDefinitions": []any{feature("id", "String"), feature("at", "Fractional")},
		"OfflineStoreConfig": map[string]any{"S3StorageConfig": map[string]string{"S3Uri": "s3://" + bucket + "/base"}},
		"RoleArn":            "arn:aws:iam::" + account + ":role/r",
	}))
	return x
}

// A seer looks for runs wherever a client can look.
type seer struct{ *runner }

func (x *seer) answer(t *testing.T, r request) *answer {
	t.Helper()
	a, err := x.send(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (x *seer) must(t *testing.T, r request) *answer {
	t.Helper()
	a := x.answer(t, r)
	if a.status != http.StatusOK {
		t.Fatalf("%v: %v", r, a)
	}
	return a
}

// keys returns every key of the bucket.
func (x *seer) keys(t *testing.T) []string {
	t.Helper()
	var page struct {
		Contents []struct{ Key string }
	}
	a := x.must(t, request{service: "s3", method: "GET", path: []string{bucket}, query: url.Values{"list-type": {"2"}}})
	if err := xml.Unmarshal(a.body, &page); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, c := range page.Contents {
		keys = append(keys, c.Key)
	}
	return keys
}

func (x *seer) described(t *testing.T) (location, table string) {
	t.Helper()
	var d struct {
		OfflineStoreConfig struct {
			S3StorageConfig   struct{ ResolvedOutputS3Uri string }
			DataCatalogConfig struct{ TableName string }
		}
	}
	a := x.must(t, jsonCall("SageMaker.DescribeFeatureGroup", map[string]string{"FeatureGroupName": "long"}))
	if err := json.Unmarshal(a.body, &d); err != nil {
		t.Fatal(err)
	}
	return d.OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri, d.OfflineStoreConfig.DataCatalogConfig.TableName
}

func (x *seer) tableName(t *testing.T) string {
	t.Helper()
	_, name := x.described(t)
	return name
}

// external makes a table over the group's files that is a client's.
func (x *seer) external(t *testing.T) {
	t.Helper()
	location, _ := x.described(t)
	x.must(t, jsonCall("AWSGlue.CreateTable", map[string]any{"DatabaseName": "sagemaker_featurestore", "TableInput": map[string]any{
		"Name": "folder", "TableType": "EXTERNAL_TABLE",
		"StorageDescriptor": map[string]any{
			"Columns": []map[string]string{{"Name": "id", "Type": "string"}}, "Location": location,
			"InputFormat":  "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
			"OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
			"SerdeInfo":    map[string]string{"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
		},
	}}))
}

func (x *seer) count(t *testing.T, table string) string {
	t.Helper()
	_, rows, what, err := x.query(t.Context(), `SELECT count(*) FROM "`+table+`"`)
	if what != "" || err != nil || len(rows) != 1 {
		t.Fatalf("count of %s: %s %v, %v", table, what, rows, err)
	}
	return *rows[0][0]
}

// untilRuns waits until the group has a run, which is made in the background.
func (x *seer) untilRuns(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		var usage struct {
			Tables []struct{ Runs int64 }
		}
		a := x.must(t, request{service: "larder", method: "GET", path: []string{"larder", "Usage"}})
		if err := json.Unmarshal(a.body, &usage); err != nil {
			t.Fatal(err)
		}
		for _, u := range usage.Tables {
			if u.Runs > 0 {
				return
			}
		}
		select {
		case <-ctx.Done():
			t.Fatal("no run was made in a minute")
		case <-tick.C:
			x.clock.set(x.clock.Now().Add(time.Minute))
		}
	}
}
