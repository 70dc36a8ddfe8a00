// Package conformance holds what a client must be able to see, in the words of aws-sdk-go-v2, on
// the server that the environment points at. Its tests share that server: each makes groups and
// keys of its own.
package conformance

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/test/wiretest"
)

// A world is a bucket and a group of a test's own.
type world struct {
	*wiretest.Clients
	t      *testing.T
	bucket string
	group  string
	table  string
}

// newWorld makes a bucket and a group with features id, at (String), n (Integral), x (Fractional) and s.
func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldOf(t)
}

// newWorldOf is newWorld with changes of the group.
func newWorldOf(t *testing.T, changes ...change) *world {
	t.Helper()
	w := newNames(t)
	if _, err := w.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &w.bucket}); err != nil {
		t.Fatal(err)
	}
	must(t, w.create(changes...))
	if offline := w.describe().OfflineStoreConfig; offline != nil && offline.DataCatalogConfig != nil {
		w.table = *offline.DataCatalogConfig.TableName
	}
	return w
}

func (w *world) createInput() *sagemaker.CreateFeatureGroupInput {
	return &sagemaker.CreateFeatureGroupInput{
		FeatureGroupName:            &w.group,
		RecordIdentifierFeatureName: aws.String("id"),
		EventTimeFeatureName:        aws.String("at"),
		FeatureDefinitions: []types.FeatureDefinition{
			feature("id", types.FeatureTypeString), feature("at", types.FeatureTypeString),
			feature("n", types.FeatureTypeIntegral), feature("x", types.FeatureTypeFractional), feature("s", types.FeatureTypeString),
		},
		OnlineStoreConfig: &types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true)},
		OfflineStoreConfig: &types.OfflineStoreConfig{
			S3StorageConfig: &types.S3StorageConfig{S3Uri: aws.String("s3://" + w.bucket + "/features/")},
		},
		RoleArn: aws.String("arn:aws:iam::123456789012:role/service-role/larder"),
	}
}

func (w *world) describe() *sagemaker.DescribeFeatureGroupOutput {
	w.t.Helper()
	got, err := w.SageMaker.DescribeFeatureGroup(w.t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: &w.group})
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// put puts a record given as feature, value, feature, value, …
func (w *world) put(pairs ...string) error {
	return w.putInput(&runtime.PutRecordInput{Record: record(pairs...)})
}

func (w *world) mustPut(pairs ...string) {
	w.t.Helper()
	if err := w.put(pairs...); err != nil {
		w.t.Fatal(err)
	}
}

// get returns the record as "feature=value" texts, nil if there is none.
func (w *world) get(id string, features ...string) []string {
	w.t.Helper()
	got, err := w.Runtime.GetRecord(w.t.Context(), &runtime.GetRecordInput{
		FeatureGroupName: &w.group, RecordIdentifierValueAsString: &id, FeatureNames: features})
	if err != nil {
		w.t.Fatal(err)
	}
	return texts(got.Record)
}

func texts(record []runtimetypes.FeatureValue) []string {
	var out []string
	for _, v := range record {
		if v.ValueAsStringList != nil {
			out = append(out, fmt.Sprintf("%s=%q", *v.FeatureName, v.ValueAsStringList))
			continue
		}
		out = append(out, *v.FeatureName+"="+*v.ValueAsString)
	}
	return out
}

func (w *world) sql(text string) [][]string {
	w.t.Helper()
	return w.SQL(w.t.Context(), w.t, strings.ReplaceAll(text, "$table", `"`+w.table+`"`), "s3://"+w.bucket+"/results/")
}

// code is the error code that the client saw.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return fmt.Sprint(err)
}

