package arrow

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/larder-dev/larder/internal/parquet"
)

// ErrDamaged is in the chain of what is wrong with the bytes of somebody's stream.
var ErrDamaged = errors.New("the body is no stream of Arrow, or it is damaged or cut off")

// ErrUnread is in the chain of what is right in somebody's stream, and not read here.
var ErrUnread = errors.New("the stream is not read")

// A TooMany is the error of a stream with more rows than its caller takes.
type TooMany struct{ Most int }

func (e *TooMany) Error() string { return fmt.Sprintf("the stream has more than %d rows", e.Most) }

// A Column is a column of somebody's stream.
type Column struct {
	// Field has the Name, Kind, List and Type; its Kind is 0 if the column is not read. It is of no file.
	parquet.Field
	// Untyped tells that the column has nulls only, or lists of them, and may stand for any type.
	Untyped bool
	kind    *kind
}

// A Reader reads somebody's stream, by hand and without a copy: every length and offset in it is looked at before it
// is used (docs/decisions/arrow-reader.md). It is for one goroutine.
type Reader struct {
	Columns []Column
	// Rows and Batches are there after Load. They share the memory of the stream.
	Rows    int
	Batches []*Batch

	in           []byte
	at           int
	messages     int
	dictionaries map[int64]*dictionary
}

// The kinds of message.
const (
	messageSchema     = 1
	messageDictionary = 2
	messageBatch      = 3
)

// maxColumns is how many columns a stream may have: as many as a feature group may have features.
const maxColumns = 2500

// NewReader reads the schema of a stream, which nobody changes while the reader is used. ErrDamaged, ErrUnread.
func NewReader(stream []byte) (*Reader, error) {
	r := &Reader{in: stream, dictionaries: map[int64]*dictionary{}}
	if len(stream) >= 6 && string(stream[:6]) == "ARROW1" {
		return nil, fmt.Errorf("%w: it is an Arrow file (Feather); write a stream, as pyarrow.ipc.new_stream does", ErrUnread)
	}
	m, err := r.message()
	if err != nil {
		return nil, err
	}
	if m == nil || m.kind != messageSchema {
		return nil, r.damaged("it does not begin with a schema")
	}
	if m.header.int16(0, 0) != 0 {
		return nil, fmt.Errorf("%w: its numbers are big-endian", ErrUnread)
	}
	at, count := m.header.vector(1, 4)
	if count > maxColumns {
		return nil, fmt.Errorf("%w: it has %d columns; the most is %d", ErrUnread, count, maxColumns)
	}
	for i := range count {
		field := flatTable{m.head, m.head.forward(at + 4*i)}
		k := r.kindOf(field, 0)
		c := Column{Field: parquet.Field{Name: field.text(0), Kind: k.of, List: k.list(), Type: k.name}, kind: k}
		c.Untyped = k.of != 0 && (k.shape == shapeNone || k.list() && k.inner.shape == shapeNone)
		r.Columns = append(r.Columns, c)
	}
	if m.head.bad {
		return nil, r.damaged("its schema cannot be followed")
	}
	return r, nil
}

// damaged says what is wrong at the message that was read last.
func (r *Reader) damaged(format string, args ...any) error {
	return fmt.Errorf("%w: message %d: %s", ErrDamaged, r.messages, fmt.Sprintf(format, args...))
}

// A message is one of a stream.
type message struct {
	kind   int
	head   *flat
	header flatTable
	body   []byte
}

