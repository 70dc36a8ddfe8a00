package frame

import (
	"encoding/binary"
	"errors"
)

// A Batch frame is the number of rows, the number of columns, and then each value row by row:
// 0 for NULL, or one more than the length of the text and the text. Numbers are uvarints.

// AppendBatch begins a payload.
func AppendBatch(payload []byte, rows, columns int) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(payload, uint64(rows)), uint64(columns))
}

// AppendText appends a value.
func AppendText(payload, text []byte) []byte {
	return append(binary.AppendUvarint(payload, uint64(len(text))+1), text...)
}

// AppendNull appends NULL.
func AppendNull(payload []byte) []byte { return append(payload, 0) }

var errBatch = errors.New("batch frame is not what it says")

// DecodeBatch returns the rows of a payload; nil is NULL. It retains nothing of payload.
func DecodeBatch(payload []byte) ([][]*string, error) {
	text := string(payload) // one copy, that all values share
	at := 0
	number := func() (uint64, bool) {
		// binary.Uvarint wants bytes, and the bytes are those of text.
		v, n := binary.Uvarint(payload[at:])
		if n <= 0 {
			return 0, false
		}
		at += n
		return v, true
	}
	rows, ok := number()
	columns, ok2 := number()
	left := uint64(len(payload) - at)
	// A value takes a byte at least, so a count that lies is found before anything is allocated.
	if !ok || !ok2 || columns == 0 || rows > left || columns > left || rows*columns > left {
		return nil, errBatch
	}
	texts := make([]string, rows*columns)
	cells := make([]*string, rows*columns)
	for i := range cells {
		size, ok := number()
		if !ok || size > uint64(len(payload)-at)+1 {
			return nil, errBatch
		}
		if size == 0 {
			continue
		}
		end := at + int(size) - 1
		texts[i] = text[at:end]
		cells[i] = &texts[i]
		at = end
	}
	if at != len(payload) {
		return nil, errBatch
	}
	batch := make([][]*string, rows)
	for i := range batch {
		batch[i] = cells[uint64(i)*columns : uint64(i+1)*columns : uint64(i+1)*columns]
	}
	return batch, nil
}