func expect(t *testing.T, what string, got, want any, options ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, options...); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestDescribeEchoesTheGroup(t *testing.T) {
	w := newWorld(t)
	got := w.describe()
	expect(t, "definitions", len(got.FeatureDefinitions), 5)
	expect(t, "status", got.FeatureGroupStatus, types.FeatureGroupStatusCreated)
	expect(t, "S3Uri", *got.OfflineStoreConfig.S3StorageConfig.S3Uri, "s3://"+w.bucket+"/features/")
	resolved := *got.OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri
	if !strings.HasPrefix(resolved, "s3://"+w.bucket+"/features/") || strings.Contains(resolved, "//sagemaker") ||
		!strings.HasSuffix(resolved, "/data") || !strings.Contains(resolved, "/offline-store/"+w.group+"-") {
		t.Errorf("ResolvedOutputS3Uri is %s", resolved)
	}
	if !strings.HasSuffix(*got.FeatureGroupArn, ":feature-group/"+w.group) {
		t.Errorf("FeatureGroupArn is %s", *got.FeatureGroupArn)
	}
	_, err := w.SageMaker.CreateFeatureGroup(t.Context(), w.createInput())
	expect(t, "create again", code(err), "ResourceInUse")
	byARN, err := w.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: got.FeatureGroupArn})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "by ARN", *byARN.FeatureGroupName, w.group)
}

// Rule 3.1-1, 3.1-3, 3.1-4, 3.1-5, 2.3-1.
func TestPutRecordEventTimesDecide(t *testing.T) {
	w := newWorld(t)
	w.mustPut("id", "a", "at", "2026-01-02T00:00:00Z", "n", "1", "x", "1.50", "s", "")
	expect(t, "first", w.get("a"), []string{"id=a", "at=2026-01-02T00:00:00Z", "n=1", "x=1.50", "s="})
	w.mustPut("id", "a", "at", "2026-01-01T00:00:00Z", "n", "2")
	expect(t, "older is ignored online", w.get("a", "n"), []string{"n=1"})
	w.mustPut("id", "a", "at", "2026-01-02T00:00:00.000Z", "n", "3")
	expect(t, "equal overwrites, and the others are null", w.get("a"), []string{"id=a", "at=2026-01-02T00:00:00.000Z", "n=3"})
	w.mustPut("id", "a", "at", "2026-01-02T02:00:00+02:00", "n", "4")
	expect(t, "the instant decides, not the text", w.get("a", "n"), []string{"n=4"})
	rows := w.sql(`SELECT n, x, s, is_deleted FROM $table WHERE id = 'a' ORDER BY write_time`)
	expect(t, "offline keeps all", rows, [][]string{{"n", "x", "s", "is_deleted"},
		{"1", "1.5", "", "false"}, {"2", "", "", "false"}, {"3", "", "", "false"}, {"4", "", "", "false"}})
}

func TestPutRecordByARNAndUnicode(t *testing.T) {
	w := newWorld(t)
	name := w.group
	w.group = *w.describe().FeatureGroupArn
	id, text := "søster & co/№1 +%", "línea\nuno, \"dos\" 🚲"
	w.mustPut("id", id, "at", "1700000000.25", "s", text)
	expect(t, "by ARN", w.get(id), []string{"id=" + id, "at=1700000000.25", "s=" + text})
	w.group = name
	expect(t, "in SQL", w.sql(`SELECT id, s FROM $table`), [][]string{{"id", "s"}, {id, text}})
}

// Rule 1.13-2, 3.2-4, 3.3-1, 3.3-2, 3.3-11, 3.3-12.
func TestPutRecordRefusesWhatBreaksARule(t *testing.T) {
	w := newWorld(t)
	const at = "2026-01-01T00:00:00Z"
	for name, record := range map[string][]string{
		"no identifier":         {"at", at, "n", "1"},
		"no event time":         {"id", "a", "n", "1"},
		"unknown feature":       {"id", "a", "at", at, "colour", "red"},
		"duplicate feature":     {"id", "a", "at", at, "n", "1", "n", "2"},
		"fraction as Integral":  {"id", "a", "at", at, "n", "1.0"},
		"Integral out of range": {"id", "a", "at", at, "n", "9223372036854775808"},
		"NaN as Fractional":     {"id", "a", "at", at, "x", "NaN"},
		"date without time":     {"id", "a", "at", "2026-01-01"},
		"time without zone":     {"id", "a", "at", "2026-01-01T00:00:00"},
		"identifier over 2 KB":  {"id", strings.Repeat("i", 2049), "at", at},
	} {
		t.Run(name, func(t *testing.T) { expect(t, "code", code(w.put(record...)), "ValidationError") })
	}
	if got := w.get("a"); got != nil {
		t.Errorf("a refused record is there: %v", got)
	}
	expect(t, "rows", w.sql(`SELECT count(*) FROM $table`), [][]string{{"_col0"}, {"0"}})
	missing := "no-such-group"
	_, err := w.Runtime.GetRecord(t.Context(), &runtime.GetRecordInput{FeatureGroupName: &missing, RecordIdentifierValueAsString: &missing})
	expect(t, "GetRecord of no group", code(err), "ResourceNotFound")
	w.group = missing
	expect(t, "PutRecord into no group", code(w.put("id", "a", "at", at)), "ValidationError")
}

