package app

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// took is how long workers take for so many steps of a tenth of workFor.
func took(p *pace, workers, steps int) time.Duration {
	began := time.Now()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			step := p.work()
			for range steps {
				time.Sleep(workFor / 10) // what a step of work takes
				step()
			}
		})
	}
	all.Wait()
	return time.Since(began)
}

func TestWorkTakesAQuarterOfAProcessorWhileClientsWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := true
		p := newPace(func() bool { return busy })
		if got := took(p, 1, 100); got != 40*workFor {
			t.Errorf("what takes %v took %v", 10*workFor, got)
		}
		busy = false
		if got := took(p, 1, 100); got != 10*workFor {
			t.Errorf("nobody waits: what takes %v took %v", 10*workFor, got)
		}
	})
}

func TestWorkSideBySideTakesAThirdOfAProcessorTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace(func() bool { return true })
		// Eight times ten stretches of work, and a rest after each.
		if got := took(p, 8, 100); got < 80*restFor || got > 81*restFor {
			t.Errorf("what takes %v took %v", 80*workFor, got)
		}
	})
}
