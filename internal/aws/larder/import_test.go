package larder_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// An answer is what the tests look at of an import.
type answer struct {
	ImportID                        string `json:"ImportId"`
	FeatureGroupName, Status        string
	FailureReason                   string
	Sources                         []struct{ URI string }
	Format                          string
	Columns                         map[string]string
	ClientRequestToken              string
	TargetStores                    []string
	MaxErrors                       *int64
	StartedAt, CommittedAt, EndedAt string
	Bytes, RowsRead, RowsTaken      int64
	RowsRefused, Files              int64
	FirstWriteTime, LastWriteTime   string
	OnlineRecords, OnlineApplied    int64
	Progress                        *struct{ Phase string }
}

// started starts an import of the group "g" and returns how it ended.
func (w *world) started(body string) answer {
	w.t.Helper()
	var a answer
	status, code, text := w.call("POST", "FeatureGroup/g/Import", body)
	if status != 200 || json.Unmarshal(text, &a) != nil {
		w.t.Fatalf("status %d %s: %s", status, code, text)
	}
	_, err := w.imports.Wait(w.t.Context(), a.ImportID)
	w.check(err)
	return w.described(a.ImportID)
}

func (w *world) described(id string) (a answer) {
	w.t.Helper()
	status, code, text := w.call("GET", "Import/"+id, "")
	if status != 200 || json.Unmarshal(text, &a) != nil {
		w.t.Fatalf("status %d %s: %s", status, code, text)
	}
	return a
}

