package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

const password = "open sesame"

// A fixture is a Proxy behind an HTTP server. The names of its resolver lead to far, a TLS server on this
// machine, whatever address they resolve to.
type fixture struct {
	address string
	id      *Identity
	far     *httptest.Server
	dialled chan string
}

func newFixture(t *testing.T, change func(*Config)) *fixture {
	t.Helper()
	f := &fixture{dialled: make(chan string, 100)}
	f.far = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "far %s %s", r.Host, r.URL.Path)
	}))
	t.Cleanup(f.far.Close)
	var err error
	f.id, err = NewIdentity(Hosts("us-east-1"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Password:    password,
		Hosts:       Hosts("us-east-1"),
		Certificate: f.id.Certificate,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "ours %s %s", r.Host, r.URL.Path)
		}),
		Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
			switch host {
			case "far.example.com":
				return []netip.Addr{netip.MustParseAddr("93.184.215.14")}, nil
			case "mixed.example.com":
				return []netip.Addr{netip.MustParseAddr("93.184.215.14"), netip.MustParseAddr("10.0.0.1")}, nil
			case "nowhere.example.com":
				return nil, nil
			}
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			f.dialled <- address
			return (&net.Dialer{}).DialContext(ctx, network, f.far.Listener.Addr().String())
		},
		Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&cfg)
	}
	p := New(cfg)
	front := httptest.NewServer(p)
	f.address = front.Listener.Addr().String()
	t.Cleanup(func() {
		front.Close()
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return f
}

// client is an HTTP client that goes through the proxy and trusts the far server, and ours.
func (f *fixture) client(t *testing.T, password string) *http.Client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(f.far.Certificate())
	if !roots.AppendCertsFromPEM(f.id.Authority) {
		t.Fatal("the authority is no PEM")
	}
	through, err := url.Parse(URL(f.address, password))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{
		Proxy:             http.ProxyURL(through),
		TLSClientConfig:   &tls.Config{RootCAs: roots},
		DisableKeepAlives: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(t *testing.T, c *http.Client, url string) (string, *http.Response) {
	t.Helper()
	resp, err := c.Get(url)
	if err != nil {
		t.Fatalf("GET %s: %v", url, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("GET %s: %v", url, err)
	}
	return string(body), resp
}

// connect sends one CONNECT and returns the status that it gets.
func (f *fixture) connect(t *testing.T, target, authorization string) (int, http.Header) {
	t.Helper()
	conn, err := net.Dial("tcp", f.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n", target, target)
	if authorization != "" {
		fmt.Fprintf(conn, "Proxy-Authorization: %s\r\n", authorization)
	}
	fmt.Fprint(conn, "\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: http.MethodConnect})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode, resp.Header
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func TestOtherHostsAreRelayedWithTheirOwnCertificate(t *testing.T) {
	f := newFixture(t, nil)
	// The certificate of httptest speaks for example.com and its subdomains.
	body, resp := get(t, f.client(t, password), "https://far.example.com/path")
	if body != "far far.example.com /path" {
		t.Errorf("body %q is not the far server's", body)
	}
	if !resp.TLS.PeerCertificates[0].Equal(f.far.Certificate()) {
		t.Error("TLS of another host was ended on the way")
	}
	if got := <-f.dialled; got != "93.184.215.14:443" {
		t.Errorf("dialled %s, want the address that was resolved and checked", got)
	}
}

func TestRelayCarriesMuchBothWays(t *testing.T) {
	f := newFixture(t, nil)
	f.far.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	big := strings.Repeat("0123456789", 1<<20)
	resp, err := f.client(t, password).Post("https://far.example.com/", "text/plain", strings.NewReader(big))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != big {
		t.Errorf("%d bytes came back of %d, error %v", len(body), len(big), err)
	}
}

func TestSTSIsEndedHereByTheConstrainedCertificate(t *testing.T) {
	for _, host := range []string{"sts.us-east-1.amazonaws.com", "sts.amazonaws.com", "STS.us-east-1.amazonaws.com."} {
		t.Run(host, func(t *testing.T) {
			f := newFixture(t, nil)
			c := f.client(t, password)
			c.Transport.(*http.Transport).TLSClientConfig.ServerName = strings.ToLower(strings.TrimSuffix(host, "."))
			body, resp := get(t, c, "https://"+host+"/")
			if body != "ours "+host+" /" {
				t.Errorf("body %q is not ours, or the Host was changed", body)
			}
			if issuer := resp.TLS.PeerCertificates[0].Issuer.Organization; len(issuer) != 1 || issuer[0] != "Larder" {
				t.Errorf("certificate is by %v", issuer)
			}
			if len(f.dialled) > 0 {
				t.Errorf("dialled %s", <-f.dialled)
			}
		})
	}
}

func TestHTTP2IsSpokenInsideEndedTLS(t *testing.T) {
	f := newFixture(t, nil)
	c := f.client(t, password)
	c.Transport.(*http.Transport).ForceAttemptHTTP2 = true
	if _, resp := get(t, c, "https://sts.amazonaws.com/"); resp.ProtoMajor != 2 {
		t.Errorf("protocol %s, want HTTP/2", resp.Proto)
	}
}

func TestSTSOfAnotherRegionIsNotEnded(t *testing.T) {
	f := newFixture(t, func(c *Config) {
		c.Resolve = func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("52.94.241.129")}, nil
		}
	})
	_, err := f.client(t, password).Get("https://sts.eu-west-1.amazonaws.com/")
	if err == nil || !strings.Contains(err.Error(), "certificate is valid for example.com") {
		t.Errorf("error %v, want the far server's certificate", err)
	}
}

func TestCallersWithoutThePasswordAreRefused(t *testing.T) {
	f := newFixture(t, nil)
	tests := map[string]string{
		"none":           "",
		"wrong password": basic(User, "open barley"),
		"wrong user":     basic("root", password),
		"no password":    basic(User, ""),
		"prefix":         basic(User, password[:5]),
		"not base64":     "Basic ????",
		"other scheme":   "Bearer " + password,
	}
	for name, authorization := range tests {
		t.Run(name, func(t *testing.T) {
			for _, target := range []string{"far.example.com:443", "sts.amazonaws.com:443"} {
				status, header := f.connect(t, target, authorization)
				if status != http.StatusProxyAuthRequired {
					t.Errorf("CONNECT %s: %d, want 407", target, status)
				}
				if header.Get("Proxy-Authenticate") == "" {
					t.Error("407 without Proxy-Authenticate")
				}
			}
		})
	}
	if len(f.dialled) > 0 {
		t.Errorf("dialled %s", <-f.dialled)
	}
}

func TestTargetsThatAreNotThePublicInternetAreRefused(t *testing.T) {
	f := newFixture(t, nil)
	tests := []struct {
		target string
		want   int
	}{
		{"far.example.com:80", 403},
		{"far.example.com:22", 403},
		{"sts.amazonaws.com:80", 403},
		{"far.example.com", 400},
		{":443", 400},
		{"private.example.com:443", 403}, // resolves to 127.0.0.1
		{"mixed.example.com:443", 403},   // one address of two is private
		{"nowhere.example.com:443", 502},
		{"127.0.0.1:443", 403},
		{"10.1.2.3:443", 403},
		{"169.254.169.254:443", 403},
		{"[::1]:443", 403},
		{"[::ffff:127.0.0.1]:443", 403},
		{"[fe80::1%25eth0]:443", 400},
		{"localhost:443", 403},
		{"a.localhost:443", 403},
		{"2130706433:443", 403},
		{"127.1:443", 403},
		{"0x7f.0x1:443", 403},
		{"sm-pysdk-t-us-east-1.s3.us-east-1.amazonaws.com:443", 403},
		{"sm-pysdk-t-eu-west-1.s3.eu-west-1.amazonaws.com:443", 403},
	}
	for _, test := range tests {
		t.Run(test.target, func(t *testing.T) {
			if got, _ := f.connect(t, test.target, basic(User, password)); got != test.want {
				t.Errorf("CONNECT %s: %d, want %d", test.target, got, test.want)
			}
		})
	}
	if len(f.dialled) > 0 {
		t.Errorf("dialled %s", <-f.dialled)
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	f := newFixture(t, nil)
	resp, err := http.Get("http://" + f.address + "/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d, want 405", resp.StatusCode)
	}
}

func TestPublicAddresses(t *testing.T) {
	tests := map[string]bool{
		"8.8.8.8": true, "52.94.241.129": true, "2600:1f18::1": true, "64:ff9b::8.8.8.8": true, "::ffff:8.8.8.8": true,
		"0.0.0.0": false, "0.1.2.3": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false,
		"127.0.0.1": false, "127.255.255.254": false, "169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false,
		"224.0.0.1": false, "239.255.255.255": false, "240.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false, "192.0.0.8": false,
		"::": false, "::1": false, "fe80::1": false, "fec0::1": false, "fc00::1": false, "fd12::1": false, "ff02::1": false, "2002:7f00:1::": false,
		"2001::1": false, "2001:db8::1": false, "64:ff9b::127.0.0.1": false, "64:ff9b::10.0.0.1": false, "::ffff:10.0.0.1": false, "::127.0.0.1": false,
		"172.32.0.1": true, "100.128.0.1": true, "fe80::1%eth0": false,
	}
	for text, want := range tests {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("public(%s) = %v, want %v", text, got, want)
		}
	}
}

func TestRelayGoesThroughTheProxyThatWasSet(t *testing.T) {
	outer := newFixture(t, nil)
	inner := newFixture(t, func(c *Config) {
		through, err := url.Parse(URL(outer.address, password))
		if err != nil {
			t.Fatal(err)
		}
		c.Upstream = http.ProxyURL(through)
		c.Dial = (&net.Dialer{}).DialContext
		c.Resolve = func(context.Context, string) ([]netip.Addr, error) {
			t.Error("a name was resolved that the other proxy is to resolve")
			return nil, nil
		}
	})
	c := inner.client(t, password)
	c.Transport.(*http.Transport).TLSClientConfig.RootCAs.AddCert(outer.far.Certificate())
	if body, _ := get(t, c, "https://far.example.com/x"); body != "far far.example.com /x" {
		t.Errorf("body %q", body)
	}
	if got := <-outer.dialled; got != "93.184.215.14:443" {
		t.Errorf("the outer proxy dialled %s", got)
	}
	status, _ := inner.connect(t, "private.example.com:443", basic(User, password))
	if status != http.StatusBadGateway {
		t.Errorf("what the outer proxy refuses: %d, want 502", status)
	}
}

func TestChainThatLeadsBackIsRefused(t *testing.T) {
	var self *url.URL
	f := newFixture(t, func(c *Config) {
		c.Upstream = func(*http.Request) (*url.URL, error) { return self, nil }
		c.Dial = (&net.Dialer{}).DialContext
	})
	self, _ = url.Parse(URL(f.address, password))
	if status, _ := f.connect(t, "far.example.com:443", basic(User, password)); status != http.StatusBadGateway {
		t.Errorf("status %d, want 502", status)
	}
}

func TestUpstreamOfUnknownKindIsRefused(t *testing.T) {
	f := newFixture(t, func(c *Config) {
		c.Upstream = http.ProxyURL(&url.URL{Scheme: "socks5", Host: "127.0.0.1:1"})
	})
	if status, _ := f.connect(t, "far.example.com:443", basic(User, password)); status != http.StatusBadGateway {
		t.Errorf("status %d, want 502", status)
	}
}

func TestClientThatDoesNotWaitForTheAnswerIsHeard(t *testing.T) {
	f := newFixture(t, func(c *Config) {
		c.Dial = func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			go func() { io.Copy(far, far) }() // ends with the pipe
			return near, nil
		}
	})
	conn, err := net.Dial("tcp", f.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "CONNECT far.example.com:443 HTTP/1.1\r\nHost: far.example.com:443\r\nProxy-Authorization: %s\r\n\r\nearly", basic(User, password))
	r := bufio.NewReader(conn)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if line == "\r\n" {
			break
		}
	}
	got := make([]byte, len("early"))
	if _, err := io.ReadFull(r, got); err != nil || string(got) != "early" {
		t.Errorf("echo %q, error %v", got, err)
	}
}

func TestCloseEndsRelays(t *testing.T) {
	hang := make(chan struct{})
	far := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer far.Close()
	defer close(hang)
	p := New(Config{
		Password: password, Handler: http.NotFoundHandler(), Log: slog.New(slog.DiscardHandler),
		Resolve: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("8.8.8.8")}, nil
		},
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, far.Listener.Addr().String())
		},
	})
	front := httptest.NewServer(p)
	defer front.Close()
	f := &fixture{address: front.Listener.Addr().String()}
	conn, err := net.Dial("tcp", f.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "CONNECT x.example.com:443 HTTP/1.1\r\nHost: x.example.com:443\r\nProxy-Authorization: %s\r\n\r\n", basic(User, password))
	r := bufio.NewReader(conn)
	if line, err := r.ReadString('\n'); err != nil || !strings.Contains(line, "200") {
		t.Fatalf("%q, %v", line, err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if _, err := io.ReadAll(r); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Errorf("the client sees %v, want an end", err)
	}
}
