package ingest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/cockroachdb/pebble/v2/vfs"
)

// The file of what goes to the online store: docs/formats/import.md. It is durable before the import
// is committed, and removed when all of it is applied.

const (
	onlineMagic = "LRDIMP\x00\x01" // the last byte is the version
	// onlineRows and onlineBytes bound a block, which is applied in one commit.
	onlineRows  = 1024
	onlineBytes = 1 << 20
	blockHead   = 8 // length, checksum
)

func castagnoli(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// writeOnline writes rows to a file, and returns how many when they are durable.
func writeOnline(fs vfs.FS, name string, rows source) (n int64, err error) {
	f, err := fs.Create(name, category)
	if err != nil {
		return 0, fmt.Errorf("make the file of online records: %w", err)
	}
	w := onlineWriter{out: f}
	if _, err = io.WriteString(f, onlineMagic); err == nil {
		err = rows(func(r row) error {
			n++
			return w.add(r)
		})
	}
	if err == nil {
		err = w.flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, fmt.Errorf("write the file of online records: %w", err)
	}
	return n, nil
}

type onlineWriter struct {
	out   io.Writer
	block []byte // from its head on
	rows  int
}

func (w *onlineWriter) add(r row) error {
	if w.rows == 0 {
		w.block = append(w.block[:0], make([]byte, blockHead)...)
	}
	w.block = append(w.block, r...)
	w.rows++
	if w.rows < onlineRows && len(w.block) < onlineBytes {
		return nil
	}
	return w.flush()
}

func (w *onlineWriter) flush() error {
	if w.rows == 0 {
		return nil
	}
	body := w.block[blockHead:]
	binary.LittleEndian.PutUint32(w.block, uint32(len(body)))
	binary.LittleEndian.PutUint32(w.block[4:], castagnoli(body))
	w.rows = 0
	_, err := w.out.Write(w.block)
	return err
}

// errOnlineDamaged is the error of a file that nobody wrote so.
var errOnlineDamaged = errors.New("the file of online records is damaged")

// An onlineReader reads the blocks after a place.
type onlineReader struct {
	in vfs.File
	at int64 // of the next block
}

// openOnline opens a file at a place, 0 for its beginning.
func openOnline(fs vfs.FS, name string, at int64) (*onlineReader, error) {
	f, err := fs.Open(name, vfs.SequentialReadsOption)
	if err != nil {
		return nil, fmt.Errorf("open the file of online records: %w", err)
	}
	r := &onlineReader{in: f, at: at}
	var magic [len(onlineMagic)]byte
	if _, err := f.ReadAt(magic[:], 0); err != nil || string(magic[:]) != onlineMagic {
		return nil, errors.Join(errOnlineDamaged, f.Close())
	}
	r.at = max(at, int64(len(onlineMagic)))
	return r, nil
}

// next reads the rows of a block, which are the caller's, and moves at behind it. io.EOF.
func (r *onlineReader) next() ([]row, error) {
	var head [blockHead]byte
	n, err := r.in.ReadAt(head[:], r.at)
	if n == 0 && err == io.EOF {
		return nil, io.EOF
	}
	if n < blockHead {
		return nil, errors.Join(errOnlineDamaged, err)
	}
	size := int(binary.LittleEndian.Uint32(head[:]))
	if size > onlineBytes+maxRow {
		return nil, errOnlineDamaged
	}
	block := make([]byte, size)
	if n, err := r.in.ReadAt(block, r.at+blockHead); n < size {
		return nil, errors.Join(errOnlineDamaged, err)
	}
	if castagnoli(block) != binary.LittleEndian.Uint32(head[4:]) {
		return nil, errOnlineDamaged
	}
	var rows []row
	for at := 0; at < size; {
		if size-at < rowHeader || int64(binary.LittleEndian.Uint32(block[at:]))+4 > int64(size-at) {
			return nil, errOnlineDamaged
		}
		one := rowAt(block, at)
		if len(one) < rowHeader || len(one) < rowHeader+int(binary.LittleEndian.Uint16(one[24:])) {
			return nil, errOnlineDamaged
		}
		rows = append(rows, one)
		at += len(one)
	}
	r.at += blockHead + int64(size)
	return rows, nil
}
