package serde

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// mostLine is how long a line may be (Athena's limit of a row).
const mostLine = 32 << 20

// mostWindow is how far back the frames of a zstd file may look, and so how much memory they may ask for: what zstd
// itself writes and reads unless it is told otherwise (--ultra -22, --long).
const mostWindow = 128 << 20

var errLongLine = errors.New("a line is too long")

// lines reads the lines of a file: they end in \n, \r or \r\n.
type lines struct {
	in     *bufio.Reader
	number int // of the line that was read last, from 1
	ahead  int // how many lines were read behind the one that was handed out last
	long   []byte
	begun  bool
	cr     bool // the line before ended in \r: a \n that follows is of the same end
	clear  int  // so many bytes of what is buffered have no \n among them; 0: nobody has looked

	// The last lines of a file are held back, and are no rows.
	footer int
	held   [][]byte // a ring
	first  int
}

// decompressed reads a file that is compressed: "", gzip or zstd.
func decompressed(in io.Reader, compression string) (io.Reader, func(), error) {
	switch compression {
	case "gzip":
		z, err := gzip.NewReader(bufio.NewReaderSize(in, 64<<10))
		return z, func() {}, err
	case "zstd":
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(mostWindow))
		if err != nil {
			return nil, func() {}, err
		}
		return z, z.Close, nil
	}
	return in, func() {}, nil
}

// A source is the bytes of a file. It remembers how reading them failed: any other error is one of what they are.
type source struct {
	in  io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

func newLines(in io.Reader, header, footer int) (*lines, error) {
	l := &lines{in: bufio.NewReaderSize(in, 128<<10), footer: footer}
	for range header {
		if _, err := l.read(); err != nil {
			return l, err
		}
	}
	return l, nil
}

// next returns the next line that is a row, good until the line after; io.EOF.
func (l *lines) next() ([]byte, error) {
	if l.footer == 0 {
		return l.read()
	}
	for {
		line, err := l.read()
		if err != nil {
			return nil, err // what is held is the footer
		}
		if len(l.held) < l.footer+1 {
			l.held = append(l.held, bytes.Clone(line))
		} else {
			// The place of the line that was handed out last is free.
			l.held[l.first] = append(l.held[l.first][:0], line...)
			l.first = (l.first + 1) % len(l.held)
		}
		if len(l.held) == l.footer+1 {
			l.ahead = l.footer
			return l.held[l.first], nil
		}
	}
}

// place is the number of the line that was handed out last, or that could not be read.
func (l *lines) place() int { return l.number - l.ahead }

// read returns the next line, good until the one after; io.EOF.
func (l *lines) read() ([]byte, error) {
	l.long, l.ahead = l.long[:0], 0
	for {
		piece, err := l.peek()
		if err != nil {
			if err == io.EOF && len(l.long) > 0 {
				l.number++
				return l.long, nil
			}
			return nil, err
		}
		end := l.ending(piece)
		whole := end < len(piece)
		line := piece[:end]
		if len(l.long)+len(line) > mostLine {
			l.number++
			return nil, errLongLine
		}
		if !whole || len(l.long) > 0 {
			l.long = append(l.long, line...)
			line = l.long
		}
		if !whole {
			l.discard(len(piece))
			continue
		}
		l.number++
		l.cr = piece[end] == '\r'
		l.discard(end + 1) // line stays as it is until the next peek
		return line, nil
	}
}

// peek returns what is in the buffer, which it fills if there is nothing.
func (l *lines) peek() ([]byte, error) {
	for {
		if _, err := l.in.Peek(1); err != nil {
			return nil, err
		}
		piece, _ := l.in.Peek(l.in.Buffered()) // it is there
		if !l.begun {
			l.begun = true
			if mark, err := l.in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
				l.discard(3)
				continue
			}
			piece, _ = l.in.Peek(l.in.Buffered())
		}
		if l.cr {
			if l.cr = false; piece[0] == '\n' {
				l.discard(1)
				continue
			}
		}
		return piece, nil
	}
}

func (l *lines) discard(n int) {
	_, _ = l.in.Discard(n) // they have been peeked at
	l.clear = max(l.clear-n, 0)
}

// ending is where the first end of a line is in what is buffered, or how long that is. Where the first \n is it
// remembers: a file may have many a \r before it, or no \n at all.
func (l *lines) ending(piece []byte) int {
	if l.clear == 0 {
		if l.clear = bytes.IndexByte(piece, '\n'); l.clear < 0 {
			l.clear = len(piece)
		}
	}
	if cr := bytes.IndexByte(piece[:l.clear], '\r'); cr >= 0 {
		return cr
	}
	return l.clear
}
