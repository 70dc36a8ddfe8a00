package featurestore_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
)

// Facts are what an oracle knows of a group: each property's values, as string, int64, time.Time
// or bool, and the same of each definition.
type facts struct {
	of       map[string][]any
	elements []map[string][]any
}

func factsOf(g *feature.Group) facts {
	f := facts{of: map[string][]any{
		"FeatureGroupName":                    {string(g.Name)},
		"CreationTime":                        {g.Created},
		"LastModifiedTime":                    {g.Created},
		"OnlineStoreConfig.EnableOnlineStore": {g.Online != nil},
	}}
	if !g.Modified.IsZero() {
		f.of["LastModifiedTime"] = []any{g.Modified}
	}
	if g.Description != "" {
		f.of["Description"] = []any{g.Description}
	}
	if g.Online != nil && g.Online.TTL != nil {
		f.of["OnlineStoreConfig.TtlDuration.Value"] = []any{g.Online.TTL.Value}
	}
	for _, t := range g.Tags {
		f.of["Tags."+t.Key] = []any{t.Value}
		f.of["AllTags"] = append(f.of["AllTags"], t.Key, t.Value)
	}
	for _, d := range g.Definitions {
		e := map[string][]any{"FeatureDefinitions.FeatureName": {string(d.Name)}, "FeatureDefinitions.FeatureType": {d.Type.String()}}
		if d.Collection == feature.Vector {
			e["FeatureDefinitions.CollectionConfig.VectorConfig.Dimension"] = []any{int64(d.Dimension)}
		}
		f.elements = append(f.elements, e)
		for name, values := range e {
			f.of[name] = append(f.of[name], values...)
		}
	}
	return f
}

// holds is what an expression means, said again and in the plainest way.
func (f facts) holds(e *featurestore.Expression) bool {
	if e == nil {
		return true
	}
	var results []bool
	for _, filter := range e.Filters {
		results = append(results, filterHolds(filter, f.of))
	}
	for _, n := range e.Nested {
		some := false
		for _, element := range f.elements {
			all := true
			for _, filter := range n.Filters {
				all = all && filterHolds(filter, element)
			}
			some = some || all
		}
		results = append(results, some)
	}
	for _, sub := range e.Sub {
		results = append(results, f.holds(&sub))
	}
	trues := 0
	for _, r := range results {
		if r {
			trues++
		}
	}
	if e.Any {
		return trues > 0
	}
	return trues == len(results)
}

func filterHolds(f featurestore.Filter, of map[string][]any) bool {
	switch f.Operator {
	case "Exists":
		return len(of[f.Property]) > 0
	case "NotExists":
		return len(of[f.Property]) == 0
	case "NotEquals":
		f.Operator = "Equals"
		return !filterHolds(f, of)
	}
	for _, v := range of[f.Property] {
		if valueHolds(f.Operator, v, *f.Value) {
			return true
		}
	}
	return false
}

func valueHolds(operator featurestore.Operator, v any, want string) bool {
	var order int
	switch v := v.(type) {
	case string:
		switch operator {
		case "Contains":
			return strings.Contains(strings.ToUpper(v), strings.ToUpper(want))
		case "In":
			return strings.Contains(","+strings.ReplaceAll(want, " ", "")+",", ","+v+",")
		}
		return v == want
	case bool:
		return strconv.FormatBool(v) == want
	case int64:
		x, _ := strconv.ParseFloat(want, 64)
		order = int(2 * (float64(v) - x))
	case time.Time:
		x, _ := time.Parse("2006-01-02T15:04:05", want)
		order = int(v.Sub(x))
	}
	switch operator {
	case "GreaterThan":
		return order > 0
	case "GreaterThanOrEqualTo":
		return order >= 0
	case "LessThan":
		return order < 0
	case "LessThanOrEqualTo":
		return order <= 0
	}
	return order == 0
}

