// Package app makes a server of the parts: it reads the configuration, opens a data directory,
// chooses the backends, starts everything and stops it again. It is the only importer of backends,
// and knows no rule of the feature store and no wire format.
package app

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/larder-dev/larder/internal/access"
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/internal/proxy"
)

const (
	headerTimeout = 30 * time.Second // for the headers of a request; bodies take their time
	idleTimeout   = 2 * time.Minute  // of a connection between requests
	drainTimeout  = 10 * time.Second // for requests under way when the server is to stop
)

const (
	statusReady    = "ready"
	statusStopping = "stopping"
)

// An App is a running server. Its methods are safe for concurrent use.
type App struct {
	cfg       Config
	dir       directory
	key       RootKey
	server    Server
	local     bool // nobody on another machine can call
	registry  *prometheus.Registry
	attention *attention
	stopping  atomic.Bool
	failed    chan error // holds the error that ended the HTTP server, if one did

	mu      sync.Mutex // guards closers
	closers []closer   // in the order in which things were opened
}

// A closer ends one thing that Open started.
type closer struct {
	name  string
	close func() error
}

// Open starts a server on cfg.Dir and returns when it is ready for requests. ctx limits the start
// only. The caller must Close the App.
func Open(ctx context.Context, cfg Config) (_ *App, err error) {
	a := &App{cfg: cfg.withDefaults(), failed: make(chan error, 1), registry: prometheus.NewRegistry(), attention: &attention{began: time.Now()}}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	if err := a.cfg.check(); err != nil {
		return nil, err
	}
	start := a.cfg.Now()
	dir, lock, err := openDirectory(a.cfg.Dir)
	if err != nil {
		return nil, err
	}
	a.dir = dir
	a.onClose("the lock", lock.Close)
	set, err := dir.loadSettings(a.cfg.Region, a.cfg.Account, a.cfg.Now())
	if err != nil {
		return nil, err
	}
	if a.key, err = dir.loadRootKey(); err != nil {
		return nil, err
	}
	// The port comes before the stores: when it is taken, nothing has been touched.
	l, err := a.listen(ctx, set)
	if err != nil {
		return nil, err
	}
	services, err := a.openBackends(ctx, set)
	if err != nil {
		return nil, err
	}
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewBuildInfoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if err := a.serve(l, set, services); err != nil {
		return nil, err
	}
	if err := dir.writeServer(a.server); err != nil {
		return nil, err
	}
	a.onClose("server.json", dir.removeServer)
	a.cfg.Log.Info("ready", "endpoint", a.server.Endpoint, "data", string(dir), "region", set.Region, "account", set.Account,
		"took", a.cfg.Now().Sub(start).Round(time.Millisecond))
	return a, nil
}

// Close stops taking requests, lets those under way end, and closes everything in the opposite order of
// its opening. What was acknowledged is durable with or without it. The second call does nothing.
func (a *App) Close() error {
	a.stopping.Store(true)
	a.mu.Lock()
	closers := a.closers
	a.closers = nil
	a.mu.Unlock()
	var errs []error
	for i := len(closers) - 1; i >= 0; i-- {
		if err := closers[i].close(); err != nil {
			errs = append(errs, fmt.Errorf("close %s: %w", closers[i].name, err))
		}
	}
	return errors.Join(errs...)
}

func (a *App) onClose(name string, f func() error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closers = append(a.closers, closer{name, f})
}

// Failed yields an error if the server stops serving without Close.
func (a *App) Failed() <-chan error { return a.failed }

// Server tells how to reach the server.
func (a *App) Server() Server { return a.server }

// RootKey is the key that may do everything.
func (a *App) RootKey() RootKey { return a.key }

// listen binds the port and makes the certificate that it speaks TLS with.
func (a *App) listen(ctx context.Context, set settings) (*boundPort, error) {
	b, err := newBoundPort(a.cfg, set.Region)
	if err != nil {
		return nil, err
	}
	open := a.cfg.InsecureHTTP || a.cfg.TLSCert != ""
	if b.listener, err = listen(ctx, a.cfg.Listen, open); err != nil {
		return nil, err
	}
	if at, ok := b.listener.Addr().(*net.TCPAddr); ok {
		a.local = at.IP.IsLoopback()
	}
	a.onClose("the port", func() error {
		if err := b.listener.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil // the HTTP server has closed it
	})
	a.server = Server{
		Version: formatVersion, PID: os.Getpid(), Instance: rand.Text(),
		Region: set.Region, Account: set.Account, ProxyPassword: a.key.proxyPassword(),
		Authority: string(b.identity.Authority), Started: a.cfg.Now().UTC(),
	}
	if a.server.Endpoint, err = endpoint(b.listener.Addr()); err != nil {
		return nil, fmt.Errorf("read the address of the port: %w", err)
	}
	return b, nil
}

