package larder_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/feature"
)

// export sends an export of the group "g". The caller closes the body.
func (w *world) export(body string) *http.Response {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), "POST", w.server.URL+"/larder/FeatureGroup/g/Export", bytes.NewReader([]byte(body)))
	w.check(err)
	awstest.Sign(w.t, r, awstest.Key(), "larder", awstest.Region, time.Now())
	resp, err := w.server.Client().Do(r)
	w.check(err)
	return resp
}

// threeRows makes the group "g": a, b and, deleted again, c.
func (w *world) threeRows() *feature.Group {
	w.t.Helper()
	g := w.group("g", nil)
	w.put("g", "a", "1")
	w.put("g", "b", "2.5")
	w.put("g", "c", "3")
	if status, code, text := w.call("POST", "Flush", ""); status != 200 {
		w.t.Fatalf("status %d %s: %s", status, code, text)
	}
	w.check(w.groups.Delete(w.t.Context(), deletion("c", "4", w.now())))
	return g
}

func TestAnExportIsTheAnswersBody(t *testing.T) {
	w := newWorld(t, false)
	w.threeRows()
	for _, test := range []struct{ name, body, kind, rows, want string }{
		{"lines", `{"Format":"jsonl","FeaturesOnly":true}`, "application/x-ndjson", "3",
			`{"id":"a","at":1.0,"n":null}` + "\n" + `{"id":"b","at":2.5,"n":null}` + "\n" + `{"id":"c","at":3.0,"n":null}` + "\n"},
		{"the newest", `{"Format":"csv","FeaturesOnly":true,"Latest":true}`, "text/csv; charset=utf-8", "2", "id,at,n\na,1.0,\nb,2.5,\n"},
		{"of long ago", `{"Format":"jsonl","AsOf":"2001-01-01T00:00:00+01:00"}`, "application/x-ndjson", "0", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			resp := w.export(test.body)
			text, err := io.ReadAll(resp.Body)
			if err != nil || resp.Body.Close() != nil || resp.StatusCode != 200 {
				t.Fatalf("status %d: %s (%v)", resp.StatusCode, text, err)
			}
			if string(text) != test.want || resp.Header.Get("Content-Type") != test.kind || resp.Trailer.Get("Larder-Rows") != test.rows {
				t.Errorf("%q, %v, trailer %v", text, resp.Header, resp.Trailer)
			}
		})
	}
	resp := w.export(`{"Format":"csv","FileRows":3}`)
	_, params, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	w.check(err)
	parts := multipart.NewReader(resp.Body, params["boundary"])
	for n, lines := range []int{4, 2} {
		part, err := parts.NextPart()
		w.check(err)
		text, err := io.ReadAll(part)
		w.check(err)
		if want := fmt.Sprintf("part-%05d.csv", n); part.FileName() != want || strings.Count(string(text), "\n") != lines || !strings.HasPrefix(string(text), "id,at,n,write_time,") {
			t.Errorf("part %d is %s: %q", n, part.FileName(), text)
		}
	}
	if _, err := parts.NextPart(); !errors.Is(err, io.EOF) {
		t.Errorf("after the parts: %v", err)
	}
	w.check(resp.Body.Close())
}

func TestAnExportToABucket(t *testing.T) {
	w := newWorld(t, false)
	w.threeRows()
	status, _, text := w.call("POST", "FeatureGroup/g/Export", `{"Format":"csv","FeaturesOnly":true,"Target":"s3://lake/out/g.csv"}`)
	if want := `{"Rows":3,"Files":[{"Uri":"s3://lake/out/g.csv","Size":29}]}`; status != 200 || string(text) != want {
		t.Errorf("status %d: %s, want %s", status, text, want)
	}
	status, _, text = w.call("POST", "FeatureGroup/g/Export", `{"Format":"parquet","Target":"s3://lake/parts/","FileRows":3}`)
	var out struct {
		Rows  int64
		Files []struct{ Uri string }
	}
	if err := json.Unmarshal(text, &out); err != nil || status != 200 || out.Rows != 4 || len(out.Files) != 2 || out.Files[1].Uri != "s3://lake/parts/part-00001.parquet" {
		t.Errorf("status %d: %s (%v)", status, text, err)
	}
	if again := w.started(`{"Sources":["s3://lake/out/g.csv"]}`); again.Status != "Done" || again.RowsTaken != 3 {
		t.Errorf("imported again: %+v", again)
	}
}

