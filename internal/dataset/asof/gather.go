package asof

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"github.com/larder-dev/larder/internal/parquet"
)

const (
	// segment is how many winners are gathered at a time.
	segment = 1 << 14
	// fewLabels are gathered at a time whatever memory it takes.
	fewLabels = 1024
)

// errTooMuch: the features of these labels do not fit into the memory.
var errTooMuch = errors.New("the features take too much memory")

// gather reads the features of the winners, and hands them out for each label first ≤ i < last of the block.
func (j *join) gather(ctx context.Context, won []*winners, first, last int, use func(first, rows int, columns []*parquet.Vector) error) error {
	j.counter.begin(Features, j.report)
	for _, w := range won {
		j.counter.of += int64(len(w.list))
	}
	for at, most := 0, last-first; at < last-first; {
		end := min(last-first, at+most)
		parts, err := j.gatherPart(ctx, won, at, end)
		if errors.Is(err, errTooMuch) {
			most = max(fewLabels, (end-at+1)/2)
			continue
		}
		if err != nil {
			return err
		}
		j.stats.Gathers++
		if err := j.hand(ctx, parts, first+at, end-at, use); err != nil {
			return err
		}
		at = end
	}
	return nil
}

// A part is the features of one group for some labels.
type part struct {
	source   *source
	features []int // the columns of the table that are wanted
	list     []winner
	where    []uint32   // of each label 1 + the place in list; 0: it has none
	columns  [][]column // of each segment of list
}

// gatherPart reads the features of the labels at ≤ i < end of the block. errTooMuch.
func (j *join) gatherPart(ctx context.Context, won []*winners, at, end int) ([]*part, error) {
	left := new(atomic.Int64)
	left.Store(j.engine.options.Memory)
	if end-at <= fewLabels {
		left.Store(1 << 62)
	}
	var parts []*part
	for _, w := range won {
		p := newPart(w, uint32(at), uint32(end))
		parts = append(parts, p)
		err := j.share(ctx, len(p.columns), func(ctx context.Context, _, n int) error {
			list := p.segment(n)
			err := p.gather(ctx, list, p.columns[n], left)
			j.counter.add(int64(len(list)))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return parts, nil
}

func newPart(w *winners, at, end uint32) *part {
	p := &part{source: w.source, where: make([]uint32, end-at)}
	g := w.source.Group.Group
	for _, name := range w.source.Features {
		p.features = append(p.features, g.Ordinal(name))
	}
	p.list = w.list
	if int(end-at) < len(w.list) || at > 0 {
		p.list = nil
		for _, won := range w.list {
			if at <= won.label && won.label < end {
				p.list = append(p.list, won)
			}
		}
	}
	for i, won := range p.list {
		p.where[won.label-at] = uint32(i + 1)
	}
	for from := 0; from < len(p.list); from += segment {
		columns := make([]column, len(p.features))
		for i, at := range p.features {
			columns[i] = newColumn(w.source.columns[at])
		}
		p.columns = append(p.columns, columns)
	}
	return p
}

func (p *part) segment(n int) []winner {
	return p.list[n*segment : min(len(p.list), (n+1)*segment)]
}

// gather reads the rows of winners into columns. errTooMuch: they take more than what is left.
func (p *part) gather(ctx context.Context, list []winner, columns []column, left *atomic.Int64) error {
	s := p.source
	held := int64(0)
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].file == list[0].file {
			n++
		}
		rows := make([]int64, n)
		for i := range rows {
			rows[i] = int64(list[i].row)
		}
		var err error
		if file := int(list[0].file); file == len(s.files) {
			err = p.gatherJournal(ctx, rows, columns)
		} else {
			err = p.gatherFile(ctx, file, rows, columns)
		}
		if err != nil {
			return err
		}
		now := int64(0)
		for i := range columns {
			now += columns[i].size()
		}
		if left.Add(held-now) < 0 {
			return errTooMuch
		}
		held, list = now, list[n:]
	}
	return ctx.Err()
}

func (p *part) gatherFile(ctx context.Context, n int, rows []int64, columns []column) (err error) {
	s := p.source
	file := s.files[n]
	o, err := s.openFile(ctx, file, p.features)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.bytes.Close()) }()
	if len(o.ToRead) == 0 {
		for i := range columns {
			columns[i].addNulls(len(rows))
		}
		return nil
	}
	err = o.Gather(o.ToRead, rows, func(rows int, vectors []*parquet.Vector) error {
		fitting, err := o.Columns(vectors)
		if err != nil {
			return err
		}
		for i, v := range fitting {
			if v != nil {
				columns[i].Append(v, 0, rows)
			} else {
				columns[i].addNulls(rows)
			}
		}
		return ctx.Err()
	})
	if err != nil {
		return s.unreadable(file, err)
	}
	return nil
}

// gatherJournal reads rows of the journal.
func (p *part) gatherJournal(ctx context.Context, rows []int64, columns []column) error {
	next := 0
	return p.source.journal(ctx, func(n int64, cells []any) error {
		for ; next < len(rows) && rows[next] == n; next++ {
			for i, at := range p.features {
				columns[i].addCell(cells[at])
			}
		}
		return nil
	})
}

