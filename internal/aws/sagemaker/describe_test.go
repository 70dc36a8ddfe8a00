package sagemaker_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/featurestore"
)

const resolved = "s3://lake/fs/123456789012/sagemaker/us-east-1/offline-store/My-Group-1700000000/data"

func TestDescribeFeatureGroupHasItsMembersInTheirOrder(t *testing.T) {
	const head = `"FeatureGroupArn":"` + arn + `My-Group","FeatureGroupName":"My-Group","RecordIdentifierFeatureName":"id","EventTimeFeatureName":"at",` +
		`"FeatureDefinitions":[{"FeatureName":"id","FeatureType":"String"},{"FeatureName":"at","FeatureType":"Fractional"}],"CreationTime":1700000000.123,`
	const throughput = `"ThroughputConfig":{"ThroughputMode":"OnDemand"},`
	const catalog = `"DataCatalogConfig":{"TableName":"my_group_1700000000","Catalog":"AwsDataCatalog","Database":"sagemaker_featurestore"}`
	const uris = `"S3Uri":"s3://lake/fs/","ResolvedOutputS3Uri":"` + resolved + `"`
	cases := []struct{ name, given, want string }{
		{
			"online alone", `"OnlineStoreConfig":{"EnableOnlineStore":true}`,
			head + `"OnlineStoreConfig":{"EnableOnlineStore":true},` + throughput + `"FeatureGroupStatus":"Created","OnlineStoreTotalSizeBytes":0`,
		},
		{
			"both stores",
			`"OnlineStoreConfig":{"EnableOnlineStore":true},"OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://lake/fs/"}},"RoleArn":"` + role + `","Description":"All of them"`,
			head + `"OnlineStoreConfig":{"EnableOnlineStore":true},"OfflineStoreConfig":{"S3StorageConfig":{` + uris + `},"DisableGlueTableCreation":false,` + catalog + `},` +
				throughput + `"RoleArn":"` + role + `","FeatureGroupStatus":"Created","OfflineStoreStatus":{"Status":"Active"},"Description":"All of them","OnlineStoreTotalSizeBytes":0`,
		},
		{
			"everything that can be given",
			`"OnlineStoreConfig":{"EnableOnlineStore":true,"SecurityConfig":{"KmsKeyId":"k1"},"StorageType":"Standard","TtlDuration":null},"OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://lake/fs/","KmsKeyId":"k2","ResolvedOutputS3Uri":"s3://x"},` +
				`"DisableGlueTableCreation":false,"TableFormat":"Glue","DataCatalogConfig":{"TableName":"t","Catalog":"AwsDataCatalog","Database":"d"}},"ThroughputConfig":{"ThroughputMode":"OnDemand"},"RoleArn":"` + role + `","Tags":[{"Key":"team","Value":""}],"Unknown":1`,
			head + `"OnlineStoreConfig":{"SecurityConfig":{"KmsKeyId":"k1"},"EnableOnlineStore":true,"StorageType":"Standard"},"OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://lake/fs/","KmsKeyId":"k2","ResolvedOutputS3Uri":"` + resolved + `"},` +
				`"DisableGlueTableCreation":false,"DataCatalogConfig":{"TableName":"t","Catalog":"AwsDataCatalog","Database":"d"},"TableFormat":"Glue"},` + throughput + `"RoleArn":"` + role + `","FeatureGroupStatus":"Created","OfflineStoreStatus":{"Status":"Active"},"OnlineStoreTotalSizeBytes":0`,
		},
		{
			"offline alone without a table",
			`"OnlineStoreConfig":{"EnableOnlineStore":false},"OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://lake/fs/"},"DisableGlueTableCreation":true},"RoleArn":"` + role + `"`,
			head + `"OnlineStoreConfig":{"EnableOnlineStore":false},"OfflineStoreConfig":{"S3StorageConfig":{` + uris + `},"DisableGlueTableCreation":true},` +
				throughput + `"RoleArn":"` + role + `","FeatureGroupStatus":"Created","OfflineStoreStatus":{"Status":"Active"},"OnlineStoreTotalSizeBytes":0`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			status, _, reply := w.raw("CreateFeatureGroup", `{"FeatureGroupName":"My-Group",`+keys+`,`+c.given+`}`)
			if want := `{"FeatureGroupArn":"` + arn + `My-Group"}`; status != 200 || reply != want {
				t.Fatalf("CreateFeatureGroup = %d %s; want %s", status, reply, want)
			}
			_, _, reply = w.raw("DescribeFeatureGroup", `{"FeatureGroupName":"My-Group"}`)
			if diff := cmp.Diff("{"+c.want+"}", reply); diff != "" {
				t.Errorf("DescribeFeatureGroup (-want +got):\n%s", diff)
			}
		})
	}
}

