package parquet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/format"
)

// fileOf is a file with a footer.
func fileOf(footer []byte) []byte {
	b := append([]byte("PAR1"), footer...)
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(footer))), "PAR1"...)
}

func openBytes(b []byte) (*Reader, error) { return OpenReader(bytes.NewReader(b), int64(len(b))) }

// A reader that takes lengths and nesting at their word would ask for all memory, or call itself until the
// process ends.
func TestOpenReaderRefusesWhatWouldTakeAllMemory(t *testing.T) {
	tests := []struct {
		name string
		file []byte
		why  string
	}{
		{"lists in lists", fileOf(append([]byte{0xF9}, bytes.Repeat([]byte{0x19}, 1<<20)...)), "nested too deep"},
		{"structures in structures", fileOf(bytes.Repeat([]byte{0x1C}, 1<<20)), "nested too deep"},
		{"a list of two thousand million", fileOf(append([]byte{0x29, 0xFC}, binary.AppendUvarint(nil, math.MaxInt32)...)), "too many elements"},
		{"a list that is not there", fileOf(append([]byte{0x29, 0xFC}, binary.AppendUvarint(nil, 1<<20)...)), "ends too early"},
		{"a text that is not there", fileOf(append([]byte{0x68}, binary.AppendUvarint(nil, math.MaxInt32)...)), "ends too early"},
		{"a number without end", fileOf(append([]byte{0x16}, bytes.Repeat([]byte{0xFF}, 20)...)), "ends too early"},
		{"no type", fileOf([]byte{0x1E}), "no type"},
		{"a footer longer than the file", append([]byte("PAR1\x00"), "\xFF\xFF\xFF\x7FPAR1"...), "its footer is to have"},
		{"encrypted", append([]byte("PAR1"), "\x00\x00\x00\x00PARE"...), "encrypted"},
		{"the wrong end", []byte("PAR1 and no more"), "ends with"},
		{"nothing", nil, "less than 12 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := openBytes(tt.file); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), tt.why) {
				t.Errorf("OpenReader: %v, want ErrDamaged with %q", err, tt.why)
			}
		})
	}
}

func TestReadRefusesPagesThatWouldTakeAllMemory(t *testing.T) {
	columns := []Column{{Name: "n", Type: Int64}}
	var out bytes.Buffer
	w := NewWriter(&out, schemaOf(t, columns))
	var rows [][]any
	for i := range 1000 {
		rows = append(rows, []any{int64(i)})
	}
	write(t, w, rows)
	whole := out.Bytes()
	varint := func(n int64) []byte { return binary.AppendVarint(nil, n) }
	header := func(expanded, compressed, values int64) []byte {
		b := append([]byte{0x15, 0x00, 0x15}, varint(expanded)...)
		b = append(append(b, 0x15), varint(compressed)...)
		b = append(append(b, 0x2C, 0x15), varint(values)...) // the data page
		return append(b, 0, 0)
	}
	tests := map[string][]byte{
		"lists in lists":         bytes.Repeat([]byte{0x19}, 500),
		"a page without end":     header(1000, math.MaxInt32, 10),
		"expands without end":    header(math.MaxInt32, 100, 10),
		"values without end":     header(1000, 100, math.MaxInt32),
		"less than no bytes":     header(1000, -100, 10),
		"statistics longer than": append([]byte{0x15, 0, 0x15, 2, 0x15, 2, 0x2C, 0x5C, 0x18}, binary.AppendUvarint(nil, math.MaxInt32)...),
	}
	for name, first := range tests {
		t.Run(name, func(t *testing.T) {
			b := bytes.Clone(whole)
			copy(b[4:], first)
			r, err := openBytes(b)
			if err != nil {
				t.Fatal(err)
			}
			err = r.Read([]int{0}, 100, func(int, []*Vector) error { return nil })
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), `column "n" of row group 1: `) {
				t.Errorf("Read: %v, want ErrDamaged with the column and the row group", err)
			}
		})
	}
	r, err := openBytes(whole)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := r.Read([]int{0}, 100, func(rows int, _ []*Vector) error { n += rows; return nil }); err != nil || n != 1000 {
		t.Errorf("Read of the whole file: %d rows, %v", n, err)
	}
}

