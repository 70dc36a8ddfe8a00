package conformance

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	runtime "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime"
	runtimetypes "github.com/aws/aws-sdk-go-v2/service/sagemakerfeaturestoreruntime/types"
)

const (
	onlineStore  = runtimetypes.TargetStoreOnlineStore
	offlineStore = runtimetypes.TargetStoreOfflineStore
	soft         = runtimetypes.DeletionModeSoftDelete
	hard         = runtimetypes.DeletionModeHardDelete
)

// Rule 2.1-2, 2.1-3, 2.1-5, 2.1-6, 2.3-4, 2.3-5, 3.3-5, 3.3-9.
func TestPutRecordRefusesShapes(t *testing.T) {
	t.Parallel()
	w := newOnline(t, storage(types.StorageTypeInMemory), define(collection("items", "String", types.CollectionTypeList), collection("codes", "Integral", types.CollectionTypeSet), vector("v", "Fractional", 2)))
	offline := newWorldOf(t, offlineOnly)
	both := newWorld(t)
	with := func(more string) string {
		return `{"Record":[{"FeatureName":"id","ValueAsString":"a"},{"FeatureName":"at","ValueAsString":"` + noon + `"}` + more + `}`
	}
	for name, c := range map[string]struct {
		on   *world
		body string
		code string // "": taken
	}{
		"no record":                         {w, `{}`, "ValidationError"},
		"an empty record":                   {w, `{"Record":[]}`, "ValidationError"},
		"a feature without a name":          {w, with(`,{"ValueAsString":"1"}]`), "ValidationError"},
		"a feature with neither":            {w, with(`,{"FeatureName":"n"}]`), ""},
		"a scalar with both":                {w, with(`,{"FeatureName":"n","ValueAsString":"1","ValueAsStringList":["1"]}]`), "ValidationError"},
		"a list with both":                  {w, with(`,{"FeatureName":"items","ValueAsString":"1","ValueAsStringList":["1"]}]`), "ValidationError"},
		"a list with an empty text too":     {w, with(`,{"FeatureName":"items","ValueAsString":"","ValueAsStringList":["1"]}]`), "ValidationError"},
		"a scalar with a list":              {w, with(`,{"FeatureName":"n","ValueAsStringList":["1"]}]`), "ValidationError"},
		"a list with a text":                {w, with(`,{"FeatureName":"items","ValueAsString":"1"}]`), "ValidationError"},
		"a list with a null":                {w, with(`,{"FeatureName":"items","ValueAsStringList":["1",null]}]`), "SerializationException"},
		"a list of numbers":                 {w, with(`,{"FeatureName":"items","ValueAsStringList":[1]}]`), "SerializationException"},
		"an element of another type":        {w, with(`,{"FeatureName":"codes","ValueAsStringList":["1","x"]}]`), "ValidationError"},
		"a vector too short":                {w, with(`,{"FeatureName":"v","ValueAsStringList":["1"]}]`), "ValidationError"},
		"a vector with NaN":                 {w, with(`,{"FeatureName":"v","ValueAsStringList":["1","NaN"]}]`), "ValidationError"},
		"a number for a text":               {w, with(`,{"FeatureName":"n","ValueAsString":1}]`), "SerializationException"},
		"no stores":                         {w, with(`],"TargetStores":[]`), "ValidationError"},
		"three stores":                      {both, with(`],"TargetStores":["OnlineStore","OfflineStore","OnlineStore"]`), "ValidationError"},
		"a store twice":                     {w, with(`],"TargetStores":["OnlineStore","OnlineStore"]`), ""},
		"an unknown store":                  {w, with(`],"TargetStores":["Online"]`), "ValidationError"},
		"an offline store that is not":      {w, with(`],"TargetStores":["OfflineStore"]`), "ValidationError"},
		"an online store that is not":       {offline, with(`],"TargetStores":["OnlineStore"]`), "ValidationError"},
		"a time to live":                    {w, with(`],"TtlDuration":{"Unit":"Weeks","Value":200}`), ""},
		"a time to live of 0":               {w, with(`],"TtlDuration":{"Unit":"Weeks","Value":0}`), "ValidationError"},
		"a time to live without a unit":     {w, with(`],"TtlDuration":{"Value":1}`), "ValidationError"},
		"a time to live without a value":    {w, with(`],"TtlDuration":{"Unit":"Days"}`), "ValidationError"},
		"a time to live of an unknown unit": {w, with(`],"TtlDuration":{"Unit":"Years","Value":1}`), "ValidationError"},
		"a time to live offline":            {offline, with(`],"TtlDuration":{"Unit":"Days","Value":1}`), "ValidationError"},
		"a time to live of a row alone":     {both, with(`],"TargetStores":["OfflineStore"],"TtlDuration":{"Unit":"Days","Value":1}`), "ValidationError"},
	} {
		t.Run(name, func(t *testing.T) {
			got := rest(t, "PUT", "/FeatureGroup/"+c.on.group, c.body)
			if got.code() != c.code {
				t.Errorf("%d %s %s; want %q", got.status, got.code(), got.body, c.code)
			}
		})
	}
}

