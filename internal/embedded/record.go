package embedded

import (
	"encoding/binary"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// The stored record is close to the reply: ordinals and texts. Decoding makes one copy of the
// bytes, which the texts share.

// The flags of a record. What a flag stands for is there only if it is set, so that a record
// without is as short as it was in format 1, which knew the first alone.
const (
	flagDeleted  = 1 << iota // a tombstone or a delete marker
	flagTTL                  // a TTL
	flagPosition             // a Position
	flagLists                // values with lists
	flagsKnown   = 1<<iota - 1
)

// encodeRecord encodes r as it is held from an entry at p on, 0 if there is none.
func encodeRecord(r *feature.Record, p feature.Position) []byte {
	return appendRecord(append(make([]byte, 0, recordSize(r)+1), valueVersion), r, p)
}

// headSize is how long what decodeHead reads can be.
const headSize = 32

// decodeHead decodes of what is held under id who it is of and when it holds.
func decodeHead(head *feature.Record, value []byte, id string) error {
	d := decoder{all: string(value[:min(len(value), headSize)])}
	if d.byte() != valueVersion {
		d.fail()
	}
	*head = feature.Record{ID: id}
	if d.head(head); d.failed {
		return errDamaged
	}
	return nil
}

// heldSize is how long what decodeHeld reads can be.
const heldSize = 48

// decodeHeld is decodeHead with the Position.
func decodeHeld(to *feature.Record, value []byte, id string) error {
	d := decoder{all: string(value[:min(len(value), heldSize)])}
	if d.byte() != valueVersion {
		d.fail()
	}
	*to = feature.Record{ID: id}
	if flags := d.head(to); flags&flagPosition != 0 {
		to.Position = feature.Position(d.varint())
	}
	if d.failed {
		return errDamaged
	}
	return nil
}

func decodeRecord(value []byte) (*feature.Record, error) {
	r := new(feature.Record)
	if err := readRecord(string(value), r); err != nil {
		return nil, err
	}
	return r, nil
}

// readRecord makes r what value says. Its texts share the memory of value; its Values stay where they are if
// they have room.
func readRecord(value string, r *feature.Record) error {
	*r = feature.Record{Values: r.Values[:0]}
	d := decoder{all: value}
	d.version()
	d.record(r)
	return d.end()
}

// encodeEntry leaves out e.Position, which is in the key, and the Position of its record.
func encodeEntry(e *feature.Entry) []byte {
	b := make([]byte, 0, recordSize(&e.Record)+16)
	return appendValues(appendEntryHead(b, &e.Record, e.Accepted, e.Outcome), &e.Record)
}

// appendEntryHead appends what an entry has before the values of its record.
func appendEntryHead(b []byte, r *feature.Record, accepted time.Time, o feature.Outcome) []byte {
	return appendHead(binary.AppendVarint(append(b, valueVersion, byte(o)), accepted.UnixMicro()), r, 0)
}

func decodeEntry(p feature.Position, value []byte) (*feature.Entry, error) {
	d := decode(value)
	e := &feature.Entry{Position: p, Outcome: feature.Outcome(d.byte())}
	e.Accepted = time.UnixMicro(d.varint()).UTC()
	d.record(&e.Record)
	if e.Record.Position != 0 {
		d.fail() // it is in the key
	}
	if err := d.end(); err != nil {
		return nil, err
	}
	return e, nil
}

// recordSize is at least the length of what appendRecord appends.
func recordSize(r *feature.Record) int {
	n := 60 + len(r.ID)
	for _, v := range r.Values {
		n += len(v.Text) + 12
		for _, e := range v.List {
			n += len(e) + 5
		}
	}
	return n
}

func appendRecord(b []byte, r *feature.Record, p feature.Position) []byte {
	return appendValues(appendHead(b, r, p), r)
}

// appendHead appends who a record is of and when it holds, all that differs between an entry and what it leaves.
func appendHead(b []byte, r *feature.Record, p feature.Position) []byte {
	var flags byte
	if r.Deleted {
		flags |= flagDeleted
	}
	if r.TTL != 0 {
		flags |= flagTTL
	}
	if p != 0 {
		flags |= flagPosition
	}
	if hasLists(r) {
		flags |= flagLists
	}
	b = binary.AppendVarint(append(b, flags), r.EventTime.Sec)
	b = binary.AppendUvarint(b, uint64(r.EventTime.Nsec))
	if r.TTL != 0 {
		b = binary.AppendVarint(b, r.TTL)
	}
	if p != 0 {
		b = binary.AppendVarint(b, int64(p))
	}
	return b
}

// appendValues appends what follows the head.
func appendValues(b []byte, r *feature.Record) []byte {
	lists := hasLists(r)
	b = binary.AppendUvarint(b, uint64(len(r.Values)))
	for i := range r.Values {
		v := &r.Values[i]
		b = binary.AppendUvarint(b, uint64(v.Ordinal))
		if lists {
			b = binary.AppendUvarint(b, uint64(len(v.List)))
			for _, e := range v.List {
				b = appendText(b, e)
			}
			if len(v.List) > 0 {
				continue
			}
		}
		b = appendText(b, v.Text)
	}
	// The identifier is among the values: its place, from 1, stands for it.
	for i := range r.Values {
		if v := &r.Values[i]; v.Text == r.ID && v.List == nil {
			return binary.AppendUvarint(b, uint64(i+1))
		}
	}
	return appendText(append(b, 0), r.ID)
}

func hasLists(r *feature.Record) bool {
	for i := range r.Values {
		if len(r.Values[i].List) > 0 {
			return true
		}
	}
	return false
}

// head returns the flags.
func (d *decoder) head(r *feature.Record) (flags byte) {
	flags = d.byte()
	if flags&^flagsKnown != 0 {
		d.fail()
	}
	r.Deleted = flags&flagDeleted != 0
	r.EventTime.Sec = d.varint()
	nsec := d.uvarint()
	if nsec > 999_999_999 {
		d.fail()
	}
	r.EventTime.Nsec = int32(nsec)
	if flags&flagTTL != 0 {
		r.TTL = d.varint()
	}
	return flags
}

func (d *decoder) record(r *feature.Record) {
	flags := d.head(r)
	if flags&flagPosition != 0 {
		r.Position = feature.Position(d.varint())
	}
	if n := d.count(2); n <= cap(r.Values) {
		r.Values = r.Values[:n]
	} else {
		r.Values = make([]feature.Value, n)
	}
	for i := range r.Values {
		v := &r.Values[i]
		v.Ordinal, v.Text, v.List = int(d.uvarint()), "", nil
		if flags&flagLists != 0 {
			if v.List = d.list(); v.List != nil {
				continue
			}
		}
		v.Text = d.text()
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

// list returns nil for an empty one.
func (d *decoder) list() []string {
	n := d.count(1)
	if n == 0 {
		return nil
	}
	all := make([]string, n)
	for i := range all {
		all[i] = d.text()
	}
	return all
}
