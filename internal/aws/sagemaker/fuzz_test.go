package sagemaker_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// seeds are bodies that between them have every member of every operation.
var seeds = map[string][]string{
	"CreateFeatureGroup": {
		`{"FeatureGroupName":"n",` + keys + `,"OnlineStoreConfig":{"EnableOnlineStore":true,"SecurityConfig":{"KmsKeyId":"k"},"TtlDuration":{"Unit":"Days","Value":1},"StorageType":"Standard_V2"},"RoleArn":"` + role + `","Description":"d","Tags":[{"Key":"k","Value":"v"}],` +
			`"ThroughputConfig":{"ThroughputMode":"Provisioned","ProvisionedReadCapacityUnits":1,"ProvisionedWriteCapacityUnits":2}}`,
		`{"FeatureGroupName":"n","RecordIdentifierFeatureName":"id","EventTimeFeatureName":"id","FeatureDefinitions":[{"FeatureName":"id","FeatureType":"String"},{"FeatureName":"l","FeatureType":"Integral","CollectionType":"List"},` +
			`{"FeatureName":"v","FeatureType":"Fractional","CollectionType":"Vector","CollectionConfig":{"VectorConfig":{"Dimension":3}}}],"OnlineStoreConfig":{"EnableOnlineStore":true,"StorageType":"InMemory"}}`,
		`{"FeatureGroupName":"n",` + keys + `,"RoleArn":"` + role + `","OfflineStoreConfig":{"S3StorageConfig":{"S3Uri":"s3://lake","KmsKeyId":"k","ResolvedOutputS3Uri":"s3://x"},"DisableGlueTableCreation":true,"TableFormat":"Glue","DataCatalogConfig":{"TableName":"t","Catalog":"AwsDataCatalog","Database":"d"}}}`,
	},
	"DescribeFeatureGroup":    {`{"FeatureGroupName":"g","NextToken":""}`, `{"FeatureGroupName":"` + arn + `g"}`},
	"UpdateFeatureGroup":      {`{"FeatureGroupName":"g","FeatureAdditions":[{"FeatureName":"x","FeatureType":"Integral"}]}`, `{"FeatureGroupName":"g","OnlineStoreConfig":{"TtlDuration":{"Unit":null},"StorageType":"Standard"}}`, `{"FeatureGroupName":"g","ThroughputConfig":{"ThroughputMode":"OnDemand","ProvisionedReadCapacityUnits":0}}`},
	"DeleteFeatureGroup":      {`{"FeatureGroupName":"n"}`},
	"ListFeatureGroups":       {`{"NameContains":"g","FeatureGroupStatusEquals":"Created","OfflineStoreStatusEquals":"Active","CreationTimeAfter":1.5e9,"CreationTimeBefore":"2024-01-01T00:00:00Z","SortOrder":"Ascending","SortBy":"Name","MaxResults":1,"NextToken":"eyJzIjowLCJnIjoiZyJ9"}`},
	"DescribeFeatureMetadata": {`{"FeatureGroupName":"g","FeatureName":"at"}`},
	"UpdateFeatureMetadata":   {`{"FeatureGroupName":"g","FeatureName":"at","Description":"d","ParameterAdditions":[{"Key":"k","Value":"v"}],"ParameterRemovals":["r"]}`},
	"AddTags":                 {`{"ResourceArn":"` + arn + `g","Tags":[{"Key":"k","Value":"v"}]}`},
	"ListTags":                {`{"ResourceArn":"` + arn + `g","NextToken":"","MaxResults":50}`},
	"DeleteTags":              {`{"ResourceArn":"` + arn + `g","TagKeys":["k"]}`},
	"Search":                  {`{"Resource":"FeatureGroup","SearchExpression":{"Filters":[{"Name":"Tags.k","Operator":"Exists"}],"SubExpressions":[{"NestedFilters":[{"NestedPropertyName":"FeatureDefinitions","Filters":[{"Name":"FeatureDefinitions.FeatureName","Value":"at"}]}]}],"Operator":"Or"},"SortBy":"CreationTime","SortOrder":"Ascending","MaxResults":1,"CrossAccountFilterOption":"SameAccount","VisibilityConditions":[{"Key":"Tags.k","Value":"v"}]}`},
	"GetSearchSuggestions":    {`{"Resource":"FeatureMetadata","SuggestionQuery":{"PropertyNameQuery":{"PropertyNameHint":"Pa"}}}`},
}

