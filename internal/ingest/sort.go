package ingest

import (
	"bytes"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/klauspost/compress/s2"
)

const (
	category = vfs.DiskWriteCategory("larder-import")
	// blockSize is what is compressed, and read back, at a time.
	blockSize = 128 << 10
	// maxRuns is how many sorted files are merged at a time: each takes two blocks of memory.
	maxRuns = 192
)

// A chunk is rows in memory, to be sorted. A ref knows enough of its row to tell most rows apart.
type chunk struct {
	data []byte
	refs []ref
}

type ref struct {
	prefix uint64 // bytes of the identifier after those that all of the chunk have in common
	hour   int32
	at     uint32 // in data
}

// full tells whether a chunk has no room for one more row.
func (c *chunk) full(size int) bool { return len(c.data) >= size }

// end ends the row that began at a place.
func (c *chunk) end(at int) {
	c.refs = append(c.refs, ref{hour: int32(row(c.data[at:]).hour()), at: uint32(at)})
}

// align makes the prefixes of the refs. Identifiers mostly begin alike, and where they differ decides.
func (c *chunk) align() {
	if len(c.refs) == 0 {
		return
	}
	first := c.row(c.refs[0]).id()
	common := len(first)
	for _, r := range c.refs {
		id := c.row(r).id()
		n := 0
		for n < min(common, len(id)) && id[n] == first[n] {
			n++
		}
		common = n
	}
	for i := range c.refs {
		var prefix [8]byte
		copy(prefix[:], c.row(c.refs[i]).id()[common:])
		c.refs[i].prefix = binary.BigEndian.Uint64(prefix[:])
	}
}

func (c *chunk) row(r ref) row { return rowAt(c.data, int(r.at)) }

func (c *chunk) reset() { c.data, c.refs = c.data[:0], c.refs[:0] }

// sortByHour sorts the refs as byHour sorts rows.
func (c *chunk) sortByHour() {
	slices.SortFunc(c.refs, func(a, b ref) int {
		if a.hour != b.hour {
			return cmp.Compare(a.hour, b.hour)
		}
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return byHour(c.row(a), c.row(b))
	})
}

// newest leaves the newest row of each identifier, sorted by identifier.
func (c *chunk) newest() {
	slices.SortFunc(c.refs, func(a, b ref) int {
		if a.prefix != b.prefix {
			return cmp.Compare(a.prefix, b.prefix)
		}
		return byID(c.row(a), c.row(b))
	})
	c.refs = slices.CompactFunc(c.refs, func(a, b ref) bool {
		return a.prefix == b.prefix && bytes.Equal(c.row(a).id(), c.row(b).id())
	})
}

// each yields the rows in the order of the refs.
func (c *chunk) each(yield func(row) error) error {
	for _, r := range c.refs {
		if err := yield(c.row(r)); err != nil {
			return err
		}
	}
	return nil
}

// A source of sorted rows calls yield with each until it returns an error, which it returns.
type source func(yield func(row) error) error

// A sorter keeps sorted files and merges them. It is for one goroutine.
type sorter struct {
	fs       vfs.FS
	dir      string
	name     string
	compare  func(a, b row) int
	distinct bool // of one identifier keep the first
	made     int
	runs     []string
}

// add writes rows that are sorted to a file.
func (s *sorter) add(rows source) error {
	if len(s.runs) == maxRuns {
		if err := s.shrink(); err != nil {
			return err
		}
	}
	name, err := s.write(rows)
	if err == nil {
		s.runs = append(s.runs, name)
	}
	return err
}

// shrink merges the oldest half of the files into one.
func (s *sorter) shrink() error {
	old := slices.Clone(s.runs[:maxRuns/2])
	name, err := s.write(func(yield func(row) error) error { return s.mergeOf(old, yield) })
	if err != nil {
		return err
	}
	s.runs = append(s.runs[maxRuns/2:], name)
	return s.remove(old)
}

