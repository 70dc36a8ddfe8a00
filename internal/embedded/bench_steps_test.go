package embedded

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/larder-dev/larder/internal/feature"
)

// BenchmarkDoAll puts 25 records a call, drawn from 100,000 that are held. Flushes trim the journal as a server's do.
func BenchmarkDoAll(b *testing.B) {
	s, g := onDiskWith(b, Options{Cache: 512 << 20})
	fillRecords(b, s, g, 100_000)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range 16 {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				steps := make([]feature.Step, 25)
				for i := range steps {
					r := benchRecord(fmt.Sprint(rand.IntN(100_000)), n)
					steps[i] = feature.Step{Group: g, ID: r.ID, Decide: func(held *feature.Record) (feature.Decision, error) {
						return feature.DecidePut(g, held, r, feature.OnlineStore|feature.OfflineStore, noon), nil
					}}
				}
				if err := errors.Join(s.Records().DoAll(context.Background(), steps)...); err != nil {
					b.Error(err)
				}
				if n%2_000 == 0 {
					if err := s.Offline().CommitFlush(context.Background(), g.ID, s.clock.settled(), nil); err != nil {
						b.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(25*b.N)/b.Elapsed().Seconds(), "records/s")
}
