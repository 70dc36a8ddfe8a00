package metamorphic

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// roundCalls is about how many operations a server takes before a fresh one takes its place.
const roundCalls = 25_000

// checkTime is how long the checker may think about one history: a thousand times what it needs.
const checkTime = 20 * time.Second

// Rule 2.5-6, 2.6-2, 2.7-1, 2.8-2, 2.8-3, 2.8-4, 2.8-7, 2.8-8, 2.8-12, 3.1-2, 3.1-3, 3.1-4, 3.1-6, 3.1-8, 3.4-5, 3.4-8, 3.4-9.
func TestConcurrentHistoriesAreLinearizable(t *testing.T) {
	// More threads than cores: the system then stops one where it likes, with others in its way.
	// A write without its lock is found several times sooner.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	var mu sync.Mutex // guards the sums
	histories, queries, rows := 0, 0, 0
	rounds(t, roundCalls, func(seed uint64, ops int) (int, bool) {
		ctx := context.Background()
		s := settingOf(t, seed)
		w, err := newWorld(ctx, s)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			return 0, false
		}
		x := &runner{world: w}
		done, n, ok := 0, 0, true
		for ; ok && done < ops; n++ {
			var what string
			h, err := concur(ctx, w, fmt.Sprintf("c%d", n), seed+uint64(n)<<32)
			if err == nil {
				done += len(h.operations)
				what, err = judge(ctx, t, x, h)
			}
			if err != nil || what != "" {
				ok = false
				t.Errorf("seed %d, history %d: %s%v\nagain: %s", seed, n, what, err, replay(t, seed, ops))
			}
		}
		if err := errors.Join(w.close(), os.RemoveAll(s.dir)); err != nil {
			ok = false
			t.Errorf("seed %d: %v", seed, err)
		}
		mu.Lock()
		defer mu.Unlock()
		histories, queries, rows = histories+n, queries+x.queries, rows+x.rows
		return done, ok
	})
	t.Logf("%d histories of %d clients on %d records; %d audits by SQL of %d rows", histories, concurrentClients, concurrentKeys, queries, rows)
}

// judge checks one history, and forgets its group.
func judge(ctx context.Context, t *testing.T, x *runner, h *history) (what string, err error) {
	model := registers()
	result, info := porcupine.CheckOperationsVerbose(model, h.operations, checkTime)
	if result != porcupine.Ok {
		report(t, t.Name()+".html", func(path string) error { return porcupine.VisualizePath(model, info, path) })
		return fmt.Sprintf("the checker of linearizability says %s", result), nil
	}
	if h.audited {
		if what, err := h.audit(ctx, x); what != "" || err != nil {
			return what, err
		}
	}
	a, err := x.send(ctx, (&deleteGroup{h.group}).request())
	if err != nil {
		return "", err
	}
	if what = (reply{}).differs(a, true); what != "" {
		return what, nil
	}
	if logged := x.logged.take(); logged != "" {
		return "the server logged: " + logged, nil
	}
	return "", nil
}
