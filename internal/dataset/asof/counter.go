package asof

import "sync"

// A counter reports how far a phase is.
type counter struct {
	mu       sync.Mutex // guards the rest, and is held by calls of report
	phase    string
	done, of int64
	report   func(Progress)
}

// begin begins a phase. The caller sets of before others add.
func (c *counter) begin(phase string, report func(Progress)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.phase, c.done, c.of, c.report = phase, 0, 0, report
}

func (c *counter) add(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += n
	if c.report != nil {
		c.report(Progress{Phase: c.phase, Done: min(c.done, c.of), Of: c.of})
	}
}
