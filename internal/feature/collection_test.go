package feature

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// baskets is a group with one collection of each kind.
func baskets() *Group {
	return &Group{
		Name: "baskets", RecordIdentifier: "id", EventTime: "at",
		Definitions: []Definition{
			{Name: "id", Type: String}, {Name: "at", Type: String},
			{Name: "items", Type: String, Collection: List}, {Name: "codes", Type: Integral, Collection: Set},
			{Name: "embedding", Type: Fractional, Collection: Vector, Dimension: 3}, {Name: "city", Type: String},
		},
		Online: &Online{StorageType: InMemory}, Status: Created,
	}
}

func listed(name Name, elements ...string) Field {
	return Field{Name: name, List: elements, Listed: true}
}

func checkBasket(fields ...Field) (*Record, error) {
	return baskets().Check(append([]Field{{Name: "id", Text: "B1"}, {Name: "at", Text: noon}}, fields...))
}

func TestCheckKeepsCollections(t *testing.T) {
	cases := []struct {
		name  string
		field Field
		want  []Value // beside the keys
	}{
		{"a list keeps order and duplicates", listed("items", "b", "a", "b", ""), []Value{{Ordinal: 2, List: []string{"b", "a", "b", ""}}}},
		{"a set keeps the first of each", listed("codes", "2", "1", "2", "1", "3"), []Value{{Ordinal: 3, List: []string{"2", "1", "3"}}}},
		{"elements of a set are texts", listed("codes", "1", "01", "+1"), []Value{{Ordinal: 3, List: []string{"1", "01", "+1"}}}},
		{"a vector", listed("embedding", "0.5", "-1e-3", "7"), []Value{{Ordinal: 4, List: []string{"0.5", "-1e-3", "7"}}}},
		{"an empty list is no value", listed("items"), nil},
		{"an empty set is no value", listed("codes"), nil},
		{"an empty vector is no value", listed("embedding"), nil},
		{"a collection may be null", Field{Name: "items", Null: true}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, err := checkBasket(c.field)
			if err != nil {
				t.Fatal(err)
			}
			want := append([]Value{{Ordinal: 0, Text: "B1"}, {Ordinal: 1, Text: noon}}, c.want...)
			if diff := cmp.Diff(want, r.Values); diff != "" {
				t.Errorf("Values (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckRefusesCollections(t *testing.T) {
	cases := []struct {
		name  string
		field Field
		says  string
	}{
		{"a text for a list", Field{Name: "items", Text: "a"}, "use ValueAsStringList"},
		{"an empty text for a list", Field{Name: "items"}, "use ValueAsStringList"},
		{"a list for a scalar", listed("city", "a"), "use ValueAsString"},
		{"an empty list for a scalar", listed("city"), "use ValueAsString"},
		{"both for a list", Field{Name: "items", Text: "a", List: []string{"a"}, Listed: true}, "both"},
		{"both for a scalar", Field{Name: "city", Text: "a", List: []string{"a"}, Listed: true}, "use ValueAsString"},
		{"an element of another type", listed("codes", "1", "one"), "Integral"},
		{"an element that is not UTF-8", listed("items", "\xff"), "UTF-8"},
		{"a vector too short", listed("embedding", "1", "2"), "Dimension 3"},
		{"a vector too long", listed("embedding", "1", "2", "3", "4"), "Dimension 3"},
		{"a vector with NaN", listed("embedding", "1", "2", "NaN"), "Fractional"},
		{"an empty element of a vector", listed("embedding", "1", "2", ""), "Fractional"},
		{"more elements than there may be", listed("items", make([]string, MaxElements+1)...), "358400"},
		{"a record that is too large by its elements", listed("items", slices.Repeat([]string{strings.Repeat("x", 1000)}, 359)...), "350 KB"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := checkBasket(c.field)
			if KindOf(err) != Invalid || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Check = %v; want Invalid that says %q", err, c.says)
			}
		})
	}
}

func TestCheckCountsASetAfterItsDuplicates(t *testing.T) {
	many := make([]string, MaxElements)
	for i := range many {
		many[i] = "7"
	}
	r, err := checkBasket(listed("codes", many...))
	if err != nil || len(r.Values) != 3 || len(r.Values[2].List) != 1 {
		t.Errorf("Check = %+v, %v; want one element", r, err)
	}
}

func TestCheckDoesNotRetainLists(t *testing.T) {
	given := []string{"a", "b"}
	r, err := checkBasket(listed("items", given...))
	if err != nil {
		t.Fatal(err)
	}
	given[0] = "changed"
	if r.Values[2].List[0] != "a" {
		t.Errorf("the record has %q; it must not share the caller's list", r.Values[2].List)
	}
}

// TestSetsAreUnique says that a set has the elements given, each once, in the order of their first.
func TestSetsAreUnique(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.SliceOfN(rapid.SampledFrom([]string{"", "a", "A", "b", "é"}), 1, 12).Draw(t, "given")
		got := unique(given)
		at := -1
		for i, text := range got {
			first := slices.Index(given, text)
			if first <= at {
				t.Fatalf("%q of %q: element %d comes first at %d, after %d", got, given, i, first, at)
			}
			at = first
		}
		for _, text := range given {
			if !slices.Contains(got, text) {
				t.Fatalf("%q of %q lacks %q", got, given, text)
			}
		}
	})
}

