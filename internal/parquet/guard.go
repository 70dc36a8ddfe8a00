package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// parquet-go (v0.32.0) takes lengths and nesting of a file at their word: a footer of a few bytes can make it ask for
// all memory, or call itself until the process ends. So that nobody's file does that to a server, what it will read
// is looked through first, by a reader that follows the lengths and believes none.

const (
	// maxFooter is the most bytes of a footer: a file of 2,500 columns and a thousand row groups has less.
	maxFooter = 256 << 20
	// maxItems is the most elements of all lists of a footer: schema, row groups, column chunks and what each has.
	maxItems = 8 << 20
	// maxDepth is how deep Thrift may be nested; what Parquet defines needs 8.
	maxDepth = 24
	// maxPage is the most bytes of a page, as it is and when it is expanded. Writers make pages of 1 MiB, and
	// dictionaries of a few.
	maxPage = 256 << 20
	// maxPageValues is the most values of a page; of nulls many fit into a few bytes.
	maxPageValues = 64 << 20
)

// guardFooter looks through the footer of a file.
func guardFooter(r io.ReaderAt, size int64) error {
	var end [8]byte
	if size < 12 {
		return errors.New("it has less than 12 bytes")
	}
	if err := readFull(r, end[:], size-8); err != nil {
		return err
	}
	switch magic := string(end[4:]); magic {
	case "PAR1":
	case "PARE":
		return errors.New("it is encrypted, and there is no key")
	default:
		return fmt.Errorf("it ends with %q, and not with %q", magic, "PAR1")
	}
	length := int64(binary.LittleEndian.Uint32(end[:]))
	if length > size-12 || length > maxFooter {
		return fmt.Errorf("its footer is to have %d bytes, and the file has %d; the most is %d", length, size, maxFooter)
	}
	footer := make([]byte, length)
	if err := readFull(r, footer, size-8-length); err != nil {
		return err
	}
	s := thriftScan{b: footer, items: maxItems}
	if err := s.structure(maxDepth, 0); err != nil {
		return fmt.Errorf("its footer: %w", err)
	}
	return nil
}

// guardPages looks through the pages of a column chunk: their headers, and how long they are when x has
// expanded them. ErrUnread: its codec.
func guardPages(r io.ReaderAt, size int64, m *format.ColumnMetaData, x *expander) error {
	// parquet-go (v0.32.0) expands some blocks of LZ4 to the wrong bytes without an error, and for those that
	// are damaged it asks for twice the memory again and again.
	switch m.Codec {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Brotli, format.Zstd:
	default:
		return fmt.Errorf("%w: it is compressed with %s; write the file with Snappy, Zstandard or Gzip", ErrUnread, m.Codec)
	}
	at := m.DataPageOffset
	if d := m.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	end := at + m.TotalCompressedSize
	if at < 4 || m.TotalCompressedSize < 0 || end < at || end > size {
		return fmt.Errorf("its pages are to be the bytes %d to %d, and the file has %d", at, end, size)
	}
	window := make([]byte, 4<<10)
	for at < end {
		header, h, err := pageHeader(r, &window, at, end)
		if err != nil {
			return fmt.Errorf("the header of the page at byte %d: %w", at, err)
		}
		if h.compressed < 0 || h.expanded < 0 || h.values < 0 || h.levels < 0 || h.levels > min(h.compressed, h.expanded) || h.compressed > end-at-header || h.expanded > maxPage || h.compressed > maxPage || h.values > maxPageValues {
			return fmt.Errorf("the page at byte %d is to have %d bytes, expanded %d, and %d values: there are %d bytes, and the most is %d, expanded %d, and %d values",
				at, h.compressed, h.expanded, h.values, end-at-header, maxPage, maxPage, maxPageValues)
		}
		if err := x.check(io.NewSectionReader(r, at+header+h.levels, h.compressed-h.levels), h.codec(m.Codec), h.expanded-h.levels); err != nil {
			return fmt.Errorf("the page at byte %d: %w", at, err)
		}
		at += header + h.compressed
	}
	return nil
}

// A pageSize is what a page header says of its page.
type pageSize struct {
	expanded, compressed, values int64
	levels                       int64 // bytes at the beginning that are never compressed
	plain                        bool  // the others are not either
}

// codec is that of the page, in a column chunk of that codec.
func (h *pageSize) codec(of format.CompressionCodec) format.CompressionCodec {
	if h.plain {
		return format.Uncompressed
	}
	return of
}

