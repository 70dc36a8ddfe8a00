package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/larder-dev/larder/internal/proxy"
)

// testConfig is a server on a port that is free. Its queries have no engine.
func testConfig(dir string) Config {
	return Config{
		Dir: dir, Listen: "127.0.0.1:0", Worker: []string{"false"},
		Getenv:   func(string) string { return "" },
		Upstream: func(*http.Request) (*url.URL, error) { return nil, nil },
	}
}

func open(t *testing.T, cfg Config) *App {
	t.Helper()
	a, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return a
}

func refused(t *testing.T, cfg Config, words ...string) {
	t.Helper()
	a, err := Open(t.Context(), cfg)
	if err == nil {
		a.Close() // the test has failed
		t.Fatal("the server started")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q does not say %q", err, word)
		}
	}
}

func fetch(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestServerAnswersHealthWithoutSignature(t *testing.T) {
	a := open(t, testConfig(t.TempDir()))
	tests := []struct {
		path, want string
		status     int
	}{
		{"/healthz", "ok\n", 200},
		{"/readyz", `"status":"ready"`, 200},
		{"/metrics", "go_goroutines", 200},
		{"/metrics", "process_start_time_seconds", 200},
		{"/", "", 403},
		{"/bucket/key", "AccessDenied", 403},
	}
	for _, test := range tests {
		status, body := fetch(t, http.DefaultClient, a.Server().Endpoint+test.path)
		if status != test.status || !strings.Contains(body, test.want) {
			t.Errorf("GET %s: %d %.200q, want %d and %q", test.path, status, body, test.status, test.want)
		}
	}
}

func TestSecondServerOnADirectoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	a := open(t, testConfig(dir))
	refused(t, testConfig(dir), "in use", a.Server().Endpoint)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	refused(t, testConfig(link), "in use")
	if status, _ := fetch(t, http.DefaultClient, a.Server().Endpoint+"/readyz"); status != 200 {
		t.Errorf("the first server answers %d after the second was refused", status)
	}
}

func TestSecretsAreTheOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	open(t, testConfig(dir))
	for _, name := range []string{rootKeyName, serverName} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has mode %o, want 600", name, got)
		}
	}
}

func TestRestartKeepsKeyRegionAndProxyPassword(t *testing.T) {
	dir := t.TempDir()
	cfg := testConfig(dir)
	cfg.Region, cfg.Account = "eu-central-1", "210987654321"
	first := open(t, cfg)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadServer(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after Close, reading server.json: %v", err)
	}
	second := open(t, testConfig(dir))
	if first.RootKey() != second.RootKey() {
		t.Error("the root key has changed")
	}
	a, b := first.Server(), second.Server()
	if a.ProxyPassword != b.ProxyPassword || b.Region != "eu-central-1" || b.Account != "210987654321" {
		t.Errorf("first %s %s, second %s %s; same password: %v", a.Region, a.Account, b.Region, b.Account, a.ProxyPassword == b.ProxyPassword)
	}
	if a.Authority == b.Authority {
		t.Error("the authority outlived its server")
	}
}

func TestOtherRegionOrAccountOnTheSameDataIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, testConfig(dir)).Close(); err != nil {
		t.Fatal(err)
	}
	cfg := testConfig(dir)
	cfg.Region = "eu-west-1"
	refused(t, cfg, "made for region us-east-1", "eu-west-1")
	cfg = testConfig(dir)
	cfg.Account = "210987654321"
	refused(t, cfg, "made for account 123456789012", "210987654321")
	open(t, testConfig(dir))
}

func TestBadSettingsAreRefused(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"account":        func(c *Config) { c.Account = "12345" },
		"region":         func(c *Config) { c.Region = "US East" },
		"listen":         func(c *Config) { c.Listen = "9444" },
		"all addresses":  func(c *Config) { c.Listen = ":0" },
		"open address":   func(c *Config) { c.Listen = "0.0.0.0:0" },
		"half a TLS":     func(c *Config) { c.TLSCert = "cert.pem" },
		"TLS not there":  func(c *Config) { c.TLSCert, c.TLSKey = "no-cert.pem", "no-key.pem" },
		"no data":        func(c *Config) { c.Dir = "" },
		"file as a data": func(c *Config) { c.Dir = os.Args[0] },
	} {
		t.Run(name, func(t *testing.T) {
			cfg := testConfig(t.TempDir())
			change(&cfg)
			refused(t, cfg)
		})
	}
}

func TestDirectoryOfSomebodyElseIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.tex"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, testConfig(dir), "thesis.tex", "not made by larder")
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v is there now, error %v", entries, err)
	}
}

func TestOtherFilesInOurOwnDirectoryAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	if err := open(t, testConfig(dir)).Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a-note", "larder-sagemaker.yaml", "shell-1", "zebra"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	open(t, testConfig(dir))
}

