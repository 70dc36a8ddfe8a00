package bucket

// The CRC of two texts in a row follows from the CRC of each and the length of the second: to
// append a zero byte to a text is a linear map of its CRC (the polynomial arithmetic is over
// GF(2)), and n zero bytes are that map squared and multiplied log n times.

// crcPolynomial returns the reversed polynomial and the width of a CRC, width 0 for other
// algorithms.
func crcPolynomial(algorithm string) (poly uint64, width int) {
	switch algorithm {
	case CRC32:
		return 0xedb88320, 32
	case CRC32C:
		return 0x82f63b78, 32
	case CRC64NVME:
		return nvme, 64
	}
	return 0, 0
}

// matrix is a linear map of CRCs: element i is what bit i becomes.
type matrix [64]uint64

func (m *matrix) apply(v uint64) uint64 {
	sum := uint64(0)
	for i := 0; v != 0; i, v = i+1, v>>1 {
		if v&1 != 0 {
			sum ^= m[i]
		}
	}
	return sum
}

func (m *matrix) squared() *matrix {
	var s matrix
	for i := range m {
		s[i] = m.apply(m[i])
	}
	return &s
}

// combineCRC returns the CRC of a text whose first part has CRC first, and whose second, length
// bytes long, has CRC second.
func combineCRC(algorithm string, first, second uint64, length int64) uint64 {
	poly, width := crcPolynomial(algorithm)
	var zeros matrix // appends one zero bit
	zeros[0] = poly
	for i := 1; i < width; i++ {
		zeros[i] = 1 << (i - 1)
	}
	m := zeros.squared().squared().squared() // one zero byte
	for n := length; n > 0; n >>= 1 {
		if n&1 != 0 {
			first = m.apply(first)
		}
		m = m.squared()
	}
	return first ^ second
}
