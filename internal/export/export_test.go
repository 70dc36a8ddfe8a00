package export_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/export"
	"github.com/larder-dev/larder/internal/feature"
)

// history puts what the tests below look at: rows in two files, one in none, two deletes.
func (w *world) history() *feature.Group {
	w.t.Helper()
	g := w.group("g", definitions, nil)
	w.put(g, "a", "2024-01-01T00:00:00Z", "1", "1.5", "plain")
	w.put(g, "b", "2024-01-01T00:00:01Z", "-", "-", "-")
	w.put(g, "c", "2024-01-01T00:00:02Z", "-7", "1e100", "a \"b\", c\nd")
	check(w.t, w.tables.FlushNow(w.t.Context()))
	w.put(g, "a", "2024-01-01T01:00:00Z", "2", "0", "")
	w.remove(g, "b", "2024-01-01T01:00:01Z")
	check(w.t, w.tables.FlushNow(w.t.Context()))
	w.put(g, "é", "2024-01-01T02:00:00Z", "9223372036854775807", "-0.1", " 世界")
	return g
}

func TestAllRowsAsCSV(t *testing.T) {
	w := newWorld(t, 0)
	w.history()
	want := `id,at,N,x,s
a,2024-01-01T00:00:00Z,1,1.5,plain
b,2024-01-01T00:00:01Z,,,
c,2024-01-01T00:00:02Z,-7,1e+100,"a ""b"", c
d"
a,2024-01-01T01:00:00Z,2,0.0,""
é,2024-01-01T02:00:00Z,9223372036854775807,-0.1," 世界"
`
	if diff := cmp.Diff(want, w.text(&export.Request{Group: "g", Format: export.CSV, FeaturesOnly: true})); diff != "" {
		t.Errorf("features (-want +got):\n%s", diff)
	}
	lines := strings.Split(w.text(&export.Request{Group: "g", Format: export.CSV}), "\n")
	if lines[0] != "id,at,N,x,s,write_time,api_invocation_time,is_deleted" {
		t.Errorf("the first line is %q", lines[0])
	}
	marker := lines[6]
	if !strings.HasPrefix(marker, "b,2024-01-01T01:00:01Z,,,,2023-11-14T22:") || !strings.HasSuffix(marker, ".000000Z,true") {
		t.Errorf("the delete marker is %q", marker)
	}
}

func TestAllRowsAsJSONLines(t *testing.T) {
	w := newWorld(t, 0)
	w.history()
	want := `{"id":"a","at":"2024-01-01T00:00:00Z","N":1,"x":1.5,"s":"plain"}
{"id":"b","at":"2024-01-01T00:00:01Z","N":null,"x":null,"s":null}
{"id":"c","at":"2024-01-01T00:00:02Z","N":-7,"x":1e+100,"s":"a \"b\", c\nd"}
{"id":"a","at":"2024-01-01T01:00:00Z","N":2,"x":0.0,"s":""}
{"id":"é","at":"2024-01-01T02:00:00Z","N":9223372036854775807,"x":-0.1,"s":" 世界"}
`
	if diff := cmp.Diff(want, w.text(&export.Request{Group: "g", Format: export.JSONL, FeaturesOnly: true})); diff != "" {
		t.Errorf("features (-want +got):\n%s", diff)
	}
	all := w.text(&export.Request{Group: "g", Format: export.JSONL})
	if strings.Count(all, "\n") != 6 || strings.Count(all, `"is_deleted":true`) != 1 || strings.Count(all, `"write_time":"2023-11-14T22:`) != 6 {
		t.Errorf("all rows are %s", all)
	}
}

