package awshttp

import (
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics count requests. Every label value comes from the services' tables, never from a client.
type metrics struct {
	requests *prometheus.CounterVec   // service, operation, code
	latency  *prometheus.HistogramVec // service, operation
	unknown  *prometheus.CounterVec   // service
}

// newMetrics registers the metrics; with nil they are kept for nobody.
func newMetrics(registry prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "larder_requests_total",
			Help: "Requests answered, by HTTP status. Operation is empty if the request was refused before it was known; 499: the client went away.",
		}, []string{"service", "operation", "code"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "larder_request_duration_seconds",
			Help:    "Time from the first byte of a request's headers to the end of its answer.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"service", "operation"}),
		unknown: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "larder_unknown_operations_total",
			Help: "Signed requests for operations that this server does not have.",
		}, []string{"service"}),
	}
	if registry != nil {
		registry.MustRegister(m.requests, m.latency, m.unknown)
	}
	return m
}

// observe counts an exchange that has ended.
func (m *metrics) observe(x *exchange, took time.Duration) {
	service, name := "unknown", ""
	if x.service != nil {
		service = x.service.Name
	}
	if x.op != nil {
		name = x.op.Name
		x.op.latency.Observe(took.Seconds())
	}
	m.requests.WithLabelValues(service, name, statusText(x.reply.status)).Inc()
}

// statusText spares the usual status its memory.
func statusText(status int) string {
	if status == 0 || status == http.StatusOK {
		return "200"
	}
	return strconv.Itoa(status)
}

// maxUnknownNames bounds the log lines about operations that we do not have.
const maxUnknownNames = 100

// unknownOperations counts the calls of operations that we do not have, and logs each kind once, for
// whoever decides what comes next.
type unknownOperations struct {
	metrics *metrics
	log     *slog.Logger
	mu      sync.Mutex // guards seen
	seen    map[string]bool
}

func (u *unknownOperations) count(s *service, f *flaw, r *http.Request) {
	u.metrics.unknown.WithLabelValues(s.Name).Inc()
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.seen[f.text] || len(u.seen) >= maxUnknownNames {
		return
	}
	if u.seen == nil {
		u.seen = make(map[string]bool)
	}
	u.seen[f.text] = true
	u.log.LogAttrs(r.Context(), slog.LevelInfo, "unknown operation", slog.String("service", s.Name), slog.String("message", f.text))
}
