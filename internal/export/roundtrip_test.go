package export_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/larder-dev/larder/internal/export"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/featurestore"
	"github.com/larder-dev/larder/internal/ingest"
)

// A shape is how the records of a test are: types of identifier and event time, and whether there are
// lists.
type shape struct {
	id, at feature.Type
	lists  bool
}

func (s shape) definitions() []feature.Definition {
	all := []feature.Definition{{Name: "x", Type: feature.Fractional}, {Name: "id", Type: s.id}, {Name: "N", Type: feature.Integral},
		{Name: "at", Type: s.at}, {Name: "Text", Type: feature.String}}
	if s.lists {
		all = append(all, feature.Definition{Name: "tags", Type: feature.String, Collection: feature.List},
			feature.Definition{Name: "counts", Type: feature.Integral, Collection: feature.Set},
			feature.Definition{Name: "vector", Type: feature.Fractional, Collection: feature.Vector, Dimension: 2})
	}
	return all
}

// The numbers are written as they come back: the table has numbers, not texts.
func double() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom([]string{"0.0", "-0.0", "1.5", "-2.0", "1e+16", "1e-05", "9007199254740993.0", "1.7976931348623157e+308", "5e-324", "0.1"}),
		rapid.Custom(func(t *rapid.T) string {
			return strconv.FormatFloat(float64(rapid.IntRange(-1<<40, 1<<40).Draw(t, "n"))+0.5, 'f', -1, 64)
		})).Filter(func(s string) bool { return s != "9007199254740993.0" })
}

func integer() *rapid.Generator[string] {
	return rapid.Map(rapid.OneOf(rapid.Int64(), rapid.Int64Range(-3, 3)), func(n int64) string { return strconv.FormatInt(n, 10) })
}

// text has what CSV and JSON quote, and what people think is nothing. A carriage return before a line feed
// is what the reader of CSV takes for one line feed, as is usual; see docs/import.md.
func text() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom([]string{"plain", " ", "NULL", "null", "nan", "\"", "a,b", "line\nline", "\\N", "<&>", "\u2028", "{}", "[1]", "#", "=1+1", "é", "e\u0301", "日本語🙂", "\x00", "\t", "\r"}),
		rapid.StringN(1, 20, -1)).Filter(func(s string) bool { return !strings.Contains(s, "\r\n") })
}

func (s shape) identifier() *rapid.Generator[string] {
	switch s.id {
	case feature.Integral:
		return rapid.SampledFrom([]string{"0", "7", "-7", "10", "9", "9223372036854775807"})
	case feature.Fractional:
		return rapid.SampledFrom([]string{"0.0", "7.0", "-0.5", "1e+16", "9.0", "10.0"})
	}
	return rapid.SampledFrom([]string{"a", "b", "10", "9", "é", "a,\"b\"", "\n", " ", "0"})
}

func (s shape) eventTime() *rapid.Generator[string] {
	if s.at == feature.Fractional {
		return rapid.SampledFrom([]string{"1700000000.0", "1700000000.5", "1700003600.0", "0.0", "-1.5", "1700000001.0"})
	}
	// Two of them are one instant, and two are in one hour.
	return rapid.SampledFrom([]string{"2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "2024-01-01T00:59:59.999999999Z", "1969-12-31T23:59:59.5Z", "2024-01-01T02:00:00Z"})
}

// field draws a value of a definition; null often.
func (s shape) field(t *rapid.T, d feature.Definition, empty bool) feature.Field {
	f := feature.Field{Name: d.Name}
	switch {
	case d.Name == "id":
		f.Text = s.identifier().Draw(t, "id")
		return f
	case d.Name == "at":
		f.Text = s.eventTime().Draw(t, "at")
		return f
	case rapid.IntRange(0, 3).Draw(t, "null") == 0:
		f.Null = true
		return f
	case d.Collection == feature.Vector:
		f.Listed, f.List = true, []string{double().Draw(t, "v"), double().Draw(t, "v")}
		return f
	case d.Collection != feature.Scalar:
		element := text()
		if d.Type == feature.Integral {
			element = integer()
		}
		f.Listed, f.List = true, rapid.SliceOfNDistinct(element, 1, 3, rapid.ID[string]).Draw(t, "list")
		return f
	}
	switch d.Type {
	case feature.Integral:
		f.Text = integer().Draw(t, "n")
	case feature.Fractional:
		f.Text = double().Draw(t, "x")
	default:
		f.Text = text().Draw(t, "s")
		if empty && rapid.IntRange(0, 5).Draw(t, "empty") == 0 {
			f.Text = ""
		}
	}
	return f
}

// line is the line that a record must be among the exported ones. It is made of the texts that were put,
// by nothing that an export uses.
func line(definitions []feature.Definition, fields []feature.Field) string {
	object := make([]any, len(fields))
	value := func(d feature.Definition, text string) any {
		if d.Type == feature.String {
			return text
		}
		return json.Number(text)
	}
	for i, f := range fields {
		switch {
		case f.Null:
		case f.Listed:
			list := []any{}
			for _, e := range f.List {
				list = append(list, value(definitions[i], e))
			}
			object[i] = list
		default:
			object[i] = value(definitions[i], f.Text)
		}
	}
	out, _ := json.Marshal(object) // it cannot fail
	return string(out)
}

// parsed makes of an exported line what line makes of a record.
func parsed(t testing.TB, definitions []feature.Definition, exported string) string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(exported))
	d.UseNumber()
	var members map[string]any
	check(t, d.Decode(&members))
	object := make([]any, len(definitions))
	for i, d := range definitions {
		object[i] = members[string(d.Name)]
	}
	out, _ := json.Marshal(object)
	return string(out)
}

