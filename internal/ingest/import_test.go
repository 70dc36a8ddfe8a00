package ingest_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
	"github.com/larder-dev/larder/internal/parquet"
)

// randomRows makes rows of the texts of id, at, N, x and s, "-" for null: with identifiers and event
// times that come again, and some that are long past.
func randomRows(rng *rand.Rand, n int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		at := time.Unix(1_699_990_000+int64(rng.IntN(4))*3600+int64(rng.IntN(3)), int64(rng.IntN(2))*500_000_000).UTC()
		row := []string{
			fmt.Sprintf("id-%d", rng.IntN(1+n/3)), at.Format("2006-01-02T15:04:05.999Z"),
			strconv.Itoa(rng.IntN(1000) - 500), strconv.FormatFloat(float64(rng.IntN(1000))+0.25, 'g', -1, 64), "text, \"quoted\" 世界\n" + strconv.Itoa(i),
		}
		for at := 2; at < len(row); at++ {
			if rng.IntN(6) == 0 {
				row[at] = "-"
			}
		}
		rows[i] = row
	}
	return rows
}

var names = []string{"id", "at", "N", "x", "s"}

func asCSV(rows [][]string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write(names) // to memory
	for _, row := range rows {
		line := make([]string, len(row))
		for i, text := range row {
			if text != "-" {
				line[i] = text
			}
		}
		_ = w.Write(line)
	}
	w.Flush()
	return out.Bytes()
}

func asJSONL(rows [][]string) []byte {
	var out bytes.Buffer
	for _, row := range rows {
		object := map[string]any{}
		for i, text := range row {
			switch {
			case text == "-":
				object[names[i]] = nil
			case i == 2 || i == 3:
				object[names[i]] = json.Number(text)
			default:
				object[names[i]] = text
			}
		}
		line, _ := json.Marshal(object)
		out.Write(append(line, '\n'))
	}
	return out.Bytes()
}

func asParquet(t testing.TB, rows [][]string) []byte {
	t.Helper()
	schema := must(parquet.NewSchema([]parquet.Column{
		{Name: "id", Type: parquet.Text}, {Name: "at", Type: parquet.Text}, {Name: "N", Type: parquet.Int64},
		{Name: "x", Type: parquet.Float64}, {Name: "s", Type: parquet.Text},
	}))(t)
	var out bytes.Buffer
	w := parquet.NewWriter(&out, schema)
	for _, row := range rows {
		values := make([]any, len(row))
		for i, text := range row {
			switch {
			case text == "-":
			case i == 2:
				values[i] = must(strconv.ParseInt(text, 10, 64))(t)
			case i == 3:
				values[i] = must(strconv.ParseFloat(text, 64))(t)
			default:
				values[i] = text
			}
		}
		check(t, w.Write(values))
	}
	check(t, w.Close())
	return out.Bytes()
}

