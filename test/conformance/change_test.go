package conformance

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

type groupUpdate = sagemaker.UpdateFeatureGroupInput

// Rule 1.5-2, 1.5-6, 1.5-7, 1.5-14, 1.4-6, 1.4-8, 3.7-1, 12-9.
func TestFact09FeatureAdditionsAreThereWhenTheUpdateIsSettled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mustPut("id", "old", "at", noon, "n", "1")
	name := w.group
	w.group = w.arn()
	got, err := w.SageMaker.UpdateFeatureGroup(t.Context(), &groupUpdate{FeatureGroupName: &w.group, FeatureAdditions: []types.FeatureDefinition{feature("zip", "String"), feature("age", "Integral")}})
	must(t, err)
	expect(t, "ARN", *got.FeatureGroupArn, w.group)
	w.group = name
	w.mustUpdate(&groupUpdate{FeatureAdditions: []types.FeatureDefinition{feature("Last", "Fractional")}})
	described := w.describe()
	expect(t, "LastUpdateStatus", described.LastUpdateStatus.Status, types.LastUpdateStatusValueSuccessful)
	if described.LastModifiedTime == nil || described.LastModifiedTime.Before(*described.CreationTime) {
		t.Errorf("LastModifiedTime is %v", described.LastModifiedTime)
	}
	var names []string
	for _, d := range described.FeatureDefinitions {
		names = append(names, *d.FeatureName)
	}
	expect(t, "features", names, []string{"id", "at", "n", "x", "s", "zip", "age", "Last"})
	expect(t, "a record from before", w.get("old"), []string{"id=old", "at=" + noon, "n=1"})
	w.mustPut("id", "new", "at", noon, "zip", "8000", "age", "30")
	w.mustPut("id", "plain", "at", noon, "n", "2")
	expect(t, "a record with them", w.get("new"), []string{"id=new", "at=" + noon, "zip=8000", "age=30"})
	expect(t, "rows", w.sql(`SELECT id, n, zip, age + 1, last FROM $table ORDER BY id`)[1:],
		[][]string{{"new", "", "8000", "31", ""}, {"old", "1", "", "", ""}, {"plain", "2", "", "", ""}})
	table, err := w.Glue.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: aws.String("sagemaker_featurestore"), Name: &w.table})
	must(t, err)
	columns := map[string]string{}
	for _, c := range table.Table.StorageDescriptor.Columns {
		columns[*c.Name] = *c.Type
	}
	expect(t, "Glue columns", []string{columns["zip"], columns["age"], columns["last"]}, []string{"string", "bigint", "double"})
}

// Rule 3.7-2.
func TestOldFilesHaveNoValueForAnAddedFeature(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mustPut("id", "old", "at", noon, "n", "1")
	w.awaitFiles()
	w.mustUpdate(&groupUpdate{FeatureAdditions: []types.FeatureDefinition{feature("zip", "String")}})
	w.mustPut("id", "new", "at", noon, "zip", "8000")
	expect(t, "rows", w.sql(`SELECT id, n, zip, zip IS NULL FROM $table ORDER BY id`)[1:], [][]string{{"new", "", "8000", "false"}, {"old", "1", "", "true"}})
}

