package feature

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckUpdate(t *testing.T) {
	hour := &TTL{Hours, 1}
	seconds := int64(3600)
	at := EventTime{Sec: 1706702400}
	cases := []struct {
		name   string
		fields []Field
		ttl    *TTL
		want   *Update
	}{
		{"one feature", []Field{{Name: "city", Text: "Bern"}}, nil, &Update{ID: "C1", Values: []Value{{Ordinal: 4, Text: "Bern"}}}},
		{
			"features in any order", []Field{{Name: "city", Text: "Bern"}, {Name: "orders", Text: "2"}}, nil,
			&Update{ID: "C1", Values: []Value{{Ordinal: 2, Text: "2"}, {Ordinal: 4, Text: "Bern"}}},
		},
		{
			"a null clears", []Field{{Name: "city", Null: true}, {Name: "orders", Null: true}, {Name: "spent", Text: "1"}}, nil,
			&Update{ID: "C1", Values: []Value{{Ordinal: 3, Text: "1"}}, Clear: []int{2, 4}},
		},
		{
			"an event time", []Field{{Name: "at", Text: noon}}, nil,
			&Update{ID: "C1", Values: []Value{{Ordinal: 1, Text: noon}}, EventTime: &at},
		},
		{
			"an event time with a time to live", []Field{{Name: "at", Text: noon}}, hour,
			&Update{ID: "C1", Values: []Value{{Ordinal: 1, Text: noon}}, EventTime: &at, TTL: &seconds},
		},
		{
			"the identifier as it is", []Field{{Name: "id", Text: "C1"}, {Name: "city", Text: "Bern"}}, nil,
			&Update{ID: "C1", Values: []Value{{Ordinal: 0, Text: "C1"}, {Ordinal: 4, Text: "Bern"}}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := customers().CheckUpdate("C1", c.fields, c.ttl)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("CheckUpdate (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckUpdateCollections(t *testing.T) {
	got, err := baskets().CheckUpdate("B1", []Field{listed("codes", "1", "1"), listed("items")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := &Update{ID: "B1", Values: []Value{{Ordinal: 3, List: []string{"1"}}}, Clear: []int{2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("CheckUpdate (-want +got):\n%s", diff)
	}
}

func TestCheckUpdateTakesOneFeatureAsIdentifierAndEventTime(t *testing.T) {
	g := &Group{Name: "g", RecordIdentifier: "at", EventTime: "at", Definitions: []Definition{{Name: "at", Type: String}, {Name: "n", Type: Integral}}, Online: &Online{}}
	u, err := g.CheckUpdate(noon, []Field{{Name: "at", Text: noon}, {Name: "n", Text: "1"}}, &TTL{Days, 1})
	if err != nil || u.EventTime == nil || u.EventTime.Sec != 1706702400 || *u.TTL != 86400 {
		t.Errorf("CheckUpdate = %+v, %v", u, err)
	}
}

func TestCheckUpdateRefuses(t *testing.T) {
	city := Field{Name: "city", Text: "Bern"}
	many := func(n int) (fields []Field) {
		for i := range n {
			fields = append(fields, Field{Name: Name(fmt.Sprint("n", i)), Text: "1"})
		}
		return fields
	}
	cases := []struct {
		name   string
		id     string
		fields []Field
		ttl    *TTL
		says   string // "": taken
	}{
		{"no features", "C1", nil, nil, "1 to 100"},
		{"100 features", "C1", many(100), nil, ""},
		{"101 features", "C1", many(101), nil, "1 to 100"},
		{"unknown feature", "C1", []Field{{Name: "City", Text: "x"}}, nil, "no feature"},
		{"twice", "C1", []Field{city, city}, nil, "twice"},
		{"twice, once null", "C1", []Field{city, {Name: "city", Null: true}}, nil, "twice"},
		{"a value of another type", "C1", []Field{{Name: "orders", Text: "1.0"}}, nil, "Integral"},
		{"a list for a scalar", "C1", []Field{listed("city", "x")}, nil, "use ValueAsString"},
		{"empty identifier", "", []Field{city}, nil, "identifier is empty"},
		{"long identifier", strings.Repeat("x", 2049), []Field{city}, nil, "2 KB"},
		{"another identifier", "C1", []Field{{Name: "id", Text: "C2"}}, nil, "cannot change"},
		{"no identifier any more", "C1", []Field{{Name: "id", Null: true}}, nil, "record identifier"},
		{"no event time any more", "C1", []Field{{Name: "at", Null: true}}, nil, "event time"},
		{"a bad event time", "C1", []Field{{Name: "at", Text: "2024-01-31"}}, nil, "ISO-8601"},
		{"a time to live without an event time", "C1", []Field{city}, &TTL{Hours, 1}, "give both"},
		{"half a time to live", "C1", []Field{{Name: "at", Text: noon}}, &TTL{Value: 1}, "Unit and Value"},
		{"too large", "C1", []Field{{Name: "city", Text: strings.Repeat("x", MaxRecordBytes)}}, nil, "350 KB"},
	}
	g := customers()
	g.Definitions = append(g.Definitions, numbered(101)...)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := g.CheckUpdate(c.id, c.fields, c.ttl)
			checkRefusal(t, "CheckUpdate", err, c.says)
		})
	}
}

func TestCheckUpdateRefusesAnIdentifierOfAnotherType(t *testing.T) {
	g := customers()
	g.RecordIdentifier = "orders"
	if _, err := g.CheckUpdate("C1", []Field{{Name: "city", Text: "x"}}, nil); KindOf(err) != Invalid {
		t.Errorf("CheckUpdate = %v; want Invalid", err)
	}
}
