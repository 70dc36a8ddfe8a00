package sagemaker_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/google/go-cmp/cmp"
)

func TestSearchShowsWhatDescribeShowsAndTheTags(t *testing.T) {
	w := newWorld(t)
	status, _, reply := w.raw("CreateFeatureGroup", `{"FeatureGroupName":"g",`+keys+`,"OnlineStoreConfig":{"EnableOnlineStore":true},"OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://lake/fs"}},"RoleArn":"`+role+`","Description":"d","Tags":[{"Key":"team","Value":"risk"},{"Key":"empty","Value":""}]}`)
	if status != http.StatusOK {
		t.Fatalf("CreateFeatureGroup = %d %s", status, reply)
	}
	status, _, reply = w.raw("UpdateFeatureGroup", `{"FeatureGroupName":"g","FeatureAdditions":[{"FeatureName":"n","FeatureType":"Integral"}]}`)
	if status != http.StatusOK {
		t.Fatalf("UpdateFeatureGroup = %d %s", status, reply)
	}
	_, _, described := w.raw("DescribeFeatureGroup", `{"FeatureGroupName":"g"}`)
	var want map[string]any
	if err := json.Unmarshal([]byte(described), &want); err != nil {
		t.Fatal(err)
	}
	delete(want, "ThroughputConfig")
	delete(want, "OnlineStoreTotalSizeBytes")
	want["Tags"] = []any{map[string]any{"Key": "team", "Value": "risk"}, map[string]any{"Key": "empty", "Value": ""}}

	status, _, reply = w.raw("Search", `{"Resource":"FeatureGroup","SearchExpression":{"Filters":[{"Name":"FeatureGroupName","Value":"g"}]}}`)
	var got struct {
		Results   []map[string]map[string]any
		TotalHits map[string]any
	}
	if err := json.Unmarshal([]byte(reply), &got); err != nil || status != http.StatusOK {
		t.Fatalf("Search = %d %s, %v", status, reply, err)
	}
	if diff := cmp.Diff([]map[string]map[string]any{{"FeatureGroup": want}}, got.Results); diff != "" {
		t.Errorf("Results (-described +found):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]any{"Value": 1.0, "Relation": "EqualTo"}, got.TotalHits); diff != "" {
		t.Errorf("TotalHits (-want +got):\n%s", diff)
	}
}

func TestSearchShowsFeatures(t *testing.T) {
	w := newWorld(t)
	w.create("g")
	status, _, reply := w.raw("Search", `{"Resource":"FeatureMetadata","SearchExpression":{"Filters":[{"Name":"FeatureName","Operator":"Contains","Value":"A"}]}}`)
	want := `{"Results":[{"FeatureMetadata":{"FeatureGroupArn":"` + arn + `g","FeatureGroupName":"g","FeatureName":"at","FeatureType":"Fractional","CreationTime":1700000000.123,"LastModifiedTime":1700000000.123}}],"TotalHits":{"Value":1,"Relation":"EqualTo"}}`
	if status != http.StatusOK || reply != want {
		t.Errorf("Search = %d %s; want %s", status, reply, want)
	}
}

func TestSearchWithoutResultsHasAnEmptyList(t *testing.T) {
	w := newWorld(t)
	w.create("g")
	for _, body := range []string{
		`{"Resource":"FeatureGroup","SearchExpression":{"Filters":[{"Name":"FeatureGroupName","Value":"none"}]}}`,
		`{"Resource":"FeatureGroup","CrossAccountFilterOption":"CrossAccount"}`,
	} {
		const want = `{"Results":[],"TotalHits":{"Value":0,"Relation":"EqualTo"}}`
		if status, _, reply := w.raw("Search", body); status != http.StatusOK || reply != want {
			t.Errorf("Search %s = %d %s; want %s", body, status, reply, want)
		}
	}
}

func TestSearchTakesEveryMember(t *testing.T) {
	w := newWorld(t)
	w.create("g")
	out, err := w.Search(t.Context(), &client.SearchInput{
		Resource: types.ResourceTypeFeatureGroup,
		SearchExpression: &types.SearchExpression{
			Operator: types.BooleanOperatorAnd,
			Filters:  []types.Filter{{Name: aws.String("FeatureGroupName"), Operator: types.OperatorContains, Value: aws.String("G")}},
			NestedFilters: []types.NestedFilters{{
				NestedPropertyName: aws.String("FeatureDefinitions"),
				Filters: []types.Filter{
					{Name: aws.String("FeatureDefinitions.FeatureName"), Value: aws.String("at")},
					{Name: aws.String("FeatureDefinitions.FeatureType"), Value: aws.String("Fractional")},
				},
			}},
			SubExpressions: []types.SearchExpression{{
				Operator: types.BooleanOperatorOr,
				Filters:  []types.Filter{{Name: aws.String("Description"), Operator: types.OperatorExists}, {Name: aws.String("FeatureGroupStatus"), Operator: types.OperatorIn, Value: aws.String("Creating,Created")}},
			}},
		},
		SortBy: aws.String("CreationTime"), SortOrder: types.SearchSortOrderAscending, MaxResults: aws.Int32(10),
		CrossAccountFilterOption: types.CrossAccountFilterOptionSameAccount,
		VisibilityConditions:     []types.VisibilityConditions{{Key: aws.String("Tags.team"), Value: aws.String("risk")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Results) != 1 || aws.ToString(out.Results[0].FeatureGroup.FeatureGroupName) != "g" || out.NextToken != nil {
		t.Errorf("Search = %+v; want g", out)
	}
}

func TestSearchGoesThroughItsPages(t *testing.T) {
	w := newWorld(t)
	for i := range 7 {
		w.create(fmt.Sprint("g", i))
	}
	pages := client.NewSearchPaginator(w, &client.SearchInput{Resource: types.ResourceTypeFeatureGroup, MaxResults: aws.Int32(3)})
	var sizes []int
	var names []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(page.Results))
		for _, r := range page.Results {
			names = append(names, *r.FeatureGroup.FeatureGroupName)
		}
	}
	if got, want := fmt.Sprint(sizes, names), "[3 3 1] [g6 g5 g4 g3 g2 g1 g0]"; got != want {
		t.Errorf("pages = %s; want %s", got, want)
	}
}

func TestSearchRefuses(t *testing.T) {
	w := newWorld(t)
	filters := func(f string) string {
		return `{"Resource":"FeatureGroup","SearchExpression":{"Filters":[` + f + `]}}`
	}
	with := func(members string) string { return `{"Resource":"FeatureGroup",` + members + `}` }
	deep := strings.Repeat(`{"SubExpressions":[`, 60) + `{"Filters":[{"Name":"Description","Operator":"Exists"}]}` + strings.Repeat(`]}`, 60)
	cases := []struct{ name, body, says string }{
		{"no resource", `{}`, "Resource is missing"},
		{"no resource of the model", `{"Resource":"FeatureGroups"}`, `Resource \"FeatureGroups\" is not one of TrainingJob, `},
		{"a resource of another part of SageMaker", `{"Resource":"TrainingJob"}`, "the Resource TrainingJob cannot be searched on this server, which has none; FeatureGroup and FeatureMetadata can"},
		{"an empty expression", with(`"SearchExpression":{}`), "the SearchExpression is empty"},
		{"no filters", with(`"SearchExpression":{"Filters":[]}`), "SearchExpression.Filters has 0 elements; it must have 1 to 20"},
		{"no nested filters", with(`"SearchExpression":{"NestedFilters":[]}`), "SearchExpression.NestedFilters has 0 elements"},
		{"no expressions", with(`"SearchExpression":{"SubExpressions":[]}`), "SearchExpression.SubExpressions has 0 elements"},
		{"expressions too deep", with(`"SearchExpression":` + deep), "SubExpressions more than 51 deep"},
		{"an unknown boolean", with(`"SearchExpression":{"Operator":"Xor"}`), "SearchExpression.Operator"},
		{"a filter without a name", filters(`{"Value":"x"}`), "the Name of a filter is missing"},
		{"an empty name", filters(`{"Name":"","Value":"x"}`), "the Name of a filter has 0 characters"},
		{"an unknown property", filters(`{"Name":"Colour","Value":"x"}`), "Validation Error: Unknown property name: Colour"},
		{"an unknown operator", filters(`{"Name":"Description","Operator":"Like","Value":"x"}`), `the Operator of the filter on Description \"Like\" is not one of`},
		{"an empty value", filters(`{"Name":"Description","Value":""}`), "the Value of the filter on Description has 0 characters; it must have 1 to 1024"},
		{"a nested filter without a property", with(`"SearchExpression":{"NestedFilters":[{"Filters":[{"Name":"x"}]}]}`), "NestedPropertyName of NestedFilters is missing"},
		{"a nested filter without filters", with(`"SearchExpression":{"NestedFilters":[{"NestedPropertyName":"FeatureDefinitions"}]}`), "the Filters of NestedFilters on FeatureDefinitions is missing"},
		{"an empty sort", with(`"SortBy":""`), "SortBy has 0 characters"},
		{"an unknown order", with(`"SortOrder":"Up"`), "SortOrder"},
		{"no results", with(`"MaxResults":0`), "MaxResults is 0; it must be 1 to 100"},
		{"too many results", with(`"MaxResults":101`), "MaxResults is 101"},
		{"a token of nobody's", with(`"NextToken":"x"`), "the NextToken is not one that this operation returned"},
		{"a token too long", with(`"NextToken":"` + strings.Repeat("x", 8193) + `"`), "NextToken has 8193 characters"},
		{"other accounts", with(`"CrossAccountFilterOption":"Any"`), "CrossAccountFilterOption"},
		{"no conditions", with(`"VisibilityConditions":[]`), "VisibilityConditions has 0 elements; it must have 1 to 5"},
		{"a condition on no tag", with(`"VisibilityConditions":[{"Key":"team","Value":"x"}]`), "is not of the form Tags.KEY"},
		{"a condition without a value", with(`"VisibilityConditions":[{"Key":"Tags.team"}]`), "lacks its Key or its Value"},
		{"a condition with a strange value", with(`"VisibilityConditions":[{"Key":"Tags.team","Value":"a;b"}]`), "has other characters"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, code, reply := w.raw("Search", c.body)
			if status != http.StatusBadRequest || code != "ValidationException" || !strings.Contains(reply, c.says) {
				t.Errorf("Search = %d %s %s; want a ValidationException with %q", status, code, reply, c.says)
			}
		})
	}
}

func TestGetSearchSuggestionsSuggestsWhatBeginsWithTheHint(t *testing.T) {
	w := newWorld(t)
	if status, _, reply := w.raw("CreateFeatureGroup", `{"FeatureGroupName":"g",`+keys+`,"OnlineStoreConfig":{"EnableOnlineStore":true},"Tags":[{"Key":"team","Value":"risk"}]}`); status != http.StatusOK {
		t.Fatalf("CreateFeatureGroup = %d %s", status, reply)
	}
	cases := []struct{ name, body, want string }{
		{"a tag", `{"Resource":"FeatureGroup","SuggestionQuery":{"PropertyNameQuery":{"PropertyNameHint":"Tags."}}}`, `{"PropertyNameSuggestions":[{"PropertyName":"Tags.team"}]}`},
		{"nothing", `{"Resource":"FeatureGroup","SuggestionQuery":{"PropertyNameQuery":{"PropertyNameHint":"tags."}}}`, `{"PropertyNameSuggestions":[]}`},
		{
			"all, without a query", `{"Resource":"FeatureMetadata"}`,
			`{"PropertyNameSuggestions":[{"PropertyName":"AllParameters"},{"PropertyName":"CreationTime"},{"PropertyName":"Description"},{"PropertyName":"FeatureGroupName"},{"PropertyName":"FeatureName"},{"PropertyName":"FeatureType"},{"PropertyName":"LastModifiedTime"}]}`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if status, _, reply := w.raw("GetSearchSuggestions", c.body); status != http.StatusOK || reply != c.want {
				t.Errorf("GetSearchSuggestions = %d %s; want %s", status, reply, c.want)
			}
		})
	}
}

func TestGetSearchSuggestionsRefuses(t *testing.T) {
	w := newWorld(t)
	cases := []struct{ name, body, says string }{
		{"no resource", `{}`, "Resource is missing"},
		{"another resource", `{"Resource":"Model"}`, "the Resource Model cannot be searched"},
		{"no hint", `{"Resource":"FeatureGroup","SuggestionQuery":{"PropertyNameQuery":{}}}`, "PropertyNameHint is missing"},
		{"a long hint", `{"Resource":"FeatureGroup","SuggestionQuery":{"PropertyNameQuery":{"PropertyNameHint":"` + strings.Repeat("x", 101) + `"}}}`, "PropertyNameHint has 101 characters"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, code, reply := w.raw("GetSearchSuggestions", c.body)
			if status != http.StatusBadRequest || code != "ValidationException" || !strings.Contains(reply, c.says) {
				t.Errorf("GetSearchSuggestions = %d %s %s; want a ValidationException with %q", status, code, reply, c.says)
			}
		})
	}
}
