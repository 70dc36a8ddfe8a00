package app

import "time"

const (
	// workFor is how long work goes on at a time while clients wait for answers: less than the system lets a thread run
	// before another has its turn.
	workFor = 500 * time.Microsecond
	// restFor is how long it rests then. The timer may be late, but not by much more than that again.
	restFor = 3 * workFor
)

// A pace lets long work of the server give way to requests (docs/decisions/giving-way.md): while clients wait, what goes
// by it takes a quarter of a processor alone and a third together. Otherwise it costs nothing. It is safe for concurrent
// use.
type pace struct {
	busy func() bool
	bed  chan struct{} // has room for one: what goes on side by side rests one after the other
}

func newPace(busy func() bool) *pace { return &pace{busy: busy, bed: make(chan struct{}, 1)} }

// work begins a piece of work and returns the function that it calls in between, often: it may rest in it. The function
// is for one goroutine.
func (p *pace) work() (step func()) {
	began := time.Now()
	return func() {
		if time.Since(began) < workFor || !p.busy() {
			return
		}
		p.bed <- struct{}{}
		time.Sleep(restFor)
		<-p.bed
		began = time.Now()
	}
}
