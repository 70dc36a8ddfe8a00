//go:build !linux

package worker

// held would return how much memory the process holds. Elsewhere than on Linux it cannot be had
// cheaply, and DuckDB's own limit stands alone.
func held() (held, size int64) { return 0, 0 }

// processIO would count what the process reads and writes. Who asks takes the sizes of the files instead.
func processIO() (read, written, size int64, ok bool) { return 0, 0, 0, false }
