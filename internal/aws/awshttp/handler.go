package awshttp

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/larder-dev/larder/internal/access"
)

// Config is what a handler needs. Keys and Services must be set.
type Config struct {
	Keys     *access.Keyring
	Services []*Service
	Now      func() time.Time      // nil: time.Now
	Log      *slog.Logger          // nil: no log
	Metrics  prometheus.Registerer // nil: metrics are kept, but nobody sees them
}

// NewHandler returns the handler of every AWS request on the port.
func NewHandler(c Config) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("not written yet") })
}

// IsSigned tells whether a request carries a signature, good or bad, in its headers or in its
// query string. Such a request is an AWS request, whatever its path.
func IsSigned(r *http.Request) bool { panic("not written yet") }
