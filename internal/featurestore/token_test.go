package featurestore

import (
	"testing"

	"github.com/larder-dev/larder/internal/feature"
)

// FuzzRecordToken reads any text as a token: it is refused, or names a place that can be written and
// read again.
func FuzzRecordToken(f *testing.F) {
	for _, t := range []recordToken{{group: 1}, {group: 1, deleted: true, after: "a"}, {group: 1, after: "é\x00\xff"}} {
		f.Add(t.text(), t.deleted)
	}
	f.Add("AQAAAAAAAAAAAQ", false)
	f.Add("", true)
	f.Fuzz(func(t *testing.T, text string, deleted bool) {
		token := recordToken{group: 1, deleted: deleted}
		if err := token.read(text); err != nil {
			if feature.KindOf(err) != feature.Invalid || token.after != "" {
				t.Fatalf("%q: %v; want Invalid, and no place", text, err)
			}
			return
		}
		again := recordToken{group: 1, deleted: deleted}
		if err := again.read(token.text()); err != nil || again != token {
			t.Fatalf("%q names %+v, which is written as %q and read as %+v, %v", text, token, token.text(), again, err)
		}
	})
}

func TestRecordTokenReadsWhatItWrites(t *testing.T) {
	for _, after := range []string{"", "a", "\x00", string(make([]byte, feature.MaxIdentifierBytes))} {
		want := recordToken{group: 1 << 40, deleted: true, after: after}
		got := recordToken{group: 1 << 40, deleted: true}
		if err := got.read(want.text()); err != nil || got != want {
			t.Errorf("%q was read as %+v, %v", after, got, err)
		}
	}
}