// Rule 1.13-1, 1.13-2, 1.13-3.
func TestRecordSizes(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	const most = 350 << 10
	room := most - len("id"+"at"+noon+"s") - 1
	must(t, w.put("id", "a", "at", noon, "s", strings.Repeat("x", room)))
	refused(t, w.put("id", "b", "at", noon, "s", strings.Repeat("x", room+1)), "ValidationError", "350 KB")
	refused(t, w.put("id", "b", "at", noon, "s", strings.Repeat("x", 358_401)), "ValidationError")
	must(t, w.put("id", strings.Repeat("i", 2048), "at", noon))
	refused(t, w.put("id", strings.Repeat("i", 2049), "at", noon), "ValidationError", "2 KB")
	refused(t, w.put("id", strings.Repeat("é", 1025), "at", noon), "ValidationError", "2 KB")
	refused(t, w.remove("b", strings.Repeat("9", 358_401), soft), "ValidationError")
	expect(t, "the largest", len(w.get("a", "s")[0]), room+len("s="))
}

// Rule 2.1-4, 2.1-7, 2.2-1, 2.2-2, 2.2-3, 2.2-4, 2.2-5, 2.2-6, 2.2-8, 11-11, 11-22, 11-41.
func TestGetRecord(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	w.mustPut("s", "", "x", "1.50", "at", noon, "id", "a")
	expect(t, "in the order of definitions, as they were put", w.get("a"), []string{"id=a", "at=" + noon, "x=1.50", "s="})
	expect(t, "a choice", w.get("a", "s", "x"), []string{"x=1.50", "s="})
	expect(t, "a choice of what is null", w.get("a", "n"), []string(nil))
	path := "/FeatureGroup/" + w.group
	for name, c := range map[string]struct {
		path         string
		status       int
		code         string
		body         string // "" is any
		notInTheBody string
	}{
		"nobody":               {path + "?RecordIdentifierValueAsString=b", 200, "", "{}", ""},
		"no identifier":        {path, 400, "ValidationError", "", ""},
		"unknown feature":      {path + "?RecordIdentifierValueAsString=a&FeatureName=N", 400, "ValidationError", "", ""},
		"empty feature":        {path + "?RecordIdentifierValueAsString=a&FeatureName=", 400, "ValidationError", "", ""},
		"unknown feature, too": {path + "?RecordIdentifierValueAsString=b&FeatureName=N", 400, "ValidationError", "", ""},
		"expiry":               {path + "?RecordIdentifierValueAsString=a&ExpirationTimeResponse=Enabled", 200, "", "", "ExpiresAt"},
		"no expiry":            {path + "?RecordIdentifierValueAsString=a&ExpirationTimeResponse=Disabled", 200, "", "", "ExpiresAt"},
		"expiry perhaps":       {path + "?RecordIdentifierValueAsString=a&ExpirationTimeResponse=Perhaps", 400, "ValidationError", "", ""},
		"unknown group":        {path + "x?RecordIdentifierValueAsString=a", 404, "ResourceNotFound", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := rest(t, "GET", c.path, "")
			if got.status != c.status || got.code() != c.code || c.body != "" && string(got.body) != c.body || c.notInTheBody != "" && strings.Contains(string(got.body), c.notInTheBody) {
				t.Errorf("%d %s %s", got.status, got.code(), got.body)
			}
		})
	}
	refused(t, justError(w.Runtime.BatchGetRecord(t.Context(), &runtime.BatchGetRecordInput{Identifiers: []runtimetypes.BatchGetRecordIdentifier{
		{FeatureGroupName: &w.group, RecordIdentifiersValueAsString: []string{"a"}, FeatureNames: []string{}}}})), "ValidationError")
	offline := newWorldOf(t, offlineOnly)
	id := "a"
	_, err := w.Runtime.GetRecord(t.Context(), &runtime.GetRecordInput{FeatureGroupName: &offline.group, RecordIdentifierValueAsString: &id})
	refused(t, err, "ValidationError", "online store")
}

