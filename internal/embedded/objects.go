package embedded

import (
	"context"
	"iter"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

var _ bucket.Index = (*Objects)(nil)

// Objects is the index of the buckets.
type Objects struct {
	s     *Store
	latch latch // of buckets, objects, uploads, parts, blobs and garbage
}

// write runs fill under the latch with a batch that sees its own changes, and commits the batch.
func (x *Objects) write(ctx context.Context, fill func(b *pebble.Batch, at feature.Position) error) error {
	c, err := x.prepare(fill)
	if err != nil {
		return x.latch.refused(ctx, err)
	}
	x.s.finish(c, &x.latch)
	return nil
}

// prepare is the first half of write. The caller holds more, if there are more latches that guard
// what fill changes.
func (x *Objects) prepare(fill func(b *pebble.Batch, at feature.Position) error, more ...*latch) (*commit, error) {
	x.latch.mu.Lock()
	defer x.latch.mu.Unlock()
	at := x.s.clock.stamp()
	defer x.s.clock.land(at)
	b := x.s.db.NewIndexedBatch()
	if err := fill(b, at); err != nil {
		discard(b)
		return nil, err
	}
	return x.s.apply(b, append(more, &x.latch)...), nil
}

// Get implements bucket.Index.
func (x *Objects) Get(ctx context.Context, ref bucket.ObjectRef) (*bucket.Object, error) {
	o, err := getObject(x.s.db, ref)
	if err == nil && o == nil {
		if err = needBucket(x.s.db, ref.Bucket); err == nil {
			err = feature.Errorf(feature.NotFound, "no object %q is in bucket %q", ref.Key, ref.Bucket)
		}
	}
	if settle := x.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	return o, err
}

// getObject returns nil if there is no object.
func getObject(r pebble.Reader, ref bucket.ObjectRef) (*bucket.Object, error) {
	var o *bucket.Object
	_, err := get(r, key2(objectKeys, ref.Bucket, ref.Key), func(value []byte) (err error) {
		o, _, err = decodeObject(ref, value)
		return err
	})
	return o, err
}

// List implements bucket.Index.
func (x *Objects) List(ctx context.Context, name, prefix, after string) iter.Seq2[*bucket.Object, error] {
	return func(yield func(*bucket.Object, error) bool) {
		ready := func() error {
			if err := x.latch.settle(ctx); err != nil {
				return err
			}
			return needBucket(x.s.db, name)
		}
		for o, err := range listObjects(x.s.db, name, prefix, after, ready) {
			if err == nil {
				err = ctx.Err()
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// listObjects yields objects in key order; ready is that of rows.
func listObjects(r pebble.Reader, name, prefix, past string, ready func() error) iter.Seq2[*bucket.Object, error] {
	return func(yield func(*bucket.Object, error) bool) {
		lower, upper := listBounds(objectKeys, name, prefix, past)
		for row, err := range rows(r, lower, upper, ready) {
			var o *bucket.Object
			if err == nil {
				ref := bucket.ObjectRef{Bucket: name, Key: string(row.key[len(name)+2:])}
				o, _, err = decodeObject(ref, row.value)
			}
			if !yield(o, err) || err != nil {
				return
			}
		}
	}
}

// listBounds returns the bounds of the rows of a kind whose key has the prefix and is after past.
func listBounds(kind byte, name, prefix, past string) (lower, upper []byte) {
	lower, upper = key2(kind, name, prefix), after(key2(kind, name, prefix))
	if past >= prefix && past != "" {
		lower = append(key2(kind, name, past), 0)
	}
	return lower, upper
}

// Commit implements bucket.Index. NotFound also if EndUpload names no upload. Conflict if Put
// names a blob that was retired: whoever copies an object must read it again. Unavailable if the disk
// is full, unless c only removes.
func (x *Objects) Commit(ctx context.Context, c bucket.Change) error {
	if len(c.Put) > 0 || len(c.Documents) > 0 {
		if err := x.s.space.room(); err != nil {
			return err
		}
	}
	return x.write(ctx, func(b *pebble.Batch, at feature.Position) error { return x.change(b, at, c) })
}

// change adds c to b, which is an indexed batch. The caller holds the latch.
func (x *Objects) change(b *pebble.Batch, at feature.Position, c bucket.Change) error {
	if err := needBuckets(b, c); err != nil {
		return err
	}
	if err := ask(b, c); err != nil {
		return err
	}
	if err := require(b, c.Require); err != nil {
		return err
	}
	if err := setDocuments(b, c.Documents); err != nil {
		return err
	}
	if err := replace(b, at, c.Replace); err != nil {
		return err
	}
	// Blobs are named before others are unnamed: what moves from one to the other is never retired.
	var old []bucket.BlobPart
	for _, o := range c.Put {
		if err := nameBlobs(b, o.Blobs); err != nil {
			return err
		}
		left, err := take(b, bucket.ObjectRef{Bucket: o.Bucket, Key: o.Key})
		if err != nil {
			return err
		}
		old = append(old, left...)
		setObject(b, at, o)
	}
	for _, ref := range c.Delete {
		left, err := take(b, ref)
		if err != nil {
			return err
		}
		old = append(old, left...)
	}
	if c.EndUpload != "" {
		parts, err := endUpload(b, c.EndUpload)
		if err != nil {
			return err
		}
		old = append(old, parts...)
		if len(c.Put) > 0 {
			set(b, key1(endedKeys, c.EndUpload), encodeEnded(at, c.Put[0]))
		}
	}
	return unnameBlobs(b, old, at)
}

// setObject puts o. Of the objects of tables it keeps when they came.
func setObject(b *pebble.Batch, at feature.Position, o *bucket.Object) {
	made := feature.Position(0)
	if o.Rows != nil {
		made = at
		rememberPosition(b, at)
	}
	set(b, key2(objectKeys, o.Bucket, o.Key), encodeObject(o, made))
}

// rememberPosition makes the clock of the next start go on after at, so that nothing that comes is
// taken for older than what this commit made or replaced.
func rememberPosition(b *pebble.Batch, at feature.Position) { setNumber(b, metaPosition, uint64(at)) }

// take removes whatever is under a key, also what was replaced there, and returns the blobs that
// have a name less by it.
func take(b *pebble.Batch, ref bucket.ObjectRef) ([]bucket.BlobPart, error) {
	held, err := getObject(b, ref)
	if err != nil {
		return nil, err
	}
	if held != nil {
		remove(b, key2(objectKeys, ref.Bucket, ref.Key))
		return held.Blobs, nil // nothing that was replaced is beside what is held
	}
	r, err := getReplaced(b, ref)
	if err != nil || r == nil {
		return nil, err
	}
	dropReplaced(b, ref, r)
	return r.object.Blobs, nil
}

// require makes sure that objects are held as they are told.
func require(b *pebble.Batch, objects []*bucket.Object) error {
	for _, want := range objects {
		held, err := getObject(b, bucket.ObjectRef{Bucket: want.Bucket, Key: want.Key})
		if err != nil {
			return err
		}
		if held == nil || held.ETag != want.ETag || !slices.Equal(held.Blobs, want.Blobs) {
			return feature.Errorf(feature.Conflict, "the object %q of bucket %q was replaced or deleted meanwhile", want.Key, want.Bucket)
		}
	}
	return nil
}

// ask calls the condition of c.
func ask(b *pebble.Batch, c bucket.Change) error {
	if c.Condition == nil {
		return nil
	}
	var ref bucket.ObjectRef
	switch {
	case len(c.Put) > 0:
		ref = bucket.ObjectRef{Bucket: c.Put[0].Bucket, Key: c.Put[0].Key}
	case len(c.Delete) > 0:
		ref = c.Delete[0]
	}
	held, err := getObject(b, ref)
	if err != nil {
		return err
	}
	return c.Condition(held)
}
