package dataset

import (
	"context"
	"sync"
	"time"

	"github.com/larder-dev/larder/internal/dataset/asof"
)

// The phases of the making of a dataset, beside those of the join.
const (
	phaseWaiting = "waiting"
	phaseLabels  = "labels"
)

// A work is what is under way on a dataset.
type work struct {
	cancel context.CancelCauseFunc
	done   chan struct{} // closed when nothing is under way any more

	mu       sync.Mutex // guards the rest
	phase    string
	detail   string
	at, of   int64
	labels   int64
	labelsOf int64
	since    time.Time // when the join began; zero before
	share    float64   // of the join that is done, as far as one can tell
}

func (w *work) begin(phase, detail string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.phase, w.detail, w.at, w.of = phase, detail, 0, 0
}

// joining says that the join begins, of so many labels.
func (w *work) joining(labels int64, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.labelsOf, w.since = labels, now
}

// keysShare is about how much of the time of a join the keys take.
const keysShare = 0.5

// join takes the progress of the join of some labels, before which others are done.
func (w *work) join(p asof.Progress, done int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.phase, w.detail, w.at, w.of, w.labels = p.Phase, "", p.Done, p.Of, done
	if p.Of <= 0 || w.labelsOf <= 0 {
		return
	}
	part := keysShare * float64(p.Done) / float64(p.Of)
	if p.Phase == asof.Features {
		part = keysShare + (1-keysShare)*float64(p.Done)/float64(p.Of)
	}
	// Labels that are joined together are most often all that are left.
	share := (float64(done) + part*float64(w.labelsOf-done)) / float64(w.labelsOf)
	w.share = max(w.share, min(share, 1))
}

// leastShare is how much must be done before anybody can say how long the rest takes.
const leastShare = 0.02

func (w *work) report(p *Progress, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.Phase, p.Detail, p.Done, p.Of, p.Labels, p.LabelsOf = w.phase, w.detail, w.at, w.of, w.labels, w.labelsOf
	if !w.since.IsZero() && w.share >= leastShare {
		p.Remaining = time.Duration(float64(now.Sub(w.since)) * (1 - w.share) / w.share)
	}
}
