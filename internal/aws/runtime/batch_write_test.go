package runtime_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/featurestore"
)

// written is a reply of BatchWriteRecord, with its entries as they were sent.
type written struct {
	Errors []struct {
		Entry                   json.RawMessage
		ErrorCode, ErrorMessage string
	}
	UnprocessedEntries []json.RawMessage
}

func (w *world) batchWrite(body string) written {
	w.t.Helper()
	status, code, reply := w.raw("POST", "/BatchWriteRecord", body)
	if status != 200 {
		w.t.Fatalf("BatchWriteRecord = %d %s %s", status, code, reply)
	}
	var out written
	if err := json.Unmarshal([]byte(reply), &out); err != nil {
		w.t.Fatalf("%s: %v", reply, err)
	}
	return out
}

func TestBatchWriteRecordAlwaysHasItsTwoLists(t *testing.T) {
	w := newWorld(t)
	status, _, body := w.raw("POST", "/BatchWriteRecord", `{"Entries":[{"FeatureGroupName":"both","Record":[{"FeatureName":"id","ValueAsString":"a"},{"FeatureName":"at","ValueAsString":"`+noon+`"}]}]}`)
	if want := `{"Errors":[],"UnprocessedEntries":[]}`; status != 200 || body != want {
		t.Errorf("BatchWriteRecord = %d %s; want 200 %s", status, body, want)
	}
	if got := w.get("both", "a"); got == nil {
		t.Error("the entry was not written")
	}
}

// TestEntriesFailAloneAndAreEchoedAsTheyWereSent: every kind of wrong entry beside two good ones.
func TestEntriesFailAloneAndAreEchoedAsTheyWereSent(t *testing.T) {
	w := newWorld(t)
	keys := `{"FeatureName":"id","ValueAsString":"bad"},{"FeatureName":"at","ValueAsString":"` + noon + `"}`
	cases := []struct{ entry, code, says string }{
		{`{ "FeatureGroupName" : "both","Record":[{"FeatureName":"at","ValueAsString":"` + noon + `"}] }`, "ValidationError", "record identifier"},
		{`{"FeatureGroupName":"none","Record":[` + keys + `],"Unknown":[1.50,null]}`, "ResourceNotFound", "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name [none]"},
		{`{"FeatureGroupName":"no name","Record":[` + keys + `]}`, "ValidationError", "feature group name"},
		{`{"FeatureGroupName":"","Record":[` + keys + `]}`, "ValidationError", "FeatureGroupName"},
		{`{"Record":[` + keys + `]}`, "ValidationError", "FeatureGroupName"},
		{`{"FeatureGroupName":"both"}`, "ValidationError", "empty"},
		{`{}`, "ValidationError", "FeatureGroupName"},
		{`{"FeatureGroupName":"both","Record":[` + keys + `,{"FeatureName":"s","ValueAsString":"\u00e9","ValueAsStringList":null},{"FeatureName":"x","ValueAsString":"nan"}]}`, "ValidationError", "nan"},
		{`{"FeatureGroupName":"both","Record":[` + keys + `,{"ValueAsString":"a"}]}`, "ValidationError", "FeatureName"},
		{`{"FeatureGroupName":"both","Record":[` + keys + `],"TargetStores":["Elsewhere"]}`, "ValidationError", "Elsewhere"},
		{`{"FeatureGroupName":"online","Record":[` + keys + `],"TargetStores":["OfflineStore"]}`, "ValidationError", "no offline store"},
		{`{"FeatureGroupName":"both","Record":[` + keys + `],"TtlDuration":{"Unit":"Days","Value":-1}}`, "ValidationError", "TtlDuration"},
		{`{"FeatureGroupName":"both","Record":[` + keys + `],"TtlDuration":{"Unit":"Days"}}`, "ValidationError", "TtlDuration has no Value"},
		{`{"FeatureGroupName":"both","Record":[` + keys + `],"TargetStores":["OfflineStore"],"TtlDuration":{"Unit":"Days","Value":1}}`, "ValidationError", "TtlDuration"},
	}
	good := func(id string) string {
		return `{"FeatureGroupName":"both","Record":[{"FeatureName":"id","ValueAsString":"` + id + `"},{"FeatureName":"at","ValueAsString":"` + noon + `"}]}`
	}
	entries := []string{good("first")}
	for _, c := range cases {
		entries = append(entries, c.entry)
	}
	out := w.batchWrite(`{"Entries":[` + strings.Join(append(entries, good("last")), " , ") + `]}`)
	if len(out.Errors) != len(cases) || len(out.UnprocessedEntries) != 0 {
		t.Fatalf("%d errors and %d unprocessed; want %d and none: %+v", len(out.Errors), len(out.UnprocessedEntries), len(cases), out)
	}
	for i, c := range cases {
		if e := out.Errors[i]; string(e.Entry) != c.entry || e.ErrorCode != c.code || !strings.Contains(e.ErrorMessage, c.says) {
			t.Errorf("error %d: %s %s %s; want %s that says %q of %s", i, e.ErrorCode, e.ErrorMessage, e.Entry, c.code, c.says, c.entry)
		}
	}
	if w.get("both", "first") == nil || w.get("both", "last") == nil || w.get("both", "bad") != nil {
		t.Error("a good entry was not written, or a bad one was")
	}
}

