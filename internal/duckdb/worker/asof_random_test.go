package worker

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/dataset"
	"github.com/larder-dev/larder/internal/feature"
	"github.com/larder-dev/larder/internal/ingest"
)

// bothDoors are what makes datasets over the world.
func bothDoors(t *testing.T, w *world) *dataset.Store {
	t.Helper()
	imports := ingest.New(w.groups, w.db.Imports(), w.db.Imports(), w.tables, w.buckets, ingest.Options{Dir: w.scratch + "-imports", FS: vfs.Default})
	s := dataset.New(dataset.Parts{
		Datasets: w.db.Datasets(), Offline: w.db.Offline(), Tables: w.tables, Buckets: w.buckets, Imports: imports, Queries: w.Store, Joiner: w.joiner,
	})
	if err := errors.Join(imports.Resume(t.Context()), s.Resume(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(s.Close(), imports.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// The labels of each dataset are what as_of gives, and its groups are the same again: each feature must come twice.
func TestAsOfGivesWhatADatasetHas(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	w := newWorld(t)
	datasets := bothDoors(t, w)
	groups := []*feature.Group{w.counted("texts", feature.String, feature.String), w.counted("numbers", feature.Integral, feature.Fractional), w.counted("doubles", feature.Fractional, feature.String)}
	var moments []time.Time
	found := int64(0)
	for n := range 200 {
		for range r.IntN(4) {
			w.change(r, groups[r.IntN(len(groups))])
		}
		if r.IntN(20) == 0 {
			if err := w.tables.FlushNow(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		moments = append(moments, time.Now())
		labels, id := randomLabels(r)
		var wanted []string
		spec := dataset.Spec{Labels: dataset.Labels{Time: "at"}}
		for i := range 1 + r.IntN(3) {
			text := fmt.Sprintf("%s on=%s", groups[r.IntN(len(groups))].Name, id)
			text += []string{"", " features=n", " features=s,at,n"}[r.IntN(3)] + []string{"", " look-back=3s", " look-back=1h"}[r.IntN(3)] + []string{"", " skip-deletes"}[r.IntN(2)]
			wanted = append(wanted, fmt.Sprintf("'%s prefix=x%d_'", text, i))
			g, err := dataset.ParseGroup(fmt.Sprintf("%s prefix=y%d_", text, i))
			if err != nil {
				t.Fatal(err)
			}
			spec.Groups = append(spec.Groups, *g)
		}
		until := ""
		if r.IntN(4) == 0 {
			spec.AsOf = moments[r.IntN(len(moments))].UTC().Truncate(time.Microsecond)
			until = ", TIMESTAMP '" + spec.AsOf.Format("2006-01-02 15:04:05.000000") + " UTC'"
		}
		spec.Labels.SQL = "SELECT * FROM TABLE(as_of(TABLE(" + labels + "), DESCRIPTOR(at), ARRAY[" + strings.Join(wanted, ", ") + "]" + until + "))"
		d, err := datasets.Start(t.Context(), "both", spec, "me")
		if err == nil {
			d, err = datasets.Wait(t.Context(), d.Ref())
		}
		if err != nil || d.Status != dataset.Ready {
			t.Fatalf("case %d, seed %d: %v %+v\n%s", n, seed, err, d, spec.Labels.SQL)
		}
		hashes := map[string]string{}
		for _, c := range d.Columns {
			if c.Group == "" && c.Name[0] != 'x' {
				continue // of the labels of as_of
			}
			hashes[c.Name] = c.Hash
			found += c.Values
		}
		for name, hash := range hashes {
			if name[0] == 'x' && hashes["y"+name[1:]] != hash {
				t.Errorf("case %d, seed %d: %s differs:\n%s", n, seed, name, spec.Labels.SQL)
			}
		}
	}
	if found < 1000 {
		t.Errorf("seed %d: %d values in all cases", seed, found)
	}
	w.noScratch()
}

// counted makes a group of identifiers and event times of these types.
func (w *world) counted(name feature.GroupName, id, at feature.Type) *feature.Group {
	w.t.Helper()
	_, err := w.groups.CreateGroup(w.t.Context(), &feature.Group{
		Name: name, RecordIdentifier: "id", EventTime: "at",
		Definitions: []feature.Definition{{Name: "id", Type: id}, {Name: "at", Type: at}, {Name: "n", Type: feature.Integral}, {Name: "s", Type: feature.String}, {Name: "d", Type: feature.Fractional}},
		Online:      &feature.Online{}, Offline: &feature.Offline{S3URI: "s3://lake/base"}, RoleARN: "arn:aws:iam::123456789012:role/r",
	})
	if err != nil {
		w.t.Fatal(err)
	}
	g, err := w.groups.Group(w.t.Context(), feature.GroupRef(name))
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

// change puts a record, or deletes one. There are few identifiers, and few event times.
func (w *world) change(r *rand.Rand, g *feature.Group) {
	w.t.Helper()
	at := time.Unix(1_700_000_000+int64(r.IntN(10)), 0).UTC().Format(time.RFC3339)
	if g.Definitions[1].Type == feature.Fractional {
		at = fmt.Sprint(1_700_000_000+r.IntN(10), ".", r.IntN(2)*5)
	}
	id := fmt.Sprint(r.IntN(4))
	fields := []feature.Field{{Name: "id", Text: id}, {Name: "at", Text: at}, {Name: "n", Text: fmt.Sprint(r.IntN(1000))}, {Name: "s", Text: fmt.Sprint("é", r.IntN(1000))}}
	if r.IntN(2) == 0 {
		fields = append(fields, feature.Field{Name: "d", Text: fmt.Sprint(r.Float64())})
	}
	record, err := g.Check(fields)
	if err != nil {
		w.t.Fatal(err)
	}
	err = w.db.Records().Do(w.t.Context(), g, record.ID, func(held *feature.Record) (feature.Decision, error) {
		return feature.DecidePut(g, held, record, feature.OfflineStore, time.Now()), nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// randomLabels is a query of labels, whose times are in the column at, and the name of its identifiers.
func randomLabels(r *rand.Rand) (sql, id string) {
	at := []string{"from_unixtime(1.7e9 + t)", "CAST(from_unixtime(1.7e9 + t) AS timestamp(6))", "to_iso8601(from_unixtime(1.7e9 + t))", "1700000000 + CAST(floor(t) AS bigint)", "1.7e9 + t", "DECIMAL '1700000000.0' + CAST(t AS decimal(12,1))", "DATE '2023-11-15'"}[r.IntN(7)]
	as := []string{"bigint", "varchar", "tinyint"}[r.IntN(3)]
	var rows []string
	for range 1 + r.IntN(9) {
		rows = append(rows, fmt.Sprintf("(%s, %s)", []string{"NULL", "0", "1", "2", "3", "4"}[r.IntN(6)], []string{"NULL", "0e0", "2.5e0", "5e0", "7.5e0", "9e0", "99e0"}[r.IntN(7)]))
	}
	return "SELECT CAST(k AS " + as + ") AS who, " + at + " AS at FROM (VALUES " + strings.Join(append(rows, "(1, 9e0)"), ", ") + ") AS v (k, t)", "who"
}
