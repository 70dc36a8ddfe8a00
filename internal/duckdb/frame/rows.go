package frame

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// The tags of values in a Rows frame.
const (
	tagNull = iota
	tagFalse
	tagTrue
	tagInt    // varint
	tagFloat  // 8 bytes, little endian
	tagString // uvarint length, bytes
	tagTime   // varint, microseconds since 1970
	tagList   // uvarint, how many elements; they follow as values
)

var errShort = errors.New("rows frame ends too early")

// AppendTable begins the payload of a Rows frame: rows of the table with that place in
// Prepare.Tables follow.
func AppendTable(payload []byte, table int) []byte {
	return binary.AppendUvarint(payload, uint64(table))
}

// AppendRow appends a row. Values are nil, bool, int64, float64, string, time.Time or []any of these.
func AppendRow(payload []byte, row []any) ([]byte, error) {
	for i, value := range row {
		switch v := value.(type) {
		case nil:
			payload = append(payload, tagNull)
		case bool:
			if v {
				payload = append(payload, tagTrue)
			} else {
				payload = append(payload, tagFalse)
			}
		case int64:
			payload = binary.AppendVarint(append(payload, tagInt), v)
		case float64:
			payload = binary.LittleEndian.AppendUint64(append(payload, tagFloat), math.Float64bits(v))
		case string:
			payload = append(binary.AppendUvarint(append(payload, tagString), uint64(len(v))), v...)
		case time.Time:
			payload = binary.AppendVarint(append(payload, tagTime), v.UnixMicro())
		case []any:
			var err error
			if payload, err = AppendRow(binary.AppendUvarint(append(payload, tagList), uint64(len(v))), v); err != nil {
				return nil, fmt.Errorf("value %d of a row: %w", i, err)
			}
		default:
			return nil, fmt.Errorf("value %d of a row is a %T", i, value)
		}
	}
	return payload, nil
}

// Rows reads the payload of a Rows frame.
type Rows struct{ rest []byte }

// ReadRows begins to read a payload, and says of which table its rows are.
func ReadRows(payload []byte) (*Rows, int, error) {
	table, n := binary.Uvarint(payload)
	if n <= 0 || table > math.MaxInt32 {
		return nil, 0, errShort
	}
	return &Rows{rest: payload[n:]}, int(table), nil
}

// More reports whether values are left.
func (r *Rows) More() bool { return len(r.rest) > 0 }

// A Value is one value of a row. Bytes are good as long as the payload is.
type Value struct {
	Kind  ValueKind
	Bool  bool
	Int   int64 // of Int; microseconds of Time; how many elements of a List, which are the next values
	Float float64
	Bytes []byte
}

// ValueKind says which member of a Value counts.
type ValueKind byte

// The kinds of values.
const (
	Null ValueKind = iota
	Bool
	Int
	Float
	String
	Time
	List
)

// Next reads the next value.
func (r *Rows) Next() (Value, error) {
	if len(r.rest) == 0 {
		return Value{}, errShort
	}
	tag := r.rest[0]
	r.rest = r.rest[1:]
	switch tag {
	case tagNull:
		return Value{}, nil
	case tagFalse, tagTrue:
		return Value{Kind: Bool, Bool: tag == tagTrue}, nil
	case tagInt, tagTime:
		i, n := binary.Varint(r.rest)
		if n <= 0 {
			return Value{}, errShort
		}
		r.rest = r.rest[n:]
		if tag == tagTime {
			return Value{Kind: Time, Int: i}, nil
		}
		return Value{Kind: Int, Int: i}, nil
	case tagFloat:
		if len(r.rest) < 8 {
			return Value{}, errShort
		}
		f := math.Float64frombits(binary.LittleEndian.Uint64(r.rest))
		r.rest = r.rest[8:]
		return Value{Kind: Float, Float: f}, nil
	case tagString:
		size, n := binary.Uvarint(r.rest)
		if n <= 0 || size > uint64(len(r.rest)-n) {
			return Value{}, errShort
		}
		b := r.rest[n : n+int(size)]
		r.rest = r.rest[n+int(size):]
		return Value{Kind: String, Bytes: b}, nil
	case tagList:
		size, n := binary.Uvarint(r.rest)
		// An element takes a byte at least.
		if n <= 0 || size > uint64(len(r.rest)-n) {
			return Value{}, errShort
		}
		r.rest = r.rest[n:]
		return Value{Kind: List, Int: int64(size)}, nil
	}
	return Value{}, fmt.Errorf("rows frame has a value of tag %d", tag)
}