// Rule 2.1-8, 3.3-3, 3.3-14.
func TestTextsAreKeptAsTheyAre(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	for i, text := range []string{"", " ", "line\nline\r\n\ttab", "\"\\/<>&'", "日本語 🚲 \u2028", "null", "\x7f\x00\x01", strings.Repeat("é", 1000)} {
		w.mustPut("id", fmt.Sprint("t", i), "at", noon, "s", text)
		expect(t, fmt.Sprintf("%.20q", text), w.get(fmt.Sprint("t", i), "s"), []string{"s=" + text})
	}
	for _, id := range []string{"1", "01", "1.0", "A", "a", " a", "a/b?c=d&e#%2F"} {
		w.mustPut("id", id, "at", noon, "s", "of "+id)
	}
	for _, id := range []string{"1", "01", "1.0", "A", "a", " a", "a/b?c=d&e#%2F"} {
		expect(t, id, w.get(id, "s"), []string{"s=of " + id})
	}
}

// Rule 2.3-1, 2.3-3, 3.1-8, 3.3-13.
func TestPutRecordReplacesTheWholeRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mustPut("id", "a", "at", noon, "n", "1", "x", "2.5", "s", "text")
	w.mustPut("id", "a", "at", later, "s", "other")
	expect(t, "the record", w.get("a"), []string{"id=a", "at=" + later, "s=other"})
	expect(t, "rows in both stores", w.sql(`SELECT n, x, s, n IS NULL FROM $table ORDER BY at`)[1:], [][]string{{"1", "2.5", "text", "false"}, {"", "", "other", "true"}})
}

// Rule 2.3-2, 2.4-3, 2.2-6, 2.7-5, 11-3, 11-2.
func TestAMissingGroup(t *testing.T) {
	t.Parallel()
	w := newNames(t)
	const says = "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name ["
	check := func(name string, err error, code string, status int) {
		t.Run(name, func(t *testing.T) {
			refused(t, err, code, says+w.group+"]")
			expect(t, "status", statusOf(err), status)
		})
	}
	id := "a"
	check("PutRecord", w.put("id", "a", "at", noon), "ValidationError", 400)
	check("DeleteRecord", w.remove("a", noon, soft), "ValidationError", 400)
	check("GetRecord", justError(w.Runtime.GetRecord(t.Context(), &runtime.GetRecordInput{FeatureGroupName: &w.group, RecordIdentifierValueAsString: &id})), "ResourceNotFound", 404)
	check("ListRecords", justError(w.Runtime.ListRecords(t.Context(), &runtime.ListRecordsInput{FeatureGroupName: &w.group})), "ResourceNotFound", 404)
	check("UpdateRecord", w.updateRecord(&updateInput{RecordIdentifierValueAsString: &id, Features: record("n", "1")}), "ResourceNotFound", 404)
	must(t, w.create(onlineOnly))
	refused(t, w.put("id", "a"), "ValidationError")
	refused(t, w.update(&groupUpdate{}), "ValidationException")
}

