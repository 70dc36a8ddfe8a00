package bucket

import (
	"strconv"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// A Range is bytes of an object, first and last included.
type Range struct{ First, Last int64 }

// ParseRange reads a Range header against an object's size. ok is false if there is none to
// honour: no header, another unit, several ranges, or text that is no range, all of which RFC
// 9110 lets a server ignore. RangeUnsatisfied if it names no byte of the object.
func ParseRange(header string, size int64) (r Range, ok bool, err error) {
	spec, found := strings.CutPrefix(header, "bytes=")
	first, last, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !found || !dash || strings.Contains(spec, ",") {
		return Range{}, false, nil
	}
	if first == "" { // the last n bytes
		n, good := number(last)
		if !good {
			return Range{}, false, nil
		}
		if n == 0 || size == 0 {
			return Range{}, false, unsatisfied(header, size)
		}
		return Range{First: max(0, size-n), Last: size - 1}, true, nil
	}
	r.First, ok = number(first)
	r.Last = size - 1
	if last != "" && ok {
		var end int64
		end, ok = number(last)
		if ok && end < r.First {
			return Range{}, false, nil
		}
		r.Last = min(end, r.Last)
	}
	if !ok {
		return Range{}, false, nil
	}
	if r.First >= size {
		return Range{}, false, unsatisfied(header, size)
	}
	return r, true, nil
}

// number reads digits; what is beyond int64 is as far as there is.
func number(s string) (int64, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 1<<63 - 1, true
	}
	return n, true
}

func unsatisfied(header string, size int64) *Error {
	return failf(RangeUnsatisfied, feature.Invalid, "The requested range is not satisfiable: %s of %d bytes.", header, size)
}