// An import leaves in both stores what puts of the same rows, one after the other, leave.
func TestImportDoesWhatPutsOfTheSameRowsDo(t *testing.T) {
	formats := map[string]func([][]string) []byte{
		"rows.csv": asCSV, "rows.jsonl": asJSONL,
		"rows.parquet": func(rows [][]string) []byte { return asParquet(t, rows) },
	}
	groups := map[string]func(*feature.Group){
		"both stores": nil,
		"with a time to live": func(g *feature.Group) {
			g.Online.TTL = &feature.TTL{Unit: feature.Seconds, Value: 6000} // some have expired already
		},
		"online only":  func(g *feature.Group) { g.Offline, g.RoleARN = nil, "" },
		"offline only": func(g *feature.Group) { g.Online = nil },
	}
	for file, write := range formats {
		for kind, change := range groups {
			t.Run(file+" "+kind, func(t *testing.T) {
				seed := rand.Uint64()
				t.Logf("seed %d", seed)
				rng := rand.New(rand.NewPCG(seed, 0))
				w := newWorld(t)
				bulk, single := w.group("bulk", change), w.group("single", change)
				before, rows := randomRows(rng, 200), randomRows(rng, 2000)
				for _, row := range before {
					check(t, w.put(bulk, row...))
					check(t, w.put(single, row...))
				}
				if bulk.Online != nil {
					for i := range 10 {
						for _, g := range []*feature.Group{bulk, single} {
							check(t, w.delete(g, fmt.Sprintf("id-%d", i), "2023-11-14T20:00:00Z", feature.SoftDelete))
						}
					}
				}
				for _, row := range rows {
					check(t, w.put(single, row...))
				}
				half := len(rows) / 2
				i := w.loaded(bulk, w.file("1-"+file, write(rows[:half])), w.file("2-"+file, write(rows[half:])))
				if i.Read != 2000 || i.Taken != 2000 || i.Refused != 0 {
					t.Errorf("the import has read %d, taken %d, refused %d rows; want 2000, 2000, 0", i.Read, i.Taken, i.Refused)
				}
				if diff := cmp.Diff(w.held(single), w.held(bulk)); diff != "" {
					t.Errorf("held online (-by puts +by import):\n%s", diff)
				}
				if bulk.Offline == nil {
					return
				}
				// The expiry of what is held is journaled when the import is applied, after its rows.
				want, got := features(w.rows(single)), features(w.rows(bulk))
				if kind == "with a time to live" {
					want, got = alive(want), alive(got)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("offline rows (-by puts +by import):\n%s", diff)
				}
			})
		}
	}
}

// alive leaves out the markers of what has expired.
func alive(rows []string) []string {
	var all []string
	for _, row := range rows {
		if strings.HasSuffix(row, "false") {
			all = append(all, row)
		}
	}
	return all
}

func TestImportRemembersThePositionOfItsRows(t *testing.T) {
	w := newWorld(t)
	g := w.group("g", nil)
	i := w.loaded(g, w.file("a.csv", []byte("id,at\na,2023-11-14T20:00:00Z\nb,2023-11-14T20:00:00Z\n")))
	rows := w.rows(g)
	want := map[string]feature.Position{"a": feature.Position(writeTime(rows[0]).UnixMicro()), "b": feature.Position(writeTime(rows[1]).UnixMicro())}
	if diff := cmp.Diff(want, w.positions(g)); diff != "" {
		t.Errorf("positions held (-of the rows +held):\n%s", diff)
	}
	if i.First != want["a"] || i.Last != want["b"] {
		t.Errorf("the import is of %d to %d, its rows of %d to %d", i.First, i.Last, want["a"], want["b"])
	}
	check(t, w.put(g, "a", "2023-11-14T20:00:00Z", "1", "-", "-"))
	if got := w.positions(g)["a"]; got <= i.Last {
		t.Errorf("a put after the import has the position %d, the import ends at %d", got, i.Last)
	}
}

func TestImportCountsAddUpAndRefusedRowsAreTold(t *testing.T) {
	good := "2023-11-14T20:00:00Z"
	tests := []struct {
		name, content string
		read          int64
		reasons       []string
	}{
		{"a.csv", "id,at,N\na," + good + ",1\nb,yesterday,2\nc," + good + ",three\n," + good + ",4\n", 4,
			[]string{`row":2,"reason":"the event time`, `row":3,"reason":"the value`, `row":4,"reason":"the record has no value`}},
		{"ragged.csv", "id,at,N\na," + good + "\nb," + good + ",1\nc," + good + ",1,2\nd," + good + ",\"1\"x\ne," + good + ",1\n", 5,
			[]string{`row":1,"reason":"it has 2 fields`, `row":3,"reason":"it has 4 fields`, `row":4,"reason":"line 5`}},
		{"utf8.csv", "id,at,s\na," + good + ",\xff\nb\xfe," + good + ",x\n", 2,
			[]string{`row":1,"reason":"the value`, `row":2,"reason":"the value`}},
		{"a.jsonl", `{"id":"a","at":"` + good + `"}` + "\n[1]\nx\n\n{\"id\":\"b\"\n" + `{"id":"b","at":"` + good + `","no":1}` + "\n" + `{"id":"b","at":"` + good + `","s":{}}` + "\n" + `{"id":"b","at":"` + good + `","id":"b"}`, 7,
			[]string{`row":2,"reason":"the line is no JSON object`, `row":3,"reason":"the line is no JSON object`, `row":4,"reason":"the line is no JSON object`, `row":5,"reason":"the feature group g has no feature`, `row":6,"reason":"the member`, `row":7,"reason":"the feature`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			g := w.group("g", nil)
			i := w.loaded(g, w.file(tt.name, []byte(tt.content)))
			if i.Read != tt.read || i.Refused != int64(len(tt.reasons)) || i.Taken != tt.read-i.Refused {
				t.Errorf("read %d, taken %d, refused %d; want read %d, refused %d", i.Read, i.Taken, i.Refused, tt.read, len(tt.reasons))
			}
			if got := int64(len(w.rows(g))); got != i.Taken {
				t.Errorf("%d rows are in the table, %d were taken", got, i.Taken)
			}
			lines := w.refused(i)
			for n, want := range tt.reasons {
				if n >= len(lines) || !strings.Contains(lines[n], want) {
					t.Errorf("refused rows %d: %q; want one with %q", n, lines, want)
				}
			}
		})
	}
}

