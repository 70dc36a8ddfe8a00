package embedded

import (
	"cmp"
	"context"
	"encoding/binary"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// CreateUpload implements bucket.Uploads. NotFound if the bucket is not there.
func (x *Objects) CreateUpload(ctx context.Context, u bucket.Upload) error {
	if err := x.s.space.room(); err != nil {
		return err
	}
	return x.write(ctx, func(b *pebble.Batch, _ feature.Position) error {
		if err := needBucket(b, u.Bucket); err != nil {
			return err
		}
		value, err := toJSON(&u)
		if err != nil {
			return err
		}
		set(b, key1(uploadKeys, u.ID), value)
		return nil
	})
}

// GetUpload implements bucket.Uploads.
func (x *Objects) GetUpload(ctx context.Context, id string) (*bucket.Upload, error) {
	u, err := getUpload(x.s.db, id)
	if settle := x.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	return u, err
}

func getUpload(r pebble.Reader, id string) (*bucket.Upload, error) {
	u, err := getJSON[bucket.Upload](r, key1(uploadKeys, id))
	if err == nil && u == nil {
		return nil, feature.Errorf(feature.NotFound, "no upload has the ID %q: it was completed or aborted, or never was", id)
	}
	return u, err
}

// ListUploads implements bucket.Uploads. It sorts by key, then by start.
func (x *Objects) ListUploads(ctx context.Context, name string) ([]*bucket.Upload, error) {
	return uploadsOf(x.s.db, name, func() error { return x.latch.settle(ctx) })
}

func uploadsOf(r pebble.Reader, name string, ready func() error) ([]*bucket.Upload, error) {
	var all []*bucket.Upload
	for row, err := range rows(r, []byte{uploadKeys}, []byte{uploadKeys + 1}, ready) {
		if err != nil {
			return nil, err
		}
		u, err := fromJSON[bucket.Upload](row.value)
		if err != nil {
			return nil, err
		}
		if u.Bucket == name {
			all = append(all, u)
		}
	}
	slices.SortStableFunc(all, func(a, b *bucket.Upload) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// PutPart implements bucket.Uploads. Conflict if the blob was retired.
func (x *Objects) PutPart(ctx context.Context, upload string, p bucket.Part) error {
	if err := x.s.space.room(); err != nil {
		return err
	}
	return x.write(ctx, func(b *pebble.Batch, at feature.Position) error {
		if _, err := getUpload(b, upload); err != nil {
			return err
		}
		key := partKey(upload, p.Number)
		held, err := getJSON[bucket.Part](b, key)
		if err != nil {
			return err
		}
		value, err := toJSON(&p)
		if err != nil {
			return err
		}
		if err := nameBlobs(b, []bucket.BlobPart{p.Blob}); err != nil {
			return err
		}
		set(b, key, value)
		if held == nil {
			return nil
		}
		return unnameBlobs(b, []bucket.BlobPart{held.Blob}, at)
	})
}

// Parts implements bucket.Uploads.
func (x *Objects) Parts(ctx context.Context, upload string) ([]bucket.Part, error) {
	// One look, so that the upload and its parts agree.
	snap := x.s.db.NewSnapshot()
	_, err := getUpload(snap, upload)
	var parts []bucket.Part
	if err == nil {
		parts, err = partsOf(snap, upload)
	}
	// Closing a snapshot cannot fail.
	_ = snap.Close()
	if settle := x.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	return parts, err
}

func partsOf(r pebble.Reader, upload string) ([]bucket.Part, error) {
	var parts []bucket.Part
	for row, err := range rows(r, key2(partKeys, upload, ""), after(key2(partKeys, upload, "")), nil) {
		if err != nil {
			return nil, err
		}
		p, err := fromJSON[bucket.Part](row.value)
		if err != nil {
			return nil, err
		}
		parts = append(parts, *p)
	}
	return parts, nil
}

// endUpload forgets the upload and its parts, and returns the blobs of the parts.
func endUpload(b *pebble.Batch, id string) ([]bucket.BlobPart, error) {
	if _, err := getUpload(b, id); err != nil {
		return nil, err
	}
	parts, err := partsOf(b, id)
	if err != nil {
		return nil, err
	}
	var blobs []bucket.BlobPart
	for _, p := range parts {
		blobs = append(blobs, p.Blob)
		remove(b, partKey(id, p.Number))
	}
	remove(b, key1(uploadKeys, id))
	return blobs, nil
}

func partKey(upload string, number int) []byte {
	return binary.BigEndian.AppendUint32(key2(partKeys, upload, ""), uint32(number))
}
