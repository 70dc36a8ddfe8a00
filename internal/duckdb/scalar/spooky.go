package scalar

import (
	"encoding/binary"
	"math/bits"
)

// spookyConst is what SpookyHash begins with where it has no seed.
const spookyConst = 0xdeadbeefdeadbeef

// spookyBlock is how many bytes SpookyHash mixes at a time; texts of less than two are mixed otherwise.
const spookyBlock = 96

// spooky is the first 64 bits of SpookyHash V2 with seeds of 0.
func spooky(b []byte) uint64 {
	if len(b) < 2*spookyBlock {
		return spookyShort(b)
	}
	var h [12]uint64
	for i := 2; i < 12; i += 3 {
		h[i] = spookyConst
	}
	for ; len(b) >= spookyBlock; b = b[spookyBlock:] {
		d := words(b)
		for i, turn := range [12]int{11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46} {
			h[i] += d[i]
			h[(i+2)%12] ^= h[(i+10)%12]
			h[(i+11)%12] ^= h[i]
			h[i] = bits.RotateLeft64(h[i], turn)
			h[(i+11)%12] += h[(i+1)%12]
		}
	}
	var rest [spookyBlock]byte
	copy(rest[:], b)
	rest[spookyBlock-1] = byte(len(b))
	for i, w := range words(rest[:]) {
		h[i] += w
	}
	for range 3 {
		for i, turn := range [12]int{44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54} {
			h[(i+11)%12] += h[(i+1)%12]
			h[(i+2)%12] ^= h[(i+11)%12]
			h[(i+1)%12] = bits.RotateLeft64(h[(i+1)%12], turn)
		}
	}
	return h[0]
}

// words are the twelve numbers of a block.
func words(b []byte) (d [12]uint64) {
	for i := range d {
		d[i] = binary.LittleEndian.Uint64(b[8*i:])
	}
	return d
}

func spookyShort(b []byte) uint64 {
	length := uint64(len(b))
	h := [4]uint64{0, 0, spookyConst, spookyConst}
	mix := func() {
		for i, turn := range [12]int{50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36} {
			x := (i + 2) % 4
			h[x] = bits.RotateLeft64(h[x], turn) + h[(x+1)%4]
			h[(x+2)%4] ^= h[x]
		}
	}
	for ; len(b) >= 32; b = b[32:] {
		h[2] += binary.LittleEndian.Uint64(b)
		h[3] += binary.LittleEndian.Uint64(b[8:])
		mix()
		h[0] += binary.LittleEndian.Uint64(b[16:])
		h[1] += binary.LittleEndian.Uint64(b[24:])
	}
	if len(b) >= 16 {
		h[2] += binary.LittleEndian.Uint64(b)
		h[3] += binary.LittleEndian.Uint64(b[8:])
		mix()
		b = b[16:]
	}
	h[3] += length << 56
	if len(b) == 0 {
		h[2] += spookyConst
		h[3] += spookyConst
	} else {
		var tail [16]byte
		copy(tail[:], b)
		h[2] += binary.LittleEndian.Uint64(tail[:])
		h[3] += binary.LittleEndian.Uint64(tail[8:])
	}
	for i, turn := range [11]int{15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63} {
		x := (i + 2) % 4
		h[(x+1)%4] ^= h[x]
		h[x] = bits.RotateLeft64(h[x], turn)
		h[(x+1)%4] += h[x]
	}
	return h[0]
}
