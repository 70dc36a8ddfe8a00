package table

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
)

func TestRowHasTheTypesOfItsColumns(t *testing.T) {
	g := &feature.Group{Name: "g", Definitions: []feature.Definition{
		{Name: "s", Type: feature.String}, {Name: "i", Type: feature.Integral}, {Name: "f", Type: feature.Fractional}, {Name: "none", Type: feature.Integral},
	}}
	for _, c := range []struct {
		name    string
		texts   [3]string
		want    [3]any
		deleted bool
	}{
		{name: "plain", texts: [3]string{"a", "7", "1.5"}, want: [3]any{"a", int64(7), 1.5}},
		{name: "zero is zero", texts: [3]string{"", "0", "0"}, want: [3]any{"", int64(0), 0.0}},
		{name: "extremes", texts: [3]string{"\x00", "-9223372036854775808", "1.7976931348623157e308"}, want: [3]any{"\x00", int64(math.MinInt64), math.MaxFloat64}},
		{name: "leading zeros", texts: [3]string{"007", "007", "007"}, want: [3]any{"007", int64(7), 7.0}},
		{name: "an integer that no double holds", texts: [3]string{"x", "9007199254740993", "9007199254740993"}, want: [3]any{"x", int64(9007199254740993), 9007199254740992.0}},
		{name: "a marker", texts: [3]string{"a", "1", "1"}, want: [3]any{"a", int64(1), 1.0}, deleted: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := &feature.Entry{Position: 1_700_000_000_123_456, Accepted: time.Unix(1, 1999).UTC()}
			e.Record.Deleted = c.deleted
			for i, text := range c.texts {
				e.Record.Values = append(e.Record.Values, feature.Value{Ordinal: i, Text: text})
			}
			row := make([]any, 7)
			row[3] = "left over"
			if err := fillRow(row, g, e); err != nil {
				t.Fatal(err)
			}
			want := []any{c.want[0], c.want[1], c.want[2], nil,
				time.Date(2023, 11, 14, 22, 13, 20, 123456000, time.UTC), time.Unix(1, 1000).UTC(), c.deleted}
			if diff := cmp.Diff(want, row); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRowHasCollectionsAsLists(t *testing.T) {
	g := &feature.Group{Definitions: []feature.Definition{
		{Name: "tags", Type: feature.String, Collection: feature.List}, {Name: "n", Type: feature.Integral, Collection: feature.Set},
		{Name: "V", Type: feature.Fractional, Collection: feature.Vector, Dimension: 2}, {Name: "none", Type: feature.String, Collection: feature.List},
	}}
	e := &feature.Entry{Record: feature.Record{Values: []feature.Value{
		{Ordinal: 0, List: []string{"b", "", "b"}}, {Ordinal: 1, List: []string{"007"}}, {Ordinal: 2, List: []string{"1e2", "-0.5"}},
	}}}
	row := make([]any, 7)
	if err := fillRow(row, g, e); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{[]any{"b", "", "b"}, []any{int64(7)}, []any{100.0, -0.5}, nil}, row[:4]); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	var types []string
	for _, c := range tableColumns(g) {
		types = append(types, c.Name+" "+c.Type)
	}
	if diff := cmp.Diff([]string{"tags array<string>", "n array<bigint>", "v array<double>", "none array<string>"}, types[:4]); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
}

func TestRowOfAnUnknownFeatureIsAFault(t *testing.T) {
	g := &feature.Group{Definitions: []feature.Definition{{Name: "s", Type: feature.String}}}
	e := &feature.Entry{Record: feature.Record{Values: []feature.Value{{Ordinal: 1, Text: "x"}}}}
	if err := fillRow(make([]any, 4), g, e); err == nil || feature.KindOf(err) != feature.Fault {
		t.Errorf("got %v", err)
	}
}

// FuzzTyped: whatever a record may hold has a value in its column, or a row would stay in the
// journal for ever.
func FuzzTyped(f *testing.F) {
	for _, s := range []string{"", "0", "-0", "+1", "1.", ".5", "1e400", "1e-400", "0x10", "1_000", "NaN", "inf", "9223372036854775808", " 1", "٣"} {
		f.Add(s)
	}
	g := &feature.Group{
		RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: feature.String}, {Name: "at", Type: feature.Fractional},
			{Name: "i", Type: feature.Integral}, {Name: "f", Type: feature.Fractional}, {Name: "s", Type: feature.String}},
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []feature.Name{"i", "f", "s"} {
			r, err := g.Check([]feature.Field{{Name: "id", Text: "1"}, {Name: "at", Text: "1"}, {Name: name, Text: text}})
			if err != nil {
				continue
			}
			row := make([]any, len(g.Definitions)+technical)
			if err := fillRow(row, g, &feature.Entry{Record: *r}); err != nil {
				t.Errorf("%s %q is let in and has no value: %v", name, text, err)
			}
			if x, ok := row[3].(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
				t.Errorf("%s %q became %v", name, text, x)
			}
		}
	})
}
