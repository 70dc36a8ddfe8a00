package proxy

import (
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// Forward is the Handler of a proxy beside the server: it sends what was in the TLS on to the
// server's endpoint. The Host stays as the client sent it, for it is signed.
func Forward(endpoint *url.URL, log *slog.Logger) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(endpoint)
			r.Out.Host = r.In.Host
		},
		// No proxy from the environment: the endpoint is on this machine.
		Transport: &http.Transport{MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute},
		ErrorLog:  slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
