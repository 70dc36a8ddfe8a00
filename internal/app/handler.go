package app

import (
	"encoding/json"
	"net"
	"net/http"
	"net/netip"

	"github.com/larder-dev/larder/internal/aws/awshttp"
)

// handler is what the port answers: CONNECT goes to the proxy, a signed request to the AWS services,
// an unsigned one to health and metrics. Any other unsigned request gets the services' refusal.
type handler struct {
	proxy, aws, metrics http.Handler
	ready               func() readiness
	plainForAll         bool // other machines may come without TLS
}

// readiness is the body of /readyz.
type readiness struct {
	Status   string `json:"status"` // ready, stopping
	Instance string `json:"instance"`
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.TLS == nil && !h.plainForAll && !sameMachine(r):
		http.Error(w, "larder: other machines must come by https://, unless the server was started with --insecure-http", http.StatusForbidden)
	case r.Method == http.MethodConnect:
		h.proxy.ServeHTTP(w, r)
	case awshttp.IsSigned(r):
		h.aws.ServeHTTP(w, r)
	default:
		h.serveUnsigned(w, r)
	}
}

func (h *handler) serveUnsigned(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.aws.ServeHTTP(w, r)
		return
	}
	switch r.URL.Path {
	case "/healthz":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte("ok\n")) // who asked has gone if this fails
	case "/readyz":
		h.serveReady(w)
	case "/metrics":
		h.metrics.ServeHTTP(w, r)
	default:
		h.aws.ServeHTTP(w, r)
	}
}

func (h *handler) serveReady(w http.ResponseWriter) {
	state := h.ready()
	body, err := json.Marshal(state)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if state.Status != statusReady {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	w.Write(append(body, '\n')) // who asked has gone if this fails
}

// sameMachine tells whether a request comes from the machine that the server runs on: by loopback, or
// from the very address that it came to.
func sameMachine(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	if from.Addr().Unmap().IsLoopback() {
		return true
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	to, err := netip.ParseAddrPort(local.String())
	return err == nil && to.Addr().Unmap() == from.Addr().Unmap()
}