// described is what Describe says of a group that was made at the start of the world: what was given,
// and what contract §1.4 adds to it.
func described(given map[string]any) map[string]any {
	want := maps.Clone(given)
	delete(want, "Tags")
	name := given["FeatureGroupName"].(string)
	want["FeatureGroupArn"], want["CreationTime"] = arn+name, 1700000000.123
	want["FeatureGroupStatus"], want["OnlineStoreTotalSizeBytes"] = "Created", 0.0
	if want["ThroughputConfig"] == nil {
		want["ThroughputConfig"] = map[string]any{"ThroughputMode": "OnDemand"}
	}
	if o, ok := want["OnlineStoreConfig"].(map[string]any); ok && o["EnableOnlineStore"] == nil {
		o["EnableOnlineStore"] = false
	}
	o, ok := want["OfflineStoreConfig"].(map[string]any)
	if !ok {
		return want
	}
	want["OfflineStoreStatus"] = map[string]any{"Status": "Active"}
	if o["DisableGlueTableCreation"] == nil {
		o["DisableGlueTableCreation"] = false
	}
	if o["DataCatalogConfig"] == nil && o["DisableGlueTableCreation"] == false {
		o["DataCatalogConfig"] = map[string]any{"TableName": name + "_1700000000", "Catalog": "AwsDataCatalog", "Database": "sagemaker_featurestore"}
	}
	s3 := o["S3StorageConfig"].(map[string]any)
	s3["ResolvedOutputS3Uri"] = strings.TrimRight(s3["S3Uri"].(string), "/") + "/123456789012/sagemaker/us-east-1/offline-store/" + name + "-1700000000/data"
	return want
}

