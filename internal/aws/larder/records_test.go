package larder_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/feature"
)

const arrowStream = "application/vnd.apache.arrow.stream"

// A column of a stream: texts are read as their type; "-" is null.
type column struct {
	name  string
	kind  arrow.DataType
	texts []string
}

func stringsOf(name string, texts ...string) column {
	return column{name, arrow.BinaryTypes.String, texts}
}

// rowsOf writes columns of as many rows as a stream of one batch.
func rowsOf(t *testing.T, columns ...column) string {
	t.Helper()
	var fields []arrow.Field
	for _, c := range columns {
		fields = append(fields, arrow.Field{Name: c.name, Type: c.kind, Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for i, c := range columns {
		for _, text := range c.texts {
			err := error(nil)
			if text == "-" {
				b.Field(i).AppendNull()
			} else {
				err = b.Field(i).AppendValueFromString(text)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	if err := errors.Join(w.Write(b.NewRecordBatch()), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// post sends a signed request about the group "g", and returns the answer's body.
func (w *world) post(path, kind, body string) (*http.Response, []byte) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), "POST", w.server.URL+"/larder/FeatureGroup/"+path, strings.NewReader(body))
	w.check(err)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return awstest.Do(w.t, w.server, r, "larder")
}

// asJSON reads a stream as JSON, a row a line.
func asJSON(t *testing.T, stream []byte) string {
	t.Helper()
	r, err := ipc.NewReader(bytes.NewReader(stream))
	if err != nil {
		t.Fatalf("%v: %q", err, stream)
	}
	var text strings.Builder
	for r.Next() {
		if err := array.RecordToJSON(r.RecordBatch(), &text); err != nil {
			t.Fatal(err)
		}
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return strings.TrimSpace(text.String())
}

// everyType is a group of each type that a feature may have.
func everyType(g *feature.Group) {
	onlineOnly(g)
	g.Online.StorageType = feature.InMemory
	g.Definitions = append(g.Definitions,
		feature.Definition{Name: "x", Type: feature.Fractional}, feature.Definition{Name: "s", Type: feature.String},
		feature.Definition{Name: "l", Type: feature.Integral, Collection: feature.List},
		feature.Definition{Name: "v", Type: feature.Fractional, Collection: feature.Vector, Dimension: 2},
	)
}

func TestWhatIsWrittenAsArrowIsReadAsArrow(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", everyType)
	resp, answer := w.post("g/Write", arrowStream, rowsOf(t,
		stringsOf("id", "a", "b", "c"),
		column{"at", arrow.PrimitiveTypes.Float64, []string{"1.5", "2", "3"}},
		column{"n", arrow.PrimitiveTypes.Int32, []string{"-7", "-", "9"}},
		column{"x", arrow.PrimitiveTypes.Float64, []string{"0.1", "NaN", "1e300"}},
		column{"s", &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.BinaryTypes.String}, []string{"red", "red", "-"}},
		column{"l", arrow.ListOf(arrow.PrimitiveTypes.Int64), []string{"[1,2,3]", "[]", "-"}},
		column{"v", arrow.FixedSizeListOf(2, arrow.PrimitiveTypes.Float32), []string{"[0.5,1]", "-", "[1,2]"}},
	))
	if want := `{"RowsRead":3,"RowsTaken":3,"RowsRefused":0,"Errors":[]}`; resp.StatusCode != 200 || string(answer) != want {
		t.Fatalf("status %d: %s", resp.StatusCode, answer)
	}
	resp, answer = w.post("g/Read", arrowStream, rowsOf(t, stringsOf("any", "c", "none", "a", "b", "a")))
	a := `{"at":1.5,"id":"a","l":[1,2,3],"n":-7,"s":"red","v":[0.5,1],"x":0.1}`
	want := `{"at":3,"id":"c","l":null,"n":9,"s":null,"v":[1,2],"x":1e+300}
{"at":null,"id":"none","l":null,"n":null,"s":null,"v":null,"x":null}
` + a + `
{"at":2,"id":"b","l":null,"n":null,"s":"red","v":null,"x":null}
` + a
	if got := asJSON(t, answer); resp.StatusCode != 200 || got != want {
		t.Errorf("status %d:\n%s\nwant\n%s", resp.StatusCode, got, want)
	}
	if kind, rows := resp.Header.Get("Content-Type"), resp.Header.Get("Larder-Rows"); kind != arrowStream || rows != "5" {
		t.Errorf("Content-Type %q, Larder-Rows %q", kind, rows)
	}
}

func TestAReadChoosesFeaturesAndTakesJSON(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", func(g *feature.Group) {
		onlineOnly(g)
		g.RecordIdentifier = "n"
	})
	w.check(w.groups.Put(t.Context(), putOf("g", "n", "7", "at", "1", "id", "seven")))
	seven, whole := `{"id":"seven","n":7}`, column{"n", arrow.PrimitiveTypes.Int16, []string{"7"}}
	for _, test := range []struct{ name, path, kind, body, want string }{
		{"JSON", "g/Read", "application/json", `{"Identifiers":["7"],"FeatureNames":["id"]}`, seven},
		{"JSON that nobody calls so", "g/Read?FeatureNames=id", "", ` {"Identifiers":["7"]}`, seven},
		{"numbers", "g/Read?FeatureNames=n&FeatureNames=id", arrowStream, rowsOf(t, whole), seven},
		{"a stream that nobody calls so", "g/Read?FeatureNames=id", "", rowsOf(t, whole), seven},
		{"texts", "g/Read?FeatureNames=at", arrowStream, rowsOf(t, stringsOf("n", "7", "8")), "{\"at\":1,\"n\":7}\n{\"at\":null,\"n\":8}"},
		{"all", "g/Read", "application/json; charset=utf-8", `{"Identifiers":["7"]}`, `{"at":1,"id":"seven","n":7}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			resp, answer := w.post(test.path, test.kind, test.body)
			if resp.StatusCode != 200 {
				t.Fatalf("status %d: %s", resp.StatusCode, answer)
			}
			if got := asJSON(t, answer); got != test.want {
				t.Errorf("%s; want %s", got, test.want)
			}
		})
	}
}

func TestAReadOfDeletedAndExpiredRecordsHasNulls(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", onlineOnly)
	w.put("g", "a", "1699999999")
	w.put("g", "gone", "1699999999")
	w.check(w.groups.Delete(t.Context(), deletion("gone", "1700000000", w.now())))
	old := putOf("g", "id", "old", "at", "1699999999")
	old.TTL = &feature.TTL{Unit: feature.Seconds, Value: 9}
	w.check(w.groups.Put(t.Context(), old))
	read := func() string {
		_, answer := w.post("g/Read?FeatureNames=at", "application/json", `{"Identifiers":["a","gone","old"]}`)
		return asJSON(t, answer)
	}
	if got, want := read(), `{"at":1699999999,"id":"a"}
{"at":null,"id":"gone"}
{"at":1699999999,"id":"old"}`; got != want {
		t.Errorf("before:\n%s", got)
	}
	w.clock.Store(int64(8 * time.Second))
	if got, want := read(), `{"at":1699999999,"id":"a"}
{"at":null,"id":"gone"}
{"at":null,"id":"old"}`; got != want {
		t.Errorf("when it has expired:\n%s", got)
	}
}

func TestARefusedRowDoesNotTouchTheOthers(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", nil)
	resp, answer := w.post("g/Write", arrowStream, rowsOf(t,
		stringsOf("id", "a", "b", "-", "a", "a"), stringsOf("at", "5", "soon", "1", "6", "4"), stringsOf("n", "1", "2", "3", "4", "1.5")))
	var got struct {
		RowsRead, RowsTaken, RowsRefused int
		Errors                           []struct {
			Row                                                    int
			RecordIdentifierValueAsString, ErrorCode, ErrorMessage string
		}
	}
	if err := json.Unmarshal(answer, &got); err != nil || resp.StatusCode != 200 {
		t.Fatalf("status %d: %s (%v)", resp.StatusCode, answer, err)
	}
	if got.RowsRead != 5 || got.RowsTaken != 2 || got.RowsRefused != 3 || len(got.Errors) != 3 {
		t.Fatalf("%s", answer)
	}
	for i, want := range []struct {
		row      int
		id, text string
	}{{2, "b", `"soon" of the feature "at" is not Fractional`}, {3, "", `no value for "id"`}, {5, "a", `"1.5" of the feature "n" is not Integral`}} {
		e := got.Errors[i]
		if e.Row != want.row || e.RecordIdentifierValueAsString != want.id || e.ErrorCode != "ValidationException" || !strings.Contains(e.ErrorMessage, want.text) {
			t.Errorf("%+v; want %+v", e, want)
		}
	}
	_, answer = w.post("g/Read", "", `{"Identifiers":["a","b"]}`)
	if got, want := asJSON(t, answer), "{\"at\":6,\"id\":\"a\",\"n\":4}\n{\"at\":null,\"id\":\"b\",\"n\":null}"; got != want {
		t.Errorf("held is %s", got)
	}
	if lines := w.lines(`{"Format":"jsonl","FeaturesOnly":true}`); lines != 2 {
		t.Errorf("%d rows are in the history; want those that were taken, 2", lines)
	}
}

// lines exports the group "g" and counts its rows.
func (w *world) lines(body string) int {
	w.t.Helper()
	resp := w.export(body)
	text, err := io.ReadAll(resp.Body)
	w.check(errors.Join(err, resp.Body.Close()))
	return strings.Count(string(text), "\n")
}

func TestThousandsOfRowsAndTheirFirstHundredErrors(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", onlineOnly)
	const rows = 2500
	var ids, at, n []string
	for i := range rows {
		ids, at, n = append(ids, fmt.Sprint("r", i)), append(at, "1"), append(n, fmt.Sprint(i))
		if i%10 == 3 {
			n[i] = "many"
		}
	}
	_, answer := w.post("g/Write", arrowStream, rowsOf(t, stringsOf("id", ids...), stringsOf("at", at...), stringsOf("n", n...)))
	if got := string(answer); !strings.HasPrefix(got, `{"RowsRead":2500,"RowsTaken":2250,"RowsRefused":250,`) || strings.Count(got, `"ErrorCode"`) != 100 || !strings.Contains(got, `"Row":994,`) {
		t.Fatalf("%.300s", got)
	}
	_, answer = w.post("g/Read?FeatureNames=n", arrowStream, rowsOf(t, stringsOf("id", ids...)))
	lines := strings.Split(asJSON(t, answer), "\n")
	if len(lines) != rows {
		t.Fatalf("%d rows", len(lines))
	}
	for i, line := range lines {
		want := fmt.Sprintf(`{"id":"r%d","n":%d}`, i, i)
		if i%10 == 3 {
			want = fmt.Sprintf(`{"id":"r%d","n":null}`, i)
		}
		if line != want {
			t.Fatalf("row %d is %s", i, line)
		}
	}
}

// The call comes years after the event times of its rows.
func TestAWriteWithATimeToLive(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", onlineOnly)
	rows := rowsOf(t, stringsOf("id", "a", "b"), stringsOf("at", "1699999998", "1699999999"))
	for _, test := range []struct{ query, want string }{
		{"?TtlDuration.Unit=Seconds&TtlDuration.Value=9", "{\"at\":null,\"id\":\"a\"}\n{\"at\":null,\"id\":\"b\"}"},
		{"?TtlDuration.Unit=Weeks&TtlDuration.Value=5200", "{\"at\":1699999998,\"id\":\"a\"}\n{\"at\":1699999999,\"id\":\"b\"}"},
	} {
		if resp, answer := w.post("g/Write"+test.query, arrowStream, rows); resp.StatusCode != 200 || !strings.Contains(string(answer), `"RowsTaken":2`) {
			t.Fatalf("%s: %s", test.query, answer)
		}
		_, answer := w.post("g/Read?FeatureNames=at", "", `{"Identifiers":["a","b"]}`)
		if got := asJSON(t, answer); got != test.want {
			t.Errorf("%s: %s", test.query, got)
		}
	}
}

func TestAWriteToOneStore(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", nil)
	resp, answer := w.post("g/Write?TargetStores=OfflineStore", arrowStream, rowsOf(t, stringsOf("id", "a"), stringsOf("at", "1")))
	if resp.StatusCode != 200 {
		t.Fatalf("%s", answer)
	}
	_, answer = w.post("g/Read?FeatureNames=at", "", `{"Identifiers":["a"]}`)
	if got := asJSON(t, answer); got != `{"at":null,"id":"a"}` || w.lines(`{"Format":"jsonl"}`) != 1 {
		t.Errorf("it is online: %s", got)
	}
}

func TestReadsAndWritesThatAreRefused(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", nil)
	w.group("offline", func(g *feature.Group) { g.Online = nil })
	w.group("whole", func(g *feature.Group) { onlineOnly(g); g.RecordIdentifier = "n" })
	good := rowsOf(t, stringsOf("id", "a"), stringsOf("at", "1"))
	many := make([]string, 100_001)
	for _, test := range []struct {
		name, path, kind, body string
		status                 int
		code, says             string
	}{
		{"no group", "none/Write", arrowStream, good, 404, "ResourceNotFoundException", "none"},
		{"no group to read", "none/Read", "", `{"Identifiers":["a"]}`, 404, "ResourceNotFoundException", "none"},
		{"no online store", "offline/Read", "", `{"Identifiers":["a"]}`, 400, "ValidationException", "has no online store"},
		{"no stream", "g/Write", arrowStream, "hello, world", 400, "ValidationException", "message 1"},
		{"no body", "g/Write", "", "", 400, "ValidationException", "message 1"},
		{"a stream cut off", "g/Write", arrowStream, good[:len(good)-8], 400, "ValidationException", "mark of the end"},
		{"JSON to write", "g/Write", "application/json", `{}`, 400, "ValidationException", "BatchWriteRecord"},
		{"a type of body", "g/Read", "text/csv", "a", 400, "ValidationException", "text/csv"},
		{"a column of nothing", "g/Write", arrowStream, rowsOf(t, stringsOf("id", "a"), stringsOf("at", "1"), stringsOf("q", "1")), 400, "ValidationException", `no feature "q"`},
		{"no event time", "g/Write", arrowStream, rowsOf(t, stringsOf("id", "a")), 400, "ValidationException", `"at"`},
		{"a time of day", "g/Write", arrowStream, rowsOf(t, stringsOf("id", "a"), stringsOf("at", "1"), column{"n", arrow.FixedWidthTypes.Time32s, []string{"00:00:01"}}), 400, "ValidationException", `the column "n" of the source is time`},
		{"lists", "g/Write", arrowStream, rowsOf(t, stringsOf("id", "a"), stringsOf("at", "1"), column{"n", arrow.ListOf(arrow.PrimitiveTypes.Int64), []string{"[1]"}}), 400, "ValidationException", "has no CollectionType"},
		{"a store", "g/Write?TargetStores=Moon", arrowStream, good, 400, "ValidationException", "Moon"},
		{"a store that is not there", "offline/Write?TargetStores=OnlineStore", arrowStream, good, 400, "ValidationException", "OnlineStore"},
		{"half a time to live", "g/Write?TtlDuration.Unit=Days", arrowStream, good, 400, "ValidationException", "give both"},
		{"a time to live", "g/Write?TtlDuration.Unit=Days&TtlDuration.Value=soon", arrowStream, good, 400, "ValidationException", "soon"},
		{"a unit", "g/Write?TtlDuration.Unit=Moons&TtlDuration.Value=1", arrowStream, good, 400, "ValidationException", "Moons"},
		{"a parameter", "g/Write?TTL=1", arrowStream, good, 400, "ValidationException", "TTL"},
		{"a parameter of a read", "g/Read?FeatureName=n", "", `{"Identifiers":["a"]}`, 400, "ValidationException", "FeatureName"},
		{"names twice", "g/Read?FeatureNames=n", "", `{"Identifiers":["a"],"FeatureNames":["n"]}`, 400, "ValidationException", "give it once"},
		{"no names", "g/Read", "", `{"Identifiers":["a"],"FeatureNames":[]}`, 400, "ValidationException", "FeatureNames is empty"},
		{"a name", "g/Read?FeatureNames=N", "", `{"Identifiers":["a"]}`, 400, "ValidationException", `no feature "N"`},
		{"no identifiers", "g/Read", "", `{"Identifiers":[]}`, 400, "ValidationException", "0 identifiers"},
		{"too many", "g/Read", arrowStream, rowsOf(t, stringsOf("id", many...)), 400, "ValidationException", "more than 100000 rows"},
		{"two columns", "g/Read", arrowStream, good, 400, "ValidationException", "2 columns"},
		{"a null", "g/Read", arrowStream, rowsOf(t, stringsOf("id", "a", "-")), 400, "ValidationException", "row 2"},
		{"numbers with a point", "g/Read", arrowStream, rowsOf(t, column{"id", arrow.PrimitiveTypes.Float64, []string{"1"}}), 400, "ValidationException", "is double"},
		{"a whole number's other text", "whole/Read", "", `{"Identifiers":["7","007"]}`, 400, "ValidationException", `identifier 2 is "007"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			resp, answer := w.post(test.path, test.kind, test.body)
			if resp.StatusCode != test.status || resp.Header.Get("X-Amzn-Errortype") != test.code || !strings.Contains(string(answer), strings.ReplaceAll(test.says, `"`, `\"`)) {
				t.Errorf("status %d %s: %s", resp.StatusCode, resp.Header.Get("X-Amzn-Errortype"), answer)
			}
		})
	}
	if n := w.lines(`{"Format":"jsonl"}`); n != 0 {
		t.Errorf("%d rows were written", n)
	}
}

// The answer is longer than what a connection holds, so the server is in the middle of it when the group goes.
func TestAReadThatBreaksOffCutsTheConnection(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", func(g *feature.Group) {
		onlineOnly(g)
		g.Definitions = append(g.Definitions, feature.Definition{Name: "s", Type: feature.String})
	})
	const rows = 300
	var ids []string
	for i := range rows {
		ids = append(ids, fmt.Sprint(i))
		w.check(w.groups.Put(t.Context(), putOf("g", "id", ids[i], "at", "1", "s", strings.Repeat("x", 200_000))))
	}
	r, err := http.NewRequestWithContext(t.Context(), "POST", w.server.URL+"/larder/FeatureGroup/g/Read", strings.NewReader(rowsOf(t, stringsOf("id", ids...))))
	w.check(err)
	awstest.Sign(t, r, awstest.Key(), "larder", awstest.Region, time.Now())
	resp, err := w.server.Client().Do(r)
	w.check(err)
	defer resp.Body.Close()
	if resp.StatusCode != 200 || resp.Header.Get("Larder-Rows") != "300" {
		t.Fatalf("status %d, %v", resp.StatusCode, resp.Header)
	}
	w.check(w.groups.DeleteGroup(t.Context(), "g"))
	if got, err := io.ReadAll(resp.Body); err == nil || len(got) == 0 || len(got) > rows*200_000 {
		t.Errorf("%d bytes came, and then %v", len(got), err)
	}
}
