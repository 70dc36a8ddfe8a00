package metamorphic

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// A trial carries out a history on a fresh server.
func trial(ctx context.Context, s setting, history []step, noSQL bool) (*runner, error) {
	dir, err := os.MkdirTemp(s.dir, "history-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) // the caller's directory goes in the end
	s.dir = dir
	x := &runner{m: newModel(s.extensions), noSQL: noSQL, kinds: map[string]int{}}
	if x.world, err = newWorld(ctx, s); err != nil {
		return nil, err
	}
	err = x.run(ctx, history)
	return x, errors.Join(err, x.close())
}

// shrink looks for a part of a history that still disagrees, by leaving out ever smaller pieces of
// it, until most has passed. It returns the shortest that it found, with its disagreement.
func shrink(ctx context.Context, s setting, history []step, d *disagreement, most time.Duration) ([]step, *disagreement) {
	until := time.Now().Add(most)
	noSQL := true
	fails := func(part []step) *disagreement {
		_, err := trial(ctx, s, part, noSQL)
		var found *disagreement
		if errors.As(err, &found); found != nil && found.kind != d.kind {
			return nil // another matter
		}
		return found
	}
	history = history[:min(d.step+1, len(history))]
	if again := fails(history); again != nil {
		d = again
	} else {
		noSQL = false // what is wrong is seen by SQL alone
		if again = fails(history); again == nil {
			return history, d // it does not happen every time
		}
		d = again
	}
	for size := max(len(history)/2, 1); ; size /= 2 {
		for from := 0; from < len(history) && time.Now().Before(until); {
			part := slices.Delete(slices.Clone(history), from, min(from+size, len(history)))
			if again := fails(part); again != nil {
				history, d = part[:min(again.step+1, len(part))], again
			} else {
				from += size
			}
		}
		if size <= 1 {
			return history, d
		}
	}
}

// tell writes a history for people.
func tell(history []step) string {
	var b strings.Builder
	for i, s := range history {
		fmt.Fprintf(&b, "%4d %s %s\n", i, s.at.Format("01-02T15:04:05.999999999"), show(s.op))
	}
	return b.String()
}
