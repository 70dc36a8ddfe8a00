package app

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

func TestMemoryIsGivenBackAtRestOnlyAndOnlyIfItIsWorthIt(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		name  string
		beats []heap
		want  []bool
	}{
		{"the first beat has everything that a start allocated", []heap{{50 * mib, 90 * mib}}, []bool{false}},
		{"rest", []heap{{50 * mib, 90 * mib}, {50 * mib, 90 * mib}, {50 * mib, 90 * mib}, {51 * mib, 90 * mib}}, []bool{false, false, false, true}},
		{"a request in between begins anew", []heap{{0, 90 * mib}, {0, 90 * mib}, {2 * mib, 90 * mib}, {2 * mib, 90 * mib}, {2 * mib, 90 * mib}, {2 * mib, 90 * mib}}, []bool{false, false, false, false, false, true}},
		{"nothing to give", []heap{{}, {}, {}, {0, mib}, {0, 15 * mib}, {0, 16 * mib}}, []bool{false, false, false, false, false, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rest{}
			for i, h := range c.beats {
				if i == 0 && h.allocated == 0 {
					r.over(heap{allocated: 9 << 40}) // far from what follows: not at rest
				}
				if got := r.over(h); got != c.want[i] {
					t.Errorf("beat %d: %v", i, got)
				}
			}
		})
	}
}

// goal is how large the heap may be before it is collected, in bytes.
func goal() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

func TestACollectorLetsGarbageLieWhileItRuns(t *testing.T) {
	runtime.GC()
	before, limit := goal(), debug.SetMemoryLimit(-1)
	c := newCollector(func(string) string { return "" }, 32*mostFloor)
	runtime.GC()
	if now := goal(); now < mostFloor*3/2 || now > mostFloor*3/2+before {
		t.Errorf("the heap is collected at %d bytes, without the collector at %d; the floor and half of it are %d", now, before, mostFloor*3/2)
	}
	if now := debug.SetMemoryLimit(-1); now != 17*mostFloor {
		t.Errorf("the limit is %d bytes; half of the machine and the floor are %d", now, 17*mostFloor)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c.run(ctx)
	c = nil
	runtime.GC()
	runtime.GC() // its pages are swept
	if now := goal(); now >= mostFloor {
		t.Errorf("after it the heap is collected at %d bytes, before it at %d", now, before)
	}
	if now := debug.SetMemoryLimit(-1); now != limit {
		t.Errorf("after it the limit is %d bytes, before it %d", now, limit)
	}
}

func TestASmallMachineHasASmallFloor(t *testing.T) {
	c := newCollector(func(string) string { return "" }, 512<<20)
	defer debug.SetMemoryLimit(c.limit)
	defer debug.SetGCPercent(c.percent)
	if len(c.floor) != 32<<20 {
		t.Errorf("%d bytes", len(c.floor))
	}
}

func TestWhoSetsTheRuntimesVariablesHasDecided(t *testing.T) {
	limit := debug.SetMemoryLimit(-1)
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		c := newCollector(func(asked string) string { return map[string]string{name: "100"}[asked] }, 32*mostFloor)
		if c.floor != nil || debug.SetMemoryLimit(-1) != limit {
			t.Errorf("%s: a floor of %d bytes, a limit of %d", name, len(c.floor), debug.SetMemoryLimit(-1))
		}
	}
}
