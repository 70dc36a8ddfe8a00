package scalar

import "math/bits"

// bitCount counts the bits of a number of so many bits.
func bitCount(n, width int64) (int64, error) {
	if width < 2 || width > 64 {
		return 0, invalid("Bits specified in bit_count must be between 2 and 64, got %d", width)
	}
	if width < 64 {
		least, most := int64(-1)<<(width-1), int64(1)<<(width-1)-1
		if n < least || n > most {
			return 0, invalid("Number must be representable with the bits specified. %d cannot be represented with %d bits", n, width)
		}
		return int64(bits.OnesCount64(uint64(n) & (1<<width - 1))), nil
	}
	return int64(bits.OnesCount64(uint64(n))), nil
}

// signed is the number that the lowest bits of n are.
func signed(n uint64, width int64) int64 { return int64(n<<(64-width)) >> (64 - width) }

func mask(width int64) uint64 { return ^uint64(0) >> (64 - width) }

func checkShift(shift int64) error {
	if shift < 0 {
		return invalid("Shift must be positive")
	}
	return nil
}

func shiftLeft(n, shift, width int64) (int64, error) {
	if shift >= width {
		shift = width
	}
	if err := checkShift(shift); err != nil {
		return 0, err
	}
	return signed(uint64(n)<<shift&mask(width), width), nil
}

func shiftRight(n, shift, width int64) (int64, error) {
	if err := checkShift(shift); err != nil {
		return 0, err
	}
	return signed(uint64(n)&mask(width)>>min(shift, width), width), nil
}

func shiftRightArithmetic(n, shift, width int64) (int64, error) {
	if err := checkShift(shift); err != nil {
		return 0, err
	}
	return n >> min(shift, 63), nil
}
