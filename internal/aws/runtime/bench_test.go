package runtime_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/aws/runtime"
	"github.com/larder-dev/larder/internal/feature"
)

// sink is a response that nobody reads.
type sink struct {
	header http.Header
	n      int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(b []byte) (int, error) { s.n += len(b); return len(b), nil }

// benchmark calls an operation on a group of ten features, as the walkthrough's has, without
// HTTP and signatures.
func benchmark(b *testing.B, op string, call awshttp.Call) {
	store := newStore(b)
	definitions := []feature.Definition{{Name: "customer_id", Type: feature.String}, {Name: "event_time", Type: feature.String}}
	fields := []feature.Field{{Name: "customer_id", Text: "C0042"}, {Name: "event_time", Text: "1700000000"}}
	for i := range 8 {
		name := feature.Name(fmt.Sprint("some_feature_", i))
		definitions = append(definitions, feature.Definition{Name: name, Type: feature.Fractional})
		fields = append(fields, feature.Field{Name: name, Text: "1250.75"})
	}
	_, err := store.CreateGroup(b.Context(), &feature.Group{
		Name: "customers", RecordIdentifier: "customer_id", EventTime: "event_time", Definitions: definitions,
		Online: &feature.Online{}, Offline: &feature.Offline{S3URI: "s3://lake/fs"}, RoleARN: "arn:aws:iam::123456789012:role/larder",
	})
	if err != nil {
		b.Fatal(err)
	}
	var body strings.Builder
	for i, f := range fields {
		if i > 0 {
			body.WriteByte(',')
		}
		fmt.Fprintf(&body, `{"FeatureName": %q, "ValueAsString": %q}`, f.Name, f.Text)
	}
	record := []byte(`{"Record": [` + body.String() + `]}`)

	service := runtime.New(store)
	handle := map[string]awshttp.Handler{}
	for _, o := range service.Operations {
		handle[o.Name] = o.Handle
	}
	call.Service, call.Received = service, time.Now()
	put := call
	put.Body, put.Path = record, map[string]string{"FeatureGroupName": "customers"}
	if err := handle["PutRecord"](b.Context(), &put, &sink{header: http.Header{}}); err != nil {
		b.Fatal(err)
	}
	call.Path = put.Path
	if call.Body == nil {
		call.Body = record
	}
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		if err := handle[op](b.Context(), &call, w); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPutRecord(b *testing.B) { benchmark(b, "PutRecord", awshttp.Call{}) }

func BenchmarkGetRecord(b *testing.B) {
	benchmark(b, "GetRecord", awshttp.Call{Params: url.Values{"RecordIdentifierValueAsString": {"C0042"}}})
}

func BenchmarkBatchGetRecordOf100(b *testing.B) {
	ids := strings.TrimSuffix(strings.Repeat(`"C0042",`, 100), ",")
	benchmark(b, "BatchGetRecord", awshttp.Call{Body: []byte(`{"Identifiers":[{"FeatureGroupName":"customers","RecordIdentifiersValueAsString":[` + ids + `]}]}`)})
}
