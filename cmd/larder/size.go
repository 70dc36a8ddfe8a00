package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A size is a number of bytes on the command line.
type size int64

// UnmarshalText reads 512MiB, 2GiB, 2GB or 1000000.
func (s *size) UnmarshalText(text []byte) error {
	number := strings.TrimRight(string(text), "KMGTiB")
	n, err := strconv.ParseFloat(number, 64)
	factor, ok := sizeUnits()[string(text[len(number):])]
	if err != nil || !ok || math.IsNaN(n) || n <= 0 || n*factor > math.MaxInt64/2 {
		return fmt.Errorf("%q is not a size: say 512MiB, or 2GiB", text)
	}
	*s = size(n * factor)
	return nil
}

func sizeUnits() map[string]float64 {
	return map[string]float64{
		"": 1, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
		"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
		"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40,
	}
}
