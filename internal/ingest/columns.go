package ingest

import (
	"slices"
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// A Column is where the value of a feature is in a source.
type Column struct {
	Ordinal int // of the feature
	At      int // in the source
}

// ColumnsOf finds the feature of each column of a source: the one that mapping says (see Request.Columns), or the one
// of the same name, or the only one whose name differs in case alone. It returns them in the order of
// the features. Invalid: a column has none, two have the same, or the identifier or the event time has
// no column.
func ColumnsOf(g *feature.Group, mapping map[string]feature.Name, names []string) ([]Column, error) {
	var all []Column
	taken := map[int]string{}
	for at, name := range names {
		ordinal, err := ordinalOf(g, mapping, name)
		if err != nil {
			return nil, err
		}
		if ordinal < 0 {
			continue
		}
		if other, twice := taken[ordinal]; twice {
			return nil, feature.Errorf(feature.Invalid, "the columns %q and %q are both the feature %q; leave one out", other, name, g.Definitions[ordinal].Name)
		}
		taken[ordinal] = name
		all = append(all, Column{ordinal, at})
	}
	for name := range mapping {
		if !slices.Contains(names, name) {
			return nil, feature.Errorf(feature.Invalid, "the column %q was named, and the source has the columns %s", name, list(names))
		}
	}
	for _, need := range []feature.Name{g.RecordIdentifier, g.EventTime} {
		if _, ok := taken[g.Ordinal(need)]; !ok {
			return nil, feature.Errorf(feature.Invalid, "the source has no column for the feature %q, which every record has; its columns are %s", need, list(names))
		}
	}
	slices.SortFunc(all, func(a, b Column) int { return a.Ordinal - b.Ordinal })
	return all, nil
}

// ordinalOf returns -1 for a column to leave out.
func ordinalOf(g *feature.Group, mapping map[string]feature.Name, name string) (int, error) {
	if to, ok := mapping[name]; ok {
		if to == "" {
			return -1, nil
		}
		if at := g.Ordinal(to); at >= 0 {
			return at, nil
		}
		return 0, feature.Errorf(feature.Invalid, "the column %q is to be the feature %q, which the feature group %s has not", name, to, g.Name)
	}
	if at := g.Ordinal(feature.Name(name)); at >= 0 {
		return at, nil
	}
	found := -1
	for i := range g.Definitions {
		if strings.EqualFold(string(g.Definitions[i].Name), name) {
			if found >= 0 {
				return 0, feature.Errorf(feature.Invalid, "the column %q may be the feature %q or %q; say which", name, g.Definitions[found].Name, g.Definitions[i].Name)
			}
			found = i
		}
	}
	if found < 0 {
		return 0, feature.Errorf(feature.Invalid, "the feature group %s has no feature %q; name the feature that this column is, or leave the column out", g.Name, name)
	}
	return found, nil
}

// list writes names for people, the first few of many.
func list(names []string) string {
	const most = 20
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}
