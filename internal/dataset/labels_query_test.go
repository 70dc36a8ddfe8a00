package dataset_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/vfstest"

	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/query"
)

// A lateFailure is an engine that fails when the result is in its file.
type lateFailure struct{}

var _ query.Engine = lateFailure{}

// Run implements query.Engine.
func (lateFailure) Run(_ context.Context, p *query.Plan, _ func(), _ func([][]*string) error) error {
	return errors.Join(p.Write.File(nil, strings.NewReader("rows")), &query.EngineError{Code: "EXCEEDED_LOCAL_MEMORY_LIMIT", Message: "too much"})
}

// Close implements query.Engine.
func (lateFailure) Close() error { return nil }

func TestTheFileOfLabelsWhoseQueryFailsIsClosed(t *testing.T) {
	fs, open := vfstest.WithOpenFileTracking(vfs.NewMem())
	w := newWorldOn(t, fs, lateFailure{}, dataset.Options{})
	s := spec("")
	s.Labels.SQL = "SELECT '7' AS id, '2024-06-01' AS \"when\""
	d, err := w.Start(t.Context(), "churn", s, "me")
	w.check(err)
	d, err = w.Wait(t.Context(), d.Ref())
	w.check(err)
	if d.Status != dataset.Failed || !strings.Contains(d.Failure, "too much") {
		t.Errorf("the dataset is %s: %s", d.Status, d.Failure)
	}
	var stacks strings.Builder
	open(&stacks)
	if strings.Contains(stacks.String(), "openLabels") {
		t.Errorf("open files:\n%s", stacks.String())
	}
}