func (s *sorter) remove(names []string) error {
	var errs []error
	for _, name := range names {
		errs = append(errs, s.fs.Remove(name))
	}
	return errors.Join(errs...)
}

func (s *sorter) write(rows source) (name string, err error) {
	s.made++
	name = s.fs.PathJoin(s.dir, fmt.Sprintf("%s-%d", s.name, s.made))
	f, err := s.fs.Create(name, category)
	if err != nil {
		return "", fmt.Errorf("write rows to be sorted: %w", err)
	}
	w := s2.NewWriter(f, s2.WriterBlockSize(blockSize), s2.WriterConcurrency(1))
	err = rows(func(r row) error {
		_, err := w.Write(r)
		return err
	})
	if err = errors.Join(err, w.Close(), f.Close()); err != nil {
		return "", fmt.Errorf("write rows to be sorted: %w", err)
	}
	return name, nil
}

// merge yields the rows of all files in order, and removes the files.
func (s *sorter) merge(yield func(row) error) error {
	if err := s.mergeOf(s.runs, yield); err != nil {
		return err
	}
	return s.remove(s.runs)
}

func (s *sorter) mergeOf(names []string, yield func(row) error) (err error) {
	h := runHeap{compare: s.compare}
	defer func() {
		for _, r := range h.all {
			err = errors.Join(err, r.file.Close())
		}
	}()
	for _, name := range names {
		r, err := openRun(s.fs, name)
		if err != nil {
			return fmt.Errorf("read sorted rows: %w", err)
		}
		h.all = append(h.all, r)
		if err := r.next(); err == nil {
			h.runs = append(h.runs, r)
		} else if err != io.EOF {
			return fmt.Errorf("read sorted rows: %w", err)
		}
	}
	heap.Init(&h)
	var last []byte
	for first := true; len(h.runs) > 0; first = false {
		r := h.runs[0]
		if !s.distinct || first || !bytes.Equal(last, r.head.id()) {
			if s.distinct {
				last = append(last[:0], r.head.id()...)
			}
			if err := yield(r.head); err != nil {
				return err
			}
		}
		switch err := r.next(); err {
		case nil:
			heap.Fix(&h, 0)
		case io.EOF:
			heap.Pop(&h)
		default:
			return fmt.Errorf("read sorted rows: %w", err)
		}
	}
	return nil
}

// A run reads a file of sorted rows.
type run struct {
	file vfs.File
	in   *s2.Reader
	head row
}

func openRun(fs vfs.FS, name string) (*run, error) {
	f, err := fs.Open(name)
	if err != nil {
		return nil, err
	}
	return &run{file: f, in: s2.NewReader(f, s2.ReaderMaxBlockSize(blockSize), s2.ReaderAllocBlock(blockSize))}, nil
}

// next reads the next row into head, which it overwrites. io.EOF.
func (r *run) next() error {
	r.head = slices.Grow(r.head[:0], 4)[:4]
	if _, err := io.ReadFull(r.in, r.head); err != nil {
		return err
	}
	size := int(binary.LittleEndian.Uint32(r.head))
	if size < rowHeader-4 || size > maxRow {
		return errors.New("a row is damaged")
	}
	r.head = slices.Grow(r.head, size)[:4+size]
	_, err := io.ReadFull(r.in, r.head[4:])
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// runHeap has the run with the first row on top.
type runHeap struct {
	all, runs []*run
	compare   func(a, b row) int
}

func (h *runHeap) Len() int           { return len(h.runs) }
func (h *runHeap) Less(i, j int) bool { return h.compare(h.runs[i].head, h.runs[j].head) < 0 }
func (h *runHeap) Swap(i, j int)      { h.runs[i], h.runs[j] = h.runs[j], h.runs[i] }
func (h *runHeap) Push(any)           {} // none joins later
func (h *runHeap) Pop() any {
	h.runs = h.runs[:len(h.runs)-1]
	return nil
}
