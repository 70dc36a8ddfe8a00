package runtime_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	"github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
	"github.com/google/go-cmp/cmp"
)

// ttl is a time to live.
func ttl(unit types.TtlDurationUnit, value int32) *types.TtlDuration {
	return &types.TtlDuration{Unit: unit, Value: &value}
}

// future is n hours from now, to the second.
func future(n int) time.Time {
	return time.Now().UTC().Truncate(time.Second).Add(time.Duration(n) * time.Hour)
}

// expiresAt returns what GetRecord and BatchGetRecord say of a record's expiry; they must agree.
func (w *world) expiresAt(group, id string) string {
	w.t.Helper()
	one, err := w.GetRecord(w.t.Context(), &client.GetRecordInput{FeatureGroupName: &group, RecordIdentifierValueAsString: &id, ExpirationTimeResponse: types.ExpirationTimeResponseEnabled})
	if err != nil {
		w.t.Fatal(err)
	}
	batch, err := w.BatchGetRecord(w.t.Context(), &client.BatchGetRecordInput{
		Identifiers: []types.BatchGetRecordIdentifier{{FeatureGroupName: &group, RecordIdentifiersValueAsString: []string{id}}}, ExpirationTimeResponse: types.ExpirationTimeResponseEnabled,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if len(batch.Records) != 1 || aws.ToString(batch.Records[0].ExpiresAt) != aws.ToString(one.ExpiresAt) {
		w.t.Fatalf("GetRecord says %q, BatchGetRecord %+v", aws.ToString(one.ExpiresAt), batch.Records)
	}
	return aws.ToString(one.ExpiresAt)
}

func TestExpiresAtIsTheEventTimeAndTheTimeToLive(t *testing.T) {
	w := newWorld(t)
	at := future(0)
	for id, c := range map[string]struct {
		eventTime, want string
		ttl             *types.TtlDuration
	}{
		"none":     {at.Format(time.RFC3339), "", nil},
		"whole":    {at.Format(time.RFC3339), at.Add(48 * time.Hour).Format(time.RFC3339), ttl(types.TtlDurationUnitDays, 2)},
		"fraction": {at.Format("2006-01-02T15:04:05") + ".250Z", at.Add(7*24*time.Hour).Format("2006-01-02T15:04:05") + ".25Z", ttl(types.TtlDurationUnitWeeks, 1)},
		"offset":   {at.In(time.FixedZone("", 19800)).Format(time.RFC3339), at.Add(time.Hour).Format(time.RFC3339), ttl(types.TtlDurationUnitMinutes, 60)},
		"epoch":    {fmt.Sprint(at.Unix()), at.Add(time.Hour).Format(time.RFC3339), ttl(types.TtlDurationUnitSeconds, 3600)},
		"far":      {at.Format(time.RFC3339), "9999-12-31T23:59:59.999999999Z", ttl(types.TtlDurationUnitDays, 3_000_000)},
	} {
		_, err := w.PutRecord(t.Context(), &client.PutRecordInput{FeatureGroupName: aws.String("both"), Record: record("id", id, "at", c.eventTime), TtlDuration: c.ttl})
		if err != nil {
			t.Fatal(err)
		}
		if got := w.expiresAt("both", id); got != c.want {
			t.Errorf("%s: ExpiresAt %q; want %q", id, got, c.want)
		}
	}
}

func TestExpiresAtComesOnlyWhenAsked(t *testing.T) {
	w := newWorld(t)
	if _, err := w.PutRecord(t.Context(), &client.PutRecordInput{FeatureGroupName: aws.String("both"), Record: record("id", "a", "at", future(0).Format(time.RFC3339)), TtlDuration: ttl(types.TtlDurationUnitDays, 2)}); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"", "&ExpirationTimeResponse=Disabled"} {
		if _, _, body := w.raw("GET", "/FeatureGroup/both?RecordIdentifierValueAsString=a"+query, ""); strings.Contains(body, "ExpiresAt") || !strings.Contains(body, "Record") {
			t.Errorf("GetRecord with %q = %s", query, body)
		}
	}
	for _, member := range []string{"", `,"ExpirationTimeResponse":null`, `,"ExpirationTimeResponse":"Disabled"`} {
		if _, _, body := w.raw("POST", "/BatchGetRecord", `{"Identifiers":[{"FeatureGroupName":"both","RecordIdentifiersValueAsString":["a"]}]`+member+`}`); strings.Contains(body, "ExpiresAt") || !strings.Contains(body, `"Record"`) {
			t.Errorf("BatchGetRecord with %q = %s", member, body)
		}
	}
}

func TestARecordThatHasExpiredIsNotThere(t *testing.T) {
	w := newWorld(t)
	w.put("both", "id", "a", "at", noon)
	if _, err := w.PutRecord(t.Context(), &client.PutRecordInput{FeatureGroupName: aws.String("both"), Record: record("id", "a", "at", noon), TtlDuration: ttl(types.TtlDurationUnitDays, 1)}); err != nil {
		t.Fatal(err)
	}
	if got := w.get("both", "a"); got != nil {
		t.Errorf("GetRecord = %v; want nothing", got)
	}
	status, _, body := w.raw("POST", "/BatchGetRecord", `{"Identifiers":[{"FeatureGroupName":"both","RecordIdentifiersValueAsString":["a"]}]}`)
	if want := `{"Records":[],"Errors":[],"UnprocessedIdentifiers":[]}`; status != 200 || body != want {
		t.Errorf("BatchGetRecord = %d %s; want 200 %s", status, body, want)
	}
	if status, _, body := w.raw("POST", "/FeatureGroup/both/ListRecords", ""); status != 200 || body != `{"RecordIdentifiers":[]}` {
		t.Errorf("ListRecords = %d %s", status, body)
	}
}

func TestListsGoBothWays(t *testing.T) {
	w := newWorld(t)
	at := noon
	in := []types.FeatureValue{
		{FeatureName: aws.String("id"), ValueAsString: aws.String("a")}, {FeatureName: aws.String("at"), ValueAsString: &at},
		{FeatureName: aws.String("l"), ValueAsStringList: []string{"x", "", "x", "é\n\""}},
		{FeatureName: aws.String("i"), ValueAsStringList: []string{"2", "1", "2"}},
		{FeatureName: aws.String("v"), ValueAsStringList: []string{"1.50", "-2e3"}},
	}
	if _, err := w.PutRecord(t.Context(), &client.PutRecordInput{FeatureGroupName: aws.String("lists"), Record: in}); err != nil {
		t.Fatal(err)
	}
	out, err := w.GetRecord(t.Context(), &client.GetRecordInput{FeatureGroupName: aws.String("lists"), RecordIdentifierValueAsString: aws.String("a")})
	if err != nil {
		t.Fatal(err)
	}
	in[3].ValueAsStringList = []string{"2", "1"} // a set
	if diff := cmp.Diff(values(in), values(out.Record)); diff != "" {
		t.Errorf("GetRecord (-want +got):\n%s", diff)
	}
	// An empty list is no value.
	in[2].ValueAsStringList = []string{}
	if _, err := w.PutRecord(t.Context(), &client.PutRecordInput{FeatureGroupName: aws.String("lists"), Record: in[:3]}); err != nil {
		t.Fatal(err)
	}
	if got := w.get("lists", "a"); len(got) != 4 {
		t.Errorf("GetRecord after an empty list = %v; want the identifier and the event time", got)
	}
}

// values tells of each value its feature and its texts.
func values(record []types.FeatureValue) []string {
	all := []string{}
	for _, v := range record {
		all = append(all, fmt.Sprintf("%s %q %q", *v.FeatureName, aws.ToString(v.ValueAsString), v.ValueAsStringList))
	}
	return all
}
