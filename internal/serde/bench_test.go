package serde

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"
)

// BenchmarkRead reads a file of numbers and texts, with lines that end in \n or in \r alone, compressed or not.
func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&text, "%d,customer-%d,%d,%d.25,some more text of this row\n", i, i%1000, i*7919%65536, i%977)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := io.WriteString(z, text.String()); err != nil {
		b.Fatal(err)
	}
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
	columns := columnsOf(b, "n bigint; id string; m int; x double; s string")
	f, err := NewFormat(LazyClass, map[string]string{"field.delim": ","}, nil, columns)
	if err != nil {
		b.Fatal(err)
	}
	for _, file := range []struct{ name, content, compression string }{
		{"plain", text.String(), ""},
		{"carriage returns", strings.ReplaceAll(text.String(), "\n", "\r"), ""},
		{"gzip", zipped.String(), "gzip"},
	} {
		b.Run(file.name, func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			b.ReportAllocs()
			for b.Loop() {
				r, err := NewReader(f, columns, all(columns), strings.NewReader(file.content), "s3://b/k", file.compression)
				for err == nil {
					_, err = r.Next()
				}
				if err != io.EOF {
					b.Fatal(err)
				}
				r.Close()
			}
		})
	}
}