func TestImportThatFailsLeavesNothing(t *testing.T) {
	rows := randomRows(rand.New(rand.NewPCG(1, 1)), 3000)
	whole := asParquet(t, rows)
	flipped := bytes.Clone(whole)
	for i := len(flipped) / 3; i < len(flipped)/3+50; i++ {
		flipped[i] ^= 0x55
	}
	tests := []struct {
		name    string
		content []byte
		why     string
	}{
		{"cut.parquet", whole[:len(whole)/2], "damaged or cut off"},
		{"flipped.parquet", flipped, "damaged or cut off"},
		{"text.parquet", []byte("id,at\n1,2\n"), "damaged or cut off"},
		{"empty.parquet", nil, "damaged or cut off"},
		{"empty.csv", nil, "the source is empty"},
		{"unknown.csv", []byte("id,at,more\na,2023-11-14T20:00:00Z,1\n"), `no feature "more"`},
		{"without.csv", []byte("id,N\na,1\n"), `no column for the feature "at"`},
		{"twice.csv", []byte("id,at,n,N\na,2023-11-14T20:00:00Z,1,2\n"), `are both the feature "N"`},
		{"open.csv", append([]byte("id,at\na,\""), bytes.Repeat([]byte("line\n"), 4<<20)...), "a quote or a line is not closed"},
		{"long.jsonl", bytes.Repeat([]byte(" "), 17<<20), "a quote or a line is not closed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			g := w.group("g", nil)
			i := w.load(ingest.Request{Group: "g"}, w.file("good.csv", asCSV(rows)), w.file(tt.name, tt.content))
			if i.Status != ingest.Failed || !strings.Contains(i.Failure, tt.why) || !strings.Contains(i.Failure, tt.name) {
				t.Errorf("the import is %s: %s; want it Failed, %q", i.Status, i.Failure, tt.why)
			}
			if n := len(w.rows(g)) + len(w.held(g)); n != 0 {
				t.Errorf("%d rows and records of it are there", n)
			}
			if names := must(w.fs.List("data/imports"))(t); len(names) != 1 {
				t.Errorf("left in the directory: %v", names)
			}
		})
	}
}

func TestImportFailsBeyondMaxErrors(t *testing.T) {
	w := newWorld(t)
	g := w.group("g", nil)
	uri := w.file("a.csv", []byte("id,at\na,2023-11-14T20:00:00Z\nb,x\nc,y\n"))
	one, two := int64(1), int64(2)
	i := w.load(ingest.Request{Group: "g", MaxErrors: &one}, uri)
	if i.Status != ingest.Failed || i.Refused != 2 || len(w.refused(i)) != 2 || len(w.rows(g)) != 0 {
		t.Errorf("with one tolerated: %s, %d refused, %d rows", i.Status, i.Refused, len(w.rows(g)))
	}
	// A failed import does not keep its token from another.
	i = w.load(ingest.Request{Group: "g", MaxErrors: &two}, uri)
	if i.Status != ingest.Done || i.Refused != 2 || len(w.rows(g)) != 1 {
		t.Errorf("with two tolerated: %s, %d refused, %d rows", i.Status, i.Refused, len(w.rows(g)))
	}
}

