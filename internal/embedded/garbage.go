package embedded

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// A blobState says who needs a blob: so many objects and parts, or, if none do, since when.
type blobState struct {
	names   uint64
	retired feature.Position // if names is 0
}

// getBlob returns nil for a blob that nothing ever named, or that is forgotten.
func getBlob(r pebble.Reader, id bucket.BlobID) (*blobState, error) {
	var s *blobState
	_, err := get(r, key1(blobKeys, string(id)), func(value []byte) error {
		d := decode(value)
		s = &blobState{names: d.uvarint()}
		if s.names == 0 {
			s.retired = feature.Position(d.uvarint())
		}
		return d.end()
	})
	return s, err
}

func setBlob(b *pebble.Batch, id bucket.BlobID, s blobState) {
	value := binary.AppendUvarint([]byte{valueVersion}, s.names)
	if s.names == 0 {
		value = binary.AppendUvarint(value, uint64(s.retired))
	}
	set(b, key1(blobKeys, string(id)), value)
}

func garbageKey(at feature.Position, id bucket.BlobID) []byte {
	return numberKey(garbageKeys, uint64(at), string(id))
}

// nameBlobs counts one more name for each blob. Conflict if one was retired: its bytes may be
// gone already.
func nameBlobs(b *pebble.Batch, blobs []bucket.BlobPart) error {
	for _, p := range blobs {
		s, err := getBlob(b, p.ID)
		if err != nil {
			return err
		}
		switch {
		case s == nil:
			s = &blobState{}
		case s.names == 0:
			return feature.Errorf(feature.Conflict, "the bytes that it would name were replaced or deleted meanwhile: read the source again")
		}
		setBlob(b, p.ID, blobState{names: s.names + 1})
	}
	return nil
}

// unnameBlobs counts one name less for each blob, and retires those that have none left.
func unnameBlobs(b *pebble.Batch, blobs []bucket.BlobPart, at feature.Position) error {
	for _, p := range blobs {
		s, err := getBlob(b, p.ID)
		if err != nil {
			return err
		}
		switch {
		case s == nil || s.names == 0:
			return errDamaged
		case s.names > 1:
			setBlob(b, p.ID, blobState{names: s.names - 1})
		default:
			setBlob(b, p.ID, blobState{retired: at})
			set(b, garbageKey(at, p.ID), nil)
		}
	}
	return nil
}

// Retired implements bucket.Garbage.
func (x *Objects) Retired(ctx context.Context, before time.Time, limit int) ([]bucket.BlobID, error) {
	bound := feature.Position(before.UnixMicro())
	// Snapshots are looked at after the read begins: one that opens between the two is younger
	// than every retirement that the read finds, and does not need those blobs. The blobs will be
	// removed, so what retired them must be durable.
	ready := func() error {
		bound = min(bound, x.s.offline.oldest()+1)
		return x.latch.settle(ctx)
	}
	var ids []bucket.BlobID
	for row, err := range rows(x.s.db, []byte{garbageKeys}, []byte{garbageKeys + 1}, ready) {
		if err != nil {
			return nil, err
		}
		at, id, err := splitNumberKey(row.key)
		if err != nil {
			return nil, err
		}
		if len(ids) >= limit || feature.Position(at) >= bound {
			break
		}
		ids = append(ids, bucket.BlobID(id))
	}
	return ids, nil
}

// Forget implements bucket.Garbage. It leaves alone what is not garbage.
func (x *Objects) Forget(ctx context.Context, ids []bucket.BlobID) error {
	return x.write(ctx, func(b *pebble.Batch, _ feature.Position) error {
		for _, id := range ids {
			s, err := getBlob(b, id)
			if err != nil {
				return err
			}
			if s != nil && s.names == 0 {
				remove(b, key1(blobKeys, string(id)))
				remove(b, garbageKey(s.retired, id))
			}
		}
		return nil
	})
}

// Named implements bucket.Garbage.
func (x *Objects) Named(ctx context.Context, ids []bucket.BlobID) (map[bucket.BlobID]bool, error) {
	named := make(map[bucket.BlobID]bool, len(ids))
	for _, id := range ids {
		held, err := has(x.s.db, key1(blobKeys, string(id)))
		if err != nil {
			return nil, err
		}
		if held {
			named[id] = true
		}
	}
	return named, x.latch.settle(ctx)
}
