// Package process starts the servers that the bench measures, says what they use, and ends them: by their number, and
// no others.
package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// A Process is a running server with all that it started.
type Process struct {
	Name  string
	cmd   *exec.Cmd
	lines chan string
	ended chan struct{} // closed when it has ended and lines is
	err   error         // how it ended; good once ended is closed

	mu   sync.Mutex // guards tail
	tail []string   // the last lines that it said
}

// tailLines is how many of the last lines are kept for the error when a process ends early.
const tailLines = 20

// Start starts a program in a directory with further variables in its environment. What it says on both outputs
// is kept in part, and read by Await.
func Start(name, dir string, env []string, argv ...string) (*Process, error) {
	p := &Process{Name: name, lines: make(chan string, 64), ended: make(chan struct{})}
	p.cmd = exec.Command(argv[0], argv[1:]...)
	p.cmd.Dir, p.cmd.Env = dir, append(os.Environ(), env...)
	p.cmd.SysProcAttr = diesWithUs()
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p.cmd.Stdout, p.cmd.Stderr = in, in
	err = p.cmd.Start()
	in.Close() // the process has its own
	if err != nil {
		out.Close()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go p.watch(out)
	return p, nil
}

// watch keeps what the process says, until it has ended. What it started may hold the pipe for longer; nobody reads it then.
func (p *Process) watch(out *os.File) {
	read := make(chan struct{})
	go func() {
		defer close(read)
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			p.said(lines.Text())
		}
	}()
	p.err = p.cmd.Wait()
	select {
	case <-read:
	case <-time.After(time.Second):
	}
	out.Close()
	<-read
	close(p.lines)
	close(p.ended)
}

func (p *Process) said(line string) {
	p.mu.Lock()
	p.tail = append(p.tail, line)
	p.tail = p.tail[max(0, len(p.tail)-tailLines):]
	p.mu.Unlock()
	select {
	case p.lines <- line:
	default: // nobody waits for lines any more
	}
}

// Pid is the number of the process.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Signal sends it a signal.
func (p *Process) Signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// Said is the last that it said.
func (p *Process) Said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.tail, "\n")
}

// Await returns what find makes of the first line of which it makes something.
func (p *Process) Await(ctx context.Context, find func(line string) string) (string, error) {
	for {
		select {
		case line, more := <-p.lines:
			if !more {
				<-p.ended
				return "", p.Ended()
			}
			if found := find(line); found != "" {
				return found, nil
			}
		case <-ctx.Done():
			return "", fmt.Errorf("%s does not get ready: %w: %s", p.Name, ctx.Err(), p.Said())
		}
	}
}

// Ended is the error of a process that has ended, nil of one that runs.
func (p *Process) Ended() error {
	select {
	case <-p.ended:
		return fmt.Errorf("%s ended (%v): %s", p.Name, p.err, p.Said())
	default:
		return nil
	}
}

// AwaitPort returns when somebody listens on the address.
func (p *Process) AwaitPort(ctx context.Context, addr string) error {
	for {
		c, err := net.DialTimeout("tcp", addr, time.Second)
		if err == nil {
			return c.Close()
		}
		select {
		case <-p.ended:
			return p.Ended()
		case <-ctx.Done():
			return fmt.Errorf("%s does not listen on %s: %w: %s", p.Name, addr, ctx.Err(), p.Said())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// patience is how long a process that was asked to end may take.
const patience = 30 * time.Second

// Stop asks the process to end, makes it after 30 s, and waits for it. It may be called again.
func (p *Process) Stop() error { return p.end(syscall.SIGTERM) }

// Kill ends the process at once, as a power cut would.
func (p *Process) Kill() error { return p.end(syscall.SIGKILL) }

func (p *Process) end(signal os.Signal) error {
	started := descendants(p.Pid())
	if err := p.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("end %s: %w", p.Name, err)
	}
	select {
	case <-p.ended:
	case <-time.After(patience):
		if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("end %s: %w", p.Name, err)
		}
		<-p.ended
	}
	// What it started and did not end itself. A number may have another process meanwhile: only orphans are.
	for _, pid := range started {
		if parent, err := parentOf(pid); err == nil && parent == 1 {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended by itself
		}
	}
	return nil
}

// FreePort returns a port of the loopback interface that nobody listens on now.
func FreePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}
