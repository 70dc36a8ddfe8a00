package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/larder-dev/larder/internal/app"
)

// asVariable makes this test binary act as something else.
const asVariable = "LARDER_TEST_AS"

// TestMain lets the test binary be larder, and be a program that calls AWS.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "worker" {
		main() // a query worker starts with an empty environment
	}
	switch os.Getenv(asVariable) {
	case "larder":
		main()
	case "caller":
		if err := callSTS(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// callSTS asks who it is, as the SageMaker SDK does: by host name, over TLS, with nothing but its
// environment to go by.
func callSTS(endpoint string) error {
	text, err := os.ReadFile(os.Getenv("AWS_CA_BUNDLE"))
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	client := sts.New(sts.Options{
		Region: os.Getenv("AWS_DEFAULT_REGION"), BaseEndpoint: aws.String(endpoint), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")),
		HTTPClient:  &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots}}},
	})
	out, err := client.GetCallerIdentity(context.Background(), nil)
	if err != nil {
		return err
	}
	fmt.Println(aws.ToString(out.Arn))
	return nil
}

// larder is a command line of this binary, in an environment of its own.
func larder(t *testing.T, environ []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), asVariable + "=larder"}, environ...)
	return cmd
}

// result runs a command to its end.
func result(t *testing.T, cmd *exec.Cmd) (out, errOut string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// A served server runs until the test ends.
type served struct {
	dir    string
	cmd    *exec.Cmd
	log    bytes.Buffer
	server *app.Server
}

// serve starts a server and waits until it answers.
func serve(t *testing.T, dir string, flags ...string) *served {
	t.Helper()
	s := &served{dir: dir, cmd: larder(t, nil, append([]string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, flags...)...)}
	logs, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(t, syscall.SIGTERM) })
	line := make([]byte, 1)
	for !strings.HasSuffix(s.log.String(), "\n") {
		if _, err := io.ReadFull(logs, line); err != nil {
			t.Fatalf("the server ended before it was ready: %s", s.log.String())
		}
		s.log.Write(line)
	}
	if s.server, err = app.Running(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	return s
}

// stop ends the server and tells how it ended.
func (s *served) stop(t *testing.T, sig os.Signal) int {
	t.Helper()
	if s.cmd.ProcessState == nil {
		if err := s.cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		s.cmd.Wait() // the state tells
	}
	return s.cmd.ProcessState.ExitCode()
}

func TestServeEndsCleanlyWhenTold(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		s := serve(t, t.TempDir())
		if !strings.Contains(s.log.String(), "ready") || strings.Count(s.log.String(), "\n") != 1 {
			t.Errorf("log at the start: %q, want one line", s.log.String())
		}
		if code := s.stop(t, sig); code != 0 {
			t.Errorf("%v: status %d, want 0", sig, code)
		}
		if _, err := app.ReadServer(s.dir); err == nil {
			t.Errorf("%v: server.json is left", sig)
		}
	}
}

func TestServerThatWasKilledStartsAgain(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	s.stop(t, syscall.SIGKILL)
	out, errOut, code := result(t, larder(t, nil, "env", "--data", dir))
	if code == 0 || out != "" || !strings.Contains(errOut, "does not answer") {
		t.Errorf("env after a kill: status %d, %q, %q", code, out, errOut)
	}
	again := serve(t, dir)
	if again.server.ProxyPassword != s.server.ProxyPassword {
		t.Error("the proxy password has changed: shells that took it are cut off")
	}
}

func TestWrongCommandLines(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	tests := []struct {
		name, want string
		args       []string
		code       int
	}{
		{"no verb", "--help", nil, 2},
		{"unknown verb", "--help", []string{"fly"}, 2},
		{"unknown flag", "--help", []string{"serve", "--fast"}, 2},
		{"second server", s.server.Endpoint, []string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, 1},
		{"open address", "--insecure-http", []string{"serve", "--data", t.TempDir(), "--listen", "0.0.0.0:0"}, 1},
		{"negative flush age", "--flush-age", []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--flush-age=-1s"}, 1},
		{"short memory of queries", "--keep-queries 59m0s: clients", []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--keep-queries", "59m"}, 1},
		{"short retention", "--retention 59s: a query", []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--retention", "59s"}, 1},
		{"negative retention", "say 1m0s or more", []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--retention=-1h"}, 1},
		{"short upload age", "say 1h0m0s or more", []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--upload-age", "1m"}, 1},
		{"negative upload age", "cannot be negative", []string{"serve", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--upload-age=-1h"}, 1},
		{"import without group", "--group", []string{"import", "rows.csv", "--data", dir}, 2},
		{"imports of no verb", "--help", []string{"imports", "fly", "--data", dir}, 2},
		{"show of nothing", "none", []string{"imports", "show", "none", "--data", dir}, 1},
		{"cancel of nothing", "none", []string{"imports", "cancel", "none", "--data", dir}, 1},
		{"errors of nothing", "none", []string{"imports", "errors", "none", "--data", dir}, 1},
		{"list of none", "1 to 1000", []string{"imports", "--max", "0", "--data", dir}, 1},
		{"env without server", "larder serve", []string{"env", "--data", t.TempDir()}, 1},
		{"exec without server", "larder serve", []string{"exec", "--data", t.TempDir(), "--", "true"}, 1},
		{"exec without command", "larder", []string{"exec", "--data", dir}, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, errOut, code := result(t, larder(t, nil, test.args...))
			if code != test.code || out != "" || !strings.HasPrefix(errOut, "larder: ") || !strings.Contains(errOut, test.want) {
				t.Errorf("status %d, want %d; out %q; err %q, want %q", code, test.code, out, errOut, test.want)
			}
		})
	}
}

func TestDataDirectoryIsNamedByFlagThenVariableThenHome(t *testing.T) {
	named, home := t.TempDir(), t.TempDir()
	for _, test := range []struct {
		want    string
		environ []string
		args    []string
	}{
		{"flag-dir", []string{"LARDER_DATA=" + named}, []string{"env", "--data", "flag-dir"}},
		{named, []string{"LARDER_DATA=" + named}, []string{"env"}},
		{home + "/.larder", []string{"HOME=" + home}, []string{"env"}},
		{"name one with --data", []string{"HOME="}, []string{"env"}},
	} {
		if _, errOut, _ := result(t, larder(t, test.environ, test.args...)); !strings.Contains(errOut, test.want) {
			t.Errorf("%v %v: %q does not name %s", test.environ, test.args, errOut, test.want)
		}
	}
}

func TestVersionAndHelp(t *testing.T) {
	if out, _, code := result(t, larder(t, nil, "version")); code != 0 || !strings.HasPrefix(out, "larder ") {
		t.Errorf("version: %d %q", code, out)
	}
	out, _, code := result(t, larder(t, nil, "--help"))
	if code != 0 || !strings.Contains(out, "serve") || strings.Contains(out, "worker") {
		t.Errorf("help: %d %q", code, out)
	}
}

// TestDemo is the demo itself: it checks its own results.
func TestDemo(t *testing.T) {
	began := time.Now()
	out, errOut, code := result(t, larder(t, nil, "demo"))
	if code != 0 {
		t.Fatalf("status %d\n%s\n%s", code, out, errOut)
	}
	if strings.ContainsAny(out, "\x1b\r") {
		t.Error("colours or a progress bar although nobody watches")
	}
	for _, word := range []string{"Created", "1003 rows", "102 labels, one row each", " serve", " env)"} {
		if !strings.Contains(out, word) {
			t.Errorf("the demo does not say %q:\n%s", word, out)
		}
	}
	t.Logf("the demo took %v", time.Since(began))
}