// A page may be as large as its header says, whatever its codec, its version and its levels, and no larger.
func TestReadRefusesPagesThatExpandToMoreThanTheySay(t *testing.T) {
	type row struct {
		N *int64   `parquet:"n,optional"`
		L []string `parquet:"l,list"`
	}
	var rows []row
	for i := range int64(1000) {
		r := row{L: []string{"a", strings.Repeat("b", 100)}[:i%3]}
		if i%5 > 0 {
			r.N = &i
		}
		rows = append(rows, r)
	}
	x := newExpander()
	defer x.close()
	for _, codec := range []compress.Codec{&parquet.Snappy, &parquet.Gzip, &parquet.Zstd, &parquet.Brotli, &parquet.Uncompressed} {
		for version := range 2 {
			t.Run(fmt.Sprintf("%s, version %d", codec, version+1), func(t *testing.T) {
				var out bytes.Buffer
				w := parquet.NewGenericWriter[row](&out, parquet.Compression(codec), parquet.DataPageVersion(version+1))
				if _, err := w.Write(rows); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				r, err := openBytes(out.Bytes())
				if err != nil {
					t.Fatal(err)
				}
				n := 0
				if err := r.Read([]int{0, 1}, 100, func(rows int, _ []*Vector) error { n += rows; return nil }); err != nil || n != len(rows) {
					t.Errorf("Read: %d rows, %v", n, err)
				}
			})
		}
		bomb, err := codec.Encode(nil, make([]byte, 64<<20))
		if err != nil {
			t.Fatal(err)
		}
		expands := x.check(bytes.NewReader(bomb), codec.CompressionCodec(), 64<<20-1)
		fits := x.check(bytes.NewReader(bomb), codec.CompressionCodec(), 64<<20)
		if (expands == nil) != (codec.CompressionCodec() == format.Uncompressed) || fits != nil {
			t.Errorf("%s: of a byte too much: %v; of as many as it says: %v", codec, expands, fits)
		}
		if err := x.check(bytes.NewReader([]byte("x")), codec.CompressionCodec(), 1<<10); err != nil {
			t.Errorf("%s: of what is damaged: %v; that is the library's to say", codec, err)
		}
	}
}

// A page may have several frames of Zstandard; each could say that it is as long as it likes, or look back so
// far, and have that much memory.
func TestReadRefusesPagesOfManyFrames(t *testing.T) {
	first, err := parquet.Zstd.Encode(nil, make([]byte, 1<<10))
	if err != nil {
		t.Fatal(err)
	}
	const runOfX = "\x23\x03\x00x" // the last block: 100 times x
	cases := []struct {
		name, frame string
		most        int64
		want        string
	}{
		{"16 GiB long", "\x28\xB5\x2F\xFD\xC0\x00\x00\x00\x00\x00\x04\x00\x00\x00" + runOfX, 1 << 20, "expands to more"},
		{"a window of 256 MiB", "\x28\xB5\x2F\xFD\x00\x90" + runOfX, 1 << 20, ""},
		{"as much as there may be", "\x28\xB5\x2F\xFD\x00\x00" + runOfX, 1<<10 + 100, ""},
		{"a byte more", "\x28\xB5\x2F\xFD\x00\x00" + runOfX, 1<<10 + 99, "expands to more"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			x := newExpander()
			defer x.close()
			err := x.check(io.MultiReader(bytes.NewReader(first), strings.NewReader(c.frame)), format.Zstd, c.most)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if len(x.page) > int(c.most) || cap(x.page) > 2<<20 {
				t.Errorf("%d bytes for a page of %d", cap(x.page), c.most)
			}
		})
	}
}

func BenchmarkExpand(b *testing.B) {
	page := make([]byte, 1<<20)
	for i := range page {
		page[i] = byte(i * i >> 7)
	}
	for _, codec := range []compress.Codec{&parquet.Snappy, &parquet.Gzip, &parquet.Zstd, &parquet.Brotli} {
		packed, err := codec.Encode(nil, page)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(codec.String(), func(b *testing.B) {
			x := newExpander()
			defer x.close()
			b.SetBytes(int64(len(page)))
			b.ReportAllocs()
			for b.Loop() {
				if err := x.check(bytes.NewReader(packed), codec.CompressionCodec(), int64(len(page))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// FuzzGuard holds that what the guard lets pass is read, or refused, without a fall.
func FuzzGuard(f *testing.F) {
	f.Add([]byte{0x15, 0x02, 0x19, 0x2C, 0x00, 0x00, 0x16, 0x00, 0x00})
	f.Add(bytes.Repeat([]byte{0x19}, 50))
	f.Fuzz(func(t *testing.T, footer []byte) {
		r, err := openBytes(fileOf(footer))
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("OpenReader: %v, want ErrDamaged", err)
			}
			return
		}
		var all []int
		for i := range r.Fields {
			if r.Fields[i].Kind != 0 {
				all = append(all, i)
			}
		}
		if err := r.Read(all, 100, func(int, []*Vector) error { return nil }); err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrUnread) {
			t.Errorf("Read: %v, want ErrDamaged", err)
		}
	})
}
