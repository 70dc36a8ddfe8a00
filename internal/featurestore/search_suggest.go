package featurestore

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Properties returns the names of the properties of a subject that begin with a prefix, sorted:
// those that all have, and the tags or parameters that there are at this moment (contract §1.11).
func (s *Store) Properties(ctx context.Context, subject Subject, prefix string) ([]string, error) {
	table, made := groupProperties, tagPrefix
	if subject == SearchFeatures {
		table, made = featureProperties, parameterPrefix
	}
	names := map[string]bool{}
	for name := range table {
		names[name] = true
	}
	q := &Search{Subject: subject}
	for g, err := range s.groups.List(ctx) {
		if err != nil {
			return nil, err
		}
		for _, f := range q.candidates(g) {
			for _, pair := range pairs(subject, f) {
				names[made+pair[0]] = true
			}
		}
	}
	maps.DeleteFunc(names, func(name string, _ bool) bool { return !strings.HasPrefix(name, prefix) })
	return slices.Sorted(maps.Keys(names)), nil
}
