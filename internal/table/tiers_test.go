package table_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/table"
)

// An hour is the files of one event hour by the policy alone: what a merge would make is counted, not
// made.
type hour struct {
	policy           table.Compaction
	files            []*bucket.Object
	now              time.Time
	flushed, written int64 // bytes
	n                int
}

const bytesPerRow = 100

func (h *hour) add(rows int64) {
	h.flushed += rows * bytesPerRow
	h.put(rows)
	h.settle()
}

func (h *hour) put(rows int64) {
	h.written += rows * bytesPerRow
	h.n++
	h.files = append(h.files, &bucket.Object{Key: fmt.Sprint(h.n), Size: rows * bytesPerRow, Modified: h.now, Rows: &bucket.Rows{Count: rows}})
}

// settle merges what is due and returns when to look again.
func (h *hour) settle() time.Time {
	for {
		merge, again := h.policy.Choose(h.files, h.now)
		if merge == nil {
			return again
		}
		var rows int64
		for _, o := range merge {
			rows += o.Rows.Count
		}
		h.files = slices.DeleteFunc(h.files, func(o *bucket.Object) bool { return slices.Contains(merge, o) })
		h.put(rows)
	}
}

func (h *hour) amplification() float64 { return float64(h.written) / float64(h.flushed) }

func TestSteadyIngestLeavesFewFilesAndIsWrittenFewTimes(t *testing.T) {
	for _, c := range []struct {
		flushes int
		rows    int64
	}{{360, 1}, {360, 1000}, {360, 50_000}, {3600, 10}, {20_000, 1}, {20_000, 700}} {
		t.Run(fmt.Sprintf("%d flushes of %d rows", c.flushes, c.rows), func(t *testing.T) {
			h := hour{now: time.Unix(1_700_000_000, 0)}
			most, tiers := 0, 0
			for range c.flushes {
				h.now = h.now.Add(time.Second)
				h.add(c.rows)
				full := 0
				for _, o := range h.files {
					if o.Size >= 64<<20 {
						full++
					}
				}
				most = max(most, len(h.files)-full)
			}
			tiers = 1 + int(math.Ceil(math.Log(float64(c.flushes))/math.Log(8)))
			if most > 7*tiers {
				t.Errorf("there were %d files, more than 7 in each of %d tiers", most, tiers)
			}
			if a := h.amplification(); a > float64(1+tiers) {
				t.Errorf("each row was written %.2f times in %d tiers", a, tiers)
			}
			hot := h.amplification()
			h.now = h.now.Add(10 * time.Minute)
			h.settle()
			t.Logf("at most %d files; each row written %.2f times, %.2f when the hour is cold; then %d files", most, hot, h.amplification(), len(h.files))
			h.now = h.now.Add(24 * time.Hour)
			h.settle()
			total := h.flushed
			if want := max(1, int(2*total/(128<<20))); len(h.files) > want {
				t.Errorf("%d files in the end for %d bytes", len(h.files), total)
			}
		})
	}
}

// Late rows that trickle into a large hour do not have it rewritten each time.
func TestLateRowsAreWrittenABoundedNumberOfTimes(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	h := hour{now: time.Unix(1_700_000_000, 0)}
	h.add(500_000)
	h.flushed, h.written = 0, 0
	for range 5000 {
		h.now = h.now.Add(time.Duration(rng.IntN(1200)) * time.Second)
		h.settle()
		h.add(1 + rng.Int64N(20))
		if len(h.files) > 7*8 {
			t.Fatalf("%d files", len(h.files))
		}
	}
	if a := h.amplification(); a > 30 {
		t.Errorf("each late row was written %.1f times", a)
	}
	t.Logf("each late row written %.1f times", h.amplification())
}

func TestChooseLeavesAlone(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	file := func(rows, size int64, age time.Duration) *bucket.Object {
		return &bucket.Object{Key: fmt.Sprint(rows, size), Size: size, Modified: now.Add(-age), Rows: &bucket.Rows{Count: rows}}
	}
	for _, c := range []struct {
		name  string
		files []*bucket.Object
		again time.Duration
	}{
		{"nothing", nil, 0},
		{"one file", []*bucket.Object{file(1, 100, time.Minute)}, 0},
		{"two that are new, until they are cold", []*bucket.Object{file(1, 100, time.Minute), file(1, 101, 2*time.Minute)}, 9 * time.Minute},
		{"a small and a large one, until they are frozen", []*bucket.Object{file(1, 100, time.Hour), file(100, 10_000, time.Hour)}, 23 * time.Hour},
		{"two that are full", []*bucket.Object{file(1e6, 64<<20, 48*time.Hour), file(1e6, 65<<20, 48*time.Hour)}, 0},
		{"a small and a full one", []*bucket.Object{file(1, 100, 48*time.Hour), file(1e6, 65<<20, 48*time.Hour)}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			merge, again := table.Compaction{}.Choose(c.files, now)
			if merge != nil {
				t.Errorf("%d files are merged", len(merge))
			}
			want := time.Time{}
			if c.again > 0 {
				want = now.Add(c.again)
			}
			if !again.Equal(want) {
				t.Errorf("looked at again %v, want %v", again, want)
			}
		})
	}
}
