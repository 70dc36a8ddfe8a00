package s3

import (
	"strings"
	"testing"

	"github.com/larder-dev/larder/internal/bucket"
)

func FuzzToken(f *testing.F) {
	for _, seed := range []string{"", "a/b", "AWEAAAAA", encodeToken(place{"dir/key", 1 << 50}), strings.Repeat("x", 2000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p := place{s, bucket.Version(len(s))}
		if got, ok := decodeToken(encodeToken(p)); !ok || got != p {
			t.Errorf("decode(encode(%q)) = %v, %t", s, got, ok)
		}
		if got, ok := decodeToken(s); ok && encodeToken(got) != s {
			t.Errorf("%q is taken for the token of %v", s, got)
		}
	})
}