func TestDamagedFilesAreNamed(t *testing.T) {
	for _, name := range []string{settingsName, rootKeyName} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := open(t, testConfig(dir)).Close(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, name)
			for _, text := range []string{"", "{", `{"version":99}`, `{"version":1}`} {
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				refused(t, testConfig(dir), name)
			}
		})
	}
}

func TestTakenPortIsRefusedBeforeAnythingIsTouched(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	cfg := testConfig(dir)
	cfg.Listen = l.Addr().String()
	refused(t, cfg, "address already in use", "--listen")
	if _, err := os.Stat(filepath.Join(dir, databaseName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("database: %v", err)
	}
}

func TestRunningFindsTheServerThatAnswers(t *testing.T) {
	dir := t.TempDir()
	if _, err := Running(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "larder serve") {
		t.Errorf("without a server: %v", err)
	}
	a := open(t, testConfig(dir))
	s, err := Running(t.Context(), dir)
	if err != nil || s.Instance != a.Server().Instance {
		t.Errorf("with a server: %+v, %v", s, err)
	}
	// What a killed server leaves, while another program has its port.
	left := a.Server()
	left.Instance = "OTHER"
	if err := a.dir.writeServer(left); err != nil {
		t.Fatal(err)
	}
	if _, err := Running(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "somebody else") {
		t.Errorf("with another program on the port: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := a.dir.writeServer(left); err != nil {
		t.Fatal(err)
	}
	if _, err := Running(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("after the server was killed: %v", err)
	}
}

// stsClient calls the endpoint as an AWS program does.
func stsClient(a *App, endpoint string, c *http.Client) *sts.Client {
	key := a.RootKey()
	return sts.New(sts.Options{
		Region: a.Server().Region, BaseEndpoint: aws.String(endpoint), HTTPClient: c, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(key.ID, key.Secret, ""),
	})
}

// trusting is a client that trusts the bundle of the data directory.
func trusting(t *testing.T, a *App, through func(*http.Request) (*url.URL, error)) *http.Client {
	t.Helper()
	text, err := os.ReadFile(a.dir.path(proxy.BundleName))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		t.Fatal("the bundle has no certificates")
	}
	transport := &http.Transport{Proxy: through, TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestOnePortAnswersPlainTLSAndConnect(t *testing.T) {
	a := open(t, testConfig(t.TempDir()))
	plain, err := url.Parse(a.Server().Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	through, err := url.Parse(proxy.URL(plain.Host, a.Server().ProxyPassword))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, endpoint string
		client         *http.Client
	}{
		{"plain", a.Server().Endpoint, http.DefaultClient},
		{"TLS", "https://" + plain.Host, trusting(t, a, nil)},
		{"TLS by name", "https://localhost:" + plain.Port(), trusting(t, a, nil)},
		{"CONNECT", "https://sts.us-east-1.amazonaws.com", trusting(t, a, http.ProxyURL(through))},
		{"CONNECT, the old name", "https://sts.amazonaws.com", trusting(t, a, http.ProxyURL(through))},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, err := stsClient(a, test.endpoint, test.client).GetCallerIdentity(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if want := "arn:aws:sts::123456789012:assumed-role/larder/root"; aws.ToString(out.Arn) != want {
				t.Errorf("caller %s, want %s", aws.ToString(out.Arn), want)
			}
		})
	}
}

func TestConnectWithoutPasswordIsRefused(t *testing.T) {
	a := open(t, testConfig(t.TempDir()))
	plain, err := url.Parse(a.Server().Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	_, err = trusting(t, a, http.ProxyURL(plain)).Get("https://sts.amazonaws.com/")
	if err == nil || !strings.Contains(err.Error(), "Proxy Authentication Required") {
		t.Errorf("error %v", err)
	}
}

func TestServerThatIsItsOwnUpstreamGoesDirect(t *testing.T) {
	own := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9444}
	tests := map[string]bool{
		"http://larder:pw@127.0.0.1:9444": false,
		"http://larder:pw@127.0.0.1:9445": true,
		"http://corp:pw@127.0.0.1:9444":   true,
		"http://proxy.corp:3128":          true,
	}
	for text, kept := range tests {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := notItself(http.ProxyURL(u), own)(&http.Request{URL: &url.URL{Scheme: "https", Host: "x"}})
		if err != nil || (got != nil) != kept {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func TestOpenThatFailsLeavesNothingOpen(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	cfg := testConfig(dir)
	cfg.Listen = "localhost:0"
	if a, err := Open(ctx, cfg); err == nil {
		a.Close() // the test has failed
		t.Fatal("a cancelled start succeeded")
	}
	open(t, testConfig(dir))
}