// A boundPort is the port and the certificates that it has.
type boundPort struct {
	listener net.Listener
	identity *proxy.Identity // for STS, and for localhost
	tls      *tls.Config     // of the port's own TLS
}

func newBoundPort(cfg Config, region string) (*boundPort, error) {
	identity, err := proxy.NewIdentity(proxy.Hosts(region), cfg.Now())
	if err != nil {
		return nil, err
	}
	own := identity.Certificate
	if (cfg.TLSCert == "") != (cfg.TLSKey == "") {
		return nil, errors.New("--tls-cert and --tls-key belong together")
	}
	if cfg.TLSCert != "" {
		if own, err = tls.LoadX509KeyPair(cfg.TLSCert, cfg.TLSKey); err != nil {
			return nil, fmt.Errorf("--tls-cert, --tls-key: %w", err)
		}
	}
	return &boundPort{identity: identity, tls: &tls.Config{
		Certificates: []tls.Certificate{own},
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"h2", "http/1.1"},
	}}, nil
}

// serve writes the bundle and starts to answer.
func (a *App) serve(port *boundPort, set settings, services []*awshttp.Service) error {
	if err := a.writeBundle(port.identity); err != nil {
		return err
	}
	a.attention.next = awshttp.NewHandler(awshttp.Config{
		Keys:     a.keyring(set.Account),
		Services: services,
		Now:      a.cfg.Now,
		Log:      a.cfg.Log,
		Metrics:  a.registry,
	})
	p := proxy.New(proxy.Config{
		Password:    a.server.ProxyPassword,
		Hosts:       proxy.Hosts(set.Region),
		Certificate: port.identity.Certificate,
		Handler:     a.attention,
		Upstream:    notItself(a.cfg.Upstream, port.listener.Addr()),
		Log:         a.cfg.Log,
	})
	a.onClose("the proxy", p.Close)
	quiet := slog.NewLogLogger(a.cfg.Log.Handler(), slog.LevelDebug) // clients that break off, mostly
	srv := &http.Server{
		Handler: &handler{
			proxy: p, aws: a.attention,
			metrics:     promhttp.HandlerFor(a.registry, promhttp.HandlerOpts{ErrorLog: quiet}),
			ready:       a.readiness,
			plainForAll: a.cfg.InsecureHTTP,
		},
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          quiet,
		TLSConfig:         port.tls,
	}
	var done sync.WaitGroup
	done.Go(func() {
		if err := srv.Serve(newDualListener(port.listener, port.tls)); !errors.Is(err, http.ErrServerClosed) {
			a.failed <- fmt.Errorf("serve: %w", err)
		}
	})
	a.onClose("the HTTP server", func() error {
		defer done.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
		defer cancel()
		err := srv.Shutdown(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			a.cfg.Log.Warn("requests were cut off at the end", "after", drainTimeout)
			return srv.Close()
		}
		return err
	})
	return nil
}

// writeBundle leaves the roots of this environment and our own authority for `larder env`.
func (a *App) writeBundle(id *proxy.Identity) error {
	roots, err := proxy.Roots(a.cfg.Getenv)
	if err != nil {
		a.cfg.Log.Warn("the roots that this environment trusts cannot be read", "error", err)
	}
	return writeFile(a.dir.path(proxy.BundleName), proxy.Bundle(roots, id.Authority), 0o644)
}

func (a *App) readiness() readiness {
	r := readiness{Status: statusReady, Instance: a.server.Instance}
	if a.stopping.Load() {
		r.Status = statusStopping
	}
	return r
}

// keyring returns a ring of the root key. Any two of them know the same keys.
func (a *App) keyring(account string) *access.Keyring {
	return access.NewKeyring(access.Key{ID: a.key.ID, Secret: a.key.Secret, Principal: rootPrincipal(account)})
}

// rootPrincipal is who the root key is: a role's session, because the SageMaker SDK refuses a caller
// that is not a role.
func rootPrincipal(account string) access.Principal {
	return access.Principal{
		ARN:     "arn:aws:sts::" + account + ":assumed-role/larder/root",
		UserID:  "AROALARDERROOTROLE234:root",
		Account: account,
	}
}

// notItself leaves out a proxy that is this very server: a shell that has its environment may start it.
func notItself(upstream func(*http.Request) (*url.URL, error), own net.Addr) func(*http.Request) (*url.URL, error) {
	_, port, err := net.SplitHostPort(own.String())
	if err != nil {
		return upstream
	}
	return func(r *http.Request) (*url.URL, error) {
		u, err := upstream(r)
		if err == nil && u != nil && u.User.Username() == proxy.User && u.Port() == port && strings.HasPrefix(u.Hostname(), "127.") {
			return nil, nil
		}
		return u, err
	}
}
