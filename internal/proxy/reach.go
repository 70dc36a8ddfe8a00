package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// reach connects to port 443 of a host: directly, or through the proxy that was set before.
func (p *Proxy) reach(ctx context.Context, host string) (net.Conn, error) {
	if err := checkName(host); err != nil {
		return nil, err
	}
	through, err := p.cfg.Upstream(&http.Request{URL: &url.URL{Scheme: "https", Host: net.JoinHostPort(host, "443")}})
	if err != nil {
		return nil, fmt.Errorf("read HTTPS_PROXY: %w", err)
	}
	if through != nil {
		return p.reachThrough(ctx, host, through)
	}
	addrs, err := p.resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	return p.dialAny(ctx, addrs)
}

// resolve looks a name up once. What is checked here is what is dialled, so a name server cannot
// change its mind in between; one address too many in its answer is enough to refuse it.
func (p *Proxy) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil // checkName has seen it
	}
	addrs, err := p.cfg.Resolve(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("resolve %s: %w", host, err)
	}
	for _, a := range addrs {
		if !public(a) {
			return nil, refuse(http.StatusForbidden, "%s resolves to %s, which is not a public address; to reach it without this proxy, add it to NO_PROXY", host, a)
		}
	}
	if len(addrs) == 0 {
		return nil, fmt.Errorf("resolve %s: no address", host)
	}
	return addrs, nil
}

func (p *Proxy) dialAny(ctx context.Context, addrs []netip.Addr) (net.Conn, error) {
	var errs []error
	for _, a := range addrs {
		attempt, cancel := context.WithTimeout(ctx, attemptTimeout)
		conn, err := p.cfg.Dial(attempt, "tcp", netip.AddrPortFrom(a.Unmap(), 443).String())
		cancel()
		if err == nil {
			return conn, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// reachThrough asks another proxy for the connection. The name goes there unresolved: behind such
// a proxy there is often no name service for the outside.
func (p *Proxy) reachThrough(ctx context.Context, host string, through *url.URL) (net.Conn, error) {
	conn, err := p.dialProxy(ctx, through)
	if err != nil {
		return nil, fmt.Errorf("through HTTPS_PROXY %s: %w", through.Redacted(), err)
	}
	end, _ := ctx.Deadline() // ServeHTTP has set one
	conn.SetDeadline(end)
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	req := &http.Request{
		Method: http.MethodConnect,
		Host:   net.JoinHostPort(host, "443"),
		URL:    &url.URL{Opaque: net.JoinHostPort(host, "443")},
		Header: http.Header{"Via": {"1.1 larder-" + p.id}},
	}
	if u := through.User; u != nil {
		password, _ := u.Password()
		text := base64.StdEncoding.EncodeToString([]byte(u.Username() + ":" + password))
		req.Header.Set("Proxy-Authorization", "Basic "+text)
	}
	if err := req.Write(conn); err != nil {
		conn.Close()
		return nil, fmt.Errorf("through HTTPS_PROXY %s: %w", through.Redacted(), err)
	}
	r := bufio.NewReader(conn)
	resp, err := http.ReadResponse(r, req)
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("through HTTPS_PROXY %s: %w", through.Redacted(), err)
	}
	if resp.StatusCode != http.StatusOK {
		conn.Close()
		return nil, refuse(http.StatusBadGateway, "HTTPS_PROXY %s answers %s for %s", through.Redacted(), resp.Status, host)
	}
	conn.SetDeadline(time.Time{})
	if r.Buffered() > 0 {
		conn = &ahead{Conn: conn, r: r}
	}
	return conn, nil
}

func (p *Proxy) dialProxy(ctx context.Context, through *url.URL) (net.Conn, error) {
	port := through.Port()
	switch through.Scheme {
	case "http":
		if port == "" {
			port = "80"
		}
	case "https":
		if port == "" {
			port = "443"
		}
	default:
		return nil, fmt.Errorf("a proxy by %s:// is not supported; http:// and https:// are", through.Scheme)
	}
	conn, err := p.cfg.Dial(ctx, "tcp", net.JoinHostPort(through.Hostname(), port))
	if err != nil || through.Scheme == "http" {
		return conn, err
	}
	secure := tls.Client(conn, &tls.Config{ServerName: through.Hostname(), MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}
