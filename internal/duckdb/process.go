package duckdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/duckdb/frame"
)

const (
	startTime = 3 * time.Minute        // a worker says that it is ready within, also on a machine that has no time for it
	grace     = 500 * time.Millisecond // between asking a worker to end, a plan or itself, and killing it
)

// A process is one worker.
type process struct {
	cmd     *exec.Cmd
	scratch string
	stdin   *os.File // closing it ends the worker
	stdout  *os.File
	out     *frame.Writer
	in      *frame.Reader
	stderr  *tail

	exited chan struct{} // closed when the process is no more and its scratch directory is gone
	err    error         // of Wait; to be read after exited
}

// startProcess starts a worker and waits until it is ready.
func startProcess(ctx context.Context, command []string, scratch string, budget int64) (*process, error) {
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return nil, err
	}
	w, err := launch(command, scratch)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(scratch))
	}
	// Whatever ends the wait, the worker's death ends the read below.
	ctx, cancel := context.WithTimeoutCause(ctx, startTime, fmt.Errorf("not ready within %v", startTime))
	defer cancel()
	stop := context.AfterFunc(ctx, w.kill)
	err = w.greet(budget)
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		w.stop()
		return nil, fmt.Errorf("worker %v: %w (%v) %s", command, err, w.err, w.stderr)
	}
	return w, nil
}

// launch starts the process over pipes.
func launch(command []string, scratch string) (*process, error) {
	childIn, stdin, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	stdout, childOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, childIn.Close(), stdin.Close())
	}
	w := &process{
		scratch: scratch, stdin: stdin, stdout: stdout,
		out: frame.NewWriter(stdin), in: frame.NewReader(stdout),
		stderr: &tail{}, exited: make(chan struct{}),
	}
	w.cmd = exec.Command(command[0], command[1:]...)
	w.cmd.Dir = filepath.Dir(scratch)
	w.cmd.Env = environment()
	w.cmd.Stdin, w.cmd.Stdout, w.cmd.Stderr = childIn, childOut, w.stderr
	err = startConfined(w.cmd)
	// The child has its own copies; ours would keep the pipes open after its death.
	err = errors.Join(err, childIn.Close(), childOut.Close())
	if err != nil {
		return nil, errors.Join(err, stdin.Close(), stdout.Close())
	}
	go func() { // waited for through exited, by stop
		w.err = w.cmd.Wait()
		// A directory that stays is emptied by the next Open.
		_ = os.RemoveAll(scratch)
		close(w.exited)
	}()
	return w, nil
}

// environment is what a worker needs of ours. The rest, keys among it, is none of its business.
func environment() []string {
	env := []string{"TZ=UTC"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "GOCOVERDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// greet tells the worker what it may use and waits for its answer.
func (w *process) greet(budget int64) error {
	hello := frame.Hello{
		Version: frame.Version, Limit: limit(budget), Budget: budget, Threads: cores(),
		Scratch: w.scratch, Spill: spillFactor * budget,
	}
	if err := w.out.SendValue(frame.KindHello, hello); err != nil {
		return err
	}
	kind, payload, err := w.in.Next()
	if err != nil {
		return err
	}
	var ready frame.Ready
	if kind != frame.KindReady {
		return fmt.Errorf("frame of kind %d instead of ready", kind)
	}
	return frame.Decode(payload, &ready)
}

// spillFactor is how many times its budget a plan may write to the disk. The disk is that of the
// records: a plan that would fill it has to fail before.
const spillFactor = 10

// limit is what DuckDB may allocate of a worker's budget: a worker holds about 40 MiB before its
// first plan, and at most 1.6 times DuckDB's limit beside that was measured.
func limit(budget int64) int64 { return (budget - 40<<20) * 5 / 8 }

// gone reports whether the process has ended.
func (w *process) gone() bool {
	select {
	case <-w.exited:
		return true
	default:
		return false
	}
}

// kill ends the process at once.
func (w *process) kill() {
	// An error says that it has ended already.
	_ = w.cmd.Process.Kill()
}

// stop ends the process and waits for it.
func (w *process) stop() {
	timer := time.AfterFunc(grace, w.kill)
	defer timer.Stop()
	// Pipes to a process that ends: nothing is lost by an error.
	_ = w.stdin.Close()
	_ = w.stdout.Close()
	<-w.exited
}

// tail keeps the end of what is written to it.
type tail struct {
	mu    sync.Mutex // guards bytes
	bytes []byte
}

var _ io.Writer = (*tail)(nil)

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	const keep = 8 << 10
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bytes = append(t.bytes, p...)
	if extra := len(t.bytes) - keep; extra > 0 {
		t.bytes = append(t.bytes[:0], t.bytes[extra:]...)
	}
	return len(p), nil
}

// String returns what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.bytes)
}
