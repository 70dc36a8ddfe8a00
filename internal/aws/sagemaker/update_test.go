package sagemaker_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each call of an update is followed by what Describe then says of the group.
func TestUpdateFeatureGroup(t *testing.T) {
	const provisioned = `'ThroughputConfig':{'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':10,'ProvisionedWriteCapacityUnits':20}`
	type step struct{ update, member, want string }
	cases := map[string]struct {
		given string
		steps []step
	}{
		"time to live": {online, []step{
			{`'OnlineStoreConfig':{'TtlDuration':{'Unit':'Seconds','Value':40}}`, "OnlineStoreConfig", `{'EnableOnlineStore':true,'TtlDuration':{'Unit':'Seconds','Value':40}}`},
			{`'OnlineStoreConfig':{'TtlDuration':{'Unit':'Weeks','Value':2},'StorageType':null}`, "OnlineStoreConfig", `{'EnableOnlineStore':true,'TtlDuration':{'Unit':'Weeks','Value':2}}`},
			{`'OnlineStoreConfig':{'TtlDuration':{}}`, "OnlineStoreConfig", `{'EnableOnlineStore':true}`},
			{`'OnlineStoreConfig':{'TtlDuration':{'Unit':'Days','Value':1}}`, "OnlineStoreConfig", `{'EnableOnlineStore':true,'TtlDuration':{'Unit':'Days','Value':1}}`},
			{`'OnlineStoreConfig':{'TtlDuration':{'Unit':null,'Value':null}}`, "OnlineStoreConfig", `{'EnableOnlineStore':true}`},
		}},
		"storage type": {online, []step{
			{`'OnlineStoreConfig':{'StorageType':'Standard_V2'}`, "OnlineStoreConfig", `{'EnableOnlineStore':true,'StorageType':'Standard_V2'}`},
			{`'OnlineStoreConfig':{'StorageType':'Standard_V2','TtlDuration':{'Unit':'Days','Value':1}}`, "OnlineStoreConfig", `{'EnableOnlineStore':true,'StorageType':'Standard_V2','TtlDuration':{'Unit':'Days','Value':1}}`},
		}},
		"throughput": {online, []step{
			{provisioned, "ThroughputConfig", `{'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':10,'ProvisionedWriteCapacityUnits':20}`},
			{`'ThroughputConfig':{'ProvisionedWriteCapacityUnits':0}`, "ThroughputConfig", `{'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':10,'ProvisionedWriteCapacityUnits':0}`},
			{`'ThroughputConfig':{'ThroughputMode':'OnDemand'}`, "ThroughputConfig", `{'ThroughputMode':'OnDemand'}`},
		}},
		"throughput as Terraform sends it": {online + "," + provisioned, []step{
			{`'ThroughputConfig':{'ThroughputMode':'OnDemand','ProvisionedReadCapacityUnits':0,'ProvisionedWriteCapacityUnits':0}`, "ThroughputConfig", `{'ThroughputMode':'OnDemand'}`},
		}},
		"features": {`'RoleArn':'` + role + `','OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake'}}`, []step{
			{`'FeatureAdditions':[{'FeatureName':'b','FeatureType':'Integral'},{'FeatureName':'a','FeatureType':'String'}]`, "FeatureDefinitions", `{'':[` + keyed + `,{'FeatureName':'b','FeatureType':'Integral'},{'FeatureName':'a','FeatureType':'String'}]}`},
			{`'FeatureAdditions':[{'FeatureName':'c','FeatureType':'Fractional'}],'OnlineStoreConfig':null`, "FeatureDefinitions", `{'':[` + keyed + `,{'FeatureName':'b','FeatureType':'Integral'},{'FeatureName':'a','FeatureType':'String'},{'FeatureName':'c','FeatureType':'Fractional'}]}`},
		}},
		"collections": {`'OnlineStoreConfig':{'EnableOnlineStore':true,'StorageType':'InMemory'}`, []step{
			{`'FeatureAdditions':[{'FeatureName':'v','FeatureType':'Fractional','CollectionType':'Vector','CollectionConfig':{'VectorConfig':{'Dimension':1}}}]`, "FeatureDefinitions", `{'':[` + keyed + `,{'FeatureName':'v','FeatureType':'Fractional','CollectionType':'Vector','CollectionConfig':{'VectorConfig':{'Dimension':1}}}]}`},
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.must("CreateFeatureGroup", toJSON(t, tree(t, `{'FeatureGroupName':'g',`+keys+`,`+c.given+`}`)))
			if got := w.describe("LastModifiedTime", "LastUpdateStatus"); len(got) != 0 {
				t.Errorf("before the first update: %v", got)
			}
			for i, s := range c.steps {
				got := w.must("UpdateFeatureGroup", toJSON(t, tree(t, `{'FeatureGroupName':'`+[]string{"g", arn + "g"}[i%2]+`',`+s.update+`}`)))
				if diff := cmp.Diff(map[string]any{"FeatureGroupArn": arn + "g"}, got); diff != "" {
					t.Errorf("UpdateFeatureGroup (-want +got):\n%s", diff)
				}
				want := map[string]any{
					s.member: tree(t, s.want), "LastUpdateStatus": map[string]any{"Status": "Successful"},
					"FeatureGroupStatus": "Created", "CreationTime": 1700000000.123, "LastModifiedTime": 1700000001.123 + float64(i),
				}
				if list := want[s.member].(map[string]any)[""]; list != nil {
					want[s.member] = list
				}
				if diff := cmp.Diff(want, w.describe(s.member, "LastUpdateStatus", "FeatureGroupStatus", "CreationTime", "LastModifiedTime")); diff != "" {
					t.Errorf("after %s (-want +got):\n%s", s.update, diff)
				}
			}
		})
	}
}