// Rule 1.5-1, 1.5-3, 1.5-4, 1.5-5, 1.5-13, 1.5-14, 11-33.
func TestUpdateFeatureGroupRefuses(t *testing.T) {
	t.Parallel()
	demand := &types.ThroughputConfigUpdate{ThroughputMode: types.ThroughputModeOnDemand}
	ttl := &types.OnlineStoreConfigUpdate{TtlDuration: &types.TtlDuration{Unit: types.TtlDurationUnitDays, Value: aws.Int32(1)}}
	add := func(d ...types.FeatureDefinition) groupUpdate { return groupUpdate{FeatureAdditions: d} }
	standard, offline := newWorld(t), newWorldOf(t, offlineOnly)
	memory := newOnline(t, storage(types.StorageTypeInMemory), define(vector("v", "Fractional", 2)))
	cases := []struct {
		name   string
		on     *world
		update groupUpdate
		says   string
	}{
		{"nothing", standard, groupUpdate{}, "exactly one"},
		{"features and a time to live", standard, groupUpdate{FeatureAdditions: numbered(1), OnlineStoreConfig: ttl}, "exactly one"},
		{"features and throughput", standard, groupUpdate{FeatureAdditions: numbered(1), ThroughputConfig: demand}, "exactly one"},
		{"all three", standard, groupUpdate{FeatureAdditions: numbered(1), ThroughputConfig: demand, OnlineStoreConfig: ttl}, "exactly one"},
		{"no features", standard, groupUpdate{FeatureAdditions: []types.FeatureDefinition{}}, "FeatureAdditions"},
		{"101 features", standard, groupUpdate{FeatureAdditions: numbered(101)}, "100"},
		{"a name that is there", standard, add(feature("n", "Integral")), `"n"`},
		{"a name that is there with another type", standard, add(feature("n", "String")), `"n"`},
		{"a name that is there in another case", standard, add(feature("N", "String")), "case"},
		{"a name twice", standard, add(feature("f", "String"), feature("f", "String")), `"f"`},
		{"a reserved name", standard, add(feature("Is_Deleted", "String")), "reserved"},
		{"a bad name", standard, add(feature("_x", "String")), "FeatureName"},
		{"a list", standard, add(collection("items", "String", types.CollectionTypeList)), "InMemory"},
		{"a second vector", memory, add(vector("w", "Fractional", 2)), "Vector"},
		{"a time to live of no online store", offline, groupUpdate{OnlineStoreConfig: ttl}, "online store"},
		{"nothing of an online store", standard, groupUpdate{OnlineStoreConfig: &types.OnlineStoreConfigUpdate{}}, "OnlineStoreConfig"},
		{"half a time to live", standard, groupUpdate{OnlineStoreConfig: &types.OnlineStoreConfigUpdate{TtlDuration: &types.TtlDuration{Unit: types.TtlDurationUnitDays}}}, "TtlDuration"},
		{"nothing of throughput", standard, groupUpdate{ThroughputConfig: &types.ThroughputConfigUpdate{}}, "ThroughputConfig"},
		{"units of on demand", standard, groupUpdate{ThroughputConfig: &types.ThroughputConfigUpdate{ProvisionedReadCapacityUnits: aws.Int32(1)}}, "OnDemand"},
		{"half of the units", standard, groupUpdate{ThroughputConfig: &types.ThroughputConfigUpdate{ThroughputMode: types.ThroughputModeProvisioned, ProvisionedReadCapacityUnits: aws.Int32(1)}}, "ProvisionedWriteCapacityUnits"},
		{"throughput in memory", memory, groupUpdate{ThroughputConfig: &types.ThroughputConfigUpdate{ThroughputMode: types.ThroughputModeProvisioned, ProvisionedReadCapacityUnits: aws.Int32(1), ProvisionedWriteCapacityUnits: aws.Int32(1)}}, "InMemory"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			refused(t, c.on.update(&c.update), "ValidationException", "Validation Error: ", c.says)
		})
	}
	if got := standard.describe(); len(got.FeatureDefinitions) != 5 || got.LastUpdateStatus != nil || got.LastModifiedTime != nil {
		t.Errorf("refused updates left their marks: %+v", got.LastUpdateStatus)
	}
	must(t, memory.update(&groupUpdate{FeatureAdditions: []types.FeatureDefinition{collection("items", "String", types.CollectionTypeList)}}))
	nobody := &world{Clients: standard.Clients, t: t, group: standard.group + "x"}
	refused(t, nobody.update(&groupUpdate{FeatureAdditions: numbered(1)}), "ResourceNotFound")
	full := newOnline(t, define(numbered(2495)...))
	refused(t, full.update(&groupUpdate{FeatureAdditions: []types.FeatureDefinition{feature("last", "String")}}), "ResourceLimitExceeded", "2500")
}

// Rule 1.5-8.
func TestATableOfTheUsersOwnIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	table := "own_" + strings.TrimPrefix(newNames(t).group, "Group-")
	w := newWorldOf(t, dataCatalog("AwsDataCatalog", "sagemaker_featurestore", table), disableTable)
	w.mustUpdate(&groupUpdate{FeatureAdditions: []types.FeatureDefinition{feature("zip", "String")}})
	expect(t, "status", w.describe().LastUpdateStatus.Status, types.LastUpdateStatusValueSuccessful)
	_, err := w.Glue.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: aws.String("sagemaker_featurestore"), Name: &table})
	refused(t, err, "EntityNotFoundException")
}

