package embedded

import (
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// clock stamps commits with positions: microseconds of the wall clock, but strictly increasing,
// also while the wall clock goes back. It knows which commits are stamped but not visible yet.
type clock struct {
	now func() time.Time

	mu     sync.Mutex // guards last, flying
	last   feature.Position
	flying map[feature.Position]struct{} // stamped, not landed
}

// start sets the clock so that every stamp is later than last.
func (c *clock) start(now func() time.Time, last feature.Position) {
	c.now, c.last, c.flying = now, last, map[feature.Position]struct{}{}
}

// stamp issues the next position. The caller lands it once its commit is visible or never will be.
func (c *clock) stamp() feature.Position {
	return c.stamps(1)
}

// stamps issues n positions that follow one another, and returns the first. The caller lands that one
// once the commit of them all is visible.
func (c *clock) stamps(n int) feature.Position {
	wall := feature.Position(c.now().UnixMicro())
	c.mu.Lock()
	defer c.mu.Unlock()
	first := max(wall, c.last+1)
	c.last = first + feature.Position(n) - 1
	c.flying[first] = struct{}{}
	return first
}

// reserve issues n positions that follow one another, and returns the first. They are not in flight.
func (c *clock) reserve(n int64) feature.Position {
	wall := feature.Position(c.now().UnixMicro())
	c.mu.Lock()
	defer c.mu.Unlock()
	first := max(wall, c.last+1)
	c.last = first + feature.Position(n) - 1
	return first
}

// land says that the commit stamped p is visible to every reader that starts now.
func (c *clock) land(p feature.Position) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.flying, p)
}

// settled returns the largest position such that whatever is stamped up to and with it is visible
// or never will be. Stamps to come are larger.
func (c *clock) settled() feature.Position {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.last
	for f := range c.flying {
		p = min(p, f-1)
	}
	return p
}

// newest returns the largest stamp.
func (c *clock) newest() feature.Position {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.last
}
