// Package proxy is the CONNECT proxy that brings calls to the fixed host names of AWS STS to this
// server. It ends TLS for those names only, with a certificate that can speak for nothing else, and
// relays the rest as bytes. It must never look into what it relays, reach a host of the local
// network, or serve a caller without the password. Why it is there: docs/decisions/proxy-and-ca.md.
package proxy

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	connectTimeout   = 10 * time.Second // to resolve, dial and, behind another proxy, be let through
	attemptTimeout   = 4 * time.Second  // for one of several addresses
	handshakeTimeout = 10 * time.Second // for the TLS that is ended here
	idleTimeout      = 5 * time.Minute  // without a byte either way
)

// Config says what a Proxy does.
type Config struct {
	Password string // of user User; required
	// Hosts are the names whose TLS is ended here. Handler gets what was in it.
	Hosts       []string
	Certificate tls.Certificate
	Handler     http.Handler
	// Upstream names the proxy through which to reach an https URL; nil, or a nil result: none.
	Upstream func(*http.Request) (*url.URL, error)
	// Resolve and Dial reach the network; nil is the system's own.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	Dial    func(ctx context.Context, network, address string) (net.Conn, error)
	Log     *slog.Logger // required
}

// A Proxy answers CONNECT requests. It is safe for concurrent use.
type Proxy struct {
	cfg   Config
	id    string // tells this proxy from others in a chain of them
	inner *http.Server
	ended *queue
	wg    sync.WaitGroup // the inner server and every relay

	mu     sync.Mutex // guards conns, closed
	conns  map[net.Conn]struct{}
	closed bool
}

// New returns a Proxy that is ready for requests. It runs goroutines until Close.
func New(cfg Config) *Proxy {
	if cfg.Resolve == nil {
		cfg.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	if cfg.Dial == nil {
		cfg.Dial = (&net.Dialer{}).DialContext
	}
	if cfg.Upstream == nil {
		cfg.Upstream = func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	p := &Proxy{cfg: cfg, id: rand.Text(), ended: newQueue(), conns: make(map[net.Conn]struct{})}
	p.inner = &http.Server{
		Handler:           cfg.Handler,
		ReadHeaderTimeout: handshakeTimeout,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug),
		TLSConfig: &tls.Config{
			Certificates: []tls.Certificate{cfg.Certificate},
			MinVersion:   tls.VersionTLS12,
			NextProtos:   []string{"h2", "http/1.1"},
		},
	}
	p.wg.Go(func() {
		if err := p.inner.Serve(p.ended); !errors.Is(err, http.ErrServerClosed) {
			cfg.Log.Error("proxy stopped ending TLS", "error", err)
		}
	})
	return p
}

// Close ends every relay and returns when all goroutines have. It is called once the HTTP server
// that feeds the Proxy takes no more requests.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.closed = true
	for c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	err := p.inner.Close()
	p.wg.Wait()
	return err
}

// A refusal is why a CONNECT is not carried out, with the status that says so.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

func refuse(status int, format string, args ...any) *refusal {
	return &refusal{status, fmt.Sprintf(format, args...)}
}

// ServeHTTP carries out one CONNECT request, and refuses any other.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := p.connect(w, r); err != nil {
		status := http.StatusBadGateway
		var no *refusal
		if errors.As(err, &no) {
			status = no.status
		}
		p.cfg.Log.Debug("proxy refused a connection", "target", r.Host, "status", status, "reason", err.Error())
		if status == http.StatusProxyAuthRequired {
			w.Header().Set("Proxy-Authenticate", `Basic realm="larder"`)
		}
		// The client has not been promised a tunnel, and what it sends next is not HTTP to us.
		w.Header().Set("Connection", "close")
		http.Error(w, "larder proxy: "+err.Error(), status)
	}
}

func (p *Proxy) connect(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodConnect {
		return refuse(http.StatusMethodNotAllowed, "this proxy knows CONNECT only")
	}
	if !authorised(r.Header.Get("Proxy-Authorization"), p.cfg.Password) {
		return refuse(http.StatusProxyAuthRequired, `the proxy password is missing or wrong; eval "$(larder env)" again if the server was restarted`)
	}
	if strings.Contains(strings.Join(r.Header.Values("Via"), ","), p.id) {
		return refuse(http.StatusLoopDetected, "HTTPS_PROXY leads back to this proxy")
	}
	host, port, err := target(r.Host)
	if err != nil {
		return err
	}
	switch {
	case port != "443":
		return refuse(http.StatusForbidden, "port %s of %s: only port 443 is relayed", port, host)
	case slices.Contains(p.cfg.Hosts, host):
		return p.end(w)
	case telemetry(host):
		return refuse(http.StatusForbidden, "%s collects SDK telemetry and is not relayed", host)
	}
	ctx, cancel := context.WithTimeout(r.Context(), connectTimeout)
	defer cancel()
	far, err := p.reach(ctx, host)
	if err != nil {
		return err
	}
	return p.relay(w, far)
}

// target splits what a client wants to be connected to. Host comes in lower case, without a dot at its end.
func target(authority string) (host, port string, err error) {
	host, port, err = net.SplitHostPort(authority)
	if err != nil {
		return "", "", refuse(http.StatusBadRequest, "%q is not host:port", authority)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" || strings.ContainsAny(host, "% \t\r\n/@") {
		return "", "", refuse(http.StatusBadRequest, "%q names no host", authority)
	}
	return host, port, nil
}

// telemetry knows the buckets to which the SageMaker Python SDK reports each call that a program
// makes. It sets no time-out, so these are refused at once instead of tried.
func telemetry(host string) bool {
	return strings.HasPrefix(host, "sm-pysdk-t-") &&
		(strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".amazonaws.com.cn"))
}

// end takes the connection over and hands it to the inner server, which ends its TLS.
func (p *Proxy) end(w http.ResponseWriter) error {
	near, err := p.takeOver(w)
	if err != nil {
		return err
	}
	p.ended.push(tls.Server(near, p.inner.TLSConfig))
	return nil
}

// takeOver takes the client's connection from the HTTP server and tells the client that it is
// connected. After it has returned a connection nothing more can be said in HTTP.
func (p *Proxy) takeOver(w http.ResponseWriter) (net.Conn, error) {
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, refuse(http.StatusHTTPVersionNotSupported, "CONNECT needs HTTP/1.1")
	}
	conn.SetDeadline(time.Now().Add(handshakeTimeout))
	if _, err := conn.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		conn.Close()
		return nil, fmt.Errorf("answer CONNECT: %w", err)
	}
	conn.SetDeadline(time.Time{})
	if buffered.Reader.Buffered() > 0 {
		conn = &ahead{Conn: conn, r: buffered.Reader}
	}
	return conn, nil
}

// ahead is a connection whose first bytes have been read into a buffer already.
type ahead struct {
	net.Conn
	r *bufio.Reader
}

func (a *ahead) Read(b []byte) (int, error) { return a.r.Read(b) }

// CloseWrite tells the client that no more will come.
func (a *ahead) CloseWrite() error { return closeWrite(a.Conn) }
