package parquet

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

// maxWindow is the most memory that expanding a page of Zstandard takes here.
const maxWindow = 128 << 20

// guardExpansion tells whether the bytes of a page expand to no more than its header says, which
// parquet-go (v0.32.0) would find out when it has them all in memory. It is silent of bytes that are no
// such codec's: the library reads them too, and says so.
func guardExpansion(page io.Reader, codec format.CompressionCodec, most int64) error {
	in := bufio.NewReaderSize(page, 4<<10)
	var out io.Reader
	switch codec {
	case format.Snappy:
		// A block begins with its length.
		if n, err := binary.ReadUvarint(in); err == nil && n > uint64(max(most, 0)) {
			return errExpands(most)
		}
		return nil
	case format.Gzip:
		r, err := gzip.NewReader(in)
		if err != nil {
			return nil
		}
		out = r
	case format.Zstd:
		head, _ := in.Peek(zstd.HeaderMaxSize)
		var h zstd.Header
		if h.Decode(head) == nil && h.HasFCS && h.FrameContentSize > uint64(max(most, 0)) {
			return errExpands(most)
		}
		r, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil
		}
		defer r.Close()
		out = r
	case format.Brotli:
		out = brotli.NewReader(in)
	default:
		return nil
	}
	if n, _ := io.CopyN(io.Discard, out, most+1); n > most {
		return errExpands(most)
	}
	return nil
}

func errExpands(most int64) error {
	return fmt.Errorf("it expands to more than the %d bytes that its header says", most)
}
