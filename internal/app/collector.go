package app

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// percent of what is live, and of the floor, may be garbage before it is collected.
	percent = 50
	// mostFloor is the floor: of a small machine's memory it is a sixteenth.
	mostFloor = 192 << 20
	// collectorBeat is how often the collector looks whether the server is at rest.
	collectorBeat = time.Second
	// restBeats at rest, and memory is given back.
	restBeats = 3
	// restBytes are the most that a beat at rest allocates, worthBytes the least that is worth a collection then.
	restBytes, worthBytes = 1 << 20, 16 << 20
)

// A collector says when the runtime collects garbage: seldom while requests are answered, and once they are over so
// that idle memory is given back (docs/decisions/garbage.md). There is one of it in a process.
type collector struct {
	floor   []byte // never written, so it takes no memory; the runtime takes it for live
	percent int    // of before, as limit is
	limit   int64  // 0: both are left as they were
	rest    rest
}

// newCollector returns a collector for a machine of so much memory. It does nothing where the environment says how the
// runtime collects: who sets that has thought about it.
func newCollector(getenv func(string) string, memory int64) *collector {
	c := &collector{}
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return c
	}
	c.floor = make([]byte, min(mostFloor, memory/16))
	c.percent = debug.SetGCPercent(percent)
	// Half of the machine is for queries and for all others. Near the limit the collector works more, and the heap does
	// not double.
	c.limit = debug.SetMemoryLimit(memory/2 + int64(len(c.floor)))
	return c
}

// run gives memory back whenever the server has come to rest, until ctx ends. Then the runtime is as it was.
func (c *collector) run(ctx context.Context) {
	c.rest.allocated = readHeap().allocated
	tick := time.NewTicker(collectorBeat)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
			if c.rest.over(readHeap()) {
				debug.FreeOSMemory()
			}
		}
	}
	if c.limit != 0 {
		debug.SetGCPercent(c.percent)
		debug.SetMemoryLimit(c.limit)
	}
	runtime.KeepAlive(c.floor)
}

// A heap is what the runtime says of its memory, in bytes.
type heap struct {
	allocated uint64 // since the process began
	spare     uint64 // what a collection now could give back: garbage, and what is free
}

func readHeap() heap {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	h := heap{allocated: s[0].Value.Uint64(), spare: s[2].Value.Uint64()}
	if objects, live := s[1].Value.Uint64(), s[3].Value.Uint64(); objects > live {
		h.spare += objects - live
	}
	return h
}

// A rest is how long the server has been at rest.
type rest struct {
	allocated uint64 // at the last beat
	beats     int
}

// over tells at a beat that the server has been at rest so long that a collection disturbs nobody, and is worth it.
func (r *rest) over(now heap) bool {
	busy := now.allocated-r.allocated > restBytes
	r.allocated = now.allocated
	if busy {
		r.beats = 0
		return false
	}
	r.beats++
	return r.beats >= restBeats && now.spare >= worthBytes
}
