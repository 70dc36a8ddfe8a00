package dataset

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/larder-dev/larder/internal/feature"
)

// Limits of a dataset.
const (
	maxGroups  = 100
	maxColumns = 10_000
)

var namePattern = regexp.MustCompile(`^[a-zA-Z0-9](-*_*[a-zA-Z0-9]){0,63}$`)

// checkSpec holds a request to what can be told before its labels are read, and finds its groups. Invalid;
// NotFound: a group.
func (s *Store) checkSpec(ctx context.Context, name Name, spec *Spec) ([]Group, error) {
	if !namePattern.MatchString(string(name)) {
		return nil, feature.Errorf(feature.Invalid, "the name of the dataset is %.80q; it must have 1 to 64 letters, digits, - and _, and begin and end with a letter or a digit", name)
	}
	if err := checkLabels(&spec.Labels); err != nil {
		return nil, err
	}
	if len(spec.Groups) == 0 || len(spec.Groups) > maxGroups {
		return nil, feature.Errorf(feature.Invalid, "a dataset has 1 to %d groups, and this has %d", maxGroups, len(spec.Groups))
	}
	if err := checkAsOf(spec.AsOf, s.options.Now()); err != nil {
		return nil, err
	}
	var groups []Group
	for i := range spec.Groups {
		g, err := s.joiner.checkGroup(ctx, &spec.Groups[i])
		if err != nil {
			return nil, err
		}
		groups = append(groups, *g)
	}
	return groups, nil
}

// checkAsOf holds the last write time that counts, if there is one.
func checkAsOf(at, now time.Time) error {
	switch {
	case !at.IsZero() && at.UnixMicro() <= 0:
		return feature.Errorf(feature.Invalid, "as of %s is before 1970, when nothing was written", at.UTC().Format(time.RFC3339Nano))
	case at.After(now):
		return feature.Errorf(feature.Invalid, "as of %s is in the future, and rows will come before it; now is %s", at.UTC().Format(time.RFC3339Nano), now.UTC().Format(time.RFC3339Nano))
	}
	return nil
}

func checkLabels(l *Labels) error {
	given := 0
	for _, text := range []string{l.Source, l.Table, l.SQL} {
		if text != "" {
			given++
		}
	}
	switch {
	case given != 1:
		return feature.Errorf(feature.Invalid, "the labels are a source, a table or a statement: give one of them, and this has %d", given)
	case l.Time == "":
		return feature.Errorf(feature.Invalid, "name the label column that has the time for which features are wanted")
	case l.Source == "" && l.Format != "":
		return feature.Errorf(feature.Invalid, "the format %q is that of a source, and the labels are a table or a statement; leave it out", l.Format)
	case l.Source == "":
		return nil
	case l.Database != "":
		return feature.Errorf(feature.Invalid, "the database %q is that of a table or a statement, and the labels are a source; leave it out", l.Database)
	}
	_, err := sourceFormat(l)
	return err
}

// sourceFormat tells the format of a source by its name, if nobody said it.
func sourceFormat(l *Labels) (Format, error) {
	switch l.Format {
	case Parquet, CSV:
		return l.Format, nil
	case "":
	default:
		return "", feature.Errorf(feature.Invalid, "the format of the labels is %q; it can be parquet or csv", l.Format)
	}
	name := strings.ToLower(l.Source)
	switch {
	case strings.HasSuffix(name, ".parquet"), strings.HasSuffix(name, ".pq"):
		return Parquet, nil
	case strings.HasSuffix(name, ".csv"):
		return CSV, nil
	}
	return "", feature.Errorf(feature.Invalid, "the format of the labels %s cannot be told by their name; say parquet or csv", l.Source)
}

func (j *Joiner) checkGroup(ctx context.Context, spec *GroupSpec) (*Group, error) {
	g, err := j.groups.Group(ctx, spec.Group)
	if err != nil {
		return nil, err
	}
	switch {
	case g.Status != feature.Created:
		return nil, feature.Errorf(feature.Conflict, "the feature group %s is %s; it can be read when it is Created", g.Name, g.Status)
	case g.Offline == nil:
		return nil, feature.Errorf(feature.Invalid, "the feature group %s has no offline store, so nobody knows what its features were", g.Name)
	case spec.LookBack < 0:
		return nil, feature.Errorf(feature.Invalid, "the look-back of %s is %s; it must be more than 0, or left out for no limit", g.Name, spec.LookBack)
	}
	out := &Group{
		Name: g.Name, ID: g.ID, Location: g.Offline.Resolved, Identifier: g.RecordIdentifier, EventTime: g.EventTime,
		Column: spec.Column, LookBack: spec.LookBack, SkipDeletes: spec.SkipDeletes,
	}
	for _, d := range g.Definitions {
		d.Metadata = nil // what people say of it is no part of the schema
		out.Definitions = append(out.Definitions, d)
		if spec.Features == nil && d.Name != g.RecordIdentifier {
			out.Features = append(out.Features, d.Name)
		}
	}
	if out.Column == "" {
		out.Column = string(g.RecordIdentifier)
	}
	for _, name := range spec.Features {
		at := g.Ordinal(name)
		switch {
		case at < 0:
			return nil, feature.Errorf(feature.NotFound, "the feature group %s has no feature %q; it has %s", g.Name, name, featureNames(g.Definitions))
		case slices.Contains(out.Features, name):
			return nil, feature.Errorf(feature.Invalid, "the feature %q of %s is wanted twice; name it once", name, g.Name)
		}
		out.Features = append(out.Features, name)
	}
	if spec.Features != nil && len(spec.Features) == 0 {
		return nil, feature.Errorf(feature.Invalid, "no feature of %s is wanted; name one, or leave the list out for all", g.Name)
	}
	return out, nil
}

func featureNames(all []feature.Definition) string {
	var names []string
	for _, d := range all {
		names = append(names, string(d.Name))
	}
	return strings.Join(names, ", ")
}

// noun is the group as the join reads it: as it was.
func (g *Group) noun() *feature.Group {
	return &feature.Group{
		ID: g.ID, Name: g.Name, RecordIdentifier: g.Identifier, EventTime: g.EventTime, Definitions: g.Definitions,
		Offline: &feature.Offline{Resolved: g.Location}, Status: feature.Created,
	}
}

func (g *Group) definition(name feature.Name) *feature.Definition {
	return &g.Definitions[slices.IndexFunc(g.Definitions, func(d feature.Definition) bool { return d.Name == name })]
}
