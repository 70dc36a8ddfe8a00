package embedded

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
)

// fillFormat6 writes one of everything that the database of format 5 in testdata does not have: datasets, one
// with a file, and what was read for them.
func fillFormat6(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Datasets().Create(ctx, &dataset.Dataset{Name: "churn", Spec: sampleSpec(), By: "arn", Status: dataset.Running, Started: noon}))
	d := sampleDataset()
	must(s.Datasets().Create(ctx, &dataset.Dataset{Name: d.Name, Spec: d.Spec, By: d.By, Status: dataset.Running, Started: d.Started, AsOf: d.AsOf}))
	_, err := s.Datasets().Update(ctx, d.Ref(), func(held *dataset.Dataset) error {
		*held = *d
		return nil
	})
	must(err)
	must(s.Datasets().Note(ctx, sampleRead()))
}

func sampleSpec() dataset.Spec {
	prefix := "o_"
	return dataset.Spec{
		Labels: dataset.Labels{Source: "s3://b/labels.csv", Format: dataset.CSV, Table: "t", SQL: "SELECT 1", Database: "d", Time: "at"},
		Groups: []dataset.GroupSpec{{Group: "orders", Column: "customer", Features: []feature.Name{"price"}, LookBack: time.Hour, SkipDeletes: true, Prefix: &prefix}},
		AsOf:   noon,
	}
}

func sampleDataset() *dataset.Dataset {
	mean, same := 1.5, true
	file := sampleObject("", "nine")
	file.Bucket = ""
	return &dataset.Dataset{
		Name: "churn", Version: 2, Spec: sampleSpec(), By: "arn", Status: dataset.Ready, Failure: "f", Started: noon, Ended: noon.Add(time.Second), AsOf: 1 << 50,
		Groups: []dataset.Group{{
			Name: "orders", ID: 1, Location: "s3://b/p", Identifier: "id", EventTime: "at", Definitions: []feature.Definition{{Name: "id", Type: feature.String}},
			Column: "customer", Features: []feature.Name{"price"}, LookBack: time.Hour, SkipDeletes: true, Rows: 7,
		}},
		Rows: 3, Hash: "h", FileHash: "fh", File: file, Release: "0.1", Scratch: 9,
		Columns: []dataset.Column{{
			Name: "o_price", Type: dataset.Double, List: true, Group: "orders", Feature: "price", Hash: "ch",
			Statistics: dataset.Statistics{Values: 2, Nulls: 1, Distinct: 2, Min: "1", Max: "2", Mean: &mean},
		}},
		Verified: &dataset.Verification{At: noon, By: "arn", Outcome: dataset.Same, Reason: "r", Rows: 3, Hash: "h", SameFile: &same, Took: time.Second},
	}
}

func sampleRead() *dataset.Read {
	return &dataset.Read{
		Name: "churn", Version: 2, At: noon, By: "arn", What: dataset.Export, Format: dataset.Arrow, Target: "s3://b/k",
		Groups: []feature.GroupName{"orders"}, Labels: "s3://b/labels.csv", AsOf: 1 << 50,
	}
}

// A database of format 6 is read, whoever wrote it.
func TestDatabaseOfFormat6IsRead(t *testing.T) {
	s, ctx := load(t, golden(t, format6)), t.Context()
	d, err := s.Datasets().Get(ctx, dataset.Ref{Name: "churn"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sampleDataset(), d); diff != "" {
		t.Errorf("dataset (-want +got):\n%s", diff)
	}
	wantUnfinished(t, s, dataset.Ref{Name: "churn", Version: 1})
	var reads []*dataset.Read
	for r, err := range s.Datasets().Reads(ctx, d.Ref()) {
		if err != nil {
			t.Fatal(err)
		}
		reads = append(reads, r)
	}
	if diff := cmp.Diff([]*dataset.Read{sampleRead()}, reads); diff != "" {
		t.Errorf("audit trail (-want +got):\n%s", diff)
	}
	first, err := s.Datasets().Get(ctx, dataset.Ref{Name: "churn", Version: 1})
	if err != nil || first.AsOf == 0 || first.Status != dataset.Running {
		t.Errorf("the first version: %+v, %v", first, err)
	}
}

// A database of format 7 is read, whoever wrote it: it says which datasets are Running.
func TestDatabaseOfFormat7IsRead(t *testing.T) {
	rows := golden(t, format7)
	wantUnfinished(t, load(t, rows), dataset.Ref{Name: "churn", Version: 1})
	delete(rows, string(makingKey("churn", 1)))
	wantUnfinished(t, load(t, rows))
}

func wantUnfinished(t *testing.T, s *Store, want ...dataset.Ref) {
	t.Helper()
	got, err := s.Datasets().Unfinished(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Unfinished: %v (-want +got):\n%s", err, diff)
	}
}
