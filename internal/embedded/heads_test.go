package embedded

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/larder-dev/larder/internal/feature"
)

func TestAHeadThatIsKnownIsTheLastOneNoted(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	keys := make([]string, 20)
	for i := range keys {
		keys[i] = "r" + strings.Repeat(fmt.Sprint(i), 1+rng.IntN(4))
	}
	var l latch
	noted := map[string]head{}
	for n := range 2000 {
		if rng.IntN(100) == 0 {
			l.heads = nil
			continue
		}
		key, now := keys[rng.IntN(len(keys))], headOf(nil)
		if rng.IntN(3) > 0 {
			now = headOf(&feature.Record{EventTime: feature.EventTime{Sec: int64(n)}, TTL: rng.Int64N(3), Deleted: n%2 == 0})
		}
		l.note([]byte(key), now)
		noted[key] = now
		if l.heads.find([]byte(key)) == nil {
			t.Fatalf("the head of %q is not known after it was noted", key)
		}
		for key, want := range noted {
			got := l.heads.find([]byte(key))
			if got != nil && (got.at != want.at || got.ttl != want.ttl || got.held != want.held || got.deleted != want.deleted) {
				t.Fatalf("step %d: the head of %q is %+v, want %+v", n, key, got, want)
			}
		}
	}
	for key := range noted {
		if l.heads.find([]byte(key[:1])) != nil || l.heads.find([]byte(key+"0"+strings.Repeat("9", 9))) != nil {
			t.Errorf("a key that was never noted is known, beside %q", key)
		}
	}
}

func TestHeadsOfLongKeysAreNotKept(t *testing.T) {
	var l latch
	for _, size := range []int{60, 61, 62, 300} {
		key := []byte(strings.Repeat("k", size))
		l.note(key, head{held: true})
		if known := l.heads.find(key) != nil; known != (size <= 61) {
			t.Errorf("the head of a key of %d bytes is known: %v", size, known)
		}
	}
}
