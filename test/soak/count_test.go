package soak

import (
	"context"
	"flag"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var (
	puts = flag.Int64("puts", 500, "TestCountIsNeverShort: after how many acknowledged puts SQL is asked to count")
	seed = flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the rows")
)

// TestCountIsNeverShort puts, waits for the acknowledgement, and asks SQL for count(*), for each of
// -puts puts of eight writers. Every answer must have all that any writer was told yes to before the
// statement was submitted, and nothing that was not sent. Two more writers load the same group with
// batches meanwhile; rows go into files several times a second, and the files are merged.
func TestCountIsNeverShort(t *testing.T) {
	t.Logf("seed %d", *seed)
	w := newWorld(t, 1, 5*time.Minute, "--flush-age", "300ms")
	g := w.groups[0]
	loading, stop := context.WithCancel(t.Context())
	var load, counted sync.WaitGroup
	for i := range uint64(2) {
		load.Go(func() { w.load(loading, t, g, rand.New(rand.NewPCG(*seed, 100+i))) })
	}
	var next, asked atomic.Int64
	began := time.Now()
	for i := range uint64(8) {
		counted.Go(func() {
			rng := rand.New(rand.NewPCG(*seed, i))
			for next.Add(1) <= *puts && t.Context().Err() == nil {
				if _, err := w.put(t.Context(), g, rng); err != nil {
					t.Error(err)
					return
				}
				if _, err := w.counts(t.Context(), g); err != nil {
					t.Error(err)
					return
				}
				if n := asked.Add(1); n%1000 == 0 {
					t.Logf("%5s: %d counts, none short; %d rows", time.Since(began).Round(time.Second), n, g.acked.Load())
				}
			}
		})
	}
	counted.Wait()
	took := time.Since(began)
	stop()
	load.Wait()
	if asked.Load() != *puts {
		t.Errorf("%d puts were followed by a count, of %d", asked.Load(), *puts)
	}
	w.complete(t, g)
	t.Logf("%d counts after as many acknowledged puts, none short, none over; %d rows in the end; %s, %.0f counts a second",
		asked.Load(), g.acked.Load(), took.Round(time.Millisecond), float64(asked.Load())/took.Seconds())
	if err := w.server.Stop(); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
}

// load writes batches of ten rows, ten a second, until ctx ends.
func (w *world) load(ctx context.Context, t *testing.T, g *group, rng *rand.Rand) {
	beat := time.NewTicker(100 * time.Millisecond)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		}
		// What has begun is finished, so that every row that was sent is known to be there or not.
		if _, err := w.putBatch(context.WithoutCancel(ctx), g, rng, 10); err != nil {
			t.Error(err)
			return
		}
	}
}
