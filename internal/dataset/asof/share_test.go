package asof

import (
	"context"
	"sync/atomic"
	"testing"
)

func TestWhileTheServerIsBusyAThreadLessWorks(t *testing.T) {
	for _, c := range []struct {
		threads int
		busy    bool
		works   func(worker int) bool
	}{
		{1, true, func(worker int) bool { return worker == 0 }},
		{2, true, func(worker int) bool { return worker == 0 }},
		{3, true, func(worker int) bool { return worker < 2 }},
		{3, false, func(worker int) bool { return worker < 3 }},
	} {
		j := &join{engine: New(nil, Options{Threads: c.threads, Busy: func() bool { return c.busy }})}
		var done atomic.Int64
		err := j.share(t.Context(), 1000, func(_ context.Context, worker, _ int) error {
			if !c.works(worker) {
				t.Errorf("%d threads, busy %v: thread %d works", c.threads, c.busy, worker)
			}
			done.Add(1)
			return nil
		})
		if err != nil || done.Load() != 1000 {
			t.Errorf("%d threads, busy %v: %d of 1000 done, %v", c.threads, c.busy, done.Load(), err)
		}
	}
}
