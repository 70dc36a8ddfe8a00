package ingest

import (
	"sync"
	"sync/atomic"
	"time"
)

// The phases of the work on an import.
const (
	phaseWaiting  = "waiting"
	phaseReading  = "reading"
	phaseWriting  = "writing"
	phaseApplying = "applying"
)

// A work is what is under way on an import.
type work struct {
	id        string
	now       func() time.Time
	cancelled chan struct{} // closed by cancel
	once      sync.Once
	ended     chan struct{} // closed when nothing is under way any more
	rows      atomic.Int64  // that the phase has done
	bytes     atomic.Int64  // of the sources that have been read
	tries     int           // that were of no use; the worker's own

	mu    sync.Mutex // guards phase, since, of
	phase string
	since time.Time
	of    int64
}

func newWork(id string, now func() time.Time) *work {
	return &work{id: id, now: now, phase: phaseWaiting, cancelled: make(chan struct{}), ended: make(chan struct{})}
}

func (w *work) cancel() { w.once.Do(func() { close(w.cancelled) }) }

func (w *work) begin(phase string, of int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.phase, w.since, w.of = phase, w.now(), of
	w.rows.Store(0)
}

// waits tells whether nothing is done about the import at the moment.
func (w *work) waits() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.phase == phaseWaiting
}

// report says how far the work is.
func (w *work) report(p *Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.Phase, p.Of, p.Rows, p.BytesRead = w.phase, w.of, w.rows.Load(), w.bytes.Load()
	done, of := p.Rows, p.Of
	if w.phase == phaseReading {
		done, of = p.BytesRead, p.Bytes
	}
	if done <= 0 || of < done {
		return
	}
	p.Remaining = time.Duration(float64(w.now().Sub(w.since)) * float64(of-done) / float64(done))
	if w.phase == phaseReading {
		// What is read is written then, which takes about as long.
		p.Remaining += w.now().Sub(w.since) + p.Remaining
	}
}
