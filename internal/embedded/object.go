package embedded

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/larder-dev/larder/internal/bucket"
)

// Objects are binary: a listing decodes a thousand of them for one reply.

func encodeObject(o *bucket.Object) []byte {
	b := append(make([]byte, 0, 256), valueVersion)
	b = binary.AppendUvarint(b, uint64(len(o.Blobs)))
	for _, p := range o.Blobs {
		b = binary.AppendVarint(appendText(b, string(p.ID)), p.Size)
	}
	b = binary.AppendVarint(b, o.Size)
	b = appendTime(appendText(b, o.ETag), o.Modified)
	b = appendMap(appendMap(b, o.Headers), o.Checksums)
	if o.Rows == nil {
		return append(b, 0)
	}
	b = binary.AppendVarint(append(b, 1), o.Rows.Count)
	b = appendTime(appendTime(b, o.Rows.FirstEventTime), o.Rows.LastEventTime)
	return binary.AppendVarint(binary.AppendVarint(b, o.Rows.FirstPosition), o.Rows.LastPosition)
}

// appendMap appends the entries sorted, so that equal objects have equal bytes.
func appendMap(b []byte, m map[string]string) []byte {
	b = binary.AppendUvarint(b, uint64(len(m)))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		b = appendText(appendText(b, k), m[k])
	}
	return b
}

func decodeObject(ref bucket.ObjectRef, value []byte) (*bucket.Object, error) {
	d := decode(value)
	o := &bucket.Object{Bucket: ref.Bucket, Key: ref.Key}
	if n := d.count(2); n > 0 {
		o.Blobs = make([]bucket.BlobPart, n)
	}
	for i := range o.Blobs {
		o.Blobs[i] = bucket.BlobPart{ID: bucket.BlobID(d.text()), Size: d.varint()}
	}
	o.Size, o.ETag, o.Modified = d.varint(), d.text(), d.time()
	o.Headers, o.Checksums = d.texts(), d.texts()
	switch d.byte() {
	case 0:
	case 1:
		o.Rows = &bucket.Rows{
			Count:          d.varint(),
			FirstEventTime: d.time(), LastEventTime: d.time(),
			FirstPosition: d.varint(), LastPosition: d.varint(),
		}
	default:
		d.fail()
	}
	if err := d.end(); err != nil {
		return nil, err
	}
	return o, nil
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
