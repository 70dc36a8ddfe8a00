package dataset

import (
	"strings"
	"testing"

	"github.com/larder-dev/larder/internal/feature"
)

func TestNamesOfColumns(t *testing.T) {
	prefix := func(p string) *string { return &p }
	labels := &labelFile{columns: []Column{{Name: "id", Type: Text}, {Name: "when", Type: Text}, {Name: "Label", Type: Integer}}}
	group := func(name string, features ...string) Group {
		g := Group{Name: feature.GroupName(name), Identifier: "id", Column: "id", Definitions: []feature.Definition{{Name: "id", Type: feature.String}}}
		for _, f := range features {
			g.Features = append(g.Features, feature.Name(f))
			g.Definitions = append(g.Definitions, feature.Definition{Name: feature.Name(f), Type: feature.Integral})
		}
		return g
	}
	for _, c := range []struct {
		name     string
		groups   []Group
		prefixes []*string
		want     string // "" for an error
	}{
		{"no name is there twice", []Group{group("g", "a"), group("h", "b")}, []*string{nil, nil}, "a b"},
		{"two groups have one", []Group{group("g", "a", "b"), group("h", "A", "c")}, []*string{nil, nil}, "g_a b h_A c"},
		{"the labels have it", []Group{group("g", "label", "id")}, []*string{nil}, "g_label g_id"},
		{"a prefix is for all", []Group{group("g", "a", "b"), group("h", "a")}, []*string{prefix("x"), nil}, "xa xb a"},
		{"an empty prefix is one", []Group{group("g", "a"), group("h", "a")}, []*string{prefix(""), nil}, "a h_a"},
		{"prefixes that clash", []Group{group("g", "a"), group("h", "a")}, []*string{prefix("x"), prefix("X")}, ""},
		{"one group twice", []Group{group("g", "a"), group("g", "a")}, []*string{nil, nil}, ""},
		{"one group twice with prefixes", []Group{group("g", "a"), group("g", "a")}, []*string{prefix("from_"), prefix("to_")}, "from_a to_a"},
	} {
		s := Spec{Labels: Labels{Time: "when"}}
		for _, p := range c.prefixes {
			s.Groups = append(s.Groups, GroupSpec{Prefix: p})
		}
		shape, err := shapeOf(&s, labels, c.groups)
		if c.want == "" {
			if feature.KindOf(err) != feature.Invalid {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var names []string
		for _, column := range shape.columns[shape.labels:] {
			names = append(names, column.Name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