// keyed are the definitions of keys.
const keyed = `{'FeatureName':'id','FeatureType':'String'},{'FeatureName':'at','FeatureType':'Fractional'}`

func TestUpdateFeatureGroupRefuses(t *testing.T) {
	w := newWorld(t)
	create := func(name, members string) {
		t.Helper()
		w.must("CreateFeatureGroup", toJSON(t, tree(t, `{'FeatureGroupName':'`+name+`',`+keys+`,`+members+`}`)))
	}
	create("g", `'OnlineStoreConfig':{'EnableOnlineStore':true}`)
	create("v2", `'OnlineStoreConfig':{'EnableOnlineStore':true,'StorageType':'Standard_V2'}`)
	create("memory", `'OnlineStoreConfig':{'EnableOnlineStore':true,'StorageType':'InMemory'}`)
	create("offline", `'RoleArn':'`+role+`','OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake'}}`)
	before := w.describe()
	add := func(definitions string) string { return `'FeatureAdditions':[` + definitions + `]` }
	cases := []struct{ name, group, update, code, says string }{
		{"no group", "none", add(`{'FeatureName':'x','FeatureType':'String'}`), "ResourceNotFound", "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name [none]"},
		{"bad group", "g_", add(`{'FeatureName':'x','FeatureType':'String'}`), invalid, "feature group name"},
		{"nothing", "g", `'FeatureAdditions':null`, invalid, "exactly one"},
		{"additions and throughput", "g", add(`{'FeatureName':'x','FeatureType':'String'}`) + `,'ThroughputConfig':{'ThroughputMode':'OnDemand'}`, invalid, "exactly one"},
		{"online store and throughput", "g", `'OnlineStoreConfig':{'TtlDuration':{}},'ThroughputConfig':{'ThroughputMode':'OnDemand'}`, invalid, "exactly one"},

		{"no features", "g", add(""), invalid, "1 to 100"},
		{"101 features", "g", add(listed(101, `{'FeatureName':'f%d','FeatureType':'String'}`)), invalid, "1 to 100"},
		{"a feature that is there", "g", add(`{'FeatureName':'at','FeatureType':'Fractional'}`), invalid, "twice"},
		{"a feature twice", "g", add(`{'FeatureName':'x','FeatureType':'String'},{'FeatureName':'x','FeatureType':'String'}`), invalid, "twice"},
		{"a feature in another case, offline", "offline", add(`{'FeatureName':'AT','FeatureType':'String'}`), invalid, "differ only in case"},
		{"a reserved name", "g", add(`{'FeatureName':'is_deleted','FeatureType':'String'}`), invalid, "reserved"},
		{"no type", "g", add(`{'FeatureName':'x'}`), invalid, "FeatureType of the feature x is missing"},
		{"a collection of a Standard group", "g", add(`{'FeatureName':'x','FeatureType':'String','CollectionType':'Set'}`), invalid, "InMemory"},

		{"empty online store", "g", `'OnlineStoreConfig':{}`, invalid, "neither TtlDuration nor StorageType"},
		{"online store that is not there", "offline", `'OnlineStoreConfig':{'TtlDuration':{}}`, invalid, "no online store"},
		{"unit without value", "g", `'OnlineStoreConfig':{'TtlDuration':{'Unit':'Days','Value':null}}`, invalid, "come together"},
		{"value 0", "g", `'OnlineStoreConfig':{'TtlDuration':{'Unit':'Days','Value':0}}`, invalid, "must be 1 to"},
		{"unknown storage", "g", `'OnlineStoreConfig':{'StorageType':'Disk'}`, invalid, "is not one of"},
		{"into memory", "g", `'OnlineStoreConfig':{'StorageType':'InMemory'}`, invalid, "cannot become"},
		{"back", "v2", `'OnlineStoreConfig':{'StorageType':'Standard'}`, invalid, "cannot become"},
		{"out of memory", "memory", `'OnlineStoreConfig':{'StorageType':'Standard_V2'}`, invalid, "cannot become"},

		{"empty throughput", "g", `'ThroughputConfig':{}`, invalid, "empty"},
		{"unknown mode", "g", `'ThroughputConfig':{'ThroughputMode':'Fast'}`, invalid, "is not one of"},
		{"units on demand", "g", `'ThroughputConfig':{'ProvisionedReadCapacityUnits':1}`, invalid, "OnDemand"},
		{"no read units", "g", `'ThroughputConfig':{'ThroughputMode':'Provisioned','ProvisionedWriteCapacityUnits':1}`, invalid, "ProvisionedReadCapacityUnits"},
		{"too many units", "g", `'ThroughputConfig':{'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':10000001,'ProvisionedWriteCapacityUnits':1}`, invalid, "10000000"},
		{"provisioned in memory", "memory", `'ThroughputConfig':{'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':1,'ProvisionedWriteCapacityUnits':1}`, invalid, "InMemory"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			defer w.within(t)()
			w.refused("UpdateFeatureGroup", toJSON(t, tree(t, `{'FeatureGroupName':'`+c.group+`',`+c.update+`}`)), c.code, c.says)
		})
	}
	w.refused("UpdateFeatureGroup", `{"ThroughputConfig":{}}`, invalid, "FeatureGroupName is missing")
	if diff := cmp.Diff(before, w.describe()); diff != "" {
		t.Errorf("refusals changed the group (-before +after):\n%s", diff)
	}
}