// Rule 2.4-1, 2.4-2, 2.4-4, 3.2-6.
func TestDeleteRecordShapes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	fractional := newOnline(t, keys("id", "x"))
	for name, c := range map[string]struct {
		on    *world
		query string
		ok    bool
	}{
		"no identifier":            {w, "EventTime=" + url.QueryEscape(noon), false},
		"no event time":            {w, "RecordIdentifierValueAsString=a", false},
		"an empty event time":      {w, "RecordIdentifierValueAsString=a&EventTime=", false},
		"a date":                   {w, "RecordIdentifierValueAsString=a&EventTime=2026-01-01", false},
		"an unknown mode":          {w, "RecordIdentifierValueAsString=a&DeletionMode=Gone&EventTime=" + url.QueryEscape(noon), false},
		"an unknown store":         {w, "RecordIdentifierValueAsString=a&TargetStores=Disk&EventTime=" + url.QueryEscape(noon), false},
		"soft":                     {w, "RecordIdentifierValueAsString=a&DeletionMode=SoftDelete&EventTime=" + url.QueryEscape(noon), true},
		"both stores":              {w, "RecordIdentifierValueAsString=a&TargetStores=OnlineStore&TargetStores=OfflineStore&EventTime=" + url.QueryEscape(later), true},
		"a number for a time":      {fractional, "RecordIdentifierValueAsString=a&EventTime=1700000000.5", true},
		"a text for a number":      {fractional, "RecordIdentifierValueAsString=a&EventTime=" + url.QueryEscape(noon), false},
		"an identifier over 2 KB":  {w, "RecordIdentifierValueAsString=" + strings.Repeat("i", 2049) + "&EventTime=" + url.QueryEscape(noon), false},
		"a store that is not here": {fractional, "RecordIdentifierValueAsString=a&TargetStores=OfflineStore&EventTime=1700000001", false},
	} {
		t.Run(name, func(t *testing.T) {
			got := rest(t, "DELETE", "/FeatureGroup/"+c.on.group+"?"+c.query, "")
			if (got.status == 200) != c.ok || !c.ok && got.code() != "ValidationError" {
				t.Errorf("%d %s %s", got.status, got.code(), got.body)
			}
		})
	}
	w.mustPut("id", "d", "at", noon)
	must(t, w.remove("d", later, ""))
	w.mustPut("id", "d", "at", noon)
	expect(t, "the mode by default leaves a tombstone", w.get("d"), []string(nil))
}

// Rule 2.5-1, 2.5-2, 2.5-3, 2.5-4, 2.5-5, 2.5-7, 11-4.
func TestBatchGetRecordLists(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	arn := w.arn()
	for i := range 5 {
		w.mustPut("id", fmt.Sprint(i), "at", noon, "n", fmt.Sprint(i))
	}
	must(t, w.remove("4", later, soft))
	raw := rest(t, "POST", "/BatchGetRecord", fmt.Sprintf(`{"Identifiers":[{"FeatureGroupName":%q,"RecordIdentifiersValueAsString":["4","nobody"]}]}`, w.group))
	expect(t, "nothing found", raw.object(t), map[string]any{"Records": []any{}, "Errors": []any{}, "UnprocessedIdentifiers": []any{}})
	got, err := w.Runtime.BatchGetRecord(t.Context(), &runtime.BatchGetRecordInput{Identifiers: []runtimetypes.BatchGetRecordIdentifier{
		{FeatureGroupName: &arn, RecordIdentifiersValueAsString: []string{"3", "1", "3"}},
		{FeatureGroupName: &w.group, RecordIdentifiersValueAsString: []string{"2", "nobody"}, FeatureNames: []string{"n"}},
		{FeatureGroupName: aws.String(w.group + "x"), RecordIdentifiersValueAsString: []string{"1", "2"}},
		{FeatureGroupName: &w.group, RecordIdentifiersValueAsString: []string{"1"}, FeatureNames: []string{"N"}},
	}})
	must(t, err)
	var found, failed []string
	for _, r := range got.Records {
		found = append(found, fmt.Sprint(*r.FeatureGroupName == arn, *r.FeatureGroupName == w.group, " ", *r.RecordIdentifierValueAsString, " ", texts(r.Record)))
	}
	for _, e := range got.Errors {
		failed = append(failed, fmt.Sprint(strings.TrimPrefix(*e.FeatureGroupName, w.group), " ", *e.RecordIdentifierValueAsString, " ", *e.ErrorCode))
	}
	expect(t, "records", found, []string{"true false 3 [id=3 at=" + noon + " n=3]", "true false 1 [id=1 at=" + noon + " n=1]", "true false 3 [id=3 at=" + noon + " n=3]", "false true 2 [n=2]"})
	expect(t, "errors", failed, []string{"x 1 ResourceNotFound", "x 2 ResourceNotFound", " 1 ValidationError"})
	ids := make([]string, 100)
	for i := range ids {
		ids[i] = fmt.Sprint(i)
	}
	want := func(groups, each int) error {
		in := &runtime.BatchGetRecordInput{Identifiers: []runtimetypes.BatchGetRecordIdentifier{}}
		for range groups {
			in.Identifiers = append(in.Identifiers, runtimetypes.BatchGetRecordIdentifier{FeatureGroupName: &w.group, RecordIdentifiersValueAsString: append(ids, ids...)[:each]})
		}
		return justError(w.Runtime.BatchGetRecord(t.Context(), in))
	}
	must(t, want(100, 100))
	refused(t, want(0, 0), "ValidationError")
	refused(t, want(101, 1), "ValidationError")
	refused(t, want(1, 0), "ValidationError")
	refused(t, want(1, 101), "ValidationError")
}

