package load

import (
	"strings"
	"testing"
)

func TestFramesFindTheEndOfAnAnswer(t *testing.T) {
	for _, c := range []struct {
		name   string
		frame  Frame
		in     string
		status int
		body   string
	}{
		{"length", HTTP, "HTTP/1.1 200 OK\r\ncontent-length: 3\r\nX: y\r\n\r\nabc", 200, "abc"},
		{"no body", HTTP, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, ""},
		{"204", HTTP, "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
		{"error", HTTP, "HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno", 503, "no"},
		{"chunks", HTTP, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n", 200, "abc0123456789"},
		{"simple", RESP, "+OK\r\n", 200, "+OK\r\n"},
		{"refused", RESP, "-ERR no\r\n", 500, "-ERR no\r\n"},
		{"null", RESP, "$-1\r\n", 200, "$-1\r\n"},
		{"bulk", RESP, "$3\r\na\r\n\r\n", 200, "$3\r\na\r\n\r\n"},
		{"array", RESP, "*3\r\n$1\r\na\r\n$-1\r\n*1\r\n:7\r\n", 200, "*3\r\n$1\r\na\r\n$-1\r\n*1\r\n:7\r\n"},
		{"pipeline", Pipeline(2), "+OK\r\n$1\r\na\r\n", 200, "+OK\r\n$1\r\na\r\n"},
		{"pipeline refused", Pipeline(2), "-ERR no\r\n+OK\r\n", 500, "-ERR no\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i := range len(c.in) {
				if _, size, err := c.frame([]byte(c.in[:i])); size != 0 || err != nil {
					t.Fatalf("of %d bytes: %d, %v", i, size, err)
				}
			}
			a, size, err := c.frame([]byte(c.in + "more"))
			if err != nil || size != len(c.in) || a.Status != c.status || string(a.Body) != c.body {
				t.Errorf("%d %q, %d bytes of %d, %v", a.Status, a.Body, size, len(c.in), err)
			}
		})
	}
}

func TestFramesRefuseWhatIsOfAnotherProtocol(t *testing.T) {
	for _, c := range []struct {
		name  string
		frame Frame
		in    string
	}{
		{"RESP to HTTP", HTTP, "+OK\r\n\r\n"},
		{"no length", HTTP, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc"},
		{"a length that is none", HTTP, "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"},
		{"a chunk without a size", HTTP, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"},
		{"a chunk that is longer", HTTP, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabcd\r\n"},
		{"HTTP to RESP", RESP, "HTTP/1.1 200 OK\r\n"},
		{"an empty line", RESP, "\r\n"},
		{"a bulk without a length", RESP, "$x\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, size, err := c.frame([]byte(c.in)); err == nil {
				t.Errorf("taken, %d bytes", size)
			}
		})
	}
}

func FuzzFrames(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")
	f.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
	f.Add("*2\r\n$1\r\na\r\n-ERR\r\n")
	f.Fuzz(func(t *testing.T, in string) {
		for _, frame := range []Frame{HTTP, RESP, Pipeline(2)} {
			a, size, err := frame([]byte(in))
			if size < 0 || size > len(in) || len(a.Body) > len(in) || err != nil && size != 0 {
				t.Fatalf("%d bytes of %d, %v", size, len(in), err)
			}
			if size == 0 {
				continue
			}
			again, n, err := frame([]byte(in[:size]))
			if err != nil || n != size || again.Status != a.Status || string(again.Body) != string(a.Body) || !strings.HasPrefix(in, in[:size]) {
				t.Fatalf("the answer alone is another: %d bytes of %d, %v", n, size, err)
			}
		}
	})
}
