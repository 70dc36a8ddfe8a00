package embedded

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// What is replaced moves from objectKeys to replacedKeys, with its blobs' names. A key is in one
// of the two at most.

// replace takes objects out of the listings.
func replace(b *pebble.Batch, at feature.Position, refs []bucket.ObjectRef) error {
	for _, ref := range refs {
		key := key2(objectKeys, ref.Bucket, ref.Key)
		var value []byte
		found, err := get(b, key, func(held []byte) error {
			_, _, err := decodeObject(ref, held)
			value = encodeReplaced(at, held)
			return err
		})
		if err != nil {
			return err
		}
		if found {
			remove(b, key)
			set(b, key2(replacedKeys, ref.Bucket, ref.Key), value)
			set(b, lapseKey(at, ref), nil)
		}
	}
	if len(refs) > 0 {
		rememberPosition(b, at)
	}
	return nil
}

// dropReplaced forgets r. Its blobs are the caller's to unname.
func dropReplaced(b *pebble.Batch, ref bucket.ObjectRef, r *replacedObject) {
	remove(b, key2(replacedKeys, ref.Bucket, ref.Key))
	remove(b, lapseKey(r.gone, ref))
}

func lapseKey(at feature.Position, ref bucket.ObjectRef) []byte {
	return numberKey(lapseKeys, uint64(at), ref.Bucket+"\x00"+ref.Key)
}

// splitLapseKey is the inverse of lapseKey.
func splitLapseKey(k []byte) (feature.Position, bucket.ObjectRef, error) {
	at, rest, err := splitNumberKey(k)
	if err != nil {
		return 0, bucket.ObjectRef{}, err
	}
	name, key, found := strings.Cut(string(rest), "\x00")
	if !found {
		return 0, bucket.ObjectRef{}, errKey
	}
	return feature.Position(at), bucket.ObjectRef{Bucket: name, Key: key}, nil
}

// getReplaced returns nil if there is none.
func getReplaced(r pebble.Reader, ref bucket.ObjectRef) (*replacedObject, error) {
	var o *replacedObject
	_, err := get(r, key2(replacedKeys, ref.Bucket, ref.Key), func(value []byte) (err error) {
		o, err = decodeReplaced(ref, value)
		return err
	})
	return o, err
}

// GetReplaced implements bucket.Replaced.
func (x *Objects) GetReplaced(ctx context.Context, ref bucket.ObjectRef) (*bucket.Object, error) {
	r, err := getReplaced(x.s.db, ref)
	if settle := x.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, feature.Errorf(feature.NotFound, "no object %q of bucket %q was replaced of late", ref.Key, ref.Bucket)
	}
	return r.object, nil
}

// ListReplaced implements bucket.Replaced. Of a bucket that is not there it yields nothing.
func (x *Objects) ListReplaced(ctx context.Context, name, prefix string) iter.Seq2[*bucket.Object, error] {
	return func(yield func(*bucket.Object, error) bool) {
		ready := func() error { return x.latch.settle(ctx) }
		for r, err := range listReplaced(x.s.db, name, prefix, "", ready) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(r.object, nil) {
				return
			}
		}
	}
}

// listReplaced is listObjects of what was replaced.
func listReplaced(r pebble.Reader, name, prefix, past string, ready func() error) iter.Seq2[*replacedObject, error] {
	return func(yield func(*replacedObject, error) bool) {
		lower, upper := listBounds(replacedKeys, name, prefix, past)
		for row, err := range rows(r, lower, upper, ready) {
			var o *replacedObject
			if err == nil {
				o, err = decodeReplaced(bucket.ObjectRef{Bucket: name, Key: string(row.key[len(name)+2:])}, row.value)
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// LapseReplaced implements bucket.Replaced.
func (x *Objects) LapseReplaced(ctx context.Context, before time.Time, limit int) (n int, err error) {
	// Nothing lapses most of the time: then nothing is committed.
	due, err := lapsed(x.s.db, before, limit)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	err = x.write(ctx, func(b *pebble.Batch, at feature.Position) error {
		due, err := lapsed(b, before, limit)
		if err != nil {
			return err
		}
		for _, ref := range due {
			r, err := getReplaced(b, ref)
			if err != nil {
				return err
			}
			if r == nil {
				return errDamaged
			}
			dropReplaced(b, ref, r)
			if err := unnameBlobs(b, r.object.Blobs, at); err != nil {
				return err
			}
		}
		n = len(due)
		return nil
	})
	return n, err
}

// lapsed returns what was replaced before a time, the oldest first.
func lapsed(r pebble.Reader, before time.Time, limit int) ([]bucket.ObjectRef, error) {
	var due []bucket.ObjectRef
	for row, err := range rows(r, []byte{lapseKeys}, []byte{lapseKeys + 1}, nil) {
		if err != nil {
			return nil, err
		}
		at, ref, err := splitLapseKey(row.key)
		if err != nil {
			return nil, err
		}
		if len(due) >= limit || at >= feature.Position(before.UnixMicro()) {
			break
		}
		due = append(due, ref)
	}
	return due, nil
}
