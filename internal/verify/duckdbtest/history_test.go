package duckdbtest

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

var seed = flag.Uint64("seed", rand.Uint64(), "of the histories")

// TestRandomHistoriesAgreeUntilSomebodyBendsThem: what the rules make has no difference; with one row or
// one record bent it has.
func TestRandomHistoriesAgreeUntilSomebodyBendsThem(t *testing.T) {
	t.Logf("seed %d: go test -run RandomHistories ./internal/verify/duckdbtest -args -seed %d", *seed, *seed)
	rng := rand.New(rand.NewPCG(*seed, 7))
	engine := openEngine(t)
	for round := range 20 {
		w := newWorld(t, engine)
		w.create(asked())
		w.clock.add(time.Second)
		for range 20 + rng.IntN(150) {
			w.step(rng)
		}
		r := w.verify()
		if r.Differences != 0 {
			t.Fatalf("round %d: %+v", round, r.First)
		}
		if n := r.Held.Records + r.Held.Tombstones - r.Held.OnlineOnly; n == 0 {
			continue
		}
		w.bendRecords(func(all []*feature.Record) []*feature.Record { return bendRandom(rng, all) })
		if bent := w.verify(); bent.Differences == 0 {
			t.Fatalf("round %d: nothing was found: %+v", round, bent)
		}
	}
}

// bendRandom changes one record that has a row.
func bendRandom(rng *rand.Rand, all []*feature.Record) []*feature.Record {
	var at []int
	for i, r := range all {
		if r.Position != 0 {
			at = append(at, i)
		}
	}
	i := at[rng.IntN(len(at))]
	r := *all[i]
	switch rng.IntN(4) {
	case 0:
		r.Position++
	case 1:
		r.Deleted = !r.Deleted
	case 2:
		r.Values = append(slices.Clone(r.Values), feature.Value{Ordinal: 6, List: []string{"1", fmt.Sprint(rng.Int())}})
		r.Values = slices.DeleteFunc(r.Values, func(v feature.Value) bool { return v.Ordinal == 5 })
	case 3:
		r.Position = 1
	}
	all[i] = &r
	return all
}

// step does something that a program may do.
func (w *world) step(rng *rand.Rand) {
	w.t.Helper()
	id := string(rune('a' + rng.IntN(8)))
	at := second(rng.IntN(40) - 30)
	stores := []feature.Stores{both, both, both, feature.OnlineStore, feature.OfflineStore}[rng.IntN(5)]
	switch n := rng.IntN(20); {
	case n < 10:
		var ttl int64
		if stores != feature.OfflineStore && rng.IntN(3) == 0 {
			ttl = 1 + rng.Int64N(40)
		}
		fields := []feature.Field{scalar("n", []string{"1", "01", "-5"}[rng.IntN(3)]), scalar("X", fmt.Sprint(rng.NormFloat64())), list("tags", "a", fmt.Sprint(rng.IntN(3)))}
		w.put(id, at, stores, ttl, fields[:rng.IntN(4)]...)
	case n < 13:
		w.remove(id, at, feature.SoftDelete, stores)
	case n < 15:
		// One that is not newer is refused, and leaves nothing.
		if err := w.tryRemove(id, at, feature.HardDelete, stores); feature.KindOf(err) != feature.Invalid {
			check(w.t, err)
		}
	case n < 16:
		err := w.Update(w.t.Context(), &featurestore.Update{Group: "g", ID: id, Fields: []feature.Field{scalar("s", fmt.Sprint(rng.IntN(9)))}, Accepted: w.clock.Now()})
		if feature.KindOf(err) != feature.NotFound {
			check(w.t, err)
		}
	case n < 17:
		w.expire()
	case n < 18:
		w.flush()
	default:
		w.clock.add(time.Duration(rng.IntN(10)) * time.Second)
	}
}