// Contract §7: the newest by event time, then invocation time, then write time; none if that is a delete
// marker. However little memory there is.
func TestTheNewestRowOfEachIdentifier(t *testing.T) {
	for name, memory := range map[string]int64{"memory for all": 0, "memory for one": 1} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, memory)
			g := w.history()
			w.put(g, "a", "2023-01-01T00:00:00Z", "-", "-", "late")
			w.put(g, "tie", "2024-01-01T02:00:00Z", "-", "-", "first")
			w.put(g, "tie", "2024-01-01T04:00:00+02:00", "-", "-", "the same instant, later")
			w.put(g, "back", "2024-01-01T02:00:00Z", "-", "-", "before")
			w.remove(g, "back", "2024-01-01T03:00:00Z")
			w.put(g, "back", "2024-01-01T04:00:00Z", "-", "-", "after")
			got := w.text(&export.Request{Group: "g", Format: export.JSONL, Latest: true, FeaturesOnly: true})
			want := []string{
				`{"id":"a","at":"2024-01-01T01:00:00Z","N":2,"x":0.0,"s":""}`,
				`{"id":"c","at":"2024-01-01T00:00:02Z","N":-7,"x":1e+100,"s":"a \"b\", c\nd"}`,
				`{"id":"é","at":"2024-01-01T02:00:00Z","N":9223372036854775807,"x":-0.1,"s":" 世界"}`,
				`{"id":"tie","at":"2024-01-01T04:00:00+02:00","N":null,"x":null,"s":"the same instant, later"}`,
				`{"id":"back","at":"2024-01-01T04:00:00Z","N":null,"x":null,"s":"after"}`,
			}
			if diff := cmp.Diff(sorted(want), sorted(strings.Split(strings.TrimSpace(got), "\n"))); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if all := w.text(&export.Request{Group: "g", Format: export.JSONL, Latest: true}); strings.Count(all, `"is_deleted":false`) != 5 || strings.Contains(all, "true") {
				t.Errorf("with all columns: %s", all)
			}
		})
	}
}

func TestRowsAsOfAMoment(t *testing.T) {
	w := newWorld(t, 0)
	g := w.group("g", definitions, nil)
	w.put(g, "a", "2024-01-01T00:00:00Z")
	check(t, w.tables.FlushNow(t.Context()))
	before := w.now()
	w.put(g, "a", "2024-01-01T01:00:00Z")
	w.remove(g, "b", "2024-01-01T00:00:00Z")
	check(t, w.tables.FlushNow(t.Context()))
	between := w.now()
	w.put(g, "c", "2024-01-01T00:00:00Z")
	for _, test := range []struct {
		name   string
		at     time.Time
		latest bool
		want   string
	}{
		{"before the first", time.Unix(1_600_000_000, 0), false, ""},
		{"of one file", before, false, "a 00"},
		{"of both files", between, false, "a 00,a 01,b 00"},
		{"of the journal too", time.Time{}, false, "a 00,a 01,b 00,c 00"},
		{"the latest of one file", before, true, "a 00"},
		{"the latest of both", between, true, "a 01"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := w.text(&export.Request{Group: "g", Format: export.CSV, AsOf: test.at, Latest: test.latest})
			var got []string
			for _, line := range strings.Split(strings.TrimSpace(text), "\n")[1:] {
				id, rest, _ := strings.Cut(line, ",")
				got = append(got, id+" "+rest[11:13])
			}
			if text := strings.Join(sorted(got), ","); text != test.want {
				t.Errorf("%q, want %q", text, test.want)
			}
		})
	}
}

func TestFilesHaveNoMoreRowsThanAskedFor(t *testing.T) {
	w := newWorld(t, 0)
	w.history()
	whole := w.text(&export.Request{Group: "g", Format: export.JSONL})
	files, result := w.files(&export.Request{Group: "g", Format: export.JSONL, FileRows: 2})
	if len(files) != 3 || result.Rows != 6 || strings.Join(files, "") != whole {
		t.Errorf("%d files, %d rows: %q", len(files), result.Rows, files)
	}
	files, _ = w.files(&export.Request{Group: "g", Format: export.CSV, FileRows: 6})
	if len(files) != 1 {
		t.Errorf("%d files for exactly as many rows as one may have", len(files))
	}
	files, _ = w.files(&export.Request{Group: "g", Format: export.CSV, FileRows: 5})
	if len(files) != 2 || !strings.HasPrefix(files[1], "id,at,") {
		t.Errorf("the second file of two is %q", files)
	}
}

