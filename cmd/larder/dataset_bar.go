package main

import (
	"context"
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"
)

// datasetTick is how often a command asks how far a dataset is.
const datasetTick = 200 * time.Millisecond

// A datasetBar shows how far the making of a dataset is, if there is a terminal to show it on.
type datasetBar struct {
	screen *screen
	bar    *progressbar.ProgressBar
	what   string
}

func newDatasetBar(c console) *datasetBar { return &datasetBar{screen: newScreen(console{out: c.err})} }

// show shows what the server said; nil: nothing is under way.
func (b *datasetBar) show(p *datasetProgressReport) {
	if p == nil || !b.screen.terminal {
		return
	}
	what := p.Phase
	if p.Detail != "" {
		what += ": " + p.Detail
	}
	if b.bar == nil || b.what != what {
		b.what, b.bar = what, b.screen.amount(p.OfRows, what)
	}
	if p.RemainingSeconds > 0 {
		b.bar.Describe(fmt.Sprintf("   %s, about %.0f s to go", what, p.RemainingSeconds))
	}
	b.bar.Set64(p.Rows) // it is only for the eyes
}

func (b *datasetBar) end() {
	if b.bar != nil {
		b.bar.Finish() // it is only for the eyes
	}
}

// watch shows how far the dataset is until ended has something, which it returns.
func (d datasetArg) watch(ctx context.Context, o *ownAPI, c console, ended <-chan error) error {
	bar := newDatasetBar(c)
	defer bar.end()
	if !bar.screen.terminal {
		return <-ended
	}
	tick := time.NewTicker(datasetTick)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			return err
		case <-tick.C:
			var r datasetReport
			if o.get(ctx, d.path("", nil), &r) == nil { // else ended has what is wrong
				bar.show(r.Progress)
			}
		}
	}
}
