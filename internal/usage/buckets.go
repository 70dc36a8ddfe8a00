package usage

import (
	"context"
	"fmt"
	"hash/maphash"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// A claim is how somebody has a blob. The zero value is nobody.
type claim uint8

const (
	byNobody claim = iota
	byObject
	byRun
	byDataset
	byReplaced
	byUpload
)

// owners knows who has a blob first. It keeps hashes of their names: that two of a million are the same
// is one in millions, and would misname one file.
type owners struct {
	seed maphash.Seed
	held map[uint64]claim
}

func newOwners() *owners { return &owners{maphash.MakeSeed(), map[uint64]claim{}} }

// claim returns how many of the bytes nobody had before.
func (o *owners) claim(c claim, blobs ...bucket.BlobPart) (fresh int64) {
	for _, b := range blobs {
		h := maphash.String(o.seed, string(b.ID))
		if o.held[h] == byNobody {
			o.held[h] = c
			fresh += b.Size
		}
	}
	return fresh
}

func (o *owners) of(name string) claim { return o.held[maphash.String(o.seed, name)] }

// measureBuckets counts what is in each bucket, by name. Objects have their blobs before what was
// replaced has.
func (m *Meter) measureBuckets(ctx context.Context, o *owners) ([]Bucket, error) {
	all, err := m.buckets.Buckets(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the buckets: %w", err)
	}
	out := []Bucket{}
	for _, b := range all {
		one := Bucket{Name: b.Name}
		err := m.measureObjects(ctx, o, &one)
		if feature.KindOf(err) == feature.NotFound {
			continue // deleted meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("measure the bucket %s: %w", b.Name, err)
		}
		out = append(out, one)
	}
	for i := range out {
		err := m.measureLeaving(ctx, o, &out[i])
		if err != nil && feature.KindOf(err) != feature.NotFound {
			return nil, fmt.Errorf("measure the bucket %s: %w", out[i].Name, err)
		}
	}
	return out, nil
}

func (m *Meter) measureObjects(ctx context.Context, o *owners, b *Bucket) error {
	for object, err := range m.buckets.List(ctx, b.Name, "", "") {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		b.Objects++
		b.Bytes += object.Size
		b.Stored += o.claim(byObject, object.Blobs...)
	}
	return nil
}

// measureRuns claims the blobs of sorted runs, which are in no bucket.
func (m *Meter) measureRuns(ctx context.Context, o *owners) error {
	for r, err := range m.tables.EachRun(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("measure the sorted runs: %w", err)
		}
		o.claim(byRun, r.File.Blobs...)
	}
	return nil
}

// measureDatasets claims the blobs of datasets.
func (m *Meter) measureDatasets(ctx context.Context, o *owners) error {
	for file, err := range m.options.Datasets(ctx) {
		if err != nil {
			return fmt.Errorf("measure the datasets: %w", err)
		}
		o.claim(byDataset, file.Blobs...)
	}
	return nil
}

// measureLeaving counts what is no object any more, or not yet.
func (m *Meter) measureLeaving(ctx context.Context, o *owners, b *Bucket) error {
	for object, err := range m.buckets.Replaced(ctx, b.Name, "") {
		if err != nil {
			return err
		}
		b.Replaced++
		b.ReplacedBytes += object.Size
		o.claim(byReplaced, object.Blobs...)
	}
	uploads, err := m.buckets.Uploads(ctx, b.Name)
	if err != nil {
		return err
	}
	for _, u := range uploads {
		_, parts, err := m.buckets.Parts(ctx, bucket.UploadRef{ObjectRef: bucket.ObjectRef{Bucket: u.Bucket, Key: u.Key}, ID: u.ID})
		if feature.KindOf(err) == feature.NotFound {
			continue // completed or aborted meanwhile
		}
		if err != nil {
			return err
		}
		b.Uploads++
		for _, p := range parts {
			b.Parts++
			b.UploadedBytes += p.Blob.Size
			o.claim(byUpload, p.Blob)
		}
	}
	return nil
}
