package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"

	"github.com/larder-dev/larder/test/wiretest"
)

// Rule 1.4-1, 1.4-3, 1.4-5, 1.4-11, 1.1-2.
func TestDescribeFeatureGroupSaysWhatWasGiven(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, func(in *sagemaker.CreateFeatureGroupInput) {
		in.Description = aws.String("what it is")
		in.Tags = []types.Tag{tag("team", "a")}
		in.OnlineStoreConfig.SecurityConfig = &types.OnlineStoreSecurityConfig{KmsKeyId: aws.String("alias/online")}
		in.OnlineStoreConfig.StorageType = types.StorageTypeStandardV2
		in.OnlineStoreConfig.TtlDuration = &types.TtlDuration{Unit: types.TtlDurationUnitHours, Value: aws.Int32(5)}
		in.OfflineStoreConfig.S3StorageConfig.KmsKeyId = aws.String("alias/offline")
		in.OfflineStoreConfig.TableFormat = types.TableFormatGlue
		in.ThroughputConfig = &types.ThroughputConfig{ThroughputMode: types.ThroughputModeProvisioned, ProvisionedReadCapacityUnits: aws.Int32(3), ProvisionedWriteCapacityUnits: aws.Int32(4)}
	})
	got := control(t, "DescribeFeatureGroup", fmt.Sprintf(`{"FeatureGroupName":%q}`, w.group)).object(t)
	created, _ := got["CreationTime"].(float64)
	arn, _ := got["FeatureGroupArn"].(string)
	parts := strings.Split(arn, ":")
	want := map[string]any{
		"FeatureGroupArn": arn, "FeatureGroupName": w.group, "RecordIdentifierFeatureName": "id", "EventTimeFeatureName": "at",
		"FeatureDefinitions": []any{
			map[string]any{"FeatureName": "id", "FeatureType": "String"}, map[string]any{"FeatureName": "at", "FeatureType": "String"},
			map[string]any{"FeatureName": "n", "FeatureType": "Integral"}, map[string]any{"FeatureName": "x", "FeatureType": "Fractional"},
			map[string]any{"FeatureName": "s", "FeatureType": "String"},
		},
		"CreationTime": created,
		"OnlineStoreConfig": map[string]any{
			"EnableOnlineStore": true, "StorageType": "Standard_V2", "SecurityConfig": map[string]any{"KmsKeyId": "alias/online"},
			"TtlDuration": map[string]any{"Unit": "Hours", "Value": 5.0},
		},
		"OfflineStoreConfig": map[string]any{
			"S3StorageConfig": map[string]any{
				"S3Uri": "s3://" + w.bucket + "/features/", "KmsKeyId": "alias/offline",
				"ResolvedOutputS3Uri": fmt.Sprintf("s3://%s/features/%s/sagemaker/%s/offline-store/%s-%d/data", w.bucket, parts[4], parts[3], w.group, int64(created)),
			},
			"DisableGlueTableCreation": false, "TableFormat": "Glue",
			"DataCatalogConfig": map[string]any{
				"Catalog": "AwsDataCatalog", "Database": "sagemaker_featurestore",
				"TableName": fmt.Sprintf("%s_%d", strings.ToLower(strings.ReplaceAll(w.group, "-", "_")), int64(created)),
			},
		},
		"ThroughputConfig":          map[string]any{"ThroughputMode": "Provisioned", "ProvisionedReadCapacityUnits": 3.0, "ProvisionedWriteCapacityUnits": 4.0},
		"RoleArn":                   "arn:aws:iam::123456789012:role/service-role/larder",
		"FeatureGroupStatus":        "Created",
		"OfflineStoreStatus":        map[string]any{"Status": "Active"},
		"Description":               "what it is",
		"OnlineStoreTotalSizeBytes": 0.0,
	}
	expect(t, "the reply", got, want)
	expect(t, "by ARN", control(t, "DescribeFeatureGroup", fmt.Sprintf(`{"FeatureGroupName":%q}`, arn)).object(t), want)
}