// Rule 3.4-1, 3.4-5, 3.4-7, 3.4-8, 3.4-9.
func TestDeleteRecordSoftAndHard(t *testing.T) {
	w := newWorld(t)
	remove := func(id, at string, mode runtimetypes.DeletionMode) error {
		_, err := w.Runtime.DeleteRecord(t.Context(), &runtime.DeleteRecordInput{
			FeatureGroupName: &w.group, RecordIdentifierValueAsString: &id, EventTime: &at, DeletionMode: mode})
		return err
	}
	w.mustPut("id", "a", "at", "2026-01-02T00:00:00Z", "n", "1")
	if err := remove("a", "2026-01-03T00:00:00Z", ""); err != nil {
		t.Fatal(err)
	}
	expect(t, "after a soft delete", w.get("a"), []string(nil))
	w.mustPut("id", "a", "at", "2026-01-02T12:00:00Z", "n", "2")
	expect(t, "an older put stays hidden", w.get("a"), []string(nil))
	w.mustPut("id", "a", "at", "2026-01-04T00:00:00Z", "n", "3")
	expect(t, "a newer put shows", w.get("a", "n"), []string{"n=3"})
	expect(t, "hard delete with an older time", code(remove("a", "2026-01-01T00:00:00Z", runtimetypes.DeletionModeHardDelete)), "ValidationError")
	if err := remove("a", "2026-01-05T00:00:00Z", runtimetypes.DeletionModeHardDelete); err != nil {
		t.Fatal(err)
	}
	w.mustPut("id", "a", "at", "2025-01-01T00:00:00Z", "n", "4")
	expect(t, "after a hard delete any time is accepted", w.get("a", "n"), []string{"n=4"})
	expect(t, "markers", w.sql(`SELECT at, n FROM $table WHERE is_deleted ORDER BY at`),
		[][]string{{"at", "n"}, {"2026-01-03T00:00:00Z", ""}, {"2026-01-05T00:00:00Z", ""}})
}

