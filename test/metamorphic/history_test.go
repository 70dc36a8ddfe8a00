package metamorphic

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	tables "github.com/larder-dev/larder/internal/table"
	"github.com/larder-dev/larder/test/wiretest"
)

// roundSteps is how long a history is: long enough for groups to come and go, tables to grow and
// records to expire, short enough to be repeated.
const roundSteps = 20_000

// atOnce makes a run of a month as soon as it has two files, and again as soon as it has one more.
var atOnce = tables.Runs{Files: 2, Quiet: 1, Rest: 1, Slow: 1}

// settingOf is how the server of a round is started: some know extensions, rows go into files soon, late
// or never, and some read sorted runs of few files.
func settingOf(t *testing.T, seed uint64) setting {
	ages := []time.Duration{500 * time.Millisecond, 5 * time.Second, time.Minute, 1000 * time.Hour}
	s := setting{dir: t.TempDir(), larder: wiretest.Binary(t), extensions: seed%3 == 0, flushAge: ages[seed/3%4]}
	if seed%2 == 0 {
		s.runs = atOnce
	}
	return s
}

// Rule 1.4-1, 1.4-2, 1.4-3, 1.4-4, 1.4-5, 1.4-6, 1.4-7, 1.4-8, 1.4-9, 1.4-10, 1.4-11.
// Rule 1.5-1, 1.5-2, 1.5-6, 1.5-9, 1.5-10, 1.5-11, 1.5-13, 1.5-14, 1.6-1, 1.6-2, 1.6-3, 1.6-4, 1.6-5, 1.6-6.
// Rule 1.7-1, 1.7-2, 1.7-4, 1.7-5, 1.7-6, 1.7-8, 1.8-1, 1.8-2, 1.8-3, 1.8-4, 1.8-5, 1.8-7, 1.8-9, 1.8-10.
// Rule 1.9-1, 1.9-2, 1.9-3, 1.9-4, 1.9-6, 1.10-2, 1.10-3, 1.10-4, 1.10-6, 1.10-7, 1.10-11, 1.10-13, 1.10-17.
// Rule 2.1-2, 2.1-8, 2.2-1, 2.2-2, 2.2-3, 2.2-4, 2.2-5, 2.2-6, 2.2-7, 2.3-1, 2.3-2, 2.3-3, 2.3-4, 2.3-5, 2.3-6.
// Rule 2.4-2, 2.4-3, 2.4-4, 2.5-2, 2.5-3, 2.5-4, 2.5-5, 2.5-6, 2.5-7, 2.6-2, 2.6-3, 2.6-4, 2.6-5, 2.6-6, 2.6-7.
// Rule 2.7-1, 2.7-2, 2.7-3, 2.7-5, 2.8-1, 2.8-2, 2.8-3, 2.8-4, 2.8-6, 2.8-7, 2.8-8, 2.8-9, 2.8-10, 2.8-11, 2.8-12, 2.8-13.
// Rule 3.1-1, 3.1-2, 3.1-3, 3.1-4, 3.1-5, 3.1-6, 3.1-7, 3.1-8, 3.2-1, 3.2-2, 3.2-3, 3.2-4, 3.2-5, 3.2-6.
// Rule 3.3-1, 3.3-2, 3.3-3, 3.3-4, 3.3-5, 3.3-6, 3.3-7, 3.3-8, 3.3-9, 3.3-10, 3.3-11, 3.3-12, 3.3-13, 3.3-14.
// Rule 3.4-1, 3.4-2, 3.4-3, 3.4-4, 3.4-5, 3.4-6, 3.4-7, 3.4-8, 3.4-9, 3.4-10, 3.4-11.
// Rule 3.5-1, 3.5-2, 3.5-3, 3.5-4, 3.5-5, 3.5-6, 3.5-7, 3.5-8, 3.6-1, 3.6-2, 3.7-1, 3.7-2, 3.8-1.
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