// Rule 1.4-2, 1.4-5, 1.4-6, 1.4-7, 1.4-9, 11-12, 11-40.
func TestDescribeFeatureGroupLeavesOutTheRest(t *testing.T) {
	t.Parallel()
	members := func(w *world) []string {
		var names []string
		for name := range control(t, "DescribeFeatureGroup", fmt.Sprintf(`{"FeatureGroupName":%q}`, w.group)).object(t) {
			names = append(names, name)
		}
		slices.Sort(names)
		return names
	}
	always := []string{
		"CreationTime", "EventTimeFeatureName", "FeatureDefinitions", "FeatureGroupArn", "FeatureGroupName", "FeatureGroupStatus",
		"OnlineStoreTotalSizeBytes", "RecordIdentifierFeatureName", "ThroughputConfig",
	}
	sorted := func(more ...string) []string { return slices.Sorted(slices.Values(append(more, always...))) }
	online := newOnline(t)
	expect(t, "online alone", members(online), sorted("OnlineStoreConfig"))
	got := online.describe()
	expect(t, "OnlineStoreConfig", *got.OnlineStoreConfig, types.OnlineStoreConfig{EnableOnlineStore: aws.Bool(true)}, ignoreSerde)
	expect(t, "ThroughputConfig", *got.ThroughputConfig, types.ThroughputConfigDescription{ThroughputMode: types.ThroughputModeOnDemand}, ignoreSerde)
	offline := newWorldOf(t, offlineOnly)
	expect(t, "offline alone", members(offline), sorted("OfflineStoreConfig", "OfflineStoreStatus", "RoleArn"))
	got = offline.describe()
	expect(t, "DisableGlueTableCreation", aws.ToBool(got.OfflineStoreConfig.DisableGlueTableCreation), false)
	expect(t, "TableFormat", got.OfflineStoreConfig.TableFormat, types.TableFormat(""))
}

// Rule 1.4-10, 1.1-2.
func TestDescribeFeatureGroupFindsNothing(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	arn := w.arn()
	parts := strings.Split(arn, ":")
	elsewhere := strings.Replace(arn, ":"+parts[3]+":", ":xx-none-9:", 1)
	for name, c := range map[string]struct{ ref, code string }{
		"no such name":                {w.group + "x", "ResourceNotFound"},
		"an ARN of another region":    {elsewhere, "ResourceNotFound"},
		"an ARN of another account":   {strings.Replace(arn, parts[4], "210987654321", 1), "ResourceNotFound"},
		"an ARN of no such name":      {arn + "x", "ResourceNotFound"},
		"an ARN of something else":    {strings.Replace(arn, "feature-group", "model", 1), "ValidationException"},
		"no name":                     {"a b", "ValidationException"},
		"a name of 257 characters":    {strings.Repeat("x", 257), "ValidationException"},
		"an ARN of 257 characters":    {"arn:aws" + strings.Repeat("-", 257-len(arn)) + strings.TrimPrefix(arn, "arn:aws"), "ValidationException"},
		"an ARN of no account at all": {strings.Replace(arn, parts[4], "", 1), "ValidationException"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: &c.ref})
			refused(t, err, c.code)
		})
	}
	long := "arn:aws" + strings.Repeat("-", 256-len(arn)) + strings.TrimPrefix(arn, "arn:aws")
	_, err := w.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: &long})
	must(t, err)
}

// Rule 1.6-1, 1.6-2, 1.6-3, 1.6-4, 1.6-6, 1.12-3.
func TestDeleteFeatureGroupForgetsRecordsAndKeepsRows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mustPut("id", "a", "at", noon, "n", "7")
	old := *w.describe().OfflineStoreConfig
	w.deleteGroup()
	id := "a"
	_, err := w.Runtime.GetRecord(t.Context(), &runtime.GetRecordInput{FeatureGroupName: &w.group, RecordIdentifierValueAsString: &id})
	refused(t, err, "ResourceNotFound")
	_, err = w.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: &w.group})
	refused(t, err, "ResourceNotFound")
	_, err = w.SageMaker.DeleteFeatureGroup(t.Context(), &sagemaker.DeleteFeatureGroupInput{FeatureGroupName: &w.group})
	refused(t, err, "ResourceNotFound")
	_, err = w.Glue.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: aws.String("sagemaker_featurestore"), Name: &w.table})
	must(t, err)
	expect(t, "rows", w.sql(`SELECT id, n FROM $table`), [][]string{{"id", "n"}, {"a", "7"}})
	objects, err := w.S3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: &w.bucket})
	must(t, err)
	if len(objects.Contents) == 0 {
		t.Error("the objects are gone")
	}
	must(t, w.create())
	again := w.describe().OfflineStoreConfig
	if *again.S3StorageConfig.ResolvedOutputS3Uri == *old.S3StorageConfig.ResolvedOutputS3Uri || *again.DataCatalogConfig.TableName == w.table {
		t.Errorf("the group of the same name is in the same place: %s", *again.S3StorageConfig.ResolvedOutputS3Uri)
	}
	expect(t, "its records", w.get("a"), []string(nil))
	w.table = *again.DataCatalogConfig.TableName
	expect(t, "its rows", w.rows("true"), "0")
}

