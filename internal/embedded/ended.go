package embedded

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/cockroachdb/pebble/v2"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// encodeEnded returns what is remembered of an upload that was completed at a position: where its
// object is, and the object without its blobs, which this row does not name.
func encodeEnded(at feature.Position, o *bucket.Object) []byte {
	bare := *o
	bare.Blobs, bare.Rows = nil, nil
	b := binary.AppendUvarint([]byte{valueVersion}, uint64(at))
	b = appendText(appendText(b, o.Bucket), o.Key)
	return append(b, encodeObject(&bare, 0)[1:]...) // without its version byte
}

// decodeEnded is the inverse of encodeEnded.
func decodeEnded(value []byte) (*bucket.Object, feature.Position, error) {
	d := decode(value)
	at := feature.Position(d.uvarint())
	ref := bucket.ObjectRef{Bucket: d.text(), Key: d.text()}
	o, _ := d.object(ref)
	if err := d.end(); err != nil {
		return nil, 0, err
	}
	return o, at, nil
}

// GetEnded implements bucket.EndedUploads.
func (x *Objects) GetEnded(ctx context.Context, id string) (*bucket.Object, error) {
	var o *bucket.Object
	_, err := get(x.s.db, key1(endedKeys, id), func(value []byte) (err error) {
		o, _, err = decodeEnded(value)
		return err
	})
	if settle := x.latch.settle(ctx); settle != nil {
		return nil, settle
	}
	if err == nil && o == nil {
		err = feature.Errorf(feature.NotFound, "no upload of the ID %q was completed of late", id)
	}
	return o, err
}

// ForgetEnded implements bucket.EndedUploads.
func (x *Objects) ForgetEnded(ctx context.Context, before time.Time) error {
	var old [][]byte
	for row, err := range rows(x.s.db, []byte{endedKeys}, []byte{endedKeys + 1}, nil) {
		if err != nil {
			return err
		}
		_, at, err := decodeEnded(row.value)
		if err != nil {
			return err
		}
		if at < feature.Position(before.UnixMicro()) {
			old = append(old, append([]byte(nil), row.key...))
		}
	}
	if len(old) == 0 {
		return nil
	}
	return x.write(ctx, func(b *pebble.Batch, _ feature.Position) error {
		for _, key := range old { // an ID is never given again, so none has come back
			remove(b, key)
		}
		return nil
	})
}