// Rule 2.6-1, 2.6-2, 2.6-4, 2.6-5, 2.6-6, 2.6-7, 11-30, 11-31.
func TestBatchWriteRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	entry := func(group, more string, pairs ...string) string {
		var features []string
		for i := 0; i < len(pairs); i += 2 {
			features = append(features, fmt.Sprintf(`{"FeatureName":%q,"ValueAsString":%q}`, pairs[i], pairs[i+1]))
		}
		return fmt.Sprintf(`{"FeatureGroupName":%q,"Record":[%s]%s}`, group, strings.Join(features, ","), more)
	}
	w.mustPut("id", "held", "at", later, "n", "1")
	noID := entry(w.group, `,"TargetStores":["OfflineStore","OnlineStore"]`, "at", noon, "n", "3")
	nobody := entry(w.group+"x", "", "id", "x", "at", noon)
	half := entry(w.group, `,"TtlDuration":{"Unit":"Days","Value":0}`, "id", "half", "at", noon)
	entries := []string{
		entry(w.group, "", "id", "new", "at", noon, "n", "1"), noID,
		entry(w.group, "", "id", "held", "at", noon, "n", "2"), nobody, half,
		entry(w.group, `,"TargetStores":["OnlineStore"]`, "id", "online", "at", noon),
		entry(w.group, `,"TargetStores":["OfflineStore"]`, "id", "offline", "at", noon),
		entry(w.group, "", "id", "twice", "at", noon, "n", "1"), entry(w.group, "", "id", "twice", "at", noon, "s", "last"),
	}
	got := rest(t, "POST", "/BatchWriteRecord", `{"Entries":[`+strings.Join(entries, ",")+`]}`)
	body := got.object(t)
	if got.status != 200 || len(body) != 2 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	expect(t, "unprocessed", body["UnprocessedEntries"], any([]any{}))
	var failed []string
	for _, e := range body["Errors"].([]any) {
		e := e.(map[string]any)
		echoed, err := json.Marshal(e["Entry"])
		must(t, err)
		failed = append(failed, fmt.Sprint(e["ErrorCode"], " ", canonical(t, string(echoed))))
		if text, _ := e["ErrorMessage"].(string); text == "" {
			t.Errorf("an error without a message: %v", e)
		}
	}
	slices.Sort(failed)
	want := []string{"ResourceNotFound " + canonical(t, nobody), "ValidationError " + canonical(t, noID), "ValidationError " + canonical(t, half)}
	slices.Sort(want)
	expect(t, "errors", failed, want)
	expect(t, "new", w.get("new", "n"), []string{"n=1"})
	expect(t, "older", w.get("held", "n"), []string{"n=1"})
	expect(t, "in their order", w.get("twice"), []string{"id=twice", "at=" + noon, "s=last"})
	expect(t, "online alone", len(w.get("online")), 2)
	expect(t, "offline alone", w.get("offline"), []string(nil))
	expect(t, "rows", w.sql(`SELECT id, count(*) FROM $table GROUP BY id ORDER BY id`)[1:], [][]string{{"held", "2"}, {"new", "1"}, {"offline", "1"}, {"twice", "2"}})
	nothing := rest(t, "POST", "/BatchWriteRecord", `{"Entries":[`+entries[0]+`]}`)
	expect(t, "without errors", nothing.object(t), map[string]any{"Errors": []any{}, "UnprocessedEntries": []any{}})
}

