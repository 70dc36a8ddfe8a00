package embedded

import (
	"context"
	"iter"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// Version implements bucket.Versions. A version is a position: the commits of the index are
// stamped and applied under its latch, so those up to it are visible and others are stamped later.
func (x *Objects) Version(ctx context.Context) (bucket.Version, error) {
	x.latch.mu.Lock()
	at := x.s.clock.newest()
	x.latch.mu.Unlock()
	return bucket.Version(max(at, 1)), x.latch.settle(ctx)
}

// ListAt implements bucket.Versions.
func (x *Objects) ListAt(ctx context.Context, at bucket.Version, name, prefix, after string) iter.Seq2[*bucket.Object, error] {
	return func(yield func(*bucket.Object, error) bool) {
		// What leaves the one range for the other must be seen in one of them.
		snap := x.s.db.NewSnapshot()
		// Closing a snapshot cannot fail.
		defer func() { _ = snap.Close() }()
		ready := func() error {
			if err := x.latch.settle(ctx); err != nil {
				return err
			}
			return needBucket(snap, name)
		}
		replaced, stop := iter.Pull2(listReplaced(snap, name, prefix, after, nil))
		defer stop()
		next := func() (*bucket.Object, error) { return nextAt(replaced, feature.Position(at)) }
		back, err := next()
		if err != nil {
			yield(nil, err)
			return
		}
		lower, upper := listBounds(objectKeys, name, prefix, after)
		for row, err := range rows(snap, lower, upper, ready) {
			var o *bucket.Object
			var made feature.Position
			if err == nil {
				o, made, err = decodeObject(bucket.ObjectRef{Bucket: name, Key: string(row.key[len(name)+2:])}, row.value)
			}
			if err == nil {
				err = ctx.Err()
			}
			for err == nil && back != nil && back.Key < o.Key {
				if !yield(back, nil) {
					return
				}
				back, err = next()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if made <= feature.Position(at) && !yield(o, nil) {
				return
			}
		}
		for back != nil {
			if !yield(back, nil) {
				return
			}
			if back, err = next(); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// nextAt returns the next replaced object that was there at a position, nil if there is none.
func nextAt(next func() (*replacedObject, error, bool), at feature.Position) (*bucket.Object, error) {
	for {
		r, err, ok := next()
		if err != nil || !ok {
			return nil, err
		}
		if r.made <= at && r.gone > at {
			return r.object, nil
		}
	}
}
