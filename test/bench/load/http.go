package load

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// HTTP is the Frame of HTTP/1.1 answers with a Content-Length or in chunks.
func HTTP(b []byte) (a Answer, size int, err error) {
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < 0 {
		return a, 0, nil
	}
	head, rest := b[:end], b[end+4:]
	line, fields, _ := bytes.Cut(head, []byte("\r\n"))
	if len(line) < len("HTTP/1.1 200") || !bytes.HasPrefix(line, []byte("HTTP/1.")) {
		return a, 0, fmt.Errorf("not HTTP/1: %.40q", line)
	}
	if a.Status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return a, 0, fmt.Errorf("not HTTP/1: %.40q", line)
	}
	length, chunked, err := lengthOf(fields)
	switch {
	case err != nil:
		return a, 0, err
	case chunked:
		body, n, err := readChunks(rest)
		if n == 0 {
			return a, 0, err
		}
		a.Body = body
		return a, end + 4 + n, nil
	case length < 0 && a.Status != 204 && a.Status != 304:
		return a, 0, fmt.Errorf("an answer of status %d that does not say how long it is", a.Status)
	case len(rest) < length:
		return a, 0, nil
	}
	length = max(length, 0)
	a.Body = rest[:length]
	return a, end + 4 + length, nil
}

// lengthOf reads how long a body is, -1 if the fields do not say.
func lengthOf(fields []byte) (length int, chunked bool, err error) {
	length = -1
	for len(fields) > 0 {
		var field []byte
		field, fields, _ = bytes.Cut(fields, []byte("\r\n"))
		name, value, _ := bytes.Cut(field, []byte(":"))
		switch {
		case len(name) == len("Content-Length") && bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil || length < 0 {
				return 0, false, fmt.Errorf("Content-Length %q", value)
			}
		case len(name) == len("Transfer-Encoding") && bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = bytes.EqualFold(bytes.TrimSpace(value), []byte("chunked"))
		}
	}
	return length, chunked, nil
}

// readChunks reads a body in chunks up to its end, and says how many bytes that were: 0 if more must come. Trailers
// are not expected.
func readChunks(b []byte) (body []byte, n int, err error) {
	for {
		line, rest, whole := bytes.Cut(b[n:], []byte("\r\n"))
		if !whole {
			return nil, 0, nil
		}
		digits, _, _ := bytes.Cut(line, []byte(";"))
		size, err := strconv.ParseUint(string(digits), 16, 31)
		if err != nil {
			return nil, 0, fmt.Errorf("the size of a chunk is %.20q", digits)
		}
		if len(rest) < int(size)+2 {
			return nil, 0, nil
		}
		if rest[size] != '\r' || rest[size+1] != '\n' {
			return nil, 0, errors.New("a chunk does not end where it said")
		}
		body = append(body, rest[:size]...)
		n += len(line) + 2 + int(size) + 2
		if size == 0 {
			return body, n, nil
		}
	}
}
