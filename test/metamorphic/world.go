package metamorphic

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/larder-dev/larder/internal/app"
	tables "github.com/larder-dev/larder/internal/table"
)

// bucket is where the offline stores of a world are, and the results of its queries.
const bucket = "lake"

// A world is a server under test, with a clock of its own and one client.
type world struct {
	config app.Config
	clock  *clock
	logged *log
	server *app.App
	client *client
}

// A setting is how a server is started.
type setting struct {
	dir        string // an empty directory
	larder     string // the binary that runs queries
	extensions bool
	flushAge   time.Duration // by the clock of the world
	runs       tables.Runs
}

// newWorld starts a server and makes its bucket.
func newWorld(ctx context.Context, s setting) (*world, error) {
	w := &world{clock: &clock{at: epoch}, logged: &log{}}
	w.config = app.Config{
		Dir: s.dir, Listen: "127.0.0.1:0", Region: region, Account: account,
		FlushAge: s.flushAge, Runs: s.runs, QueryMemory: 1 << 30, Extensions: s.extensions, Worker: []string{s.larder, "worker"},
		Getenv:   func(string) string { return "" },
		Upstream: func(*http.Request) (*url.URL, error) { return nil, nil },
		Now:      w.clock.Now, Log: slog.New(slog.NewTextHandler(w.logged, &slog.HandlerOptions{Level: slog.LevelError})),
	}
	if err := w.open(ctx); err != nil {
		return nil, err
	}
	a, err := w.client.send(ctx, request{service: "s3", method: "PUT", path: []string{bucket}})
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("make the bucket: %v", a)
	}
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *world) open(ctx context.Context) (err error) {
	if w.server, err = app.Open(ctx, w.config); err != nil {
		return err
	}
	key := w.server.RootKey()
	w.client, err = newClient(w.server.Server().Endpoint, aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret}, w.clock.Now)
	return err
}

// close stops the server. What it logged as an error is an error.
func (w *world) close() error {
	w.client.close()
	err := w.server.Close()
	if text := w.logged.take(); text != "" {
		err = errors.Join(err, fmt.Errorf("the server logged: %s", text))
	}
	return err
}

// restart stops the server and starts it again on the same directory.
func (w *world) restart(ctx context.Context) error {
	if err := w.close(); err != nil {
		return err
	}
	return w.open(ctx)
}

// A log keeps what a server logs.
type log struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// take returns what was logged and forgets it.
func (l *log) take() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.text.Reset()
	return l.text.String()
}
