package metamorphic

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var (
	firstSeed  = flag.Uint64("seed", 0, "of the first round; 0: drawn")
	operations = flag.Int("ops", 20_000, "how many operations a test carries out, in rounds with a seed each")
	lanes      = flag.Int("lanes", 2, "how many rounds go on at a time")
	most       = flag.Duration("most", 45*time.Minute, "after which no round is begun")
)

// seedOf returns the seed of the first round.
func seedOf() uint64 {
	if *firstSeed != 0 {
		return *firstSeed
	}
	return uint64(time.Now().UnixNano()) % 1e9
}

// replay is the command that carries out one round again.
func replay(t *testing.T, seed uint64, ops int) string {
	return fmt.Sprintf("go test -tags pebblegozstd -count=1 ./test/metamorphic -run '^%s$' -seed %d -ops %d", t.Name(), seed, ops)
}

// report keeps a text or a page of a failure where it can be looked at after the run, and says where.
func report(t *testing.T, name string, write func(path string) error) {
	t.Helper()
	dir := filepath.Join("..", "..", ".cache", "metamorphic")
	err := os.MkdirAll(dir, 0o755)
	path := filepath.Join(dir, name)
	if err == nil {
		err = write(path)
	}
	if err != nil {
		t.Errorf("keep %s: %v", path, err)
		return
	}
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	t.Logf("see %s", path)
}

// rounds carries out rounds of at most so many operations, several at a time, until all operations are
// done, one has failed, or the time is over. round returns how many operations it carried out.
func rounds(t *testing.T, size int, round func(seed uint64, ops int) (done int, ok bool)) {
	t.Helper()
	seed, began := seedOf(), time.Now()
	t.Logf("seeds from %d on", seed)
	type result struct {
		done int
		ok   bool
	}
	results := make(chan result)
	asked, done, running, failed := 0, 0, 0, false
	for {
		for running < *lanes && asked < *operations && !failed && time.Since(began) < *most {
			ops := min(size, *operations-asked)
			asked += ops
			running++
			go func(seed uint64) {
				done, ok := round(seed, ops)
				results <- result{done, ok}
			}(seed)
			seed++
		}
		if running == 0 {
			break
		}
		r := <-results
		running--
		done += r.done
		failed = failed || !r.ok
	}
	took := time.Since(began)
	t.Logf("%d operations in %v, %.0f a second; seeds up to %d", done, took.Round(time.Second/10), float64(done)/took.Seconds(), seed-1)
	if !failed && done < *operations {
		t.Errorf("only %d of %d operations in %v", done, *operations, *most)
	}
}
