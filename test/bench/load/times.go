package load

import (
	"math"
	"slices"
	"time"
)

// Times are how long answers took, sorted.
type Times []time.Duration

// Quantile is the time that the share q of all did not exceed: the nearest-rank one, which is a time that was measured.
// 0 of none.
func (t Times) Quantile(q float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	// The product of a share like 0.99 and a round count may be a hair above the whole number that is meant.
	rank := int(math.Ceil(q*float64(len(t)) - 1e-9))
	return t[min(max(rank, 1), len(t))-1]
}

// Times are those of all classes together.
func (r *Result) Times() Times {
	if len(r.Classes) == 1 {
		return r.Classes[0]
	}
	all := slices.Concat(r.Classes...)
	slices.Sort(all)
	return all
}
