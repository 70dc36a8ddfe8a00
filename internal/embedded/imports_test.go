package embedded

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/feature"
)

// Whatever the order of the keys, what an import reads of what is held is what is held.
func TestHeldCursorReadsWhatIsHeldInAnyOrder(t *testing.T) {
	s, err := Open("db", vfs.NewMem(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g := mustNew(t, s, "g")
	held := map[string]feature.Position{}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	id := func() string { return fmt.Sprintf("%03d", rng.IntN(300)) }
	for range 100 {
		mustDo(t, s, g, id(), "text")
	}
	for r, err := range s.Records().Scan(t.Context(), g.ID, "") {
		if err != nil || r.Position == 0 {
			t.Fatal(r, err)
		}
		held[r.ID] = r.Position
	}
	for _, sorted := range []bool{true, false} {
		var ids []string
		for range 1000 {
			ids = append(ids, id())
		}
		if sorted {
			slices.Sort(ids)
		}
		it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: recordKey(g.ID, ""), UpperBound: groupEnd(recordKeys, g.ID)})
		if err != nil {
			t.Fatal(err)
		}
		all := heldCursor{it: it}
		for _, id := range ids {
			r, err := all.get(recordKey(g.ID, id), id)
			if err != nil || (r != nil) != (held[id] != 0) || r != nil && (r.ID != id || r.Position != held[id]) {
				t.Errorf("in order %t, %s is held as %v, %v; want that of %d", sorted, id, r, err, held[id])
			}
		}
		if err := it.Close(); err != nil {
			t.Error(err)
		}
	}
}
