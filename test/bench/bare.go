package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/larder-dev/larder/internal/access"
	"github.com/larder-dev/larder/internal/aws/awshttp"
	"github.com/larder-dev/larder/test/bench/process"
)

// bareConfig is a server that does nothing but what HTTP asks: the limit that no server on net/http can exceed. It
// reads the body and answers the same bytes to everything; told so, it verifies signatures with Larder's own code
// before, and appends the body to a file that it syncs.
type bareConfig struct {
	answer, journal string
	verify          bool
}

// serve listens on a port of the loopback interface, says which, and serves until ctx ends.
func (c *bareConfig) serve(ctx context.Context, out io.Writer) error {
	var answer []byte
	if c.answer != "" {
		var err error
		if answer, err = os.ReadFile(c.answer); err != nil {
			return err
		}
	}
	h := &bareHandler{answer: answer, length: []string{strconv.Itoa(len(answer))}}
	if c.journal != "" {
		var err error
		if h.journal, err = openJournal(c.journal); err != nil {
			return err
		}
	}
	var handler http.Handler = h
	if c.verify {
		handler = h.verifying(access.Key{ID: os.Getenv("AWS_ACCESS_KEY_ID"), Secret: os.Getenv("AWS_SECRET_ACCESS_KEY")})
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "http://%s\n", l.Addr())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { server.Close() })() //nolint:errcheck // Serve says how it went
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

type bareHandler struct {
	answer  []byte
	length  []string
	journal *journal
}

func (h *bareHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = h.reply(w, body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (h *bareHandler) reply(w http.ResponseWriter, body []byte) error {
	if h.journal != nil {
		if err := h.journal.append(body); err != nil {
			return err
		}
	}
	if len(h.answer) > 0 {
		w.Header()["Content-Type"] = []string{"application/json"}
	}
	w.Header()["Content-Length"] = h.length
	_, err := w.Write(h.answer)
	return err
}

// verifying is the handler behind Larder's own verifier.
func (h *bareHandler) verifying(key access.Key) http.Handler {
	reply := func(_ context.Context, c *awshttp.Call, w http.ResponseWriter) error { return h.reply(w, c.Body) }
	s := &awshttp.Service{Name: "bare", Scope: "sagemaker", Protocol: awshttp.RESTJSON}
	for _, op := range []struct{ name, method, path string }{
		{"GetRecord", "GET", "/FeatureGroup/{FeatureGroupName}"},
		{"PutRecord", "PUT", "/FeatureGroup/{FeatureGroupName}"},
		{"BatchGetRecord", "POST", "/BatchGetRecord"},
		{"BatchWriteRecord", "POST", "/BatchWriteRecord"},
	} {
		s.Operations = append(s.Operations, awshttp.Operation{Name: op.name, Method: op.method, Path: op.path, Handle: reply})
	}
	return awshttp.NewHandler(awshttp.Config{Keys: access.NewKeyring(key), Services: []*awshttp.Service{s}})
}

// A bare is a running bare server.
type bare struct {
	*process.Process
	addr string
}

// The bare servers by name.
const (
	bareVerifies = "bare handler that verifies"
	bareNothing  = "bare handler"
	bareAppends  = "bare handler that verifies, appends and syncs"
)

// bareServer starts one that answers these bytes to requests that are signed for the server l.
func (b *bench) bareServer(ctx context.Context, l *larder, name string, answer []byte) (_ *bare, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(b.dir, "answer")
	if err := os.WriteFile(file, answer, 0o600); err != nil {
		return nil, err
	}
	argv := []string{self, "bare", "-answer", file}
	if name != bareNothing {
		argv = append(argv, "-verify")
	}
	if name == bareAppends {
		argv = append(argv, "-journal", filepath.Join(b.dir, "bare-journal"))
	}
	var env []string
	for _, key := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		env = append(env, key+"="+l.env[key])
	}
	p, err := process.Start(name, b.dir, env, argv...)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	addr, err := p.Await(ctx, func(line string) string {
		if m := readyLine.FindStringSubmatch(line); m != nil {
			return m[1]
		}
		return ""
	})
	if err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	return &bare{p, addr}, nil
}
