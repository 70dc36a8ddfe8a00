package feature

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// customers is a group with one feature of each type beside its keys.
func customers() *Group {
	return &Group{
		Name: "customers", RecordIdentifier: "id", EventTime: "at",
		Definitions: []Definition{{Name: "id", Type: String}, {Name: "at", Type: String}, {Name: "orders", Type: Integral}, {Name: "spent", Type: Fractional}, {Name: "city", Type: String}},
		Online:      &Online{}, Status: Created,
	}
}

const noon = "2024-01-31T12:00:00Z"

func TestCheckKeepsTextsInOrderOfDefinition(t *testing.T) {
	r, err := customers().Check([]Field{
		{Name: "city", Text: "Zürich\n"}, {Name: "at", Text: noon}, {Name: "spent", Text: "1.50"},
		{Name: "orders", Null: true}, {Name: "id", Text: "C001"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &Record{
		ID: "C001", EventTime: EventTime{Sec: 1706702400},
		Values: []Value{{Ordinal: 0, Text: "C001"}, {Ordinal: 1, Text: noon}, {Ordinal: 3, Text: "1.50"}, {Ordinal: 4, Text: "Zürich\n"}},
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("Check (-want +got):\n%s", diff)
	}
}

func TestCheckValues(t *testing.T) {
	cases := []struct {
		name, feature, text string
		ok                  bool
	}{
		{"integral", "orders", "12", true},
		{"negative integral", "orders", "-12", true},
		{"largest integral", "orders", "9223372036854775807", true},
		{"too large integral", "orders", "9223372036854775808", false},
		{"integral with a point", "orders", "1.0", false},
		{"empty integral", "orders", "", false},
		{"integral with a space", "orders", " 1", false},
		{"integral with underscores", "orders", "1_000", false},
		{"fractional", "spent", "1250.75", true},
		{"fractional exponent", "spent", "1e-05", true},
		{"fractional whole", "spent", "7", true},
		{"fractional NaN", "spent", "nan", false},
		{"fractional Infinity", "spent", "Infinity", false},
		{"fractional too large", "spent", "1e309", false},
		{"fractional hexadecimal", "spent", "0x1p4", false},
		{"fractional empty", "spent", "", false},
		{"empty string", "city", "", true},
		{"string of bytes that are not UTF-8", "city", "\xff", false},
		{"unknown feature", "zip", "8000", false},
		{"feature in another case", "City", "x", false},
		{"longest string that fits the record", "city", strings.Repeat("x", MaxRecordBytes-len("idatcityC1"+noon)), true},
		{"string that makes the record too large", "city", strings.Repeat("x", MaxRecordBytes-len("idatcityC1"+noon)+1), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := customers().Check([]Field{{Name: "id", Text: "C1"}, {Name: "at", Text: noon}, {Name: Name(c.feature), Text: c.text}})
			if (err == nil) != c.ok || err != nil && KindOf(err) != Invalid {
				t.Errorf("Check = %v; want ok %v", err, c.ok)
			}
		})
	}
}

func TestCheckRefusesRecords(t *testing.T) {
	id, at := Field{Name: "id", Text: "C1"}, Field{Name: "at", Text: noon}
	cases := []struct {
		name   string
		fields []Field
		says   string
	}{
		{"empty", nil, "empty"},
		{"no identifier", []Field{at}, `no value for "id"`},
		{"null identifier", []Field{at, {Name: "id", Null: true}}, `no value for "id"`},
		{"empty identifier", []Field{at, {Name: "id"}}, "identifier is empty"},
		{"long identifier", []Field{at, {Name: "id", Text: strings.Repeat("x", 2049)}}, "2 KB"},
		{"no event time", []Field{id}, `no value for "at"`},
		{"bad event time", []Field{id, {Name: "at", Text: "today"}}, "ISO-8601"},
		{"twice", []Field{id, at, {Name: "city", Text: "a"}, {Name: "city", Text: "b"}}, "twice"},
		{"twice, once null", []Field{id, at, {Name: "city", Text: "a"}, {Name: "city", Null: true}}, "twice"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := customers().Check(c.fields)
			if KindOf(err) != Invalid || !strings.Contains(err.Error(), c.says) {
				t.Errorf("Check = %v; want Invalid that says %q", err, c.says)
			}
		})
	}
}

func TestCheckTakesOneFeatureAsIdentifierAndEventTime(t *testing.T) {
	g := &Group{Name: "g", RecordIdentifier: "at", EventTime: "at", Definitions: []Definition{{Name: "at", Type: String}}}
	r, err := g.Check([]Field{{Name: "at", Text: noon}})
	if err != nil || r.ID != noon || r.EventTime.Sec != 1706702400 {
		t.Errorf("Check = %+v, %v", r, err)
	}
	r, err = g.Tombstone(noon, "2024-02-01T00:00:00Z")
	if err != nil || len(r.Values) != 1 || r.ID != noon || r.EventTime.Sec != 1706745600 {
		t.Errorf("Tombstone = %+v, %v", r, err)
	}
}

func TestTombstoneHasIdentifierAndEventTimeAlone(t *testing.T) {
	g := customers()
	g.Definitions[0], g.Definitions[1] = g.Definitions[1], g.Definitions[0]
	r, err := g.Tombstone("C1", noon)
	if err != nil {
		t.Fatal(err)
	}
	want := &Record{ID: "C1", EventTime: EventTime{Sec: 1706702400}, Values: []Value{{Ordinal: 0, Text: noon}, {Ordinal: 1, Text: "C1"}}, Deleted: true}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("Tombstone (-want +got):\n%s", diff)
	}
}

func TestTombstoneRefusesIdentifierOfAnotherType(t *testing.T) {
	g := customers()
	g.RecordIdentifier = "orders"
	if _, err := g.Tombstone("C1", noon); KindOf(err) != Invalid {
		t.Errorf("Tombstone = %v; want Invalid", err)
	}
}

func BenchmarkCheck(b *testing.B) {
	g := &Group{Name: "g", RecordIdentifier: "f0", EventTime: "f1", Definitions: []Definition{{Name: "f0", Type: String}, {Name: "f1", Type: String}}}
	fields := []Field{{Name: "f0", Text: "C0042"}, {Name: "f1", Text: "1700000000"}}
	for i := 2; i < 10; i++ {
		g.Definitions = append(g.Definitions, Definition{Name: Name(fmt.Sprint("f", i)), Type: Fractional})
		fields = append(fields, Field{Name: Name(fmt.Sprint("f", i)), Text: "1250.75"})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := g.Check(fields); err != nil {
			b.Fatal(err)
		}
	}
}

func TestIdentifierThatIsTheEventTimeTooMustBeOne(t *testing.T) {
	for _, typ := range []Type{String, Fractional} {
		g := &Group{RecordIdentifier: "at", EventTime: "at", Definitions: []Definition{{Name: "at", Type: typ}}}
		for _, id := range []string{"line\nbreak", "1e300"} {
			if _, err := g.Tombstone(id, "1700000000"); KindOf(err) != Invalid {
				t.Errorf("%s: Tombstone(%q) = %v; want Invalid", typ, id, err)
			}
			if _, err := g.CheckUpdate(id, []Field{{Name: "at", Text: id}}, nil); KindOf(err) != Invalid {
				t.Errorf("%s: CheckUpdate(%q) = %v; want Invalid", typ, id, err)
			}
		}
		if _, err := g.Tombstone("1700000000", "1700000001"); err != nil {
			t.Errorf("%s: Tombstone of an event time = %v", typ, err)
		}
	}
}
