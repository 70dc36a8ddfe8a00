package arrow

import "fmt"

// parts are the nodes and buffers of one message, which its arrays take one after the other.
type parts struct {
	body                     []byte
	head                     *flat
	nodes, buffers, variadic run
	left                     int    // bytes of the body that no buffer has: two that overlap could be read over and over
	bad                      string // what was wrong first; then nothing is taken any more
}

// A run is a vector of which so many elements are taken.
type run struct{ at, count, taken int }

func (p *parts) fail(format string, args ...any) {
	if p.bad == "" {
		p.bad = fmt.Sprintf(format, args...)
	}
}

// node takes the length of an array, and how many nulls it says it has.
func (p *parts) node() (rows int, nulls int64) {
	if p.nodes.taken == p.nodes.count {
		p.fail("the message has too few nodes")
		return 0, 0
	}
	at := p.nodes.at + 16*p.nodes.taken
	p.nodes.taken++
	n, nulls := p.head.i64(at), p.head.i64(at+8)
	if n < 0 || n > maxRows {
		p.fail("a node says that it has %d values", n)
		return 0, 0
	}
	return int(n), nulls
}

// buffer takes the bytes of a buffer.
func (p *parts) buffer() []byte {
	if p.buffers.taken == p.buffers.count {
		p.fail("the message has too few buffers")
		return nil
	}
	at := p.buffers.at + 16*p.buffers.taken
	p.buffers.taken++
	from, size := p.head.i64(at), p.head.i64(at+8)
	if from < 0 || size < 0 || from > int64(len(p.body)) || size > int64(len(p.body))-from {
		p.fail("a buffer of %d bytes at %d is not within the %d of the body", size, from, len(p.body))
		return nil
	}
	if p.left -= int(size); p.left < 0 {
		p.fail("its buffers have more bytes than its body")
		return nil
	}
	return p.body[from : from+size]
}

// array takes an array of a kind, and looks at every place that its values name.
func (p *parts) array(k *kind) *values {
	v := &values{kind: k}
	var nulls int64
	v.rows, nulls = p.node()
	if k.shape == shapeNone {
		return v
	}
	if valid := p.buffer(); nulls != 0 {
		v.valid = valid
		p.needs(valid, (v.rows+7)/8)
	}
	switch k.shape {
	case shapeBits:
		v.data = p.buffer()
		p.needs(v.data, (v.rows+7)/8)
	case shapeFixed:
		v.data = p.buffer()
		p.needs(v.data, v.rows*k.width)
		if k.dict != nil && p.bad == "" {
			p.numbers(v)
		}
	case shapeText:
		v.data, v.text = p.buffer(), p.buffer()
		p.offsets(v, len(v.text))
	case shapeViews:
		v.data = p.buffer()
		p.views(v)
	case shapeList, shapeSized:
		p.lists(v)
	}
	return v
}

func (p *parts) needs(b []byte, size int) {
	if len(b) < size {
		p.fail("a buffer has %d bytes, and its values take %d", len(b), size)
	}
}

// offsets holds that the values of v lie one after the other, within so many of what they are made of.
func (p *parts) offsets(v *values, most int) {
	if v.rows == 0 {
		return // then there may be none at all
	}
	p.needs(v.data, (v.rows+1)*v.width)
	if p.bad != "" {
		return
	}
	before := v.offset(0)
	for i := 1; i <= v.rows && before >= 0; i++ {
		next := v.offset(i)
		if next < before {
			p.fail("value %d ends before it begins", i)
			return
		}
		before = next
	}
	if before < 0 || before > most {
		p.fail("its values are not within the %d bytes or elements that came", most)
	}
}

func (p *parts) lists(v *values) {
	if v.shape == shapeList {
		v.data = p.buffer()
	}
	v.below = p.array(v.inner)
	switch {
	case p.bad != "":
	case v.shape == shapeList:
		p.offsets(v, v.below.rows)
	case v.width < 0 || v.rows > 0 && v.width > v.below.rows/v.rows:
		p.fail("%d lists of %d elements have %d", v.rows, v.width, v.below.rows)
	}
}

// views holds that the texts of v are in its buffers.
func (p *parts) views(v *values) {
	if p.variadic.taken == p.variadic.count {
		p.fail("the message has too few counts of buffers")
		return
	}
	count := p.head.i64(p.variadic.at + 8*p.variadic.taken)
	p.variadic.taken++
	if count < 0 || count > int64(p.buffers.count) {
		p.fail("it says that it has %d buffers", count)
		return
	}
	for range count {
		v.buffers = append(v.buffers, p.buffer())
	}
	p.needs(v.data, v.rows*viewBytes)
	for i := 0; i < v.rows && p.bad == ""; i++ {
		if v.valid != nil && !bit(v.valid, i) {
			continue // a null's view may say anything
		}
		switch w := v.view(i); {
		case w.size < 0, w.buffer >= len(v.buffers), w.size > viewBytes-4 && w.buffer < 0, w.at < 0:
			p.fail("value %d is in no buffer", i+1)
		case w.buffer >= 0 && (w.at > len(v.buffers[w.buffer]) || w.size > len(v.buffers[w.buffer])-w.at):
			p.fail("value %d is not within its buffer", i+1)
		}
	}
}

// numbers holds that the dictionary of v has what its rows name.
func (p *parts) numbers(v *values) {
	if v.numbers = v.dict.values; v.numbers == nil {
		p.fail("its dictionary did not come before it")
		return
	}
	for i := range v.rows {
		if v.valid != nil && !bit(v.valid, i) {
			continue
		}
		if n := v.index.integer(v.data, i); n < 0 || n >= int64(v.numbers.rows) {
			p.fail("value %d is number %d of a dictionary of %d", i+1, n, v.numbers.rows)
			return
		}
	}
}
