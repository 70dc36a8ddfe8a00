// Package worker is the process that runs plans with DuckDB, one at a time. It is the only
// importer of DuckDB. It trusts its parent, opens nothing but the files that a plan names, and
// never outlives its input. docs/decisions/worker-processes.md says why it is a process.
package worker

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/larder-dev/larder/internal/duckdb/frame"
)

// Main runs the plans that come from in until in ends, and answers on out. It is to be the only
// thing that its process does, and the process is to end when it returns: an error says why, and
// without one a plan may be still running.
func Main(in io.Reader, out io.Writer) error {
	// Who stops the server signals the whole group. The server then ends its plans itself, and
	// the end of in ends this process.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	m := &meter{in: &countedReader{in: in}, out: &countedWriter{out: out}}
	w := &worker{in: frame.NewReader(m.in), out: frame.NewWriter(m.out), meter: m}
	kind, payload, err := w.in.Next()
	if errors.Is(err, io.EOF) {
		return nil // never needed
	}
	if err != nil {
		return err
	}
	if kind != frame.KindHello {
		return fmt.Errorf("frame of kind %d, not a hello", kind)
	}
	if err := frame.Decode(payload, &w.hello); err != nil {
		return err
	}
	if w.hello.Version != frame.Version {
		return fmt.Errorf("the server speaks version %d, this worker %d: the program file was replaced while the server ran", w.hello.Version, frame.Version)
	}
	if w.next, err = open(w.hello); err != nil {
		return err
	}
	if err := w.out.SendValue(frame.KindReady, frame.Ready{Version: frame.Version}); err != nil {
		return err
	}
	return w.serve()
}

// worker is the state of the process. The goroutine of Main reads frames and loads rows; while a
// plan runs in another it waits for a cancel or the end.
type worker struct {
	in    *frame.Reader
	out   *frame.Writer
	meter *meter
	hello frame.Hello
	next  *database // opened ahead for the next plan
	plan  *plan     // being loaded or run; nil between plans
}

// serve carries out frames until in ends.
func (w *worker) serve() error {
	for {
		kind, payload, err := w.in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = w.handle(kind, payload)
		}
		if err != nil {
			return err
		}
	}
}

func (w *worker) handle(kind frame.Kind, payload []byte) error {
	switch {
	case kind == frame.KindPrepare:
		if w.plan != nil {
			<-w.plan.done // it has sent its Done, or this frame would not be here
		}
		var p frame.Prepare
		if err := frame.Decode(payload, &p); err != nil {
			return err
		}
		return w.prepare(p)
	case kind == frame.KindCancel:
		if w.plan != nil {
			w.plan.cancel()
		}
		return nil
	case kind == frame.KindRows && w.plan != nil:
		w.plan.load(payload)
		return nil
	case kind == frame.KindRun && w.plan != nil:
		var r frame.Run
		if err := frame.Decode(payload, &r); err != nil {
			return err
		}
		go w.run(w.plan, r)
		return nil
	}
	return fmt.Errorf("frame of kind %d out of order", kind)
}

// prepare begins a plan on the database that was opened ahead.
func (w *worker) prepare(p frame.Prepare) error {
	db := w.next
	if db == nil {
		var err error
		if db, err = open(w.hello); err != nil {
			return err
		}
	}
	w.next = nil
	w.plan = newPlan(db)
	w.plan.began, _ = w.meter.now()
	w.plan.files = p.Bytes
	w.plan.prepare(p, w.hello.Scratch)
	return nil
}

// run runs a plan to its end and opens the next database. It is the only goroutine beside
// Main's; Main waits for it before it begins another plan, and the end of the process ends it.
func (w *worker) run(p *plan, r frame.Run) {
	stop := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		w.watch(stop, p, r.Cutoff)
	}()
	done := frame.Done{}
	err := p.run(r, w.out, &done)
	close(stop)
	<-watched
	done.Read = w.read(p, done.Files)
	done.Cutoff = r.Cutoff > 0 && done.Read > r.Cutoff
	done.Retire = w.meter.held() > keep(w.hello.Budget)
	if err != nil {
		done.Error = err.Error()
	}
	if err := w.out.SendValue(frame.KindDone, done); err != nil {
		os.Exit(1) // the server is gone
	}
	p.close()
	if !done.Retire {
		// An error shows again in prepare, which reports it.
		w.next, _ = open(w.hello)
	}
	close(p.done)
}

// keep is how much a process may hold between plans. What DuckDB gives back does not all
// go back to the system, and an idle worker should be small.
func keep(budget int64) int64 { return max(128<<20, budget/8) }

// read is how many bytes of its files a plan has read so far, and -1 if that cannot be told. It may be less than
// that while files are written.
func (w *worker) read(p *plan, made []frame.File) int64 {
	if p.files == 0 {
		return 0
	}
	var size int64
	for _, f := range made {
		size += f.Size
	}
	return w.meter.since(p.began, p.files, size)
}

// watch ends the process when it holds more than its budget, since DuckDB's own limit does not count
// all that it allocates (docs/decisions/duckdb.md), or when its plan has read more than it may.
func (w *worker) watch(stop <-chan struct{}, p *plan, cutoff int64) {
	if w.hello.Budget == 0 && cutoff == 0 {
		return
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		// Whether the server hears it or not, this process has to go.
		if w.hello.Budget > 0 && w.meter.held() > w.hello.Budget {
			_ = w.out.SendValue(frame.KindDone, frame.Done{Error: "Out of Memory Error", Exceeded: true, Retire: true, Read: w.read(p, nil)})
			os.Exit(3)
		}
		if cutoff == 0 {
			continue
		}
		if read := w.read(p, nil); read > cutoff {
			_ = w.out.SendValue(frame.KindDone, frame.Done{Cutoff: true, Retire: true, Read: read})
			os.Exit(3)
		}
	}
}