// Rule 1.5-9, 1.5-10, 3.5-3, 11-32.
func TestUpdateOfTheGroupsTimeToLive(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	now := time.Now().Truncate(time.Second)
	ttl := func(body string) {
		t.Helper()
		got := control(t, "UpdateFeatureGroup", fmt.Sprintf(`{"FeatureGroupName":%q,"OnlineStoreConfig":{"TtlDuration":%s}}`, w.group, body))
		if got.status != 200 {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	put := func(id string) { w.mustPut("id", id, "at", second(now)) }
	expires := func(id string) string { _, at := w.expiry(id); return aws.ToString(at) }
	put("before")
	ttl(`{"Unit":"Hours","Value":1}`)
	expect(t, "Describe", *w.describe().OnlineStoreConfig.TtlDuration.Value, int32(1))
	put("during")
	ttl(`{"Unit":"Days","Value":1}`)
	put("longer")
	ttl(`{}`)
	if got := w.describe().OnlineStoreConfig.TtlDuration; got != nil {
		t.Errorf("TtlDuration is %+v after its removal", *got)
	}
	put("after")
	ttl(`{"Unit":"Days","Value":1}`)
	ttl(`{"Unit":null,"Value":null}`)
	put("after nulls")
	for id, want := range map[string]string{
		"before": "", "during": second(now.Add(time.Hour)), "longer": second(now.Add(24 * time.Hour)), "after": "", "after nulls": "",
	} {
		expect(t, id, expires(id), want)
	}
}

// Rule 1.5-11, 2.8-1, 11-29.
func TestUpdateOfTheStorageType(t *testing.T) {
	t.Parallel()
	kind := func(to types.StorageType) *groupUpdate {
		return &groupUpdate{OnlineStoreConfig: &types.OnlineStoreConfigUpdate{StorageType: to}}
	}
	w := newOnline(t)
	w.mustPut("id", "a", "at", noon, "n", "1")
	change := &updateInput{RecordIdentifierValueAsString: aws.String("a"), Features: record("s", "new")}
	refused(t, w.updateRecord(change), "ValidationError", "Standard_V2")
	refused(t, w.update(kind(types.StorageTypeInMemory)), "ValidationException")
	must(t, w.update(kind(types.StorageTypeStandardV2)))
	expect(t, "Describe", w.describe().OnlineStoreConfig.StorageType, types.StorageTypeStandardV2)
	must(t, w.updateRecord(change))
	expect(t, "an item from before", w.get("a"), []string{"id=a", "at=" + noon, "n=1", "s=new"})
	refused(t, w.update(kind(types.StorageTypeStandard)), "ValidationException")
	memory := newOnline(t, storage(types.StorageTypeInMemory))
	refused(t, memory.update(kind(types.StorageTypeStandardV2)), "ValidationException")
}

// Rule 1.5-12, 12-11.
func TestFact11ThroughputGoesToOnDemandAndBack(t *testing.T) {
	t.Parallel()
	w := newOnline(t, throughput(types.ThroughputModeProvisioned, aws.Int32(10), aws.Int32(20)))
	change := func(mode types.ThroughputMode, read, write *int32) {
		t.Helper()
		w.mustUpdate(&groupUpdate{ThroughputConfig: &types.ThroughputConfigUpdate{ThroughputMode: mode, ProvisionedReadCapacityUnits: read, ProvisionedWriteCapacityUnits: write}})
		expect(t, "LastUpdateStatus", w.describe().LastUpdateStatus.Status, types.LastUpdateStatusValueSuccessful)
	}
	shown := func() string {
		c := w.describe().ThroughputConfig
		return fmt.Sprint(c.ThroughputMode, " ", aws.ToInt32(c.ProvisionedReadCapacityUnits), " ", aws.ToInt32(c.ProvisionedWriteCapacityUnits))
	}
	expect(t, "created", shown(), "Provisioned 10 20")
	change(types.ThroughputModeOnDemand, nil, nil)
	expect(t, "on demand", shown(), "OnDemand 0 0")
	change(types.ThroughputModeProvisioned, aws.Int32(30), aws.Int32(40))
	expect(t, "back", shown(), "Provisioned 30 40")
	change("", nil, aws.Int32(50))
	expect(t, "write units alone", shown(), "Provisioned 30 50")
}

// Rule 1.8-1, 1.8-2, 1.8-3, 1.8-4, 1.8-5.
func TestFeatureMetadata(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	time.Sleep(5 * time.Millisecond)
	w.mustUpdate(&groupUpdate{FeatureAdditions: []types.FeatureDefinition{feature("zip", "String")}})
	describe := func(name string) map[string]any {
		t.Helper()
		return control(t, "DescribeFeatureMetadata", fmt.Sprintf(`{"FeatureGroupName":%q,"FeatureName":%q}`, w.group, name)).object(t)
	}
	group := w.describe()
	got := describe("n")
	created := numbersOf(t, got, "CreationTime")
	expect(t, "a feature of the creation", got, map[string]any{
		"FeatureGroupArn": *group.FeatureGroupArn, "FeatureGroupName": w.group, "FeatureName": "n", "FeatureType": "Integral", "CreationTime": created, "LastModifiedTime": created,
	})
	if at := float64(group.CreationTime.UnixMilli()) / 1000; at != created {
		t.Errorf("CreationTime is %v, that of the group %v", created, at)
	}
	if later := numbersOf(t, describe("zip"), "CreationTime"); later <= created {
		t.Errorf("an added feature is from %v, the group from %v", later, created)
	}
	time.Sleep(5 * time.Millisecond)
	update := func(in sagemaker.UpdateFeatureMetadataInput) {
		t.Helper()
		in.FeatureGroupName, in.FeatureName = group.FeatureGroupArn, aws.String("n")
		_, err := w.SageMaker.UpdateFeatureMetadata(t.Context(), &in)
		must(t, err)
	}
	shown := func() string {
		t.Helper()
		got, err := w.SageMaker.DescribeFeatureMetadata(t.Context(), &sagemaker.DescribeFeatureMetadataInput{FeatureGroupName: &w.group, FeatureName: aws.String("n")})
		must(t, err)
		text := fmt.Sprintf("%q", aws.ToString(got.Description))
		for _, p := range got.Parameters {
			text += " " + *p.Key + "=" + *p.Value
		}
		return text
	}
	parameter := func(key, value string) types.FeatureParameter {
		return types.FeatureParameter{Key: &key, Value: &value}
	}
	update(sagemaker.UpdateFeatureMetadataInput{Description: aws.String(strings.Repeat("é", 255)), ParameterAdditions: []types.FeatureParameter{parameter("team", "a"), parameter("unit", "EUR")}})
	expect(t, "first", shown(), fmt.Sprintf("%q team=a unit=EUR", strings.Repeat("é", 255)))
	if got := describe("n"); numbersOf(t, got, "LastModifiedTime") <= created || numbersOf(t, got, "CreationTime") != created {
		t.Errorf("times are %v", got)
	}
	update(sagemaker.UpdateFeatureMetadataInput{Description: aws.String("short"), ParameterAdditions: []types.FeatureParameter{parameter("team", "b")}, ParameterRemovals: []string{"unit", "nothing"}})
	expect(t, "second", shown(), `"short" team=b`)
	update(sagemaker.UpdateFeatureMetadataInput{Description: aws.String("")})
	expect(t, "cleared", shown(), `"" team=b`)
	if _, there := describe("n")["Description"]; there {
		t.Error("a description that was cleared is shown")
	}
}

// Rule 1.8-4, 1.8-6, 1.8-7, 1.8-8, 1.8-9.
func TestFeatureMetadataRefuses(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	parameters := func(prefix string, n int) []types.FeatureParameter {
		out := make([]types.FeatureParameter, n)
		for i := range out {
			out[i] = types.FeatureParameter{Key: aws.String(fmt.Sprint(prefix, i)), Value: aws.String("v")}
		}
		return out
	}
	one := func(key, value string) []types.FeatureParameter {
		return []types.FeatureParameter{{Key: &key, Value: &value}}
	}
	name, nobody := "n", w.group+"x"
	must(t, justError(w.SageMaker.UpdateFeatureMetadata(t.Context(), &sagemaker.UpdateFeatureMetadataInput{FeatureGroupName: &w.group, FeatureName: &name, ParameterAdditions: parameters("p", 25)})))
	for _, c := range []struct {
		name string
		in   sagemaker.UpdateFeatureMetadataInput
		code string
	}{
		{"long description", sagemaker.UpdateFeatureMetadataInput{Description: aws.String(strings.Repeat("d", 256))}, "ValidationException"},
		{"26 additions", sagemaker.UpdateFeatureMetadataInput{ParameterAdditions: parameters("p", 26)}, "ValidationException"},
		{"26 in all", sagemaker.UpdateFeatureMetadataInput{ParameterAdditions: parameters("q", 1)}, "ValidationException"},
		{"26 removals", sagemaker.UpdateFeatureMetadataInput{ParameterRemovals: strings.Split(strings.Repeat("x ", 25)+"x", " ")}, "ValidationException"},
		{"added and removed", sagemaker.UpdateFeatureMetadataInput{ParameterAdditions: one("p1", "w"), ParameterRemovals: []string{"p1"}}, "ValidationException"},
		{"empty key", sagemaker.UpdateFeatureMetadataInput{ParameterAdditions: one("", "w")}, "ValidationException"},
		{"empty value", sagemaker.UpdateFeatureMetadataInput{ParameterAdditions: one("p1", "")}, "ValidationException"},
		{"key with an @", sagemaker.UpdateFeatureMetadataInput{ParameterAdditions: one("p@", "w")}, "ValidationException"},
		{"long value", sagemaker.UpdateFeatureMetadataInput{ParameterAdditions: one("p1", strings.Repeat("v", 256))}, "ValidationException"},
		{"unknown feature", sagemaker.UpdateFeatureMetadataInput{FeatureName: aws.String("N")}, "ResourceNotFound"},
		{"unknown group", sagemaker.UpdateFeatureMetadataInput{FeatureGroupName: &nobody}, "ResourceNotFound"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.in.FeatureGroupName == nil {
				c.in.FeatureGroupName = &w.group
			}
			if c.in.FeatureName == nil {
				c.in.FeatureName = &name
			}
			_, err := w.SageMaker.UpdateFeatureMetadata(t.Context(), &c.in)
			refused(t, err, c.code)
		})
	}
	got, err := w.SageMaker.DescribeFeatureMetadata(t.Context(), &sagemaker.DescribeFeatureMetadataInput{FeatureGroupName: &w.group, FeatureName: &name})
	must(t, err)
	expect(t, "parameters after refusals", len(got.Parameters), 25)
	_, err = w.SageMaker.DescribeFeatureMetadata(t.Context(), &sagemaker.DescribeFeatureMetadataInput{FeatureGroupName: &w.group, FeatureName: aws.String("N")})
	refused(t, err, "ResourceNotFound")
	_, err = w.SageMaker.DescribeFeatureMetadata(t.Context(), &sagemaker.DescribeFeatureMetadataInput{FeatureGroupName: &nobody, FeatureName: &name})
	refused(t, err, "ResourceNotFound")
}

// Rule 1.9-1, 1.9-2, 1.9-3, 1.9-7, 1.9-8.
func TestTags(t *testing.T) {
	t.Parallel()
	w := newOnline(t, tagged(tag("team", "a"), tag("stage", "test")))
	arn := w.arn()
	shown := func(arn string) map[string]string {
		t.Helper()
		got, err := w.SageMaker.ListTags(t.Context(), &sagemaker.ListTagsInput{ResourceArn: &arn, MaxResults: aws.Int32(50)})
		must(t, err)
		tags := map[string]string{}
		for _, tag := range got.Tags {
			tags[*tag.Key] = *tag.Value
		}
		if got.NextToken != nil {
			t.Errorf("NextToken is %q", *got.NextToken)
		}
		return tags
	}
	expect(t, "of the creation", shown(arn), map[string]string{"team": "a", "stage": "test"})
	_, err := w.SageMaker.AddTags(t.Context(), &sagemaker.AddTagsInput{ResourceArn: &arn, Tags: []types.Tag{tag("stage", "prod"), tag("Team", "")}})
	must(t, err)
	expect(t, "added", shown(arn), map[string]string{"team": "a", "stage": "prod", "Team": ""})
	expect(t, "by the ARN in lower case", shown(strings.ToLower(arn)), map[string]string{"team": "a", "stage": "prod", "Team": ""})
	_, err = w.SageMaker.DeleteTags(t.Context(), &sagemaker.DeleteTagsInput{ResourceArn: &arn, TagKeys: []string{"team", "nothing"}})
	must(t, err)
	expect(t, "deleted", shown(arn), map[string]string{"stage": "prod", "Team": ""})
	_, err = w.SageMaker.ListTags(t.Context(), &sagemaker.ListTagsInput{ResourceArn: &arn, MaxResults: aws.Int32(49)})
	refused(t, err, "ValidationException", "MaxResults")
}

// Rule 1.9-3, 1.9-4, 1.9-5, 1.9-6.
func TestTagsRefuses(t *testing.T) {
	t.Parallel()
	w := newOnline(t, tagged(numberedTags(49)...))
	arn := w.arn()
	add := func(arn string, tags ...types.Tag) error {
		return justError(w.SageMaker.AddTags(t.Context(), &sagemaker.AddTagsInput{ResourceArn: &arn, Tags: tags}))
	}
	remove := func(arn string, keys ...string) error {
		if keys == nil {
			keys = []string{}
		}
		return justError(w.SageMaker.DeleteTags(t.Context(), &sagemaker.DeleteTagsInput{ResourceArn: &arn, TagKeys: keys}))
	}
	many := make([]string, 51)
	for i := range many {
		many[i] = fmt.Sprint("key", i)
	}
	for name, err := range map[string]error{
		"beyond 50":         add(arn, tag("a", ""), tag("b", "")),
		"a key of AWS":      add(arn, tag("AWS:x", "")),
		"a key twice":       add(arn, tag("a", "1"), tag("a", "2")),
		"a bad key":         add(arn, tag("a*", "")),
		"an unknown group":  add(arn+"x", tag("a", "")),
		"no ARN":            add(w.group, tag("a", "")),
		"another resource":  add(strings.Replace(arn, "feature-group", "model", 1), tag("a", "")),
		"no keys":           remove(arn),
		"51 keys":           remove(arn, many...),
		"of no group":       remove(arn+"x", "a"),
		"list of no group":  justError(w.SageMaker.ListTags(t.Context(), &sagemaker.ListTagsInput{ResourceArn: aws.String(arn + "x")})),
		"list of no ARN":    justError(w.SageMaker.ListTags(t.Context(), &sagemaker.ListTagsInput{ResourceArn: aws.String("here")})),
		"a token of nobody": justError(w.SageMaker.ListTags(t.Context(), &sagemaker.ListTagsInput{ResourceArn: &arn, NextToken: aws.String("x")})),
	} {
		t.Run(name, func(t *testing.T) { refused(t, err, "ValidationException", "Validation Error: ") })
	}
	must(t, add(arn, tag("a", "")))
	got, err := w.SageMaker.ListTags(t.Context(), &sagemaker.ListTagsInput{ResourceArn: &arn})
	must(t, err)
	expect(t, "tags", len(got.Tags), 50)
}

// justError drops what a call answered.
func justError[T any](_ T, err error) error { return err }

// Rule 12-10, 1.8-10.
func TestFact10MetadataIsDescribedSearchedAndListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	name, word := "n", "w"+strings.TrimPrefix(w.group, "Group-")
	must(t, justError(w.SageMaker.UpdateFeatureMetadata(t.Context(), &sagemaker.UpdateFeatureMetadataInput{FeatureGroupName: &w.group, FeatureName: &name, Description: &word,
		ParameterAdditions: []types.FeatureParameter{{Key: aws.String("team"), Value: aws.String("a")}, {Key: aws.String("unit"), Value: aws.String("EUR")}}})))
	must(t, justError(w.SageMaker.UpdateFeatureMetadata(t.Context(), &sagemaker.UpdateFeatureMetadataInput{FeatureGroupName: &w.group, FeatureName: &name, ParameterRemovals: []string{"unit"}})))
	got, err := w.SageMaker.DescribeFeatureMetadata(t.Context(), &sagemaker.DescribeFeatureMetadataInput{FeatureGroupName: &w.group, FeatureName: &name})
	must(t, err)
	if *got.Description != word || len(got.Parameters) != 1 || *got.Parameters[0].Key != "team" {
		t.Errorf("described as %q, %v", *got.Description, got.Parameters)
	}
	expect(t, "the feature", w.search(types.ResourceTypeFeatureMetadata, filter("Description", types.OperatorContains, word)), []string{w.group + "/n"})
	expect(t, "the group", w.search(types.ResourceTypeFeatureGroup, filter("FeatureGroupName", "", w.group)), []string{w.group})
	listed, err := w.listed(&sagemaker.ListFeatureGroupsInput{})
	must(t, err)
	expect(t, "listed", listed, []string{""})
}
