package dataset_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
)

func TestParseGroup(t *testing.T) {
	prefix, none := "p_", ""
	for text, want := range map[string]*dataset.GroupSpec{
		"customers": {Group: "customers"},
		"  customers\ton=id  features=a,b look-back=2w prefix=p_\nskip-deletes ": {Group: "customers", Column: "id", Features: []feature.Name{"a", "b"}, LookBack: 14 * 24 * time.Hour, Prefix: &prefix, SkipDeletes: true},
		"customers prefix= look-back=1h30m":                                      {Group: "customers", LookBack: 90 * time.Minute, Prefix: &none},
	} {
		got, err := dataset.ParseGroup(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestParseGroupSaysWhatItDoesNotUnderstand(t *testing.T) {
	for text, want := range map[string]string{
		" ": "it names no group", "g on=a on=b": "it says on twice", "g on=": `"on=" is not understood: after the name of the group say on=COLUMN`, "g skip-deletes=yes": `"skip-deletes=yes" is not understood`,
		"g features": `"features" is not understood`, "g look-back=0d": "look-back=0d is no time in whole seconds", "g look-back=1ms": "look-back=1ms is no time", "g look-back=99999999w": "look-back=99999999w is no time", "g at=x": `"at=x" is not understood`,
	} {
		if _, err := dataset.ParseGroup(text); feature.KindOf(err) != feature.Invalid || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// FuzzParseGroup: a text is a group, or Invalid.
func FuzzParseGroup(f *testing.F) {
	for _, s := range []string{"g", "g on=a features=b,c look-back=30d prefix=p_ skip-deletes", "g look-back=-1w", "g prefix= on==", "\x00 look-back=9223372036854775807d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		g, err := dataset.ParseGroup(text)
		if err != nil && feature.KindOf(err) != feature.Invalid {
			t.Errorf("%q: %v", text, err)
		}
		if err == nil && (g.Group == "" || g.LookBack < 0 || g.LookBack%time.Second != 0) {
			t.Errorf("%q: %+v", text, g)
		}
	})
}
