package ingest

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
)

const (
	newestBlock = 1 << 20 // bytes of rows that are asked of the memory at a time
	newestAlign = 8
	newestHead  = 4 // the room of a slot, before its row
)

// A newest keeps the newest row of each identifier, as many as fit into size bytes. A row has a slot, in which a newer
// one of its identifier mostly fits too. It is for one goroutine.
type newest struct {
	size   int
	seed   maphash.Seed
	table  []newestEntry // open addressing; a power of two
	count  int
	blocks [][]byte // of slots
	free   [][]byte // blocks without any
	used   int      // bytes of all blocks
}

// An entry is where a row is; place 0 is none.
type newestEntry struct {
	hash  uint32
	place uint32 // 1 + block × newestBlock/newestAlign + offset/newestAlign
}

func newNewest(size int) *newest {
	return &newest{size: size, seed: maphash.MakeSeed()}
}

// full tells whether the rows must be taken out before the next add.
func (n *newest) full() bool { return n.used+16*n.count >= n.size }

// add takes a row unless a newer one of its identifier is there. It keeps no part of r.
func (n *newest) add(r row) {
	if 4*(n.count+1) > 3*len(n.table) {
		n.grow()
	}
	id := r.id()
	hash := uint32(maphash.Bytes(n.seed, id))
	mask := uint32(len(n.table) - 1)
	i := hash & mask
	for ; n.table[i].place != 0; i = (i + 1) & mask {
		if n.table[i].hash != hash {
			continue
		}
		slot := n.slot(n.table[i].place)
		held := rowAt(slot, newestHead)
		if !bytes.Equal(held.id(), id) {
			continue
		}
		switch {
		case byTime(r, held) < 0:
		case len(r) <= int(binary.LittleEndian.Uint32(slot)):
			copy(slot[newestHead:], r)
		default:
			n.table[i].place = n.store(r)
		}
		return
	}
	n.table[i] = newestEntry{hash, n.store(r)}
	n.count++
}

func (n *newest) slot(place uint32) []byte {
	const perBlock = newestBlock / newestAlign
	return n.blocks[(place-1)/perBlock][(place-1)%perBlock*newestAlign:]
}

// store puts a row into a slot of its own.
func (n *newest) store(r row) (place uint32) {
	size := (newestHead + len(r) + newestAlign - 1) / newestAlign * newestAlign
	last := len(n.blocks) - 1
	if last < 0 || cap(n.blocks[last])-len(n.blocks[last]) < size {
		n.blocks = append(n.blocks, n.block(size))
		last++
	}
	b := n.blocks[last]
	at := len(b)
	n.blocks[last] = append(binary.LittleEndian.AppendUint32(b, uint32(size-newestHead)), r...)[:at+size]
	n.used += size
	return uint32(1 + last*(newestBlock/newestAlign) + at/newestAlign)
}

func (n *newest) block(size int) []byte {
	if last := len(n.free) - 1; last >= 0 && size <= newestBlock {
		b := n.free[last]
		n.free = n.free[:last]
		return b
	}
	return make([]byte, 0, max(size, newestBlock))
}

func (n *newest) grow() {
	old := n.table
	n.table = make([]newestEntry, max(1024, 2*len(old)))
	mask := uint32(len(n.table) - 1)
	for _, e := range old {
		if e.place == 0 {
			continue
		}
		i := e.hash & mask
		for n.table[i].place != 0 {
			i = (i + 1) & mask
		}
		n.table[i] = e
	}
}

// sorted returns the rows by identifier, and what all identifiers begin with. They are good until the next add
// or reset.
func (n *newest) sorted() (rows source, common []byte) {
	refs := make([]ref, 0, n.count)
	for _, e := range n.table {
		if e.place != 0 {
			refs = append(refs, ref{at: e.place})
		}
	}
	at := func(r ref) row { return rowAt(n.slot(r.at), newestHead) }
	refs, _, common = sortRefs(refs, nil, at, byID)
	return func(yield func(row) error) error {
		for _, r := range refs {
			if err := yield(at(r)); err != nil {
				return err
			}
		}
		return nil
	}, common
}

// reset forgets all rows, and keeps the memory.
func (n *newest) reset() {
	clear(n.table)
	n.count, n.used = 0, 0
	for _, b := range n.blocks {
		if cap(b) == newestBlock {
			n.free = append(n.free, b[:0])
		}
	}
	n.blocks = n.blocks[:0]
}
