package s3

import (
	"strings"
	"testing"
)

func FuzzToken(f *testing.F) {
	for _, seed := range []string{"", "a/b", "AWEAAAAA", encodeToken("dir/key"), strings.Repeat("x", 2000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := decodeToken(encodeToken(s)); !ok || got != s {
			t.Errorf("decode(encode(%q)) = %q, %t", s, got, ok)
		}
		if after, ok := decodeToken(s); ok && encodeToken(after) != s {
			t.Errorf("%q is taken for the token of %q", s, after)
		}
	})
}