// FuzzJSON11 gives bodies to every operation: whatever comes, the answer is a reply or says what is wrong
// with the request, and is never our fault.
func FuzzJSON11(f *testing.F) {
	w := newWorld(f)
	operations := w.service.Operations
	for i, o := range operations {
		if len(seeds[o.Name]) == 0 {
			f.Fatalf("%s has no seeds", o.Name)
		}
		for _, body := range seeds[o.Name] {
			f.Add(byte(i), []byte(body))
		}
	}
	for _, body := range []string{"", " ", "null", "{", "[]", "{} {}", `{"FeatureGroupName":"\ud800"}`, "{\"FeatureGroupName\":\"\xff\"}", `{"FeatureGroupName":"g","FeatureGroupName":"g"}`} {
		f.Add(byte(0), []byte(body))
	}
	w.create("g")
	f.Fuzz(func(t *testing.T, at byte, body []byte) {
		defer w.within(t)()
		o := &operations[int(at)%len(operations)]
		reply := httptest.NewRecorder()
		err := o.Handle(t.Context(), &awshttp.Call{Service: w.service, Operation: o, Body: body}, reply)
		checkAnswer(t, w.service, o.Name, err, reply)
		w.settle()
	})
}

func checkAnswer(t *testing.T, s *awshttp.Service, op string, err error, reply *httptest.ResponseRecorder) {
	t.Helper()
	if err == nil {
		if text := reply.Body.Bytes(); reply.Code != 200 || len(text) > 0 && !json.Valid(text) {
			t.Errorf("%s = %d %s", op, reply.Code, text)
		}
		return
	}
	var said *awshttp.Error
	if !errors.As(err, &said) {
		said = s.Error(op, err)
	}
	known := []string{"SerializationException", "ValidationException", "ResourceNotFound", "ResourceInUse", "ResourceLimitExceeded"}
	if said == nil || said.Status != 400 || said.Message == "" || !slices.Contains(known, said.Code) {
		t.Errorf("%s: %v is answered as %+v; want a client error", op, err, said)
	}
	if reply.Body.Len() > 0 {
		t.Errorf("%s wrote %s and failed: %v", op, reply.Body, err)
	}
}

// settle brings the world back to the group g alone, not grown large.
func (w *world) settle() {
	w.t.Helper()
	call := func(name, body string) map[string]any {
		o := &w.service.Operations[slices.IndexFunc(w.service.Operations, func(o awshttp.Operation) bool { return o.Name == name })]
		reply := httptest.NewRecorder()
		if err := o.Handle(w.t.Context(), &awshttp.Call{Service: w.service, Operation: o, Body: []byte(body)}, reply); err != nil {
			w.t.Fatalf("%s %s: %v", name, body, err)
		}
		var members map[string]any
		if reply.Body.Len() > 0 && json.Unmarshal(reply.Body.Bytes(), &members) != nil {
			w.t.Fatalf("%s = %s", name, reply.Body)
		}
		return members
	}
	found := false
	for _, g := range call("ListFeatureGroups", "{}")["FeatureGroupSummaries"].([]any) {
		name := g.(map[string]any)["FeatureGroupName"].(string)
		if found = found || name == "g"; name != "g" {
			call("DeleteFeatureGroup", `{"FeatureGroupName":"`+name+`"}`)
		}
	}
	if found && len(call("DescribeFeatureGroup", `{"FeatureGroupName":"g"}`)["FeatureDefinitions"].([]any)) < 20 {
		return
	}
	if found {
		call("DeleteFeatureGroup", `{"FeatureGroupName":"g"}`)
	}
	call("CreateFeatureGroup", `{"FeatureGroupName":"g",`+keys+`,"OnlineStoreConfig":{"EnableOnlineStore":true}}`)
}
