package sagemaker_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/google/go-cmp/cmp"
)

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
