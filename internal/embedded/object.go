package embedded

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// Objects are binary: a listing decodes a thousand of them for one reply.

// The bits of an object's flags.
const (
	objectRows = 1 << iota // its Rows follow
	objectMade             // then the position at which it was committed
)

// encodeObject returns the stored form of o. made is the position at which it came into the index,
// 0 if nobody will ask.
func encodeObject(o *bucket.Object, made feature.Position) []byte {
	b := append(make([]byte, 0, 256), valueVersion)
	b = binary.AppendUvarint(b, uint64(len(o.Blobs)))
	for _, p := range o.Blobs {
		b = binary.AppendVarint(appendText(b, string(p.ID)), p.Size)
	}
	b = binary.AppendVarint(b, o.Size)
	b = appendTime(appendText(b, o.ETag), o.Modified)
	b = appendMap(appendMap(b, o.Headers), o.Checksums)
	flags := byte(0)
	if o.Rows != nil {
		flags |= objectRows
	}
	if made != 0 {
		flags |= objectMade
	}
	b = append(b, flags)
	if o.Rows != nil {
		b = binary.AppendVarint(b, o.Rows.Count)
		b = appendTime(appendTime(b, o.Rows.FirstEventTime), o.Rows.LastEventTime)
		b = binary.AppendVarint(binary.AppendVarint(b, o.Rows.FirstPosition), o.Rows.LastPosition)
	}
	if made != 0 {
		b = binary.AppendUvarint(b, uint64(made))
	}
	return b
}

// appendMap appends the entries sorted, so that equal objects have equal bytes.
func appendMap(b []byte, m map[string]string) []byte {
	b = binary.AppendUvarint(b, uint64(len(m)))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		b = appendText(appendText(b, k), m[k])
	}
	return b
}

// decodeObject is the inverse of encodeObject.
func decodeObject(ref bucket.ObjectRef, value []byte) (o *bucket.Object, made feature.Position, err error) {
	d := decode(value)
	o, made = d.object(ref)
	if err := d.end(); err != nil {
		return nil, 0, err
	}
	return o, made, nil
}

// object reads what follows the version byte.
func (d *decoder) object(ref bucket.ObjectRef) (o *bucket.Object, made feature.Position) {
	o = &bucket.Object{Bucket: ref.Bucket, Key: ref.Key}
	if n := d.count(2); n > 0 {
		o.Blobs = make([]bucket.BlobPart, n)
	}
	for i := range o.Blobs {
		o.Blobs[i] = bucket.BlobPart{ID: bucket.BlobID(d.text()), Size: d.varint()}
	}
	o.Size, o.ETag, o.Modified = d.varint(), d.text(), d.time()
	o.Headers, o.Checksums = d.texts(), d.texts()
	flags := d.byte()
	if flags > objectRows|objectMade {
		d.fail()
	}
	if flags&objectRows != 0 {
		o.Rows = &bucket.Rows{
			Count:          d.varint(),
			FirstEventTime: d.time(), LastEventTime: d.time(),
			FirstPosition: d.varint(), LastPosition: d.varint(),
		}
	}
	if flags&objectMade != 0 {
		made = feature.Position(d.uvarint())
	}
	return o, made
}

// encodeReplaced returns the stored form of an object that was replaced at a position.
func encodeReplaced(at feature.Position, value []byte) []byte {
	b := binary.AppendUvarint(append(make([]byte, 0, len(value)+10), valueVersion), uint64(at))
	return append(b, value[1:]...) // without its version byte
}

// A replacedObject is an object that was replaced and has not lapsed.
type replacedObject struct {
	object     *bucket.Object
	made, gone feature.Position // when it came into the index and when it was replaced
}

// decodeReplaced is the inverse of encodeReplaced.
func decodeReplaced(ref bucket.ObjectRef, value []byte) (*replacedObject, error) {
	d := decode(value)
	r := &replacedObject{gone: feature.Position(d.uvarint())}
	r.object, r.made = d.object(ref)
	if err := d.end(); err != nil {
		return nil, err
	}
	return r, nil
}

func (d *decoder) texts() map[string]string {
	n := d.count(2)
	if n == 0 {
		return nil
	}
	m := make(map[string]string, n)
	for range n {
		k := d.text()
		m[k] = d.text()
	}
	return m
}
