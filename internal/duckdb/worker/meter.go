package worker

import (
	"io"
	"sync/atomic"
)

// A meter tells how many bytes of its files a plan has read: what the system says that this process has read, less
// what came through the pipe, less what the process read to know of itself. It is safe for concurrent use.
type meter struct {
	in  *countedReader
	out *countedWriter
	own atomic.Int64 // bytes read of /proc
}

// A reading is what the system had counted at an instant.
type reading struct{ read, written int64 }

// now reads the system's counters; ok is false where it has none.
func (m *meter) now() (r reading, ok bool) {
	read, written, size, ok := processIO()
	r = reading{read - m.in.n.Load() - m.own.Load(), written - m.out.n.Load()}
	m.own.Add(size)
	return r, ok
}

// smallWrites is less than the engine puts aside at a time, and more than the process writes for itself.
const smallWrites = 64 << 10

// since is how many bytes of files were read since an instant, in which made bytes of result files were written; -1 if
// that cannot be told. files is how many bytes the files have. What was put aside on the disk in between may have been
// read again once, more often or never: then what was read is taken to be no more than the files have, unless it is even
// when all of that was.
func (m *meter) since(then reading, files, made int64) int64 {
	now, ok := m.now()
	if !ok {
		return -1
	}
	read, aside := max(0, now.read-then.read), max(0, now.written-then.written-made)
	if aside < smallWrites {
		return read
	}
	return min(read, max(files, read-aside))
}

// held is what the process holds, as the function says.
func (m *meter) held() int64 {
	bytes, size := held()
	m.own.Add(size)
	return bytes
}

type countedReader struct {
	in io.Reader
	n  atomic.Int64
}

// Read implements io.Reader.
func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n.Add(int64(n))
	return n, err
}

type countedWriter struct {
	out io.Writer
	n   atomic.Int64
}

// Write implements io.Writer.
func (c *countedWriter) Write(p []byte) (int, error) {
	n, err := c.out.Write(p)
	c.n.Add(int64(n))
	return n, err
}