func TestATableWithoutRowsIsAFileWithoutRows(t *testing.T) {
	w := newWorld(t, 0)
	g := w.group("g", definitions, nil)
	for format, want := range map[export.Format]string{export.CSV: "id,at,N,x,s\n", export.JSONL: ""} {
		if got := w.text(&export.Request{Group: "g", Format: format, FeaturesOnly: true}); got != want {
			t.Errorf("%s: %q, want %q", format, got, want)
		}
	}
	empty := w.text(&export.Request{Group: "g", Format: export.Parquet, FeaturesOnly: true})
	if i := w.load(g, "empty.parquet", empty); i.Status != "Done" || i.Read != 0 {
		t.Errorf("the empty Parquet file: %s, %s", i.Status, i.Failure)
	}
}

func TestExportsThatAreRefused(t *testing.T) {
	w := newWorld(t, 0)
	w.history()
	w.group("fleeting", definitions, func(g *feature.Group) { g.Offline, g.RoleARN = nil, "" })
	w.group("lists", append(definitions[:4:4], feature.Definition{Name: "tags", Type: feature.String, Collection: feature.List}), inMemory)
	for _, test := range []struct {
		name string
		r    export.Request
		kind feature.Kind
		says string
	}{
		{"no group", export.Request{Group: "nobody", Format: export.CSV}, feature.NotFound, "nobody"},
		{"no offline store", export.Request{Group: "fleeting", Format: export.CSV}, feature.Invalid, "no offline store"},
		{"no format", export.Request{Group: "g"}, feature.Invalid, "parquet, csv, jsonl"},
		{"another format", export.Request{Group: "g", Format: "orc"}, feature.Invalid, "orc"},
		{"lists in CSV", export.Request{Group: "lists", Format: export.CSV}, feature.Invalid, "no lists"},
		{"files of less than no rows", export.Request{Group: "g", Format: export.CSV, FileRows: -1}, feature.Invalid, "-1 rows"},
		{"the future", export.Request{Group: "g", Format: export.CSV, AsOf: time.Unix(1_800_000_000, 0)}, feature.Invalid, "future"},
	} {
		t.Run(test.name, func(t *testing.T) {
			made := false
			next := func() (io.Writer, error) { made = true; return io.Discard, nil }
			_, err := w.Write(t.Context(), &test.r, next)
			_, _, toBucket := w.WriteBucket(t.Context(), &test.r, "s3://lake/out/")
			for _, err := range []error{err, toBucket} {
				if feature.KindOf(err) != test.kind || !strings.Contains(err.Error(), test.says) {
					t.Errorf("%v, want kind %d, %q", err, test.kind, test.says)
				}
			}
			if made {
				t.Error("a file was begun")
			}
		})
	}
	if keys := w.keys("out/"); len(keys) != 0 {
		t.Errorf("there are %q", keys)
	}
}

func inMemory(g *feature.Group) { g.Online.StorageType = feature.InMemory }

// What is no data file of ours stops the export, and its name is said.
func TestADataFileThatCannotBeReadStopsTheExport(t *testing.T) {
	for name, file := range map[string]string{"no Parquet": "12345678", "half a file": "PAR1", "another type": otherType} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 0)
			g := w.history()
			_, prefix := g.Offline.Location()
			if file == otherType {
				h := w.group("h", []feature.Definition{{Name: "id", Type: feature.Integral}, {Name: "at", Type: feature.Fractional}}, nil)
				w.put(h, "1", "2")
				file = w.text(&export.Request{Group: "h", Format: export.Parquet})
			}
			w.object(prefix+"/foreign.parquet", file)
			for _, latest := range []bool{false, true} {
				_, err := w.Write(t.Context(), &export.Request{Group: "g", Format: export.CSV, Latest: latest}, func() (io.Writer, error) { return io.Discard, nil })
				if feature.KindOf(err) != feature.Conflict || !strings.Contains(err.Error(), prefix+"/foreign.parquet") {
					t.Errorf("%v", err)
				}
			}
		})
	}
}

