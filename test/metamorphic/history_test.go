package metamorphic

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/larder-dev/larder/test/wiretest"
)

// roundSteps is how long a history is: long enough for groups to come and go, tables to grow and
// records to expire, short enough to be repeated.
const roundSteps = 20_000

// settingOf is how the server of a round is started: some know extensions, and rows go into files
// soon, late or never.
func settingOf(t *testing.T, seed uint64) setting {
	ages := []time.Duration{500 * time.Millisecond, 5 * time.Second, time.Minute, 1000 * time.Hour}
	return setting{dir: t.TempDir(), larder: wiretest.Binary(t), extensions: seed%3 == 0, flushAge: ages[seed/3%4]}
}

func TestRandomHistoriesAgreeWithTheModel(t *testing.T) {
	var mu sync.Mutex // guards the sums
	requests, queries, rows, kinds := 0, 0, 0, map[string]int{}
	rounds(t, roundSteps, func(seed uint64, ops int) (int, bool) {
		s := settingOf(t, seed)
		history := generate(seed, ops, s.extensions)
		x, err := trial(context.Background(), s, history, false)
		if x != nil {
			mu.Lock()
			defer mu.Unlock()
			requests, queries, rows = requests+x.requests, queries+x.queries, rows+x.rows
			for kind, n := range x.kinds {
				kinds[kind] += n
			}
		}
		var d *disagreement
		switch {
		case errors.As(err, &d):
			t.Errorf("seed %d: %v\nagain: %s", seed, err, replay(t, seed, ops))
			short, found := shrink(context.Background(), s, history, d, 2*time.Minute)
			t.Logf("the shortest history that was found has %d steps, and ends with %v\n%s", len(short), found, tell(short[max(0, len(short)-40):]))
			report(t, t.Name()+".txt", func(path string) error {
				return os.WriteFile(path, []byte(replay(t, seed, ops)+"\n"+found.Error()+"\n"+tell(short)), 0o644)
			})
		case err != nil:
			t.Errorf("seed %d: %v\nagain: %s", seed, err, replay(t, seed, ops))
		}
		return ops, err == nil
	})
	t.Logf("%d requests, %d SQL comparisons of %d rows; %v", requests, queries, rows, kinds)
}
