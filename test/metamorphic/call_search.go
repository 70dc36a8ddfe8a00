package metamorphic

import (
	"cmp"
	"slices"
	"strings"
)

// search is Search: for groups, or for the features of one group.
type search struct {
	Resource         string
	SearchExpression *expression `json:",omitempty"`
	SortBy           string
	SortOrder        string
}

type expression struct {
	Filters       []filter `json:",omitempty"`
	NestedFilters []nested `json:",omitempty"`
	Operator      string   `json:",omitempty"` // And, Or; "" is And
}

type filter struct {
	Name     string
	Operator string `json:",omitempty"`
	Value    string `json:",omitempty"`
}

// nested is true of a group if one of its definitions satisfies all filters.
type nested struct {
	NestedPropertyName string
	Filters            []filter
}

func (o *search) request() request { return jsonCall("SageMaker.Search", o) }

// searchedGroup is what a search shows of a group: contract §1.10.
type searchedGroup struct {
	described
	ThroughputConfig *throughput `json:",omitempty"` // never there
	Tags             []tag       `json:",omitempty"`
}

type searchRecord struct {
	FeatureGroup    *searchedGroup    `json:",omitempty"`
	FeatureMetadata *featureDescribed `json:",omitempty"`
}

type searched struct {
	Results   []searchRecord
	TotalHits totalHits
}

type totalHits struct {
	Value    int
	Relation string
}

func (o *search) expect(m *model) reply {
	hits := []searchRecord{}
	for _, g := range m.groups {
		if o.Resource == "FeatureGroup" {
			if o.SearchExpression == nil || o.SearchExpression.takes(g, nil) {
				d := (&describeGroup{g.name}).expect(m).body.(described)
				hits = append(hits, searchRecord{FeatureGroup: &searchedGroup{described: d, Tags: g.tags}})
			}
			continue
		}
		for _, d := range g.definitions {
			if o.SearchExpression.takes(g, &d) {
				f := (&describeFeature{g.name, d.FeatureName}).expect(m).body.(featureDescribed)
				hits = append(hits, searchRecord{FeatureMetadata: &f})
			}
		}
	}
	slices.SortFunc(hits, func(a, b searchRecord) int {
		order := cmp.Compare(a.name(), b.name())
		if o.SortOrder == "Descending" {
			order = -order
		}
		return order
	})
	return reply{body: searched{hits, totalHits{len(hits), "EqualTo"}}}
}

// name is what hits are sorted by; no two of a search have the same.
func (r searchRecord) name() string {
	if r.FeatureGroup != nil {
		return r.FeatureGroup.FeatureGroupName
	}
	return r.FeatureMetadata.FeatureName
}

// takes tells whether an expression is true of a group, or of a feature if d is one.
func (e *expression) takes(g *group, d *definition) bool {
	var truths []bool
	for _, f := range e.Filters {
		truths = append(truths, f.takes(g.property(f.Name, d)))
	}
	for _, n := range e.NestedFilters {
		truths = append(truths, slices.ContainsFunc(g.definitions, func(d definition) bool {
			return !slices.ContainsFunc(n.Filters, func(f filter) bool {
				return !f.takes(g.property(strings.TrimPrefix(f.Name, "FeatureDefinitions."), &d))
			})
		}))
	}
	if e.Operator == "Or" {
		return slices.Contains(truths, true)
	}
	return !slices.Contains(truths, false)
}

// property returns the text of a property, "" if there is none.
func (g *group) property(name string, d *definition) string {
	switch name {
	case "FeatureGroupName":
		return g.name
	case "Description":
		if d != nil {
			return g.features[d.FeatureName].description
		}
		return g.description
	case "FeatureName":
		return d.FeatureName
	case "FeatureType":
		return d.FeatureType
	}
	if key, ok := strings.CutPrefix(name, "Tags."); ok {
		for _, t := range g.tags {
			if t.Key == key {
				return t.Value
			}
		}
	}
	if key, ok := strings.CutPrefix(name, "Parameters."); ok {
		for _, p := range g.features[d.FeatureName].parameters {
			if p.Key == key {
				return p.Value
			}
		}
	}
	return ""
}

// takes tells whether a filter is true of a text. Equals minds case, Contains does not.
func (f filter) takes(text string) bool {
	switch f.Operator {
	case "NotEquals":
		return text != f.Value
	case "Contains":
		return strings.Contains(strings.ToLower(text), strings.ToLower(f.Value))
	case "In":
		return slices.Contains(strings.Split(f.Value, ","), text)
	case "Exists":
		return text != ""
	case "NotExists":
		return text == ""
	}
	return text == f.Value
}