// echoes are inputs that make a group, without their keys. Each is described as it was given: a client
// that compares what it asked for with what it reads (Terraform) finds no difference.
var echoes = map[string]string{
	"online":                        `'OnlineStoreConfig':{'EnableOnlineStore':true}`,
	"online with a role":            `'OnlineStoreConfig':{'EnableOnlineStore':true},'RoleArn':'ROLE'`,
	"Standard":                      `'OnlineStoreConfig':{'EnableOnlineStore':true,'StorageType':'Standard'}`,
	"Standard_V2":                   `'OnlineStoreConfig':{'EnableOnlineStore':true,'StorageType':'Standard_V2'}`,
	"InMemory":                      `'OnlineStoreConfig':{'EnableOnlineStore':true,'StorageType':'InMemory'}`,
	"key":                           `'OnlineStoreConfig':{'EnableOnlineStore':true,'SecurityConfig':{'KmsKeyId':'arn:aws:kms:us-east-1:123456789012:key/1'}}`,
	"seconds to live":               `'OnlineStoreConfig':{'EnableOnlineStore':true,'TtlDuration':{'Unit':'Seconds','Value':2147483647}}`,
	"minutes to live":               `'OnlineStoreConfig':{'EnableOnlineStore':true,'TtlDuration':{'Unit':'Minutes','Value':1}}`,
	"hours to live":                 `'OnlineStoreConfig':{'EnableOnlineStore':true,'TtlDuration':{'Unit':'Hours','Value':36}}`,
	"days to live":                  `'OnlineStoreConfig':{'EnableOnlineStore':true,'TtlDuration':{'Unit':'Days','Value':7}}`,
	"weeks to live":                 `'OnlineStoreConfig':{'EnableOnlineStore':true,'TtlDuration':{'Unit':'Weeks','Value':1}}`,
	"on demand":                     `'OnlineStoreConfig':{'EnableOnlineStore':true},'ThroughputConfig':{'ThroughputMode':'OnDemand'}`,
	"provisioned":                   `'OnlineStoreConfig':{'EnableOnlineStore':true},'ThroughputConfig':{'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':10000000,'ProvisionedWriteCapacityUnits':0}`,
	"provisioned, offline":          `OFFLINE,'ThroughputConfig':{'ThroughputMode':'Provisioned','ProvisionedWriteCapacityUnits':10}`,
	"provisioned, offline, reading": `OFFLINE,'ThroughputConfig':{'ThroughputMode':'Provisioned','ProvisionedReadCapacityUnits':0,'ProvisionedWriteCapacityUnits':10}`,
	"offline":                       `OFFLINE`,
	"online switched off":           `OFFLINE,'OnlineStoreConfig':{'EnableOnlineStore':false}`,
	"online said nothing of":        `OFFLINE,'OnlineStoreConfig':{}`,
	"online described and off":      `OFFLINE,'OnlineStoreConfig':{'EnableOnlineStore':false,'StorageType':'Standard','SecurityConfig':{'KmsKeyId':'k'}}`,
	"both":                          `OFFLINE,'OnlineStoreConfig':{'EnableOnlineStore':true}`,
	"both, at length":               `OFFLINE,'OnlineStoreConfig':{'EnableOnlineStore':true,'StorageType':'Standard_V2','TtlDuration':{'Unit':'Days','Value':1}},'Description':'all of them','Tags':[{'Key':'team','Value':'a'}]`,
	"Terraform's offline store":     `'RoleArn':'ROLE','OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake/prefix/'},'DisableGlueTableCreation':false,'TableFormat':'Glue'}`,
	"no table":                      `'RoleArn':'ROLE','OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake'},'DisableGlueTableCreation':true,'TableFormat':'Glue'}`,
	"somebody's table":              `'RoleArn':'ROLE','OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake'},'DisableGlueTableCreation':true,'DataCatalogConfig':{'TableName':'t','Catalog':'123456789012','Database':'d'}}`,
	"a table of a given name":       `'RoleArn':'ROLE','OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake/a/b//'},'DataCatalogConfig':{'TableName':'t','Catalog':'AwsDataCatalog','Database':'d'}}`,
	"default format":                `'RoleArn':'ROLE','OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake','KmsKeyId':'k'},'TableFormat':'Default'}`,
	"collections": `'OnlineStoreConfig':{'EnableOnlineStore':true,'StorageType':'InMemory'},'FeatureDefinitions':[{'FeatureName':'id','FeatureType':'Fractional'},{'FeatureName':'at','FeatureType':'String'},` +
		`{'FeatureName':'l','FeatureType':'String','CollectionType':'List'},{'FeatureName':'s','FeatureType':'Integral','CollectionType':'Set'},{'FeatureName':'v','FeatureType':'Fractional','CollectionType':'Vector','CollectionConfig':{'VectorConfig':{'Dimension':8192}}}]`,
	"one feature for both keys": `'OnlineStoreConfig':{'EnableOnlineStore':true},'EventTimeFeatureName':'id','FeatureDefinitions':[{'FeatureName':'id','FeatureType':'String'}]`,
	"names of dates":            `OFFLINE,'FeatureDefinitions':[{'FeatureName':'at','FeatureType':'String'},{'FeatureName':'year','FeatureType':'Integral'},{'FeatureName':'month','FeatureType':'Integral'},{'FeatureName':'day','FeatureType':'Integral'},{'FeatureName':'hour','FeatureType':'Integral'},{'FeatureName':'id','FeatureType':'Integral'}]`,
}

