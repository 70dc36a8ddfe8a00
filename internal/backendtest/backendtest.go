// Package backendtest holds what every backend must do, as suites of tests. A backend's own test
// is a constructor and one call for each contract that it implements. The suites know no backend
// and reach it through the contracts only; the naive models in them are oracles, never backends.
package backendtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// Stores are the contracts of one backend, or of several that belong together.
type Stores struct {
	Groups     feature.Catalog
	Records    feature.Records
	Objects    bucket.Index
	Tables     table.Tables
	Offline    table.Offline
	Executions interface {
		query.Executions
		query.Definitions
	}
	Imports  ingest.Imports
	Loader   ingest.Loader
	Datasets dataset.Datasets
}

// Open makes empty stores, which t ends.
type Open func(t *testing.T) Stores

// All runs every suite.
func All(t *testing.T, open Open) {
	t.Run("Catalog", func(t *testing.T) { Catalog(t, open) })
	t.Run("Records", func(t *testing.T) { Records(t, open) })
	t.Run("Index", func(t *testing.T) { Index(t, open) })
	t.Run("Tables", func(t *testing.T) { Tables(t, open) })
	t.Run("Offline", func(t *testing.T) { Offline(t, open) })
	t.Run("Executions", func(t *testing.T) { Executions(t, open) })
	t.Run("Imports", func(t *testing.T) { Imports(t, open) })
	t.Run("Datasets", func(t *testing.T) { Datasets(t, open) })
}

// A tester is a *testing.T or a *rapid.T.
type tester interface {
	rapid.TB
	Context() context.Context
}

// noon is an instant that the suites count from.
var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// must ends the test if err is one.
func must(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantKind says so if err is not an error of that kind.
func wantKind(t tester, what string, err error, kind feature.Kind) {
	t.Helper()
	if err == nil || feature.KindOf(err) != kind {
		t.Errorf("%s: error %v of kind %d, want kind %d", what, err, feature.KindOf(err), kind)
	}
}

// wantSame says so if the two differ. Positions of records are the backend's to choose: what is
// asked of them is in recordsRemembered and in the model.
func wantSame(t tester, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(feature.Record{}, "Position")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// newGroup makes a group in the catalog with features id, at and price.
func newGroup(t tester, s Stores, name feature.GroupName) *feature.Group {
	t.Helper()
	g := sampleGroup(name)
	must(t, s.Groups.Create(t.Context(), g))
	return g
}

func sampleGroup(name feature.GroupName) *feature.Group {
	return &feature.Group{
		Name:             name,
		ARN:              "arn:aws:sagemaker:us-east-1:123456789012:feature-group/" + string(name),
		RecordIdentifier: "id",
		EventTime:        "at",
		Definitions:      []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.Fractional}, {Name: "price", Type: feature.Integral}},
		Online:           &feature.Online{StorageType: "Standard"},
		Offline: &feature.Offline{
			S3URI:    "s3://lake/features",
			Resolved: "s3://lake/features/123456789012/sagemaker/us-east-1/offline-store/x/data",
			Table:    &feature.TableRef{Catalog: "AwsDataCatalog", Database: "sagemaker_featurestore", Table: string(name)},
		},
		Description: "prices",
		Tags:        []feature.Tag{{Key: "team", Value: "a"}},
		Created:     noon,
		Status:      feature.Created,
	}
}

// record makes a record of newGroup's groups.
func record(id string, at int64, price string) *feature.Record {
	return &feature.Record{
		ID:        id,
		EventTime: feature.EventTime{Sec: at},
		Values:    []feature.Value{{Ordinal: 0, Text: id}, {Ordinal: 1, Text: fmt.Sprint(at)}, {Ordinal: 2, Text: price}},
	}
}

// tombstone makes what a soft delete leaves.
func tombstone(id string, at int64) *feature.Record {
	r := record(id, at, "")
	r.Values, r.Deleted = r.Values[:2], true
	return r
}

// put writes r to both stores by the rule of event times.
func put(t tester, s Stores, g *feature.Group, r *feature.Record) {
	t.Helper()
	must(t, s.Records.Do(t.Context(), g, r.ID, newestWins(r)))
}

// newestWins decides by the rule of event times: the newer or equal one is held.
func newestWins(r *feature.Record) func(*feature.Record) (feature.Decision, error) {
	return func(held *feature.Record) (feature.Decision, error) {
		d := feature.Decision{Outcome: feature.OnlineWritten, Record: r, Journal: true, Accepted: noon}
		if held != nil && r.EventTime.Compare(held.EventTime) < 0 {
			d.Outcome = feature.OnlineStale
		}
		return d, nil
	}
}
