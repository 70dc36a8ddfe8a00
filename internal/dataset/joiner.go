package dataset

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/larder-dev/larder/internal/dataset/asof"
	"github.com/larder-dev/larder/internal/featurestore"
)

// A Joiner joins labels with groups, one at a time: for datasets, and for calls of as_of in SQL, which it carries out
// itself. It is safe for concurrent use.
type Joiner struct {
	groups  *featurestore.Store
	engine  *asof.Engine
	options Options

	turn  chan struct{} // holds one while rows are made
	calls atomic.Int64  // of as_of, to name their directories
}

// NewJoiner returns a Joiner. It does no I/O.
func NewJoiner(groups *featurestore.Store, engine *asof.Engine, o Options) *Joiner {
	if o.Memory <= 0 {
		o.Memory = 256 << 20
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Joiner{groups: groups, engine: engine, options: o, turn: make(chan struct{}, 1)}
}

// take waits for a turn, and returns what ends it. Who waits holds none, or nobody would go on.
func (j *Joiner) take(ctx context.Context) (func(), error) {
	select {
	case j.turn <- struct{}{}:
		return func() { <-j.turn }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
