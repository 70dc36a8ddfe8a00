package larder_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/larder-dev/larder/internal/feature"
)

// waiting is how many rows of a group DescribeUsage says are in no file.
func (w *world) waiting(group string) (rows int64) {
	w.t.Helper()
	status, code, text := w.call("GET", "Usage", "")
	var u struct {
		Tables []struct {
			FeatureGroupName string
			UnflushedRows    int64
		}
	}
	if err := json.Unmarshal(text, &u); err != nil || status != 200 {
		w.t.Fatalf("status %d %s: %s (%v)", status, code, text, err)
	}
	for _, t := range u.Tables {
		if t.FeatureGroupName == group {
			return t.UnflushedRows
		}
	}
	w.t.Fatalf("no table of %s: %s", group, text)
	return 0
}

func TestFlushesOverTheWire(t *testing.T) {
	w := newWorld(t, false)
	a := w.group("a", nil)
	w.group("b", nil)
	w.put("a", "1", "1")
	w.put("b", "1", "1")
	const flushed = `{"FlushedThrough":"2023-11-14T22:13:20Z"}`
	// A name or an ARN.
	for _, ref := range []string{"a", strings.ReplaceAll(a.ARN, "/", "%2F")} {
		if status, code, text := w.call("POST", "FeatureGroup/"+ref+"/Flush", ""); status != 200 || string(text) != flushed {
			t.Fatalf("%s: status %d %s: %s", ref, status, code, text)
		}
	}
	if a, b := w.waiting("a"), w.waiting("b"); a != 0 || b != 1 {
		t.Errorf("after the flush of a: %d and %d rows wait, want 0 and 1", a, b)
	}
	if status, code, text := w.call("POST", "Flush", `{}`); status != 200 || string(text) != flushed {
		t.Fatalf("status %d %s: %s", status, code, text)
	}
	if b := w.waiting("b"); b != 0 {
		t.Errorf("after the flush of all: %d rows wait", b)
	}
}

func TestFlushesThatAreRefused(t *testing.T) {
	w := newWorld(t, false)
	w.group("fleeting", onlineOnly)
	w.group("homeless", nil)
	w.check(w.buckets.CreateBucket(t.Context(), "house"))
	w.group("homely", func(g *feature.Group) { g.Offline.S3URI = "s3://house" })
	w.put("homeless", "1", "1")
	w.put("homely", "1", "1")
	for o, err := range w.buckets.List(t.Context(), "lake", "", "") {
		w.check(err)
		w.remove(o.Key)
	}
	w.check(w.buckets.DeleteBucket(t.Context(), "lake"))
	for _, test := range []struct {
		name, method, path string
		status             int
		code, says         string
	}{
		{"a group without an offline store", "POST", "FeatureGroup/fleeting/Flush", 400, "ValidationException", "no offline store"},
		{"a group that is not there", "POST", "FeatureGroup/nobody/Flush", 404, "ResourceNotFoundException", "nobody"},
		{"a group whose bucket is gone", "POST", "FeatureGroup/homeless/Flush", 404, "ResourceNotFoundException", "homeless"},
		{"all, and one has no bucket", "POST", "Flush", 404, "ResourceNotFoundException", "homeless"},
		{"by another method", "GET", "Flush", 404, "UnknownOperationException", ""},
		{"usage by another method", "POST", "Usage", 404, "UnknownOperationException", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, code, text := w.call(test.method, test.path, "")
			if status != test.status || code != test.code || !strings.Contains(string(text), test.says) {
				t.Errorf("status %d %s: %s; want %d %s, %q", status, code, text, test.status, test.code, test.says)
			}
		})
	}
	if lost, kept := w.waiting("homeless"), w.waiting("homely"); lost != 1 || kept != 0 {
		t.Errorf("%d rows wait where there is no bucket and %d elsewhere, want 1 and 0", lost, kept)
	}
	w.full.Store(true)
	w.put("homely", "2", "2")
	status, code, text := w.call("POST", "FeatureGroup/homely/Flush", "")
	if status != 503 || code != "ServiceUnavailable" || !strings.Contains(string(text), "disk") || w.waiting("homely") != 1 {
		t.Errorf("on a full disk: status %d %s: %s", status, code, text)
	}
	w.full.Store(false)
	if status, code, text := w.call("POST", "FeatureGroup/homely/Flush", ""); status != 200 || w.waiting("homely") != 0 {
		t.Errorf("with room again: status %d %s: %s", status, code, text)
	}
}
