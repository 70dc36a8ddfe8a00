package sagemaker_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/google/go-cmp/cmp"
)

const resolved = "s3://lake/fs/123456789012/sagemaker/us-east-1/offline-store/My-Group-1700000000/data"

func TestDescribeFeatureGroupEchoesWhatWasGiven(t *testing.T) {
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

func TestCreateFeatureGroupRefuses(t *testing.T) {
	w := newWorld(t)
	w.create("taken")
	online := `"OnlineStoreConfig":{"EnableOnlineStore":true`
	offline := func(members string) string {
		return `"RoleArn":"` + role + `","OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://lake"}` + members + `}`
	}
	cases := []struct{ name, body, code, says string }{
		{"taken name", `"FeatureGroupName":"taken",` + keys + `,` + online + `}`, "ResourceInUse", `Resource Already Exists: FeatureGroup with name taken already exists. Choose a different name.\nInfo: Feature Group 'taken' already exists.`},
		{"no store", keys, "ValidationException", "Validation Error: OnlineStore and OfflineStore cannot be both disabled. Please enable at least one of them and retry the request."},
		{"online store switched off", keys + `,"OnlineStoreConfig":{}`, "ValidationException", "cannot be both disabled"},
		{"no name", `"FeatureGroupName":null,` + keys, "ValidationException", "FeatureGroupName is missing"},
		{"no definitions", `"RecordIdentifierFeatureName":"id","EventTimeFeatureName":"at",` + online + `}`, "ValidationException", "FeatureDefinitions"},
		{"no event time", `"RecordIdentifierFeatureName":"id","FeatureDefinitions":[{"FeatureName":"id","FeatureType":"String"}],` + online + `}`, "ValidationException", "EventTimeFeatureName"},
		{"unknown type", `"FeatureDefinitions":[{"FeatureName":"id","FeatureType":"Text"}]`, "ValidationException", `\"Text\"`},
		{"unknown store", keys + `,` + online + `,"StorageType":"Disk"}`, "ValidationException", "is not one of"},
		{"units on demand", keys + `,` + online + `},"ThroughputConfig":{"ThroughputMode":"OnDemand","ProvisionedReadCapacityUnits":1}`, "ValidationException", "capacity units"},
		{"half a catalog config", keys + `,` + offline(`,"DataCatalogConfig":{"Database":"d"}`), "ValidationException", "DataCatalogConfig"},
		{"no bucket", keys + `,"RoleArn":"` + role + `","OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://nowhere/x"}}`, "ValidationException", "Invalid S3Uri provided"},
		{"no role", keys + `,"OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://lake"}}`, "ValidationException", "RoleArn"},
		{"tag without a value", keys + `,` + online + `},"Tags":[{"Key":"k"}]`, "ValidationException", "Value of the tag k"},
		{"a list where text should be", `"FeatureGroupName":[]`, "SerializationException", "FeatureGroupName"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			body := "{" + c.body + "}"
			if !strings.Contains(c.body, "FeatureGroupName\"") {
				body = `{"FeatureGroupName":"g",` + c.body + "}"
			}
			status, code, reply := w.raw("CreateFeatureGroup", body)
			if status != 400 || code != c.code || !strings.Contains(reply, c.says) || !strings.Contains(reply, `"__type":"`+c.code+`"`) {
				t.Errorf("CreateFeatureGroup = %d %s %s; want %s that says %s", status, code, reply, c.code, c.says)
			}
		})
	}
}

func TestGroupThatIsNotThere(t *testing.T) {
	w := newWorld(t)
	for _, op := range []string{"DescribeFeatureGroup", "DeleteFeatureGroup"} {
		for _, name := range []string{"none", arn + "none"} {
			status, code, reply := w.raw(op, `{"FeatureGroupName":"`+name+`"}`)
			if status != 400 || code != "ResourceNotFound" || !strings.Contains(reply, "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name [none]") {
				t.Errorf("%s(%s) = %d %s %s", op, name, status, code, reply)
			}
		}
	}
}

func TestDeleteFeatureGroupThenMakeItAgain(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.create("g")
		status, _, reply := w.raw("DeleteFeatureGroup", `{"FeatureGroupName":"`+arn+`g"}`)
		if status != 200 || reply != "" {
			t.Errorf("DeleteFeatureGroup = %d %q; want 200 and no body", status, reply)
		}
	}
	_, err := w.DescribeFeatureGroup(t.Context(), &client.DescribeFeatureGroupInput{FeatureGroupName: aws.String("g")})
	if codeOf(err) != "ResourceNotFound" {
		t.Errorf("DescribeFeatureGroup = %v; want ResourceNotFound", err)
	}
}

func TestListFeatureGroupsPages(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		w.create(name)
	}
	pages := client.NewListFeatureGroupsPaginator(w.Client, &client.ListFeatureGroupsInput{
		SortBy: types.FeatureGroupSortByName, SortOrder: types.FeatureGroupSortOrderAscending, MaxResults: aws.Int32(2),
	})
	var got []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, g := range page.FeatureGroupSummaries {
			names = append(names, *g.FeatureGroupName)
		}
		got = append(got, strings.Join(names, " "))
	}
	if diff := cmp.Diff([]string{"a b", "c d", "e"}, got); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

func TestListFeatureGroupsSummaries(t *testing.T) {
	w := newWorld(t)
	_, _, reply := w.raw("ListFeatureGroups", `{}`)
	if want := `{"FeatureGroupSummaries":[]}`; reply != want {
		t.Errorf("ListFeatureGroups of none = %s; want %s", reply, want)
	}
	w.create("online")
	status, _, reply := w.raw("CreateFeatureGroup", `{"FeatureGroupName":"offline",`+keys+`,"RoleArn":"`+role+`","OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://lake"}}}`)
	if status != 200 {
		t.Fatal(reply)
	}
	_, _, reply = w.raw("ListFeatureGroups", `{"SortBy":"CreationTime","SortOrder":"Descending","CreationTimeAfter":1699999999,"CreationTimeBefore":"2024-01-01T00:00:00Z","NameContains":"line"}`)
	want := `{"FeatureGroupSummaries":[` +
		`{"FeatureGroupName":"offline","FeatureGroupArn":"` + arn + `offline","CreationTime":1700000001.123,"FeatureGroupStatus":"Created","OfflineStoreStatus":{"Status":"Active"}},` +
		`{"FeatureGroupName":"online","FeatureGroupArn":"` + arn + `online","CreationTime":1700000000.123,"FeatureGroupStatus":"Created"}]}`
	if diff := cmp.Diff(want, reply); diff != "" {
		t.Errorf("ListFeatureGroups (-want +got):\n%s", diff)
	}
}

func TestListFeatureGroupsRefuses(t *testing.T) {
	w := newWorld(t)
	for name, body := range map[string]string{
		"MaxResults 0":       `{"MaxResults":0}`,
		"MaxResults 101":     `{"MaxResults":101}`,
		"unknown SortBy":     `{"SortBy":"Size"}`,
		"unknown SortOrder":  `{"SortOrder":"Random"}`,
		"unknown status":     `{"FeatureGroupStatusEquals":"Gone"}`,
		"unknown offline":    `{"OfflineStoreStatusEquals":"Gone"}`,
		"empty NameContains": `{"NameContains":""}`,
		"long NameContains":  `{"NameContains":"` + strings.Repeat("x", 65) + `"}`,
		"bad token":          `{"NextToken":"x"}`,
	} {
		if status, code, reply := w.raw("ListFeatureGroups", body); status != 400 || code != "ValidationException" {
			t.Errorf("%s: %d %s; want ValidationException", name, status, reply)
		}
	}
}
