// Package wiretest starts the real binary and gives tests the clients that a user's program would
// make, from the environment that `larder env` prints.
package wiretest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Binary is the binary under test: what LARDER names, else bin/larder of this checkout.
func Binary(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("LARDER"); path != "" {
		return path
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	path := filepath.Join(dir, "bin", "larder")
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v: run `make build` first", err)
	}
	return path
}

// A Server is a running `larder serve`.
type Server struct {
	Data    string
	Env     map[string]string // what `larder env` exports
	Startup time.Duration     // from the start of the process to the first good /readyz
	cmd     *exec.Cmd
	done    chan error
}

// Start starts a server on the data directory, and waits until it is ready.
func Start(t testing.TB, data string, flags ...string) *Server {
	t.Helper()
	s := &Server{Data: data, done: make(chan error, 1)}
	s.cmd = exec.Command(Binary(t), append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, flags...)...)
	stderr, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	var log strings.Builder
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			if m := readyLine.FindString(lines.Text()); m != "" {
				select {
				case address <- m:
				default:
				}
			}
			fmt.Fprintln(&log, lines.Text())
			if strings.Contains(lines.Text(), "level=ERROR") {
				t.Logf("server: %s", lines.Text())
			}
		}
		io.Copy(io.Discard, stderr) //nolint:errcheck // the pipe ends with the process
		s.done <- s.cmd.Wait()
	}()
	select {
	case at := <-address:
		awaitReady(t, at)
	case err := <-s.done:
		s.cmd = nil // nobody is left to be killed
		t.Fatalf("larder serve ended: %v\n%s", err, log.String())
	case <-time.After(60 * time.Second):
		t.Fatal("larder serve does not get ready")
	}
	s.Startup = time.Since(began)
	s.Env = environment(t, data)
	return s
}

var readyLine = regexp.MustCompile(`http://[0-9.]+:[0-9]+`)

func awaitReady(t testing.TB, address string) {
	t.Helper()
	for range 600 {
		r, err := http.Get(address + "/readyz")
		if err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("%s/readyz does not say ready", address)
}

// Pid is the process of the server.
func (s *Server) Pid() int { return s.cmd.Process.Pid }

// Kill ends the server as a power cut would, and waits for its end.
func (s *Server) Kill() { s.end(syscall.SIGKILL) }

// Stop ends the server as an operator would, and returns how it ended.
func (s *Server) Stop() error { return s.end(syscall.SIGTERM) }

func (s *Server) end(signal os.Signal) error {
	if s.cmd == nil {
		return nil
	}
	s.cmd.Process.Signal(signal) //nolint:errcheck // it may have ended by itself
	err := <-s.done
	s.cmd = nil
	return err
}

var export = regexp.MustCompile(`^export ([A-Za-z_]+)=(.*)$`)

// environment reads what `larder env` prints, through a shell as a user does.
func environment(t testing.TB, data string) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, Binary(t), "env", "--data", data).Output()
	if err != nil {
		t.Fatalf("larder env: %v", err)
	}
	env := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if m := export.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			env[m[1]] = strings.Trim(m[2], `'";`)
		}
	}
	return env
}
