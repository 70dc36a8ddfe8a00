package serde

import (
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// Whatever way the ends of lines are mixed, and however the bytes come in: the lines are those between the ends.
func TestLinesEndInAnyOfThreeWays(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		var b strings.Builder
		kinds := []string{"\n", "\r", "\r\n"}[:1+r.IntN(3)]
		r.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
		for range r.IntN(40) {
			b.WriteString(strings.Repeat("x", r.IntN(5)*r.IntN(5)*r.IntN(5_000)))
			b.WriteString(kinds[r.IntN(len(kinds))])
		}
		text := b.String()
		want := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
		want = want[:len(want)-1]
		for name, in := range map[string]io.Reader{"whole": strings.NewReader(text), "halves": iotest.HalfReader(strings.NewReader(text)), "bytes": iotest.OneByteReader(strings.NewReader(text))} {
			got := []string{}
			l, err := newLines(in, 0, 0)
			for err == nil {
				var line []byte
				if line, err = l.next(); err == nil {
					got = append(got, string(line))
				}
			}
			if diff := cmp.Diff(want, got); diff != "" || err != io.EOF {
				t.Fatalf("seed %d, %s: %v (-want +got):\n%s", seed, name, err, diff)
			}
		}
	}
}
