package embedded

import (
	"encoding/binary"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// The stored record is close to the reply: ordinals and texts. Decoding makes one copy of the
// bytes, which the texts share.

// flagDeleted marks a tombstone or a delete marker.
const flagDeleted = 1

func encodeRecord(r *feature.Record) []byte {
	return appendRecord(append(make([]byte, 0, recordSize(r)+1), valueVersion), r)
}

func decodeRecord(value []byte) (*feature.Record, error) {
	d := decode(value)
	r := new(feature.Record)
	d.record(r)
	if err := d.end(); err != nil {
		return nil, err
	}
	return r, nil
}

func encodeEntry(e *feature.Entry) []byte {
	b := append(make([]byte, 0, recordSize(&e.Record)+16), valueVersion, byte(e.Outcome))
	return appendRecord(binary.AppendVarint(b, e.Accepted.UnixMicro()), &e.Record)
}

func decodeEntry(p feature.Position, value []byte) (*feature.Entry, error) {
	d := decode(value)
	e := &feature.Entry{Position: p, Outcome: feature.Outcome(d.byte())}
	e.Accepted = time.UnixMicro(d.varint()).UTC()
	d.record(&e.Record)
	if err := d.end(); err != nil {
		return nil, err
	}
	return e, nil
}

// recordSize is at least the length of what appendRecord appends.
func recordSize(r *feature.Record) int {
	n := 40 + len(r.ID)
	for _, v := range r.Values {
		n += len(v.Text) + 12
	}
	return n
}

func appendRecord(b []byte, r *feature.Record) []byte {
	var flags byte
	if r.Deleted {
		flags |= flagDeleted
	}
	b = binary.AppendVarint(append(b, flags), r.EventTime.Sec)
	b = binary.AppendUvarint(b, uint64(r.EventTime.Nsec))
	b = binary.AppendUvarint(b, uint64(len(r.Values)))
	for _, v := range r.Values {
		b = appendText(binary.AppendUvarint(b, uint64(v.Ordinal)), v.Text)
	}
	// The identifier is among the values: its place, from 1, stands for it.
	for i, v := range r.Values {
		if v.Text == r.ID {
			return binary.AppendUvarint(b, uint64(i+1))
		}
	}
	return appendText(append(b, 0), r.ID)
}

func (d *decoder) record(r *feature.Record) {
	flags := d.byte()
	if flags&^flagDeleted != 0 {
		d.fail()
	}
	r.Deleted = flags&flagDeleted != 0
	r.EventTime.Sec = d.varint()
	nsec := d.uvarint()
	if nsec > 999_999_999 {
		d.fail()
	}
	r.EventTime.Nsec = int32(nsec)
	if n := d.count(); n > 0 {
		r.Values = make([]feature.Value, n)
	}
	for i := range r.Values {
		r.Values[i] = feature.Value{Ordinal: int(d.uvarint()), Text: d.text()}
	}
	switch at := d.uvarint(); {
	case at == 0:
		r.ID = d.text()
	case at <= uint64(len(r.Values)):
		r.ID = r.Values[at-1].Text
	default:
		d.fail()
	}
}
