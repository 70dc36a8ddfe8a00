//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/larder-dev/larder/test/bench/load"
	"github.com/larder-dev/larder/test/bench/records"
	"github.com/larder-dev/larder/test/bench/requests"
)

// serveBare serves until the test ends and returns the address.
func serveBare(t *testing.T, c bareConfig) string {
	t.Helper()
	c.answer = filepath.Join(t.TempDir(), "answer")
	if err := os.WriteFile(c.answer, []byte(`{"Record":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	in, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := c.serve(ctx, out)
		ended <- errors.Join(err, out.CloseWithError(err))
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(strings.TrimSpace(line), "http://")
}

// The limit beside Larder must do the work that it is a limit of: the signatures of all requests are verified.
func TestABareServerVerifiesEveryRequestThatIsPrepared(t *testing.T) {
	env := map[string]string{"AWS_ACCESS_KEY_ID": "AKIALARDERBENCH00001", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
	for name, value := range env {
		t.Setenv(name, value)
	}
	addr := serveBare(t, bareConfig{verify: true})
	stranger := map[string]string{"AWS_ACCESS_KEY_ID": env["AWS_ACCESS_KEY_ID"], "AWS_SECRET_ACCESS_KEY": "another", "AWS_REGION": "us-east-1"}
	features := records.Features(10)
	for name, prepare := range map[string]func(s *requests.Signer) load.Request{
		"GetRecord":        func(s *requests.Signer) load.Request { return s.Get("g", 7) },
		"PutRecord":        func(s *requests.Signer) load.Request { return s.Put("g", features, 7, 1) },
		"BatchGetRecord":   func(s *requests.Signer) load.Request { return s.BatchGet([]string{"g", "h"}, []int{1, 2}) },
		"BatchWriteRecord": func(s *requests.Signer) load.Request { return s.BatchWrite("g", features, []int{1, 2}, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, c := range []struct {
				signer *requests.Signer
				good   int64
			}{{requests.NewSigner(addr, env), 3}, {requests.NewSigner(addr, stranger), 0}} {
				got, err := load.Run(t.Context(), load.Plan{Addr: addr, Conns: 1, Count: 3, For: time.Minute, Requests: []load.Request{prepare(c.signer)}})
				if err != nil || got.Answered != c.good || got.Errors != 3-c.good {
					t.Errorf("%d of 3 answered, want %d; %s; %v", got.Answered, c.good, got.Error, err)
				}
				if c.good == 0 && !strings.Contains(got.Error, "signature") {
					t.Errorf("refused for another reason: %s", got.Error)
				}
			}
		})
	}
}

// What a bare server acknowledges is in its file, each body once.
func TestABareServerThatAppendsHasAllBodies(t *testing.T) {
	file := filepath.Join(t.TempDir(), "journal")
	addr := serveBare(t, bareConfig{journal: file})
	var all []load.Request
	for i := range 200 {
		body := fmt.Sprintf("<%03d>", i)
		all = append(all, load.Request{Bytes: fmt.Appendf(nil, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(body), body)})
	}
	got, err := load.Run(t.Context(), load.Plan{Addr: addr, Conns: 16, Count: int64(len(all)), For: time.Minute, Requests: all})
	if err != nil || got.Answered != 200 || got.Errors != 0 {
		t.Fatalf("%+v %v", got, err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if n := strings.Count(string(text), fmt.Sprintf("<%03d>", i)); n != 1 {
			t.Errorf("body %d is there %d times", i, n)
		}
	}
	if len(text) != 200*5 {
		t.Errorf("the file has %d bytes", len(text))
	}
}
