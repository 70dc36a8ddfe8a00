//go:build !race

package runtime_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/access"
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/aws/awshttp/awstest"
	"github.com/larder-dev/larder/internal/aws/runtime"
	"github.com/larder-dev/larder/internal/feature"
)

// TestAllocationsOfAnOperationDoNotGrow counts what one call allocates in all that the server does for it but net/http:
// the signature, the operation, the embedded stores on a memory file system. Who adds one knows it then; who takes some
// away lowers the number. The race detector allocates too, so it is not on.
func TestAllocationsOfAnOperationDoNotGrow(t *testing.T) {
	const features = 50
	store := newStore(t)
	g := &feature.Group{
		Name: "wide", RecordIdentifier: "f00", EventTime: "f01",
		Online: &feature.Online{}, Offline: &feature.Offline{S3URI: "s3://lake/fs"}, RoleARN: "arn:aws:iam::" + awstest.Account + ":role/larder",
	}
	var record strings.Builder
	for i := range features {
		name, value := fmt.Sprintf("f%02d", i), "1250.75"
		d := feature.Definition{Name: feature.Name(name), Type: feature.Fractional}
		switch i {
		case 0:
			d.Type, value = feature.String, "C0042"
		case 1:
			d.Type, value = feature.String, "2026-01-01T00:00:00Z"
		}
		g.Definitions = append(g.Definitions, d)
		if i > 0 {
			record.WriteString(", ")
		}
		fmt.Fprintf(&record, `{"FeatureName": %q, "ValueAsString": %q}`, name, value)
	}
	if _, err := store.CreateGroup(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	handler := awshttp.NewHandler(awshttp.Config{Keys: access.NewKeyring(awstest.Key()), Services: []*awshttp.Service{runtime.New(store)}})
	entry := `{"FeatureGroupName": "wide", "Record": [` + record.String() + `]}`
	for _, c := range []struct {
		name, method, path, body string
		most                     float64
	}{
		// First, so that there is something to get.
		{"PutRecord", "PUT", "/FeatureGroup/wide", `{"Record": [` + record.String() + `]}`, 31},
		{"GetRecord", "GET", "/FeatureGroup/wide?RecordIdentifierValueAsString=C0042", "", 21},
		{"BatchGetRecord of 100", "POST", "/BatchGetRecord", `{"Identifiers": [{"FeatureGroupName": "wide", "RecordIdentifiersValueAsString": [` + strings.Repeat(`"C0042", `, 99) + `"C0042"]}]}`, 35},
		{"BatchWriteRecord of 25", "POST", "/BatchWriteRecord", `{"Entries": [` + strings.Repeat(entry+", ", 24) + entry + `]}`, 286},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(c.method, "http://larder.test"+c.path, strings.NewReader(c.body))
			awstest.Sign(t, r, awstest.Key(), "sagemaker", awstest.Region, time.Now())
			body := &again{}
			call := func() {
				body.Reset(c.body)
				r.Body = body
				w := &answer{header: http.Header{}}
				handler.ServeHTTP(w, r)
				if w.status != 0 && w.status != http.StatusOK {
					t.Fatalf("status %d: %s", w.status, w.text)
				}
			}
			// The average of many, rounded down: the store writes a table now and then.
			if got := testing.AllocsPerRun(200, call); got > c.most {
				t.Errorf("%v allocations a call; there may be %v", got, c.most)
			}
		})
	}
}

// again is a body that is read again.
type again struct{ strings.Reader }

func (*again) Close() error { return nil }

// An answer is a response that only a failure is read of.
type answer struct {
	header http.Header
	status int
	text   []byte
}

func (a *answer) Header() http.Header    { return a.header }
func (a *answer) WriteHeader(status int) { a.status = status }
func (a *answer) Write(b []byte) (int, error) {
	if a.status > http.StatusOK {
		a.text = append(a.text, b...)
	}
	return len(b), nil
}
