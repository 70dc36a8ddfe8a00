package metamorphic

import (
	"context"
	"errors"
	"flag"
	"testing"
	"time"

	"github.com/larder-dev/larder/test/wiretest"
)

var (
	seed   = flag.Uint64("seed", 0, "of the first history; 0: drawn")
	larder = flag.String("larder", "", "the binary whose workers run queries; empty: bin/larder")
	ops    = flag.Int("ops", 4_000, "how many operations the histories have together")
)

func TestRandomHistoriesAgreeWithTheModel(t *testing.T) {
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano() % 1e9)
	}
	extensions := *seed%3 == 0
	if *larder == "" {
		*larder = wiretest.Binary(t)
	}
	history := generate(*seed, *ops, extensions)
	began := time.Now()
	ctx := context.Background()
	set := setting{dir: t.TempDir(), larder: *larder, extensions: extensions, flushAge: time.Duration(*seed%4) * 2 * time.Second}
	x, err := trial(ctx, set, history, false)
	if x != nil {
		t.Logf("seed %d: %d requests, %d queries, %d rows in %v: %v", *seed, x.requests, x.queries, x.rows, time.Since(began), x.kinds)
	}
	var d *disagreement
	if errors.As(err, &d) {
		t.Log(d)
		short, d := shrink(ctx, set, history, d, time.Minute)
		if len(short) > 300 {
			short = short[len(short)-300:]
		}
		t.Errorf("%s\nshorter: %v", tell(short), d)
	} else if err != nil {
		t.Fatal(err)
	}
}
