//go:build !race

package runtime_test

import (
	"fmt"
	"math/rand/v2"
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

// BenchmarkBatchWriteRecordOf25 writes newer versions of records of 10 features, drawn from 100,000, signature and all.
func BenchmarkBatchWriteRecordOf25(b *testing.B) {
	store := newStore(b)
	g := &feature.Group{
		Name: "customers", RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String}},
		Online:      &feature.Online{}, Offline: &feature.Offline{S3URI: "s3://lake/fs"}, RoleARN: "arn:aws:iam::" + awstest.Account + ":role/larder",
	}
	for i := 2; i < 10; i++ {
		g.Definitions = append(g.Definitions, feature.Definition{Name: feature.Name(fmt.Sprintf("f%03d", i)), Type: []feature.Type{feature.Integral, feature.String, feature.Fractional, feature.Fractional}[i%4]})
	}
	if _, err := store.CreateGroup(b.Context(), g); err != nil {
		b.Fatal(err)
	}
	handler := awshttp.NewHandler(awshttp.Config{Keys: access.NewKeyring(awstest.Key()), Services: []*awshttp.Service{runtime.New(store)}})
	type request struct {
		*http.Request
		body string
	}
	rng := rand.New(rand.NewPCG(1, 2))
	requests := make([]request, 4000)
	for n := range requests {
		var entries []string
		for range 25 {
			id := rng.IntN(100_000)
			fields := []string{fmt.Sprintf(`{"FeatureName": "id", "ValueAsString": "entity-%08d"}`, id),
				fmt.Sprintf(`{"FeatureName": "at", "ValueAsString": %q}`, time.Unix(int64(1_767_225_600+n%3*3600+id%3600), 0).UTC().Format(time.RFC3339))}
			for i := 2; i < 10; i++ {
				value := [...]string{fmt.Sprint(rng.IntN(100_000)), fmt.Sprint("segment-", rng.IntN(64)), fmt.Sprint(float64(rng.IntN(10_000_000)) / 4), fmt.Sprint(float64(rng.IntN(10_000_000)) / 4)}[i%4]
				fields = append(fields, fmt.Sprintf(`{"FeatureName": "f%03d", "ValueAsString": %q}`, i, value))
			}
			entries = append(entries, `{"FeatureGroupName": "customers", "Record": [`+strings.Join(fields, ", ")+`]}`)
		}
		body := `{"Entries": [` + strings.Join(entries, ", ") + `]}`
		r := httptest.NewRequest(http.MethodPost, "http://larder.test/BatchWriteRecord", strings.NewReader(body))
		awstest.Sign(b, r, awstest.Key(), "sagemaker", awstest.Region, time.Now())
		requests[n] = request{r, body}
	}
	body, n := &again{}, 0
	b.ReportAllocs()
	for b.Loop() {
		r := requests[n%len(requests)]
		n++
		body.Reset(r.body)
		r.Body = body
		w := &answer{header: http.Header{}}
		if handler.ServeHTTP(w, r.Request); w.status != 0 && w.status != http.StatusOK {
			b.Fatalf("status %d: %s", w.status, w.text)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(25*b.N), "µs/record")
}
