package feature

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tags makes n tags whose keys begin with a prefix.
func tags(prefix string, n int) []Tag {
	t := make([]Tag, n)
	for i := range t {
		t[i] = Tag{fmt.Sprint(prefix, i), ""}
	}
	return t
}

func TestAddTags(t *testing.T) {
	g := customers()
	held := []Tag{{"team", "a"}, {"stage", "test"}}
	g.Tags = held
	if err := g.AddTags([]Tag{{"stage", "prod"}, {"Team", "b"}}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Tag{{"team", "a"}, {"stage", "prod"}, {"Team", "b"}}, g.Tags); diff != "" {
		t.Errorf("Tags (-want +got):\n%s", diff)
	}
	if held[1].Value != "test" {
		t.Errorf("tags that others may hold changed to %v", held)
	}
}

func TestAddTagsRefuses(t *testing.T) {
	cases := []struct {
		name  string
		added []Tag
		says  string // "": taken
	}{
		{"none", nil, ""},
		{"up to 50", tags("x", 2), ""},
		{"50 that are there", append(tags("t", 48), tags("x", 2)...), ""},
		{"beyond 50", tags("x", 3), "51 tags"},
		{"51 at once", tags("t", 51), "51 tags"},
		{"reserved", []Tag{{"AWS:x", "v"}}, "reserved"},
		{"twice", []Tag{{"k", "1"}, {"k", "2"}}, "twice"},
		{"bad key", []Tag{{"a*", ""}}, "tag key"},
		{"bad value", []Tag{{"k", "*"}}, "value"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := customers()
			g.Tags = tags("t", 48)
			err := g.AddTags(c.added)
			checkRefusal(t, "AddTags", err, c.says)
			if n := len(g.Tags); err != nil && n != 48 {
				t.Errorf("refused tags left %d", n)
			}
		})
	}
}

func TestDeleteTags(t *testing.T) {
	cases := []struct {
		name string
		keys []string
		want []Tag
		says string // "": taken
	}{
		{"one", []string{"team"}, []Tag{{"stage", "test"}}, ""},
		{"one that is not there", []string{"Team"}, []Tag{{"team", "a"}, {"stage", "test"}}, ""},
		{"all", []string{"stage", "team", "team"}, []Tag{}, ""},
		{"none", nil, nil, "1 to 50"},
		{"51", make([]string, 51), nil, "1 to 50"},
		{"bad key", []string{"*"}, nil, "tag key"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			held := []Tag{{"team", "a"}, {"stage", "test"}}
			g := &Group{Tags: held}
			err := g.DeleteTags(c.keys)
			checkRefusal(t, "DeleteTags", err, c.says)
			if diff := cmp.Diff(c.want, g.Tags); err == nil && diff != "" {
				t.Errorf("Tags (-want +got):\n%s", diff)
			}
			if held[0].Key != "team" || held[1].Key != "stage" {
				t.Errorf("tags that others may hold changed to %v", held)
			}
		})
	}
}
