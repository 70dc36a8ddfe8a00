package duckdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/duckdb/frame"
	"github.com/larder-dev/larder/internal/query"
)

// TestMain lets the test binary be a worker without an engine, so that the pool is tested with
// the race detector. What such a worker does is its plan's SQL.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "worker" {
		if err := actWorker(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		syscall.Exit(0) // at once: the race detector holds up the other ways out
	}
	if len(os.Args) == 2 && os.Args[1] == "slow" {
		_, _ = io.Copy(io.Discard, os.Stdin) // never ready; ends with the pool
		syscall.Exit(0)
	}
	if len(os.Args) == 2 && os.Args[1] == "broken" {
		fmt.Fprintln(os.Stderr, "cannot start")
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func actWorker() error {
	in, out := frame.NewReader(os.Stdin), frame.NewWriter(os.Stdout)
	for {
		kind, payload, err := in.Next()
		if err != nil {
			return nil // the pool has ended
		}
		switch kind {
		case frame.KindHello:
			err = out.SendValue(frame.KindReady, frame.Ready{Version: frame.Version})
		case frame.KindCancel:
			err = out.SendValue(frame.KindDone, frame.Done{Error: "INTERRUPT Error: Interrupted!"})
		case frame.KindRun:
			var run frame.Run
			if err := frame.Decode(payload, &run); err != nil {
				return err
			}
			err = act(run.SQL, out)
		}
		if err != nil {
			return err
		}
	}
}

func act(sql string, out *frame.Writer) error {
	switch sql {
	case "die":
		fmt.Fprintln(os.Stderr, "last words")
		syscall.Exit(7)
	case "deaf":
		time.Sleep(time.Hour)
	case "wait":
		return nil // for the cancel
	case "retire":
		return out.SendValue(frame.KindDone, frame.Done{Retire: true})
	case "nonsense":
		return out.Send(frame.KindBatch, []byte{255})
	}
	pid := []byte(fmt.Sprint(os.Getpid()))
	if err := out.Send(frame.KindBatch, frame.AppendText(frame.AppendBatch(nil, 1, 1), pid)); err != nil {
		return err
	}
	return out.SendValue(frame.KindDone, frame.Done{Error: strings.TrimPrefix(sql, "pid")})
}

func openPool(t *testing.T, o Options) *Pool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if o.Command == nil {
		o.Command = []string{exe, "worker"}
	} else {
		o.Command[0] = exe
	}
	o.Scratch = t.TempDir() + "/scratch"
	p, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		left, err := os.ReadDir(o.Scratch)
		if err != nil || len(left) > 0 {
			t.Errorf("scratch directory: %v, %v", left, err)
		}
	})
	return p
}

// do runs a plan and returns the process that ran it, if that said so.
func do(ctx context.Context, p *Pool, sql string) (pid string, err error) {
	err = p.Run(ctx, &query.Plan{SQL: sql, Columns: make([]query.Column, 1)}, func() {}, func(batch [][]*string) error {
		pid = *batch[0][0]
		return nil
	})
	return pid, err
}

func TestWorkerIsUsedAgainUnlessItRetires(t *testing.T) {
	p := openPool(t, Options{Slots: 1})
	first, err := do(t.Context(), p, "pid")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := do(t.Context(), p, "pid"); err != nil || again != first {
		t.Errorf("worker %s, then %s (%v)", first, again, err)
	}
	if _, err := do(t.Context(), p, "retire"); err != nil {
		t.Fatal(err)
	}
	if other, err := do(t.Context(), p, "pid"); err != nil || other == first {
		t.Errorf("worker %s retired, then %s (%v)", first, other, err)
	}
}

func TestWorkerThatDiesOrTalksNonsenseFailsItsPlanAlone(t *testing.T) {
	p := openPool(t, Options{Slots: 1})
	for sql, want := range map[string]string{"die": "exit status 7", "nonsense": "batch frame"} {
		_, err := do(t.Context(), p, sql)
		var e *query.EngineError
		if !errors.As(err, &e) || e.Code != "REMOTE_HOST_GONE" || !strings.Contains(e.Message, want) {
			t.Errorf("%s: %v", sql, err)
		}
		if _, err := do(t.Context(), p, "pid"); err != nil {
			t.Errorf("after %s: %v", sql, err)
		}
	}
}

