package query

import (
	"context"
	"slices"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/feature"
)

// mostSought is among how many executions of a work group, the newest, an earlier result is looked for.
const mostSought = 10_000

// reuse gives e the result of an earlier execution if its client asked for that, if the statement is one
// whose result repeats, and if there is such a result; reused tells. The statement has been planned by then,
// so what it names is still there and may be read.
func (s *Store) reuse(ctx context.Context, e *Execution, p *planned, o *outcome) (reused bool, err error) {
	if e.Reuse == nil || !e.Reuse.Enabled || !p.translation.Repeatable {
		return false, nil
	}
	earlier, err := s.earlier(ctx, o.request, o.prepared)
	if err != nil || earlier == nil || !slices.Equal(earlier.Columns, p.plan.Columns) {
		return false, err
	}
	o.started = s.now()
	o.reused, o.rows, o.written, o.scanned = earlier, earlier.Rows, earlier.Written, 0
	return true, nil
}

// earlier finds the newest execution of the same statement, and of the same text that it executed, that SUCCEEDED
// with a result of its own, which is still where it was put. It was sent, and so read its tables, no longer ago
// than e allows. nil if there is none.
func (s *Store) earlier(ctx context.Context, e *Execution, prepared string) (*Execution, error) {
	oldest := s.now().Add(-time.Duration(e.Reuse.MaxAge) * time.Minute)
	left := mostSought
	for one, err := range s.executions.List(ctx, e.WorkGroup, "") {
		if err != nil {
			return nil, err
		}
		if left--; left < 0 || one.Submitted.Before(oldest) { // and so are all that come
			return nil, nil
		}
		if !same(one, e) || one.Prepared != prepared || one.State != Succeeded || one.Reused != "" {
			continue
		}
		there, err := s.resultThere(ctx, one)
		if err != nil {
			return nil, err
		}
		if there {
			return one, nil
		}
	}
	return nil, nil
}

// same tells whether two executions are of one statement in the same surroundings, with a result of the same
// kind in the same folder.
func same(a, b *Execution) bool {
	return a.ID != b.ID && a.SQL == b.SQL && a.Catalog == b.Catalog && a.Database == b.Database &&
		a.OutputFolder == b.OutputFolder && a.Result == b.Result && slices.Equal(a.Parameters, b.Parameters)
}

// resultThere tells whether the object of a result is as long as it was made.
func (s *Store) resultThere(ctx context.Context, e *Execution) (bool, error) {
	name, key, err := splitURI(e.Output)
	if err != nil {
		return false, err
	}
	object, err := s.buckets.Get(ctx, bucket.ObjectRef{Bucket: name, Key: key})
	if feature.KindOf(err) == feature.NotFound {
		return false, nil
	}
	return err == nil && object.Size == e.Written, err
}