// Rule 1.6-5, 11-13.
func TestDeleteFeatureGroupByARN(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	arn := w.arn()
	_, err := w.SageMaker.DeleteFeatureGroup(t.Context(), &sagemaker.DeleteFeatureGroupInput{FeatureGroupName: &arn})
	must(t, err)
	_, err = w.SageMaker.DescribeFeatureGroup(t.Context(), &sagemaker.DescribeFeatureGroupInput{FeatureGroupName: &w.group})
	refused(t, err, "ResourceNotFound")
}

// listed returns the names that a listing finds, in its order, without what the test has not made.
func (w *world) listed(in *sagemaker.ListFeatureGroupsInput) ([]string, error) {
	in.NameContains = &w.group
	names := []string{}
	pages := sagemaker.NewListFeatureGroupsPaginator(w.SageMaker, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.t.Context())
		if err != nil {
			return nil, err
		}
		for _, g := range page.FeatureGroupSummaries {
			names = append(names, strings.TrimPrefix(*g.FeatureGroupName, w.group))
		}
	}
	return names, nil
}

// newShelf makes five groups, a moment apart, of which one has failed and two are online alone:
// b, d, a, e, c.
func newShelf(t *testing.T) (w *world, between time.Time) {
	t.Helper()
	w = newWorldOf(t, rename("Unlisted-"+newNames(t).group))
	w.group = newNames(t).group
	for _, suffix := range []string{"b", "d", "a", "e", "c"} {
		one := &world{Clients: w.Clients, t: t, bucket: w.bucket, group: w.group + suffix}
		switch suffix {
		case "d", "e":
			must(t, one.create(onlineOnly))
		case "a": // its table is taken
			must(t, one.create(dataCatalog("AwsDataCatalog", "sagemaker_featurestore", w.table)))
			time.Sleep(20 * time.Millisecond) // creation times are told apart by milliseconds
			between = time.Now()
		default:
			must(t, one.create())
		}
		time.Sleep(20 * time.Millisecond)
	}
	return w, between
}

// Rule 1.7-1, 1.7-2, 1.7-3, 1.7-4, 1.7-5, 1.7-6, 1.7-7, 1.7-8.
func TestListFeatureGroups(t *testing.T) {
	t.Parallel()
	w, between := newShelf(t)
	cases := []struct {
		name string
		in   sagemaker.ListFeatureGroupsInput
		want []string
	}{
		{"newest first", sagemaker.ListFeatureGroupsInput{}, []string{"c", "e", "a", "d", "b"}},
		{"oldest first", sagemaker.ListFeatureGroupsInput{SortOrder: types.FeatureGroupSortOrderAscending}, []string{"b", "d", "a", "e", "c"}},
		{"by creation time", sagemaker.ListFeatureGroupsInput{SortBy: types.FeatureGroupSortByCreationTime}, []string{"c", "e", "a", "d", "b"}},
		{"by name", sagemaker.ListFeatureGroupsInput{SortBy: types.FeatureGroupSortByName, SortOrder: types.FeatureGroupSortOrderAscending}, []string{"a", "b", "c", "d", "e"}},
		{"by name, backwards", sagemaker.ListFeatureGroupsInput{SortBy: types.FeatureGroupSortByName}, []string{"e", "d", "c", "b", "a"}},
		{"that are Created", sagemaker.ListFeatureGroupsInput{FeatureGroupStatusEquals: types.FeatureGroupStatusCreated}, []string{"c", "e", "d", "b"}},
		{"that failed", sagemaker.ListFeatureGroupsInput{FeatureGroupStatusEquals: types.FeatureGroupStatusCreateFailed}, []string{"a"}},
		{"that are Deleting", sagemaker.ListFeatureGroupsInput{FeatureGroupStatusEquals: types.FeatureGroupStatusDeleting}, []string{}},
		{"after", sagemaker.ListFeatureGroupsInput{CreationTimeAfter: &between}, []string{"c", "e"}},
		{"before", sagemaker.ListFeatureGroupsInput{CreationTimeBefore: &between}, []string{"a", "d", "b"}},
		{"after and before", sagemaker.ListFeatureGroupsInput{CreationTimeAfter: &between, CreationTimeBefore: &between}, []string{}},
		{"pages of one", sagemaker.ListFeatureGroupsInput{MaxResults: aws.Int32(1)}, []string{"c", "e", "a", "d", "b"}},
		{"pages of two by name", sagemaker.ListFeatureGroupsInput{MaxResults: aws.Int32(2), SortBy: types.FeatureGroupSortByName}, []string{"e", "d", "c", "b", "a"}},
		{"pages of 100", sagemaker.ListFeatureGroupsInput{MaxResults: aws.Int32(100)}, []string{"c", "e", "a", "d", "b"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := w.listed(&c.in)
			must(t, err)
			expect(t, "names", got, c.want)
		})
	}
	t.Run("by offline status", func(t *testing.T) {
		for _, order := range []types.FeatureGroupSortOrder{types.FeatureGroupSortOrderAscending, types.FeatureGroupSortOrderDescending} {
			got, err := w.listed(&sagemaker.ListFeatureGroupsInput{SortBy: types.FeatureGroupSortByOfflineStoreStatus, SortOrder: order})
			must(t, err)
			b, d := slices.Index(got, "b"), slices.Index(got, "d") // d has none, which comes first
			if len(got) != 5 || (d < b) != (order == types.FeatureGroupSortOrderAscending) {
				t.Errorf("%s: %v", order, got)
			}
		}
		got, err := w.listed(&sagemaker.ListFeatureGroupsInput{OfflineStoreStatusEquals: types.OfflineStoreStatusValueActive, SortBy: types.FeatureGroupSortByName, SortOrder: types.FeatureGroupSortOrderAscending})
		must(t, err)
		expect(t, "Active", got, []string{"b", "c"})
		got, err = w.listed(&sagemaker.ListFeatureGroupsInput{OfflineStoreStatusEquals: types.OfflineStoreStatusValueBlocked})
		must(t, err)
		expect(t, "Blocked", got, []string{})
	})
	t.Run("by status", func(t *testing.T) {
		got, err := w.listed(&sagemaker.ListFeatureGroupsInput{SortBy: types.FeatureGroupSortByFeatureGroupStatus, SortOrder: types.FeatureGroupSortOrderAscending})
		must(t, err)
		expect(t, "the failed one is first", got[0], "a")
	})
	t.Run("a name in another case", func(t *testing.T) {
		other := &world{Clients: w.Clients, t: t, group: strings.ToLower(w.group)}
		got, err := other.listed(&sagemaker.ListFeatureGroupsInput{})
		must(t, err)
		expect(t, "names", got, []string{})
	})
	t.Run("a summary", func(t *testing.T) {
		for suffix, want := range map[string]string{"b": "OfflineStoreStatus", "d": ""} {
			name := w.group + suffix
			summaries := control(t, "ListFeatureGroups", fmt.Sprintf(`{"NameContains":%q}`, name)).object(t)
			summary := summaries["FeatureGroupSummaries"].([]any)[0].(map[string]any)
			_, offline := summary["OfflineStoreStatus"]
			if summary["FeatureGroupName"] != name || summary["FeatureGroupStatus"] != "Created" || summary["CreationTime"] == nil || summary["FeatureGroupArn"] == nil ||
				offline != (want != "") || summaries["NextToken"] != nil {
				t.Errorf("%v", summaries)
			}
		}
	})
}

