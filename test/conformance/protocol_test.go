package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// Rule 0.2-1, 0.2-3, 0.3-5.
func TestControlPlaneRepliesAreJSONWithARequestID(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	got := control(t, "DescribeFeatureGroup", fmt.Sprintf(`{"FeatureGroupName":%q}`, w.group))
	expect(t, "status", got.status, http.StatusOK)
	expect(t, "content type", got.header.Get("Content-Type"), "application/x-amz-json-1.1")
	if id := got.header.Get("X-Amzn-Requestid"); !uuid.MatchString(id) {
		t.Errorf("x-amzn-RequestId is %q", id)
	}
	var times struct{ CreationTime json.Number }
	must(t, json.Unmarshal(got.body, &times))
	if !regexp.MustCompile(`^1[0-9]{9}(\.[0-9]{1,3})?$`).MatchString(times.CreationTime.String()) {
		t.Errorf("CreationTime is %s; want seconds with up to three decimals", times.CreationTime)
	}
}

// Rule 0.2-2, 1.6-1, 1.8-10.
func TestOperationsWithoutOutputAnswerNothing(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	for operation, body := range map[string]string{
		"UpdateFeatureMetadata": fmt.Sprintf(`{"FeatureGroupName":%q,"FeatureName":"n","Description":"d"}`, w.group),
		"DeleteFeatureGroup":    fmt.Sprintf(`{"FeatureGroupName":%q}`, w.group),
	} {
		t.Run(operation, func(t *testing.T) {
			if operation == "DeleteFeatureGroup" { // a group of its own
				body = fmt.Sprintf(`{"FeatureGroupName":%q}`, newOnline(t).group)
			}
			got := control(t, operation, body)
			if text := string(got.body); got.status != http.StatusOK || text != "" && text != "{}" {
				t.Errorf("%d %q; want 200 and nothing", got.status, text)
			}
		})
	}
}

// Rule 0.2-4.
func TestTimesInRequestsAreNumbersOrText(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	for name, at := range map[string]string{
		"seconds": "1700000000", "with a fraction": "1700000000.25", "ISO-8601": `"2023-11-14T22:13:20Z"`,
	} {
		t.Run(name, func(t *testing.T) {
			got := control(t, "ListFeatureGroups", fmt.Sprintf(`{"NameContains":%q,"CreationTimeAfter":%s}`, w.group, at)).object(t)
			if groups, _ := got["FeatureGroupSummaries"].([]any); len(groups) != 1 {
				t.Errorf("found %v; want the one group", got)
			}
		})
	}
}

// Rule 0.2-5, 0.2-6.
func TestNullAndUnknownMembersAreAbsent(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	got := control(t, "ListFeatureGroups", fmt.Sprintf(`{"NameContains":%q,"MaxResults":null,"SortBy":null,"CreationTimeAfter":null,"NextToken":null,"Colour":"red"}`, w.group))
	if groups, _ := got.object(t)["FeatureGroupSummaries"].([]any); len(groups) != 1 {
		t.Errorf("found %s; want the one group", got.body)
	}
	body := `{"Record":[{"FeatureName":"id","ValueAsString":"a","ValueAsStringList":null},{"FeatureName":"at","ValueAsString":"2026-01-01T00:00:00Z"},
		{"FeatureName":"n","ValueAsString":null}],"TargetStores":null,"TtlDuration":null,"Colour":{"deep":[1,"x",null]}}`
	if got := rest(t, "PUT", "/FeatureGroup/"+w.group, body); got.status != http.StatusOK {
		t.Errorf("PutRecord: %d %s", got.status, got.body)
	}
	expect(t, "the record", w.get("a"), []string{"id=a", "at=2026-01-01T00:00:00Z"})
}

