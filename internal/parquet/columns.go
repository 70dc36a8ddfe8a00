package parquet

import (
	"errors"
	"fmt"
	"io"
	"sort"

	"github.com/parquet-go/parquet-go"
)

// A RowGroup is a part of a file: its rows First ≤ n < First+Rows.
type RowGroup struct {
	First, Rows int64
	r           *Reader
	n           int
}

// Bounds returns the least and the greatest value of a field, as the file says them; not ok if it does not,
// or if the field is none of text, of whole numbers or of doubles. Text is good for as long as the Reader.
func (g *RowGroup) Bounds(field int) (least, greatest Cell, ok bool) {
	f := &g.r.Fields[field]
	chunk, known := g.r.file.RowGroups()[g.n].ColumnChunks()[f.leaf].(*parquet.FileColumnChunk)
	if !known {
		return least, greatest, false
	}
	low, high, ok := chunk.Bounds()
	if !ok {
		return least, greatest, false
	}
	switch f.form {
	case textForm:
		return Cell{Text: low.ByteArray()}, Cell{Text: high.ByteArray()}, true
	case intForm:
		return Cell{Int: low.Int64()}, Cell{Int: high.Int64()}, f.Kind == OfInt
	case doubleForm:
		return Cell{Float: low.Double()}, Cell{Float: high.Double()}, true
	}
	return least, greatest, false
}

// Read calls use with the values of some columns, so many rows at a time at most, until the file ends
// or use returns an error, which it returns. fields are places in Fields, of a Kind that is known.
// ErrDamaged, ErrUnread; an error of the bytes' reader is in the chain too.
func (r *Reader) Read(fields []int, most int, use func(rows int, columns []*Vector) error) error {
	return r.ReadGroups(fields, most, nil, func(_ int64, rows int, columns []*Vector) error { return use(rows, columns) })
}