func TestImportRepeatedDoesNothing(t *testing.T) {
	w := newWorld(t)
	g := w.group("g", nil)
	uri := w.file("a.csv", []byte("id,at\na,2023-11-14T20:00:00Z\n"))
	first, again := w.loaded(g, uri), w.loaded(g, uri)
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the second import (-first +second):\n%s", diff)
	}
	if n := len(w.rows(g)); n != 1 {
		t.Errorf("%d rows", n)
	}
	w.file("a.csv", []byte("id,at\nb,2023-11-14T20:00:00Z\n"))
	w.loaded(g, uri)
	if n := len(w.rows(g)); n != 2 {
		t.Errorf("%d rows after an import of the changed source, want 2", n)
	}
	_, err := w.Start(t.Context(), &ingest.Request{Group: "g", Token: first.Token, Sources: []ingest.Source{{URI: w.file("b.csv", nil)}}})
	if feature.KindOf(err) != feature.Conflict {
		t.Errorf("the token with other sources: %v, want a Conflict", err)
	}
}

func TestImportColumnsByName(t *testing.T) {
	w := newWorld(t)
	g := w.group("g", nil)
	i := w.load(ingest.Request{Group: "g", Columns: map[string]feature.Name{"key": "id", "junk": ""}},
		w.file("a.csv", []byte("\xef\xbb\xbfjunk,N,key,AT\n,7,a,2023-11-14T20:00:00Z\n")))
	want := []string{`[]interface {}{"a", "2023-11-14T20:00:00Z", 7, interface {}(nil), interface {}(nil)} false`}
	if diff := cmp.Diff(want, features(w.rows(g))); diff != "" {
		t.Errorf("%s %s (-want +got):\n%s", i.Status, i.Failure, diff)
	}
}

func TestStartRefuses(t *testing.T) {
	w := newWorld(t)
	w.group("g", func(g *feature.Group) { g.Online = nil })
	ok := w.file("a.csv", []byte("id,at\n"))
	w.file("a.txt", nil)
	less := int64(-1)
	tests := []struct {
		name string
		r    ingest.Request
		kind feature.Kind
	}{
		{"no group", ingest.Request{Group: "h", Sources: []ingest.Source{{URI: ok}}}, feature.NotFound},
		{"no source", ingest.Request{Group: "g"}, feature.Invalid},
		{"a source that is not there", ingest.Request{Group: "g", Sources: []ingest.Source{{URI: "s3://lake/in/b.csv"}}}, feature.NotFound},
		{"a bucket that is not there", ingest.Request{Group: "g", Sources: []ingest.Source{{URI: "s3://lak/in/b.csv"}}}, feature.NotFound},
		{"a file that is not there", ingest.Request{Group: "g", Sources: []ingest.Source{{URI: "file:///in/b.csv"}}}, feature.NotFound},
		{"no URI", ingest.Request{Group: "g", Sources: []ingest.Source{{URI: "b.csv"}}}, feature.Invalid},
		{"no format", ingest.Request{Group: "g", Sources: []ingest.Source{{URI: "s3://lake/in/a.txt"}}}, feature.Invalid},
		{"another format", ingest.Request{Group: "g", Format: "xml", Sources: []ingest.Source{{URI: ok}}}, feature.Invalid},
		{"a store that it has not", ingest.Request{Group: "g", Stores: feature.OnlineStore, Sources: []ingest.Source{{URI: ok}}}, feature.Invalid},
		{"less than no errors", ingest.Request{Group: "g", MaxErrors: &less, Sources: []ingest.Source{{URI: ok}}}, feature.Invalid},
		{"a long token", ingest.Request{Group: "g", Token: strings.Repeat("x", 129), Sources: []ingest.Source{{URI: ok}}}, feature.Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := w.Start(t.Context(), &tt.r); feature.KindOf(err) != tt.kind {
				t.Errorf("Start: %v, want kind %d", err, tt.kind)
			}
		})
	}
}
