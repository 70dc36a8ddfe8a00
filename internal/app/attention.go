package app

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// busyFor is how long after a request the next one is expected.
const busyFor = 100 * time.Millisecond

// An attention notes when the server was last asked for something, so that long work can keep a processor free while
// clients wait for answers. It is safe for concurrent use.
type attention struct {
	next  http.Handler
	began time.Time
	asked atomic.Int64 // since began; 0: never
}

// ServeHTTP passes a request on. The server's own API is what long work is asked for, and asked about, by: it does not
// count.
func (a *attention) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/larder/") {
		a.asked.Store(int64(time.Since(a.began)))
	}
	a.next.ServeHTTP(w, r)
}

// busy tells that a client has asked lately, and may be waiting.
func (a *attention) busy() bool {
	asked := a.asked.Load()
	return asked != 0 && time.Since(a.began)-time.Duration(asked) < busyFor
}
