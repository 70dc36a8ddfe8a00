package metamorphic

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// listGroups is ListFeatureGroups, one page.
type listGroups struct {
	NameContains             string  `json:",omitempty"`
	OfflineStoreStatusEquals string  `json:",omitempty"`
	CreationTimeAfter        float64 `json:",omitempty"`
	CreationTimeBefore       float64 `json:",omitempty"`
	SortBy                   string  `json:",omitempty"`
	SortOrder                string  `json:",omitempty"`
}

func (o *listGroups) request() request { return jsonCall("SageMaker.ListFeatureGroups", o) }

type summary struct {
	FeatureGroupName, FeatureGroupArn string
	CreationTime                      float64
	FeatureGroupStatus                string
	OfflineStoreStatus                *status `json:",omitempty"`
}

func (o *listGroups) expect(m *model) reply {
	all := []summary{}
	for _, g := range m.groups {
		created := stamp(g.created)
		if strings.Contains(g.name, o.NameContains) && (o.OfflineStoreStatusEquals == "" || g.offline != nil) &&
			(o.CreationTimeAfter == 0 || created > o.CreationTimeAfter) && (o.CreationTimeBefore == 0 || created < o.CreationTimeBefore) {
			all = append(all, summary{g.name, g.arn(), created, "Created", g.offlineStatus()})
		}
	}
	slices.SortFunc(all, func(a, b summary) int {
		order := cmp.Compare(a.FeatureGroupName, b.FeatureGroupName)
		if o.SortBy != "Name" {
			order = cmp.Or(cmp.Compare(a.CreationTime, b.CreationTime), order)
		}
		if o.SortOrder != "Ascending" {
			order = -order
		}
		return order
	})
	return reply{body: map[string]any{"FeatureGroupSummaries": all}}
}

// describeFeature is DescribeFeatureMetadata.
type describeFeature struct{ FeatureGroupName, FeatureName string }

func (o *describeFeature) request() request { return jsonCall("SageMaker.DescribeFeatureMetadata", o) }

type featureDescribed struct {
	FeatureGroupArn, FeatureGroupName, FeatureName, FeatureType string
	CreationTime, LastModifiedTime                              float64
	Description                                                 string      `json:",omitempty"`
	Parameters                                                  []parameter `json:",omitempty"`
}

func (o *describeFeature) expect(m *model) reply {
	g, code := m.find(o.FeatureGroupName)
	if code != "" {
		return reply{code: control(code)}
	}
	d := g.definition(o.FeatureName)
	if d == nil {
		return reply{code: notFound}
	}
	f := g.features[o.FeatureName]
	return reply{body: featureDescribed{
		g.arn(), g.name, d.FeatureName, d.FeatureType, stamp(f.added), stamp(f.modified), f.description, f.parameters,
	}}
}

// updateFeature is UpdateFeatureMetadata.
type updateFeature struct {
	FeatureGroupName, FeatureName string
	Description                   *string     `json:",omitempty"`
	ParameterAdditions            []parameter `json:",omitempty"`
	ParameterRemovals             []string    `json:",omitempty"`
}

func (o *updateFeature) request() request { return jsonCall("SageMaker.UpdateFeatureMetadata", o) }

func (o *updateFeature) expect(m *model) reply {
	g, code := m.find(o.FeatureGroupName)
	if code != "" {
		return reply{code: control(code)}
	}
	f := g.features[o.FeatureName]
	if f == nil {
		return reply{code: notFound}
	}
	kept := slices.DeleteFunc(slices.Clone(f.parameters), func(p parameter) bool { return slices.Contains(o.ParameterRemovals, p.Key) })
	for _, p := range o.ParameterAdditions {
		if slices.Contains(o.ParameterRemovals, p.Key) {
			return reply{code: invalidControl}
		}
		if i := slices.IndexFunc(kept, func(has parameter) bool { return has.Key == p.Key }); i >= 0 {
			kept[i] = p
		} else {
			kept = append(kept, p)
		}
	}
	if len(kept) > 25 {
		return reply{code: invalidControl}
	}
	f.parameters, f.modified = kept, m.now.Truncate(time.Millisecond)
	if o.Description != nil {
		f.description = *o.Description
	}
	return reply{}
}

// addTags, listTags and deleteTags are AddTags, ListTags and DeleteTags. AddTags replies with
// all tags that the group has now (a choice: contract §1.9).
type (
	addTags struct {
		ResourceArn string
		Tags        []tag
	}
	listTags   struct{ ResourceArn string }
	deleteTags struct {
		ResourceArn string
		TagKeys     []string
	}
)

func (o *addTags) request() request    { return jsonCall("SageMaker.AddTags", o) }
func (o *listTags) request() request   { return jsonCall("SageMaker.ListTags", o) }
func (o *deleteTags) request() request { return jsonCall("SageMaker.DeleteTags", o) }

func (o *addTags) expect(m *model) reply {
	g, code := m.find(o.ResourceArn)
	if code != "" {
		return reply{code: invalidControl}
	}
	tags := slices.Clone(g.tags)
	for _, t := range o.Tags {
		if i := slices.IndexFunc(tags, func(has tag) bool { return has.Key == t.Key }); i >= 0 {
			tags[i] = t
		} else {
			tags = append(tags, t)
		}
	}
	if len(tags) > 50 {
		return reply{code: invalidControl}
	}
	g.tags = tags
	return reply{body: map[string]any{"Tags": tags}}
}

func (o *listTags) expect(m *model) reply {
	g, code := m.find(o.ResourceArn)
	if code != "" {
		return reply{code: invalidControl}
	}
	return reply{body: map[string]any{"Tags": append([]tag{}, g.tags...)}}
}

func (o *deleteTags) expect(m *model) reply {
	g, code := m.find(o.ResourceArn)
	if code != "" {
		return reply{code: invalidControl}
	}
	g.tags = slices.DeleteFunc(slices.Clone(g.tags), func(t tag) bool { return slices.Contains(o.TagKeys, t.Key) })
	return reply{body: map[string]any{}}
}
