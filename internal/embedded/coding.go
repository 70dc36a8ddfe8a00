package embedded

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/cockroachdb/pebble/v2"
)

// valueVersion is the first byte of every value: 1 is what docs/formats/embedded-store.md says.
const valueVersion = 1

// toJSON returns the stored form of what the catalog keeps.
func toJSON(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return append([]byte{valueVersion}, text...), nil
}

// fromJSON is the inverse of toJSON.
func fromJSON[T any](value []byte) (*T, error) {
	v := new(T)
	if len(value) == 0 || value[0] != valueVersion {
		return nil, fmt.Errorf("decode %T: unknown version", *v)
	}
	if err := json.Unmarshal(value[1:], v); err != nil {
		return nil, fmt.Errorf("decode %T: %w", *v, err)
	}
	return v, nil
}

// getJSON reads the T under key; nil if there is none.
func getJSON[T any](r pebble.Reader, key []byte) (*T, error) {
	var v *T
	_, err := get(r, key, func(value []byte) (err error) {
		v, err = fromJSON[T](value)
		return err
	})
	return v, err
}

// named returns the value whose key an index row names, and that key; nil if there is no row.
func named[T any](r pebble.Reader, row []byte) (v *T, key []byte, err error) {
	_, err = get(r, row, func(value []byte) error {
		if len(value) < 10 || value[0] != valueVersion {
			return errDamaged
		}
		key = append(key, value[1:]...)
		return nil
	})
	if err != nil || key == nil {
		return nil, nil, err
	}
	v, err = getJSON[T](r, key)
	if err == nil && v == nil {
		err = fmt.Errorf("what %q names: %w", row, errDamaged)
	}
	return v, key, err
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func appendTime(b []byte, t time.Time) []byte {
	return binary.AppendUvarint(binary.AppendVarint(b, t.Unix()), uint64(t.Nanosecond()))
}

// errDamaged is the error of a value that ends early, goes on too long or says what cannot be.
var errDamaged = errors.New("the stored value is damaged or of an unknown version")

// A decoder takes a value apart. Texts that it returns share the memory of its input. After the
// first thing that is wrong it returns zeros, and end returns the error.
type decoder struct {
	all    string
	at     int // of what comes next; to cut all instead costs a write barrier for each number and text
	failed bool
}

// decode starts with the version byte of value. It copies value.
func decode(value []byte) *decoder {
	d := &decoder{all: string(value)}
	d.version()
	return d
}

func (d *decoder) version() {
	if d.byte() != valueVersion {
		d.fail()
	}
}

func (d *decoder) fail() { d.failed, d.at = true, len(d.all) }

func (d *decoder) end() error {
	if d.failed || d.at != len(d.all) {
		return errDamaged
	}
	return nil
}

func (d *decoder) byte() byte {
	if d.at >= len(d.all) {
		d.failed = true
		return 0
	}
	b := d.all[d.at]
	d.at++
	return b
}

func (d *decoder) uvarint() uint64 {
	if i := d.at; i < len(d.all) && d.all[i] < 0x80 { // as most are
		d.at = i + 1
		return uint64(d.all[i])
	}
	return d.longUvarint()
}

func (d *decoder) longUvarint() uint64 {
	var n uint64
	for shift := uint(0); shift < 64; shift += 7 {
		b := d.byte()
		if shift == 63 && b > 1 {
			break
		}
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	d.fail()
	return 0
}

func (d *decoder) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// count reads how many things follow, each of at least so many bytes: what it returns is no more than
// the value can hold, whoever wrote it.
func (d *decoder) count(least int) int {
	n := d.uvarint()
	if n > uint64((len(d.all)-d.at)/least) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	n := d.count(1)
	d.at += n
	return d.all[d.at-n : d.at]
}

func (d *decoder) time() time.Time {
	sec, nsec := d.varint(), d.uvarint()
	if nsec > 999_999_999 {
		d.fail()
		return time.Time{}
	}
	return time.Unix(sec, int64(nsec)).UTC()
}
