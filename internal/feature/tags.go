package feature

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxTags is how many tags a group may have, and a call may name (contract §1.1).
const maxTags = 50

// checkTags holds the rules of tags that a caller gives.
func checkTags(tags []Tag) error {
	if len(tags) > maxTags {
		return Errorf(Invalid, "Tags has %d tags; the most is %d", len(tags), maxTags)
	}
	seen := make(map[string]bool, len(tags))
	for _, t := range tags {
		if err := checkTagKey(t.Key); err != nil {
			return err
		}
		if n := utf8.RuneCountInString(t.Value); n > 256 || !tagText.MatchString(t.Value) {
			return Errorf(Invalid, "the value %s of the tag %q is not at most 256 letters, digits, spaces and _.:/=+-@", quote(t.Value), t.Key)
		}
		if strings.HasPrefix(strings.ToLower(t.Key), "aws:") {
			return Errorf(Invalid, "the tag key %q begins with aws:, which is reserved; choose another key", t.Key)
		}
		if seen[t.Key] {
			return Errorf(Invalid, "the tag key %q is given twice; tag keys must be unique", t.Key)
		}
		seen[t.Key] = true
	}
	return nil
}

func checkTagKey(key string) error {
	if n := utf8.RuneCountInString(key); n < 1 || n > 128 || !tagText.MatchString(key) {
		return Errorf(Invalid, "the tag key %s is not 1 to 128 letters, digits, spaces and _.:/=+-@", quote(key))
	}
	return nil
}

// AddTags adds tags to g, a copy that nobody else holds; a tag whose key is there replaces it
// (contract §1.9). Invalid.
func (g *Group) AddTags(tags []Tag) error {
	if err := checkTags(tags); err != nil {
		return err
	}
	all := slices.Clone(g.Tags)
	for _, t := range tags {
		at := slices.IndexFunc(all, func(had Tag) bool { return had.Key == t.Key })
		if at < 0 {
			all = append(all, t)
		} else {
			all[at] = t
		}
	}
	// AddTags has no limit error in the service's model, so this is the caller's input.
	if len(all) > maxTags {
		return Errorf(Invalid, "the feature group %s would have %d tags; the most is %d; delete some first", g.Name, len(all), maxTags)
	}
	g.Tags = all
	return nil
}

// DeleteTags removes the tags of these keys; one that is not there is no error. Invalid.
func (g *Group) DeleteTags(keys []string) error {
	if n := len(keys); n < 1 || n > maxTags {
		return Errorf(Invalid, "TagKeys has %d keys; it must have 1 to %d", n, maxTags)
	}
	for _, key := range keys {
		if err := checkTagKey(key); err != nil {
			return err
		}
	}
	g.Tags = slices.DeleteFunc(slices.Clone(g.Tags), func(t Tag) bool { return slices.Contains(keys, t.Key) })
	return nil
}
