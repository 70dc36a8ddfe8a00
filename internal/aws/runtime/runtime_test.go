package runtime_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
)

func TestGetRecordReturnsTextsInOrderOfDefinition(t *testing.T) {
	w := newWorld(t)
	w.put("both", "s", "a \"quoted\" \\ <tag> é 😀\n\x01", "x", "1.50", "at", noon, "id", "C 1/2+3")
	want := []string{"id", "C 1/2+3", "at", noon, "x", "1.50", "s", "a \"quoted\" \\ <tag> é 😀\n\x01"}
	if diff := cmp.Diff(want, w.get("both", "C 1/2+3")); diff != "" {
		t.Errorf("GetRecord (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, w.get(arn+"both", "C 1/2+3")); diff != "" {
		t.Errorf("GetRecord by ARN (-want +got):\n%s", diff)
	}
	if got := w.get("both", "C 1/2+3", "x", "id"); !slices.Equal(got, []string{"id", "C 1/2+3", "x", "1.50"}) {
		t.Errorf("GetRecord of two features = %v", got)
	}
}

func TestGetRecordOfNothingIsAnEmptyObject(t *testing.T) {
	w := newWorld(t)
	status, _, body := w.raw("GET", "/FeatureGroup/both?RecordIdentifierValueAsString=none&ExpirationTimeResponse=Enabled", "")
	if status != 200 || body != "{}" {
		t.Errorf("GetRecord = %d %s; want 200 {}", status, body)
	}
}

func TestPutAndDeleteRecordAnswerWithoutABody(t *testing.T) {
	w := newWorld(t)
	status, _, body := w.raw("PUT", "/FeatureGroup/both", `{"Record":[{"FeatureName":"id","ValueAsString":"a"},{"FeatureName":"at","ValueAsString":"1700000000"}],"Unknown":[{"x":[1,2.5e3,true,null]}]}`)
	if status != 200 || body != "" {
		t.Errorf("PutRecord = %d %q; want 200 and no body", status, body)
	}
	status, _, body = w.raw("DELETE", "/FeatureGroup/both?RecordIdentifierValueAsString=a&EventTime=1700000000.5&TargetStores=OnlineStore&TargetStores=OfflineStore", "")
	if status != 200 || body != "" {
		t.Errorf("DeleteRecord = %d %q; want 200 and no body", status, body)
	}
	if got := w.get("both", "a"); got != nil {
		t.Errorf("GetRecord after the delete = %v", got)
	}
}

func TestPutRecordToTargetStores(t *testing.T) {
	w := newWorld(t)
	put := func(stores ...types.TargetStore) {
		_, err := w.PutRecord(t.Context(), &client.PutRecordInput{FeatureGroupName: aws.String("both"), Record: record("id", "a", "at", noon), TargetStores: stores})
		if err != nil {
			t.Fatal(err)
		}
	}
	put(types.TargetStoreOfflineStore)
	if got := w.get("both", "a"); got != nil {
		t.Errorf("GetRecord after a put offline = %v", got)
	}
	put(types.TargetStoreOnlineStore, types.TargetStoreOnlineStore)
	if got := w.get("both", "a"); got == nil {
		t.Error("GetRecord after a put online has no record")
	}
}

func TestHardDeleteLetsAnOlderRecordIn(t *testing.T) {
	w := newWorld(t)
	w.put("both", "id", "a", "at", noon, "n", "1")
	_, err := w.DeleteRecord(t.Context(), &client.DeleteRecordInput{
		FeatureGroupName: aws.String("both"), RecordIdentifierValueAsString: aws.String("a"),
		EventTime: aws.String("2024-01-31T12:00:01Z"), DeletionMode: types.DeletionModeHardDelete,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.put("both", "id", "a", "at", "2024-01-30T12:00:00+05:30", "n", "2")
	if got := w.get("both", "a", "n"); !slices.Equal(got, []string{"n", "2"}) {
		t.Errorf("GetRecord = %v", got)
	}
}

func TestErrorsOfOneRecord(t *testing.T) {
	w := newWorld(t)
	w.put("both", "id", "a", "at", noon)
	id, at := "RecordIdentifierValueAsString=a", "EventTime=2024-01-01T00:00:00Z"
	good := `{"FeatureName":"id","ValueAsString":"a"},{"FeatureName":"at","ValueAsString":"` + noon + `"}`
	cases := []struct {
		name, method, path, body string
		status                   int
		code, says               string
	}{
		{"get from no group", "GET", "/FeatureGroup/none?" + id, "", 404, "ResourceNotFound", "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name [none]"},
		{"put into no group", "PUT", "/FeatureGroup/none", `{"Record":[` + good + `]}`, 400, "ValidationError", "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name [none]"},
		{"delete from no group", "DELETE", "/FeatureGroup/none?" + id + "&" + at, "", 400, "ValidationError", "Resource Not Found: "},
		{"get by a foreign ARN", "GET", "/FeatureGroup/arn%3Aaws%3Asagemaker%3Aeu-west-1%3A123456789012%3Afeature-group%2Fboth?" + id, "", 404, "ResourceNotFound", "us-east-1"},
		{"get by a bad name", "GET", "/FeatureGroup/a%2Fb?" + id, "", 400, "ValidationError", "feature group name"},
		{"get without an identifier", "GET", "/FeatureGroup/both", "", 400, "ValidationError", "RecordIdentifierValueAsString"},
		{"get an unknown feature", "GET", "/FeatureGroup/both?" + id + "&FeatureName=zip", "", 400, "ValidationError", "zip"},
		{"get a feature that is null as usual", "GET", "/FeatureGroup/offline?" + id, "", 400, "ValidationError", "no online store"},
		{"get with a bad ExpirationTimeResponse", "GET", "/FeatureGroup/both?" + id + "&ExpirationTimeResponse=Maybe", "", 400, "ValidationError", "Maybe"},
		{"put nothing", "PUT", "/FeatureGroup/both", "", 400, "ValidationError", "empty"},
		{"put text that is no JSON", "PUT", "/FeatureGroup/both", `{"Record":`, 400, "SerializationException", "array"},
		{"put a number", "PUT", "/FeatureGroup/both", `{"Record":[{"FeatureName":"n","ValueAsString":1}]}`, 400, "SerializationException", "string"},
		{"put a value that is no number", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `,{"FeatureName":"x","ValueAsString":"nan"}]}`, 400, "ValidationError", "Validation Error: the value \"nan\" of the feature \"x\""},
		{"put a list", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `,{"FeatureName":"s","ValueAsStringList":["a"]}]}`, 400, "ValidationError", "ValueAsStringList"},
		{"put to an unknown store", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"TargetStores":["Elsewhere"]}`, 400, "ValidationError", "Elsewhere"},
		{"put to no store", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"TargetStores":[]}`, 400, "ValidationError", "TargetStores"},
		{"put to a store that the group lacks", "PUT", "/FeatureGroup/online", `{"Record":[` + good + `],"TargetStores":["OfflineStore"]}`, 400, "ValidationError", "no offline store"},
		{"put a list and a text", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `,{"FeatureName":"s","ValueAsString":"a","ValueAsStringList":["a"]}]}`, 400, "ValidationError", "a ValueAsString and a ValueAsStringList"},
		{"put a text for a list", "PUT", "/FeatureGroup/lists", `{"Record":[` + good + `,{"FeatureName":"l","ValueAsString":"a"}]}`, 400, "ValidationError", "ValueAsStringList"},
		{"put a list with a null", "PUT", "/FeatureGroup/lists", `{"Record":[` + good + `,{"FeatureName":"l","ValueAsStringList":["a",null]}]}`, 400, "SerializationException", "must be a string"},
		{"put a record twice", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"Record":[]}`, 400, "SerializationException", "Record"},
		{"put with a time to live without a unit", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"TtlDuration":{"Value":1}}`, 400, "ValidationError", "TtlDuration has no Unit"},
		{"put with a time to live without a value", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"TtlDuration":{"Unit":"Days"}}`, 400, "ValidationError", "TtlDuration has no Value"},
		{"put with an empty time to live", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"TtlDuration":{}}`, 400, "ValidationError", "TtlDuration"},
		{"put with a time to live of nothing", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"TtlDuration":{"Unit":"Days","Value":0}}`, 400, "ValidationError", "less than 1"},
		{"put with a time to live in months", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"TtlDuration":{"Unit":"Months","Value":1}}`, 400, "ValidationError", "Months"},
		{"put offline with a time to live", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"TargetStores":["OfflineStore"],"TtlDuration":{"Unit":"Days","Value":1}}`, 400, "ValidationError", "TtlDuration"},
		{"put with half a day to live", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"TtlDuration":{"Unit":"Days","Value":0.5}}`, 400, "SerializationException", "whole number"},
		{"put to three stores", "PUT", "/FeatureGroup/both", `{"Record":[` + good + `],"TargetStores":["OnlineStore","OfflineStore","OnlineStore"]}`, 400, "ValidationError", "TargetStores has 3"},
		{"put into a group with a long name", "PUT", "/FeatureGroup/" + strings.Repeat("a", 151), `{"Record":[` + good + `]}`, 400, "ValidationError", "151 characters"},
		{"get two identifiers", "GET", "/FeatureGroup/both?" + id + "&" + id, "", 400, "ValidationError", "there 2 times"},
		{"get with an empty identifier", "GET", "/FeatureGroup/both?RecordIdentifierValueAsString=", "", 400, "ValidationError", "is empty"},
		{"get with a long identifier", "GET", "/FeatureGroup/both?RecordIdentifierValueAsString=" + strings.Repeat("a", 358_401), "", 400, "ValidationError", "358401 characters"},
		{"delete from three stores", "DELETE", "/FeatureGroup/both?" + id + "&" + at + "&TargetStores=OnlineStore&TargetStores=OnlineStore&TargetStores=OnlineStore", "", 400, "ValidationError", "TargetStores"},
		{"delete at two times", "DELETE", "/FeatureGroup/both?" + id + "&" + at + "&" + at, "", 400, "ValidationError", "EventTime"},
		{"update in no group", "POST", "/FeatureGroup/none/Record", `{"RecordIdentifierValueAsString":"a","Features":[{"FeatureName":"n","ValueAsString":"1"}]}`, 404, "ResourceNotFound", "FeatureGroup with name [none]"},
		{"update in a Standard group", "POST", "/FeatureGroup/both/Record", `{"RecordIdentifierValueAsString":"a","Features":[{"FeatureName":"n","ValueAsString":"1"}]}`, 400, "ValidationError", "Standard_V2"},
		{"update without an identifier", "POST", "/FeatureGroup/v2/Record", `{"Features":[{"FeatureName":"n","ValueAsString":"1"}]}`, 400, "ValidationError", "RecordIdentifierValueAsString"},
		{"update without features", "POST", "/FeatureGroup/v2/Record", `{"RecordIdentifierValueAsString":"a"}`, 400, "ValidationError", "Features"},
		{"update without a body", "POST", "/FeatureGroup/v2/Record", ``, 400, "ValidationError", "RecordIdentifierValueAsString"},
		{"update of nothing", "POST", "/FeatureGroup/v2/Record", `{"RecordIdentifierValueAsString":"none","Features":[{"FeatureName":"n","ValueAsString":"1"}]}`, 404, "ResourceNotFound", "no record"},
		{"update of the offline store", "POST", "/FeatureGroup/v2/Record", `{"RecordIdentifierValueAsString":"a","Features":[{"FeatureName":"n","ValueAsString":"1"}],"TargetStores":["OfflineStore"]}`, 400, "ValidationError", "OnlineStore"},
		{"update of a feature without a name", "POST", "/FeatureGroup/v2/Record", `{"RecordIdentifierValueAsString":"a","Features":[{"ValueAsString":"1"}]}`, 400, "ValidationError", "a member of Features has no FeatureName"},
		{"list no group", "POST", "/FeatureGroup/none/ListRecords", `{}`, 404, "ResourceNotFound", "FeatureGroup with name [none]"},
		{"list an offline group", "POST", "/FeatureGroup/offline/ListRecords", ``, 400, "ValidationError", "no online store"},
		{"list none", "POST", "/FeatureGroup/both/ListRecords", `{"MaxResults":0}`, 400, "ValidationError", "MaxResults is 0"},
		{"list too many", "POST", "/FeatureGroup/both/ListRecords", `{"MaxResults":101}`, 400, "ValidationError", "MaxResults is 101"},
		{"list a text of many", "POST", "/FeatureGroup/both/ListRecords", `{"MaxResults":"10"}`, 400, "SerializationException", "MaxResults must be"},
		{"list by an empty token", "POST", "/FeatureGroup/both/ListRecords", `{"NextToken":""}`, 400, "ValidationError", "NextToken"},
		{"list by a long token", "POST", "/FeatureGroup/both/ListRecords", `{"NextToken":"` + strings.Repeat("A", 8193) + `"}`, 400, "ValidationError", "8193"},
		{"list by another's token", "POST", "/FeatureGroup/both/ListRecords", `{"NextToken":"AAAA"}`, 400, "ValidationError", "NextToken"},
		{"list deleted records, maybe", "POST", "/FeatureGroup/both/ListRecords", `{"IncludeSoftDeletedRecords":"true"}`, 400, "SerializationException", "true or false"},
		{"write no entries", "POST", "/BatchWriteRecord", `{}`, 400, "ValidationError", "Entries has 0"},
		{"write 26 entries", "POST", "/BatchWriteRecord", `{"Entries":[` + strings.Repeat(`{},`, 25) + `{}]}`, 400, "ValidationError", "Entries has 26"},
		{"write no object", "POST", "/BatchWriteRecord", `{"Entries":[null]}`, 400, "SerializationException", "Entries[0] must be an object"},
		{"write with half a time to live", "POST", "/BatchWriteRecord", `{"Entries":[{}],"TtlDuration":{"Unit":"Days"}}`, 400, "ValidationError", "TtlDuration has no Value"},
		{"put a feature without a name", "PUT", "/FeatureGroup/both", `{"Record":[{"ValueAsString":"a"}]}`, 400, "ValidationError", "FeatureName"},
		{"delete without an event time", "DELETE", "/FeatureGroup/both?" + id, "", 400, "ValidationError", "EventTime"},
		{"delete in an unknown mode", "DELETE", "/FeatureGroup/both?" + id + "&" + at + "&DeletionMode=Gently", "", 400, "ValidationError", "Gently"},
		{"hard delete of an older event time", "DELETE", "/FeatureGroup/both?" + id + "&" + at + "&DeletionMode=HardDelete", "", 400, "ValidationError", "not later"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, code, body := w.raw(c.method, c.path, c.body)
			text := strings.ReplaceAll(body, `\"`, `"`)
			if status != c.status || code != c.code || !strings.Contains(text, c.says) || !strings.HasPrefix(body, `{"Message":`) {
				t.Errorf("%d %s %s; want %d %s that says %q", status, code, body, c.status, c.code, c.says)
			}
		})
	}
}

