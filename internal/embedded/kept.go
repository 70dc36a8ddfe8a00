package embedded

import (
	"hash/maphash"
	"sync"
)

// kept is what was read of the records, as it is stored, so that who reads a record again needs no table of the
// database (docs/decisions/kept-records.md). It forgets what was not read for longest, about. Nothing is removed when
// a record is written: a row says how often commits had been applied under its latch, and counts as long as that is so.
type kept struct {
	seed   maphash.Seed
	shards [64]keptShard
}

// A keptShard holds two generations. When the young one is full it becomes the old one, and what is read of the old
// one is young again; the rest goes with it.
type keptShard struct {
	mu         sync.Mutex // guards all
	young, old map[string]keptRow
	bytes      int64 // of young
	most       int64 // bytes of a generation; it is not changed
}

type keptRow struct {
	writes     uint64 // latch.writes when it was read
	key, value string
}

// size is what the row takes, about: in the map beside its key and value.
func (r *keptRow) size() int64 { return int64(len(r.key)+len(r.value)) + 128 }

// open has k keep about so many bytes, once so many were read.
func (k *kept) open(bytes int64) {
	k.seed = maphash.MakeSeed()
	for i := range k.shards {
		k.shards[i].most = bytes / int64(len(k.shards)) / 2
	}
}

func (k *kept) shard(key []byte) *keptShard {
	return &k.shards[maphash.Bytes(k.seed, key)%uint64(len(k.shards))]
}

// find returns what was read of a key, if its latch had the same writes then.
func (k *kept) find(key []byte, writes uint64) (string, bool) {
	s := k.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	row, ok := s.young[string(key)]
	if !ok {
		if row, ok = s.old[string(key)]; ok && row.writes == writes {
			s.put(row)
		}
	}
	return row.value, ok && row.writes == writes
}

// put keeps what was read of a key while its latch had these writes, which are even: no commit was on its way.
func (k *kept) put(key []byte, writes uint64, value string) {
	s := k.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(keptRow{writes, string(key), value})
}

// put is called with mu held.
func (s *keptShard) put(row keptRow) {
	size := row.size()
	if size > s.most/8 {
		return // it would drive out too many others
	}
	if before, ok := s.young[row.key]; ok {
		s.bytes -= before.size()
	}
	if s.bytes += size; s.young == nil || s.bytes > s.most {
		s.old, s.young, s.bytes = s.young, map[string]keptRow{}, size
	}
	s.young[row.key] = row
}