const otherType = "a file of other types"

// Files of other writers have columns in another order and case, other types that fit, or fewer of them.
func TestFilesOfOtherWritersAreRowsToo(t *testing.T) {
	w := newWorld(t, 0)
	g := w.history()
	h := w.group("h", []feature.Definition{{Name: "S", Type: feature.String}, {Name: "id", Type: feature.String}, {Name: "X", Type: feature.Integral}, {Name: "at", Type: feature.String}, {Name: "more", Type: feature.String}}, nil)
	w.put(h, "of another", "a", "5", "2024-06-01T00:00:00Z", "unknown here")
	_, prefix := g.Offline.Location()
	w.object(prefix+"/foreign.parquet", w.text(&export.Request{Group: "h", Format: export.Parquet, FeaturesOnly: true}))
	const row = `{"id":"a","at":"2024-06-01T00:00:00Z","N":null,"x":5.0,"s":"of another","write_time":null,"api_invocation_time":null,"is_deleted":null}`
	for _, latest := range []bool{false, true} {
		if text := w.text(&export.Request{Group: "g", Format: export.JSONL, Latest: latest}); strings.Count(text, row) != 1 {
			t.Errorf("the row is not there once: %s", text)
		}
	}
	// Nobody knows when it was written.
	if text := w.text(&export.Request{Group: "g", Format: export.JSONL, AsOf: w.now()}); strings.Contains(text, "of another") || strings.Count(text, "\n") != 6 {
		t.Errorf("as of now: %s", text)
	}
}

func TestAnExportEndsWithItsCallerAndWithTheStore(t *testing.T) {
	w := newWorld(t, 0)
	w.history()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := w.Write(ctx, &export.Request{Group: "g", Format: export.CSV, FileRows: 1}, func() (io.Writer, error) {
		cancel()
		return io.Discard, nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("its caller went away: %v", err)
	}
	begun, ended := make(chan struct{}), make(chan error)
	var first sync.Once
	go func() {
		_, err := w.Write(t.Context(), &export.Request{Group: "g", Format: export.CSV, FileRows: 1}, func() (io.Writer, error) {
			first.Do(func() { close(begun) })
			return &bytes.Buffer{}, nil
		})
		ended <- err
	}()
	<-begun
	closed := make(chan error)
	go func() { closed <- w.Store.Close() }()
	if err := <-ended; err != nil && feature.KindOf(err) != feature.Unavailable {
		t.Errorf("the store was closed: %v", err)
	}
	check(t, <-closed)
	if _, err := w.Write(t.Context(), &export.Request{Group: "g", Format: export.CSV}, func() (io.Writer, error) { return io.Discard, nil }); feature.KindOf(err) != feature.Unavailable {
		t.Errorf("after Close: %v", err)
	}
}

// What is written to a file that fails is the caller's error.
func TestAFileThatCannotBeWrittenEndsTheExport(t *testing.T) {
	w := newWorld(t, 0)
	w.history()
	broken := errors.New("nobody reads")
	for _, format := range []export.Format{export.Parquet, export.CSV, export.JSONL} {
		_, err := w.Write(t.Context(), &export.Request{Group: "g", Format: format}, func() (io.Writer, error) { return failing{broken}, nil })
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", format, err)
		}
		_, err = w.Write(t.Context(), &export.Request{Group: "g", Format: format}, func() (io.Writer, error) { return nil, broken })
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
