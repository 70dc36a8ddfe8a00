// Package load drives a server with requests that were prepared before, and says how long each answer took. It speaks
// HTTP/1.1 and RESP, knows no service, and must not do anything while it measures that could be done before.
package load

import (
	"fmt"
	"time"
)

// A Request is the bytes that are sent, as they are.
type Request struct {
	Bytes []byte
	Class uint8 // times are kept by it: 0 for reads, 1 for writes, say
}

// An Answer is what a server said. Its Body is good until the call that was given it returns.
type Answer struct {
	Status int // of HTTP; a Frame of another protocol says 200 for good and anything else for bad
	Body   []byte
}

// A Frame finds the answer at the beginning of b and how long it is, 0 if more must come. An error says that b is not
// of this protocol, which ends the connection.
type Frame func(b []byte) (a Answer, size int, err error)

// A Plan is how one server is asked.
type Plan struct {
	Addr  string // host:port
	Conns int    // connections; each has one request under way at most
	// Rate is how many requests a second are due, evenly (open loop): none is left out because others are slow, and how
	// long one took counts from when it was due. 0: each connection sends as soon as it has its answer (closed loop).
	Rate float64
	// For is how long requests are sent, after Warm, which is not counted.
	Warm, For time.Duration
	// Count is how many requests are sent, if that is done before For is over; 0: as many as For has. Nothing may be left
	// out of Count for warming.
	Count int64
	// Requests are sent in turn from First on, and over again.
	Requests []Request
	First    int
	Frame    Frame // nil: HTTP
	// Check says what is wrong with an answer of status 200 to Requests[n]. It must be quick: nothing is sent or read
	// meanwhile. nil: nothing is.
	Check func(n int, a Answer) error
}

// Grace is how long Run waits for answers when no more requests are sent.
const Grace = 10 * time.Second

func (p *Plan) check() error {
	switch {
	case p.Addr == "" || len(p.Requests) == 0 || p.Conns < 1 || p.For <= 0 || p.Rate < 0 || p.Warm < 0 || p.First < 0:
		return fmt.Errorf("a plan needs an address, requests, connections and a time: %q, %d requests, %d connections, %v", p.Addr, len(p.Requests), p.Conns, p.For)
	case p.Count < 0 || p.Count > 0 && p.Warm > 0:
		return fmt.Errorf("a plan of %d requests and %v of warming", p.Count, p.Warm)
	case p.Rate*(p.Warm+p.For).Seconds() > 1<<31:
		return fmt.Errorf("%v requests a second for %v are too many to keep their times", p.Rate, p.For)
	}
	return nil
}

// A Result is how it went, without the warming.
type Result struct {
	Answered int64 // well
	All      int64 // the same with the warming, and with what a closed loop had answered after the end
	// Errors counts answers that were wrong and requests that had none within Grace; Error is the first.
	Errors int64
	Error  string
	Took   time.Duration
	// Classes are the times of the good answers by Request.Class, sorted.
	Classes []Times
}

// Rate is how many good answers came a second.
func (r *Result) Rate() float64 {
	if r.Took <= 0 {
		return 0
	}
	return float64(r.Answered) / r.Took.Seconds()
}