// Rule 3.1-7.
func TestTargetStores(t *testing.T) {
	w := newWorld(t)
	put := func(store runtimetypes.TargetStore) {
		t.Helper()
		_, err := w.Runtime.PutRecord(t.Context(), &runtime.PutRecordInput{
			FeatureGroupName: &w.group, TargetStores: []runtimetypes.TargetStore{store},
			Record: []runtimetypes.FeatureValue{
				{FeatureName: aws.String("id"), ValueAsString: aws.String("a")},
				{FeatureName: aws.String("at"), ValueAsString: aws.String("2026-01-01T00:00:00Z")}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	put(runtimetypes.TargetStoreOfflineStore)
	expect(t, "offline only", w.get("a"), []string(nil))
	put(runtimetypes.TargetStoreOnlineStore)
	expect(t, "online", len(w.get("a")), 2)
	expect(t, "rows", w.sql(`SELECT count(*) AS n FROM $table`), [][]string{{"n"}, {"1"}})
}

// Rule 2.5-3, 2.5-5, 2.5-7.
func TestBatchGetRecord(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.mustPut("id", fmt.Sprint(i), "at", "2026-01-01T00:00:00Z", "n", fmt.Sprint(i*i))
	}
	missing := "no-such-group"
	got, err := w.Runtime.BatchGetRecord(t.Context(), &runtime.BatchGetRecordInput{Identifiers: []runtimetypes.BatchGetRecordIdentifier{
		{FeatureGroupName: &w.group, RecordIdentifiersValueAsString: []string{"3", "nobody", "1"}, FeatureNames: []string{"n"}},
		{FeatureGroupName: &missing, RecordIdentifiersValueAsString: []string{"x"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, r := range got.Records {
		found = append(found, *r.RecordIdentifierValueAsString+":"+strings.Join(texts(r.Record), ","))
	}
	expect(t, "records", found, []string{"3:n=9", "1:n=1"})
	if len(got.Errors) != 1 || *got.Errors[0].ErrorCode != "ResourceNotFound" || len(got.UnprocessedIdentifiers) != 0 {
		t.Errorf("errors %+v, unprocessed %+v", got.Errors, got.UnprocessedIdentifiers)
	}
}

// Rule 1.7-7.
func TestListFeatureGroupsPages(t *testing.T) {
	w := newWorld(t)
	prefix := w.group
	for i := range 3 {
		w.group = fmt.Sprintf("%s-%d", prefix, i)
		if _, err := w.SageMaker.CreateFeatureGroup(t.Context(), w.createInput()); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	pages := sagemaker.NewListFeatureGroupsPaginator(w.SageMaker, &sagemaker.ListFeatureGroupsInput{
		NameContains: &prefix, MaxResults: aws.Int32(2), SortBy: types.FeatureGroupSortByName, SortOrder: types.FeatureGroupSortOrderAscending})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range page.FeatureGroupSummaries {
			names = append(names, *g.FeatureGroupName)
		}
	}
	expect(t, "names", names, []string{prefix, prefix + "-0", prefix + "-1", prefix + "-2"})
}

// Rule 1.6-3.
func TestDeleteFeatureGroupKeepsTheTable(t *testing.T) {
	w := newWorld(t)
	w.mustPut("id", "a", "at", "2026-01-01T00:00:00Z", "n", "7")
	if _, err := w.SageMaker.DeleteFeatureGroup(t.Context(), &sagemaker.DeleteFeatureGroupInput{FeatureGroupName: &w.group}); err != nil {
		t.Fatal(err)
	}
	_, err := w.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: &w.group})
	expect(t, "describe", code(err), "ResourceNotFound")
	expect(t, "SQL still has the row", w.sql(`SELECT id, n FROM $table`), [][]string{{"id", "n"}, {"a", "7"}})
}

func TestWhoAmI(t *testing.T) {
	c := wiretest.FromEnvironment(t)
	got, err := c.STS.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(*got.Arn, "arn:aws:sts::"+*got.Account+":assumed-role/") {
		t.Errorf("Arn is %s", *got.Arn)
	}
}

// Rule 1.4-3, 1.4-4.
func TestGlueShowsTheTable(t *testing.T) {
	w := newWorld(t)
	got, err := w.Glue.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: aws.String("sagemaker_featurestore"), Name: &w.table})
	if err != nil {
		t.Fatal(err)
	}
	var columns []string
	for _, c := range got.Table.StorageDescriptor.Columns {
		columns = append(columns, *c.Name+" "+*c.Type)
	}
	expect(t, "columns", columns, []string{"id string", "at string", "n bigint", "x double", "s string",
		"write_time timestamp", "api_invocation_time timestamp", "is_deleted boolean"})
	expect(t, "location", *got.Table.StorageDescriptor.Location, *w.describe().OfflineStoreConfig.S3StorageConfig.ResolvedOutputS3Uri)
	_, err = w.Glue.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: aws.String("sagemaker_featurestore"), Name: aws.String("nothing")})
	expect(t, "no such table", code(err), "EntityNotFoundException")
}

// Rule 0.4-9.
func TestUnknownOperations(t *testing.T) {
	c := wiretest.FromEnvironment(t)
	_, err := c.SageMaker.ListModels(t.Context(), &sagemaker.ListModelsInput{})
	expect(t, "SageMaker", code(err), "UnknownOperationException")
	_, err = c.Athena.ListNotebookMetadata(t.Context(), &athena.ListNotebookMetadataInput{WorkGroup: aws.String("primary")})
	expect(t, "Athena", code(err), "UnknownOperationException")
}
