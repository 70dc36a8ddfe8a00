package query

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
)

// metadataOf is the <id>.csv.metadata object beside a result: what little is known of the form in
// which AWS writes it (docs/formats/query-results.md). Clients want it to be there; none is
// known to read it.
func metadataOf(id string, columns []Column) io.Reader {
	b := protoText(nil, 1, id)
	for _, c := range columns {
		m := protoText(nil, 1, "hive")
		m = protoText(m, 4, c.Name)
		m = protoText(m, 5, c.Name)
		m = protoText(m, 6, c.Type)
		m = protoNumber(m, 7, uint64(c.Precision))
		m = protoNumber(m, 8, uint64(c.Scale))
		m = protoNumber(m, 9, 3) // it is unknown whether it can be NULL
		if CaseSensitive(c.Type) {
			m = protoNumber(m, 10, 1)
		}
		b = protoText(b, 4, string(m))
	}
	return bytes.NewReader(b)
}

// CaseSensitive is what Athena's ColumnInfo says of a type.
func CaseSensitive(columnType string) bool { return strings.HasPrefix(columnType, "varchar") }

// protoText appends a field of bytes, wire type 2 of Protocol Buffers.
func protoText(b []byte, field uint64, text string) []byte {
	b = binary.AppendUvarint(b, field<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// protoNumber appends a number, wire type 0.
func protoNumber(b []byte, field, value uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, field<<3), value)
}
