package ingest

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// A row is a checked record on its way through the sort:
//
//	length of what follows, 4 bytes · seconds of the event time, 8 · nanoseconds, 4 · write time, 8 ·
//	length of the identifier, 2 · identifier · values
//
// and a value is its ordinal and tag, then what the tag says. The identifier is not among the values.
// A number that came as one stays one: most are never needed as text.
type row []byte

const (
	rowHeader = 26
	maxRow    = feature.MaxRecordBytes + 16*2500 + rowHeader // what a record that was checked can take
)

// The tags of a value.
const (
	tagText  = iota // length, text
	tagInt          // varint
	tagFloat        // 8 bytes
	tagList         // number of elements, each a length and a text
	tagBits  = 2
)

func (r row) sec() int64 { return int64(binary.LittleEndian.Uint64(r[4:])) }
func (r row) hour() int64 {
	h := r.sec() / 3600
	if r.sec()%3600 < 0 {
		h--
	}
	return h
}

func (r row) eventTime() feature.EventTime {
	return feature.EventTime{Sec: r.sec(), Nsec: int32(binary.LittleEndian.Uint32(r[12:]))}
}

func (r row) position() feature.Position {
	return feature.Position(binary.LittleEndian.Uint64(r[16:]))
}

func (r row) id() []byte { return r[rowHeader : rowHeader+int(binary.LittleEndian.Uint16(r[24:]))] }

func (r row) values() []byte { return r[rowHeader+int(binary.LittleEndian.Uint16(r[24:])):] }

// rowAt returns the row that begins at a place of data.
func rowAt(data []byte, at int) row {
	return row(data[at : at+4+int(binary.LittleEndian.Uint32(data[at:]))])
}

// byTime compares rows by event time and write time.
func byTime(a, b row) int {
	return cmp.Or(a.eventTime().Compare(b.eventTime()), cmp.Compare(a.position(), b.position()))
}

// byHour is the order of the offline table: event hour, identifier, event time, write time.
func byHour(a, b row) int {
	if c := cmp.Compare(a.hour(), b.hour()); c != 0 {
		return c
	}
	if c := bytes.Compare(a.id(), b.id()); c != 0 {
		return c
	}
	return byTime(a, b)
}

// byID is the order of the online store: identifier, and of one identifier the newest first.
func byID(a, b row) int {
	if c := bytes.Compare(a.id(), b.id()); c != 0 {
		return c
	}
	return byTime(b, a)
}

// beginRow appends the place of the header of a row, and the identifier.
func beginRow(b, id []byte) []byte {
	var header [rowHeader]byte
	binary.LittleEndian.PutUint16(header[24:], uint16(len(id)))
	return append(append(b, header[:]...), id...)
}

// endRow fills in the header of the row that began at a place.
func endRow(b []byte, at int, t feature.EventTime, p feature.Position) {
	binary.LittleEndian.PutUint32(b[at:], uint32(len(b)-at-4))
	binary.LittleEndian.PutUint64(b[at+4:], uint64(t.Sec))
	binary.LittleEndian.PutUint32(b[at+12:], uint32(t.Nsec))
	binary.LittleEndian.PutUint64(b[at+16:], uint64(p))
}

func appendTag(b []byte, ordinal int, tag uint64) []byte {
	return binary.AppendUvarint(b, uint64(ordinal)<<tagBits|tag)
}

func appendText[T string | []byte](b []byte, ordinal int, text T) []byte {
	return append(binary.AppendUvarint(appendTag(b, ordinal, tagText), uint64(len(text))), text...)
}

func appendInt(b []byte, ordinal int, n int64) []byte {
	return binary.AppendVarint(appendTag(b, ordinal, tagInt), n)
}

func appendFloat(b []byte, ordinal int, x float64) []byte {
	return binary.LittleEndian.AppendUint64(appendTag(b, ordinal, tagFloat), math.Float64bits(x))
}

// appendRecord appends the row of a record without its end.
func appendRecord(b []byte, idAt int, r *feature.Record) []byte {
	b = beginRow(b, []byte(r.ID))
	for i := range r.Values {
		v := &r.Values[i]
		switch {
		case v.Ordinal == idAt:
		case v.List != nil:
			b = binary.AppendUvarint(appendTag(b, v.Ordinal, tagList), uint64(len(v.List)))
			for _, e := range v.List {
				b = append(binary.AppendUvarint(b, uint64(len(e))), e...)
			}
		default:
			b = appendText(b, v.Ordinal, v.Text)
		}
	}
	return b
}

// A rowValue is a value of a row, taken apart.
type rowValue struct {
	ordinal int
	tag     uint64
	text    []byte
	n       int64
	x       float64
	list    []string
}

