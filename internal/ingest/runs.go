package ingest

import (
	"bufio"
	"bytes"
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
	blockSize = 64 << 10
	// maxRuns is how many sorted files are merged at a time: each takes three blocks of memory.
	maxRuns = 320
)

// A source of sorted rows calls yield with each until it returns an error, which it returns. A row is good for the
// call.
type source func(yield func(row) error) error

// A sorter keeps sorted files and merges them. It is for one goroutine.
type sorter struct {
	fs       vfs.FS
	dir      string
	name     string
	compare  func(a, b row) int
	hours    bool // compare begins with the event hour
	distinct bool // of one identifier keep the first
	made     int
	runs     []string
	common   []byte // that the identifiers of all rows begin with
}

// add writes rows that are sorted, and whose identifiers begin with common, to a file.
func (s *sorter) add(rows source, common []byte) error {
	if len(s.runs) == maxRuns {
		if err := s.shrink(); err != nil {
			return err
		}
	}
	if s.made == 0 {
		s.common = bytes.Clone(common)
	}
	s.common = inCommon(s.common, common)
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
	w := s2.NewWriter(&keeping{file: f}, s2.WriterBlockSize(blockSize), s2.WriterConcurrency(1))
	err = rows(func(r row) error {
		_, err := w.Write(r)
		return err
	})
	if err = errors.Join(err, w.Close(), f.Close()); err != nil {
		return "", fmt.Errorf("write rows to be sorted: %w", err)
	}
	return name, nil
}

// keeping leaves what is written to a file as it was: a vfs.File may change it, and s2 writes bytes
// that all of its writers share.
type keeping struct {
	file vfs.File
	copy []byte
}

func (k *keeping) Write(p []byte) (int, error) {
	k.copy = append(k.copy[:0], p...)
	return k.file.Write(k.copy)
}

// merge yields the rows of all files in order, and removes the files.
func (s *sorter) merge(yield func(row) error) error {
	if err := s.mergeOf(s.runs, yield); err != nil {
		return err
	}
	return s.remove(s.runs)
}

func (s *sorter) mergeOf(names []string, yield func(row) error) (err error) {
	var all []*run
	defer func() {
		for _, r := range all {
			err = errors.Join(err, r.file.Close())
		}
	}()
	h := runHeap{compare: s.compare}
	for _, name := range names {
		r, err := openRun(s.fs, name)
		if err != nil {
			return fmt.Errorf("read sorted rows: %w", err)
		}
		all = append(all, r)
		switch err := r.next(); err {
		case nil:
			h.runs = append(h.runs, s.headOf(r))
		case io.EOF:
		default:
			return fmt.Errorf("read sorted rows: %w", err)
		}
	}
	h.init()
	var last []byte
	for first := true; len(h.runs) > 0; first = false {
		r := h.runs[0].run
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
			h.runs[0] = s.headOf(r)
		case io.EOF:
			h.pop()
		default:
			return fmt.Errorf("read sorted rows: %w", err)
		}
		h.down(0)
	}
	return nil
}

func (s *sorter) headOf(r *run) runHead {
	h := runHead{run: r, prefix: prefixOf(r.head.id(), len(s.common))}
	if s.hours {
		h.hour = int32(r.head.hour())
	}
	return h
}

// A run reads a file of sorted rows.
type run struct {
	file vfs.File
	in   *bufio.Reader
	head row    // the next one, in the buffer of in or in long
	size int    // of head in the buffer, to be passed over
	long []byte // of a row that has no room in the buffer
}

func openRun(fs vfs.FS, name string) (*run, error) {
	f, err := fs.Open(name)
	if err != nil {
		return nil, err
	}
	in := s2.NewReader(f, s2.ReaderMaxBlockSize(blockSize), s2.ReaderAllocBlock(blockSize))
	return &run{file: f, in: bufio.NewReaderSize(in, blockSize)}, nil
}

// next moves head on. io.EOF.
func (r *run) next() error {
	if _, err := r.in.Discard(r.size); err != nil {
		return err
	}
	r.size = 0
	length, err := r.in.Peek(4)
	if err != nil {
		if err == io.EOF && len(length) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	size := 4 + int(binary.LittleEndian.Uint32(length))
	if size < rowHeader || size > maxRow {
		return errors.New("a row is damaged")
	}
	if size <= r.in.Size() {
		r.head, err = r.in.Peek(size)
		r.size = size
	} else {
		r.long = slices.Grow(r.long[:0], size)[:size]
		_, err = io.ReadFull(r.in, r.long)
		r.head = r.long
	}
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// A runHead is a run and what mostly tells where its head belongs.
type runHead struct {
	prefix uint64
	hour   int32
	run    *run
}

// runHeap has the run with the first row on top.
type runHeap struct {
	runs    []runHead
	compare func(a, b row) int
}

func (h *runHeap) less(a, b *runHead) bool {
	if a.hour != b.hour {
		return a.hour < b.hour
	}
	if a.prefix != b.prefix {
		return a.prefix < b.prefix
	}
	return h.compare(a.run.head, b.run.head) < 0
}

func (h *runHeap) init() {
	for i := len(h.runs)/2 - 1; i >= 0; i-- {
		h.down(i)
	}
}

// pop removes the run on top; down is to follow.
func (h *runHeap) pop() {
	last := len(h.runs) - 1
	h.runs[0] = h.runs[last]
	h.runs = h.runs[:last]
}

// down moves the run at i to its place.
func (h *runHeap) down(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(h.runs); child++ {
			if h.less(&h.runs[child], &h.runs[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		h.runs[i], h.runs[least] = h.runs[least], h.runs[i]
		i = least
	}
}