// hand hands out the features of labels, which begin with first.
func (j *join) hand(ctx context.Context, parts []*part, first, rows int, use func(first, rows int, columns []*parquet.Vector) error) error {
	var out []*parquet.Vector
	var of []*part
	var places []int // in its part
	for _, p := range parts {
		for i, at := range p.features {
			out = append(out, &parquet.Vector{Kind: newColumn(p.source.columns[at]).Kind})
			of, places = append(of, p), append(places, i)
		}
	}
	for at := 0; at < rows; at += Chunk {
		end := min(rows, at+Chunk)
		err := j.share(ctx, len(out), func(_ context.Context, _, i int) error {
			of[i].arrange(out[i], places[i], at, end)
			return nil
		})
		if err != nil {
			return err
		}
		if err := use(first+at, end-at, out); err != nil {
			return err
		}
	}
	return nil
}

// arrange puts a column into the order of the labels at ≤ i < end of the part.
func (p *part) arrange(out *parquet.Vector, place, at, end int) {
	columns := make([]*column, len(p.columns))
	for i := range columns {
		columns[i] = &p.columns[i][place]
	}
	out.Reset()
	where := p.where[at:end]
	switch {
	case p.source.columns[p.features[place]].List:
		for _, w := range where {
			if w == 0 {
				addNull(out, true)
				continue
			}
			columns[(w-1)/segment].copyList(out, int((w-1)%segment))
		}
		return
	case out.Kind == parquet.OfInt:
		out.Ints = slices.Grow(out.Ints, len(where))[:len(where)]
		for i, w := range where {
			if out.Ints[i] = 0; w != 0 {
				out.Ints[i] = columns[(w-1)/segment].Ints[(w-1)%segment]
			}
		}
	case out.Kind == parquet.OfDouble:
		out.Floats = slices.Grow(out.Floats, len(where))[:len(where)]
		for i, w := range where {
			if out.Floats[i] = 0; w != 0 {
				out.Floats[i] = columns[(w-1)/segment].Floats[(w-1)%segment]
			}
		}
	default:
		arrangeTexts(out, columns, where)
	}
	out.Null = slices.Grow(out.Null, len(where))[:len(where)]
	for i, w := range where {
		out.Null[i] = w == 0 || columns[(w-1)/segment].Null[(w-1)%segment]
	}
}

func arrangeTexts(out *parquet.Vector, columns []*column, where []uint32) {
	out.Offsets = slices.Grow(out.Offsets, len(where))[:len(where)]
	for i, w := range where {
		if w != 0 {
			out.Text = append(out.Text, columns[(w-1)/segment].TextOf(int((w-1)%segment))...)
		}
		out.Offsets[i] = len(out.Text)
	}
}

// A column is the values of one feature for winners.
type column struct {
	*parquet.Vector
	list bool
}

func newColumn(c parquet.Column) column {
	kind := parquet.OfText
	switch c.Type {
	case parquet.Int64:
		kind = parquet.OfInt
	case parquet.Float64:
		kind = parquet.OfDouble
	}
	return column{&parquet.Vector{Kind: kind}, c.List}
}

// size is about how many bytes the column has.
func (c column) size() int64 {
	return int64(9*cap(c.Present) + cap(c.Null) + 8*(cap(c.Ints)+cap(c.Floats)+cap(c.Offsets)) + cap(c.Text))
}

func (c column) addNulls(rows int) {
	for range rows {
		addNull(c.Vector, c.list)
	}
}

// addNull appends a row that is null.
func addNull(v *parquet.Vector, list bool) {
	if list {
		v.Ends, v.Present = append(v.Ends, len(v.Null)), append(v.Present, false)
		return
	}
	v.Null = append(v.Null, true)
	switch v.Kind {
	case parquet.OfText:
		v.Offsets = append(v.Offsets, len(v.Text))
	case parquet.OfInt:
		v.Ints = append(v.Ints, 0)
	default:
		v.Floats = append(v.Floats, 0)
	}
}

// addCell appends a value as FillRow makes it.
func (c column) addCell(cell any) {
	if cell == nil {
		addNull(c.Vector, c.list)
		return
	}
	if !c.list {
		addElement(c.Vector, cell)
		return
	}
	for _, e := range cell.([]any) {
		addElement(c.Vector, e)
	}
	c.Ends, c.Present = append(c.Ends, len(c.Null)), append(c.Present, true)
}

func addElement(v *parquet.Vector, e any) {
	v.Null = append(v.Null, false)
	switch e := e.(type) {
	case string:
		v.Text = append(v.Text, e...)
		v.Offsets = append(v.Offsets, len(v.Text))
	case int64:
		v.Ints = append(v.Ints, e)
	case float64:
		v.Floats = append(v.Floats, e)
	}
}

// copyList appends the list of row i to a vector of the kind.
func (c column) copyList(out *parquet.Vector, i int) {
	start, end := c.List(i)
	for e := start; e < end; e++ {
		c.copyElement(out, e)
	}
	out.Ends, out.Present = append(out.Ends, len(out.Null)), append(out.Present, c.Present[i])
}

func (c column) copyElement(out *parquet.Vector, i int) {
	out.Null = append(out.Null, c.Null[i])
	switch c.Kind {
	case parquet.OfText:
		out.Text = append(out.Text, c.TextOf(i)...)
		out.Offsets = append(out.Offsets, len(out.Text))
	case parquet.OfInt:
		out.Ints = append(out.Ints, c.Ints[i])
	default:
		out.Floats = append(out.Floats, c.Floats[i])
	}
}
