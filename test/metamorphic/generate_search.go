package metamorphic

import "fmt"

func (g *generator) search() op {
	o := &search{Resource: "FeatureGroup", SortBy: "FeatureGroupName", SortOrder: pick(g, "Ascending", "Descending")}
	if g.chance(400) {
		drawn := g.group()
		o.Resource, o.SortBy = "FeatureMetadata", "FeatureName"
		o.SearchExpression = &expression{Filters: []filter{{"FeatureGroupName", "Equals", drawn.name}}}
		if g.chance(700) {
			o.SearchExpression.Filters = append(o.SearchExpression.Filters, pick(g,
				filter{"FeatureName", pick(g, "", "NotEquals"), g.feature(drawn)}, filter{"FeatureName", "Contains", pick(g, "T", "w", "extra")},
				filter{"FeatureType", "", pick(g, "String", "Integral")}, filter{"FeatureType", "In", "String,Fractional"},
				filter{fmt.Sprint("Parameters.key ", g.IntN(40)), "Exists", ""}, filter{fmt.Sprint("Parameters.key ", g.IntN(40)), "", "value 3"}))
		}
		return o
	}
	if g.chance(200) {
		return o
	}
	o.SearchExpression = &expression{Operator: pick(g, "", "And", "Or")}
	for range 1 + g.IntN(3) {
		o.SearchExpression.Filters = append(o.SearchExpression.Filters, pick(g,
			filter{"FeatureGroupName", pick(g, "", "Equals", "NotEquals"), pick(g, groupNames...)},
			filter{"FeatureGroupName", "Contains", pick(g, "g", "ORDERS", "-", "zz")}, filter{"FeatureGroupName", "In", "g,x1"},
			filter{"Description", "Contains", "People"}, filter{"Description", pick(g, "Exists", "NotExists"), ""},
			filter{fmt.Sprint("Tags.tag ", g.IntN(60)), pick(g, "Exists", "NotExists"), ""},
			filter{fmt.Sprint("Tags.tag ", g.IntN(60)), "Equals", fmt.Sprint("value ", g.IntN(9))}))
	}
	if g.chance(300) {
		o.SearchExpression.NestedFilters = []nested{{"FeatureDefinitions", []filter{
			{"FeatureDefinitions.FeatureName", pick(g, "", "Contains"), g.feature(g.group())},
			{"FeatureDefinitions.FeatureType", "", pick(g, "String", "Integral", "Fractional")}}}}
	}
	return o
}
