// Package duckdb is the query engine: it runs plans in worker processes, a few at a time, and
// outlives every one of them. It links no DuckDB itself; package duckdb/worker does.
// docs/decisions/worker-processes.md says why.
package duckdb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/larder-dev/larder/internal/query"
)

// Options say how a Pool runs its workers.
type Options struct {
	Command []string // starts a worker: {executable, "worker"}
	Slots   int      // how many plans run at a time; 0: 2
	// Memory is how many bytes all workers together may hold; 0: 2 GiB. A slot's part of it is
	// at least 96 MiB.
	Memory  int64
	Scratch string       // directory for what does not fit into memory; Open empties it
	Log     *slog.Logger // nil: nothing is logged
}

// leastBudget is what a worker can do something useful with.
const leastBudget = 96 << 20

// A Pool is a query.Engine over worker processes. It is safe for concurrent use.
type Pool struct {
	o      Options
	budget int64 // bytes of one slot
	turns  *turns

	// life ends with Close; every run and every start of a worker is under it.
	life context.Context
	end  context.CancelFunc
	busy sync.WaitGroup // runs, and the goroutines that start and end workers

	mu       sync.Mutex // guards the rest
	arrived  sync.Cond  // a spare is there, or will not come
	closed   bool
	idle     []*process // the one used last is last
	starting int        // spares on their way
	live     int        // workers: idle, running a plan, or on their way
	made     int        // workers ever, to name their scratch directories
}

var _ query.Engine = (*Pool)(nil)

// Open returns a pool and begins to start a first worker. Close must be called.
func Open(o Options) (*Pool, error) {
	if len(o.Command) == 0 {
		return nil, errors.New("duckdb: no command that starts a worker")
	}
	if o.Slots <= 0 {
		o.Slots = 2
	}
	if o.Memory <= 0 {
		o.Memory = 2 << 30
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	budget := o.Memory / int64(o.Slots)
	if budget < leastBudget {
		return nil, fmt.Errorf("%d bytes of memory for %d slots are %d MiB a slot, at least %d MiB are needed", o.Memory, o.Slots, budget>>20, leastBudget>>20)
	}
	// What is there was left by workers of a server that was killed.
	if err := os.RemoveAll(o.Scratch); err != nil {
		return nil, fmt.Errorf("empty the scratch directory: %w", err)
	}
	if err := os.MkdirAll(o.Scratch, 0o700); err != nil {
		return nil, fmt.Errorf("make the scratch directory: %w", err)
	}
	p := &Pool{o: o, budget: budget, turns: newTurns(o.Slots)}
	p.arrived.L = &p.mu
	p.life, p.end = context.WithCancel(context.Background())
	p.refill()
	return p, nil
}

// errClosed is what a run gets from a pool that is closed.
var errClosed = errors.New("the engine is closed")

// Run implements query.Engine.
func (p *Pool) Run(ctx context.Context, plan *query.Plan, started func(), rows func(batch [][]*string) error) error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return errClosed
	}
	p.busy.Add(1)
	p.mu.Unlock()
	defer p.busy.Done()

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(p.life, func() { cancel(errClosed) })()

	if err := p.turns.take(ctx); err != nil {
		return err
	}
	defer p.turns.give()
	started()
	sql := plan.SQL
	for {
		w, err := p.await(ctx)
		if err != nil {
			return err
		}
		r := &exchange{w: w, plan: plan, sql: sql, rows: rows}
		err = r.run(ctx)
		p.put(w, r.reusable)
		if !r.untouched {
			err = p.explain(plan, w, err)
			if !r.again(err) || ctx.Err() != nil {
				return err
			}
			p.o.Log.Info("a plan ran out of memory and is run in another way")
			sql = plan.Spare
			continue
		}
		// The worker was dead before it got anything: another one can do the whole.
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		p.o.Log.Info("an idle worker was gone", "pid", w.cmd.Process.Pid, "error", w.err)
	}
}