// ReadGroups is Read of the row groups that want says, nil: of all. use is told the number of the first row in
// the file, from 0, too.
func (r *Reader) ReadGroups(fields []int, most int, want func(*RowGroup) bool, use func(first int64, rows int, columns []*Vector) error) (err error) {
	var failed error // of use: what it panics with is not the file's
	defer func() {
		if failed != nil {
			err = failed
		}
	}()
	x := newExpander()
	defer x.close()
	first := int64(0)
	vectors := r.vectors(fields)
	for n, group := range r.file.RowGroups() {
		g := RowGroup{First: first, Rows: group.NumRows(), r: r, n: n}
		first += g.Rows
		if want != nil && !want(&g) {
			continue
		}
		if err := r.readGroup(&g, x, fields, most, vectors, func(at int64, rows int, columns []*Vector) error {
			failed = use(at, rows, columns)
			return failed
		}); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) vectors(fields []int) []*Vector {
	vectors := make([]*Vector, len(fields))
	for i, at := range fields {
		vectors[i] = &Vector{Kind: r.Fields[at].Kind}
	}
	return vectors
}

// guard looks through the pages of some columns of a row group, unless they are our own.
func (r *Reader) guard(n int, x *expander, fields []int) error {
	chunks := r.file.Metadata().RowGroups[n].Columns
	for _, at := range fields {
		f := &r.Fields[at]
		if f.leaf >= len(chunks) {
			return fmt.Errorf("%w: row group %d has no column %q", ErrDamaged, n+1, f.Name)
		}
		if r.own {
			continue
		}
		err := guardPages(r.in, r.size, &chunks[f.leaf].MetaData, x)
		if errors.Is(err, ErrUnread) {
			return fmt.Errorf("column %q: %w", f.Name, err)
		}
		if err != nil {
			return fmt.Errorf("%w: column %q of row group %d: %w", ErrDamaged, f.Name, n+1, err)
		}
	}
	return nil
}

func (r *Reader) readGroup(g *RowGroup, x *expander, fields []int, most int, vectors []*Vector, use func(first int64, rows int, columns []*Vector) error) (err error) {
	if err := r.guard(g.n, x, fields); err != nil {
		return err
	}
	walkers := make([]*walker, len(fields))
	defer func() {
		for _, c := range walkers {
			if c != nil {
				err = errors.Join(err, c.close())
			}
		}
	}()
	chunks := r.file.RowGroups()[g.n].ColumnChunks()
	for i, at := range fields {
		f := &r.Fields[at]
		walkers[i] = newWalker(f, chunks[f.leaf].Pages())
	}
	for at, end := g.First, g.First+g.Rows; at < end; {
		n := int(min(end-at, int64(most)))
		for i, c := range walkers {
			if err := c.fill(vectors[i], n); err != nil {
				return fmt.Errorf("%w: column %q: %w", ErrDamaged, c.field.Name, err)
			}
		}
		if err := use(at, n, vectors); err != nil {
			return err
		}
		at += int64(n)
	}
	return nil
}

// Gather calls use with the values of some columns in some rows: for each row group that has such rows, with
// how many they are. rows are numbers of rows in the file, ascending; one may be there several times. Of a
// file of our own only pages with such rows are read. Errors are those of Read.
func (r *Reader) Gather(fields []int, rows []int64, use func(rows int, columns []*Vector) error) (err error) {
	x := newExpander()
	defer x.close()
	first := int64(0)
	vectors := r.vectors(fields)
	for n, group := range r.file.RowGroups() {
		end := first + group.NumRows()
		its := rows[:sort.Search(len(rows), func(i int) bool { return rows[i] >= end })]
		rows = rows[len(its):]
		if len(its) > 0 {
			if err := r.guard(n, x, fields); err != nil {
				return err
			}
			for i, at := range fields {
				f := &r.Fields[at]
				if err := r.gatherColumn(group.ColumnChunks()[f.leaf], f, its, first, vectors[i]); err != nil {
					return fmt.Errorf("%w: column %q: %w", ErrDamaged, f.Name, err)
				}
			}
			if err := use(len(its), vectors); err != nil {
				return err
			}
		}
		first = end
	}
	if len(rows) > 0 {
		return fmt.Errorf("%w: it has %d rows, and row %d was asked for", ErrDamaged, first, rows[0])
	}
	return nil
}

// gatherColumn fills v with rows of a column chunk, the first of whose rows has the number first.
func (r *Reader) gatherColumn(chunk parquet.ColumnChunk, f *Field, rows []int64, first int64, v *Vector) (err error) {
	defer recovered(&err)
	var index parquet.OffsetIndex
	if r.own {
		if index, err = chunk.OffsetIndex(); errors.Is(err, parquet.ErrMissingOffsetIndex) {
			index, err = nil, nil
		}
		if err != nil {
			return err
		}
	}
	c := newWalker(f, chunk.Pages())
	defer func() { err = errors.Join(err, c.close()) }()
	v.Reset()
	if f.form == 0 {
		return c.gatherValues(v, rows, first)
	}
	next := int64(0) // the row, of the chunk, behind the page
	for i := 0; i < len(rows); {
		at := rows[i] - first
		if at >= next {
			if err := c.seek(index, at, &next); err != nil {
				return err
			}
			continue
		}
		// As many as follow each other are taken at a time.
		n := 1
		for i+n < len(rows) && rows[i+n] == rows[i]+int64(n) && at+int64(n) < next {
			n++
		}
		c.leaf.add(v, c.leaf.rows-int(next-at), n)
		i += n
	}
	return nil
}

// seek reads the next page, or the one that the index says has row at. next is the row behind the page that
// was read, and then behind the one that is.
func (c *walker) seek(index parquet.OffsetIndex, at int64, next *int64) error {
	if index != nil {
		pages := index.NumPages()
		page := sort.Search(pages, func(i int) bool { return index.FirstRowIndex(i) > at }) - 1
		if page >= 0 && index.FirstRowIndex(page) > *next {
			*next = index.FirstRowIndex(page)
			if err := c.pages.SeekToRow(*next); err != nil {
				return err
			}
		}
	}
	if err := c.readLeaf(); err != nil {
		return err
	}
	*next += int64(c.leaf.rows)
	return nil
}

// gatherValues is for columns without a form: it reads all rows up to the last.
func (c *walker) gatherValues(v *Vector, rows []int64, first int64) error {
	one := &Vector{Kind: v.Kind}
	read := int64(0) // rows
	for _, row := range rows {
		for read <= row-first {
			if err := c.fill(one, 1); err != nil {
				return err
			}
			read++
		}
		v.Append(one, 0, 1)
	}
	return nil
}

// A walker goes through the values of one column of one row group.
type walker struct {
	field *Field
	pages parquet.Pages
	page  parquet.Page // of which leaf is a view; nil if none was read

	// Of a column with a form:
	leaf leaf
	done int // rows of the leaf

	// Of any other:
	values parquet.ValueReader
	buffer []parquet.Value
	at, n  int // of the buffer: what comes next, and its end
}

func newWalker(f *Field, pages parquet.Pages) *walker {
	c := &walker{field: f, pages: pages}
	if f.form == 0 {
		c.buffer = make([]parquet.Value, 1024)
	}
	return c
}

func (c *walker) close() error {
	c.release()
	return c.pages.Close()
}

func (c *walker) release() {
	if c.page != nil {
		parquet.Release(c.page)
		c.page = nil
	}
}

// readLeaf reads the next page of a column with a form. io.ErrUnexpectedEOF: there is none.
func (c *walker) readLeaf() error {
	c.release()
	page, err := c.pages.ReadPage()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	c.page, c.done = page, 0
	c.leaf.set(page, c.field)
	return nil
}

// fill reads so many rows.
func (c *walker) fill(v *Vector, rows int) (err error) {
	defer recovered(&err)
	v.Reset()
	switch {
	case c.field.form != 0:
		return c.fillLeaves(v, rows)
	case c.field.List:
		return c.fillLists(v, rows)
	}
	for range rows {
		p, err := c.peek()
		if err != nil {
			return err
		}
		if p == nil {
			return io.ErrUnexpectedEOF
		}
		c.take(v, p)
	}
	return nil
}

func (c *walker) fillLeaves(v *Vector, rows int) error {
	for rows > 0 {
		if c.done == c.leaf.rows {
			if err := c.readLeaf(); err != nil {
				return err
			}
			continue
		}
		n := min(rows, c.leaf.rows-c.done)
		c.leaf.add(v, c.done, n)
		c.done += n
		rows -= n
	}
	return nil
}