func TestAnImportOverTheWire(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", nil)
	w.object("in/rows.csv", "name,at,n,note\na,1700000000,1,x\nb,1700000001,two,\na,1700000002,3,\n")
	const request = `{"Sources":["s3://lake/in/rows.csv"],"Columns":{"name":"id","note":""},"ClientRequestToken":"once","MaxErrors":5,"TargetStores":["OnlineStore","OfflineStore"]}`
	got := w.started(request)
	most := int64(5)
	want := answer{
		FeatureGroupName: "g", Status: "Done", Columns: map[string]string{"name": "id", "note": ""}, ClientRequestToken: "once",
		TargetStores: []string{"OnlineStore", "OfflineStore"}, MaxErrors: &most,
		StartedAt: "2023-11-14T22:13:20Z", CommittedAt: "2023-11-14T22:13:20Z", EndedAt: "2023-11-14T22:13:20Z",
		Bytes: 66, RowsRead: 3, RowsTaken: 2, RowsRefused: 1, Files: 1, OnlineRecords: 1, OnlineApplied: 1,
		Sources: []struct{ URI string }{{"s3://lake/in/rows.csv"}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(answer{}, "ImportID", "FirstWriteTime", "LastWriteTime")); diff != "" {
		t.Errorf("DescribeImport (-want +got):\n%s", diff)
	}
	if got.FirstWriteTime == "" || got.FirstWriteTime >= got.LastWriteTime {
		t.Errorf("write times %q to %q", got.FirstWriteTime, got.LastWriteTime)
	}
	if again := w.started(request); again.ImportID != got.ImportID {
		t.Errorf("the same request again made the import %s beside %s", again.ImportID, got.ImportID)
	}
	status, _, text := w.call("GET", "Import/"+got.ImportID+"/Errors", "")
	var refused struct {
		Source string
		Row    int64
		Reason string
	}
	if err := json.Unmarshal(text, &refused); err != nil || status != 200 || refused.Row != 2 || refused.Source != "s3://lake/in/rows.csv" || !strings.Contains(refused.Reason, "n") {
		t.Errorf("GetImportErrors: status %d, %q, %v", status, text, err)
	}
	if status, code, text := w.call("POST", "Import/"+got.ImportID+"/Cancel", ""); status != 409 || code != "ConflictException" || !strings.Contains(string(text), "Done") {
		t.Errorf("CancelImport of one that has ended: status %d %s: %s", status, code, text)
	}
}

func TestACallMayWaitForTheEndOfAnImport(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", nil)
	w.object("rows.csv", "id,at\na,1\n")
	for range 2 { // to wait for one that has ended is no wait
		var a answer
		status, _, text := w.call("POST", "FeatureGroup/g/Import", `{"Sources":["s3://lake/rows.csv"],"WaitSeconds":900}`)
		if err := json.Unmarshal(text, &a); err != nil || status != 200 || a.Status != "Done" || a.RowsTaken != 1 || a.OnlineApplied != 1 {
			t.Errorf("status %d, %v: %s", status, err, text)
		}
	}
}

func TestListImportsGivesTheNewestFirst(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", nil)
	w.object("rows.csv", "id,at\na,1\n")
	var made []string
	for i := range 3 {
		w.clock.Add(int64(time.Second))
		made = append(made, w.started(fmt.Sprintf(`{"Sources":["s3://lake/rows.csv"],"ClientRequestToken":"%d"}`, i)).ImportID)
	}
	for _, test := range []struct {
		query string
		want  int
		more  bool
	}{{"", 3, false}, {"?MaxResults=2", 2, true}, {"?MaxResults=3", 3, false}, {"?MaxResults=1000", 3, false}} {
		status, _, text := w.call("GET", "Import"+test.query, "")
		var got struct {
			Imports []answer
			More    bool
		}
		if err := json.Unmarshal(text, &got); err != nil || status != 200 || len(got.Imports) != test.want || got.More != test.more {
			t.Fatalf("%q: status %d, %v: %s", test.query, status, err, text)
		}
		for n, i := range got.Imports {
			if want := made[2-n]; i.ImportID != want {
				t.Errorf("%q: import %d is %s, want %s", test.query, n, i.ImportID, want)
			}
		}
	}
}

func TestImportsThatAreRefused(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", nil)
	w.group("fleeting", onlineOnly)
	w.object("rows.csv", "id,at\na,1\n")
	w.object("rows", "id,at\na,1\n")
	w.started(`{"Sources":["s3://lake/rows.csv"],"ClientRequestToken":"taken"}`)
	const rows = `"Sources":["s3://lake/rows.csv"]`
	for _, test := range []struct {
		name, method, path, body string
		status                   int
		code, says               string
	}{
		{"no source", "POST", "FeatureGroup/g/Import", `{}`, 400, "ValidationException", "1 to 10000 sources"},
		{"a source of no form", "POST", "FeatureGroup/g/Import", `{"Sources":["rows.csv"]}`, 400, "ValidationException", "s3://BUCKET/KEY"},
		{"a source without a key", "POST", "FeatureGroup/g/Import", `{"Sources":["s3://lake"],"Format":"csv"}`, 400, "ValidationException", "s3://BUCKET/KEY"},
		{"a source that is not there", "POST", "FeatureGroup/g/Import", `{"Sources":["s3://lake/none.csv"]}`, 404, "ResourceNotFoundException", "none.csv"},
		{"a bucket that is not there", "POST", "FeatureGroup/g/Import", `{"Sources":["s3://pond/rows.csv"]}`, 404, "ResourceNotFoundException", "pond"},
		{"a file of the machine", "POST", "FeatureGroup/g/Import", `{"Sources":["file:///etc/passwd"],"Format":"csv"}`, 403, "AccessDeniedException", "put it into a bucket"},
		{"a format that nobody can tell", "POST", "FeatureGroup/g/Import", `{"Sources":["s3://lake/rows"]}`, 400, "ValidationException", "say parquet, csv or jsonl"},
		{"a format that there is not", "POST", "FeatureGroup/g/Import", `{` + rows + `,"Format":"xml"}`, 400, "ValidationException", "xml"},
		{"a store that there is not", "POST", "FeatureGroup/g/Import", `{` + rows + `,"TargetStores":["Attic"]}`, 400, "ValidationException", "Attic"},
		{"a store that the group has not", "POST", "FeatureGroup/fleeting/Import", `{` + rows + `,"TargetStores":["OfflineStore"]}`, 400, "ValidationException", "offline store"},
		{"fewer errors than none", "POST", "FeatureGroup/g/Import", `{` + rows + `,"MaxErrors":-1}`, 400, "ValidationException", "less than none"},
		{"waits less than nothing", "POST", "FeatureGroup/g/Import", `{` + rows + `,"WaitSeconds":-1}`, 400, "ValidationException", "0 to 900"},
		{"waits too long", "POST", "FeatureGroup/g/Import", `{` + rows + `,"WaitSeconds":901}`, 400, "ValidationException", "0 to 900"},
		{"a long token", "POST", "FeatureGroup/g/Import", `{` + rows + `,"ClientRequestToken":"` + strings.Repeat("x", 129) + `"}`, 400, "ValidationException", "128"},
		{"a token of other sources", "POST", "FeatureGroup/g/Import", `{"Sources":["s3://lake/rows"],"Format":"csv","ClientRequestToken":"taken"}`, 409, "ConflictException", "taken"},
		{"a group that is not there", "POST", "FeatureGroup/nobody/Import", `{` + rows + `}`, 404, "ResourceNotFoundException", "nobody"},
		{"a member of another type", "POST", "FeatureGroup/g/Import", `{"Sources":"s3://lake/rows.csv"}`, 400, "SerializationException", "Sources"},
		{"no JSON", "POST", "FeatureGroup/g/Import", `{`, 400, "SerializationException", ""},
		{"describe nothing", "GET", "Import/none", "", 404, "ResourceNotFoundException", "none"},
		{"errors of nothing", "GET", "Import/none/Errors", "", 404, "ResourceNotFoundException", "none"},
		{"cancel nothing", "POST", "Import/none/Cancel", "", 404, "ResourceNotFoundException", "none"},
		{"list none", "GET", "Import?MaxResults=0", "", 400, "ValidationException", "1 to 1000"},
		{"list too many", "GET", "Import?MaxResults=1001", "", 400, "ValidationException", "1 to 1000"},
		{"list no number", "GET", "Import?MaxResults=all", "", 400, "ValidationException", "all"},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, code, text := w.call(test.method, test.path, test.body)
			if status != test.status || code != test.code || !strings.Contains(string(text), test.says) {
				t.Errorf("status %d %s: %s; want %d %s, %q", status, code, text, test.status, test.code, test.says)
			}
		})
	}
	_, _, text := w.call("GET", "Import", "")
	if n := strings.Count(string(text), `"ImportId"`); n != 1 {
		t.Errorf("%d imports are there, want the one that was not refused: %s", n, text)
	}
}