// inputOf completes an input of echoes: the JSON and its members.
func inputOf(t testing.TB, text string) (string, map[string]any) {
	t.Helper()
	text = strings.ReplaceAll(text, "OFFLINE", `'RoleArn':'ROLE','OfflineStoreConfig':{'S3StorageConfig':{'S3Uri':'s3://lake/fs/'}}`)
	text = strings.ReplaceAll(text, "ROLE", role)
	given := tree(t, "{"+keys+"}")
	given["FeatureGroupName"] = "g"
	maps.Copy(given, tree(t, "{"+text+"}"))
	return toJSON(t, given), given
}

func TestDescribeFeatureGroupEchoesExactly(t *testing.T) {
	for name, text := range echoes {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			body, given := inputOf(t, text)
			w.must("CreateFeatureGroup", body)
			if diff := cmp.Diff(described(given), w.describe()); diff != "" {
				t.Errorf("DescribeFeatureGroup of %s (-want +got):\n%s", body, diff)
			}
		})
	}
}

func TestDescribeFeatureGroupLeavesOutWhatSaysNothing(t *testing.T) {
	cases := map[string]struct{ given, member, want string }{
		"a time to live without members": {`'OnlineStoreConfig':{'EnableOnlineStore':true,'TtlDuration':{}}`, "OnlineStoreConfig", `{'EnableOnlineStore':true}`},
		"a time to live of nulls":        {`'OnlineStoreConfig':{'EnableOnlineStore':true,'TtlDuration':{'Unit':null,'Value':null}}`, "OnlineStoreConfig", `{'EnableOnlineStore':true}`},
		"nulls":                          {`'OnlineStoreConfig':{'EnableOnlineStore':true,'StorageType':null,'SecurityConfig':null}`, "OnlineStoreConfig", `{'EnableOnlineStore':true}`},
		"no units on demand":             {`'OnlineStoreConfig':{'EnableOnlineStore':true},'ThroughputConfig':{'ThroughputMode':'OnDemand','ProvisionedReadCapacityUnits':0,'ProvisionedWriteCapacityUnits':0}`, "ThroughputConfig", `{'ThroughputMode':'OnDemand'}`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			body, _ := inputOf(t, c.given)
			w.must("CreateFeatureGroup", body)
			if diff := cmp.Diff(map[string]any{c.member: tree(t, c.want)}, w.describe(c.member)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.member, diff)
			}
		})
	}
}

func TestInMemoryGroupWithOfflineStoreIsAnExtension(t *testing.T) {
	const both = `OFFLINE,'OnlineStoreConfig':{'EnableOnlineStore':true,'StorageType':'InMemory'}`
	body, given := inputOf(t, both)
	newWorld(t).refused("CreateFeatureGroup", body, "ValidationException", "InMemory cannot have an OfflineStoreConfig")
	w := newWorldWith(t, featurestore.Options{Extensions: true})
	w.must("CreateFeatureGroup", body)
	if diff := cmp.Diff(described(given), w.describe()); diff != "" {
		t.Errorf("DescribeFeatureGroup (-want +got):\n%s", diff)
	}
}

func TestDescribeFeatureGroupTakesNoToken(t *testing.T) {
	w := newWorld(t)
	w.create("g")
	w.must("DescribeFeatureGroup", `{"FeatureGroupName":"g","NextToken":""}`)
	w.must("DescribeFeatureGroup", `{"FeatureGroupName":"`+arn+`g","NextToken":null}`)
	w.refused("DescribeFeatureGroup", `{"FeatureGroupName":"g","NextToken":"x"}`, "ValidationException", "NextToken")
	w.refused("DescribeFeatureGroup", `{}`, "ValidationException", "FeatureGroupName is missing")
	w.refused("DescribeFeatureGroup", `{"FeatureGroupName":""}`, "ValidationException", "feature group name")
}
