package embedded

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/backendtest"
	"github.com/larder-dev/larder/internal/feature"
)

// TestManyAreReadAsEachByItself: records with lists, TTLs and tombstones, some in tables of several levels and some
// still in memory, asked for in any order, again, and where nothing is.
func TestManyAreReadAsEachByItself(t *testing.T) {
	s := openMem(t)
	g, other := mustNew(t, s, "a"), mustNew(t, s, "b")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	id := func() string { return fmt.Sprint(rng.IntN(300)) }
	for round := range 20 {
		for range 30 {
			r := randomRecord(rng, id())
			for _, g := range []*feature.Group{g, other}[:1+rng.IntN(2)] {
				must(t, s.Records().Do(t.Context(), g, r.ID, func(*feature.Record) (feature.Decision, error) {
					d := feature.Decision{Outcome: feature.OnlineWritten, Record: r}
					if rng.IntN(8) == 0 {
						d = feature.Decision{Outcome: feature.OnlineRemoved}
					}
					return d, nil
				}))
			}
		}
		switch rng.IntN(3) {
		case 0:
			must(t, s.db.Flush())
		case 1:
			must(t, s.db.Compact(t.Context(), []byte{recordKeys}, []byte{recordKeys + 1}, false))
		}
		ids := make([]string, rng.IntN(100))
		for i := range ids {
			ids[i] = id()
		}
		want := make([]*feature.Record, len(ids))
		for i := range ids {
			one, err := backendtest.Held(t.Context(), s.Records(), g.ID, ids[i:i+1])
			must(t, err)
			want[i] = one[0]
		}
		got, err := backendtest.Held(t.Context(), s.Records(), g.ID, ids)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("round %d, %q (-one by one +at once):\n%s", round, ids, diff)
		}
	}
}

func randomRecord(rng *rand.Rand, id string) *feature.Record {
	r := &feature.Record{ID: id, EventTime: feature.EventTime{Sec: rng.Int64N(1000)}, Values: []feature.Value{{Text: id}}}
	switch rng.IntN(5) {
	case 0:
		r.Deleted = true
	case 1:
		r.TTL = 1 + rng.Int64N(1000)
	case 2:
		r.Values = append(r.Values, feature.Value{Ordinal: 1, List: []string{"", fmt.Sprint(rng.IntN(10))}})
	}
	for i := range rng.IntN(4) {
		r.Values = append(r.Values, feature.Value{Ordinal: 2 + i, Text: fmt.Sprint(rng.IntN(1_000_000))})
	}
	return r
}

// TestGetStopsWhenItIsTold and shows nothing after.
func TestGetStopsWhenItIsTold(t *testing.T) {
	s := openMem(t)
	g := mustNew(t, s, "a")
	for i := range 9 {
		mustDo(t, s, g, fmt.Sprint(i), "x")
	}
	var shown []int
	must(t, s.Records().Get(t.Context(), g.ID, []string{"7", "none", "3", "5", "1"}, func(i int, _ *feature.Record) bool {
		shown = append(shown, i)
		return i < 3
	}))
	if want := []int{0, 2, 3}; !slices.Equal(shown, want) {
		t.Errorf("shown %v; want %v", shown, want)
	}
}

// TestGetSaysWhichRecordIsDamaged, read alone and with others.
func TestGetSaysWhichRecordIsDamaged(t *testing.T) {
	s := openMem(t)
	g := mustNew(t, s, "a")
	for _, value := range []string{"", "\x01", "\x02\x00"} {
		must(t, s.db.Set(recordKey(g.ID, "bad"), []byte(value), pebble.Sync))
		for _, ids := range [][]string{{"bad"}, {"a", "b", "bad", "c", "d"}} {
			if got, err := backendtest.Held(context.Background(), s.Records(), g.ID, ids); err == nil {
				t.Errorf("value %q, %q: %v; want an error", value, ids, got)
			}
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