// explain turns what ended an exchange into what query.Engine promises.
func (p *Pool) explain(plan *query.Plan, w *process, err error) error {
	var failure *planError
	var lost *lostError
	switch {
	case errors.As(err, &failure):
		e, known := translate(failure.text, plan, p.budget)
		if !known {
			p.o.Log.Error("the engine failed a plan for a reason that has no name here", "error", failure.text)
		}
		return e
	case errors.As(err, &lost):
		p.o.Log.Error("a worker died while it ran a plan", "pid", w.cmd.Process.Pid, "error", lost.err, "stderr", w.stderr.String())
		return &query.EngineError{Code: "REMOTE_HOST_GONE", Message: "The worker process that ran this query ended before the query did (" + lost.Error() +
			"). The machine may be short of memory. No other query is affected; run this one again"}
	}
	return err
}

// await is take for a plan that may be cancelled: a machine that is short of everything takes long to start a worker.
func (p *Pool) await(ctx context.Context) (*process, error) {
	type taken struct {
		w   *process
		err error
	}
	got := make(chan taken, 1)
	p.busy.Go(func() { // under the run's own count, as below, so Close waits for it
		w, err := p.take()
		got <- taken{w, err}
	})
	select {
	case t := <-got:
		if t.err != nil {
			return nil, fmt.Errorf("start a worker: %w", t.err)
		}
		return t.w, nil
	case <-ctx.Done():
		p.busy.Go(func() {
			if t := <-got; t.err == nil {
				p.put(t.w, true)
			}
		})
		return nil, context.Cause(ctx)
	}
}

// take returns a worker that waits for a plan: the one used last, the spare on its way, or a new
// one. It sees to it that a spare is kept. There is a worker for each turn, so nobody who has a
// turn waits for another's plan.
func (p *Pool) take() (*process, error) {
	p.mu.Lock()
	for {
		for len(p.idle) > 0 {
			w := p.idle[len(p.idle)-1]
			p.idle = p.idle[:len(p.idle)-1]
			if !w.gone() {
				p.mu.Unlock()
				p.refill()
				return w, nil
			}
			p.live--
		}
		if p.starting == 0 {
			break
		}
		p.arrived.Wait()
	}
	p.live++
	p.mu.Unlock()
	w, err := p.start()
	if err != nil {
		p.mu.Lock()
		p.live--
		p.mu.Unlock()
		return nil, err
	}
	p.refill()
	return w, nil
}

// put takes a worker back after a plan, or ends it.
func (p *Pool) put(w *process, reusable bool) {
	p.mu.Lock()
	if reusable && !p.closed {
		p.idle = append(p.idle, w)
		p.mu.Unlock()
		return
	}
	p.live--
	p.mu.Unlock()
	p.busy.Go(w.stop) // under the run's own count, so Close waits for it
	p.refill()
}

// refill starts a spare worker if none is idle and there is a slot for it.
func (p *Pool) refill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = slices.DeleteFunc(p.idle, func(w *process) bool {
		if w.gone() {
			p.live--
			return true
		}
		return false
	})
	if p.closed || len(p.idle) > 0 || p.starting > 0 || p.live >= p.o.Slots {
		return
	}
	p.starting++
	p.live++
	p.busy.Go(func() {
		w, err := p.start()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.starting--
		p.arrived.Broadcast()
		if err == nil {
			p.idle = append(p.idle, w) // Close, which waits for us, ends it
			return
		}
		p.live--
		if !p.closed {
			p.o.Log.Error("a query worker could not be started", "command", p.o.Command, "error", err)
		}
	})
}

// start starts a worker in a scratch directory of its own.
func (p *Pool) start() (*process, error) {
	p.mu.Lock()
	p.made++
	scratch := filepath.Join(p.o.Scratch, fmt.Sprintf("worker-%d", p.made))
	p.mu.Unlock()
	return startProcess(p.life, p.o.Command, scratch, p.budget)
}

// Close cancels what runs, ends every worker and waits for them.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.end()
	p.busy.Wait()
	for _, w := range p.idle { // nobody else is left who could touch it
		w.stop()
	}
	p.idle = nil
	return nil
}
