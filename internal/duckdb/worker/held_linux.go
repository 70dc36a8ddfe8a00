package worker

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// held returns how many bytes of memory the process holds for itself alone, 0 if that cannot
// be told, and how many bytes it read to know.
func held() (held, size int64) {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, 0
	}
	size = int64(len(b))
	fields := bytes.Fields(b) // in pages: size, resident, of that shared with files, …
	if len(fields) < 3 {
		return 0, size
	}
	resident, err1 := strconv.ParseInt(string(fields[1]), 10, 64)
	shared, err2 := strconv.ParseInt(string(fields[2]), 10, 64)
	if err1 != nil || err2 != nil {
		return 0, size
	}
	return (resident - shared) * int64(os.Getpagesize()), size
}

// processIO returns how many bytes the process has read and written with system calls, of and to whatever, and how
// many bytes it reads to know that, which are not among them.
func processIO() (read, written, size int64, ok bool) {
	b, err := os.ReadFile("/proc/self/io")
	if err != nil {
		return 0, 0, 0, false
	}
	n, err := fmt.Sscanf(string(b), "rchar: %d\nwchar: %d\n", &read, &written)
	return read, written, int64(len(b)), err == nil && n == 2
}
