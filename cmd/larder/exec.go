package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/larder-dev/larder/internal/app"
	"github.com/larder-dev/larder/internal/proxy"
)

type execCommand struct {
	dataFlag
	Command []string `arg:"" passthrough:"" help:"The command and its arguments."`
}

// Run runs the command and exits with its status.
func (e *execCommand) Run(c console) error {
	if len(e.Command) > 0 && e.Command[0] == "--" {
		e.Command = e.Command[1:]
	}
	if len(e.Command) == 0 {
		return errors.New("no command was given: larder exec -- CMD …")
	}
	dir, err := e.dir()
	if err != nil {
		return err
	}
	server, err := app.Running(context.Background(), dir)
	if err != nil {
		return err
	}
	key, err := app.ReadRootKey(dir)
	if err != nil {
		return err
	}
	environ := os.Environ()
	way, err := openWay(server, environ)
	if err != nil {
		return err
	}
	defer way.close()
	return runCommand(e.Command, variablesFor(server, key, way.wayIn, environ).apply(environ), c)
}

// A way is the proxy of one command, and the files by which the command trusts it.
type way struct {
	wayIn
	dir   string
	http  *http.Server
	relay *proxy.Proxy
	done  sync.WaitGroup
}

func openWay(s *app.Server, environ []string) (*way, error) {
	endpoint, err := url.Parse(s.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("endpoint of the server: %w", err)
	}
	hosts := proxy.Hosts(s.Region)
	id, err := proxy.NewIdentity(hosts, time.Now())
	if err != nil {
		return nil, err
	}
	w := &way{}
	if w.dir, err = os.MkdirTemp("", "larder-exec-"); err != nil {
		return nil, err
	}
	l, err := w.prepare(s, id, environ)
	if err != nil {
		os.RemoveAll(w.dir) // it is in the temporary directory
		return nil, err
	}
	log := slog.New(slog.DiscardHandler) // the command owns the terminal
	password := rand.Text()
	w.proxy = proxy.URL(l.Addr().String(), password)
	w.relay = proxy.New(proxy.Config{
		Password: password, Hosts: hosts, Certificate: id.Certificate,
		Handler: proxy.Forward(endpoint, log), Upstream: http.ProxyFromEnvironment, Log: log,
	})
	w.http = &http.Server{Handler: w.relay, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	w.done.Go(func() { w.http.Serve(l) }) // it ends when close closes it
	return w, nil
}

// prepare writes the files and opens the port.
func (w *way) prepare(s *app.Server, id *proxy.Identity, environ []string) (net.Listener, error) {
	roots, err := proxy.Roots(func(name string) string { return lookup(environ, name) })
	if err != nil {
		return nil, err
	}
	w.bundle = filepath.Join(w.dir, proxy.BundleName)
	// The server's own authority too: the command may call the port by https.
	if err := os.WriteFile(w.bundle, proxy.Bundle(roots, id.Authority, []byte(s.Authority)), 0o600); err != nil {
		return nil, fmt.Errorf("write a bundle of certificates: %w", err)
	}
	if w.sdkDefaults, err = writeSDKDefaults(w.dir, environ); err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a port for the proxy: %w", err)
	}
	return l, nil
}

// close ends the proxy and waits for it. Nothing of what it says could matter to the command any more.
func (w *way) close() {
	w.http.Close()
	w.relay.Close()
	w.done.Wait()
	os.RemoveAll(w.dir)
}

// runCommand runs a command to its end, passing signals on, and returns its exit status as a status.
func runCommand(args, environ []string, c console) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = environ, c.in, c.out, c.err
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(c.err, "larder:", err)
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
			return status(127) // as a shell says it
		}
		return status(126)
	}
	ended := make(chan struct{})
	var passing sync.WaitGroup
	passing.Go(func() { passSignals(cmd.Process, signals, ended) })
	err := cmd.Wait()
	close(ended)
	passing.Wait()
	var exit *exec.ExitError
	if err == nil {
		return nil
	}
	if !errors.As(err, &exit) {
		return err
	}
	if w, ok := exit.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return status(128 + int(w.Signal())) // as a shell says it
	}
	return status(exit.ExitCode())
}

// passSignals passes on what this process gets. A terminal sends its own to the command itself.
func passSignals(to *os.Process, signals <-chan os.Signal, ended <-chan struct{}) {
	terminal := term.IsTerminal(int(os.Stdin.Fd()))
	for {
		select {
		case s := <-signals:
			if terminal && (s == syscall.SIGINT || s == syscall.SIGQUIT) {
				continue
			}
			to.Signal(s) // if it has ended meanwhile there is nobody to tell
		case <-ended:
			return
		}
	}
}