// pageHeader reads the header of a page, in a window that grows if the header is long.
func pageHeader(r io.ReaderAt, window *[]byte, at, end int64) (length int64, h pageSize, err error) {
	for {
		w := (*window)[:min(int64(len(*window)), end-at)]
		if err := readFull(r, w, at); err != nil {
			return 0, h, err
		}
		h = pageSize{}
		s := thriftScan{b: w, items: maxItems, visit: func(parent, field int, v int64) {
			switch {
			case parent == 0 && field == 2:
				h.expanded = v
			case parent == 0 && field == 3:
				h.compressed = v
			case (parent == 5 || parent == 7 || parent == 8) && field == 1: // of a data page, a dictionary, a data page of version 2
				h.values = v
			case parent == 8 && (field == 5 || field == 6): // of a data page of version 2
				h.levels += v
			case parent == 8 && field == 7:
				h.plain = v == 0
			}
		}}
		err := s.structure(maxDepth, 0)
		if err == errThriftShort && int64(len(w)) < end-at && len(w) < maxPage/16 {
			*window = make([]byte, 16*len(*window))
			continue
		}
		return int64(s.at), h, err
	}
}

func readFull(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// A thriftScan goes through a structure in Thrift's compact protocol.
type thriftScan struct {
	b     []byte
	at    int
	items int // elements that lists may have still
	// visit is told the whole numbers of the structure (parent 0) and of those in it (parent is their field);
	// of what is true or false 1 or 0.
	visit func(parent, field int, v int64)
}

var (
	errThriftShort = errors.New("it ends too early")
	errThriftDeep  = errors.New("it is nested too deep")
	errThriftItems = errors.New("it has too many elements")
	errThriftType  = errors.New("it has a value of no type")
)

// The types of the compact protocol.
const (
	thriftTrue = iota + 1
	thriftFalse
	thriftByte
	thriftI16
	thriftI32
	thriftI64
	thriftDouble
	thriftBinary
	thriftList
	thriftSet
	thriftMap
	thriftStruct
	thriftUUID
)

// structure passes over a structure, which is the field parent of another.
func (s *thriftScan) structure(depth, parent int) error {
	if depth == 0 {
		return errThriftDeep
	}
	for field := 0; ; {
		head, err := s.byte()
		if err != nil || head == 0 {
			return err
		}
		if delta := int(head >> 4); delta != 0 {
			field += delta
		} else {
			n, err := s.number()
			if err != nil {
				return err
			}
			field = int(int16(n))
		}
		// Of a structure in a structure in this one nobody asks.
		below := field
		if parent != 0 {
			below = -1
		}
		if err := s.value(head&15, depth, func(v int64) {
			if s.visit != nil && parent >= 0 {
				s.visit(parent, field, v)
			}
		}, below); err != nil {
			return err
		}
	}
}

// value passes over a value of a field; a number is told, and 1 or 0 of true or false.
func (s *thriftScan) value(kind byte, depth int, told func(int64), field int) error {
	switch kind {
	case thriftTrue, thriftFalse:
		told(thriftFalse - int64(kind))
		return nil
	case thriftByte:
		return s.skip(1)
	case thriftI16, thriftI32, thriftI64:
		n, err := s.number()
		if err == nil {
			told(n)
		}
		return err
	case thriftDouble:
		return s.skip(8)
	case thriftUUID:
		return s.skip(16)
	case thriftBinary:
		n, err := s.varint()
		if err != nil {
			return err
		}
		return s.skip(n)
	case thriftList, thriftSet:
		return s.list(depth - 1)
	case thriftMap:
		return s.pairs(depth - 1)
	case thriftStruct:
		return s.structure(depth-1, field)
	}
	return errThriftType
}

func (s *thriftScan) list(depth int) error {
	head, err := s.byte()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = s.varint(); err != nil {
			return err
		}
	}
	return s.elements(n, depth, head&15)
}

func (s *thriftScan) pairs(depth int) error {
	n, err := s.varint()
	if err != nil || n == 0 {
		return err
	}
	kinds, err := s.byte()
	if err != nil {
		return err
	}
	return s.elements(n, depth, kinds>>4, kinds&15)
}

// elements passes over n times a value of each kind.
func (s *thriftScan) elements(n uint64, depth int, kinds ...byte) error {
	if depth <= 0 {
		return errThriftDeep
	}
	if n > uint64(s.items) {
		return errThriftItems
	}
	s.items -= int(n)
	for range n {
		for _, kind := range kinds {
			var err error
			if kind == thriftTrue || kind == thriftFalse {
				err = s.skip(1) // an element has a byte, where a field has none
			} else {
				err = s.value(kind, depth, func(int64) {}, -1)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *thriftScan) byte() (byte, error) {
	if s.at >= len(s.b) {
		return 0, errThriftShort
	}
	s.at++
	return s.b[s.at-1], nil
}

func (s *thriftScan) skip(n uint64) error {
	if n > uint64(len(s.b)-s.at) {
		return errThriftShort
	}
	s.at += int(n)
	return nil
}

func (s *thriftScan) varint() (uint64, error) {
	v, n := binary.Uvarint(s.b[s.at:])
	if n <= 0 {
		return 0, errThriftShort
	}
	s.at += n
	return v, nil
}

// number reads a zigzag varint.
func (s *thriftScan) number() (int64, error) {
	v, err := s.varint()
	return int64(v>>1) ^ -int64(v&1), err
}
