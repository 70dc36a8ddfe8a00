package scalar

import (
	"encoding/binary"
	"math"
	"math/big"
)

// checksumPrime is what a NULL adds to a checksum, and what the hash of another value is multiplied by.
const checksumPrime = 0x9E3779B185EBCA87

// checksumFunctions make Trino's checksum: the engine adds what the first give for each value, and the
// last makes bytes of the sum.
func checksumFunctions() []Function {
	ofNumber := func(n uint64) (int64, error) {
		return int64(xxhash64(binary.LittleEndian.AppendUint64(nil, n)) * checksumPrime), nil
	}
	return []Function{
		of1("larder_checksum_bigint", func(n int64) (int64, error) { return ofNumber(uint64(n)) }),
		of1("larder_checksum_double", func(f float64) (int64, error) {
			switch {
			case f == 0: // both zeros are one
				return ofNumber(0)
			case math.IsNaN(f):
				return ofNumber(0x7ff8000000000000)
			}
			return ofNumber(math.Float64bits(f))
		}),
		of1("larder_checksum_real", func(f float64) (int64, error) {
			switch {
			case f == 0:
				return ofNumber(0)
			case math.IsNaN(f):
				return ofNumber(0x7fc00000)
			}
			return ofNumber(uint64(int32(math.Float32bits(float32(f)))))
		}),
		of1("larder_checksum_blob", func(b []byte) (int64, error) { return int64(xxhash64(b) * checksumPrime), nil }),
		of1("larder_checksum", func(sum string) ([]byte, error) {
			n, ok := new(big.Int).SetString(sum, 10)
			if !ok {
				return nil, invalid("%s is no sum", sum)
			}
			n.And(n, new(big.Int).SetUint64(math.MaxUint64)) // as 64 bits overflow
			return binary.LittleEndian.AppendUint64(nil, n.Uint64()), nil
		}),
	}
}
