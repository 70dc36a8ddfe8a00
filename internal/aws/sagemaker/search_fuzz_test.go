package sagemaker_test

import (
	"net/http"
	"testing"
)

// FuzzSearch says that whatever is asked, the answer is a page or says what is wrong with the
// question.
func FuzzSearch(f *testing.F) {
	for _, body := range []string{
		`{"Resource":"FeatureGroup"}`,
		`{"Resource":"FeatureMetadata","SearchExpression":{"Filters":[{"Name":"AllParameters","Operator":"Contains","Value":"x"}]},"SortBy":"FeatureName"}`,
		`{"Resource":"FeatureGroup","SearchExpression":{"Operator":"Or","NestedFilters":[{"NestedPropertyName":"FeatureDefinitions","Filters":[{"Name":"FeatureDefinitions.FeatureName","Value":"id"}]}],` +
			`"SubExpressions":[{"Filters":[{"Name":"Tags.a","Operator":"Exists"},{"Name":"CreationTime","Operator":"LessThan","Value":"2023-11-14T22:13:20"}]}]},"SortOrder":"Ascending","MaxResults":1}`,
		`{"Resource":"FeatureGroup","SearchExpression":{"Filters":[{"Name":"FeatureDefinitions.CollectionConfig.VectorConfig.Dimension","Operator":"GreaterThan","Value":"1e300"}]}}`,
		`{"Resource":"FeatureGroup","NextToken":"eyJxIjoiIn0","VisibilityConditions":[{"Key":"Tags.a","Value":""}],"CrossAccountFilterOption":"SameAccount"}`,
		`{"Resource":"FeatureGroup","SearchExpression":{"SubExpressions":[{"SubExpressions":[{}]}]}}`,
	} {
		f.Add(body)
	}
	w := newWorld(f)
	w.create("g")
	w.create("h")
	f.Fuzz(func(t *testing.T, body string) {
		now := &world{Client: w.Client, t: t, server: w.server}
		if status, _, reply := now.raw("Search", body); status != http.StatusOK && status != http.StatusBadRequest {
			t.Fatalf("Search = %d %s", status, reply)
		}
	})
}