// What is wrong with the bytes of a source fails the import, not the call: it is read after the answer.
func TestImportsOfMalformedSourcesFailWhole(t *testing.T) {
	w := newWorld(t, false)
	g := w.group("g", nil)
	for _, test := range []struct{ name, key, content, says string }{
		{"no Parquet", "a.parquet", "PAR1, or is it", "no Parquet file"},
		{"an empty Parquet", "b.parquet", "", "no Parquet file"},
		{"half a Parquet", "c.parquet", "PAR1" + strings.Repeat("\x00", 100), "no Parquet file"},
		{"an empty CSV", "a.csv", "", "source is empty"},
		{"no line of names", "b.csv", "\"id", "no CSV"},
		{"names that are none", "c.csv", "who,when\na,1\n", "no feature"},
		{"no identifier", "d.csv", "at,n\n1,2\n", "no column for the feature \"id\""},
		{"one column twice", "e.csv", "id,at,ID\na,1,b\n", "leave one out"},
		{"a column that is not there", "f.csv", "id,at\na,1\n", "zip"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.t = t
			w.object(test.key, test.content)
			columns := `{}`
			if test.says == "zip" {
				columns = `{"zip":"n"}`
			}
			a := w.started(`{"Sources":["s3://lake/` + test.key + `"],"Columns":` + columns + `}`)
			if a.Status != "Failed" || !strings.Contains(a.FailureReason, test.says) || !strings.Contains(a.FailureReason, test.key) {
				t.Errorf("%s: %s; want Failed, %q", a.Status, a.FailureReason, test.says)
			}
		})
	}
	w.t = t
	for _, err := range w.db.Records().Scan(t.Context(), g.ID, "") {
		t.Errorf("a record is held (%v), and nothing was imported", err)
	}
	_, prefix := g.Offline.Location()
	for o, err := range w.buckets.List(t.Context(), "lake", prefix+"/year=", "") {
		t.Errorf("the table has the file %+v (%v)", o, err)
	}
}

// A full disk fails what goes on, in words, and nothing of it is there. When there is room again the
// same request is carried out.
func TestAFullDiskFailsAnImportAndNothingElse(t *testing.T) {
	w := newWorld(t, false)
	g := w.group("g", nil)
	w.object("rows.csv", "id,at\na,1\nb,\n")
	const request = `{"Sources":["s3://lake/rows.csv"]}`
	w.full.Store(true)
	failed := w.started(request)
	if failed.Status != "Failed" || !strings.Contains(failed.FailureReason, "disk") || !strings.Contains(failed.FailureReason, "full") {
		t.Errorf("on a full disk: %s, %s", failed.Status, failed.FailureReason)
	}
	w.full.Store(false)
	_, prefix := g.Offline.Location()
	for o, err := range w.buckets.List(t.Context(), "lake", prefix+"/year=", "") {
		t.Errorf("the table has the file %+v (%v)", o, err)
	}
	if done := w.started(request); done.Status != "Done" || done.ImportID == failed.ImportID || done.RowsTaken != 1 || done.RowsRefused != 1 {
		t.Errorf("with room again: %+v", done)
	}
}