func TestNewGroupCollections(t *testing.T) {
	vector := func(name Name, dimension int) Definition {
		return Definition{Name: name, Type: Fractional, Collection: Vector, Dimension: dimension}
	}
	cases := []struct {
		name   string
		change func(g *Group)
		says   string // "": taken
	}{
		{"list, set and vector in memory", func(g *Group) {}, ""},
		{"vector of 8192", func(g *Group) { g.Definitions[4].Dimension = 8192 }, ""},
		{"vector of 8193", func(g *Group) { g.Definitions[4].Dimension = 8193 }, "1 to 8192"},
		{"vector without a dimension", func(g *Group) { g.Definitions[4].Dimension = 0 }, "1 to 8192"},
		{"vector of a negative dimension", func(g *Group) { g.Definitions[4].Dimension = -1 }, "1 to 8192"},
		{"vector of integers", func(g *Group) { g.Definitions[4].Type = Integral }, "is Fractional"},
		{"two vectors", func(g *Group) { g.Definitions = append(g.Definitions, vector("second", 2)) }, "one at most"},
		{"dimension of a list", func(g *Group) { g.Definitions[2].Dimension = 3 }, "has a Dimension"},
		{"dimension of a scalar", func(g *Group) { g.Definitions[5].Dimension = 3 }, "has a Dimension"},
		{"unknown collection", func(g *Group) { g.Definitions[2].Collection = Vector + 1 }, "CollectionType"},
		{"standard storage", func(g *Group) { g.Online.StorageType = Standard }, "InMemory"},
		{"storage by default", func(g *Group) { g.Online.StorageType = "" }, "InMemory"},
		{"storage Standard_V2", func(g *Group) { g.Online.StorageType = StandardV2 }, "InMemory"},
		{"in memory, but not enabled", func(g *Group) { g.Online, g.OnlineOff = nil, g.Online; withOffline(g) }, "InMemory"},
		{"identifier that is a list", func(g *Group) { g.RecordIdentifier = "items" }, "record identifier"},
		{"event time that is a list", func(g *Group) { g.EventTime = "items" }, "event-time feature"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := baskets()
			c.change(g)
			_, err := NewGroup(g, here, created, false)
			checkRefusal(t, "NewGroup", err, c.says)
		})
	}
}

// withOffline gives g an offline store.
func withOffline(g *Group) {
	g.Offline = &Offline{S3URI: "s3://lake/feature-store/"}
	g.RoleARN = "arn:aws:iam::123456789012:role/larder"
}

// checkRefusal says that err is Invalid with these words, or, without words, nil.
func checkRefusal(t *testing.T, what string, err error, says string) {
	t.Helper()
	if (err == nil) != (says == "") || err != nil && (KindOf(err) != Invalid || !strings.Contains(err.Error(), says)) {
		t.Errorf("%s = %v (kind %d); want %s", what, err, KindOf(err), fmt.Sprintf("%q", says))
	}
}
