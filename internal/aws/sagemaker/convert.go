package sagemaker

import (
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// text returns the string, "" if it is absent.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// optional returns nil for "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// required returns the string, which must be there.
func required(member string, s *string) (string, error) {
	if s == nil {
		return "", missing(member)
	}
	return *s, nil
}

func missing(member string) error {
	return feature.Errorf(feature.Invalid, "%s is missing; it is required", member)
}

// oneOf returns the string, "" if it is absent; it must be one of the values.
func oneOf(member string, s *string, values ...string) (string, error) {
	if s == nil || slices.Contains(values, *s) {
		return text(s), nil
	}
	return "", feature.Errorf(feature.Invalid, "%s %q is not one of %s", member, clip(*s), strings.Join(values, ", "))
}

// toTags reads tags.
func toTags(in []tag) ([]feature.Tag, error) {
	tags := make([]feature.Tag, 0, len(in))
	for _, t := range in {
		key, err := required("the Key of a tag", t.Key)
		if err != nil {
			return nil, err
		}
		value, err := required("the Value of the tag "+clip(key), t.Value)
		if err != nil {
			return nil, err
		}
		tags = append(tags, feature.Tag{Key: key, Value: value})
	}
	return tags, nil
}

// fromTags writes tags; those of a group without any are an empty list.
func fromTags(tags []feature.Tag) []tag {
	out := make([]tag, len(tags))
	for i := range tags {
		out[i] = tag{Key: &tags[i].Key, Value: &tags[i].Value}
	}
	return out
}

// toTexts reads a list of texts, in which a null is none.
func toTexts(member string, in []*string) ([]string, error) {
	texts := make([]string, 0, len(in))
	for _, s := range in {
		if s == nil {
			return nil, feature.Errorf(feature.Invalid, "%s has a null; give each of its elements a text", member)
		}
		texts = append(texts, *s)
	}
	return texts, nil
}

// clip shortens a caller's text that an error names.
func clip(s string) string {
	const most = 64
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most]) + "…"
}