// canonical writes JSON in one way.
func canonical(t *testing.T, text string) string {
	t.Helper()
	var v any
	must(t, json.Unmarshal([]byte(text), &v))
	out, err := json.Marshal(v)
	must(t, err)
	return string(out)
}

// Rule 2.6-1, 2.6-3, 2.6-7, 3.5-2.
func TestBatchWriteRecordTimesToLive(t *testing.T) {
	t.Parallel()
	w := newOnline(t, live(types.TtlDurationUnitWeeks, 1))
	now := time.Now().Truncate(time.Second)
	entry := func(id string, ttl *runtimetypes.TtlDuration) runtimetypes.BatchWriteRecordEntry {
		return runtimetypes.BatchWriteRecordEntry{FeatureGroupName: &w.group, Record: record("id", id, "at", second(now)), TtlDuration: ttl}
	}
	write := func(ttl *runtimetypes.TtlDuration, entries ...runtimetypes.BatchWriteRecordEntry) error {
		return justError(w.Runtime.BatchWriteRecord(t.Context(), &runtime.BatchWriteRecordInput{Entries: append([]runtimetypes.BatchWriteRecordEntry{}, entries...), TtlDuration: ttl}))
	}
	must(t, write(lives("Hours", 1), entry("entry", lives("Days", 2)), entry("call", nil)))
	must(t, write(nil, entry("group", nil)))
	for id, want := range map[string]time.Duration{"entry": 48 * time.Hour, "call": time.Hour, "group": 7 * 24 * time.Hour} {
		_, at := w.expiry(id)
		expect(t, id, aws.ToString(at), second(now.Add(want)))
	}
	refused(t, write(lives("Years", 1), entry("x", nil)), "ValidationError")
	refused(t, write(nil), "ValidationError")
	must(t, write(nil, slices.Repeat([]runtimetypes.BatchWriteRecordEntry{entry("25", nil)}, 25)...))
	refused(t, write(nil, slices.Repeat([]runtimetypes.BatchWriteRecordEntry{entry("26", nil)}, 26)...), "ValidationError")
}

