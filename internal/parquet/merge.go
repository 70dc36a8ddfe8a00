package parquet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
)

const (
	// mergeBatch is how many rows of a source are decoded at a time.
	mergeBatch = 128
	// mergeRowGroup is the most bytes of values of a row group: the writer has it in memory.
	mergeRowGroup = 32 << 20
	// readBuffer is how much of each column of a source is read at a time, smallBuffer if the source is
	// small: a merge may have many of those.
	readBuffer, smallBuffer = 16 << 10, 2 << 10
	small                   = 64 << 10
	// stepRows are merged between two calls of step.
	stepRows = 64
)

// A Source is a file to be merged.
type Source struct {
	Name   string // for errors
	Reader io.ReaderAt
	Size   int64
}

// A Cell is a value of a sort key: Text, Int (of Int64 and Instant, microseconds) or Float is set, by
// the type of the column. Text is good for the call.
type Cell struct {
	Text  []byte
	Int   int64
	Float float64
}

// A SortKey is a column that files are sorted by. Null comes first.
type SortKey struct {
	Column  string
	Compare func(a, b Cell) int
}

// SourceMemory is how much memory Merge has for reading a source of that size, whatever is in it.
func SourceMemory(size int64, columns int) int64 { return int64(columns) * int64(bufferOf(size)) }

func bufferOf(size int64) int {
	if size < small {
		return smallBuffer
	}
	return readBuffer
}

// Merge writes the rows of sources to out as one file, sorted by keys if each source is; rows that
// are equal in all keys keep the order of sources. A column that a source lacks is null. It returns
// the number of rows. A source that has other columns than s, or is damaged, is an error, as is the
// end of ctx; what was written to out is then of no use. It calls step often in between, which may take its time.
//
// Memory is bounded: a page and a dictionary of each column of each source, and a row group.
func Merge(ctx context.Context, out io.Writer, s *Schema, sources []Source, keys []SortKey, step func()) (int64, error) {
	m := merger{w: newWriter(out, s, "compact"), keys: keys}
	defer m.close()
	at := make([]int, len(keys))
	for i, k := range keys {
		if at[i] = s.index(k.Column); at[i] < 0 {
			return 0, fmt.Errorf("there is no column %q to sort by", k.Column)
		}
	}
	for i, source := range sources {
		c, err := openCursor(source, s, at)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", source.Name, err)
		}
		c.ordinal = i
		m.all = append(m.all, c)
		if err := m.add(c); err != nil {
			return 0, err
		}
	}
	for len(m.heap) > 0 {
		if err := m.move(ctx); err != nil {
			return 0, err
		}
		if m.rows%stepRows == 0 {
			step()
		}
	}
	if err := m.flush(); err != nil {
		return 0, err
	}
	return m.rows, m.w.Close()
}

