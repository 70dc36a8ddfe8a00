package query

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzCSVRoundTrip writes rows and reads them back. A value is a line of text; "\x00" is NULL,
// and fields of a row are parted by "\x01".
func FuzzCSVRoundTrip(f *testing.F) {
	f.Add("a\x01b\x02\x00\x01\x02\"\x01\"\"", 2)
	f.Add("\x00", 1)
	f.Add("", 1)
	f.Add("\n,\"\r\n\x02x\"y", 1)
	f.Fuzz(func(t *testing.T, text string, columns int) {
		if columns < 1 || columns > 20 {
			return
		}
		var rows [][]*string
		for line := range strings.SplitSeq(text, "\x02") {
			row := make([]*string, columns)
			for i, field := range strings.SplitN(line, "\x01", columns) {
				if field != "\x00" {
					row[i] = &field
				}
			}
			rows = append(rows, row)
		}
		var b bytes.Buffer
		w := newCSVWriter(&b)
		if err := errors.Join(w.rows(rows), w.flush()); err != nil {
			t.Fatal(err)
		}
		size := int64(b.Len())
		r := newCSVReader(&b)
		var got [][]*string
		for {
			row, err := r.row()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, row)
		}
		if diff := cmp.Diff(rows, got); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
		if r.read != size {
			t.Errorf("read %d of %d bytes", r.read, size)
		}
	})
}

func TestCSVReaderTakesWhatOthersWrite(t *testing.T) {
	a, b, empty := "a", "b\nc", ""
	tests := []struct {
		name, text string
		want       [][]*string
	}{
		{"no quotes", "a,\n", [][]*string{{&a, nil}}},
		{"no last newline", "a,\"\"", [][]*string{{&a, &empty}}},
		{"newline inside", "\"b\nc\"\n\"a\"\n", [][]*string{{&b}, {&a}}},
		{"nothing", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newCSVReader(strings.NewReader(test.text))
			var got [][]*string
			row, err := r.row()
			for ; err == nil; row, err = r.row() {
				got = append(got, row)
			}
			if err != io.EOF {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := newCSVReader(strings.NewReader("\"a\n")).row(); err != io.ErrUnexpectedEOF {
		t.Errorf("a quote that is never closed: %v", err)
	}
}