// Rule 2.7-1, 2.7-2, 2.7-3, 2.7-4, 2.7-5, 2.7-6.
func TestListRecords(t *testing.T) {
	t.Parallel()
	w := newOnline(t)
	for i := range 7 {
		w.mustPut("id", fmt.Sprint("r", i), "at", noon)
	}
	w.mustPut("id", "soft", "at", noon)
	must(t, w.remove("soft", later, soft))
	w.mustPut("id", "hard", "at", noon)
	must(t, w.remove("hard", later, hard))
	live := []string{"r0", "r1", "r2", "r3", "r4", "r5", "r6"}
	expect(t, "what lives", w.ids(false), live)
	expect(t, "tombstones too", w.ids(true), append(slices.Clone(live), "soft"))
	for _, size := range []int32{1, 2, 3, 7, 100} {
		var got []string
		pages := runtime.NewListRecordsPaginator(w.Runtime, &runtime.ListRecordsInput{FeatureGroupName: &w.group, MaxResults: &size})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			must(t, err)
			if n := len(page.RecordIdentifiers); n != min(int(size), 7-len(got)) {
				t.Errorf("pages of %d: one of %d after %d", size, n, len(got))
			}
			got = append(got, page.RecordIdentifiers...)
		}
		expect(t, fmt.Sprint("pages of ", size), got, live)
	}
	path := "/FeatureGroup/" + w.group + "/ListRecords"
	for name, body := range map[string]string{"no body": "", "an empty body": "{}", "nulls": `{"MaxResults":null,"NextToken":null,"IncludeSoftDeletedRecords":null}`} {
		t.Run(name, func(t *testing.T) {
			got := rest(t, "POST", path, body).object(t)
			ids, _ := got["RecordIdentifiers"].([]any)
			if _, more := got["NextToken"]; len(ids) != 7 || more {
				t.Errorf("%v", got)
			}
		})
	}
	offline := newWorldOf(t, offlineOnly)
	for name, c := range map[string]struct{ path, body string }{
		"0 results":             {path, `{"MaxResults":0}`},
		"101 results":           {path, `{"MaxResults":101}`},
		"a token of nobody":     {path, `{"NextToken":"x"}`},
		"a long token":          {path, fmt.Sprintf(`{"NextToken":%q}`, strings.Repeat("A", 8193))},
		"of no online store":    {"/FeatureGroup/" + offline.group + "/ListRecords", `{}`},
		"a token for the other": {path, `{"IncludeSoftDeletedRecords":true,"NextToken":` + tokenOf(t, w) + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := rest(t, "POST", c.path, c.body)
			if got.code() != "ValidationError" {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
}

// tokenOf returns the token of the first page of one, as JSON.
func tokenOf(t *testing.T, w *world) string {
	t.Helper()
	got := rest(t, "POST", "/FeatureGroup/"+w.group+"/ListRecords", `{"MaxResults":1}`)
	out, err := json.Marshal(got.object(t)["NextToken"])
	must(t, err)
	return string(out)
}

// Rule 2.8-1, 2.8-3, 2.8-4, 2.8-6, 2.8-8, 2.8-12, 3.6-1, 11-28.
func TestUpdateRecord(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, storage(types.StorageTypeStandardV2))
	update := func(id string, pairs ...string) {
		t.Helper()
		must(t, w.updateRecord(&updateInput{RecordIdentifierValueAsString: &id, Features: record(pairs...)}))
	}
	w.mustPut("id", "a", "at", noon, "n", "1", "s", "old")
	update("a", "s", "new", "x", "0.5")
	expect(t, "others stay", w.get("a"), []string{"id=a", "at=" + noon, "n=1", "x=0.5", "s=new"})
	update("a", "at", noon, "n", "2")
	expect(t, "at an equal event time", w.get("a", "n"), []string{"n=2"})
	update("a", "at", later, "id", "a")
	expect(t, "at a newer event time, naming the identifier", w.get("a"), []string{"id=a", "at=" + later, "n=2", "x=0.5", "s=new"})
	must(t, w.updateRecord(&updateInput{RecordIdentifierValueAsString: aws.String("a"), Features: []runtimetypes.FeatureValue{{FeatureName: aws.String("s")}}}))
	expect(t, "neither value is null", w.get("a"), []string{"id=a", "at=" + later, "n=2", "x=0.5"})
	expect(t, "rows are whole", w.sql(`SELECT at, n, x, s, is_deleted FROM $table ORDER BY write_time`)[1:], [][]string{
		{noon, "1", "", "old", "false"}, {noon, "1", "0.5", "new", "false"}, {noon, "2", "0.5", "new", "false"},
		{later, "2", "0.5", "new", "false"}, {later, "2", "0.5", "", "false"}})
}

// Rule 2.8-2, 2.8-5, 2.8-6, 2.8-7, 2.8-9, 2.8-11, 2.9-3.
func TestUpdateRecordRefuses(t *testing.T) {
	t.Parallel()
	w := newWorldOf(t, storage(types.StorageTypeStandardV2), define(numbered(101)...))
	w.mustPut("id", "a", "at", noon, "n", "1")
	for id, mode := range map[string]runtimetypes.DeletionMode{"soft": soft, "hard": hard} {
		w.mustPut("id", id, "at", noon)
		must(t, w.remove(id, later, mode))
	}
	w.mustPut("id", "past", "at", noon)
	must(t, w.putInput(&putInput{Record: record("id", "past", "at", later), TtlDuration: lives("Seconds", 1)}))
	many := func(n int) []string {
		var pairs []string
		for i := range n {
			pairs = append(pairs, fmt.Sprint("f", i), "1")
		}
		return pairs
	}
	for _, c := range []struct {
		name, id string
		pairs    []string
		stores   []runtimetypes.TargetStore
		ttl      *runtimetypes.TtlDuration
		code     string
		status   int
	}{
		{"nobody", "b", []string{"n", "2"}, nil, nil, "ResourceNotFound", 404},
		{"soft-deleted", "soft", []string{"n", "2"}, nil, nil, "ResourceNotFound", 404},
		{"hard-deleted", "hard", []string{"n", "2"}, nil, nil, "ResourceNotFound", 404},
		{"expired", "past", []string{"n", "2"}, nil, nil, "ResourceNotFound", 404},
		{"older", "a", []string{"n", "2", "at", earlier}, nil, nil, "ConflictException", 409},
		{"unknown feature", "a", []string{"N", "2"}, nil, nil, "ValidationError", 400},
		{"twice", "a", []string{"n", "2", "n", "3"}, nil, nil, "ValidationError", 400},
		{"no features", "a", []string{}, nil, nil, "ValidationError", 400},
		{"101 features", "a", many(101), nil, nil, "ValidationError", 400},
		{"another type", "a", []string{"n", "x"}, nil, nil, "ValidationError", 400},
		{"another identifier", "a", []string{"id", "b"}, nil, nil, "ValidationError", 400},
		{"bad event time", "a", []string{"at", "today"}, nil, nil, "ValidationError", 400},
		{"time to live without event time", "a", []string{"n", "2"}, nil, lives("Days", 1), "ValidationError", 400},
		{"a time to live of 0", "a", []string{"at", later}, nil, lives("Days", 0), "ValidationError", 400},
		{"offline alone", "a", []string{"n", "2"}, []runtimetypes.TargetStore{offlineStore}, nil, "ValidationError", 400},
		{"an unknown store", "a", []string{"n", "2"}, []runtimetypes.TargetStore{"Disk"}, nil, "ValidationError", 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := w.updateRecord(&updateInput{RecordIdentifierValueAsString: &c.id, Features: record(c.pairs...), TargetStores: c.stores, TtlDuration: c.ttl})
			refused(t, err, c.code)
			expect(t, "status", statusOf(err), c.status)
		})
	}
	expect(t, "the record", w.get("a"), []string{"id=a", "at=" + noon, "n=1"})
	expect(t, "its rows", w.rows("id = 'a'"), "1")
	must(t, w.updateRecord(&updateInput{RecordIdentifierValueAsString: aws.String("a"), Features: record(many(100)...), TargetStores: []runtimetypes.TargetStore{onlineStore}}))
	expect(t, "online alone", w.rows("id = 'a'"), "1")
	expect(t, "100 features", len(w.get("a")), 103)
	standard := newOnline(t)
	standard.mustPut("id", "a", "at", noon)
	refused(t, standard.updateRecord(&updateInput{RecordIdentifierValueAsString: aws.String("a"), Features: record("n", "1")}), "ValidationError")
	for _, kind := range []change{inMemory, storage(types.StorageTypeStandardV2)} {
		takes := newOnline(t, kind)
		takes.mustPut("id", "a", "at", noon)
		must(t, takes.updateRecord(&updateInput{RecordIdentifierValueAsString: aws.String("a"), Features: record("n", "1")}))
	}
}

