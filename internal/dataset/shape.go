package dataset

import (
	"strings"

	"github.com/larder-dev/larder/internal/feature"
)

// A shape is the columns of a dataset, and where its keys are among the labels.
type shape struct {
	columns []Column // of the labels first
	labels  int      // how many those are
	time    int      // of the label times
	ids     []int    // of each group: of its identifiers
}

// shapeOf puts labels and groups together. The rule of names: a label column keeps its name; so does a feature,
// unless its group has a Prefix, which then goes before all of its names, or another column has that name, whatever
// its case: then the name of its group and '_' go before it. Invalid.
func shapeOf(spec *Spec, labels *labelFile, groups []Group) (*shape, error) {
	out := &shape{columns: labels.columns[:len(labels.columns):len(labels.columns)], labels: len(labels.columns)}
	var ok bool
	if out.time, ok = labels.column(spec.Labels.Time); !ok {
		return nil, partOf(ofTime, "the labels have no column %q for the label time; they have %s", spec.Labels.Time, labels.names())
	}
	if c := labels.columns[out.time]; !tells(&c) {
		return nil, partOf(ofTime, "the label time %q is %s, which is no time; it must be a timestamp, a date, a text or a number", c.Name, c.words())
	}
	for i := range groups {
		g := &groups[i]
		at, ok := labels.column(g.Column)
		if !ok {
			return nil, partOf(i, "the labels have no column %q for the identifiers of %s; they have %s", g.Column, g.Name, labels.names())
		}
		if c, d := &labels.columns[at], g.definition(g.Identifier); !joins(c, d) {
			return nil, partOf(i, "the label column %q is %s, and the record identifier %q of %s is %s: they cannot be equal; cast the one", c.Name, c.words(), d.Name, g.Name, d.Type)
		}
		out.ids = append(out.ids, at)
		for _, name := range g.Features {
			d := g.definition(name)
			out.columns = append(out.columns, Column{Name: string(name), Type: featureType(d.Type), List: d.Collection != feature.Scalar, Group: g.Name, Feature: name})
		}
		if len(out.columns) > maxColumns {
			return nil, partOf(i, "the dataset would have %d columns or more; the most is %d: name the features that are wanted", len(out.columns), maxColumns)
		}
	}
	return out, out.name(spec, groups)
}

// A partError is what is wrong with one part of a request.
type partError struct {
	group int // the place of the group, or ofTime
	err   error
}

// ofTime is what is wrong with the label time.
const ofTime = -1

func (e *partError) Error() string { return e.err.Error() }

// Unwrap returns what is wrong.
func (e *partError) Unwrap() error { return e.err }

// partOf makes an error Invalid.
func partOf(group int, format string, args ...any) error {
	return &partError{group, feature.Errorf(feature.Invalid, format, args...)}
}

// tells tells whether a label column can have the label time.
func tells(c *Column) bool {
	switch c.Type {
	case Text, Integer, Double, Micros, Nanos:
		return !c.List
	}
	return false
}

// words says of what type a column is.
func (c *Column) words() string {
	if c.List {
		return "a list of " + string(c.Type)
	}
	return string(c.Type)
}

func featureType(t feature.Type) Type {
	switch t {
	case feature.Integral:
		return Integer
	case feature.Fractional:
		return Double
	}
	return Text
}

// name gives the features their prefixes.
func (s *shape) name(spec *Spec, groups []Group) error {
	at := s.labels
	for i, g := range groups {
		for range g.Features {
			if p := spec.Groups[i].Prefix; p != nil {
				s.columns[at].Name = *p + s.columns[at].Name
			}
			at++
		}
	}
	times := map[string]int{}
	for _, c := range s.columns {
		times[strings.ToLower(c.Name)]++
	}
	at = s.labels
	for i, g := range groups {
		for range g.Features {
			if c := &s.columns[at]; spec.Groups[i].Prefix == nil && times[strings.ToLower(c.Name)] > 1 {
				c.Name = string(g.Name) + "_" + c.Name
			}
			at++
		}
	}
	seen := map[string]bool{}
	for _, c := range s.columns[:s.labels] {
		seen[strings.ToLower(c.Name)] = true
	}
	at = s.labels
	for i, g := range groups {
		for range g.Features {
			key := strings.ToLower(s.columns[at].Name)
			if seen[key] {
				return partOf(i, "two columns of the dataset would be named %q, case apart; give a group another prefix, or name the features that are wanted", s.columns[at].Name)
			}
			seen[key] = true
			at++
		}
	}
	return nil
}
