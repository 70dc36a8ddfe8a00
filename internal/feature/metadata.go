package feature

import (
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// The limits of metadata (contract §1.1, §1.8).
const (
	maxFeatureDescription = 255
	maxParameters         = 25 // of a feature, and of a call
	maxParameterText      = 255
)

var parameterText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-]*$`)

// A MetadataUpdate changes what is said of a feature (contract §1.8).
type MetadataUpdate struct {
	Description *string // nil keeps it, "" clears it
	Additions   []Parameter
	Removals    []string // keys; one that is not there is no error
}

// UpdateMetadata carries out u on the feature of g, a copy that nobody else holds. NotFound: the
// feature; Invalid. After an error g is as it was.
func (g *Group) UpdateMetadata(name Name, u *MetadataUpdate, now time.Time) error {
	if err := CheckName("the FeatureName", name); err != nil {
		return err
	}
	at := g.Ordinal(name)
	if at < 0 {
		return Errorf(NotFound, "%s", NoFeature(g, name))
	}
	if err := u.check(); err != nil {
		return err
	}
	m := Metadata{Modified: now.UTC().Truncate(time.Millisecond)}
	if had := g.Definitions[at].Metadata; had != nil {
		m.Description = had.Description
		m.Parameters = slices.Clone(had.Parameters)
	}
	if u.Description != nil {
		m.Description = *u.Description
	}
	m.Parameters = slices.DeleteFunc(m.Parameters, func(p Parameter) bool { return slices.Contains(u.Removals, p.Key) })
	for _, p := range u.Additions {
		i := slices.IndexFunc(m.Parameters, func(had Parameter) bool { return had.Key == p.Key })
		if i < 0 {
			m.Parameters = append(m.Parameters, p)
		} else {
			m.Parameters[i] = p
		}
	}
	if n := len(m.Parameters); n > maxParameters {
		return Errorf(Invalid, "the feature %q would have %d parameters; the most is %d; remove some with ParameterRemovals", name, n, maxParameters)
	}
	g.Definitions = slices.Clone(g.Definitions)
	g.Definitions[at].Metadata = &m
	return nil
}

// NoFeature is the sentence for a feature that is not there.
func NoFeature(g *Group, name Name) string {
	return "Amazon SageMaker can't find a feature with name [" + string(name) + "] in the FeatureGroup with name [" + string(g.Name) + "]"
}

// check holds the rules of an update alone.
func (u *MetadataUpdate) check() error {
	if u.Description != nil {
		if n := utf8.RuneCountInString(*u.Description); n > maxFeatureDescription {
			return Errorf(Invalid, "Description has %d characters; the most is %d", n, maxFeatureDescription)
		}
	}
	if n := len(u.Additions); n > maxParameters {
		return Errorf(Invalid, "ParameterAdditions has %d parameters; the most is %d", n, maxParameters)
	}
	if n := len(u.Removals); n > maxParameters {
		return Errorf(Invalid, "ParameterRemovals has %d keys; the most is %d", n, maxParameters)
	}
	seen := make(map[string]bool, len(u.Additions))
	for _, p := range u.Additions {
		if err := checkParameterText("key", p.Key); err != nil {
			return err
		}
		if err := checkParameterText("value", p.Value); err != nil {
			return err
		}
		if seen[p.Key] {
			return Errorf(Invalid, "the parameter %q is added twice; give each key once", p.Key)
		}
		seen[p.Key] = true
	}
	for _, key := range u.Removals {
		if err := checkParameterText("key", key); err != nil {
			return err
		}
		if seen[key] {
			return Errorf(Invalid, "the parameter %q is both in ParameterAdditions and in ParameterRemovals; an addition alone replaces its value", key)
		}
	}
	return nil
}

func checkParameterText(what, text string) error {
	if n := utf8.RuneCountInString(text); n < 1 || n > maxParameterText || !parameterText.MatchString(text) {
		return Errorf(Invalid, "the parameter %s %s is not 1 to %d letters, digits, spaces and _.:/=+-", what, quote(text), maxParameterText)
	}
	return nil
}