// filters draws conditions that mean something for the population below.
func filters(nested bool) *rapid.Generator[featurestore.Filter] {
	texts, order := []string{"Equals", "NotEquals", "Contains", "In", ""}, []string{"Equals", "NotEquals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo", ""}
	kinds := []struct {
		property          string
		operators, values []string
	}{
		{"FeatureDefinitions.FeatureName", texts, []string{"id", "A", "a", "x1,a", "1"}},
		{"FeatureDefinitions.FeatureType", texts, []string{"String", "Fractional", "Integral, String"}},
		{"FeatureDefinitions.CollectionConfig.VectorConfig.Dimension", order, []string{"1", "2", "1.5", "-1"}},
		{"FeatureGroupName", texts, []string{"g1", "G1", "g", "g2,g3, g11"}},
		{"Description", texts, []string{"a", "A", "b,a", "ab"}},
		{"Tags.team", texts, []string{"risk", "RISK", "ads, risk", "r"}},
		{"Tags.none", texts, []string{"x"}},
		{"AllTags", texts, []string{"team", "risk", "ri", "ads,team"}},
		{"CreationTime", order, []string{"2023-11-02T12:00:00", "2023-11-01T00:00:00", "2023-11-03T12:00:00"}},
		{"LastModifiedTime", order, []string{"2023-11-02T12:00:00", "2023-11-04T12:00:00"}},
		{"OnlineStoreConfig.EnableOnlineStore", []string{"Equals", "NotEquals", ""}, []string{"true", "false"}},
		{"OnlineStoreConfig.TtlDuration.Value", order, []string{"1", "2", "2.5"}},
	}
	if nested {
		kinds = kinds[:3]
	}
	return rapid.Custom(func(t *rapid.T) featurestore.Filter {
		k := rapid.SampledFrom(kinds).Draw(t, "property")
		operator := rapid.SampledFrom(append(k.operators, "Exists", "NotExists")).Draw(t, "operator")
		if operator == "Exists" || operator == "NotExists" {
			return is(k.property, featurestore.Operator(operator))
		}
		return is(k.property, featurestore.Operator(operator), rapid.SampledFrom(k.values).Draw(t, "value"))
	})
}

func drawExpression(t *rapid.T, depth int) featurestore.Expression {
	e := featurestore.Expression{
		Filters: rapid.SliceOfN(filters(false), 0, 3).Draw(t, "filters"),
		Any:     rapid.Bool().Draw(t, "any"),
	}
	for range rapid.IntRange(0, 1).Draw(t, "nested") {
		e.Nested = append(e.Nested, featurestore.Nested{Property: "FeatureDefinitions", Filters: rapid.SliceOfN(filters(true), 1, 3).Draw(t, "nested filters")})
	}
	if depth > 0 {
		for range rapid.IntRange(0, 2).Draw(t, "sub") {
			e.Sub = append(e.Sub, drawExpression(t, depth-1))
		}
	}
	if len(e.Filters)+len(e.Nested)+len(e.Sub) == 0 {
		e.Filters = append(e.Filters, filters(false).Draw(t, "filter"))
	}
	return e
}

func TestSearchFindsWhatAnOracleFinds(t *testing.T) {
	rng := seeded(t)
	w := newWorld(t)
	for i := range 40 {
		g := randomGroup(rng, fmt.Sprintf("g%d", i))
		g.Definitions = append(g.Definitions,
			feature.Definition{Name: []feature.Name{"a", "A", "x1"}[rng.IntN(3)], Type: feature.Fractional},
			feature.Definition{Name: []feature.Name{"b", "1", "y"}[rng.IntN(3)], Type: feature.Fractional, Collection: feature.Vector, Dimension: 1 + rng.IntN(3)},
		)
		if g.Online != nil && rng.IntN(2) == 0 {
			g.Online.TTL = &feature.TTL{Unit: feature.Days, Value: int64(1 + rng.IntN(3))}
		}
		w.keep(g)
	}
	all := allPages(t, w, &featurestore.Search{Subject: featurestore.SearchGroups, SortBy: "FeatureGroupName"}, 100, func() {})
	rapid.Check(t, func(t *rapid.T) {
		e := drawExpression(t, 2)
		want := []string{}
		for _, name := range all {
			g, err := w.Group(w.t.Context(), feature.GroupRef(name))
			if err != nil {
				t.Fatal(err)
			}
			if factsOf(g).holds(&e) {
				want = append(want, name)
			}
		}
		got, err := w.found(&featurestore.Search{Subject: featurestore.SearchGroups, Expression: &e, SortBy: "FeatureGroupName"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("found (-oracle +search):\n%s", diff)
		}
	})
}