func TestCancelledPlanEndsItsWorkerEvenIfThatIsDeaf(t *testing.T) {
	p := openPool(t, Options{Slots: 1})
	why := errors.New("why")
	for _, sql := range []string{"wait", "deaf"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		err := p.Run(ctx, &query.Plan{SQL: sql}, func() { cancel(why) }, func([][]*string) error { return nil })
		if !errors.Is(err, why) {
			t.Errorf("%s: %v", sql, err)
		}
		if _, err := do(t.Context(), p, "pid"); err != nil {
			t.Errorf("after %s: %v", sql, err)
		}
	}
}

func TestEnginesWordsStayInside(t *testing.T) {
	p := openPool(t, Options{Slots: 1})
	_, err := do(t.Context(), p, "pidBinder Error: Referenced column r0.x not found")
	if want := "GENERIC_INTERNAL_ERROR: The query failed for a reason that is in the log of the server"; err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestRowsThatFailEndThePlanWithTheirError(t *testing.T) {
	p := openPool(t, Options{Slots: 1})
	broken := errors.New("broken")
	plan := &query.Plan{SQL: "pid", Relations: []query.Relation{{Name: "r0", Columns: []query.RelationColumn{{Name: "a", Type: "BIGINT"}},
		Rows: func(yield func([]any, error) bool) { _ = yield([]any{int64(1)}, nil) && yield(nil, broken) }}}}
	if err := p.Run(t.Context(), plan, func() {}, func([][]*string) error { return nil }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if _, err := do(t.Context(), p, "pid"); err != nil {
		t.Error(err)
	}
}

func TestPoolWhoseWorkersDoNotStartSaysSo(t *testing.T) {
	p := openPool(t, Options{Command: []string{"", "broken"}})
	_, err := do(t.Context(), p, "pid")
	if err == nil || !strings.Contains(err.Error(), "cannot start") {
		t.Errorf("got %v", err)
	}
}

func TestPlanCanBeCancelledWhileItsWorkerStarts(t *testing.T) {
	p := openPool(t, Options{Command: []string{"", "slow"}})
	ctx, cancel := context.WithCancel(t.Context())
	err := p.Run(ctx, &query.Plan{SQL: "pid"}, cancel, nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestOpenRefusesTooLittleMemory(t *testing.T) {
	if _, err := Open(Options{Command: []string{"x"}, Slots: 4, Memory: 256 << 20, Scratch: t.TempDir()}); err == nil {
		t.Error("64 MiB a slot were taken")
	}
}

func TestPlansRunAsManyAsThereAreSlots(t *testing.T) {
	p := openPool(t, Options{Slots: 2})
	ctx, cancel := context.WithCancel(t.Context())
	started := make(chan struct{}, 3)
	var runs sync.WaitGroup
	for range 3 {
		runs.Go(func() {
			_ = p.Run(ctx, &query.Plan{SQL: "wait"}, func() { started <- struct{}{} }, nil) // ends by the cancel
		})
	}
	<-started
	<-started
	p.turns.mu.Lock()
	free := p.turns.free
	p.turns.mu.Unlock()
	if free != 0 || len(started) != 0 {
		t.Errorf("%d slots are free, %d more plans started", free, len(started))
	}
	cancel()
	runs.Wait()
	if _, err := do(t.Context(), p, "pid"); err != nil {
		t.Error(err)
	}
}

func TestTurnsComeInOrder(t *testing.T) {
	turns := newTurns(1)
	if err := turns.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	waiting := func() int {
		turns.mu.Lock()
		defer turns.mu.Unlock()
		return len(turns.waiting)
	}
	var order []int
	var done sync.WaitGroup
	gone, leave := context.WithCancel(t.Context())
	defer leave()
	for i := range 5 {
		ctx := t.Context()
		if i == 2 {
			ctx = gone
		}
		at := waiting()
		done.Go(func() {
			if err := turns.take(ctx); err != nil {
				return
			}
			order = append(order, i) // one has the turn
			turns.give()
		})
		for waiting() <= at { // until it waits
		}
	}
	leave()
	for waiting() > 4 { // until it has left
	}
	turns.give()
	done.Wait()
	if !slices.Equal(order, []int{0, 1, 3, 4}) {
		t.Errorf("order %v", order)
	}
	if turns.free != 1 || waiting() != 0 {
		t.Errorf("%d free, %d waiting", turns.free, waiting())
	}
}
