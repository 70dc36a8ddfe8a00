package query_test

import (
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"github.com/larder-dev/larder/internal/query"
	"github.com/larder-dev/larder/internal/table"
)

// again asks for an earlier result and reports how often the engine ran for it.
func (w *world) again(change func(*query.Request)) (e *query.Execution, ran int) {
	w.t.Helper()
	before := len(w.engine.plans)
	r := query.Request{
		SQL: "SELECT 'x' AS a", Database: table.FeatureStoreDatabase, OutputFolder: "s3://" + theBucket + "/out/",
		Reuse: &query.Reuse{Enabled: true, MaxAge: 60},
	}
	change(&r)
	e = w.end(must(w.Start(w.t.Context(), r))(w.t))
	if e.State != query.Succeeded {
		w.t.Fatalf("%s is %s: %+v", r.SQL, e.State, e.Failure)
	}
	return e, len(w.engine.plans) - before
}

func TestEarlierResultIsGivenToWhoAsksForIt(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.engine.run = gives([]string{"x"})
	first := w.succeed("SELECT 'x' AS a")
	for range 2 {
		e, ran := w.again(func(*query.Request) {})
		if ran != 0 || e.Reused != first.ID || e.Output != first.Output || e.Rows != 1 || e.Scanned != 0 || e.Written != first.Written {
			t.Errorf("ran %d times: %+v", ran, e)
		}
		p := must(w.Results(t.Context(), e.ID, "", 10))(t)
		if len(p.Rows) != 2 || *p.Rows[1][0] != "x" || len(p.Columns) != 1 {
			t.Errorf("results %+v", p)
		}
		if _, there := w.object("s3://" + theBucket + "/out/" + e.ID + ".csv"); there {
			t.Error("a result of its own was left")
		}
	}
	if e := w.succeed("SELECT 'x' AS a"); e.Reused != "" {
		t.Errorf("nobody asked for an earlier result: %+v", e)
	}
}

func TestEarlierResultIsOfTheSameRequest(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.engine.run = gives([]string{"x"})
	if err := w.buckets.CreateBucket(t.Context(), "elsewhere"); err != nil {
		t.Fatal(err)
	}
	if err := w.CreateWorkGroup(t.Context(), &query.WorkGroup{Name: "other"}); err != nil {
		t.Fatal(err)
	}
	w.again(func(*query.Request) {})
	for name, change := range map[string]func(*query.Request){
		"text":          func(r *query.Request) { r.SQL = "SELECT  'x' AS a" },
		"catalog":       func(r *query.Request) { r.Catalog = "AwsDataCatalog" },
		"database":      func(r *query.Request) { r.Database = "default" },
		"work group":    func(r *query.Request) { r.WorkGroup = "other" },
		"folder":        func(r *query.Request) { r.OutputFolder = "s3://elsewhere/" },
		"encryption":    func(r *query.Request) { r.Result.Encryption = "SSE_S3" },
		"not enabled":   func(r *query.Request) { r.Reuse = &query.Reuse{MaxAge: 60} },
		"nothing asked": func(r *query.Request) { r.Reuse = nil },
	} {
		if e, ran := w.again(change); ran != 1 || e.Reused != "" {
			t.Errorf("%s: ran %d times, %+v", name, ran, e)
		}
	}
}

func TestStatementsThatDoNotRepeatRunAgain(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	for sql, runs := range map[string]int{
		"SELECT rand() AS a":                                                 1,
		"SELECT current_date AS a":                                           1,
		"SELECT 1 AS a LIMIT 1":                                              1,
		"SELECT 1 AS a ORDER BY 1 LIMIT 1":                                   0,
		"SELECT a FROM (VALUES 1) AS t (a) TABLESAMPLE BERNOULLI (50)":       1,
		"SELECT a FROM (SELECT 1 AS a OFFSET 0) AS t":                        1,
		"SELECT count(*) AS a FROM (VALUES 1, 2) AS t (a) WHERE a > abs(-1)": 0,
	} {
		w.again(func(r *query.Request) { r.SQL = sql })
		if _, ran := w.again(func(r *query.Request) { r.SQL = sql }); ran != runs {
			t.Errorf("%s ran %d times, not %d", sql, ran, runs)
		}
	}
}

func TestResultIsNotOlderThanAllowed(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.engine.run = gives([]string{"x"})
	first := w.succeed("SELECT 'x' AS a")
	now := w.Store
	for _, c := range []struct {
		later time.Duration
		runs  int
	}{{59 * time.Minute, 0}, {61 * time.Minute, 1}} {
		w.Store = query.New(w.db.Executions(), w.tables, w.db.Offline(), w.buckets, w.engine, query.Options{
			Account: "123456789012", Region: "us-east-1", Now: func() time.Time { return first.Submitted.Add(c.later) },
		})
		if e, ran := w.again(func(r *query.Request) { r.SQL = first.SQL }); ran != c.runs || (e.Reused == first.ID) != (c.runs == 0) {
			t.Errorf("after %v it ran %d times, not %d", c.later, ran, c.runs)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
	w.Store = now
}

func TestResultThatIsGoneIsMadeAgain(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.engine.run = gives([]string{"x"})
	first, _ := w.again(func(*query.Request) {})
	name, key, _ := strings.Cut(strings.TrimPrefix(first.Output, "s3://"), "/")
	if err := w.buckets.Delete(t.Context(), name, []string{key}, nil); err != nil {
		t.Fatal(err)
	}
	if e, ran := w.again(func(*query.Request) {}); ran != 1 || e.Reused != "" {
		t.Errorf("ran %d times, %+v", ran, e)
	}
}

func TestPreparedStatementThatWasChangedIsNotReused(t *testing.T) {
	w := newWorld(t, vfs.NewMem())
	defer w.close()
	w.engine.run = gives([]string{"x"})
	execute := func(r *query.Request) { r.SQL = "EXECUTE p USING 'x'" }
	// It changes within one tick of the clock.
	for _, c := range []struct {
		text string
		runs int
	}{{"SELECT ? AS a", 1}, {"SELECT ? AS a", 0}, {"SELECT ? || 'y' AS a", 1}, {"SELECT ? AS a", 0}} {
		w.succeed("PREPARE p FROM " + c.text)
		if _, ran := w.again(execute); ran != c.runs {
			t.Errorf("%s ran %d times, not %d", c.text, ran, c.runs)
		}
		w.succeed("DEALLOCATE PREPARE p")
	}
}