// Rule 2.8-9, 2.8-10.
func TestUpdateRecordTimesToLive(t *testing.T) {
	t.Parallel()
	w := newOnline(t, storage(types.StorageTypeStandardV2))
	now := time.Now().Truncate(time.Second)
	id := "a"
	update := func(ttl *runtimetypes.TtlDuration, pairs ...string) string {
		t.Helper()
		must(t, w.updateRecord(&updateInput{RecordIdentifierValueAsString: &id, Features: record(pairs...), TtlDuration: ttl}))
		_, at := w.expiry(id)
		return aws.ToString(at)
	}
	must(t, w.putInput(&putInput{Record: record("id", id, "at", second(now)), TtlDuration: lives("Hours", 1)}))
	expect(t, "it keeps its own", update(nil, "n", "1"), second(now.Add(time.Hour)))
	expect(t, "counted from the new event time", update(nil, "at", second(now.Add(time.Minute))), second(now.Add(time.Hour+time.Minute)))
	expect(t, "another", update(lives("Days", 1), "at", second(now.Add(time.Minute))), second(now.Add(24*time.Hour+time.Minute)))
	expect(t, "kept again", update(nil, "s", "x"), second(now.Add(24*time.Hour+time.Minute)))
	w.mustPut("id", id, "at", second(now.Add(2*time.Minute)))
	expect(t, "a put has none", update(nil, "s", "x"), "")
	// Three spellings of one instant, of which none is older than another.
	for _, at := range []string{now.Add(2 * time.Minute).UTC().Format("2006-01-02T15:04:05.000Z"), now.Add(2 * time.Minute).UTC().Format("2006-01-02T15:04:05+00:00"), second(now.Add(2 * time.Minute))} {
		update(nil, "at", at)
		expect(t, "the text of the event time", w.get(id, "at"), []string{"at=" + at})
	}
}