// Rule 1.7-9.
func TestListFeatureGroupsRefuses(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no results":        `{"MaxResults":0}`,
		"101 results":       `{"MaxResults":101}`,
		"unknown order":     `{"SortOrder":"Up"}`,
		"unknown property":  `{"SortBy":"Age"}`,
		"unknown status":    `{"FeatureGroupStatusEquals":"Ready"}`,
		"unknown offline":   `{"OfflineStoreStatusEquals":"Ready"}`,
		"long text":         fmt.Sprintf(`{"NameContains":%q}`, strings.Repeat("x", 65)),
		"a token of nobody": `{"NextToken":"eyJ4Ijp0cnVlfQ"}`,
		"a long token":      fmt.Sprintf(`{"NextToken":%q}`, strings.Repeat("x", 8193)),
	} {
		t.Run(name, func(t *testing.T) {
			got := control(t, "ListFeatureGroups", body)
			if got.code() != "ValidationException" {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
}

// TestListFeatureGroupsFindsEverything counts on nothing but what it made itself.
// Rule 1.7-1, 3.8-1.
func TestListFeatureGroupsFindsEverything(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	var last time.Time
	found := false
	pages := sagemaker.NewListFeatureGroupsPaginator(wiretest.FromEnvironment(t).SageMaker, &sagemaker.ListFeatureGroupsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		must(t, err)
		for _, g := range page.FeatureGroupSummaries {
			if !last.IsZero() && g.CreationTime.After(last) {
				t.Fatalf("%s is newer than the one before it", *g.FeatureGroupName)
			}
			last = *g.CreationTime
			found = found || *g.FeatureGroupName == w.group
		}
	}
	if !found {
		t.Errorf("%s is not listed", w.group)
	}
}

// numbersOf reads a member of a JSON object that is a number.
func numbersOf(t *testing.T, object map[string]any, name string) float64 {
	t.Helper()
	n, ok := object[name].(float64)
	if !ok {
		text, _ := json.Marshal(object)
		t.Fatalf("%s is no number in %s", name, text)
	}
	return n
}
