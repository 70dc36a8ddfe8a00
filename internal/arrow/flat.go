package arrow

import "encoding/binary"

// A flat walks the FlatBuffers of one message's head. What points out of it is noted in bad and reads as absent, so
// that a walk goes on and its caller asks once.
type flat struct {
	b   []byte
	bad bool
}

// A flatTable is one table of a flat; at 0 is none.
type flatTable struct {
	f  *flat
	at int
}

// room tells whether n bytes are at a place.
func (f *flat) room(at, n int) bool {
	if at < 0 || n < 0 || at > len(f.b) || len(f.b)-at < n {
		f.bad = true
		return false
	}
	return true
}

func (f *flat) u16(at int) int {
	if !f.room(at, 2) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(f.b[at:]))
}

func (f *flat) u32(at int) int {
	if !f.room(at, 4) {
		return 0
	}
	return int(binary.LittleEndian.Uint32(f.b[at:]))
}

func (f *flat) i64(at int) int64 {
	if !f.room(at, 8) {
		return 0
	}
	return int64(binary.LittleEndian.Uint64(f.b[at:]))
}

// root is the table that everything hangs from.
func (f *flat) root() flatTable { return flatTable{f, f.u32(0)} }

// slot returns the place of a member, 0 if it is not there.
func (t flatTable) slot(n int) int {
	if t.at == 0 {
		return 0
	}
	members := t.at - int(int32(t.f.u32(t.at)))
	if 4+2*n+2 > t.f.u16(members) {
		return 0
	}
	if offset := t.f.u16(members + 4 + 2*n); offset != 0 {
		return t.at + offset
	}
	return 0
}

// table returns a member that is a table. Offsets lead forward only, so no walk goes in circles.
func (t flatTable) table(n int) flatTable {
	if at := t.slot(n); at != 0 {
		return flatTable{t.f, t.f.forward(at)}
	}
	return flatTable{t.f, 0}
}

// forward follows the offset at a place.
func (f *flat) forward(at int) int {
	offset := f.u32(at)
	if offset == 0 {
		f.bad = true
		return 0
	}
	return at + offset
}

// vector returns where the elements of a member are, and how many, each of so many bytes.
func (t flatTable) vector(n, size int) (at, count int) {
	at = t.slot(n)
	if at == 0 {
		return 0, 0
	}
	at = t.f.forward(at)
	count = t.f.u32(at)
	if !t.f.room(at+4, count*size) {
		return 0, 0
	}
	return at + 4, count
}

// maxName is the longest name of a column that is read: many columns may have the same one.
const maxName = 1 << 10

func (t flatTable) text(n int) string {
	at, count := t.vector(n, 1)
	if count > maxName {
		t.f.bad = true
		return ""
	}
	return string(t.f.b[at : at+count])
}

func (t flatTable) byte(n int) int {
	at := t.slot(n)
	if at == 0 || !t.f.room(at, 1) {
		return 0
	}
	return int(t.f.b[at])
}

func (t flatTable) int16(n, absent int) int {
	if at := t.slot(n); at != 0 {
		return int(int16(t.f.u16(at)))
	}
	return absent
}

func (t flatTable) int32(n, absent int) int {
	if at := t.slot(n); at != 0 {
		return int(int32(t.f.u32(at)))
	}
	return absent
}

func (t flatTable) int64(n int) int64 {
	if at := t.slot(n); at != 0 {
		return t.f.i64(at)
	}
	return 0
}