func TestEntriesOfOneRecordAreAppliedInOrder(t *testing.T) {
	w := newWorld(t)
	var entries []types.BatchWriteRecordEntry
	for i := range 25 {
		name := []string{"both", arn + "both"}[i%2]
		entries = append(entries, types.BatchWriteRecordEntry{FeatureGroupName: &name, Record: record("id", fmt.Sprint("r", i%2), "at", noon, "n", fmt.Sprint(i))})
	}
	if _, err := w.BatchWriteRecord(t.Context(), &client.BatchWriteRecordInput{Entries: entries}); err != nil {
		t.Fatal(err)
	}
	if even, odd := w.get("both", "r0", "n"), w.get("both", "r1", "n"); !slices.Equal(even, []string{"n", "24"}) || !slices.Equal(odd, []string{"n", "23"}) {
		t.Errorf("held %v and %v; want the last of each", even, odd)
	}
}

func TestTimeToLiveOfAnEntryBeatsThatOfTheCall(t *testing.T) {
	w := newWorld(t)
	at := future(0)
	entry := func(id string, ttl *types.TtlDuration) types.BatchWriteRecordEntry {
		return types.BatchWriteRecordEntry{FeatureGroupName: aws.String("both"), Record: record("id", id, "at", at.Format(time.RFC3339)), TtlDuration: ttl}
	}
	offline := entry("offline", nil)
	offline.TargetStores = []types.TargetStore{types.TargetStoreOfflineStore}
	out, err := w.BatchWriteRecord(t.Context(), &client.BatchWriteRecordInput{
		Entries: []types.BatchWriteRecordEntry{entry("own", ttl(types.TtlDurationUnitHours, 3)), entry("call's", nil), offline}, TtlDuration: ttl(types.TtlDurationUnitHours, 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := w.expiresAt("both", "own"), at.Add(3*time.Hour).Format(time.RFC3339); got != want {
		t.Errorf("own: ExpiresAt %s; want %s", got, want)
	}
	if got, want := w.expiresAt("both", "call's"), at.Add(time.Hour).Format(time.RFC3339); got != want {
		t.Errorf("the call's: ExpiresAt %s; want %s", got, want)
	}
	if len(out.Errors) != 1 || aws.ToString(out.Errors[0].Entry.Record[0].ValueAsString) != "offline" || out.Errors[0].Entry.TtlDuration != nil {
		t.Errorf("errors %+v; want the offline entry's, without the call's time to live", out.Errors)
	}
}

func TestThrottledEntriesAreUnprocessed(t *testing.T) {
	w := newWorldWith(t, featurestore.Options{Throttle: true, Now: func() time.Time { return time.Unix(1700000000, 0) }})
	var entries []string
	for i := range 8 {
		entries = append(entries, fmt.Sprintf(`{"FeatureGroupName":"metered","Record":[{"FeatureName":"id","ValueAsString":"a%d"},{"FeatureName":"at","ValueAsString":"1"}], "N":%d}`, i, i))
	}
	out := w.batchWrite(`{"Entries":[` + strings.Join(entries, ",") + `]}`)
	if len(out.Errors) != 0 || len(out.UnprocessedEntries) != 3 {
		t.Fatalf("%+v; want 3 of 8 unprocessed, of 1 unit a second and 5 at once", out)
	}
	for _, e := range out.UnprocessedEntries {
		if !slices.Contains(entries, string(e)) {
			t.Errorf("%s is not as it was sent", e)
		}
	}
	status, code, body := w.raw("PUT", "/FeatureGroup/metered", `{"Record":[{"FeatureName":"id","ValueAsString":"a"},{"FeatureName":"at","ValueAsString":"1"}]}`)
	if status != 400 || code != "ThrottlingException" || !strings.Contains(body, "write capacity units") {
		t.Errorf("PutRecord = %d %s %s; want a ThrottlingException", status, code, body)
	}
	if status, _, body = w.raw("POST", "/BatchGetRecord", `{"Identifiers":[{"FeatureGroupName":"metered","RecordIdentifiersValueAsString":["0","1","2","3","4","x","y"],"FeatureNames":["id"]},{"FeatureGroupName":"both","RecordIdentifiersValueAsString":["0"]}]}`); status != 200 {
		t.Fatalf("BatchGetRecord = %d %s", status, body)
	}
	if want := `"Errors":[],"UnprocessedIdentifiers":[{"FeatureGroupName":"metered","RecordIdentifiersValueAsString":["x","y"],"FeatureNames":["id"]}]}`; !strings.HasSuffix(body, want) {
		t.Errorf("BatchGetRecord = %s; want it to end in %s", body, want)
	}
	status, code, body = w.raw("GET", "/FeatureGroup/metered?RecordIdentifierValueAsString=a", "")
	if status != 400 || code != "ThrottlingException" || !strings.Contains(body, "read capacity units") {
		t.Errorf("GetRecord = %d %s %s; want a ThrottlingException", status, code, body)
	}
}

func TestListRecords(t *testing.T) {
	w := newWorld(t)
	var want []string
	for i := range 7 {
		id := fmt.Sprintf("id \"%d\"", i)
		w.put("both", "id", id, "at", noon)
		want = append(want, id)
	}
	if _, err := w.DeleteRecord(t.Context(), &client.DeleteRecordInput{FeatureGroupName: aws.String("both"), RecordIdentifierValueAsString: &want[3], EventTime: aws.String("2025-01-01T00:00:00Z")}); err != nil {
		t.Fatal(err)
	}
	for deleted, want := range map[bool][]string{true: want, false: slices.Concat(want[:3], want[4:])} {
		pages := client.NewListRecordsPaginator(w.Client, &client.ListRecordsInput{FeatureGroupName: aws.String(arn + "both"), MaxResults: aws.Int32(3), IncludeSoftDeletedRecords: &deleted})
		var got []string
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, page.RecordIdentifiers...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("with deleted records %t (-want +got):\n%s", deleted, diff)
		}
	}
	for _, body := range []string{"", "{}", `{"MaxResults":null,"NextToken":null,"IncludeSoftDeletedRecords":null}`} {
		if status, _, reply := w.raw("POST", "/FeatureGroup/online/ListRecords", body); status != 200 || reply != `{"RecordIdentifiers":[]}` {
			t.Errorf("ListRecords of nothing with %q = %d %s", body, status, reply)
		}
	}
}

func TestUpdateRecord(t *testing.T) {
	w := newWorld(t)
	update := func(at string, more ...types.FeatureValue) error {
		if at != "" {
			more = append(more, record("at", at)...)
		}
		_, err := w.UpdateRecord(t.Context(), &client.UpdateRecordInput{FeatureGroupName: aws.String("v2"), RecordIdentifierValueAsString: aws.String("a"), Features: more})
		return err
	}
	w.put("v2", "id", "a", "at", noon, "n", "1", "s", "text")
	if err := update("", record("n", "2")...); err != nil {
		t.Fatal(err)
	}
	if err := update("2024-01-31T12:00:00.5Z", types.FeatureValue{FeatureName: aws.String("s")}); err != nil {
		t.Fatal(err)
	}
	if got := w.get("v2", "a"); !slices.Equal(got, []string{"id", "a", "at", "2024-01-31T12:00:00.5Z", "n", "2"}) {
		t.Errorf("GetRecord = %v", got)
	}
	err := update(noon, record("n", "3")...)
	if code, status := codeOf(err); code != "ConflictException" || status != 409 {
		t.Errorf("an older event time: %v; want ConflictException 409", err)
	}
	status, _, body := w.raw("POST", "/FeatureGroup/v2/Record", `{"RecordIdentifierValueAsString":"a","Features":[{"FeatureName":"x","ValueAsString":"1"}]}`)
	if status != 200 || body != "" {
		t.Errorf("UpdateRecord = %d %q; want 200 and no body", status, body)
	}
}

func TestUpdateRecordOnEveryStorageTypeWithExtensions(t *testing.T) {
	w := newWorldWith(t, featurestore.Options{Extensions: true})
	w.put("both", "id", "a", "at", noon)
	if _, err := w.UpdateRecord(t.Context(), &client.UpdateRecordInput{FeatureGroupName: aws.String("both"), RecordIdentifierValueAsString: aws.String("a"), Features: record("n", "2")}); err != nil {
		t.Error(err)
	}
}
