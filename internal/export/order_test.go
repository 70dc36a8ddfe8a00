package export_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larder-dev/larder/internal/bucket"
	"github.com/larder-dev/larder/internal/export"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/parquet"
	"github.com/larder-dev/larder/internal/table"
)

// A dated row is one of a file that a test writes: identifier, event time as text, write time.
type dated struct {
	id, at  string
	written int64
}

// file puts a data file of g with rows, which are in the order of data files.
func (w *world) file(g *feature.Group, rows ...dated) {
	w.t.Helper()
	when := must(feature.ParseEventTime(feature.String, rows[0].at))(w.t).Time()
	about := bucket.Rows{Count: int64(len(rows)), FirstEventTime: when, LastEventTime: when, FirstPosition: rows[0].written, LastPosition: rows[0].written}
	for _, r := range rows {
		about.FirstPosition, about.LastPosition = min(about.FirstPosition, r.written), max(about.LastPosition, r.written)
	}
	o, err := w.tables.StageRows(w.t.Context(), g, about, nil, func(out *parquet.Writer) error {
		for _, r := range rows {
			row := out.BeginRow()
			row.Text([]byte(r.id))
			row.Text([]byte(r.at))
			row.Null()
			row.Null()
			row.Text(fmt.Append(nil, r.written))
			if err := table.EndRow(&row, feature.Position(r.written), r.written); err != nil {
				return err
			}
		}
		return nil
	})
	check(w.t, err)
	check(w.t, w.buckets.PutStaged(w.t.Context(), []*bucket.Object{o}))
}

// Rows of one identifier and event time come in the order of their writes, in whichever files they are: who
// imports them takes the last one for the newest.
func TestRowsOfOneInstantComeInTheOrderOfTheirWrites(t *testing.T) {
	w := newWorld(t, 0)
	g := w.group("g", definitions, nil)
	// The same instant in other words, and a later one of the same hour.
	const at, same, later = "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "2024-01-01T00:30:00Z"
	w.file(g, dated{"a", at, 1}, dated{"a", same, 5}, dated{"a", later, 2}, dated{"b", at, 9})
	w.file(g, dated{"a", at, 3}, dated{"a", at, 7}, dated{"b", at, 4}, dated{"c", later, 6})
	w.file(g, dated{"a", same, 8})
	w.file(g, dated{"a", at, 20}, dated{"b", at, 21}) // after all others
	w.file(g, dated{"a", "2024-01-01T05:00:00Z", 10}) // of another hour
	_, prefix := g.Offline.Location()
	foreign := w.group("foreign", definitions, nil)
	w.put(foreign, "a", at, "-", "-", "foreign")
	w.object(prefix+"/year=2024/month=01/day=01/hour=00/of-spark.parquet", w.text(&export.Request{Group: "foreign", Format: export.Parquet}))

	var all []string
	orders := map[string][]string{}
	for line := range strings.Lines(w.text(&export.Request{Group: "g", Format: export.CSV, FeaturesOnly: true})) {
		fields := strings.Split(strings.TrimSpace(line), ",")
		all = append(all, fields[4])
		when, err := feature.ParseEventTime(feature.String, fields[1])
		if err == nil {
			orders[fields[0]+" "+when.String()] = append(orders[fields[0]+" "+when.String()], fields[4])
		}
	}
	if diff := cmp.Diff(sorted(strings.Split("s foreign 1 5 2 9 3 7 4 6 8 20 21 10", " ")), sorted(all)); diff != "" {
		t.Errorf("rows (-put +exported):\n%s", diff)
	}
	got := orders["a 2024-01-01T00:00:00Z"]
	ours := strings.ReplaceAll(strings.Join(got, " "), "foreign", "")
	if strings.Join(strings.Fields(ours), " ") != "1 3 5 7 8 20" {
		t.Errorf("the writes of one instant come as %v", got)
	}
	if got := orders["b 2024-01-01T00:00:00Z"]; strings.Join(got, " ") != "4 9 21" {
		t.Errorf("the writes of another come as %v", got)
	}
	// A merge that is not wanted any more, and one of a file that is damaged, end.
	_, err := w.Write(t.Context(), &export.Request{Group: "g", Format: export.CSV, FileRows: 1}, func() (io.Writer, error) { return nil, io.ErrClosedPipe })
	if err == nil || !strings.Contains(err.Error(), "closed pipe") {
		t.Error(err)
	}
	w.file(g, dated{"d", at, 30}, dated{"e", at, 32})
	w.object(w.keys(prefix + "/year=2024/month=01/day=01/hour=05/")[0], "12345678")
	if _, err := w.Write(t.Context(), &export.Request{Group: "g", Format: export.CSV}, func() (io.Writer, error) { return io.Discard, nil }); feature.KindOf(err) != feature.Conflict {
		t.Errorf("a damaged file: %v", err)
	}
}