// Rule 0.2-7, 0.2-8, 1.2-1, 11-37.
func TestRequiredMembersOfTheControlPlane(t *testing.T) {
	t.Parallel()
	create := `{"FeatureGroupName":"g","RecordIdentifierFeatureName":"id","EventTimeFeatureName":"at",` +
		`"FeatureDefinitions":[{"FeatureName":"id","FeatureType":"String"},{"FeatureName":"at","FeatureType":"String"}]`
	for name, c := range map[string]struct{ operation, body string }{
		"create without a name":          {"CreateFeatureGroup", strings.Replace(create, `"FeatureGroupName":"g",`, "", 1) + `,"OnlineStoreConfig":{"EnableOnlineStore":true}}`},
		"create without an identifier":   {"CreateFeatureGroup", strings.Replace(create, `"RecordIdentifierFeatureName":"id",`, "", 1) + `,"OnlineStoreConfig":{"EnableOnlineStore":true}}`},
		"create without definitions":     {"CreateFeatureGroup", `{"FeatureGroupName":"g","RecordIdentifierFeatureName":"id","EventTimeFeatureName":"at"}`},
		"create with an unnamed feature": {"CreateFeatureGroup", strings.Replace(create, `"FeatureName":"id",`, "", 1) + `,"OnlineStoreConfig":{"EnableOnlineStore":true}}`},
		"describe":                       {"DescribeFeatureGroup", `{}`},
		"update":                         {"UpdateFeatureGroup", `{"ThroughputConfig":{"ThroughputMode":"OnDemand"}}`},
		"delete":                         {"DeleteFeatureGroup", `{}`},
		"describe metadata":              {"DescribeFeatureMetadata", `{"FeatureGroupName":"g"}`},
		"update metadata":                {"UpdateFeatureMetadata", `{"FeatureName":"f"}`},
		"add tags":                       {"AddTags", `{"Tags":[]}`},
		"list tags":                      {"ListTags", `{}`},
		"delete tags":                    {"DeleteTags", `{"TagKeys":["a"]}`},
		"search":                         {"Search", `{}`},
		"suggestions":                    {"GetSearchSuggestions", `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := control(t, c.operation, c.body)
			body := got.object(t)
			expect(t, "status", got.status, http.StatusBadRequest)
			expect(t, "__type", body["__type"], any("ValidationException"))
			expect(t, "x-amzn-ErrorType", got.header.Get("X-Amzn-Errortype"), "ValidationException")
			if text, _ := body["Message"].(string); !strings.HasPrefix(text, "Validation Error: ") {
				t.Errorf("Message is %v", body)
			}
		})
	}
}

// Rule 0.2-9, 0.4-10.
func TestMalformedBodiesAreTheUsersFault(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	bodies := map[string]string{
		"no JSON": `{`, "an array": `[]`, "a text": `"x"`, "two values": `{}{}`, "a number for a name": `{"FeatureGroupName":7,"Record":7,"Identifiers":7,"Entries":7,"Features":7,"MaxResults":"7"}`,
	}
	for name, body := range bodies {
		for _, operation := range []string{"CreateFeatureGroup", "DescribeFeatureGroup", "UpdateFeatureGroup", "AddTags", "Search"} {
			t.Run(operation+" "+name, func(t *testing.T) {
				got := control(t, operation, body)
				if got.status != http.StatusBadRequest || got.code() != "SerializationException" && got.code() != "ValidationException" {
					t.Errorf("%d %s", got.status, got.body)
				}
			})
		}
		for _, route := range []string{"PUT /FeatureGroup/" + w.group, "POST /BatchGetRecord", "POST /BatchWriteRecord", "POST /FeatureGroup/" + w.group + "/ListRecords", "POST /FeatureGroup/" + w.group + "/Record"} {
			t.Run(route+" "+name, func(t *testing.T) {
				method, path, _ := strings.Cut(route, " ")
				got := rest(t, method, path, body)
				if got.status != http.StatusBadRequest || got.code() != "SerializationException" && got.code() != "ValidationError" {
					t.Errorf("%d %s %s", got.status, got.code(), got.body)
				}
			})
		}
	}
	expect(t, "no JSON", control(t, "DescribeFeatureGroup", `{`).code(), "SerializationException")
	expect(t, "a number for a name", control(t, "DescribeFeatureGroup", `{"FeatureGroupName":7}`).code(), "SerializationException")
	expect(t, "a body cut short", rest(t, "PUT", "/FeatureGroup/"+w.group, `{"Record":[`).code(), "SerializationException")
}

// Rule 0.3-1, 0.3-2, 11-34.
func TestQueryStringsOfTheRuntime(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	id := "a +/%é&=?#"
	w.mustPut("id", id, "at", noon, "n", "1", "s", "x")
	path := "/FeatureGroup/" + w.group + "?RecordIdentifierValueAsString=" + strings.ReplaceAll(url.QueryEscape(id), "+", "%20")
	for name, c := range map[string]struct {
		query string
		want  int // features
	}{
		"all": {"", 4}, "one": {"&FeatureName=n", 1}, "two": {"&FeatureName=n&FeatureName=s", 2}, "the member's name is not the key": {"&FeatureNames=n", 4},
	} {
		t.Run(name, func(t *testing.T) {
			got := rest(t, "GET", path+c.query, "")
			if record, _ := got.object(t)["Record"].([]any); len(record) != c.want {
				t.Errorf("%d %s; want %d features", got.status, got.body, c.want)
			}
		})
	}
}

// Rule 0.3-2, 2.1-1.
func TestARNsInPathsAreOneSegment(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	w.mustPut("id", "a", "at", noon)
	escaped := url.PathEscape(w.arn())
	for name, label := range map[string]string{"upper-case escapes": strings.ReplaceAll(escaped, ":", "%3A"), "lower-case escapes": strings.ToLower(strings.ReplaceAll(escaped, ":", "%3A")), "colons as they are": escaped} {
		t.Run(name, func(t *testing.T) {
			got := rest(t, "GET", "/FeatureGroup/"+label+"?RecordIdentifierValueAsString=a", "")
			if record, _ := got.object(t)["Record"].([]any); got.status != http.StatusOK || len(record) != 2 {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
}

// Rule 0.3-3.
func TestWritesAnswerAnEmptyBody(t *testing.T) {
	t.Parallel()
	w := newOnline(t, storage("Standard_V2"))
	path := "/FeatureGroup/" + w.group
	for _, c := range []struct{ name, method, path, body string }{
		{"PutRecord", "PUT", path, `{"Record":[{"FeatureName":"id","ValueAsString":"a"},{"FeatureName":"at","ValueAsString":"` + noon + `"}]}`},
		{"UpdateRecord", "POST", path + "/Record", `{"RecordIdentifierValueAsString":"a","Features":[{"FeatureName":"n","ValueAsString":"1"}]}`},
		{"DeleteRecord", "DELETE", path + "?RecordIdentifierValueAsString=a&EventTime=" + url.QueryEscape(later), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := rest(t, c.method, c.path, c.body)
			if got.status != http.StatusOK || len(got.body) != 0 || !uuid.MatchString(got.header.Get("X-Amzn-Requestid")) {
				t.Errorf("%d %q, request id %q", got.status, got.body, got.header.Get("X-Amzn-Requestid"))
			}
		})
	}
}

// Rule 0.3-4, 0.3-5, 2.9-1, 2.9-2, 2.9-3, 2.9-5.
func TestRuntimeErrorsHaveNameStatusAndText(t *testing.T) {
	t.Parallel()
	w := newOnline(t, storage("Standard_V2"))
	w.mustPut("id", "a", "at", noon)
	path := "/FeatureGroup/" + w.group
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code, text               string
	}{
		{"ValidationError", "PUT", path, `{"Record":[]}`, 400, "ValidationError", "Validation Error: "},
		{"ResourceNotFound", "GET", path + "x?RecordIdentifierValueAsString=a", "", 404, "ResourceNotFound", "Resource Not Found: "},
		{"ConflictException", "POST", path + "/Record", `{"RecordIdentifierValueAsString":"a","Features":[{"FeatureName":"at","ValueAsString":"` + earlier + `"}]}`, 409, "ConflictException", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := rest(t, c.method, c.path, c.body)
			text, _ := got.object(t)["Message"].(string)
			name, _, _ := strings.Cut(got.header.Get("X-Amzn-Errortype"), ":")
			if got.status != c.status || name != c.code || text == "" || !strings.HasPrefix(text, c.text) || !uuid.MatchString(got.header.Get("X-Amzn-Requestid")) {
				t.Errorf("%d, %s, %s", got.status, name, got.body)
			}
		})
	}
}

// Rule 0.4-4.
func TestASignatureThatCannotBeReadIsIncomplete(t *testing.T) {
	t.Parallel()
	c := rawCall("POST", "/", http.Header{"X-Amz-Target": {"SageMaker.ListFeatureGroups"}, "Content-Type": {"application/x-amz-json-1.1"}}, `{}`)
	c.after = func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=nobody") }
	expect(t, "code", c.do(t).code(), "IncompleteSignature")
}

// Rule 0.4-7.
func TestRequestsOfAQuarterOfAnHourAgoAreExpired(t *testing.T) {
	t.Parallel()
	c := rawCall("POST", "/", http.Header{"X-Amz-Target": {"SageMaker.ListFeatureGroups"}, "Content-Type": {"application/x-amz-json-1.1"}}, `{"MaxResults":1}`)
	c.at = time.Now().Add(-14 * time.Minute)
	expect(t, "14 minutes", c.do(t).code(), "")
	c.at = time.Now().Add(-16 * time.Minute)
	expect(t, "16 minutes", c.do(t).code(), "RequestExpired")
}

// Rule 0.4-9.
func TestUnknownOperationsAndPaths(t *testing.T) {
	t.Parallel()
	for name, got := range map[string]reply{
		"operation of another kind of resource": control(t, "CreateModel", `{}`),
		"operation of nothing":                  control(t, "", `{}`),
		"path":                                  rest(t, "POST", "/FeatureGroups", `{}`),
		"method":                                rest(t, "PATCH", "/FeatureGroup/g", `{}`),
		"deeper path":                           rest(t, "POST", "/FeatureGroup/g/Records", `{}`),
	} {
		t.Run(name, func(t *testing.T) {
			if got.code() != "UnknownOperationException" || got.status >= 500 {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
}

// Rule 2.1-1.
func TestRuntimeNamesGroupsBy150Characters(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	w.mustPut("id", "a", "at", noon)
	long := func(n int) string {
		arn := w.arn()
		return "arn:aws" + strings.Repeat("-", n-len(arn)) + strings.TrimPrefix(arn, "arn:aws")
	}
	get := func(ref string) error {
		id := "a"
		_, err := w.Runtime.GetRecord(t.Context(), &runtime.GetRecordInput{FeatureGroupName: &ref, RecordIdentifierValueAsString: &id})
		return err
	}
	must(t, get(long(150)))
	refused(t, get(long(151)), "ValidationError")
	refused(t, get("-"+w.group), "ValidationError")
	refused(t, get(strings.Repeat("g", 65)), "ValidationError")
}