// message reads the next one, nil at the mark of the end.
func (r *Reader) message() (*message, error) {
	r.messages++
	rest := r.in[r.at:]
	if len(rest) < 8 || binary.LittleEndian.Uint32(rest) != 0xffffffff {
		if len(rest) == 0 && r.messages > 1 {
			return nil, r.damaged("the stream ends without its mark of the end; close the writer before the bytes are sent")
		}
		return nil, r.damaged("it does not begin as a message does")
	}
	size := int64(binary.LittleEndian.Uint32(rest[4:]))
	rest = rest[8:]
	switch {
	case size == 0 && len(rest) > 0:
		return nil, r.damaged("%d bytes come after the mark of the end", len(rest))
	case size == 0:
		return nil, nil
	case size > int64(len(rest)):
		return nil, r.damaged("its head has %d bytes, and %d came", size, len(rest))
	}
	m := &message{head: &flat{b: rest[:size]}}
	root := m.head.root()
	m.kind, m.header = root.byte(1), root.table(2)
	length := root.int64(3)
	rest = rest[size:]
	switch {
	case m.head.bad || m.header.at == 0:
		return nil, r.damaged("its head cannot be followed")
	case length < 0 || length > int64(len(rest)):
		return nil, r.damaged("its body has %d bytes, and %d came", length, len(rest))
	}
	m.body = rest[:length]
	r.at = len(r.in) - len(rest) + int(length)
	return m, nil
}

// Load reads the rest of the stream, and looks at every value's place: what it returns without an error can be read to
// its end. ErrDamaged, ErrUnread, *TooMany.
func (r *Reader) Load(most int) error {
	for i := range r.Columns {
		if c := &r.Columns[i]; c.Kind == 0 {
			return fmt.Errorf("%w: its column %q is %s", ErrUnread, c.Name, c.Type)
		}
	}
	for {
		m, err := r.message()
		switch {
		case err != nil || m == nil:
			return err
		case m.kind == messageDictionary:
			err = r.dictionary(m)
		case m.kind == messageBatch:
			err = r.batch(m, most)
		default:
			err = r.damaged("it is neither rows nor a dictionary")
		}
		if err != nil {
			return err
		}
	}
}

func (r *Reader) dictionary(m *message) error {
	d := r.dictionaries[m.header.int64(0)]
	if d == nil {
		return r.damaged("it is a dictionary that no column has")
	}
	if m.header.byte(2) != 0 {
		return fmt.Errorf("%w: message %d adds to a dictionary (a delta); write dictionaries whole", ErrUnread, r.messages)
	}
	p, rows, err := r.parts(m, m.header.table(1))
	if err != nil {
		return err
	}
	v := p.array(d.kind)
	if p.bad != "" {
		return r.damaged("%s", p.bad)
	}
	if v.rows != rows {
		return r.damaged("it has %d values, and says %d", v.rows, rows)
	}
	d.values = v
	return nil
}

func (r *Reader) batch(m *message, most int) error {
	p, rows, err := r.parts(m, m.header)
	if err != nil {
		return err
	}
	if rows > most-r.Rows {
		return &TooMany{most}
	}
	b := &Batch{Rows: rows}
	for i := range r.Columns {
		v := p.array(r.Columns[i].kind)
		if p.bad == "" && v.rows != rows {
			p.bad = fmt.Sprintf("it has %d values in %d rows", v.rows, rows)
		}
		if p.bad != "" {
			return r.damaged("the column %q: %s", r.Columns[i].Name, p.bad)
		}
		b.columns = append(b.columns, v)
	}
	r.Rows += rows
	r.Batches = append(r.Batches, b)
	return nil
}

// parts returns what the arrays of a message are made of, and how many rows it says that they have.
func (r *Reader) parts(m *message, rows flatTable) (*parts, int, error) {
	if rows.at == 0 {
		return nil, 0, r.damaged("it has no rows")
	}
	if rows.slot(3) != 0 {
		return nil, 0, fmt.Errorf("%w: message %d is compressed; write the stream without compression", ErrUnread, r.messages)
	}
	p := &parts{body: m.body, head: m.head, left: len(m.body)}
	p.nodes.at, p.nodes.count = rows.vector(1, 16)
	p.buffers.at, p.buffers.count = rows.vector(2, 16)
	p.variadic.at, p.variadic.count = rows.vector(4, 8)
	n := rows.int64(0)
	if m.head.bad {
		return nil, 0, r.damaged("its head cannot be followed")
	}
	if n < 0 || n > maxRows {
		return nil, 0, r.damaged("it says that it has %d rows", n)
	}
	return p, int(n), nil
}

// maxRows is more rows than a stream in memory has, and few enough to count with.
const maxRows = 1 << 30
