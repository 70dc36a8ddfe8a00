package embedded

import (
	"context"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// CreateBucket implements bucket.Index.
func (x *Objects) CreateBucket(ctx context.Context, bk bucket.Bucket) error {
	return x.write(ctx, func(b *pebble.Batch, _ feature.Position) error {
		key := key1(bucketKeys, bk.Name)
		if held, err := has(b, key); err != nil || held {
			if err != nil {
				return err
			}
			return feature.Errorf(feature.Exists, "a bucket named %q exists", bk.Name)
		}
		value, err := toJSON(&bk)
		if err != nil {
			return err
		}
		set(b, key, value)
		return nil
	})
}

// DeleteBucket implements bucket.Index. It ends the uploads of the bucket.
func (x *Objects) DeleteBucket(ctx context.Context, name string) error {
	return x.write(ctx, func(b *pebble.Batch, at feature.Position) error {
		if err := needBucket(b, name); err != nil {
			return err
		}
		prefix := key2(objectKeys, name, "")
		if full, err := some(b, prefix, after(key2(objectKeys, name, ""))); err != nil || full {
			if err != nil {
				return err
			}
			return feature.Errorf(feature.Conflict, "the bucket %q has objects: delete them first", name)
		}
		uploads, err := uploadsOf(b, name, nil)
		if err != nil {
			return err
		}
		for _, u := range uploads {
			blobs, err := endUpload(b, u.ID)
			if err != nil {
				return err
			}
			if err := unnameBlobs(b, blobs, at); err != nil {
				return err
			}
		}
		for r, err := range listReplaced(x.s.db, name, "", "", nil) {
			if err != nil {
				return err
			}
			dropReplaced(b, bucket.ObjectRef{Bucket: name, Key: r.object.Key}, r)
			if err := unnameBlobs(b, r.object.Blobs, at); err != nil {
				return err
			}
		}
		remove(b, key1(bucketKeys, name))
		return nil
	})
}

// GetBucket implements bucket.Buckets.
func (x *Objects) GetBucket(ctx context.Context, name string) (*bucket.Bucket, error) {
	bk, err := getJSON[bucket.Bucket](x.s.db, key1(bucketKeys, name))
	if err == nil && bk == nil {
		err = feature.Errorf(feature.NotFound, "no bucket is named %q", name)
	}
	if settle := x.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	return bk, err
}

// Buckets implements bucket.Index.
func (x *Objects) Buckets(ctx context.Context) ([]bucket.Bucket, error) {
	var all []bucket.Bucket
	ready := func() error { return x.latch.settle(ctx) }
	for row, err := range rows(x.s.db, []byte{bucketKeys}, []byte{bucketKeys + 1}, ready) {
		if err != nil {
			return nil, err
		}
		bk, err := fromJSON[bucket.Bucket](row.value)
		if err != nil {
			return nil, err
		}
		all = append(all, *bk)
	}
	return all, nil
}

func needBucket(r pebble.Reader, name string) error {
	held, err := has(r, key1(bucketKeys, name))
	if err == nil && !held {
		err = feature.Errorf(feature.NotFound, "no bucket is named %q", name)
	}
	return err
}

// needBuckets makes sure that every bucket of c is there.
func needBuckets(r pebble.Reader, c bucket.Change) error {
	last := ""
	need := func(name string) error {
		if name == last && name != "" {
			return nil
		}
		last = name
		return needBucket(r, name)
	}
	for _, o := range c.Put {
		if err := need(o.Bucket); err != nil {
			return err
		}
	}
	for _, ref := range slices.Concat(c.Delete, c.Replace) {
		if err := need(ref.Bucket); err != nil {
			return err
		}
	}
	return nil
}
