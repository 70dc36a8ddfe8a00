//go:build linux

package load

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// serve starts a server and returns its address.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// get makes requests of n paths.
func get(n int) []Request {
	var all []Request
	for i := range n {
		all = append(all, Request{Bytes: fmt.Appendf(nil, "GET /%d HTTP/1.1\r\nHost: x\r\n\r\n", i)})
	}
	return all
}

func TestEveryRequestThatIsDueIsSentOnceInItsTurn(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]int{}
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.URL.Path]++
		mu.Unlock()
		fmt.Fprint(w, r.URL.Path)
	})
	r, err := Run(t.Context(), Plan{Addr: addr, Conns: 4, Rate: 1000, For: 300 * time.Millisecond, Requests: get(100), First: 50, Check: func(n int, a Answer) error {
		if string(a.Body) != fmt.Sprintf("/%d", n) {
			return fmt.Errorf("%d is answered %q", n, a.Body)
		}
		return nil
	}})
	if err != nil || r.Answered != 300 || r.Errors != 0 {
		t.Fatalf("%+v %v", r, err)
	}
	mu.Lock()
	defer mu.Unlock()
	for i := range 100 {
		if n := seen[fmt.Sprintf("/%d", i)]; n != 3 {
			t.Errorf("request %d was sent %d times", i, n)
		}
	}
}

func TestLargeRequestsAndAnswersPass(t *testing.T) {
	body := bytes.Repeat([]byte("x"), 3<<20)
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		// All of it first: net/http does not read on when an answer has begun.
		all, err := io.ReadAll(r.Body)
		if err != nil {
			return // the answer tells
		}
		w.Write(all) //nolint:errcheck // the answer tells
	})
	request := append(fmt.Appendf(nil, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", len(body)), body...)
	r, err := Run(t.Context(), Plan{Addr: addr, Conns: 2, Rate: 20, For: 200 * time.Millisecond, Requests: []Request{{Bytes: request}}, Check: func(_ int, a Answer) error {
		if !bytes.Equal(a.Body, body) {
			return fmt.Errorf("%d bytes came back", len(a.Body))
		}
		return nil
	}})
	if err != nil || r.Answered != 4 || r.Errors != 0 {
		t.Fatalf("%d answers, %d errors: %s; %v", r.Answered, r.Errors, r.Error, err)
	}
}

func TestWrongAnswersAreErrors(t *testing.T) {
	var n atomic.Int64
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch n.Add(1) % 4 {
		case 0:
			http.Error(w, "too busy", http.StatusServiceUnavailable)
		case 1:
			panic(http.ErrAbortHandler) // the connection breaks
		case 2:
			fmt.Fprint(w, "wrong")
		default:
			fmt.Fprint(w, "right")
		}
	})
	r, err := Run(t.Context(), Plan{Addr: addr, Conns: 1, Rate: 400, For: 100 * time.Millisecond, Requests: get(1), Check: func(_ int, a Answer) error {
		if string(a.Body) != "right" {
			return fmt.Errorf("body %q", a.Body)
		}
		return nil
	}})
	if err != nil || r.Answered != 10 || r.Errors != 30 || !strings.Contains(r.Error, "closed the connection") {
		t.Fatalf("%d answers, %d errors: %s; %v", r.Answered, r.Errors, r.Error, err)
	}
}

func TestARunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var n atomic.Int64
	addr := serve(t, func(http.ResponseWriter, *http.Request) {
		if n.Add(1) == 100 {
			cancel()
		}
	})
	r, err := Run(ctx, Plan{Addr: addr, Conns: 1, For: time.Hour, Requests: get(1)})
	if err != nil || r.Answered < 99 || r.Errors != 0 || r.Took <= 0 {
		t.Fatalf("%+v %v", r, err)
	}
}

func TestNoServerIsAnError(t *testing.T) {
	s := httptest.NewServer(nil)
	addr := strings.TrimPrefix(s.URL, "http://")
	s.Close()
	if r, err := Run(t.Context(), Plan{Addr: addr, Conns: 1, For: time.Second, Requests: get(1)}); err == nil {
		t.Errorf("%+v", r)
	}
}

func TestAPlanThatMakesNoSenseIsRefused(t *testing.T) {
	good := Plan{Addr: "127.0.0.1:1", Conns: 1, For: time.Second, Requests: get(1)}
	for name, change := range map[string]func(*Plan){
		"no address":  func(p *Plan) { p.Addr = "" },
		"no requests": func(p *Plan) { p.Requests = nil },
		"no conns":    func(p *Plan) { p.Conns = 0 },
		"no time":     func(p *Plan) { p.For = 0 },
		"first":       func(p *Plan) { p.First = -1 },
		"rate":        func(p *Plan) { p.Rate = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			p := good
			change(&p)
			if _, err := Run(t.Context(), p); err == nil || !strings.Contains(err.Error(), "a plan needs") {
				t.Errorf("%v", err)
			}
		})
	}
}