func (s *Schema) index(name string) int {
	for i, c := range s.columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// A merger is a heap of cursors, the least row on top.
type merger struct {
	w       *Writer
	keys    []SortKey
	all     []*mergeCursor
	heap    []*mergeCursor
	pending []parquet.Row // rows of the cursors' buffers, to be written before one is filled again
	rows    int64
	bytes   int64 // of values in the row group
}

// move moves the least row to pending.
func (m *merger) move(ctx context.Context) error {
	c := m.heap[0]
	row, err := c.row()
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	for _, v := range row {
		if v.Kind() == parquet.ByteArray {
			m.bytes += int64(len(v.ByteArray()))
		}
		m.bytes += 8
	}
	m.pending = append(m.pending, row)
	m.rows++
	if c.next++; c.next < c.n {
		c.load()
		m.down(0)
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := m.flush(); err != nil {
		return err
	}
	last := len(m.heap) - 1
	m.heap[0] = m.heap[last]
	m.heap = m.heap[:last]
	m.down(0)
	return m.add(c)
}

// add fills the buffer of c and puts it into the heap, unless c is at its end.
func (m *merger) add(c *mergeCursor) error {
	err := c.fill()
	if errors.Is(err, io.EOF) {
		return c.close()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	c.load()
	m.heap = append(m.heap, c)
	for i := len(m.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !m.less(m.heap[i], m.heap[up]) {
			break
		}
		m.heap[i], m.heap[up] = m.heap[up], m.heap[i]
		i = up
	}
	return nil
}

// down moves the cursor at i to its place.
func (m *merger) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(m.heap); child++ {
			if m.less(m.heap[child], m.heap[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		m.heap[i], m.heap[least] = m.heap[least], m.heap[i]
		i = least
	}
}

func (m *merger) less(a, b *mergeCursor) bool {
	for i, k := range m.keys {
		x, y := &a.key[i], &b.key[i]
		if x.null || y.null {
			if x.null != y.null {
				return x.null
			}
			continue
		}
		if n := k.Compare(x.Cell, y.Cell); n != 0 {
			return n < 0
		}
	}
	return cmp.Less(a.ordinal, b.ordinal)
}

// flush writes what is pending, and ends the row group if it is large.
func (m *merger) flush() error {
	if _, err := m.w.file.WriteRows(m.pending); err != nil {
		return err
	}
	m.pending = m.pending[:0]
	if m.bytes < mergeRowGroup {
		return nil
	}
	m.bytes = 0
	return m.w.file.Flush()
}

func (m *merger) close() {
	for _, c := range m.all {
		// What was only read cannot be lost by a failing Close.
		_ = c.close()
	}
}

// A mergeCursor reads the rows of a source in their order.
type mergeCursor struct {
	name    string
	ordinal int
	groups  []parquet.RowGroup
	rows    parquet.Rows // of the row group that is read; nil between two
	columns []int        // of each column of the source, where it is in the schema; nil: at its place
	width   int          // columns of the source
	schema  int          // columns of the schema
	lists   []bool       // of each column of the source
	at      []int        // of each key, its column in the schema

	buffer  [mergeBatch]parquet.Row
	n, next int
	mapped  []parquet.Value
	key     []keyCell // of the next row
}

type keyCell struct {
	Cell
	null bool
}

func openCursor(source Source, s *Schema, at []int) (*mergeCursor, error) {
	f, err := parquet.OpenFile(source.Reader, source.Size,
		parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(bufferOf(source.Size)))
	if err != nil {
		return nil, err
	}
	c := &mergeCursor{name: source.Name, groups: f.RowGroups(), schema: len(s.columns), at: at, key: make([]keyCell, len(at))}
	have := f.Root().Columns()
	c.width = len(have)
	place := len(have) == len(s.columns)
	for i, h := range have {
		to := s.index(h.Name())
		if to < 0 {
			return nil, fmt.Errorf("column %q is none of the table's", h.Name())
		}
		if err := sameColumn(h, s.schema.Fields()[to]); err != nil {
			return nil, err
		}
		c.columns = append(c.columns, to)
		c.lists = append(c.lists, s.columns[to].List)
		place = place && to == i
	}
	if place {
		c.columns = nil
	}
	return c, nil
}

// sameColumn is nil if what is read from a column may be written to the other as it is.
func sameColumn(have *parquet.Column, want parquet.Node) error {
	a, b := parquet.Node(have), want
	for !a.Leaf() && !b.Leaf() && len(a.Fields()) == 1 && len(b.Fields()) == 1 && a.Optional() == b.Optional() && a.Repeated() == b.Repeated() {
		a, b = a.Fields()[0], b.Fields()[0]
	}
	if !a.Leaf() || !b.Leaf() || a.Optional() != b.Optional() || a.Repeated() != b.Repeated() || a.Type().Kind() != b.Type().Kind() {
		return fmt.Errorf("column %q has another type than the table's", have.Name())
	}
	return nil
}

// fill reads the next rows into the buffer. io.EOF: there are none.
func (c *mergeCursor) fill() error {
	c.n, c.next = 0, 0
	for c.n == 0 {
		if c.rows == nil {
			if len(c.groups) == 0 {
				return io.EOF
			}
			c.rows, c.groups = c.groups[0].Rows(), c.groups[1:]
		}
		n, err := c.rows.ReadRows(c.buffer[:])
		if errors.Is(err, io.EOF) {
			err = c.closeGroup()
		}
		if err != nil {
			return err
		}
		c.n = n
	}
	return c.arrange()
}

// arrange brings the rows of the buffer to the columns of the schema, and looks whether they are
// whole: a value of each column, and several only of lists.
func (c *mergeCursor) arrange() error {
	for i := range c.n {
		row := c.buffer[i]
		last := -1
		for _, v := range row {
			at := v.Column()
			if at != last && at != last+1 || at == last && !c.lists[at] {
				return fmt.Errorf("a row has no value, or two, of column %d", last+1)
			}
			last = at
		}
		if last != c.width-1 {
			return fmt.Errorf("a row ends before column %d", last+1)
		}
	}
	if c.columns == nil {
		return nil
	}
	for i := range c.n {
		c.move(i)
	}
	return nil
}

// move puts row i of the buffer into the order of the schema; columns of the schema that the source
// has not are null.
func (c *mergeCursor) move(i int) {
	row := c.buffer[i]
	begin := make([]int, c.schema+1) // of each column of the schema, 1 + where its values begin in row
	for k, v := range row {
		if to := c.columns[v.Column()]; begin[to] == 0 {
			begin[to] = k + 1
		}
	}
	c.mapped = c.mapped[:0]
	for to := range c.schema {
		k := begin[to] - 1
		if k < 0 {
			c.mapped = append(c.mapped, parquet.NullValue().Level(0, 0, to))
			continue
		}
		for column := row[k].Column(); k < len(row) && row[k].Column() == column; k++ {
			c.mapped = append(c.mapped, row[k].Level(row[k].RepetitionLevel(), row[k].DefinitionLevel(), to))
		}
	}
	c.buffer[i] = append(row[:0], c.mapped...)
}

// row is the next row, in the columns of the schema.
func (c *mergeCursor) row() (parquet.Row, error) {
	if c.next >= c.n {
		return nil, io.ErrUnexpectedEOF
	}
	return c.buffer[c.next], nil
}

// load reads the keys of the next row.
func (c *mergeCursor) load() {
	row := c.buffer[c.next]
	for i, at := range c.at {
		// Before a list each column has one value, so a key is at its place or after it.
		k := min(at, len(row)-1)
		for row[k].Column() < at {
			k++
		}
		for row[k].Column() > at {
			k--
		}
		v := row[k]
		c.key[i] = keyCell{null: v.IsNull()}
		if c.key[i].null {
			continue
		}
		switch v.Kind() {
		case parquet.ByteArray:
			c.key[i].Text = v.ByteArray()
		case parquet.Int64:
			c.key[i].Int = v.Int64()
		case parquet.Double:
			c.key[i].Float = v.Double()
		}
	}
}

func (c *mergeCursor) closeGroup() error {
	if c.rows == nil {
		return nil
	}
	err := c.rows.Close()
	c.rows = nil
	return err
}

func (c *mergeCursor) close() error {
	c.groups = nil
	return c.closeGroup()
}
