package embedded

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/blob"
	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/table"
)

// A row that was acknowledged may lie after the settled position: a write that was stamped before it has
// not landed. FlushNow promises that row all the same, so it waits for the other write.
func TestFlushNowWaitsForAWriteThatIsStamped(t *testing.T) {
	flushes := map[string]func(context.Context, *table.Store, *feature.Group) error{
		"all groups": func(ctx context.Context, s *table.Store, _ *feature.Group) error { return s.FlushNow(ctx) },
		"one group":  func(ctx context.Context, s *table.Store, g *feature.Group) error { return s.FlushGroupNow(ctx, g.ID) },
	}
	for name, flush := range flushes {
		t.Run(name, func(t *testing.T) {
			fs := vfs.NewMem()
			s := reopen(t, fs, Options{})
			blobs, err := blob.Open("blobs", fs)
			if err != nil {
				t.Fatal(err)
			}
			buckets := bucket.New(s.Objects(), blobs, bucket.Options{Account: "123456789012", Region: "us-east-1"})
			if err := buckets.CreateBucket(t.Context(), "lake"); err != nil {
				t.Fatal(err)
			}
			tables := table.New(s.Tables(), s.Offline(), buckets, table.Options{})
			g, err := feature.NewGroup(&feature.Group{
				Name: "g", RecordIdentifier: "id", EventTime: "at", RoleARN: "arn:aws:iam::123456789012:role/r", Offline: &feature.Offline{S3URI: "s3://lake/fs"},
				Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.String}},
			}, feature.Place{Account: "123456789012", Region: "us-east-1"}, noon, false)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Groups().Create(t.Context(), g); err != nil {
				t.Fatal(err)
			}
			mustDo(t, s, g, "1", "settled")
			// What Do does, stopped between its stamp and its commit.
			late := s.clock.stamp()
			mustDo(t, s, g, "2", "stamped later, acknowledged earlier")

			soon, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			if err := flush(soon, tables, g); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a flush beside a write that has not landed: %v, want one that waits", err)
			}
			s.clock.land(late)
			if err := flush(t.Context(), tables, g); err != nil {
				t.Fatal(err)
			}
			if entries, _ := waitingOf(t, s, g.ID); len(entries) != 0 {
				t.Errorf("%d rows are in no file, want none", len(entries))
			}
			// Whatever is stamped after the call is not waited for.
			late = s.clock.stamp()
			defer s.clock.land(late)
			if err := flush(t.Context(), tables, g); err != nil {
				t.Errorf("a flush of nothing, beside a write that has not landed: %v", err)
			}
		})
	}
}
