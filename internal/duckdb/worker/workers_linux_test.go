package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/larder-dev/larder/internal/duckdb"
	"github.com/larder-dev/larder/internal/query"
)

// workers returns the processes that this one started and that have not ended. The tests of
// this package run one after the other, so they are those of one pool.
func workers(t *testing.T) []int {
	t.Helper()
	files, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			continue // the thread has ended
		}
		for _, word := range strings.Fields(string(b)) {
			pid, err := strconv.Atoi(word)
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	return pids
}

// killWorkers kills this test's workers.
func killWorkers(t *testing.T) {
	t.Helper()
	for _, pid := range workers(t) {
		process, err := os.FindProcess(pid)
		if err != nil {
			t.Fatal(err)
		}
		if err := process.Kill(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKilledWorkerFailsItsPlanAlone(t *testing.T) {
	p := openPool(t, duckdb.Options{Slots: 1})
	// With one slot there is one worker, and it has run this.
	if _, err := run(t.Context(), p, selectPlan("SELECT 1", 1)); err != nil {
		t.Fatal(err)
	}
	running := make(chan struct{})
	result := make(chan error, 1)
	go func() {
		result <- p.Run(context.Background(), selectPlan("SELECT range FROM range(100000000000)", 1), func() {}, func([][]*string) error {
			select {
			case <-running:
			default:
				close(running)
			}
			return nil
		})
	}()
	<-running
	killWorkers(t)
	var e *query.EngineError
	if err := <-result; !errors.As(err, &e) || e.Code != "REMOTE_HOST_GONE" || !strings.Contains(e.Message, "signal: killed") {
		t.Errorf("the plan of the killed worker: %v", err)
	}
	got, err := run(t.Context(), p, selectPlan("SELECT 'next'", 1))
	if diff := cmp.Diff([][]string{{"next"}}, got); err != nil || diff != "" {
		t.Errorf("the next plan: %v (-want +got):\n%s", err, diff)
	}
}

func TestWorkerThatDiedIdleIsReplaced(t *testing.T) {
	p := openPool(t, duckdb.Options{Slots: 1})
	for range 3 {
		if _, err := run(t.Context(), p, selectPlan("SELECT 1", 1)); err != nil {
			t.Fatal(err)
		}
		killWorkers(t)
		for len(workers(t)) > 0 { // until the kernel has done it
		}
	}
}

func TestClosedPoolEndsItsPlans(t *testing.T) {
	p := openPool(t, duckdb.Options{Slots: 1})
	started := make(chan struct{})
	result := make(chan error, 1)
	go func() {
		result <- p.Run(context.Background(), selectPlan(endless, 1), func() { close(started) }, func([][]*string) error { return nil })
	}()
	<-started
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-result; err == nil {
		t.Error("the plan succeeded")
	}
	if left := workers(t); len(left) > 0 {
		t.Errorf("workers %v are left", left)
	}
}

func TestWorkersLeaveACoreAndGiveWay(t *testing.T) {
	var ours unix.CPUSet
	if err := unix.SchedGetaffinity(0, &ours); err != nil {
		t.Fatal(err)
	}
	// One worker, which has run a plan: a spare would be on its way, and not confined yet.
	p := openPool(t, duckdb.Options{Slots: 1})
	if _, err := run(t.Context(), p, selectPlan("SELECT count(*) FROM range(1000000)", 1)); err != nil {
		t.Fatal(err)
	}
	var union unix.CPUSet
	pids := workers(t)
	if len(pids) == 0 {
		t.Fatal("no worker")
	}
	for _, pid := range pids {
		score, err := os.ReadFile(fmt.Sprintf("/proc/%d/oom_score_adj", pid))
		if err != nil || strings.TrimSpace(string(score)) != "800" {
			t.Errorf("worker %d: oom_score_adj %q, %v", pid, score, err)
		}
		threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid))
		if err != nil {
			t.Fatal(err)
		}
		for _, thread := range threads {
			tid, err := strconv.Atoi(filepath.Base(thread))
			if err != nil {
				t.Fatal(err)
			}
			var set unix.CPUSet
			if err := unix.SchedGetaffinity(tid, &set); err != nil {
				continue // it has ended
			}
			for i := range set {
				union[i] |= set[i]
			}
			// The system call gives 20 less what people call nice.
			if nice, err := unix.Getpriority(unix.PRIO_PROCESS, tid); err == nil && nice > 10 {
				t.Errorf("thread %d of worker %d has nice %d", tid, pid, 20-nice)
			}
		}
	}
	if want := max(1, ours.Count()-1); union.Count() != want {
		t.Errorf("all workers together may use %d cores of %d, want %d", union.Count(), ours.Count(), want)
	}
	var after unix.CPUSet
	if err := unix.SchedGetaffinity(0, &after); err != nil || after != ours {
		t.Errorf("the server itself may use %d cores of %d (%v)", after.Count(), ours.Count(), err)
	}
}