// nextValue takes the first value off b. Rows are our own, and were read with a checksum.
func nextValue(b []byte, v *rowValue) []byte {
	head, n := binary.Uvarint(b)
	b = b[n:]
	v.ordinal, v.tag = int(head>>tagBits), head&(1<<tagBits-1)
	switch v.tag {
	case tagText:
		v.text, b = takeText(b)
	case tagInt:
		v.n, n = binary.Varint(b)
		b = b[n:]
	case tagFloat:
		v.x = math.Float64frombits(binary.LittleEndian.Uint64(b))
		b = b[8:]
	case tagList:
		count, n := binary.Uvarint(b)
		b = b[n:]
		v.list = make([]string, count)
		for i := range v.list {
			var text []byte
			text, b = takeText(b)
			v.list[i] = string(text)
		}
	}
	return b
}

func takeText(b []byte) (text, rest []byte) {
	size, n := binary.Uvarint(b)
	return b[n : n+int(size)], b[n+int(size):]
}

// A recorder makes records of rows. It is for one goroutine.
type recorder struct {
	text   []byte // of all values of a row
	ends   []int  // of each value in text
	values []feature.Value
}

// record makes the record of a row, as PutRecord would have made it of the same values. Its texts share one memory.
func (m *recorder) record(r row, idAt int, ttl int64) *feature.Record {
	m.text, m.ends, m.values = append(m.text[:0], r.id()...), m.ends[:0], m.values[:0]
	idEnd := len(m.text)
	var v rowValue
	put := false
	for b := r.values(); len(b) > 0; {
		b = nextValue(b, &v)
		if !put && v.ordinal > idAt {
			m.add(feature.Value{Ordinal: idAt})
			put = true
		}
		value := feature.Value{Ordinal: v.ordinal}
		switch v.tag {
		case tagText:
			m.text = append(m.text, v.text...)
		case tagInt:
			m.text = strconv.AppendInt(m.text, v.n, 10)
		case tagFloat:
			m.text = feature.AppendDouble(m.text, v.x, 64)
		case tagList:
			value.List = v.list
		}
		m.add(value)
	}
	if !put {
		m.add(feature.Value{Ordinal: idAt})
	}
	text := string(m.text)
	rec := &feature.Record{ID: text[:idEnd], EventTime: r.eventTime(), TTL: ttl, Position: r.position(), Values: slices.Clone(m.values)}
	from := idEnd
	for i, end := range m.ends {
		v := &rec.Values[i]
		if v.Text = text[from:end]; v.Ordinal == idAt {
			v.Text = rec.ID
		}
		from = end
	}
	return rec
}

// add adds a value whose text ends text.
func (m *recorder) add(v feature.Value) {
	m.values, m.ends = append(m.values, v), append(m.ends, len(m.text))
}

// fillRow writes a row to a data file: the same values as table.FillRow makes of the texts.
func fillRow(w *parquet.Writer, g *feature.Group, idAt int, r row, accepted int64) error {
	out := w.BeginRow()
	next := 0
	var v rowValue
	b := r.values()
	more := len(b) > 0
	if more {
		b = nextValue(b, &v)
	}
	for ; next < len(g.Definitions); next++ {
		switch {
		case next == idAt:
			if err := fillText(&out, g.Definitions[next].Type, r.id()); err != nil {
				return err
			}
		case !more || v.ordinal > next:
			out.Null()
		default:
			if err := fillValue(&out, &g.Definitions[next], &v); err != nil {
				return err
			}
		}
		if more && v.ordinal <= next {
			if more = len(b) > 0; more {
				b = nextValue(b, &v)
			}
		}
	}
	return table.EndRow(&out, r.position(), accepted)
}

func fillValue(out *parquet.Row, d *feature.Definition, v *rowValue) error {
	switch {
	case v.tag == tagText:
		return fillText(out, d.Type, v.text)
	case v.tag == tagFloat:
		out.Float64(v.x)
	case v.tag == tagInt && d.Type == feature.Fractional:
		out.Float64(float64(v.n))
	case v.tag == tagInt:
		out.Int64(v.n)
	default:
		return fillList(out, d.Type, v.list)
	}
	return nil
}

func fillText(out *parquet.Row, t feature.Type, text []byte) error {
	switch t {
	case feature.Integral:
		n, err := strconv.ParseInt(string(text), 10, 64)
		if err != nil {
			return err
		}
		out.Int64(n)
	case feature.Fractional:
		x, err := strconv.ParseFloat(string(text), 64)
		if err != nil {
			return err
		}
		out.Float64(x)
	default:
		out.Text(text)
	}
	return nil
}

func fillList(out *parquet.Row, t feature.Type, texts []string) error {
	list := make([]any, len(texts))
	for i, text := range texts {
		var err error
		switch t {
		case feature.Integral:
			list[i], err = strconv.ParseInt(text, 10, 64)
		case feature.Fractional:
			list[i], err = strconv.ParseFloat(text, 64)
		default:
			list[i] = text
		}
		if err != nil {
			return err
		}
	}
	return out.List(list)
}
