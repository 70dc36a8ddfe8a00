package load

import (
	"bytes"
	"fmt"
	"strconv"
)

// RESP is the Frame of a Redis server's replies (RESP2). An error reply has status 500, any other 200. The body is the
// reply as it came; that of an error is its text.
func RESP(b []byte) (a Answer, size int, err error) {
	return Pipeline(1)(b)
}

// Pipeline is the Frame of n replies to a request of n commands. It is an error if one of them is.
func Pipeline(n int) Frame {
	return func(b []byte) (a Answer, size int, err error) {
		a.Status = 200
		for range n {
			length, bad, err := reply(b[size:])
			if length == 0 || err != nil {
				return a, 0, err
			}
			if bad {
				a.Status, a.Body = 500, b[size:size+length]
			}
			size += length
		}
		if a.Status == 200 {
			a.Body = b[:size]
		}
		return a, size, nil
	}
}

// reply measures the reply at the beginning of b: 0 if more must come.
func reply(b []byte) (size int, bad bool, err error) {
	line, _, whole := bytes.Cut(b, []byte("\r\n"))
	if !whole {
		return 0, false, nil
	}
	if len(line) == 0 {
		return 0, false, fmt.Errorf("not RESP: an empty line")
	}
	size = len(line) + 2
	switch line[0] {
	case '+', ':':
		return size, false, nil
	case '-':
		return size, true, nil
	case '$', '*':
	default:
		return 0, false, fmt.Errorf("not RESP: %.40q", line)
	}
	n, err := strconv.Atoi(string(line[1:]))
	if err != nil || n < -1 {
		return 0, false, fmt.Errorf("not RESP: %.40q", line)
	}
	if line[0] == '$' {
		if n >= 0 {
			size += n + 2
		}
		if len(b) < size {
			return 0, false, nil
		}
		return size, false, nil
	}
	for range max(n, 0) {
		length, worse, err := reply(b[size:])
		if length == 0 || err != nil {
			return 0, false, err
		}
		size, bad = size+length, bad || worse
	}
	return size, bad, nil
}
