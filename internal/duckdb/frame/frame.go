// Package frame is how the server and a worker speak over a pair of pipes: frames of a kind, a
// length and a payload. Both ends are the same binary; the version is checked all the same,
// because the file may have been replaced while the server ran. It knows no engine.
package frame

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
	"sync"

	"github.com/larder-dev/larder/internal/serde"
)

// Version changes with any change of a frame.
const Version = 5

// maxPayload bounds what a length may ask for. No sender comes near it.
const maxPayload = 1 << 30

// A Kind says what a frame is.
type Kind byte

// The kinds. A worker gets Hello once, then for each plan Prepare, any number of Rows, and Run;
// Cancel may come at any time. It answers Hello with Ready, and each plan with any number of
// Batch and one Done.
const (
	KindHello   Kind = iota + 1 // Hello
	KindReady                   // Ready
	KindPrepare                 // Prepare
	KindRows                    // see AppendRow
	KindRun                     // Run
	KindCancel                  // nothing
	KindBatch                   // see Batch
	KindDone                    // Done
)

// Hello tells a worker what it may use.
type Hello struct {
	Version int
	Limit   int64  // bytes that the engine may allocate
	Budget  int64  // bytes that the process may hold; above it the plan ends
	Threads int    // of the engine
	Scratch string // directory of its own
	Spill   int64  // bytes that the engine may write there
}

// Ready says that a worker waits for a plan.
type Ready struct{ Version int }

// Prepare begins a plan: nothing but Paths will be opened, and Tables are made for rows. A plan that
// Writes may write into the directory WriteFolder of its worker's Scratch, which is made empty.
type Prepare struct {
	Paths   []string
	Bytes   int64 // of the files at Paths
	Tables  []Table
	Writes  bool
	Measure bool // what each operator does is measured, and told in Done
}

// WriteFolder is the directory of the files that a plan has written. They stay until the next plan begins.
const WriteFolder = "out"

// A Table receives the rows of a relation that are in no file.
type Table struct {
	Name    string
	Columns []Column
}

// A Column is one of BOOLEAN, BIGINT, DOUBLE, VARCHAR or TIMESTAMP, or with [] behind it a list of
// one of these.
type Column struct{ Name, Type string }

// Run makes the views and runs the one SELECT.
type Run struct {
	Texts []Text // which the views read by their places
	Views []string
	SQL   string
	Types []string // layouts of the result's columns (query.Plan)
	Write *Write   // instead of sending the result
	// Cutoff is how many bytes of the files may be read; 0: any number.
	Cutoff int64
}

// A Text is files of lines that are read as one relation.
type Text struct {
	Format  serde.Format
	Columns []serde.Column
	Files   []TextFile
	Rows    int64 // about how many there are
}

// A TextFile is one of these files, in Prepare's Paths too.
type TextFile struct {
	Path        string
	Name        string // for errors
	Compression string // "", gzip or zstd
}

// Write says how the result is written into files.
type Write struct {
	Format      string        // parquet or text
	Text        *serde.Format // of text
	Columns     []serde.Column
	Compression string // in the engine's words
	Folders     bool   // the last column says in which folder a row goes, and is in no file
	Single      bool   // one file has all rows, in their order
}

// A File is one that a plan has written, by its path below WriteFolder.
type File struct {
	Path string
	Size int64
}

// Done ends a plan.
type Done struct {
	Error    string // in the engine's words; "" if the plan succeeded
	Exceeded bool   // the process held more than its budget; it ends
	Retire   bool   // the process has grown; end it
	Files    []File // of a plan that wrote
	Rows     int64  // in these files
	Measured *Operator
	Read     int64 // bytes of the files of Prepare; -1 if nobody knows
	Cutoff   bool  // these are more than Run allows
}

// An Operator is what one operator of the engine did in a plan that was measured.
type Operator struct {
	Name     string // in the engine's words
	About    string // more of it, also in the engine's words
	Rows     int64  // that it gave
	Scanned  int64  // that it read of its source
	Seconds  float64
	Children []*Operator
}

// A Writer sends frames. It is safe for concurrent use.
type Writer struct {
	mu  sync.Mutex // guards out and is held while a frame is written: frames do not mix
	out io.Writer
}

// NewWriter returns a Writer on out.
func NewWriter(out io.Writer) *Writer { return &Writer{out: out} }

// Send writes a frame. It does not retain payload.
func (w *Writer) Send(kind Kind, payload []byte) error {
	if len(payload) > maxPayload {
		return fmt.Errorf("frame of kind %d has %d bytes", kind, len(payload))
	}
	head := [5]byte{byte(kind)}
	binary.LittleEndian.PutUint32(head[1:], uint32(len(payload)))
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.out.Write(head[:]); err != nil {
		return err
	}
	_, err := w.out.Write(payload)
	return err
}

// SendValue writes a frame whose payload is v.
func (w *Writer) SendValue(kind Kind, v any) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	return w.Send(kind, b.Bytes())
}

// A Reader receives frames, for one goroutine.
type Reader struct {
	in      *bufio.Reader
	payload []byte
}

// NewReader returns a Reader on in.
func NewReader(in io.Reader) *Reader { return &Reader{in: bufio.NewReaderSize(in, 64<<10)} }

// Next returns the next frame. The payload is good until the next call. io.EOF, as it is, says
// that the other end closed between frames.
func (r *Reader) Next() (Kind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r.in, head[:]); err != nil {
		return 0, nil, err
	}
	n := int(binary.LittleEndian.Uint32(head[1:]))
	if n > maxPayload {
		return 0, nil, fmt.Errorf("frame of kind %d claims %d bytes", head[0], n)
	}
	// A large payload is read as it comes: a length that lies must not make us allocate it.
	if n <= cap(r.payload) || n <= 1<<20 {
		if n > cap(r.payload) {
			r.payload = make([]byte, n)
		}
		r.payload = r.payload[:n]
		if _, err := io.ReadFull(r.in, r.payload); err != nil {
			return 0, nil, fmt.Errorf("frame of kind %d: %w", head[0], unexpected(err))
		}
		return Kind(head[0]), r.payload, nil
	}
	var b bytes.Buffer
	if _, err := io.CopyN(&b, r.in, int64(n)); err != nil {
		return 0, nil, fmt.Errorf("frame of kind %d: %w", head[0], unexpected(err))
	}
	r.payload = b.Bytes()
	return Kind(head[0]), r.payload, nil
}

// unexpected makes an end inside a frame unlike one between frames.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Decode reads the value of a frame that SendValue wrote.
func Decode(payload []byte, v any) error {
	if err := gob.NewDecoder(bytes.NewReader(payload)).Decode(v); err != nil {
		return fmt.Errorf("decode %T: %w", v, err)
	}
	return nil
}
