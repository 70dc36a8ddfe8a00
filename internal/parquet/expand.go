package parquet

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// An expander tells whether pages expand to no more than their headers say, which parquet-go (v0.32.0) finds
// out when it has all in memory. It has the same codecs as parquet-go, so that what ends with an error here
// ends there too, after as many bytes. It is for one goroutine; close gives back what it has.
type expander struct {
	in     *bufio.Reader
	gzip   *gzip.Reader
	brotli *brotli.Reader
	zstd   *zstd.Decoder
	frames []byte // what zstd reads
	page   []byte // what it expands to
}

func newExpander() *expander { return &expander{in: bufio.NewReaderSize(nil, 16<<10)} }

func (x *expander) close() {
	if x.zstd != nil {
		x.zstd.Close()
	}
}

// check holds a page to the most bytes that it may expand to. It is silent of bytes that are no such codec's:
// the library says so.
func (x *expander) check(page io.Reader, codec format.CompressionCodec, most int64) error {
	if codec == format.Zstd {
		return x.checkZstd(page, most)
	}
	x.in.Reset(page)
	out, err := x.open(codec, most)
	if out == nil || err != nil {
		return err
	}
	if n, _ := io.CopyN(io.Discard, out, most+1); n > most {
		return errExpands(most)
	}
	return nil
}

// checkZstd expands the page as parquet-go does, in one piece: a frame then has no window besides, which
// could be as large as it likes, and what each says of its length is held to what is left.
func (x *expander) checkZstd(page io.Reader, most int64) error {
	if x.zstd == nil {
		var err error
		if x.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true)); err != nil {
			return fmt.Errorf("make a decoder: %w", err)
		}
	}
	frames := bytes.NewBuffer(x.frames[:0])
	_, err := frames.ReadFrom(page)
	x.frames = frames.Bytes()
	if err != nil {
		return nil // the library meets it too
	}
	x.page = slices.Grow(x.page[:0], int(most))
	if _, err := x.zstd.DecodeAll(x.frames, x.page[:0:most]); errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return errExpands(most)
	}
	return nil
}

// open returns what a page expands to; nil if that is not needed, or if it is none of the codec's.
func (x *expander) open(codec format.CompressionCodec, most int64) (out io.Reader, err error) {
	switch codec {
	case format.Snappy:
		// A block begins with its length.
		if n, err := binary.ReadUvarint(x.in); err == nil && n > uint64(most) {
			return nil, errExpands(most)
		}
	case format.Gzip:
		if x.gzip == nil {
			x.gzip = new(gzip.Reader)
		}
		if x.gzip.Reset(x.in) == nil {
			return x.gzip, nil
		}
	case format.Brotli:
		if x.brotli == nil {
			x.brotli = new(brotli.Reader)
		}
		if x.brotli.Reset(x.in) == nil {
			return x.brotli, nil
		}
	}
	return nil, nil
}

func errExpands(most int64) error {
	return fmt.Errorf("it expands to more than the %d bytes that its header says", most)
}
