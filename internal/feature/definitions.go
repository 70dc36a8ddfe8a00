package feature

import (
	"slices"
	"strings"
)

// The limits of definitions (contract §1.1, §1.13).
const (
	maxDefinitions = 2500
	maxAdditions   = 100 // of one update
	maxDimension   = 8192
)

// reserved are the names of the columns that an offline table has beside the features.
var reserved = []string{"is_deleted", "write_time", "api_invocation_time"}

// checkDefinitions holds the rules of the definitions of a new group (contract §1.3 rules 1, 5, 9).
func (g *Group) checkDefinitions() error {
	if n := len(g.Definitions); n < 1 || n > maxDefinitions {
		return Errorf(Invalid, "FeatureDefinitions has %d features; it must have 1 to %d", n, maxDefinitions)
	}
	return g.checkNew(g.Definitions, nil)
}

// checkNew holds the rules of definitions that join those that g has already.
func (g *Group) checkNew(added, had []Definition) error {
	seen := make(map[string]Name, len(had)+len(added))
	vector := Name("")
	for i := range had {
		seen[g.columnKey(had[i].Name)] = had[i].Name
		if had[i].Collection == Vector {
			vector = had[i].Name
		}
	}
	for i := range added {
		d := &added[i]
		if err := d.check(); err != nil {
			return err
		}
		key := g.columnKey(d.Name)
		if other, twice := seen[key]; twice && other == d.Name {
			return Errorf(Invalid, "the feature %q is defined twice; feature names must be unique, and a feature cannot be redefined", d.Name)
		} else if twice {
			return Errorf(Invalid, "the features %q and %q differ only in case, and columns of the offline table do not have case; rename one", other, d.Name)
		}
		seen[key] = d.Name
		if d.Collection != Scalar && (g.Online == nil || g.Online.StorageType != InMemory) {
			return Errorf(Invalid, "the feature %q has the CollectionType %s, which only a feature group with an online store of the StorageType InMemory may have", d.Name, d.Collection)
		}
		if d.Collection == Vector {
			if vector != "" {
				return Errorf(Invalid, "the features %q and %q are both a Vector; a feature group has one at most", vector, d.Name)
			}
			vector = d.Name
		}
	}
	return nil
}

// columnKey is what must be unique of a name: columns do not have case.
func (g *Group) columnKey(name Name) string {
	if g.Offline == nil {
		return string(name)
	}
	return strings.ToLower(string(name))
}

// check holds the rules of one definition alone.
func (d *Definition) check() error {
	if err := CheckName("the FeatureName", d.Name); err != nil {
		return err
	}
	if d.Type < String || d.Type > Fractional {
		return Errorf(Invalid, "the feature %q has no FeatureType; it must be String, Integral or Fractional", d.Name)
	}
	if slices.Contains(reserved, strings.ToLower(string(d.Name))) {
		return Errorf(Invalid, "the feature name %q is reserved: is_deleted, write_time and api_invocation_time are columns of every offline table; choose another name", d.Name)
	}
	switch {
	case d.Collection > Vector:
		return Errorf(Invalid, "the feature %q has an unknown CollectionType; it must be List, Set or Vector", d.Name)
	case d.Collection != Vector && d.Dimension != 0:
		return Errorf(Invalid, "the feature %q has a Dimension, which only a feature of the CollectionType Vector has", d.Name)
	case d.Collection == Vector && (d.Dimension < 1 || d.Dimension > maxDimension):
		return Errorf(Invalid, "the Vector %q has the Dimension %d; give it a VectorConfig with a Dimension from 1 to %d", d.Name, d.Dimension, maxDimension)
	case d.Collection == Vector && d.Type != Fractional:
		return Errorf(Invalid, "the Vector %q is %s; the FeatureType of a Vector is Fractional", d.Name, d.Type)
	}
	return nil
}

// checkKeys holds the rules of the record identifier and the event time, which may be the same
// feature.
func (g *Group) checkKeys() error {
	id, at := g.Ordinal(g.RecordIdentifier), g.Ordinal(g.EventTime)
	if id < 0 {
		return Errorf(Invalid, "RecordIdentifierFeatureName %s is not among FeatureDefinitions; it must name one of them, in the same case", quote(string(g.RecordIdentifier)))
	}
	if at < 0 {
		return Errorf(Invalid, "EventTimeFeatureName %s is not among FeatureDefinitions; it must name one of them, in the same case", quote(string(g.EventTime)))
	}
	if g.Definitions[id].Collection != Scalar {
		return Errorf(Invalid, "the record identifier %q is a %s; it must have one value, without a CollectionType", g.RecordIdentifier, g.Definitions[id].Collection)
	}
	if g.Definitions[at].Collection != Scalar {
		return Errorf(Invalid, "the event-time feature %q is a %s; it must have one value, without a CollectionType", g.EventTime, g.Definitions[at].Collection)
	}
	if g.Definitions[at].Type == Integral {
		return Errorf(Invalid, "the event-time feature %q is Integral; it must be String (ISO-8601) or Fractional (Unix time in seconds)", g.EventTime)
	}
	return nil
}
