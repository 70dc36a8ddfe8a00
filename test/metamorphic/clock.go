package metamorphic

import (
	"sync"
	"time"
)

// epoch is where every history begins.
var epoch = time.Date(2026, 3, 1, 11, 59, 30, 0, time.UTC)

// A clock is the time of a server under test. It stands still until it is set.
type clock struct {
	mu sync.Mutex // guards at
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}