func TestExportsThatAreRefused(t *testing.T) {
	w := newWorld(t, false)
	g := w.threeRows()
	w.group("fleeting", onlineOnly)
	w.object("full/x", "x")
	for _, test := range []struct {
		name, group, body string
		status            int
		code, says        string
	}{
		{"no format", "g", `{}`, 400, "ValidationException", "parquet, csv, jsonl"},
		{"no JSON", "g", `{`, 400, "SerializationException", ""},
		{"no instant", "g", `{"Format":"csv","AsOf":"yesterday"}`, 400, "ValidationException", "yesterday"},
		{"the future", "g", `{"Format":"csv","AsOf":"2199-01-01T00:00:00Z"}`, 400, "ValidationException", "future"},
		{"fewer rows than none", "g", `{"Format":"csv","FileRows":-1}`, 400, "ValidationException", "-1 rows"},
		{"no offline store", "fleeting", `{"Format":"csv"}`, 400, "ValidationException", "no offline store"},
		{"no group", "nobody", `{"Format":"csv"}`, 404, "ResourceNotFoundException", "nobody"},
		{"no such target", "g", `{"Format":"csv","Target":"/tmp/out.csv"}`, 400, "ValidationException", "s3://BUCKET/KEY"},
		{"no bucket", "g", `{"Format":"csv","Target":"s3://pond/out.csv"}`, 404, "ResourceNotFoundException", "pond"},
		{"a full folder", "g", `{"Format":"csv","Target":"s3://lake/full/"}`, 409, "ConflictException", "full/x"},
		{"the table itself", "g", `{"Format":"csv","Target":"` + g.Offline.Resolved + `/out.csv"}`, 400, "ValidationException", "own location"},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, code, text := w.call("POST", "FeatureGroup/"+test.group+"/Export", test.body)
			if status != test.status || code != test.code || !strings.Contains(string(text), test.says) {
				t.Errorf("status %d %s: %s; want %d %s, %q", status, code, text, test.status, test.code, test.says)
			}
		})
	}
	w.full.Store(true)
	status, code, text := w.call("POST", "FeatureGroup/g/Export", `{"Format":"csv","Target":"s3://lake/out.csv"}`)
	if status != 503 || code != "ServiceUnavailable" || !strings.Contains(string(text), "disk") {
		t.Errorf("on a full disk: status %d %s: %s", status, code, text)
	}
	for o, err := range w.buckets.List(t.Context(), "lake", "out", "") {
		t.Errorf("there is %+v (%v)", o, err)
	}
}

// What is found too late for a status cuts the connection: nobody takes half a file for a whole one.
func TestAnExportThatFailsInTheMiddleIsCutOff(t *testing.T) {
	w := newWorld(t, false)
	g := w.threeRows()
	_, prefix := g.Offline.Location()
	w.object(prefix+"/zzz/damaged.parquet", "12345678")
	if status, code, text := w.call("POST", "FeatureGroup/g/Export", `{"Format":"csv"}`); status != 409 || code != "ConflictException" || !strings.Contains(string(text), "damaged.parquet") {
		t.Errorf("before the first bytes: status %d %s: %s", status, code, text)
	}
	for i := range 3000 {
		w.put("g", fmt.Sprintf("a long identifier, so that there are bytes enough %d", i), "1")
	}
	if status, code, text := w.call("POST", "Flush", ""); status != 200 {
		t.Fatalf("status %d %s: %s", status, code, text)
	}
	for _, body := range []string{`{"Format":"csv"}`, `{"Format":"jsonl","FileRows":100}`} {
		resp := w.export(body)
		text, err := io.ReadAll(resp.Body)
		if resp.StatusCode != 200 || len(text) == 0 || !errors.Is(err, io.ErrUnexpectedEOF) || resp.Trailer.Get("Larder-Rows") != "" {
			t.Errorf("%s: status %d, %d bytes, %v, trailer %v", body, resp.StatusCode, len(text), err, resp.Trailer)
		}
		w.check(resp.Body.Close())
	}
}

// A client that goes away ends its export, and nothing of it is an error of ours; the connections of others
// go on.
func TestAnExportEndsWhenItsClientGoes(t *testing.T) {
	w := newWorld(t, false)
	w.group("g", nil)
	for i := range 5000 {
		w.put("g", fmt.Sprintf("%d %s", i, strings.Repeat("long", 100)), "1")
	}
	resp := w.export(`{"Format":"jsonl"}`)
	if _, err := io.ReadFull(resp.Body, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	w.check(resp.Body.Close())
	w.check(w.exports.Close()) // it returns when the export has ended
	if status, code, text := w.call("POST", "FeatureGroup/g/Export", `{"Format":"csv"}`); status != 503 || code != "ServiceUnavailable" || !strings.Contains(string(text), "stops") {
		t.Errorf("after Close: status %d %s: %s", status, code, text)
	}
	if status, _, _ := w.call("GET", "Import", ""); status != 200 {
		t.Errorf("another operation: status %d", status)
	}
}