// rows are the lines of a group's records that the table has.
func (w *world) rows(g *feature.Group, latest bool) []string {
	w.t.Helper()
	all := []string{}
	exported := w.text(&export.Request{Group: feature.GroupRef(g.Name), Format: export.JSONL, FeaturesOnly: true, Latest: latest})
	for text := range strings.Lines(exported) {
		all = append(all, parsed(w.t, g.Definitions, text))
	}
	return sorted(all)
}

// Whatever is in the table comes out of it, once, and goes into another group as the same records: in each
// format, all rows or the newest, of files, merged files, imports and the journal.
func TestWhatIsExportedIsWhatWasPutAndIsImportedAgain(t *testing.T) {
	n := 0
	w := newWorld(t, 700) // for three identifiers
	rapid.Check(t, func(rt *rapid.T) {
		format := rapid.SampledFrom([]export.Format{export.Parquet, export.CSV, export.JSONL}).Draw(rt, "format")
		s := shape{
			id: rapid.SampledFrom([]feature.Type{feature.String, feature.Integral, feature.Fractional}).Draw(rt, "id"),
			at: rapid.SampledFrom([]feature.Type{feature.String, feature.Fractional}).Draw(rt, "at"),
		}
		var change func(*feature.Group)
		if s.lists = format != export.CSV && rapid.Bool().Draw(rt, "lists"); s.lists {
			change = inMemory
		}
		definitions := s.definitions()
		n++
		from := w.group(fmt.Sprintf("from-%d", n), definitions, change)
		oracle := w.group(fmt.Sprintf("oracle-%d", n), definitions, change)
		want := []string{}
		newest := map[string]string{} // line of the newest write of an identifier, "" for a delete
		times := map[string]feature.EventTime{}
		write := func(id, at, line string) {
			when, err := feature.ParseEventTime(s.at, at)
			check(t, err)
			if _, held := newest[id]; !held || when.Compare(times[id]) >= 0 {
				newest[id], times[id] = line, when
			}
		}
		for range rapid.IntRange(0, 25).Draw(rt, "writes") {
			switch rapid.IntRange(0, 9).Draw(rt, "what") {
			case 0:
				check(t, w.tables.FlushNow(t.Context()))
			case 1:
				check(t, w.tables.CompactNow(t.Context()))
			case 2:
				id, at := s.identifier().Draw(rt, "delete"), s.eventTime().Draw(rt, "at")
				w.remove(from, id, at)
				write(id, at, "")
			default:
				fields := make([]feature.Field, len(definitions))
				for i, d := range definitions {
					fields[i] = s.field(rt, d, format != export.CSV)
				}
				for _, g := range []*feature.Group{from, oracle} {
					check(t, w.groups.Put(t.Context(), &featurestore.Put{Group: feature.GroupRef(g.Name), Fields: slices.Clone(fields), Accepted: w.now()}))
				}
				want = append(want, line(definitions, fields))
				write(fields[1].Text, fields[3].Text, want[len(want)-1])
			}
		}
		live := []string{}
		for _, l := range newest {
			if l != "" {
				live = append(live, l)
			}
		}
		if diff := cmp.Diff(sorted(live), w.rows(from, true)); diff != "" {
			rt.Fatalf("the newest rows (-put +exported):\n%s", diff)
		}
		files, result := w.files(&export.Request{Group: feature.GroupRef(from.Name), Format: format, FeaturesOnly: true, FileRows: int64(rapid.IntRange(0, 7).Draw(rt, "rows of a file"))})
		if result.Rows != int64(len(want)) {
			rt.Fatalf("%d rows were exported, %d put", result.Rows, len(want))
		}
		to := w.group(fmt.Sprintf("to-%d", n), definitions, change)
		request := &ingest.Request{Group: feature.GroupRef(to.Name)}
		for i, file := range files {
			name := fmt.Sprintf("in/%d/%s", n, format.FileName(i))
			w.object(name, file)
			request.Sources = append(request.Sources, ingest.Source{URI: "s3://lake/" + name})
		}
		i, err := w.imports.Start(t.Context(), request)
		check(t, err)
		if i, err = w.imports.Wait(t.Context(), i.ID); err != nil || i.Status != ingest.Done || i.Refused != 0 || i.Taken != int64(len(want)) {
			rt.Fatalf("the import of %q: %+v, %v", files, i, err)
		}
		if diff := cmp.Diff(sorted(want), w.rows(to, false)); diff != "" {
			rt.Fatalf("rows (-put +imported):\n%s", diff)
		}
		if diff := cmp.Diff(w.held(oracle), w.held(to)); diff != "" {
			rt.Fatalf("held online (-by puts +by the import):\n%s", diff)
		}
	})
}
