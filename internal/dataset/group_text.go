package dataset

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// ParseGroup reads what people write of a group, in the command and in SQL:
// "NAME on=COLUMN features=A,B look-back=30d prefix=P_ skip-deletes". Invalid.
func ParseGroup(text string) (*GroupSpec, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil, feature.Errorf(feature.Invalid, "it names no group")
	}
	g := &GroupSpec{Group: feature.GroupRef(words[0])}
	var seen []string
	for _, word := range words[1:] {
		name, value, given := strings.Cut(word, "=")
		if slices.Contains(seen, name) {
			return nil, feature.Errorf(feature.Invalid, "it says %s twice", name)
		}
		seen = append(seen, name)
		if given == (name == "skip-deletes") || given && value == "" && name != "prefix" {
			return nil, notUnderstood(word)
		}
		switch name {
		case "on":
			g.Column = value
		case "features":
			for _, one := range strings.Split(value, ",") {
				g.Features = append(g.Features, feature.Name(one))
			}
		case "look-back":
			var err error
			if g.LookBack, err = parseLookBack(value); err != nil {
				return nil, err
			}
		case "prefix":
			g.Prefix = &value
		case "skip-deletes":
			g.SkipDeletes = true
		default:
			return nil, notUnderstood(word)
		}
	}
	return g, nil
}

func notUnderstood(word string) error {
	return feature.Errorf(feature.Invalid, "%q is not understood: after the name of the group say on=COLUMN, features=A,B, look-back=30d, prefix=P_, skip-deletes, or nothing", word)
}

// parseLookBack reads 30d, 2w, 12h or any duration of Go, of whole seconds.
func parseLookBack(text string) (time.Duration, error) {
	day := map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
	took, err := time.ParseDuration(text)
	if unit, ok := day[text[len(text)-1:]]; ok {
		var n int64
		if n, err = strconv.ParseInt(text[:len(text)-1], 10, 64); err == nil && (n < 0 || n > int64(1<<62/unit)) {
			err = errors.New("too long")
		}
		took = time.Duration(n) * unit
	}
	if err != nil || took <= 0 || took%time.Second != 0 {
		return 0, feature.Errorf(feature.Invalid, "look-back=%s is no time in whole seconds: say 12h, 30d or 2w", text)
	}
	return took, nil
}