func TestSDKSeesModeledErrors(t *testing.T) {
	w := newWorld(t)
	_, err := w.GetRecord(t.Context(), &client.GetRecordInput{FeatureGroupName: aws.String("none"), RecordIdentifierValueAsString: aws.String("a")})
	if code, status := codeOf(err); code != "ResourceNotFound" || status != 404 {
		t.Errorf("GetRecord = %v; want ResourceNotFound 404", err)
	}
	_, err = w.PutRecord(t.Context(), &client.PutRecordInput{FeatureGroupName: aws.String("both"), Record: record("id", "a")})
	if code, status := codeOf(err); code != "ValidationError" || status != 400 {
		t.Errorf("PutRecord = %v; want ValidationError 400", err)
	}
}

func TestBatchGetRecord(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.put("both", "id", fmt.Sprint("b", i), "at", noon, "n", fmt.Sprint(i))
		w.put("online", "id", fmt.Sprint("o", i), "at", noon, "x", "0.5")
	}
	out, err := w.BatchGetRecord(t.Context(), &client.BatchGetRecordInput{
		Identifiers: []types.BatchGetRecordIdentifier{
			{FeatureGroupName: aws.String("both"), RecordIdentifiersValueAsString: []string{"b3", "none", "b1"}, FeatureNames: []string{"n"}},
			{FeatureGroupName: aws.String("missing"), RecordIdentifiersValueAsString: []string{"x", "y"}},
			{FeatureGroupName: aws.String(arn + "online"), RecordIdentifiersValueAsString: []string{"o4"}},
		},
		ExpirationTimeResponse: types.ExpirationTimeResponseEnabled,
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range out.Records {
		got = append(got, *r.FeatureGroupName, *r.RecordIdentifierValueAsString, strings.Join(pairs(r.Record), " "))
	}
	want := []string{"both", "b3", "n 3", "both", "b1", "n 1", arn + "online", "o4", "id o4 at " + noon + " x 0.5"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Records (-want +got):\n%s", diff)
	}
	got = nil
	for _, e := range out.Errors {
		got = append(got, *e.FeatureGroupName, *e.RecordIdentifierValueAsString, *e.ErrorCode)
	}
	if diff := cmp.Diff([]string{"missing", "x", "ResourceNotFound", "missing", "y", "ResourceNotFound"}, got); diff != "" {
		t.Errorf("Errors (-want +got):\n%s", diff)
	}
}

func TestBatchGetRecordAlwaysHasItsThreeLists(t *testing.T) {
	w := newWorld(t)
	status, _, body := w.raw("POST", "/BatchGetRecord", `{"Identifiers":[{"FeatureGroupName":"both","RecordIdentifiersValueAsString":["none"]}]}`)
	if want := `{"Records":[],"Errors":[],"UnprocessedIdentifiers":[]}`; status != 200 || body != want {
		t.Errorf("BatchGetRecord = %d %s; want 200 %s", status, body, want)
	}
}

func TestBatchGetRecordLimits(t *testing.T) {
	w := newWorld(t)
	one := `{"FeatureGroupName":"both","RecordIdentifiersValueAsString":["a"]}`
	many := func(n int, s string) string { return strings.TrimSuffix(strings.Repeat(s+",", n), ",") }
	cases := []struct {
		name, identifiers string
		status            int
	}{
		{"none", "", 400},
		{"100 entries", many(100, one), 200},
		{"101 entries", many(101, one), 400},
		{"100 identifiers", `{"FeatureGroupName":"both","RecordIdentifiersValueAsString":[` + many(100, `"a"`) + `]}`, 200},
		{"101 identifiers", `{"FeatureGroupName":"both","RecordIdentifiersValueAsString":[` + many(101, `"a"`) + `]}`, 400},
		{"no identifiers", `{"FeatureGroupName":"both"}`, 400},
		{"no group", `{"RecordIdentifiersValueAsString":["a"]}`, 400},
		{"no features", `{"FeatureGroupName":"both","RecordIdentifiersValueAsString":["a"],"FeatureNames":[]}`, 400},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			status, code, body := w.raw("POST", "/BatchGetRecord", `{"Identifiers":[`+c.identifiers+`]}`)
			if status != c.status || status == 400 && code != "ValidationError" {
				t.Errorf("BatchGetRecord = %d %s %s; want %d", status, code, body, c.status)
			}
		})
	}
}

func TestPutRecordAtTheSizeLimit(t *testing.T) {
	w := newWorld(t)
	room := feature.MaxRecordBytes - len("id"+"a"+"at"+noon+"s")
	w.put("both", "id", "a", "at", noon, "s", strings.Repeat("x", room))
	_, err := w.PutRecord(t.Context(), &client.PutRecordInput{FeatureGroupName: aws.String("both"), Record: record("id", "a", "at", noon, "s", strings.Repeat("x", room+1))})
	if code, _ := codeOf(err); code != "ValidationError" {
		t.Errorf("PutRecord one byte above = %v; want ValidationError", err)
	}
}
